"""Closed forms of how many citizens it takes, held to a published model and to simulation."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from credit_ml.core import InputError
from credit_ml.governance import citizens_needed, listings_needed, scores_needed, scores_power
from credit_ml.governance.political_use.auditor import listing_alarms
from credit_ml.governance.political_use.closed_form import (
    ListLaw,
    PointsLaw,
    cities_power,
    times_needed,
)


def of_list(marked, share, before, inside, outside=0.0):
    """One society's law, of which the power is asked."""
    return ListLaw(*(np.array([each]) for each in (marked, share, before, inside, outside)))


def test_the_published_model_asks_for_sixteen_thousand_nine_hundred() -> None:
    number = citizens_needed(20, 130, share=0.02)
    assert number == pytest.approx(16_900, rel=0.002)
    reach = stats.norm.ppf(0.975) + stats.norm.ppf(0.8)
    assert number == np.ceil(reach**2 * 130**2 / (20**2 * 0.02 * 0.98))


@given(
    effect=st.floats(1, 100),
    deviation=st.floats(10, 200),
    share=st.floats(0.01, 0.5),
    power=st.floats(0.5, 0.99),
)
def test_as_many_citizens_have_the_power(effect, deviation, share, power) -> None:
    number = citizens_needed(effect, deviation, share, power=power, sides=1)
    signal = effect / deviation * np.sqrt(number * share * (1 - share))
    reached = float(PointsLaw(np.array([signal]), np.zeros(1)).power([1.0], 0.05)[0, 0])
    assert reached >= power - 1e-9
    if number > 100:
        assert reached == pytest.approx(power, abs=0.01)


@given(elsewhere=st.floats(0.02, 0.5), added=st.floats(0.02, 0.4), share=st.floats(0.02, 0.5))
def test_as_many_citizens_find_listings(elsewhere, added, share) -> None:
    """The approximation of two proportions is near the exact test where many are listed."""
    number = listings_needed(elsewhere, added, share, sides=1)
    assert listings_needed(elsewhere, added, share, power=0.9, sides=1) >= number
    marked = number * share
    if marked * elsewhere > 10:
        law = of_list(marked, share, elsewhere, added)
        assert law.power([1.0], 0.05)[0, 0] == pytest.approx(0.8, abs=0.06)


@pytest.mark.parametrize(
    ("number", "share", "before", "rate"),
    [(1_250, 0.016, 0.036, 0.05), (1_250, 0.016, 0.005, 0.05), (5_000, 0.016, 0.036, 0.1)],
)
def test_listings_are_found_as_often_as_the_exact_law_says(number, share, before, rate) -> None:
    """Also where few are listed: there the normal law of two proportions says far too much."""
    random = np.random.default_rng(0)
    mark = np.arange(number) < round(number * share)
    hit = mark[:, None] & (random.random((number, 1_500)) < rate)
    listed = (random.random((number, 1_500)) < before) | hit
    law = of_list(mark.sum(), mark.mean(), before, 1.0 - before)
    expected = float(law.power([rate], 0.05)[0, 0])
    assert listing_alarms(listed, mark, 0.05).mean() == pytest.approx(expected, abs=0.035)
    assert law.power([0.0], 0.05)[0, 0] == pytest.approx(0.05)


def test_points_are_found_as_often_as_the_law_says_with_luck() -> None:
    """Who of the critics is hit is chance: of few critics the test of two means misses more."""
    random, number, rate = np.random.default_rng(3), 2_000, 0.25
    mark = np.arange(number) < 32
    points = random.normal(size=(4_000, number))
    points -= 0.75 * (mark & (random.random(points.shape) < rate))
    far = points[:, mark].mean(axis=1) - points[:, ~mark].mean(axis=1)
    error = np.sqrt(points.var(axis=1) * (1 / 32 + 1 / (number - 32)))
    alarm = far / error < stats.norm.ppf(0.05)
    taken = 0.75 / np.sqrt(1 / 32 + 1 / (number - 32))
    law = PointsLaw(np.array([taken]), np.array([taken**2 / 32]))
    assert alarm.mean() == pytest.approx(float(law.power([rate], 0.05)[0, 0]), abs=0.02)


def test_so_many_times_as_many_citizens_have_the_power() -> None:
    law = PointsLaw(np.array([3.0, 5.0]), np.array([0.5, 0.2]))
    times = times_needed(lambda each: float(law.power([0.3], 0.05, each).mean()), 0.8)
    assert law.power([0.3], 0.05, times).mean() == pytest.approx(0.8, abs=1e-5)
    # More citizens than the textbook's, which takes who is hit as known.
    signal = 0.3 * np.mean([3.0, 5.0])
    assert times > ((stats.norm.ppf(0.95) + stats.norm.ppf(0.8)) / signal) ** 2
    assert np.isnan(times_needed(lambda each: 0.05, 0.8))


def test_no_test_of_scores_alone_beats_the_likelihood_ratio() -> None:
    # Normal scores of a known law, 20 % moved down by half a standard deviation.
    random, number, share, shift = np.random.default_rng(1), 2_000, 0.05, 0.8
    scores = random.normal(size=(2_000, number))
    moved = scores - shift * (random.random(scores.shape) < share)

    def power(statistic):
        edge = np.quantile(statistic(scores), 0.95)
        return float((statistic(moved) > edge).mean())

    ratio = power(lambda x: np.log1p(share * np.expm1(-shift * x - shift**2 / 2)).sum(axis=1))
    tilt = power(lambda x: np.exp(-shift * x).sum(axis=1))
    mean = power(lambda x: -x.sum(axis=1))
    bound = scores_power(number, shift, 1.0, share)
    assert ratio == pytest.approx(bound, abs=0.04)
    assert tilt == pytest.approx(bound, abs=0.04)
    assert mean < ratio
    assert scores_power(scores_needed(shift, 1.0, share), shift, 1.0, share) >= 0.8


def test_a_city_is_told_from_others_by_how_far_they_differ() -> None:
    random = np.random.default_rng(2)
    others, own = random.normal(size=(20_000, 12)), random.normal(size=20_000) + 2.0
    far = (own - others.mean(axis=1)) / others.std(axis=1, ddof=1) / np.sqrt(1 + 1 / 12)
    alarm = far > stats.t.ppf(0.95, 11)
    assert alarm.mean() == pytest.approx(float(cities_power(2.0, 12, 0.05)), abs=0.01)
    assert float(cities_power(0.0, 12, 0.05)) == pytest.approx(0.05)


@pytest.mark.parametrize(
    ("call", "problem"),
    [
        (lambda: citizens_needed(0, 130, 0.02), "effect: is 0; give more than 0"),
        (lambda: citizens_needed(20, 130, 1.0), "share: is 1.0; give a share between 0 and 1"),
        (lambda: citizens_needed(20, 130, 0.02, sides=3), "sides: are 3; give 1 or 2"),
        (lambda: citizens_needed(20, 130, 0.02, alpha=0), "alpha: is 0"),
        (lambda: citizens_needed(20, 130, 0.02, power=1.0), "power: is 1.0"),
        (lambda: citizens_needed(20, 130, 0.02, power=0), "power: is 0"),
        (lambda: citizens_needed("20", 130, 0.02), "effect: is '20'"),
        (lambda: citizens_needed(20, float("nan"), 0.02), "deviation: is nan"),
        (lambda: listings_needed(0.9, 0.2, 0.1), "shares listed: are 0.9 and 0.2 more"),
        (lambda: listings_needed(-0.1, 0.2, 0.1), "shares listed: are -0.1 and 0.2 more"),
        (lambda: scores_needed(-1, 130, 0.1), "penalty: is -1"),
        (lambda: scores_needed(float("inf"), 130, 0.1), "penalty: is inf"),
        (lambda: scores_power(0, 100, 130, 0.02), "citizens: is 0"),
        (lambda: scores_power(100, 100, 130, 1.5), "share: is 1.5"),
        (lambda: scores_power(100, 100, 130, 0.02, alpha=0), "alpha: is 0"),
    ],
)
def test_bad_input_is_one_line(call, problem) -> None:
    with pytest.raises(InputError, match=problem):
        call()


def test_nobody_more_is_needed_where_alarms_alone_have_the_power() -> None:
    assert citizens_needed(20, 130, 0.02, power=0.01, sides=1) == 1
    assert listings_needed(0.05, 0.25, 0.02, power=0.001, sides=1) == 1
    assert scores_needed(100, 130, 0.02, power=0.01) == 1


def test_a_shift_beyond_all_measure_is_found_at_once() -> None:
    assert scores_needed(1e5, 1, 0.02) == 1
    assert scores_power(2000, 1e5, 1, 0.02) == 1.0
