"""What everybody has after acting under one regime."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import expit, logit

from credit_ml.core.tables.arrays import Array, Mask, Whole
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
    """Cost of actions and of advice, share of own yearly income."""
    advice: Array
    """Paid for advice, thousand yuan."""
    worth_before: Array
    """Value of everything granted before, share of own yearly income."""
    worth_after: Array
    """Value of everything granted after."""
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
    problem, together = case.problem, case.after_response(choice)
    X, tied = moved(problem.people.X, problem.actions, choice.masks), None
    if together is not None:
        X, tied = together.X, together.moved
    after = problem.score(X) if choice.masks.any() else problem.scores
    does = (choice.masks[:, None] >> np.arange(len(problem.actions))) & 1
    before, kept = _kept(case, does)
    worth = problem.objective().worth
    return ResponseOutcome(
        masks=choice.masks,
        X=X,
        before=problem.scores,
        after=after,
        believed=choice.believed,
        spending=choice.costs,
        advice=getattr(choice, "advice", np.zeros(len(does))),
        worth_before=worth(problem.scores),
        worth_after=worth(after),
        kept_before=before,
        kept=kept,
        had=problem.scores >= problem.aims[0].threshold,
        granted=after >= problem.aims[0].threshold,
        improving=does @ np.array([action.improves for action in problem.actions], dtype=float),
        actions=does.sum(axis=1).astype(np.float64),
        tied=tied,
    )


def _kept(case: DisclosureCase, does: Whole) -> tuple[Array, Array]:
    """Chances before and after; only improving actions move them, and only known chances."""
    if case.chances is None:
        known = np.full(len(does), np.nan) if case.outcome is None else case.outcome
        return known, known
    effect = does @ np.array([action.outcome_effect for action in case.problem.actions])
    after = expit(logit(case.chances) + effect)
    return case.chances, np.where(effect == 0, case.chances, after)
