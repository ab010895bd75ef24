"""Who can notice a wrong entry: whoever is told something in which it shows."""

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from credit_ml.agencies import Rater
from credit_ml.core import Array, Dataset, Mask
from credit_ml.disclosure import Regime, load_regime
from credit_ml.disclosure.beliefs.belief_of_regime import linear_belief
from credit_ml.disclosure.beliefs.counterfactual import counterfactual, recommendation
from credit_ml.disclosure.beliefs.decision_problem import DecisionProblem
from credit_ml.disclosure.beliefs.precision import Item, Precision
from credit_ml.disclosure.case import case_of
from credit_ml.explanation.reasons.compute import reasons_of
from credit_ml.governance.due_process.entries import Entries
from credit_ml.response.options import ResponseOptions
from credit_ml.society import Society

#: Items from which people reckon what their own score should be.
_RECKONED_FROM: tuple[Item, ...] = (
    "factors",
    "direction",
    "ranks",
    "weights",
    "examples",
    "friends",
)
#: Points closer than this, in shares of the points, are alike.
_ALIKE = 1e-9
#: Reasons in a letter: what American law asks for.
_REASONS = 4


@dataclass(frozen=True, kw_only=True)
class Told:
    """What a regime tells, and whether people see their own records.

    Examples
    --------
    >>> "model" in Told.of("full").items
    True
    """

    regime: Regime
    records: bool = False

    @classmethod
    def of(cls, regime: str, *, records: bool = False) -> "Told":
        """Read a regime of the package."""
        return cls(regime=load_regime(regime), records=records)

    @property
    def items(self) -> frozenset[str]:
        """What is told; nothing of a regime that does not say."""
        return getattr(self.regime, "discloses", frozenset())


@dataclass(frozen=True, eq=False)
class Noticing:
    """What everybody is told of the own score and records, and whether an entry shows in it.

    - Own records: every entry shows.
    - The model: an entry shows that moves the score, which everybody can compute.
    - Reasons: an entry shows that is named among the four that cost most.
    - A least change, or an improvement: an entry shows that one is told to change.
    - The own score: it shows that something is wrong where the score lies further below what the
      person reckons from the records as they are than all but a share `alarm` of right scores lie
      below what their owners reckon. People reckon with what the regime tells of
      weights, and else with columns that weigh alike.
    """

    rater: Rater
    dataset: Dataset
    """Records as they are."""
    society: Society
    alarm: float
    seed: int

    @cached_property
    def problem(self) -> DecisionProblem:
        """What people decide in, of everybody."""
        return case_of(
            self.rater, self.dataset, ResponseOptions(), society=self.society, seed=self.seed
        ).problem

    @property
    def points(self) -> Array:
        """Everybody's score of the records as they are."""
        return self.problem.everyone_scores

    def scores(self, entries: Entries, *, filed: bool = True) -> Array:
        """Return scores of these people with what is filed of them, or without the entry."""
        everyone = self.problem.everyone.X
        held = entries if filed else replace(entries, filed=entries.without)
        return np.asarray(self.problem.score(held.all_of(everyone).iloc[entries.rows]))

    def reckoned(self, told: Told) -> Array | None:
        """Return what everybody takes the own score to be; None where no score is told.

        It is right on average, as people know how far scores lie from such reckonings.
        """
        if "own_score" not in told.items:
            return None
        if "model" in told.items:
            return self.points
        precision = getattr(told.regime, "precision", Precision())
        items: set[Item] = {each for each in _RECKONED_FROM if each in told.items}
        start = linear_belief(self.problem, items | {"threshold"}, precision).start
        return np.asarray(start + (self.points - start).mean())

    def in_vain(self, told: Told) -> Mask:
        """Whether a right score surprises its owner, who cannot look the records up."""
        reckoned = None if told.records else self.reckoned(told)
        if reckoned is None:
            return np.zeros(len(self.dataset), dtype=bool)
        return np.asarray(self.points - reckoned < self._usual(reckoned))

    def _usual(self, reckoned: Array) -> float:
        """How far below what their owners reckon all but a share `alarm` of right scores lie."""
        return float(np.quantile(self.points - reckoned, self.alarm)) - _ALIKE * self.problem.spread

    def shows(self, told: Told, entries: Entries, scores: Array, without: Array) -> Mask:
        """Whether each entry shows in what is told; scores are those with it and without it."""
        items, shown = told.items, np.full(len(entries.rows), told.records)
        if told.records or not len(entries.rows):
            return shown
        if "model" in items:
            return shown | moved(scores, without)
        if "reasons" in items:
            shown |= self._among_reasons(entries)
        if items & {"counterfactual", "recommendation"}:
            shown |= self._in_advice(entries, improving="recommendation" in items)
        reckoned = self.reckoned(told)
        if reckoned is not None:
            shown |= scores - reckoned[entries.rows] < self._usual(reckoned)
        return shown

    def _among_reasons(self, entries: Entries) -> Mask:
        filed = replace(self.dataset, X=entries.all_of(self.dataset.X))
        letters = reasons_of(
            self.rater, filed, entries.rows.tolist(), most=_REASONS, seed=self.seed
        )
        named = [{row["column"] for row in each.named(costs=True)} for each in letters]
        return _touched(entries, named)

    def _in_advice(self, entries: Entries, *, improving: bool) -> Mask:
        everyone = self.problem.everyone
        filed = replace(everyone, X=entries.all_of(everyone.X))
        problem = replace(
            self.problem,
            everyone=filed,
            people=filed.take(entries.rows),
            rows=entries.rows,
            economy=self.problem.economy.take(entries.rows),
            _moves={},
        )
        masks = (recommendation if improving else counterfactual)(problem).masks
        return _touched(entries, [set(problem.bundle(int(mask)).columns) for mask in masks])


def moved(one: Array, other: Array) -> Mask:
    """Whether two scores of the same person differ."""
    return np.asarray(np.abs(one - other) > _ALIKE * np.maximum(1.0, np.abs(other)))


def _touched(entries: Entries, named: list[set[str]]) -> Mask:
    told = np.array([[name in each for name in entries.columns] for each in named], dtype=bool)
    return np.asarray((told.reshape(len(named), -1) & entries.wrong).any(axis=1))
