"""Privacy by noise, held to its closed forms."""

import sys

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import norm

from credit_ml.agencies import load_agency
from credit_ml.core import InputError
from credit_ml.governance import (
    Randomised,
    attack_auc,
    noised_counts,
    private_release,
    pure_attack_auc,
    randomised_answers,
    released_counts,
    truth_chance,
)
from credit_ml.governance.data_limits.facts import limits_tables
from credit_ml.governance.data_limits.private import count_noise_variance
from credit_ml.governance.data_limits.private_release import widths
from credit_ml.society import World

EPSILON = st.floats(0.01, 8)


@given(EPSILON)
def test_the_chance_of_a_true_answer_is_warners(epsilon):
    assert truth_chance(epsilon) == pytest.approx(np.exp(epsilon) / (1 + np.exp(epsilon)))
    # What privacy means: no answer is e^epsilon times as likely from the other truth.
    odds = truth_chance(epsilon) / (1 - truth_chance(epsilon))
    assert np.log(odds) == pytest.approx(epsilon)


def test_randomised_answers_give_the_share_back_with_warners_variance():
    """Variance lambda (1 - lambda) / n / (2 p - 1)^2 (Warner 1965), over 400 surveys."""
    truth = np.arange(2_000) % 5 == 0
    found = []
    for seed in range(400):
        answers = randomised_answers(truth, epsilon=1.0, seed=seed)
        found.append(Randomised.of(answers, epsilon=1.0))
    shares = np.array([each.share for each in found])
    p = truth_chance(1.0)
    yes = 0.2 * p + 0.8 * (1 - p)
    formula = yes * (1 - yes) / 2_000 / (2 * p - 1) ** 2
    assert np.mean([each.variance for each in found]) == pytest.approx(formula, rel=0.02)
    error = np.sqrt(formula / 400)
    assert shares.mean() == pytest.approx(0.2, abs=4 * error)
    # True answers are kept as they are, so that their own variance is no part of it.
    assert shares.var() <= 1.2 * formula


@given(st.floats(0, 5))
def test_the_attack_on_a_gaussian_release_is_the_area_of_two_normals(mu):
    """AUC of N(0, 1) against N(mu, 1) is Phi(mu / sqrt 2) (Dong, Roth and Su)."""
    grid = np.linspace(-9, 14, 20_001)
    area = np.trapezoid(norm.sf(grid - mu) * norm.pdf(grid), grid)
    assert attack_auc(mu) == pytest.approx(area, abs=1e-6)


@given(EPSILON)
def test_the_attack_on_a_private_release_lies_under_its_bound(epsilon):
    """The area under TPR <= min(e^eps FPR, 1 - e^-eps (1 - FPR)); advantage at most e^eps - 1."""
    false = np.linspace(0, 1, 100_001)
    true = np.minimum(np.exp(epsilon) * false, 1 - np.exp(-epsilon) * (1 - false))
    assert pure_attack_auc(epsilon) == pytest.approx(np.trapezoid(true, false), abs=1e-5)
    assert (true - false).max() <= np.exp(epsilon) - 1
    assert 2 * pure_attack_auc(epsilon) - 1 <= np.exp(epsilon) - 1


@pytest.mark.parametrize("epsilon", [0.3, 1.0, 3.0])
def test_noise_of_counts_has_the_law_that_is_said(epsilon):
    noise = noised_counts(np.zeros(200_000, dtype=int), epsilon=epsilon, seed=1)
    assert noise.mean() == pytest.approx(0, abs=4 * noise.std() / np.sqrt(200_000))
    assert noise.var() == pytest.approx(count_noise_variance(epsilon), rel=0.03)
    # Each further count is e^-epsilon times as likely: the ratio that makes it private.
    steps = [(noise == k + 1).sum() / (noise == k).sum() for k in (0, 1)]
    assert steps == pytest.approx([np.exp(-epsilon)] * 2, rel=0.06)


def test_what_may_be_published_has_the_same_law():
    pytest.importorskip("opendp")
    released = released_counts(np.full(20_000, 7), epsilon=1.0)
    assert released.var() == pytest.approx(count_noise_variance(1.0), rel=0.12)
    assert released.mean() == pytest.approx(7, abs=0.06)
    assert (
        released_counts([5] * 200, epsilon=1.0) != released_counts([5] * 200, epsilon=1.0)
    ).any()


def test_without_the_library_one_line_says_what_to_install(monkeypatch):
    monkeypatch.setitem(sys.modules, "opendp", None)
    monkeypatch.setitem(sys.modules, "opendp.prelude", None)
    with pytest.raises(InputError, match=r"pip install 'credit-ml\[privacy\]'"):
        released_counts([1], epsilon=1.0)


@pytest.mark.parametrize("epsilon", [0, -1, float("inf"), "1"])
@pytest.mark.parametrize(
    "act",
    [
        truth_chance,
        lambda eps: released_counts([1], epsilon=eps),
        lambda eps: noised_counts([1], epsilon=eps, seed=0),
        lambda eps: Randomised.of([True], epsilon=eps),
    ],
)
def test_no_epsilon_is_refused_in_one_line(epsilon, act):
    with pytest.raises(InputError, match="give a number above 0: at 0 nothing is released"):
        act(epsilon)


def test_counts_are_whole():
    with pytest.raises(InputError, match=r"counts.*whole"):
        noised_counts([0.5], epsilon=1.0, seed=0)


def test_widths_are_those_of_simulated_audits():
    """Noise in tallies, and Warner's answers, widen the gap's error as the formula says."""
    generator = np.random.default_rng(4)
    inside = np.arange(1_200) < 300
    granted = generator.random(1_200) < np.where(inside, 0.4, 0.7)
    tally, asked = widths(inside, ~inside, granted, 0.3)
    rates = [granted[who].mean() for who in (inside, ~inside)]
    plain = sum(r * (1 - r) / n for r, n in zip(rates, (300, 900), strict=True))
    cells = np.array([granted[inside].sum(), (~granted[inside]).sum()])
    cells = np.r_[cells, granted[~inside].sum(), (~granted[~inside]).sum()]
    gaps = []
    for seed in range(2_000):
        a, b, c, d = noised_counts(cells, epsilon=0.3, seed=seed)
        gaps.append(a / (a + b) - c / (c + d))
    assert np.sqrt(1 + np.var(gaps) / plain) == pytest.approx(tally, rel=0.03)
    p = truth_chance(0.3)
    estimates = []
    for seed in range(2_000):
        answers = randomised_answers(inside, epsilon=0.3, seed=seed)
        weight = (answers + p - 1) / (2 * p - 1)
        one = (weight * (granted - rates[0])).sum() / 300
        two = ((1 - weight) * (granted - rates[1])).sum() / 900
        estimates.append(one - two)
    # Of the people as they are: the rest of the formula is the sampling of people.
    fixed = np.var(estimates) / plain
    assert fixed == pytest.approx(asked**2 - 1, rel=0.12)


def test_the_same_group_is_the_reference_in_every_society():
    """Two age bands are about as many, so that the most numerous is not always the same one."""
    society = World(citizens=600, seed=2).simulate()
    rater = load_agency("council").fit(society)
    found = private_release(rater, society, epsilons=(1.0,), sensitive="age_band", societies=8)
    width = found.table[found.table["measure"] == "width"]
    assert width["reference_group"].nunique() == 1
    assert width[["low", "high"]].notna().all(axis=None)


def test_more_privacy_costs_more_and_none_costs_nothing(in_one_unit):
    society = World(citizens=800, seed=1).simulate()
    rater = load_agency("council").fit(society)
    found = private_release(rater, society, epsilons=(8.0, 0.5, 0.1), sensitive=["hukou"])
    for measure in ("width", "width_randomised"):
        width = found.table.loc[found.table["measure"] == measure, "estimate"].to_numpy()
        assert width[0] == 1
        assert (np.diff(width) > 0).all()
    auc = found.table.query("measure == 'auc'")["estimate"].to_numpy()
    assert auc[0] > auc[1] > 0.5
    in_one_unit(limits_tables(found))
    lost = found.table.query("measure == 'auc_lost'")["estimate"].to_numpy()
    assert lost == pytest.approx(auc[0] - auc[1:])
    bare = found.table.query("measure == 'gap' and epsilon == 'none'")["estimate"].item()
    noised = found.table.query("measure == 'gap' and epsilon == '8'")["estimate"].item()
    assert noised == pytest.approx(bare, abs=0.05)
    with pytest.raises(InputError, match="epsilon"):
        private_release(rater, society, epsilons=(0,))
    with pytest.raises(InputError, match="give one or more, each once"):
        private_release(rater, society, epsilons=(1.0, 1.0))
    with pytest.raises(InputError, match="epsilon: is True"):
        private_release(rater, society, epsilons=(True,))
    with pytest.raises(InputError, match="threshold: is nan"):
        private_release(rater, society, threshold=float("nan"))
