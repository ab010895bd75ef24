"""Influences: agreement with a second implementation, and intervals that cover."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import brier_score_loss, roc_auc_score

from credit_ml.core import InputError
from credit_ml.proxies.paired import (
    Estimated,
    accuracy_of,
    auc_of,
    by_lot,
    calibration_error,
    decision_auc,
    gained,
    gap_of,
    mean_of,
    selection_gap,
    top_share,
)


def drawn(random, people):
    group = random.random(people) < 0.4
    score = random.normal(-0.6 * group)
    kept = (random.random(people) < 1 / (1 + np.exp(-1 - score))).astype(float)
    return score, group, kept


@given(st.integers(0, 10_000), st.floats(0.05, 0.95), st.booleans())
@settings(max_examples=25)
def test_decisions_favour_exactly_the_share(seed, share, tied):
    score, *_ = drawn(np.random.default_rng(seed), 201)
    score = np.round(score) if tied else score
    for decision in (top_share(score, share), by_lot((score > 0).astype(float), share)):
        assert decision.favour.mean() == pytest.approx(share)
        assert decision.favour.min() >= 0
        assert decision.favour.max() <= 1
        assert decision.margin.sum() == pytest.approx(1)
    order = np.argsort(score)
    assert (np.diff(top_share(score, share).favour[order]) >= 0).all()


@pytest.mark.parametrize("tied", [False, True])
def test_auc_and_losses_are_those_of_scikit_learn(tied):
    score, _, kept = drawn(np.random.default_rng(1), 900)
    score = np.round(score, 1) if tied else score
    assert auc_of(score, kept).estimate == pytest.approx(roc_auc_score(kept, score))
    chance = 1 / (1 + np.exp(-score))
    assert mean_of((chance - kept) ** 2).estimate == pytest.approx(brier_score_loss(kept, chance))
    assert np.isnan(auc_of(score, np.ones(900)).interval(None, level=0.9)).all()


def test_decisions_have_the_auc_of_a_score_of_two_values():
    score, _, kept = drawn(np.random.default_rng(7), 500)
    found = decision_auc(top_share(score, 0.4), kept)
    assert found.estimate == pytest.approx(roc_auc_score(kept, score >= np.quantile(score, 0.6)))
    assert np.isnan(decision_auc(top_share(score, 0.4), np.ones(500)).estimate)


def test_influences_sum_to_nothing():
    random = np.random.default_rng(2)
    score, group, kept = drawn(random, 700)
    now, before = top_share(score, 0.6), top_share(score + random.normal(size=700), 0.6)
    for found in (
        auc_of(score, kept), accuracy_of(now, kept), selection_gap(now, group, ~group),
        decision_auc(now, kept), gained(now, before, group), gap_of(score, group, ~group),
        calibration_error(1 / (1 + np.exp(-score)), kept),
    ):  # fmt: skip
        assert found.influence.sum() == pytest.approx(0, abs=1e-9)


def test_gains_exceed_losses_by_the_change_of_the_rate():
    random = np.random.default_rng(3)
    score, group, _ = drawn(random, 700)
    now, before = top_share(score, 0.3), by_lot((score > 0.5).astype(float), 0.3)
    net = gained(now, before, group).estimate - gained(before, now, group).estimate
    assert net == pytest.approx(now.favour[group].mean() - before.favour[group].mean())


def test_the_interval_of_a_mean_is_students():
    values = np.random.default_rng(4).normal(size=50)
    from scipy import stats

    low, high = stats.ttest_1samp(values, 0).confidence_interval(0.9)
    found = mean_of(values).interval(None, level=0.9)
    assert found == pytest.approx((values.mean(), low, high))


def test_clusters_of_copies_count_once():
    """Everybody twice, in clusters of copies: the interval is that of the people themselves."""
    score, group, _ = drawn(np.random.default_rng(5), 300)
    once = gap_of(score, group, ~group).interval(None, level=0.95)
    twice = gap_of(np.repeat(score, 2), np.repeat(group, 2), np.repeat(~group, 2))
    assert twice.interval(np.repeat(np.arange(300), 2), level=0.95) == pytest.approx(once)


def test_clusters_agree_with_statsmodels():
    import statsmodels.api as sm

    random = np.random.default_rng(6)
    street = random.integers(0, 30, 600)
    values = random.normal(size=600) + random.normal(size=30)[street]
    group = random.random(600) < 0.5
    fit = sm.OLS(values, sm.add_constant(group.astype(float))).fit()
    theirs = fit.get_robustcov_results("cluster", groups=street, df_correction=True)
    estimate, low, high = gap_of(values, group, ~group).interval(street, level=0.95)
    assert estimate == pytest.approx(fit.params[1])
    # statsmodels also multiplies by (n - 1) / (n - 2).
    half = (high - low) / 2 * np.sqrt(599 / 598)
    assert half == pytest.approx(np.diff(theirs.conf_int()[1])[0] / 2)


@pytest.mark.parametrize(
    "measure", ["selection_gap", "accuracy", "decision_auc", "auc_change", "gap_change", "gained"]
)
def test_intervals_cover(measure):
    """Of people drawn anew, nineteen of twenty intervals hold what a large population shows."""

    def measured(random, people):
        score, group, kept = drawn(random, people)
        other = score + 0.8 * random.normal(size=people) + 0.4 * group
        now, before = top_share(other, 0.6), top_share(score, 0.6)
        return {
            "selection_gap": lambda: selection_gap(now, group, ~group),
            "accuracy": lambda: accuracy_of(now, kept),
            "decision_auc": lambda: decision_auc(now, kept),
            "auc_change": lambda: auc_of(other, kept) - auc_of(score, kept),
            "gap_change": lambda: (
                selection_gap(now, group, ~group) - selection_gap(before, group, ~group)
            ),
            "gained": lambda: gained(now, before, group),
        }[measure]()

    truth = measured(np.random.default_rng(0), 1_000_000).estimate
    random = np.random.default_rng(1)
    held = 0
    for _ in range(300):
        _, low, high = measured(random, 800).interval(None, level=0.95)
        held += low <= truth <= high
    assert 0.91 <= held / 300 <= 0.985, held / 300


def test_a_level_is_a_share():
    with pytest.raises(InputError, match="give a level"):
        Estimated(estimate=0.0, influence=np.zeros(3)).interval(None, level=95)
    with pytest.raises(InputError, match="some reach"):
        top_share(np.zeros(3), 1.0)
