"""What people believe an action would bring, and the bundle that they then choose.

A belief is one of a few forms: nothing helps; the score is some function; the score is linear,
perhaps with own weights; only one advised bundle counts. Regimes of disclosure (`regimes`) form
them; each is answered exactly.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from credit_ml.core.tables.arrays import Array, Whole
from credit_ml.disclosure.beliefs.decision_problem import DecisionProblem
from credit_ml.response.best_response.choice import Choice, additive_choice, exact_choice
from credit_ml.response.moved_records import columns_moved, groups_of
from credit_ml.scoring import ScoreFunction


class Belief(Protocol):
    """What people hold to be true. Users add their own: any object with this member will do.

    Examples
    --------
    >>> from credit_ml.disclosure.case import example_problem
    >>> problem = example_problem()
    >>> belief: Belief = Inert()
    >>> belief.choose(problem).masks.tolist()
    [0, 0, 0]
    """

    def choose(self, problem: DecisionProblem) -> Choice:
        """Return the bundle that each person believes to pay most."""
        ...

    def effect(self, problem: DecisionProblem, mask: int) -> Array:
        """Change of the score that each person believes one bundle would bring."""
        ...


@dataclass(frozen=True)
class Inert:
    """No action is believed to help, so that nobody acts.

    Examples
    --------
    >>> from credit_ml.disclosure.case import example_problem
    >>> problem = example_problem()
    >>> Inert().effect(problem, 1).tolist()
    [0.0, 0.0, 0.0]
    """

    def choose(self, problem: DecisionProblem) -> Choice:
        """Return the choice to stay."""
        return staying(problem)

    def effect(self, problem: DecisionProblem, mask: int) -> Array:
        """Return no change."""
        return np.zeros(len(problem.people))


@dataclass(frozen=True)
class ScoreBelief:
    """Everybody believes that the score is some function, perhaps the true one.

    Examples
    --------
    >>> from credit_ml.disclosure.case import example_problem
    >>> problem = example_problem()
    >>> ScoreBelief(problem.score).choose(problem).masks.tolist()
    [0, 1, 0]
    """

    score: ScoreFunction

    def choose(self, problem: DecisionProblem) -> Choice:
        """Return the best bundle under that function: exact, see `exact_choice`."""
        people, economy = problem.people.X, problem.economy
        return exact_choice(self.score, people, problem.actions, economy, problem.objective())

    def effect(self, problem: DecisionProblem, mask: int) -> Array:
        """Return what the function says. Cost: a call of it, and one more unless it is true."""
        true = self.score is problem.score
        before = problem.scores if true else self.score(problem.people.X)
        change: Array = self.score(problem.bundle(mask).apply(problem.people.X)) - before
        return change


@dataclass(frozen=True, kw_only=True)
class LinearBelief:
    """The score is believed to move by a weight for each unit that a column moves.

    ``start_i + sum_j weight_ij (x'_ij - x_ij)``, known up to a normal error of SD `spread`.

    Examples
    --------
    >>> from credit_ml.disclosure.case import example_problem
    >>> problem = example_problem()
    >>> belief = LinearBelief(columns=("late_payments",), weights=np.array([-50.0]),
    ...                       start=problem.scores)
    >>> belief.effect(problem, 1).tolist()
    [0.0, 50.0, 100.0]
    """

    columns: tuple[str, ...]
    weights: Array
    """Score a unit of the column, shape (columns,), or (people, columns) when people differ."""
    start: Array
    """What people believe their score to be, with the believed line shifted to the true one."""
    spread: Array | None = None
    """SD of what people know of score and line together, by person; None when they are sure."""

    def choose(self, problem: DecisionProblem) -> Choice:
        """Return the best bundle under these weights: exact, by sums over actions."""
        X, actions = problem.people.X, problem.actions
        groups = groups_of(len(actions), columns_moved(actions, X))
        gains = [(group, self._gains(problem, group)) for group in groups]
        objective = problem.objective(self.spread)
        return additive_choice(self.start, gains, problem.economy, objective)

    def effect(self, problem: DecisionProblem, mask: int) -> Array:
        """Return the weighted sum of what the bundle moves."""
        place = {name: number for number, name in enumerate(self.columns)}
        gain: Array = np.zeros(len(problem.people))
        for name, change in problem.moves(mask).items():
            if name in place:
                gain += self.weights[..., place[name]] * change
        return gain

    def _gains(self, problem: DecisionProblem, group: tuple[int, ...]) -> Array:
        found = np.zeros((len(problem.people), 2 ** len(group)))
        for subset in range(1, 2 ** len(group)):
            mask = sum(1 << action for place, action in enumerate(group) if subset >> place & 1)
            found[:, subset] = self.effect(problem, mask)
        return found


@dataclass(frozen=True, kw_only=True)
class BundleBelief:
    """Only one bundle, which each person was told of, is believed to do anything.

    Examples
    --------
    >>> from credit_ml.disclosure.case import example_problem
    >>> problem = example_problem()
    >>> told = BundleBelief(masks=np.array([0, 1, 0]), scores=np.array([600.0, 600.0, 400.0]))
    >>> told.choose(problem).masks.tolist()
    [0, 1, 0]
    """

    masks: Whole
    """The bundle of each person; 0 when none was told."""
    scores: Array
    """What they were told that it gives."""

    def choose(self, problem: DecisionProblem) -> Choice:
        """Take the bundle when it pays."""
        stay = staying(problem)
        costs = problem.economy.cost(self.masks)
        objective = problem.objective()
        now = objective.worth(problem.scores)
        gain = objective.worth(self.scores, margin=problem.margin) - costs - now
        told = Choice(
            masks=self.masks,
            costs=costs,
            believed=self.scores,
            gain=gain,
            gap=stay.gap,
            method="sums",
        )
        return told.where((self.masks > 0) & (gain > 1e-12), stay)

    def effect(self, problem: DecisionProblem, mask: int) -> Array:
        """Return the change told to those who were told of just this bundle, else none."""
        told: Array = np.where(self.masks == mask, self.scores - problem.scores, 0.0)
        return told


def staying(problem: DecisionProblem) -> Choice:
    """Return the choice of everybody to do nothing."""
    people, nothing = len(problem.people), np.zeros(len(problem.people))
    return Choice(
        masks=np.zeros(people, dtype=np.int64),
        costs=nothing,
        believed=problem.scores,
        gain=nothing,
        gap=nothing,
        method="sums",
    )
