"""The figure of a sweep over settings: the headline by each key, and over all settings."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from credit_ml.core.figure import INK, PALETTE, Axes

#: Keys drawn: those that move the headline most.
MOST = 6


def draw(table: pd.DataFrame, told: Mapping[str, Any], axes: Axes | None) -> Axes:
    """Draw a line of points a key; the band is the study's own number with its chance."""
    import matplotlib.pyplot as plt

    rows = table[table["headline"] == told["headlines"][0]]
    at = rows[rows["quantity"] == "at"]
    spread = at.groupby("key")["estimate"].agg(np.ptp).sort_values(ascending=False, kind="stable")
    keys = list(spread.index[:MOST])
    lines = sum(len(at[at["key"] == key]) for key in keys) + len(keys)
    if axes is None:
        _, axes = plt.subplots(figsize=(6.2, 1.1 + 0.3 * lines), layout="constrained")
    own = rows[(rows["quantity"] == "setting") & (rows["setting"] == 0)].iloc[0]
    if np.isfinite(own["low"]):
        axes.axvspan(
            own["low"], own["high"], color=INK, alpha=0.1, lw=0, label="chance, as it stands"
        )
    axes.axvline(own["estimate"], color=INK, lw=0.8)
    places, names, y = [], [], 0.0
    for key in keys:
        here = at[at["key"] == key]
        axes.text(0.01, y + 0.15, key.removeprefix("world.changes."), transform=axes.get_yaxis_transform(), fontweight="bold")
        for _, row in here.iterrows():
            y -= 1
            axes.plot([row["low"], row["high"]], [y, y], color=PALETTE[0], lw=1.2)
            axes.plot(row["estimate"], y, "o", color=PALETTE[0], ms=5)
            places.append(y)
            names.append(row["value"])
        y -= 1.2
    axes.set_yticks(places, names)
    axes.set_ylim(y + 0.6, 1.0)
    axes.set_xlabel(str(told["headlines"][0]))
    axes.grid(axis="x")
    first: Axes = axes
    return first
