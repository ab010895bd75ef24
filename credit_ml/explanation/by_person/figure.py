"""Waterfall and beeswarm of attributions, readable on a phone and without colour."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from credit_ml.core import Array
from credit_ml.core.figure import INK, PALETTE, Axes, axes_or_new

#: Columns drawn; what the others add is one more bar of a waterfall.
SHOWN = 10
#: Beside each other stand people whose attributions fall into one of so many parts of the width.
PARTS = 60
#: Sequential, even in lightness, and the same to the colour-blind (Nunez et al. 2018).
COLOURS = "cividis"
#: Colour and mark of values that have no order.
UNORDERED, MARK = PALETTE[3], "^"


def waterfall(table: pd.DataFrame, told: Mapping[str, Any], axes: Axes | None) -> Axes:
    """Draw how one person's score comes about, from the base up to the largest attribution."""
    order = table.iloc[np.argsort(-table["estimate"].abs().to_numpy(), kind="stable")]
    steps = [(_named(row), float(row["estimate"])) for row in order.head(SHOWN).to_dict("records")]
    rest = order["estimate"].iloc[SHOWN:]
    if len(rest):
        steps.append((f"{len(rest)} others", float(rest.sum())))
    axes = axes_or_new(axes, height=1.3 + 0.34 * len(steps))
    ends = told["base"] + np.cumsum([0.0, *(size for _, size in reversed(steps))])
    width = float(np.ptp(ends)) or 1.0
    for place, (start, (_, size)) in enumerate(zip(ends, reversed(steps), strict=False)):
        colour = PALETTE[0] if size >= 0 else PALETTE[1]
        axes.barh(place, size, left=start, height=0.6, color=colour)
        end, away = start + size, 0.012 * width * (1 if size >= 0 else -1)
        side = "left" if size >= 0 else "right"
        axes.text(end + away, place, f"{size:+.2f}", va="center", ha=side, fontsize=8, color=INK)
        axes.plot([end, end], [place + 0.3, place + 0.7], color=INK, lw=0.6)
    axes.axvline(told["base"], color=INK, lw=0.8, ls=(0, (4, 3)))
    axes.set_yticks(range(len(steps)), [name for name, _ in reversed(steps)])
    axes.set_xlim(ends.min() - 0.2 * width, ends.max() + 0.2 * width)
    said = f"from {told['base']:.2f} (average, dashed) to {ends[-1]:.2f}"
    axes.set_xlabel(f"{told['unit']}: {said}")
    axes.grid(axis="x")
    return axes


def beeswarm(table: pd.DataFrame, told: Mapping[str, Any], axes: Axes | None) -> Axes:
    """Draw everybody's attributions, a row a column, coloured by how much of it a person has."""
    size = table.assign(size=table["estimate"].abs()).groupby("name", sort=False)["size"].mean()
    names = size.nlargest(SHOWN).index.tolist()[::-1]
    axes = axes_or_new(axes, height=1.5 + 0.4 * len(names))
    reach = float(table["estimate"].abs().max()) or 1.0
    for place, name in enumerate(names):
        rows = table[table["name"] == name]
        known = rows["place"].notna().to_numpy()
        beside = place + _swarmed(rows["estimate"].to_numpy(), reach)
        drawn: dict[str, Any] = {"s": 9, "linewidths": 0}
        axes.scatter(
            rows["estimate"][~known], beside[~known], color=UNORDERED, marker=MARK, **drawn
        )
        shades: dict[str, Any] = {"c": rows["place"][known], "cmap": COLOURS, "vmin": 0, "vmax": 1}
        axes.scatter(rows["estimate"][known], beside[known], **shades, **drawn)
    axes.axvline(0.0, color=INK, lw=0.8)
    axes.set_yticks(range(len(names)), [name.replace("_", " ") for name in names])
    axes.set_xlabel(f"what the record adds ({told['unit']})")
    axes.grid(axis="x")
    _shades(axes, unordered=bool(table["place"].isna().any()))
    return axes


def _swarmed(values: Array, reach: float) -> Array:
    """How far up or down each point moves, so that alike ones stand beside each other."""
    part = np.round(values / reach * PARTS / 2).astype(int)
    order = np.argsort(part, kind="stable")
    number = np.zeros(len(values), dtype=int)
    _, start, count = np.unique(part[order], return_index=True, return_counts=True)
    for first, many in zip(start, count, strict=True):
        number[order[first : first + many]] = np.arange(many)
    # 0, 1, -1, 2, -2: from the middle outwards, within the row.
    side = np.where(number % 2, 1, -1) * ((number + 1) // 2)
    return np.asarray(side * min(0.07, 0.42 / max(1, np.abs(side).max())))


def _shades(axes: Axes, *, unordered: bool) -> None:
    """Say what colours mean."""
    import matplotlib as mpl

    shade = mpl.colormaps[COLOURS]
    said: dict[str, Any] = {"little of it": shade(0.0), "middling": shade(0.5)}
    said |= {"much of it": shade(1.0)} | ({"no order": UNORDERED} if unordered else {})
    for name, colour in said.items():
        mark = MARK if name == "no order" else "o"
        axes.scatter([], [], s=25, linewidths=0, color=colour, marker=mark, label=name)
    axes.legend(loc="lower center", bbox_to_anchor=(0.5, 1.0), ncols=len(said))


def _named(row: Mapping[Any, Any]) -> str:
    name = str(row["name"]).replace("_", " ")
    return f"{name} = {row['value']}" if row["value"] else name
