"""The cells that are missing, made by many at once; one that fails does not stop the others."""

import csv
import io
import re
import traceback
from collections.abc import Callable, Collection, Hashable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from time import monotonic
from typing import Any, Protocol

import pandas as pd

from credit_ml.core import CreditMLError, digest
from credit_ml.core.progress import Progress
from credit_ml.society.storage.spread import spread
from credit_ml.studies.cells.store import Cells
from credit_ml.studies.threads import one_thread_each

#: File beside the cells that says how many seconds each took.
_TIMES = "seconds.csv"
_SECONDS = re.compile(r"\d+\.\d{3}")
#: Letters of one part of a cell's name.
_LONG = 40


class CellBlock(Protocol):
    """What one worker does at a time: some cells that share what is dear, such as a fit."""

    @property
    def alike(self) -> Hashable:
        """What blocks have in common that take about as long."""

    def cells(self) -> Mapping[str, Callable[[], bytes]]:
        """Names of its cells, each with what makes its content."""


class CellError(CreditMLError):
    """Some cells could not be made; all others are kept."""


@dataclass(frozen=True)
class CellOutcome:
    """How one cell ended, and how long it took."""

    name: str
    seconds: float
    problem: str = ""


def make_missing(
    cells: Cells,
    blocks: Sequence[CellBlock],
    *,
    workers: int,
    client: Any,
    bar: Progress,
    needed: Collection[str] = (),
) -> None:
    """Make every cell that is not kept; the bytes depend on neither workers nor cluster.

    Parameters
    ----------
    cells, blocks, workers, client, bar
    needed : collection of str
        Cells without which the others say nothing: where one fails, no more are begun.

    Raises
    ------
    CellError
        When some failed. Their tracebacks lie beside the cells; the others are kept.
    """
    waiting = [block for block in blocks if not all(map(cells.has, block.cells()))]
    bar.reached(len(blocks) - len(waiting), len(blocks) + 1)
    failed: list[CellOutcome] = []
    for outcomes in spread(partial(_work, cells), waiting, workers=workers, client=client):
        note_seconds(cells, {each.name: each.seconds for each in outcomes if not each.problem})
        failed += [each for each in outcomes if each.problem]
        bar.done()
        if any(each.name in needed for each in failed):
            break
    if failed:
        first = min(failed, key=lambda each: (each.name not in needed, each.name))
        raise CellError(
            f"{len(failed)} cells failed, {first.name} for one ({first.problem}); tracebacks are in"
            f" {cells.folder}, all other cells are kept: mend it and run again"
        )


def _work(cells: Cells, block: CellBlock) -> list[CellOutcome]:
    found = []
    for name, make in block.cells().items():
        if cells.has(name):
            continue
        began, problem = monotonic(), ""
        try:
            with one_thread_each():
                content = make()
        except Exception as error:  # whatever it is, other cells go on
            cells.failed(name, traceback.format_exc())
            problem = " ".join(f"{type(error).__name__}: {error}".split())[:400]
        else:
            cells.keep(name, content)
        found.append(CellOutcome(name, monotonic() - began, problem))
    return found


def note_seconds(cells: Cells, taken: Mapping[str, float]) -> None:
    """Write down how long some cells took; no cell hangs on it."""
    with (cells.made() / _TIMES).open("a", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows((name, f"{seconds:.3f}") for name, seconds in taken.items())


def seconds_taken(cells: Cells) -> dict[str, float]:
    """How long each cell took, or one of its name that was made by other code; the latest."""
    files = sorted(cells.folder.parent.glob(f"*/{_TIMES}"), key=lambda file: file.stat().st_mtime)
    rows = (row for file in files for row in csv.reader(io.StringIO(file.read_text("utf-8"))))
    # A run that was killed may have cut a line.
    return {row[0]: float(row[1]) for row in rows if len(row) == 2 and _SECONDS.fullmatch(row[1])}


def all_names(blocks: Sequence[CellBlock]) -> list[str]:
    """Return the names of all cells."""
    return [name for block in blocks for name in block.cells()]


def file_name(*parts: str) -> str:
    """Start of a cell's file, each part as a file's name can have it and different for others.

    Examples
    --------
    >>> file_name("baseline", "no friends")
    'baseline-no_friends'
    """
    return "-".join(_file_part(part) for part in parts)


def _file_part(part: str) -> str:
    plain = re.sub(r"[^A-Za-z0-9_]", "_", part)
    same = part.replace(" ", "_") == plain and len(plain) < _LONG
    return plain if same else f"{plain[-_LONG:]}_{digest(part)[:8]}"


def as_parquet(frame: pd.DataFrame) -> bytes:
    """Return a table as the bytes of a Parquet file, the same bytes for the same table."""
    buffer = io.BytesIO()
    frame.to_parquet(buffer, index=False)
    return buffer.getvalue()


def from_parquet(content: bytes) -> pd.DataFrame:
    """Return the table of a Parquet file's bytes."""
    return pd.read_parquet(io.BytesIO(content))
