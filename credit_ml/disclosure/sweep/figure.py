"""The figure of a sweep: regimes by three criteria, and on the plane of knowledge and gaming."""

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

    size = (9.2, 2 * (1.0 + 0.3 * len(regimes)))
    figure, panels = plt.subplots(2, 2, figsize=size, layout="constrained")
    for panel, criterion in zip(panels.flat, PANELS, strict=False):
        _panel(panel, table, told, criterion)
    _plane(panels[1, 1], table, told)
    handles, labels = panels[0, 0].get_legend_handles_labels()
    figure.legend(handles, labels, loc="outside lower center", ncols=max(len(labels), 1))
    first: Axes = panels[0, 0]
    return first


def _panel(panel: Axes, table: pd.DataFrame, told: Mapping[str, Any], criterion: str) -> None:
    regimes = list(told["regimes"])
    rows = selected(table, _OWN | {"against": "nothing", "measure": criterion})
    _points(panel, rows, regimes, list(told["scorers"]))
    panel.set_xlabel(PANELS[criterion])
    panel.set_ylim(-len(regimes) + 0.4, 0.6)
    panel.set_yticks(-np.arange(len(regimes)), [name.replace("_", " ") for name in regimes])
    panel.grid(axis="x")


def _plane(panel: Axes, table: pd.DataFrame, told: Mapping[str, Any]) -> None:
    """Draw regimes of the first scorer by how many game and what is known; filled, none betters."""
    asked = _OWN | {"against": "", "scorer": told["scorers"][0], "refits": 0}
    asked |= {"measure": ["share_who_game", "knowledge", "frontier_auc"]}
    rows = selected(table, asked).set_index(["regime", "measure"])
    wide = rows["estimate"].unstack("measure")  # noqa: PD010, a pivot table would average
    if "knowledge" not in wide:
        return
    kept = rows["low"].gt(0.5).xs("frontier_auc", level="measure").to_dict()
    # Who knows less than nothing is drawn at the edge.
    for name, row in wide.iterrows():
        fill = PALETTE[0] if kept.get(name, False) else "white"
        place = (100 * row["share_who_game"], 100 * max(row["knowledge"], -0.5))
        panel.plot(*place, "o", color=PALETTE[0], mfc=fill, ms=5)
        words = str(name).replace("_", " ")
        panel.annotate(words, place, xytext=(4, 3), textcoords="offset points", fontsize=7)
    panel.set_xlabel("share who game (%)")
    panel.set_ylabel("effects known (%)")
    panel.grid()


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
