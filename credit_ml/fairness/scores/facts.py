"""Facts that the words on scores need."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import combinations

from credit_ml.core import Finding, RaterResults
from credit_ml.grammar.names import people_of
from credit_ml.grammar.numbers import Amount
from credit_ml.grammar.phrases import apart, at
from credit_ml.grammar.rows import fact, records, rows


def aucs(found: Iterable[tuple[RaterResults | None, Finding]]) -> list[tuple[RaterResults, Amount]]:
    """Return the AUC of every rater, of all people."""
    told = ((rater, fact(each, measure="auc", sensitive="overall")) for rater, each in found)
    return [(rater, auc) for rater, auc in told if rater is not None and auc is not None]


@dataclass(frozen=True, kw_only=True)
class GroupsRanked:
    """How the groups of several raters are ranked: what each rater's intervals bear out."""

    worst: dict[str, list[str]]
    """The group whose interval is apart from that of every other, the next one too."""
    level: list[str]
    """Raters at which no two groups' intervals are apart."""
    mixed: list[str]
    """Raters at which some are, and none from all the others."""


def ranked(found: Iterable[tuple[RaterResults | None, Finding]], noun: str) -> GroupsRanked:
    """Return which group each rater ranks worst, and where none can be said to be.

    That no group is worst of all is no sign that all are ranked alike.
    """
    told = GroupsRanked(worst={}, level=[], mixed=[])
    for rater, finding in found:
        groups = rows(finding, measure="auc").dropna(subset=["estimate"])
        groups = groups[groups["sensitive"].astype(str) != "overall"]
        if rater is None or len(groups) < 2:
            continue
        low, *others = records(groups.sort_values("estimate", kind="stable"))
        amounts = [Amount.of(each) for each in (low, *others)]
        if all(apart(amounts[0], each) for each in amounts[1:]):
            group = people_of(str(low["sensitive"]), str(low["group"]), noun)
            told.worst.setdefault(group, []).append(f"{amounts[0].percent()} {at(rater)}")
        else:
            clear = any(apart(one, other) for one, other in combinations(amounts, 2))
            (told.mixed if clear else told.level).append(at(rater))
    return told
