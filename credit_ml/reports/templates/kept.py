"""Templates are compiled once and kept in the user's own cache, as Python keeps modules."""

import hashlib
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from jinja2 import FileSystemBytecodeCache

from credit_ml.core.files import own_cache

#: Code that is run while a template is compiled, and so becomes part of it.
_RUN = (Path(__file__).parents[2] / "grammar", Path(__file__).parents[1] / "templating.py")


class KeptTemplates(FileSystemBytecodeCache):
    """Compiled templates in files, known by their text and by the code that compiled them."""

    def get_source_checksum(self, source: str) -> str:
        """Return what a file is known by."""
        return hashlib.sha1(f"{_compiled_by()}\0{source}".encode()).hexdigest()

    def load_bytecode(self, bucket: Any) -> None:
        """Read a compiled template, if it is there and can be."""
        try:
            super().load_bytecode(bucket)
        except (OSError, EOFError, ValueError, TypeError):  # cut off, or another Python's
            bucket.reset()

    def dump_bytecode(self, bucket: Any) -> None:
        """Keep a compiled template where there is room."""
        try:
            super().dump_bytecode(bucket)
        except OSError:
            bucket.reset()


def kept_templates() -> KeptTemplates | None:
    """Return where compiled templates are kept; None where there is no such place.

    Examples
    --------
    >>> isinstance(kept_templates(), KeptTemplates | None)
    True
    """
    folder = own_cache("templates")
    return None if folder is None else KeptTemplates(str(folder), "%s.cache")


@cache
def _compiled_by() -> str:
    whole = hashlib.sha1(version("jinja2").encode())
    for path in _RUN:
        for file in sorted(path.glob("*.*") if path.is_dir() else [path]):
            whole.update(file.read_bytes())
    return whole.hexdigest()
