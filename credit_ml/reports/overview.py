"""One picture of the same fact at every rater, so that raters can be held side by side."""

from dataclasses import dataclass
from typing import Any

from credit_ml.core.figure import GRID, INK, PALETTE, Axes, axes_or_new
from credit_ml.core.results import StudyResults
from credit_ml.grammar.blocks import TableView
from credit_ml.grammar.names import group_label
from credit_ml.grammar.numbers import Amount
from credit_ml.grammar.phrases import FOUR_FIFTHS, GroupPair, worst_pair
from credit_ml.grammar.rows import fact, values
from credit_ml.grammar.tables import EMPTY

_MARKERS = ("o", "s", "D", "^", "v", "P", "X")


@dataclass(frozen=True, kw_only=True)
class Forest:
    """Selection ratios with intervals: a line a group, a colour and a marker a rater."""

    title = "Selection ratio of a group against its reference group, at every rater"
    series: tuple[str, ...]
    """Names of the raters."""
    rows: tuple[tuple[str, tuple[Amount | None, ...]], ...]
    """Label of each row, and one measurement a rater."""

    def plot(self, axes: Axes | None = None) -> Axes:
        """Draw on `axes`, or on a new figure as high as the rows need."""
        step = 0.16 * len(self.series) + 0.22
        axes = axes_or_new(axes, height=step * len(self.rows) + 1.1)
        for place, (name, marker) in enumerate(zip(self.series, _MARKERS * 3, strict=False)):
            self._draw(axes, place, name, marker)
        look: dict[str, Any] = {"ha": "center", "va": "bottom", "fontsize": 8, "color": INK}
        look |= {"xycoords": ("data", "axes fraction"), "textcoords": "offset points"}
        for value, meaning in ((FOUR_FIFTHS, "four fifths"), (1.0, "parity")):
            axes.axvline(value, color=INK, linewidth=0.8, linestyle=(0, (4, 2)), zorder=1)
            axes.annotate(meaning, (value, 1.0), xytext=(0, 3), **look)
        axes.set_yticks(range(len(self.rows)), [label for label, _ in self.rows])
        axes.set_ylim(len(self.rows) - 0.5, -0.5)
        axes.tick_params(axis="y", length=0)
        axes.grid(axis="x", color=GRID)
        axes.set_xlabel("selection ratio, group over reference group")
        figure = axes.get_figure(root=True)
        if figure is not None:
            abreast = 2 if figure.get_size_inches()[0] < 5 else 4
            figure.legend(loc="outside lower center", ncols=abreast, handletextpad=0.1)
        return axes

    def _draw(self, axes: Axes, place: int, name: str, marker: str) -> None:
        offset = 0.7 * ((place + 0.5) / len(self.series) - 0.5)
        points = [
            (number + offset, measured)
            for number, (_, found) in enumerate(self.rows)
            if (measured := found[place]) is not None
        ]
        colour = PALETTE[place % len(PALETTE)]
        for height, measured in points:
            if measured.ranged:
                axes.hlines(height, measured.low, measured.high, color=colour, linewidth=1.6)
        heights, estimates = [at for at, _ in points], [found.estimate for _, found in points]
        look: dict[str, Any] = {"marker": marker, "s": 26, "linewidths": 0, "zorder": 3}
        axes.scatter(estimates, heights, color=colour, label=name, **look)

    def table(self) -> TableView:
        """Return the same measurements as a table."""
        lines = tuple(
            (label, *(EMPTY if each is None else each.text() for each in found))
            for label, found in self.rows
        )
        return TableView(caption=self.title, head=("", *self.series), bodies=(("", lines),))


def selection_forest(results: StudyResults) -> Forest | None:
    """Return the selection ratio of the worst-off group of every feature, at every rater."""
    found = [(rater, each) for rater, each in results.of_kind("audit") if rater]
    if len(found) < 2:
        return None
    pairs = [
        pair
        for sensitive in values(found[0][1], "sensitive", quantity="ratio")
        if " x " not in sensitive and (pair := worst_pair(found[0][1], sensitive))
    ]
    of = {"quantity": "ratio", "measure": "selection_rate"}
    rows = tuple(
        (_against(pair), tuple(fact(each, **of, **pair.where()) for _, each in found))
        for pair in pairs
    )
    return Forest(series=tuple(rater.name for rater, _ in found), rows=rows)


def _against(pair: GroupPair) -> str:
    group, reference = (group_label(pair.sensitive, each) for each in (pair.group, pair.reference))
    return f"{group}\nover {reference[0].lower()}{reference[1:]}"
