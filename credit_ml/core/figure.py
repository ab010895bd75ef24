"""The look of every figure: a journal column, colours that survive colour blindness."""

import functools
import math
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import TYPE_CHECKING, Any, Concatenate, NamedTuple, ParamSpec, TypeVar
from weakref import WeakKeyDictionary, WeakSet

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes as Axes
else:
    # The core lives without matplotlib, and whoever draws takes the name from here.
    Axes = Any

#: Okabe and Ito (2008), in the order figures use them; black is kept for text and truth.
PALETTE = ("#0072B2", "#D55E00", "#009E73", "#CC79A7", "#E69F00", "#56B4E9", "#F0E442")
#: Shapes beside the colours, for those who tell colours badly and for print.
MARKERS = ("o", "s", "D", "^", "v", "P", "X")
INK = "#1a1a1a"
GRID = "#d9d9d9"


#: Whether figures are drawn in the house's style now.
_held: ContextVar[bool] = ContextVar("_held", default=False)


class Point(NamedTuple):
    """What one dot of a picture stands for, as it is drawn."""

    name: str
    series: str
    estimate: float
    low: float
    high: float


#: What `named_points` drew on which axes, for who says a picture in words.
drawn_points: "WeakKeyDictionary[Axes, list[Point]]" = WeakKeyDictionary()
#: Axes with a stroke at the ends of a second interval, for who writes the caption.
stroked: "WeakSet[Axes]" = WeakSet()

#: What a plot itself says of its picture, where dots alone would say too little.
said_of: "WeakKeyDictionary[Axes, str]" = WeakKeyDictionary()

Given = ParamSpec("Given")
Drawn = TypeVar("Drawn")
Owner = TypeVar("Owner")


@contextmanager
def house_style() -> Iterator[None]:
    """Hold matplotlib to the settings of ``figure.mplstyle``, whatever the notebook's own.

    Within such a block another changes nothing: a page draws all of its figures in one.
    """
    if _held.get():
        yield
        return
    import matplotlib as mpl
    import matplotlib.pyplot as plt
    from matplotlib import style

    # Settles the backend first: a notebook's turns interactive then, which must outlast the style.
    plt.draw_if_interactive()  # type: ignore[no-untyped-call]
    with mpl.rc_context():
        # A matplotlibrc in the folder changes no figure. Unlike `rcdefaults` this leaves alone
        # backend and interactivity, without which a notebook shows no figure.
        style.use("default")
        mpl.rcParams.update(_settings())
        token = _held.set(True)
        try:
            yield
        finally:
            _held.reset(token)


@functools.cache
def _settings() -> Any:
    import matplotlib as mpl

    file = Path(__file__).with_suffix(".mplstyle")
    return mpl.rc_params_from_file(file, use_default_template=False)


def styled(
    plot: Callable[Concatenate[Owner, Given], Drawn],
) -> Callable[Concatenate[Owner, Given], Drawn]:
    """Draw a finding's `plot` in the house style, whatever the notebook's own settings."""

    @functools.wraps(plot)
    def in_style(finding: Owner, /, *args: Given.args, **options: Given.kwargs) -> Drawn:
        with house_style():
            return plot(finding, *args, **options)

    return in_style


def axes_or_new(axes: "Axes | None", *, width: float = 6.2, height: float = 3.6) -> "Axes":
    """Return `axes`, or the axes of a new figure in the house style.

    Parameters
    ----------
    axes : matplotlib.axes.Axes or None
        Drawn on as they are when given.
    width, height : float
        Inches of a new figure.
    """
    if axes is not None:
        return axes
    import matplotlib.pyplot as plt

    with house_style():
        _, fresh = plt.subplots(figsize=(width, height), layout="constrained")
    return fresh


def plain_logarithms(axes: "Axes", which: str) -> None:
    """Let the axes named ("x", "y" or "xy") be logarithmic, with numbers in plain digits.

    matplotlib's own are written as mathematics, which no text of a figure is: names have ``$``.
    """
    from matplotlib.ticker import NullFormatter, StrMethodFormatter

    for name in which:
        axes.set(**{f"{name}scale": "log"})
        axis = getattr(axes, f"{name}axis")
        axis.set_major_formatter(StrMethodFormatter("{x:g}"))
        axis.set_minor_formatter(NullFormatter())


def points(
    axes: "Axes",
    rows: "pd.DataFrame",
    place: Any,
    *,
    scale: float = 1.0,
    upright: bool = False,
    **look: Any,
) -> None:
    """Draw the estimates of some rows with their intervals, beside places on the other axis.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
    rows : DataFrame
        With estimate, low and high.
    place : array_like
        One a row, on the vertical axis unless `upright`.
    scale : float
        100 for percentages.
    **look
        As `matplotlib.axes.Axes.errorbar` takes it: ``color``, ``label``, ``fmt``.
    """
    error = scale * rows[["low", "high"]].sub(rows["estimate"], axis=0).abs().to_numpy().T
    estimate = scale * rows["estimate"]
    given: dict[str, Any] = {"fmt": "o", "ms": 4.5, "elinewidth": 1.2} | look
    if upright:
        axes.errorbar(place, estimate, yerr=error, **given)
    else:
        axes.errorbar(estimate, place, xerr=error, **given)


def strokes(axes: "Axes", ends: Any, heights: Any, *, size: float) -> None:
    """Draw a small upright stroke at each end of a second interval that is known.

    Parameters
    ----------
    axes : matplotlib.axes.Axes
    ends : array_like of float
        One end of each interval, in the axis's own unit.
    heights : array_like of float
    size : float
        Points from the foot of a stroke to its head.
    """
    known = [(end, place) for end, place in zip(ends, heights, strict=True) if math.isfinite(end)]
    if known:
        axes.plot(*zip(*known, strict=True), "|", color=INK, markersize=size)
        stroked.add(axes)


def points_by_group(
    axes: "Axes | None",
    rows: "pd.DataFrame",
    label: str,
    *,
    scale: float = 1.0,
    perfect: float | None = None,
) -> "Axes":
    """Draw an estimate of everybody and of each group, a line each, with intervals.

    A thin line stands where nothing is lost (`perfect`), if it is said where that is.
    """
    axes = axes_or_new(axes, height=1.0 + 0.3 * len(rows))
    place = [-float(number) for number in range(len(rows))]
    points(axes, rows, place, scale=scale, color=PALETTE[0])
    names = [
        "everybody" if sensitive == "overall" else f"{sensitive}: {group}"
        for sensitive, group in zip(rows["sensitive"], rows["group"], strict=True)
    ]
    axes.set_yticks(place, names)
    if perfect is not None:
        axes.axvline(perfect, color=INK, lw=0.8, ls=(0, (4, 3)))
    axes.set_xlabel(label)
    axes.grid(axis="x")
    return axes


def named_points(
    axes: "Axes | None",
    rows: "pd.DataFrame",
    names: str,
    series: str,
    labels: Mapping[str, str] | None = None,
    *,
    scale: float = 1.0,
    title: str = "",
) -> "Axes":
    """Draw estimates with intervals by name down the axis, each series with colour and shape.

    Parameters
    ----------
    axes : matplotlib.axes.Axes or None
        New axes by default.
    rows : DataFrame
        With estimate, low and high.
    names, series : str
        Columns: what stands on the vertical axis, and what has a colour of its own.
    labels : mapping, optional
        What the legend says of a series, the series itself by default.
    scale : float
        100 for percentages.
    title : str
        Of the legend.
    """
    order, kinds = list(rows[names].unique()), list(rows[series].unique())
    axes = axes_or_new(axes, height=1.5 + 0.5 * len(order) * max(1.0, len(kinds) / 4))
    step = min(0.2, 0.8 / max(len(kinds), 1))
    for number, kind in enumerate(kinds):
        own = rows[rows[series] == kind]
        beside = (number - (len(kinds) - 1) / 2) * step
        place = [-order.index(name) - beside for name in own[names]]
        colour, label = PALETTE[number % len(PALETTE)], (labels or {}).get(kind, str(kind))
        shape = MARKERS[number % len(MARKERS)]
        points(axes, own, place, scale=scale, color=colour, label=label, fmt=shape)
    axes.set_yticks([-place for place in range(len(order))], order)
    axes.grid(axis="x")
    _leave_room_around_none(axes, rows)
    numbers = scale * rows[["estimate", "low", "high"]].astype(float)
    said = [(labels or {}).get(kind, str(kind)) if len(kinds) > 1 else "" for kind in rows[series]]
    told = zip(rows[names].astype(str), said, *(numbers[each] for each in numbers), strict=True)
    drawn_points[axes] = [Point(*each) for each in told]
    # A legend wider than the figure would squeeze what it explains, and it stands above the axes,
    # which are as much narrower as the names beside them are long.
    longest = max((len((labels or {}).get(kind, str(kind))) for kind in kinds), default=0)
    beside = max((len(line) for name in order for line in str(name).splitlines()), default=0)
    columns = max(1, min(len(kinds), 4, (74 - max(beside, 10)) // (longest + 4)))
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=columns, title=title or None)
    return axes


def _leave_room_around_none(axes: "Axes", rows: "pd.DataFrame") -> None:
    """Give the axis a length where all that is drawn is none: else it is of rounding, 1e-17."""
    if not rows[["estimate", "low", "high"]].fillna(0.0).to_numpy().any():
        axes.set_xlim(-1.0, 1.0)
