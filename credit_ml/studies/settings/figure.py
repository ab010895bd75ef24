"""Figures of a sweep: headlines against knobs, and each knob's share of a headline's doubt."""

from collections.abc import Mapping
from textwrap import fill
from typing import Any

import numpy as np
import pandas as pd

from credit_ml.core.figure import INK, PALETTE, Axes, points
from credit_ml.grammar.names import knob_name, unit_name

#: Headlines that are drawn against every knob.
MOST_DRAWN = 4
_ACROSS = 3
#: Letters of a line of a knob's name beside its row.
_NAME = 26
#: And of a headline above its panel, which on a phone is as narrow as names leave it.
_HEADLINE = 24


def shown_in(unit: str) -> tuple[float, str]:
    """Return by what a headline's numbers are multiplied to be shown, and in what they are then.

    Shares and what lies between two of them are shown in hundredths.
    """
    if unit.startswith(("share", "chance")):
        return 100.0, "in hundredths"
    return 1.0, f"in {unit_name(unit)}"


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
        named = f"{headline} ({shown_in(_unit(table, headline))[1]})"
        row[0].set_ylabel(fill(named, 26), fontsize=8)
    for panel, knob in zip(panels[-1], knobs, strict=True):
        panel.set_xlabel(fill(knob_name(knob), 18))
    first: Axes = panels[0, 0]
    return first


def _unit(table: pd.DataFrame, headline: str) -> str:
    return str(table.loc[table["headline"] == headline, "unit"].iloc[0])


def _against(panel: Axes, table: pd.DataFrame, headline: str, knob: str, turns: float) -> None:
    rows = table[table["headline"] == headline].dropna(subset=["estimate"])
    factor, _ = shown_in(_unit(table, headline))
    turns *= factor
    rows = rows.assign(**{name: factor * rows[name] for name in ("estimate", *_ENDS)})
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
    """Draw the total shares of knobs with their intervals, a panel a headline.

    A design that has no shares draws the headline at both ends of every knob.
    """
    knobs, headlines = list(told["over"]), list(told["headlines"])
    shares = told.get("design") == "saltelli"
    draw = _shares if shares else _at_ends
    if axes is not None:
        draw(axes, table, headlines[0], knobs)
        return axes
    import matplotlib.pyplot as plt

    down = -(-len(headlines) // _ACROSS)
    across = min(len(headlines), _ACROSS)
    lines = sum(1 + fill(knob_name(each), _NAME).count("\n") for each in knobs)
    size = (2.0 + 2.5 * across, down * (1.1 + 0.22 * lines))
    panels: Any
    _, panels = plt.subplots(
        down, across, figsize=size, sharex=shares, sharey=True, squeeze=False, layout="constrained"
    )
    for place, panel in enumerate(panels.flat):
        if place >= len(headlines):
            panel.set_visible(False)
            continue
        draw(panel, table, headlines[place], knobs)
    first: Axes = panels[0, 0]
    return first


def _shares(panel: Axes, table: pd.DataFrame, headline: str, knobs: list[str]) -> None:
    own = table[(table["headline"] == headline) & (table["quantity"] == "total")]
    own = own.set_index("knob").reindex(knobs)
    place = [-float(number) for number in range(len(knobs))]
    # As in the tables: where points are few an estimate may pass either end.
    own = own.assign(**{name: own[name].clip(0.0, 1.0) for name in ("estimate", "low", "high")})
    points(panel, own, place, scale=100, color=PALETTE[0], ms=3.6)
    panel.axvline(0, color=INK, lw=0.8)
    panel.set_xlabel("share of the variance, total (%)")
    _named(panel, headline, knobs, place)


def _at_ends(panel: Axes, table: pd.DataFrame, headline: str, knobs: list[str]) -> None:
    own = table[table["headline"] == headline]
    place = [-float(number) for number in range(len(knobs))]
    for side, shift, color in (("low", 0.14, PALETTE[0]), ("high", -0.14, PALETTE[1])):
        ends = own[own["quantity"] == f"at_{side}"].set_index("knob").reindex(knobs)
        points(panel, ends, [each + shift for each in place], color=color, ms=3.6)
    declared = own.loc[own["quantity"] == "declared", "estimate"]
    panel.axvline(float(declared.iloc[0]) if len(declared) else np.nan, color=INK, lw=0.8)
    panel.set_xlabel("mean of the headline")
    _named(panel, headline, knobs, place)


def _named(panel: Axes, headline: str, knobs: list[str], place: list[float]) -> None:
    panel.set_yticks(place, [fill(knob_name(each), _NAME) for each in knobs])
    panel.set_ylim(min(place) - 0.6, max(place) + 0.6)
    words: dict[str, Any] = {"xycoords": "axes fraction", "va": "bottom", "fontsize": 8.5}
    panel.annotate(fill(headline, _HEADLINE), (0, 1.03), **words)
    panel.grid(axis="x")
