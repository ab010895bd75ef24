"""Statlog German credit: 1,000 loans of a bank in the 1970s, good or bad."""

from pathlib import Path
from typing import Any

import pandas as pd

from credit_ml.core import Dataset, TableError, bands, beside
from credit_ml.core.tables.changes import TableChange, with_changes
from credit_ml.datasets.local import blockwise, read_local, refuse_text

_FILE = beside(__file__)

#: The twenty attributes and the outcome, in the order of the file.
GERMAN_COLUMNS: tuple[str, ...] = tuple(_FILE["columns"])

#: What is read out of codes: sex, whether one is a foreign worker, and the outcome.
GERMAN_CODES: dict[str, dict[Any, str]] = {**_FILE["codes"], "outcome": {1: "good", 2: "bad"}}

#: Factors of a lender's view; personal status is left out, for it is sex by another name.
GERMAN_FACTORS = {name: tuple(columns) for name, columns in _FILE["factors"].items()}


def german_credit(path: str | Path) -> pd.DataFrame:
    """Read the Statlog German credit file (``german.data``) with named columns.

    Parameters
    ----------
    path : str or Path
        The file: no header, blanks between values, categories coded A11 and so on.

    Returns
    -------
    DataFrame
        1,000 rows; the file's attributes, ``sex`` from personal status, ``age_band`` (under
        26 or older, the cut of the literature), ``foreign_worker`` yes or no, and ``outcome``
        "good" (coded 1) or "bad" (coded 2).

    Raises
    ------
    TableError
        When the file cannot be read or is another table.

    References
    ----------
    Hofmann, H. (1994). Statlog (German Credit Data). UCI Machine Learning Repository.
    doi 10.24432/C5NC77, CC BY 4.0. The age cut: Kamiran, F. and Calders, T. (2009).
    Classifying without discriminating. IC4.

    Examples
    --------
    >>> import tempfile
    >>> lines = ("A11 6 A34 A43 1169 A65 A75 4 A93 A101 4 A121 67 A143 A152 2 A173 1 A192 A201 1",
    ...          "A12 48 A32 A43 5951 A61 A73 2 A92 A101 2 A121 22 A143 A152 1 A173 1 A191 A201 2")
    >>> file = Path(tempfile.mkdtemp()) / "german.data"
    >>> written = file.write_text(chr(10).join(lines))
    >>> german_credit(file)[["sex", "age", "amount"]].values.tolist()
    [['male', 67, 1169], ['female', 22, 5951]]
    """
    remedy = "give the file german.data"
    frame = read_local(path, remedy, sep=r"\s+", header=None)
    problem = f"has {frame.shape[1]} columns, and german.data {len(GERMAN_COLUMNS)}"
    TableError.unless(frame.shape[1] == len(GERMAN_COLUMNS), str(path), problem, remedy)
    frame.columns = pd.Index(GERMAN_COLUMNS)
    refuse_text(frame, {name: name for name in _FILE["numbers"]}, path)
    for column, codes in GERMAN_CODES.items():
        strange = int((~frame[column].isin(list(codes))).sum())
        problem = f"has {strange} values other than {', '.join(map(str, codes))}"
        TableError.unless(not strange, f"{path}, {column}", problem, remedy)
    made = frame.assign(
        sex=frame["personal_status"].map(GERMAN_CODES["personal_status"]),
        age_band=bands(frame["age"], [26]).astype(str),
        **{name: frame[name].map(GERMAN_CODES[name]) for name in ("foreign_worker", "outcome")},
    )
    told = "columns made: sex, of the codes of personal_status, and age_band, of age cut at 26"
    words = "columns whose codes became words: foreign_worker and outcome"
    return with_changes(made, [TableChange(2, told), TableChange(2, words)])


def german_dataset(path: str | Path) -> Dataset:
    """German credit as a Dataset: good loans favourable; sex, age band, foreign worker.

    Examples
    --------
    >>> import tempfile
    >>> lines = ("A11 6 A34 A43 1169 A65 A75 4 A93 A101 4 A121 67 A143 A152 2 A173 1 A192 A201 1",
    ...          "A12 48 A32 A43 5951 A61 A73 2 A92 A101 2 A121 22 A143 A152 1 A173 1 A191 A201 2")
    >>> file = Path(tempfile.mkdtemp()) / "german.data"
    >>> written = file.write_text(chr(10).join(lines))
    >>> german_dataset(file).y.tolist()
    [1, 0]
    """
    return blockwise(
        german_credit(path),
        GERMAN_FACTORS,
        target="outcome",
        favourable="good",
        sensitive=["sex", "age_band", "foreign_worker"],
        name="German credit",
    )
