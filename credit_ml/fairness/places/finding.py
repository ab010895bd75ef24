"""Mean scores of districts, as a finding and as a map of the city."""

from typing import Any, ClassVar

import numpy as np
import pandas as pd

from credit_ml.core import Finding
from credit_ml.core.figure import INK, Axes, axes_or_new

#: From low scores to high ones: cividis, which is read alike by all eyes and in grey.
SHADES = ("#00224e", "#3f4c6b", "#8a8d85", "#bcaf6f", "#fee838")
#: Of each, what is read on it.
ON_SHADE = ("#ffffff", "#ffffff", INK, INK, INK)
#: Districts abreast beyond which a tile has no room for its number.
MOST_ABREAST = 12


class ScoreMap(Finding):
    """Mean score of every district, in the order of what people earn there.

    Own column of `table`: place (of the district, 1 the poorest; 0 for several). Measures:

    - "mean_score", quantity "value": of everybody, with place 0, and of one district.
    - "poorest_fifth", "richest_fifth": mean score in a fifth of the districts, by quantity "value",
      and "richest_less_poorest", the difference of the two; 0 means that where one lives goes along
      with no score.

    Examples
    --------
    >>> from credit_ml.core import conform
    >>> rows = [{"measure": "mean_score", "estimate": 600.0, "place": place} for place in (0, 1)]
    >>> ScoreMap(table=conform(rows), title="").districts["place"].tolist()
    [1]
    """

    kind: ClassVar[str] = "score_map"
    labels: ClassVar[tuple[str, ...]] = ("place",)
    tracked: ClassVar[tuple[str, ...]] = ("measure",)

    @property
    def districts(self) -> pd.DataFrame:
        """Rows of single districts, the poorest first."""
        rows: pd.DataFrame = self.table[self.table["place"] > 0]
        return rows

    def to_track(self) -> pd.DataFrame:
        """What is said of several districts at once."""
        rows: pd.DataFrame = self.table[self.table["place"] == 0]
        return rows

    def plot(self, axes: Axes | None = None) -> Axes:
        """Lay districts out from the poorest (bottom left) to the richest (top right).

        A tile's shade is one of five ranges of mean score, each as wide; its number says the mean.
        """
        means = self.districts["estimate"].to_numpy()
        abreast = int(np.ceil(np.sqrt(len(means))))
        deep = -(-len(means) // abreast)
        axes = axes_or_new(axes, width=6.2, height=0.8 + 0.42 * deep)
        edges = np.linspace(means.min(), means.max(), len(SHADES) + 1)
        shade = np.clip(np.searchsorted(edges, means, side="right") - 1, 0, len(SHADES) - 1)
        row, column = np.divmod(np.arange(len(means)), abreast)
        for number, colour in enumerate(SHADES):
            own = shade == number
            if own.any():
                _tiles(axes, column[own], row[own], colour)
                name = f"{edges[number]:,.0f} to {edges[number + 1]:,.0f}"
                axes.scatter([], [], marker="s", s=60, color=colour, label=name)
        if abreast <= MOST_ABREAST:
            for x, y, mean, number in zip(column, row, means, shade, strict=True):
                _written(axes, x, y, f"{mean:.0f}", ON_SHADE[number])
        _framed(axes, abreast, deep)
        return axes


def _tiles(axes: Axes, column: Any, row: Any, colour: str) -> None:
    from matplotlib.collections import PatchCollection
    from matplotlib.patches import Rectangle

    tiles = [Rectangle((x - 0.46, y - 0.46), 0.92, 0.92) for x, y in zip(column, row, strict=True)]
    axes.add_collection(PatchCollection(tiles, facecolor=colour, edgecolor=INK, linewidth=0.4))


def _written(axes: Axes, x: float, y: float, text: str, colour: str) -> None:
    axes.text(x, y, text, ha="center", va="center", fontsize=7, color=colour)


def _framed(axes: Axes, abreast: int, deep: int) -> None:
    axes.set_xlim(-1.1, abreast - 0.4)
    axes.set_ylim(-0.6, deep - 0.4)
    axes.set_axis_off()
    last = deep - 1
    for place, text in ((0, "poorest"), (last, "richest"))[: 1 + (last > 1)]:
        axes.text(-0.8, place, text, rotation=90, ha="center", va="center", color=INK, fontsize=7.5)
    figure = axes.get_figure(root=True)
    if figure is not None:
        shown = figure.legend(loc="outside lower center", ncols=5, handletextpad=0.1)
        shown.set_title("mean points of those who live there")
