"""A game of status: held to closed forms, and to nobody's gain from another spending."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq

from credit_ml.core import InputError
from credit_ml.strategic import rank_contest

EVEN = np.linspace(0.0, 1.0, 1001)


def test_uniform_incomes_and_no_base_status_spend_two_thirds():
    """Hopkins and Kornienko (2004): x = 2 z / 3, against z / 2 without ranks."""
    race = rank_contest(EVEN)
    assert race.spending == pytest.approx(2 * EVEN / 3, abs=1e-6)
    assert race.alone == pytest.approx(EVEN / 2)
    assert race.burnt[1:] == pytest.approx(1 / 6, abs=1e-6)
    assert race.rank == pytest.approx(EVEN)


@pytest.mark.parametrize("base", [0.1, 0.5, 2.0])
def test_uniform_incomes_from_the_base_status_on_follow_the_implicit_solution(base):
    """With S0 = a and z uniform on [a, a + 1] the equation is homogeneous: x = u z with
    z = a sqrt(1 / 2u) (1 / (2 (2 - 3u)))^(1/6)."""
    incomes = base + EVEN

    def share(z):
        def off(u):
            return base * np.sqrt(0.5 / u) * (0.5 / (2 - 3 * u)) ** (1 / 6) - z

        return 0.5 if z <= base else brentq(off, 0.5, 2 / 3 - 1e-16, xtol=1e-15)

    exact = np.array([share(z) for z in incomes]) * incomes
    assert rank_contest(incomes, base_status=base).spending == pytest.approx(exact, abs=1e-6)


def test_the_last_spend_as_if_nobody_were_ranked_where_they_have_a_base():
    incomes = 1.0 + EVEN
    race = rank_contest(incomes, base_status=1.0)
    assert race.spending[0] == pytest.approx(0.5)
    assert (race.spending[1:] > race.alone[1:]).all()


@settings(max_examples=15, deadline=None)
@given(spread=st.floats(0.2, 1.5), base=st.sampled_from([0.0, 0.3, 2.0]), seed=st.integers(0, 1000))
def test_spending_rises_with_income_so_that_nobody_passes_anybody(spread, base, seed):
    income = np.random.default_rng(seed).lognormal(0.0, spread, size=200)
    race = rank_contest(income, base_status=base)
    order = np.argsort(income)
    assert (np.diff(race.spending[order]) > -1e-9).all()
    assert (race.spending <= income * (1 + 1e-12)).all()
    assert (race.burnt >= -1e-6).all()


def test_in_a_finite_society_nobody_gains_by_spending_otherwise():
    """Draws of 30 rivals: on average over them, the equilibrium's spending is the best."""
    random = np.random.default_rng(7)
    rivals = 2 / 3 * random.random((40_000, 30))
    for income in (0.3, 0.6, 0.9):
        own = float(rank_contest(np.append(EVEN, income)).spending[-1])
        tried = np.array([own, *np.linspace(0.02, income - 0.02, 25)])
        beaten = (rivals[:, :, None] < tried).mean(axis=1)
        utility = tried * (income - tried) * beaten
        better = utility[:, 1:] - utility[:, :1]
        error = better.std(axis=0) / np.sqrt(len(better))
        assert (better.mean(axis=0) < 3.3 * error + 1e-12).all()


def test_more_base_status_burns_less():
    burnt = [rank_contest(1 + EVEN, base_status=base).burnt.mean() for base in (0.0, 0.5, 5.0)]
    assert burnt == sorted(burnt, reverse=True)


@pytest.mark.parametrize(
    ("income", "base", "said"),
    [([1.0, 1.0], 0.0, "the same for all"), ([-1.0, 1.0], 0.0, "income"), (EVEN, -1.0, "base")],
)
def test_what_cannot_be_is_refused(income, base, said):
    with pytest.raises(InputError, match=said):
        rank_contest(income, base_status=base)
