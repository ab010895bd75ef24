"""Many groups at once: their numbers, p-values for so many, rates that borrow from each other."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from typing import Any, Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy import special

from credit_ml.core import Mask, Rows
from credit_ml.inference.areas import Areas, RankedPeople
from credit_ml.inference.clusters import (
    both_limit,
    cluster_freedom,
    left_out_ratio,
    one_weight,
    worth_of,
)
from credit_ml.inference.contributions import MISSING, UNBOUNDED, Bounds, Family, over_clusters
from credit_ml.inference.estimate import Estimate
from credit_ml.inference.options import checked_level
from credit_ml.inference.people import ALIKE, NO_SHARE, NOBODY, SHARE, People
from credit_ml.inference.quantiles import Array, two_sided

#: Sums that are kept by cluster, before the axis of groups.
_BY_CLUSTER = ("top", "below", "members", "moved")


@dataclass(frozen=True, eq=False)
class Layer:
    """Groups of whom nobody is in two."""

    groups: list[int]
    """Which groups of all they are."""
    codes: Rows
    """Each one's group, from 0; one more than there are for those in none."""
    cells: Rows
    """Each one's cluster and group."""

    @property
    def size(self) -> int:
        """Groups, and the rest."""
        return len(self.groups) + 1


@dataclass(frozen=True, eq=False)
class GroupedPeople:
    """Groups of people: the same numbers of each as `People` makes, of many groups in one pass.

    Groups may overlap; those that do not are counted together. Each method makes an `Estimate` of
    shape (groups, ...). Contributions of single people are not kept: give ``disjoint=True`` to
    `difference` and `ratio` of two groups.

    Examples
    --------
    >>> from credit_ml.inference import People
    >>> woman = np.array([True, True, False, False])
    >>> groups = GroupedPeople(People(4), [np.ones(4, dtype=bool), woman, ~woman])
    >>> groups.mean([1.0, 3.0, 4.0, 8.0]).value.tolist()
    [4.0, 2.0, 6.0]
    """

    people: People
    masks: Sequence[Mask] = field(repr=False)
    """Who is in each group."""

    def mean(self, values: ArrayLike, *, bounds: Bounds = UNBOUNDED) -> Estimate:
        """`People.mean` of each group."""
        return self._of_sums(lambda _: values, None, "mean", bounds)

    def share(self, hits: ArrayLike) -> Estimate:
        """`People.share` of each group."""
        return self._of_sums(lambda _: hits, None, "share", SHARE)

    def rate(self, top: ArrayLike, bottom: ArrayLike, *, bounds: Bounds = SHARE) -> Estimate:
        """`People.rate` of each group."""
        return self._of_sums(lambda _: top, bottom, "share" if bounds == SHARE else "mean", bounds)

    def concentration(self, money: ArrayLike, incomes: ArrayLike) -> Estimate:
        """Concentration index of money over income in each group, from -1 to 1.

        ``2 cov(money, r) / mean(money)``, r the fractional rank in the group's incomes; people of
        one income share a rank.

        References
        ----------
        Kakwani, N., Wagstaff, A. and van Doorslaer, E. (1997). Socioeconomic inequalities in
        health: measurement, computation, and statistical inference. Journal of Econometrics 77,
        87-103.

        Examples
        --------
        >>> from credit_ml.inference import People
        >>> two = GroupedPeople(People(2), [np.ones(2, dtype=bool)])
        >>> two.concentration([1.0, 3.0], [10.0, 20.0]).value.tolist()
        [0.25]
        """
        spent, ranked, each = np.asarray(money), RankedPeople.of(incomes), self.people.each

        def parts(layer: Layer) -> Array:
            own = ranked.within(layer.codes, layer.size)
            return np.asarray(2 * spent * (own.below(each) / own.of_own(own.sums(each)) - 0.5))

        return self._of_sums(parts, spent, "mean", UNBOUNDED)

    def auc(self, scores: ArrayLike, kept: ArrayLike) -> Estimate:
        """`People.auc` of each group, with outcomes of shape (people,) or (people, ...)."""
        points, good = (np.asarray(each, dtype="float64") for each in (scores, kept))
        ranked = RankedPeople.of(points)
        missing = np.isnan(points)[:, np.newaxis] | np.isnan(_columns(good))
        areas = self._joined(
            [self._areas(each, ranked, _columns(good), missing) for each in self._layers]
        )
        value, smaller = areas["value"], areas["smaller"]
        flat = Estimate(
            value=value,
            variance=areas["variance"],
            people=self._sizes[:, np.newaxis],
            freedom=np.maximum(smaller - 1.0, 1.0),
            worth=smaller,
            family="area",
            bounds=SHARE,
            reason=np.where(areas["missing"] > 0, MISSING, np.where(np.isnan(value), ALIKE, "")),
            **(over_clusters(areas["moved"], areas["limit"]) if self._clustered else {}),
        )
        return flat if good.ndim > 1 else flat[:, 0]

    def _areas(
        self, layer: Layer, scores: RankedPeople, good: Array, missing: Mask
    ) -> dict[str, Array]:
        """Areas of a layer's groups, a column an outcome."""
        ranked = scores.within(layer.codes, layer.size)
        each = [
            self._area(layer, ranked, *columns) for columns in zip(good.T, missing.T, strict=True)
        ]
        return {name: np.stack([one[name] for one in each], axis=-1) for name in each[0]}

    def _area(
        self, layer: Layer, ranked: RankedPeople, good: Array, missing: Mask
    ) -> dict[str, Array]:
        """Areas of a layer's groups, their variances and what moves them."""
        weights, lost = self.people.each, ranked.sums(missing)
        if missing.any():
            weights = np.where(ranked.of_own(lost) > 0, 0.0, weights)
            good = np.where(missing, 0.0, good)
        sides = (weights * good, weights * (1.0 - good))
        areas = Areas(ranked, *sides)
        worths = [worth_of(ranked.sums(side), ranked.sums(side * side)) for side in sides]
        found = {
            "value": areas.value,
            "variance": ranked.sums(areas.influence() ** 2),
            "missing": lost,
            "smaller": np.minimum(*worths),
        }
        if self._clustered:
            clusters, size = self._clusters
            found["moved"] = areas.left_out(clusters, size)
            # People who count alike are so many, whatever their chances.
            tells = worth_of(ranked.sums(weights), ranked.sums(weights**2))
            alike = ranked.of_own(one_weight(tells, ranked.sums(weights > 0)))
            limits = []
            for side in sides:
                counted = np.where(alike, (side > 0).astype("float64"), side)
                sizes = np.bincount(layer.cells, counted, size * layer.size).astype("float64")
                squares = ranked.sums(counted * counted)
                limits.append(cluster_freedom(sizes.reshape(size, -1), squares))
            found["limit"] = np.where(limits[1] < limits[0], limits[1], limits[0])
        return found

    def _of_sums(
        self,
        tops: Callable[[Layer], ArrayLike],
        bottom: ArrayLike | None,
        family: Family,
        bounds: Bounds,
    ) -> Estimate:
        """Ratios of two sums over people (None: of one each), with what moves them."""
        below = _columns(np.ones(self.people.size) if bottom is None else bottom)
        found, several = [], True
        for layer in self._layers:
            top = np.asarray(tops(layer), dtype="float64")
            found.append(self._summed(layer, _columns(top), below, shares=family == "share"))
            several = top.ndim > 1
        sums = self._joined(found)
        size, number, tells = (sums[name] for name in ("size", "number", "tells"))
        # The variance of a count is known, of people who count alike.
        known = (sums["uncounted"] == 0) & one_weight(tells, number)
        grown = np.where(number > 1, number / np.maximum(number - 1, 1), np.nan)
        freedom = np.where(known, np.inf, np.maximum(tells - 1, 1.0))
        extra: dict[str, Any] = {}
        if self._clustered:
            limit = both_limit(freedom, cluster_freedom(sums["members"], sums["squares"]))
            extra = over_clusters(left_out_ratio(sums["top"], sums["below"]), limit)
        nothing = np.where((bottom is None) | (self._sizes == 0), NOBODY, NO_SHARE)[:, np.newaxis]
        why = np.where(np.isnan(sums["value"]), MISSING, "")
        flat = Estimate(
            value=sums["value"],
            variance=sums["variance"] * np.where(known, 1.0, grown),
            people=self._sizes[:, np.newaxis],
            freedom=freedom,
            worth=tells,
            family=family,
            bounds=bounds,
            reason=np.where(size > 0, why, nothing),
            **extra,
        )
        return flat if several else flat[:, 0]

    def _summed(self, layer: Layer, top: Array, below: Array, *, shares: bool) -> dict[str, Array]:
        """Sums over a layer's groups, and of the squares of what each person contributes."""
        there, uncounted = (below > 0).astype("float64"), np.ones((layer.size, 1))
        if shares:
            odd = (top * top != top).any(axis=1) | (below * below != below).any(axis=1)
            uncounted[:, 0] = np.bincount(layer.codes, odd, layer.size)
        weights = self.people.relative
        parts = [below, there]
        if weights is not None:
            own = weights[:, np.newaxis]
            top, parts = top * own, [below * own, there * own, (there * own) ** 2, there]
        size, summed_by = self._clusters[1], _compiled(_summed_by)
        above, summed = (
            summed_by(each, layer.cells, size * layer.size).reshape(size, layer.size, -1)
            for each in (top, np.concatenate(parts, axis=1))
        )
        by_cluster = np.split(summed, len(parts), axis=2)
        whole = [each.sum(axis=0) for each in by_cluster]
        total, value = above.sum(axis=0), np.full(above.shape[1:], np.nan)
        np.divide(total, whole[0], out=value, where=whole[0] > 0)
        squares = _compiled(_squares)(top, parts[0], layer.codes, value)
        variance = np.zeros(value.shape)
        np.divide(squares, whole[0] ** 2, out=variance, where=whole[0] > 0)
        return {
            "top": above,
            "below": by_cluster[0],
            "members": by_cluster[1],
            "squares": whole[1 if weights is None else 2],
            "number": whole[-1],
            "tells": whole[1] if weights is None else worth_of(*whole[1:3]),
            "size": whole[0],
            "value": value,
            "variance": variance,
            "uncounted": uncounted,
        }

    def _joined(self, parts: Sequence[dict[str, Array]]) -> dict[str, Array]:
        """Numbers of all layers, in the order of the groups."""
        place = np.argsort([group for layer in self._layers for group in layer.groups])

        def joined(name: str) -> Array:
            axis = int(name in _BY_CLUSTER)
            known = [
                np.take(part[name], range(len(layer.groups)), axis)
                for part, layer in zip(parts, self._layers, strict=True)
            ]
            return np.take(np.concatenate(known, axis), place, axis)

        return {name: joined(name) for name in parts[0]}

    @cached_property
    def _layers(self) -> list[Layer]:
        """Each group in the first layer that has room for it."""
        members: list[list[int]] = []
        coded: list[Rows] = []
        for group, mask in enumerate(self.masks):
            counted = np.asarray(mask) & (self.people.each > 0)
            free = (n for n, codes in enumerate(coded) if (codes[counted] < 0).all())
            number = next(free, len(coded))
            if number == len(coded):
                members.append([])
                coded.append(np.full(self.people.size, -1))
            coded[number][counted] = len(members[number])
            members[number].append(group)
        layers = []
        for groups, codes in zip(members, coded, strict=True):
            codes[codes < 0] = len(groups)
            cells = self._clusters[0] * (len(groups) + 1) + codes
            layers.append(Layer(groups, codes, cells))
        return layers

    @cached_property
    def _sizes(self) -> Array:
        """People of each group whose weight is not 0."""
        counted = self.people.each > 0
        return np.array([np.count_nonzero(mask & counted) for mask in self.masks], dtype="float64")

    @property
    def _clustered(self) -> bool:
        return self.people.clusters is not None and self.people.counted == "clusters"

    @cached_property
    def _clusters(self) -> tuple[Rows, int]:
        """Each one's cluster, and how many there are; one of all where people are counted."""
        if self._clustered:
            assert self.people.clusters is not None
            return self.people.clusters, self.people.cluster_count
        return np.zeros(self.people.size, dtype=np.intp), 1


def _columns(values: ArrayLike) -> Array:
    """A column a number."""
    numbers = np.asarray(values, dtype="float64")
    return np.ascontiguousarray(numbers.reshape(len(numbers), -1))


@cache
def _compiled(work: Callable[..., Any]) -> Callable[..., Any]:
    """Make loops fast when they are first needed: who audits one table waits for no compiler.

    Mutants of such loops cannot be compiled, so that these are held by their tests alone.
    """
    from numba import njit

    return njit(cache=True, nogil=True)(work)


def _summed_by(values: Array, cells: Rows, size: int) -> Array:  # pragma: no mutate block
    """Sums of values over the people of each cell, shape (size, numbers)."""
    summed = np.zeros((size, values.shape[1]))
    for person in range(len(cells)):
        for number in range(values.shape[1]):
            summed[cells[person], number] += values[person, number]
    return summed


def _squares(top: Array, base: Array, codes: Rows, rate: Array) -> Array:  # pragma: no mutate block
    """Sums over groups of the squares of ``top - rate * base``, shape (groups, numbers)."""
    summed, wide = np.zeros(rate.shape), base.shape[1] > 1
    for person in range(len(codes)):
        group = codes[person]
        for number in range(rate.shape[1]):
            under = base[person, number] if wide else base[person, 0]
            far = top[person, number] - rate[group, number] * under
            summed[group, number] += far * far
    return summed


class Adjusted(NamedTuple):
    """p-values that are adjusted for their number."""

    holm: Array
    """Chance that any is so small among true hypotheses."""
    benjamini_hochberg: Array
    """Share of false ones among those found."""


def adjusted(p_values: ArrayLike) -> Adjusted:
    """p-values adjusted after Holm and after Benjamini and Hochberg; NaN stays NaN.

    References
    ----------
    Holm, S. (1979). A simple sequentially rejective multiple test procedure. Scandinavian Journal
    of Statistics 6, 65-70. Benjamini, Y. and Hochberg, Y. (1995). Controlling the false discovery
    rate. Journal of the Royal Statistical Society B 57, 289-300.

    Examples
    --------
    >>> [part.round(3).tolist() for part in adjusted([0.01, 0.04, 0.03])]
    [[0.03, 0.06, 0.06], [0.03, 0.04, 0.04]]
    """
    values = np.asarray(p_values, dtype="float64")
    known = np.flatnonzero(~np.isnan(values))
    holm, hochberg = np.full((2, len(values)), np.nan)
    order = known[np.argsort(values[known], kind="stable")]
    rising, number = values[order], len(order)
    if number:
        ranks = np.arange(1, number + 1)
        holm[order] = np.minimum(1, np.maximum.accumulate(rising * (number + 1 - ranks)))
        down = np.minimum.accumulate((rising * number / ranks)[::-1])[::-1]
        hochberg[order] = np.minimum(1, down)
    return Adjusted(holm, hochberg)


def equal_shares_test(
    hits: ArrayLike, people: ArrayLike, *, alternative: Literal["two-sided", "less"] = "two-sided"
) -> tuple[str, float]:
    """Name and p-value of a test that two shares of different people are equal.

    Fisher's exact test where any expected count is below 5, else the z test with the pooled share;
    "less" asks whether the first share is the smaller.

    References
    ----------
    Fisher, R. A. (1935). The logic of inductive inference. Journal of the Royal Statistical
    Society 98, 39-82.

    Examples
    --------
    >>> name, p = equal_shares_test([30, 45], [100, 100])
    >>> name, round(p, 3)
    ('z', 0.028)
    """
    selected, number = np.asarray(hits, dtype="float64"), np.asarray(people, dtype="float64")
    pooled = selected.sum() / number.sum()
    if min(number) * min(pooled, 1 - pooled) < 5:
        from scipy import stats

        table = np.stack([number - selected, selected], axis=1).astype(int)
        # The odds of the first not to hit are greater.
        turned = "greater" if alternative == "less" else alternative
        return "fisher", float(stats.fisher_exact(table, alternative=turned)[1])
    error = np.sqrt(pooled * (1 - pooled) * (1 / number).sum())
    shares = selected / number
    far = (shares[0] - shares[1]) / error
    return "z", float(special.ndtr(far) if alternative == "less" else two_sided(far))


@lru_cache(maxsize=256)
def simultaneous_level(level: float, groups: int) -> float:
    """Level at which the intervals of all pairs of groups hold together with another level.

    By the studentised range of normal numbers (Tukey and Kramer; at least so where groups differ
    in size), so that a group may be compared with the largest, the smallest or any other that was
    chosen by its number.

    References
    ----------
    Hayter, A. J. (1984). A proof of the conjecture that the Tukey-Kramer multiple comparisons
    procedure is conservative. Annals of Statistics 12, 61-75.

    Examples
    --------
    >>> [round(simultaneous_level(0.95, groups), 4) for groups in (2, 3, 10)]
    [0.95, 0.9809, 0.9984]
    """
    from scipy import optimize

    place = np.linspace(-8.0, 8.0, 401)
    density = np.exp(-(place**2) / 2)
    density /= density.sum()

    def beyond(width: float) -> float:
        inside = special.ndtr(place) - special.ndtr(place - width)
        return float(groups * (density * inside ** (groups - 1)).sum()) - level

    return float(1 - 2 * special.ndtr(-optimize.brentq(beyond, 0.0, 30.0) / np.sqrt(2)))


def shrunken_rates(
    selected: Array, people: Array, *, level: float = 0.95
) -> tuple[Array, Array, Array]:
    """Posterior means and limits of rates that share a beta prior of which little is known.

    Each group's rate has the prior Beta(s m, (1 - s) m); the share s is uniform, and so is
    ``1 / sqrt(m)``, which is about how far rates lie apart (m from half a person to ten times all
    of them). A group of few people borrows from the others as far as those agree. Limits count
    that s and m are unknown; with m at its most probable value they held 42 to 95 % of the rates
    of two to four groups.

    Cost: a grid of 80 strengths by 11 shares; each rate's posterior is taken as the beta of the
    same mean and variance.

    References
    ----------
    Gelman, A., Carlin, J. B., Stern, H. S., Dunson, D. B., Vehtari, A. and Rubin, D. B. (2013).
    Bayesian data analysis. 3rd edition, Chapman & Hall, chapter 5.3. Morris, C. N. (1983).
    Parametric empirical Bayes inference. Journal of the American Statistical Association 78,
    47-55, on what limits miss that take the prior as known.

    Examples
    --------
    >>> selected, people = np.array([0, 480, 520, 500]), np.array([5, 1000, 1000, 1000])
    >>> shrunken_rates(selected, people)[0].round(2).tolist()
    [0.4, 0.48, 0.51, 0.5]
    """
    checked_level(level)
    rate, size = selected / np.maximum(people, 1), np.asarray(people, dtype="float64")
    strength = np.geomspace(0.5, 10 * size.sum() + 10, 80)[:, np.newaxis, np.newaxis]
    # Of each strength the shares about the most probable one, on the scale of log-odds.
    worth = size * (strength + 1) / (strength + size)
    whole = worth.sum(axis=-1, keepdims=True) + 1
    middle = ((worth * rate).sum(axis=-1, keepdims=True) + 0.5) / whole
    step = 1 / np.sqrt(middle * (1 - middle) * whole)
    share = special.expit(special.logit(middle) + step * np.linspace(-4, 4, 11)[:, np.newaxis])
    a, b = share * strength, (1 - share) * strength
    above, below = selected + a, people - selected + b
    likely = (special.betaln(above, below) - special.betaln(a, b)).sum(axis=-1, keepdims=True)
    likely += np.log(share * (1 - share) * step) - np.log(strength) / 2
    weight = special.softmax(likely)
    each = above / (above + below)
    spread = each * (1 - each) / (above + below + 1)
    mean = (weight * each).sum(axis=(0, 1))
    variance = (weight * (spread + (each - mean) ** 2)).sum(axis=(0, 1))
    alike = mean * (1 - mean) / variance - 1
    tail = (1 - level) / 2
    ends = (special.betaincinv(mean * alike, (1 - mean) * alike, at) for at in (tail, 1 - tail))
    low, high = ends
    # Where all are selected, or nobody, rounding puts the mean beside its own quantiles.
    return mean, np.minimum(low, mean), np.maximum(high, mean)
