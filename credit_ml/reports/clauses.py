"""What became of a prediction's clauses, each of which one or more checks hold."""

from collections.abc import Sequence

from credit_ml.reports.verdict import Checked, Outcome

#: A clause is as good as the worst of its checks.
WORST_FIRST: tuple[Outcome, ...] = (
    "failed",
    "undecided",
    "not tested",
    "assumed",
    "vacuous",
    "held",
)


def clause_outcomes(checks: Sequence[Checked]) -> list[Outcome]:
    """Return one outcome a clause of the prediction, the worst of its checks.

    A clause that is said of several raters, worlds or remedies is held by several checks: that
    most of them hold makes no clause hold, nor are they so many clauses. A check that holds no
    words of the prediction is counted only where none does.

    Examples
    --------
    >>> clause_outcomes([Checked("at one", "held", of="lower"), Checked("at both", "failed",
    ...                  of="Lower"), Checked("aside", "held")])
    ['failed']
    """
    of_words = any(each.of for each in checks)
    outcomes: dict[str, list[Outcome]] = {}
    for place, each in enumerate(checks):
        if each.of or each.untested_words or not of_words:
            name = " ".join(each.of.lower().split()) or f"check {place}"
            outcomes.setdefault(name, []).append(each.outcome)
    return [min(found, key=WORST_FIRST.index) for found in outcomes.values()]
