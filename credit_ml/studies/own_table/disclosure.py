"""What people in a table of one's own would do if they were told about its score."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from credit_ml.core import Array, Dataset, MenuError, ModelError, TableError, known_names, read_toml
from credit_ml.disclosure import Disclosure, Regime, disclose
from credit_ml.disclosure.case import sampled
from credit_ml.disclosure.regimes import checked_regimes
from credit_ml.inference import kept_references
from credit_ml.response import Aim, Menu, ResponseOptions
from credit_ml.response.aim import FAVOURABLE
from credit_ml.response.conditions import all_hold
from credit_ml.response.menu import menu_of
from credit_ml.response.menu_checks import check_columns
from credit_ml.response.options import refuse_prices
from credit_ml.scoring import CrossFitted, ScoreFunction, score_function
from credit_ml.studies.own_table.spec import TableAudit
from credit_ml.studies.own_table.user_input import numbers_in

#: Regimes that a table with cross-fitted models cannot support, and what they would need.
NOT_HERE = {"friends": "ties between people", "models": "one model that is fitted again"}
#: People followed.
FOLLOWED = 5000


@dataclass(frozen=True, kw_only=True)
class Telling:
    """What people are told, what they can do, and what the decision is worth to them."""

    menu: Menu
    regimes: tuple[Regime, ...]
    value: float
    """Of the favourable decision, share of a year's income."""
    aims: tuple[Aim, ...]
    """What is won, by which score; empty where it is the favourable decision alone."""
    income: Array | None
    """A month, in the unit of the menu's prices; None when it is unknown."""


def telling(asked: TableAudit, dataset: Dataset) -> Telling:
    """Check what was asked for, before any model is trained.

    Raises
    ------
    MenuError
        When the menu or a regime cannot be used, or the value is below zero.
    TableError
        When the column of incomes cannot be.
    """
    menu, value, income = asked.menu, asked.value, asked.income
    read = menu_of(menu)
    _refuse_absent(read, dataset)
    check_columns(read, dataset.X, [str(name) for name in dataset.sensitive.columns])
    for action in read.actions:
        all_hold(action.who, dataset, f"menu '{read.id}', action '{action.id}'")
    if not (np.isfinite(value) and value >= 0):
        raise MenuError("value", f"is {value:g}", "give a share of a year's income, at least 0")
    told = tuple(checked_regimes(asked.regimes))
    for regime in told:
        if regime.id in NOT_HERE:
            problem = f"needs {NOT_HERE[regime.id]}"
            raise MenuError(f"regime '{regime.id}'", problem, "leave it out for a table")
    frame = None if dataset.raw is None else dataset.raw.columns(list(dataset.raw.frame.columns))
    incomes = None
    if income is None:
        refuse_prices(read)
    else:
        incomes = _incomes(dataset.X if frame is None else frame, income, dataset.name)
    aims = () if asked.privileges is None else _aims(asked.privileges, read)
    return Telling(menu=read, regimes=told, value=float(value), aims=aims, income=incomes)


def _aims(given: Any, menu: Menu) -> tuple[Aim, ...]:
    """What is won, from a mapping or a TOML file."""
    if isinstance(given, str | Path):
        file = read_toml(given, MenuError, "give a TOML file of privileges")
        given = file.get("privileges", file)
    return ResponseOptions(menu=menu, privileges=given).aims(None)


def _refuse_absent(menu: Menu, dataset: Dataset) -> None:
    """Raise MenuError for a column that a rater of a society may see, and this table has not."""
    known = [str(name) for name in dataset.X.columns]
    for action in menu.actions:
        for change in action.changes:
            if change.column not in known:
                problem = f"column '{change.column}' is unknown"
                remedy = known_names(change.column, known)
                if dataset.raw is not None and change.column in dataset.raw.frame.columns:
                    problem = f"column '{change.column}' is no factor, so no score moves with it"
                    remedy = "name it in factors, or leave the action out of the menu"
                raise MenuError(f"menu '{menu.id}', action '{action.id}'", problem, remedy)


def _incomes(frame: pd.DataFrame, column: str, place: str) -> Array:
    incomes = numbers_in(frame, column, "income", place).to_numpy()
    if not (incomes > 0).all():
        problem = "is not above zero everywhere"
        raise TableError(f"{place}, income '{column}'", problem, "give incomes a month")
    return incomes


def disclosed(
    model: Any,
    dataset: Dataset,
    told: Telling,
    *,
    threshold: float,
    references: Mapping[str, str] | None = None,
    seed: int,
) -> Disclosure:
    """Let people respond to each regime; of a CrossFitted, to the model that never saw them.

    The favourable decision of the audit, from a probability on, is what they want. All folds
    are followed together, up to `FOLLOWED` people drawn at random; gaps are to the reference
    groups of the whole table.

    Cost: as `disclose` of a model that can only be asked.
    """
    rows = sampled(dataset, FOLLOWED, seed)
    people = dataset.take(rows)
    aim = Aim(id="line", name=FAVOURABLE, threshold=threshold, value=told.value)
    response = ResponseOptions(
        menu=told.menu,
        privileges=told.aims or [aim],
        income=None if told.income is None else told.income[rows],
    )
    crossed = isinstance(model, CrossFitted)
    model_of_each = out_of_fold(model, rows) if crossed else model
    found = disclose(
        model_of_each,
        people,
        regimes=told.regimes,
        response=response,
        people=None,
        reference_groups=kept_references(dataset, people, None, references),
        seed=seed,
    )
    return replace(found, notes=(*found.notes, *_notes(told)[not crossed :]))


def out_of_fold(model: CrossFitted, rows: NDArray[np.intp]) -> ScoreFunction:
    """Return the score of some people, known by the labels of their rows: 0, 1 and so on.

    Whatever becomes of a person's records, they are scored by the model of their own fold.

    Parameters
    ----------
    model : CrossFitted
    rows : ndarray
        Where the people stand in the dataset that the model was fitted on.
    """
    fold = np.empty(len(model), dtype=np.intp)
    for number, (members, _) in enumerate(model.folds):
        fold[members] = number
    own = fold[rows]
    scores = [
        score_function(each.model, "probability", direction="higher_is_better")
        for each in model.folds
    ]

    def raw(X: pd.DataFrame) -> Array:
        # Labels, not places: a table of some people keeps the labels of all.
        labels = X.index.to_numpy()
        if len(labels) and not (labels.min() >= 0 and labels.max() < len(own)):
            problem = "was asked about people it does not know"
            raise ModelError(model.name, problem, "ask about rows of its table")
        found = np.empty(len(X))
        for number, score in enumerate(scores):
            who = np.flatnonzero(own[labels] == number)
            if len(who):
                found[who] = score(X.iloc[who])
        return found

    return ScoreFunction(name=model.name, unit="probability", raw=raw)


def _notes(told: Telling) -> tuple[str, ...]:
    return (
        "Everybody is followed with the model of their own fold, which never saw them.",
        f"It is assumed that the favourable decision is worth {100 * told.value:g} % of a year's "
        f"income to everybody; costs are those of the menu '{told.menu.id}', and which actions "
        "improve is its claim.",
    )
