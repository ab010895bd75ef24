"""A run that was complete, asked for again: its page and record are there and stay as they are."""

import hashlib
import json
import os
import sqlite3
import sys
from collections.abc import Iterable
from contextlib import closing, suppress
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from credit_ml.core.files import digests_of
from credit_ml.core.provenance import canonical_json, code_state, digest, versions
from credit_ml.studies.cells.store import Cells
from credit_ml.studies.record.store import DEFAULT_STORE, KeptRecord

if TYPE_CHECKING:
    from credit_ml.core import StudyResults

_ROOT = Path(__file__).parents[2]
#: Compiled while it runs.
_COMPILED = frozenset({".pyc", ".nbi", ".nbc"})
#: Packages that draw or write a page, besides those that its numbers hang on.
_WRITERS = ("jinja2", "pillow", "fonttools")
#: Variables of mlflow that say where a run stands.
_PLACES = ("MLFLOW_EXPERIMENT_NAME", "MLFLOW_RUN_ID")
#: Where runs that were or became finished are put down, by who wants to know (`again`).
SEEN: ContextVar[list["Finished"] | None] = ContextVar("finished_runs", default=None)


@dataclass(frozen=True, kw_only=True)
class Finished:
    """What a run would write, and how to know that one has written just that.

    Beside the cells lies a note a page: what it was made from (every key of the study, the cells,
    the code of the whole package, versions, the commit) and the digest of every file. A page that
    was edited or removed, changed code, a missing cell or a record that is gone all make the run
    do its work again.

    Attributes
    ----------
    cells : Cells
        The study's.
    names : tuple of str
        Of all cells that the page hangs on.
    target : Path
        The page; the results lie beside it.
    asked : str
        Digest of all that the files hang on.
    """

    cells: Cells
    names: tuple[str, ...]
    target: Path
    asked: str

    @classmethod
    def of(cls, cells: Cells, names: Iterable[str], target: Path, told: Any) -> "Finished":
        """Stand for a run with some cells, a page, and everything else that a study says."""
        made = [cells.key, str(target.absolute()), told, *as_it_runs()]
        return cls(cells=cells, names=tuple(names), target=target, asked=digest(made))

    def stands(self, *, track: bool) -> bool:
        """Whether all that the run made is there and as it was written.

        Parameters
        ----------
        track : bool
            A record is wanted as well: it has to be there, and complete.
        """
        content = self.cells.read(self._note)
        if content is None:
            return False
        note = json.loads(content)
        as_they_are = self._digests(note["files"])
        if note["files"] != as_they_are or (track and not _is_kept(note["record"])):
            return False
        return all(self.cells.read(name) is not None for name in self.names)

    def results(self, *, track: bool) -> "StudyResults | None":
        """Return what the finished run found; None where it does not stand."""
        from credit_ml.core import StudyResults

        if not self.stands(track=track):
            return None
        self._seen()
        # They are those that were written: what a file of anybody's may hold need not be asked.
        return StudyResults.from_json(self.target.with_suffix(".json").read_text("utf-8"))

    def note(self, record: KeptRecord | None) -> None:
        """Write down that the run is finished; `record` is what the tracker keeps of it."""
        kept = None
        if record is not None:
            kept = {"store": record.store, "run": record.run_id, "places": _places()}
        said = canonical_json({"files": self._digests(self._written()), "record": kept})
        with suppress(OSError):  # the results are there: the next run only takes longer
            self.cells.replace(self._note, said.encode())
            self._seen()

    def _seen(self) -> None:
        if (seen := SEEN.get()) is not None:
            seen.append(self)

    @property
    def _note(self) -> str:
        return f"finished_{self.asked[:16]}.json"

    def _written(self) -> list[str]:
        """Names of the results, of the page, and of the one to explore where there is such a page.

        That one is none of the run's where it was made later, by ``credit-ml explore``.
        """
        moving = f"{self.target.stem}.explore.html"
        made = [moving] if self.target.with_name(moving).exists() else []
        return [self.target.with_suffix(".json").name, self.target.name, *made]

    def _digests(self, names: Iterable[str]) -> dict[str, str | None]:
        each = list(names)
        return dict(zip(each, digests_of(map(self.target.with_name, each)).values(), strict=True))


def as_it_runs() -> list[Any]:
    """Return what every file of a run hangs on besides its study: commit, package, versions."""
    return [code_state(), _package(), _versions()]


def _is_kept(record: dict[str, Any] | None) -> bool:
    """Whether a run's record is where the next would go, complete and not deleted.

    Only a database on this machine is looked into: a server is told again, and so is one whose
    caller has a run open, which is to become the parent.
    """
    if record is None or record["places"] != _places() or _has_open_run():
        return False
    scheme, _, path = record["store"].partition(":///")
    if record["store"] != _store() or scheme != "sqlite" or not os.path.isfile(path):
        return False
    asked = "SELECT 1 FROM runs WHERE run_uuid = ? AND status = 'FINISHED'"
    asked += " AND lifecycle_stage = 'active'"
    with suppress(sqlite3.Error), closing(sqlite3.connect(path, timeout=1)) as database:
        return database.execute(asked, (record["run"],)).fetchone() is not None
    return False


def _store() -> str:
    return os.environ.get("MLFLOW_TRACKING_URI") or DEFAULT_STORE


def _places() -> dict[str, str]:
    """Where a record stands: a relative database is that of the working folder."""
    told = {name: os.environ[name] for name in _PLACES if name in os.environ}
    return told | {"folder": str(Path.cwd())}


def _has_open_run() -> bool:
    mlflow = sys.modules.get("mlflow")
    return mlflow is not None and mlflow.active_run() is not None


@cache
def _package() -> str:
    """Digest of every file of the package: numbers, words, pictures and styles."""
    whole = hashlib.sha256()
    for path in sorted(path for path in _ROOT.rglob("*") if path.is_file()):
        if path.suffix not in _COMPILED:
            name = path.relative_to(_ROOT).as_posix()
            whole.update(name.encode() + b"\0" + path.read_bytes() + b"\0")
    return whole.hexdigest()


def _versions() -> dict[str, str]:
    found = versions()
    for package in _WRITERS:
        with suppress(PackageNotFoundError):
            found[package] = version(package)
    return found
