"""Table of how well scores rate: a row a group, a column a measure."""

from credit_ml.core import Finding
from credit_ml.fairness.metrics import SHARES
from credit_ml.grammar.blocks import TableView
from credit_ml.grammar.names import group_label, metric_name, sentence
from credit_ml.grammar.numbers import percent
from credit_ml.grammar.rows import facts, level, records, values
from credit_ml.grammar.tables import block_head, cell, shown


def quality_table(finding: Finding) -> TableView:
    """Return how well the scores rate: a row a group, a column a measure."""
    measures = values(finding, "measure")
    found = facts(finding, "sensitive", "group", "measure")
    people = {
        (str(row["sensitive"]), str(row["group"])): float(row["people"])
        for row in records(finding.table)
    }
    bodies = []
    for sensitive in dict.fromkeys(name for name, _ in people):
        lines = tuple(
            (
                group_label(*place),
                cell(number),
                *(shown(found.get((*place, name)), share=name in SHARES) for name in measures),
            )
            for place, number in people.items()
            if place[0] == sensitive
        )
        bodies.append((block_head(sensitive), lines))
    return TableView(
        caption=f"{finding.title} ({percent(level(finding))} intervals)",
        head=("Group", "People", *(sentence(metric_name(name), stop="") for name in measures)),
        bodies=tuple(bodies),
    )
