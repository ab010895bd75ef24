"""What differential privacy costs a score, and the audit of it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from credit_ml.agencies import Rater
from credit_ml.core import Array, InputError, Mask, Streams, conform
from credit_ml.governance.data_limits.finding import UNITS, PrivateRelease
from credit_ml.governance.data_limits.private import (
    checked_epsilons,
    count_noise_variance,
    noised_counts,
    pure_attack_auc,
    truth_chance,
)
from credit_ml.governance.number import is_number
from credit_ml.inference import (
    Comparison,
    People,
    checked_level,
    comparisons_of,
    resample_societies,
)
from credit_ml.scoring import checked_threshold
from credit_ml.society import Society

#: Rows without noise.
NONE = "none"
EPSILONS = (4.0, 1.0, 0.5, 0.1)


def private_release(
    rater: Rater,
    society: Society,
    *,
    epsilons: Sequence[float] = EPSILONS,
    sensitive: Sequence[str] | str | None = None,
    threshold: float | None = None,
    societies: int = 0,
    intervals: float = 0.95,
    seed: int = 0,
) -> PrivateRelease:
    """Release tallies and scores with noise, and say what that costs.

    - Tallies: who is granted, by group. A person stands in one cell, so that two-sided geometric
      noise of each cell makes the table epsilon-private. The variance of a share ``a / n`` grows by
      ``sigma^2 (p^2 + (1 - p)^2) / n^2``, sigma^2 being the noise's.
    - Groups asked with Warner's randomised response, in place of noise in tallies: each keeps the
      own group private from whoever counts.
    - Scores: each person's own score, private even from who receives it: Laplace noise of the
      range of scores over epsilon.

    The noise is made from the seed, to be the same again: it shows costs and protects nobody.

    Cost: a few passes over the people an epsilon; with `societies`, in each of them.

    Parameters
    ----------
    rater : Rater
    society : Society
    epsilons : sequence of float
        Above 0; smaller is more private.
    sensitive : str or sequence of str, optional
        Features by whose groups tallies are released, each table with the whole epsilon; all by
        default.
    threshold : float, optional
        Points from which one is granted; the first privilege's, or those half of all reach.
    societies : int
        Other societies for intervals over them; 0 leaves those of the table.
    intervals : float
        Level.
    seed : int
        Of the noise and of other societies.

    Raises
    ------
    InputError
        When an epsilon is not above 0.

    Examples
    --------
    >>> from credit_ml.agencies import load_agency
    >>> from credit_ml.society import World
    >>> society = World(citizens=500, seed=1).simulate()
    >>> found = private_release(load_agency("council").fit(society), society, sensitive="hukou")
    >>> width = found.table.query("measure == 'width'").set_index("epsilon")["estimate"]
    >>> bool(width["none"] == 1 < width["4"] < width["0.1"])
    True
    """
    checked_level(intervals)
    named = checked_epsilons(epsilons)
    problem, remedy = f"is {threshold!r}", "give points from which one is granted"
    usable = threshold is None or is_number(threshold)
    InputError.unless(usable, "threshold", problem, remedy)
    if threshold is not None:
        checked_threshold(rater, threshold)
    else:
        granted = rater.agency.privileges
        points = rater.score(rater.agency.view(society).X)
        threshold = granted[0].threshold if granted else float(points.median())

    # The most numerous here is the reference everywhere: intervals over societies need like rows.
    asked = comparisons_of(rater.agency.view(society), sensitive, None, needed=True)
    references = {pair.sensitive: pair.reference_group for pair in asked}

    def measured(one: Society) -> PrivateRelease:
        dataset = rater.agency.view(one)
        own = Streams(seed).seed_for(f"private_release.{one.world.seed}")
        case = _Release.of(rater, dataset, threshold, own)
        pairs = list(comparisons_of(dataset, sensitive, references, needed=True))
        rows = [row for each in (None, *named) for row in case.rows(each, pairs, intervals)]
        return PrivateRelease(
            table=conform(rows).assign(unit=lambda table: table["measure"].map(UNITS)),
            title=f"What privacy costs: {rater.name}",
            parameters={"rater": rater.name, "threshold": threshold, "intervals": intervals}
            | {"epsilons": named, "intervals_over": case.people.counted},
            seed=seed,
            notes=(case.people.note,),
        )

    if not societies:
        return measured(society)
    return resample_societies(
        society, measured, societies=societies, intervals=intervals, seed=seed
    )


@dataclass(frozen=True, kw_only=True, eq=False)
class _Release:
    """Scores and decisions of one society, to be released."""

    people: People
    points: Array
    kept: Mask
    granted: Mask
    uniform: Array
    """Chance of the noise of scores, the same at every epsilon."""
    seed: int

    @classmethod
    def of(cls, rater: Rater, dataset: Any, threshold: float, seed: int) -> "_Release":
        points = rater.score(dataset.X).to_numpy(dtype=np.float64)
        return cls(
            people=People.of(dataset),
            points=points,
            kept=dataset.outcome(needed_for="private release").to_numpy() == 1,
            granted=points >= threshold,
            uniform=Streams(seed).generator("private.scores").random(len(points)),
            seed=seed,
        )

    def rows(
        self, epsilon: float | None, pairs: Sequence[Comparison], level: float
    ) -> Iterator[dict[str, Any]]:
        """Yield every measure at one epsilon; None is without noise."""
        label = {"epsilon": NONE if epsilon is None else f"{epsilon:g}"}
        shown = self.points if epsilon is None else self._noised(epsilon)
        auc = self.people.auc(shown, self.kept)
        yield label | {"measure": "auc"} | auc.facts(level)
        if epsilon is not None:
            lost = self.people.auc(self.points, self.kept) - auc
            yield label | {"measure": "auc_lost"} | lost.facts(level)
        bound = 1.0 if epsilon is None else pure_attack_auc(epsilon)
        yield label | {"measure": "attack", "estimate": bound, "people": self.people.size}
        for number, pair in enumerate(pairs):
            own = label | pair.labels | {"people": int((pair.inside | pair.outside).sum())}
            of = own | {"quantity": "difference", "measure": "gap"}
            if epsilon is None:
                yield of | pair.difference(self.people.share, self.granted).facts(level)
            else:
                yield of | {"estimate": self._released_gap(pair, epsilon, number)}
            tally, asked = widths(pair.inside, pair.outside, self.granted, epsilon)
            yield own | {"measure": "width", "estimate": tally}
            yield own | {"measure": "width_randomised", "estimate": asked}

    def _noised(self, epsilon: float) -> Array:
        far = 0.5 - self.uniform
        noise = -np.sign(far) * np.log1p(-2.0 * np.abs(far))
        return np.asarray(self.points + np.ptp(self.points) / epsilon * noise)

    def _released_gap(self, pair: Comparison, epsilon: float, number: int) -> float:
        cells = [
            int((who & (self.granted == decided)).sum())
            for who in (pair.inside, pair.outside)
            for decided in (True, False)
        ]
        # Another stream for each pair; the same at every epsilon.
        noised = noised_counts(np.array(cells), epsilon=epsilon, seed=self.seed + 1000 * number)
        yes, no = np.maximum(noised, 0)[::2], np.maximum(noised, 0)[1::2]
        shares = yes / np.maximum(yes + no, 1)
        return float(shares[0] - shares[1])


def widths(
    inside: Mask, outside: Mask, granted: Mask, epsilon: float | None
) -> tuple[float, float]:
    """How much wider the interval of a gap is than without noise: of tallies, of asked groups.

    Both are ``sqrt(variance with / variance without)``. With answers true with chance p, a person
    counts in the group with the weight ``(answer + p - 1) / (2 p - 1)``, whose mean is the truth.

    Examples
    --------
    >>> half = np.arange(400) % 2 == 0
    >>> widths(half, ~half, np.arange(400) < 200, None)
    (1.0, 1.0)
    >>> [round(each, 2) for each in widths(half, ~half, np.arange(400) < 200, 1.0)]
    [1.01, 2.16]
    """
    if epsilon is None:
        return 1.0, 1.0
    sampling, noise, asked = 0.0, 0.0, 0.0
    rates = [float(granted[who].mean()) if who.any() else np.nan for who in (inside, outside)]
    sizes = [int(who.sum()) for who in (inside, outside)]
    for rate, size in zip(rates, sizes, strict=True):
        sampling += rate * (1.0 - rate) / size
        noise += count_noise_variance(epsilon) * (rate**2 + (1.0 - rate) ** 2) / size**2
    p = truth_chance(epsilon)
    for own, chance in ((inside, p), (outside, 1.0 - p)):
        says = (chance, 1.0 - chance)
        weights = (p / (2.0 * p - 1.0), (p - 1.0) / (2.0 * p - 1.0))
        for probability, weight in zip(says, weights, strict=True):
            one = weight * (granted[own] - rates[0]) / sizes[0]
            two = (1.0 - weight) * (granted[own] - rates[1]) / sizes[1]
            asked += probability * float(((one - two) ** 2).sum())
    if not sampling > 0:
        return np.nan, np.nan
    return float(np.sqrt(1.0 + noise / sampling)), float(np.sqrt(asked / sampling))
