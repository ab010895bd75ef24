"""How far a headline hangs on what is assumed, and on which assumption."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from credit_ml.core import Array, Finding, cited, conform
from credit_ml.core.figure import Axes
from credit_ml.inference import People
from credit_ml.studies.settings.design import RangeTable, SweepTable, ordered
from credit_ml.studies.settings.figure import draw_shares
from credit_ml.studies.settings.finding import SettingSweep
from credit_ml.studies.settings.shares import sobol_shares
from credit_ml.studies.settings.turning import Turning

#: Share of a knob's range that counts as one end of it.
END = 0.25
#: Columns that say what a headline is.
_LABELS = ("measure", "sensitive", "group", "reference_group", "unit", "headline")

#: What is kept of a mean over settings.
_MEASURED: tuple[str, ...] = ("estimate", "low", "high", "people")


class Assumptions(Finding):
    """What declared ranges of assumed knobs do to every headline of a study.

    Quantities of a headline: "declared", the study as it stands with its interval of chance;
    "range", the same number between the 2.5 and the 97.5 % point of all settings; "turned", the
    share of settings on the other side of where its meaning turns, from those that are there for
    certain to those that are not on the declared side for certain (`Turning`); "surely_above" and
    "surely_below", the shares that lie on a side of it with their whole interval. Of a headline and
    a knob: "first_order" and "total" (Sobol shares), "total_over_others" (the latter less the
    largest of the other knobs', of the same points); the mean "at_low" and "at_high" ends of the
    knob's range (the outer quarters; of listed numbers the least and the largest, of listed names
    those where the headline has its least and its largest mean), and "turned_at_low" and
    "turned_at_high". The column "at" says which values these are.

    Examples
    --------
    >>> from credit_ml.core.schema import conform
    >>> table = conform([{"quantity": "total", "measure": "auc", "estimate": 0.6,
    ...                   "headline": "the AUC", "knob": "ties.work"}])
    >>> Assumptions(table=table, title="What it hangs on").metrics()
    {'assumptions.the AUC.total.ties.work': 0.6}
    """

    kind: ClassVar[str] = "assumptions"
    labels: ClassVar[tuple[str, ...]] = ("headline", "knob")
    tracked: ClassVar[tuple[str, ...]] = ("headline", "quantity", "knob")
    #: Shares and ends of knobs are drawn, whose intervals count points of a design and no people.
    draws_over: ClassVar[bool] = False
    #: Shares of a headline's variance and of settings are not in the headline's own unit.
    shown_in: ClassVar[Mapping[str, str]] = {
        **dict.fromkeys(("first_order", "total", "turned"), "share"),
        **dict.fromkeys(("surely_above", "surely_below"), "share"),
        **dict.fromkeys(("turned_at_low", "turned_at_high"), "share"),
        "total_over_others": "difference of shares",
    }
    citations = cited("sobol_2001", "saltelli_2010")

    def plot(self, axes: Axes | None = None) -> Axes:
        """Draw what every knob does, a panel a headline; on given axes the first."""
        return draw_shares(self.table, self.parameters, axes)


def assumptions(
    sweep: SweepTable,
    found: SettingSweep,
    *,
    citizens: int,
    draws: int = 0,
    smaller: Mapping[str, Sequence[str]] | None = None,
    intervals: float = 0.95,
) -> Assumptions:
    """Say of every headline how far the settings move it, and which knob does.

    Parameters
    ----------
    sweep : SweepTable
    found : SettingSweep
        Of the same sweep.
    citizens : int
        How large societies were.
    draws : int
        Of how many societies, or samples, intervals are made; 0 where they count people.
    smaller : mapping, optional
        What the sweep changed of the study before it varied it: what a key says here, and there.
    intervals : float
        Level of shares and means, and the part of settings between the ends of the range.
    """
    lines: list[dict[str, Any]] = []
    for name in found.parameters["headlines"]:
        own = found.table[found.table["headline"] == name].sort_values("setting")
        base, rest = own.iloc[0].to_dict(), own.iloc[1:]
        labels = {key: base[key] for key in _LABELS}
        known = own[(own["setting"] == base["setting"]) | own["estimate"].notna()]
        asked = {"turns": found.parameters["turns"][name], "level": intervals, "draws": draws}
        turning = Turning.of(known, **asked)
        made = [*_of_headline(base, known.iloc[1:], turning, intervals)]
        made += _of_knobs(sweep, rest, turning, intervals)
        lines += [labels | {"knob": "", "at": ""} | each for each in made]
    told = {key: found.parameters[key] for key in ("settings", "failed", "over", "ranges")}
    kept = ("declared", "headlines", "design", "turns", "fixed")
    told |= {key: found.parameters[key] for key in kept}
    told |= {"smaller": {key: list(each) for key, each in (smaller or {}).items()}, "draws": draws}
    told |= {"named": [key for key, each in sweep.over.items() if not ordered(each)]}
    # A study of several sizes has no one number of citizens.
    size = f"have {citizens:,} citizens, in all settings" if citizens else "are in all settings"
    drawn = f"Societies {size} drawn with the same chance."
    return Assumptions(
        table=conform(lines),
        title="What every headline owes to what is assumed",
        parameters=told | {"citizens": citizens, "intervals": intervals},
        seed=sweep.seed,
        notes=(drawn, *found.notes),
    )


def _of_headline(
    base: Mapping[str, Any], rest: pd.DataFrame, turning: Turning, level: float
) -> Iterator[dict[str, Any]]:
    measured = ("estimate", "low", "high", "people", "clusters", "over")
    yield {"quantity": "declared", **{key: base[key] for key in measured}}
    known = rest["estimate"].to_numpy()
    if not len(known) or not np.isfinite(base["estimate"]):
        return
    low, high = np.quantile(known, [(1 - level) / 2, (1 + level) / 2])
    ends = {"low": min(low, base["estimate"]), "high": max(high, base["estimate"])}
    yield {"quantity": "range", "estimate": base["estimate"], **ends, **_counted(known)}
    # Its ends are no chance of people: they are what intervals of single settings leave open.
    yield {"quantity": "turned", **turning.share(), **_counted(known)}
    for side, who in zip(("above", "below"), turning.sides, strict=True):
        share = float(who.mean())
        yield {"quantity": f"surely_{side}", "estimate": share, **_counted(known)}


def _counted(known: np.ndarray) -> dict[str, Any]:
    return {"people": len(known), "over": ""}


def _of_knobs(
    sweep: SweepTable, rest: pd.DataFrame, turning: Turning, level: float
) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = []
    if sweep.design == "saltelli":
        found = rest["estimate"].to_numpy()
        shares = sobol_shares(sweep.problem(), found, intervals=level)
        made += [{str(k): v for k, v in each.items()} for each in shares.to_dict("records")]
    # Settings of one base point differ in a knob or in none: what is independent are base points.
    together = len(sweep.over) + 2 if sweep.design == "saltelli" else 1
    points = pd.Series(np.arange(len(rest)) // together, index=rest.index)
    known = rest.dropna(subset=["estimate"])
    for knob, values in sweep.over.items() if len(known) else ():
        ends = _ends(values, known[knob], known["estimate"])
        for side, (at, who) in zip(("low", "high"), ends, strict=True):
            there = known.loc[who, "estimate"].to_numpy()
            mean = _mean(there, points[known.index[who]].to_numpy(), level)
            kept = {name: mean[name] for name in _MEASURED if name in mean}
            made.append({"quantity": f"at_{side}", "knob": knob, "at": at, **kept})
            row = {"quantity": f"turned_at_{side}", "knob": knob, "at": at}
            made.append(row | turning.share(who.to_numpy()) | _counted(there))
    return [each | {"over": ""} for each in made]


def _mean(values: Array, points: Array, level: float) -> dict[str, Any]:
    """Mean over settings, with an interval over the base points that they are of."""
    if not len(values):
        return {}
    codes = np.unique(points, return_inverse=True)[1]
    number = int(codes.max()) + 1
    if number == 1 < len(values):
        return {"estimate": float(values.mean()), "people": len(values)}
    alone = number == len(values)
    people = People(len(values), None if alone else codes, over="people" if alone else "clusters")
    return people.mean(values).facts(level)


def _ends(
    values: tuple[Any, ...] | RangeTable, column: pd.Series, estimates: pd.Series
) -> list[tuple[str, pd.Series]]:
    """Return both ends of what a knob is varied over: what they are called, and who is there."""
    if isinstance(values, RangeTable):
        width = END * (values.high - values.low)
        low, high = values.low + width, values.high - width
        return [(f"up to {low:g}", column <= low), (f"from {high:g}", column >= high)]
    if ordered(values):
        ends = (min(values), max(values))
    else:
        means = estimates.groupby(column, sort=False).mean()
        ends = (means.idxmin(), means.idxmax())
    return [(str(each), column == each) for each in ends]
