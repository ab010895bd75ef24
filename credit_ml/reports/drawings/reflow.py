"""Panels that stand beside each other on a wide page, put below each other for a phone."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

#: Inches that a panel needs; one with names beside it needs all there is.
PANEL = 1.9


def reflow(figure: "Figure") -> int:
    """Put the panels of a figure into as many columns as its width holds; return their number.

    What only the first column or the last row says of an axis is then said by each that needs it.
    """
    panels = [each for each in figure.axes if each.get_visible() and each.get_subplotspec()]
    grid = panels[0].get_gridspec() if panels else None
    if grid is None or any(each.get_gridspec() is not grid for each in panels):
        return len(panels)
    columns = 1 if _named(panels) else max(1, int(figure.get_figwidth() // PANEL))
    if grid.ncols > columns:
        _say_what_neighbours_said(panels)
        _stand(figure, panels, columns, figure.get_figheight() / grid.nrows)
    return len(panels)


def _named(panels: "list[Axes]") -> bool:
    """Whether rows have names, not numbers."""
    ticks = [label.get_text() for each in panels for label in each.get_yticklabels()]
    return any(any(letter.isalpha() for letter in text) for text in ticks)


def _say_what_neighbours_said(panels: "list[Axes]") -> None:
    places = [each.get_subplotspec() for each in panels]
    told = {
        (place.rowspan.start, place.colspan.start): each
        for place, each in zip(places, panels, strict=True)
        if place is not None
    }
    for (row, column), each in told.items():
        leftmost = told[row, min(other for line, other in told if line == row)]
        lowest = told[max(line for line, other in told if other == column), column]
        each.set_ylabel(leftmost.get_ylabel(), fontsize=leftmost.yaxis.label.get_fontsize())
        each.set_xlabel(lowest.get_xlabel())
        each.tick_params(labelleft=True, labelbottom=True)


def _stand(figure: "Figure", panels: "list[Axes]", columns: int, high: float) -> None:
    """Give each panel its new place, row by row; the second of two alike names its axis once."""
    lines = -(-len(panels) // columns)
    figure.set_figheight(high * lines)
    grid = figure.add_gridspec(lines, columns)
    for number, each in enumerate(panels):
        each.set_subplotspec(grid[number // columns, number % columns])
        if number % columns and each.get_ylabel() == panels[number - 1].get_ylabel():
            each.set_ylabel("")
