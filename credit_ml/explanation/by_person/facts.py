"""Facts that the words on single people need."""

from typing import Any

from credit_ml.core import Finding


def largest(finding: Finding) -> dict[str, Any]:
    """Return the row of what moves the one person's score most."""
    place = finding.table["estimate"].abs().idxmax()
    return {str(name): value for name, value in finding.table.loc[place].items()}
