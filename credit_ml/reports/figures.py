"""Turning a finding's own plot into SVG that can stand inside a page, always the same bytes."""

import io
import itertools
import math
import re
import textwrap
import warnings
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any, Literal

from credit_ml.core.figure import Axes, house_style, stroked
from credit_ml.grammar.blocks import Drawing
from credit_ml.reports.drawings.reflow import reflow
from credit_ml.reports.drawings.words import picture_in_words

if TYPE_CHECKING:
    from matplotlib.figure import Figure
    from matplotlib.legend import Legend
    from matplotlib.text import Text

#: Inches of drawings for a phone held upright, which serve a wide page too where they are folded.
NARROW = 3.9
#: Points of the smallest letters of such a drawing: 11 pixels on a phone of 390, by night too, when
#: pictures have a margin.
SMALLEST = 9.4
#: Pixels of the smallest letters on a wide page, and those that a figure is wide there.
LEAST_PIXELS, PAGE = 11.1, 696.0
#: Width of a letter of a number, in parts of its size, and points from one number to the next.
NUMBER_WIDTH, BETWEEN_NUMBERS = 0.6, 6.0
#: Inches beyond which a wide page makes letters too small, and what such a figure is brought to.
WIDEST, WIDE = 8.4, 8.4
#: Names of rows longer than this take two lines there or three, for which rows move apart.
LONGEST_NAME = 18
#: Inches of a line of a name, between names, and of what a figure has besides its rows; and how
#: much higher a figure may become: beyond it names are cut.
LINE, GAP, FURNITURE, MOST_GROWTH = 0.15, 0.05, 0.9, 2.0
#: Numbers below a narrow drawing, at most: more would run into each other.
MOST_TICKS = 5
#: Letters of one word beyond which it leaves a narrow drawing no room.
MOST_LETTERS = 24
#: Letters of an axis label that fit into an inch of a figure, beside the names of the rows.
LETTERS_PER_INCH = 8.8

Widths = Literal["both", "wide", "middle"]
Plot = Callable[[Axes | None], Axes]


def drawing(plot: Plot, *, prefix: str, widths: Widths = "both") -> Drawing:
    """Draw as the plot itself would, and once more on narrow axes for a phone.

    Parameters
    ----------
    plot : callable
        Takes axes or None and returns axes, as `Finding.plot` does.
    prefix : str
        Put before every id inside the SVG, so that figures of one page never share one.
    widths : {"both", "wide", "middle"}
        Two drawings for two widths of page; one wide drawing; or one that serves both, for
        what waits behind a line.
    """
    import matplotlib.pyplot as plt

    with house_style():
        axes = plot(None)
        figure = _figure_of(axes)
        try:
            return _drawn(axes, figure, prefix, widths)
        finally:
            plt.close(figure)


def _drawn(axes: Axes, figure: "Figure", prefix: str, widths: Widths) -> Drawing:
    # A figure's title is the page's caption, so the picture does without.
    for place in ("left", "center", "right"):
        axes.set_title("", loc=place)
    told: dict[str, Any] = {
        "said": picture_in_words(axes),
        "strokes": not stroked.isdisjoint(figure.axes),
    }
    if widths == "middle":
        _narrow(axes, figure, NARROW)
    elif figure.get_figwidth() > WIDEST:
        figure.set_figwidth(WIDE)
        reflow(figure)
    if widths != "middle":
        _legible(figure, LEAST_PIXELS * 72 * figure.get_figwidth() / PAGE)
    wide = svg(figure, prefix=f"{prefix}-w")
    if widths != "both":
        return Drawing(wide=wide, narrow="", middle=widths == "middle", **told)
    _narrow(axes, figure, NARROW)
    return Drawing(wide=wide, narrow=svg(figure, prefix=f"{prefix}-n"), **told)


def _narrow(axes: Axes, figure: "Figure", width: float) -> None:
    """Make a figure narrower, as high as it is, and break what would be cut.

    A map, whose two axes measure alike, shrinks both ways.
    """
    wide, high = figure.get_size_inches()
    figure.set_size_inches(width, high if axes.get_aspect() == "auto" else high * width / wide)
    panels = reflow(figure)
    from matplotlib.ticker import MaxNLocator

    _legible(figure, SMALLEST)
    if isinstance(axes.xaxis.get_major_locator(), MaxNLocator):
        axes.locator_params(axis="x", nbins=_ticks_with_room(axes, width))
    letters = round(LETTERS_PER_INCH * width)
    lines = axes.get_xlabel().splitlines()
    axes.set_xlabel("\n".join(textwrap.fill(line, letters) for line in lines))
    if panels == 1:
        _break_names(axes, figure)
    for legend in filter(None, (axes.get_legend(), *figure.legends)):
        if getattr(legend, "_ncols", 1) > 1 or _hangs(legend, axes):
            title = legend.get_title().get_text()
            legend.remove()
            _legend_below(axes, figure, title, letters)
    for legend in filter(None, (*(each.get_legend() for each in figure.axes), *figure.legends)):
        for text in (*legend.get_texts(), legend.get_title()):
            _at_least(text, SMALLEST)


def _legible(figure: "Figure", points: float) -> None:
    """Let no letter of a drawing be smaller than so many points, on an axis or in the picture."""
    for each in figure.axes:
        for axis in (each.xaxis, each.yaxis):
            labels = axis.get_ticklabels()
            if labels:
                size = max(points, float(labels[0].get_fontsize()))
                axis.set_tick_params(which="both", labelsize=size)
            _at_least(axis.label, points)
        for text in each.texts:
            _at_least(text, points)


def _at_least(text: "Text", points: float) -> None:
    text.set_fontsize(max(points, float(text.get_fontsize())))


def _ticks_with_room(axes: Axes, width: float) -> int:
    """How many numbers stand below a drawing of so many inches without running into each other."""
    names = [line for each in axes.get_yticklabels() for line in each.get_text().splitlines()]
    longest = min(max(map(len, names), default=0), LONGEST_NAME)
    place = axes.get_subplotspec()
    columns = place.get_gridspec().ncols if place else 1
    room = 72 * width / columns - (longest + _letters_beside(axes)) * NUMBER_WIDTH * SMALLEST
    for number in range(MOST_TICKS, 2, -1):
        axes.locator_params(axis="x", nbins=number)
        low, high = sorted(axes.get_xlim())
        inside = [each for each in axes.get_xticks() if low <= each <= high]
        letters = max(map(len, axes.xaxis.get_major_formatter().format_ticks(inside)), default=0)
        needed = letters * NUMBER_WIDTH * SMALLEST + BETWEEN_NUMBERS
        if len(inside) * needed <= room:
            return number
    return 2


def _letters_beside(axes: Axes) -> int:
    """Letters of the longest text that stands to the right of the axes, as numbers of a row do."""
    beside = (
        each.get_text()
        for each in axes.texts
        if each.get_transform() is not axes.transData and each.get_position()[0] > 1
    )
    return max((len(line) for text in beside for line in text.splitlines()), default=0)


def _break_names(axes: Axes, figure: "Figure") -> None:
    """Leave the width to what is drawn, not to the names of the rows."""
    names = [label.get_text() for label in axes.get_yticklabels()]
    if max(map(len, names), default=0) <= LONGEST_NAME:
        return
    broken = [_broken(name) for name in names]
    wide, high = figure.get_size_inches()
    room = max(high - FURNITURE, 0.5)
    ticks, (bottom, top) = sorted(axes.get_yticks()), axes.get_ylim()
    nearest = min((b - a for a, b in itertools.pairwise(ticks)), default=math.inf)
    lines = max(name.count("\n") + 1 for name in broken)
    growth = (LINE * lines + GAP) / (room * nearest / abs(top - bottom))
    if growth > MOST_GROWTH:
        broken = [_cut(name) for name in names]
    elif growth > 1:
        figure.set_size_inches(wide, high + room * (growth - 1))
    axes.set_yticks(axes.get_yticks(), broken)


def _broken(name: str) -> str:
    """Two lines of a name, three at most: a word too long for one ends where another begins.

    Examples
    --------
    >>> _broken("NumberOfTime60-89DaysPastDueNotWorse").splitlines()
    ['NumberOfTime60-89', 'DaysPastDueNot', 'Worse']
    """
    if max(map(len, name.split()), default=0) <= MOST_LETTERS:
        return textwrap.fill(name, LONGEST_NAME, break_long_words=False, break_on_hyphens=False)
    parts = re.sub(r"(?<=[a-z0-9_])(?=[A-Z])|(?<=[-_/.])", "\0", name).split("\0")
    lines = [""]
    for part in parts:
        if lines[-1] and len(lines[-1] + part) > LONGEST_NAME:
            lines.append("")
        lines[-1] += part
    cut = [line if len(line) <= MOST_LETTERS else _cut(line) for line in lines]
    return "\n".join(cut[:2] + ([cut[2]] if len(cut) == 3 else ["..."] if len(cut) > 3 else []))


def _cut(name: str) -> str:
    """Leave out the middle of a name too long for its row."""
    half = MOST_LETTERS // 2
    return name if len(name) <= MOST_LETTERS else f"{name[:half]}…{name[1 - half :]}"


def _hangs(legend: "Legend", axes: Axes) -> bool:
    """Whether a legend hangs below the axes, where a label of more lines than before would lie."""
    own = legend.get_bbox_to_anchor().transformed(axes.transAxes.inverted())
    return bool(own.y0 < 0)


def _legend_below(axes: Axes, figure: "Figure", title: str, letters: int) -> None:
    handles, names = axes.get_legend_handles_labels()
    longest = max(map(len, names), default=1)
    # A marker and the space around it take about four letters.
    abreast = max(1, min(len(names), letters // (longest + 4)))
    legend = figure.legend(handles=handles, labels=names, loc="outside lower center", ncols=abreast)
    legend.set_title(title)


def svg(figure: "Figure", *, prefix: str) -> str:
    """Write a figure as inline SVG: own ids, no outside name, coordinates to a hundredth."""
    from credit_ml.reports.drawings.canvas import Canvas

    buffer = io.StringIO()
    # `savefig` draws twice where the layout is constrained: once to lay out, and drawing does that.
    write: Callable[..., None] = Canvas(figure).print_svg
    with warnings.catch_warnings():
        # Letters stay letters, and are drawn with the fonts of who reads the page.
        warnings.filterwarnings("ignore", "Glyph .* missing from font")
        write(buffer, metadata={"Date": None, "Creator": None})
    text = buffer.getvalue()
    text = text[text.index("<svg") :]
    text = re.sub(r"<metadata>.*?</metadata>", "", text, flags=re.DOTALL)
    text = re.sub(r"<!--.*?-->", "", text, flags=re.DOTALL)
    # The page says this once for all pictures; inside an SVG it would hold for the whole page.
    text = re.sub(r"<style.*?</style>", "", text, flags=re.DOTALL)
    # Numbered as they come: matplotlib's names hash coordinates, whose last bits are a processor's.
    names = dict.fromkeys(re.findall(r"(?:href=\"|url\()#([^\")]+)", text))
    used = {name: f"{prefix}-{number}" for number, name in enumerate(names, start=1)}
    text = re.sub(r"<[^>]+>", lambda tag: _tag(tag.group(), used), text)
    text = _joined(re.sub(r">\s+<", "><", text))
    return _opening(text).strip()


def _figure_of(axes: Axes) -> "Figure":
    figure = axes.get_figure(root=True)
    if figure is None:
        raise TypeError("a plot must return axes that belong to a figure")
    return figure


def _tag(tag: str, used: Mapping[str, str]) -> str:
    """Make one tag fit to stand beside those of other figures, and smaller."""
    if tag.startswith("<text"):
        # The page's own sans-serif: DejaVu Sans is seldom installed on a reader's machine.
        tag = re.sub(r"\s*font-family: [^;\"]+;", "", tag)
        tag = re.sub(r"font: ([^;\"]*?)([\d.]+px) [^;\"]+", r"\1font-size: \2", tag)
        tag = re.sub(r"style=\"(italic|oblique) ", r'style="font-style: \1; ', tag)
        tag = re.sub(r"style=\"(\d{3}|bold) ", r'style="font-weight: \1; ', tag)
    tag = re.sub(r"\s+xmlns(:\w+)?=\"[^\"]*\"", "", tag)
    tag = tag.replace("xlink:href", "href").replace("\n", " ")
    tag = re.sub(
        r"\sid=\"([^\"]*)\"", lambda name: f' id="{used[name[1]]}"' if name[1] in used else "", tag
    )
    tag = re.sub(r"(href=\"|url\()#([^\")]+)", lambda name: f"{name[1]}#{used[name[2]]}", tag)
    return re.sub(r"(?<![\w#])-?\d+\.\d{3,}", lambda number: _short(number.group()), tag)


def _joined(text: str) -> str:
    """Write lines of one look that follow each other as one path, a fifth of the bytes."""
    line = r'<path d="([^"]*)"([^>]*fill: none[^>]*)/>'
    return re.sub(f"(?:{line}){{2,}}", lambda run: _run(re.findall(line, run.group())), text)


def _run(paths: list[tuple[str, str]]) -> str:
    looks = itertools.groupby(paths, key=lambda path: path[1])
    return "".join(
        f'<path d="{" ".join(d.strip() for d, _ in members)}"{look}/>' for look, members in looks
    )


def _short(number: str) -> str:
    text = f"{float(number):.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def _opening(text: str) -> str:
    """Let the page scale the picture: a view box and no fixed size."""
    head, rest = text.split(">", 1)
    head = re.sub(r"\s(width|height|version)=\"[^\"]*\"", "", head)
    return f'{head} aria-hidden="true" focusable="false">{rest}'
