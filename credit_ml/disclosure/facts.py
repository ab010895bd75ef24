"""Facts that the words and tables on disclosure need, in the units that are shown."""

from typing import Any

from credit_ml.core import Finding, StudyResults
from credit_ml.disclosure.telling.gaps import at_others as at_others
from credit_ml.disclosure.telling.gaps import gap_change as gap_change
from credit_ml.disclosure.telling.gaps import gaps_elsewhere as gaps_elsewhere
from credit_ml.disclosure.telling.gaps import moved as moved
from credit_ml.disclosure.telling.gaps import others_move as others_move
from credit_ml.disclosure.telling.gaps import said_elsewhere as said_elsewhere
from credit_ml.disclosure.telling.gaps import sure_besides as sure_besides
from credit_ml.disclosure.telling.gaps import sure_nowhere as sure_nowhere
from credit_ml.disclosure.telling.gaps import sure_otherwise as sure_otherwise
from credit_ml.disclosure.telling.told import Shown
from credit_ml.disclosure.telling.told import clause as clause
from credit_ml.disclosure.telling.told import fullest as fullest
from credit_ml.disclosure.telling.told import measured as measured
from credit_ml.disclosure.telling.told import otherwise_told as otherwise_told
from credit_ml.disclosure.telling.told import said as said
from credit_ml.disclosure.telling.told import who as who
from credit_ml.grammar.blocks import TableView
from credit_ml.grammar.names import group_label
from credit_ml.grammar.numbers import Amount, Side, percent
from credit_ml.grammar.phrases import ASSUMED, GroupPair, apart, lead_pair
from credit_ml.grammar.rows import fact, rows, values
from credit_ml.grammar.tables import EMPTY

#: With more regimes than this, prose names a few of them.
MOST_SPOKEN = 4
#: Who cannot reach the first threshold with any bundle, and of whom that is said.
OUT_OF_REACH = "out_of_reach"
_EVERYBODY = {"sensitive": "overall"}


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


def drawn(finding: Finding, results: StudyResults) -> float | None:
    """Return how many people were followed where they are some: their gap is not everybody's."""
    followed, people = finding.parameters.get("people"), results.data.get("people")
    return followed if followed and people and followed < people else None


def worse_off(finding: Finding) -> list[tuple[str, Shown]]:
    """Return the regimes under which people surely gain less than with nothing told, and what."""
    found = []
    for regime in (*otherwise_told(finding), fullest(finding)):
        gained = measured(finding, "information_gain", regime=regime)
        if gained and gained[0].side() == "below":
            found.append((regime, (gained[0].size(), gained[1])))
    return found


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


def paying_apart(finding: Finding, pair: GroupPair) -> tuple[Side, Shown | None]:
    """Return on which side the difference in what two groups must spend lies, and how large it is.

    It is measured of both at once: that the intervals of the two meet decides nothing. The size is
    left out where it is not told, and where the two intervals tell it themselves.
    """
    gap = measured(finding, "social_gap", regime=fullest(finding), **pair.where())
    found = paying(finding, pair)
    if gap is None or found is None:
        return "unclear", None
    (own, _), (other, _) = found
    side = gap[0].side()
    more = (gap[0].size(), "percentage points")
    return side, None if side == "unclear" or apart(own, other) else more


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
