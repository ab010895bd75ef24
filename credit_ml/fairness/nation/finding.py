"""What so many people show: one finding."""

from collections.abc import Mapping
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from credit_ml.core import conform
from credit_ml.core.figure import INK, Axes, axes_or_new
from credit_ml.core.schema import CROSS, EVERYBODY
from credit_ml.fairness.audit.finding import Audit
from credit_ml.fairness.finding import GroupFinding
from credit_ml.fairness.nation.spread import spread_ends, true_spread
from credit_ml.inference import (
    FEWEST_CLUSTERS,
    Estimate,
    difference,
    over_note,
    shares_of_counts,
    simultaneous_level,
)

#: The number of people that a study of one society has, against which a nation is held.
FEW = 50_000
#: Rarest groups that are told.
RAREST = 5
#: What intervals count that do not speak of one city.
_OF_ALL = "Of all cities at once intervals count cities: how far a number moves in another nation."


class Nation(GroupFinding):
    """What can be read of very many people and not of `FEW`.

    Own column of `table`: city (number, -1 for all). Measures:

    - "selection_rate" by city: a value of everybody, and the difference between the two groups
      that are followed; intervals count the city's districts, one city at a time. Rows with
      quantity "largest" and "smallest" are the cities at both ends, with intervals that hold for
      all cities at once.
    - "cities", and "cities_apart": of which that difference is apart from 0, one at a time.
    - "between_cities": SD of what cities truly differ by, the error of each taken out; 0 where
      they differ by no more than their errors. Its interval counts cities (`spread_ends`).
    - "half_width" of the selection rate of the rarest groups of all features at once, and
      "half_width_of_few": what it would be of `FEW` people.
    - "gaps_known" and "gaps_known_of_few": groups of all features at once whose selection rate
      is apart from the reference group's, out of people in as many groups.

    Examples
    --------
    >>> row = {"measure": "between_cities", "estimate": 0.01, "city": -1}
    >>> Nation(table=conform([row]), title="").metrics()
    {'nation.between_cities': 0.01}
    """

    kind: ClassVar[str] = "nation"
    labels: ClassVar[tuple[str, ...]] = ("city",)
    draws_over: ClassVar[bool] = False
    answers_with: ClassVar[Mapping[str, Any]] = {"city": -1}
    tracked: ClassVar[tuple[str, ...]] = ("measure", "sensitive", "group")

    def to_track(self) -> pd.DataFrame:
        """What is said of all cities at once."""
        return self.table[(self.table["city"] < 0) & (self.table["quantity"] == "value")]

    def plot(self, axes: Axes | None = None) -> Axes:
        """Draw the gap of every city, the smallest first, with its interval."""
        axes = axes_or_new(axes)
        rows = self.table[(self.table["quantity"] == "difference") & (self.table["city"] >= 0)]
        rows = rows.sort_values("estimate")
        places = np.arange(len(rows))
        axes.vlines(places, 100 * rows["low"], 100 * rows["high"], color=INK, linewidth=0.6)
        axes.plot(places, 100 * rows["estimate"], ".", color=INK, markersize=3)
        axes.axhline(0, color=INK, linewidth=0.8, linestyle=(0, (4, 3)))
        axes.set_xlabel("cities, by gap")
        axes.set_ylabel(f"gap in percentage points\n{self.level_text} intervals")
        axes.set_title(self.title)
        return axes


def city_rows(counts: Any, labels: dict[str, str], level: float) -> list[dict[str, Any]]:
    """Rows of every city, of those at both ends, and of all.

    Parameters
    ----------
    counts : sequence of ndarray, one a city, of shape (districts, 2, 2)
        People by group, the one followed and the reference, and decision.
    labels : dict
        sensitive, group and reference_group of the gap.
    level : float
    """
    gaps: list[Estimate] = []
    rows: list[dict[str, Any]] = []
    for number, each in enumerate(counts):
        rate, gap = _rate_and_gap(each)
        gaps.append(gap)
        city = {"measure": "selection_rate", "city": number}
        rows.append(city | {"sensitive": EVERYBODY, "group": "all"} | rate.facts(level))
        told = gap.facts(level) | {"people": int(each.sum())}
        rows.append(city | labels | {"quantity": "difference"} | told)
    known = [place for place, gap in enumerate(gaps) if np.isfinite(gap.value)]
    if len(known) > 1:
        rows += _rows_of_ends(counts, gaps, known, labels, level)
    ends: list[Any] = [gaps[place].interval(level) for place in known]
    apart = sum(not low <= 0 <= high for low, high in ends)
    told = {"city": -1, "people": int(sum(map(np.sum, counts)))} | labels
    rows.append(told | {"measure": "cities", "estimate": float(len(known))})
    return [*rows, told | {"measure": "cities_apart", "estimate": float(apart)}]


def _rate_and_gap(counts: Any) -> tuple[Estimate, Estimate]:
    """Selection rate of a city, and its gap, over the city's districts."""
    clustered = len(counts) >= FEWEST_CLUSTERS
    own = counts if clustered else counts.sum(axis=0)
    rates = shares_of_counts(own[..., 1], own.sum(axis=-1), clustered=clustered)
    both = own.sum(axis=-2)
    rate = shares_of_counts(both[..., 1], both.sum(axis=-1), clustered=clustered)
    return rate, difference(rates[0], rates[1], disjoint=True)


def _rows_of_ends(
    counts: Any, gaps: list[Estimate], known: list[int], labels: dict[str, str], level: float
) -> list[dict[str, Any]]:
    """Rows of the cities at both ends, and of how much cities differ beside their errors."""
    at_once = simultaneous_level(level, len(known))
    values = np.array([float(gaps[place].value) for place in known])
    rows: list[dict[str, Any]] = []
    for quantity, at in (("largest", int(values.argmax())), ("smallest", int(values.argmin()))):
        city = known[at]
        told = gaps[city].facts(at_once) | {"people": int(np.sum(counts[city]))}
        named = {"measure": "selection_rate", "city": city, "quantity": quantity}
        rows.append(named | labels | told)
    errors = np.array([float(gaps[place].spread(clustered=True)) for place in known])
    sizes = {"city": -1, "people": int(sum(map(np.sum, counts)))}
    between: dict[str, Any] = {"measure": "between_cities", "estimate": true_spread(values, errors)}
    if (errors > 0).all():
        low, high = spread_ends(values, errors, level)
        between |= {"low": low, "high": high, "over": "cities", "clusters": len(known)}
    return [*rows, between | sizes | labels]


def rare_rows(audit: Audit) -> list[dict[str, Any]]:
    """Rows of the rarest groups of all features at once, and of how many gaps are known."""
    table = audit.table[audit.table["measure"] == "selection_rate"]
    finest = max(table["sensitive"], key=lambda name: name.count(CROSS))
    if CROSS not in finest:
        return []
    table = table[(table["sensitive"] == finest) & (table["people"] > 0)]
    everybody = audit.table[(audit.table["sensitive"] == EVERYBODY)]["people"].max()
    times = max(everybody / FEW, 1.0)
    table = table.assign(wider=wider(table, times))
    rows = []
    values = table[table["quantity"] == "value"].sort_values("people", kind="stable")
    for row in values.head(RAREST).to_dict("records"):
        half = (row["high"] - row["low"]) / 2
        labels = {"sensitive": finest, "group": row["group"], "people": row["people"], "city": -1}
        labels |= {"clusters": row["clusters"]}
        rows.append(
            labels
            | {"measure": "selection_rate"}
            | {name: row[name] for name in ("estimate", "low", "high", "over")}
        )
        rows.append(labels | {"measure": "half_width", "estimate": half})
        rows.append(labels | {"measure": "half_width_of_few", "estimate": half * row["wider"]})
    gaps = table[table["quantity"] == "difference"]
    far, half = gaps["estimate"].abs(), (gaps["high"] - gaps["low"]) / 2
    apart = ((gaps["low"] > 0) | (gaps["high"] < 0)).sum()
    told = {"sensitive": finest, "group": "all", "city": -1, "people": int(everybody)}
    rows.append(told | {"measure": "groups", "estimate": float(len(gaps))})
    rows.append(told | {"measure": "gaps_known", "estimate": float(apart)})
    few = float((far > half * gaps["wider"]).sum())
    return [*rows, told | {"measure": "gaps_known_of_few", "estimate": few}]


def wider(rows: pd.DataFrame, times: float) -> pd.Series:
    """How much wider each interval is of so many times fewer people, and of clusters down to one.

    What people add to a variance grows with their number alone. What clusters add grows as long as
    there are fewer of them to leave: of people who fill a part of one city, all of its chance.

    Examples
    --------
    >>> wider(pd.DataFrame({"clusters": [0, 8], "design_effect": [1.0, 1.0]}), 100.0).tolist()
    [10.0, 10.0]
    """
    alike = rows["clusters"].clip(upper=times)
    people = (times - alike) / rows["design_effect"].fillna(1.0)
    return (alike + people) ** 0.5


def nation(
    counts: Any, audit: Audit | None, labels: dict[str, str], level: float, rater: str
) -> Nation:
    """Hold cities beside each other, and the rarest groups against what few people would say."""
    rows = city_rows(counts, labels, level)
    rows += [] if audit is None else rare_rows(audit)
    districts = sum(map(len, counts))
    of_all = "" if audit is None else str(audit.parameters["intervals_over"])
    return Nation(
        table=conform(rows),
        title=f"Cities beside each other: {rater}",
        parameters={
            "rater": rater,
            "intervals": level,
            "intervals_over": of_all or ("clusters" if districts >= FEWEST_CLUSTERS else "people"),
            "cities": len(counts),
            "few": FEW,
            **labels,
        },
        notes=(
            f"Intervals of {FEW:,} people are those of all, wider by the square root of how many "
            "times fewer they are; of what hangs on districts, or on cities, by that of how many "
            "times fewer there are, down to one.",
            f"Of each city by itself: {over_note('auto', districts)}",
            *(() if of_all != "cities" else (_OF_ALL,)),
        ),
    )
