"""Files read with one line that says what is wrong, and written whole or not at all."""

import difflib
import hashlib
import os
import secrets
import tomllib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from contextvars import ContextVar
from functools import cache
from glob import escape
from pathlib import Path
from time import time
from typing import Any

from credit_ml.core.errors import InputError, Remedy, after

#: Seconds after which a hidden part is nobody's work any more.
ABANDONED = 60.0
#: Where `files_read` collects.
_COLLECTED: ContextVar[dict[str, str] | None] = ContextVar("files_read", default=None)


@contextmanager
def files_read() -> Iterator[dict[str, str]]:
    """Collect every TOML file that is read inside: the SHA-256 of what it held, by its path.

    Examples
    --------
    >>> import tempfile
    >>> from credit_ml.core import InputError
    >>> path = Path(tempfile.mkdtemp()) / "one.toml"
    >>> _ = write_whole("a = 1", path)
    >>> with files_read() as found:
    ...     told = read_toml(path, InputError, "")
    >>> list(found) == [str(path)], found == digests_of(found)
    (True, True)
    """
    collected: dict[str, str] = {}
    before = _COLLECTED.set(collected)
    try:
        yield collected
    finally:
        _COLLECTED.reset(before)


def digests_of(paths: Iterable[str | Path]) -> dict[str, str | None]:
    """SHA-256 of every file as it is now; None where it cannot be read."""
    return {str(path): _digest_of(Path(path)) for path in paths}


def _digest_of(path: Path) -> str | None:
    try:
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return None


def read_toml(path: str | Path, error: type[InputError], remedy: str) -> dict[str, Any]:
    """Read a TOML file, or raise `error` with what is wrong in one line.

    Parameters
    ----------
    path : str or Path
    error : type
    remedy : str
        What to do where the file cannot be read.

    Examples
    --------
    >>> read_toml("absent.toml", InputError, "give the path of a study file")
    Traceback (most recent call last):
    credit_ml.core.errors.InputError: absent.toml: is not there; give the path of a study file
    """
    refuse_absent(path, error, remedy)
    try:
        content = Path(path).read_bytes()
        if (collected := _COLLECTED.get()) is not None:
            collected[str(Path(path).absolute())] = hashlib.sha256(content).hexdigest()
        return tomllib.loads(content.decode("utf-8").replace("\r\n", "\n").replace("\r", "\n"))
    except UnicodeDecodeError as cause:
        raise error(str(path), "is no text in UTF-8", remedy) from cause
    except OSError as cause:
        raise error(str(path), f"cannot be read ({cause.strerror})", remedy) from cause
    except tomllib.TOMLDecodeError as cause:
        raise error(str(path), f"is not TOML ({cause})", "mend that line") from cause


def refuse_absent(
    path: str | Path, error: type[InputError], remedy: str, *, place: str = ""
) -> None:
    """Raise `error` where a file to read is not there, with one of its folder that may be meant.

    Parameters
    ----------
    path : str or Path
    error : type
    remedy : str
        What to give instead.
    place : str
        What the error names, the path by default.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> _ = (folder / "factors.toml").write_text("")
    >>> try:
    ...     refuse_absent(folder / "factor.toml", InputError, "give a TOML file of factors")
    ... except InputError as error:
    ...     error.remedy.replace(f"{folder}", "FOLDER")
    "did you mean 'FOLDER/factors.toml'? give a TOML file of factors"
    """
    where, name = Path(path), place or str(path)
    if where.is_dir():
        raise error(name, "is a folder", remedy)
    if not os.path.lexists(where):
        near = near_file(where)
        raise error(name, "is not there", after(f"did you mean '{near}'? " * bool(near), remedy))


def near_file(path: Path) -> str:
    """Return the file of the folder whose name is nearest, of the same kind first; "" for none."""
    try:
        there = [each for each in path.parent.iterdir() if each.is_file()]
    except OSError:
        return ""
    alike = {each.stem: each for each in there if each.suffix == path.suffix}
    near = difflib.get_close_matches(path.stem, alike, n=1)
    by_name = {each.name: each for each in there}
    other = [] if near else difflib.get_close_matches(path.name, by_name, n=1, cutoff=0.8)
    found = [alike[each] for each in near] + [by_name[each] for each in other]
    return str(path.with_name(found[0].name)) if found else ""


@cache
def beside(module: str) -> dict[str, Any]:
    """Return what the TOML file beside a module, and of its name, says: ``beside(__file__)``.

    Examples
    --------
    >>> import tempfile
    >>> module = Path(tempfile.mkdtemp()) / "sizes.py"
    >>> _ = module.with_suffix(".toml").write_text("small = 3")
    >>> beside(str(module))
    {'small': 3}
    """
    return tomllib.loads(Path(module).with_suffix(".toml").read_text(encoding="utf-8"))


@contextmanager
def whole(path: Path, *, over: bool = True) -> Iterator[Path]:
    """Yield a path to write to; the file takes its place at the end, or is gone on an error.

    Its folder is made. A link is followed, so that what it leads to is replaced and not the link.

    Parameters
    ----------
    path : Path
    over : bool, default True
        Whether it takes the place of a file that is there. Without it the file stays that was
        there first, even of two programs at once.

    Examples
    --------
    >>> import tempfile
    >>> target = Path(tempfile.mkdtemp()) / "one.txt"
    >>> with whole(target) as part:
    ...     _ = part.write_text("complete")
    >>> target.read_text()
    'complete'
    """
    path = path.resolve() if path.is_symlink() else path
    # Not tempfile's, which nobody else may read: the file has the mode of any other made here.
    for left in path.parent.glob(f".{escape(path.name)}.*.part"):
        with suppress(OSError):
            if time() - left.stat().st_mtime > ABANDONED:  # by a run that was killed
                left.unlink()
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    part.parent.mkdir(parents=True, exist_ok=True)
    part.touch(exist_ok=False)
    try:
        yield part
        if over:
            part.replace(path)
        else:
            with suppress(FileExistsError):
                path.hardlink_to(part)
    finally:
        part.unlink(missing_ok=True)


def refuse_no_file(path: Path, error: type[InputError] = InputError) -> None:
    """Raise `error` where a folder or a device stands in the place of a file to write.

    Examples
    --------
    >>> refuse_no_file(Path("."))
    Traceback (most recent call last):
    credit_ml.core.errors.InputError: .: is a folder; give the path of a file
    """
    what = "is a folder" if path.is_dir() else "is no file but a device"
    error.unless(path.is_file() or not path.exists(), str(path), what, "give the path of a file")


#: What to do where a file is there that is not to be replaced.
_REPLACE = Remedy(
    "give another path, or overwrite=True to replace it",
    "give another path with -o, or --force to replace it",
)


def refuse_replacing(*paths: Path, overwrite: bool = False) -> None:
    """Raise InputError where a file to write is there already, before any work; nothing is made.

    Examples
    --------
    >>> refuse_replacing(Path(__file__), overwrite=True)
    >>> refuse_replacing(Path("absent.html"))
    """
    for path in paths:
        refuse_no_file(path)
    there = [path for path in paths if path.is_file()]
    problem = "are there already" if len(there) > 1 else "is there already"
    InputError.unless(overwrite or not there, " and ".join(map(str, there)), problem, _REPLACE)


def refuse_no_room(
    folder: Path, place: str, error: type[InputError], remedy: str = "give another path"
) -> None:
    """Raise `error` where a folder can neither be made nor written into; nothing is made.

    Examples
    --------
    >>> refuse_no_room(Path(__file__) / "reports", "report one.html", InputError)
    ... # doctest: +ELLIPSIS
    Traceback (most recent call last):
    credit_ml.core.errors.InputError: report one.html: cannot be written into ...; give another path
    """
    there = next(each for each in (folder, *folder.parents) if each.exists())
    able = there.is_dir() and os.access(there, os.W_OK)
    error.unless(able, place, f"cannot be written into {there}", remedy)


def write_whole(text: str, path: Path) -> Path:
    """Write text to `path` so that it is complete or absent; its folder is made."""
    with whole(path) as part:
        part.write_text(text, encoding="utf-8", newline="\n")
    return path


def keep_compiled(package: Path) -> None:
    """Let numba keep what it compiles in a folder of ours where it finds no other.

    It keeps it beside the package or below one's home, and fails where neither can be written.

    Examples
    --------
    >>> keep_compiled(Path(__file__).parent)  # which can be written, or home can
    """
    cache = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
    found = (str(package), cache)
    if "NUMBA_CACHE_DIR" in os.environ or any(map(_can_be_written, found)):
        return
    import tempfile

    mine = Path(tempfile.gettempdir(), f"credit_ml-{os.getuid()}")
    with suppress(OSError):
        mine.mkdir(mode=0o700, exist_ok=True)
    # What is kept there is run: a folder that others may write is not taken.
    safe = mine.is_dir() and mine.stat().st_uid == os.getuid() and not mine.stat().st_mode & 0o022
    os.environ["NUMBA_CACHE_DIR"] = str(mine) if safe else tempfile.mkdtemp()


def own_cache(name: str) -> Path | None:
    """Return a folder of the user's cache where compiled things lie; None where none can be had.

    What lies there is run: a folder of somebody else's, or that others may write, is not taken.

    Examples
    --------
    >>> folder = own_cache("templates")
    >>> folder is None or folder.is_dir()
    True
    """
    base = Path(os.environ.get("XDG_CACHE_HOME") or "~/.cache")
    with suppress(OSError, RuntimeError):  # no home, or none that can be written
        folder = base.expanduser() / "credit_ml" / name
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        held = folder.stat()
        if held.st_uid == os.getuid() and not held.st_mode & 0o022 and os.access(folder, os.W_OK):
            return folder
    return None


def _can_be_written(folder: str) -> bool:
    there = next((each for each in (Path(folder), *Path(folder).parents) if each.exists()), None)
    return not folder.startswith("~") and there is not None and os.access(there, os.W_OK)
