"""What a run would still make, how long that takes, and the room it needs."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from credit_ml.core.cores import cores
from credit_ml.core.progress import lasting, shown_progress
from credit_ml.studies.cells.store import Cells
from credit_ml.studies.cells.work import CellBlock, all_names, make_missing, seconds_taken

#: Seconds below which time is not told more finely.
_SOON = 10.0


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Cells that are missing, with what is known of their cost."""

    cells: Cells
    kept: int
    missing: int
    seconds: float | None
    """Of one worker for all that is missing; None where no cell like some was made yet."""
    bytes_more: float

    def text(self, noun: str, workers: int | None) -> str:
        """Say it in a few lines."""
        cells = f"{self.kept + self.missing} cells ({noun}), {self.kept} of them kept"
        said = [f"{cells} in {self.cells.folder}, {self.missing} to make"]
        jobs = max(1, min(workers or cores(), self.missing))
        if self.seconds is None:
            said.append("time: unknown until one cell of each kind was made (--measure makes them)")
        else:
            said.append(f"time: about {_duration(self.seconds / jobs)} with {jobs} at once")
        if self.kept and self.missing:
            said.append(f"disk: about {self.bytes_more / 1e6:.1f} MB more")
        return "\n".join(said)


def plan(blocks: Iterable[CellBlock], cells: Cells, *, measure: bool) -> Plan:
    """Look which cells of a study are missing, and what others like them took.

    Parameters
    ----------
    blocks : iterable
        All of a study.
    cells : Cells
        Where they are kept.
    measure : bool
        Make, and keep, one block of each kind of which nothing is known.
    """
    blocks = list(blocks)
    each = _each_takes(cells, blocks)
    if measure:
        first = {block.alike: block for block in _waiting(cells, blocks)[::-1]}
        unknown = [block for alike, block in first.items() if alike not in each]
        if unknown:
            with shown_progress(len(unknown) + 1) as bar:
                bar.start("one cell of each kind")
                make_missing(cells.writable(), unknown, workers=1, client=None, bar=bar)
            each = _each_takes(cells, blocks)
    waiting = _waiting(cells, blocks)
    known = all(block.alike in each for block in waiting)
    names = all_names(blocks)
    missing = [name for name in all_names(waiting) if cells.read(name) is None]
    kept = len(names) - len(missing)
    return Plan(
        cells=cells,
        kept=kept,
        missing=len(missing),
        seconds=sum(each[block.alike] for block in waiting) if known else None,
        bytes_more=cells.size() / max(kept, 1) * len(missing),
    )


def _waiting(cells: Cells, blocks: Sequence[CellBlock]) -> list[CellBlock]:
    return [each for each in blocks if any(cells.read(name) is None for name in each.cells())]


def _each_takes(cells: Cells, blocks: Sequence[CellBlock]) -> dict[Any, float]:
    """Seconds of a block of each kind of which some was made, with this code or an older one."""
    taken = seconds_taken(cells)
    found: dict[Any, list[float]] = defaultdict(list)
    for block in blocks:
        names = list(block.cells())
        if all(name in taken for name in names):
            found[block.alike].append(sum(taken[name] for name in names))
    return {alike: sum(each) / len(each) for alike, each in found.items()}


def _duration(seconds: float) -> str:
    return "10 s at most" if seconds < _SOON else lasting(seconds)


def states(cells: Cells, blocks: Sequence[CellBlock]) -> Iterator[str]:
    """Yield a line a cell: kept, missing, or failed and where that is told; its seconds."""
    taken = seconds_taken(cells)
    for name in all_names(blocks):
        failure = cells.failure(name)
        state = "kept" if cells.read(name) is not None else "missing"
        state = state if failure is None else f"failed, see {failure.name}"
        seconds = f"{taken[name]:8.1f} s" if name in taken else " " * 10
        yield f"{state:8} {seconds}  {name}"
