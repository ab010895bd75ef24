"""What people can do about their score: actions, what they move and what they cost."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from credit_ml.agencies.problems import readable
from credit_ml.core import MenuError, known_names, need_known, read_toml
from credit_ml.core.renamed import OldAttribute, renamed_keys
from credit_ml.core.tables.origin import holds_whole
from credit_ml.response.action_kind import action_kinds
from credit_ml.response.conditions import Condition
from credit_ml.response.tie_moves import TieMove
from credit_ml.society import COLUMNS, SENSITIVE

_MENUS = Path(__file__).with_name("menus")


class ColumnChange(BaseModel):
    """How an action moves one column: ``x -> clip(multiply * x + add, low, high)``.

    A column that is missing for a person stays missing; one that lies outside the range
    already is not moved back into it.

    Examples
    --------
    >>> ColumnChange(column="late", add=-1, low=0).apply(pd.Series([0, 3])).tolist()
    [0, 2]
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

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
        if holds_whole(values):
            # No count wraps around below zero.
            unsigned = values.dtype.kind == "u"
            moved = np.fmax(np.rint(moved), 0) if unsigned else np.rint(moved)
        made = pd.Series(moved, index=values.index, name=values.name).astype(values.dtype)
        made.attrs = values.attrs  # what the table says of its columns
        return made


class Action(BaseModel):
    """Something a person can do, at a price in money and an effort in time.

    Examples
    --------
    >>> pay = default_menu().actions[5]
    >>> pay.kind, pay.improves, pay.outcome_effect
    ('improving', True, 0.4)
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    name: str
    kind: str
    """One of `action_kinds`: cosmetic, improving, social, bought."""
    changes: tuple[ColumnChange, ...]
    price: float = Field(ge=0)
    """Thousand yuan; in own yearly incomes it weighs more on the poor."""
    effort: float = Field(ge=0)
    """Share of own yearly income, the same for rich and poor."""
    outcome_effect: float = 0.0
    """Log-odds of truly keeping the obligation; other than 0 for improving actions only."""
    detection: float = Field(default=0.0, ge=0, le=1)
    """Chance of being found out."""
    penalty: float = Field(default=0.0, ge=0)
    """What is then lost, share of own yearly income; people count its expectation as a cost."""
    who: tuple[Condition, ...] = ()
    """What must hold of a person who takes it; anybody may by default."""
    ties: TieMove | None = None
    """What a social action truly does to ties, where there are any; `changes` is then what the
    person expects of it."""
    source: str

    @field_validator("kind")
    @classmethod
    def _known(cls, kind: str) -> str:
        need_known(MenuError, "", kind, action_kinds())
        return kind

    @property
    def improves(self) -> bool:
        """Whether it may move the true outcome."""
        return action_kinds()[self.kind].improves

    @property
    def risk(self) -> float:
        """Expected penalty, share of own yearly income (Barsotti, Kocer and Santos 2022)."""
        return self.detection * self.penalty


class Menu(BaseModel):
    """Actions to choose from.

    Examples
    --------
    >>> sorted({action.kind for action in default_menu().actions})
    ['cosmetic', 'improving', 'social']
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    description: str
    actions: tuple[Action, ...]

    prose: ClassVar[OldAttribute] = OldAttribute("description")

    @model_validator(mode="before")
    @classmethod
    def _new_keys(cls, given: Any) -> Any:
        return renamed_keys(given, {"prose": "description"}, f"menu '{given.get('id')}'")

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
        MenuError.unless(ids, place, "has no actions", "give at least one")
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
        seen = tuple(each for each in self.actions if set(Bundle((each,)).columns) & set(columns))
        if not seen:
            moved = sorted(set(Bundle(self.actions).columns))
            problem = f"moves {', '.join(moved)}, of which the rater reads none"
            remedy = f"give actions on its columns: {', '.join(columns)}"
            raise MenuError(f"menu '{self.id}'", problem, remedy)
        return seen


@dataclass(frozen=True)
class Bundle:
    """Actions done together; the empty one is to do nothing.

    Examples
    --------
    >>> Bundle(default_menu().actions[:2]).cost(np.array([10.0])).round(3).tolist()
    [0.101]
    """

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
    def columns(self) -> list[str]:
        """Columns that its actions move, in their order; one that several move comes again."""
        return [change.column for action in self.actions for change in action.changes]

    @property
    def outcome_effect(self) -> float:
        """Change of the true log-odds."""
        return sum(action.outcome_effect for action in self.actions)


def default_menu() -> Menu:
    """Return the package's menu of eight actions, drawn from S1, S3, S12 and S13.

    Examples
    --------
    >>> len(default_menu().actions)
    8
    """
    return load_menu("default")


def load_menu(path: str | Path) -> Menu:
    """Read a menu of the package by its name, or one of one's own from a TOML file.

    Menus of the package are the files of ``credit_ml/response/menus``.

    Raises
    ------
    MenuError
        When the file or anything in it cannot be used.

    Examples
    --------
    >>> len(load_menu("twelve").actions)
    12
    """
    own = {each.stem: each for each in sorted(_MENUS.glob("*.toml"))}
    where = own.get(str(path), Path(path))
    given = read_toml(where, MenuError, f"give {', '.join(own)} or a TOML file")
    return Menu.from_dict(given, place=where.name)


def _check_action(place: str, action: Action, times: int) -> None:
    MenuError.unless(not times > 1, place, "is given twice", "rename one")
    if action.outcome_effect and not action.improves:
        raise MenuError(place, f"is {action.kind} and has an outcome_effect", "make it improving")
    if action.ties is not None and not action_kinds()[action.kind].moves_ties:
        raise MenuError(place, f"is {action.kind} and moves ties", "make it social")
    MenuError.unless(action.changes, place, "moves no column", "give at least one change")
    for change in action.changes:
        if change.column in SENSITIVE or change.column == "age":
            problem = f"moves the sensitive feature '{change.column}'"
            raise MenuError(place, problem, "give columns of records")
        if not change.low <= change.high:
            problem = f"has low {change.low:g} above high {change.high:g}"
            raise MenuError(place, problem, "swap them")


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
