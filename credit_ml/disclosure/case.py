"""Everything a disclosure is measured on, checked before any model is asked."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from credit_ml.agencies import Agency
from credit_ml.core import Array, Dataset, Mask, MenuError, Rows, Streams, TableError, checked_seed
from credit_ml.disclosure.beliefs.belief import staying
from credit_ml.disclosure.beliefs.decision_problem import DecisionProblem
from credit_ml.response.after_response import AfterResponse, after_all_act, moves_ties
from credit_ml.response.aim import Aim
from credit_ml.response.best_response.choice import Choice
from credit_ml.response.conditions import all_hold
from credit_ml.response.economy import Economy
from credit_ml.response.menu import Action
from credit_ml.response.menu_checks import actions_on
from credit_ml.response.options import ResponseOptions
from credit_ml.scoring import score_function
from credit_ml.society import Society


@dataclass(frozen=True, kw_only=True)
class DisclosureCase:
    """A decision problem of some people, and the truth about them as far as it is known."""

    problem: DecisionProblem
    chances: Array | None
    """True probability that each of the people followed keeps an obligation."""
    outcome: Array | None
    """Outcome on file."""
    heard: Mask | None
    """Who of the people followed has heard what is disclosed; None for everybody."""
    society: Society | None
    """Whose ties social actions move, when all of it is followed at an agency's rater."""
    notes: tuple[str, ...]

    @property
    def creditworthy(self) -> Array:
        """Chance that each keeps an obligation, or the outcome on file; alike where unknown."""
        known = self.problem.creditworthy
        return np.ones(len(self.problem.people)) if known is None else known

    def after_response(self, choice: Choice) -> AfterResponse | None:
        """Return what the agency sees after all have acted; None where each acts alone."""
        if self.society is None:
            return None
        agency, actions = self.problem.model.agency, self.problem.actions
        return after_all_act(self.society, agency, actions, choice.masks, seed=self.problem.seed)

    def only_informed(self, choice: Choice) -> Choice:
        """Return the choice of those who have heard; the others stay."""
        if self.heard is None:
            return choice
        return choice.where(self.heard, staying(self.problem))


def case_of(
    rater: Any,
    dataset: Dataset,
    response: ResponseOptions,
    *,
    society: Society | None = None,
    people: int | None = None,
    seed: int = 0,
) -> DisclosureCase:
    """Check everything, and return what people decide in.

    Raises
    ------
    MenuError, TableError
        As `disclose`.
    """
    aims, menu = response.aims(rater), response.chosen_menu
    heard = response.heard(len(dataset))
    if society is not None and len(society) != len(dataset):
        many = f"has {len(society)} citizens, the dataset {len(dataset)}"
        raise TableError("society", many, "give the society that the dataset is a view of")
    dataset, actions = actions_on(menu, rater, dataset)
    rows = sampled(dataset, people, seed)
    sample = dataset.take(rows)
    chances, notes = response.column(dataset, "probability")
    records = None if society is None else society.records
    economy, more = _economy(response, actions, dataset, records)
    score = score_function(rater, dataset=dataset)
    if any(aim.share is not None for aim in aims):
        aims = tuple(aim.placed(now) for now in [score(dataset.X)] for aim in aims)
    outcome = None if sample.y is None else sample.y.to_numpy(dtype=np.float64)
    known = None if chances is None else chances[rows]
    problem = DecisionProblem(
        model=rater,
        score=score,
        people=sample,
        everyone=dataset,
        rows=rows,
        actions=actions,
        aims=aims,
        economy=economy.take(rows),
        margin=response.margin,
        temperature=response.temperature,
        creditworthy=outcome if known is None else known,
        ties=None if society is None else society.ties,
        seed=checked_seed(seed),
    )
    return DisclosureCase(
        problem=problem,
        chances=known,
        outcome=outcome,
        heard=None if heard is None else heard[rows],
        society=society if len(rows) == len(dataset) and _moves_ties(rater, actions) else None,
        notes=(*notes, *more),
    )


def _moves_ties(rater: Any, actions: tuple[Action, ...]) -> bool:
    """Whether friends' records are seen again after people moved ties: only by an agency."""
    return moves_ties(actions) and isinstance(getattr(rater, "agency", None), Agency)


def _economy(
    response: ResponseOptions,
    actions: tuple[Action, ...],
    dataset: Dataset,
    records: pd.DataFrame | None,
) -> tuple[Economy, tuple[str, ...]]:
    """What everybody pays for each action, and what must be said of it."""
    yearly, notes = response.yearly_income(dataset)
    times, _ = response.column(dataset, "cost_multiplier")
    place = f"menu '{response.chosen_menu.id}'"
    open_to = np.column_stack(
        [all_hold(each.who, dataset, f"{place}, action '{each.id}'", records) for each in actions]
    )
    if not open_to.any():
        problem = "has no action that anybody may take"
        raise MenuError(place, problem, "loosen the conditions in who")
    economy = Economy.of(
        actions,
        yearly,
        most=response.bundle,
        open_to=None if open_to.all() else open_to,
        budget=response.budget,
        cost_multiplier=times,
    )
    return economy, notes


def sampled(dataset: Dataset, people: int | None, seed: int) -> Rows:
    """Return the rows of a random sample, rising; all when None or more are asked for."""
    generator = Streams(seed).generator("disclosure.people")
    if people is not None and people < 1:
        raise TableError("people", f"is {people}", "give at least 1, or None for everybody")
    if people is None or people >= len(dataset):
        return np.arange(len(dataset))
    return np.sort(generator.choice(len(dataset), people, replace=False))


def example_problem() -> DecisionProblem:
    """Three people with 0, 2 and 4 late payments, 50 points each, who want 550: for examples.

    Examples
    --------
    >>> example_problem().aims[0].threshold
    550.0
    """
    frame = pd.DataFrame({"late_payments": [0.0, 2.0, 4.0], "sex": ["f", "m", "m"]})
    people = Dataset.from_frame(frame, target=None, sensitive=["sex"])
    car = Aim(id="car", name="car", threshold=550.0, value=0.1)
    response = ResponseOptions(privileges=[car], margin=0.0)
    return case_of(lambda X: 600 - 50 * X["late_payments"], people, response).problem
