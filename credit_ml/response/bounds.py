"""Bounded rationality: people who err, who cannot borrow, and to whom the news has not come."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from credit_ml.core import MenuError, TableError


@dataclass(frozen=True, kw_only=True)
class Bounds:
    """What keeps people from the best bundle.

    Raises
    ------
    MenuError
        When a part is below zero.
    """

    temperature: float = 0.0
    """Response noise, share of a year's income: a bundle is taken with a chance in proportion to
    ``exp(gain / temperature)`` (McKelvey and Palfrey 1995); 0 takes the best."""
    budget: float | None = None
    """The most that anybody can spend, share of a year's income."""
    informed: npt.ArrayLike | None = None
    """Whether each person of the dataset has heard what is told (`informed` spreads it over
    ties); everybody by default. Who has not, does nothing."""

    def __post_init__(self) -> None:
        if not self.temperature >= 0:
            raise MenuError("bounds, temperature", f"is {self.temperature}", "give at least 0")
        if self.budget is not None and not self.budget >= 0:
            raise MenuError("bounds, budget", f"is {self.budget}", "give at least 0")

    def heard(self, people: int) -> npt.NDArray[np.bool_] | None:
        """Return who has heard, checked; None when everybody has.

        Raises
        ------
        TableError
            When it is not one truth value a person.
        """
        if self.informed is None:
            return None
        given: Any = np.asarray(self.informed)
        if given.shape != (people,) or given.dtype != bool:
            raise TableError("bounds, informed", "does not give one truth value a person",
                             f"give {people}, True or False")  # fmt: skip
        heard: npt.NDArray[np.bool_] = given
        return heard
