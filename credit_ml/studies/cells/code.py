"""Which code a cell runs: a change of it is never answered by what older code has made."""

import hashlib
import re
from collections.abc import Iterable
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from credit_ml.core.provenance import ARRAYS, versions

_PACKAGE = "credit_ml"
_ROOT = Path(__file__).parents[2]
_IMPORTED = re.compile(rf"^\s*(?:from|import) {_PACKAGE}\.(\w+)", re.MULTILINE)
#: Rooms that no number hangs on; of `studies` only the modules count that are named.
_ASIDE = frozenset({"cli", "reports", "studies"})
#: What says or draws a number and does not make it, or is compiled while it is made.
_WORDS = re.compile(r".*\.(j2|pyi|mplstyle|md|pyc|nbi|nbc)|figure\.py")
#: Packages whose version can change a cell, besides this one.
_VERSIONS = (*ARRAYS, "fairlearn", "shap", "interpret-core", "lightgbm", "pyarrow")


def made_by(*modules: str, packages: Iterable[str] = ()) -> dict[str, Any]:
    """What makes a cell besides its parameters: versions, and a digest of the code.

    The code is that of the modules and of every room that they import, directly or not, without
    words and figures.

    Parameters
    ----------
    *modules : str
        Dotted names inside the package, such as ``"studies.measure"``; a room's name is the room.
    packages : iterable of str
        Of others, whose instruments are asked.

    Examples
    --------
    >>> made = made_by("studies.sweeps.leaderboard_cells")
    >>> sorted(made), len(made["code"])
    (['code', 'versions'], 64)
    """
    return {"code": _code(modules, tuple(sorted(set(packages)))), "versions": versions(_VERSIONS)}


def every_room() -> tuple[str, ...]:
    """Rooms that an instrument may lie in; what is asked of all instruments hangs on all."""
    found = (path.parent.name for path in _ROOT.glob("*/__init__.py"))
    return tuple(sorted(room for room in found if room not in _ASIDE))


@cache
def _code(modules: tuple[str, ...], packages: tuple[str, ...]) -> str:
    named = [_ROOT.joinpath(*name.split(".")) for name in modules]
    files = {path.with_suffix(".py") for path in named if not path.is_dir()}
    rooms: set[str] = set()
    found = {path.name for path in named if path.is_dir()} | _rooms(files)
    while found - rooms:
        rooms |= found
        found = _rooms(path for room in found for path in (_ROOT / room).rglob("*.py"))
    folders = [_ROOT / room for room in rooms]
    for package in packages:
        spec = find_spec(package)
        folders += map(Path, (spec.submodule_search_locations or ()) if spec else ())
        files |= {Path(spec.origin)} if spec and spec.origin else set()
    files |= {path for folder in folders for path in folder.rglob("*") if path.is_file()}
    whole = hashlib.sha256()
    for path in sorted(path for path in files if not _WORDS.fullmatch(path.name)):
        # Where a package lies is nothing that it computes.
        whole.update("/".join(path.parts[-3:]).encode() + b"\0" + path.read_bytes() + b"\0")
    return whole.hexdigest()


def _rooms(files: Iterable[Path]) -> set[str]:
    found = {room for file in files for room in _IMPORTED.findall(file.read_text("utf-8"))}
    return {room for room in found if room not in _ASIDE and (_ROOT / room).is_dir()}
