"""What people do about a linear score that they know, or believe that they know."""

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd
from numpy.typing import NDArray

from credit_ml.core import InputError
from credit_ml.strategic.closed_form.change_plan import EPSILON, Plan, Task
from credit_ml.strategic.closed_form.least_change import least_change
from credit_ml.strategic.costs.base import Array, Cost
from credit_ml.strategic.costs.terms import (
    TERMS,
    WithDetection,
    check_fit,
    of_people,
)

#: People who are answered at a time, so that their rows stay in the processor's cache.
BLOCK = 16_384


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

    def rows(self, where: slice) -> "LinearResponse":
        """Return what some of the people did, without a copy."""
        return LinearResponse(
            X=self.X[where], moved=self.moved[where], cost=self.cost[where],
            least=self.least[where], score=self.score[where], believed=self.believed[where],
        )  # fmt: skip


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
    rounding fails nobody. A feature of no believed weight does not move (unless its move makes
    that of others cheaper: `Mahalanobis`, `MixedCost`, `Separable`), and with nothing to gain
    nothing moves.

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
        wrapped in WithSetup, ForGroups, Subsidised and WithDetection (with weights of its own
        straight around OneSided or PerTie, without bounds).
    value : array_like
        What passing is worth, in shares of own yearly income; one number, or one a person.
    intercept : float
        Of the true score.
    believed : array_like of shape (features,) or (people, features), optional
        Weights as people believe them to be, together or each.
    believed_intercept, believed_threshold : array_like, optional
        One number, or one a person; a threshold may be infinite, for who knows of none.
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
    >>> from credit_ml.strategic import OneSided
    >>> X = np.array([[0.0, 0.0], [0.0, 1.0], [2.0, 0.0]])
    >>> found = linear_response(
    ...     X, [1.0, 2.0], threshold=2.0, cost=OneSided(up=[0.1, 0.4]), value=0.15, margin=0.5)
    >>> found.least.round(2).tolist(), found.moved.tolist()
    ([0.25, 0.0, 0.0], [False, False, False])
    """
    people = matrix("X", X)
    true = _weights("weights", weights, people, shared=True)
    if not 0 <= margin < np.inf:
        raise InputError("margin", f"is {margin:g}", "give a number of at least 0")
    worth = _each("value", value, people)
    if (worth < 0).any():
        raise InputError("value", f"has {worth.min():g}", "give at least 0")
    given_offset = intercept if believed_intercept is None else believed_intercept
    given_line = threshold if believed_threshold is None else believed_threshold
    check_fit(cost, *people.shape)
    asked = _Asked(
        X=people,
        weights=true,
        intercept=intercept,
        told=true if believed is None else _weights("believed", believed, people),
        offset=_each("believed_intercept", given_offset, people),
        line=_each("believed_threshold", given_line, people),
        margin=margin,
        worth=worth,
        low=_bound("low", low, people),
        high=_bound("high", high, people),
    )
    found = _nothing_yet(people)
    for start in range(0, max(len(people), 1), BLOCK):
        where = slice(start, start + BLOCK)
        _respond(asked.rows(where), of_people(cost, where), found.rows(where))
    return found


@dataclass(frozen=True, kw_only=True, eq=False)
class _Asked:
    """What people have, believe and want; all arrays start with people, but for weights."""

    X: Array
    weights: Array
    intercept: float
    told: Array
    offset: Array
    line: Array
    margin: float
    worth: Array
    low: Array | None
    high: Array | None

    def rows(self, where: slice) -> "_Asked":
        """Return the same of some of the people."""
        own = self.told if self.told.ndim == 1 else self.told[where]
        return replace(
            self, X=self.X[where], told=own, offset=self.offset[where], line=self.line[where],
            worth=self.worth[where], low=None if self.low is None else self.low[where],
            high=None if self.high is None else self.high[where],
        )  # fmt: skip


def _nothing_yet(X: Array) -> LinearResponse:
    empty = [np.empty(len(X)) for _ in range(4)]
    return LinearResponse(
        X=np.empty_like(X), moved=np.empty(len(X), dtype=np.bool_), cost=empty[0],
        least=empty[1], score=empty[2], believed=empty[3],
    )  # fmt: skip


def _respond(asked: _Asked, cost: Cost, out: LinearResponse) -> None:
    """Answer for a block of people, into views of the answer."""
    # A line that is believed to be endlessly far can be reached by nobody.
    known = np.isfinite(asked.line)
    line = np.where(known, asked.line, 0.0) - asked.offset
    before = scores(asked.X, asked.told)
    below = np.where(known, before < line, asked.line > 0)
    slack = _slack(asked.X, asked.told, np.abs(line) + asked.margin)
    task = Task(
        weights=asked.told,
        need=np.where(below & known, line + asked.margin - before + slack, 1.0),
        slack=2 * slack,
        below=None if asked.low is None else np.maximum(asked.X - asked.low, 0.0),
        above=None if asked.high is None else np.maximum(asked.high - asked.X, 0.0),
    )
    plan, terms = _planned(cost, task)
    least = np.where(below, np.where(known, plan.cost, np.inf), 0.0)
    out.least[:] = _charged(least, below, terms)
    out.moved[:] = below & np.isfinite(out.least) & (out.least <= asked.worth)
    out.cost[:] = np.where(out.moved, out.least, 0.0)
    plan.add(asked.X, out.moved, out.X)
    out.score[:] = scores(out.X, asked.weights) + asked.intercept
    shared = asked.told is asked.weights
    then = out.score - asked.intercept if shared else scores(out.X, asked.told)
    out.believed[:] = then + asked.offset


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
    if found.ndim != 2 or not found.shape[1]:
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


def _bound(place: str, given: npt.ArrayLike | None, X: Array) -> Array | None:
    if given is None:
        return None
    found = np.asarray(given, dtype=np.float64)
    if found.shape not in ((), (X.shape[1],), X.shape) or np.isnan(found).any():
        problem = f"has shape {found.shape}, or holes"
        raise InputError(place, problem, f"give shape {(X.shape[1],)} or {X.shape}")
    return np.broadcast_to(found, X.shape)


def _slack(X: Array, weights: Array, further: Array) -> Array:
    """Bound the rounding of a score: features x epsilon x the sizes that are multiplied."""
    size = np.sqrt(np.einsum("ij,ij->i", X, X))
    size = size * np.sqrt(np.einsum("...j,...j->...", weights, weights))
    bound: Array = 2 * (X.shape[1] + 4) * EPSILON * (size + further)
    return bound


def _planned(cost: Cost, task: Task) -> tuple[Plan, list[Cost]]:
    """Return the plan of the innermost cost, and the terms around it from the inside out."""
    terms: list[Cost] = []
    while isinstance(cost, TERMS):
        if isinstance(cost, WithDetection) and cost.weights is not None:
            break
        terms.append(cost)
        cost = cost.cost
    return least_change(cost, task), terms[::-1]


def _charged(cost: Array, moved: NDArray[np.bool_], terms: list[Cost]) -> Array:
    for term in terms:
        assert isinstance(term, TERMS)
        cost = term.charge(cost, moved)
    return cost
