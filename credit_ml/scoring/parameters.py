"""What a scorer says of its parameters, so that an agency's file may set them."""

from collections.abc import Mapping
from typing import Annotated, Any, get_args

import numpy as np
from pydantic import AllowInfNan, Field, Strict

from credit_ml.core import ModelError, need_known

Number = Annotated[float, Strict(), AllowInfNan(allow_inf_nan=False)]
Count = Annotated[int, Strict(), Field(gt=0)]
Share = Annotated[Number, Field(gt=0, le=1)]
#: Allowed values of each parameter, and its unit; "" for a choice among names.
Settings = Mapping[str, tuple[Any, str]]


def at_least(low: int) -> Any:
    """Whole numbers from `low`.

    Examples
    --------
    >>> from pydantic import TypeAdapter
    >>> TypeAdapter(at_least(2)).validate_python(2)
    2
    """
    return Annotated[Count, Field(ge=low)]


def positive() -> Any:
    """Numbers above 0.

    Examples
    --------
    >>> from pydantic import TypeAdapter
    >>> TypeAdapter(positive()).validate_python(0.5)
    0.5
    """
    return Annotated[Number, Field(gt=0)]


def below_half() -> Any:
    """Shares from 0 to under a half.

    Examples
    --------
    >>> from pydantic import TypeAdapter
    >>> TypeAdapter(below_half()).validate_python(0.01)
    0.01
    """
    return Annotated[Number, Field(ge=0, lt=0.5)]


def check_positive(owner: object, *names: str) -> None:
    """Raise ModelError unless these attributes are finite numbers above 0.

    Examples
    --------
    >>> from credit_ml.scoring import LogisticScorer
    >>> check_positive(LogisticScorer(C=0), "C")
    Traceback (most recent call last):
    credit_ml.core.errors.ModelError: LogisticScorer, C: is 0; give a number above 0
    """
    for name in names:
        value, place = getattr(owner, name), f"{type(owner).__name__}, {name}"
        usable = np.isfinite(value) and value > 0
        ModelError.unless(usable, place, f"is {value}", "give a number above 0")


def check_least(owner: object, least: int, *names: str) -> None:
    """Raise ModelError unless these attributes are at least so many.

    Examples
    --------
    >>> from credit_ml.scoring import Scorecard
    >>> check_least(Scorecard(bins=1), 2, "bins")
    Traceback (most recent call last):
    credit_ml.core.errors.ModelError: Scorecard, bins: is 1; give at least 2
    """
    for name in names:
        value, place = getattr(owner, name), f"{type(owner).__name__}, {name}"
        ModelError.unless(value >= least, place, f"is {value}", f"give at least {least}")


def check_fewest_share(owner: Any) -> None:
    """Raise ModelError unless the share of people in the smallest bin or leaf is below a half."""
    share, place = owner.fewest_share, f"{type(owner).__name__}, fewest_share"
    ModelError.unless(0 <= share < 0.5, place, f"is {share}", "give 0 to under 0.5")


def check_choice(place: str, value: object, choices: Any) -> None:
    """Raise ModelError unless a value is one of a Literal's.

    Examples
    --------
    >>> from typing import Literal
    >>> check_choice("method", "guess", Literal["platt", "isotonic"])
    Traceback (most recent call last):
    credit_ml.core.errors.ModelError: method: 'guess' is unknown; known: platt, isotonic
    """
    need_known(ModelError, place, value, get_args(choices))
