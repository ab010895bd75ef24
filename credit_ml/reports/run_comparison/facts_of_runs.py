"""Findings of a run by name, and their rows by what tells them apart: two runs are matched so."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from typing import Any

import pandas as pd

from credit_ml.core import Finding, StudyResults


def named_findings(results: StudyResults) -> Iterator[tuple[str, Finding]]:
    """Yield every finding with its name: rater, number among those of its kind, and kind.

    Examples
    --------
    >>> list(named_findings(StudyResults(id="one", title="One")))
    []
    """
    groups = [(rater.id, rater.findings) for rater in results.raters]
    for owner, findings in [*groups, ("study", results.findings)]:
        seen: Counter[str] = Counter()
        for finding in findings:
            seen[finding.kind] += 1
            yield f"{owner}, {seen[finding.kind]} {finding.kind}", finding


def measured_columns(finding: Finding) -> set[str]:
    """Columns that are measured: numbers with digits, and what is said of them.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"measure": ["auc"], "estimate": [0.7], "design_effect": [1.2]})
    >>> sorted(measured_columns(Finding(table=table, title="One")))
    ['clusters', 'design_effect', 'estimate', 'over', 'people', 'reason']
    """
    floats = finding.table.select_dtypes("float").columns.difference(list(finding.labels))
    return {"people", "clusters", "over", "reason", "estimate", *map(str, floats)}


def labelled_rows(
    finding: Finding, measured: Collection[str], table: pd.DataFrame | None = None
) -> dict[str, Mapping[Any, Any]]:
    """Rows of a finding by all that is not measured in them.

    Parameters
    ----------
    finding : Finding
    measured : collection of str
        Columns that do not tell rows apart.
    table : DataFrame, optional
        Some rows of it; all by default.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"measure": ["auc"], "group": ["f"], "estimate": [0.7]})
    >>> list(labelled_rows(Finding(table=table, title="One"), ["estimate"]))
    ['auc f']
    """
    rows = (finding.table if table is None else table).to_dict("records")
    return {" ".join(_labels(row, measured)): row for row in rows}


def _labels(row: Mapping[Any, Any], measured: Collection[str]) -> Iterator[str]:
    return (_label(value) for key, value in row.items() if key not in measured and value != "")


def _label(value: object) -> str:
    # The last digits of a number that tells rows apart are as little to rely on as an estimate's.
    return f"{value:.3g}" if isinstance(value, float) else str(value)
