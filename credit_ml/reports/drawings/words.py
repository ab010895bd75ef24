"""A picture in words, for who cannot see it: the numbers of the dots and bars that were drawn.

They are read off the picture itself, so that they are those it shows and no others of its table:
dots and bars that stand in rows, by the name of the row, and points between two scales, by both.
"""

import math
import re
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

from credit_ml.core.figure import Axes, Point, drawn_points, said_of
from credit_ml.grammar.names import sentence
from credit_ml.grammar.numbers import Amount

#: Dots of a drawing that its alternative text says, at most; and of each of several panels.
MOST_SAID, MOST_OF_PANEL = 8, 6
#: Points of a line that are said, at most.
MOST_OF_LINE = 3
#: Marks that are ends of intervals, or nothing.
_NO_DOT = ("None", "none", "", " ", "|", "_", None)
#: Fainter than this is what stands behind the dots, such as each world behind their mean.
_FAINT = 0.5
_NOWHERE = ((math.nan, math.nan), (math.nan, math.nan))
#: A line of its own below the name of an axis: the level of the intervals.
_LEVEL = re.compile(r"\n(?=[\d.]+\s*%)")


def picture_in_words(axes: Axes) -> str:
    """Say the first dots that were drawn, by the name of the axis they stand on; "" if none are.

    Of a figure with several panels each is said by itself.
    """
    figure = axes.get_figure(root=True)
    if figure is None:
        return ""
    own = [said_of[each] for each in figure.axes if each in said_of]
    if own:
        return " ".join(own)
    panels = [(each, told) for each in figure.axes if (told := _told(each))]
    most = MOST_SAID if len(panels) == 1 else MOST_OF_PANEL
    return " ".join(_said(_label(each), told, most) for each, told in panels)


def _said(label: str, told: Sequence[str], most: int) -> str:
    more = f"; and {len(told) - most} more" if len(told) > most else ""
    said = f"{'; '.join(told[:most])}{more}"
    return f"{sentence(label, stop='')}: {said}." if label else f"{sentence(said)}"


def _told(axes: Axes) -> list[str]:
    """Return a clause for each dot of some axes, from the top."""
    if axes in drawn_points or _in_rows(axes):
        dots = drawn_points.get(axes) or dots_in_rows(axes)
        return [_dot(each) for each in dots if math.isfinite(each.estimate)]
    return list(_between_scales(axes)) if axes.axison else []


def _dot(dot: Point) -> str:
    named = ", ".join(" ".join(part.split()) for part in (dot.name, dot.series) if part)
    return f"{named} {Amount(dot.estimate, dot.low, dot.high).text()}"


def _label(axes: Axes) -> str:
    labels = (_LEVEL.sub(", ", each) for each in (axes.get_xlabel(), axes.get_ylabel()))
    across, up = (" ".join(each.split()) for each in labels)
    return across if axes in drawn_points or _in_rows(axes) or not up else f"{up}, at {across}"


def _in_rows(axes: Axes) -> bool:
    """Whether the vertical axis has names instead of numbers."""
    from matplotlib.ticker import FixedLocator

    fixed = isinstance(axes.yaxis.get_major_locator(), FixedLocator)
    return bool(axes.axison and fixed and any(_names(axes).values()))


def _names(axes: Axes) -> dict[float, str]:
    labels = (each.get_text() for each in axes.get_yticklabels())
    return {
        float(place): " ".join(name.split())
        for place, name in zip(axes.get_yticks(), labels, strict=False)
        if any(map(str.isalpha, name))
    }


def dots_in_rows(axes: Axes) -> list[Point]:
    """Return the dots and bars that stand in named rows, from the top, with their intervals.

    Examples
    --------
    >>> import pandas as pd
    >>> from credit_ml.core.figure import points_by_group
    >>> rows = {"sensitive": "sex", "group": ["f", "m"], "estimate": [1.0, 2.0],
    ...         "low": [0.5, 1.5], "high": [1.5, 2.5]}
    >>> [(each.name, each.low) for each in dots_in_rows(points_by_group(None, pd.DataFrame(rows),
    ...                                                                 "points"))]
    [('sex: f', 0.5), ('sex: m', 1.5)]
    """
    names, ranges = _names(axes), list(_ranges(axes))
    found = []
    for series, number, start, height in _marks(axes):
        place = min(names, key=lambda each: abs(each - height))
        low, high = _around(start + number, height, ranges)
        point = Point(names[place], series, number, low - start, high - start)
        found.append((float(axes.transData.transform((0.0, place))[1]), point))
    return [point for _, point in sorted(found, key=lambda each: -each[0])]


def _marks(axes: Axes) -> Iterator[tuple[str, float, float, float]]:
    """Yield the series, number, start and height of what stands in rows; a bar has a start."""
    for bars in axes.containers:
        for bar in getattr(bars, "patches", ()):
            middle = bar.get_y() + bar.get_height() / 2
            yield _series(bars), float(bar.get_width()), float(bar.get_x()), float(middle)
    for series, line in _lines(axes):
        yield from ((series, float(x), 0.0, float(y)) for x, y in line)
    for scattered in axes.collections:
        if hasattr(scattered, "get_sizes"):
            for x, y in np.asarray(scattered.get_offsets(), dtype="float64"):
                yield _series(scattered), float(x), 0.0, float(y)


def _lines(axes: Axes) -> Iterator[tuple[str, Any]]:
    """Yield the name and the points of each line that has dots, without faint ones behind them."""
    named = {id(each[0]): _series(each) for each in axes.containers if len(each)}
    seen = [each for each in axes.lines if each.get_marker() not in _NO_DOT]
    clear = [each for each in seen if (each.get_alpha() or 1.0) >= _FAINT]
    for line in clear or seen:
        yield named.get(id(line), "") or _series(line), line.get_xydata()


def _series(drawn: Any) -> str:
    """Return what the legend calls it; matplotlib's own names begin with a stroke."""
    label = str(drawn.get_label() or "")
    return "" if label.startswith("_") else " ".join(label.split())


def _ranges(axes: Axes) -> Iterator[tuple[float, float, float]]:
    """Yield height and ends of each level line: the intervals."""
    for drawn in axes.collections:
        for part in getattr(drawn, "get_segments", list)():
            # A mark that was drawn of nothing, such as an interval that is none, has no ends.
            (left, height), (right, other) = (part[0], part[-1]) if len(part) else _NOWHERE
            if height == other:
                yield float(height), float(min(left, right)), float(max(left, right))


def _around(
    number: float, height: float, ranges: Sequence[tuple[float, float, float]]
) -> tuple[float, float]:
    for place, low, high in ranges:
        if math.isclose(place, height, abs_tol=1e-6) and low <= number <= high:
            return low, high
    return math.nan, math.nan


def _between_scales(axes: Axes) -> Iterator[str]:
    """Yield the points that the legend names, by both scales; of a line its ends and middle."""
    for series, line in _lines(axes):
        whole = [(float(x), float(y)) for x, y in line if math.isfinite(x) and math.isfinite(y)]
        if series and whole:
            step = max(1, math.ceil((len(whole) - 1) / (MOST_OF_LINE - 1)))
            kept = [*whole[:-1:step], whole[-1]]
            told = (f"{Amount(y).text()} at {Amount(x).text()}" for x, y in kept)
            yield f"{series} {', '.join(told)}"
