"""Facts that the words and tables on due process need."""

from collections.abc import Iterator
from typing import Any

from credit_ml.core import Finding
from credit_ml.governance.due_process.finding import ENTRIES, RULES, UNITS
from credit_ml.grammar.blocks import TableView
from credit_ml.grammar.names import agency_in_a_sentence, group_label, plain, sentence
from credit_ml.grammar.numbers import Amount, percent
from credit_ml.grammar.phrases import GroupPair
from credit_ml.grammar.rows import fact, facts, level, values
from credit_ml.grammar.tables import measured, unit_head

#: Measures of a table a rule; those of one kind of entry stand with court orders.
_OF_ENTRIES: tuple[str, ...] = ("noticed", "contested", "mended", "refused", "lost")
_OF_RULES = (*_OF_ENTRIES, "points", "in_vain", "spent")


def at(
    finding: Finding,
    rule: str,
    measure: str,
    *,
    entry: str = "all",
    who: tuple[str, str] = ("overall", "all"),
) -> Amount | None:
    """Return a measure under a rule, of one kind of entry and one group; of all by default."""
    of = {"measure": measure, "entry": entry, "sensitive": who[0], "group": who[1]}
    return fact(finding, quantity="value", rule=rule, **of)


def gap(finding: Finding, rule: str, measure: str, pair: GroupPair) -> Amount | None:
    """Return a difference of the two groups that the page follows, of all entries."""
    of = {"quantity": "difference", "measure": measure, "entry": "all"}
    return fact(finding, rule=rule, **of, **pair.where())


def name_of(rule: str) -> str:
    """Return what a rule is called."""
    name: str = RULES[rule]["name"]
    return name


def rules(finding: Finding) -> list[str]:
    """Return the rules that were held against each other, in their order."""
    return [each for each in values(finding, "rule") if each]


def mended(finding: Finding) -> list[tuple[str, Amount]]:
    """Return every rule with the share of harmful errors that are mended, the fewest first."""
    found = [(rule, at(finding, rule, "mended")) for rule in rules(finding)]
    known = [(rule, each) for rule, each in found if each is not None]
    return sorted(known, key=lambda each: each[1].estimate)


def by_mended(finding: Finding, *, most: bool = True) -> tuple[str, Amount] | None:
    """Return the rule under which most errors are mended, or fewest of those that mend any."""
    able = [each for each in mended(finding) if each[1].estimate > 0]
    return able[-1 if most else 0] if able else None


def tied(finding: Finding, best: tuple[str, Amount]) -> list[str]:
    """Return names of other rules whose interval is not apart from that of the best."""
    return [
        name_of(rule)
        for rule, each in reversed(mended(finding))
        if rule != best[0] and not _apart(each, best[1])
    ]


def _apart(one: Amount, other: Amount) -> bool:
    """Whether one of two intervals lies below the other; a number without one is all of it."""
    (low, high), (least, most) = (
        (each.low, each.high) if each.ranged else (each.estimate, each.estimate)
        for each in (one, other)
    )
    return bool(high < least or most < low)


def never_mended(finding: Finding, entry: str) -> list[str]:
    """Return names of rules that mend others, under which no error of one kind is ever mended."""
    never = []
    for rule, every in mended(finding):
        own = at(finding, rule, "mended", entry=entry)
        if own is not None and not own.ranged and own.estimate == 0 < every.estimate:
            never.append(name_of(rule))
    return never


def rated_by(finding: Finding) -> str:
    """Return whose score reads the records, within a sentence."""
    known = finding.parameters
    return agency_in_a_sentence(str(known["title"])) if known.get("title") else str(known["rater"])


def most_mended(finding: Finding, rule: str) -> tuple[str, Amount] | None:
    """Return the kind of error of which most are mended under a rule; None if not apart."""
    found = [(name, at(finding, rule, "mended", entry=entry)) for entry, name in kinds(finding)]
    known = [(name, each) for name, each in found if each is not None]
    if len(known) < 2:
        return None
    *_, second, first = sorted(known, key=lambda each: each[1].estimate)
    return first if _apart(first[1], second[1]) else None


def kinds(finding: Finding) -> list[tuple[str, str]]:
    """Return kinds of entries that were planted, and what they are called."""
    return [(each, ENTRIES[each]) for each in values(finding, "entry") if each != "all"]


def due_process_tables(finding: Finding) -> Iterator[TableView]:
    """Yield what is told, every rule, then every group and every kind of entry."""
    interval = f"({percent(level(finding))} intervals)"
    yield TableView(
        caption="What is told under each rule",
        head=("Rule", "Told"),
        bodies=(("", tuple((_title(each), RULES[each]["told"]) for each in rules(finding))),),
    )
    yield _table(finding, f"Errors under each rule {interval}", _OF_RULES)
    for sensitive in values(finding, "sensitive"):
        for group in values(finding, "group", sensitive=sensitive):
            if sensitive != "overall":
                caption = f"{sentence(group_label(sensitive, group), stop='')} {interval}"
                yield _table(finding, caption, _OF_RULES, sensitive=sensitive, group=group)
    for entry, name in kinds(finding):
        measures = _OF_ENTRIES
        if values(finding, "measure", entry=entry, measure="deterrence"):
            measures = (*measures, "wrongly_held", "let_off", "deterrence")
        yield _table(finding, f"{sentence(name, stop='')} {interval}", measures, entry=entry)


def _table(
    finding: Finding, caption: str, measures: tuple[str, ...], entry: str = "all", **who: str
) -> TableView:
    of: dict[str, Any] = {"sensitive": "overall", "group": "all", **who}
    known = facts(finding.where(quantity="value", entry=entry, **of), "rule", "measure")
    body = tuple(
        (_title(rule), *(measured(known.get((rule, each)), UNITS[each]) for each in measures))
        for rule in rules(finding)
    )
    heads = (_head(each) for each in measures)
    return TableView(caption=caption, head=("Rule", *heads), bodies=(("", body),))


def _head(measure: str) -> str:
    if measure == "points":
        return "Points that an error costs"
    return f"{sentence(plain(measure), stop='')} ({unit_head(UNITS[measure])})"


def _title(rule: str) -> str:
    return sentence(name_of(rule), stop="")
