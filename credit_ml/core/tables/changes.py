"""What became of a file as it was read: what was left out, recoded or made, and how much of it."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import pandas as pd

_KEY = "credit_ml_read"


class TableChange(NamedTuple):
    """Something that a reader of a known file did to it.

    Examples
    --------
    >>> str(TableChange(1, "row left out, whose age is 0"))
    '1 row left out, whose age is 0'
    """

    number: int
    said: str
    """Of what there are so many, and what was done."""

    def __str__(self) -> str:
        return f"{self.number:,} {self.said}"


def with_changes(frame: pd.DataFrame, changes: Sequence[TableChange]) -> pd.DataFrame:
    """Return a table that remembers what was done as it was read; of 0 things nothing is said.

    It travels in ``DataFrame.attrs``, as pandas has it: what is made of the table has it too.

    Examples
    --------
    >>> told = with_changes(pd.DataFrame({"age": [40]}), [TableChange(1, "row left out")])
    >>> changes_of(told.assign(old=True)), changes_of(pd.DataFrame())
    ([TableChange(number=1, said='row left out')], [])
    """
    made = frame.copy(deep=False)
    made.attrs = frame.attrs | {_KEY: [[each.number, each.said] for each in changes if each.number]}
    return made


def changes_of(table: Any) -> list[TableChange]:
    """Return what was done to a table as it was read; nothing where nobody said so."""
    told = getattr(table, "attrs", {}).get(_KEY, ())
    return [TableChange(int(number), str(said)) for number, said in told]
