"""The figure of a sweep: accuracy, gap and burden over regimes, by kind of rater."""

from collections.abc import Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from credit_ml.core.figure import INK, PALETTE, Axes, points
from credit_ml.core.reading import selected


class Panel(NamedTuple):
    """What one panel shows."""

    measure: str
    head: str
    gap: bool
    """Whether it is of the two groups followed, not of everybody."""
    against: str
    """Regime from which the difference within societies is taken; empty for the level."""


#: Differences are shown where societies differ more than regimes do; all in hundredths.
PANELS = (
    Panel("auc", "change of AUC\n(points of %)", gap=False, against="nothing"),
    Panel(
        "selection_gap_after",
        "change of the gap\nin selection (points of %)",
        gap=True,
        against="nothing",
    ),
    Panel("social_burden", "change of the burden\n(% of income)", gap=False, against="nothing"),
    Panel("share_who_game", "share who game\n(%)", gap=False, against=""),
)
REFITTED = {0: "one shot", 1: "after refitting"}


def draw(table: pd.DataFrame, told: Mapping[str, Any], axes: Axes | None) -> Axes:
    """Draw panels one below the other on a new figure; on given axes the first alone."""
    regimes = list(told["regimes"])
    if axes is not None:
        _panel(axes, table, told, PANELS[0])
        return axes
    import matplotlib.pyplot as plt

    figure, panels = plt.subplots(
        2, 2, figsize=(9.2, 2 * (1.0 + 0.3 * len(regimes))), layout="constrained", sharey=True
    )
    for panel, what in zip(panels.flat, PANELS, strict=True):
        _panel(panel, table, told, what)
    handles, labels = panels[0, 0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=max(len(labels), 1))
    first: Axes = panels[0, 0]
    return first


def _panel(panel: Axes, table: pd.DataFrame, told: Mapping[str, Any], what: Panel) -> None:
    regimes = list(told["regimes"])
    rows = _rows(table, told, what)
    _points(panel, rows, regimes, list(told["scorers"]))
    panel.set_xlabel(what.head)
    panel.set_ylim(-len(regimes) + 0.4, 0.6)
    panel.set_yticks(-np.arange(len(regimes)), [name.replace("_", " ") for name in regimes])
    panel.grid(axis="x")


def _rows(table: pd.DataFrame, told: Mapping[str, Any], what: Panel) -> pd.DataFrame:
    wanted = {"world": "(all)", "variant": "default", "sees": "all", "answer": "naive"}
    wanted |= {"against": what.against, "measure": what.measure}
    wanted |= told["lead"] if what.gap else {"sensitive": "overall"}
    return selected(table, wanted)


def _points(panel: Axes, rows: pd.DataFrame, regimes: list[str], scorers: list[str]) -> None:
    kinds = [(scorer, refit) for scorer in scorers for refit in sorted(rows["refits"].unique())]
    for number, (scorer, refit) in enumerate(kinds):
        own = rows[(rows["scorer"] == scorer) & (rows["refits"] == refit)].set_index("regime")
        own = own.reindex([name for name in regimes if name in own.index])
        shift = (number - (len(kinds) - 1) / 2) * 0.17
        level = [-regimes.index(name) - shift for name in own.index]
        colour = PALETTE[scorers.index(scorer) % len(PALETTE)]
        look: dict[str, Any] = {
            "color": colour,
            "mfc": "white" if refit else colour,
            "ms": 4.2,
            "elinewidth": 1.0,
        }
        label = f"{scorer}, {REFITTED[int(bool(refit))]}"
        points(panel, own, level, scale=100, label=label, **look)
    if rows["low"].lt(0).any():
        panel.axvline(0, color=INK, lw=0.8)
