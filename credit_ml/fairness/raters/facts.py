"""Facts that the words on many raters need."""

from typing import Any

from credit_ml.core import Finding, StudyResults
from credit_ml.grammar.numbers import Amount
from credit_ml.grammar.phrases import GroupPair, apart
from credit_ml.grammar.rows import fact, least, most, records, rows


def orders(found: Finding) -> list[dict[str, Any]]:
    """Return the pairs of raters that order people most alike and least; one where it is alone.

    Each says under "apart" whether its interval leaves those of all other pairs on one side.
    """
    pairs = rows(found, measure="kendall").dropna(subset=["estimate"])
    if not len(pairs):
        return []
    ends = [most(pairs)] if len(pairs) == 1 else [most(pairs), least(pairs)]
    every = [Amount.of(row) for row in records(pairs)]
    return [row | {"apart": _apart(Amount.of(row), every)} for row in ends]


def _apart(one: Amount, every: list[Amount]) -> bool:
    return sum(not apart(one, each) for each in every) == 1


def widest_split(found: Finding) -> dict[str, Any] | None:
    """Return the two raters between whom most people are accepted and refused."""
    split = rows(found, measure="accepted_refused").dropna(subset=["estimate"])
    return most(split) if len(split) else None


def gap(found: Finding, pair: GroupPair) -> Amount | None:
    """Return how much more often a group meets both answers, in percentage points."""
    told = fact(found, quantity="difference", sensitive=pair.sensitive, group=pair.group)
    return told and told.times(100)


def forced(results: StudyResults, accepting: str, refusing: str) -> tuple[float, float] | None:
    """Return the share who must be accepted by one and refused by another rater, and by chance.

    Pass rates alone force the difference of the two; raters who have nothing in common divide
    p (1 - q) of all people, where p and q pass.
    """
    of = {"quantity": "value", "measure": "selection_rate", "sensitive": "overall"}
    passing = {rater.name: fact(found, **of) for rater, found in results.of_kind("audit") if rater}
    first, second = passing.get(accepting), passing.get(refusing)
    if first is None or second is None:
        return None
    p, q = first.estimate, second.estimate
    return max(0 * p, p - q), p * (1 - q)
