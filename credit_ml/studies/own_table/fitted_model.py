"""A fitted model of the user's own, held against the table before any work is done."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from credit_ml.core import Array, CreditMLError, Dataset, ModelError
from credit_ml.core.tables.origin import names_read
from credit_ml.scoring import checked_threshold, display_name, score_function
from credit_ml.studies.own_table.spec import TableAudit


@dataclass(frozen=True, kw_only=True)
class FittedModel:
    """A model that fits a table: its columns are there, and it is known which way is good."""

    name: str
    rater: Any
    """What instruments ask: the model, or its score where the user says which way is good."""
    dataset: Dataset
    """The people with all that the model reads, what no factor holds as one more factor."""
    scores: Array
    """High when good for the person, shape (people,)."""
    unit: str

    @classmethod
    def of(cls, model: Any, dataset: Dataset, asked: TableAudit) -> "FittedModel":
        """Hold a model against a table: one call of it on everybody.

        Raises
        ------
        ModelError
            When it reads what is not there, has other classes, cannot score these people, or
            ranks them the other way round.
        InputError
            When the threshold is none of its scores.
        """
        direction: Any = asked.direction
        score = score_function(model, dataset=dataset, direction=direction)
        read, name = dataset.reading(model).held_as_factor(), display_name(model)
        try:
            scores = score(read.X)
        except CreditMLError:
            raise
        except Exception as error:
            said = _discreet(next(iter(str(error).splitlines()), ""), read.X.columns)
            problem = f"cannot score the people of {dataset.name} ({type(error).__name__}: {said})"
            remedy = "give the columns and values that it was fitted on"
            raise ModelError(name, problem, remedy) from error
        if asked.threshold is not None:
            checked_threshold(model, asked.threshold)
        rater = model if asked.direction is None else score
        return cls(name=name, rater=rater, dataset=read, scores=scores, unit=score.unit)


def read_by(
    model: Any, frame: pd.DataFrame, others: Sequence[str | None]
) -> Mapping[str, Sequence[str]] | None:
    """Return the columns that a model reads by name, one a factor; None where it knows no names.

    Examples
    --------
    >>> class Model:
    ...     feature_names_in_ = ["late", "sex"]
    >>> read_by(Model(), pd.DataFrame(columns=["late", "id", "sex"]), ["sex"])
    {'late': ['late']}
    """
    names = names_read(model, frame.columns) or []
    held = {str(name).removesuffix(" band") for name in others if name} | {*others}
    there = [name for name in names if name in frame.columns and name not in held]
    return {name: [name] for name in there} or None


def _discreet(text: str, columns: pd.Index) -> str:
    """Leave out what another library quotes of the table, unless it is a column's name."""
    return re.sub(r"'([^']*)'", lambda told: told[0] if told[1] in columns else "'...'", text)
