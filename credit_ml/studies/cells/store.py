"""Cells on disk: each complete or absent, named by what it holds, and read only if it still does.

A file's name ends with a checksum of the key, the name and the content. A cell that was edited,
damaged or renamed is therefore noticed, and any program opens it as the table that it is.
"""

import hashlib
import warnings
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from glob import escape
from pathlib import Path
from typing import Self

from credit_ml.core import StudyError
from credit_ml.core.files import refuse_no_room, whole

#: Hexadecimal digits of a checksum in a name.
DIGITS = 16


class ChangedCell(UserWarning):
    """A cell on disk does not hold what was written."""


@dataclass(frozen=True, init=False)
class Cells:
    """The cells of one study, as its configuration, code and versions make them.

    Examples
    --------
    >>> import tempfile
    >>> cells = Cells(Path(tempfile.mkdtemp()), key="0123")
    >>> _ = cells.keep("baseline-0.txt", b"found")
    >>> cells.read("baseline-0.txt"), cells.read("baseline-1.txt")
    (b'found', None)
    """

    folder: Path
    key: str
    """Digest of all that determines the cells."""

    def __init__(self, folder: Path, key: str) -> None:
        """Stand for the cells of a key inside a folder; nothing is made."""
        object.__setattr__(self, "folder", folder / key[:DIGITS])
        object.__setattr__(self, "key", key)

    def writable(self) -> Self:
        """Return the cells where their folder can be made; it is made with the first of them.

        Raises
        ------
        StudyError
            When it cannot.
        """
        remedy = "give another with --folder"
        refuse_no_room(self.folder, f"cells {self.folder}", StudyError, remedy)
        return self

    def made(self) -> Path:
        """Return the folder, which is there then."""
        self.folder.mkdir(parents=True, exist_ok=True)
        return self.folder

    def keep(self, name: str, content: bytes) -> Path:
        """Write a cell, complete or not at all; what an earlier failure said of it goes."""
        path = self.made() / self._with_checksum(name, content)
        with whole(path) as part:
            part.write_bytes(content)
        self._failure(name).unlink(missing_ok=True)
        return path

    def replace(self, name: str, content: bytes) -> Path:
        """Write a cell in the place of an older one of its name."""
        path = self.keep(name, content)
        for older in self._files(name):
            if older != path:
                older.unlink(missing_ok=True)
        return path

    def read(self, name: str) -> bytes | None:
        """Return what a cell holds; None, with a warning, where it is not what was written."""
        for path in self._files(name):
            with suppress(OSError):
                content = path.read_bytes()
                if path.name == self._with_checksum(name, content):
                    return content
            said = f"{path}: was changed since it was written; it is left out and made again"
            warnings.warn(said, ChangedCell, stacklevel=2)
        return None

    def needed(self, name: str) -> bytes:
        """Return what a cell holds that was just made or found.

        Raises
        ------
        StudyError
            When it has gone or was changed since.
        """
        content = self.read(name)
        if content is None:
            raise StudyError(f"{self.folder}: {name}", "has gone since it was made", "run again")
        return content

    def has(self, name: str) -> bool:
        """Whether a cell is there and holds what was written; others are said and removed."""
        if self.read(name) is not None:
            return True
        for path in self._files(name):
            path.unlink()
        return False

    def failed(self, name: str, traceback: str) -> None:
        """Record why a cell could not be made."""
        self.made()
        self._failure(name).write_text(traceback, encoding="utf-8")

    def failure(self, name: str) -> Path | None:
        """File that says why a cell could not be made, if that was so."""
        path = self._failure(name)
        return path if path.exists() else None

    def size(self) -> int:
        """Bytes of all files."""
        return sum(path.stat().st_size for path in self.folder.glob("*"))

    def _files(self, name: str) -> Iterator[Path]:
        stem, _, ending = name.rpartition(".")
        yield from sorted(self.folder.glob(f"{escape(stem)}.{'?' * DIGITS}.{ending}"))

    def _failure(self, name: str) -> Path:
        return self.folder / f"{name}.failed.txt"

    def _with_checksum(self, name: str, content: bytes) -> str:
        whole_cell = hashlib.sha256(f"{self.key}\0{name}\0".encode() + content)
        stem, _, ending = name.rpartition(".")
        return f"{stem}.{whole_cell.hexdigest()[:DIGITS]}.{ending}"
