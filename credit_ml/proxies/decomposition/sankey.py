"""A gap drawn as a flow: mechanisms on the left, factors on the right."""

from typing import Any

import numpy as np
import pandas as pd

from credit_ml.core.figure import INK, PALETTE, Axes, axes_or_new
from credit_ml.proxies.decomposition.components import GAP

#: Share of the height left white between two boxes, width of a box, shares too small to draw.
SPACE, BOX, LEAST = 0.04, 0.025, 0.005


def draw_sankey(table: pd.DataFrame, unit: str, axes: Axes | None = None) -> Axes:
    """Draw the cells of the first group: band width is the size, white where it runs against.

    Parameters
    ----------
    table : DataFrame
        Of a `Flow`.
    unit : str
        Of the score.
    """
    first = table[["sensitive", "group", "reference_group"]].drop_duplicates().head(1)
    lead = table.merge(first)
    gap = float(lead.loc[(lead["mechanism"] == GAP) & (lead["factor"] == GAP), "estimate"].iloc[0])
    cells = lead[(lead["mechanism"] != GAP) & (lead["factor"] != GAP)]
    size = cells.pivot_table(index="mechanism", columns="factor", values="estimate")
    size = size.reindex(index=cells["mechanism"].unique(), columns=cells["factor"].unique())
    total = float(size.abs().to_numpy().sum())
    axes = axes_or_new(axes, width=6.6, height=1.6 + 0.42 * max(size.shape))
    axes.set_xlim(-0.42, 1.42)
    axes.set_ylim(1.06, -0.06)
    axes.set_axis_off()
    if total == 0:
        axes.text(0.5, 0.5, "nothing flows: no mechanism depends on it", ha="center")
        return axes
    seen = size.abs() / total
    seen = seen.loc[seen.sum(axis=1) > LEAST, seen.sum(axis=0) > LEAST]
    left = _boxes(axes, seen.sum(axis=1), size.sum(axis=1), 0.0)
    right = _boxes(axes, seen.sum(axis=0), size.sum(axis=0), 1.0)
    room = [1 - SPACE * (number - 1) for number in seen.shape]
    for number, mechanism in enumerate(seen.index):
        colour = PALETTE[number % len(PALETTE)]
        for factor in seen.columns:
            share = float(seen.loc[mechanism, factor])
            if share < LEAST / 2:
                continue
            ends = (left[mechanism], right[factor])
            heights = (share * room[0], share * room[1])
            against = size.loc[mechanism, factor] * gap < 0
            _band(axes, ends, heights, *(("white", colour) if against else (colour, "")))
            left[mechanism] += heights[0]
            right[factor] += heights[1]
    row = first.iloc[0]
    axes.text(0.5, 1.04, "white bands run against the gap", ha="center", fontsize=8, color=INK)
    axes.text(0, -0.08, "made by", ha="center", color=INK, fontsize=8.5)
    axes.text(1, -0.08, "carried by", ha="center", color=INK, fontsize=8.5)
    who = f"{row['group']} against own twins as {row['reference_group']}"
    axes.set_title(f"{who}: {_signed(gap)} {unit}", loc="center", fontsize=9, y=1.06)
    return axes


def _boxes(axes: Axes, share: pd.Series, value: pd.Series, x: float) -> dict[str, float]:
    from matplotlib.patches import Rectangle

    tops, at, room = {}, 0.0, 1 - SPACE * (len(share) - 1)
    look: dict[str, Any] = {"va": "center", "fontsize": 8.5, "color": INK}
    look["ha"], offset = ("left", 0.03) if x else ("right", -0.03)
    for name, part in zip(map(str, share.index), share, strict=True):
        height = float(part) * room
        axes.add_patch(Rectangle((x - BOX / 2, at), BOX, height, color=INK, lw=0))
        axes.text(x + offset, at + height / 2, f"{name} {_signed(float(value[name]))}", **look)
        tops[name] = at
        at += height + SPACE
    return tops


def _signed(value: float) -> str:
    return f"{value:+.3g}".replace("-", "\N{MINUS SIGN}")


def _band(
    axes: Axes, ends: tuple[float, float], heights: tuple[float, float], colour: str, edge: str
) -> None:
    along = np.linspace(0, 1, 60)
    bend = 3 * along**2 - 2 * along**3
    top = ends[0] + (ends[1] - ends[0]) * bend
    bottom = top + heights[0] + (heights[1] - heights[0]) * bend
    x = BOX / 2 + along * (1 - BOX)
    alpha = 1.0 if edge else 0.55
    axes.fill_between(x, top, bottom, alpha=alpha, linewidth=0, color=colour)
    for side in (top, bottom) if edge else ():
        axes.plot(x, side, color=edge, lw=0.7)
