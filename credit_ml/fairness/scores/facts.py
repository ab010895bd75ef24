"""Facts that the words on scores need."""

from collections.abc import Iterable

from credit_ml.core import Finding, RaterResults
from credit_ml.grammar.names import people_of
from credit_ml.grammar.numbers import Amount
from credit_ml.grammar.phrases import apart, at
from credit_ml.grammar.rows import fact, records, rows


def aucs(found: Iterable[tuple[RaterResults | None, Finding]]) -> list[tuple[RaterResults, Amount]]:
    """Return the AUC of every rater, of all people."""
    told = ((rater, fact(each, measure="auc", sensitive="overall")) for rater, each in found)
    return [(rater, auc) for rater, auc in told if rater is not None and auc is not None]


def worst_groups(
    found: Iterable[tuple[RaterResults | None, Finding]], noun: str
) -> tuple[dict[str, list[str]], list[str]]:
    """Return the group that each rater ranks worst, and raters at which that may be chance.

    Worst is a group whose interval is apart from that of every other, the next one too.
    """
    worst: dict[str, list[str]] = {}
    level: list[str] = []
    for rater, finding in found:
        groups = rows(finding, measure="auc").dropna(subset=["estimate"])
        groups = groups[groups["sensitive"].astype(str) != "overall"]
        if rater is None or len(groups) < 2:
            continue
        low, *others = records(groups.sort_values("estimate", kind="stable"))
        if all(apart(Amount.of(low), Amount.of(each)) for each in others):
            group = people_of(str(low["sensitive"]), str(low["group"]), noun)
            worst.setdefault(group, []).append(f"{Amount.of(low).percent()} {at(rater)}")
        else:
            level.append(at(rater))
    return worst, level
