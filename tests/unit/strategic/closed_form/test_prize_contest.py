"""All-pay contests for equal places: Siegel's payoffs and the bids of equals."""

import numpy as np
import pytest

from credit_ml.core import InputError
from credit_ml.strategic import equal_bids, prize_contest


@pytest.mark.parametrize(("people", "places"), [(2, 1), (5, 1), (6, 3), (40, 8)])
def test_equals_burn_the_worth_of_all_places_and_have_nothing(people, places):
    """Clark and Riis (1998), by simulation: total spending is m V within its interval."""
    random = np.random.default_rng(people)
    bids = equal_bids(random.random((60_000, people)), people=people, places=places, worth=2.0)
    total = bids.sum(axis=1)
    assert abs(total.mean() - 2.0 * places) < 3.3 * total.std() / np.sqrt(len(total))
    wins = (np.argsort(np.argsort(-bids, axis=1), axis=1) < places)[:, 0]
    payoff = 2.0 * wins - bids[:, 0]
    assert abs(payoff.mean()) < 3.3 * payoff.std() / np.sqrt(len(payoff))
    assert prize_contest(np.full(people, 2.0), places=places).payoff.tolist() == [0.0] * people


def test_one_place_has_the_closed_distribution():
    """F(b) = (b / V)^(1 / (n - 1))."""
    quantile = np.linspace(0, 1, 101)
    bids = equal_bids(quantile, people=4, places=1, worth=3.0)
    assert (bids / 3.0) ** (1 / 3) == pytest.approx(quantile)


def test_no_bid_of_an_equal_wins_more_than_it_costs():
    """Against the bids of the others, every bid up to the worth has a payoff of 0."""
    random, people, places = np.random.default_rng(2), 5, 2
    others = equal_bids(random.random((200_000, people - 1)), people=people, places=places)
    last = np.sort(others, axis=1)[:, -places]
    for bid in (0.1, 0.4, 0.8):
        won = (last < bid).mean()
        assert won - bid == pytest.approx(0.0, abs=3.3 * np.sqrt(won * (1 - won) / len(last)))


def test_two_unequal_players_have_the_known_equilibrium():
    """V = 3 and 2, one place: the strong bids evenly on [0, 2] and expects 1, the weak 0."""
    contest = prize_contest([3.0, 2.0], places=1)
    assert (contest.threshold, contest.payoff.tolist()) == (2.0, [1.0, 0.0])
    random = np.random.default_rng(0)
    strong = 2 * random.random(200_000)
    weak = np.where(random.random(200_000) < 1 / 3, 0.0, 2 * random.random(200_000))
    gains = 3.0 * (strong > weak) - strong, 2.0 * (weak > strong) - weak
    for gain, payoff in zip(gains, contest.payoff, strict=True):
        assert abs(gain.mean() - payoff) < 3.3 * gain.std() / np.sqrt(len(gain))


def test_a_head_start_beyond_all_reach_wins_for_nothing():
    contest = prize_contest([1.0, 1.0, 1.0], places=1, head_start=[5.0, 0.0, 0.0])
    assert contest.payoff.tolist() == [1.0, 0.0, 0.0]


def test_dearer_points_shut_the_poor_out():
    cost = np.array([1.0, 1.0, 4.0, 4.0])
    contest = prize_contest(np.ones(4), places=2, cost=cost)
    assert contest.reach.tolist() == [1.0, 1.0, 0.25, 0.25]
    assert contest.payoff.tolist() == [0.75, 0.75, 0.0, 0.0]
    assert contest.ahead.tolist() == [True, True, False, False]


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda: prize_contest([1.0, 1.0], places=2), "from 1 to 1"),
        (lambda: prize_contest([1.0, 1.0], places=0), "places"),
        (lambda: prize_contest([1.0, 1.0], places=1, cost=0.0), "cost"),
        (lambda: equal_bids([1.5], people=3, places=1), "quantile"),
    ],
)
def test_what_cannot_be_is_refused(make, said):
    with pytest.raises(InputError, match=said):
        make()
