"""What people do about a linear score that they know, or believe that they know."""

from dataclasses import dataclass, replace
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from credit_ml.core.tables.arrays import Array, Mask
from credit_ml.strategic.arrays import number, numbers
from credit_ml.strategic.closed_form.change_plan import EPSILON, ChangePlan, LeastChange
from credit_ml.strategic.closed_form.least_change import least_change
from credit_ml.strategic.costs.forms import Cost
from credit_ml.strategic.costs.modifiers import Modifier, WithDetection, check_fit, of_people

Record = TypeVar("Record", "LinearResponse", "_Responding")

#: People who are answered at a time, so that their rows stay in the processor's cache.
BLOCK = 16_384


@dataclass(frozen=True, kw_only=True, eq=False)
class LinearScore:
    """The score X w + c and the threshold from which it passes, as they are or are believed.

    Examples
    --------
    >>> score = LinearScore(weights=[1.0, 2.0], threshold=3.0)
    >>> float(np.array([1.0, 1.0]) @ score.weights + score.intercept) >= score.threshold
    True
    """

    weights: npt.ArrayLike
    """Of shape (features,); of a belief, also (people, features)."""
    threshold: npt.ArrayLike = 0.0
    """One number; of a belief, also one a person, infinite for who knows of none."""
    intercept: npt.ArrayLike = 0.0
    """c: one number; of a belief, also one a person."""


@dataclass(frozen=True, kw_only=True, eq=False)
class LinearResponse:
    """What people did about a linear score, and what came of it.

    Examples
    --------
    >>> from credit_ml.strategic import LinearScore, OneSided, linear_response
    >>> score = LinearScore(weights=[1.0], threshold=1.0)
    >>> after = linear_response([[0.5], [0.0]], score, cost=OneSided(up=[0.2]), value=0.15)
    >>> after.moved.tolist(), after.score.round(6).tolist(), after.least.round(3).tolist()
    ([True, False], [1.0, 0.0], [0.1, 0.2])
    """

    X: Array
    """Features after the response, people x features."""
    moved: Mask
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

    def __repr__(self) -> str:
        people, features = self.X.shape
        moved = f"{self.moved.sum():,} moved"
        return f"LinearResponse({people:,} people of {features} features; {moved})"


def linear_response(
    X: "npt.ArrayLike",
    score: LinearScore,
    *,
    cost: Cost,
    value: "npt.ArrayLike",
    believed: LinearScore | None = None,
    margin: float = 0.0,
    bounds: tuple[npt.ArrayLike | None, npt.ArrayLike | None] = (None, None),
) -> LinearResponse:
    """Move each person by the cheapest change that they believe to be enough, if it is worth it.

    Who believes to stand below the threshold, x b + c < l, makes the change d of least cost with
    (x + d) b + c >= l + margin, if that costs at most `value`; everybody else stays. b, c and l
    are what the person believes: the true score unless given. Changes are exact, from the
    closed form of each cost (`least_change`); a hair is added so that rounding fails nobody. A
    feature of no believed weight does not move (unless its move makes that of others cheaper:
    `Mahalanobis`, `MixedCost`, `Separable`), and with nothing to gain nothing moves.

    Cost: a few passes over the features; with weights of one's own, about ten.

    Parameters
    ----------
    X : array_like of shape (people, features)
    score : LinearScore
        The true one, the same for everybody.
    cost : Cost
        OneSided, PerTie, Quadratic, Mahalanobis, MixedCost or Separable.linear, which may be
        wrapped in WithSetup, WithMultiplier, WithSubsidy and WithDetection (with weights of its
        own straight around OneSided or PerTie, without bounds).
    value : array_like
        What passing is worth, in shares of own yearly income; one number, or one a person.
    believed : LinearScore, optional
        What people believe the score to be, together or each.
    margin : float
        Points beyond the threshold that people aim for, to be safe.
    bounds : tuple of array_like
        Least and most of each feature, of shape (features,) or (people, features), within which
        people move; for OneSided, PerTie and Quadratic. Who is outside already moves no further.

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
    >>> from credit_ml.strategic import LinearScore, OneSided
    >>> X = np.array([[0.0, 0.0], [0.0, 1.0], [2.0, 0.0]])
    >>> score = LinearScore(weights=[1.0, 2.0], threshold=2.0)
    >>> found = linear_response(X, score, cost=OneSided(up=[0.1, 0.4]), value=0.15, margin=0.5)
    >>> found.least.round(2).tolist(), found.moved.tolist()
    ([0.25, 0.0, 0.0], [False, False, False])
    """
    people = matrix("X", X)
    check_fit(cost, *people.shape)
    features = (people.shape[1],)
    true = numbers("score.weights", score.weights, features)
    intercept = float(numbers("score.intercept", score.intercept, ()))
    numbers("score.threshold", score.threshold, (), finite=False)
    trusted, told = score if believed is None else believed, true
    if trusted.weights is not score.weights:
        told = numbers("believed.weights", trusted.weights, features, people.shape)
    ends = ((), features, people.shape)
    low, high = (
        None if end is None else _broadcast(f"bounds, {name}", end, people, *ends)
        for name, end in zip(("low", "high"), bounds, strict=True)
    )
    first, each = people[:, 0], ((), (len(people),))
    task = _Responding(
        X=people,
        weights=told,
        offset=_broadcast("believed.intercept", trusted.intercept, first, *each),
        threshold=_broadcast("believed.threshold", trusted.threshold, first, *each),
        margin=number("margin", margin),
        value=_broadcast("value", value, first, *each, least=0.0),
        low=low,
        high=high,
    )
    found = _nothing_yet(people)
    for start in range(0, max(len(people), 1), BLOCK):
        where = slice(start, start + BLOCK)
        block, out = _rows(task, where, told.ndim == 1), _rows(found, where)
        _respond(block, of_people(cost, where), out)
        np.add(scores(out.X, true), intercept, out=out.score)
        then = out.score - intercept if told is true else scores(out.X, block.weights)
        np.add(then, block.offset, out=out.believed)
    return found


@dataclass(frozen=True, kw_only=True, eq=False)
class _Responding:
    """What people have, believe and want; all arrays start with people, but for shared weights."""

    X: Array
    weights: Array
    offset: Array
    threshold: Array
    margin: float
    value: Array
    low: Array | None
    high: Array | None


def _rows(record: Record, where: slice, shared: bool = False) -> Record:  # noqa: FBT001, FBT002
    """Return the same of some of the people, without a copy; shared weights are everybody's."""
    whole = {"margin", "weights"} if shared else {"margin"}
    own = {name: each for name, each in vars(record).items() if each is not None}
    return replace(record, **{name: own[name][where] for name in own.keys() - whole})


def _nothing_yet(X: Array) -> LinearResponse:
    each = {name: np.empty(len(X)) for name in ("cost", "least", "score", "believed")}
    return LinearResponse(X=np.empty_like(X), moved=np.empty(len(X), dtype=np.bool_), **each)


def _respond(task: _Responding, cost: Cost, out: LinearResponse) -> None:
    """Write what a block of people do, and what it costs them, into views of the response."""
    # A threshold that is believed to be endlessly far can be reached by nobody.
    known = np.isfinite(task.threshold)
    threshold = np.where(known, task.threshold, 0.0) - task.offset
    before = scores(task.X, task.weights)
    below = np.where(known, before < threshold, task.threshold > 0)
    slack = _slack(task.X, task.weights, np.abs(threshold) + task.margin)
    wanted = LeastChange(
        weights=task.weights,
        need=np.where(below & known, threshold + task.margin - before + slack, 1.0),
        slack=2 * slack,
        below=None if task.low is None else np.maximum(task.X - task.low, 0.0),
        above=None if task.high is None else np.maximum(task.high - task.X, 0.0),
    )
    plan, modifiers = _planned(cost, wanted)
    least = np.where(below, np.where(known, plan.cost, np.inf), 0.0)
    for modifier in modifiers:
        least = modifier.charge(least, below)
    out.least[:] = least
    out.moved[:] = below & np.isfinite(least) & (least <= task.value)
    out.cost[:] = np.where(out.moved, least, 0.0)
    plan.add(task.X, out.moved, out.X)


def scores(X: Array, weights: Array) -> Array:
    """Return X w, for one row of weights or one a person."""
    if weights.ndim == 1:
        return np.asarray(X @ weights)
    return np.asarray(np.einsum("ij,ij->i", X, weights))


def matrix(place: str, given: npt.ArrayLike) -> Array:
    """Return people x features as numbers; nobody is a table too."""
    values = given.to_numpy(np.float64) if isinstance(given, pd.DataFrame) else np.asarray(given)
    people: str | int = len(values) if values.ndim == 2 else "people"
    return np.ascontiguousarray(numbers(place, values, (people, "features")))


def _broadcast(
    place: str, given: npt.ArrayLike, like: Array, *shapes: tuple[int, ...], least: float = -np.inf
) -> Array:
    found = numbers(place, given, *shapes, least=least, finite=False)
    return np.broadcast_to(found, like.shape)


def _slack(X: Array, weights: Array, further: Array) -> Array:
    """Bound the rounding of a score: features x epsilon x the sizes that are multiplied."""
    size = np.sqrt(np.einsum("ij,ij->i", X, X))
    size = size * np.sqrt(np.einsum("...j,...j->...", weights, weights))
    return np.asarray(2 * (X.shape[1] + 4) * EPSILON * (size + further))


def _planned(cost: Cost, task: LeastChange) -> tuple[ChangePlan, list[Modifier]]:
    """Return the plan of the innermost cost, and the modifiers from the inside out."""
    modifiers: list[Modifier] = []
    while isinstance(cost, Modifier):
        if isinstance(cost, WithDetection) and cost.weights is not None:
            break
        modifiers.append(cost)
        cost = cost.cost
    return least_change(cost, task), modifiers[::-1]
