"""The cheapest change that lifts a linear score by what is needed, in closed form.

For each person: minimise cost(d) subject to <b, d> >= need, for the weights b that the person
believes in. Weights are one row for everybody or one row a person.
"""

from dataclasses import dataclass
from functools import singledispatch
from typing import NoReturn

import numpy as np
from numpy.typing import NDArray
from scipy.linalg.blas import dgemm

from credit_ml.core import MenuError
from credit_ml.disclosure.costs import (
    Array,
    Cost,
    Mahalanobis,
    MixedCost,
    OneSided,
    Quadratic,
    Separable,
)
from credit_ml.disclosure.social_costs import PerTie

EPSILON = float(np.finfo(np.float64).eps)


@dataclass(frozen=True, kw_only=True)
class Task:
    """What people want: to lift the score that they believe in, within their bounds."""

    weights: Array
    """Believed, one row for everybody or one row a person."""
    need: Array
    """Points still missing, above 0."""
    slack: Array
    """What rounding may leave missing."""
    below: Array | None
    """Room below each value, people x features; None for no bounds."""
    above: Array | None

    @property
    def bounded(self) -> bool:
        """Whether any bound is given."""
        return self.below is not None or self.above is not None


@dataclass(frozen=True, kw_only=True)
class Plan:
    """The cheapest changes, and what they cost.

    With weights that all share, changes are steps @ directions, which takes a number a person
    instead of a row.
    """

    cost: Array
    steps: Array | None = None
    directions: Array | None = None
    rows: Array | None = None

    def add(self, X: Array, chosen: NDArray[np.bool_], out: Array) -> None:
        """Write X plus the changes of those who are chosen, into whole rows."""
        np.copyto(out, X)
        if self.rows is not None:
            out += self.rows * chosen[:, None]
        elif self.steps is not None and self.directions is not None and out.size:
            steps = self.steps * chosen[:, None]
            # In one pass; numpy would need another for the sum.
            dgemm(1.0, self.directions.T, steps.T, beta=1.0, c=out.T, overwrite_c=True)


@singledispatch
def least_change(cost: Cost, task: Task) -> Plan:
    """Return the cheapest changes under a cost that has a closed form.

    Raises
    ------
    MenuError
        When it has none, or none within bounds.
    """
    del task
    raise MenuError(
        "cost",
        f"{type(cost).__name__} has no closed form for a linear score",
        "give OneSided, Quadratic, Mahalanobis, MixedCost, PerTie or Separable.linear, or wrap one",
    )


@least_change.register
def _(cost: OneSided, task: Task) -> Plan:
    """All effort on the feature with the most weight for its price, then on the next."""
    weights = _rows(task)
    up, down = np.asarray(cost.up), np.asarray(cost.down)
    # A price for each point gained; a feature of no weight gains none at any price.
    with np.errstate(divide="ignore", invalid="ignore"):
        price = np.where(weights > 0, up, down) / np.abs(weights)
    price[(weights == 0) | np.isnan(price)] = np.inf
    if task.bounded:
        return _knapsack(task, weights, price)
    return _along(task, weights, price.argmin(axis=1), price.min(axis=1))


@least_change.register
def _(cost: PerTie, task: Task) -> Plan:
    return least_change(cost.one_sided(task.weights.shape[-1]), task)


@least_change.register
def _(cost: Quadratic, task: Task) -> Plan:
    """D = need A^-1 b / b' A^-1 b, and with bounds the same until each is met."""
    weights, prices = _rows(task), np.asarray(cost.weights)
    if task.bounded:
        return _filled(task, weights, prices)
    return _ellipse(task, weights, weights / prices)


@least_change.register
def _(cost: Mahalanobis, task: Task) -> Plan:
    if task.bounded:
        _refuse_bounds("Mahalanobis")
    weights = _rows(task)
    return _ellipse(task, weights, np.linalg.solve(np.asarray(cost.matrix), weights.T).T)


@least_change.register
def _(cost: Separable, task: Task) -> Plan:
    if cost.slopes is None:
        problem = "Separable has no closed form where its function is not known to be linear"
        raise MenuError("cost", problem, "use Separable.linear(slopes)")
    return _mixed(task, cost.slopes, 0.0, 1.0)


@least_change.register
def _(cost: MixedCost, task: Task) -> Plan:
    return _mixed(task, np.asarray(cost.direction), cost.quadratic, cost.scale)


def _rows(task: Task) -> Array:
    return np.atleast_2d(task.weights)


def _refuse_bounds(name: str) -> NoReturn:
    remedy = "leave low and high out, or give OneSided or Quadratic"
    raise MenuError("cost", f"{name} has no closed form within bounds", remedy)


def _along(task: Task, weights: Array, best: NDArray[np.intp], rate: Array) -> Plan:
    """Go along one feature a person, at a constant price for each point."""
    each = np.arange(len(weights))
    chosen = weights[each, best]
    direction = np.zeros_like(weights)
    direction[each, best] = np.divide(1.0, chosen, out=np.zeros_like(chosen), where=chosen != 0)
    able = np.isfinite(rate)
    return _plan(np.where(able, task.need * np.where(able, rate, 0.0), np.inf), task, direction)


def _plan(cost: Array, task: Task, direction: Array) -> Plan:
    if len(direction) == 1:
        return Plan(cost=cost, steps=task.need[:, None], directions=direction)
    return Plan(cost=cost, rows=task.need[:, None] * direction)


def _ellipse(task: Task, weights: Array, solved: Array) -> Plan:
    reach = np.einsum("ij,ij->i", weights, solved)
    able = reach > 0
    safe = np.where(able, reach, 1.0)
    cost = np.where(able, task.need**2 / safe, np.inf)
    return _plan(cost, task, solved / safe[:, None])


def _mixed(task: Task, v: Array, e: float, scale: float) -> Plan:
    """Leave the shortest way by as much as it saves: d = need b / |b|^2 - a u.

    u is the part of v across b, and a lies between 0, where the linear part is nothing anyway,
    and (1 - e) / 2e, where the square costs more than the linear part saves; in between, a is
    what makes <v, d> zero.
    """
    if task.bounded:
        _refuse_bounds("a cost with a linear part that pays back")
    weights = _rows(task)
    square = np.einsum("ij,ij->i", weights, weights)
    able = square > 0
    safe = np.where(able, square, 1.0)
    rate = weights @ v / safe
    across = v - weights * rate[:, None]
    size = np.einsum("ij,ij->i", across, across)
    # Of weights along v, rounding alone leaves a part across.
    across[size <= 1e-24 * (v @ v)] = 0.0
    size = np.einsum("ij,ij->i", across, across)
    limit = (1 - e) / (2 * e) if e > 0 else np.inf
    turn = np.divide(task.need * rate, size, out=np.zeros(len(task.need)), where=size > 0)
    turn = np.minimum(np.maximum(turn, 0.0), limit)
    # Steps across b add rounding of their own to the score.
    need = task.need + 4 * len(v) * EPSILON * turn * np.sqrt(size * safe)
    linear = np.maximum(need * rate - turn * size, 0.0)
    cost = (1 - e) * linear + e * (need**2 / safe + turn**2 * size)
    cost = np.where(able, scale * cost, np.inf)
    ahead = weights / safe[:, None]
    if len(weights) == 1:
        steps = np.column_stack([need, -turn])
        return Plan(cost=cost, steps=steps, directions=np.vstack([ahead, across]))
    return Plan(cost=cost, rows=need[:, None] * ahead - turn[:, None] * across)


def _room(task: Task, weights: Array) -> Array:
    """How far each feature can go towards a better score, people x features."""
    shape = (len(task.need), weights.shape[1])
    above = np.full(shape, np.inf) if task.above is None else task.above
    below = np.full(shape, np.inf) if task.below is None else task.below
    return np.where(weights > 0, above, np.where(weights < 0, below, 0.0))


def _knapsack(task: Task, weights: Array, price: Array) -> Plan:
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
    return Plan(cost=np.where(left <= task.slack, cost, np.inf), rows=rows)


def _filled(task: Task, weights: Array, prices: Array) -> Plan:
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
        multiplier = np.divide(
            np.maximum(left, 0.0), total, out=np.zeros(len(left)), where=total > 0
        )
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
    return Plan(cost=np.where(able, cost, np.inf), rows=np.sign(weights) * rows)
