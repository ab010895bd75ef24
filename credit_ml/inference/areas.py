"""The area under the ROC curve with each person's share in it, in a sort or two."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from credit_ml.core.tables.arrays import Array, Mask, Rows

#: So many cells are summed one by one.
FEW_CELLS = 100


@dataclass(frozen=True, eq=False)
class RankedPeople:
    """People in the order of a number, within cells: of a score in each group, or each cluster.

    Examples
    --------
    >>> RankedPeople.of([3.0, 5.0, 5.0, 4.0]).below(np.ones(4)).tolist()
    [0.5, 3.0, 3.0, 1.5]
    """

    places: Rows
    """Each one's among the different numbers, from 0, one cell's after those of another."""
    order: Rows = field(repr=False)
    """People by place."""
    cells: Rows | None = field(default=None, repr=False)
    """Each one's cell, from 0; None where all are in one."""
    size: int = 1
    """Number of cells."""

    @classmethod
    def of(cls, values: ArrayLike) -> Self:
        """Everybody in one cell."""
        numbers = np.asarray(values)
        order = np.argsort(numbers)
        ordered = numbers[order]
        return cls(_places(order, ordered[1:] != ordered[:-1]), order)

    def within(self, cells: Rows, size: int) -> Self:
        """The same order within each of so many cells."""
        # Small numbers are sorted in linear time.
        by_place = cells[self.order].astype(np.uint16 if size < 2**16 else np.int64)
        there = np.argsort(by_place, kind="stable")
        order, own = self.order[there], by_place[there]
        places = self.places[order]
        apart = (places[1:] != places[:-1]) | (own[1:] != own[:-1])
        return type(self)(_places(order, apart), order, cells, size)

    def below(self, weights: Array) -> Array:
        """Weight of those of the own cell who are lower, and half of that of those alike."""
        at = np.bincount(self.places, weights)
        if self.cells is not None and self.size <= FEW_CELLS:
            # Each by itself: in the sum over all cells, one of little weight would drown.
            upto = np.concatenate([np.cumsum(part) for part in np.split(at, self._ends[:-1])])
            return np.asarray((upto - at / 2)[self.places])
        under: Array = (np.cumsum(at) - at / 2)[self.places]
        if self.cells is None:
            return under
        whole = self.sums(weights)
        return np.asarray(under - self.of_own(np.cumsum(whole) - whole))

    def sums(self, weights: NDArray[Any]) -> Array:
        """Sum of weights in each cell."""
        if self.cells is None:
            return np.asarray(weights.sum())[np.newaxis]
        return np.asarray(np.bincount(self.cells, weights, self.size), dtype="float64")

    def of_own(self, values: NDArray[Any]) -> NDArray[Any]:
        """Value of each one's own cell."""
        return np.asarray(values[0] if self.cells is None else values[self.cells])

    @cached_property
    def _ends(self) -> Rows:
        """Number of places up to the end of each cell."""
        last = np.full(self.size, -1)
        np.maximum.at(last, np.asarray(self.cells), self.places)
        return np.asarray(np.maximum.accumulate(last) + 1)


def _places(order: Rows, apart: Mask) -> Rows:
    """Places of people in an order, of whom some are apart from the one before."""
    places = np.zeros(len(order), dtype=np.intp)
    places[order[1:]] = np.cumsum(apart)
    return places


@dataclass(frozen=True, eq=False)
class Areas:
    """Areas under the curves of cells, and what moves them; NaN where a side of one is empty.

    Examples
    --------
    >>> kept = np.array([0.0, 1.0, 0.0, 1.0])
    >>> Areas(RankedPeople.of([1, 2, 3, 4]), kept, 1 - kept).value.tolist()
    [0.75]
    """

    ranked: RankedPeople
    kept: Array
    """Each person's weight as one who kept: 0 or 1, a chance, or either times a survey weight."""
    broke: Array
    """Each person's weight as one who did not."""

    @cached_property
    def value(self) -> Array:
        """Area of each cell."""
        above, below = self._totals
        beaten = self._beaten / self.ranked.of_own(below)
        return np.asarray(self.ranked.sums(self.kept * beaten) / above)

    def influence(self) -> Array:
        """What each person contributes to the error of the own cell's area.

        The placements of DeLong et al. (1988), scaled so that their squares sum to his variance;
        0 where one side is one person, for then its spread is unknown.
        """
        ranked, (above, below) = self.ranked, self._totals
        middle = ranked.of_own(self.value)
        grown = [
            _grown(total, ranked.sums(side * side))
            for total, side in ((above, self.kept), (below, self.broke))
        ]
        known = (grown[0] > 0) & (grown[1] > 0)
        scale = [
            ranked.of_own(np.where(known, each / total, 0.0))
            for each, total in zip(grown, (above, below), strict=True)
        ]
        # Of an empty side there is nothing that could move.
        middle, above, below = (np.nan_to_num(each, nan=1.0) for each in (middle, above, below))
        pull = scale[0] * self.kept * (self._beaten / ranked.of_own(below) - middle)
        pull += scale[1] * self.broke * (1 - self._beats / ranked.of_own(above) - middle)
        return np.asarray(pull)

    def left_out(self, clusters: Rows, size: int) -> Array:
        """How far each cell's area moves when each cluster is left out, exactly: (size, cells).

        Pairs with either end in the cluster go, those with both ends in it once only: they are
        counted by a sort within the clusters.
        """
        ranked, area, (above, below) = self.ranked, self.value, self._totals
        apart = clusters if ranked.cells is None else clusters * ranked.size + ranked.cells
        own = ranked.within(apart, size * ranked.size)
        gone = self.kept * (self._beaten - own.below(self.broke))
        gone += self.broke * (ranked.of_own(above) - self._beats)
        lost, kept, broke = (
            own.sums(each).reshape(size, ranked.size) for each in (gone, self.kept, self.broke)
        )
        pairs = (above - kept) * (below - broke)
        left = np.array(np.broadcast_to(area, pairs.shape))
        np.divide(area * above * below - lost, pairs, out=left, where=pairs > 1e-9)
        return np.nan_to_num(left - area)

    @cached_property
    def _beaten(self) -> Array:
        """Weight of those who did not keep and are lower."""
        return self.ranked.below(self.broke)

    @cached_property
    def _beats(self) -> Array:
        """Weight of those who kept and are lower."""
        return self.ranked.below(self.kept)

    @cached_property
    def _totals(self) -> tuple[Array, Array]:
        """Weight of those who kept in each cell, and of the others; NaN where a side is empty."""
        above, below = self.ranked.sums(self.kept), self.ranked.sums(self.broke)
        both = (above > 0) & (below > 0)
        return np.where(both, above, np.nan), np.where(both, below, np.nan)


def _grown(total: Array, squares: Array) -> Array:
    """Root of n / (n - 1), n the people that the weights are worth (Kish); 0 of one person."""
    worth = total**2 / squares
    several = worth > 1 + 1e-9
    return np.where(several, np.sqrt(worth / np.where(several, worth - 1, 1.0)), 0.0)
