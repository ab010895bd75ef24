"""Taiwan's credit cards of 2005: 30,000 card holders, and who missed the next payment."""

from pathlib import Path
from typing import Any

import pandas as pd

from credit_ml.core import Dataset, TableError, bands, beside
from credit_ml.core.tables.changes import TableChange, with_changes
from credit_ml.datasets.local import blockwise, read_local, refuse_text

_FILE = beside(__file__)

#: Columns as published, and the names used here.
TAIWAN_COLUMNS: dict[str, str] = {shown: said[0] for shown, said in _FILE["columns"].items()}

#: What the codes of the file's classes stand for.
TAIWAN_CODES: dict[str, dict[int, str]] = {
    column: {int(code): word for code, word in words.items()}
    for column, words in _FILE["codes"].items()
}

#: Factors of a lender's view; sex, marriage and age are sensitive features and left out.
TAIWAN_FACTORS = {name: tuple(columns) for name, columns in _FILE["factors"].items()}

#: Lower ages of the bands after the first.
TAIWAN_AGES = (30, 40, 50)

_OUTCOME = "default payment next month"


def taiwan_dictionary() -> pd.DataFrame:
    """Return what every column of `taiwan_credit` is: name, column of the file, unit, meaning.

    Examples
    --------
    >>> taiwan_dictionary().set_index("name").loc["delay_1"].tolist()
    ['PAY_0', 'months', 'delay of payment in September 2005']
    """
    rows = [[name, shown, *said] for shown, (name, *said) in _FILE["columns"].items()]
    return pd.DataFrame(rows, columns=["name", "column", "unit", "meaning"])


def taiwan_credit(path: str | Path) -> pd.DataFrame:
    """Read the default data of Taiwan's credit cards with plain names.

    Delays are months; of the values below one the documentation explains -1 (paid duly) alone,
    and the file holds -2 and 0 too. They stay numbers as they are.

    Parameters
    ----------
    path : str or Path
        The file as published (``default of credit card clients.xls``, which has two lines of
        names), saved as .xlsx or csv, or Kaggle's ``UCI_Credit_Card.csv``. Columns may be called
        by their words (``LIMIT_BAL``) or by number (``X1`` to ``X23`` and ``Y``). An ``ID`` is
        dropped.

    Returns
    -------
    DataFrame
        The columns of `taiwan_dictionary` and ``age_band``; ``default`` is 1 for a missed payment.

    Raises
    ------
    TableError
        When the file cannot be read, lacks a column or holds other codes.

    References
    ----------
    Yeh, I.-C. (2009). Default of Credit Card Clients. UCI Machine Learning Repository.
    doi 10.24432/C55S3H, CC BY 4.0. Yeh, I.-C. and Lien, C.-H. (2009). The comparisons of data
    mining techniques for the predictive accuracy of probability of default of credit card
    clients. Expert Systems with Applications 36, 2473-2480.

    Examples
    --------
    >>> import tempfile
    >>> frame = pd.DataFrame([dict.fromkeys(TAIWAN_COLUMNS, 1)] * 2).assign(AGE=[25, 61])
    >>> file = Path(tempfile.mkdtemp()) / "cards.csv"
    >>> frame.to_csv(file, index_label="ID")
    >>> taiwan_credit(file)[["sex", "education", "age_band"]].values.tolist()
    [['male', 'graduate school', 'under 30'], ['male', 'graduate school', '50 and over']]
    """
    remedy = "give the file of UCI, default of credit card clients, as xls, xlsx or csv"
    frame = _named(read_local(path, remedy))
    absent = [f"'{column}'" for column in TAIWAN_COLUMNS if column not in frame.columns]
    TableError.unless(not absent, str(path), f"has no column {', '.join(absent)}", remedy)
    frame = frame[list(TAIWAN_COLUMNS)].rename(columns=TAIWAN_COLUMNS)
    refuse_text(frame, {name: shown for shown, name in TAIWAN_COLUMNS.items()}, path)
    allowed: dict[str, Any] = {**TAIWAN_CODES, "default": {0: "paid", 1: "missed"}}
    for shown, name in TAIWAN_COLUMNS.items():
        strange = int((~frame[name].isin(list(allowed.get(name, frame[name])))).sum())
        problem = f"has {strange} values other than {', '.join(map(str, allowed.get(name, ())))}"
        TableError.unless(not strange, f"{path}, {shown}", problem, remedy)
    words = {name: frame[name].map(codes) for name, codes in TAIWAN_CODES.items()}
    made = frame.assign(**words, age_band=bands(frame["age"], TAIWAN_AGES).astype(str))
    told = f"columns whose codes became words: {', '.join(TAIWAN_CODES)}"
    cut = "column made: age_band, of age cut at 30, 40 and 50"
    return with_changes(made, [TableChange(len(TAIWAN_CODES), told), TableChange(1, cut)])


def taiwan_dataset(path: str | Path) -> Dataset:
    """Taiwan's credit cards as a Dataset: paying favourable; sex, age band, marriage sensitive.

    Examples
    --------
    >>> import tempfile
    >>> frame = pd.DataFrame([dict.fromkeys(TAIWAN_COLUMNS, 1)] * 2).assign(AGE=[25, 61])
    >>> frame["default payment next month"] = [0, 1]
    >>> file = Path(tempfile.mkdtemp()) / "cards.csv"
    >>> frame.to_csv(file, index_label="ID")
    >>> taiwan_dataset(file).y.tolist()
    [1, 0]
    """
    return blockwise(
        taiwan_credit(path),
        TAIWAN_FACTORS,
        target="default",
        favourable=0,
        sensitive=["sex", "age_band", "marriage"],
        name="Taiwan's credit cards",
    )


def _named(frame: pd.DataFrame) -> pd.DataFrame:
    """Give columns the published words, whether they have them, numbers, or a second line of them.

    The published spreadsheet says X1, X2, ... in its first line and LIMIT_BAL, SEX, ... in its
    second, so that every column is read as text.
    """
    told = frame.iloc[0].astype(str).str.strip()
    if set(TAIWAN_COLUMNS) <= set(told):
        below = frame.iloc[1:].set_axis(told.tolist(), axis=1)
        frame = below.reset_index(drop=True).apply(_numbers_where_they_are)
    numbered = dict(zip([f"X{at}" for at in range(1, 24)], TAIWAN_COLUMNS, strict=False))
    other = {"default.payment.next.month": _OUTCOME, "PAY_1": "PAY_0", "Y": _OUTCOME}
    have = {str(column).strip() for column in frame.columns}
    taken = {shown: name for shown, name in (numbered | other).items() if name not in have}
    return frame.rename(columns=lambda column: str(column).strip()).rename(columns=taken)


def _numbers_where_they_are(column: pd.Series) -> pd.Series:
    try:
        return pd.to_numeric(column)
    except (ValueError, TypeError):
        return column
