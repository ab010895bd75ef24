"""The cheapest change that lifts a linear score by what is needed, in closed form.

For each person: minimise cost(d) subject to <b, d> >= need, for the weights b that the person
believes in. Weights are one row for everybody or one row a person.
"""

from functools import singledispatch
from typing import NoReturn

import numpy as np

from credit_ml.core import Array, MenuError, Rows
from credit_ml.strategic.closed_form.change_plan import EPSILON, ChangePlan, LeastChange
from credit_ml.strategic.closed_form.within_bounds import filled, knapsack
from credit_ml.strategic.costs import forms
from credit_ml.strategic.costs.modifiers import WithDetection
from credit_ml.strategic.costs.social import PerTie


@singledispatch
def least_change(cost: forms.Cost, task: LeastChange) -> ChangePlan:
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
def _(cost: forms.OneSided, task: LeastChange) -> ChangePlan:
    """All effort on the feature with the most weight for its price, then on the next."""
    weights = _rows(task)
    price = _price(cost, weights)
    if task.bounded:
        return knapsack(task, weights, price)
    return _along(task, weights, price.argmin(axis=1), price.min(axis=1))


@least_change.register
def _(cost: PerTie, task: LeastChange) -> ChangePlan:
    return least_change(cost.one_sided(task.weights.shape[-1]), task)


@least_change.register
def _(cost: WithDetection, task: LeastChange) -> ChangePlan:
    """All effort on one feature: the penalty is concave in the size, so that no mix is cheaper."""
    alone = cost.cost.one_sided(task.weights.shape[-1]) if isinstance(cost.cost, PerTie) else None
    inner = alone or cost.cost
    if not isinstance(inner, forms.OneSided) or task.bounded or cost.weights is None:
        remedy = "wrap OneSided or PerTie and give no bounds, or leave the weights out"
        raise MenuError("cost", "WithDetection has no closed form here", remedy)
    weights = _rows(task)
    price = _price(inner, weights)
    able = np.isfinite(price)
    size = np.where(able, cost.weights / np.where(able, np.abs(weights), 1.0), 0.0)
    need = task.need[:, None]
    found = -np.expm1(-cost.rate * size * need)
    penalty = np.broadcast_to(np.asarray(cost.penalty), task.need.shape)[:, None]
    total = np.where(able, need * np.where(able, price, 0.0) + penalty * found, np.inf)
    each, best = np.arange(len(need)), total.argmin(axis=1)
    own = np.broadcast_to(weights, total.shape)
    rows = np.zeros(total.shape)
    chosen = own[each, best]
    rows[each, best] = np.divide(task.need, chosen, out=np.zeros(len(need)), where=chosen != 0)
    return ChangePlan(cost=total[each, best], rows=rows)


@least_change.register
def _(cost: forms.Quadratic, task: LeastChange) -> ChangePlan:
    """D = need A^-1 b / b' A^-1 b, and with bounds the same until each is met."""
    weights, prices = _rows(task), np.asarray(cost.weights)
    if task.bounded:
        return filled(task, weights, prices)
    return _ellipse(task, weights, weights / prices)


@least_change.register
def _(cost: forms.Mahalanobis, task: LeastChange) -> ChangePlan:
    if task.bounded:
        _refuse_bounds("Mahalanobis")
    weights = _rows(task)
    return _ellipse(task, weights, np.linalg.solve(np.asarray(cost.matrix), weights.T).T)


@least_change.register
def _(cost: forms.Separable, task: LeastChange) -> ChangePlan:
    if cost.slopes is None:
        problem = "Separable has no closed form where its function is not known to be linear"
        raise MenuError("cost", problem, "use Separable.linear(slopes)")
    return _mixed(task, cost.slopes, 0.0, 1.0)


@least_change.register
def _(cost: forms.MixedCost, task: LeastChange) -> ChangePlan:
    return _mixed(task, np.asarray(cost.direction), cost.quadratic, cost.scale)


def _rows(task: LeastChange) -> Array:
    return np.atleast_2d(task.weights)


def _refuse_bounds(name: str) -> NoReturn:
    remedy = "leave low and high out, or give OneSided or Quadratic"
    raise MenuError("cost", f"{name} has no closed form within bounds", remedy)


def _price(cost: forms.OneSided, weights: Array) -> Array:
    """Price of each point gained; a feature of no weight gains none at any price."""
    with np.errstate(divide="ignore", invalid="ignore"):
        price = np.where(weights > 0, cost.up, cost.down) / np.abs(weights)
    return np.where((weights == 0) | np.isnan(price), np.inf, price)


def _along(task: LeastChange, weights: Array, best: Rows, rate: Array) -> ChangePlan:
    """Go along one feature a person, at a constant price for each point."""
    each = np.arange(len(weights))
    chosen = weights[each, best]
    direction = np.zeros_like(weights)
    direction[each, best] = np.divide(1.0, chosen, out=np.zeros_like(chosen), where=chosen != 0)
    able = np.isfinite(rate)
    return _plan(np.where(able, task.need * np.where(able, rate, 0.0), np.inf), task, direction)


def _plan(cost: Array, task: LeastChange, direction: Array) -> ChangePlan:
    if len(direction) == 1:
        return ChangePlan(cost=cost, steps=task.need[:, None], directions=direction)
    return ChangePlan(cost=cost, rows=task.need[:, None] * direction)


def _ellipse(task: LeastChange, weights: Array, solved: Array) -> ChangePlan:
    reach = np.einsum("ij,ij->i", weights, solved)
    able = reach > 0
    safe = np.where(able, reach, 1.0)
    cost = np.where(able, task.need**2 / safe, np.inf)
    return _plan(cost, task, solved / safe[:, None])


def _mixed(task: LeastChange, v: Array, e: float, scale: float) -> ChangePlan:
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
        return ChangePlan(cost=cost, steps=steps, directions=np.vstack([ahead, across]))
    return ChangePlan(cost=cost, rows=need[:, None] * ahead - turn[:, None] * across)
