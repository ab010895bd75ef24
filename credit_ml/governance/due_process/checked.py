"""What people ask for, refused in one line where it is no name, number or group."""

from collections.abc import Iterable, Mapping, Sequence

from credit_ml.agencies import Agency
from credit_ml.core import InputError, need_known
from credit_ml.governance.number import is_number
from credit_ml.response.options import ResponseOptions
from credit_ml.society import SENSITIVE


def checked_names(place: str, names: Sequence[str] | str, known: Iterable[str]) -> tuple[str, ...]:
    """Return names, each known and given once; a string is that one name.

    Examples
    --------
    >>> checked_names("rules", "full", ["full", "opaque"])
    ('full',)
    """
    given = (names,) if isinstance(names, str) else tuple(names)
    for name in given:
        need_known(InputError, place, name, known)
    twice = next((name for name in given if given.count(name) > 1), "")
    InputError.unless(not twice, place, f"name '{twice}' twice", "name each once")
    return given


def checked_times(place: str, times: Mapping[str, Mapping[str, float]]) -> None:
    """Refuse how many times as often errors befall a group, where group or number cannot be."""
    InputError.unless(isinstance(times, Mapping), place, f"are {times!r}", "give groups by feature")
    for feature, groups in times.items():
        need_known(InputError, place, feature, SENSITIVE)
        where = f"{place}, {feature}"
        usable, remedy = isinstance(groups, Mapping), "give a number a group"
        InputError.unless(usable, where, f"is {groups!r}", remedy)
        for group, factor in groups.items():
            need_known(InputError, where, group, SENSITIVE[feature])
            usable = is_number(factor) and factor >= 0
            InputError.unless(usable, f"{where}, {group}", f"is {factor!r}", "give at least 0")


def need_actions(place: str, agency: Agency) -> None:
    """Refuse an agency of whose records nothing in the package's menu moves any.

    What people know of a score, and what a mended error is worth, are measured in what they could
    do about it.
    """
    moved = ResponseOptions().chosen_menu.moved
    problem = f"reads no record that people can act on: '{agency.id}'"
    remedy = "give an agency that does, as 'sesame' or 'national'"
    InputError.unless(set(moved) & set(agency.columns), place, problem, remedy)
