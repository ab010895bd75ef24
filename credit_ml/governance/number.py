"""What counts as a number where people give one."""

from math import isfinite
from numbers import Real


def is_number(value: object) -> bool:
    """Whether a value is a finite number, and no truth value.

    Examples
    --------
    >>> [is_number(each) for each in (1, 0.5, float("inf"), True, "1")]
    [True, True, False, False, False]
    """
    return not isinstance(value, bool) and isinstance(value, Real) and isfinite(value)
