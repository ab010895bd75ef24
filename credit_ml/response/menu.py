"""What people can do about their score: actions, what they move and what they cost."""

import math
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal, Self

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict, ValidationError

from credit_ml.agencies.problems import readable
from credit_ml.core import MenuError, known_names
from credit_ml.response.conditions import Condition
from credit_ml.response.tie_moves import TieMove
from credit_ml.society import COLUMNS, SENSITIVE

Kind = Literal["cosmetic", "improving", "social", "bought"]
#: Kinds that leave the true outcome as it is, whatever they do to the score.
GAMING = ("cosmetic", "social", "bought")


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class ColumnChange(_Part):
    """How an action moves one column: ``x -> clip(multiply * x + add, low, high)``.

    A column that is missing for a person stays missing; one that lies outside the range
    already is not moved back into it.
    """

    column: str
    add: float = 0.0
    multiply: float = 1.0
    low: float = -math.inf
    """Not moved below this."""
    high: float = math.inf
    """Not moved above this."""

    def apply(self, values: pd.Series) -> pd.Series:
        """Return the column after the action; counts stay whole."""
        numbers = values.to_numpy(dtype=np.float64, na_value=np.nan)
        moved = self.multiply * numbers + self.add
        # Whoever is beyond the range already stays there.
        moved = np.clip(moved, np.fmin(self.low, numbers), np.fmax(self.high, numbers))
        if values.dtype.kind in "iu":
            # No count wraps around below zero.
            least = np.iinfo(getattr(values.dtype, "numpy_dtype", values.dtype)).min
            moved = np.rint(moved) if least else np.fmax(np.rint(moved), 0)
        return pd.Series(moved, index=values.index, name=values.name).astype(values.dtype)


class Action(_Part):
    """Something a person can do, at a price in money and an effort in time."""

    id: str
    name: str
    kind: Kind
    """cosmetic: moves records only; improving: also the true outcome; social: moves ties;
    bought: records moved by somebody who is paid for it (S16)."""
    changes: tuple[ColumnChange, ...]
    price: float
    """Thousand yuan; in own yearly incomes it weighs more on the poor."""
    effort: float
    """Share of own yearly income, the same for rich and poor."""
    outcome_effect: float = 0.0
    """Log-odds of truly keeping the obligation; other than 0 for improving actions only."""
    detection: float = 0.0
    """Chance of being found out."""
    penalty: float = 0.0
    """What is then lost, share of own yearly income; people count its expectation as a cost."""
    who: tuple[Condition, ...] = ()
    """What must hold of a person who takes it; anybody may by default."""
    ties: TieMove | None = None
    """What a social action truly does to ties, where there are any; `changes` is then what the
    person expects of it."""
    source: str

    @property
    def risk(self) -> float:
        """Expected penalty, share of own yearly income (Barsotti, Kocer and Santos 2022)."""
        return self.detection * self.penalty


class Menu(_Part):
    """Actions to choose from.

    Examples
    --------
    >>> sorted({action.kind for action in default_menu().actions})
    ['cosmetic', 'improving', 'social']
    """

    id: str
    prose: str
    actions: tuple[Action, ...]

    @classmethod
    def from_dict(cls, given: Mapping[str, Any], *, place: str = "menu") -> Self:
        """Make a menu from nested plain values.

        Raises
        ------
        MenuError
            When a key is unknown, a cost is negative, an action moves a sensitive feature or
            nothing at all, or a cosmetic action claims to change the outcome.
        """
        try:
            menu = cls.model_validate(given)
        except ValidationError as error:
            raise readable(error, cls, place=place, kind=MenuError) from None
        ids = [action.id for action in menu.actions]
        if not ids:
            raise MenuError(place, "has no actions", "give at least one")
        for action in menu.actions:
            _check_action(f"{place}, action '{action.id}'", action, ids.count(action.id))
        return menu

    def visible(self, columns: list[str]) -> tuple[Action, ...]:
        """Return the actions of which a rater that reads these columns sees something.

        Raises
        ------
        MenuError
            When it sees none.
        """
        seen = tuple(
            action
            for action in self.actions
            if any(change.column in columns for change in action.changes)
        )
        if not seen:
            moved = sorted({change.column for a in self.actions for change in a.changes})
            raise MenuError(
                f"menu '{self.id}'",
                f"moves {', '.join(moved)}, of which the rater reads none",
                f"give actions on its columns: {', '.join(columns)}",
            )
        return seen


@dataclass(frozen=True)
class Bundle:
    """Actions done together; the empty one is to do nothing."""

    actions: tuple[Action, ...]

    def apply(self, X: pd.DataFrame) -> pd.DataFrame:
        """Return the table after everybody did these actions."""
        moved: dict[str, pd.Series] = {}
        for action in self.actions:
            for change in action.changes:
                if change.column in X.columns:
                    moved[change.column] = change.apply(moved.get(change.column, X[change.column]))
        return X.assign(**moved) if moved else X

    def cost(self, yearly_income: np.ndarray) -> np.ndarray:
        """Cost to each person, in shares of own yearly income (thousand yuan)."""
        price = sum(action.price for action in self.actions)
        effort = sum(action.effort + action.risk for action in self.actions)
        cost: np.ndarray = price / yearly_income + effort
        return cost

    @property
    def outcome_effect(self) -> float:
        """Change of the true log-odds."""
        return sum(action.outcome_effect for action in self.actions)


#: Menus of the package.
MENUS = ("default", "twelve")


def default_menu() -> Menu:
    """Return the package's menu of eight actions, drawn from S1, S3, S12 and S13."""
    return load_menu("default")


def load_menu(path: str | Path) -> Menu:
    """Read a menu of the package (`MENUS`), or one of one's own from a TOML file.

    Raises
    ------
    MenuError
        When the file or anything in it cannot be used.
    """
    if path in MENUS:
        text = (files("credit_ml.response") / "menus" / f"{path}.toml").read_text("utf-8")
        return Menu.from_dict(tomllib.loads(text), place=f"menu {path}")
    where = Path(path)
    try:
        given = tomllib.loads(where.read_text(encoding="utf-8"))
    except OSError as error:
        raise MenuError(str(path), "cannot be read", "give a TOML file") from error
    except tomllib.TOMLDecodeError as error:
        raise MenuError(str(path), f"is not TOML ({error})", "mend that line") from error
    return Menu.from_dict(given, place=where.name)


def _check_action(place: str, action: Action, times: int) -> None:
    if times > 1:
        raise MenuError(place, "is given twice", "rename one")
    for name in ("price", "effort", "penalty"):
        value = getattr(action, name)
        if not value >= 0:
            raise MenuError(f"{place}, {name}", f"is {value:g}", "give at least 0")
    if not 0 <= action.detection <= 1:
        raise MenuError(f"{place}, detection", f"is {action.detection:g}", "give a chance, 0 to 1")
    if action.outcome_effect and action.kind != "improving":
        raise MenuError(place, f"is {action.kind} and has an outcome_effect", "make it improving")
    if action.ties is not None and action.kind != "social":
        raise MenuError(place, f"is {action.kind} and moves ties", "make it social")
    if not action.changes:
        raise MenuError(place, "moves no column", "give at least one change")
    for change in action.changes:
        if change.column in SENSITIVE or change.column == "age":
            problem = f"moves the sensitive feature '{change.column}'"
            raise MenuError(place, problem, "give columns of records")
        if not change.low <= change.high:
            raise MenuError(
                place, f"has low {change.low:g} above high {change.high:g}", "swap them"
            )


def check_columns(menu: Menu, X: pd.DataFrame, sensitive: Sequence[str] = ()) -> None:
    """Refuse changes that cannot be made, or that make people somebody else.

    Parameters
    ----------
    sensitive : sequence of str
        Sensitive features. The column that one of them is a band of, such as ``age`` of
        ``age_band``, is sensitive too.

    Raises
    ------
    MenuError
        When neither the table nor the society has a column, it holds no numbers, or it is
        sensitive.
    """
    guarded = {name for each in sensitive for name in (each, _banded_from(each))}
    for action in menu.actions:
        place = f"menu '{menu.id}', action '{action.id}'"
        for name in (change.column for change in action.changes):
            if name in guarded:
                problem = f"moves the sensitive feature '{name}'"
                raise MenuError(place, problem, "give columns of records")
            if name not in X.columns and name not in COLUMNS:
                remedy = known_names(name, [str(column) for column in X.columns])
                raise MenuError(place, f"column '{name}' is unknown", remedy)
            if name in X.columns and X[name].dtype.kind not in "iuf":
                raise MenuError(place, f"column '{name}' holds no numbers", "move another column")


def _banded_from(feature: str) -> str:
    return feature.removesuffix(" band").removesuffix("_band")
