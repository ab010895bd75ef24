"""A figure's SVG is that which matplotlib itself writes."""

import io
import re

import numpy as np
import pytest
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.collections import LineCollection

from credit_ml.core.figure import axes_or_new, house_style
from credit_ml.reports.drawings.canvas import Canvas
from credit_ml.reports.figures import _joined


def errorbars(axes):
    axes.errorbar([1, 2, 3], [1, 2, 3], xerr=0.5, yerr=[[0, 1, 2], [1, 1, 0]], fmt="o", capsize=2)
    axes.legend(["seen"])


def dashed_and_faint(axes):
    lines = [[(0, 0), (1, 1)], [(0, 1), (1, 0)], [(5, 5), (6, 6)]]  # the last outside
    axes.add_collection(LineCollection(lines, linestyles="--", colors=[(0, 0, 1, 0.3)]))
    axes.set(xlim=(0, 1), ylim=(0, 1))


def of_many_colours(axes):
    axes.add_collection(LineCollection([[(0, 0), (1, 1)], [(0, 1), (1, 0)]], colors=["r", "b"]))


def filled_and_placed(axes):
    axes.scatter(range(5), range(5), c=range(5), s=np.arange(5) * 9)
    axes.fill_between([0, 4], [0, 1], [1, 3])


def words(axes):
    axes.set_title("Wide, long, 中文 and\ntwo lines")
    axes.set_yticks([0, 1], ["one", "another that is long"])
    axes.text(0.5, 0.5, "turned", rotation=40, fontsize=14, weight="bold", style="italic")


def written(canvas, figure):
    file = io.StringIO()
    canvas(figure).print_svg(file, metadata={"Date": None, "Creator": None})
    text = re.sub(r"<!--.*?-->|<metadata>.*?</metadata>", "", file.getvalue(), flags=re.DOTALL)
    text = re.sub(r"<path (?!d=|id=)[^>]*/>", "", text)  # clipped to nothing
    return _joined(re.sub(r">\s+<", "><", text.replace("\n", " ")))


@pytest.mark.filterwarnings("ignore:Glyph")
@pytest.mark.parametrize(
    "draw", [errorbars, dashed_and_faint, of_many_colours, filled_and_placed, words]
)
def test_it_is_what_matplotlib_writes(draw):
    made = []
    for canvas in (FigureCanvasSVG, Canvas, Canvas):  # the second time all is remembered
        with house_style():
            axes = axes_or_new(None)
            draw(axes)
            made.append(written(canvas, axes.figure))
    spaces = [re.sub(r"\s+", " ", each).replace('" ', '"').replace(' "', '"') for each in made]
    assert spaces[1] == spaces[2] == spaces[0]
