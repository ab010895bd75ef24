"""Per-person attributions by factor, of any model, so that gaps are differences of means."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from credit_ml.core import Array, Dataset, ModelError, Rows
from credit_ml.explanation import background_rows, check_fitted_on, factor_attributions
from credit_ml.proxies.decomposition.components import FOLDS
from credit_ml.scoring import CrossFitted, Output, ScoreFunction, score_function


@dataclass(frozen=True, kw_only=True)
class Attributions:
    """What each factor adds to each person's score; rows sum to ``scores - base``.

    Examples
    --------
    >>> values, scores = np.array([[-1.0], [1.0]]), np.array([3.0, 5.0])
    >>> made = Attributions(names=("late",), values=values, scores=scores, unit="points", rater="c")
    >>> (made.scores - made.values.sum(axis=1)).tolist()
    [4.0, 4.0]
    """

    names: tuple[str, ...]
    """Factors, and "(folds)" where models of several folds have unequal bases."""
    values: Array
    """Shape (people, components)."""
    scores: Array
    """Shape (people,)."""
    unit: str
    """Unit of the scores."""
    rater: str
    """Display name of the model."""
    references: Rows | None = None
    """Position of the person who stood in for what a coalition leaves out, shape (people,);
    None when nobody was needed."""

    @classmethod
    def of(
        cls,
        score: ScoreFunction,
        dataset: Dataset,
        values: Array,
        *,
        rest: str = "",
        references: Rows | None = None,
    ) -> "Attributions":
        """Attributions of one model's scores; what they leave of them becomes `rest`, if named."""
        scores, names = score(dataset.X), tuple(dataset.factors)
        if rest:
            names = (*names, rest)
            values = np.column_stack([values, scores - values.sum(axis=1)])
        whose: dict[str, Any] = {"unit": score.unit, "rater": score.name, "references": references}
        return cls(names=names, values=values, scores=scores, **whose)


def attribute(
    model: Any, dataset: Dataset, *, output: Output = "score", seed: int = 0
) -> Attributions:
    """Attribute every person's score to factors, by the model that did not see the person.

    Where people have weights, who stands in for what a coalition leaves out is drawn by them.
    Compute it once and give it to `decompose` in the model's place, for each sensitive feature.

    Cost: 2**K model calls on all people.

    Raises
    ------
    ModelError, TableError
        When the model cannot be asked, or a CrossFitted belongs to another table.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"late": [0.0, 1.0, 5.0], "sex": ["f", "m", "m"]})
    >>> data = Dataset.from_frame(table, target=None, sensitive=["sex"])
    >>> attribute(lambda X: -10.0 * X["late"], data).values[:, 0].tolist()
    [20.0, 10.0, -30.0]
    """
    if not isinstance(model, CrossFitted):
        score = score_function(model, output, dataset=dataset)
        counted: dict[str, Any] = {"weights": dataset.relative_weights(), "seed": seed}
        values = factor_attributions(score, dataset.X, dataset.factors, **counted)
        ring = background_rows(len(dataset), **counted)
        return Attributions.of(score, dataset, values, references=ring)

    def one(fold: Any, part: Dataset, number: int) -> Attributions:
        return attribute(fold, part, output=output, seed=seed + number)

    return by_fold(model, dataset, one)


def by_fold(
    model: CrossFitted, dataset: Dataset, one: Callable[[Any, Dataset, int], Attributions]
) -> Attributions:
    """Attribute each fold's people by the model that did not see them.

    What a fold's attributions leave of the score is the fold's own base; it is a component of
    its own, "(folds)", so that sums stay exact when groups are spread unevenly over folds.

    Raises
    ------
    TableError
        When the model was fitted on another table.
    """
    check_fitted_on(model, dataset)
    rows = np.concatenate([fold.rows for fold in model.folds])
    found = [
        one(fold.model, dataset.take(fold.rows), number) for number, fold in enumerate(model.folds)
    ]
    order = np.argsort(rows)
    values = np.concatenate([part.values for part in found])[order]
    scores = np.concatenate([part.scores for part in found])[order]
    partners = None
    if all(part.references is not None for part in found):
        pairs = zip(model.folds, found, strict=True)
        partners = np.concatenate([fold.rows[part.references] for fold, part in pairs])[order]
    return Attributions(
        names=(*found[0].names, FOLDS),
        values=np.column_stack([values, scores - values.sum(axis=1)]),
        scores=scores,
        unit=found[0].unit,
        rater=model.name,
        references=partners,
    )


def checked(attributed: Attributions, dataset: Dataset) -> Attributions:
    """Return attributions of as many people as the dataset has, else raise ModelError."""
    number = len(attributed.values)
    problem = f"are of {number} people, the table of {len(dataset)}"
    ModelError.unless(number == len(dataset), "attributions", problem, "give those of this table")
    return attributed
