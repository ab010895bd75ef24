"""Decisions at one share: agreement with a second implementation, and intervals that cover."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import brier_score_loss, roc_auc_score

from credit_ml.core import InputError
from credit_ml.inference import Comparison, People
from credit_ml.proxies.interventions.decisions import (
    accuracy_of,
    by_lot,
    calibration_error,
    decision_auc,
    gained,
    selection_gap,
    top_share,
)


def halves(group):
    return Comparison("half", "one", "other", group, ~group)


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


def test_the_brier_score_is_that_of_scikit_learn():
    score, _, kept = drawn(np.random.default_rng(1), 900)
    chance = 1 / (1 + np.exp(-score))
    found = People(900).mean((chance - kept) ** 2)
    assert float(found) == pytest.approx(brier_score_loss(kept, chance))


def test_decisions_have_the_auc_of_a_score_of_two_values():
    score, _, kept = drawn(np.random.default_rng(7), 500)
    people = People(500)
    found = decision_auc(people, top_share(score, 0.4), kept)
    assert float(found) == pytest.approx(roc_auc_score(kept, score >= np.quantile(score, 0.6)))
    assert np.isnan(float(decision_auc(people, top_share(score, 0.4), np.ones(500))))


def test_influences_sum_to_nothing():
    random = np.random.default_rng(2)
    score, group, kept = drawn(random, 700)
    now, before = top_share(score, 0.6), top_share(score + random.normal(size=700), 0.6)
    people = People(700)
    for found in (
        accuracy_of(people, now, kept),
        selection_gap(people, now, halves(group)),
        decision_auc(people, now, kept),
        gained(people, now, before, group),
        calibration_error(people, 1 / (1 + np.exp(-score)), kept),
    ):
        assert found.influence.sum() == pytest.approx(0, abs=1e-9)


def test_a_group_of_one_is_as_uncertain_as_two_shares():
    people, alone = People(60), np.arange(60) == 0
    pair = Comparison("group", "a", "b", alone, ~alone)
    decision = top_share(np.arange(60.0), 0.5)
    gap, shares = selection_gap(people, decision, pair), decision.favour
    low, high = gap.interval()
    assert (low, high) == (people.share(shares, alone) - people.share(shares, ~alone)).interval()
    assert high - low > 0.5
    assert int(gap.people) == 1


def test_gains_exceed_losses_by_the_change_of_the_rate():
    random = np.random.default_rng(3)
    score, group, _ = drawn(random, 700)
    now, before = top_share(score, 0.3), by_lot((score > 0.5).astype(float), 0.3)
    people = People(700)
    net = float(gained(people, now, before, group)) - float(gained(people, before, now, group))
    assert net == pytest.approx(now.favour[group].mean() - before.favour[group].mean())


@pytest.mark.parametrize(
    "measure", ["selection_gap", "accuracy", "decision_auc", "auc_change", "gap_change", "gained"]
)
def test_intervals_cover(measure):
    """Of other people, nineteen of twenty intervals hold what a large population shows."""

    def measured(random, people):
        score, group, kept = drawn(random, people)
        other = score + 0.8 * random.normal(size=people) + 0.4 * group
        now, before = top_share(other, 0.6), top_share(score, 0.6)
        everybody, pair = People(people), halves(group)
        return {
            "selection_gap": lambda: selection_gap(everybody, now, pair),
            "accuracy": lambda: accuracy_of(everybody, now, kept),
            "decision_auc": lambda: decision_auc(everybody, now, kept),
            "auc_change": lambda: everybody.auc(other, kept) - everybody.auc(score, kept),
            "gap_change": lambda: (
                selection_gap(everybody, now, pair) - selection_gap(everybody, before, pair)
            ),
            "gained": lambda: gained(everybody, now, before, group),
        }[measure]()

    truth = float(measured(np.random.default_rng(0), 1_000_000))
    random = np.random.default_rng(1)
    held = 0
    for _ in range(300):
        low, high = measured(random, 800).interval()
        held += low <= truth <= high
    assert 0.91 <= held / 300 <= 0.985, held / 300


def test_a_threshold_that_all_reach_decides_nothing():
    with pytest.raises(InputError, match="some reach"):
        top_share(np.zeros(3), 1.0)
