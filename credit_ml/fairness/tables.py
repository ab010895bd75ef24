"""Tables of the page that every finding by group has: a row a group, a column a measure."""

from collections.abc import Callable, Mapping, Sequence

from credit_ml.core import Finding
from credit_ml.fairness.metrics import SHARES
from credit_ml.grammar.blocks import TableView
from credit_ml.grammar.names import group_label, metric_name, sentence
from credit_ml.grammar.numbers import Amount, percent
from credit_ml.grammar.rows import facts, level, records, values
from credit_ml.grammar.tables import block_head, cell, shown


def table_by_group(
    finding: Finding,
    caption: str,
    people: Mapping[tuple[str, str], str],
    measures: Sequence[str],
    found: Callable[[str, str, str], Amount | None],
) -> TableView:
    """Return a block a feature, a row a group, a column a measure.

    Parameters
    ----------
    finding : Finding
    caption : str
    people : mapping of feature and group to str
        How many they are, in the order of the rows.
    measures : sequence of str
    found : callable
        From feature, group and measure to the number.
    """
    bodies = []
    for sensitive in dict.fromkeys(name for name, _ in people):
        groups = {group: number for (name, group), number in people.items() if name == sensitive}
        lines = []
        for group, number in groups.items():
            amounts = {name: found(sensitive, group, name) for name in measures}
            cells = (shown(amount, share=name in SHARES) for name, amount in amounts.items())
            lines.append((group_label(sensitive, group), number, *cells))
        bodies.append((block_head(sensitive), tuple(lines)))
    return TableView(
        caption=f"{caption} ({percent(level(finding))} intervals)",
        head=("Group", "People", *(sentence(metric_name(name), stop="") for name in measures)),
        bodies=tuple(bodies),
        dash="there is nobody of whom it would be a share",
    )


def quality_table(finding: Finding) -> TableView:
    """Return how well the scores rate."""
    found = facts(finding, "sensitive", "group", "measure")
    people = {
        (str(row["sensitive"]), str(row["group"])): cell(float(row["people"]))
        for row in records(finding.table)
    }
    measures = values(finding, "measure")
    return table_by_group(finding, finding.title, people, measures, lambda *at: found.get(at))
