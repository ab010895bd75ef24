"""A table in a file on this machine: read whole, or refused in one line that says why."""

import re
import zlib
from collections.abc import Callable, Mapping
from lzma import LZMAError
from pathlib import Path
from tarfile import TarError
from typing import Any
from zipfile import BadZipFile

import pandas as pd
from pandas.api.types import is_numeric_dtype

from credit_ml.core import Dataset, TableError
from credit_ml.core.errors import Remedy
from credit_ml.core.files import refuse_absent

#: What damaged packing raises, and what foreign and locked files do.
DAMAGED = (EOFError, BadZipFile, TarError, LZMAError, zlib.error)
UNREADABLE = (OSError, ValueError, LookupError, RuntimeError, ImportError, *DAMAGED)
#: What to do about text that is written otherwise than said.
ENCODINGS = Remedy(
    "save it as UTF-8, or say its encoding: encoding='cp1252' of Western Europe's Windows and "
    "Excel, 'gb18030' of China, 'cp1251' of Cyrillic",
    "save it as UTF-8, or say its encoding: --encoding cp1252 of Western Europe's Windows and "
    "Excel, gb18030 of China, cp1251 of Cyrillic",
)
#: Readers by the ending of a file's name; others are taken for csv.
READERS: dict[str, Callable[[Path], pd.DataFrame]] = {
    ".parquet": pd.read_parquet,
    ".pq": pd.read_parquet,
    ".feather": pd.read_feather,
    ".arrow": pd.read_feather,
    ".jsonl": lambda path: pd.read_json(path, lines=True),
    ".ndjson": lambda path: pd.read_json(path, lines=True),
    ".xlsx": lambda path: pd.read_excel(path, engine="openpyxl"),
    ".xls": lambda path: pd.read_excel(path, engine="calamine"),
}


def read_local(
    path: str | Path, remedy: str, *, repeated: str = "refuse", **options: Any
) -> pd.DataFrame:
    """Read a file of this machine: a csv, plain or compressed, or another kind of `READERS`.

    Parameters
    ----------
    path : str or Path
    remedy : str
        Which file to give instead.
    repeated : {"refuse", "first", "number"}
        What becomes of columns of a csv that have one name.
    **options
        Of `pandas.read_csv`.

    Raises
    ------
    TableError
        When there is no such file, or it holds no table of people: where, what, what to do. No
        message repeats what a line of the file says.
    """
    where = _file(path, remedy)
    reader = READERS.get(where.suffix.lower())
    try:
        frame = reader(where) if reader else pd.read_csv(where, **_engine(options))
    except UnicodeDecodeError as error:
        problem = f"cannot be read (byte {error.start} is no {error.encoding})"
        raise TableError(str(path), problem, ENCODINGS) from error
    except UNREADABLE as error:
        raise TableError(str(path), f"cannot be read ({_reason(error)})", remedy) from error
    if not reader and "header" not in options:
        read: dict[str, Any] = {key: options[key] for key in ("sep", "encoding") if key in options}
        names = _check_header(where, frame, _engine(read, low_memory=True))
        frame = _named_once(where, frame, names, repeated)
    TableError.unless(len(frame), str(path), "has no rows", "give at least one person")
    return frame


def refuse_text(frame: pd.DataFrame, columns: Mapping[str, str], path: str | Path) -> None:
    """Refuse columns that hold text where numbers are meant.

    Parameters
    ----------
    columns : mapping
        Columns of the frame, and what the file calls them.
    """
    text = [shown for name, shown in columns.items() if not is_numeric_dtype(frame[name])]
    problem = f"has text where numbers are meant, in {', '.join(text)}"
    TableError.unless(not text, str(path), problem, "give the file as it was published")


def blockwise(frame: pd.DataFrame, factors: Mapping[str, tuple[str, ...]], **roles: Any) -> Dataset:
    """Dataset of a known file, its features factor by factor.

    The published results grow their trees in this order.
    """
    features = [column for columns in factors.values() for column in columns]
    ordered = frame[[*features, *frame.columns.difference(features, sort=False)]]
    return Dataset.from_frame(ordered, factors=factors, **roles)


def _file(path: str | Path, remedy: str) -> Path:
    given = str(path)
    known = isinstance(path, str | Path)
    TableError.unless(known, "path", f"is a {type(path).__name__}", "give a str or a Path")
    TableError.unless("://" not in given, given, "is no file of this machine", "download it first")
    where = Path(path).expanduser()
    refuse_absent(where, TableError, remedy, place=given)
    TableError.unless(where.is_file(), given, "is no file", remedy)
    TableError.unless(where.stat().st_size, given, "is empty", remedy)
    return where


def _engine(options: dict[str, Any], *, low_memory: bool = False) -> dict[str, Any]:
    """Options of `pandas.read_csv` for its fast reader, or the slow one where marks are long.

    The fast one is told to guess a column's type from all of it, not piece by piece.
    """
    mark = options.get("sep", ",")
    if mark == r"\s+" or len(mark.encode()) == 1:
        return {**options, "low_memory": low_memory}
    return {**options, "sep": re.escape(mark), "engine": "python"}


def _check_header(where: Path, frame: pd.DataFrame, read: dict[str, Any]) -> list[str]:
    """Return the names of a file's first line; refuse what pandas mends in silence.

    That is other separators, shifted lines, and a first line that is a person already.
    """
    names = pd.read_csv(where, header=None, nrows=1, dtype=str, **read).iloc[0]
    mark = next((mark for mark in ";\t|," if mark in str(names[0])), "")
    blanks = str(names[0]).split()
    second = str(frame.iloc[0, 0]).split() if len(frame) else blanks
    if not mark and len(blanks) > 2 and len(blanks) == len(second):
        mark = " "
    problem = f"has one column, whose name holds {mark!r}"
    usable = len(names) > 1 or not mark
    remedy = Remedy(f"say so: separator={mark!r}", f"say so: --separator {mark!r}")
    TableError.unless(usable, str(where), problem, remedy)
    _refuse_people_as_names(where, names.dropna().tolist())
    problem = "has more values in a line than its header has names"
    usable = isinstance(frame.index, pd.RangeIndex)
    TableError.unless(
        usable, str(where), problem, "name every column, and quote values with commas"
    )
    return [str(frame.columns[at]) if pd.isna(name) else name for at, name in enumerate(names)]


def _refuse_people_as_names(where: Path, names: list[str]) -> None:
    """Refuse a first line with numbers in it, unless those count the columns, or years."""
    numbers = pd.to_numeric(pd.Series(names), errors="coerce").dropna()
    years = numbers.between(1900, 2100) & (numbers % 1 == 0)
    counted = numbers.is_monotonic_increasing and numbers.between(0, len(names)).all()
    whole = len(names)
    problem = (
        f"has a first line that is no header: {len(numbers)} of its {whole} names are "
        f"number{'s' * (len(numbers) != 1)}"
    )
    remedy = Remedy(
        f"name the {whole} columns: columns=['...', '...']",
        f"name the {whole} columns: --columns NAME,NAME,...",
    )
    TableError.unless(years.all() or counted, str(where), problem, remedy)


def _named_once(where: Path, frame: pd.DataFrame, names: list[str], repeated: str) -> pd.DataFrame:
    """Take columns of one name as the user says: refuse them, keep the first, or number them."""
    several: dict[str, list[int]] = {}
    for at, name in enumerate(names):
        several.setdefault(name, []).append(at)
    twice = {name: places for name, places in several.items() if len(places) > 1}
    if repeated == "first":
        kept = frame.iloc[:, [places[0] for places in several.values()]]
        return kept.set_axis(list(several), axis=1)
    if not twice or repeated == "number":
        return frame
    told = []
    for name, places in twice.items():
        first, *others = (frame.iloc[:, at] for at in places)
        alike = "alike" if all(first.equals(other) for other in others) else "different"
        told.append(f"'{name}' (number {', '.join(str(at + 1) for at in places)}: {alike})")
    problem = f"has a name for several columns: {', '.join(told)}"
    called = f"or number to call them '{next(iter(twice))}.1' and so on"
    remedy = Remedy(
        f"say repeated='first' to leave the later ones out, {called}",
        f"say --repeated first to leave the later ones out, {called}",
    )
    raise TableError(str(where), problem, remedy)


def _reason(error: Exception) -> str:
    lines = str(error).splitlines()
    return lines[0] if lines else type(error).__name__
