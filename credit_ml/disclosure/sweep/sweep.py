"""Regimes of disclosure over worlds, raters and answers: what secrecy buys, and from whom."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from credit_ml.core import Finding, TableError, conform, need_known
from credit_ml.core.figure import Axes, styled
from credit_ml.core.reading import selected
from credit_ml.disclosure.finding import CITATIONS
from credit_ml.disclosure.measures import possible
from credit_ml.disclosure.regime import Regime, words_of
from credit_ml.disclosure.regimes import checked_regimes
from credit_ml.disclosure.sweep.figure import draw
from credit_ml.inference import Estimate, checked_level

#: What one cell is beside its regime: a society, a rater in it, and how the rater answers.
CELL = ("world", "seed", "scorer", "sees", "variant", "answer", "refits")
#: What a row of the table is about, beside the measure.
DIMENSIONS = ("world", "scorer", "sees", "variant", "answer", "refits", "regime")
PLACE = ("quantity", "sensitive", "group", "reference_group")
ALL = "(all)"
#: Regimes that others are held against, pair by pair in the same societies.
BASES = ("nothing", "full")
#: Measures that are held against those regimes, and shown world by world.
COMPARED = (
    *("auc", "accuracy", "welfare", "share_who_game", "social_burden", "wasted", "harmed"),
    *("selection_gap_after", "score_gap_after", "social_gap"),
)


class DisclosureSweep(Finding):
    """What people do under each regime, at each kind of rater, on average over worlds.

    - "scorer": kind of scorer; "sees": whether it reads friends and address.
    - "answer": naive raters do not expect people to respond; robust ones leave out what people
      can move without becoming more reliable. "refits": times it was fitted again to people
      who responded; 0 is one shot.
    - "variant": "default", or what was changed of costs, margin or menu.
    - "against": empty for a level; "nothing" or "full" for the difference from that regime in
      the same society, of which the quantity is "regime_difference".
    - "world" is "(all)" for the mean over worlds; intervals are Welch's, over societies.

    Examples
    --------
    >>> from credit_ml.core.schema import conform
    >>> labels = dict.fromkeys(DIMENSIONS, "") | {"against": "full"}
    >>> table = conform([{"measure": "auc", "estimate": 0.02} | labels])
    >>> float(DisclosureSweep(table=table, title="What secrecy buys").overall["auc"])
    0.02
    """

    kind: ClassVar[str] = "disclosure_sweep"
    labels: ClassVar[tuple[str, ...]] = (*DIMENSIONS, "against")
    citations: ClassVar[tuple[str, ...]] = CITATIONS
    tracked_as = "disclosure_sweep.{scorer}.{answer}.refits_{refits}.{regime}.{measure}"
    tracked_rows: ClassVar[Mapping[str, Any]] = {
        "world": ALL,
        "variant": "default",
        "sees": "all",
        "sensitive": "overall",
        "measure": ["auc", "accuracy", "knowledge", "share_who_game"],
    }

    @styled
    def plot(self, axes: Axes | None = None) -> Axes:
        """Draw accuracy, gap and burden over regimes, opaque against interpretable."""
        return draw(self.table, self.parameters, axes)

    def _name_of(self, row: Mapping[Hashable, Any]) -> str:
        return super()._name_of(row) + (f".against_{row['against']}" if row["against"] else "")


def disclosure_sweep(
    cells: pd.DataFrame,
    *,
    regimes: str | Sequence[str | Regime],
    lead: Mapping[str, str],
    intervals: float = 0.95,
) -> DisclosureSweep:
    """Average cells over worlds and seeds, and hold regimes against each other pair by pair.

    For each kind of cell the mean over worlds of the mean over seeds, with Welch's interval: worlds
    are those chosen, seeds are drawn. A difference between regimes is taken within a society.

    Cost: a few passes over the cells.

    Parameters
    ----------
    cells : DataFrame
        Columns of `CELL`, quantity, measure, sensitive, group, reference_group, regime, estimate
        and unit: tables of `disclose`, with the cell they are of.
    regimes : sequence of str or Regime
        In the order in which they are shown.
    lead : mapping
        Keys sensitive, group and reference_group: the two groups that the figure follows.
    intervals : float
        Level.

    Raises
    ------
    TableError
        When a column is absent, or the cells hold no society.

    Examples
    --------
    >>> cell = {"world": "w", "scorer": "opaque", "sees": "all", "variant": "default",
    ...         "answer": "naive", "refits": 0, "regime": "full", "quantity": "value",
    ...         "measure": "auc", "sensitive": "overall", "group": "all", "reference_group": "",
    ...         "unit": "chance to rank right"}
    >>> cells = pd.DataFrame([cell | {"seed": k, "estimate": 0.7 + k / 10} for k in range(2)])
    >>> found = disclosure_sweep(cells, regimes="full", lead={})
    >>> round(float(found.overall["auc"]), 3)
    0.75
    """
    checked_level(intervals)
    needed = (*CELL, "regime", *PLACE, "measure", "estimate", "unit")
    for name in needed:
        need_known(TableError, "cells", name, cells.columns)
    TableError.unless(not cells.empty, "cells", "are empty", "run the study first")
    words = {each.id: words_of(each) for each in checked_regimes(regimes)}
    levels = cells.assign(against="")
    compared = cells[cells["measure"].isin(COMPARED)]
    parts = [levels, *(_against(compared, base) for base in BASES)]
    every = pd.concat(parts, ignore_index=True)
    table = _averaged(every, intervals)
    return DisclosureSweep(
        table=table,
        title="Regimes of disclosure",
        parameters={
            # A list, for a stored mapping is kept in the order of its keys.
            "regimes": list(words),
            "descriptions": {name: each["description"] for name, each in words.items()},
            "nouns": {name: each["noun"] for name, each in words.items()},
            "lead": dict(lead),
            "worlds": sorted(cells["world"].unique()),
            "scorers": list(dict.fromkeys(cells["scorer"])),
            "societies": len(cells[["world", "seed"]].drop_duplicates()),
            "intervals": intervals,
        },
    )


def _against(cells: pd.DataFrame, base: str) -> pd.DataFrame:
    keys = [*CELL, *PLACE, "measure"]
    found = cells[cells["regime"] == base].set_index(keys)["estimate"]
    if found.empty:
        return cells.iloc[:0].assign(against=base)
    other = found.reindex(pd.MultiIndex.from_frame(cells[keys])).to_numpy()
    moved = cells.assign(
        estimate=cells["estimate"] - other, against=base, quantity="regime_difference"
    )
    return moved[moved["regime"] != base].dropna(subset="estimate")


def _averaged(cells: pd.DataFrame, intervals: float) -> pd.DataFrame:
    """Average over worlds and seeds: a row a fact, and a row a world where that is told."""
    keys = [*(name for name in DIMENSIONS if name != "world"), *PLACE, "measure", "against", "unit"]
    by_world = cells.groupby([*keys, "world"], sort=False, observed=True)["estimate"].agg(
        ["mean", "var", "count"]
    )
    everywhere = mean_of_worlds(by_world, keys, intervals=intervals).assign(world=ALL)
    plain = by_world.reset_index()
    wanted = {"regime": "nothing", "against": "full", "variant": "default", "sees": "all"}
    each = selected(plain, wanted | {"measure": ["auc", "accuracy"]})
    names = [*keys, "world"]
    alone = mean_of_worlds(each.set_index(names), names, intervals=intervals)
    table = conform(pd.concat([everywhere, alone], ignore_index=True))
    least, most = possible(table)
    return table.assign(low=table["low"].clip(lower=least), high=table["high"].clip(upper=most))


def mean_of_worlds(by_world: pd.DataFrame, keys: list[str], *, intervals: float) -> pd.DataFrame:
    """Mean of the worlds' means, with an interval from the spread of seeds in each.

    ``mean +- t sqrt(sum_w s_w^2 / n_w) / W``, degrees of freedom after Welch and Satterthwaite; no
    interval where a world has one seed.

    Parameters
    ----------
    by_world : DataFrame
        Columns mean, var and count, over the seeds of one world; indexed by keys and more.
    keys : list of str
        Levels of the index within which worlds are averaged.

    Examples
    --------
    >>> of = pd.MultiIndex.from_tuples([("a", 1), ("a", 2)], names=["fact", "world"])
    >>> seeds = pd.DataFrame({"mean": [2.0, 5.0], "var": [2.0, 0.0], "count": [2, 2]}, index=of)
    >>> found = mean_of_worlds(seeds, ["fact"], intervals=0.95).iloc[0]
    >>> float(found["estimate"]), round(float(found["high"] - found["estimate"]), 2)
    (3.5, 6.35)
    """
    known = by_world[by_world["count"] > 0]
    part = known["var"] / known["count"]
    square = part**2 / (known["count"] - 1).clip(lower=1)
    worlds = known.assign(part=part, square=square, worlds=1).groupby(
        keys, sort=False, observed=True
    )
    sums = worlds[["mean", "part", "square", "worlds", "count"]].sum()
    number = sums["worlds"].to_numpy(dtype=np.float64)
    variance = sums["part"].to_numpy() / number**2
    square = sums["square"].to_numpy() / number**4
    # Where no seed differs from another there is nothing to be unsure of.
    freedom = np.divide(variance**2, square, out=np.ones(len(sums)), where=square > 0)
    estimate = Estimate(
        value=sums["mean"].to_numpy() / number,
        variance=np.where(worlds["count"].min() < 2, np.nan, variance),
        freedom=freedom,
        people=sums["count"].to_numpy(),
        worth=sums["count"].to_numpy(),
        reason=np.full(len(sums), "", dtype=object),
    )
    low, high = estimate.interval(intervals)
    found = pd.DataFrame({"estimate": estimate.value, "low": low, "high": high}, sums.index)
    return found.assign(societies=sums["count"].astype(np.int64)).reset_index()
