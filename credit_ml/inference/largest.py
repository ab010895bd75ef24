"""The largest difference between groups, the smallest ratio: how far apart several numbers lie."""

from dataclasses import dataclass
from typing import Any, Literal, Self

import numpy as np

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
    """Shape (groups, numbers), none of them NaN."""
    against: Against
    weights: Array | None
    """Of the groups in everybody, the same shape."""
    ratio: bool

    def __getitem__(self, key: Any) -> Self:
        """Itself: it is one number."""
        return self

    def ends(self, level: float, *, clustered: bool) -> Ends:
        """Ends of the spread, right also where all groups are equal."""
        values = self.groups.value
        down, up = self._reach(level, clustered=clustered)
        if self.ratio:
            # A share of 0 lies endlessly far down: half a person stands for it.
            values = np.log(np.where(values > 0, values, _smoothed(self.groups)))
        errors = _errors(self.groups, clustered=clustered) / float(student(level))
        drawn = np.where(errors > 0, errors * down, errors * up)
        margin = float(quantile_over(self._far(drawn), level))
        width = float(self._far(values[np.newaxis])[0])
        near, far = max(0.0, width - margin), width + margin
        ends = (np.exp(-far), np.exp(-near)) if self.ratio else (near, far)
        return np.asarray(ends[0]), np.asarray(ends[1])

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

    def _far(self, values: Array) -> Array:
        """Seminorm over groups (the axis 1), the largest over numbers (the axis 2)."""
        if self.against == "between_groups":
            found = values.max(axis=1) - values.min(axis=1)
        else:
            assert self.weights is not None
            everybody = (values * self.weights).sum(axis=1, keepdims=True)
            found = np.abs(values - everybody).max(axis=1)
        return np.asarray(found.max(axis=-1))


def spread(
    groups: Estimate,
    *,
    against: Against = "between_groups",
    weights: Array | None = None,
    ratio: bool = False,
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
    there = ~np.isnan(groups.value).any(axis=1) & (groups.people > 0).any(axis=1)
    unknown = ~there & (groups.people > 0).any(axis=1)
    said = [str(text) for text in groups.reason[unknown].ravel() if text]
    why = f"{int(unknown.sum())} groups left out: {said[0]}" if said else ""
    if weights is not None:
        weights = weights[there] / weights[there].sum(axis=0)
    alive = groups[there]
    whole = plain(alive)
    for name in ("influence", "rows", "left_out", "societies"):
        whole[name] = None
    value = _value(alive, against, weights, ratio=ratio)
    if np.isnan(value) and not why:
        why = "fewer than two groups" if there.sum() < 2 else "all are 0"
    whole |= {
        "value": np.asarray(value),
        "people": np.asarray(float(groups.people[:, 0].sum())),
        "reason": np.asarray(why, dtype=object),
        "bounds": _bounds(alive, ratio=ratio),
        "family": "mean",
    }
    for name in ("variance", "freedom", "worth"):
        whole[name] = np.asarray(np.nan)
    if whole["cluster_variance"] is not None:
        whole |= {"cluster_variance": np.asarray(np.nan), "cluster_freedom": np.asarray(np.nan)}
    if np.isnan(value):
        return Estimate(**whole)
    return Spread(**whole, groups=alive, against=against, weights=weights, ratio=ratio)


def _value(groups: Estimate, against: Against, weights: Array | None, *, ratio: bool) -> float:
    values = groups.value
    if len(values) < 2:
        return float("nan")
    if against == "to_overall":
        if weights is None:
            raise InputError("weights", "are missing", "say how much of everybody each group is")
        overall = (values * weights).sum(axis=0)
        if not ratio:
            return float(np.abs(values - overall).max())
        if (overall <= 0).any():
            return float("nan")
        with np.errstate(divide="ignore"):
            return float(np.minimum(values / overall, overall / values).min())
    low, high = values.min(axis=0), values.max(axis=0)
    if not ratio:
        return float((high - low).max())
    return float((low / high).min()) if (high > 0).all() else float("nan")


def _bounds(groups: Estimate, *, ratio: bool) -> tuple[float, float]:
    return (0.0, 1.0) if ratio else (0.0, groups.bounds[1] - groups.bounds[0])


def _smoothed(groups: Estimate) -> Array:
    """Shares with half a person more on either side (Jeffreys' prior)."""
    return np.asarray((groups.value * groups.worth + 0.5) / (groups.worth + 1))


def _errors(groups: Estimate, *, clustered: bool) -> Array:
    """Errors of the groups in units of each one's own, shape (draws, groups, numbers)."""
    shape = groups.value.shape
    generator = Streams(0).generator("inference.spread")
    draws = min(DRAWS, max(200, MOST_ERRORS // max(groups.value.size, 1)))
    errors = generator.standard_normal((draws, *shape))
    if not clustered or groups.left_out is None:
        return errors
    moved = groups.left_out.reshape(len(groups.left_out), -1)
    variance = groups.spread(clustered=True).ravel()
    scale = np.sqrt(np.where(variance > 0, variance, 1.0))
    together = (moved.T @ moved) * (len(moved) - 1) / len(moved) / np.outer(scale, scale)
    # What the clusters do not explain of a variance (held to that of people) is each one's own.
    together[np.diag_indices_from(together)] = 1.0
    values, vectors = np.linalg.eigh(together)
    root = vectors * np.sqrt(np.maximum(values, 0.0))
    return np.asarray((errors.reshape(draws, -1) @ root.T).reshape(draws, *shape))
