"""Parameters that state their unit, range and source, and refuse values outside it."""

import dataclasses
import math
from collections.abc import Iterator, Mapping
from typing import Any, Self, dataclass_transform

from credit_ml.core import WorldError, need_known


def knob(
    default: float | bool,  # noqa: FBT001 (a knob may be a switch)
    unit: str,
    allowed: tuple[float, float] = (-math.inf, math.inf),
    source: str = "assumed",
) -> Any:
    """Declare one parameter of a mechanism.

    Parameters
    ----------
    default : float or bool
        The documented default.
    unit : str
        What a value of 1 means.
    allowed : tuple of float
        The least and the largest allowed value.
    source : str
        A citation, or "assumed" with the reason; a knob that names none is assumed.
    """
    metadata = {"unit": unit, "source": source, "low": allowed[0], "high": allowed[1]}
    return dataclasses.field(default=default, metadata=metadata)


def share(default: float, unit: str, source: str = "assumed") -> Any:
    """Declare a parameter from 0 to 1."""
    return knob(default, unit, (0, 1), source)


def strengths(default: "Knobs", **sources: str) -> Any:
    """Declare a group of knobs whose defaults have sources of their own, by name."""
    return dataclasses.field(default=default, metadata={"sources": sources})


# No field specifiers: a checker of types then takes any right side for a default.
@dataclass_transform(kw_only_default=True, frozen_default=True)
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
            need_known(WorldError, place, name, fields)
            nested = fields[name].default
            if isinstance(nested, Knobs):
                where, usable = f"{place}.{name}", isinstance(value, Mapping)
                WorldError.unless(usable, where, f"is {value!r}", "give a table of knobs")
                value = type(nested).from_dict(nested.to_dict() | dict(value), place=where)
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
                sources, usual = field.metadata.get("sources", {}), field.default
                for each in value.describe(f"{name}."):
                    short = each["name"].removeprefix(f"{name}.")
                    assumed = each["source"] == "off" and getattr(usual, short, 0)
                    own = sources.get(short, "assumed" if assumed else each["source"])
                    yield each | {"source": own}
            else:
                yield {"name": name, "value": value, **field.metadata}


def _check(place: str, owner: Knobs, field: dataclasses.Field[Any]) -> None:
    value, low, high = getattr(owner, field.name), field.metadata["low"], field.metadata["high"]
    switch = isinstance(value, bool)
    if isinstance(field.default, bool):
        WorldError.unless(switch, place, f"is {value!r}", "give true or false")
        return
    number = isinstance(value, int | float) and not switch and math.isfinite(value)
    whole = not isinstance(field.default, int) or (number and value == int(value))
    WorldError.unless(whole, place, f"is {value!r}", "give a whole number")
    allowed = f"{field.metadata['unit']}, from {low:g} to {high:g}"
    WorldError.unless(number and low <= value <= high, place, f"is {value!r}", f"give {allowed}")
