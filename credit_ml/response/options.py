"""How people respond: what they can do, what it costs them, and what keeps them from the best."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, TypeVar

import numpy as np
from numpy.typing import ArrayLike

from credit_ml.core import Array, Dataset, Mask, MenuError, TableError
from credit_ml.core.renamed import translated, warn_renamed
from credit_ml.response.aim import Aim
from credit_ml.response.menu import Menu, default_menu

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

    menu: Menu | None = None
    """What people can do; the package's menu by default."""
    privileges: Sequence[Any] | None = None
    """What is granted from which score on: objects with ``id, name, threshold, value``. A rater's
    agency gives its own. The first is the decision that is measured."""
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
    """Thousand yuan a month; ``dataset.context["income"]`` if there, else everybody has 3."""
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
        return default_menu() if self.menu is None else self.menu

    def aims(self, rater: Any) -> tuple[Aim, ...]:
        """Return what is granted: as given, or as the rater's agency grants it.

        Raises
        ------
        MenuError
            When nothing is.
        """
        own = getattr(getattr(rater, "agency", None), "privileges", ())
        granted = own if self.privileges is None else self.privileges
        remedy = "give what is granted from which score on (Aim)"
        MenuError.unless(granted, "privileges", "are missing", remedy)
        names = [each.name for each in fields(Aim)]
        return tuple(Aim(**{name: getattr(each, name) for name in names}) for each in granted)

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
