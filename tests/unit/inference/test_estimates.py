"""Estimates and their intervals, against other packages and by hand."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from sklearn.metrics import roc_auc_score
from statsmodels.stats.proportion import confint_proportions_2indep, proportion_confint
from statsmodels.stats.weightstats import CompareMeans, DescrStatsW

from credit_ml.core import InputError
from credit_ml.inference import (
    People,
    difference,
    jackknifed,
    means_of_sums,
    rank_correlation,
    ratio,
    shares_of_counts,
    spread,
)


def _met(seed, people=240, clusters=24):
    """Two groups with decisions, outcomes and scores, people of a cluster alike."""
    random = np.random.default_rng(seed)
    codes = random.integers(0, clusters, people)
    luck = random.normal(0, 0.7, clusters)[codes]
    group = random.random(people) < 0.4
    score = random.normal(0.3 * group, 1.0) + luck
    kept = random.random(people) < 1 / (1 + np.exp(-score))
    return People(people, codes), group, score, kept


class TestAgainstOthers:
    @given(st.integers(0, 60), st.integers(1, 60), st.sampled_from([0.8, 0.95, 0.99]))
    def test_a_share_has_wilsons_interval(self, hits, rest, level):
        found = People(hits + rest).share(np.arange(hits + rest) < hits).interval(level)
        low, high = proportion_confint(hits, hits + rest, 1 - level, "wilson")
        assert found == pytest.approx((max(low, 0), min(high, 1)), abs=1e-9)

    @given(st.tuples(*[st.integers(0, 40)] * 4).filter(lambda n: n[0] + n[1] and n[2] + n[3]))
    def test_a_difference_of_shares_has_newcombes(self, cells):
        one, two, people = cells[0] + cells[1], cells[2] + cells[3], sum(cells)
        hits = np.concatenate([np.arange(one) < cells[0], np.arange(two) < cells[2]])
        group = np.arange(people) < one
        met = People(people)
        found = (met.share(hits, group) - met.share(hits, ~group)).interval()
        theirs = confint_proportions_2indep(
            cells[0], one, cells[2], two, method="newcomb", compare="diff"
        )
        assert found == pytest.approx(theirs, abs=1e-9)

    @given(st.integers(0, 10_000))
    def test_a_difference_of_means_has_welchs(self, seed):
        people, group, score, _ = _met(seed)
        found = (people.mean(score, group) - people.mean(score, ~group)).interval(over="people")
        theirs = CompareMeans(DescrStatsW(score[group]), DescrStatsW(score[~group]))
        assert found == pytest.approx(theirs.tconfint_diff(usevar="unequal"))

    @given(st.integers(0, 10_000))
    def test_a_paired_change_of_means_has_students(self, seed):
        people, group, score, kept = _met(seed)
        for who in (None, group):
            there = np.ones(len(score), bool) if who is None else who
            found = (people.mean(score, who) - people.mean(kept, who)).interval(over="people")
            theirs = DescrStatsW((score - kept)[there]).tconfint_mean()
            assert found[:] == pytest.approx(theirs)

    @given(st.tuples(*[st.integers(1, 30)] * 4))
    def test_a_paired_change_of_shares_joins_wilsons_ends_by_phi(self, cells):
        # Newcombe (1998), Statistics in Medicine 17, 2635-2650, without continuity correction.
        both, first, second, none = cells
        one, two = np.repeat([1, 1, 0, 0], cells), np.repeat([1, 0, 1, 0], cells)
        number = sum(cells)
        found = (People(number).share(one) - People(number).share(two)).interval()
        sides = (both + first) * (second + none) * (both + second) * (first + none)
        phi = (both * none - first * second) / np.sqrt(sides)
        ends = [
            proportion_confint(hits, number, 0.05, "wilson")
            for hits in (both + first, both + second)
        ]
        p, q = one.mean(), two.mean()
        a, b = p - ends[0][0], ends[1][1] - q
        c, d = ends[0][1] - p, q - ends[1][0]
        assert found[0] == pytest.approx(p - q - np.sqrt(a * a + b * b - 2 * phi * a * b))
        assert found[1] == pytest.approx(p - q + np.sqrt(c * c + d * d - 2 * phi * c * d))

    def test_over_clusters_a_gap_is_statsmodels_cluster_robust_to_a_tenth(self):
        import statsmodels.api as sm

        people, group, score, _ = _met(3, people=4000, clusters=60)
        gap = people.mean(score, group) - people.mean(score, ~group)
        fitted = sm.OLS(score, sm.add_constant(group.astype(float))).fit(
            cov_type="cluster", cov_kwds={"groups": people.clusters}
        )
        assert gap.error(over="clusters") == pytest.approx(
            max(fitted.bse[1], gap.error(over="people")), rel=0.1
        )

    @given(st.integers(0, 10_000))
    @settings(max_examples=25)
    def test_an_area_is_scikit_learns_and_its_variance_delongs(self, seed):
        people, _, score, kept = _met(seed, people=60)
        score = score.round(1)
        found = people.auc(score, kept)
        assert float(found) == pytest.approx(roc_auc_score(kept, score))
        one, zero = score[kept], score[~kept]
        order = (one[:, None] > zero) + 0.5 * (one[:, None] == zero)
        variance = order.mean(1).var(ddof=1) / len(one) + order.mean(0).var(ddof=1) / len(zero)
        assert float(found.variance) == pytest.approx(variance)

    def test_a_change_of_areas_has_delongs_variance(self):
        # Two markers of 8 people, placements worked by hand.
        kept = np.array([1, 1, 1, 1, 0, 0, 0, 0])
        first, second = np.array([8, 7, 6, 3, 5, 4, 2, 1]), np.array([8, 5, 4, 2, 7, 6, 3, 1])
        people = People(8)
        one, two = people.auc(first, kept), people.auc(second, kept)
        assert float(one) == 14 / 16
        assert float(two) == 10 / 16 - 1 / 16
        ten = np.array([1, 1, 1, 0.5]) - np.array([1, 0.5, 0.5, 0.25])
        oh = np.array([0.75, 0.75, 1, 1]) - np.array([0.25, 0.25, 0.75, 1])
        assert float((one - two).variance) == pytest.approx(
            ten.var(ddof=1) / 4 + oh.var(ddof=1) / 4
        )

    @given(st.integers(0, 10_000))
    def test_a_correlation_is_pearsons_and_nearly_fishers_interval(self, seed):
        random = np.random.default_rng(seed)
        x = random.normal(size=2000)
        y = 0.5 * x + random.normal(size=2000)
        found = People(2000).correlation(x, y)
        assert float(found) == pytest.approx(np.corrcoef(x, y)[0, 1])
        z, half = np.arctanh(float(found)), 1.96 / np.sqrt(1997)
        theirs = np.tanh([z - half, z + half])
        width = theirs[1] - theirs[0]
        assert found.interval() == pytest.approx(tuple(theirs), abs=0.15 * width)

    def test_a_median_has_the_interval_of_its_order(self):
        values = stats.norm.ppf((np.arange(1001) + 0.5) / 1001)
        low, high = People(1001).quantile(values, 0.5).interval()
        half = 1.96 * np.sqrt(np.pi / 2 / 1001)
        assert (low, high) == pytest.approx((-half, half), rel=0.03)


class TestOverClusters:
    @given(st.integers(0, 10_000))
    @settings(max_examples=25)
    def test_the_variance_is_that_of_the_jackknife_by_brute_force(self, seed):
        people, group, score, kept = _met(seed)

        def all_of(inside, without=None):
            there = np.ones(240, bool) if without is None else people.clusters != without
            few = People(int(there.sum()))
            own = inside[there]
            return np.array(
                [
                    float(few.mean(score[there], own)),
                    float(few.share(kept[there], own)),
                    float(few.auc(score[there], kept[there], own)),
                    float(few.correlation(score[there], kept[there], own)),
                    float(few.mean(score[there], own) - few.mean(score[there], ~own)),
                ]
            )

        whole = all_of(group)
        moved = np.array([all_of(group, cluster) for cluster in range(24)]) - whole
        expected = (moved**2).sum(axis=0) * 23 / 24
        found = [
            people.mean(score, group),
            people.share(kept, group),
            people.auc(score, kept, group),
            people.correlation(score, kept, group),
            people.mean(score, group) - people.mean(score, ~group),
        ]
        assert [float(each.cluster_variance) for each in found] == pytest.approx(expected)

    @given(st.integers(0, 10_000))
    def test_never_narrower_than_over_people(self, seed):
        people, group, score, kept = _met(seed)
        for each in (
            people.mean(score, group),
            people.share(kept, group) - people.share(kept, ~group),
            ratio(people.share(kept, group), people.share(kept, ~group)),
            people.auc(score, kept, group) - people.auc(score, kept, ~group),
            people.auc(score, kept) - people.auc(-score, kept),
        ):
            narrow, wide = each.interval(over="people"), each.interval(over="clusters")
            assert wide.low <= narrow.low <= narrow.high <= wide.high

    def test_what_strikes_all_of_a_cluster_cancels_from_a_gap(self):
        codes, group = np.repeat(np.arange(20), 50), np.arange(1000) % 2 == 0
        shock = np.repeat(np.arange(20.0), 50)
        people = People(1000, codes)
        gap = people.mean(shock, group) - people.mean(shock, ~group)
        assert float(gap.cluster_variance) == pytest.approx(0, abs=1e-12)
        assert people.mean(shock, group).error() > 1

    @pytest.mark.parametrize("number", [2, 3, 5])
    def test_few_clusters_are_counted_with_as_few_degrees_of_freedom(self, number):
        """Means of clusters that are all alike inside are so many numbers, and no more."""
        means = np.random.default_rng(number).normal(size=number)
        people = People(20 * number, np.repeat(np.arange(number), 20))
        found = people.mean(np.repeat(means, 20))
        half = stats.t.ppf(0.975, number / (1 - 1 / 20) - 1 if number > 2 else 20 / 19 * 2 - 1)
        assert people.counted == "clusters"
        assert found.interval().high - float(found) > 0.9 * half * means.std(ddof=1) / number**0.5

    def test_one_cluster_says_nothing_of_others(self):
        people = People(30, np.zeros(30, dtype=int))
        assert people.counted == "people"
        with pytest.raises(InputError, match="there are 1"):
            People(30, np.zeros(30, dtype=int), "clusters")

    def test_a_group_of_one_cluster_has_no_interval_and_its_gap_neither(self):
        """It could not be told from its cluster; it is never counted by people in silence."""
        codes, values = np.repeat(np.arange(5), 20), np.arange(100.0) % 7
        people, group = People(100, codes), codes == 0
        alone = people.mean(values, group)
        for each in (alone, alone - people.mean(values, ~group), people.share(values > 2, group)):
            assert np.isnan(each.interval()).all()
            assert (
                each.facts()["reason"]
                == "all are of one cluster, and nothing says how others differ"
            )
            assert np.isfinite(each.interval(over="people")).all()

    def test_an_influence_with_parts_is_the_difference_of_means(self):
        people, group, score, _ = _met(5)
        gap = people.mean(score, group) - people.mean(score, ~group)
        pull = np.where(
            group,
            (score - score[group].mean()) / group.sum(),
            -(score - score[~group].mean()) / (~group).sum(),
        )
        same = people.from_influence(float(gap), pull, parts=(group, ~group))
        for over in ("people", "clusters"):
            assert same.interval(over=over) == pytest.approx(gap.interval(over=over))


class TestFromSums:
    @given(st.integers(0, 10_000), st.booleans())
    def test_counts_say_the_same_as_people(self, seed, clustered):
        people, group, score, kept = _met(seed)
        over = "clusters" if clustered else "people"
        codes = people.clusters if clustered else np.zeros(240, int)
        size = int(codes.max()) + 1

        def sums(values):
            both = [np.bincount(codes[who], values[who], size) for who in (group, ~group)]
            return np.stack(both, axis=1)

        hits, number, total = sums(kept * 1.0), sums(np.ones(240)), sums(score)
        squares = np.array([(score[who] ** 2).sum() for who in (group, ~group)])
        if not clustered:
            hits, number, total = hits[0], number[0], total[0]
        shares = shares_of_counts(hits, number, clustered=clustered)
        means = means_of_sums(total, number, squares, clustered=clustered)
        pairs = [
            (shares[0], people.share(kept, group)),
            (means[1], people.mean(score, ~group)),
            (
                difference(shares[0], shares[1], disjoint=True),
                people.share(kept, group) - people.share(kept, ~group),
            ),
            (
                difference(means[0], means[1], disjoint=True),
                people.mean(score, group) - people.mean(score, ~group),
            ),
            (
                ratio(shares[0], shares[1], disjoint=True),
                people.share(kept, group) / people.share(kept, ~group),
            ),
        ]
        for ours, theirs in pairs:
            assert float(ours) == pytest.approx(float(theirs))
            assert ours.interval(over=over) == pytest.approx(theirs.interval(over=over))

    def test_who_is_in_both_must_be_said(self):
        shares = shares_of_counts(np.array([3, 4]), np.array([10, 10]))
        with pytest.raises(InputError, match="disjoint"):
            shares[0] - shares[1]

    def test_a_jackknife_of_people_is_students(self):
        x = np.array([1.0, 5.0, 2.0, 8.0])
        found = jackknifed(x.mean(), [np.delete(x, i).mean() for i in range(4)])
        assert found.interval() == pytest.approx(People(4).mean(x).interval())


class TestBounds:
    @given(st.tuples(*[st.integers(0, 12)] * 4), st.sampled_from([0.5, 0.95, 0.999]))
    def test_ends_are_possible_and_hold_the_value(self, cells, level):
        counts, people = np.array(cells[:2]), np.array(cells[:2]) + np.array(cells[2:])
        shares = shares_of_counts(counts, people)
        gap = difference(shares[0], shares[1], disjoint=True)
        for each, least, most in (
            (shares, 0, 1),
            (gap, -1, 1),
            (ratio(shares[0], shares[1], disjoint=True), 0, np.inf),
            (spread(shares), 0, 1),
            (spread(shares, ratio=True), 0, 1),
        ):
            low, high = each.interval(level)
            known = ~np.isnan(each.value)
            assert np.array_equal(np.isnan(low), ~known)
            assert np.all((least <= low) & (low <= each.value) & (each.value <= high), where=known)
            assert np.all(high <= most, where=known)
            assert np.all((each.reason != "") | known)

    @given(st.integers(0, 10_000), st.sampled_from(["people", "clusters"]))
    def test_a_difference_turned_round_is_its_negative(self, seed, over):
        people, group, score, kept = _met(seed)
        for estimate, values in (
            (people.mean, (score,)),
            (people.share, (kept,)),
            (people.auc, (score, kept)),
            (people.correlation, (score, kept)),
        ):
            one, two = estimate(*values, group), estimate(*values, ~group)
            low, high = (one - two).interval(over=over)
            turned = (two - one).interval(over=over)
            assert (-high, -low) == pytest.approx(turned)

    @given(st.integers(0, 10_000))
    def test_a_ratio_turned_round_is_its_inverse(self, seed):
        people, group, _, kept = _met(seed)
        one, two = people.share(kept, group), people.share(kept, ~group)
        low, high = (one / two).interval()
        assert (1 / high, 1 / low) == pytest.approx((two / one).interval())

    @given(st.integers(0, 10_000))
    def test_the_order_of_people_does_not_matter(self, seed):
        people, group, score, kept = _met(seed)
        order = np.random.default_rng(seed).permutation(240)
        mixed = People(240, people.clusters[order])
        for name, values in (("mean", [score]), ("share", [kept]), ("auc", [score, kept])):
            one = getattr(people, name)(*values, group)
            two = getattr(mixed, name)(*(part[order] for part in values), group[order])
            assert one.interval() == pytest.approx(two.interval())


class TestUnknown:
    def test_a_rate_of_nobody_is_nan_in_all_that_is_made_of_it(self):
        people, kept = People(4), np.array([1, 1, 0, 0])
        one = people.rate(kept, kept, np.array([True, True, False, False]))
        two = people.rate(kept, kept, np.array([False, False, True, True]))
        for found in (two, one - two, one / two, (one - two) + one, two.scaled(2)):
            assert np.isnan(float(found))
            assert np.isnan(found.interval()).all()
            assert "nobody" in found.facts()["reason"]

    def test_of_one_person_a_mean_has_no_interval(self):
        found = People(1).mean([3.0])
        assert float(found) == 3
        assert np.isnan(found.interval()).all()

    def test_a_ratio_to_nothing_says_so(self):
        found = ratio(*(People(5).share(np.full(5, hit)) for hit in (1, 0)))
        assert found.facts()["reason"] == "the reference is 0"

    @pytest.mark.parametrize("over", ["society", "clusters", "societies"])
    def test_what_is_not_known_cannot_be_counted(self, over):
        with pytest.raises(InputError, match="over"):
            People(5).mean(np.arange(5.0)).interval(over=over)

    def test_over_societies_the_others_say_how_far_it_moves(self):
        found = People(5).mean(np.arange(5.0)).with_societies(np.arange(9.0))
        half = stats.t.ppf(0.975, 8) * np.arange(9.0).std(ddof=1)
        assert found.interval(over="societies") == pytest.approx((2 - half, 2 + half))

    def test_a_share_that_is_the_same_in_all_societies_is_still_of_so_many_people(self):
        nobody = People(50).share(np.zeros(50)).with_societies(np.zeros(9))
        assert nobody.interval(over="societies") == pytest.approx(nobody.interval(over="people"))
        assert nobody.interval(over="societies").high > 0.05


class TestSpread:
    def test_a_group_without_the_rate_is_left_out_and_named(self):
        shares = shares_of_counts(np.array([5, 8, 0]), np.array([10, 10, 0]))
        found = spread(shares)
        assert float(found) == pytest.approx(0.3)
        kept = shares_of_counts(np.array([5, 0]), np.array([10, 0]), reason="nobody kept")
        assert np.isnan(float(spread(kept)))

    def test_it_is_covered_where_groups_are_equal(self):
        random, covered = np.random.default_rng(0), 0
        for _ in range(400):
            counts = random.binomial(60, 0.4, 6)
            covered += spread(shares_of_counts(counts, np.full(6, 60))).interval().low == 0
        assert 0.93 <= covered / 400 <= 0.98

    def test_to_overall_weighs_groups_by_people(self):
        counts, people = np.array([5, 30]), np.array([10, 90])
        found = spread(shares_of_counts(counts, people), against="to_overall", weights=people)
        assert float(found) == pytest.approx(0.15)


def test_a_perfect_order_is_not_certain() -> None:
    x = np.arange(8.0)
    for found in (People(8).correlation(x, 2 * x + 1), rank_correlation(x, x**3)):
        assert float(found) == pytest.approx(1.0)
        low, high = found.interval()
        assert 0 < low < 0.9
        assert high == pytest.approx(1.0)
    down = People(8).correlation(x, -x).interval()
    assert (down.low, down.high) == (
        -1.0,
        pytest.approx(-People(8).correlation(x, x).interval().low),
    )


def test_missing_values_are_the_reason_and_not_something_else() -> None:
    x, y = np.array([1.0, np.nan, 3.0, 4.0]), np.array([1.0, 0.0, 1.0, 0.0])
    people = People(4)
    for found in (
        people.correlation(x, y),
        people.auc(x, y),
        people.mean(x),
        rank_correlation(x, y),
    ):
        assert np.isnan(float(found))
        assert found.facts()["reason"] == "a value is missing"
    assert people.correlation(np.ones(4), y).facts()["reason"] == "a number does not vary"


def test_an_interval_that_cannot_be_known_has_a_reason() -> None:
    facts = People(1).mean([2.0]).facts()
    assert facts["estimate"] == 2.0
    assert np.isnan(facts["low"])
    assert facts["reason"]
    assert People(3).mean([1.0, 2.0, 4.0]).facts()["reason"] == ""


def test_a_ratio_whose_reference_is_in_one_cluster_stays_finite() -> None:
    codes = np.repeat(np.arange(10), 10)
    people = People(100, codes, "clusters")
    hits = (np.arange(100) % 3 == 0).astype(float)
    found = people.share(hits) / people.share((codes == 4) * hits)
    assert np.isfinite(found.cluster_variance)
    assert found.error() < 100 * float(found)
    assert np.isfinite(people.share(hits).cluster_variance)


def test_a_share_by_its_influence_is_never_certain_by_nobody_differing() -> None:
    people, none = People(30), np.zeros(30)
    found = people.from_influence(0.0, none, bounds=(0.0, 1.0), family="share")
    assert found.interval().high == pytest.approx(people.share(none).interval().high, rel=0.1)
    hits = (np.arange(30) < 9).astype(float)
    pull = (hits - hits.mean()) / 30
    own = people.from_influence(0.3, pull, bounds=(0.0, 1.0), family="share").interval()
    assert list(own) == pytest.approx(list(people.share(hits).interval()), abs=0.015)
