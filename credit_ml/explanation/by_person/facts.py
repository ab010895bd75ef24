"""Facts that the words on single people need."""

from typing import Any

from credit_ml.core import Finding


def largest(finding: Finding) -> dict[str, Any]:
    """Return the row of what moves the one person's score most."""
    order = finding.table["estimate"].abs().argsort()
    rows: list[dict[str, Any]] = finding.table.iloc[order[-1:]].to_dict("records")  # type: ignore[assignment]
    return rows[0]
