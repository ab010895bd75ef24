"""Give Me Some Credit: 150,000 borrowers and whether they were 90 days late in two years."""

from pathlib import Path

import pandas as pd

from credit_ml.core import Dataset, TableError, bands, beside
from credit_ml.core.tables.changes import TableChange, with_changes
from credit_ml.datasets.local import blockwise, read_local, refuse_text

_FILE = beside(__file__)

#: Columns as shipped, and the names used here.
GMSC_COLUMNS: dict[str, str] = _FILE["columns"]

#: Factors of a lender's view; age itself is left out, for its bands are the sensitive feature.
GMSC_FACTORS = {name: tuple(columns) for name, columns in _FILE["factors"].items()}

#: Lower ages of the bands after the first.
GMSC_AGES = (30, 45, 60)

#: From this number on a count of late payments is a code (96 and 98), and no count.
LEAST_CODE = 96


def give_me_some_credit(path: str | Path) -> pd.DataFrame:
    """Read Give Me Some Credit with plain names and age bands.

    Monthly income is missing for one borrower in five and dependants for one in forty; they
    stay missing. The counts of late payments 96 and 98 are codes, not counts, and become
    missing too.

    Parameters
    ----------
    path : str or Path
        The csv, or a zip that holds it alone; an unnamed first column of row numbers is
        dropped.

    Returns
    -------
    DataFrame
        The columns of `GMSC_COLUMNS` by their names here, and ``age_band``. A borrower of age
        0 is a mistake of the file and is left out. What was left out and recoded is on the table
        (`credit_ml.core.tables.changes.changes_of`), and so on the page of an audit of it.

    Raises
    ------
    TableError
        When the file cannot be read or lacks a column.

    References
    ----------
    Kaggle (2011). Give Me Some Credit, as shipped with whynot 0.12.0.

    Examples
    --------
    >>> import tempfile
    >>> names = ["SeriousDlqin2yrs", *(name for name in GMSC_COLUMNS if name != "SeriousDlqin2yrs")]
    >>> frame = pd.DataFrame([[paid, *[2] * (len(names) - 1)] for paid in (0, 1)], columns=names)
    >>> frame["age"] = [40, 70]
    >>> file = Path(tempfile.mkdtemp()) / "cs.csv"
    >>> frame.to_csv(file, index=False)
    >>> give_me_some_credit(file)["age_band"].astype(str).tolist()
    ['30 to 45', '60 and over']
    """
    remedy = "give cs-training.csv or its zip"
    frame = read_local(path, remedy, na_values=["NA"])
    absent = [f"'{column}'" for column in GMSC_COLUMNS if column not in frame.columns]
    TableError.unless(not absent, str(path), f"has no column {', '.join(absent)}", remedy)
    frame = frame[list(GMSC_COLUMNS)].rename(columns=GMSC_COLUMNS)
    refuse_text(frame, {name: shown for shown, name in GMSC_COLUMNS.items()}, path)
    known = frame["default"].isin([0, 1]).all()
    problem = "has outcomes other than 0 and 1, or none (as in the file of the contest's test)"
    TableError.unless(known, f"{path}, SeriousDlqin2yrs", problem, remedy)
    aged = frame[frame["age"] > 0].reset_index(drop=True)
    late = ["late_30_days", "late_60_days", "late_90_days"]
    coded = aged[late] >= LEAST_CODE
    absent_age, people = len(frame) - len(aged), int(coded.any(axis=1).sum())
    aged[late] = aged[late].mask(coded)
    made = aged.assign(age_band=bands(aged["age"], GMSC_AGES).astype(str))
    rows = "row left out, of a person" if absent_age == 1 else "rows left out, of people"
    return with_changes(
        made,
        [
            TableChange(absent_age, f"{rows} aged 0"),
            TableChange(
                people, "people whose counts of late payments are codes (96 or 98), made missing"
            ),
            TableChange(1, "column made: age_band, of age cut at 30, 45 and 60"),
        ],
    )


def give_me_some_credit_dataset(path: str | Path) -> Dataset:
    """Give Me Some Credit as a Dataset: no default favourable; age band sensitive.

    Examples
    --------
    >>> import tempfile
    >>> names = ["SeriousDlqin2yrs", *(name for name in GMSC_COLUMNS if name != "SeriousDlqin2yrs")]
    >>> frame = pd.DataFrame([[paid, *[2] * (len(names) - 1)] for paid in (0, 1)], columns=names)
    >>> frame["age"] = [40, 70]
    >>> file = Path(tempfile.mkdtemp()) / "cs.csv"
    >>> frame.to_csv(file, index=False)
    >>> give_me_some_credit_dataset(file).y.tolist()
    [1, 0]
    """
    return blockwise(
        give_me_some_credit(path),
        GMSC_FACTORS,
        target="default",
        favourable=0,
        sensitive=["age_band"],
        name="Give Me Some Credit",
    )
