"""One way to group people: a sensitive feature, an intersection of some, or everybody."""

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from credit_ml.core import TableError, need_known
from credit_ml.core.schema import CROSS
from credit_ml.core.schema import EVERYBODY as EVERYBODY
from credit_ml.core.tables.columns import label_of
from credit_ml.fairness.metrics.catalogue import RATES, parts_of
from credit_ml.fairness.tally.tally import CLUSTERS, Tally
from credit_ml.inference import Estimate, Weighed, means_of_sums, shares_of_counts, weighed_means


@dataclass(frozen=True, kw_only=True, eq=False)
class Grouping:
    """Counts and score moments by group, the groups in one list."""

    name: str
    groups: tuple[str, ...]
    counts: np.ndarray
    """Shape (groups, outcomes, 2)."""
    sums: np.ndarray | None
    """Sum of scores by group."""
    squares: np.ndarray | None
    """Sum of squared scores by group."""
    weight: np.ndarray | None = None
    """Sums of weights, of the shape of `counts`; None when everybody counts once."""
    weight_squares: np.ndarray | None = None
    """Sums of squared weights, of the shape of `counts`."""
    crossed: np.ndarray | None = None
    """Sum of squared weight times score by group."""
    by_cluster: np.ndarray | None = None
    """Counts, or sums of weights, with the clusters first, shape (clusters, groups, outcomes, 2);
    None when people are counted."""
    cluster_scores: np.ndarray | None = None
    """Sum of scores, shape (clusters, groups)."""

    @property
    def people(self) -> np.ndarray:
        """People by group."""
        return np.asarray(self.counts.sum(axis=(-2, -1)))

    @property
    def features(self) -> tuple[str, ...]:
        """Sensitive features that it crosses; none for everybody."""
        return () if self.name == EVERYBODY else tuple(self.name.split(CROSS))

    @property
    def clusters(self) -> int:
        """Clusters that intervals count; 0 when they count people."""
        return 0 if self.by_cluster is None else len(self.by_cluster)

    @property
    def size(self) -> np.ndarray:
        """Sum of weights by group; people, where everybody counts once."""
        return self.people if self.weight is None else np.asarray(self.weight.sum(axis=(-2, -1)))

    def parts(self, names: Sequence[str], counts: np.ndarray) -> tuple[np.ndarray, ...]:
        """Numerators and denominators of rates, each of shape (..., groups, names)."""
        parts = [parts_of(counts, name) for name in names]
        return tuple(np.stack(part, axis=-1) for part in zip(*parts, strict=True))

    def rates(self, names: Sequence[str]) -> Estimate:
        """Rates of the groups, shape (groups, names); nobody is in two groups."""
        counts = self.counts if self.weight is None else self.weight
        clustered = self.by_cluster is not None
        hits, people = self.parts(names, counts if self.by_cluster is None else self.by_cluster)
        if self.weight_squares is None:
            found = shares_of_counts(hits, people, clustered=clustered)
        else:
            squares, whole = self.parts(names, self.weight_squares)
            weighed = Weighed(people, whole, self.parts(names, self.counts)[1])
            found = weighed_means(
                hits, weighed, squares, squares, clustered=clustered, family="share"
            )
        reasons = found.reason
        for place, name in enumerate(names):
            missing = (found.people[:, place] == 0) & (self.people > 0)
            reasons[missing, place] = f"there are none {RATES[name].whose}"
        # People of the group, also where a rate is of some of them.
        everybody = np.broadcast_to(self.people[:, np.newaxis], found.people.shape)
        return replace(found, people=everybody.astype("float64"), reason=reasons)

    def mean_scores(self) -> Estimate:
        """Mean score of the groups, shape (groups,)."""
        assert self.sums is not None
        assert self.squares is not None
        clustered = self.by_cluster is not None
        if self.weight_squares is not None and self.crossed is not None:
            size = self.size if self.by_cluster is None else self.by_cluster.sum(axis=(-2, -1))
            everybody = Weighed(size, self.weight_squares.sum(axis=(-2, -1)), self.people)
            sums = self.sums if self.cluster_scores is None else self.cluster_scores
            return weighed_means(sums, everybody, self.squares, self.crossed, clustered=clustered)
        if self.by_cluster is None or self.cluster_scores is None:
            return means_of_sums(self.sums, self.people, self.squares)
        people = self.by_cluster.sum(axis=(-2, -1)).astype("float64")
        return means_of_sums(self.cluster_scores, people, self.squares, clustered=True)

    def reference(self, named: str | None) -> int:
        """Position of the reference group: the named, else the first most numerous (by weight).

        Raises
        ------
        TableError
            When there is no such group, or nobody in it.
        """
        if named is None:
            return int(np.argmax(self.size))
        present = [self.groups[place] for place in np.flatnonzero(self.people)]
        group = label_of(named)
        need_known(TableError, f"reference_groups, '{self.name}'", group, present)
        return self.groups.index(group)


def groupings_of(tally: Tally, *, intersections: bool) -> dict[str, Grouping]:
    """Everybody, each sensitive feature and, if asked, every pair of them and all together."""
    names = tuple(name for name in tally.groups if name != CLUSTERS)
    kept = () if len(names) == len(tally.groups) else (CLUSTERS,)
    chosen = [(), *((name,) for name in names)]
    if intersections:
        chosen += itertools.combinations(names, 2)
        chosen += [names] if len(names) > 2 else []
    groupings = [_grouping(tally.marginal((*kept, *subset))) for subset in chosen]
    return {grouping.name: grouping for grouping in groupings}


def references_of(given: Mapping[str, str] | str | None, tally: Tally) -> dict[str, str]:
    """Reference groups by grouping; one group alone is that of every single feature."""
    if given is None or isinstance(given, Mapping):
        return dict(given or {})
    return dict.fromkeys(people_only(tally).groups, given)


def people_only(tally: Tally) -> Tally:
    """Tally without its clusters, if it has any."""
    return tally.marginal([name for name in tally.groups if name != CLUSTERS])


def cluster_count(tally: Tally) -> int:
    """Clusters that have people; 0 when the tally does not tell them apart."""
    if CLUSTERS not in tally.groups:
        return 0
    return int((tally.counts.sum(axis=tuple(range(1, tally.counts.ndim))) > 0).sum())


def members_of(features: pd.DataFrame, grouping: Grouping) -> np.ndarray:
    """Everybody's place in the groups of a grouping; all 0 in that of everybody."""
    chosen = [features[name].cat for name in features if name in grouping.features]
    places = {group: place for place, group in enumerate(grouping.groups)}
    levels = itertools.product(*(part.categories.astype(str) for part in chosen))
    lookup = np.array([places.get(CROSS.join(level), -1) for level in levels])
    code = np.zeros(len(features), dtype=np.intp)
    for part in chosen:
        code = code * len(part.categories) + part.codes.to_numpy()
    return np.asarray(lookup[code]) if chosen else code


def _grouping(tally: Tally) -> Grouping:
    """List the groups; an intersection keeps every combination of the groups that exist."""
    whole = people_only(tally)
    alive, levels = [], []
    for name, groups in whole.groups.items():
        alive.append(np.flatnonzero(whole.marginal([name]).counts.sum(axis=(-2, -1))))
        levels.append([groups[place] for place in alive[-1]])
    labels = tuple(map(CROSS.join, itertools.product(*levels))) if levels else ("all",)

    def listed(array: np.ndarray) -> np.ndarray:
        lead = [np.arange(size) for size in array.shape[: array.ndim - len(alive) - 2]]
        inner = [np.arange(size) for size in array.shape[-2:]]
        chosen = array[np.ix_(*lead, *alive, *inner)]
        return chosen.reshape(*chosen.shape[: len(lead)], -1, *chosen.shape[-2:])

    def scores(array: np.ndarray | None) -> np.ndarray | None:
        return None if array is None else np.asarray(listed(array).sum(axis=(-2, -1)))

    def whole_of(array: np.ndarray | None) -> np.ndarray | None:
        return None if array is None else listed(array)

    clustered = CLUSTERS in tally.groups
    return Grouping(
        name=CROSS.join(whole.groups) or EVERYBODY,
        groups=labels,
        counts=listed(whole.counts),
        sums=scores(whole.sums),
        squares=scores(whole.squares),
        weight=whole_of(whole.weight),
        weight_squares=whole_of(whole.weight_squares),
        crossed=scores(whole.crossed),
        by_cluster=whole_of(tally.counts if tally.weight is None else tally.weight)
        if clustered
        else None,
        cluster_scores=scores(tally.sums) if clustered else None,
    )
