"""Any table of one's own: csv, parquet, feather, JSON lines, Excel, or a known public file."""

from pathlib import Path
from typing import Any, Literal

import pandas as pd

from credit_ml.core import TableError, need_known
from credit_ml.datasets.german import german_credit
from credit_ml.datasets.give_me_some_credit import give_me_some_credit
from credit_ml.datasets.local import read_local

Format = Literal["table", "german", "give_me_some_credit"]
FORMATS: tuple[Format, ...] = ("table", "german", "give_me_some_credit")


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
    need_known(TableError, "format", layout, FORMATS)
    if layout == "german":
        return german_credit(path)
    if layout == "give_me_some_credit":
        return give_me_some_credit(path)
    mark = separator or ("\t" if ".tsv" in str(path)[-8:] else ",")
    written: dict[str, Any] = {"decimal": decimal, "thousands": thousands, "encoding": encoding}
    remedy = "give csv, parquet, feather, jsonl or xlsx under its own ending, with people in it"
    return read_local(path, remedy, sep=mark, **written)
