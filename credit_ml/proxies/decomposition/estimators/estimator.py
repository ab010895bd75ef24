"""What every estimator of a gap's parts declares, is asked and answers."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, ClassVar, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from credit_ml.core import Dataset, InputError, ModelError
from credit_ml.proxies.decomposition.attribute import Attributed, by_fold
from credit_ml.proxies.decomposition.components import Pair, Parts, group_terms, pairs
from credit_ml.proxies.decomposition.finding import GAP
from credit_ml.scoring import CrossFitted, Output

Array = NDArray[np.float64]
Kind = Literal["attribution", "intervention"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Question:
    """What `decompose` asks of an estimator."""

    model: Any
    """Rater, scikit-learn model, callable or CrossFitted; None where scores are given."""
    dataset: Dataset
    """People."""
    sensitive: str
    """Feature whose groups are compared."""
    output: Output = "score"
    """Which number of the model."""
    reference_group: str | None = None
    """The most numerous group by default."""
    attributions: Attributed | None = None
    """Made before by `attribute`."""
    scores: pd.Series | None = None
    """Given scores instead of a model."""
    seed: int = 0

    def pairs(self) -> Iterator[Pair]:
        """Each group with people beside the reference group."""
        return pairs(self.dataset, self.sensitive, self.reference_group)


@dataclass(frozen=True, kw_only=True, eq=False)
class Answer:
    """Parts of every pair's gap."""

    rater: str
    """Display name of the model."""
    unit: str
    """Unit of the parts."""
    parts: tuple[tuple[Pair, Parts], ...]
    """The row ``(gap)`` is the last of each."""


@dataclass(frozen=True, kw_only=True)
class Estimator(ABC):
    """One way to say what carries a gap without knowing the truth; its options are its fields."""

    id: ClassVar[str]
    title: ClassVar[str]
    estimand: ClassVar[str]
    """What it estimates, in one sentence."""
    assumes: ClassVar[str]
    """When that is what one wants to know."""
    fails: ClassVar[str]
    """When it misleads."""
    cost: ClassVar[str]
    citations: ClassVar[tuple[str, ...]]
    kind: ClassVar[Kind] = "attribution"
    """Parts of attributions sum to the gap; of interventions they do not, and are not rescaled."""
    needs: ClassVar[tuple[str, ...]] = ()
    """What it needs beside a model that can be called, such as "outcome"."""

    @property
    def note(self) -> str:
        """What a reader must know before believing it."""
        return self.fails

    def people(self, dataset: Dataset) -> Dataset:
        """Return the people whose gap is taken apart: everybody, unless a metric asks for some."""
        return dataset

    @abstractmethod
    def answer(self, asked: Question) -> Answer:
        """Take every pair's gap apart."""


class ByPerson(Estimator):
    """An estimator that attributes each person's score without knowing of groups."""

    @abstractmethod
    def attribute(self, model: Any, dataset: Dataset, asked: Question, seed: int) -> Attributed:
        """Attribute the scores of one fitted model."""

    def answer(self, asked: Question) -> Answer:
        """Differences of group means of the attributions."""
        refuse_given_scores(self, asked)
        if isinstance(asked.model, CrossFitted):
            found = by_fold(
                asked.model,
                asked.dataset,
                lambda model, part, fold: self.attribute(model, part, asked, asked.seed + fold),
            )
        else:
            found = self.attribute(asked.model, asked.dataset, asked, asked.seed)
        return Answer(
            rater=found.rater,
            unit=found.unit,
            parts=tuple((pair, self.parts(found, asked, pair)) for pair in asked.pairs()),
        )

    def parts(self, found: Attributed, asked: Question, pair: Pair) -> Parts:
        """Difference of means of every part, and of the score itself."""
        del asked
        values = np.column_stack([found.values, found.scores])
        mean = values[pair.inside].mean(axis=0) - values[pair.outside].mean(axis=0)
        return Parts(
            names=(*found.names, GAP),
            estimate=mean,
            terms=group_terms(values, pair.inside, pair.outside),
            owner=np.arange(len(values)),
            partner=found.references,
        )


def refuse_given_scores(estimator: Estimator, asked: Question) -> None:
    """Raise InputError where scores without a model are no answer to what is asked."""
    if asked.scores is not None:
        raise InputError(
            "scores", f"were given, and {estimator.id} asks a model",
            "give the model, or a method that takes scores, such as 'oaxaca_pooled'",
        )  # fmt: skip


def one_model(estimator: Estimator, asked: Question) -> Any:
    """Return the model, or raise ModelError where there is one a fold."""
    refuse_given_scores(estimator, asked)
    if isinstance(asked.model, CrossFitted):
        raise ModelError(
            asked.model.name, f"is several models, and {estimator.id} asks one",
            "give a model fitted once",
        )  # fmt: skip
    return asked.model


def by_factor(terms: pd.DataFrame, dataset: Dataset) -> Array:
    """Sum a table of columns within each factor, shape (people, factors)."""
    return np.column_stack(
        [
            terms[[c for c in columns if c in terms.columns]].sum(axis=1).to_numpy(dtype=np.float64)
            for columns in dataset.factors.values()
        ]
    )
