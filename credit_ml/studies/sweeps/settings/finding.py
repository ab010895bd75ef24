"""Where headlines lie over the settings of what a study assumes, and what that hangs on."""

import itertools
from collections.abc import Iterator, Sequence
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from credit_ml.core import Finding, cited, conform
from credit_ml.core.figure import Axes
from credit_ml.core.tables.arrays import Array
from credit_ml.studies.sweeps.settings.design import RangeTable, SweepTable, label, problem_of
from credit_ml.studies.sweeps.settings.figure import draw

#: Of points that are drawn, the interval of assumptions leaves out so much at either end.
TAIL = 0.025
#: Parts of a range whose points are averaged.
PARTS = 3


class SettingsSweep(Finding):
    """A study's headlines at many settings of its assumptions.

    Own columns of `table`: headline; setting (0 is the study as it stands, the others those of
    ``parameters["settings"]``); key and value, of what is varied. Quantities:

    - "setting": the headline at one setting, with its own interval of chance.
    - "assumptions": as it stands, with the interval over settings: all of those listed, or the
      middle 95 % of those drawn, and itself.
    - "turned": share of the settings whose number has another sign than the study's own;
      "surely_turned": and whose interval of chance holds no 0 either.
    - "at": mean over the settings with one value of a key, or in one part of its range, with the
      smallest and the largest.
    - "first_order" and "total": Sobol shares of the variance over settings, with bootstrap
      intervals: what would go if the key were known, and what would be left if all others were.

    Examples
    --------
    >>> row = {"headline": "gap", "key": "k", "value": "", "setting": -1, "estimate": 0.6}
    >>> found = SettingsSweep(table=conform([row | {"quantity": "total"}]), title="")
    >>> found.metrics()
    {'settings.gap.total.k': 0.6}
    """

    kind: ClassVar[str] = "settings_sweep"
    labels: ClassVar[tuple[str, ...]] = ("headline", "setting", "key", "value")
    tracked_as: ClassVar[str] = "settings.{headline}.{quantity}.{key}"
    tracked_rows: ClassVar[dict[str, Any]] = {
        "quantity": ["assumptions", "turned", "first_order", "total"]
    }
    citations = cited("sobol_2001", "saltelli_2010", "herman_2017")

    def metrics(self) -> dict[str, float]:
        """Return each headline and its shares, with names such as ``settings.gap.total.KEY``."""
        return {name.rstrip("."): value for name, value in super().metrics().items()}

    def plot(self, axes: Axes | None = None) -> Axes:
        """Draw the first headline by each key, a panel a key, and where it lies in all."""
        return draw(self.table, self.parameters, axes)


def settings_sweep(
    cells: pd.DataFrame, sweep: SweepTable, *, intervals: float = 0.95
) -> SettingsSweep:
    """Put the headlines of all settings together.

    Parameters
    ----------
    cells : DataFrame
        Columns headline, setting (0 is the study as it stands; then those of the design, in its
        order), and those of a finding's numbers: estimate, low, high, and what that counts.
    sweep : SweepTable
        The design.
    intervals : float
        Level of the bootstrap of Sobol shares, and of the interval of drawn settings.

    Examples
    --------
    >>> gap = {"name": "gap", "kind": "audit", "where": {"measure": "mean_score"}}
    >>> sweep = SweepTable(over={"a": (1, 2)}, headlines=(gap,))
    >>> cells = pd.DataFrame({"headline": "gap", "setting": [0, 1, 2], "estimate": [1, -1, 3.0]})
    >>> cells = cells.assign(low=cells["estimate"] - 1, high=cells["estimate"] + 1)
    >>> table = settings_sweep(cells, sweep).table
    >>> table.loc[table["quantity"] == "assumptions", ["estimate", "low", "high"]].to_numpy()
    array([[ 1., -1.,  3.]])
    """
    settings, rows = sweep.settings(), []
    for headline, own in cells.groupby("headline", sort=False):
        own = own.sort_values("setting")
        chance = own.drop(columns=["headline", "setting"]).to_dict("records")
        each: list[dict[str, Any]] = [
            {"quantity": "setting", "setting": k} | row for k, row in enumerate(chance)
        ]
        base, points = own["estimate"].to_numpy(dtype=np.float64)[[0]][0], own.iloc[1:]
        values = points["estimate"].to_numpy(dtype=np.float64)
        each += [_whole(base, values, sweep, intervals), *_turned(base, points)]
        for key in sweep.over:
            each += _by_value(values, key, [one[key] for one in settings], sweep)
        if sweep.design == "saltelli":
            each += _shares(values, sweep, intervals)
        rows += [
            {"headline": headline, "key": "", "value": "", "setting": -1} | row for row in each
        ]
    told = [{key: label(value) for key, value in setting.items()} for setting in settings]
    return SettingsSweep(
        table=conform(rows),
        title="Headlines over the settings of what is assumed",
        parameters={
            "design": sweep.design,
            "keys": {key: _range(each) for key, each in sweep.over.items()},
            "headlines": [each.name for each in sweep.headlines],
            "settings": told,
            "intervals": intervals,
        },
        seed=sweep.seed if sweep.sampled else None,
    )


def _range(values: tuple[Any, ...] | RangeTable) -> list[str]:
    if isinstance(values, RangeTable):
        return [f"{label(values.low)} to {label(values.high)}"]
    return [label(value) for value in values]


def _whole(base: float, values: Array, sweep: SweepTable, level: float) -> dict[str, Any]:
    """The study's own number, with the interval over settings and itself."""
    tail = (1 - level) / 2 if sweep.sampled else 0.0
    low, high = np.quantile(values, [tail, 1 - tail])
    return {
        "quantity": "assumptions",
        "estimate": base,
        "low": min(low, base),
        "high": max(high, base),
        "over": "settings",
    }


def _turned(base: float, points: pd.DataFrame) -> Iterator[dict[str, Any]]:
    other = np.sign(points["estimate"]) == -np.sign(base)
    if base == 0:
        other = pd.Series(data=False, index=points.index)
    # Of an interval the end nearer to 0; without one there is no chance to speak of.
    nearer = np.where(points["estimate"] < 0, points["high"], points["low"])
    sure = other & ((np.sign(nearer) == np.sign(points["estimate"])) | np.isnan(nearer))
    for name, which in (("turned", other), ("surely_turned", sure)):
        yield {"quantity": name, "estimate": float(which.mean())}


def _by_value(
    values: Array, key: str, given: Sequence[Any], sweep: SweepTable
) -> Iterator[dict[str, Any]]:
    """Means over the settings of each value, or of each part of a range."""
    listed = sweep.over[key]
    if isinstance(listed, RangeTable):
        ends = np.linspace(listed.low, listed.high, PARTS + 1)
        part = np.clip(np.searchsorted(ends, given, side="right") - 1, 0, PARTS - 1)
        names = [f"{label(a)} to {label(b)}" for a, b in itertools.pairwise(ends)]
    else:
        names = [label(value) for value in listed]
        part = np.array([names.index(label(value)) for value in given])
    for place, name in enumerate(names):
        here = values[part == place]
        if len(here):
            ends_of = {"low": here.min(), "high": here.max(), "over": "settings"}
            told = {"quantity": "at", "key": key, "value": name, "estimate": here.mean()}
            yield told | ends_of


def _shares(values: Array, sweep: SweepTable, level: float) -> Iterator[dict[str, Any]]:
    """First-order and total Sobol shares, with bootstrap intervals."""
    from SALib.analyze import sobol

    keys = list(sweep.over)
    if np.ptp(values) == 0:  # nothing to share
        return
    found = sobol.analyze(
        problem_of(keys), values, calc_second_order=False, conf_level=level, seed=sweep.seed
    )
    for quantity, name in (("first_order", "S1"), ("total", "ST")):
        for key, share, half in zip(keys, found[name], found[f"{name}_conf"], strict=True):
            # A share lies between 0 and 1, whatever a bootstrap of few points says.
            low, high = max(share - half, min(share, 0.0)), min(share + half, max(share, 1.0))
            ends = {"low": low, "high": high, "over": "settings"}
            yield {"quantity": quantity, "key": key, "estimate": share} | ends
