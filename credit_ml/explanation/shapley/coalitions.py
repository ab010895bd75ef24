"""Scores of every person under all coalitions of factors."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from credit_ml.core import Array, ModelError, Rows, known_names
from credit_ml.core.progress import followed
from credit_ml.explanation.shapley.flat_trees import flat_trees, read_by
from credit_ml.explanation.shapley.tree_walk import MOST_WALKED, walked
from credit_ml.scoring.output import InnerModel

Score = Callable[[pd.DataFrame], Array]

#: With more factors, coalitions of a score that adds nothing up by column are not all asked.
MOST_EXACT = 8
#: More factors than this need more than 4,096 coalitions a person.
MOST_FACTORS = 12
#: Scores of coalitions held at once (128 MB).
MOST_SCORES = 2**24


def check_factors(factors: Mapping[str, Sequence[str]], X: pd.DataFrame) -> None:
    """Raise ModelError unless factors share out columns that X holds.

    Examples
    --------
    >>> check_factors({"history": ["late"], "work": ["job"]}, pd.DataFrame({"late": [0]}))
    Traceback (most recent call last):
    credit_ml.core.errors.ModelError: factor 'work': column 'job' is absent; known: late
    """
    ModelError.unless(factors, "factors", "are none", "name at least one")
    owner: dict[str, str] = {}
    for factor, columns in factors.items():
        for column in columns:
            if column not in X.columns:
                known = known_names(column, [str(name) for name in X.columns])
                raise ModelError(f"factor '{factor}'", f"column '{column}' is absent", known)
            if column in owner:
                problem = f"column '{column}' is in '{owner[column]}' too"
                raise ModelError(f"factor '{factor}'", problem, "name it in one factor")
            owner[column] = factor


def check_coalitions(factors: Mapping[str, Sequence[str]], most: int = MOST_FACTORS) -> None:
    """Raise ModelError where all coalitions of the factors are too many to ask about."""
    problem = f"number {len(factors)}, which needs 2**{len(factors)} coalitions"
    remedy = f"group the columns into at most {most} factors"
    ModelError.unless(len(factors) <= most, "factors", problem, remedy)


def all_coalitions(score: Score, factors: Mapping[str, Sequence[str]]) -> bool:
    """Whether all coalitions are asked: up to 8 factors, 12 of a score that adds columns up."""
    inner: Any = getattr(score, "inner", None)
    adds = inner is not None and hasattr(inner.model, "additive_terms")
    return len(factors) <= (MOST_FACTORS if adds else MOST_EXACT)


def coalition_scores(
    score: Score, own: pd.DataFrame, other: pd.DataFrame, factors: Mapping[str, Sequence[str]]
) -> Array:
    """Scores of every person under all coalitions of factors.

    Row S of the result is ``f(own columns of the factors in S, the other row's columns else)``;
    columns in no factor are one's own in every row.

    Cost: 2**K calls of the model on all people. Of trees (`flat_trees`), one pass over each tree
    (`walked`), exact too and some fifty times faster; of scores that add columns up, two calls.

    Parameters
    ----------
    own, other : DataFrame
        Row i of `other` stands in for person i: a reference, or the person's twin.

    Returns
    -------
    ndarray of shape (2**K, people)

    Examples
    --------
    >>> own, other = pd.DataFrame({"a": [1], "b": [3]}), pd.DataFrame({"a": [0], "b": [0]})
    >>> blocks = {"A": ["a"], "B": ["b"]}
    >>> coalition_scores(lambda X: X["a"] + X["b"], own, other, blocks).ravel().tolist()
    [0.0, 1.0, 3.0, 4.0]
    """
    check_factors(factors, own)
    read = scores_of_rows(score, own, other, factors)
    if read is not None:
        return read(slice(None))
    check_coalitions(factors)
    other = other.set_axis(own.index)
    owner = owners(factors)
    columns = [column for column in own.columns if column in owner]
    # A factor that is the same in both rows makes no difference: its bit is never asked about.
    free = 0
    for column in columns:
        free |= (not own[column].equals(other[column])) << owner[column]
    scores = np.empty((2 ** len(factors), len(own)))
    for coalition in followed(range(len(scores)), "coalitions of factors"):
        if coalition & ~free:
            scores[coalition] = scores[coalition & free]
            continue
        others = [column for column in columns if not coalition >> owner[column] & 1]
        mixed = {column: (other if column in others else own)[column] for column in own.columns}
        scores[coalition] = score(pd.DataFrame(mixed, index=own.index, copy=False))
    return scores


@dataclass(frozen=True, kw_only=True)
class MixedRows:
    """People, and those who stand in beside them, for rows that have some factors of each.

    Examples
    --------
    >>> own, other = pd.DataFrame({"a": [1], "b": [3]}), pd.DataFrame({"a": [0], "b": [3]})
    >>> rows = MixedRows.of(own, other, {"A": ["a"], "B": ["b"]})
    >>> rows.differ.tolist(), rows.table(np.array([0]), np.array([[False, True]])).to_dict("list")
    ([[True, False]], {'a': [0], 'b': [3]})
    """

    both: pd.DataFrame
    """Columns of factors: of the people, and below them of those who stand in."""
    labels: pd.Index
    """Of the people's rows; a model that knows people by their row meets them so."""
    owner: Mapping[str, int]
    """The number of each column's factor."""
    differ: NDArray[np.bool_]
    """Whether the two rows differ in a factor, shape (people, K)."""

    @classmethod
    def of(
        cls, own: pd.DataFrame, other: pd.DataFrame, factors: Mapping[str, Sequence[str]]
    ) -> "MixedRows":
        """Lay two tables of the same columns below each other. Cost: one copy of both."""
        owner = owners(factors)
        columns = [column for column in own.columns if column in owner]
        both = pd.concat([own[columns], other[columns]], ignore_index=True)
        # What a table carries beside its columns would be copied with each of them.
        both.attrs = {}
        differ = np.zeros((len(own), len(factors)), dtype=bool)
        for column in columns:
            codes = pd.factorize(both[column])[0]
            differ[:, owner[column]] |= codes[: len(own)] != codes[len(own) :]
        return cls(both=both, labels=own.index, owner=owner, differ=differ)

    @property
    def columns(self) -> list[str]:
        """Columns of factors, in the order of the table."""
        return list(self.both.columns)

    def table(self, people: Rows, taken: NDArray[np.bool_]) -> pd.DataFrame:
        """Rows of some people, with their own columns of the factors that are taken.

        Parameters
        ----------
        people : ndarray of int, shape (rows,)
            Places; a person may come several times.
        taken : ndarray of bool, shape (rows, K)
        """
        size = len(self.labels)
        places = people[:, np.newaxis] + np.where(taken, 0, size)
        mixed = {
            column: self.both[column].array.take(places[:, self.owner[column]])
            for column in self.columns
        }
        return pd.DataFrame(mixed, index=self.labels.take(people), copy=False)


def owners(factors: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """Return the number of each column's factor."""
    return {column: k for k, block in enumerate(factors.values()) for column in block}


def scores_of_rows(
    score: Score,
    own: pd.DataFrame,
    other: pd.DataFrame | Rows,
    factors: Mapping[str, Sequence[str]],
) -> Callable[[slice], Array] | None:
    """Scores of all coalitions of some rows, of a score that is read without being asked.

    Tables are read once, however many parts of the rows are asked about; where those who stand in
    are rows of `own` they are not read again.

    Parameters
    ----------
    other : DataFrame, or ndarray of int
        Rows that stand in, or their positions in `own`.

    Returns
    -------
    callable or None
        From a slice of rows to an array of shape (2**K, rows); None of a score that is neither
        trees nor a sum of columns.
    """
    inner: Any = getattr(score, "inner", None)
    if inner is None:
        return None
    check_coalitions(factors)
    owner, number = owners(factors), len(factors)

    def of_both(read: Callable[[pd.DataFrame], Any]) -> tuple[Any, Any]:
        mine = read(own)
        return mine, mine[other] if isinstance(other, np.ndarray) else read(other)

    forest = None if number > MOST_WALKED else flat_trees(inner.model)
    if forest is not None and owner.keys() >= set(columns := inner.read(own[:1]).columns):
        trees = forest
        own_values, other_values = of_both(lambda rows: read_by(trees, inner.read(rows)))
        factor = np.array([owner[column] for column in columns], dtype=np.int8)

        def walk(part: slice) -> Array:
            raw = walked(trees, own_values[part], other_values[part], factor, number)
            return np.asarray(inner.link(raw))

        return walk
    if inner_terms(inner, own[:1], owner, number) is None:
        return None
    mine, theirs = of_both(lambda rows: inner_terms(inner, rows, owner, number))
    members = (np.arange(2**number)[:, None] >> np.arange(number)) & 1

    def summed(part: slice) -> Array:
        start = inner.model.intercept_ + theirs[part].sum(axis=1)
        return np.asarray(inner.link(start + members @ (mine[part] - theirs[part]).T))

    return summed


def terms_by_factor(
    score: Score, X: pd.DataFrame, factors: Mapping[str, Sequence[str]]
) -> Array | None:
    """What each factor adds to each raw score, shape (people, K); None of scores that do not add.

    Examples
    --------
    >>> terms_by_factor(lambda X: X["a"], pd.DataFrame({"a": [1]}), {"A": ["a"]}) is None
    True
    """
    owner = owners(factors)
    inner: Any = getattr(score, "inner", None)
    return None if inner is None else inner_terms(inner, X, owner, len(factors))


def inner_terms(
    inner: InnerModel, X: pd.DataFrame, owner: Mapping[str, int], factors: int
) -> Array | None:
    """What each factor adds to a model's raw sum, by the number of each column's factor."""
    if not hasattr(inner.model, "additive_terms"):
        return None
    terms = inner.model.additive_terms(inner.seen(X))
    if not owner.keys() >= set(terms.columns):
        return None
    parts = np.zeros((len(X), factors))
    for column in terms.columns:
        parts[:, owner[column]] += terms[column].to_numpy()
    return parts
