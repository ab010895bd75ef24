"""Smallest rates between those that were tried: on the curve, and in intervals that hold it."""

import numpy as np
import pytest
from scipy import special

from credit_ml.governance.political_use.closed_form import PointsLaw
from credit_ml.governance.political_use.threshold import between, first_reaching, neighbours
from credit_ml.inference import People

#: Rates of the study of political use.
FINE = (
    *np.arange(0, 0.12, 0.01),
    *(0.12, 0.14, 0.16, 0.18, 0.2, 0.22, 0.25, 0.28, 0.31, 0.34, 0.37, 0.4, 0.43, 0.46),
    *(0.5, 0.55, 0.6, 0.65, 0.7, 0.8, 0.9, 1.0),
)


def powers_of(signal: float, rates: np.ndarray) -> np.ndarray:
    """Of a test of two means, which is no straight line."""
    return PointsLaw(np.array([signal]), np.zeros(1)).power(rates, 0.05)[0]


def test_none_is_not_reached_and_the_first_is_the_first() -> None:
    assert np.isnan(first_reaching(np.array([0.0, 1.0]), np.array([0.1, 0.7]), 0.8))
    assert first_reaching(np.array([0.0, 1.0]), np.array([0.9, 0.9]), 0.8) == 0.0


@pytest.mark.parametrize("signal", [4.0, 10.0, 60.0])
@pytest.mark.parametrize("rates", [[0.0, 0.05, 0.1, 0.25, 0.5, 1.0], [0.0, 1.0]])
def test_a_threshold_between_coarse_rates_is_that_of_the_curve(signal, rates) -> None:
    """Of a test of two means, whose power is no straight line, the rate itself; and in brackets."""
    tried = np.array(rates)
    powers = powers_of(signal, tried)
    truth = (special.ndtri(0.95) + special.ndtri(0.8)) / signal
    # Powers within a thousandth of 0 and 1 have a deviate of that, at most.
    near = np.clip(powers, 1e-3, 1 - 1e-3)
    exact = bool((near == powers)[np.searchsorted(tried, truth)])
    found = first_reaching(tried, powers, 0.8)
    assert found == pytest.approx(truth, abs=1e-9 if exact else (np.diff(tried).max()))
    together = np.ones(len(tried) - 1)
    low, high = between(tried, powers, powers - 1e-6, powers + 1e-6, 0.8, together)
    assert low <= min(truth, found)
    assert max(truth, found) <= high + 1e-6
    if exact:
        assert high - low < 1e-3
    else:  # the power is that of all, and how far it had risen before is not known
        assert low == tried[np.searchsorted(tried, truth) - 1]


@pytest.mark.parametrize("truth", [0.022, 0.026, 0.083, 0.4])
def test_intervals_hold_the_threshold_as_often_as_they_say(truth) -> None:
    """Near tried rates and between them, of alarms of three hundred societies."""
    random, tried, people = np.random.default_rng(4), np.unique(FINE), People(300)
    expected = powers_of((special.ndtri(0.95) + special.ndtri(0.8)) / truth, tried)
    held = 0
    for _ in range(600):  # whoever is hit at a rate is hit at a higher one
        alarms = random.random((300, 1)) < expected
        made = [people.share(column) for column in alarms.T]
        ends = np.array([each.interval() for each in made]).T
        low, high = between(tried, alarms.mean(axis=0), *ends, 0.8, neighbours(made))
        held += low <= truth and not high < truth
    assert 0.93 <= held / 600 <= 0.97


@pytest.mark.parametrize("shared", [0.0, 0.5, 1.0])
def test_ends_at_tried_rates_are_those_of_their_powers(shared) -> None:
    """And between them never beyond the straight line of both, which errors alike reach."""
    tried = np.array([0.0, 0.1, 0.2])
    power, low, high = (np.array(x) for x in ([0.2, 0.6, 0.9], [0.1, 0.5, 0.8], [0.3, 0.7, 0.97]))
    at_least = between(tried, power, low, high, 0.8, np.full(2, shared))
    alike = between(tried, power, low, high, 0.8, np.ones(2))
    assert alike == pytest.approx((first_reaching(tried, high, 0.8), 0.2), abs=1e-4)
    assert alike[0] <= at_least[0] + 1e-9
    assert at_least[1] <= alike[1] + 1e-9
    if shared < 1:
        assert alike[0] < at_least[0]
        assert at_least[1] == pytest.approx(0.2)


def test_a_power_of_all_shares_nothing_that_is_known() -> None:
    people = People(50)
    random = np.random.default_rng(0).random(50)
    made = [people.share(random < rate) for rate in (0.0, 0.3, 0.4, 1.0)]
    first, nested, last = neighbours(made)
    assert (first, last) == (1.0, 1.0)
    p, q = (random < 0.3).mean(), (random < 0.4).mean()
    assert nested == pytest.approx(np.sqrt(p * (1 - q) / (q * (1 - p))))


def test_the_estimate_lies_in_its_interval_where_a_power_sinks() -> None:
    """By chance, among few societies, or deeply: a higher rate is not found less often."""
    rates, power = np.array([0.0, 0.391, 0.654]), np.array([0.13, 0.0, 0.983])
    made = [People(300).share(np.arange(300) < 300 * each) for each in power]
    low, high = np.array([each.interval() for each in made]).T
    found = first_reaching(rates, power, 0.8)
    ends = between(rates, power, low, high, 0.8, np.zeros(2))
    assert ends[0] <= found <= ends[1]
