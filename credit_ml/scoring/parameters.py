"""What a scorer says of its parameters, so that an agency's file may set them."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import AllowInfNan, Field, Strict

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
