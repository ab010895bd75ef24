"""Intervals of weighted numbers hold the population's value as often as they say."""

import numpy as np
import pytest

from credit_ml.inference import People, difference, ratio

#: Samples, and people in each.
SAMPLES, SIZE = 600, 300
#: Three standard errors of a coverage of 95 % over so many samples.
NEAR = 3 * np.sqrt(0.95 * 0.05 / SAMPLES)


def _population(random):
    """People of two groups, whose chance to be in a sample goes with what they have."""
    size = 40_000
    group = random.random(size) < 0.4
    value = random.normal(size=size) + 0.5 * group
    kept = random.random(size) < 1 / (1 + np.exp(-value))
    inclusion = np.exp(0.5 * random.normal(size=size) - 0.4 * value + 0.3 * kept)
    return group, value, kept, inclusion / inclusion.sum()


MEASURES = {
    "rate": lambda people, group, value, kept: people.share(kept),
    "gap": lambda people, group, value, kept: difference(
        people.share(kept, group), people.share(kept, ~group)
    ),
    "ratio": lambda people, group, value, kept: ratio(
        people.share(kept, group), people.share(kept, ~group)
    ),
    "mean": lambda people, group, value, kept: people.mean(value),
    "auc": lambda people, group, value, kept: people.auc(value, kept),
    "quantile": lambda people, group, value, kept: people.quantile(value, 0.7),
    "correlation": lambda people, group, value, kept: people.correlation(value, kept),
}


@pytest.fixture(scope="module")
def covered():
    """How often each interval holds the truth, with and without the weights."""
    random = np.random.default_rng(11)
    *columns, chance = _population(random)
    everybody = People(len(chance))
    truth = {name: float(measure(everybody, *columns)) for name, measure in MEASURES.items()}
    held = {name: np.zeros(2) for name in MEASURES}
    for _ in range(SAMPLES):
        rows = random.choice(len(chance), SIZE, p=chance)
        own = [column[rows] for column in columns]
        for place, weights in enumerate((1 / chance[rows], None)):
            people = People(SIZE, weights=weights)
            for name, measure in MEASURES.items():
                low, high = measure(people, *own).interval()
                held[name][place] += (low <= truth[name] <= high) / SAMPLES
    return held


@pytest.mark.parametrize("name", MEASURES)
def test_intervals_hold_the_population(covered, name):
    assert 0.95 - NEAR - 0.005 <= covered[name][0] <= 0.99


@pytest.mark.parametrize("name", ["mean", "quantile"])
def test_without_the_weights_they_do_not(covered, name):
    assert covered[name][1] < 0.5
