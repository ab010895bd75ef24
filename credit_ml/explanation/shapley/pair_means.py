"""Mean scores of coalitions over everybody in a reference, as cheaply as the model allows."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from credit_ml.core import Array
from credit_ml.core.progress import followed
from credit_ml.explanation.shapley.coalitions import Score, inner_terms, owners
from credit_ml.explanation.shapley.flat_trees import flat_trees, read_by
from credit_ml.explanation.shapley.tree_walk import MOST_WALKED, walked
from credit_ml.scoring import BlendScorer, LogOddsClassifier, NeuralScorer
from credit_ml.scoring.output import InnerModel

#: Scores of coalitions that a processor keeps at hand while it averages them (4 MB).
AT_HAND = 2**19
#: Rows of one call of a model that is asked.
MOST_ASKED = 2**17

#: Raw scores of some of the people with everybody in the reference, of shape (2**K, people,
#: reference), or one that is stretched to it.
_Pairs = Callable[[slice], Array]


class _Case(NamedTuple):
    people: pd.DataFrame
    reference: pd.DataFrame
    owner: Mapping[str, int]
    """The number of each column's factor."""
    factors: int

    @property
    def members(self) -> NDArray[np.int64]:
        """Whether a factor is a person's own, a row a coalition."""
        number = self.factors
        return (np.arange(2**number)[:, None] >> np.arange(number)) & 1


def mean_coalition_scores(
    score: Score,
    people: pd.DataFrame,
    reference: pd.DataFrame,
    factors: Mapping[str, Sequence[str]],
) -> Array:
    """Mean over a reference of `coalition_scores` of each person with everybody in it.

    Sums of columns, trees, networks and blends of those are read once a person and not once a
    pair. Any other model is asked, once for whatever rows have in common: a coalition mixes what
    its members are in a person with what the rest is in a reference person, and either half is
    often shared.

    Cost: at most ``2**K x people x reference`` rows scored.

    Returns
    -------
    ndarray of shape (2**K, people)

    Examples
    --------
    >>> people, reference = pd.DataFrame({"a": [4.0, 4.0]}), pd.DataFrame({"a": [0.0, 2.0]})
    >>> mean_coalition_scores(lambda X: X["a"], people, reference, {"A": ["a"]}).tolist()
    [[1.0, 1.0], [4.0, 4.0]]
    """
    case = _Case(people, reference, owners(factors), len(factors))
    inner: Any = getattr(score, "inner", None)
    raw = None if inner is None else _raw_of_pairs(inner, case)
    if raw is None:
        return _asked(score, case)
    many = len(people)
    shown = np.empty((2 ** len(factors), many))
    step = max(1, AT_HAND // (len(reference) << len(factors)))
    for start in range(0, many, step):
        rows = slice(start, min(start + step, many))
        shown[:, rows] = np.asarray(inner.link(raw(rows))).mean(axis=2)
    return shown


def _raw_of_pairs(inner: InnerModel, case: _Case) -> _Pairs | None:
    """Return how a model's raw scores are read, or None of one that must be asked."""
    if isinstance(inner.model, BlendScorer):
        return _of_blend(inner, case)
    return _of_sums(inner, case) or _of_trees(inner, case) or _of_network(inner, case)


def _of_sums(inner: InnerModel, case: _Case) -> _Pairs | None:
    both = case.people, case.reference
    mine, theirs = (inner_terms(inner, rows, case.owner, case.factors) for rows in both)
    if mine is None or theirs is None:
        return None
    of_own = case.members @ mine.T + inner.model.intercept_
    of_other = (1 - case.members) @ theirs.T
    return lambda rows: of_own[:, rows, None] + of_other[:, None, :]


def _of_trees(inner: InnerModel, case: _Case) -> _Pairs | None:
    forest = None if case.factors > MOST_WALKED else flat_trees(inner.model)
    if forest is None:
        return None
    told = inner.read(case.people)
    if not case.owner.keys() >= set(told.columns):
        return None
    factor = np.array([case.owner[column] for column in told.columns], dtype=np.int8)
    own, other, walk = read_by(forest, told), read_by(forest, inner.read(case.reference)), forest

    def walked_pairs(rows: slice) -> Array:
        some = own[rows]
        pairs = np.repeat(some, len(other), axis=0), np.tile(other, (len(some), 1))
        return walked(walk, *pairs, factor, case.factors).reshape(-1, len(some), len(other))

    return walked_pairs


def _of_network(inner: InnerModel, case: _Case) -> _Pairs | None:
    """What factors add to the first layer is summed up once; the rest is done a pair."""
    network = inner.model
    if not isinstance(network, NeuralScorer):
        return None
    told = inner.read(case.people)
    if not case.owner.keys() >= set(told.columns):
        return None
    mine, theirs = (
        network.first_sums(rows, [case.owner[column] for column in told.columns], case.factors)
        for rows in (told, inner.read(case.reference))
    )
    of_own = np.tensordot(case.members, mine, 1)
    of_other = np.tensordot(1 - case.members, theirs, 1)

    def passed_on(rows: slice) -> Array:
        # A person's pairs at a time stay near the processor, which halves the time.
        each = (of_own[:, [row]] + of_other for row in range(*rows.indices(len(told))))
        return np.stack([network.from_first_sums(sums) for sums in each], axis=1)

    return passed_on


def _of_blend(inner: InnerModel, case: _Case) -> _Pairs | None:
    """Log-odds of a blend are a weighted sum of those of its parts."""
    blend = inner.model
    parts: list[_Pairs] = []
    for scorer in blend.scorers_:
        read = _raw_of_pairs(_part(inner, scorer), case)
        if read is None:
            return None
        parts.append(read)

    def blended(rows: slice) -> Array:
        several = zip(blend.weights_, parts, strict=True)
        total: Array = blend.intercept_ + sum(weight * read(rows) for weight, read in several)
        return total

    return blended


def _part(inner: InnerModel, scorer: LogOddsClassifier) -> InnerModel:
    """One scorer of a blend, which reads the table by its own encoder."""

    def read(X: pd.DataFrame) -> pd.DataFrame:
        return scorer.encoder_.transform(inner.seen(X))

    return InnerModel(model=scorer, read=read, seen=inner.seen, link=inner.link)


def _asked(score: Score, case: _Case) -> Array:
    """Ask the model about each pair of halves that somebody has, once."""
    own, other = _codes(case.people, case), _codes(case.reference, case)
    shown = np.empty((2**case.factors, len(case.people)))
    for coalition in followed(range(len(shown)), "coalitions of factors"):
        taken = case.members[coalition] == 1
        # Columns in no factor are a person's own in every row.
        mine, whose = np.unique(_joined(own, [*taken, True]), return_inverse=True)
        theirs, with_whom = np.unique(_joined(other, [*~taken, False]), return_inverse=True)
        people, reference = _first(whose, len(mine)), _first(with_whom, len(theirs))
        counts = np.bincount(with_whom) / len(with_whom)
        means = np.empty(len(people))
        step = max(1, MOST_ASKED // len(reference))
        for start in range(0, len(people), step):
            some = people[start : start + step]
            found = np.asarray(score(_mixed(case, some, reference, taken)), dtype=np.float64)
            means[start : start + step] = found.reshape(len(some), -1) @ counts
        shown[coalition] = means[whose]
    return shown


def _codes(rows: pd.DataFrame, case: _Case) -> list[NDArray[np.int64]]:
    """Number what rows are in each factor, and last in the columns of none; equals are equal."""
    codes = [np.zeros(len(rows), dtype=np.int64) for _ in range(case.factors + 1)]
    for name in rows.columns:
        place = case.owner.get(name, case.factors)
        codes[place] = _joined([codes[place], pd.factorize(rows[name])[0] + 1], [True, True])
    return codes


def _joined(codes: Sequence[NDArray[np.int64]], taken: Sequence[bool]) -> NDArray[np.int64]:
    """Number what rows are in several things at once."""
    joined = np.zeros(len(codes[0]), dtype=np.int64)
    for code, whether in zip(codes, taken, strict=True):
        if whether:
            joined = np.unique(joined * (code.max() + 1) + code, return_inverse=True)[1]
    return joined


def _first(places: NDArray[np.int64], number: int) -> NDArray[np.int64]:
    """Return the first row of each number."""
    first = np.empty(number, dtype=np.int64)
    first[places[::-1]] = np.arange(len(places))[::-1]
    return first


def _mixed(
    case: _Case, some: NDArray[np.int64], reference: NDArray[np.int64], taken: NDArray[np.bool_]
) -> pd.DataFrame:
    """Rows of each of some people with each of the reference."""
    own, other = np.repeat(some, len(reference)), np.tile(reference, len(some))
    own_factors = np.append(taken, True)
    mixed = {
        name: case.people[name].array.take(own)
        if own_factors[case.owner.get(name, case.factors)]
        else case.reference[name].array.take(other)
        for name in case.people.columns
    }
    return pd.DataFrame(mixed, copy=False)
