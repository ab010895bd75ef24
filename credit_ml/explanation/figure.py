"""The dots with intervals that findings by group draw."""

from typing import TYPE_CHECKING

import pandas as pd

from credit_ml.core.figure import INK, PALETTE, axes_or_new

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def named(sensitive: object, group: object) -> str:
    """Name a group as figures do."""
    return "everybody" if sensitive == "overall" else f"{sensitive}: {group}"


def dots(rows: pd.DataFrame, axes: "Axes | None", *, label: str, perfect: float | None) -> "Axes":
    """Draw one estimate a group with its interval, everybody on top.

    Parameters
    ----------
    rows : DataFrame
        Columns sensitive, group, estimate, low and high.
    axes : matplotlib.axes.Axes or None
    label : str
        Of the horizontal axis, with unit.
    perfect : float or None
        Where a thin line stands for nothing lost.
    """
    axes = axes_or_new(axes, height=1.0 + 0.3 * len(rows))
    if perfect is not None:
        axes.axvline(perfect, color=INK, lw=0.8, ls=(0, (4, 3)))
    names = [named(s, g) for s, g in rows[["sensitive", "group"]].to_numpy()]
    for place, row in enumerate(rows.to_dict("records")):
        colour = INK if row["sensitive"] == "overall" else PALETTE[0]
        axes.hlines(-place, row["low"], row["high"], color=colour, lw=2.0)
        axes.plot(row["estimate"], -place, "o", color=colour, ms=5)
    axes.set_yticks([-place for place in range(len(rows))], names)
    axes.set_ylim(0.7 - len(rows), 0.7)
    axes.set_xlabel(label)
    axes.grid(axis="x")
    return axes
