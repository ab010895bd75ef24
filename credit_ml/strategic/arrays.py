"""Numbers that users give, as arrays of a shape that fits, or refused by name."""

import numpy as np
import numpy.typing as npt

from credit_ml.core import Array, CreditMLError, InputError

Refusal = type[CreditMLError]
Shape = tuple[int | str, ...]
"""A length, or the name of one that may be anything above 0."""


def numbers(
    place: str,
    given: "npt.ArrayLike",
    *shapes: Shape,
    least: float = -np.inf,
    finite: bool = True,
    error: Refusal = InputError,
) -> Array:
    """Return numbers of one of some shapes, none missing.

    Raises
    ------
    CreditMLError
        Of the type `error`, when no shape fits, a number is missing or below the least, or one is
        infinite where none may be.

    Examples
    --------
    >>> numbers("prices", [0.1, 0.2], (), ("features",), least=0.0).tolist()
    [0.1, 0.2]
    """
    found = np.asarray(given, dtype=np.float64)
    if not any(_fits(found.shape, shape) for shape in shapes):
        allowed = " or ".join(_written(shape) for shape in shapes)
        raise error(place, f"has shape {found.shape}", f"give {allowed}")
    # The sum alone tells in nearly every case, in one pass and without a table of booleans.
    with np.errstate(invalid="ignore"):
        total = found.sum()
    if not np.isfinite(total):
        if np.isnan(found).any():
            raise error(place, "has a missing number", "give a number in each place")
        if finite and np.isinf(found).any():
            raise error(place, "has an infinite number", "give finite ones")
    if least > -np.inf and (found < least).any():
        raise error(place, f"has {found.min():g}", f"give at least {least:g}")
    return found


def number(
    place: str,
    given: float,
    *,
    least: float = 0.0,
    most: float = np.inf,
    error: Refusal = InputError,
) -> float:
    """Return a finite number between two ends.

    Raises
    ------
    CreditMLError
        Of the type `error`, when it is not.
    """
    if not (least <= given <= most and np.isfinite(given)):
        end = f" and at most {most:g}" if np.isfinite(most) else ""
        raise error(place, f"is {given:g}", f"give a number of at least {least:g}{end}")
    return float(given)


def _fits(found: tuple[int, ...], shape: Shape) -> bool:
    return len(found) == len(shape) and all(
        length > 0 if isinstance(wanted, str) else length == wanted
        for length, wanted in zip(found, shape, strict=True)
    )


def _written(shape: Shape) -> str:
    return f"shape ({', '.join(map(str, shape))})" if shape else "one number"
