"""Folds for guessing a group: near copies and people of one cluster stay together."""

from collections.abc import Iterator

import numpy as np
import pandas as pd

from credit_ml.core.tables.arrays import Rows
from credit_ml.inference import People

#: So many people at most are taken for copies of one another, such as a matched set.
MOST_ALIKE = 5
#: How near copies are, as a share of the distance to whoever comes next.
NEAR = 1 / 3


def folds_of(
    encoded: pd.DataFrame, groups: Rows, people: People, folds: int, generator: np.random.Generator
) -> Rows:
    """Fold of each person, with about equal shares of the groups.

    Whoever is judged must not have a copy among those who trained the guess: of matched pairs one
    would learn the other's group from it, and guess the opposite. Clusters are kept whole where
    intervals count them. Where some fold would then lack a group, copies alone are kept together,
    and where even that is so, nobody.
    """
    by_person = np.empty(len(groups), dtype=np.intp)
    for group in range(int(groups.max()) + 1):
        rows = generator.permutation(np.flatnonzero(groups == group))
        by_person[rows] = np.arange(len(rows)) % folds
    sets = near_copies(encoded)
    by_set = by_person[np.unique(sets, return_index=True)[1]][sets]
    clusters = people.clusters if people.counted == "clusters" else None
    whole = [] if clusters is None else list(_by_cluster(groups, sets, clusters, folds, generator))
    for fold in (*whole, by_set):
        if len(np.unique(fold * (int(groups.max()) + 1) + groups)) == folds * (groups.max() + 1):
            return fold
    return by_person


def near_copies(encoded: pd.DataFrame) -> Rows:
    """Number of each person's set of near copies from 0; most people are a set of their own.

    Up to five people are copies where each is three times nearer to the others than to whoever
    comes next, in columns of equal spread.

    Examples
    --------
    >>> near_copies(pd.DataFrame({"late": [0.0, 5.0, 0.01, 2.0]})).tolist()
    [0, 1, 0, 2]
    """
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components
    from sklearn.neighbors import NearestNeighbors

    size, number = len(encoded), min(MOST_ALIKE, len(encoded) - 1)
    if not encoded.shape[1] or number < 2:
        return np.arange(size)
    points = (encoded - encoded.mean()) / encoded.std().replace(0.0, 1.0)
    distance, nearest = NearestNeighbors(n_neighbors=number).fit(points.fillna(0.0)).kneighbors()
    apart = distance[:, :-1] < NEAR * distance[:, 1:]
    copies = np.where(apart, np.arange(1, number), 0).max(axis=1)
    linked = np.arange(number) < copies[:, None]
    places = (np.repeat(np.arange(size), copies), nearest[linked])
    one_way = csr_array((np.ones(len(places[0])), places), shape=(size, size))
    sets: Rows = connected_components(one_way * one_way.T, directed=False)[1].astype(np.intp)
    return sets


def _by_cluster(
    groups: Rows, sets: Rows, clusters: Rows, folds: int, generator: np.random.Generator
) -> Iterator[Rows]:
    """Yield folds that keep clusters whole: with copies who live in several, and without."""
    from scipy.sparse import csr_array
    from scipy.sparse.csgraph import connected_components
    from sklearn.model_selection import StratifiedGroupKFold

    shape = (int(clusters.max()) + 1, int(sets.max()) + 1)
    shared = csr_array((np.ones(len(sets)), (clusters, sets)), shape=shape)
    joined = connected_components(shared @ shared.T, directed=False)[1][clusters]
    seed, fold = int(generator.integers(2**31)), np.empty(len(groups), dtype=np.intp)
    for units in (joined, clusters):
        # In few columns some are copies by chance, and would join all clusters into one.
        if np.bincount(units).max() * folds <= len(groups):
            splitter = StratifiedGroupKFold(folds, shuffle=True, random_state=seed)
            for place, (_, held) in enumerate(splitter.split(groups, groups, units)):
                fold[held] = place
            yield fold.copy()
