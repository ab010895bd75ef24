"""Advice for sale (S15): who buys the whole model, who earns by it, and what is told beside it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import ClassVar, Literal, NamedTuple

import numpy as np
from pydantic import ConfigDict
from scipy.special import expit, logit

from credit_ml.core import Array, Mask, MenuError
from credit_ml.disclosure.beliefs.belief import Belief, ScoreBelief
from credit_ml.disclosure.beliefs.decision_problem import DecisionProblem
from credit_ml.disclosure.beliefs.precision import Item
from credit_ml.response.best_response.choice import Choice
from credit_ml.response.moved_records import moved


@dataclass(frozen=True, kw_only=True)
class Advice:
    """The whole model, at a price.

    With `may_disclose`, what is told for nothing is chosen, and so is the price. A rater who sells
    chooses both for ``advice revenue + accuracy_worth * accuracy``. Beside a third party, who asks
    the price that earns it most, the rater chooses what to tell for accuracy alone. Of equals
    the first counts.

    Raises
    ------
    MenuError
        When a price or the worth of a decision is below zero, or there are prices to choose from
        and nothing to tell.

    Examples
    --------
    >>> Advice(price=0.5, seller="rater").price
    0.5
    """

    price: float = 0.2
    """Thousand yuan; assumed, because a consultation of an hour costs a few days' food."""
    seller: Literal["third_party", "rater"] = "third_party"
    """Who earns: a consultant, or the rater, who alone knows the formula for sure."""
    may_disclose: tuple[tuple[Item, ...], ...] = ()
    """What may be told for nothing, beside own score and thresholds; what the regime tells when
    empty."""
    prices: tuple[float, ...] = (0.05, 0.1, 0.2, 0.5, 1.0)
    """Thousand yuan, to choose from where what is told is chosen; assumed, from an hour's wage to
    a few days'."""
    accuracy_worth: float = 1.0
    """Thousand yuan that a right decision on one person is worth to the rater; assumed, because
    a loan that is lost costs about that."""

    __pydantic_config__: ClassVar = ConfigDict(extra="forbid")  # of a file

    def __post_init__(self) -> None:
        for name, number in (("price", self.price), ("accuracy_worth", self.accuracy_worth)):
            MenuError.unless_at_least(0, f"advice, {name}", number)
        for price in self.prices:
            MenuError.unless_at_least(0, "advice, prices", price)
        MenuError.unless(
            self.prices or not self.may_disclose, "advice, prices", "are empty", "give some"
        )


@dataclass(frozen=True, kw_only=True)
class Advised:
    """Some buy advice and know the model; the others hold what they believed before.

    Before buying, one who is refused the first aim knows only what advice adds on average to
    people like that, ``m``: the gain of the best bundle, beside that of the bundle that each would
    do unadvised (0 where that is better). They buy when ``m - price / income > 0``.
    """

    advice: Advice
    before: Belief

    def choose(self, problem: DecisionProblem) -> Choice:
        """Return the choices of both, the price of advice among the costs of those who buy."""
        without = self.before.choose(problem)
        return self.sold(problem, ScoreBelief(problem.score).choose(problem), without)

    def effect(self, problem: DecisionProblem, mask: int) -> Array:
        """Return what everybody believes before anybody buys: what is told, not what is sold."""
        return self.before.effect(problem, mask)

    def sold(self, problem: DecisionProblem, knowing: Choice, without: Choice) -> "AdvisedChoice":
        """Return the choices of those who buy and of the others."""
        buys = self.buyers(problem, knowing, true_gain(problem, without))
        paid = self.advice.price / problem.economy.yearly_income
        informed = replace(
            knowing, costs=knowing.costs + paid, gain=knowing.gain - paid, method=without.method
        )
        fees = np.where(buys, self.advice.price, 0.0)
        return AdvisedChoice(**vars(informed.where(buys, without)), advice=fees)

    def buyers(self, problem: DecisionProblem, knowing: Choice, gain_without: Array) -> Mask:
        """Who buys."""
        refused = ~problem.aims[0].holds(problem.scores)
        if not refused.any():
            return refused
        added = np.maximum(knowing.gain - gain_without, 0.0)
        hoped = float(added[refused].mean())
        affordable = self.advice.price / problem.economy.yearly_income
        return refused & (hoped > affordable)


@dataclass(frozen=True, kw_only=True)
class AdvisedChoice(Choice):
    """A choice, and what was paid for advice beside it."""

    advice: Array
    """Thousand yuan by person; part of `costs` already."""


class Offer(NamedTuple):
    """What is told for nothing and what is sold beside it, with what both bring."""

    told: tuple[Item, ...]
    price: float
    revenue: float
    """Thousand yuan a person."""
    accuracy: float
    """Chance that the decision on the first aim is right."""
    belief: Advised
    choice: AdvisedChoice


@dataclass(frozen=True, kw_only=True)
class Offered:
    """What is told is chosen by whoever decides on it, in view of the advice that is sold.

    Cost: the choices of each thing that may be told, and a model call each.
    """

    advice: Advice
    form: Callable[[tuple[Item, ...]], Belief]
    """Belief of those who are told some items."""
    _made: dict[int, Offer] = field(default_factory=dict, repr=False, compare=False)

    def choose(self, problem: DecisionProblem) -> Choice:
        """Return the choices under the best offer."""
        return self.offer(problem).choice

    def effect(self, problem: DecisionProblem, mask: int) -> Array:
        """Return what everybody believes before anybody buys."""
        return self.offer(problem).belief.effect(problem, mask)

    def offer(self, problem: DecisionProblem) -> Offer:
        """Return the offer that is made: to the rater's interest, or to each one's own."""
        if id(problem) not in self._made:
            by_told = [list(offers) for offers in self._offers(problem)]
            if self.advice.seller == "rater":
                worth = self.advice.accuracy_worth
                every = [offer for offers in by_told for offer in offers]
                best = max(every, key=lambda each: each.revenue + worth * each.accuracy)
            else:
                dearest = [max(offers, key=lambda each: each.revenue) for offers in by_told]
                best = max(dearest, key=lambda each: each.accuracy)
            self._made[id(problem)] = best
        return self._made[id(problem)]

    def _offers(self, problem: DecisionProblem) -> Iterator[Iterator[Offer]]:
        """Every price of everything that may be told, from the first to the last."""
        knowing = ScoreBelief(problem.score).choose(problem)
        if_knowing = _right(problem, knowing)
        for told in self.advice.may_disclose:
            before = self.form(told)
            without = before.choose(problem)
            yield self._priced(problem, told, before, (knowing, without), if_knowing)

    def _priced(
        self,
        problem: DecisionProblem,
        told: tuple[Item, ...],
        before: Belief,
        choices: tuple[Choice, Choice],
        if_knowing: Array,
    ) -> Iterator[Offer]:
        if_not = _right(problem, choices[1])
        for price in self.advice.prices:
            belief = Advised(advice=replace(self.advice, price=price), before=before)
            made = belief.sold(problem, *choices)
            right = np.where(made.advice > 0, if_knowing, if_not)
            revenue, accuracy = float(made.advice.mean()), float(right.mean())
            yield Offer(told, price, revenue, accuracy, belief, made)


def true_gain(problem: DecisionProblem, choice: Choice) -> Array:
    """What a choice truly brings beside doing nothing. Cost: a model call."""
    worth = problem.objective().worth
    gain: Array = worth(_scores_after(problem, choice)) - worth(problem.scores) - choice.costs
    return gain


def _scores_after(problem: DecisionProblem, choice: Choice) -> Array:
    if not choice.masks.any():
        return problem.scores
    scores: Array = problem.score(moved(problem.people.X, problem.actions, choice.masks))
    return scores


def _right(problem: DecisionProblem, choice: Choice) -> Array:
    """Chance that each decision on the first aim is right, of what people then keep."""
    kept = problem.creditworthy
    if kept is None:
        return np.zeros(len(choice.masks))
    does = (choice.masks[:, None] >> np.arange(len(problem.actions))) & 1
    effect = does @ np.array([action.outcome_effect for action in problem.actions])
    kept = np.where(effect == 0, kept, expit(logit(kept) + effect))
    granted = problem.aims[0].holds(_scores_after(problem, choice))
    return np.where(granted, kept, 1 - kept)
