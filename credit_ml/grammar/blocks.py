"""The parts of a page before they are HTML: paragraphs, tables, exhibits, sections, cards."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from credit_ml.grammar.cited import unmarked

#: Shown in a cell that has no number.
EMPTY = "–"
#: Why a number has no interval though one was made.
STILL = "both ends are the number, as far as it is shown: all who are counted are alike, or nearly"
#: A cell with an interval, and one that is a number alone.
_RANGED = re.compile(r"\d[^()]*\([^()]*\d\sto\s[^()]*\)")
_BARE = re.compile(r"[\u2212\d][\d.,]*[^()\d]*$")
#: Paragraphs named by the line that stands for them.
MOST_LEADS = 3


@dataclass(frozen=True, kw_only=True)
class Paragraph:
    """Some sentences that belong together. All text is plain; the template escapes it."""

    text: str
    lead: str = ""
    """A few words in bold that open the paragraph."""
    cites: tuple[str, ...] = ()
    """Published sources of what the sentences say, numbered by the page."""
    items: tuple["Paragraph", ...] = ()
    """Points listed below the text."""


@dataclass(frozen=True, kw_only=True)
class TableView:
    """A table as it is shown: every cell is text already; the first cell heads its row."""

    caption: str
    head: tuple[str, ...]
    bodies: tuple[tuple[str, tuple[tuple[str, ...], ...]], ...]
    """Blocks of rows, each with a heading; an empty heading shows none."""
    words: tuple[int, ...] = (0,)
    """Which columns hold words, and so are set flush left."""
    dash: str = "nothing of the kind exists here, or it was not measured"
    """Why a cell has no number; said below the table where one has none."""
    bare: str = STILL
    """Why a number has no interval where others of its column have one; said where one has none."""

    @property
    def bared(self) -> bool:
        """Whether a number has no interval in a column in which another has one."""
        rows = [[unmarked(cell) for cell in row] for _, rows in self.bodies for row in rows]
        columns = (
            [row[place] for row in rows if place < len(row)]
            for place in range(len(self.head))
            if place not in self.words
        )
        return any(
            any(map(_RANGED.search, column)) and any(map(_BARE.match, column)) for column in columns
        )

    @property
    def dashed(self) -> bool:
        """Whether some cell has a dash in place of a number."""
        return any(cell == EMPTY for _, rows in self.bodies for row in rows for cell in row)

    @property
    def size(self) -> int:
        """How many rows there are, headings of blocks aside."""
        return sum(len(rows) for _, rows in self.bodies)


@dataclass(frozen=True, kw_only=True)
class Overview:
    """A picture that an instrument makes of a whole study, beside those of single findings."""

    title: str
    caption: str
    plot: Callable[[Any], Any]
    """Takes matplotlib axes or None and returns axes."""
    table: TableView
    """The same numbers."""
    opening: bool = False
    """Whether the page opens with it, below its answer."""


@dataclass(frozen=True, kw_only=True)
class Drawing:
    """One picture, drawn for a wide and for a narrow page."""

    wide: str
    """SVG markup that is already safe to inline."""
    narrow: str
    """The same for a phone; empty where the first one serves both."""
    middle: bool = False
    """Whether the first one is of a middle width, which serves both."""
    said: str = ""
    """What is drawn, in words, for those who cannot see it; "" where the drawing does not know."""
    strokes: bool = False
    """Whether a stroke stands at the ends of second intervals."""


@dataclass(frozen=True, kw_only=True)
class Exhibit:
    """A numbered figure, or a numbered table where nothing was drawn, with its data."""

    key: str
    """Unique on the page; the anchor's name."""
    label: str
    """"Figure 2" or "Table 1"."""
    caption: str
    """What it shows."""
    alternative: str = ""
    """The same with its first values, for those who cannot see the picture."""
    drawing: Drawing | None = None
    tables: tuple[TableView, ...] = ()
    cites: tuple[str, ...] = ()
    folded: str = ""
    """A line that stands for the exhibit until it is opened; empty when always open."""
    matrix: TableView | None = None
    """A small table that stands where a picture would."""


@dataclass(frozen=True, kw_only=True)
class Section:
    """One numbered part of the page: words first, then what shows them, then what is folded."""

    id: str
    title: str
    paragraphs: tuple[Paragraph, ...] = ()
    exhibits: tuple[Exhibit, ...] = ()
    finding: str = ""
    """The section's result in one line, under its title."""
    more: tuple[Paragraph, ...] = ()
    """Words that wait behind a line."""
    others: tuple[Exhibit, ...] = ()
    """Exhibits that wait behind it, some of them behind a line of their own."""

    @property
    def detail(self) -> str:
        """The line that stands for what is folded: what it speaks of, and how much it shows."""
        leads = [each.lead.rstrip(".:") for each in self.more if each.lead]
        told = "; ".join(leads[:MOST_LEADS]) + "; ..." * (len(leads) > MOST_LEADS)
        pictures = sum(each.drawing is not None for each in self.others)
        parts = ["In detail" + f": {told}" * bool(told)]
        for number, noun in ((pictures, "figure"), (len(self.others) - pictures, "table")):
            parts += [f"{number} {noun}{'s' * (number > 1)}"] if number else []
        return ", ".join(parts)


@dataclass(frozen=True, kw_only=True)
class Card:
    """One big number with what it means, its interval and what to hold it against."""

    figure: str
    unit: str
    meaning: str
    interval: str
    reference: str
