"""What people can do about their score: actions, what they move and what they cost."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar, Self

import numpy as np
import pandas as pd
from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from credit_ml.agencies.problems import readable
from credit_ml.core import MenuError, need_known, read_toml
from credit_ml.core.renamed import OldAttribute, renamed_keys
from credit_ml.response.action_kind import action_kinds
from credit_ml.response.column_change import ColumnChange, Value
from credit_ml.response.conditions import Condition
from credit_ml.response.effects import Effect, causal_order
from credit_ml.response.menu_checks import check_action, check_ways
from credit_ml.response.moved_records import moved
from credit_ml.response.tie_moves import TieMove

_MENUS = Path(__file__).with_name("menus")


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
    times: int = Field(default=1, ge=1)
    """How often it may be done: price, effort, risk and effect count each time again."""
    one_of: str = ""
    """Of the actions of a menu that share this name, a person does one at most."""
    effects: tuple[Effect, ...] = Field(default=(), repr=False)
    """What changes of columns carry with them; a menu fills it in (`Menu.effects`)."""
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
    def variants(self) -> "tuple[Action, ...]":
        """Ways of doing it, each a single action: a number of times, or a value among several.

        Examples
        --------
        >>> more = ColumnChange(column="savings", add=500)
        >>> save = Action(id="save", name="save 500", kind="improving", changes=(more,), times=3,
        ...               price=0.5, effort=0.0, source="assumed")
        >>> [(each.id, each.price) for each in save.variants]
        [('save', 0.5), ('save:2', 1.0), ('save:3', 1.5)]
        """
        found = [self._repeated(number) for number in range(1, self.times + 1)]
        for place, change in enumerate(self.changes):
            if change.among:
                found = [each._set(place, value) for each in found for value in change.among]
        if len(found) == 1:
            return tuple(found)
        return tuple(each.model_copy(update={"one_of": self.one_of or self.id}) for each in found)

    def _repeated(self, number: int) -> "Action":
        if number == 1:
            return self
        # What is lost counts as an expectation, each time again.
        counted = ("price", "effort", "outcome_effect", "penalty")
        changed: dict[str, Any] = {name: number * getattr(self, name) for name in counted}
        changed |= {"id": f"{self.id}:{number}", "name": f"{self.name}, {number} times"}
        return self.model_copy(update=changed | {"changes": number * self.changes})

    def _set(self, place: int, value: Value) -> "Action":
        changes = list(self.changes)
        changes[place] = changes[place].model_copy(update={"value": value, "among": ()})
        said = f"{self.name}: {value}"
        return self.model_copy(
            update={"id": f"{self.id}:{value}", "name": said, "changes": tuple(changes)}
        )

    @property
    def risk(self) -> float:
        """Expected penalty, share of own yearly income (Barsotti, Kocer and Santos 2022)."""
        return self.detection * self.penalty


class Menu(BaseModel):
    """Actions to choose from; ``docs/menus.md`` explains every key of its file.

    Examples
    --------
    >>> less = {"column": "amount", "multiply": 0.75, "low": 500}
    >>> own = Menu.from_dict({"id": "loans", "description": "Before asking again.", "actions": [
    ...     {"id": "less", "name": "borrow less", "kind": "improving", "changes": [less],
    ...      "price": 0.0, "effort": 0.02, "source": "assumed"}]})
    >>> own.moved
    ['amount']
    >>> sorted({action.kind for action in default_menu().actions})
    ['cosmetic', 'improving', 'social']
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    description: str
    actions: tuple[Action, ...]
    immutable: tuple[str, ...] = ()
    """Columns that nothing may move."""
    only_up: tuple[str, ...] = ()
    """Columns that rise only: whoever an action would move down in them stays there."""
    only_down: tuple[str, ...] = ()
    effects: tuple[Effect, ...] = ()
    """How columns follow others, in any order, without a circle."""

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
            check_action(f"{place}, action '{action.id}'", action, ids.count(action.id))
        check_ways(menu, place)
        return menu

    def visible(self, columns: list[str]) -> tuple[Action, ...]:
        """Return the actions of which a rater that reads these columns sees something.

        Raises
        ------
        MenuError
            When it sees none.
        """
        seen = tuple(
            variant
            for action in self.actions
            if set(causal_order(self.effects, Bundle((action,)).columns, self.id)) & set(columns)
            for variant in self._ruled(action).variants
        )
        if not seen:
            problem = f"moves {', '.join(sorted(self.moved))}, of which the rater reads none"
            remedy = f"give menu=, a menu of your own on its columns: {', '.join(columns)}"
            raise MenuError(f"menu '{self.id}'", problem, remedy)
        return seen

    @property
    def moved(self) -> list[str]:
        """Columns that its actions move, once each."""
        return list(dict.fromkeys(Bundle(self.actions).columns))

    @property
    def needed(self) -> list[str]:
        """Columns that must be at hand though no model may read them: causes, and what is moved."""
        causes = [name for each in self.effects for name in (each.column, *each.causes)]
        return list(dict.fromkeys([*self.moved, *causes]))

    def _ruled(self, action: Action) -> Action:
        """Put the menu's rules on an action."""
        ways = dict.fromkeys(self.only_up, "up") | dict.fromkeys(self.only_down, "down")
        changes = tuple(
            each.model_copy(update={"way": ways[each.column]}) if each.column in ways else each
            for each in action.changes
        )
        if changes == action.changes and not self.effects:
            return action
        return action.model_copy(update={"changes": changes, "effects": self.effects})


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
        everything = np.full(len(X), (1 << len(self.actions)) - 1, dtype=np.int64)
        return moved(X, self.actions, everything)

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
    own = shipped_menus()
    where = own.get(str(path), Path(path))
    given = read_toml(where, MenuError, f"give {', '.join(own)} or a TOML file")
    return Menu.from_dict(given, place=where.name)


def shipped_menus() -> dict[str, Path]:
    """Files of the package's menus, by their names.

    Examples
    --------
    >>> sorted(shipped_menus())
    ['default', 'payments', 'reports', 'twelve']
    """
    return {each.stem: each for each in sorted(_MENUS.glob("*.toml"))}


def menu_of(menu: "Menu | Mapping[str, Any] | str | Path | None") -> Menu:
    """Return a menu given as itself, as plain values, or by its name or file; else the package's.

    Examples
    --------
    >>> menu_of("twelve").id, menu_of(None).id
    ('twelve', 'default')
    """
    if menu is None:
        return default_menu()
    if isinstance(menu, str | Path):
        return load_menu(menu)
    return Menu.from_dict(menu) if isinstance(menu, Mapping) else menu
