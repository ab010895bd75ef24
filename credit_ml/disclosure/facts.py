"""Facts that the words and tables on disclosure need, in the units that are shown."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from credit_ml.core import Finding, RaterResults, StudyResults
from credit_ml.grammar.blocks import TableView
from credit_ml.grammar.cited import unmarked
from credit_ml.grammar.names import group_label, plain
from credit_ml.grammar.numbers import (
    MINUS,
    MOST_DECIMALS,
    Amount,
    Side,
    decimals_for,
    in_units,
    listed,
    percent,
    show,
    spelled,
)
from credit_ml.grammar.phrases import ASSUMED, GroupPair, at, lead_pair
from credit_ml.grammar.rows import fact, rows, values
from credit_ml.grammar.tables import EMPTY

#: With more regimes than this, prose names a few of them.
MOST_SPOKEN = 4
#: Who cannot reach the first threshold with any bundle, and of whom that is said.
OUT_OF_REACH = "out_of_reach"
_EVERYBODY = {"sensitive": "overall"}
#: A measure and the unit that it is shown in.
Shown = tuple[Amount, str]


def measured(finding: Finding, measure: str, **at: str) -> Shown | None:
    """Return one measure of everybody, or of the group named, in the unit that is shown."""
    at = at if "sensitive" in at else {"sensitive": "overall", **at}
    value = fact(finding, measure=measure, **at)
    units = values(finding, "unit", measure=measure, **at)
    return None if value is None else in_units(value, units[0] if units else "")


def said(finding: Finding, measure: str, **at: str) -> str:
    """Write a measure with its unit; empty when it was not measured."""
    found = measured(finding, measure, **at)
    return "" if found is None else found[0].text(found[1])


def who(finding: Finding, measure: str, **at: str) -> str:
    """Write a share of people, "nobody" where it is none; empty when it was not measured."""
    found = measured(finding, measure, **at)
    return "nobody" if found and not found[0].estimate else said(finding, measure, **at)


def clause(finding: Finding, regime: str) -> str:
    """Return what a regime tells as a clause, such as "the weights are told"."""
    said: Mapping[str, Any] = finding.parameters.get("clauses", {})
    return str(said.get(regime) or f"under '{plain(regime)}'")


def fullest(finding: Finding) -> str:
    """Return the regime that tells most, which is "full" or else the last of the table."""
    regimes = values(finding, "regime")
    return "full" if "full" in regimes else (regimes[-1] if regimes else "")


def spoken_of(finding: Finding) -> list[str]:
    """Return the regimes that prose names: all when they are few, else those that say most.

    Nothing, factors, the fullest, and the one under which most act and win nothing.

    Examples
    --------
    >>> import pandas as pd
    >>> told = ["nothing", "factors", "ranks", "reasons", "full"]
    >>> rows = [(each, "overall", "wasted", 0.1 * (each == "reasons"), 0.0, 0.2) for each in told]
    >>> names = ["regime", "sensitive", "measure", "estimate", "low", "high"]
    >>> spoken_of(Finding(table=pd.DataFrame(rows, columns=names), title="t"))
    ['nothing', 'factors', 'reasons', 'full']
    """
    regimes = values(finding, "regime")
    if len(regimes) <= MOST_SPOKEN:
        return regimes
    vain = {
        name: fact(finding, measure="wasted", regime=name, sensitive="overall") for name in regimes
    }
    known = {name: each.estimate for name, each in vain.items() if each}
    chosen = {"nothing", "factors", fullest(finding)}
    chosen |= {max(known, key=lambda name: known[name])} if known else set()
    return [name for name in regimes if name in chosen]


@dataclass(frozen=True, kw_only=True)
class GapChange:
    """A gap before and after a response, turned so that the first is positive."""

    before: Amount
    after: Amount
    change: Amount
    """By how much more one group gains: paired, for the same people stand before and after."""
    unit: str

    @property
    def decimals(self) -> int:
        """Finer than the change bears, so that it is the difference of the two gaps shown.

        And fine enough that no end of a change that is sure is shown as none.
        """
        width = (self.change.high - self.change.low) / 6 if self.change.ranged else None
        decimals = decimals_for(width, self.change.estimate)
        ends = [float(self.change.low), float(self.change.high)]
        sure = self.change.ranged and self.change.side() != "unclear"
        while sure and decimals < MOST_DECIMALS and any(round(end, decimals) == 0 for end in ends):
            decimals += 1
        return decimals

    @property
    def adds_up(self) -> bool:
        """Whether what is shown of before, after and the change adds up, rounded as it is."""
        before, after, change = (
            round(float(each.estimate), self.decimals)
            for each in (self.before, self.after, self.change)
        )
        return math.isclose(before + change, after, abs_tol=10.0**-self.decimals / 2)

    def show(self, amount: Amount, *, interval: bool = False) -> str:
        """Write a gap, or the change with its interval in brackets."""
        return show(amount.estimate, self.decimals) + (self._ends(amount) if interval else "")

    def by(self, amount: Amount) -> str:
        """Write a change in percentage points, with its interval behind the unit."""
        number = show(amount.estimate, self.decimals)
        points = "percentage point" + "s" * (unmarked(number).lstrip(MINUS) != "1")
        return f"{number} {points}{self._ends(amount)}"

    def _ends(self, amount: Amount) -> str:
        ends = f" ({show(amount.low, self.decimals)} to {show(amount.high, self.decimals)})"
        return ends if amount.ranged else ""


def gap_change(finding: Finding, pair: GroupPair, regime: str = "") -> GapChange | None:
    """Return what one regime does to the gap between two groups; the fullest, by default."""
    at = {"regime": regime or fullest(finding), **pair.where()}
    found = [
        measured(finding, measure, **at)
        for measure in ("score_gap_before", "score_gap_after", "score_gap_change")
    ]
    (before, after, change) = found
    if before is None or after is None:
        return None
    sign = -1.0 if before[0].estimate < 0 else 1.0
    moved = change[0] if change else Amount(after[0].estimate - before[0].estimate)
    amounts = [each.times(sign) for each in (before[0], after[0], moved)]
    return GapChange(before=amounts[0], after=amounts[1], change=amounts[2], unit=before[1])


def moved(before: Shown, after: Shown, change: Shown) -> GapChange:
    """Return a measure before and after a response, to be shown in the digits of its change."""
    return GapChange(before=before[0], after=after[0], change=change[0], unit=before[1])


def drawn(finding: Finding, results: StudyResults) -> float | None:
    """Return how many people were followed where they are some: their gap is not everybody's."""
    followed, people = finding.parameters.get("people"), results.data.get("people")
    return followed if followed and people and followed < people else None


def otherwise_told(finding: Finding) -> list[str]:
    """Return the regimes that tell something, but not all of it."""
    return [each for each in values(finding, "regime") if each not in ("nothing", fullest(finding))]


def sure_otherwise(finding: Finding, pair: GroupPair) -> list[tuple[str, GapChange]]:
    """Return the regimes that tell less and change the gap for certain, each held by itself.

    What the fullest does says nothing of them: it may leave a gap alone that others move.
    """
    told = ((name, gap_change(finding, pair, name)) for name in otherwise_told(finding))
    return [(name, each) for name, each in told if each and each.change.side() != "unclear"]


def others_move(sure: Sequence[tuple[str, GapChange]]) -> str:
    """Say how many ways of telling less move the gap, each held by itself, and which way.

    Examples
    --------
    >>> less = Amount(-2.0, -3.0, -1.0)
    >>> one = GapChange(before=less, after=less, change=less, unit="points")
    >>> others_move([("weights", one), ("reasons", one)]), others_move([("weights", one)])
    ('two other ways, each alone, narrow it', 'one other way narrows it')
    """
    sides = {each.change.side() for _, each in sure}
    alike = sides.pop() if len(sides) == 1 else ""
    verb = {"above": "widen", "below": "narrow"}.get(alike, "change")
    if len(sure) == 1:
        return f"one other way {verb}s it"
    return f"{spelled(len(sure))} other ways, each alone, {verb} it"


def sure_nowhere(
    results: StudyResults, pair: GroupPair, at_first: Finding, sure: Sequence[tuple[str, GapChange]]
) -> list[RaterResults]:
    """Return the other raters at which none of the regimes that change the gap at one does."""
    names = {name for name, _ in sure}
    unmoved = []
    for rater, found in results.of_kind("disclosure"):
        asked = names.intersection(values(found, "regime")) if found is not at_first else ()
        changes = list(filter(None, (gap_change(found, pair, name) for name in asked)))
        if rater and changes and all(each.change.side() == "unclear" for each in changes):
            unmoved.append(rater)
    return unmoved


def worse_off(finding: Finding) -> list[tuple[str, Shown]]:
    """Return the regimes under which people surely gain less than with nothing told, and what."""
    found = []
    for regime in (*otherwise_told(finding), fullest(finding)):
        gained = measured(finding, "information_gain", regime=regime)
        if gained and gained[0].side() == "below":
            found.append((regime, (gained[0].size(), gained[1])))
    return found


def gaps_elsewhere(
    results: StudyResults, pair: GroupPair, at_first: Finding
) -> dict[Side, list[RaterResults]]:
    """Return the other raters whose gap the fullest changes otherwise than at one of them."""
    own = gap_change(at_first, pair)
    found: dict[Side, list[RaterResults]] = {}
    for rater, finding in results.of_kind("disclosure"):
        other = gap_change(finding, pair)
        if rater and own and other and other.change.side() != own.change.side():
            found.setdefault(other.change.side(), []).append(rater)
    return found


def turned_elsewhere(results: StudyResults, pair: GroupPair, at_first: Finding) -> str:
    """Return at which other raters the gap surely moves the other way, as a clause; or ""."""
    own = gap_change(at_first, pair)
    turned: dict[Side, tuple[Side, str]] = {
        "above": ("below", "narrows"),
        "below": ("above", "widens"),
    }
    if own is None or own.change.side() not in turned:
        return ""
    side, verb = turned[own.change.side()]
    raters = gaps_elsewhere(results, pair, at_first).get(side, [])
    return f"{listed([at(each) for each in raters])} it {verb}" if raters else ""


def sure_changes(finding: Finding, measure: str) -> list[tuple[str, Shown]]:
    """Return the regimes that tell less and change a measure of everybody for certain."""
    told = ((name, measured(finding, measure, regime=name)) for name in otherwise_told(finding))
    return [(name, each) for name, each in told if each and each[0].side() != "unclear"]


def paying(finding: Finding, pair: GroupPair) -> tuple[Shown, Shown] | None:
    """Return what reliable members of either group must spend to reach the threshold."""
    at = {"regime": fullest(finding), "sensitive": pair.sensitive, "reference_group": ""}
    group, reference = (
        measured(finding, "social_burden", group=name, **at)
        for name in (pair.group, pair.reference)
    )
    return (group, reference) if group is not None and reference is not None else None


def mostly_kept(finding: Finding, results: StudyResults) -> bool:
    """Whether most keep their obligations and telling makes decisions right, as passing more does.

    Then a rise of right decisions says nothing of who is told apart better.
    """
    change = measured(finding, "accuracy_change", regime=fullest(finding))
    rate = results.data.get("outcome_rate") or 0.0
    return bool(rate > 0.5 and change and change[0].side() == "above")


def by_agency(found: Any) -> list[tuple[str, list[tuple[Any, Finding]]]]:
    """Return raters and what was found of them, where an agency has scorers of several kinds."""
    groups: dict[str, list[tuple[Any, Finding]]] = {}
    for rater, finding in found:
        if rater and "factors" in values(finding, "regime"):
            groups.setdefault(str(rater.agency.get("id", "whoever scores")), []).append(
                (rater, finding)
            )
    return [
        (agency, own)
        for agency, own in groups.items()
        if len({rater.scorer_kind for rater, _ in own}) > 1
    ]


def never(finding: Finding) -> str:
    """Return the share of people who cannot reach the threshold at any price; "" for nobody.

    With its interval where it was measured with one.
    """
    share = finding.parameters.get("never")
    measured_share = fact(finding, measure=OUT_OF_REACH, regime=fullest(finding), **_EVERYBODY)
    if measured_share is not None:
        return measured_share.percent() if measured_share.estimate else ""
    return percent(share) if share else ""


def never_of(finding: Finding, pair: GroupPair) -> list[Amount]:
    """Return which share of each of two groups cannot reach it; none where none was measured."""
    asked = {"measure": OUT_OF_REACH, "regime": fullest(finding), "sensitive": pair.sensitive}
    found = [
        fact(finding, **asked, group=group, reference_group="")
        for group in (pair.group, pair.reference)
    ]
    return [each for each in found if each] if all(found) else []


def alone(finding: Finding) -> bool:
    """Whether the share who cannot reach it is one table's, and has no interval over others."""
    return not len(rows(finding, measure=OUT_OF_REACH))


def matrix(results: StudyResults) -> TableView | None:
    """Return what the fullest disclosure does, a row a rater; None for one rater alone."""
    found, pair = list(results.of_kind("disclosure")), lead_pair(results)
    if len(found) < 2 or pair is None:
        return None
    lines = []
    for rater, finding in found:
        told, change = fullest(finding), gap_change(finding, pair)
        burdens = paying(finding, pair)
        cells = [
            who(finding, "share_who_act", regime=told),
            said(finding, "points_gained", regime=told),
            change.show(change.before, interval=True) if change else "",
            change.show(change.change, interval=True) if change else "",
            *(each.text("%") + ASSUMED for each, _ in burdens or ()),
            never(finding) or "nobody",
        ]
        cells[4:4] = [] if burdens else ["", ""]
        lines.append((rater.name if rater else "", *(each or EMPTY for each in cells)))
    least = ", at least" if any(never(each) for _, each in found) else ""
    groups = (group_label(pair.sensitive, each) for each in (pair.group, pair.reference))
    heads = (
        *("Rater", "Act", "Gain", "Observed gap before, of those followed", "Change of the gap"),
        *(f"Burden{least}: {each}" for each in groups),
        "Shut out at any price",
    )
    return TableView(caption="What people do when told", head=heads, bodies=(("", tuple(lines)),))
