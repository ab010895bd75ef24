"""How people respond: what they can do, what it costs them, and what keeps them from the best."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike

from credit_ml.core import Array, Dataset, Mask, MenuError, TableError, known_names
from credit_ml.core.errors import Remedy
from credit_ml.core.renamed import translated, warn_renamed
from credit_ml.response.aim import Aim
from credit_ml.response.menu import Menu, menu_of, shipped_menus

_Called = TypeVar("_Called", bound=Callable[..., Any])
_Call = tuple[tuple[Any, ...], dict[str, Any]]

#: What is said where nobody gave a number for each person.
_MISSING = {
    "probability": "True probabilities are unknown: accuracy is against the outcome on file, which "
    "improvement does not move.",
    "income": "Incomes are unknown: everybody is given the same, so that costs do not weigh more "
    "on the poor here.",
}


@dataclass(frozen=True, kw_only=True)
class ResponseOptions:
    """What people can do about a score, and how well they choose; rational by default.

    Raises
    ------
    MenuError
        When the temperature, the budget or the size of bundles is below zero.

    Examples
    --------
    >>> ResponseOptions(margin=5.0, budget=0.02).chosen_menu.id
    'default'
    """

    menu: Menu | Mapping[str, Any] | str | Path | None = None
    """What people can do: a menu, its values, its name or its TOML file; the package's by
    default."""
    privileges: Sequence[Any] | Mapping[str, Any] | None = None
    """What is granted from which score on, by name, such as
    ``{"a loan": {"threshold": 0.5, "value": 0.1}}``, value being what people would give for it in
    shares of a year's income; or objects with ``id, name, threshold, value``. A rater's agency
    gives its own. The first is the decision that is measured."""
    penalties: Sequence[Any] | Mapping[str, Any] | None = None
    """What falls on people below which score, by name, such as
    ``{"a list": {"below": 400, "cost": 0.2}}``, cost being a share of a year's income; or objects
    with ``id, name, below, cost``. A rater's agency imposes its own; ``()`` is none. Either may
    have a ``share`` of people in place of points: limited places for those with the most, or a
    list of those with the fewest."""
    bundle: int | None = 2
    """Actions done together at most; None for any number."""
    margin: float = 0.0
    """How far above a threshold people want to be before they count on it."""
    temperature: float = 0.0
    """Response noise, share of a year's income: a bundle is taken with a chance in proportion to
    ``exp(gain / temperature)`` (McKelvey and Palfrey 1995); 0 takes the best."""
    budget: float | None = None
    """The most that anybody can spend, share of a year's income."""
    informed: ArrayLike | None = None
    """Whether each person of the dataset has heard what is disclosed (`informed` spreads it over
    ties); everybody by default. Who has not, does nothing."""
    income: ArrayLike | None = None
    """A month, in the unit of the menu's prices (thousand yuan in the package's menus);
    ``dataset.context["income"]`` if there, else everybody has 3, which matters to prices only."""
    cost_multiplier: ArrayLike | None = None
    """What everything costs each person, times the menu's costs: a group's disadvantage, or a
    subsidy below 1 (Hu, Immorlica and Vaughan 2019)."""
    probability: ArrayLike | None = None
    """True probability of keeping an obligation; ``dataset.context["probability"]`` if there.
    Without it the outcome on file stands, and improvement does not move it."""

    def __post_init__(self) -> None:
        for name in ("temperature", "budget", "bundle"):
            MenuError.unless_at_least(0, name, getattr(self, name))

    @property
    def chosen_menu(self) -> Menu:
        """The menu, or the package's."""
        return menu_of(self.menu)

    def aims(self, rater: Any) -> tuple[Aim, ...]:
        """Return what is granted and imposed: as given, or as the rater's agency has it.

        Privileges come first, so that the first aim is a penalty where nothing is granted.

        Raises
        ------
        MenuError
            When nothing is granted or imposed, or a list takes whom something is granted.
        """
        agency = getattr(rater, "agency", None)
        granted = _listed(getattr(agency, "privileges", ()), self.privileges)
        imposed = _listed(getattr(agency, "penalties", ()), self.penalties)
        remedy = "give what is granted: privileges={'a loan': {'threshold': 0.5, 'value': 0.1}}"
        MenuError.unless(granted or imposed, "privileges", "are missing", remedy)
        aims = (*(_aim(each) for each in granted), *(_aim(each, imposed=True) for each in imposed))
        _check_schedule(aims)
        return aims

    def heard(self, people: int) -> Mask | None:
        """Return who has heard, checked; None when everybody has.

        Raises
        ------
        TableError
            When it is not one truth value a person.
        """
        if self.informed is None:
            return None
        heard: Mask = np.asarray(self.informed)
        if heard.shape != (people,) or heard.dtype != bool:
            problem = "does not give one truth value a person"
            raise TableError("informed", problem, f"give {people}, True or False")
        return heard

    def yearly_income(self, dataset: Dataset) -> tuple[Array, tuple[str, ...]]:
        """Return what each person earns a year, and what must be said where nobody knows it."""
        monthly, notes = self.column(dataset, "income")
        return np.full(len(dataset), 36.0) if monthly is None else 12 * monthly, notes

    def column(self, dataset: Dataset, name: str) -> tuple[Array | None, tuple[str, ...]]:
        """Return one number a person, as given or from the context; and a note when there is none.

        Raises
        ------
        TableError
            When numbers do not fit the people, or are out of range.
        """
        given = getattr(self, name)
        if given is None and name in dataset.context.columns:
            given = dataset.context[name]
        if given is None:
            return None, (_MISSING[name],) if name in _MISSING else ()
        values = np.asarray(given, dtype=np.float64)
        values = values if values.ndim else np.full(len(dataset), values)
        if values.shape != (len(dataset),) or not np.isfinite(values).all():
            problem = "does not give one number a person"
            raise TableError(name, problem, f"give {len(dataset)} numbers")
        if name == "probability" and not ((values >= 0) & (values <= 1)).all():
            raise TableError(name, "is not within 0 and 1", "give chances of keeping")
        if name != "probability" and not (values > 0).all():
            raise TableError(name, "is not above zero everywhere", "give numbers above 0")
        return values, ()


def refuse_prices(menu: Menu) -> None:
    """Refuse prices of a menu of one's own where no income is known to hold them against.

    They may be in any unit; only those of the package's menus are known to be thousand yuan.

    Raises
    ------
    MenuError
        When an action of such a menu has a price.

    Examples
    --------
    >>> refuse_prices(menu_of("twelve"))
    """
    dear = [action.id for action in menu.actions if action.price > 0]
    if dear and menu.id not in shipped_menus():
        problem = f"has prices ({', '.join(dear)}), and nobody's income is known beside them"
        remedy = Remedy(
            "give income=, or a column 'income' in the context, a month in the unit of the prices; "
            "or price 0 and an effort",
            "say --income COLUMN, a month in the unit of the prices, or price 0 and an effort",
        )
        raise MenuError(f"menu '{menu.id}'", problem, remedy)


def _listed(own: Sequence[Any], given: Sequence[Any] | Mapping[str, Any] | None) -> Sequence[Any]:
    """Return what is given, by name or as it is; else what the agency has of its own."""
    if isinstance(given, Mapping):
        return [{"name": name, **_keys(name, each)} for name, each in given.items()]
    return own if given is None else given


def _check_schedule(aims: Sequence[Aim]) -> None:
    """Refuse a penalty that falls on people whom something is granted at the same time."""
    granted = [each for each in aims if not each.imposed and each.share is None]
    lowest = min(granted, key=lambda each: each.threshold, default=None)
    for each in aims if lowest is not None else ():
        if each.imposed and each.share is None and lowest is not None:
            problem = f"falls below {each.threshold:g}, and '{lowest.name}' is granted from "
            problem += f"{lowest.threshold:g}"
            remedy = f"let it fall below {lowest.threshold:g} at most"
            place = f"penalty '{each.name}'"
            MenuError.unless(each.threshold <= lowest.threshold, place, problem, remedy)


def _keys(name: str, given: Any) -> Mapping[str, Any]:
    usable, remedy = isinstance(given, Mapping), "give {'threshold': 0.5, 'value': 0.1}"
    MenuError.unless(usable, f"privilege '{name}'", f"is {given!r}", remedy)
    return {str(key): value for key, value in given.items()}


#: Names of a privilege's and a penalty's keys, and those of an `Aim`.
_KEYS: dict[bool, dict[str, str]] = {
    False: {
        "id": "id",
        "name": "name",
        "threshold": "threshold",
        "value": "value",
        "share": "share",
    },
    True: {"id": "id", "name": "name", "below": "threshold", "cost": "value", "share": "share"},
}


def _aim(given: Any, *, imposed: bool = False) -> Aim:
    """Read what is granted or imposed off a mapping, or off an object with the same names."""
    if isinstance(given, Aim):
        return replace(given, imposed=imposed or given.imposed)
    keys = _KEYS[imposed]
    if not isinstance(given, Mapping):
        found = {new: getattr(given, old) for old, new in keys.items() if hasattr(given, old)}
        return Aim(**found, imposed=imposed)
    told = {"id": given.get("name"), "name": given.get("id"), **given}
    place = f"{'penalty' if imposed else 'privilege'} '{told['name']}'"
    for key in told:
        MenuError.unless(key in keys, place, f"has the key '{key}'", known_names(str(key), keys))
    points, worth = ("below", "cost") if imposed else ("threshold", "value")
    for key in ("share" if told.get("share") is not None else points, worth):
        number = told.get(key)
        usable = isinstance(number, int | float) and not isinstance(number, bool)
        problem = f"lacks {key}" if number is None else f"has the {key} {number!r}"
        MenuError.unless(usable, place, problem, f"give a number for {key}")
    return Aim(**{keys[key]: value for key, value in told.items()}, imposed=imposed)


#: Single options that instruments took before they took `response`, and their names now.
_SINGLE = {each.name: each.name for each in fields(ResponseOptions)} | {
    "cost_factor": "cost_multiplier"
}


def takes_response(instrument: _Called) -> _Called:
    """Let an instrument be called with single options, as before; each warns.

    Examples
    --------
    >>> import warnings
    >>> @takes_response
    ... def margin(*, response=ResponseOptions()):
    ...     return response.margin
    >>> with warnings.catch_warnings(action="ignore"):
    ...     margin(margin=5.0)
    5.0
    """

    def translate(name: str, arguments: tuple[Any, ...], keywords: dict[str, Any]) -> _Call:
        single = {old: keywords.pop(old) for old in ("bounds", *_SINGLE) if old in keywords}
        if single:
            bounds = single.pop("bounds", None)
            response = keywords.get("response") or bounds or ResponseOptions()
            for old in single or ("bounds",):
                new = f"{name}(response=ResponseOptions({_SINGLE.get(old, '...')}=))"
                warn_renamed(f"{name}({old}=)", new)
            changes = {_SINGLE[old]: value for old, value in single.items()}
            keywords["response"] = replace(response, **changes)
        return arguments, keywords

    return translated(instrument, translate)
