"""Result tables of the benchmarks: one Markdown file each, with the versions they hold for."""

import os
from collections.abc import Mapping, Sequence
from pathlib import Path

from credit_ml.core.provenance import versions

RESULTS = Path(__file__).parent / "results"


def write_table(
    path: str | Path, title: str, rows: Sequence[Mapping[str, object]], *, notes: Sequence[str] = ()
) -> Path:
    """Write rows as a Markdown table, with notes, the number of processors and versions.

    Parameters
    ----------
    path : str or Path
        A file name is put under benchmarks/results.
    title : str
        What was measured, as a heading.
    rows : sequence of mappings
        One a line; the first row's keys are the columns.
    notes : sequence of str
        What a reader must know: data, repeats, what is compared with what.
    """
    target = Path(path) if Path(path).is_absolute() else RESULTS / path
    columns = list(rows[0])
    lines = [
        f"# {title}",
        "",
        _line(columns),
        _line(["---"] * len(columns)),
        *(_line([_shown(row.get(column, "")) for column in columns]) for row in rows),
        "",
        *(f"- {note}" for note in notes),
        f"- {os.cpu_count()} processors; "
        + ", ".join(f"{name} {version}" for name, version in versions().items()),
    ]
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return target


def read_table(path: str | Path) -> list[dict[str, str]]:
    """Read the rows of a table that `write_table` wrote, as text; none where there is no file."""
    target = Path(path) if Path(path).is_absolute() else RESULTS / path
    text = target.read_text(encoding="utf-8") if target.exists() else ""
    lines = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| ")]
    return [dict(zip(lines[0], cells, strict=True)) for cells in lines[2:]]


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _shown(value: object) -> str:
    return f"{value:.3g}" if isinstance(value, float) else str(value)
