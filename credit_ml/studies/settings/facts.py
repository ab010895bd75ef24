"""Facts that the words on assumptions need."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from credit_ml.core import Finding, StudyResults
from credit_ml.grammar.cited import constants, unmarked
from credit_ml.grammar.names import knob_name
from credit_ml.grammar.numbers import MINUS, NARROW, Amount, Side, show
from credit_ml.grammar.rows import fact, records, rows
from credit_ml.studies.settings.figure import MOST_DRAWN as MOST_DRAWN
from credit_ml.studies.settings.figure import shown_in as shown_in

#: How much more often a headline must turn at one end of a knob for that to be said.
_MORE = 0.1
#: What a first screen calls measures that headlines are named by, and what "it" is of there.
_PLAIN = {
    "the AUC": "how well people are ranked",
    "AUC": "ranking people",
    "carry of it": "carry of the gap",
}
#: What it calls keys whose own names are the code's.
_KNOBS = {"menu": "the menu", "bundle": "the number of actions that people combine"}
#: Measures that are never below none, and so cannot turn there.
_NEVER_BELOW = ("error", "relative")
#: Shares of the variance, by what a table calls them.
SHARES = ("first_order", "total")


@dataclass(frozen=True)
class HeadlineFacts:
    """What is known of one headline."""

    name: str
    unit: str
    declared: Amount | None
    range: Amount | None
    turned: Amount | None
    """Share of settings that are on another side: at least and at most, by intervals."""
    side: Side
    """Where the study as it stands lies; "unclear" where its interval reaches both sides."""
    knob: str
    """Which has the largest total share; empty without shares."""
    share: Amount | None
    first: bool
    """Whether no other knob's share can be as large, of the same points; where findings of before
    do not say, whether its interval is clear of theirs."""
    where: str
    """The end of a knob's range at which it turns most often, as a clause."""
    fixed: bool = False
    """Whether it cannot turn, whatever is assumed: an error is never below none."""
    above: Amount | None = None
    below: Amount | None = None
    """Shares of settings that are on each side with their whole interval."""
    turning: float = 0.0
    """Where its meaning turns, in the unit of its rows."""
    never: str = ""
    """The name of an assumption at which no setting may turn, where at another some may: a clause.

    Of two names the share of all settings that may turn is as much the design's as the study's."""

    @property
    def plain(self) -> str:
        """Its name, for those who do not know the names of measures."""
        told = self.name
        for measure, words in _PLAIN.items():
            told = re.sub(rf"\b{measure}\b", words, told)
        return told

    @property
    def turns(self) -> bool:
        """Whether its meaning turns in some setting for certain."""
        return self.turned is not None and self.turned.low > 0

    @property
    def holds(self) -> bool:
        """Whether it is on the declared side in every setting for certain."""
        return self.turned is not None and self.turned.high == 0 and not self.fixed

    @property
    def open(self) -> bool:
        """Whether it may turn: intervals leave it open at every setting that seems to."""
        return self.turned is not None and not self.turns and not self.holds and not self.fixed

    @property
    def split(self) -> bool:
        """Whether it has no side as it stands, and some settings are for certain on each."""
        return self.turns and self.side == "unclear"

    @property
    def sideless(self) -> bool:
        """Whether it has no side as it stands that settings could leave, nor some on each."""
        return self.open and self.side == "unclear"

    @property
    def surely(self) -> str:
        """Say at how many settings it is surely on each side; "" where that was not stored."""
        if self.above is None or self.below is None:
            return ""
        above, below = (Amount(each.estimate).percent() for each in (self.above, self.below))
        return f"surely above {self.turns_at} at {above} of settings, below at {below}"

    @property
    def turns_at(self) -> str:
        """Where its meaning turns, as its numbers are shown."""
        factor, _ = shown_in(self.unit)
        shown = show(factor * self.turning)
        return constants(unmarked(f"{shown}{NARROW}%" if factor != 1 and self.turning else shown))

    @property
    def at_least(self) -> str:
        """In how many settings it turns for certain."""
        return Amount(self.turned.low).percent() if self.turned else ""

    @property
    def at_most(self) -> str:
        """In how many it is not on the declared side for certain."""
        return Amount(self.turned.high).percent() if self.turned else ""

    @property
    def estimated(self) -> str:
        """In how many it turns by the estimates, whatever their intervals are."""
        share = self.turned.estimate if self.turned else 0.0
        return f"at {Amount(share).percent()} of settings" if share else "at no setting"


def over_settings(reach: Amount, unit: str = "") -> str:
    """Return from where to where a headline goes over all settings.

    Not beside its number: that is of the study as it stands, and the middle of no setting.

    Examples
    --------
    >>> from credit_ml.grammar.cited import unmarked
    >>> unmarked(over_settings(Amount(15.0, 15.0, 46.0), "points"))
    '15 to 46 points'
    """
    ends = reach.interval(unit)
    return f"{ends} {unit}".rstrip() if ends else reach.text(unit)


def knobs_of(finding: Finding) -> list[str]:
    """Return the keys that are varied."""
    return list(finding.parameters["over"])


def headline_facts(finding: Finding) -> Iterator[HeadlineFacts]:
    """Yield what is known of every headline, in the study's order."""
    for name in finding.parameters["headlines"]:
        own = rows(finding, headline=name)
        totals = own[own["quantity"] == "total"].dropna(subset=["estimate"])
        most = records(totals.nlargest(1, "estimate"))
        rest = totals.drop(index=totals["estimate"].nlargest(1).index)
        declared = fact(finding, headline=name, quantity="declared")
        turned = fact(finding, headline=name, quantity="turned")
        turns = float(finding.parameters["turns"][name])
        yield HeadlineFacts(
            name=name,
            unit=str(own["unit"].iloc[0]),
            declared=declared,
            range=fact(finding, headline=name, quantity="range"),
            turned=turned,
            side=declared.side(turns) if declared else "unclear",
            knob=str(most[0]["knob"]) if most else "",
            share=Amount.of(most[0]).within(0.0, 1.0) if most else None,
            first=_first(finding, name, most, rest),
            where=_where(finding, name, turned),
            fixed=_fixed(finding, name, str(own["measure"].iloc[0])),
            above=fact(finding, headline=name, quantity="surely_above"),
            below=fact(finding, headline=name, quantity="surely_below"),
            turning=turns,
            never=_never(finding, name),
        )


def _first(finding: Finding, name: str, most: list[dict[Any, Any]], rest: pd.DataFrame) -> bool:
    """Whether the knob of the largest share is first for certain."""
    if not most:
        return False
    asked = {"headline": name, "knob": str(most[0]["knob"])}
    over = fact(finding, quantity="total_over_others", **asked)
    if over is not None:
        return over.side() == "above"
    return bool((rest["high"] < most[0]["low"]).all())


def _fixed(finding: Finding, name: str, measure: str) -> bool:
    """Whether a headline cannot turn: the study says so, or it is of a measure never below none."""
    never = measure in _NEVER_BELOW and float(finding.parameters["turns"][name]) <= 0
    return never or name in finding.parameters.get("fixed", ())


def _where(finding: Finding, name: str, turned: Amount | None) -> str:
    """Return where it turns most often; "" where it does by no estimate.

    Where intervals are widest, which says nothing of where it turns, is not told.
    """
    if turned is None or not (turned.low or turned.estimate):
        return ""
    return _turning(finding, name, by="low" if turned.low > 0 else "high")


def _never(finding: Finding, name: str) -> str:
    """Return at which name of an assumption no setting may turn, if some may at another."""
    own = rows(finding, headline=name)
    for knob in named(finding):
        ends = own[own["knob"] == knob].set_index("quantity")
        if "turned_at_low" not in ends.index:
            continue
        most = {side: float(ends["high"][f"turned_at_{side}"]) for side in ("low", "high")}
        side = min(most, key=lambda each: most[each])
        if most[side] == 0 and max(most.values()) > _MORE:
            at = str(ends["at"][f"turned_at_{side}"])
            return f"where {plain_knob(knob)} is '{at}'"
    return ""


def _turning(finding: Finding, name: str, *, by: str) -> str:
    """Return where it turns most often, if one end of a knob stands out against the other.

    By the settings that turn for certain ("low"), or by those that may ("high").
    """
    own = rows(finding, headline=name)
    found = []
    for knob in knobs_of(finding):
        ends = own[own["knob"] == knob].set_index("quantity")
        if "turned_at_low" not in ends.index:
            continue
        low, high = (float(ends[by][f"turned_at_{side}"]) for side in ("low", "high"))
        side = "low" if low > high else "high"
        at = str(ends["at"][f"turned_at_{side}"])
        found.append((abs(high - low), max(low, high), knob, at))
    gap, _, knob, at = max(found, default=(0.0, 0.0, "", ""))
    whole = str(finding.parameters["ranges"].get(knob, ""))
    shown = f"'{at}'" if knob in named(finding) else constants(_end(at, whole))
    return f"{plain_knob(knob)} is {shown}" if gap > _MORE else ""


def plain_knob(key: str) -> str:
    """Return what is varied, for those who do not know the keys of a study file.

    Examples
    --------
    >>> plain_knob("menu"), plain_knob("ties.hukou")
    ('the menu', 'homophily by registered residence')
    """
    return _KNOBS.get(key) or knob_name(key)


def _end(at: str, whole: str) -> str:
    """Return in words which values of a knob are at one end of its whole range.

    "High" would say too little, the high end of a dependence below none is none; and so would "-0.3
    or more", which readers take for a larger one.

    Examples
    --------
    >>> _end("from -0.3", "-1.2 to 0"), _end("up to 2", "1 to 5"), _end("segregated", "")
    ('between \u22120.3 and 0', 'between 1 and 2', 'segregated')
    """
    least, _, most = whole.partition(" to ")
    told = at
    for before, low, high in (("from ", "", most), ("up to ", least, "")):
        if at.startswith(before):
            end = at.removeprefix(before)
            told = f"between {low or end} and {high or end}"
    return re.sub(r"-(?=[\d.])", MINUS, told)


def has_shares(finding: Finding) -> bool:
    """Whether its design is one that shares of the variance are computed of."""
    return bool(finding.parameters.get("design") == "saltelli")


def speaks_of_auc(finding: Finding) -> bool:
    """Whether a headline is of the AUC, which the page then explains."""
    return any(re.search(r"\bAUC\b", each) for each in finding.parameters["headlines"])


def named(finding: Finding) -> list[str]:
    """Return the keys that are varied over names, which have no low and no high end."""
    return list(finding.parameters.get("named", ()))


def parted(finding: Finding) -> dict[str, list[HeadlineFacts]]:
    """Return the headlines that hold at every setting, those that turn, and those that may.

    And those that cannot: they are no evidence that anything holds.
    """
    known = [each for each in headline_facts(finding) if each.turned is not None]
    return {
        "hold": [each for each in known if each.holds],
        "turn": [each for each in known if each.turns],
        "open": [each for each in known if each.open],
        "fixed": [each for each in known if each.fixed],
    }


def scorers(results: StudyResults) -> list[str]:
    """Return the kinds of score that the headlines are of, where each names its own."""
    asked = (results.settings.get("sweep") or {}).get("headlines") or ()
    told = [str((each.get("where") or {}).get("scorer") or "") for each in asked]
    return [] if "" in told else list(dict.fromkeys(told))


def verdict(parted: dict[str, list[HeadlineFacts]]) -> str:
    """Return whether the headlines that can turn hold: yes, partly, no or not decided.

    Examples
    --------
    >>> verdict({"hold": [], "turn": [], "open": [], "fixed": []})
    'Not decided'
    """
    if parted["hold"]:
        return "Partly" if parted["turn"] or parted["open"] else "Yes"
    return "No" if parted["turn"] and not parted["open"] else "Not decided"


def changes(finding: Finding) -> list[str]:
    """Return in words what the study was changed in before it was varied, where numbers are."""
    given = finding.parameters.get("smaller", {})
    return [
        f"{knob_name(key)}{':' * (' ' in here)} {_told(here)}"
        f"{f' ({_told(there)} there)' if there else ''}"
        for key, (here, there) in given.items()
        if here != there
    ]


#: Ends what a study counts of a list or a table that it was changed in.
_COUNTED = " given"


def _told(value: str) -> str:
    value = value.removesuffix(_COUNTED)
    return constants(unmarked(show(int(value))) if value.isdigit() else value)
