"""What rows of a page are held against by its checks: no table rounds an end of theirs onto it."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from credit_ml.core import Finding, StudyResults
from credit_ml.grammar.cited import HELD, ROW
from credit_ml.reports.verdict import Checked


def held_rows(checks: Iterable[Checked]) -> dict[int, float]:
    """Return the rows of a page that checks speak of, and what each is held against."""
    found: dict[int, float] = {}
    for each in checks:
        amounts = [each.measured, *(other.measured for other in each.otherwise)]
        for amount in (amount for amount in amounts if amount is not None):
            row = getattr(amount.estimate, "row", None)
            if row is not None:
                found.setdefault(row, each.value)
    return found


def holding(results: StudyResults, held: Mapping[int, float]) -> StudyResults:
    """Return results of a page whose rows know what they are held against, by their number.

    So that a table shows no end of an interval on what the words beside it tell it from.
    """
    if not held:
        return results

    def told(finding: Finding) -> Finding:
        values = finding.table[ROW].map(held) if ROW in finding.table else None
        if values is None or not values.notna().any():
            return finding
        return finding.told_as(table=finding.table.assign(**{HELD: values}))

    raters = (replace(each, findings=tuple(map(told, each.findings))) for each in results.raters)
    return replace(results, raters=tuple(raters), findings=tuple(map(told, results.findings)))
