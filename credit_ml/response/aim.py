"""What people want: what is granted from a score on, what falls below one, and limited places."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from credit_ml.core import MenuError
from credit_ml.core.tables.arrays import Array, Mask, Rows

#: What is granted in a table of one's own, where nothing else is said: no privilege has a name.
FAVOURABLE = "favourable decision"


@dataclass(frozen=True, kw_only=True)
class Aim:
    """Something held from a threshold on, and what people would give for it.

    It is granted; or, where it is `imposed`, it is to be spared something that falls on everybody
    below. With a `share` the places are limited: as many people hold a privilege as that share
    of them, those with the most points; a penalty falls on as many, those with the fewest. Of
    equal points the first by row comes first, at either end.

    Examples
    --------
    >>> Aim(id="car", name="a car without a deposit", threshold=650, value=0.02).threshold
    650
    >>> jobs = Aim(id="jobs", name="jobs with the State", share=0.25, value=0.1)
    >>> jobs.holds(np.array([600.0, 640.0, 640.0, 500.0])).tolist()
    [False, True, False, False]
    """

    id: str
    name: str
    threshold: float = float("nan")
    """In the unit of the score; of limited places it is where they ended (`placed`)."""
    value: float
    """Share of own yearly income; of a penalty, what it costs."""
    imposed: bool = False
    """Whether it is a penalty on those below, which to be above is to be spared."""
    share: float | None = None
    """Of people who hold a privilege, or on whom a penalty falls; None for as many as there are."""

    def __post_init__(self) -> None:
        place, share = f"privilege '{self.name}'", self.share
        problem, remedy = "has neither a threshold nor a share", "give one of them"
        MenuError.unless(
            share is not None or self.threshold == self.threshold, place, problem, remedy
        )
        inside = share is None or 0 < share < 1
        MenuError.unless(
            inside, place, f"has the share {share}", "give more than 0 and less than 1"
        )

    def holds(self, scores: Array) -> Mask:
        """Whether each person has it, or is spared it."""
        if self.share is None:
            above: Mask = scores >= self.threshold
            return above
        held = np.full(len(scores), self.imposed)
        held[self._ends(scores)] = not self.imposed
        return held

    def placed(self, scores: Array) -> "Aim":
        """Return it with the points that it takes while everybody else keeps these scores.

        Raises
        ------
        MenuError
            When so few people leave no place, or everybody one.
        """
        if self.share is None:
            return self
        ends = self._ends(scores)
        some, many = 0 < len(ends) < len(scores), f"is {len(ends)} places of {len(scores)}"
        remedy = "give another share, or more people"
        MenuError.unless(some, f"privilege '{self.name}', share", many, remedy)
        if not self.imposed:
            return replace(self, threshold=float(scores[ends[-1]]))
        spared = np.delete(scores, ends)
        return replace(self, threshold=float(spared.min()))

    def _ends(self, scores: Array) -> Rows:
        """Rows of those with the most points (of a penalty: the fewest), as many as places."""
        order = np.argsort(scores if self.imposed else -scores, kind="stable")
        return order[: round(float(self.share or 0.0) * len(scores))]


def worth_of(aims: Sequence[Aim], scores: Array) -> Array:
    """Value of what each person holds less the cost of what falls on them, shares of own income.

    Examples
    --------
    >>> fine = Aim(id="fine", name="fine", threshold=500, value=0.2, imposed=True)
    >>> worth_of([fine], np.array([400.0, 600.0])).tolist()
    [-0.2, 0.0]
    """
    worth = np.zeros(len(scores))
    for aim in sorted(aims, key=lambda each: each.threshold):
        worth += (
            np.where(aim.holds(scores), 0.0, -aim.value)
            if aim.imposed
            else (aim.value * aim.holds(scores))
        )
    return worth
