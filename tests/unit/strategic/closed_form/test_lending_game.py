"""Trust among strangers: pooling, the first best, and what lies between."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from credit_ml.core import InputError
from credit_ml.strategic import Trade, lending_game

WORTHS = st.floats(1.01, 3.0)
PEOPLE = st.lists(st.booleans(), min_size=2, max_size=60)


@given(kept=PEOPLE, worth=WORTHS)
def test_a_signal_that_says_nothing_pools(kept, worth):
    chance = np.array(kept, dtype=float)
    game = lending_game(chance, np.zeros(len(chance)), trade=Trade(worth=worth))
    share = chance.mean()
    assert game.surplus == pytest.approx(max(worth * share - 1, 0), abs=1e-12)
    assert len(set(game.lends)) == 1
    if game.lends.all():
        assert game.price == pytest.approx(1 / share)


@given(kept=PEOPLE, worth=WORTHS)
def test_a_signal_that_tells_who_will_keep_gives_the_first_best(kept, worth):
    chance = np.array(kept, dtype=float)
    game = lending_game(chance, chance, trade=Trade(worth=worth))
    assert game.surplus == pytest.approx((worth - 1) * chance.mean())
    assert game.lends.tolist() == kept
    assert (game.price[game.lends] == 1.0).all()


@given(share=st.floats(0.05, 0.95), right=st.floats(0.5, 1.0), worth=WORTHS)
def test_a_signal_that_is_right_with_a_chance_has_the_closed_surplus(share, right, worth):
    """Each of two signals: G times those who keep under it, less all of it, if above 0."""
    cells = np.array(
        [[share * right, (1 - share) * (1 - right)], [share * (1 - right), (1 - share) * right]]
    )
    expected = np.maximum(worth * cells[:, 0] - cells.sum(axis=1), 0).sum()
    chance = cells[:, 0] / cells.sum(axis=1)
    surplus = np.array(
        [lending_game([each], [0], trade=Trade(worth=worth)).surplus for each in chance]
    )
    assert surplus @ cells.sum(axis=1) == pytest.approx(expected, abs=1e-9)


@settings(deadline=None)
@given(seed=st.integers(0, 10_000), worth=WORTHS, cost=st.floats(0, 1))
def test_a_signal_that_says_more_never_lowers_the_surplus(seed, worth, cost):
    random = np.random.default_rng(seed)
    chance, coarse = random.beta(4, 1, 200), random.integers(0, 4, 200)
    fine = coarse * 10 + random.integers(0, 5, 200)
    trade = Trade(worth=worth, breach_cost=cost)
    found = [
        lending_game(chance, each, trade=trade).surplus
        for each in (np.zeros(200), coarse, fine, np.arange(200))
    ]
    assert (np.diff(found) > -1e-12).all()


def test_lenders_gain_nothing_and_ask_the_least_that_costs_them_nothing():
    random = np.random.default_rng(3)
    chance, signal = random.beta(9, 1, 1000), random.integers(0, 5, 1000)
    game = lending_game(chance, signal, trade=Trade(worth=1.6, temptation=1.0))
    for cell in range(5):
        own = (signal == cell) & game.lends
        if own.any():
            assert (game.price[own] * game.chance[own]).mean() == pytest.approx(1.0, abs=1e-9)
    assert game.lends.any()


def test_a_dear_price_tempts_and_so_refuses_more():
    random = np.random.default_rng(4)
    chance = random.beta(4, 1, 3000)
    signal = np.floor(30 * chance)
    shares = [
        lending_game(chance, signal, trade=Trade(temptation=each)).lends.mean()
        for each in (0.0, 2.0, 20.0)
    ]
    assert shares[0] >= shares[1] >= shares[2]
    assert shares[0] > shares[2]


def test_a_cost_of_breach_keeps_more_and_lends_to_more():
    random = np.random.default_rng(5)
    chance = random.beta(3, 1, 2000)
    signal = np.floor(20 * chance)
    games = [
        lending_game(chance, signal, trade=Trade(breach_cost=cost)) for cost in (0.0, 0.5, 2.0)
    ]
    assert np.diff([game.lends.mean() for game in games]).min() > 0
    assert np.diff([game.surplus for game in games]).min() > 0


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: Trade(worth=1.0), "give more than the 1"),
        (lambda: Trade(breach_cost=-0.1), "breach_cost"),
        (lambda: lending_game([1.2], [0]), "above 1"),
        (lambda: lending_game([0.5, 0.5], [0]), "signal"),
    ],
)
def test_what_cannot_be_is_refused(make, said):
    with pytest.raises(InputError, match=said):
        make()
