"""Advice for sale (S15): who buys the whole model, and who earns by it."""

from dataclasses import dataclass, replace
from typing import ClassVar, Literal

import numpy as np
from pydantic import ConfigDict

from credit_ml.core import Array, Mask, MenuError
from credit_ml.disclosure.beliefs.belief import Belief, ScoreBelief
from credit_ml.disclosure.beliefs.decision_problem import DecisionProblem
from credit_ml.response.best_response.choice import Choice


@dataclass(frozen=True, kw_only=True)
class Advice:
    """The whole model, at a price.

    Raises
    ------
    MenuError
        When the price is below zero.

    Examples
    --------
    >>> Advice(price=0.5, seller="rater").price
    0.5
    """

    price: float = 0.2
    """Thousand yuan; assumed, because a consultation of an hour costs a few days' food."""
    seller: Literal["third_party", "rater"] = "third_party"
    """Who earns: a consultant, or the rater, who alone knows the formula for sure."""

    __pydantic_config__: ClassVar = ConfigDict(extra="forbid")  # of a file

    def __post_init__(self) -> None:
        MenuError.unless_at_least(0, "advice, price", self.price)


@dataclass(frozen=True, kw_only=True)
class Advised:
    """Some buy advice and know the model; the others hold what they believed before.

    Before buying, one who is refused the first aim knows only how often advice pays to people
    like that: the share q of them whom it brings more than it costs beside itself. They buy when
    ``q mean gain of those - price / income > 0``, the gain being known on average.
    """

    advice: Advice
    before: Belief

    def choose(self, problem: DecisionProblem) -> Choice:
        """Return the choices of both, the price of advice among the costs of those who buy."""
        without = self.before.choose(problem)
        knowing = ScoreBelief(problem.score).choose(problem)
        buys = self.buyers(problem, knowing)
        paid = self.advice.price / problem.economy.yearly_income
        informed = replace(
            knowing, costs=knowing.costs + paid, gain=knowing.gain - paid, method=without.method
        )
        fees = np.where(buys, self.advice.price, 0.0)
        return AdvisedChoice(**vars(informed.where(buys, without)), advice=fees)

    def effect(self, problem: DecisionProblem, mask: int) -> Array:
        """Return what everybody believes before anybody buys: what is told, not what is sold."""
        return self.before.effect(problem, mask)

    def buyers(self, problem: DecisionProblem, knowing: Choice) -> Mask:
        """Who buys."""
        refused = problem.scores < problem.aims[0].threshold
        if not refused.any():
            return refused
        hoped = float(np.maximum(knowing.gain[refused], 0.0).mean())
        affordable = self.advice.price / problem.economy.yearly_income
        return refused & (hoped > affordable)


@dataclass(frozen=True, kw_only=True)
class AdvisedChoice(Choice):
    """A choice, and what was paid for advice beside it."""

    advice: Array
    """Thousand yuan by person; part of `costs` already."""
