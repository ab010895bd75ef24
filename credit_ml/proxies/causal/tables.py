"""Direct, indirect and spurious parts of a gap as a table, a block of rows a pair of groups."""

from credit_ml.core import Finding
from credit_ml.grammar.blocks import TableView
from credit_ml.grammar.names import pair_name, plain, sentence
from credit_ml.grammar.numbers import Amount
from credit_ml.grammar.rows import pairs_of, records
from credit_ml.grammar.tables import cell, interval_head

NAMES = {"(gap)": "The whole gap", "total": "Total, direct and indirect"}


def paths_table(finding: Finding) -> TableView:
    """Return every part of every gap, with what it estimates."""
    bodies = []
    for place in pairs_of(finding.table):
        lines = [
            (_label(str(row["effect"])), cell(Amount.of(row)), str(row["estimand"]))
            for row in records(finding.table)
            if (row["sensitive"], row["group"], row["reference_group"]) == place
        ]
        bodies.append((pair_name(*place), tuple(lines)))
    return TableView(
        caption=finding.title,
        head=("Part", interval_head(finding), "What it is"),
        bodies=tuple(bodies),
        words=(0, 2),
    )


def _label(effect: str) -> str:
    return NAMES.get(effect, sentence(plain(effect), stop=""))
