"""Kitagawa-Oaxaca-Blinder by regression: scores priced by least squares, in five ways."""

from abc import abstractmethod
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import ClassVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from credit_ml.core import Array, Mask, TableError
from credit_ml.core.errors import Remedy
from credit_ml.inference import Comparison, People
from credit_ml.proxies.decomposition.components import UNEXPLAINED, Components
from credit_ml.proxies.decomposition.estimators.design import checked_scores, numeric_design
from credit_ml.proxies.decomposition.estimators.estimator import Estimator, GapComponents, GapTask
from credit_ml.scoring import CrossFitted

#: Rows of a threefold decomposition that are no factor's.
COEFFICIENTS, INTERACTION = "(coefficients)", "(interaction)"
#: What each person adds to the error of prices, times weights of the columns.
Terms = Callable[[Array], Array]
_JANN = (
    "Jann, B. (2008). The Blinder-Oaxaca decomposition for linear regression models. Stata "
    "Journal 8, 453-479."
)


@dataclass(frozen=True, kw_only=True, eq=False)
class RegressionSample:
    """Scores and columns of both groups of one pair."""

    design: Array
    """Columns of everybody, shape (people, columns)."""
    scores: Array
    """Shape (people,)."""
    pair: Comparison
    people: People

    @cached_property
    def sides(self) -> Array:
        """Weights of those of the group, and of the reference group, shape (2, people)."""
        return np.stack([self.pair.inside, self.pair.outside]) * self.people.each

    def pull(self, values: Array) -> Array:
        """How far each person moves the difference of group means of values, (people, ...)."""
        moved = _centred(values, self.sides).T
        moved *= (np.array([1.0, -1.0]) / self.sides.sum(axis=1)) @ self.sides
        return np.asarray(moved.T)

    @cached_property
    def shift(self) -> Array:
        """Difference of group means of each column."""
        mine, theirs = (self.sides @ self.design) / self.sides.sum(axis=1)[:, None]
        return np.asarray(mine - theirs)

    def slopes(self, who: Mask, *, by_group: bool = False) -> tuple[Array, Terms]:
        """Least-squares prices among some, and what each person adds to their error.

        Terms are ``(X'X)^-1 x_i e_i`` with the usual correction of degrees of freedom, so that
        intervals hold whether or not the spread is the same everywhere; with weights w_i they are
        ``(X'WX)^-1 w_i x_i e_i``, as in a regression of survey data. They are given times weights
        of the columns, shape (columns, numbers), for a table may be long.

        Parameters
        ----------
        by_group : bool
            Whether each group has a level of its own.
        """
        blocks = self.sides * who if by_group else (self.people.each * who)[None]
        # Weighted least squares are those of rows times the root of the weight; who is not among
        # them stands at 0, and neither moves a price nor is moved by one.
        root = np.sqrt(self.people.each) * who
        x, y = (_centred(values, blocks) for values in (self.design, self.scores))
        x *= root[:, np.newaxis]
        y *= root
        # Scaling first keeps the pseudo-inverse's cut-off fair to columns in large units.
        scale = np.sqrt(np.einsum("ij,ij->j", x, x))
        scale[scale == 0] = 1.0
        x /= scale
        inverse = _inverse_square(x)
        slope = inverse @ (x.T @ y)
        slope += inverse @ (x.T @ (y - x @ slope))  # what rounding has left
        number = int(who.sum())
        freedom = number - x.shape[1] - len(blocks)
        error = (y - x @ slope) * np.sqrt((number - 1) / freedom)
        scaled = inverse / scale[:, None]
        return slope / scale, lambda weights: (((weights.T @ scaled) @ x.T) * error).T


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
    def priced_by(self, pair: Comparison) -> Mask:
        """Among whom prices are found."""

    def regressed(self, pair: Comparison) -> tuple[Mask, ...]:
        """Return who is in a regression of their own."""
        return (self.priced_by(pair),)

    def prices(self, sample: RegressionSample) -> tuple[Array, Terms]:
        """Prices of columns and what each person adds to their error."""
        return sample.slopes(self.priced_by(sample.pair), by_group=self.by_group)

    def decomposed(self, task: GapTask) -> GapComponents:
        """Regress in every pair."""
        scores, rater, unit = _scores_of(task)
        design, owner = numeric_design(task.dataset)
        # Of a long table a column that lies together is passed over three times as fast.
        design = np.asfortranarray(design)

        def components(pair: Comparison) -> Components:
            check_sizes(task, self.regressed(pair), owner)
            sample = RegressionSample(design=design, scores=scores, pair=pair, people=task.people)
            return self.components(sample, owner, tuple(task.dataset.factors))

        return task.answer(rater, unit, components)

    def components(
        self, sample: RegressionSample, owner: NDArray[np.str_], factors: tuple[str, ...]
    ) -> Components:
        """Explained components by factor, the rest in one piece."""
        explained, error = priced(sample, *self.prices(sample), owner, factors)
        return _and_rest(sample, factors, explained, error, UNEXPLAINED)


class ReferencePrices(LeastSquares):
    """Priced by the reference group."""

    id: ClassVar[str] = "oaxaca_reference"

    def priced_by(self, pair: Comparison) -> Mask:
        """Return the reference group."""
        return pair.outside


class GroupPrices(LeastSquares):
    """Priced by the group."""

    id: ClassVar[str] = "oaxaca_group"

    def priced_by(self, pair: Comparison) -> Mask:
        """Return the group."""
        return pair.inside


class NeumarkPrices(LeastSquares):
    """Priced by both groups together, blind to who is in which."""

    id: ClassVar[str] = "oaxaca_neumark"

    def priced_by(self, pair: Comparison) -> Mask:
        """Return both groups."""
        return pair.inside | pair.outside


class PooledPrices(LeastSquares):
    """Priced by both groups together, with a level for each."""

    id: ClassVar[str] = "oaxaca_pooled"
    by_group: ClassVar[bool] = True

    def priced_by(self, pair: Comparison) -> Mask:
        """Return both groups."""
        return pair.inside | pair.outside


class Threefold(ReferencePrices):
    """Endowments by factor at the reference's prices, coefficients, and their interaction."""

    id: ClassVar[str] = "oaxaca_threefold"

    def regressed(self, pair: Comparison) -> tuple[Mask, ...]:
        """Return each group: the prices of both are held against each other."""
        return pair.inside, pair.outside

    def components(
        self, sample: RegressionSample, owner: NDArray[np.str_], factors: tuple[str, ...]
    ) -> Components:
        """Split what the reference's prices leave over."""
        slope, spread = self.prices(sample)
        own, own_spread = sample.slopes(sample.pair.inside)
        endowments, error = priced(sample, slope, spread, owner, factors)
        both, both_error = priced(
            sample, own - slope, lambda each: own_spread(each) - spread(each), owner, factors
        )
        explained = np.append(endowments, both.sum())
        errors = np.column_stack([error, both_error.sum(axis=1)])
        return _and_rest(sample, (*factors, INTERACTION), explained, errors, COEFFICIENTS)


def priced(
    sample: RegressionSample,
    slope: Array,
    spread: Terms,
    owner: NDArray[np.str_],
    factors: tuple[str, ...],
) -> tuple[Array, Array]:
    """``price x shift`` summed by factor, and what each person adds to its error."""
    shift, member = sample.shift, (owner[:, None] == np.array(factors)[None, :]).astype(np.float64)
    error = sample.pull(((slope * member.T) @ sample.design.T).T)
    error += spread(shift[:, None] * member)
    return (slope * shift) @ member, error


def _inverse_square(x: Array) -> Array:
    """Pseudo-inverse of ``X'X``, shape (columns, columns), by the triangle of X alone."""
    triangle = np.asarray(np.linalg.qr(x, mode="r"))
    turned, spread, _ = np.linalg.svd(triangle.T)
    kept = spread > 1e-13 * spread.max(initial=0.0)
    turned = turned[:, : len(spread)][:, kept] / spread[kept]
    return np.asarray(turned @ turned.T)


def _centred(values: Array, blocks: Array) -> Array:
    """Values less the mean of each block's people, and as they are in none; (blocks, people)."""
    means = (blocks @ values).T / blocks.sum(axis=1)
    centred = means @ (blocks > 0).astype(np.float64)
    # A long table has no second copy.
    return np.asarray(np.subtract(values.T, centred, out=centred).T)


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
    sample: RegressionSample, names: tuple[str, ...], explained: Array, error: Array, rest: str
) -> Components:
    """Components that are priced, and what they leave of the gap under one more name."""
    people, pair = sample.people, sample.pair
    total = pair.difference(people.mean, sample.scores)
    value = np.append(explained, float(total) - explained.sum())
    left = sample.pull(sample.scores) - error @ np.ones(len(explained))
    estimate = people.from_influence(
        value, np.vstack([error.T, left]).T, parts=(pair.inside, pair.outside)
    )
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
