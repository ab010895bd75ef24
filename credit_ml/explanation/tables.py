"""Tables of what a score leans on: a row a factor or feature, a column a group."""

from credit_ml.core import Finding
from credit_ml.grammar.blocks import TableView
from credit_ml.grammar.names import factor_name, group_label, plain, sentence
from credit_ml.grammar.numbers import Amount
from credit_ml.grammar.rows import facts
from credit_ml.grammar.tables import Rows, cell, interval_head


def importance_table(finding: Finding) -> TableView:
    """Return how far each factor, and each feature in it, moves the score on average."""
    unit = str(finding.parameters.get("unit", ""))
    table = finding.table[["sensitive", "group"]].drop_duplicates()
    groups = [(str(sensitive), str(group)) for sensitive, group in table.to_numpy()]
    found = facts(finding, "level", "name", "sensitive", "group")
    bodies = tuple(
        (heading, lines)
        for level, heading in (("factor", "Factors"), ("feature", "Features"))
        if (lines := _importance_rows(found, level, groups))
    )
    heads = ("Everyone" if one == "overall" else group_label(one, group) for one, group in groups)
    return TableView(
        caption=f"{finding.title}: mean absolute attribution, in {unit or 'the unit of the score'}",
        head=("What", *(interval_head(finding, head) for head in heads)),
        bodies=bodies,
    )


def _importance_rows(
    found: dict[tuple[str, ...], Amount], level: str, groups: list[tuple[str, str]]
) -> Rows:
    lines = []
    for name in dict.fromkeys(place[1] for place in found if place[0] == level):
        label = factor_name(name) if level == "factor" else plain(name)
        cells = (cell(found.get((level, name, *group))) for group in groups)
        lines.append((sentence(label, stop=""), *cells))
    return tuple(lines)
