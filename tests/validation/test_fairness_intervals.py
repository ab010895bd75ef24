"""Intervals cover what they say: in null and unequal worlds, in small groups, in clusters."""

import numpy as np
import pytest
from scipy import stats

from credit_ml.fairness import RATES, Tally, audit_tally
from credit_ml.fairness.metrics.catalogue import parts_of
from credit_ml.inference import People, difference, means_of_sums, ratio, shares_of_counts, spread

WORLDS = 2000
SIZES = np.array([900, 400, 150])
#: Shares of the four cells (outcome x decision) in every group of the null world.
NULL = ((0.12, 0.18), (0.25, 0.45))
#: 0.95 and more than three standard errors of a share of WORLDS each way; intervals made for 90
#: or for 98 of 100 lie outside for every metric.
LEAST, MOST = 0.934, 0.966


class Worlds:
    """Many audits at once: the estimates of `audit`, of shape (worlds, groups, metrics)."""

    def __init__(self, cells, seed):
        random = np.random.default_rng(seed)
        shape = (WORLDS, len(SIZES))
        counts = random.multinomial(SIZES, np.reshape(cells, (-1, 4)), size=shape)
        counts = counts.reshape(*shape, 2, 2)
        parts = [parts_of(counts, name) for name in RATES]
        hits, people = (np.stack(part, axis=-1) for part in zip(*parts, strict=True))
        self.shares = shares_of_counts(hits, people)
        # Scores of mean 600 and standard deviation 50, skewed to the right.
        scores = [550 + 50 * random.exponential(size=(WORLDS, size)) for size in SIZES]
        sums = np.stack([part.sum(axis=1) for part in scores], axis=1)
        squares = np.stack([(part**2).sum(axis=1) for part in scores], axis=1)
        sizes = np.broadcast_to(SIZES, shape).astype(float)
        self.means = means_of_sums(sums, sizes, squares)[..., np.newaxis]

    def covered(self, make, truth, level, *, means=True):
        """Share of worlds whose interval holds the truth, for each other group and metric."""
        shares = [self.shares, *([self.means] if means else [])]
        found = []
        for numbers, place in zip(
            shares, (slice(0, len(RATES)), slice(len(RATES), None)), strict=False
        ):
            one = make(numbers[:, 1:], numbers[:, :1], disjoint=True)
            low, high = one.interval(level)
            right = truth if np.ndim(truth) == 0 else truth[1:, place]
            found.append(((low <= right + 1e-12) & (high >= right - 1e-12)).mean(axis=0))
        return np.concatenate(found, axis=-1)


@pytest.fixture(scope="module")
def null():
    return Worlds((NULL,) * 3, seed=11)


@pytest.mark.parametrize(("make", "truth"), [(difference, 0), (ratio, 1)])
def test_nothing_is_found_where_nothing_is(null, make, truth):
    covered = null.covered(make, truth, 0.95, means=make is difference)
    assert covered.min() > LEAST
    assert covered.max() < MOST
    assert covered.mean() == pytest.approx(0.95, abs=0.01)
    # The test can tell: wrong intervals fail it.
    assert null.covered(make, truth, 0.9, means=make is difference).max() < LEAST
    assert null.covered(make, truth, 0.98, means=make is difference).min() > MOST


@pytest.mark.parametrize("by_ratio", [False, True])
def test_no_spread_is_found_where_there_is_none(null, by_ratio):
    names = list(RATES)
    for name in ("selection_rate", "true_positive_rate", "precision"):
        rates = null.shares[:400, :, names.index(name)]
        ends = [spread(rates[world], ratio=by_ratio).interval() for world in range(400)]
        held = np.mean([end.high == 1 if by_ratio else end.low == 0 for end in ends])
        # Three standard errors of a share of 400 each way.
        assert 0.917 < held < 0.983
        # An interval about the estimate never holds it.
        assert all(float(spread(rates[world])) > 0 for world in range(20))


def test_unequal_groups_are_covered_too():
    cells = np.array([NULL, ((0.2, 0.2), (0.3, 0.3)), ((0.3, 0.2), (0.3, 0.2))])
    worlds = Worlds(cells, seed=12)
    parts = [parts_of(cells, name) for name in RATES]
    truth = np.stack([above / below for above, below in parts], axis=-1)
    with_score = np.append(truth, [[600]] * 3, axis=1)
    assert worlds.covered(difference, with_score - with_score[0], 0.95).min() > LEAST
    assert worlds.covered(ratio, truth / truth[0], 0.95, means=False).min() > LEAST
    # At least 95 of 100: the bound R(m) - R(mu) <= R(m - mu) is not sharp here.
    place = list(RATES).index("selection_rate")
    rates, width = worlds.shares[:400, :, place], np.ptp(truth[:, place])
    ends = [spread(rates[world]).interval() for world in range(400)]
    assert np.mean([end.low <= width <= end.high for end in ends]) > 0.917


def test_an_audit_says_what_these_functions_say():
    counts = np.random.default_rng(0).multinomial(SIZES, np.ravel(NULL)).reshape(-1, 2, 2)
    found = audit_tally(Tally(groups={"g": ("a", "b", "c")}, counts=counts)).table
    found = found[(found["sensitive"] == "g") & (found["measure"] == "selection_rate")]
    rates = shares_of_counts(*parts_of(counts, "selection_rate"))
    row = found[found["quantity"] == "largest_difference"].iloc[0]
    assert tuple(row[["low", "high"]]) == spread(rates).interval()
    low, high = difference(rates[1:], rates[:1], disjoint=True).interval()
    rows = found[found["quantity"] == "difference"]
    assert rows["low"].tolist() == low.tolist()
    assert rows["high"].tolist() == high.tolist()


@pytest.mark.parametrize("sizes", [(30, 30), (30, 300), (300, 3000)])
@pytest.mark.parametrize("rates", [(0.02, 0.02), (0.5, 0.5), (0.98, 0.9), (0.2, 0.5)])
def test_differences_and_ratios_are_covered_exactly(sizes, rates):
    # Every pair of counts by its chance: no simulation.
    hits = [np.arange(size + 1) for size in sizes]
    chance = [
        stats.binom.pmf(hit, size, rate) for hit, size, rate in zip(hits, sizes, rates, strict=True)
    ]
    keep = [part > 1e-9 for part in chance]
    hits = [part[where] for part, where in zip(hits, keep, strict=True)]
    chance = [part[where] for part, where in zip(chance, keep, strict=True)]
    shape = (len(hits[0]), len(hits[1]))
    one, two = (
        shares_of_counts(np.broadcast_to(part, shape), np.full(shape, size))
        for part, size in ((hits[0][:, None], sizes[0]), (hits[1][None], sizes[1]))
    )
    weight = chance[0][:, None] * chance[1]
    for make, truth in ((difference, rates[0] - rates[1]), (ratio, rates[0] / rates[1])):
        found = make(one, two, disjoint=True)
        low, high = found.interval()
        known = ~np.isnan(found.value)
        held = (weight * ((low <= truth) & (truth <= high)))[known].sum() / weight[known].sum()
        # Newcombe (1998): a little above 95 of 100; far above where nearly nobody is selected.
        assert held > 0.932
        if min(rates) > 0.1 and max(rates) < 0.9:
            assert held < 0.968


def test_small_groups_are_covered_where_the_multinomial_fails():
    # Exact coverage of the selection rate of 20 people at 10 %, over all 21 possible tables.
    people, truth = 20, 0.1
    selected = np.arange(people + 1)
    chance = stats.binom.pmf(selected, people, truth)
    low, high = shares_of_counts(selected, np.full(21, people)).interval()
    multinomial = stats.binom.ppf([[0.025], [0.975]], people, selected / people) / people
    assert chance @ ((low <= truth) & (truth <= high)) > 0.94
    assert chance @ ((multinomial[0] <= truth) & (truth <= multinomial[1])) < 0.89


@pytest.mark.parametrize("clusters", [8, 20, 100])
def test_over_clusters_shares_means_and_their_differences_are_covered(clusters):
    random, size, rounds = np.random.default_rng(clusters), 40, 600
    codes = np.repeat(np.arange(clusters), size)
    hits = np.zeros((2, 4))
    # A district's luck strikes both groups, and one of them more.
    for _ in range(rounds):
        group = random.random(len(codes)) < 0.4
        luck, own = random.normal(0, 0.6, (2, clusters))
        score = luck[codes] + own[codes] * group + random.normal(size=len(codes))
        above = score > 0
        for over, place in (("clusters", 0), ("people", 1)):
            people = People(len(codes), codes, over)
            gaps = [(people.share(above, who), people.mean(score, who)) for who in (group, ~group)]
            estimates = (
                (gaps[0][0], 0.5),
                (gaps[0][1], 0.0),
                (gaps[0][0] - gaps[1][0], 0.0),
                (gaps[0][1] - gaps[1][1], 0.0),
            )
            for column, (estimate, truth) in enumerate(estimates):
                low, high = estimate.interval()
                hits[place, column] += low <= truth <= high
    # 95 less three standard errors of a share of 600; never narrower than people, and so
    # covered more often where few clusters leave Student's quantile large.
    assert hits[0].min() / rounds > 0.923
    assert hits[0].max() / rounds < 0.99
    assert hits[1].max() / rounds < 0.9


def test_auc_is_covered():
    random = np.random.default_rng(8)
    truth, hits, people = stats.norm.cdf(1 / np.sqrt(2)), 0, People(120)
    kept = np.arange(120) < 80
    for _ in range(WORLDS):
        low, high = people.auc(random.normal(kept, 1.0), kept).interval()
        hits += low <= truth <= high
    assert LEAST < hits / WORLDS < MOST


@pytest.mark.parametrize("clusters", [None, 20])
def test_ten_groups_treated_alike_are_seldom_called_adverse(clusters):
    from credit_ml.fairness.decisions.impact import _against_others
    from credit_ml.inference import adjusted

    random, rounds, alarms, size = np.random.default_rng(11), 1000, 0, 600
    member = np.repeat(np.arange(10), size // 10)
    codes = None if clusters is None else random.integers(0, clusters, size)
    people = People(size, codes)
    for _ in range(rounds):
        chosen = (random.random(size) < 0.5).astype(np.uint8)
        tests = [_against_others(member == group, chosen, people)[1] for group in range(10)]
        alarms += (adjusted(tests).holm < 0.05).any()
    # Three standard errors of 5 % in 1,000 are 2.1 %.
    assert alarms / rounds < 0.071
