"""Curves of a score over one column: of everybody, of groups, of a few people."""

from typing import Any, ClassVar

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from credit_ml.core import Finding, cited
from credit_ml.core.figure import INK, PALETTE, Axes, axes_or_new, points

#: Measures: a mean over people, and one person's own curve.
MEAN, PERSON = "partial_dependence", "individual_expectation"
#: Told apart without colour too.
LINES = ("-", "--", "-.", ":")
MARKS = ("o", "s", "^", "D")


class PartialDependence(Finding):
    """Mean score at each value of one column, and the curves of a few people.

    `measure` is "partial_dependence" for a mean, "individual_expectation" for one person's own
    curve. Own columns of `table`: person (row of the dataset; -1 for a mean), value (missing where
    the column is missing), unit (of the score). Intervals are pointwise, of means.

    Examples
    --------
    >>> from credit_ml.core.schema import conform
    >>> rows = [{"measure": MEAN, "person": -1, "value": value, "estimate": 5.0 - 2 * value}
    ...         for value in (0, 1, 2)]
    >>> found = PartialDependence(table=conform(rows), title="", parameters={"column": "late"})
    >>> found.metrics()
    {'partial_dependence.late.range.overall.all': 4.0}
    """

    kind: ClassVar[str] = "partial_dependence"
    labels: ClassVar[tuple[str, ...]] = ("person", "value")
    citations = cited("friedman_2001", "goldstein_2015")

    def plot(self, axes: Axes | None = None) -> Axes:
        """Draw people as thin lines and means with bands: of groups where there are any."""
        axes = axes_or_new(axes)
        keys = self._keys()
        for number, key in enumerate(keys):
            colour = PALETTE[number % len(PALETTE)] if len(keys) > 1 else INK
            rows = self.table[(self.table["sensitive"] == key[0]) & (self.table["group"] == key[1])]
            people = rows[rows["measure"] == PERSON]
            for _, curve in people.groupby("person", sort=False):
                self._person(axes, curve, colour)
            self._mean(axes, rows[rows["measure"] == MEAN], number, len(keys), colour)
        self._ticks(axes)
        axes.set_xlabel(str(self.parameters["column"]).replace("_", " "))
        axes.set_ylabel(str(self.parameters["unit"]))
        axes.grid(axis="y")
        if len(keys) > 1:
            axes.legend(loc="upper center", bbox_to_anchor=(0.5, -0.18), ncols=min(4, len(keys)))
        return axes

    def _keys(self) -> list[tuple[str, str]]:
        """Groups drawn: everybody only where there are no others."""
        found = self.table[["sensitive", "group"]].drop_duplicates()
        others = found[found["sensitive"] != "overall"]
        return [(str(s), str(g)) for s, g in (others if len(others) else found).to_numpy()]

    def _values(self) -> pd.Series:
        first = self.table[(self.table["measure"] == MEAN) & (self.table["sensitive"] == "overall")]
        return first["value"].reset_index(drop=True)

    def _places(self) -> NDArray[np.float64]:
        """Where each value stands; a missing number a little beyond the largest."""
        values = self._values()
        if not self.parameters["numeric"]:
            return np.arange(len(values), dtype="float64")
        numbers = values.to_numpy(dtype="float64", na_value=np.nan)
        width = float(np.nanmax(numbers) - np.nanmin(numbers)) or 1.0
        return np.where(np.isnan(numbers), np.nanmax(numbers) + 0.1 * width, numbers)

    def _joined(self) -> NDArray[np.bool_]:
        """Values that lie on one line: numbers, but not the missing one."""
        values = self._values()
        known: NDArray[np.bool_] = values.notna().to_numpy()
        return known & bool(self.parameters["numeric"])

    def _person(self, axes: Axes, curve: pd.DataFrame, colour: str) -> None:
        places, joined, height = self._places(), self._joined(), curve["estimate"].to_numpy()
        axes.plot(places[joined], height[joined], color=colour, lw=0.5, alpha=0.35)
        axes.plot(places[~joined], height[~joined], "o", color=colour, ms=2, alpha=0.35, mec="none")

    def _mean(self, axes: Axes, rows: pd.DataFrame, number: int, groups: int, colour: str) -> None:
        places, joined = self._places(), self._joined()
        mean, low, high = (rows[name].to_numpy() for name in ("estimate", "low", "high"))
        key = [str(rows[name].iloc[0]) for name in ("sensitive", "group")]
        label = "everybody" if key[0] == "overall" else ": ".join(key)
        style: dict[str, Any] = {"color": colour, "label": label if joined.any() else None}
        axes.fill_between(places[joined], low[joined], high[joined], color=colour, alpha=0.2, lw=0)
        axes.plot(places[joined], mean[joined], lw=2.0, ls=LINES[number % len(LINES)], **style)
        if joined.all():
            return
        # Beside each other, or groups would hide one another.
        step = 0.02 * float(np.ptp(places)) if joined.any() else 0.12
        beside = places[~joined] + step * (number - (groups - 1) / 2)
        style["label"] = None if joined.any() else label
        points(axes, rows[~joined], beside, upright=True, fmt=MARKS[number % len(MARKS)], **style)

    def _ticks(self, axes: Axes) -> None:
        values, places = self._values(), self._places()
        names = ["missing" if pd.isna(value) else str(value) for value in values]
        if not self.parameters["numeric"]:
            axes.set_xticks(list(places), names)
            return
        if values.notna().all():
            return
        known = places[values.notna().to_numpy()]
        ticks = [tick for tick in axes.get_xticks() if known.min() <= tick <= known.max()]
        axes.set_xticks([*ticks, places[-1]], [*(f"{tick:g}" for tick in ticks), "missing"])

    def metrics(self) -> dict[str, float]:
        """Distance between the highest and the lowest mean, of everybody and each group."""
        means = self.table[self.table["measure"] == MEAN]
        ranges = means.groupby(["sensitive", "group"], sort=False)["estimate"].agg(np.ptp)
        start = f"partial_dependence.{self.parameters['column']}.range"
        sizes = zip(ranges.index.to_list(), ranges, strict=True)
        return {f"{start}.{sensitive}.{group}": float(size) for (sensitive, group), size in sizes}
