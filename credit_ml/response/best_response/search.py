"""Best bundles under any model: those that may pay most are asked for first."""

from typing import TYPE_CHECKING

import numpy as np
from numba import njit

from credit_ml.core import InputError, MenuError
from credit_ml.core.tables.arrays import Array, Rows, Whole
from credit_ml.response.best_response.bundle_order import Ranked, by_cost, by_noise
from credit_ml.response.best_response.enumerate import Bills, gumbel, passes_more
from credit_ml.response.moved_records import moved

if TYPE_CHECKING:
    from credit_ml.response.best_response.model_query import ModelQuery


#: Bundles of a person that are asked for first; each further round asks for four times as many.
FIRST_ROUND = 32
#: Rows of one model call.
MOST_ROWS = 200_000
#: With noise every bundle may be the best, so that all are listed: 65,536 of 16 actions.
MOST_NOISY = 16


def searched_best(query: "ModelQuery", rows: Rows) -> tuple[Whole, Array]:
    """Best bundle of each person, and by how much another could be better; 0 where all was asked.

    The model is asked for bundles in the order of the most that each could bring.

    Everything a score can be worth, less the cost of a bundle (and plus its noise), bounds what
    the bundle brings. Bundles are taken by falling bound, a few of every person at a time, until
    the next bound is no better than the best found: then nothing unasked can be.

    Cost: rows asked of the model, at worst people x bundles.

    Parameters
    ----------
    query : ModelQuery
        Its `evaluations` are the most rows a person; without them the search ends.
    rows : ndarray
        Of whom.
    """
    evaluations, actions = query.evaluations, query.economy.actions
    InputError.unless_at_least(1, "evaluations", evaluations)
    if query.objective.temperature > 0 and actions > MOST_NOISY:
        raise MenuError("menu", f"has {actions} actions", f"with noise at most {MOST_NOISY}")
    hunt = _Hunt(query, rows)
    open_rows, done, width = np.arange(len(rows)), 0, FIRST_ROUND
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
    return hunt.masks, hunt.gap


class _Hunt:
    """What was found so far."""

    def __init__(self, query: "ModelQuery", rows: Rows) -> None:
        self.score, self.X, self.actions = query.score, query.X.iloc[rows], query.actions
        self.objective = query.objective.take(rows)
        self.economy = query.economy.take(rows)
        self.bills = Bills.of(self.economy, self.objective, rows)
        self.masks, self.gap = np.zeros(len(rows), dtype=np.int64), np.zeros(len(rows))
        self.paid = np.zeros(len(rows))
        self.best = query.worth[rows] + self._noise(np.arange(len(rows)), self.masks)

    def ask(self, rows: Rows, done: int, stop: int) -> Rows:
        """Try the bundles ranked from `done` to `stop`; return who may have better ones left."""
        ranked = self._ranked(rows, done, stop)
        who, which = np.nonzero(ranked.masks >= 0)
        if len(who):
            tried, row = ranked.masks[who, which], rows[who]
            scores = self.score(moved(self.X.iloc[row], self.actions, tried))
            costs = self.economy.cost(tried, row)
            worth = self.objective.take(row).worth(scores, margin=self.objective.margin)
            gains = worth - costs + self._noise(row, tried)
            _improve(row, tried, (gains, costs), self.best, self.paid, self.masks)
        return rows[ranked.left]

    def certify(self, rows: Rows, done: int) -> None:
        """Note by how much the first bundle not asked for could be better at most."""
        ranked = self._ranked(rows, done, done + 1)
        possible = ranked.left | (ranked.bound > -np.inf)
        self.gap[rows] = np.maximum(np.where(possible, ranked.bound - self.best[rows], 0.0), 0.0)

    def _ranked(self, rows: Rows, done: int, stop: int) -> Ranked:
        ranked = Ranked.of(len(rows), stop - done)
        rank = by_noise if self.objective.temperature > 0 else by_cost
        rank(self.bills.take(rows), self.best[rows], done, ranked)
        return ranked

    def _noise(self, rows: Rows, masks: Whole) -> Array:
        if not self.objective.temperature > 0:
            return np.zeros(len(rows))
        drawn: Array = noise(self.objective.seed, self.bills.person[rows], masks)
        return self.objective.temperature * drawn


@njit(cache=True, nogil=True)
def noise(seed, person, masks):  # type: ignore[no-untyped-def]
    """Gumbel noise of one bundle a person."""
    drawn = np.empty(len(masks))
    for i in range(len(masks)):
        drawn[i] = gumbel(seed, person[i], masks[i])
    return drawn


@njit(cache=True, nogil=True)
def _improve(row, masks, worth, best, paid, chosen):  # type: ignore[no-untyped-def]
    gains, costs = worth
    for k in range(len(row)):
        i = row[k]
        if passes_more(gains[k], costs[k], masks[k], best[i], paid[i], chosen[i]):
            best[i], paid[i], chosen[i] = max(gains[k], best[i]), costs[k], masks[k]
