"""Everything a disclosure is measured on, checked before any model is asked."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from credit_ml.agencies import Agency
from credit_ml.core import Dataset, MenuError, Streams, TableError
from credit_ml.core.seeds import checked_seed
from credit_ml.disclosure.beliefs.belief import staying
from credit_ml.disclosure.beliefs.decision_problem import DecisionProblem
from credit_ml.response.after_response import AfterResponse, after_all_act, moves_ties
from credit_ml.response.aim import Aim
from credit_ml.response.best_response.choice import Choice
from credit_ml.response.bounds import Bounds
from credit_ml.response.conditions import all_hold
from credit_ml.response.economy import Economy
from credit_ml.response.menu import Action, Menu, check_columns, default_menu
from credit_ml.scoring import score_function
from credit_ml.society import Society

Array = NDArray[np.float64]


@dataclass(frozen=True, kw_only=True)
class DisclosureCase:
    """People in a problem, and the truth about them as far as it is known."""

    problem: DecisionProblem
    chances: Array | None
    """True probability that each of the people followed keeps an obligation."""
    outcome: Array | None
    """Outcome on file."""
    heard: NDArray[np.bool_] | None
    """Who of the people followed has heard what is told; None for everybody."""
    society: Society | None
    """Whose ties social actions move, when all of it is followed at an agency's rater."""
    notes: tuple[str, ...]

    @property
    def creditworthy(self) -> Array | None:
        """Chance that each keeps an obligation, or the outcome on file."""
        return self.outcome if self.chances is None else self.chances

    def met(self, choice: Choice) -> AfterResponse | None:
        """Return what the agency sees after all have acted; None where each acts alone."""
        if self.society is None:
            return None
        return after_all_act(self.society, self.problem.model.agency, self.problem.actions,
                             choice.masks, seed=self.problem.seed)  # fmt: skip

    def only_informed(self, choice: Choice) -> Choice:
        """Return the choice of those who have heard; the others stay."""
        if self.heard is None:
            return choice
        stay = staying(self.problem)
        return replace(
            choice,
            masks=np.where(self.heard, choice.masks, 0),
            costs=np.where(self.heard, choice.costs, 0.0),
            believed=np.where(self.heard, choice.believed, stay.believed),
            gain=np.where(self.heard, choice.gain, 0.0),
        )


def case_of(
    rater: Any, dataset: Dataset, *, menu: Menu | None, privileges: Any, probability: Any,
    income: Any, cost_factor: Any, society: Society | None, people: int | None, margin: float,
    bundle: int | None, bounds: Bounds, seed: int,
) -> DisclosureCase:  # fmt: skip
    """Check everything, and return what people decide in.

    Raises
    ------
    MenuError, TableError
        As `disclose`.
    """
    aims = aims_of(rater, privileges)
    menu = default_menu() if menu is None else menu
    check_columns(menu, dataset.X, [str(name) for name in dataset.sensitive.columns])
    actions = menu.visible(list(dataset.X.columns))
    if bundle is not None and bundle < 0:
        raise MenuError("bundle", f"is {bundle}", "give at least 0")
    chances, notes = column(dataset, "probability", probability)
    incomes, income_notes = column(dataset, "income", income)
    factors, _ = column(dataset, "cost_factor", cost_factor)
    check_ranges(chances, incomes, factors)
    heard = bounds.heard(len(dataset))
    if society is not None and len(society) != len(dataset):
        raise TableError("society", f"has {len(society)} citizens, the dataset {len(dataset)}",
                         "give the society that the dataset is a view of")  # fmt: skip
    rows = sampled(dataset, people, seed)
    sample = dataset.take(rows)
    problem = DecisionProblem(
        model=rater, score=score_function(rater), people=sample, everyone=dataset, rows=rows,
        actions=actions, aims=aims,
        economy=_economy(actions, dataset, rows, incomes, factors, bounds, menu.id, bundle,
                         None if society is None else society.records),
        margin=margin, temperature=bounds.temperature,
        ties=None if society is None else society.ties, seed=checked_seed(seed),
    )  # fmt: skip
    return DisclosureCase(
        problem=problem,
        chances=None if chances is None else chances[rows],
        outcome=None if sample.y is None else sample.y.to_numpy(dtype=np.float64),
        heard=None if heard is None else heard[rows],
        society=society if len(rows) == len(dataset) and _moves_ties(rater, actions) else None,
        notes=(*notes, *income_notes),
    )


def _moves_ties(rater: Any, actions: tuple[Action, ...]) -> bool:
    """Whether friends' records are seen anew after people moved ties: only an agency sees them."""
    return moves_ties(actions) and isinstance(getattr(rater, "agency", None), Agency)


def _economy(
    actions: tuple[Action, ...], dataset: Dataset, rows: NDArray[np.intp], incomes: Array | None,
    factors: Array | None, bounds: Bounds, menu: str, most: int | None,
    records: pd.DataFrame | None,
) -> Economy:  # fmt: skip
    yearly = np.full(len(dataset), 36.0) if incomes is None else 12 * incomes
    open_to = np.column_stack(
        [
            all_hold(each.who, dataset, f"menu '{menu}', action '{each.id}'", records)
            for each in actions
        ]
    )
    if not open_to.any():
        raise MenuError(f"menu '{menu}'", "has no action that anybody may take",
                        "loosen the conditions in who")  # fmt: skip
    return Economy.of(
        actions, yearly[rows], most=most,
        open_to=None if open_to.all() else open_to[rows],
        budget=bounds.budget,
        factor=None if factors is None else factors[rows],
    )  # fmt: skip


def aims_of(rater: Any, privileges: Any) -> tuple[Aim, ...]:
    """Return what is granted: as given, or as the rater's agency grants it."""
    given = privileges
    if given is None:
        given = getattr(getattr(rater, "agency", None), "privileges", ())
    aims = tuple(
        Aim(id=each.id, name=each.name, threshold=each.threshold, value=each.value)
        for each in given
    )
    if not aims:
        raise MenuError(
            "privileges", "are missing", "give what is granted from which score on (Aim)"
        )
    return aims


def column(dataset: Dataset, name: str, given: Any) -> tuple[Array | None, tuple[str, ...]]:
    """Return one number a person, as given or from the context; and a note when there is none."""
    if given is None and name in dataset.context.columns:
        given = dataset.context[name]
    if given is None:
        missing = {
            "probability": "True probabilities are unknown: accuracy is against the outcome on "
            "file, which improvement does not move.",
            "income": "Incomes are unknown: everybody is given the same, so that costs do not "
            "weigh more on the poor here.",
        }
        return None, (missing[name],) if name in missing else ()
    values = np.asarray(given, dtype=np.float64)
    if values.shape != (len(dataset),) or not np.isfinite(values).all():
        raise TableError(name, "does not give one number a person", f"give {len(dataset)} numbers")
    return values, ()


def check_ranges(chances: Array | None, incomes: Array | None, factors: Array | None) -> None:
    """Raise TableError when a chance, an income or a factor is out of range."""
    if factors is not None and not (factors > 0).all():
        raise TableError("cost_factor", "is not above zero everywhere", "give what costs are times")
    if chances is not None and not ((chances >= 0) & (chances <= 1)).all():
        raise TableError("probability", "is not within 0 and 1", "give chances of keeping")
    if incomes is not None and not (incomes > 0).all():
        raise TableError("income", "is not above zero everywhere", "give thousand yuan a month")


def sampled(dataset: Dataset, people: int | None, seed: int) -> NDArray[np.intp]:
    """Return the rows of a random sample, rising; all when None or more are asked for."""
    generator = Streams(seed).generator("disclosure.people")
    if people is not None and people < 1:
        raise TableError("people", f"is {people}", "give at least 1, or None for everybody")
    if people is None or people >= len(dataset):
        return np.arange(len(dataset))
    return np.sort(generator.choice(len(dataset), people, replace=False))
