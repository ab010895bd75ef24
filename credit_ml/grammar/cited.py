"""Numbers that know which row of which table they are read from, and text that keeps it.

A page numbers the rows of its findings (`ROW`, a column that only a page's findings have). What is
read from such a row is a `Cited` number; written, it is a piece of text between two marks, which
templates may join, cut and punctuate like any text. `linked` makes links of the marks at last, and
`unmarked` leaves them out. Arithmetic keeps the row of the first number that has one: a gap in
percent is read where the gap is.
"""

import operator
import re
from collections.abc import Callable, Iterator, Mapping, Sized
from numbers import Integral, Real
from typing import Any, Self

#: The column that numbers the rows of a page's findings.
ROW = "page_row"
#: The column that says what a row of a page is held against by what was predicted, where it is.
HELD = "page_held"
#: In place of a row: how many of something the words themselves speak of.
COUNTED = 0
#: Around cited text: private characters, none of which a digit or a letter.
_OPEN, _CLOSE, _FIRST, _BASE = "\ue001", "\ue002", 0xF0000, 4096
_PLACE = f"[{chr(_FIRST)}-{chr(_FIRST + 0xFFFD)}]"
_MARKED = re.compile(f"{_OPEN}({_PLACE})({_PLACE})([^{_OPEN}{_CLOSE}]*){_CLOSE}")
#: Two pieces read from one row, with nothing but a bracket or a sign between them.
_PARTED = re.compile(
    f"({_OPEN}{_PLACE}{{2}})([^{_OPEN}{_CLOSE}]*){_CLOSE}([^\\w{_OPEN}]{{0,3}})\\1"
)
#: Around a number that the words' author wrote: the end of a scale, or "of 100 people".
_SAID, _DONE = "\ue003", "\ue004"
_CONSTANT = re.compile(f"{_SAID}([^{_SAID}{_DONE}]*){_DONE}")
_ANY = re.compile(f"[{_OPEN}{_CLOSE}{_SAID}{_DONE}]|{_PLACE}")
NUMBER = re.compile(r"(?<![\w.,])\d+(?:[.,]\d+)*")


def _kept(plain: Callable[..., Any], *, turned: bool = False) -> Callable[..., Any]:
    def made(self: "CitedFloat | CitedInt", *others: Any) -> Any:
        value = float(self) if isinstance(self, float) else int(self)
        return cited(plain(*others, value) if turned else plain(value, *others), self.row)

    return made


class CitedFloat(float):
    """A float that knows its row.

    Examples
    --------
    >>> gap = CitedFloat(0.25, 7)
    >>> 100 * gap, (100 * gap).row
    (25.0, 7)
    """

    row: int

    def __new__(cls, value: Any = 0.0, row: int = -1) -> Self:
        """Make the number; `row` is its place among the rows of a page."""
        made = super().__new__(cls, value)
        made.row = row
        return made

    __add__, __radd__ = _kept(operator.add), _kept(operator.add, turned=True)
    __sub__, __rsub__ = _kept(operator.sub), _kept(operator.sub, turned=True)
    __mul__, __rmul__ = _kept(operator.mul), _kept(operator.mul, turned=True)
    __truediv__, __rtruediv__ = _kept(operator.truediv), _kept(operator.truediv, turned=True)
    __neg__, __abs__ = _kept(operator.neg), _kept(abs)
    __round__ = _kept(round)


class CitedInt(int):
    """A whole number that knows its row."""

    row: int

    def __new__(cls, value: Any = 0, row: int = -1) -> Self:
        """Make the number; `row` is its place among the rows of a page."""
        made = super().__new__(cls, value)
        made.row = row
        return made

    __add__, __radd__ = _kept(operator.add), _kept(operator.add, turned=True)
    __sub__, __rsub__ = _kept(operator.sub), _kept(operator.sub, turned=True)
    __mul__, __rmul__ = _kept(operator.mul), _kept(operator.mul, turned=True)
    __truediv__, __rtruediv__ = _kept(operator.truediv), _kept(operator.truediv, turned=True)
    __neg__, __abs__ = _kept(operator.neg), _kept(abs)


def counted(things: Sized) -> CitedInt:
    """Return how many things there are, as a number that the words themselves have counted."""
    return CitedInt(len(things), COUNTED)


def cited(value: Any, row: int | None) -> Any:
    """Return a number with its row; anything else, and where there is no row, as it was.

    Examples
    --------
    >>> cited(0.5, 3).row, cited("yes", 3), cited(True, 3), cited(4, None)
    (3, 'yes', True, 4)
    """
    if row is None:
        return value
    if type(value) is float:  # nearly all of them
        return CitedFloat(value, row)
    if isinstance(value, bool | str) or not isinstance(value, Real):
        return value
    known: Any = value
    whole = isinstance(value, Integral)
    return CitedInt(int(known), int(row)) if whole else CitedFloat(float(known), int(row))


def marked(text: str, *numbers: Any) -> str:
    """Put the marks of the first number that knows its row around a text; none, no marks.

    Examples
    --------
    >>> unmarked(marked("25 %", CitedFloat(0.25, 7))), marked("25 %", 0.25)
    ('25 %', '25 %')
    """
    row = next((each.row for each in numbers if isinstance(each, CitedFloat | CitedInt)), -1)
    if row < 0 or not text:
        return text
    if row == COUNTED:
        return f"{_SAID}{unmarked(text)}{_DONE}"
    high, low = divmod(row, _BASE)
    return f"{_OPEN}{chr(_FIRST + high)}{chr(_FIRST + low)}{unmarked(text)}{_CLOSE}"


def constants(text: str) -> str:
    """Mark every number of a text as its author's own, which no row holds.

    Examples
    --------
    >>> len(constants("of 100 people")) - len("of 100 people"), unmarked(constants("no gap: 0"))
    (2, 'no gap: 0')
    """
    return NUMBER.sub(lambda found: f"{_SAID}{found[0]}{_DONE}", text)


def unmarked(text: str) -> str:
    """Return a text without marks."""
    return _ANY.sub("", text)


def numbers_in(text: str) -> list[str]:
    """Return the numbers of a text, with their marks where they have such."""
    return re.findall(f"{_OPEN}[^{_CLOSE}]*{_CLOSE}", text) or NUMBER.findall(text)


def rows_of(text: str) -> Iterator[int]:
    """Yield the row of each marked piece of a text."""
    return (_row(*found.group(1, 2)) for found in _MARKED.finditer(text))


def linked(text: str, wrap: Callable[[int, str], str], constant: Callable[[str], str] = str) -> str:
    """Write pieces that know their row with `wrap`, and the author's own numbers with `constant`.

    Pieces of one row with only a bracket between them become one.

    Examples
    --------
    >>> text = f"{marked('2', CitedInt(2, 5))} of {marked('3', CitedInt(3, 6))}"
    >>> linked(text, lambda row, text: f"[{row}: {text}]")
    '[5: 2] of [6: 3]'
    """
    while (joined := _PARTED.sub(r"\1\2\3", text)) != text:
        text = joined
    text = _MARKED.sub(lambda found: wrap(_row(*found.group(1, 2)), found[3]), text)
    return unmarked(_CONSTANT.sub(lambda found: constant(found[1]), text))


def row_of(record: Mapping[str, Any]) -> int | None:
    """Return the row of a record of a page's finding; None elsewhere."""
    found = record.get(ROW)
    return None if found is None else int(found)


def _row(high: str, low: str) -> int:
    return (ord(high) - _FIRST) * _BASE + ord(low) - _FIRST
