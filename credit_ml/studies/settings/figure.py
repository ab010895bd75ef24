"""Figures of a sweep: headlines against knobs, and each knob's share of a headline's doubt."""

from collections.abc import Mapping
from textwrap import fill
from typing import Any

import numpy as np
import pandas as pd

from credit_ml.core.figure import INK, PALETTE, Axes, points

#: Headlines that are drawn against every knob.
MOST_DRAWN = 4
_ACROSS = 3


def knob_name(key: str) -> str:
    """Return a varied key as words.

    Examples
    --------
    >>> knob_name("world.changes.address.dependence.hukou")
    'address dependence hukou'
    """
    short = key.removeprefix("world.changes.").removeprefix("changes.")
    return short.replace(".", " ").replace("_", " ")


def draw_settings(table: pd.DataFrame, told: Mapping[str, Any], axes: Axes | None) -> Axes:
    """Draw a row of panels a headline and a column a knob."""
    knobs, headlines = list(told["over"]), list(told["headlines"])[:MOST_DRAWN]
    if axes is not None:
        _against(axes, table, headlines[0], knobs[0], float(told["turns"][headlines[0]]))
        return axes
    import matplotlib.pyplot as plt

    size = (max(2.1 * len(knobs), 4.5), 2.0 * len(headlines) + 0.4)
    panels: Any
    _, panels = plt.subplots(
        len(headlines), len(knobs), figsize=size, sharey="row", squeeze=False, layout="constrained"
    )
    for row, headline in zip(panels, headlines, strict=True):
        for panel, knob in zip(row, knobs, strict=True):
            _against(panel, table, headline, knob, float(told["turns"][headline]))
        row[0].set_ylabel(fill(headline, 26), fontsize=7)
    for panel, knob in zip(panels[-1], knobs, strict=True):
        panel.set_xlabel(fill(knob_name(knob), 18))
    first: Axes = panels[0, 0]
    return first


def _against(panel: Axes, table: pd.DataFrame, headline: str, knob: str, turns: float) -> None:
    rows = table[table["headline"] == headline].dropna(subset=["estimate"])
    own, declared = rows[rows["setting"] > 0], rows[rows["setting"] == 0]
    values = pd.to_numeric(own[knob], errors="coerce")
    if values.isna().any():
        names = list(dict.fromkeys(own[knob].astype(str)))
        values = own[knob].astype(str).map(names.index)
        panel.set_xticks(range(len(names)), [fill(each, 12) for each in names])
    panel.plot(values, own["estimate"], "o", color=PALETTE[0], ms=2.6, alpha=0.6)
    low, high = (float(declared[name].iloc[0]) if len(declared) else np.nan for name in _ENDS)
    if np.isfinite(low) and np.isfinite(high):
        panel.axhspan(low, high, color=PALETTE[1], alpha=0.25, lw=0)
    if own["estimate"].min() <= turns <= own["estimate"].max():
        panel.axhline(turns, color=INK, lw=0.8)
    panel.grid()


_ENDS = ("low", "high")


def draw_shares(table: pd.DataFrame, told: Mapping[str, Any], axes: Axes | None) -> Axes:
    """Draw the total shares of knobs with their intervals, a panel a headline."""
    knobs, headlines = list(told["over"]), list(told["headlines"])
    if axes is not None:
        _shares(axes, table, headlines[0], knobs)
        return axes
    import matplotlib.pyplot as plt

    down = -(-len(headlines) // _ACROSS)
    across = min(len(headlines), _ACROSS)
    size = (2.0 + 2.5 * across, down * (1.1 + 0.22 * len(knobs)))
    panels: Any
    _, panels = plt.subplots(
        down, across, figsize=size, sharex=True, sharey=True, squeeze=False, layout="constrained"
    )
    for place, panel in enumerate(panels.flat):
        if place >= len(headlines):
            panel.set_visible(False)
            continue
        _shares(panel, table, headlines[place], knobs)
    first: Axes = panels[0, 0]
    return first


def _shares(panel: Axes, table: pd.DataFrame, headline: str, knobs: list[str]) -> None:
    own = table[(table["headline"] == headline) & (table["quantity"] == "total")]
    own = own.set_index("knob").reindex(knobs)
    place = [-float(number) for number in range(len(knobs))]
    points(panel, own, place, scale=100, color=PALETTE[0], ms=3.6)
    panel.axvline(0, color=INK, lw=0.8)
    panel.set_yticks(place, [knob_name(each) for each in knobs])
    words: dict[str, Any] = {"xycoords": "axes fraction", "va": "bottom", "fontsize": 7.5}
    panel.annotate(fill(headline, 34), (0, 1.03), **words)
    panel.set_xlabel("share of the variance, total (%)")
    panel.grid(axis="x")
