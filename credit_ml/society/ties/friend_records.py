"""What friends' records tell of a citizen, as columns of the citizen's own record."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from credit_ml.society.arrays import Arrays
from credit_ml.society.ties.graph import friend_means

#: What friends' records tell of a citizen: the mean over friends of these columns.
FRIENDS_TELL = {
    "friends_late": "late_payments",
    "friends_spending": "spending",
    "friends_gaming": "gaming_hours",
    "friends_stars": "driver_stars",
}

#: Columns that friends' records bring, in the order of `friends_table`.
TOLD = (*FRIENDS_TELL, "friends_judgments")


def friends_table(records: Arrays) -> NDArray[np.float32]:
    """What each citizen's records tell of its friends, one row a citizen."""
    size = len(records["judgments"])
    table = np.empty((size, len(TOLD)), dtype=np.float32)
    for number, name in enumerate(FRIENDS_TELL.values()):
        table[:, number] = records[name]
    table[:, -1] = records["judgments"] > 0
    return table


def friends_records(
    indptr: NDArray[Any], indices: NDArray[Any], table: NDArray[np.float32]
) -> Arrays:
    """Number of friends and what their records say, from `friends_table` of those they may be."""
    means = friend_means(indptr, indices, table)
    columns = {name: means[:, number].copy() for number, name in enumerate(TOLD)}
    return {"friends": np.diff(indptr).astype(np.int32), **columns}
