"""From marks in a page to anchors in its tables and links in its words."""

import re
from collections.abc import Callable

from credit_ml.grammar import cited

#: Where a mark may stand, from what opens and closes it; summaries and titles hold no links.
_PLACES = re.compile(r"<(/?)(tbody|summary|title|pre)\b|\ue001[^\ue002]*\ue002")


def with_links(page: str, extra: Callable[[set[int]], str], place: str) -> str:
    """Return a page whose numbers lead to the cells that they are read from.

    The first cell that shows a row becomes its anchor, ``row-N``. What the words read and no table
    shows is shown at `place`, by `extra`.

    Parameters
    ----------
    page : str
        HTML with marked text (`credit_ml.grammar.cited`).
    extra : callable
        Takes rows without a cell and returns a table of them, as HTML.
    place : str
        What stands in the page where that goes; a page without it, such as a brief of four sheets,
        does not hold the tables, and is left without links.
    """
    if place not in page:
        return cited.unmarked(page)
    shown, read = _rows(page)
    page = page.replace(place, extra(read - shown) if read - shown else "", 1)
    anchored: set[int] = set()

    def anchor(row: int, text: str) -> str:
        if row not in read or row in anchored:
            return text
        anchored.add(row)
        return f'<span id="row-{row}">{text}</span>'

    pieces, end, inside = [], 0, ""
    for found in _PLACES.finditer(page):
        if found[2] is None:
            continue
        pieces.append(_written(page[end : found.start()], inside, anchor))
        end, inside = found.start(), "" if found[1] else found[2]
    return "".join([*pieces, _written(page[end:], inside, anchor)])


def _written(text: str, inside: str, anchor: Callable[[int, str], str]) -> str:
    if "\ue001" not in text and "\ue003" not in text:
        return text
    wrap = anchor if inside == "tbody" else _kept if inside else _link
    # Attributes hold no links.
    text = re.sub(r'="[^"]*[\ue001\ue003][^"]*"', lambda found: cited.unmarked(found[0]), text)
    return cited.linked(text, wrap, str if inside else _constant)


def _rows(page: str) -> tuple[set[int], set[int]]:
    """Return the rows that tables show, and those that words read."""
    shown: set[int] = set()
    read: set[int] = set()
    inside = ""
    for found in _PLACES.finditer(page):
        if found[2] is None:
            quoted = page.rfind("<", 0, found.start()) > page.rfind(">", 0, found.start())
            if not quoted and inside in ("", "tbody"):
                (shown if inside else read).update(cited.rows_of(found[0]))
        else:
            inside = "" if found[1] else found[2]
    return shown, read


def _link(row: int, text: str) -> str:
    return f'<a class="cell" href="#row-{row}">{text}</a>'


def _constant(text: str) -> str:
    return f'<span class="constant">{text}</span>'


def _kept(row: int, text: str) -> str:
    return text
