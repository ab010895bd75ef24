"""The largest difference between groups, the smallest ratio: how far apart several numbers lie."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from credit_ml.core import InputError, Streams, need_known
from credit_ml.inference.contributions import interval_only
from credit_ml.inference.estimate import Estimate
from credit_ml.inference.quantiles import Array, Ends, quantile_over, student

#: Whether groups are compared with each other, or each with everybody.
Against = Literal["between_groups", "to_overall"]
#: What is made of several numbers' spreads.
Together = Literal["largest", "mean", "each"]
#: Errors that are drawn to learn how far apart equal groups look.
DRAWS = 2000
#: Errors held in memory at once.
MOST_ERRORS = 4_000_000


@dataclass(frozen=True, eq=False, kw_only=True)
class Spread(Estimate):
    """How far groups lie apart, by a seminorm of their numbers (`spread` makes it)."""

    groups: Estimate
    """Shape (groups, numbers); NaN where a group has not this number."""
    apart: Array
    """How far the groups lie apart in each number, on the scale of the interval."""
    against: Against
    weights: Array
    """What each group's error adds to that of everybody's number, the same shape."""
    ratio: bool
    together: Together

    def __getitem__(self, key: Any) -> Estimate:  # type: ignore[override]
        """Part of several spreads, as an estimate without an interval of its own."""
        raise TypeError("a spread cannot be taken apart; take the groups' numbers first")

    def ends(self, level: float, *, clustered: bool) -> Ends:
        """Ends of the spread, right also where all groups are equal."""
        apart, noise = self.apart, self._noise(level, clustered=clustered)
        if self.together == "mean" and not self.ratio:
            apart, noise = apart.mean(keepdims=True), noise.mean(axis=0, keepdims=True)
        elif self.together == "largest":
            apart = apart.max(keepdims=True)
        if self.together != "each":
            # For a mean of ratios, ends that hold for all of them at once.
            noise = noise.max(axis=0, keepdims=True)
        margin = quantile_over(noise.T, level)
        near, far = np.maximum(0.0, apart - margin), apart + margin
        low, high = (np.exp(-far), np.exp(-near)) if self.ratio else (near, far)
        if self.together == "each":
            return low, high
        return np.asarray(low.mean()), np.asarray(high.mean())

    def _noise(self, level: float, *, clustered: bool) -> Array:
        """Seminorm of each number's errors, shape (numbers, draws)."""
        down, up = self._reach(level, clustered=clustered)
        unit, each = float(student(level)), self.together == "each"
        numbers = self.groups.value.shape
        size = max(1, MOST_ERRORS // (DRAWS * numbers[0])) if each else numbers[1]
        found = []
        for start in range(0, numbers[1], size):
            part = slice(start, start + size)
            errors = errors_of(self.groups, part, each=each, clustered=clustered)
            errors = _grown(errors, down[:, part] / unit, up[:, part] / unit)
            found.append(_far(errors, self.against, self.weights[:, part, np.newaxis]))
        return np.concatenate(found)

    def _reach(self, level: float, *, clustered: bool) -> Ends:
        """How far each group's truth may lie below and above, on the scale of the spread."""
        groups = self.groups
        values = groups.value
        if groups.family == "share" and not self.ratio:
            # Among equal groups errors are even, and as large as near-equal shares say.
            middle, spread = _smoothed(groups), values * (1 - values)
            variance = groups.spread(clustered=clustered)
            worth = np.where((spread > 0) & (variance > 0), spread, groups.worth)
            np.divide(worth, variance, out=worth, where=(spread > 0) & (variance > 0))
            unit = student(level, groups.free(clustered=clustered))
            half = unit * np.sqrt(middle * (1 - middle) / worth)
            return half, half
        low, high = groups.ends(level, clustered=clustered)
        if self.ratio:
            middle = np.where(values > 0, values, _smoothed(groups))
            low = np.where(values > 0, low, middle**2 / np.maximum(high, 1e-300))
            values, low, high = (np.log(np.maximum(part, 1e-300)) for part in (middle, low, high))
        return values - low, high - values


def _grown(errors: Array, down: Array, up: Array) -> Array:
    """Errors as large as each group's reach on either side."""
    if down is up or np.array_equal(down, up, equal_nan=True):
        return errors * down[..., np.newaxis]
    return errors * np.where(errors > 0, down[..., np.newaxis], up[..., np.newaxis])


def _far(errors: Array, against: Against, weights: Array) -> Array:
    """Seminorm over groups (the axis 0), shape (numbers, draws)."""
    most: np.ufunc = np.maximum
    least: np.ufunc = np.minimum
    if np.isnan(errors[..., 0]).any():
        most, least = np.fmax, np.fmin
    if against == "between_groups":
        return np.asarray(most.reduce(errors, axis=0) - least.reduce(errors, axis=0))
    everybody = np.nansum(errors * weights, axis=0)
    return np.asarray(most.reduce(np.abs(errors - everybody), axis=0))


def spread(
    groups: Estimate,
    *,
    against: Against = "between_groups",
    weights: Array | None = None,
    ratio: bool = False,
    together: Together = "largest",
) -> Estimate:
    """Largest difference (or smallest ratio) of several groups' numbers, with its interval.

    ``R(m) = max m - min m`` is never negative, so that among equal groups it is biased upwards,
    and no interval of replicates around it holds the true 0. Instead: R is a seminorm, so with e
    the groups' errors ``|R(m) - R(mu)| <= R(e)`` whatever mu is, with equality when all mu are
    equal. With q the `level` quantile of R(e), for normal errors as large as each group's own
    interval (of near-equal shares as their variance) and correlated as contributions are,
    the interval ``[max(0, R(m) - q), R(m) + q]`` covers the true spread with probability at least
    `level`, and exactly that when it is 0. A ratio min / max is ``exp(-R(log m))``: the same.

    The errors are the same `DRAWS` whoever asks, so that the same groups have the same interval.

    Cost: groups x draws.

    Parameters
    ----------
    groups : Estimate, shape (groups,) or (groups, numbers)
        Of people in one group each. With several numbers (true and false positive rates) the
        spread is the largest of theirs. Groups with NaN are left out, and `reason` says so.
    against : {"between_groups", "to_overall"}
        To overall: largest distance from the weighted mean of the groups.
    weights : ndarray, shape of `groups`, optional
        How much of everybody each group is, for "to_overall".
    ratio : bool
    together : {"largest", "mean", "each"}
        With several numbers, the largest or the mean of their spreads, or each one's own.

    Examples
    --------
    >>> from credit_ml.inference import shares_of_counts
    >>> rates = shares_of_counts(np.array([50, 55, 48]), np.array([100, 100, 100]))
    >>> found = spread(rates)
    >>> round(float(found), 2), [round(end, 2) for end in found.interval()]
    (0.07, [0.0, 0.23])
    """
    need_known(InputError, "method", against, ("between_groups", "to_overall"))
    if groups.value.ndim == 1:
        groups = groups[:, np.newaxis]
        weights = None if weights is None else weights[:, np.newaxis]
    peopled, shares = (groups.people > 0).any(axis=1), weights
    if not peopled.all():
        groups, shares = groups[peopled], None if weights is None else weights[peopled]
    unknown = np.isnan(groups.value)
    # Who has none of the numbers says nothing; who has some speaks for those.
    known = ~unknown.all(axis=1)
    alive = groups if known.all() else groups[known]
    if shares is not None:
        shares = np.where(np.isnan(alive.value), 0.0, shares[known])
        with np.errstate(invalid="ignore"):  # 0 / 0 where no group has the number
            shares = shares / shares.sum(axis=0)
    each = _values(alive.value, against, shares, ratio=ratio)
    value = each
    if together != "each":
        worst = each.min(initial=np.inf) if ratio else each.max(initial=-np.inf)
        value = np.asarray(each.mean() if together == "mean" else worst)
    whole: dict[str, Any] = interval_only(clustered=alive.cluster_variance is not None)
    whole |= {
        "value": value,
        "people": np.asarray(float(groups.people.max(axis=1, initial=0).sum())),
        "clusters": groups.clusters,
        "over": groups.over,
        "reason": _left_out(groups, unknown, value),
        "bounds": (0.0, 1.0) if ratio else (0.0, groups.bounds[1] - groups.bounds[0]),
    }
    if np.isnan(value).all():
        return Estimate(**whole)
    apart, pulls = each, np.zeros(alive.value.shape) if shares is None else shares
    if ratio:
        # A share of 0 lies endlessly far down: half a person stands for it.
        filled = np.where(alive.value > 0, alive.value, _smoothed(alive))
        apart = -np.log(_values(filled, against, shares, ratio=True))
        pulls = pulls * filled / np.nansum(pulls * filled, axis=0) if shares is not None else pulls
    own: dict[str, Any] = {"groups": alive, "apart": apart, "against": against, "weights": pulls}
    return Spread(**whole, **own, ratio=ratio, together=together)


def _left_out(groups: Estimate, unknown: NDArray[np.bool_], value: Array) -> NDArray[np.object_]:
    """Why a spread is NaN, or how many groups it leaves out and why."""
    columns: list[Any] = [[k] for k in range(len(value))] if value.ndim else [slice(None)]
    said = [
        _said(groups.reason[:, each], unknown[:, each], float(number))
        for each, number in zip(columns, np.atleast_1d(value), strict=True)
    ]
    return np.array(said, dtype=object).reshape(value.shape)


def _said(reasons: NDArray[np.object_], unknown: NDArray[np.bool_], value: float) -> str:
    said = [str(text) for text in reasons[unknown] if text]
    if said:
        number = int(unknown.any(axis=1).sum())
        return f"{number} group{'s' * (number != 1)} left out: {said[0]}"
    if np.isnan(value):
        return "fewer than two groups" if len(reasons) < 2 else "all are 0"
    return ""


def _values(values: Array, against: Against, shares: Array | None, *, ratio: bool) -> Array:
    """Spread of each number, shape (numbers,); NaN with fewer than two groups that have it."""
    nothing = np.full(values.shape[1], np.nan)
    if len(values) < 2:
        return nothing
    few = (~np.isnan(values)).sum(axis=0) < 2
    if against == "to_overall":
        if shares is None:
            raise InputError("weights", "are missing", "say how much of everybody each group is")
        overall = np.nansum(values * shares, axis=0)
        with np.errstate(divide="ignore", invalid="ignore"):
            least = np.fmin.reduce(np.minimum(values / overall, overall / values))
        far = np.fmax.reduce(np.abs(values - overall))
        found = np.where(overall > 0, least, np.nan) if ratio else far
    else:
        low, high = np.fmin.reduce(values), np.fmax.reduce(values)
        found = np.divide(low, high, out=nothing, where=high > 0) if ratio else high - low
    return np.where(few, np.nan, found)


@lru_cache(maxsize=16)
def _drawn(size: int) -> Array:
    """The errors that everybody uses, shape (size, draws)."""
    draws = min(DRAWS, max(200, MOST_ERRORS // max(size, 1)))
    generator = Streams(0).generator("inference.spread")
    return np.ascontiguousarray(generator.standard_normal((draws, size)).T)


def _smoothed(groups: Estimate) -> Array:
    """Shares with half a person more on either side (Jeffreys' prior)."""
    return np.asarray((groups.value * groups.worth + 0.5) / (groups.worth + 1))


def errors_of(groups: Estimate, part: slice, *, each: bool, clustered: bool) -> Array:
    """Errors in units of each number's own, shape (groups, numbers of the part, draws).

    With `each`, numbers are drawn one at a time, each with the same draws; else together, with
    the correlations that clusters give them.
    """
    number, values = groups.value[:, part].shape
    drawn = _drawn(number if each else number * values)
    if not clustered or groups.left_out is None:
        return drawn[:, np.newaxis] if each else drawn.reshape(number, values, -1)
    moved = groups.left_out[:, :, part]
    variance = np.nan_to_num(groups.spread(clustered=True))[:, part]
    scaled = moved / np.sqrt(np.where(variance > 0, variance, 1.0))
    if each:
        root = _root(np.moveaxis(scaled, 2, 0))
        return np.asarray(np.moveaxis(root @ drawn, 1, 0))
    root = _root(scaled.reshape(1, len(scaled), -1))[0]
    return np.asarray((root @ drawn).reshape(number, values, -1))


def _root(moved: Array) -> Array:
    """Root of the correlations of numbers that move together, shape (..., numbers, numbers)."""
    size = moved.shape[-2]
    together = np.swapaxes(moved, -1, -2) @ moved * ((size - 1) / size)
    # What the clusters do not explain of a variance (held to that of people) is each one's own.
    diagonal = np.arange(together.shape[-1])
    together[..., diagonal, diagonal] = 1.0
    values, vectors = np.linalg.eigh(together)
    return np.asarray(vectors * np.sqrt(np.maximum(values, 0.0))[..., np.newaxis, :])
