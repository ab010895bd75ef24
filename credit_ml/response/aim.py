"""What people want: something granted from a score on, and what they would give for it."""

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Aim:
    """Something granted from a threshold on, and what people would give for it.

    Examples
    --------
    >>> Aim(id="car", name="a car without a deposit", threshold=650, value=0.02).threshold
    650
    """

    id: str
    name: str
    threshold: float
    """In the unit of the score."""
    value: float
    """Share of own yearly income."""
