"""The figure of a sweep: regimes by three criteria, one below the other."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from credit_ml.core.figure import INK, PALETTE, Axes, points
from credit_ml.core.reading import selected

#: Criteria, and what stands below their panels: differences, as societies differ more than regimes.
PANELS = {
    "auc": "change of AUC\n(points of %)",
    "accuracy": "change of right decisions\n(points of %)",
    "profit": "change of profit\n(hundredths of a kept obligation's)",
}
_OWN: dict[str, Any] = {
    "world": "(all)",
    "variant": "default",
    "sees": "all",
    "answer": "naive",
    "sensitive": "overall",
}
REFITTED = {0: "one shot", 1: "after refitting"}


def draw(table: pd.DataFrame, told: Mapping[str, Any], axes: Axes | None) -> Axes:
    """Draw panels one below the other on a new figure; on given axes the first alone."""
    regimes = list(told["regimes"])
    if axes is not None:
        _panel(axes, table, told, "auc")
        return axes
    import matplotlib.pyplot as plt

    height = len(PANELS) * (0.9 + 0.22 * len(regimes))
    figure, panels = plt.subplots(len(PANELS), figsize=(6.2, height), layout="constrained")
    for panel, criterion in zip(panels.flat, PANELS, strict=True):
        _panel(panel, table, told, criterion)
    handles, labels = panels[0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=1)
    first: Axes = panels[0]
    return first


def _panel(panel: Axes, table: pd.DataFrame, told: Mapping[str, Any], criterion: str) -> None:
    regimes = list(told["regimes"])
    rows = selected(table, _OWN | {"against": "nothing", "measure": criterion})
    _points(panel, rows, regimes, list(told["scorers"]))
    panel.set_xlabel(PANELS[criterion])
    panel.set_ylim(-len(regimes) + 0.4, 0.6)
    panel.set_yticks(-np.arange(len(regimes)), [name.replace("_", " ") for name in regimes])
    panel.grid(axis="x")


def _points(panel: Axes, rows: pd.DataFrame, regimes: list[str], scorers: list[str]) -> None:
    kinds = [(scorer, refit) for scorer in scorers for refit in sorted(rows["refits"].unique())]
    for number, (scorer, refit) in enumerate(kinds):
        own = rows[(rows["scorer"] == scorer) & (rows["refits"] == refit)].set_index("regime")
        own = own.reindex([name for name in regimes if name in own.index])
        shift = (number - (len(kinds) - 1) / 2) * 0.17
        level = [-regimes.index(name) - shift for name in own.index]
        colour = PALETTE[scorers.index(scorer) % len(PALETTE)]
        fill = "white" if refit else colour
        look: dict[str, Any] = {"color": colour, "mfc": fill, "ms": 4.2, "elinewidth": 1.0}
        label = f"{scorer}, {REFITTED[int(bool(refit))]}"
        points(panel, own, level, scale=100, label=label, **look)
    if rows["low"].lt(0).any():
        panel.axvline(0, color=INK, lw=0.8)
