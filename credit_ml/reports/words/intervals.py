"""What intervals count, and how often they held the truth where that was known."""

from collections.abc import Mapping

from credit_ml.core.results import StudyResults
from credit_ml.grammar.blocks import Paragraph
from credit_ml.grammar.numbers import NARROW, listed, show
from credit_ml.grammar.phrases import OVER, table_over

#: Smallest and largest share of 1,000 societies in which a 95 % interval held the truth, in the
#: rows of benchmarks/results/coverage.md, which a test holds these to.
COVERED: dict[str, tuple[float, float]] = {
    "people": (70.2, 95.4),
    "clusters": (88.8, 97.0),
    "societies": (94.3, 95.9),
}
_MEANING = {
    "people": "take people as independent of each other",
    "clusters": "let whole districts vary together, and nothing that districts share",
}


def two_intervals(results: StudyResults) -> list[Paragraph]:
    """Say what the two intervals of audits and gaps mean, and how often each held the truth."""
    found = [finding for finding in results.all_findings() if table_over(finding)]
    if not found:
        return []
    ones = list(dict.fromkeys(table_over(finding) for finding in found))
    number = next((_societies(each.parameters) for each in found if _societies(each.parameters)), 0)
    others = f"{show(number)} other societies" if number else "other societies"
    meanings = listed([f"those over {OVER[one]} {_MEANING[one]}" for one in ones])
    shares = listed([f"those over {OVER[one]} in {_range(one)}" for one in ones])
    text = (
        f"Intervals of selection, of errors and of estimated parts of a gap are made of {others} "
        "that the same world makes from other seeds, under the same rater: they count everything "
        "that people share. Beside them stand intervals that this one society can tell: "
        f"{meanings}. In a check on 1,000 small societies, 95{NARROW}% intervals over societies "
        f"held the truth in {_range('societies')} of them, by what was measured, and {shares}. "
        "The truth by intervention has intervals over people."
    )
    return [Paragraph(lead="Two intervals.", text=text)]


def _societies(parameters: Mapping[str, object]) -> int:
    given = parameters.get("societies")
    return given if isinstance(given, int) else 0


def _range(over: str) -> str:
    low, high = COVERED[over]
    return f"{low:g} to {high:g}{NARROW}%"
