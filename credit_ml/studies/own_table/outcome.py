"""Which value of the outcome is good for the person: told, said by its name, or asked for."""

import re
from typing import Any

import pandas as pd

from credit_ml.core import TableError
from credit_ml.core.errors import Remedy

#: A column of 0 and 1, or no and yes, of which one of these is a word, as in ``loan_paid``, has 1
#: for good; and of two values it is the good one.
GOOD = {
    *(
        "accepted",
        "admitted",
        "approve",
        "approved",
        "favorable",
        "favourable",
        "good",
        "granted",
        "hired",
    ),
    *("kept", "paid", "passed", "promoted", "repaid", "selected", "success"),
}
#: Words beside those that turn them round, as in ``paid_late`` or ``not_approved``.
TURNED = {"bad", "default", "late", "missed", "never", "no", "non", "not", "over", "un"}
_WORD = re.compile(r"[A-Z]?[a-z]+|[A-Z]+")


def favourable_value(frame: pd.DataFrame, target: str | None, given: object) -> object:
    """Return the value of the target that is good for the person, as the column holds it.

    A command line gives text; it is matched against the values as text. Where nothing is given, a
    value is good whose name says so, and the other's not (`GOOD`), or 1 or yes of such a column.

    Raises
    ------
    TableError
        When neither what is given nor the name says which of two values is good.
    """
    if target is None or target not in frame.columns:
        return 1
    values = frame[target].dropna().unique().tolist()
    if given is None:
        good = [value for value in values if isinstance(value, str) and says_good(value)]
        if len(values) == 2 and len(good) == 1:
            return good[0]
        ones = [one for one in values if one == 1 or str(one).lower() in ("1", "yes")]
        return ones[0] if ones and says_good(target) else _asked(target, values)
    for value in values:
        if value == given or str(value) == str(given):
            return value
        if isinstance(value, float) and f"{value:g}" == str(given):
            return value
    return given


def says_good(name: str) -> bool:
    """Whether a column's name says that 1 is good for the person.

    Examples
    --------
    >>> [says_good(name) for name in ("paid", "loanApproved", "default", "paid_late", "y")]
    [True, True, False, False, False]
    """
    words = {word.lower() for word in _WORD.findall(name)}
    return bool(words & GOOD) and not words & TURNED


def _asked(target: str, values: list[Any]) -> object:
    if len(values) != 2:
        return 1  # refused with the values when the table is taken apart
    one, other = sorted(values, key=str)
    problem = f"has the values {one!r} and {other!r}, and nothing says which is good for people"
    remedy = Remedy(
        f"say which: favourable={one!r} or favourable={other!r}",
        f"say which: --favourable '{one}' or --favourable '{other}'",
    )
    raise TableError(f"target '{target}'", problem, remedy)
