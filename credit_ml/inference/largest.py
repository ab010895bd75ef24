"""The largest difference between groups, the smallest ratio: how far apart several numbers lie."""

from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal, Self

import numpy as np
from numpy.typing import NDArray

from credit_ml.core import InputError, Streams, refuse_unknown
from credit_ml.inference.contributions import plain
from credit_ml.inference.estimate import Estimate
from credit_ml.inference.quantiles import Array, Ends, quantile_over, student

#: Whether groups are compared with each other, or each with everybody.
Against = Literal["between_groups", "to_overall"]
#: Errors that are drawn to learn how far apart equal groups look.
DRAWS = 4000
#: Errors held in memory at once.
MOST_ERRORS = 4_000_000


@dataclass(frozen=True, eq=False, kw_only=True)
class Spread(Estimate):
    """How far apart groups lie, by a seminorm of their numbers (`spread` makes it)."""

    groups: Estimate
    """Shape (groups, numbers); NaN where a group has not this number."""
    apart: Array
    """How far the groups lie apart in each number, on the scale of the interval."""
    against: Against
    weights: Array
    """What each group's error adds to that of everybody's number, the same shape."""
    ratio: bool
    mean: bool
    """Whether several numbers are averaged; else the worst of them counts."""

    def __getitem__(self, key: Any) -> Self:
        """Itself: it is one number."""
        return self

    def ends(self, level: float, *, clustered: bool) -> Ends:
        """Ends of the spread, right also where all groups are equal."""
        down, up = self._reach(level, clustered=clustered)
        errors = errors_of(self.groups, clustered=clustered) / float(student(level))
        noise = self._far(np.where(errors > 0, errors * down, errors * up))
        apart = self.apart
        if self.mean and not self.ratio:
            apart, noise = apart.mean(keepdims=True), noise.mean(axis=1, keepdims=True)
        elif not self.mean:
            apart = apart.max(keepdims=True)
        # For a mean of ratios, ends that hold for all of them at once.
        margin = float(quantile_over(noise.max(axis=1), level))
        near, far = np.maximum(0.0, apart - margin), apart + margin
        ends = (np.exp(-far), np.exp(-near)) if self.ratio else (near, far)
        return np.asarray(ends[0].mean()), np.asarray(ends[1].mean())

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

    def _far(self, errors: Array) -> Array:
        """Seminorm over groups (the axis 1) of each number, shape (draws, numbers)."""
        if self.against == "between_groups":
            return np.asarray(np.fmax.reduce(errors, 1) - np.fmin.reduce(errors, 1))
        everybody = np.nansum(errors * self.weights, axis=1, keepdims=True)
        return np.asarray(np.fmax.reduce(np.abs(errors - everybody), 1))


def spread(
    groups: Estimate,
    *,
    against: Against = "between_groups",
    weights: Array | None = None,
    ratio: bool = False,
    mean: bool = False,
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
    mean : bool
        With several numbers, the mean of their spreads instead of the largest.

    Examples
    --------
    >>> from credit_ml.inference import shares_of_counts
    >>> rates = shares_of_counts(np.array([50, 55, 48]), np.array([100, 100, 100]))
    >>> found = spread(rates)
    >>> round(float(found), 2), [round(end, 2) for end in found.interval()]
    (0.07, [0.0, 0.24])
    """
    if against not in ("between_groups", "to_overall"):
        refuse_unknown(InputError, "method", str(against), ("between_groups", "to_overall"))
    if groups.value.ndim == 1:
        groups = groups[:, np.newaxis]
        weights = None if weights is None else weights[:, np.newaxis]
    peopled = (groups.people > 0).any(axis=1)
    groups, shares = groups[peopled], None if weights is None else weights[peopled]
    unknown = np.isnan(groups.value)
    # Who has none of the numbers says nothing; who has some speaks for those.
    alive = groups[~unknown.all(axis=1)]
    if shares is not None:
        shares = np.where(np.isnan(alive.value), 0.0, shares[~unknown.all(axis=1)])
        shares = shares / shares.sum(axis=0)
    each = _values(alive.value, against, shares, ratio=ratio)
    worst = each.min(initial=np.inf) if ratio else each.max(initial=-np.inf)
    value = float(each.mean() if mean else worst)
    whole = _emptied(alive)
    whole |= {
        "value": np.asarray(value),
        "people": np.asarray(float(groups.people.max(axis=1, initial=0).sum())),
        "reason": np.asarray(_left_out(groups, unknown, value), dtype=object),
        "bounds": (0.0, 1.0) if ratio else (0.0, groups.bounds[1] - groups.bounds[0]),
    }
    if np.isnan(value):
        return Estimate(**whole)
    apart, pulls = each, np.zeros(alive.value.shape) if shares is None else shares
    if ratio:
        # A share of 0 lies endlessly far down: half a person stands for it.
        filled = np.where(alive.value > 0, alive.value, _smoothed(alive))
        apart = -np.log(_values(filled, against, shares, ratio=True))
        pulls = pulls * filled / np.nansum(pulls * filled, axis=0) if shares is not None else pulls
    return Spread(
        **whole, groups=alive, apart=apart, against=against, weights=pulls, ratio=ratio, mean=mean
    )


def _emptied(groups: Estimate) -> dict[str, Any]:
    """Fields of an estimate of no shape, without contributions: a spread has an interval alone."""
    whole = plain(groups) | {"family": "mean"}
    unknown = np.asarray(np.nan)
    for name in ("influence", "rows", "left_out", "societies"):
        whole[name] = None
    for name in ("variance", "freedom", "worth"):
        whole[name] = unknown
    if whole["cluster_variance"] is not None:
        whole |= {"cluster_variance": unknown, "cluster_freedom": unknown}
    return whole


def _left_out(groups: Estimate, unknown: NDArray[np.bool_], value: float) -> str:
    """Why a spread is NaN, or how many groups it leaves out and why."""
    said = [str(text) for text in groups.reason[unknown] if text]
    if said:
        number = int(unknown.any(axis=1).sum())
        return f"{number} group{'s' * (number != 1)} left out: {said[0]}"
    if np.isnan(value):
        return "fewer than two groups" if len(groups.value) < 2 else "all are 0"
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
    """The errors that everybody uses, shape (draws, size)."""
    draws = min(DRAWS, max(200, MOST_ERRORS // max(size, 1)))
    return Streams(0).generator("inference.spread").standard_normal((draws, size))


def _smoothed(groups: Estimate) -> Array:
    """Shares with half a person more on either side (Jeffreys' prior)."""
    return np.asarray((groups.value * groups.worth + 0.5) / (groups.worth + 1))


def errors_of(groups: Estimate, *, clustered: bool) -> Array:
    """Errors of the groups in units of each one's own, shape (draws, groups, numbers)."""
    shape = groups.value.shape
    errors = _drawn(groups.value.size).reshape(-1, *shape)
    draws = len(errors)
    if not clustered or groups.left_out is None:
        return errors
    moved = groups.left_out.reshape(len(groups.left_out), -1)
    variance = np.nan_to_num(groups.spread(clustered=True)).ravel()
    scale = np.sqrt(np.where(variance > 0, variance, 1.0))
    together = (moved.T @ moved) * (len(moved) - 1) / len(moved) / np.outer(scale, scale)
    # What the clusters do not explain of a variance (held to that of people) is each one's own.
    together[np.diag_indices_from(together)] = 1.0
    values, vectors = np.linalg.eigh(together)
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    return np.asarray((errors.reshape(draws, -1) @ root.T).reshape(draws, *shape))
