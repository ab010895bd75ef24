"""A study asked for again on the command line: found to be finished before anything is imported.

Only to read a study's file, all instruments are imported, which takes seconds. So a note is kept
of what was asked, of every file that was read for it, and of what was said in the end.
"""

import json
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.metadata import entry_points
from pathlib import Path
from typing import Any

from credit_ml.core.discovery import ENTRY_POINTS
from credit_ml.core.files import digests_of, files_read
from credit_ml.core.provenance import canonical_json, digest
from credit_ml.studies.cells.finished import SEEN, Finished, as_it_runs
from credit_ml.studies.cells.store import Cells, ChangedCell

_NOTE = "asked.json"


@dataclass(frozen=True)
class AskedAgain:
    """What a command was asked, and how to know that it has been done.

    Attributes
    ----------
    command : str
        Which one was asked: "run" or "nation".
    study : Path
        As it was given.
    folder, output : Path or None
    """

    command: str
    study: Path
    folder: Path | None
    output: Path | None

    def finished(self, *, track: bool) -> tuple[Path, list[str]] | None:
        """Return the page and all that was said of it; None where anything is missing or changed.

        Instruments of other packages are asked to load, so that nothing is known where there are
        some.
        """
        with warnings.catch_warnings(action="ignore", category=ChangedCell):
            content = self._cells.read(_NOTE)
            if content is None or entry_points(group=ENTRY_POINTS):
                return None
            note = json.loads(content)
            if note["read"] != digests_of(note["read"]) or note["runs"] != digest(as_it_runs()):
                return None
            run = _from_values(note["run"])
            return (run.target, note["said"]) if run.stands(track=track) else None

    @contextmanager
    def noting(self) -> Iterator[list[str]]:
        """Note what is read and finished inside; what is said of it is put into the list."""
        said: list[str] = []
        runs: list[Finished] = []
        before = SEEN.set(runs)
        try:
            with files_read() as read:
                yield said
        finally:
            SEEN.reset(before)
        if runs and not entry_points(group=ENTRY_POINTS):
            told = {"read": read, "runs": digest(as_it_runs()), "run": _to_values(runs[-1])}
            with suppress(OSError):  # the next run only takes longer
                self._cells.replace(_NOTE, canonical_json(told | {"said": said}).encode())

    @property
    def _cells(self) -> Cells:
        told = [self.command]
        told += [str(each) for each in (self.study, self.folder, self.output, Path.cwd())]
        # A name is of a study that ships with the package where no file is called so.
        told += [str(self.study.exists())]
        return Cells(self.folder or Path("data") / "generated" / "asked", digest(told))


def _to_values(run: Finished) -> dict[str, Any]:
    cells = [str(run.cells.folder.parent.absolute()), run.cells.key]
    return {"cells": cells, "names": run.names, "page": str(run.target), "asked": run.asked}


def _from_values(told: dict[str, Any]) -> Finished:
    folder, key = told["cells"]
    how = {"names": tuple(told["names"]), "target": Path(told["page"]), "asked": told["asked"]}
    return Finished(cells=Cells(Path(folder), key), **how)
