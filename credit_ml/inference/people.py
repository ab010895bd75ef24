"""People who were met: what they say of means, shares, areas, quantiles and correlations."""

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal, Self

import numpy as np
from numpy.typing import ArrayLike, NDArray

from credit_ml.core import Array, Dataset, InputError, Mask, Rows, worth
from credit_ml.core.tables.weights import relative_weights
from credit_ml.inference.areas import Areas, RankedPeople
from credit_ml.inference.clusters import (
    both_limit,
    cluster_freedom,
    cluster_sums,
    left_out_ratio,
    one_weight,
    worths,
)
from credit_ml.inference.contributions import MISSING, UNBOUNDED, Bounds, Family, over_clusters
from credit_ml.inference.estimate import Estimate
from credit_ml.inference.options import FEWEST_CLUSTERS, checked_over, over_note, weights_note
from credit_ml.inference.order import quantile_of, weighted_quantile

NOBODY, NO_SHARE = "nobody is counted", "nobody has what it is a share of"
ALIKE = "all or none had the favourable outcome"
#: Bounds of a share.
SHARE: Bounds = (0.0, 1.0)


@dataclass(frozen=True, eq=False)
class People:
    """Some people of whom numbers are estimated, and whom intervals count.

    ``People.of(dataset, over="auto")`` takes everybody of a table; each method makes an
    `Estimate` of some of them (`who`, a mask or places, all by default), from one value a person.

    With weights w a mean is ``sum(w y) / sum(w)``, and what a person contributes to its error
    ``w (y - mean) / sum(w)``: the variance of samples drawn with unequal chances (linearisation,
    the sandwich of a weighted regression), whatever the scale of the weights. Where a small-sample
    formula asks for a number of people it gets what the weights are worth, ``sum(w)^2 / sum(w^2)``
    (Kish). People who all have one weight are as people without; those of weight 0 are absent.

    References
    ----------
    Lumley, T. (2010). Complex surveys: a guide to analysis using R. Wiley (svymean, svyratio,
    svyquantile). Binder, D. A. (1983). On the variances of asymptotically normal estimators from
    complex surveys. International Statistical Review 51, 279-292. Kish, L. (1965). Survey
    sampling. Wiley.

    Examples
    --------
    >>> people = People(200, clusters=np.repeat(np.arange(20), 10), over="clusters")
    >>> kept = np.arange(200) % 20 < 10
    >>> [round(end, 2) for end in people.share(kept).interval()]
    [0.28, 0.72]
    >>> [round(end, 2) for end in people.share(kept).interval(over="people")]
    [0.43, 0.57]
    """

    size: int
    """How many."""
    clusters: Rows | None = field(default=None, repr=False)
    """Each one's cluster, numbers from 0; None when they are independent."""
    over: str = "auto"
    """What intervals count by default: "auto", "people" or "clusters"."""
    weights: Array | None = field(default=None, repr=False)
    """Of how many people each one speaks, at least 0; None when everybody counts alike."""

    def __post_init__(self) -> None:
        for name, values in (("clusters", self.clusters), ("weights", self.weights)):
            if values is not None and np.shape(values) != (self.size,):
                problem = f"have shape {np.shape(values)}"
                raise InputError(name, problem, f"give {self.size:,}, one a person")
        codes = self.clusters
        if self.weights is not None and self.relative is None:
            object.__setattr__(self, "weights", None)
        if codes is not None:
            codes = _numbered(np.asarray(codes))
            object.__setattr__(self, "clusters", codes)
        checked_over(self.over, self.cluster_count)

    @classmethod
    def of(cls, dataset: Dataset, *, over: str = "auto") -> Self:
        """Everybody of a table, with the clusters and the weights that it names."""
        weights = None if dataset.weights is None else dataset.weights.to_numpy()
        return cls(len(dataset), dataset.clusters(), over, weights)

    @cached_property
    def relative(self) -> Array | None:
        """Weights by their mean; None when everybody counts alike."""
        return relative_weights(self.weights)

    @cached_property
    def each(self) -> Array:
        """As how many people each one counts, 1 on average and, without weights, for everybody."""
        return np.ones(self.size) if self.relative is None else self.relative

    @cached_property
    def cluster_count(self) -> int:
        """Clusters that there are; 0 when the table names none."""
        return 0 if self.clusters is None else int(self.clusters.max()) + 1

    @property
    def counted(self) -> Literal["people", "clusters"]:
        """What intervals count by default."""
        return checked_over(self.over, self.cluster_count)

    @property
    def note(self) -> str:
        """The sentence that says what intervals count, and what the weights do."""
        said = over_note(self.over, self.cluster_count)
        if self.weights is None or self.relative is None:
            return said
        number = int((self.weights > 0).sum())
        return f"{said} {weights_note(number, float(self.weights.sum()), worth(self.relative))}"

    def take(self, rows: ArrayLike) -> "People":
        """Some of the people, as people of their own."""
        places = np.arange(self.size)[np.asarray(rows)]
        codes = None if self.clusters is None else self.clusters[places]
        number = 0 if codes is None else len(np.unique(codes))
        over = self.over if number >= FEWEST_CLUSTERS else "auto"
        weights = None if self.weights is None else self.weights[places]
        return People(len(places), None if number < 2 else codes, over, weights)

    def mean(self, values: ArrayLike, who: Any = None, *, bounds: Bounds = UNBOUNDED) -> Estimate:
        """Mean of values, shape (size,) or (size, ...), with Student's interval.

        Cost: one pass.

        Examples
        --------
        >>> [round(end, 3) for end in People(3).mean([1.0, 2.0, 3.0]).interval()]
        [-0.484, 4.484]
        """
        rows, weights, chosen = self._chosen(who, values)
        return self._of_sums(chosen, None, rows, weights, "mean", bounds)

    def share(self, hits: ArrayLike, who: Any = None) -> Estimate:
        """Share of people, with Wilson's interval, of fewer people where neighbours are alike.

        `hits` are True and False, or each one's chance from 0 to 1.

        Examples
        --------
        >>> [round(end, 3) for end in People(10).share(np.zeros(10)).interval()]
        [0.0, 0.278]
        """
        rows, weights, chosen = self._chosen(who, hits)
        return self._of_sums(chosen, None, rows, weights, "share", SHARE)

    def rate(
        self, top: ArrayLike, bottom: ArrayLike, who: Any = None, *, bounds: Bounds = SHARE
    ) -> Estimate:
        """Sum of `top` by sum of `bottom`: a share of some, or a mean with weights.

        The interval is Wilson's where the bounds are 0 and 1, else Student's. NaN where the lower
        sum is 0.

        Examples
        --------
        >>> kept, chosen = np.array([1, 1, 0, 1]), np.array([1, 0, 1, 1])
        >>> round(float(People(4).rate(kept * chosen, kept)), 3)
        0.667
        """
        rows, weights, above, below = self._chosen(who, top, bottom)
        family: Family = "share" if bounds == SHARE else "mean"
        return self._of_sums(above, below, rows, weights, family, bounds)

    def auc(self, scores: ArrayLike, kept: ArrayLike, who: Any = None) -> Estimate:
        """Share of pairs (kept, not kept) that the scores order right, ties half.

        The variance is DeLong's, over clusters the jackknife's; the interval is made on the
        logit scale, with the degrees of freedom of the smaller side: of those who kept, or of those
        who did not, whichever are fewer. `kept` is 0 or 1, or each one's chance. NaN when all or
        none kept.

        References
        ----------
        DeLong, E. R., DeLong, D. M. and Clarke-Pearson, D. L. (1988). Comparing the areas under two
        or more correlated receiver operating characteristic curves. Biometrics 44, 837-845.
        Obuchowski, N. A. (1997). Nonparametric analysis of clustered ROC curve data. Biometrics
        53, 567-578.

        Examples
        --------
        >>> float(People(4).auc([0.1, 0.4, 0.5, 0.8], [0, 1, 0, 1]))
        0.75
        """
        rows, weights, points, good = self._chosen(who, scores, kept)
        # NaN would rank as the highest score.
        missing = bool(np.isnan(points).any() or np.isnan(good).any())
        good = good * np.nan if missing else good
        sides = (good, 1.0 - good) if weights is None else (weights * good, weights * (1 - good))
        areas = Areas(RankedPeople.of(points), *sides)
        value = areas.value
        smaller = min(map(worth, sides))
        reason = "" if np.isfinite(value[0]) else ALIKE
        reason = MISSING if missing else reason
        extra: dict[str, Any] = {}
        if self.clusters is not None and self.counted == "clusters":
            codes = self.clusters[slice(None) if rows is None else rows]
            moved = areas.left_out(codes, self.cluster_count)[:, 0]
            each = sides if weights is not None else [side > 0 for side in sides]
            limit = min(_freedom_of(codes, side, self.cluster_count) for side in each)
            extra = over_clusters(moved, limit)
        return self._estimate(
            np.asarray(value[0]),
            areas.influence(),
            rows,
            freedom=np.asarray(max(smaller - 1.0, 1.0)),
            worth=np.asarray(smaller),
            family="area",
            bounds=SHARE,
            reason=np.asarray(reason),
            **extra,
        )

    def quantile(self, values: ArrayLike, share: float, who: Any = None) -> Estimate:
        """Quantile of values, one a person or several, with the interval of its ranks.

        Whatever the values' distribution, the number of people below the quantile is binomial;
        of people who share chances, or have several values each, it is that of as many as the
        variance of the share below is worth. Without enough people for a rank (a 95 % interval of
        the median takes six, of the 95th percentile 73) both ends are NaN. Without weights the
        quantile lies between neighbours in proportion (numpy's default); with weights it is the
        lowest value that, with all lower ones, has `share` of the weight (numpy's
        "inverted_cdf"), for "between" has no meaning that does not change with their scale.

        References
        ----------
        Woodruff, R. S. (1952). Confidence intervals for medians and other position measures.
        Journal of the American Statistical Association 47, 635-646. David, H. A. and Nagaraja, H.
        N. (2003). Order statistics. 3rd edition, Wiley, chapter 7.1.

        Examples
        --------
        >>> found = People(101).quantile(np.arange(101.0), 0.5)
        >>> float(found), [round(end) for end in found.interval()]
        (50.0, [40, 60])
        """
        rows, weights, chosen = self._chosen(who, values)
        middle = weighted_quantile(chosen, share, weights)
        below = (chosen <= middle).reshape(len(chosen), int(np.prod(chosen.shape[1:]))).mean(axis=1)
        under = self._of_sums(below, None, rows, weights, "share", SHARE)
        return quantile_of(under, middle, chosen, share, weights)

    def correlation(self, one: ArrayLike, two: ArrayLike, who: Any = None) -> Estimate:
        """Pearson's correlation, with an interval on Fisher's scale.

        Its contributions are those of a smooth function of five means, so that neither number
        need be normal. Of a perfect order the other end is that of Wilson's interval of a share of
        1, on the scale from -1 to 1. NaN where one of them does not vary.

        Examples
        --------
        >>> x = np.arange(50.0)
        >>> found = People(50).correlation(x, x + 30 * (x % 2))
        >>> round(float(found), 2), [round(end, 2) for end in found.interval()]
        (0.71, [0.57, 0.8])
        """
        rows, given, x, y = self._chosen(who, one, two)
        number, weights = len(x), np.ones(len(x)) if given is None else given
        moments = np.stack([x, y, x * x, y * y, x * y], axis=1) * weights[:, np.newaxis]
        total, size = float(weights.sum()), number if given is None else worth(given)
        value = _correlation_of(moments.sum(axis=0), total)
        known, alike = np.isfinite(value), np.isfinite(moments).all()
        influence = np.zeros(number)
        if known:
            left, right = (_standard(part, weights) for part in (x, y))
            influence = (left * right - value / 2 * (left**2 + right**2)) * weights / total
        extra: dict[str, Any] = {}
        if self.clusters is not None and self.counted == "clusters":
            codes, count = self.clusters[slice(None) if rows is None else rows], self.cluster_count
            rest = moments.sum(axis=0) - cluster_sums(moments, codes, count)
            sizes = np.bincount(codes, weights, minlength=count)
            moved = np.nan_to_num(_correlation_of(rest.T, total - sizes) - value)
            limit = _freedom_of(codes, weights, count)
            extra = over_clusters(moved, limit)
        return self._estimate(
            np.asarray(value),
            influence * np.sqrt(number / max(number - 1, 1)),
            rows,
            freedom=np.asarray(max(size - 2.0, 1.0)),
            worth=np.asarray(float(size)),
            family="correlation",
            bounds=(-1.0, 1.0),
            reason=np.asarray("" if known else "a number does not vary" if alike else MISSING),
            **extra,
        )

    def from_influence(
        self,
        value: ArrayLike,
        influence: ArrayLike,
        *,
        parts: tuple[Mask, ...] = (),
        bounds: Bounds = UNBOUNDED,
        family: Family = "mean",
    ) -> Estimate:
        """Any number (or several) whose error is a sum over people, such as a gap's component.

        Parameters
        ----------
        value : array_like of shape S
        influence : array_like of shape ``(size, *S)``
            To first order ``estimate - truth`` is its sum; it sums to 0 over each part. Where
            people have weights it holds them.
        parts : tuple of ndarray of bool
            Groups whose means the number is made of, such as both sides of a gap: degrees of
            freedom are Welch's, and a large cluster weighs as in the jackknife of the means.
            Everybody by default.
        bounds : tuple of float
            What the number can be.
        family : {"mean", "share"}
            Shape of the interval: Wilson's of a share, which is not certain where nobody differs.

        Examples
        --------
        >>> people, x = People(3), np.array([1.0, 2.0, 3.0])
        >>> [round(end, 3) for end in people.from_influence(2.0, (x - 2) / 3).interval()]
        [-0.484, 4.484]
        """
        middle, pull = np.asarray(value, dtype="float64"), np.asarray(influence, dtype="float64")
        weights = self.each
        groups = parts or (np.ones(self.size, dtype=bool),)
        growth, free = np.zeros(len(pull)), []
        for part in groups:
            number = int((weights[part] > 0).sum())
            growth[part] = np.sqrt(number / (number - 1)) if number > 1 else np.nan
        scaled = np.asarray((pull.T * growth).T)
        for part in groups:
            squares = np.einsum("i,i...,i...->...", part.astype("float64"), scaled, scaled)
            free.append((squares, max(worth(weights[part]) - 1.0, 1.0)))
        whole = np.asarray(sum(part for part, _ in free)) ** 2
        each = np.asarray(sum(part**2 / number for part, number in free))
        freedom = np.full(middle.shape, min(number for _, number in free))
        np.divide(whole, each, out=freedom, where=each > 0)
        extra: dict[str, Any] = {}
        if self.clusters is not None and self.counted == "clusters":
            moved, limits = np.zeros((self.cluster_count, *middle.shape)), []
            for part in groups:
                sums = cluster_sums(pull[part], self.clusters[part], self.cluster_count)
                sizes = cluster_sums(weights[part], self.clusters[part], self.cluster_count)
                rest = 1 - (sizes / sizes.sum()).reshape(-1, *(1,) * middle.ndim)
                moved -= np.divide(sums, rest, out=np.zeros_like(sums), where=rest > 1e-12)
                squares = np.asarray((weights[part] ** 2).sum())
                limit = cluster_freedom(sizes, squares)
                limits.append(both_limit(np.asarray(worth(weights[part]) - 1), limit))
            extra = over_clusters(moved, min(limits))
        missing = np.where(np.isnan(middle), "it is not defined", "")
        return self._estimate(
            middle,
            scaled,
            None,
            freedom=freedom,
            bounds=bounds,
            family=family,
            reason=missing,
            **extra,
        )

    def sums(self, cells: Rows, size: int, values: Any = None, who: Any = None) -> NDArray[Any]:
        """Sums of values (people by default) in cells, by cluster, shape (clusters, size).

        One cluster holds everybody where people are counted. `cells` and `values` are of `who`.
        People with weights count as these.

        Examples
        --------
        >>> People(3).sums(np.array([0, 1, 1]), 2).tolist()
        [[1, 2]]
        """
        number, codes, place = 1, np.zeros(1, dtype=np.intp), slice(None) if who is None else who
        if self.clusters is not None and self.counted == "clusters":
            number, codes = self.cluster_count, self.clusters[place]
        if self.relative is not None:
            values = self.relative[place] * (1.0 if values is None else values)
        return np.bincount(codes * size + cells, values, number * size).reshape(number, size)

    def square_sums(self, cells: Rows, size: int, values: Any = None, who: Any = None) -> Array:
        """Sums of squared weights times values (1 by default) in cells, shape (size,).

        Examples
        --------
        >>> People(3, weights=np.array([1.0, 2.0, 3.0])).square_sums(np.array([0, 1, 1]), 2)
        array([0.25, 3.25])
        """
        own = self.each[slice(None) if who is None else who] ** 2
        summed = np.bincount(cells, own * (1.0 if values is None else values), minlength=size)
        return np.asarray(summed, dtype="float64")

    def rows(self, who: Any) -> Rows | None:
        """Places of some of the people; None for all."""
        if who is None:
            return None
        mask = np.asarray(who)
        return np.flatnonzero(mask) if mask.dtype == bool else mask.astype(np.intp)

    def _chosen(self, who: Any, *values: ArrayLike) -> tuple[Any, ...]:
        """Places of some of the people, their weights (None: one each) and their values."""
        rows, weights = self.rows(who), self.relative
        if weights is not None:
            weights = weights if rows is None else weights[rows]
            if not weights.all():
                there = np.flatnonzero(weights)
                rows, weights = there if rows is None else rows[there], weights[there]
            if not len(weights) or weights.min() == weights.max():
                weights = None
        place = slice(None) if rows is None else rows
        # Some are taken before they are made numbers: of a mask of all that is most of the work.
        chosen = (np.asarray(np.asarray(each)[place], dtype="float64") for each in values)
        return rows, weights, *chosen

    def _of_sums(
        self,
        top: Array,
        bottom: Array | None,
        rows: Rows | None,
        weights: Array | None,
        family: Family,
        bounds: Bounds,
    ) -> Estimate:
        """Ratio of two sums over people (None: of one each), with what each adds to its error."""
        ones = bottom is None or bool(np.all(bottom == 1))
        number_of = np.ones(len(top)) if bottom is None else bottom
        counts = family == "share" and _binary(top) and (ones or _binary(number_of))
        # What all numbers have below is summed once, and made as wide as they are.
        below: Array = number_of.reshape(*number_of.shape, *(1,) * (top.ndim - number_of.ndim))
        there: Array = below if ones else (below > 0).astype("float64")
        number, alike = there.sum(axis=0), ones and weights is None
        if weights is not None:
            own = weights.reshape(-1, *(1,) * (top.ndim - 1))
            top, below, there = top * own, below * own, there * own
        total, shape = _summed(top), top.shape[1:]
        size = np.broadcast_to(np.asarray(below.sum(axis=0), dtype="float64"), shape)
        value = np.full(shape, np.nan)
        np.divide(total, size, out=value, where=size > 0)
        influence = top - (value if alike else value * below)
        np.divide(influence, size, out=influence, where=size > 0)
        influence[:, ~(size > 0)] = 0.0
        tells = number if weights is None else worths(there)
        number, tells = (np.broadcast_to(each, shape) for each in (number, tells))
        # The variance of a count is known, of people who count alike.
        known = counts & one_weight(tells, number)
        if not known.all():
            grown = np.where(number > 1, np.sqrt(number / np.maximum(number - 1, 1)), np.nan)
            influence *= np.where(known, 1.0, grown)
        freedom = np.where(known, np.inf, np.maximum(tells - 1, 1.0))
        extra: dict[str, Any] = {}
        if self.clusters is not None and self.counted == "clusters":
            codes = self.clusters if rows is None else self.clusters[rows]
            sums = cluster_sums(below, codes, self.cluster_count)
            moved = left_out_ratio(cluster_sums(top, codes, self.cluster_count), sums)
            sizes = sums if alike else cluster_sums(there, codes, self.cluster_count)
            squares = None if weights is None else np.asarray((there**2).sum(axis=0))
            extra = over_clusters(moved, both_limit(freedom, cluster_freedom(sizes, squares)))
        nothing = NOBODY if ones else NO_SHARE
        why = np.where(size > 0, np.where(np.isnan(value), MISSING, ""), nothing)
        return self._estimate(
            value,
            influence,
            rows,
            freedom=freedom,
            worth=tells,
            family=family,
            bounds=bounds,
            reason=why,
            **extra,
        )

    def _estimate(
        self, value: Array, influence: Array, rows: Rows | None, **others: Any
    ) -> Estimate:
        return Estimate(
            value=value,
            variance=np.einsum("i...,i...->...", influence, influence),
            influence=influence,
            rows=rows,
            people=np.asarray(self.size if rows is None else len(rows)),
            **others | {"over": self.counted},
        )


def _freedom_of(codes: Rows, weights: Array, size: int) -> Array:
    squares = np.asarray((weights * weights).sum(), dtype="float64")
    sizes = np.bincount(codes, weights, minlength=size).astype("float64")
    return cluster_freedom(sizes, squares)


def _standard(values: Array, weights: Array) -> Array:
    """Values less their mean, in standard deviations."""
    far = values - np.average(values, weights=weights)
    return np.asarray(far / np.sqrt(np.average(far * far, weights=weights)))


def _numbered(codes: Any) -> Rows:
    """Codes from 0 on without gaps, in their order."""
    if codes.dtype.kind not in "iu" or codes.min(initial=0) < 0 or codes.max(initial=0) > 1e7:
        return np.unique(codes, return_inverse=True)[1].astype(np.intp)
    there = np.bincount(codes) > 0
    return np.asarray((np.cumsum(there) - 1)[codes], dtype=np.intp)


def _binary(values: Array) -> bool:
    """Whether people are counted: nothing but 0 and 1."""
    # Most that do not count people show it at once.
    return all(bool((part * part == part).all()) for part in (values[:64], values[64:]))


def _summed(values: Array) -> Array:
    """Sum over people, of several numbers at a third of the time of `sum`."""
    return np.asarray(values.sum() if values.ndim == 1 else np.einsum("i...->...", values))


def _correlation_of(sums: Array, number: Any) -> Any:
    """Correlation from the sums of x, y, x^2, y^2 and x y."""
    with np.errstate(divide="ignore", invalid="ignore"):
        x, y, xx, yy, xy = (part / number for part in sums)
        spread = (xx - x * x) * (yy - y * y)
        # Numbers that do not vary leave rounding errors.
        found = np.where(
            spread > 1e-24 * np.maximum(xx * yy, 1e-300), (xy - x * y) / np.sqrt(spread), np.nan
        )
    return np.clip(found, -1.0, 1.0) if found.ndim else float(np.clip(found, -1.0, 1.0))
