"""Kitagawa-Oaxaca-Blinder by regression: scores priced by least squares, in five ways."""

from abc import abstractmethod
from collections.abc import Iterable
from typing import ClassVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from credit_ml.core import Array, Mask, TableError
from credit_ml.core.errors import Remedy
from credit_ml.inference import Comparison
from credit_ml.proxies.decomposition.components import UNEXPLAINED, Components
from credit_ml.proxies.decomposition.estimators.design import checked_scores, numeric_design
from credit_ml.proxies.decomposition.estimators.estimator import Estimator, GapComponents, GapTask
from credit_ml.proxies.decomposition.estimators.regression import Regression
from credit_ml.scoring import CrossFitted

#: Rows of a threefold decomposition that are no factor's.
COEFFICIENTS, INTERACTION = "(coefficients)", "(interaction)"


class LeastSquares(Estimator):
    """Differences of group means, priced by a regression of scores on columns.

    ``gap = sum_k price_k (mean x_k | group - mean x_k | reference) + (unexplained)``. The
    unexplained part is one number: by factor it depends on where each column's zero lies and on
    which category is left out, so by factor it is not identified.
    """

    needs: ClassVar[tuple[str, ...]] = ("model or scores",)
    weighted: ClassVar[bool] = True
    by_group: ClassVar[bool] = False
    """Whether each group has a level of its own where both are priced together."""

    @abstractmethod
    def blocks(self, pair: Comparison) -> tuple[Mask, ...]:
        """Among whom prices are found: in each block with a level of its own."""

    def regressed(self, pair: Comparison) -> tuple[Mask, ...]:
        """Return who is in a regression of their own."""
        return (np.any(self.blocks(pair), axis=0),)

    def decomposed(self, task: GapTask) -> GapComponents:
        """Regress in every pair."""
        scores, rater, unit = _scores_of(task)
        design = numeric_design(task.dataset)
        regression = Regression(design=design, scores=scores, people=task.people)
        factors = tuple(task.dataset.factors)

        def components(pair: Comparison) -> Components:
            check_sizes(task, self.regressed(pair), design.owner)
            return self.components(regression, pair, factors)

        return task.answer(rater, unit, components)

    def components(
        self, regression: Regression, pair: Comparison, factors: tuple[str, ...]
    ) -> Components:
        """Explained components by factor, the rest in one piece."""
        prices, shift = regression.prices(*self.blocks(pair)), regression.shift(pair)
        own = _members(regression, factors)
        slopes = prices.slope[:, np.newaxis] * own
        error = regression.influence(pair, slopes, (prices, shift[:, np.newaxis] * own))
        return _and_rest(regression, pair, factors, shift @ slopes, error, UNEXPLAINED)


class ReferencePrices(LeastSquares):
    """Priced by the reference group."""

    id: ClassVar[str] = "oaxaca_reference"

    def blocks(self, pair: Comparison) -> tuple[Mask, ...]:
        """Return the reference group."""
        return (pair.outside,)


class GroupPrices(LeastSquares):
    """Priced by the group."""

    id: ClassVar[str] = "oaxaca_group"

    def blocks(self, pair: Comparison) -> tuple[Mask, ...]:
        """Return the group."""
        return (pair.inside,)


class NeumarkPrices(LeastSquares):
    """Priced by both groups together, blind to who is in which."""

    id: ClassVar[str] = "oaxaca_neumark"

    def blocks(self, pair: Comparison) -> tuple[Mask, ...]:
        """Return both groups as one."""
        return (pair.inside | pair.outside,)


class PooledPrices(LeastSquares):
    """Priced by both groups together, with a level for each."""

    id: ClassVar[str] = "oaxaca_pooled"

    def blocks(self, pair: Comparison) -> tuple[Mask, ...]:
        """Return both groups."""
        return pair.inside, pair.outside


class Threefold(ReferencePrices):
    """Endowments by factor at the reference's prices, coefficients, and their interaction."""

    id: ClassVar[str] = "oaxaca_threefold"

    def regressed(self, pair: Comparison) -> tuple[Mask, ...]:
        """Return each group: the prices of both are held against each other."""
        return pair.inside, pair.outside

    def components(
        self, regression: Regression, pair: Comparison, factors: tuple[str, ...]
    ) -> Components:
        """Split what the reference's prices leave over."""
        theirs, mine = (regression.prices(side) for side in (pair.outside, pair.inside))
        shift, own = regression.shift(pair), _members(regression, factors)
        apart = (mine.slope - theirs.slope)[:, np.newaxis]
        slopes = np.hstack([theirs.slope[:, np.newaxis] * own, apart])
        moved, nothing = shift[:, np.newaxis], np.zeros_like(own)
        error = regression.influence(
            pair,
            slopes,
            (theirs, np.hstack([moved * own, -moved])),
            (mine, np.hstack([nothing, moved])),
        )
        names = (*factors, INTERACTION)
        return _and_rest(regression, pair, names, shift @ slopes, error, COEFFICIENTS)


def _members(regression: Regression, factors: tuple[str, ...]) -> Array:
    """Which columns are each factor's, shape (columns, factors)."""
    owner = regression.design.owner
    return np.asarray(owner[:, np.newaxis] == np.array(factors), dtype="float64")


def check_sizes(task: GapTask, regressed: Iterable[Mask], owner: NDArray[np.str_]) -> None:
    """Raise TableError where too few people are in a regression on so many columns."""
    names, counts = np.unique(owner, return_counts=True)
    for who in regressed:
        if who.sum() > len(owner) + 2:
            continue
        widest = str(names[counts.argmax()])
        problem = f"has a group of {int(who.sum())} people for a regression on {len(owner)} columns"
        if counts.max() > 1:
            problem += f", of which factor '{widest}' makes {counts.max()}"
        remedy = Remedy(
            "leave out or join columns, or take larger groups",
            f"leave out or join columns, such as --without '{widest}', or take larger groups",
        )
        raise TableError(f"{task.dataset.name}, {task.sensitive}", problem, remedy)


def _and_rest(
    regression: Regression,
    pair: Comparison,
    names: tuple[str, ...],
    explained: Array,
    error: Array,
    rest: str,
) -> Components:
    """Components that are priced, and what they leave of the gap under one more name."""
    people = regression.people
    total = pair.difference(people.mean, regression.scores)
    value = np.append(explained, float(total) - explained.sum())
    estimate = people.from_influence(value, error.T, parts=(pair.inside, pair.outside))
    return Components(names=(*names, rest), estimate=estimate, total=total)


def _scores_of(task: GapTask) -> tuple[Array, str, str]:
    """Scores of everybody, who gave them, and their unit."""
    dataset, model, name, unit = task.dataset, task.model, "given scores", "score"
    if isinstance(model, CrossFitted):
        name, unit = model.name, "log-odds" if task.output == "log_odds" else "probability"
        held = model.log_odds if unit == "log-odds" else model.probability
        model = pd.Series(held, index=dataset.X.index)
    if isinstance(model, pd.Series):
        return checked_scores(model, dataset), name, unit
    score = task.score(model)
    return score(dataset.X), score.name, score.unit
