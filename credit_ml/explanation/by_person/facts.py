"""Facts that the words on single people need."""

from typing import Any

from credit_ml.core import Finding
from credit_ml.grammar.cited import ROW, cited, marked


def largest(finding: Finding) -> dict[str, Any]:
    """Return the row of what moves the one person's score most."""
    order = finding.table["estimate"].abs().argsort()
    rows: list[dict[str, Any]] = finding.table.iloc[order[-1:]].to_dict("records")  # type: ignore[assignment]
    found, row = rows[0], rows[0].get(ROW)
    if row is None:
        return found
    told = {name: cited(value, row) for name, value in found.items() if name != ROW}
    return told | {"value": marked(str(found["value"]), told["estimate"])}


def score(finding: Finding) -> Any:
    """Return the one person's score, read where the first of its parts is."""
    rows = finding.table.get(ROW)
    scores = finding.scores  # type: ignore[attr-defined]
    return cited(float(scores.iloc[0]), None if rows is None else int(rows.iloc[0]))
