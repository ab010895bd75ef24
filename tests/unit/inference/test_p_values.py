"""Chances of a distance from what is asked, and what is said where nothing differs."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from credit_ml.inference import People


@given(st.integers(0, 999), st.floats(-1, 1))
def test_a_means_p_value_is_students(seed: int, null: float) -> None:
    x = np.random.default_rng(seed).normal(0.3, 1, 25)
    found = People(25).mean(x)
    assert found.p_value(null) == pytest.approx(stats.ttest_1samp(x, null).pvalue)
    low, high = found.interval(1 - found.p_value(null)) if found.p_value(null) < 1 else (null, null)
    assert min(abs(low - null), abs(high - null)) < 1e-9


def test_no_distance_is_no_evidence_even_where_nobody_differs() -> None:
    alike = People(5).mean(np.full(5, 2.0))
    assert alike.p_value(2.0) == 1.0
    assert alike.p_value(1.0) == 0.0
    # One person shows no spread, and so nothing of any distance.
    alone = People(1).mean([2.0])
    assert np.isnan(alone.p_value(2.0))
    assert np.isnan(alone.p_value(1.0))


def test_several_numbers_have_each_its_own() -> None:
    x = np.random.default_rng(0).normal(size=(30, 3))
    x[:, 2] = 4.0
    found = People(30).mean(x)
    assert found.p_value(4.0)[2] == 1.0
    expected = stats.ttest_1samp(x[:, :2], 0.0).pvalue
    assert found.p_value()[:2] == pytest.approx(expected)


def test_over_clusters_the_larger_of_both_is_said() -> None:
    codes = np.repeat(np.arange(10), 30)
    rng = np.random.default_rng(4)
    shared = rng.normal(size=10)[codes] + 0.1 * rng.normal(size=300)
    for x in (shared, rng.normal(0.1, 1, 300)):
        people = People(300, clusters=codes, over="clusters")
        gap = people.mean(x)
        alone, both = gap.p_value(over="people"), gap.p_value(over="clusters")
        assert alone == pytest.approx(stats.ttest_1samp(x, 0.0).pvalue)
        error = np.sqrt(float(gap.spread(clustered=True)))
        tail = 2 * stats.t.sf(abs(x.mean()) / error, float(gap.cluster_freedom))
        assert both == pytest.approx(max(alone, tail))
        assert gap.p_value() == both
        assert gap.error(over="clusters") == pytest.approx(error)
        assert gap.error(over="people") == pytest.approx(x.std(ddof=1) / np.sqrt(300))


def test_the_design_effect_is_how_many_people_make_one() -> None:
    codes = np.repeat(np.arange(40), 25)
    luck = np.random.default_rng(0).normal(size=40)[codes]
    people = People(1000, clusters=codes, over="clusters")
    # People who are all alike within a cluster of 25 are worth one: 25 times the variance.
    assert float(people.mean(luck).design_effect) == pytest.approx(
        25 * 999 / 1000 * 40 / 39, rel=0.02
    )
    assert float(People(1000).mean(luck).design_effect) == 1.0
    assert float(people.mean(np.ones(1000)).design_effect) == 1.0
    assert np.isnan(People(1).mean([1.0]).design_effect)


def test_a_multiple_has_the_same_p_value_and_ends_that_turn_with_its_sign() -> None:
    hit = np.arange(40) % 3 == 0
    share, people = People(40).share(hit), People(40)
    low, high = share.interval()
    turned = share.scaled(-2.0, 1.0)
    assert turned.interval() == pytest.approx((1 - 2 * high, 1 - 2 * low))
    assert turned.bounds == (-1.0, 1.0)
    assert float(turned.variance) == pytest.approx(4 * float(share.variance))
    np.testing.assert_allclose(turned.influence, -2 * share.influence)
    assert turned.p_value(1 - 2 * 0.5) == pytest.approx(share.p_value(0.5))
    same = share.scaled(1.0)
    assert same.interval() == pytest.approx((low, high))
    none = share.scaled(0.0, 3.0)
    assert (float(none), none.bounds) == (3.0, (3.0, 3.0))
    sum_of_both = people.mean(hit) + people.mean(2.0 * hit)
    assert float(sum_of_both) == pytest.approx(3 * hit.mean())
    assert sum_of_both.interval() == pytest.approx(people.mean(3.0 * hit).interval())


def test_societies_go_along_with_what_is_made_of_numbers() -> None:
    people, values = People(50), np.linspace(0.2, 0.6, 9)
    one = people.share(np.arange(50) < 20).with_societies(values)
    two = people.share(np.arange(50) < 10).with_societies(values / 2)
    half = stats.t.ppf(0.975, 8) * values.std(ddof=1)
    assert one.interval(over="societies") == pytest.approx(
        (max(0.4 - half, 0.0), min(0.4 + half, 1.0))
    )
    np.testing.assert_allclose((one - two).societies, values / 2)
    np.testing.assert_allclose((one / two).societies, np.full(9, 2.0))
    np.testing.assert_allclose(one.scaled(-1.0, 1.0).societies, 1 - values)
    assert (one - people.share(np.arange(50) < 10)).societies is None
