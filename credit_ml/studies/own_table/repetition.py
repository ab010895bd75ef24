"""Columns that say again what another says: the outcome, a given score, or who people are."""

import shlex
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from credit_ml.core import Dataset, TableError
from credit_ml.core.errors import Remedy, TableErrors
from credit_ml.core.tables.columns import MOST_GROUPS, refuse_identity
from credit_ml.core.tables.origin import spread
from credit_ml.studies.own_table.spec import TableAudit

#: A column that tells this share of what the commonest value leaves open says it again.
AGAIN = 0.9
#: As few people of the rarer outcome prove nothing, nor does a value that fewer have.
FEW, RARE = 20, 5
#: People looked at, spread evenly over the table.
LOOKED_AT = 20_000


def share_told(column: pd.Series, labels: pd.Series) -> float:
    """How much of what the commonest label leaves open a column tells by itself.

    That is Goodman and Kruskal's lambda: the share of wrong guesses of a label that are saved by
    knowing the column; 0 when it saves none, 1 when it saves all. What is missing is a value too.
    Numbers are cut where that saves most, at most seven times; values that fewer than five people
    have are one.

    Parameters
    ----------
    column : Series
        A feature, shape (people,).
    labels : Series
        Without missing values, shape (people,).

    References
    ----------
    Goodman, L. A. and Kruskal, W. H. (1954). Measures of association for cross classifications.
    Journal of the American Statistical Association 49.

    Examples
    --------
    >>> sex = pd.Series(["f", "m"] * 50)
    >>> share_told(sex.map({"f": "Mrs", "m": "Mr"}), sex), share_told(pd.Series([1] * 100), sex)
    (1.0, 0.0)
    """
    codes, _ = pd.factorize(labels)
    missed = len(codes) - np.bincount(codes).max()
    if not missed:
        return 0.0
    counts = pd.crosstab(_cut(column, codes), codes).to_numpy()
    return float(1 - (len(codes) - counts.max(axis=1).sum()) / missed)


def _cut(column: pd.Series, codes: np.ndarray) -> np.ndarray:
    """A number a person for the value that they have, or the leaf of numbers that they are in."""
    values, different = pd.factorize(column)
    if pd.api.types.is_numeric_dtype(column) and len(different) > MOST_GROUPS:
        from sklearn.tree import DecisionTreeClassifier

        numbers = column.to_numpy(dtype="float64", na_value=np.nan)[:, np.newaxis]
        tree = DecisionTreeClassifier(max_leaf_nodes=8, min_samples_leaf=RARE, random_state=0)
        leaves: np.ndarray = tree.fit(numbers, codes).apply(numbers)
        return leaves
    # From -1, of those who have none, to 0.
    often = np.bincount(values + 1)[values + 1] >= RARE
    found: np.ndarray = np.where(often, values, len(different))
    return found


def refuse_as_factor(
    frame: pd.DataFrame, name: str, asked: TableAudit, place: str, *, alone: bool = False
) -> None:
    """Refuse a column that nobody called a factor: a key, or what says outcome or score again.

    What says the outcome was written down with it, or after it: a scorer trained with it looks
    perfect and is of no use, and a gap is all its own.

    Raises
    ------
    TableError
    """
    column = frame[name]
    refuse_identity(column, place, alone=alone)
    rows = spread(len(frame), LOOKED_AT)
    own = column.iloc[rows].reset_index(drop=True)
    remedy = Remedy(
        f"leave it out: without=['{name}'], or name it in factors",
        f"leave it out: --without '{name}', or name it in a file of --factors",
    )
    for role, check in (("target", _says_again), ("score", _made_of)):
        other = getattr(asked, role)
        if other in frame.columns:
            problem = check(own, frame[other].iloc[rows].reset_index(drop=True))
            TableError.unless(not problem, f"{place}, column '{name}'", str(problem), remedy)


def _says_again(column: pd.Series, outcome: pd.Series) -> str | None:
    counts = outcome.value_counts()
    if outcome.isna().any() or len(counts) < 2 or counts.min() < FEW:
        return None
    told = share_told(column, outcome)
    share = f"{100 * told:.0f} % of what the commonest value leaves open"
    return f"says the outcome '{outcome.name}' again ({share})" if told >= AGAIN else None


def _made_of(column: pd.Series, score: pd.Series) -> str | None:
    """Whether words are bands of the score; numbers may be what the score is made of."""
    if pd.api.types.is_numeric_dtype(column) or not pd.api.types.is_numeric_dtype(score):
        return None
    ends = score.groupby(column.astype("str"), observed=True).agg(["min", "max"]).sort_values("min")
    apart = bool((ends["min"].iloc[1:].to_numpy() > ends["max"].iloc[:-1].to_numpy()).all())
    again = 1 < len(ends) <= MOST_GROUPS and apart
    return f"is made of the score '{score.name}'" if again else None


def with_all_left_out(several: TableErrors, columns: Sequence[str], place: str) -> TableErrors:
    """Add to what is wrong with columns how to leave all of them out at once."""
    # The last of several about one column, which knows the whole table, is the one to act on.
    wrong = {each.place if "column" in each.place else str(each): each for each in several.errors}
    names = [name for name in columns if f"{place}, column '{name}'" in wrong]
    errors = list(wrong.values())
    if len(names) < 2:
        return TableErrors(place, errors)
    apart = any("," in name for name in names)
    words = names if apart else [",".join(names)]
    remedy = Remedy(
        f"leave them out: without={names}",
        f"leave them out: {' '.join(f'--without {shlex.quote(word)}' for word in words)}",
    )
    problem = f"has {len(names)} columns that are no factors as they are"
    return TableErrors(place, [*errors, TableError(place, problem, remedy)])


def carriers(dataset: Dataset, features: Iterable[str]) -> list[dict[str, Any]]:
    """Return which columns of factors tell a sensitive feature by themselves.

    Returns
    -------
    list of dict
        column, sensitive, and the share that is told, at least `AGAIN`.

    Examples
    --------
    >>> frame = pd.DataFrame({"title": ["Mrs", "Mr"] * 50, "late": [0, 1, 2, 3, 4] * 20,
    ...                       "sex": ["f", "m"] * 50, "paid": [1, 0] * 50})
    >>> data = Dataset.from_frame(frame, target="paid", sensitive="sex")
    >>> carriers(data, ["sex"])
    [{'column': 'title', 'sensitive': 'sex', 'share': 1.0}]
    """
    rows = spread(len(dataset), LOOKED_AT)
    X = dataset.X.iloc[rows].reset_index(drop=True)
    found = []
    for feature in features:
        groups = dataset.groups(feature).iloc[rows].reset_index(drop=True)
        for column in X.columns:
            told = share_told(X[column], groups)
            if told >= AGAIN:
                found.append({"column": str(column), "sensitive": str(feature), "share": told})
    return found
