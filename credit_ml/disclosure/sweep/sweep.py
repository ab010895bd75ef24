"""Regimes of disclosure over worlds, raters and answers: what secrecy buys, and from whom."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any, ClassVar

import pandas as pd

from credit_ml.core import Finding, TableError, conform, need_known
from credit_ml.core.figure import Axes
from credit_ml.core.reading import selected
from credit_ml.disclosure.finding import CITATIONS
from credit_ml.disclosure.measures import possible
from credit_ml.disclosure.regime import Regime, words_of
from credit_ml.disclosure.regimes import checked_regimes
from credit_ml.disclosure.sweep.cell import CRITERIA
from credit_ml.disclosure.sweep.figure import draw
from credit_ml.disclosure.sweep.frontier import frontier
from credit_ml.inference import checked_level, mean_of_worlds

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
    *(*CRITERIA, "welfare", "share_who_game", "social_burden", "wasted", "harmed"),
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
    - "world" is "(all)" for the mean over worlds; intervals are over seeds (`mean_of_worlds`).

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
    opaque: Sequence[str] = ("nothing",),
    variants: Mapping[str, str] | None = None,
    intervals: float = 0.95,
) -> DisclosureSweep:
    """Average cells over worlds and seeds, and hold regimes against each other pair by pair.

    For each kind of cell the mean over worlds of the mean over seeds, with its interval over seeds
    (`credit_ml.inference.mean_of_worlds`): worlds are those chosen, and one seed draws the same
    chance in all of them. A difference between regimes is taken within a society.

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
    opaque : sequence of str
        Regimes that opacity may mean, that of the headline first.
    variants : mapping of str to str, optional
        What kind of assumption each variant changes, in the order in which they are shown.
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
    averaged, shares = _averaged(every, intervals), frontier(cells, intervals)
    table = conform(pd.concat([averaged, shares], ignore_index=True))
    return DisclosureSweep(
        table=table,
        title="Regimes of disclosure",
        parameters={
            # A list, for a stored mapping is kept in the order of its keys.
            "regimes": list(words),
            "descriptions": {name: each["description"] for name, each in words.items()},
            "nouns": {name: each["noun"] for name, each in words.items()},
            "headings": {name: each["heading"] for name, each in words.items()},
            "lead": dict(lead),
            "opaque": list(opaque),
            "variants": list(variants or {}),
            "about": dict(variants or {}),
            "worlds": sorted(cells["world"].unique()),
            "variant_worlds": sorted(cells.loc[cells["variant"] != "default", "world"].unique()),
            "refit_worlds": sorted(cells.loc[cells["refits"] > 0, "world"].unique()),
            "clauses": {name: each["clause"] for name, each in words.items()},
            "scorers": list(dict.fromkeys(cells["scorer"])),
            "societies": len(cells[["world", "seed"]].drop_duplicates()),
            "seeds": int(cells["seed"].nunique()),
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
    everywhere = mean_of_worlds(cells, keys, intervals=intervals).assign(world=ALL)
    wanted = {"against": "full", "variant": "default", "sees": "all"}
    each = selected(cells, wanted | {"measure": list(CRITERIA)})
    alone = mean_of_worlds(each.assign(only=each["world"]), [*keys, "only"], intervals=intervals)
    alone = alone.rename(columns={"only": "world"})
    table = conform(pd.concat([everywhere, alone], ignore_index=True))
    least, most = possible(table)
    return table.assign(low=table["low"].clip(lower=least), high=table["high"].clip(upper=most))
