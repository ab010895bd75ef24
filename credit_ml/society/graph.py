"""The graph that slots make, and what one's friends look like in it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from credit_ml.society.ties import Members, Slots

Cells = Mapping[str, NDArray[np.int32]]


@dataclass(frozen=True, kw_only=True)
class Fabric:
    """Slots with what they picked: enough to know whom a twin would have met."""

    cells: Cells
    """Cell of every citizen in every context."""
    slots: Slots
    """Slots in the order of their owners."""
    target: NDArray[np.int32]
    """Whom each slot picked; -1 where its context had nobody to offer."""
    seat: NDArray[np.float64]
    """A uniform per citizen: the place that a twin takes in a cell it moves to."""

    @property
    def citizens(self) -> int:
        """Number of citizens."""
        return len(self.seat)


def fill_slots(cells: Cells, slots: Slots, chosen: Cells) -> NDArray[np.int32]:
    """Whom each slot picks, its owner standing in `chosen`, everybody else in `cells`.

    A slot whose context has nothing to offer picks anybody, as a random one does.
    """
    citizens = len(next(iter(cells.values())))
    target = np.full(len(slots.owner), -1, dtype=np.int32)
    for number, context in enumerate(cells):
        rows = np.flatnonzero(slots.context == number)
        target[rows] = Members(cells[context]).pick(
            chosen[context][slots.owner[rows]], slots.chance[rows]
        )
    anyone = np.flatnonzero(target < 0)
    picked = (slots.chance[anyone] * citizens).astype(np.int64)
    target[anyone] = np.minimum(picked, citizens - 1)
    return target


def undirected(owner: NDArray[Any], target: NDArray[Any], citizens: int) -> csr_array:
    """Union of slots as a symmetric 0/1 matrix without self-loops."""
    return directed(np.concatenate([owner, target]), np.concatenate([target, owner]), citizens)


def directed(owner: NDArray[Any], target: NDArray[Any], citizens: int) -> csr_array:
    """Rows of friends: row i holds a 1 for each distinct friend of i, in rising order."""
    real = owner != target
    key = owner[real].astype(np.int64) * citizens + target[real]
    key.sort()
    key = key[np.concatenate([[True], key[1:] != key[:-1]])] if len(key) else key
    row, column = np.divmod(key, citizens)
    start = np.concatenate([[0], np.cumsum(np.bincount(row, minlength=citizens))])
    ones = np.ones(len(key), dtype=np.float32)
    return csr_array(
        (ones, column.astype(np.int32), start.astype(np.int64)),
        shape=(citizens, citizens),
    )


def twin_ties(fabric: Fabric, chosen: Cells) -> csr_array:
    """Friends of every citizen's twin, all other people being as they are.

    The twin's own slots pick from the cells it stands in. In a context where the twin keeps
    the citizen's cell, whoever picked the citizen still does. Where it moves, it takes the
    seat of one member of the new cell and is picked by whoever picked that member: members of
    a cell are exchangeable, so this is how many and whom one picks there.

    Returns
    -------
    scipy.sparse.csr_array
        Row i holds the friends of i's twin. Not symmetric: each row is another counterfactual.
    """
    citizens, slots = fabric.citizens, fabric.slots
    everyone = np.arange(citizens, dtype=np.int32)
    owners = [slots.owner]
    friends = [fill_slots(fabric.cells, slots, chosen)]
    random_context = len(fabric.cells)
    for number, context in enumerate([*fabric.cells, None]):
        rows = np.flatnonzero(slots.context == number)
        seat = everyone
        if number != random_context and context is not None:
            moved = chosen[context] != fabric.cells[context]
            taken = Members(fabric.cells[context]).pick(chosen[context], fabric.seat)
            seat = np.where(moved, taken, everyone)
        twin, picker = _picked_by(fabric.target[rows], slots.owner[rows], seat)
        owners.append(twin)
        friends.append(picker)
    return directed(np.concatenate(owners), np.concatenate(friends), citizens)


def _picked_by(
    target: NDArray[np.int32], owner: NDArray[np.int32], seat: NDArray[np.int32]
) -> tuple[NDArray[np.int32], NDArray[np.int32]]:
    # Owners sorted by the person they picked: those of seat s lie in first[s]:first[s + 1].
    order = np.argsort(target, kind="stable")
    picker = owner[order]
    count = np.bincount(target, minlength=len(seat)) if len(target) else np.zeros(len(seat), int)
    first = np.concatenate([[0], np.cumsum(count)])
    known = seat >= 0
    length = np.where(known, count[np.maximum(seat, 0)], 0)
    begin = np.where(known, first[np.maximum(seat, 0)], 0)
    twin = np.repeat(np.arange(len(seat), dtype=np.int32), length)
    within = np.arange(len(twin)) - np.repeat(np.cumsum(length) - length, length)
    return twin, picker[np.repeat(begin, length) + within].astype(np.int32)


def friend_records(
    ties: csr_array, late: NDArray[Any], spending: NDArray[Any], judgments: NDArray[Any]
) -> dict[str, NDArray[Any]]:
    """Number of friends and means of their records; NaN for one without friends.

    Cost: one pass over ties.
    """
    values = np.column_stack([late, spending, judgments > 0]).astype(np.float64)
    number = np.diff(ties.indptr)
    with np.errstate(invalid="ignore", divide="ignore"):
        means = (ties @ values) / number[:, None]
    return {
        "friends": number,
        "friends_late": means[:, 0],
        "friends_spending": means[:, 1],
        "friends_judgments": means[:, 2],
    }
