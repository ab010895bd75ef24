"""Intervals cover what they say: in null worlds, in unequal worlds, in small groups."""

import numpy as np
import pytest
from credit_ml.fairness.auc import auc_of_sorted
from credit_ml.fairness.bootstrap import replicate_means, replicate_tables, smoothed
from credit_ml.fairness.intervals import percentile, spread
from scipy import stats

from credit_ml.core import Streams
from credit_ml.fairness import RATES, Tally, audit_tally, rates

WORLDS, DRAWS = 2000, 600
SIZES = np.array([900, 400, 150])
#: Shares of the four cells (outcome x decision) in every group of the null world.
NULL = ((0.12, 0.18), (0.25, 0.45))
#: 0.95 and more than three standard errors of a share of WORLDS each way; intervals made for 90
#: or for 98 of 100 lie outside for every metric.
LEAST, MOST = 0.934, 0.966


class Worlds:
    """Many audits at once: the same functions as `audit`, with worlds along the last axis."""

    def __init__(self, cells, seed):
        random = np.random.default_rng(seed)
        shape = (WORLDS, len(SIZES))
        counts = random.multinomial(SIZES, np.reshape(cells, (-1, 4)), size=shape)
        flat = counts.reshape(-1, 2, 2)
        tables = replicate_tables(flat, draws=DRAWS, generator=random)
        people = np.broadcast_to(SIZES, shape).ravel()
        # Scores of mean 600 and standard deviation 50, skewed to the right.
        scores = [550 + 50 * random.exponential(size=size) for size in people]
        sums = np.array([part.sum() for part in scores])
        squares = np.array([part @ part for part in scores])
        means = replicate_means(people, sums, squares, draws=DRAWS, generator=random)
        names = list(RATES)
        self.metrics = [*names, "mean_score"]
        self.estimate = self._aside(rates(flat, names), sums / people)
        self.centre = self._aside(rates(smoothed(flat), names), sums / people)
        self.replicates = self._aside(rates(tables, names), means)

    @staticmethod
    def _aside(shares, means):
        values = np.concatenate([shares, means[..., None]], axis=-1)
        values = values.reshape(*values.shape[:-2], WORLDS, len(SIZES), -1)
        # From (..., worlds, groups, metrics) to (..., groups, metrics, worlds).
        return np.moveaxis(values, -3, -1)

    def covered(self, quantity, truth, level):
        """Share of worlds whose interval holds the truth, for each group and metric."""
        estimate, draws = self.estimate, self.replicates
        if quantity == "difference":
            low, high = percentile(estimate - estimate[0], draws - draws[:, :1], level=level)
        elif quantity == "ratio":
            low, high = percentile(estimate / estimate[0], draws / draws[:, :1], level=level)
        elif quantity == "largest_difference":
            low, high = spread(self.centre, draws, level=level)
        else:
            low, high = spread(self.centre, draws, level=level, scale=np.log)
            low, high = np.exp(-high), np.exp(-low)
        share = ((low <= truth + 1e-12) & (high >= truth - 1e-12)).mean(axis=-1)
        return share[1:] if share.ndim == 2 else share


@pytest.fixture(scope="module")
def null():
    return Worlds((NULL,) * 3, seed=11)


@pytest.mark.parametrize(
    ("quantity", "truth"),
    [("difference", 0), ("ratio", 1), ("largest_difference", 0), ("smallest_ratio", 1)],
)
def test_nothing_is_found_where_nothing_is(null, quantity, truth):
    covered = null.covered(quantity, truth, 0.95)
    assert covered.min() > LEAST
    assert covered.max() < MOST
    assert covered.mean() == pytest.approx(0.95, abs=0.01)
    # The test can tell: wrong intervals fail it.
    assert null.covered(quantity, truth, 0.9).max() < LEAST
    assert null.covered(quantity, truth, 0.98).min() > MOST


def test_naive_percentiles_of_the_largest_difference_never_cover_zero(null):
    draws = null.replicates
    naive = np.quantile(draws.max(axis=1) - draws.min(axis=1), 0.025, axis=0)
    assert (naive > 0).all()


def test_unequal_groups_are_covered_too():
    cells = np.array([NULL, ((0.2, 0.2), (0.3, 0.3)), ((0.3, 0.2), (0.3, 0.2))])
    worlds = Worlds(cells, seed=12)
    truth = np.append(rates(cells, list(RATES)), [[600]] * 3, axis=1)[..., None]
    assert worlds.covered("difference", truth - truth[0], 0.95).min() > LEAST
    assert worlds.covered("ratio", truth / truth[0], 0.95).min() > LEAST
    # At least 95 of 100: the bound R(m) - R(mu) <= R(m - mu) is not sharp here.
    assert worlds.covered("largest_difference", np.ptp(truth, axis=0), 0.95).min() > LEAST
    least = truth.min(axis=0) / truth.max(axis=0)
    assert worlds.covered("smallest_ratio", least, 0.95).min() > LEAST


def test_an_audit_says_what_these_functions_say():
    counts = np.random.default_rng(0).multinomial(SIZES, np.ravel(NULL)).reshape(-1, 2, 2)
    found = audit_tally(Tally(groups={"g": ("a", "b", "c")}, counts=counts), seed=3).table
    found = found[(found["sensitive"] == "g") & (found["measure"] == "selection_rate")]
    generator = Streams(3).generator("fairness.audit.g")
    tables = replicate_tables(counts, draws=1000, generator=generator)
    name = ["selection_rate"]
    estimate, draws = rates(counts, name)[:, 0], rates(tables, name)[..., 0]
    low, high = spread(rates(smoothed(counts), name)[:, 0], draws, level=0.95)
    row = found[found["quantity"] == "largest_difference"].iloc[0]
    assert row[["low", "high"]].tolist() == [low, high]
    low, high = percentile(estimate - estimate[0], draws - draws[:, :1], level=0.95)
    rows = found[found["quantity"] == "difference"]
    assert rows["low"].tolist() == low[1:].tolist()
    assert rows["high"].tolist() == high[1:].tolist()


def test_the_seminorm_bound_that_the_spread_rests_on():
    random = np.random.default_rng(0)
    truth, errors = random.normal(size=(2, 1000, 5))
    measured = truth + errors
    gap = np.abs(np.ptp(measured, axis=1) - np.ptp(truth, axis=1))
    assert (gap <= np.ptp(errors, axis=1) + 1e-12).all()
    low, high = spread(np.zeros(3), random.normal(size=(500, 3)), level=0.95)
    assert low == 0
    assert high > 0


def test_replicates_agree_with_the_row_bootstrap_in_large_groups():
    counts = np.array([[[300, 500], [400, 800]]])
    random = np.random.default_rng(5)
    mine = replicate_tables(counts, draws=20_000, generator=random)[:, 0]
    rows = random.multinomial(2000, counts.ravel() / 2000, size=20_000).reshape(-1, 2, 2)
    for table in (mine, rows):
        table = table / table.sum((1, 2), keepdims=True)
        expected = counts[0] / 2000
        np.testing.assert_allclose(table.mean(0), expected, rtol=0.005)
        spread_of = np.sqrt(expected * (1 - expected) / 2000)
        np.testing.assert_allclose(table.std(0), spread_of, rtol=0.03)


def test_small_groups_are_covered_where_the_multinomial_fails():
    # Exact coverage of the selection rate of 20 people at 10 %, over all 21 possible tables.
    people, truth = 20, 0.1
    selected = np.arange(people + 1)
    chance = stats.binom.pmf(selected, people, truth)
    ours = stats.beta.ppf([[0.025], [0.975]], selected + 1, people - selected + 1)
    multinomial = stats.binom.ppf([[0.025], [0.975]], people, selected / people) / people
    covers = [
        chance @ ((np.minimum(low, selected / people) <= truth) & (truth <= high))
        for low, high in (ours, multinomial)
    ]
    assert covers[0] > 0.94
    assert covers[1] < 0.89
    # And the replicates are that distribution.
    for k in (0, 3, 20):
        tables = replicate_tables(
            np.array([[[people - k, k]]]), draws=5000, generator=np.random.default_rng(k)
        )
        rate = tables[:, 0, 0, 1] / tables[:, 0, 0].sum(-1)
        assert stats.kstest(rate, stats.beta(k + 1, people - k + 1).cdf).pvalue > 0.001


def test_means_of_normal_scores_have_students_intervals():
    scores = np.random.default_rng(1).normal(600, 50, 8)
    draws = replicate_means(
        np.array([8]),
        np.array([scores.sum()]),
        np.array([(scores**2).sum()]),
        draws=200_000,
        generator=np.random.default_rng(2),
    )
    low, high = percentile(np.array([scores.mean()]), draws, level=0.95)
    expected = stats.t.interval(0.95, 7, scores.mean(), scores.std(ddof=1) / np.sqrt(8))
    np.testing.assert_allclose([low[0], high[0]], expected, atol=0.5)


def test_auc_is_covered():
    random = np.random.default_rng(8)
    truth, hits = stats.norm.cdf(1 / np.sqrt(2)), 0
    for _ in range(WORLDS):
        kept = np.arange(120) < 80
        scores = random.normal(kept, 1.0)
        order = np.argsort(scores)
        _, low, high = auc_of_sorted(scores[order], kept[order], level=0.95)
        hits += low <= truth <= high
    assert LEAST < hits / WORLDS < MOST
