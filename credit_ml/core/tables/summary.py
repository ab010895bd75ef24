"""What is kept of people who never lie together: sums that add up, and short lists."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = NDArray[Any]
Rows = NDArray[Any]
#: First letter of an array's name in `Summary.arrays`: sums, places of rows, rows, lists.
_SUMS, _PLACES, _ROWS, _LISTS = "s.", "p.", "r.", "l."


@dataclass(frozen=True, kw_only=True, eq=False)
class Summary:
    """Sums over some people, such that those of two sets of people make those of both.

    Examples
    --------
    >>> one = Summary(sums={"people": np.array(2)}, rows={"late": (np.array([3]), np.array([1]))})
    >>> two = Summary(sums={"people": np.array(5)}, rows={"late": (np.array([0]), np.array([4]))})
    >>> both = merged([one, two])
    >>> int(both.sums["people"]), both.row_sums("late", 4).tolist()
    (7, [4, 0, 0, 1])
    """

    sums: Mapping[str, Array] = field(default_factory=dict)
    """Added up, whatever their shape, which is the same for all people."""
    rows: Mapping[str, tuple[Rows, Array]] = field(default_factory=dict)
    """Sums by cluster or block: which rows of a larger array, rising, and what stands there. Rows
    of the same number are added up; others are zero."""
    lists: Mapping[str, Array] = field(default_factory=dict)
    """Put one after the other, in the order of the parts."""

    def row_sums(self, name: str, size: int) -> Array:
        """All rows of sums by row, those that nobody has told of as zeros; shape (size, ...)."""
        places, values = self.rows[name]
        whole = np.zeros((size, *values.shape[1:]), dtype=values.dtype)
        whole[places] = values
        return whole

    def arrays(self, prefix: str = "") -> dict[str, Array]:
        """Everything as plain arrays by name."""
        return {
            **{f"{prefix}{_SUMS}{name}": np.asarray(each) for name, each in self.sums.items()},
            **{f"{prefix}{_PLACES}{name}": places for name, (places, _) in self.rows.items()},
            **{f"{prefix}{_ROWS}{name}": values for name, (_, values) in self.rows.items()},
            **{f"{prefix}{_LISTS}{name}": each for name, each in self.lists.items()},
        }

    @classmethod
    def of_arrays(cls, arrays: Mapping[str, Array], prefix: str = "") -> "Summary":
        """Rebuild what `arrays` told under a prefix."""

        def named(letter: str) -> dict[str, Array]:
            start = prefix + letter
            told = {name: each for name, each in arrays.items() if name.startswith(start)}
            return {name.removeprefix(start): each for name, each in told.items()}

        places, values = named(_PLACES), named(_ROWS)
        rows = {name: (places[name], values[name]) for name in places}
        return cls(sums=named(_SUMS), rows=rows, lists=named(_LISTS))


def rows_of(whole: Array) -> tuple[Rows, Array]:
    """Rows of an array that hold anything, as `Summary` keeps them.

    Examples
    --------
    >>> [each.tolist() for each in rows_of(np.array([[0, 0], [0, 2]]))]
    [[1], [[0, 2]]]
    """
    there = np.flatnonzero(whole.reshape(len(whole), -1).any(axis=1))
    return there, whole[there]


class Totals:
    """Summaries added up one after the other; the order is that of lists, and of rounding.

    Examples
    --------
    >>> totals = Totals()
    >>> for people in (2, 3):
    ...     totals.add(Summary(sums={"people": np.array(people)}))
    >>> int(totals.summary().sums["people"])
    5
    """

    def __init__(self) -> None:
        self._sums: dict[str, Array] = {}
        self._rows: dict[str, tuple[Rows, Array]] = {}
        self._lists: dict[str, list[Array]] = {}

    def add(self, part: Summary) -> None:
        """Add some people, with the same names as those before; cost linear in what it holds."""
        for name, each in part.sums.items():
            self._sums[name] = self._sums[name] + each if name in self._sums else each
        for name, (places, values) in part.rows.items():
            held = self._rows.get(name)
            own = places, values.copy()  # no part is ever written into
            self._rows[name] = own if held is None else _joined(held, own)
        for name, each in part.lists.items():
            self._lists.setdefault(name, []).append(each)

    def summary(self) -> Summary:
        """Return the summary of all people that were added."""
        lists = {name: np.concatenate(each) for name, each in self._lists.items()}
        return Summary(sums=self._sums, rows=self._rows, lists=lists)


def merged(parts: Iterable[Summary]) -> Summary:
    """Summary of everybody in some parts."""
    totals = Totals()
    for part in parts:
        totals.add(part)
    return totals.summary()


def _joined(one: tuple[Rows, Array], two: tuple[Rows, Array]) -> tuple[Rows, Array]:
    places = np.union1d(one[0], two[0])
    if len(places) == len(one[0]):  # nothing new: no copy of what may be large
        one[1][np.searchsorted(places, two[0])] += two[1]
        return one
    whole = np.zeros((len(places), *one[1].shape[1:]), dtype=np.result_type(one[1], two[1]))
    for held, values in (one, two):
        whole[np.searchsorted(places, held)] += values
    return places, whole
