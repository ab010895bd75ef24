"""The cheapest change that lifts a linear score, where each feature has its bounds."""

import numpy as np

from credit_ml.core.tables.arrays import Array
from credit_ml.strategic.closed_form.change_plan import ChangePlan, LeastChange


def _room(task: LeastChange, weights: Array) -> Array:
    """How far each feature can go towards a better score, people x features."""
    shape = (len(task.need), weights.shape[1])
    above = np.full(shape, np.inf) if task.above is None else task.above
    below = np.full(shape, np.inf) if task.below is None else task.below
    return np.where(weights > 0, above, np.where(weights < 0, below, 0.0))


def knapsack(task: LeastChange, weights: Array, price: Array) -> ChangePlan:
    """Fill the cheapest feature first; the last one that is needed is filled in part."""
    size = np.abs(weights)
    room = _room(task, weights)
    gain = np.where(room > 0, size * np.where(room > 0, room, 1.0), 0.0)
    order = np.broadcast_to(np.argsort(price, axis=1, kind="stable"), gain.shape)
    left, cost, rows = task.need.copy(), np.zeros(len(task.need)), np.zeros(gain.shape)
    everybody = np.arange(len(left))
    price, size, signs = (np.broadcast_to(a, gain.shape) for a in (price, size, np.sign(weights)))
    for feature in order.T:
        at = (everybody, feature)
        points = np.where(np.isfinite(price[at]), np.minimum(left, gain[at]), 0.0)
        used = points > 0
        cost += np.where(used, points * np.where(used, price[at], 0.0), 0.0)
        rows[at] = signs[at] * np.divide(points, size[at], out=np.zeros(len(points)), where=used)
        left -= points
    return ChangePlan(cost=np.where(left <= task.slack, cost, np.inf), rows=rows)


def filled(task: LeastChange, weights: Array, prices: Array) -> ChangePlan:
    """Raise one multiplier m until the score is reached; features at their bound stay there.

    Feature j goes m |b_j| / a_j until its room is used up. The multiplier that would do without
    bounds is never too high, so that whoever it takes to a bound is there in the end: after at
    most as many rounds as features nobody is taken there any more.
    """
    size = np.abs(weights)
    priced = np.isfinite(prices)
    speed = np.where(priced, size / np.where(priced, prices, 1.0), 0.0)
    room = _room(task, weights)
    open_ = (room > 0) & (speed > 0)
    rows, left = np.zeros(room.shape), task.need.copy()
    while True:
        total = np.einsum("ij,ij->i", np.broadcast_to(size * speed, room.shape), open_ * 1.0)
        still = np.maximum(left, 0.0)
        multiplier = np.divide(still, total, out=np.zeros(len(left)), where=total > 0)
        going = np.where(open_, multiplier[:, None] * speed, 0.0)
        over = going > np.where(open_, room, np.inf)
        if not over.any():
            break
        full = np.where(over, room, 0.0)
        rows += full
        left -= np.einsum("ij,ij->i", np.broadcast_to(size, full.shape), full)
        open_ &= ~over
    rows += going
    reached = np.einsum("ij,ij->i", np.broadcast_to(size, rows.shape), rows)
    cost = np.einsum("ij,j->i", rows**2, np.where(priced, prices, 0.0))
    able = reached >= task.need - task.slack
    return ChangePlan(cost=np.where(able, cost, np.inf), rows=np.sign(weights) * rows)
