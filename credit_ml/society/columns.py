"""Every record that a society keeps of its citizens: which factor, which stream, which unit."""

from dataclasses import dataclass
from typing import Literal

from credit_ml.core.files import beside

Factor = Literal["history", "capacity", "personal", "behaviour", "relationships"]

_FACTS = beside(__file__)

#: The five factor families of the commercial score (S1), in the order of every table.
FACTORS: dict[Factor, str] = _FACTS["factors"]

#: Streams of records, and who holds them in the source document.
STREAMS: dict[str, str] = _FACTS["streams"]


@dataclass(frozen=True, kw_only=True)
class Column:
    """One column of a society's records.

    Examples
    --------
    >>> column = Column(name="late_bills", factor="history", stream="payments", unit="bills",
    ...                 better=-1, meaning="bills paid late in a year")
    >>> column.better
    -1
    """

    name: str
    factor: Factor
    """Family of S1 that the column belongs to."""
    stream: str
    """Who holds it; an agency sees the column when it sees the stream."""
    unit: str
    better: Literal[-1, 0, 1]
    """What a rater would take more of it for: good (1), bad (-1) or neither (0)."""
    meaning: str
    categories: tuple[str, ...] = ()
    """Allowed values of a category, in order; empty for numbers."""


COLUMNS: dict[str, Column] = {
    name: Column(name=name, **(facts | {"categories": tuple(facts.get("categories", ()))}))
    for name, facts in _FACTS["columns"].items()
}
