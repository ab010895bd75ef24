"""What everybody has after acting under one regime."""

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from scipy.special import expit, logit

from credit_ml.core import Streams
from credit_ml.core.tables.arrays import Array, Mask, Whole
from credit_ml.disclosure.beliefs.decision_problem import DecisionProblem
from credit_ml.disclosure.case import DisclosureCase
from credit_ml.response.best_response.choice import Choice
from credit_ml.response.moved_records import moved
from credit_ml.response.tie_moves import TiesMoved


@dataclass(frozen=True, kw_only=True)
class ResponseOutcome:
    """What everybody has after acting under one regime, one value a person."""

    masks: Whole
    """Actions taken, a bit each."""
    X: pd.DataFrame
    """Records after."""
    before: Array
    """Scores before."""
    after: Array
    """Scores after."""
    believed: Array
    """What they thought that their score would be."""
    spending: Array
    """Cost of actions, of advice and of being caught, share of own yearly income."""
    advice: Array
    """Paid for advice, thousand yuan."""
    worth_before: Array
    """Value of everything granted before, less what was imposed, share of own yearly income."""
    worth_after: Array
    """The same after."""
    kept_before: Array
    """Chance of keeping an obligation had nobody acted, or the outcome on file."""
    kept: Array
    """Chance of keeping an obligation after the response, or the outcome on file."""
    had: Mask
    """Decision on the first aim before anybody acted."""
    granted: Mask
    """Decision on the first aim after the response."""
    improving: Array
    """Improving actions taken."""
    actions: Array
    """Actions taken."""
    caught: Mask
    """Who was found out in anything, which was then taken back and punished."""
    reported: tuple[Array, Array] | None = None
    """How often each was reported who had broken an obligation, and who had not; None where
    nobody can report or no outcome is on file."""
    tied: TiesMoved | None = None
    """What became of ties, where social actions moved them."""

    @property
    def acted(self) -> Mask:
        """Who did anything."""
        return self.masks > 0

    @property
    def right(self) -> Array:
        """Chance that the decision is right of the obligation after the response."""
        return np.where(self.granted, self.kept, 1 - self.kept)

    @property
    def right_before(self) -> Array:
        """Chance that the decision is right of who the person was before."""
        return np.where(self.granted, self.kept_before, 1 - self.kept_before)

    @property
    def welfare(self) -> Array:
        """Value of what is granted, less what it cost, share of own yearly income."""
        return self.worth_after - self.spending


def outcome_of(case: DisclosureCase, choice: Choice) -> ResponseOutcome:
    """Work out what a choice brings: records, scores, and the true chance of keeping.

    Where no ties move each acts alone: friends dropped or sought change one's own columns as the
    menu has it. Elsewhere everybody's records are those after all have acted (`after_all_act`).

    Cost: one model call.
    """
    problem, caught = case.problem, caught_in(case.problem, choice)
    lasting = replace(choice, masks=choice.masks & ~caught)
    together = case.after_response(lasting)
    X, tied = moved(problem.people.X, problem.actions, lasting.masks), None
    if together is not None:
        X, tied = together.X, together.moved
    after = problem.score(X) if choice.masks.any() else problem.scores
    bits = np.arange(len(problem.actions))
    does, lost = ((masks[:, None] >> bits) & 1 for masks in (choice.masks, caught))
    before, kept = _kept(case, does - lost)
    return ResponseOutcome(
        masks=choice.masks,
        X=X,
        before=problem.scores,
        after=after,
        believed=choice.believed,
        spending=choice.costs + fines(problem, does, lost),
        advice=getattr(choice, "advice", np.zeros(len(does))),
        worth_before=problem.worth(problem.scores),
        worth_after=problem.worth(after),
        kept_before=before,
        kept=kept,
        had=problem.aims[0].holds(problem.scores),
        granted=problem.aims[0].holds(after),
        improving=does @ np.array([action.improves for action in problem.actions], dtype=float),
        actions=does.sum(axis=1).astype(np.float64),
        caught=caught > 0,
        reported=_reports(case, tied),
        tied=tied,
    )


def _reports(case: DisclosureCase, tied: TiesMoved | None) -> tuple[Array, Array] | None:
    """Reports that are true of who is reported, and reports that are false."""
    reports = any(
        action.ties is not None and action.ties.kind == "report" for action in case.problem.actions
    )
    if tied is None or case.outcome is None or not reports:
        return None
    broke = case.outcome == 0
    return np.where(broke, tied.reported, 0.0), np.where(broke, 0.0, tied.reported)


def caught_in(problem: DecisionProblem, choice: Choice) -> Whole:
    """Draw which of their actions people are found out in: those are taken back.

    Each action's draws are those of everyone, so that a sample has the fate that it has among all.
    """
    caught, streams = np.zeros_like(choice.masks), Streams(problem.seed)
    for number, action in enumerate(problem.actions):
        if action.detection:
            drawn = streams.generator("disclosure.caught", number).random(len(problem.everyone))
            caught |= (drawn[problem.rows] < action.detection).astype(np.int64) << number
    return caught & choice.masks


def fines(problem: DecisionProblem, does: Whole, lost: Whole) -> Array:
    """What is paid by those who were caught, less the expectation of it that all had counted."""
    penalties = np.array([action.penalty for action in problem.actions])
    risks = np.array([action.risk for action in problem.actions])
    fines: Array = (lost @ penalties - does @ risks) * problem.economy.multipliers
    return fines


def _kept(case: DisclosureCase, does: Whole) -> tuple[Array, Array]:
    """Chances before and after; only improving actions move them, and only known chances."""
    if case.chances is None:
        known = np.full(len(does), np.nan) if case.outcome is None else case.outcome
        return known, known
    effect = does @ np.array([action.outcome_effect for action in case.problem.actions])
    after = expit(logit(case.chances) + effect)
    return case.chances, np.where(effect == 0, case.chances, after)
