"""One pass over the people: counts by group, outcome and decision, and moments of scores."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt
import pandas as pd

from credit_ml.core import TableError, need_known
from credit_ml.fairness.checks import aligned, binary, finite

#: Cells of the finest table; more would not fit the memory that the counts are to save.
MOST_CELLS = 4_000_000

#: Name of the first axis of a tally that keeps clusters apart.
CLUSTERS = "(clusters)"
#: Clusters that an audit keeps apart at most; more are thrown together, far ones with near ones,
#: which leaves the intervals right and their number of clusters large.
MOST_CLUSTERS = 4_000


@dataclass(frozen=True, kw_only=True, eq=False)
class Tally:
    """Everything that group metrics need of any number of people, in a small mergeable table.

    ``counts[g1, ..., gk, outcome, decision]``: people in each combination of the k sensitive
    features, with each outcome and decision (0 then 1). Tallies of two sets of people add up
    to the tally of both, so chunks, cities or machines can be tallied apart.

    Examples
    --------
    >>> sensitive = pd.DataFrame({"sex": pd.Categorical(["f", "m", "m"])})
    >>> tally = Tally.of([True, True, False], sensitive, y=[1, 0, 0])
    >>> tally.counts[1].tolist(), (tally + tally).people
    ([[1, 1], [0, 0]], 6)
    """

    groups: Mapping[str, tuple[str, ...]]
    """Sensitive features and their groups, in the order of the axes of `counts`."""
    counts: np.ndarray
    """People, as int64, shape ``(*groups, outcomes, 2)``; outcomes is 1 when they are unknown."""
    sums: np.ndarray | None = None
    """Sum of scores in each cell; None without scores."""
    squares: np.ndarray | None = None
    """Sum of squared scores in each cell. The variance made of it is right to about
    1e-15 x (mean score) squared."""
    weight: np.ndarray | None = None
    """Sum of the people's weights in each cell; None when everybody counts once. Where people
    have weights, scores are summed times the weight, squares are of that product, and who has
    weight 0 is not among the `counts`."""
    weight_squares: np.ndarray | None = None
    """Sum of the squared weights in each cell."""
    crossed: np.ndarray | None = None
    """Sum of squared weight times score in each cell."""

    @classmethod
    def of(
        cls,
        decisions: npt.ArrayLike,
        sensitive: pd.DataFrame,
        *,
        y: npt.ArrayLike | None = None,
        scores: npt.ArrayLike | None = None,
        clusters: npt.ArrayLike | None = None,
        weights: npt.ArrayLike | None = None,
    ) -> Self:
        """Count people by one bincount over the product of the groups' codes.

        Cost: one pass over the codes, two more over the scores; one byte a person of working
        memory while there are at most 256 cells (and eight bytes when scores are given).

        Parameters
        ----------
        decisions : array-like of bool or of 0 and 1, length n
            True or 1 is good for the person.
        sensitive : DataFrame, n rows
            Categoricals without missing values, one column a sensitive feature.
        y : array-like of 0 and 1, optional
            Outcome: 1 when the obligation was kept.
        scores : array-like of float, optional
            Finite numbers.
        clusters : array-like, optional
            Label of the cluster that each person shares chances with, such as a district: it
            becomes the first axis, `CLUSTERS`, and intervals count clusters. A label means the
            same cluster in every part of a sum of tallies.
        weights : array-like of float, optional
            Of how many people each one speaks, at least 0.

        Raises
        ------
        TableError
            When a length differs, a decision or outcome is neither 0 nor 1, a score is not
            finite, a sensitive feature is not categorical or has missing values, or the
            product of groups is too large.
        """
        if sensitive.shape[1] == 0:
            raise TableError("sensitive", "names no sensitive feature", "give at least one")
        if clusters is not None:
            sensitive = pd.concat([_cluster_axis(clusters, sensitive), sensitive], axis=1)
        decided = binary(decisions, "decisions", sensitive.index)
        kept = None if y is None else binary(y, "outcome", sensitive.index)
        groups = {str(name): _names(sensitive[name]) for name in sensitive.columns}
        shape = (*map(len, groups.values()), 1 if kept is None else 2, 2)
        cells = math.prod(shape)
        if cells > MOST_CELLS:
            problem = f"makes {cells // (2 * shape[-2]):,} intersections of groups"
            raise TableError("sensitive", problem, "name fewer sensitive features")
        code = _codes(sensitive, shape, decided, kept)
        points = None if scores is None else finite(scores, "scores", sensitive.index)
        summed: dict[str, Any] = {} if points is None else {"sums": points}
        if weights is not None:
            own = finite(weights, "weights", sensitive.index)
            TableError.unless(own.min(initial=0) >= 0, "weights", "are negative", "give 0 or more")
            code, points = code[own > 0], None if points is None else points[own > 0]
            own = own[own > 0]
            summed = {"weight": own, "weight_squares": own * own}
            if points is not None:
                summed |= {"sums": own * points, "crossed": own * own * points}
        if "sums" in summed:
            summed["squares"] = summed["sums"] * summed["sums"]
        if summed:
            code = code.astype(np.intp)
        counts, *others = (
            np.bincount(code, weights=values, minlength=cells).reshape(shape)
            for values in (None, *summed.values())
        )
        return cls(groups=groups, counts=counts, **dict(zip(summed, others, strict=True)))

    @property
    def people(self) -> int:
        """How many were tallied."""
        return int(self.counts.sum())

    def __add__(self, other: "Tally") -> "Tally":
        """Tally of both sets of people; groups that only one of them has are kept.

        Raises
        ------
        TableError
            When the sensitive features differ, or only one has outcomes, or scores.
        """
        if list(self.groups) != list(other.groups):
            problem = f"is over {list(self.groups)} and {list(other.groups)}"
            raise TableError("tally", problem, "tally the same")
        for what, one, two in (
            ("outcomes", self.counts.shape[-2] == 2, other.counts.shape[-2] == 2),
            ("scores", self.sums is not None, other.sums is not None),
            ("weights", self.weight is not None, other.weight is not None),
        ):
            if one != two:
                raise TableError("tally", f"has {what} in one part only", "tally both alike")
        union = {
            name: tuple(dict.fromkeys((*self.groups[name], *other.groups[name])))
            for name in self.groups
        }
        wide = _placed(other, union)
        added: dict[str, Any] = {
            part: None if one is None else one + getattr(wide, part)
            for part, one in vars(_placed(self, union)).items()
            if part != "groups"
        }
        return Tally(groups=union, **added)

    def merge(self, *others: "Tally") -> "Tally":
        """Tally of these people and all the others."""
        return sum(others, self)

    def marginal(self, names: Sequence[str]) -> "Tally":
        """Tally by fewer sensitive features; by none, everybody is one group.

        Raises
        ------
        TableError
            When a name is not among the tally's sensitive features.
        """
        for name in names:
            need_known(TableError, "sensitive", name, self.groups)
        kept = [name for name in self.groups if name in names]
        spare = tuple(axis for axis, name in enumerate(self.groups) if name not in names)

        def summed(array: np.ndarray) -> np.ndarray:
            return np.asarray(array.sum(axis=spare))

        return self.changed({name: self.groups[name] for name in kept}, summed)

    def changed(
        self, groups: Mapping[str, tuple[str, ...]], change: Callable[[np.ndarray], np.ndarray]
    ) -> "Tally":
        """Tally over other groups: counts and all sums changed alike."""
        arrays = {name: array for name, array in vars(self).items() if name != "groups"}
        made = {name: change(array) for name, array in arrays.items() if array is not None}
        return Tally(groups=groups, **made)


def _cluster_axis(clusters: npt.ArrayLike, sensitive: pd.DataFrame) -> pd.Series:
    labels = aligned(clusters, "clusters", sensitive.index)
    codes, known = pd.factorize(labels, use_na_sentinel=True)
    if (codes < 0).any():
        problem = f"are missing in {(codes < 0).sum()} rows"
        raise TableError("clusters", problem, "drop or fill those rows")
    names = pd.Index(known).astype(str)
    axis = pd.Categorical.from_codes(codes, names)
    return pd.Series(axis, index=sensitive.index, name=CLUSTERS)


def _names(column: pd.Series) -> tuple[str, ...]:
    place = f"sensitive feature '{column.name}'"
    if not isinstance(column.dtype, pd.CategoricalDtype):
        remedy = "make it categorical, or use Dataset.from_frame"
        raise TableError(place, f"holds {column.dtype} values", remedy)
    missing = int((column.cat.codes.to_numpy() < 0).sum())
    if missing:
        remedy = "drop those rows or make them their own group"
        raise TableError(place, f"is missing in {missing} rows", remedy)
    return tuple(map(str, column.cat.categories))


def _codes(
    sensitive: pd.DataFrame, shape: tuple[int, ...], decided: np.ndarray, kept: np.ndarray | None
) -> np.ndarray:
    # The smallest type that holds every cell: the pass is bound by memory.
    small = np.min_scalar_type(math.prod(shape) - 1)
    code = np.zeros(len(sensitive), dtype=small)
    for name, levels in zip(sensitive.columns, shape, strict=False):
        code *= levels
        code += sensitive[name].cat.codes.to_numpy().astype(small)
    if kept is not None:
        code *= 2
        code += kept
    code *= 2
    code += decided
    return code


def _placed(tally: Tally, union: Mapping[str, tuple[str, ...]]) -> Tally:
    """The tally over more groups, of whom it has nobody."""
    if union == tally.groups:
        return tally
    places = [[union[name].index(group) for group in tally.groups[name]] for name in union]

    def wide(array: np.ndarray) -> np.ndarray:
        found = np.zeros((*map(len, union.values()), *array.shape[-2:]), dtype=array.dtype)
        found[np.ix_(*places)] = array
        return found

    return tally.changed(union, wide)
