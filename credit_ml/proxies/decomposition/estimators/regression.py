"""Least squares of a long table, a block of people at a time, and what each adds to the error."""

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, TypeVar

import numpy as np

from credit_ml.core import Array, Mask, Rows
from credit_ml.core.cores import cores
from credit_ml.inference import Comparison, People
from credit_ml.proxies.decomposition.estimators.design import NumericDesign

#: Numbers of a block, so that what is worked on stays near the processor.
BLOCK = 2**16
#: People from whom on all processors work on blocks.
LONG = 2**18
_Made = TypeVar("_Made")


@dataclass(frozen=True, kw_only=True, eq=False)
class Prices:
    """Least-squares prices among some, and what each person adds to their error."""

    slope: Array
    """Price of each column, shape (columns,)."""
    inverse: Array
    """``(X'WX)^-1`` of the centred columns, shape (columns, columns)."""
    blocks: tuple[Mask, ...]
    """Those with a level of their own, each shape (people,)."""
    centres: Array
    """Means of columns, and last of scores, in each block, shape (columns + 1, blocks)."""
    growth: float
    """The usual correction of degrees of freedom."""

    def terms(self, centred: Array, weights: Array) -> Array:
        """``(X'WX)^-1 x_i e_i`` times weights of the columns, shape (numbers, rows).

        They hold whether or not the spread is the same everywhere.

        Parameters
        ----------
        centred : ndarray of shape (columns + 1, rows)
            Columns and scores of some people, as `Regression.centred` gives them.
        weights : ndarray of shape (columns, numbers)
        """
        x, y = centred[:-1], centred[-1]
        return np.asarray(((weights.T @ self.inverse) @ x) * ((y - self.slope @ x) * self.growth))


@dataclass(frozen=True, kw_only=True, eq=False)
class Regression:
    """Scores and columns of everybody; what several pairs of groups ask is computed once."""

    design: NumericDesign
    scores: Array
    """Shape (people,)."""
    people: People
    kept: dict[tuple[Any, ...], Any] = field(default_factory=dict, repr=False)

    def means(self, who: Mask) -> Array:
        """Weighted means of columns, and last of scores, of some, shape (columns + 1,)."""

        def made() -> Array:
            rows = np.flatnonzero(who)
            own = self.people.each[rows]
            score = own @ self.scores[rows] / own.sum()
            return np.append(self.design.means(rows, own), score)

        return self._once("means", (who,), made)

    def shift(self, pair: Comparison) -> Array:
        """Difference of group means of each column, shape (columns,)."""
        return np.asarray(self.means(pair.inside) - self.means(pair.outside))[:-1]

    def prices(self, *blocks: Mask) -> Prices:
        """Least-squares prices among those of some blocks, each of which has its own level.

        With weights w they are those of ``sum w (y - x b)^2``, as in a regression of survey data.
        """
        return self._once("prices", blocks, lambda: self._priced(blocks))

    def _priced(self, blocks: tuple[Mask, ...]) -> Prices:
        centres = np.stack([self.means(block) for block in blocks], axis=1)
        rows = np.flatnonzero(np.any(blocks, axis=0))
        columns = len(self.design.owner)

        def triangle(some: Rows) -> Array:
            both = self._centred(some, blocks, centres) * np.sqrt(self.people.each[some])
            return np.asarray(np.linalg.qr(both.T, mode="r"))

        whole = np.vstack(list(self.in_blocks(triangle, rows)))
        whole = np.asarray(np.linalg.qr(whole, mode="r"))[:columns]
        x, y = whole[:, :-1], whole[:, -1]
        # Scaling first keeps the pseudo-inverse's cut-off fair to columns in large units.
        scale = np.sqrt(np.einsum("ij,ij->j", x, x))
        scale[scale == 0] = 1.0
        left, spread, right = np.linalg.svd(x / scale, full_matrices=False)
        kept = spread > 1e-13 * spread.max(initial=0.0)
        turned = (right[kept] / scale).T / spread[kept]
        freedom = len(rows) - columns - len(blocks)
        return Prices(
            slope=turned @ (left[:, kept].T @ y),
            inverse=turned @ turned.T,
            blocks=blocks,
            centres=centres,
            growth=float(np.sqrt((len(rows) - 1) / freedom)),
        )

    def _centred(self, some: Rows, blocks: tuple[Mask, ...], centres: Array) -> Array:
        """Columns and scores less the mean of each one's block, shape (columns + 1, rows)."""
        found = np.vstack([self.design.block(some), self.scores[some]])
        if len(blocks) == 1:
            found -= centres
        else:
            found -= centres @ np.stack([block[some] for block in blocks]).astype("float64")
        return found

    def influence(self, pair: Comparison, slopes: Array, *terms: tuple[Prices, Array]) -> Array:
        """What each person adds to the error of ``slopes x shift``, and last of what is left.

        Parameters
        ----------
        pair : Comparison
        slopes : ndarray of shape (columns, numbers)
            Prices that shifts of the columns' means are multiplied by.
        *terms : tuple of Prices and ndarray of shape (columns, numbers)
            Prices that have an error, and what that is multiplied by.

        Returns
        -------
        ndarray of shape (numbers + 1, people)
        """
        sides = (pair.inside, pair.outside)
        centres = np.stack([self.means(side) for side in sides], axis=1)
        totals = np.array([self.people.each[side].sum() for side in sides])
        # The score itself is one more number, at a price of 1.
        every = np.zeros((len(centres), slopes.shape[1] + 1))
        every[:-1, :-1], every[-1, -1] = slopes, 1.0
        found = np.zeros((every.shape[1], self.people.size))

        def fill(some: Rows) -> None:
            inside, own = pair.inside[some].astype("float64"), self.people.each[some]
            pulls = every.T @ self._centred(some, sides, centres)
            pulls *= own * (inside / totals[0] - (1.0 - inside) / totals[1])
            for prices, weights in terms:
                there = np.any([block[some] for block in prices.blocks], axis=0)
                centred = self._centred(some, prices.blocks, prices.centres)
                pulls[:-1] += prices.terms(centred, weights) * (own * there)
            pulls[-1] -= pulls[:-1].sum(axis=0)
            found[:, some] = pulls

        for _ in self.in_blocks(fill, np.flatnonzero(pair.inside | pair.outside)):
            pass
        return found

    def in_blocks(self, work: Callable[[Rows], _Made], rows: Rows) -> Iterator[_Made]:
        """Yield what is made of each block of people, in order; a long table fills all processors.

        What a block holds does not hang on how many processors there are.
        """
        columns = len(self.design.owner) + 1
        step = max(BLOCK // columns, 4 * columns)
        blocks = [rows[first : first + step] for first in range(0, len(rows), step)]
        if len(rows) < LONG:
            yield from map(work, blocks)
            return
        from threadpoolctl import threadpool_limits

        with threadpool_limits(1, user_api="blas"), ThreadPoolExecutor(cores()) as pool:
            yield from pool.map(work, blocks)

    def _once(self, what: str, masks: tuple[Mask, ...], make: Callable[[], _Made]) -> _Made:
        """Return what hangs on masks alone, which are kept so that no other is in their place."""
        key = (what, *map(id, masks))
        if key not in self.kept:
            self.kept[key] = masks, make()
        found: _Made = self.kept[key][1]
        return found
