"""One way to group people: a sensitive feature, an intersection of some, or everybody."""

import itertools
from dataclasses import dataclass

import numpy as np

from credit_ml.core import TableError, known_names
from credit_ml.fairness.tally import Tally

#: Between the parts of an intersection's name, and of its groups' names.
CROSS = " x "
#: Name of the grouping of everybody into one group.
EVERYBODY = "overall"


@dataclass(frozen=True, kw_only=True, eq=False)
class Grouping:
    """Counts and score moments by group, the groups in one list."""

    name: str
    groups: tuple[str, ...]
    counts: np.ndarray
    """Shape (groups, outcomes, 2)."""
    sums: np.ndarray | None
    """Sum of scores by group."""
    squares: np.ndarray | None
    """Sum of squared scores by group."""

    @property
    def people(self) -> np.ndarray:
        """People by group."""
        return np.asarray(self.counts.sum(axis=(-2, -1)))

    def reference(self, named: str | None) -> int:
        """Position of the reference group: the named, else the first most numerous.

        Raises
        ------
        TableError
            When there is no such group, or nobody in it.
        """
        if named is None:
            return int(np.argmax(self.people))
        if named not in self.groups or not self.people[self.groups.index(named)]:
            raise TableError(
                f"reference_groups, '{self.name}'",
                f"group '{named}' is absent",
                known_names(named, self.groups),
            )
        return self.groups.index(named)


def groupings_of(tally: Tally, *, intersections: bool) -> dict[str, Grouping]:
    """Everybody, each sensitive feature and, if asked, every pair of them and all together."""
    names = tuple(tally.groups)
    chosen = [(), *((name,) for name in names)]
    if intersections:
        chosen += itertools.combinations(names, 2)
        chosen += [names] if len(names) > 2 else []
    groupings = [_grouping(tally.marginal(subset)) for subset in chosen]
    return {grouping.name: grouping for grouping in groupings}


def _grouping(tally: Tally) -> Grouping:
    """List the groups; an intersection keeps every combination of the groups that exist."""
    alive = []
    for axis in range(len(tally.groups)):
        others = tuple(other for other in range(tally.counts.ndim) if other != axis)
        alive.append(np.flatnonzero(tally.counts.sum(axis=others)))
    levels = [
        [groups[place] for place in places]
        for groups, places in zip(tally.groups.values(), alive, strict=True)
    ]
    labels = tuple(map(CROSS.join, itertools.product(*levels))) if levels else ("all",)

    def listed(array: np.ndarray) -> np.ndarray:
        inner = [np.arange(size) for size in array.shape[-2:]]
        return array[np.ix_(*alive, *inner)].reshape(-1, *array.shape[-2:])

    return Grouping(
        name=CROSS.join(tally.groups) or EVERYBODY,
        groups=labels,
        counts=listed(tally.counts),
        sums=None if tally.sums is None else listed(tally.sums).sum(axis=(-2, -1)),
        squares=None if tally.squares is None else listed(tally.squares).sum(axis=(-2, -1)),
    )
