"""How critics are hit, whom an auditor takes for one, and how often it is tried."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeGuard

import numpy as np

from credit_ml.core import Array, InputError
from credit_ml.inference import checked_societies

#: Fewest citizens of a sample.
_FEWEST = 20
#: Penalty, and lawful difference of records, that no score has, in standard deviations.
MOST_PENALTY, MOST_WORSE = 10.0, 5.0

#: Rates that tables show and figures name, or those next to them.
_SHOWN = (0.0, 0.05, 0.1, 0.25, 0.5, 1.0)


@dataclass(frozen=True, kw_only=True)
class PoliticalOptions:
    """How critics are hit, whom an auditor takes for one, and how often it is tried.

    Raises
    ------
    InputError
        When a field is out of its range, or not a number.

    Examples
    --------
    >>> PoliticalOptions(rates=(0.0, 1.0)).alpha
    0.05
    """

    rates: tuple[float, ...] = (0.0, 0.05, 0.1, 0.25, 0.5, 1.0)
    """Shares of critics who are hit, rising from 0 to at most 1."""
    sizes: tuple[int, ...] = (1_250, 5_000, 20_000)
    """Citizens whom an auditor sees; at most those of the world."""
    penalty: float = 0.75
    """Points taken of whoever is hit, in standard deviations of the score, above 0 and under 10.
    Assumed: of a score of the Sesame type that is about a hundred points, as between two
    privileges."""
    posts: int = 2
    """Critical posts a year from which an auditor takes one for a critic, at least 1."""
    mistakes: float = 0.005
    """Chance to be listed by mistake, whoever one is, above 0. Assumed: without mistakes one
    listing that no court ordered would be proof."""
    worse: float = 0.8
    """How much worse the lawful records of critics are, in standard deviations, from 0 to 5, in a
    second set of societies without abuse; 0 leaves it out."""
    societies: int = 200
    cities: int = 20
    """Honest cities beside which an auditor without names holds the scores, at least 2."""
    alpha: float = 0.05
    """Chance of a false alarm of every test, above 0 and under one half."""
    power: float = 0.8
    """With which a rate counts as found, above `alpha` and under 1."""

    def __post_init__(self) -> None:
        rates, sizes = (_rising(name, getattr(self, name)) for name in ("rates", "sizes"))
        usable = rates[0] >= 0 and rates[-1] <= 1
        given = f"are {list(self.rates)}"
        InputError.unless(usable, "rates", given, "give rising shares from 0 to 1")
        InputError.unless(rates[0] == 0, "rates", "lack 0", "add it, for false alarms")
        least = f"give whole numbers of at least {_FEWEST}"
        usable = sizes[0] >= _FEWEST and bool((sizes % 1 == 0).all())
        InputError.unless(usable, "sizes", f"are {list(self.sizes)}", least)
        self._check_numbers()
        _check_whole("posts", self.posts, 1)
        checked_societies(self.societies)
        _check_whole("cities", self.cities, 2)
        problem = f"are {self.cities} beside {self.societies} societies"
        usable = self.cities < self.societies
        InputError.unless(usable, "cities", problem, "give fewer than societies")

    def _check_numbers(self) -> None:
        for name, least, most, why in (
            ("penalty", 0.0, MOST_PENALTY, ""),
            ("mistakes", 0.0, 1.0, ": without mistakes one listing would be proof"),
            ("alpha", 0.0, 0.5, ""),
            ("power", self.alpha, 1.0, ""),
        ):
            value = getattr(self, name)
            usable = is_number(value) and least < value < most
            remedy = f"give a number above {least:g} and under {most:g}{why}"
            InputError.unless(usable, name, f"is {value!r}", remedy)
        usable = is_number(self.worse) and 0.0 <= self.worse <= MOST_WORSE
        InputError.unless(usable, "worse", f"is {self.worse!r}", f"give 0 to {MOST_WORSE:g}")


def _rising(name: str, given: Any) -> Array:
    """Numbers that rise; anything else is refused."""
    several = isinstance(given, tuple | list)
    numbers = several and len(given) > 0 and all(is_number(each) for each in given)
    values = np.asarray(given if numbers else [np.nan], dtype=np.float64)
    usable = bool(np.isfinite(values).all() and (np.diff(values) > 0).all())
    said = f"are {list(given)}" if several else f"are {given!r}"
    InputError.unless(usable, name, said, "give finite numbers that rise, one or more")
    return values


def named_rates(rates: Sequence[float]) -> list[float]:
    """Return rates that can be read beside each other: of many those next to usual ones.

    Examples
    --------
    >>> named_rates([0, 0.01, 0.05, 0.1, 0.24, 0.5, 0.6, 1])
    [0.0, 0.05, 0.1, 0.24, 0.5, 1.0]
    """
    held = [float(rate) for rate in rates]
    if len(held) <= len(_SHOWN):
        return held
    return sorted({min(held, key=lambda rate: abs(rate - usual)) for usual in _SHOWN})


def is_number(value: object) -> TypeGuard[float]:
    """Whether something is a number; a truth value is none."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def _check_whole(name: str, value: object, least: int) -> None:
    whole = isinstance(value, int) and not isinstance(value, bool) and value >= least
    InputError.unless(whole, name, f"is {value!r}", f"give a whole number of at least {least}")
