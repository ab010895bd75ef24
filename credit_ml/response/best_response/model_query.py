"""A model whose score people act on, asked by the fastest way that it allows."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
import pandas as pd

from credit_ml.core import InputError, ModelError, refuse_unknown
from credit_ml.core.progress import followed
from credit_ml.core.tables.arrays import Array, Rows, Whole
from credit_ml.explanation.shapley.flat_trees import FlatTrees, flat_trees
from credit_ml.response.best_response.additive import BundleSums, Group, gains_of, summed_best
from credit_ml.response.best_response.enumerate import Stakes
from credit_ml.response.best_response.search import searched_best
from credit_ml.response.best_response.trees import ColumnSettings, walked_best
from credit_ml.response.economy import Economy
from credit_ml.response.moved_records import columns_moved, groups_of, moved
from credit_ml.response.objective import Link, Objective, raw_thresholds
from credit_ml.scoring import ScoreFunction, score_function

if TYPE_CHECKING:
    from credit_ml.response.menu import Action

Method = Literal["sums", "trees", "search"]

#: With more actions the tables of all bundles, 65,536 numbers a person, leave the nearest memory.
MOST_TOGETHER = 16
#: Actions on one column whose settings, two to their number, are all listed.
MOST_SETTINGS = 8
#: People whose tables are made at a time, and most gains of groups of actions: 128 MiB.
PEOPLE, GAINS = 100_000, 1 << 24
#: Largest miss between a fast score and the model's own, above which the model is asked instead.
MISS = 1e-6


class ModelQuery:
    """A model, and people who may act on its score."""

    def __init__(
        self,
        model: Any,
        X: pd.DataFrame,
        actions: "Sequence[Action]",
        economy: Economy,
        objective: Objective,
        evaluations: int | None,
    ) -> None:
        self.model, self.X, self.actions = model, X, actions
        self.economy, self.objective, self.evaluations = economy, objective, evaluations
        self.score: ScoreFunction = score_function(model)
        self.now = self.score(X)
        self.worth = objective.worth(self.now)

    def under(self, masks: Whole) -> Array:
        """Model's own score of everybody under their bundle."""
        scores, who = self.now.copy(), np.flatnonzero(masks)
        if len(who):
            scores[who] = self.score(moved(self.X.iloc[who], self.actions, masks[who]))
        return scores

    def solve(self, method: Method | None) -> tuple[Whole, Array, Method]:
        """Return the best bundle of each person, its certified gap and the method."""
        if method not in (None, "sums", "trees", "search"):
            refuse_unknown(InputError, "method", str(method), ("sums", "trees", "search"))
        if method in ("sums", "trees") and self.economy.actions > MOST_TOGETHER:
            problem = f"lists all bundles, and there are {self.economy.actions} actions"
            raise InputError(f"method '{method}'", problem, "use method='search'")
        if method in ("sums", "trees") and self._entangled:
            problem = "takes columns one by one, and here one carries others or many move one"
            raise InputError(f"method '{method}'", problem, "use method='search'")
        if method == "trees" and self._forest() is None:
            raise ModelError(self.score.name, "has no trees to walk", "use method='search'")
        masks, gap = np.zeros(len(self.X), dtype=np.int64), np.zeros(len(self.X))
        able = self._able()
        used: Method = method or self._fitting()
        step = self._step(used) if self.actions else PEOPLE
        for start in followed(range(0, len(able), step), "best responses"):
            rows = able[start : start + step]
            unsure = rows if used == "search" else self._fast(rows, used, masks)
            if len(unsure):
                masks[unsure], gap[unsure] = searched_best(self, unsure)
        return masks, gap, used

    def _step(self, method: Method) -> int:
        if method != "sums":
            return PEOPLE
        groups = groups_of(len(self.actions), columns_moved(self.actions, self.X))
        return max(1, min(PEOPLE, GAINS // sum(1 << len(group) for group in groups)))

    def _able(self) -> Rows:
        """Rows of those whom some action could pay."""
        if self.objective.temperature > 0:
            return np.arange(len(self.X))
        if not self.actions:
            return np.arange(0)
        able = self.economy.single_costs.min(axis=1) <= self.objective.top - self.worth
        return np.flatnonzero(able)

    @property
    def _entangled(self) -> bool:
        """Whether columns carry others, or one has too many settings to list them."""
        several = (len(each.actions) for each in columns_moved(self.actions, self.X))
        carried = any(action.effects for action in self.actions)
        return carried or max(several, default=0) > MOST_SETTINGS

    def _fitting(self) -> Method:
        if self.economy.actions > MOST_TOGETHER or self._entangled:
            return "search"
        if self._forest() is not None:
            return "trees"
        try:
            self._summed(self.X.iloc[:1])
        except ModelError:
            return "search"
        return "sums"

    def _forest(self) -> FlatTrees | None:
        inner = self.score.inner
        return None if inner is None or not inner.rising else flat_trees(inner.model)

    def _fast(self, rows: Rows, method: Method, masks: Whole) -> Rows:
        """Fill in best bundles; return rows on which the model itself must be asked."""
        X = self.X.iloc[rows]
        link, best = self._walker(X) if method == "trees" else self._adder(X)
        objective = self.objective.take(rows)
        # Judged with a spread, every bundle's score itself is needed, not what threshold it passes.
        smooth = objective.spread is not None
        thresholds = raw_thresholds(objective, None if smooth else link)
        stakes = Stakes.of(self.economy.take(rows), objective, self.worth[rows], thresholds, rows)
        found, raw, near = best(stakes, link if smooth else None)
        masks[rows] = found
        moving = np.flatnonzero(found)
        if len(moving):
            own = self.score(moved(X.iloc[moving], self.actions, found[moving]))
            fast = raw[moving] if smooth else link(raw[moving])
            near[moving] |= ~(np.abs(own - fast) <= MISS * np.maximum(1.0, np.abs(own)))
        unsure: Rows = rows[near]
        return unsure

    def _walker(self, X: pd.DataFrame) -> tuple[Link, Any]:
        forest, inner = self._forest(), self.score.inner
        assert forest is not None  # solve has refused already
        assert inner is not None
        settings = ColumnSettings.of(forest, inner, inner.seen(X), self.actions)
        return inner.link, lambda stakes, link: walked_best(forest, settings, stakes, link)

    def _adder(self, X: pd.DataFrame) -> tuple[Link, Any]:
        start, gains, link = self._summed(X)
        sums = BundleSums(self.economy.actions, gains)
        return link, lambda stakes, link: summed_best(start, sums, stakes, link)

    def _summed(self, X: pd.DataFrame) -> tuple[Array, list[Group], Link]:
        """Raw sums now, what groups of actions add to them, and the link to the score."""
        inner = self.score.inner
        if inner is None:
            return self.score(X), gains_of(self.model, X, self.actions, "score"), _same
        seen = inner.seen(X)
        gains = gains_of(inner.model, seen, self.actions, "log_odds")
        start = inner.model.decision_function(seen)
        if inner.rising:
            return start, gains, inner.link
        return -start, [(group, -each) for group, each in gains], lambda raw: inner.link(-raw)


def _same(raw: Array) -> Array:
    return raw
