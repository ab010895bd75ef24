"""Parameters that state their unit, range and source, and refuse values outside it."""

import dataclasses
import math
from collections.abc import Iterator, Mapping
from typing import Any, Self, dataclass_transform

from credit_ml.core import WorldError, refuse_unknown


def knob(
    *, default: float | bool, unit: str, source: str, low: float = -math.inf, high: float = math.inf
) -> Any:
    """Declare one parameter of a mechanism.

    Parameters
    ----------
    default : float or bool
        The documented default.
    unit : str
        What a value of 1 means.
    source : str
        A citation, or "assumed" with the reason.
    low, high : float
        The range of allowed values, both included.
    """
    metadata = {"unit": unit, "source": source, "low": low, "high": high}
    return dataclasses.field(default=default, metadata=metadata)


@dataclass_transform(kw_only_default=True, frozen_default=True, field_specifiers=(knob,))
class Knobs:
    """A frozen set of knobs, possibly nested, checked when it is made.

    Subclasses become frozen, keyword-only dataclasses.
    """

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        dataclasses.dataclass(frozen=True, kw_only=True)(cls)

    def __post_init__(self) -> None:
        for field in dataclasses.fields(self):  # type: ignore[arg-type]
            if "unit" in field.metadata:
                _check(f"{type(self).__name__.lower()}.{field.name}", self, field)

    @classmethod
    def from_dict(cls, given: Mapping[str, Any], *, place: str = "world") -> Self:
        """Make it from nested plain values; unknown names are refused with the nearest known."""
        fields = {field.name: field for field in dataclasses.fields(cls)}  # type: ignore[arg-type]
        values: dict[str, Any] = {}
        for name, value in given.items():
            if name not in fields:
                refuse_unknown(WorldError, place, name, fields)
            nested = fields[name].default
            if isinstance(nested, Knobs):
                if not isinstance(value, Mapping):
                    raise WorldError(f"{place}.{name}", f"is {value!r}", "give a table of knobs")
                merged = nested.to_dict() | dict(value)
                value = type(nested).from_dict(merged, place=f"{place}.{name}")
            values[name] = value
        return cls(**values)

    def to_dict(self) -> dict[str, Any]:
        """Return the knobs as nested plain values."""
        return dataclasses.asdict(self)  # type: ignore[call-overload,no-any-return]

    def describe(self, prefix: str = "") -> Iterator[dict[str, Any]]:
        """Yield one record a knob: name, value, unit, range, source."""
        for field in dataclasses.fields(self):  # type: ignore[arg-type]
            value = getattr(self, field.name)
            name = f"{prefix}{field.name}"
            if isinstance(value, Knobs):
                yield from value.describe(f"{name}.")
            else:
                yield {"name": name, "value": value, **field.metadata}


def _check(place: str, owner: Knobs, field: dataclasses.Field[Any]) -> None:
    value, low, high = (getattr(owner, field.name), field.metadata["low"], field.metadata["high"])
    if isinstance(field.default, bool):
        if not isinstance(value, bool):
            raise WorldError(place, f"is {value!r}", "give true or false")
        return
    if isinstance(field.default, int) and (isinstance(value, bool) or value != int(value)):
        raise WorldError(place, f"is {value!r}", "give a whole number")
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or not math.isfinite(value) or not low <= value <= high:
        allowed = f"{field.metadata['unit']}, from {low:g} to {high:g}"
        raise WorldError(place, f"is {value!r}", f"give {allowed}")
