"""Facts and a table that the words on a nation need."""

from collections.abc import Iterator
from typing import Any, NamedTuple

from credit_ml.core import Finding, RaterResults, StudyResults
from credit_ml.core.schema import CROSS
from credit_ml.fairness.nation.spread import spread_ends
from credit_ml.grammar.blocks import TableView
from credit_ml.grammar.cited import counted
from credit_ml.grammar.names import group_label
from credit_ml.grammar.numbers import Amount, percent, show
from credit_ml.grammar.phrases import apart
from credit_ml.grammar.rows import fact, level, records, rows
from credit_ml.grammar.tables import cell, shown
from credit_ml.inference.quantiles import student


def end(finding: Finding, quantity: str) -> dict[str, Any] | None:
    """Return the gap of the city at one end, and the city's number."""
    found = records(rows(finding, quantity=quantity))
    return {"city": found[0]["city"], "gap": Amount.of(found[0])} if found else None


def ends_meet(finding: Finding) -> bool:
    """Whether the intervals of the cities at both ends meet, which hold for all cities at once."""
    most, fewest = end(finding, "largest"), end(finding, "smallest")
    return most is None or fewest is None or not apart(most["gap"], fewest["gap"])


def between(finding: Finding) -> Amount | None:
    """Return the SD of what cities truly differ by, with its interval.

    A finding that was stored before it had one holds every city's own: it is made of those.
    """
    found = of_all(finding, "between_cities")
    own = rows(finding, quantity="difference", measure="selection_rate")
    own = own[own["city"] >= 0].dropna(subset=["estimate", "low", "high"])
    if found is None or found.ranged or len(own) < 2:
        return found
    values, half = own["estimate"].to_numpy(float), (own["high"] - own["low"]).to_numpy(float) / 2
    errors = (half / float(student(level(finding)))) ** 2
    if not (errors > 0).all():
        return found
    low, high = spread_ends(values, errors, level(finding))
    # The same row, to which arithmetic leads back.
    ends = (found.estimate + (end_ - float(found.estimate)) for end_ in (low, high))
    return Amount(found.estimate, *ends).within(0.0, 1.0)


def made_of_cities(finding: Finding) -> bool:
    """Whether the interval of `between` is made here, for the finding was stored without one."""
    found, shown_here = of_all(finding, "between_cities"), between(finding)
    return bool(found and shown_here and shown_here.ranged and not found.ranged)


def passes(finding: Finding) -> str:
    """Return whether one group passes less or more often in every city; "" where that differs.

    By the cities at both ends, with intervals that hold for all cities at once.
    """
    ends = filter(None, (end(finding, "largest"), end(finding, "smallest")))
    sides = {str(each["gap"].side()) for each in ends}
    words = {"below": "less often", "above": "more often"}
    return words.get(sides.pop(), "") if len(sides) == 1 else ""


def behind(results: StudyResults, rater: RaterResults | None, finding: Finding) -> Amount | None:
    """Return by how much the rarest group of all features passes more often than the largest."""
    audit = next((each for other, each in results.of_kind("audit") if other is rater), None)
    rare = next(_rare(finding), None)
    if audit is None or rare is None:
        return None
    at = {"sensitive": rare["sensitive"], "group": rare["group"], "measure": "selection_rate"}
    return fact(audit, quantity="difference", **at)


class Twin(NamedTuple):
    """People who differ from the rarest group in one feature alone."""

    label: str
    """What they are in that feature, such as "not critics"."""
    passes: Amount
    often: str
    """Whether they pass more or less often for certain, in words."""


def twin(results: StudyResults, rater: RaterResults | None, finding: Finding) -> Twin | None:
    """Return those who pass most nearly as often as the rarest group and differ in one feature.

    Of each feature the most numerous other group is asked.
    """
    audit = next((each for other, each in results.of_kind("audit") if other is rater), None)
    rare = next(_rare(finding), None)
    if audit is None or rare is None:
        return None
    sensitive, group = str(rare["sensitive"]), str(rare["group"])
    told = rows(audit, quantity="value", measure="selection_rate", sensitive=sensitive)
    told = told[told["people"] > 0].dropna(subset=["estimate", "low", "high"])
    features, own = sensitive.split(CROSS), group.split(CROSS)
    found: dict[int, tuple[str, Amount]] = {}
    rate = None
    for row in records(told.sort_values("people", kind="stable")):
        parts = str(row["group"]).split(CROSS)
        other = [place for place, part in enumerate(parts) if part != own[place]]
        if not other:
            rate = Amount.of(row)
        if len(other) == 1:
            found[other[0]] = (parts[other[0]], Amount.of(row))
    if rate is None or not found:
        return None
    place = min(found, key=lambda each: abs(found[each][1].estimate - rate.estimate))
    name, passing = found[place]
    often = "more often" if passing.estimate > rate.estimate else "less often"
    if not apart(rate, passing):
        often = "not told apart"
    return Twin(group_label(features[place], name).lower(), passing, often)


def of_all(finding: Finding, measure: str) -> Amount | None:
    """Return a number of all cities or groups at once."""
    return fact(finding, measure=measure, quantity="value", city=-1)


def counted_elsewhere(
    results: StudyResults, measure: str, own: Amount
) -> list[tuple[RaterResults, Amount]]:
    """Return a number of all groups at once at other raters, where it is another there."""
    found = ((rater, of_all(each, measure)) for rater, each in results.of_kind("nation") if rater)
    known = [(rater, count) for rater, count in found if count is not None]
    return [(rater, count) for rater, count in known if count.estimate != own.estimate]


def more_often(results: StudyResults, rater: RaterResults | None, finding: Finding) -> int:
    """Return how many groups of all features at once surely pass more often than the largest.

    That a group is told apart does not say on which side it lies.
    """
    audit = next((each for other, each in results.of_kind("audit") if other is rater), None)
    rare = next(_rare(finding), None)
    if audit is None or rare is None:
        return 0
    at = {"quantity": "difference", "measure": "selection_rate", "sensitive": rare["sensitive"]}
    told = records(rows(audit, **at).dropna(subset=["estimate", "low", "high"]))
    return counted([each for each in told if Amount.of(each).side() == "above"])


def _rare(finding: Finding) -> Iterator[dict[str, Any]]:
    for row in records(finding.table):
        if row["city"] < 0 and row["group"] != "all" and " x " in str(row["sensitive"]):
            yield {str(name): value for name, value in row.items()}


def rarest(finding: Finding) -> list[dict[str, Any]]:
    """Return the rarest groups: name, people, rate, and half widths of its interval."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for row in _rare(finding):
        own = found.setdefault((str(row["sensitive"]), str(row["group"])), {})
        own["people"] = float(row["people"])
        own[str(row["measure"])] = Amount.of(row)
    return [
        {"name": group_label(*names), **own}
        for names, own in found.items()
        if {"selection_rate", "half_width", "half_width_of_few"} <= own.keys()
    ]


def city_table(finding: Finding) -> Iterator[TableView]:
    """Yield the rarest groups, a row each: what is known of them here, and of few people."""
    lines = tuple(
        (
            each["name"],
            cell(each["people"]),
            shown(each["selection_rate"], share=True),
            f"± {show(100 * each['half_width'].estimate, 2)}",
            f"± {show(100 * each['half_width_of_few'].estimate, 1)}",
        )
        for each in rarest(finding)
    )
    few = f"{finding.parameters['few']:,}"
    if lines:
        yield TableView(
            caption=f"The rarest groups ({percent(level(finding))} intervals)",
            head=("Group", "People", "Selection rate", "percentage points", f"of {few} people"),
            bodies=(("", lines),),
        )
