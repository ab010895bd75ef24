"""The leaderboard holds estimates to the truth: exactly right, biased and noisy ones apart."""

import itertools

import numpy as np
import pandas as pd
import pytest

from credit_ml.core import InputError, TableError
from credit_ml.proxies.decomposition.leaderboard.compute import Leaderboard, leaderboard

FACTORS = {"friends": 5.0, "address": 3.0, "history": -1.0}
LABELS = {"rater": "r", "sensitive": "hukou", "group": "rural"}


def truths(**changes):
    rows = [
        {**LABELS, "world": world, "target": "carrier", "factor": factor, "truth": truth,
         "spread": 50.0}
        for world in ("one", "two")
        for factor, truth in (FACTORS | changes).items()
    ]  # fmt: skip
    return pd.DataFrame(rows)


def estimates(estimator, *, off=0.0, noise=0.0, half=1.0, seeds=6, people=(100, 1000)):
    random = np.random.default_rng(1)
    rows = []
    for world, size, seed, factor in itertools.product(
        ("one", "two"), people, range(seeds), FACTORS
    ):
        told = FACTORS[factor] + off + noise * random.normal()
        rows.append(
            {**LABELS, "world": world, "people": size, "seed": seed, "estimator": estimator,
             "factor": factor, "estimate": told, "low": told - half, "high": told + half}
        )  # fmt: skip
    return pd.DataFrame(rows)


def whole(found, measure, estimator):
    return found.metrics()[f"leaderboard.carrier.{measure}.{estimator}"]


def test_a_perfect_estimator_has_no_error_and_the_right_order():
    found = leaderboard(estimates("right"), truths())
    assert whole(found, "error", "right") == whole(found, "bias", "right") == 0.0
    assert whole(found, "coverage", "right") == whole(found, "top", "right") == 1.0
    assert whole(found, "rank", "right") == pytest.approx(1.0)


def test_a_lasting_error_is_bias_and_chance_is_not():
    found = leaderboard(
        pd.concat([estimates("off", off=2.0), estimates("noisy", noise=2.0, seeds=400)]), truths()
    )
    # 2 of 50 points are 4 hundredths of the score's standard deviation.
    assert whole(found, "error", "off") == whole(found, "bias", "off") == pytest.approx(4.0)
    assert whole(found, "error", "noisy") == pytest.approx(4.0, rel=0.15)
    assert whole(found, "bias", "noisy") < 0.6
    assert whole(found, "coverage", "off") == 0.0


def test_saying_nothing_misses_the_whole_truth():
    found = leaderboard(estimates("right"), truths())
    size = 100 * np.sqrt(np.mean(np.square(list(FACTORS.values())))) / 50
    assert whole(found, "error", "nothing") == pytest.approx(size)


def test_coverage_counts_only_estimators_that_give_intervals():
    silent = estimates("silent").assign(low=np.nan, high=np.nan)
    assert np.isnan(whole(leaderboard(silent, truths()), "coverage", "silent"))


def test_the_top_factor_is_the_true_one_or_not():
    found = leaderboard(estimates("right"), truths(address=9.0))
    assert whole(found, "top", "right") == 0.0


def test_it_is_stored_and_drawn_with_a_dot_a_world():
    found = leaderboard(
        pd.concat([estimates("right"), estimates("off", off=1.0)]), truths(),
        kinds={"off": "intervention"}, titles={"off": "leaving out"},
    )  # fmt: skip
    again = Leaderboard.from_dict(found.to_dict())
    axes = again.plot()
    assert [label.get_text() for label in axes.get_yticklabels()] == [
        "right",
        "leaving out",
        "saying nothing",
    ]


def test_bad_input_is_named():
    with pytest.raises(TableError, match="column 'seed' is absent"):
        leaderboard(estimates("right").drop(columns="seed"), truths())
    with pytest.raises(TableError, match="lack factor 'history' of world 'one'"):
        leaderboard(estimates("right"), truths()[lambda t: t["factor"] != "history"])
    with pytest.raises(InputError, match="fewer than two seeds"):
        leaderboard(estimates("right", seeds=1), truths())
