"""Best bundles under any model: those that may pay most are asked for first."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd
from numba import njit
from numpy.typing import NDArray

from credit_ml.core import InputError, MenuError
from credit_ml.response.best_response.enumerate import gumbel, passes_more
from credit_ml.response.best_response.listing import by_cost, by_noise
from credit_ml.response.combined import moved
from credit_ml.response.economy import Economy
from credit_ml.response.terms import Terms
from credit_ml.scoring import ScoreFunction

if TYPE_CHECKING:
    from credit_ml.response.menu import Action

Array = NDArray[np.float64]

#: Bundles of a person that are asked for first; each further round asks for four times as many.
FIRST_ROUND = 32
#: Rows of one model call.
MOST_ROWS = 200_000
#: With noise every bundle may be the best, so that all are listed: 65,536 of 16 actions.
MOST_NOISY = 16


class Found(NamedTuple):
    """The best bundle of each person, as far as the search went."""

    masks: NDArray[np.int64]
    gap: Array
    """No bundle is better by more than this; 0 where the search ended."""


def searched_best(
    score: ScoreFunction, X: pd.DataFrame, actions: "Sequence[Action]", economy: Economy,
    terms: Terms, now: Array, *, evaluations: int | None = None,
    person: NDArray[np.int64] | None = None,
) -> Found:  # fmt: skip
    """Ask the model for bundles in the order of the most that each could bring.

    Everything a score can be worth, less the cost of a bundle (and plus its noise), bounds what
    the bundle brings. Bundles are taken by falling bound, a few of every person at a time, until
    the next bound is no better than the best found: then nothing unasked can be.

    Cost: rows asked of the model, at worst people x bundles.

    Parameters
    ----------
    now : ndarray of shape (people,)
        Worth of doing nothing.
    evaluations : int, optional
        Most rows a person; without it the search ends.
    person : ndarray of shape (people,), optional
        Numbers under which noise is drawn; row numbers by default.
    """
    if evaluations is not None and evaluations < 1:
        raise InputError("evaluations", f"is {evaluations}", "give at least 1")
    if terms.temperature > 0 and economy.actions > MOST_NOISY:
        raise MenuError(
            "menu", f"has {economy.actions} actions", f"with noise at most {MOST_NOISY}"
        )
    hunt = _Hunt(score, X, actions, economy, terms, now, person)
    open_rows, done, width = np.arange(len(X)), 0, FIRST_ROUND
    while len(open_rows):
        if evaluations is not None:
            width = min(width, evaluations - done)
        if not width:
            hunt.certify(open_rows, done)
            break
        step = max(1, MOST_ROWS // width)
        still = [
            hunt.ask(open_rows[start : start + step], done, done + width)
            for start in range(0, len(open_rows), step)
        ]
        open_rows = np.concatenate(still)
        done, width = done + width, width * 4
    return Found(hunt.masks, hunt.gap)


class _Hunt:
    """What was found so far."""

    def __init__(
        self, score: ScoreFunction, X: pd.DataFrame, actions: "Sequence[Action]",
        economy: Economy, terms: Terms, now: Array, person: NDArray[np.int64] | None,
    ) -> None:  # fmt: skip
        self.score, self.X, self.actions = score, X, actions
        self.economy, self.terms = economy, terms
        self.person = np.arange(len(X)) if person is None else person
        self.masks, self.gap = np.zeros(len(X), dtype=np.int64), np.zeros(len(X))
        self.paid = np.zeros(len(X))
        self.best = now + self._noise(np.arange(len(X)), self.masks)
        self.closed, self.spendable = economy.closed, economy.spendable

    def ask(self, rows: NDArray[np.intp], done: int, stop: int) -> NDArray[np.intp]:
        """Try the bundles ranked from `done` to `stop`; return who may have better ones left."""
        masks, left, _ = self._listed(rows, done, stop)
        who, which = np.nonzero(masks >= 0)
        if len(who):
            tried, row = masks[who, which], rows[who]
            scores = self.score(moved(self.X.iloc[row], self.actions, tried))
            costs = self.economy.take(row).cost(tried)
            gains = self.terms.take(row).worth(scores, margin=self.terms.margin) - costs
            gains = gains + self._noise(row, tried)
            _improve(row, tried, gains, costs, self.best, self.paid, self.masks)
        return rows[left]

    def certify(self, rows: NDArray[np.intp], done: int) -> None:
        """Note by how much the first bundle not asked for could be better at most."""
        _, left, bound = self._listed(rows, done, done + 1)
        gap = np.where(left | (bound > -np.inf), bound - self.best[rows], 0.0)
        self.gap[rows] = np.maximum(gap, 0.0)

    def _listed(
        self, rows: NDArray[np.intp], done: int, stop: int
    ) -> tuple[NDArray[np.int64], NDArray[np.bool_], Array]:
        masks = np.full((len(rows), stop - done), -1, dtype=np.int64)
        left, bound = np.zeros(len(rows), dtype=np.bool_), np.full(len(rows), -np.inf)
        economy, terms = self.economy, self.terms
        lister = by_noise if terms.temperature > 0 else by_cost
        lister(
            economy.prices, economy.efforts, economy.yearly_income[rows], economy.factors[rows],
            self.closed[rows], self.spendable[rows], economy.largest, terms.top, self.best[rows],
            (terms.temperature, terms.seed), self.person[rows], done, masks, left, bound,
        )  # fmt: skip
        return masks, left, bound

    def _noise(self, rows: NDArray[np.intp], masks: NDArray[np.int64]) -> Array:
        if not self.terms.temperature > 0:
            return np.zeros(len(rows))
        drawn: Array = noise(self.terms.seed, self.person[rows], masks)
        return self.terms.temperature * drawn


@njit(cache=True, nogil=True)
def noise(seed, person, masks):  # type: ignore[no-untyped-def]
    """Gumbel noise of one bundle a person."""
    drawn = np.empty(len(masks))
    for i in range(len(masks)):
        drawn[i] = gumbel(seed, person[i], masks[i])
    return drawn


@njit(cache=True, nogil=True)
def _improve(row, masks, gains, costs, best, paid, chosen):  # type: ignore[no-untyped-def]
    for k in range(len(row)):
        i = row[k]
        if passes_more(gains[k], costs[k], masks[k], best[i], paid[i], chosen[i]):
            best[i], paid[i], chosen[i] = max(gains[k], best[i]), costs[k], masks[k]
