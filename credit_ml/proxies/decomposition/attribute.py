"""Per-person attributions by factor, of any model, so that gaps are differences of means."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from credit_ml.core import Array, Dataset, InputError, ModelError, Rows, Streams
from credit_ml.explanation import background_rows, check_fitted_on, factor_attributions
from credit_ml.proxies.decomposition.components import FOLDS
from credit_ml.scoring import CrossFitted, Output, ScoreFunction, score_function

#: Where people are fewer than this, so many others stand in for each, one after the other, unless
#: the caller says how many: with one, who that is would say as much of a component as people do.
FEW_PEOPLE, REFERENCES = 1_000, 10


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
    """Position of the person who stood in for what a coalition leaves out, shape (people,), or
    (references, people) where several did; None when nobody was needed."""
    draws: Array | None = None
    """Values by reference where there are several, or by pair of random orders where everybody's
    coalitions are those of the same few: shape (draws, people, components)."""

    def __repr__(self) -> str:
        size = f"{len(self.scores):,} people; {len(self.names)} components in {self.unit}"
        return f"Attributions({self.rater}: {size})"

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

    @classmethod
    def against_others(
        cls,
        score: ScoreFunction,
        dataset: Dataset,
        *,
        references: int,
        seed: int,
        of: Callable[..., Array] | None = None,
        rest: str = "",
    ) -> "Attributions":
        """Block Shapley values, others of the table standing in; of another score `of`, if named.

        Raises
        ------
        InputError
            When there is less than one reference a person.
        """
        problem = f"is {references}"
        InputError.unless(references >= 1, "references", problem, "give at least 1")
        streams, weights, draws, rings = Streams(seed), dataset.relative_weights(), [], []
        for number in range(references):
            # The first is drawn as the only one would be.
            own = streams.seed_for(f"explanation.reference {number}") if number else seed
            counted: dict[str, Any] = {"weights": weights, "seed": own}
            draws.append(factor_attributions(of or score, dataset.X, dataset.factors, **counted))
            rings.append(background_rows(len(dataset), **counted))
        if references == 1:
            return cls.of(score, dataset, draws[0], rest=rest, references=rings[0])
        several = cls.of(score, dataset, np.mean(draws, axis=0), rest=rest)
        return replace(several, references=np.array(rings)).with_draws(np.array(draws))

    def with_draws(self, draws: Array) -> "Attributions":
        """The same, with values by draw; what a draw leaves of the score is its last component."""
        left = len(self.names) - draws.shape[2]
        if left:
            rest = self.scores - draws.sum(axis=2)
            draws = np.concatenate([draws, rest[:, :, None]], axis=2)
        return replace(self, draws=draws)


def references_of(people: int, asked: int | None = None) -> int:
    """Return how many others stand in for each of so many people, where nobody says.

    Examples
    --------
    >>> references_of(999), references_of(1_000), references_of(999, 3)
    (10, 1, 3)
    """
    if asked is not None:
        return asked
    return REFERENCES if people < FEW_PEOPLE else 1


def attribute(
    model: Any,
    dataset: Dataset,
    *,
    output: Output = "score",
    references: int | None = None,
    seed: int = 0,
) -> Attributions:
    """Attribute every person's score to factors, by the model that did not see the person.

    Where people have weights, who stands in for what a coalition leaves out is drawn by them.
    Compute it once and give it to `decompose` in the model's place, for each sensitive feature.

    Cost: 2**K model calls on all people, times `references`.

    Parameters
    ----------
    model : rater, scikit-learn model, callable or CrossFitted
    dataset : Dataset
    output : {"score", "log_odds", "probability"}
    references : int, optional
        People who stand in for what a coalition leaves out of each person, one after the other;
        the part of the error that hangs on who they are falls as 1 / references. By default 10
        in a table of fewer than 1,000 people, else 1.
    seed : int
        Of who stands in.

    Raises
    ------
    ModelError, TableError, InputError
        When the model cannot be asked, a CrossFitted belongs to another table, or there is less
        than one reference.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"late": [0.0, 1.0, 5.0], "sex": ["f", "m", "m"]})
    >>> data = Dataset.from_frame(table, target=None, sensitive=["sex"])
    >>> attribute(lambda X: -10.0 * X["late"], data).values[:, 0].tolist()
    [20.0, 10.0, -30.0]
    """
    often = references_of(len(dataset), references)
    if not isinstance(model, CrossFitted):
        score = score_function(model, output, dataset=dataset)
        return Attributions.against_others(score, dataset, references=often, seed=seed)

    def one(fold: Any, part: Dataset, number: int) -> Attributions:
        told: dict[str, Any] = {"output": output, "references": often}
        return attribute(fold, part, seed=seed + number, **told)

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
        several = [fold.rows[part.references] for fold, part in pairs]
        partners = np.concatenate(several, axis=-1)[..., order]
    joined = Attributions(
        names=(*found[0].names, FOLDS),
        values=np.column_stack([values, scores - values.sum(axis=1)]),
        scores=scores,
        unit=found[0].unit,
        rater=model.name,
        references=partners,
    )
    if found[0].draws is None:
        return joined
    return joined.with_draws(np.concatenate([part.draws for part in found], axis=1)[:, order])


def checked(attributed: Attributions, dataset: Dataset) -> Attributions:
    """Return attributions of as many people as the dataset has, else raise ModelError."""
    number = len(attributed.values)
    problem = f"are of {number} people, the table of {len(dataset)}"
    ModelError.unless(number == len(dataset), "attributions", problem, "give those of this table")
    return attributed
