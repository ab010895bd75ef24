"""Tallies of a nation's parts as sums that add up, and the tally of all that they make."""

import math
from typing import Any

import numpy as np
import pandas as pd

from credit_ml.core.tables.summary import Summary, rows_of
from credit_ml.fairness.tally.tally import CLUSTERS, MOST_CELLS, MOST_CLUSTERS, Tally
from credit_ml.inference import FEWEST_CLUSTERS

#: Parts of a tally that intervals need cluster by cluster; of others the sum is enough.
_BY_CLUSTER = ("counts", "sums")


def most_clusters(features: pd.DataFrame) -> int:
    """How many clusters a tally of these features keeps apart.

    Examples
    --------
    >>> most_clusters(pd.DataFrame({"sex": pd.Categorical(["f", "m"])}))
    4000
    """
    cells = 4 * math.prod(len(features[name].cat.categories) for name in features)
    return max(FEWEST_CLUSTERS, min(MOST_CLUSTERS, MOST_CELLS // cells))


def summed(tally: Tally, name: str) -> Summary:
    """Return what adds up of a tally whose clusters are numbers.

    Examples
    --------
    >>> features = pd.DataFrame({"sex": pd.Categorical(["f", "m"])})
    >>> tally = Tally.of([1, 0], features, clusters=[7, 3])
    >>> summed(tally, "all").rows["all.counts"][0].tolist()
    [3, 7]
    """
    labels = np.array(list(map(int, tally.groups[CLUSTERS])))
    order = np.argsort(labels)
    rows, sums = {}, {}
    for part, array in _arrays(tally).items():
        if part in _BY_CLUSTER:
            there, values = rows_of(array[order])
            rows[f"{name}.{part}"] = labels[order][there], values
        else:
            sums[f"{name}.{part}"] = array.sum(axis=0)
    return Summary(sums=sums, rows=rows)


def tally_of(summary: Summary, name: str, features: pd.DataFrame) -> Tally:
    """Return the tally of everybody of whom `summed` told; `features` have the same groups.

    Squares stand at the first cluster: they are read of all clusters together.
    """
    levels = {str(each): tuple(map(str, features[each].cat.categories)) for each in features}
    places = np.unique(
        np.concatenate([_of(summary, name, part)[0] for part in _told(summary, name)])
    )
    made: dict[str, Any] = {}
    for part in _told(summary, name):
        held, values = _of(summary, name, part)
        made[part] = np.zeros((len(places), *values.shape[1:]), dtype=values.dtype)
        made[part][np.searchsorted(places, held)] = values
    for key, whole in summary.sums.items():
        if key.startswith(f"{name}."):
            part = key.removeprefix(f"{name}.")
            made[part] = np.zeros((len(places), *whole.shape), dtype=whole.dtype)
            made[part][0] = whole
    return Tally(groups={CLUSTERS: tuple(map(str, places)), **levels}, **made)


def _arrays(tally: Tally) -> dict[str, np.ndarray]:
    return {k: v for k, v in vars(tally).items() if k != "groups" and v is not None}


def _told(summary: Summary, name: str) -> list[str]:
    keys = (f"{name}.{part}" for part in _BY_CLUSTER)
    return [key.removeprefix(f"{name}.") for key in keys if key in summary.rows]


def _of(summary: Summary, name: str, part: str) -> tuple[np.ndarray, np.ndarray]:
    return summary.rows[f"{name}.{part}"]
