"""The dots with intervals that findings by group draw."""

from typing import TYPE_CHECKING

import pandas as pd

from credit_ml.core.figure import INK, points_by_group

if TYPE_CHECKING:
    from matplotlib.axes import Axes


def dots(rows: pd.DataFrame, axes: "Axes | None", *, label: str, perfect: float | None) -> "Axes":
    """Draw one estimate a group with its interval.

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
    axes = points_by_group(axes, rows, label)
    if perfect is not None:
        axes.axvline(perfect, color=INK, lw=0.8, ls=(0, (4, 3)))
    return axes
