"""The model at the end of a pipeline, and which column of the table each of its columns is of."""

from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from scipy import sparse
from sklearn.pipeline import Pipeline

from credit_ml.core import ModelError
from credit_ml.core.tables.frames import with_columns
from credit_ml.core.tables.origin import names_read
from credit_ml.scoring.direction import display_name

#: People on whom it is tried which columns a pipeline makes of which.
TRACED = 500
#: Orders in which a column's values are dealt out to other people.
_SEED = 0


class Inside(NamedTuple):
    """What a pipeline's last step is given."""

    model: Any
    """The last step, of a search that of the best pipeline."""
    X: pd.DataFrame
    """Its columns."""
    owner: tuple[str, ...]
    """Of each of them the column of the table that it is made of."""


def inside(model: Any, X: pd.DataFrame) -> Inside:
    """Take the preparing steps of a pipeline away; any other model is what it is.

    Which column of the table is behind a prepared one is tried: the values of each are dealt out to
    other people, and what changes is made of it. So it holds for any preparation, one-hot and
    target encoding, scaling, imputation, or functions of one's own.

    Cost: one transformation of 500 people for each column.

    Raises
    ------
    ModelError
        When a prepared column is made of several, as principal components are.

    Examples
    --------
    >>> from sklearn.linear_model import LogisticRegression
    >>> from sklearn.pipeline import make_pipeline
    >>> from sklearn.preprocessing import OneHotEncoder
    >>> people = pd.DataFrame({"job": ["a", "b", "a"]})
    >>> model = make_pipeline(OneHotEncoder(), LogisticRegression()).fit(people, [0, 1, 0])
    >>> inside(model, people).owner
    ('job', 'job')
    """
    model = getattr(model, "best_estimator_", model)
    owner = tuple(map(str, X.columns))
    while isinstance(model, Pipeline):
        steps, last = model[:-1], model[-1]
        if len(steps):
            made = _prepared(steps, X, last)
            behind = _owners(steps, X, made, display_name(model))
            named = dict(zip(map(str, X.columns), owner, strict=True))
            X, owner = made, tuple(named.get(name, "") for name in behind)
        model = getattr(last, "best_estimator_", last)
    return Inside(model, X, owner)


def _prepared(steps: Any, X: pd.DataFrame, last: Any) -> pd.DataFrame:
    made = steps.transform(X)
    if isinstance(made, pd.DataFrame):
        return made
    values = made.toarray() if sparse.issparse(made) else np.asarray(made)
    names = names_read(last) or _told_names(steps, values.shape[1])
    return pd.DataFrame(values, index=X.index, columns=names)


def _told_names(steps: Any, number: int) -> list[str]:
    try:
        return [str(name) for name in steps.get_feature_names_out()]
    except Exception:  # a step that tells none: its columns are numbered
        return [f"column {place}" for place in range(number)]


def _owners(steps: Any, X: pd.DataFrame, made: pd.DataFrame, name: str) -> list[str]:
    """Which column each prepared one is made of; "" of one that nobody's values change."""
    some = X.iloc[np.linspace(0, len(X) - 1, min(len(X), TRACED)).astype(int)]
    before = _cells(steps.transform(some))
    deal = np.random.default_rng(_SEED).permutation(len(some))
    found: list[list[str]] = [[] for _ in range(made.shape[1])]
    for column in map(str, X.columns):
        dealt = with_columns(some, {column: some[column].iloc[deal].set_axis(some.index)})
        after = _cells(steps.transform(dealt))
        for place in np.flatnonzero(_differs(before, after).any(axis=0)):
            found[place].append(column)
    several = next((each for each in found if len(each) > 1), None)
    if several is not None:
        problem = f"mixes {' and '.join(several[:2])} into one column before it scores"
        raise ModelError(name, problem, "use attributions by factor")
    told = _told_names(steps, made.shape[1])
    return [each[0] if each else _by_name(told[k], X.columns) for k, each in enumerate(found)]


def _cells(made: Any) -> np.ndarray:
    return made.toarray() if sparse.issparse(made) else np.asarray(made)


def _differs(one: np.ndarray, other: np.ndarray) -> np.ndarray:
    both_missing = np.asarray(pd.isna(one) & pd.isna(other))
    return np.asarray(np.asarray(one != other) & ~both_missing)


def _by_name(prepared: str, columns: Iterable[Any]) -> str:
    """Which column a prepared one's name holds, after its step's; the longest that fits."""
    own = prepared.rpartition("__")[2]
    fits = [str(name) for name in columns if str(name) in own]
    return max(fits, key=len, default="")
