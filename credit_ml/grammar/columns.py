"""A table's columns as plain values, and where each value stands: made once, asked often.

A page asks its tables for a single row thousands of times. pandas answers each time by comparing
whole columns; here a column is turned once into a list, and into a mapping from value to rows.
"""

import weakref
from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from typing import Any, TypeVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

#: Numbers of rows.
Places = NDArray[np.intp]
Asked = TypeVar("Asked")
Made = TypeVar("Made")


class PlainColumns:
    """What `columns_of` keeps of a table.

    Examples
    --------
    >>> columns = columns_of(table := pd.DataFrame({"sex": ["f", "m", "f"], "people": [1, 2, 3]}))
    >>> columns.places({"sex": "f", "people": 3}).tolist(), columns.values("people")
    ([2], [1, 2, 3])
    """

    def __init__(self, table: pd.DataFrame) -> None:
        self._table = weakref.ref(table)
        self.rows = len(table)
        self._arrays: dict[str, NDArray[Any]] = {}
        self._values: dict[str, list[Any]] = {}
        self._places: dict[str, dict[Any, Places]] = {}

    def array(self, name: str) -> NDArray[Any]:
        """Return a column as numpy has it."""
        if name not in self._arrays:
            table = self._table()
            assert table is not None  # whoever asks holds it
            self._arrays[name] = table[name].to_numpy()
        return self._arrays[name]

    def values(self, name: str) -> list[Any]:
        """Return a column as Python's own values."""
        if name not in self._values:
            self._values[name] = self.array(name).tolist()
        return self._values[name]

    def places(self, where: Mapping[str, Any]) -> Places:
        """Return the numbers of the rows that hold the given values; a tuple allows several."""
        found: Places | None = None
        for name, value in where.items():
            own = self._of(name, value if isinstance(value, tuple) else (value,))
            found = own if found is None else np.intersect1d(found, own, assume_unique=True)
            if not len(found):
                break
        return np.arange(self.rows, dtype=np.intp) if found is None else found

    def _of(self, name: str, allowed: Iterable[Any]) -> Places:
        known = self._by_value(name)
        several = [known[each] for each in dict.fromkeys(allowed) if each in known]
        if len(several) == 1:
            return several[0]
        return np.sort(np.concatenate(several)) if several else np.empty(0, dtype=np.intp)

    def _by_value(self, name: str) -> dict[Any, Places]:
        if name not in self._places:
            found: dict[Any, list[int]] = {}
            for place, value in enumerate(self.values(name)):
                if value == value:  # what is missing equals nothing
                    found.setdefault(value, []).append(place)
            self._places[name] = {
                value: np.array(own, dtype=np.intp) for value, own in found.items()
            }
        return self._places[name]


_KNOWN: dict[int, PlainColumns] = {}


def columns_of(table: pd.DataFrame) -> PlainColumns:
    """Return a table's columns, the same until `forget_columns`; meanwhile it is not changed."""
    key = id(table)
    known = _KNOWN.get(key)
    if known is None or known.rows != len(table):
        if known is None:
            weakref.finalize(table, _KNOWN.pop, key, None)
        known = _KNOWN[key] = PlainColumns(table)
    return known


def forget_columns() -> None:
    """Begin anew, as a page does: since the last one a user may have written into a table.

    Examples
    --------
    >>> table = pd.DataFrame({"people": [1]})
    >>> _ = columns_of(table).values("people")
    >>> table.loc[0, "people"] = 2
    >>> forget_columns()
    >>> columns_of(table).values("people")
    [2]
    """
    _KNOWN.clear()
    _MADE.clear()


_MADE: dict[tuple[Any, int], Any] = {}


def remembered(make: Callable[[Asked], Made]) -> Callable[[Asked], Made]:
    """Keep what is made of an object, until `forget_columns`: a page's parts ask the same of it.

    What is made is shared, and must not be changed.

    Examples
    --------
    >>> @remembered
    ... def people(table):
    ...     print("counted")
    ...     return table["people"].sum()
    >>> table = pd.DataFrame({"people": [1, 2]})
    >>> int(people(table)), int(people(table))
    counted
    (3, 3)
    """

    @wraps(make)
    def once(asked: Asked) -> Made:
        key = (make, id(asked))
        if key not in _MADE:
            found = make(asked)
            weakref.finalize(asked, _MADE.pop, key, None)
            _MADE[key] = found
        known: Made = _MADE[key]
        return known

    return once
