"""Any table of one's own: csv, parquet, feather, JSON lines, Excel, or a known public file."""

import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

import pandas as pd
import pyarrow as pa

from credit_ml.core import TableError, refuse_unknown
from credit_ml.datasets.german import german_credit
from credit_ml.datasets.give_me_some_credit import give_me_some_credit

Format = Literal["table", "german", "give_me_some_credit"]
FORMATS: tuple[Format, ...] = ("table", "german", "give_me_some_credit")


#: Readers by the ending of a file's name; others are taken for csv.
_READERS: dict[str, Callable[[Path], pd.DataFrame]] = {
    ".parquet": pd.read_parquet,
    ".pq": pd.read_parquet,
    ".feather": pd.read_feather,
    ".arrow": pd.read_feather,
    ".jsonl": lambda path: pd.read_json(path, lines=True),
    ".ndjson": lambda path: pd.read_json(path, lines=True),
    ".xlsx": lambda path: pd.read_excel(path, engine="openpyxl"),
}


def read_table(
    path: str | Path,
    *,
    layout: Format = "table",
    separator: str | None = None,
    decimal: str = ".",
    thousands: str | None = None,
    encoding: str = "utf-8",
) -> pd.DataFrame:
    """Read a table of people.

    Parameters
    ----------
    path : str or Path
        By its ending parquet, feather or arrow, JSON lines (``.jsonl``, ``.ndjson``), Excel's
        first sheet (``.xlsx``), or csv: plain or compressed (gz, bz2, xz, zip, zst).
    layout : {"table", "german", "give_me_some_credit"}
        The two public data sets get their documented column names and codes.
    separator, decimal, thousands, encoding : str
        How a csv is written; by default with commas (tabs in ``.tsv``), points, no mark of
        thousands, in UTF-8. Nothing is guessed: a file that looks otherwise is refused.

    Raises
    ------
    TableError
        When the file is absent, empty or cannot be read, a csv seems to have another separator or
        encoding than said, or the layout is unknown.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "people.csv"
    >>> pd.DataFrame({"late": [0, 3], "paid": [1, 0]}).to_csv(file, index=False)
    >>> read_table(file)["late"].tolist()
    [0, 3]
    """
    if layout not in FORMATS:
        refuse_unknown(TableError, "format", str(layout), FORMATS)
    where, place = Path(path), str(path)
    TableError.unless(where.is_file(), place, "is no file", "give the path of a table")
    TableError.unless(
        where.stat().st_size > 0, place, "is empty", "give a table with a header and people"
    )
    if layout == "german":
        return german_credit(where)
    if layout == "give_me_some_credit":
        return give_me_some_credit(where)
    csv = {"decimal": decimal, "thousands": thousands, "encoding": encoding}
    try:
        reader = _READERS.get(where.suffix.lower())
        frame = reader(where) if reader else _csv(where, separator, **csv)
    except TableError:
        raise
    except UnicodeDecodeError as error:
        remedy = "give encoding (--encoding), such as latin-1 or gb18030"
        raise TableError(place, f"is not text in {encoding}", remedy) from error
    except ImportError as error:
        raise TableError(place, "needs openpyxl", "pip install 'credit_ml[excel]'") from error
    except (OSError, ValueError, LookupError, zipfile.BadZipFile, pa.ArrowInvalid) as error:
        reason = str(error).splitlines()[0]
        remedy = "give csv, parquet, feather, jsonl or xlsx under its own ending"
        raise TableError(place, f"cannot be read ({reason})", remedy) from error
    TableError.unless(not frame.empty, place, "has no rows", "give at least one person")
    return frame


def _csv(path: Path, separator: str | None, **written: Any) -> pd.DataFrame:
    separator = separator or ("\t" if ".tsv" in path.suffixes else ",")
    frame: pd.DataFrame = pd.read_csv(path, sep=separator, **written)
    header = str(frame.columns[0])
    other = next((mark for mark in ";\t|," if mark in header), None)
    if frame.shape[1] == 1 and other is not None:
        problem = f"has one column, whose name holds {other!r}"
        remedy = f"give its separator: separator={other!r} (--separator {other!r})"
        raise TableError(str(path), problem, remedy)
    return frame
