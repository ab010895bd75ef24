"""The reason sentence of a letter, and values as people read them."""

from collections.abc import Mapping
from math import floor, log10
from typing import Any

import numpy as np
import pandas as pd

#: Digits in which a sum is the same in whatever order and company it was made.
SUMMED = 12


def readable(value: Any, *, digits: int = 3) -> str:
    """Write a value as people read it: without exponents, thousands apart, "missing" for none.

    Parameters
    ----------
    value : number, str, bool or missing
    digits : int
        Significant ones of a number; whole numbers keep all.

    Examples
    --------
    >>> readable(72183.4), readable(0.0000123), readable(True), readable(np.nan)
    ('72,183', '0.0000123', 'yes', 'missing')
    >>> readable(18.15 - 1e-14) == readable(18.15 + 1e-14)  # however it was added up
    True
    """
    if pd.isna(value):
        return "missing"
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if not isinstance(value, int | float | np.number):
        return str(value)
    number = float(value)
    if not np.isfinite(number):
        return str(number)
    if digits < SUMMED:
        number = float(f"{number:.{SUMMED - 1}e}")
    places = max(0, digits - 1 - floor(log10(abs(number)))) if number else 0
    text = f"{number:,.{places}f}"
    return text.rstrip("0").rstrip(".") if places else text


def digits_apart(first: Any, second: Any, *, digits: int = 3) -> int:
    """Return how many digits must be written so that two values that differ are read as such.

    Examples
    --------
    >>> digits_apart(649.98, 650, digits=4), readable(649.98, digits=5)
    (5, '649.98')
    """
    differ = not (first == second or (pd.isna(first) and pd.isna(second)))
    while (
        differ and digits < 17 and readable(first, digits=digits) == readable(second, digits=digits)
    ):
        digits += 1
    return digits


def as_score(value: float, unit: str, digits: int = 4) -> str:
    """Write a score with its unit: "612 points", "a probability of 0.5246".

    Examples
    --------
    >>> as_score(612.0, "points"), as_score(0.52464, "probability"), as_score(4.5, "score")
    ('612 points', 'a probability of 0.5246', '4.5')
    """
    number = readable(value, digits=digits)
    before = {"probability": "a probability of ", "log-odds": "log-odds of "}.get(unit, "")
    return f"{number} points" if unit == "points" else f"{before}{number}"


def as_difference(value: float, unit: str) -> str:
    """Write how far apart two scores are: of probabilities in percentage points.

    Examples
    --------
    >>> as_difference(31.2, "points"), as_difference(0.1672, "probability")
    ('31.2 points', '16.7 percentage points')
    >>> as_difference(1.25, "log-odds"), as_difference(4.5, "score")
    ('1.25 log-odds', '4.5')
    """
    if unit == "probability":
        return f"{readable(100 * value)} percentage points"
    return readable(value) if unit == "score" else f"{readable(value)} {unit}"


def reason_sentence(reason: Mapping[str, Any], unit: str) -> str:
    """Say one row of `Reasons.factors`: a record that moves the score, or several together.

    Examples
    --------
    >>> reason_sentence({"factor": "history", "points": -31.2, "effect": 24.06, "value": 3.0,
    ...                  "column": "late_payments", "typical": 0.0}, "points")
    'History cost you 31.2 points: late payments: yours 3, typical 0 (which alone would add 24.1 \
points).'
    """
    costs = reason["points"] < 0
    factor, column = (str(reason[key]).replace("_", " ") for key in ("factor", "column"))
    # A name keeps its own capitals.
    head = f"{factor[:1].upper()}{factor[1:]} {'cost' if costs else 'brought'} you "
    head += as_difference(abs(reason["points"]), unit)
    if not reason["column"]:
        return f"{head}: several of its records together, none of them alone."
    digits = digits_apart(reason["value"], reason["typical"])
    yours, typical = (readable(reason[name], digits=digits) for name in ("value", "typical"))
    named = "" if column == factor else f"{column}: "
    return (
        f"{head}: {named}yours {yours}, typical {typical} "
        f"(which alone would {'add' if costs else 'take'} "
        f"{as_difference(abs(reason['effect']), unit)})."
    )
