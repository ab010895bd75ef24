"""Facts that the words on bystanders need."""

from typing import Any

from credit_ml.core import Finding
from credit_ml.grammar.numbers import Amount
from credit_ml.grammar.phrases import GroupPair
from credit_ml.grammar.rows import fact


def of(finding: Finding, measure: str, group: str = "all") -> Amount | None:
    """Return one measure of a group."""
    return fact(finding, measure=measure, when="", group=group)


def before_and_after(finding: Finding, **where: Any) -> tuple[Amount, Amount] | None:
    """Return one measure before and after people responded."""
    before, after = (fact(finding, when=when, **where) for when in ("before", "after"))
    return (before, after) if before is not None and after is not None else None


def points_by_group(finding: Finding, pair: GroupPair, noun: str) -> list[str]:
    """Return by how much scores of bystanders move, for each group of a pair."""
    groups = zip((pair.group, pair.reference), pair.people(noun), strict=True)
    return [
        f"{people} by {points.text('points')}"
        for group, people in groups
        if (points := of(finding, "points", group)) is not None
    ]
