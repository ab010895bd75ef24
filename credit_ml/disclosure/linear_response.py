"""What people do about a linear score that they know, or believe that they know."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
from numpy.typing import NDArray

from credit_ml.core import InputError, MenuError
from credit_ml.disclosure.cost_terms import ForGroups, Subsidised, WithDetection, WithSetup
from credit_ml.disclosure.costs import Array, Cost
from credit_ml.disclosure.least_change import EPSILON, Plan, Task, least_change

#: Rows that are moved at a time, so that they stay in the processor's cache.
BLOCK = 8_192

TERMS = (WithSetup, ForGroups, Subsidised, WithDetection)


@dataclass(frozen=True, kw_only=True, eq=False)
class LinearResponse:
    """What people did, and what came of it."""

    X: Array
    """Features after the response, people x features."""
    moved: NDArray[np.bool_]
    """Who changed anything."""
    cost: Array
    """What each person spent, in shares of own yearly income; 0 for those who stayed."""
    least: Array
    """What it would have cost to pass as believed: 0 for those who believe that they do,
    infinite for those who cannot."""
    score: Array
    """True score after the response."""
    believed: Array
    """The score that each person believes to have then."""


def linear_response(
    X: npt.ArrayLike,
    weights: npt.ArrayLike,
    *,
    threshold: float,
    cost: Cost,
    value: npt.ArrayLike,
    intercept: float = 0.0,
    believed: npt.ArrayLike | None = None,
    believed_intercept: npt.ArrayLike | None = None,
    believed_threshold: npt.ArrayLike | None = None,
    margin: float = 0.0,
    low: npt.ArrayLike | None = None,
    high: npt.ArrayLike | None = None,
) -> LinearResponse:
    """Move each person by the cheapest change that they believe to be enough, if it is worth it.

    Who believes to stand below the threshold, X b + c < l, makes the change d of least cost with
    (x + d) b + c >= l + margin, if that costs at most `value`; everybody else stays. b, c and l
    are what the person believes: the true weights, intercept and threshold unless given. Changes
    are exact, from the closed form of each cost (`least_change`); a hair is added so that
    rounding fails nobody. A feature of no believed weight does not move (unless a linear cost
    makes it pay: `Separable`, `MixedCost`), and with nothing to gain nothing moves.

    Cost: a few passes over the features; with weights of one's own, about ten.

    Parameters
    ----------
    X : array_like of shape (people, features)
    weights : array_like of shape (features,)
        Of the true score X w + intercept.
    threshold : float
        The score to be reached.
    cost : Cost
        OneSided, PerTie, Quadratic, Mahalanobis, MixedCost or Separable.linear, which may be
        wrapped in WithSetup, ForGroups, Subsidised and WithDetection (without weights).
    value : array_like
        What passing is worth, in shares of own yearly income; one number, or one a person.
    intercept : float
        Of the true score.
    believed : array_like of shape (features,) or (people, features), optional
        Weights as people believe them to be, together or each.
    believed_intercept, believed_threshold : array_like, optional
        One number, or one a person.
    margin : float
        Points beyond the threshold that people aim for, to be safe.
    low, high : array_like, optional
        Bounds of each feature, of shape (features,) or (people, features), within which people
        move; for OneSided, PerTie and Quadratic. Who is outside already moves no further out.

    Returns
    -------
    LinearResponse

    Raises
    ------
    MenuError
        When the cost has no closed form, or none within bounds.
    InputError
        When shapes do not fit, a number is missing, or the margin or a value is negative.

    References
    ----------
    Hardt, M., Megiddo, N., Papadimitriou, C. and Wootters, M. (2016). Strategic classification.
    ITCS.
    Ghalme, G., Nair, V., Eilat, I., Talgam-Cohen, I. and Rosenfeld, N. (2021). Strategic
    classification in the dark. ICML.

    Examples
    --------
    >>> from credit_ml.disclosure import OneSided
    >>> X = np.array([[0.0, 0.0], [0.0, 1.0], [2.0, 0.0]])
    >>> found = linear_response(
    ...     X, [1.0, 2.0], threshold=2.0, cost=OneSided(up=[0.1, 0.4]), value=0.15, margin=0.5)
    >>> found.least.round(2).tolist(), found.moved.tolist()
    ([0.25, 0.0, 0.0], [False, False, False])
    """
    people = matrix("X", X)
    true = _weights("weights", weights, people, shared=True)
    told = true if believed is None else _weights("believed", believed, people)
    if not 0 <= margin < np.inf:
        raise InputError("margin", f"is {margin:g}", "give a number of at least 0")
    worth = _each("value", value, people)
    if (worth < 0).any():
        raise InputError("value", f"has {worth.min():g}", "give at least 0")
    offset = _each(
        "believed_intercept", intercept if believed_intercept is None else believed_intercept,
        people,
    )  # fmt: skip
    line = _each(
        "believed_threshold", threshold if believed_threshold is None else believed_threshold,
        people,
    )  # fmt: skip
    before = scores(people, told) + offset
    below = before < line
    slack = _slack(people, told, line - offset, margin)
    need = np.where(below, line + margin - before + slack, 1.0)
    task = Task(
        weights=told, need=need, slack=2 * slack,
        below=_room(people, low, -1.0, "low"), above=_room(people, high, 1.0, "high"),
    )  # fmt: skip
    plan, terms = _planned(cost, task)
    least = _charged(np.where(below, plan.cost, 0.0), below, terms)
    moved = below & np.isfinite(least) & (least <= worth)
    after = _moved(people, plan, moved)
    score = scores(after, true) + intercept
    unshaken = believed is None and believed_intercept is None
    return LinearResponse(
        X=after, moved=moved, cost=np.where(moved, least, 0.0), least=least, score=score,
        believed=score if unshaken else scores(after, told) + offset,
    )  # fmt: skip


def scores(X: Array, weights: Array) -> Array:
    """Return X w, for one row of weights or one a person."""
    if weights.ndim == 1:
        found: Array = X @ weights
        return found
    return np.asarray(np.einsum("ij,ij->i", X, weights))


def matrix(place: str, given: npt.ArrayLike) -> Array:
    """Return people x features as numbers.

    Raises
    ------
    InputError
        When it is not two-dimensional, or a number is missing.
    """
    found = np.ascontiguousarray(
        given.to_numpy(np.float64) if isinstance(given, pd.DataFrame) else given, dtype=np.float64
    )
    if found.ndim != 2:
        raise InputError(place, f"has shape {found.shape}", "give people x features")
    if not np.isfinite(found.sum()) and not np.isfinite(found).all():
        raise InputError(place, "has holes or infinite values", "fill them in first")
    return found


def _weights(place: str, given: npt.ArrayLike, X: Array, *, shared: bool = False) -> Array:
    found = np.asarray(given, dtype=np.float64)
    allowed = [(X.shape[1],)] if shared else [(X.shape[1],), X.shape]
    if found.shape not in allowed:
        shapes = " or ".join(map(str, allowed))
        raise InputError(place, f"have shape {found.shape}", f"give shape {shapes}")
    if not np.isfinite(found).all():
        raise InputError(place, "are not all finite", "give a number for each feature")
    return found


def _each(place: str, given: npt.ArrayLike, X: Array) -> Array:
    found = np.asarray(given, dtype=np.float64)
    if found.ndim and found.shape != (len(X),):
        raise InputError(place, f"has shape {found.shape}", f"give one number, or {len(X)}")
    if np.isnan(found).any():
        raise InputError(place, "is not a number for somebody", "give a number each")
    return np.broadcast_to(found, (len(X),))


def _slack(X: Array, weights: Array, line: Array, margin: float) -> Array:
    """Bound the rounding of a score: features x epsilon x the sizes that are multiplied."""
    size = np.sqrt(np.einsum("ij,ij->i", X, X))
    size = size * np.sqrt(np.einsum("...j,...j->...", weights, weights))
    bound: Array = 2 * (X.shape[1] + 4) * EPSILON * (size + np.abs(line) + margin)
    return bound


def _room(X: Array, bound: npt.ArrayLike | None, sign: float, place: str) -> Array | None:
    if bound is None:
        return None
    found = np.asarray(bound, dtype=np.float64)
    if found.shape not in ((), (X.shape[1],), X.shape) or np.isnan(found).any():
        problem = f"has shape {found.shape}, or holes"
        raise InputError(place, problem, f"give shape {(X.shape[1],)} or {X.shape}")
    return np.asarray(np.maximum(sign * (found - X), 0.0))


def _planned(cost: Cost, task: Task) -> tuple[Plan, list[Cost]]:
    """Return the plan of the innermost cost, and the terms around it from the inside out."""
    terms: list[Cost] = []
    while isinstance(cost, TERMS):
        if isinstance(cost, WithDetection) and cost.weights is not None:
            problem = "WithDetection has no closed form where the size has weights of its own"
            raise MenuError("cost", problem, "leave weights out, so that the size is the cost")
        terms.append(cost)
        cost = cost.cost
    return least_change(cost, task), terms[::-1]


def _charged(cost: Array, moved: NDArray[np.bool_], terms: list[Cost]) -> Array:
    for term in terms:
        assert isinstance(term, TERMS)
        cost = term.charge(cost, moved)
    return cost


def _moved(X: Array, plan: Plan, moved: NDArray[np.bool_]) -> Array:
    after = np.empty_like(X)
    chosen = moved.astype(np.float64)
    for start in range(0, len(X), BLOCK):
        where = slice(start, start + BLOCK)
        plan.add(X[where], where, chosen[where], after[where])
    return after
