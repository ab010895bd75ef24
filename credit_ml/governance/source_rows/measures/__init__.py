"""What rows measure of each citizen; every module here declares its own as ``MEASURES``."""

from collections.abc import Callable
from typing import Any

from credit_ml.core.discovery import declared_in

#: From a lab and a setting to one number a citizen.
Measure = Callable[[Any, Any], Any]


def measures() -> dict[str, Measure]:
    """Every measure by its name.

    Examples
    --------
    >>> {"points", "payments_seen", "yearly"} <= set(measures())
    True
    """
    return {
        name: each for found in declared_in(__name__, "MEASURES") for name, each in found.items()
    }
