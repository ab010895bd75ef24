"""Facts and a table that the words on a nation need."""

from collections.abc import Iterator
from typing import Any

from credit_ml.core import Finding
from credit_ml.grammar.blocks import TableView
from credit_ml.grammar.names import group_label
from credit_ml.grammar.numbers import Amount, percent, show
from credit_ml.grammar.rows import fact, level, records, rows
from credit_ml.grammar.tables import cell, shown


def end(finding: Finding, quantity: str) -> dict[str, Any] | None:
    """Return the gap of the city at one end, and the city's number."""
    found = records(rows(finding, quantity=quantity))
    return {"city": found[0]["city"], "gap": Amount.of(found[0])} if found else None


def of_all(finding: Finding, measure: str) -> Amount | None:
    """Return a number of all cities or groups at once."""
    return fact(finding, measure=measure, quantity="value", city=-1)


def rarest(finding: Finding) -> list[dict[str, Any]]:
    """Return the rarest groups: name, people, rate, and half widths of its interval."""
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for row in records(finding.table):
        if row["city"] >= 0 or row["group"] == "all" or " x " not in str(row["sensitive"]):
            continue
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
