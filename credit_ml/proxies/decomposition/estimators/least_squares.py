"""Kitagawa-Oaxaca-Blinder by regression: scores priced by least squares, in five ways."""

from abc import abstractmethod
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from credit_ml.core import Dataset, TableError
from credit_ml.proxies.decomposition.components import Components, Pair, group_terms
from credit_ml.proxies.decomposition.estimators.design import checked_scores, numeric_design
from credit_ml.proxies.decomposition.estimators.estimator import GapComponents, Estimator, DecompositionTask
from credit_ml.proxies.decomposition.components import GAP, UNEXPLAINED
from credit_ml.proxies.decomposition.sources import OAXACA
from credit_ml.scoring import CrossFitted, display_name, score_function

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

#: Rows of a threefold decomposition that are no factor's.
COEFFICIENTS, INTERACTION = "(coefficients)", "(interaction)"
_JANN = (
    "Jann, B. (2008). The Blinder-Oaxaca decomposition for linear regression models. Stata "
    "Journal 8, 453-479."
)


@dataclass(frozen=True, kw_only=True, eq=False)
class Sample:
    """Scores and columns of both groups of one pair."""

    design: Array
    """Columns of everybody, shape (people, columns)."""
    scores: Array
    """Shape (people,)."""
    pair: Pair

    @property
    def shift(self) -> Array:
        """Difference of group means of each column."""
        mine, theirs = self.design[self.pair.inside], self.design[self.pair.outside]
        return np.asarray(mine.mean(axis=0) - theirs.mean(axis=0))

    def slopes(self, who: Mask, *, by_group: bool = False) -> tuple[Array, Array]:
        """Least-squares prices among some, and what each person adds to their error.

        Terms are ``(X'X)^-1 x_i e_i`` with the usual correction of degrees of freedom, so that
        intervals hold whether or not the spread is the same everywhere.

        Parameters
        ----------
        by_group : bool
            Whether each group has a level of its own.
        """
        blocks = [who & self.pair.inside, who & self.pair.outside] if by_group else [who]
        x, y = self.design[who], self.scores[who].copy()
        x = x.copy()
        for block in blocks:
            own = block[who]
            x[own] -= x[own].mean(axis=0)
            y[own] -= y[own].mean()
        # Scaling first keeps the pseudo-inverse's cut-off fair to columns in large units.
        scale = np.sqrt((x**2).sum(axis=0))
        scale[scale == 0] = 1.0
        inverse = np.linalg.pinv(x / scale) / scale[:, None]
        slope = inverse @ y
        freedom = len(y) - x.shape[1] - len(blocks)
        terms = np.zeros_like(self.design)
        error = (y - x @ slope) * np.sqrt(len(y) / freedom)
        terms[who] = inverse.T * error[:, None]
        return slope, terms


@dataclass(frozen=True, kw_only=True)
class LeastSquares(Estimator):
    """Differences of group means, priced by a regression of scores on columns.

    ``gap = sum_k price_k (mean x_k | group - mean x_k | reference) + (unexplained)``. The
    unexplained part is one number: by factor it depends on where each column's zero lies and on
    which category is left out, so by factor it is not identified.
    """

    assumes: ClassVar[str] = "scores are linear in the columns within each group"
    fails: ClassVar[str] = (
        "Scores given without a model are fitted by least squares in each group; (unexplained) is "
        "what the prices miss of the gap, and is not split by factor, for it is not identified."
    )
    cost: ClassVar[str] = "one regression a group"
    citations: ClassVar[tuple[str, ...]] = OAXACA
    needs: ClassVar[tuple[str, ...]] = ("model or scores",)

    @abstractmethod
    def prices(self, sample: Sample) -> tuple[Array, Array]:
        """Prices of columns and what each person adds to their error."""

    def decomposed(self, task: DecompositionTask) -> GapComponents:
        """Regress in every pair."""
        scores, rater, unit = _scores_of(task)
        design, owner = numeric_design(task.dataset)
        found = []
        for pair in task.pairs():
            check_sizes(task, pair, design.shape[1])
            sample = Sample(design=design, scores=scores, pair=pair)
            found.append((pair, self.components(sample, owner, tuple(task.dataset.factors))))
        return GapComponents(rater=rater, unit=unit, by_pair=tuple(found))

    def components(self, sample: Sample, owner: NDArray[np.str_], factors: tuple[str, ...]) -> Components:
        """Explained parts by factor, the rest in one piece."""
        explained, error = priced(sample, *self.prices(sample), owner, factors)
        gap, noise = _gap(sample)
        return _components(
            (*factors, UNEXPLAINED, GAP),
            [*explained, gap - explained.sum(), gap],
            [*error.T, noise - error.sum(axis=1), noise],
        )


@dataclass(frozen=True, kw_only=True)
class ReferencePrices(LeastSquares):
    """Priced by the reference group."""

    id: ClassVar[str] = "oaxaca_reference"
    title: ClassVar[str] = "Oaxaca-Blinder, reference group's prices"
    estimand: ClassVar[str] = (
        "difference of group means, priced by the reference group's least squares"
    )

    def prices(self, sample: Sample) -> tuple[Array, Array]:
        """Slopes in the reference group."""
        return sample.slopes(sample.pair.outside)


@dataclass(frozen=True, kw_only=True)
class GroupPrices(LeastSquares):
    """Priced by the group."""

    id: ClassVar[str] = "oaxaca_group"
    title: ClassVar[str] = "Oaxaca-Blinder, group's own prices"
    estimand: ClassVar[str] = "difference of group means, priced by the group's own least squares"

    def prices(self, sample: Sample) -> tuple[Array, Array]:
        """Slopes in the group."""
        return sample.slopes(sample.pair.inside)


@dataclass(frozen=True, kw_only=True)
class NeumarkPrices(LeastSquares):
    """Priced by both groups together, blind to who is in which."""

    id: ClassVar[str] = "oaxaca_neumark"
    title: ClassVar[str] = "Oaxaca-Blinder, pooled prices (Neumark)"
    estimand: ClassVar[str] = "difference of group means, priced by both groups' least squares"
    fails: ClassVar[str] = (
        "Pooled prices without a level for each group take part of the unexplained gap for a "
        "price, so too much seems explained. " + LeastSquares.fails
    )
    citations: ClassVar[tuple[str, ...]] = (
        *OAXACA,
        "Neumark, D. (1988). Employers' discriminatory behavior and the estimation of wage "
        "discrimination. Journal of Human Resources 23, 279-295.",
    )

    def prices(self, sample: Sample) -> tuple[Array, Array]:
        """Slopes in both groups together."""
        return sample.slopes(sample.pair.inside | sample.pair.outside)


@dataclass(frozen=True, kw_only=True)
class PooledPrices(LeastSquares):
    """Priced by both groups together, with a level for each."""

    id: ClassVar[str] = "oaxaca_pooled"
    title: ClassVar[str] = "Oaxaca-Blinder, pooled prices (Jann)"
    estimand: ClassVar[str] = (
        "difference of group means, priced by both groups' least squares with a level for each"
    )
    citations: ClassVar[tuple[str, ...]] = (*OAXACA, _JANN)

    def prices(self, sample: Sample) -> tuple[Array, Array]:
        """Slopes in both groups together, levels apart."""
        return sample.slopes(sample.pair.inside | sample.pair.outside, by_group=True)


@dataclass(frozen=True, kw_only=True)
class Threefold(ReferencePrices):
    """Endowments by factor at the reference's prices, coefficients, and their interaction."""

    id: ClassVar[str] = "oaxaca_threefold"
    title: ClassVar[str] = "Oaxaca-Blinder, threefold"
    estimand: ClassVar[str] = (
        "factors: endowments at the reference group's prices; (coefficients): other prices and "
        "level at the reference's endowments; (interaction): both at once"
    )
    citations: ClassVar[tuple[str, ...]] = (
        *OAXACA,
        "Daymont, T. N. and Andrisani, P. J. (1984). Job preferences, college major, and the "
        "gender gap in earnings. Journal of Human Resources 19, 408-428.",
    )

    def components(self, sample: Sample, owner: NDArray[np.str_], factors: tuple[str, ...]) -> Components:
        """Split what the reference's prices leave over."""
        slope, spread = self.prices(sample)
        own, own_spread = sample.slopes(sample.pair.inside)
        endowments, error = priced(sample, slope, spread, owner, factors)
        both, both_error = priced(sample, own - slope, own_spread - spread, owner, factors)
        gap, noise = _gap(sample)
        together, together_error = both.sum(), both_error.sum(axis=1)
        rest, rest_error = endowments.sum() + together, error.sum(axis=1) + together_error
        return _components(
            (*factors, COEFFICIENTS, INTERACTION, GAP),
            [*endowments, gap - rest, together, gap],
            [*error.T, noise - rest_error, together_error, noise],
        )


def priced(
    sample: Sample, slope: Array, spread: Array, owner: NDArray[np.str_], factors: tuple[str, ...]
) -> tuple[Array, Array]:
    """``price x shift`` summed by factor, and what each person adds to its error."""
    shift = sample.shift
    means = group_terms(sample.design, sample.pair.inside, sample.pair.outside)
    error = means * slope + spread * shift
    member = (owner[:, None] == np.array(factors)[None, :]).astype(np.float64)
    return (slope * shift) @ member, error @ member


def check_sizes(task: DecompositionTask, pair: Pair, columns: int) -> None:
    """Raise TableError where a group has too few people for its regression."""
    for who in (pair.inside, pair.outside):
        if who.sum() <= columns + 1:
            raise TableError(
                f"{task.dataset.name}, {task.sensitive}",
                f"has a group of {int(who.sum())} people for {columns} columns",
                "use fewer columns or larger groups",
            )


def _gap(sample: Sample) -> tuple[float, Array]:
    inside, outside = sample.pair.inside, sample.pair.outside
    gap = float(sample.scores[inside].mean() - sample.scores[outside].mean())
    return gap, group_terms(sample.scores[:, None], inside, outside)[:, 0]


def _components(names: tuple[str, ...], estimate: list[float], terms: list[Array]) -> Components:
    return Components(
        names=names,
        estimate=np.array(estimate, dtype=np.float64),
        terms=np.column_stack(terms),
        owner=np.arange(len(terms[0])),
    )


def _scores_of(task: DecompositionTask) -> tuple[Array, str, str]:
    dataset: Dataset = task.dataset
    if task.scores is not None:
        return checked_scores(task.scores, dataset), "given scores", "score"
    model = task.model
    if isinstance(model, CrossFitted):
        logs = task.output == "log_odds"
        found = model.log_odds if logs else model.probability
        series = pd.Series(found, index=dataset.X.index)
        return checked_scores(series, dataset), model.name, "log-odds" if logs else "probability"
    score = score_function(model, task.output)
    return score(dataset.X), display_name(model), score.unit
