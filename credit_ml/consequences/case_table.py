"""One person at two raters: a block of rows for each, the verdict first."""

from credit_ml.core import Finding
from credit_ml.grammar.blocks import TableView
from credit_ml.grammar.names import factor_name, plain, sentence
from credit_ml.grammar.numbers import show
from credit_ml.grammar.rows import records

HEAD = ("Factor", "Points added", "Record that moves most", "This person", "Typical")


def case_table(finding: Finding) -> TableView:
    """Return the points that each factor adds, with the record behind it."""
    bodies = []
    for rater in dict.fromkeys(finding.table["rater"]):
        own = [row for row in records(finding.table) if row["rater"] == rater]
        score = next(row for row in own if row["factor"] == "(score)")
        heading = f"{rater}: {score['own']} points, line {score['typical']}, {score['verdict']}"
        parts = tuple(
            (
                sentence(factor_name(str(row["factor"])), stop=""),
                show(float(row["estimate"]), 1),
                plain(str(row["column"])),
                str(row["own"]),
                str(row["typical"]),
            )
            for row in own
            if row is not score
        )
        bodies.append((heading, parts))
    return TableView(caption=finding.title, head=HEAD, bodies=tuple(bodies), words=(0, 2))
