"""Facts that the words on friends need."""

from credit_ml.core import Finding
from credit_ml.grammar.numbers import Amount
from credit_ml.grammar.phrases import GroupPair
from credit_ml.grammar.rows import fact


def of(found: Finding, part: str, measure: str, group: str = "all") -> Amount | None:
    """Return one measure of a group."""
    return fact(found, part=part, measure=measure, group=group, reference_group="")


def unmoved(found: Finding) -> bool:
    """Whether the score leans on nothing that friends did."""
    size = of(found, "other_friends", "size")
    return size is not None and size.estimate == 0


def turned(found: Finding, group: str, part: str = "other_friends") -> Amount | None:
    """Share whose decision turns; the interval adds the ends of both, so it is never too narrow."""
    gained, lost = (of(found, part, name, group) for name in ("gained", "lost"))
    if gained is None or lost is None:
        return None
    ends = ("estimate", "low", "high")
    return Amount(*(getattr(gained, end) + getattr(lost, end) for end in ends))


def gap(found: Finding, pair: GroupPair, part: str) -> tuple[Amount, Amount] | None:
    """Return the gap in points and what becomes of it; None where there may be no gap."""
    before = fact(found, part="score", measure="gap", **pair.where())
    change = fact(found, part=part, measure="gap", **pair.where())
    if before is None or change is None or before.side() == "unclear":
        return None
    return before, change


def groups(
    found: Finding, pair: GroupPair, noun: str, part: str, *measures: str
) -> list[tuple[str, list[Amount]]]:
    """Return some measures of both groups, of those of which all are known."""
    told = []
    for group, people in zip((pair.group, pair.reference), pair.people(noun), strict=True):
        values = [of(found, part, measure, group) for measure in measures]
        known = [each for each in values if each is not None]
        if len(known) == len(measures):
            told.append((people, known))
    return told
