"""Any table of one's own: csv, zipped csv, parquet, or a known file by its format."""

from pathlib import Path
from typing import Literal

import pandas as pd

from credit_ml.core import TableError, refuse_unknown
from credit_ml.datasets.german import german_credit
from credit_ml.datasets.give_me_some_credit import give_me_some_credit
from credit_ml.datasets.local import read_local

Format = Literal["table", "german", "give_me_some_credit"]
FORMATS: tuple[Format, ...] = ("table", "german", "give_me_some_credit")


def read_table(path: str | Path, *, layout: Format = "table") -> pd.DataFrame:
    """Read a table of people.

    Parameters
    ----------
    path : str or Path
        A csv (plain, gzipped or zipped) or a parquet file.
    layout : {"table", "german", "give_me_some_credit"}
        The two public data sets get their documented column names and codes.

    Raises
    ------
    TableError
        When the file is absent, empty or cannot be read, or the layout is unknown.

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
    if layout == "german":
        return german_credit(path)
    if layout == "give_me_some_credit":
        return give_me_some_credit(path)
    return read_local(path, "give a csv or parquet file with a header and people")
