"""What a run found, as the files that mlflow shows: tables, findings and figures.

They are written beside and told at once: a file at a time, mlflow asks its database about the run
for each, and reads all its numbers for each table.
"""

import json
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from credit_ml.core import Finding
from credit_ml.core.figure import house_style

#: Figures kept of each kind of finding a rater; the first shows the pair a report follows.
FIGURES = 1
#: Tag in which mlflow looks up which files it shows as tables, and how many fit into it.
TABLES, MOST_TABLES = "mlflow.loggedArtifacts", 100


def write_findings(findings: Iterable[Finding], folder: Path) -> dict[str, str]:
    """Write findings below a folder; return the tag that says which files are tables.

    Examples
    --------
    >>> import pandas as pd, tempfile
    >>> one = Finding(table=pd.DataFrame({"estimate": [0.5]}), title="One")
    >>> place = Path(tempfile.mkdtemp())
    >>> write_findings([one], place)
    {'mlflow.loggedArtifacts': '[{"path": "tables/finding_1.json", "type": "table"}]'}
    >>> sorted(str(each.relative_to(place)) for each in place.rglob("*.json"))
    ['findings/finding_1.json', 'tables/finding_1.json']
    """
    seen: Counter[str] = Counter()
    tables = []
    for finding in findings:
        seen[finding.kind] += 1
        name = f"{finding.kind}_{seen[finding.kind]}"
        tables.append({"path": f"tables/{name}.json", "type": "table"})
        _write_table(finding, _within(folder, f"tables/{name}.json"))
        told = json.dumps(finding.to_dict(), indent=2, ensure_ascii=False)
        _within(folder, f"findings/{name}.json").write_text(told, encoding="utf-8")
        if seen[finding.kind] <= FIGURES and type(finding).plot is not Finding.plot:
            _draw(finding, _within(folder, f"figures/{name}.svg"))
    return {TABLES: json.dumps(tables[:MOST_TABLES])} if tables else {}


def _within(folder: Path, name: str) -> Path:
    """Return a file below a folder, whose own folder is there."""
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    return path


def _write_table(finding: Finding, path: Path) -> None:
    """Write a table in the form in which mlflow keeps and reads them."""
    plain = finding.table.astype(object).where(finding.table.notna(), None)
    plain.to_json(path, orient="split", index=False, date_format="iso")


def _draw(finding: Finding, path: Path) -> None:
    """Draw a figure by the canvas of pages, which remembers how large texts are."""
    from matplotlib import pyplot as plt

    from credit_ml.reports.drawings.canvas import Canvas

    with house_style():
        axes = finding.plot()
        figure: Any = axes.figure
        for place in ("left", "center", "right"):  # a long title ends where the picture does
            if axes.get_title(place):
                axes.set_title(axes.get_title(place), loc=place, wrap=True)
        try:
            with path.open("w", encoding="utf-8") as file:
                Canvas(figure).print_svg(file, metadata={"Date": None})
        finally:
            plt.close(figure)
