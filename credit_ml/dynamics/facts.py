"""Facts that the words and tables on rounds need."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from credit_ml.core import Finding, StudyResults, beside
from credit_ml.dynamics.catalogue import title_of
from credit_ml.dynamics.history import UNITS
from credit_ml.grammar.blocks import TableView
from credit_ml.grammar.cited import constants
from credit_ml.grammar.names import group_label, sentence
from credit_ml.grammar.numbers import Amount, in_units
from credit_ml.grammar.phrases import PAIR, GroupPair, lead_pair
from credit_ml.grammar.rows import fact, facts, records, rows, values
from credit_ml.grammar.tables import EMPTY

#: Short heads of the table's columns.
HEADS: dict[str, str] = beside(__file__)["heads"]
#: What is assumed and may be varied, in words.
ASSUMED: dict[str, str] = beside(__file__)["assumed"]
#: The same in a sentence, where values follow.
WITH: dict[str, str] = beside(__file__)["with_value"]
#: Heads of a table of headlines under varied assumptions.
VARIED_HEADS: dict[str, str] = beside(__file__)["varied"]


def main(found: Sequence[tuple[Any, Finding]]) -> Finding:
    """Return the finding of all policies: the first."""
    return found[0][1]


def compared(found: Sequence[tuple[Any, Finding]]) -> list[Finding]:
    """Return the findings of single policies held against another than the rest are."""
    return [finding for _, finding in found[1:]]


def against(finding: Finding) -> str:
    """Return the policy that others are held against; "" where they are held against none."""
    return next(filter(None, values(finding, "against")), "")


def first(finding: Finding) -> str:
    """Return the policy that a page speaks of first: joint punishment where it was tried."""
    tried = values(finding, "policy")
    return "joined" if "joined" in tried else tried[0]


def price(finding: Finding, policy: str) -> Amount | None:
    """Return obligations kept more for each year that somebody is on a list; None if unknown."""
    return of_policy(finding, policy, "kept_for_a_listing")


def turned(finding: Finding, policy: str, measure: str) -> tuple[str, Amount] | None:
    """Return a value of an assumption at which a headline has the other sign, and what it is then.

    None where no value tried turns it, or it has no sign of its own.
    """
    own = of_policy(finding, policy, measure)
    other = {"above": "below", "below": "above"}.get(own.side() if own else "")
    for name in values(finding, "varied", quantity="varied", policy=policy):
        for at, value in varied(finding, policy, measure, name):
            if value.side() == other:
                return f"{WITH.get(name, name)} {at}", value
    return None


def of_policy(
    finding: Finding,
    policy: str,
    measure: str,
    who: tuple[str, str] = ("overall", "all"),
    quantity: str = "change",
) -> Amount | None:
    """Return one measure of a policy, of a sensitive feature's group; None if it is not known."""
    of = {"policy": policy, "measure": measure, "sensitive": who[0], "group": who[1]}
    return fact(finding, quantity=quantity, **of)


@dataclass(frozen=True, kw_only=True)
class ListedMost:
    """A group, beside those that a page follows, that surely comes on a list more often."""

    sensitive: str
    group: str
    reference: str
    ever: Amount
    other: Amount


def listed_most(finding: Finding, policy: str, pair: GroupPair | None) -> ListedMost | None:
    """Return the group of another feature whose distance from its reference is surely largest.

    None where no group of another feature is listed more often for certain.
    """
    told = rows(finding, policy=policy, measure="ever_listed", quantity="difference", of="value")
    found = []
    for row in records(told):
        gap, names = Amount.of(row), [str(row[name]) for name in PAIR]
        if (pair is None or names[0] != pair.sensitive) and gap.side() == "above":
            ever, other = (
                of_policy(finding, policy, "ever_listed", (names[0], each), "value")
                for each in names[1:]
            )
            if ever is not None and other is not None:
                most = ListedMost(
                    sensitive=names[0], group=names[1], reference=names[2], ever=ever, other=other
                )
                found.append((float(gap.low), most))
    return max(found, key=lambda each: each[0], default=(0.0, None))[1]


def hit_hardest(finding: Finding, pair: GroupPair | None) -> tuple[str, ListedMost] | None:
    """Return the policy that surely lists more of one such group than any policy of another."""
    found = ((policy, listed_most(finding, policy, pair)) for policy in values(finding, "policy"))
    known = [(policy, each) for policy, each in found if each is not None]
    return max(known, key=lambda each: float(each[1].ever.low), default=None)


def varied(finding: Finding, policy: str, measure: str, name: str) -> list[tuple[str, Amount]]:
    """Return a headline at each value of an assumption; of groups, that of the first pair."""
    of = {"policy": policy, "quantity": "varied", "measure": measure, "varied": name}
    some = finding.where(**of).table if "varied" in finding.table else finding.table[:0]
    some = some.drop_duplicates("at")
    return [(str(row["at"]), Amount.of(row)) for row in records(some)]


def hangs(finding: Finding, policy: str, measure: str) -> list[tuple[str, dict[str, list[str]]]]:
    """Return each assumption with its values at which a headline is above 0, below, or unclear."""
    found = []
    for name in values(finding, "varied", quantity="varied", policy=policy):
        sides: dict[str, list[str]] = {"above": [], "below": [], "unclear": []}
        for at, value in varied(finding, policy, measure, name):
            sides[value.side()].append(at)
        found.append((WITH.get(name, name), sides))
    return found


def elsewhere(finding: Finding, where: Mapping[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the values of what is assumed under which a row was measured too, and its columns."""
    quantity = where.get("quantity")
    if quantity not in ("change", "difference"):
        return
    rest = {name: value for name, value in where.items() if name != "quantity"}
    own = {"of": "change"} if quantity == "change" else {}
    for name in values(finding, "varied", quantity="varied"):
        for at in values(finding, "at", quantity="varied", varied=name):
            if not _as_it_is(finding, name, at):
                columns = {**own, **rest, "quantity": "varied", "varied": name, "at": at}
                yield f"{WITH.get(name, name)} {constants(at)}", columns


def _as_it_is(finding: Finding, name: str, at: str) -> bool:
    """Whether a value is the one that the study has anyway: whatever was followed is alike there.

    The same people and chances are lived again, so that such rows are equal to the last digit.
    """
    keys, ends = sorted(_FOLLOWED & set(finding.table)), ["estimate", "low", "high"]
    known = finding.table.astype(dict.fromkeys(keys, str))
    tried = known[(known["varied"] == name) & (known["at"].astype(str) == at)]
    own = known[known["quantity"].isin(("change", "difference"))]
    both = tried[keys + ends].merge(own[keys + ends], on=keys, suffixes=("", "_own"))
    like = (both[end].fillna(0).eq(both[f"{end}_own"].fillna(0)).all() for end in ends)
    return len(both) >= len(tried) and all(like)


#: Columns that say which row of a headline it is, whatever was assumed.
_FOLLOWED = frozenset({"policy", "measure", "of", "sensitive", "group", "reference_group"})


def settled(finding: Finding, policy: str, measure: str) -> str:
    """Return the one sign that a headline has wherever it can be told; "" where there are two."""
    told = [sides for _, sides in hangs(finding, policy, measure)]
    rises, falls = (any(each[side] for each in told) for side in ("above", "below"))
    return "" if rises and falls else "rises" if rises else "falls" if falls else "unclear"


def sensitivity_tables(finding: Finding) -> Iterator[TableView]:
    """Yield, policy by policy, each headline at every value of every assumption."""
    for policy in values(finding, "policy", quantity="varied"):
        measures = values(finding, "measure", quantity="varied", policy=policy)
        bodies = []
        for name in values(finding, "varied", quantity="varied"):
            lines: dict[str, list[str]] = {}
            for measure in measures:
                for at, value in varied(finding, policy, measure, name):
                    shown, unit = in_units(value, UNITS[measure])
                    unit = "percentage points" if unit == "%" else ""
                    text = shown.figure(unit) + shown.bracket(unit)
                    lines.setdefault(at, []).append(text if shown.known else EMPTY)
            rows = tuple((at, *cells) for at, cells in lines.items())
            bodies.append((sentence(ASSUMED.get(name, name), stop=""), rows))
        heads = (_varied_head(finding, measure) for measure in measures)
        yield TableView(
            caption=f"{title_of(policy)}: what the headlines hang on",
            head=("Value", *heads),
            bodies=tuple(bodies),
        )


def _varied_head(finding: Finding, measure: str) -> str:
    first = records(finding.where(quantity="varied", measure=measure).table)[0]
    pair = [group_label(str(first["sensitive"]), str(first[each])) for each in PAIR[1:]]
    of = f"{pair[0]} less {pair[1][0].lower()}{pair[1][1:]}: " if first["reference_group"] else ""
    return sentence(f"{of}{VARIED_HEADS[measure]}", stop="")


def effects_tables(finding: Finding) -> Iterator[TableView]:
    """Yield what each policy changes: a row a measure, a column a group; then what it hangs on."""
    yield from _changes(finding)
    yield from sensitivity_tables(finding)


def _changes(finding: Finding) -> Iterator[TableView]:
    for policy in values(finding, "policy"):
        own = finding.where(policy=policy, quantity="change")
        known = facts(own, "measure", "sensitive", "group")
        groups = list(dict.fromkeys((sensitive, group) for _, sensitive, group in known))
        lines = []
        for measure in values(own, "measure"):
            cells = []
            for sensitive, group in groups:
                value, unit = in_units(known[measure, sensitive, group], UNITS[measure])
                unit = "percentage points" if unit == "%" else ""
                cells.append(value.figure(unit) + value.bracket(unit) if value.known else EMPTY)
            lines.append((HEADS[measure], *cells))
        heads = (sentence(group_label(*each), stop="") for each in groups)
        yield TableView(
            caption=f"{title_of(policy)}: what it changes",
            head=("Change of", *heads),
            bodies=(("", tuple(lines)),),
            dash="without a list nobody is on one, so that there is nothing it would change from",
        )


def gap(finding: Finding, policy: str, measure: str, pair: GroupPair) -> Amount | None:
    """Return the difference of the two groups followed, under a policy; None if it is not known."""
    of = {"policy": policy, "measure": measure, "of": "value", **pair.where()}
    return fact(finding, quantity="difference", **of)


def matrix(results: StudyResults) -> TableView | None:
    """Return what every policy does, a row each; None where one alone was tried."""
    found, pair = list(results.of_kind("rounds")), lead_pair(results)
    policies = values(main(found), "policy")
    if len(policies) < 2:
        return None
    who = [(pair.sensitive, each) for each in (pair.group, pair.reference)] if pair else []
    who = who or [("overall", "all")]
    lines = []
    for policy in policies:
        ever = [of_policy(main(found), policy, "ever_listed", each, "value") for each in who]
        free = of_policy(main(found), policy, "escape", quantity="value")
        changes = [of_policy(main(found), policy, each) for each in _CHANGES]
        shares = ("" if each is None else each.percent() for each in (*ever, free))
        moved = (each and each.times(100) for each in changes)
        points = (each.figure("%") + each.bracket("%") if each else "" for each in moved)
        lines.append((title_of(policy), *(each or EMPTY for each in (*shares, *points))))
    heads = (*(f"Listed: {group_label(*each)}" for each in who), "Free a year later")
    heads += tuple(f"Change: {HEADS[each]}" for each in _CHANGES)
    title = "What every policy does"
    return TableView(caption=title, head=("Policy", *heads), bodies=(("", tuple(lines)),))


#: Measures whose changes stand in the table of all policies.
_CHANGES = ("broken", "broken_of_the_listed", "children_barred")
