"""Guilt by association against theory: fixed points, worlds without likeness, coverage."""

import numpy as np
import pytest
from scipy.sparse import csr_array, diags_array, eye_array
from scipy.sparse.linalg import spsolve

from credit_ml.agencies import load_agency
from credit_ml.core import Streams
from credit_ml.explanation import background_rows
from credit_ml.proxies import FriendOptions, friend_influence, rewired, without_likeness
from credit_ml.proxies.friends.graph import assortativity, circle_share, left_out
from credit_ml.proxies.friends.scores import Leaning, lent_friends
from credit_ml.scoring import reach
from credit_ml.society import World, load_world

STRENGTH = 0.4


@pytest.fixture(scope="module")
def society():
    return load_world("homophilous", citizens=1500, seed=9).simulate()


def settled(ties, own):
    """Solve (I - rho W) s = (1 - rho) b directly; who has no friends keeps b."""
    degree = np.diff(ties.indptr)
    mean = diags_array(np.where(degree > 0, 1 / np.maximum(degree, 1), 0.0)) @ ties.astype(float)
    right = np.where(degree > 0, (1 - STRENGTH) * own, own)
    return spsolve((eye_array(len(own)) - STRENGTH * mean).tocsc(), right), mean


def row(found, part, measure, group):
    return found.table.query("part == @part and measure == @measure and group == @group").iloc[0]


def test_with_feedback_other_friends_move_scores_as_the_resolvent_says(society):
    """A score that reads no friend's record, on an affine scale: all that moves is the feedback."""
    council = load_agency("council").fit(society)
    assert council.scale.affine
    own = council.log_odds(council.agency.view(society).X)
    before, _ = settled(society.ties, own)
    points = Leaning(rater=council, feedback=STRENGTH).points(society)
    np.testing.assert_allclose(points, council.scale.points(before), atol=1e-5)
    found = friend_influence(
        council,
        society,
        sensitive="hukou",
        options=FriendOptions(feedback=STRENGTH, draws=2, lenders=1, truth=False, seed=5),
    )
    streams, ties, moved = Streams(5), society.ties, []
    for number in range(2):
        ties = rewired(ties, seed=streams.seed_for("proxies.rewire", number))
        after, _ = settled(ties, own)
        moved.append(council.scale.points(after) - council.scale.points(before))
    rural = (society.people["hukou"] == "rural").to_numpy()
    expected = np.mean(moved, axis=0)
    assert row(found, "other_friends", "mean", "rural")["estimate"] == pytest.approx(
        expected[rural].mean(), abs=1e-5
    )
    assert row(found, "other_friends", "size", "all")["estimate"] == pytest.approx(
        np.abs(moved).mean(), abs=1e-5
    )


def test_what_friends_add_is_the_strength_times_how_far_their_mean_is_from_that_of_others(society):
    """s_i - s_i(friends of r) = rho (m_i - m_r), m the settled mean of friends."""
    council = load_agency("council").fit(society)
    own = council.log_odds(council.agency.view(society).X)
    now, mean = settled(society.ties, own)
    around, degree = mean @ now, np.diff(society.ties.indptr)
    assert (degree > 0).all()
    known = np.ones(len(own), dtype=bool)
    leaning = Leaning(rater=council, feedback=STRENGTH)
    found = lent_friends(leaning, society, leaning.points(society), known, 1, Streams(3))
    ring = background_rows(len(own), seed=Streams(3).seed_for("proxies.lenders", 0))
    slope = council.scale.points([1.0]) - council.scale.points([0.0])
    np.testing.assert_allclose(found, slope * STRENGTH * (around - around[ring]), atol=1e-5)


def test_a_friends_own_record_moves_one_as_far_as_it_reaches(society):
    council = load_agency("council").fit(society)
    own = council.log_odds(council.agency.view(society).X)
    raised = own.copy()
    raised[17] += 1.0
    leaning = Leaning(rater=council, feedback=STRENGTH)
    moved = leaning.settled(raised, society.ties) - leaning.settled(own, society.ties)
    np.testing.assert_allclose(moved, reach(society.ties, 17, strength=STRENGTH), atol=1e-7)


def test_a_world_without_likeness_has_no_gap_from_friends():
    """Nine of ten 95 % intervals at least hold 0, and the estimates are on both sides of it."""
    held, signs = 0, []
    for seed in range(10):
        world = load_world("no_proxy", citizens=3000, seed=seed).to_dict()
        # Rural citizens are late more often: friends' records differ, friends are anybody.
        world["history"]["reporting"]["hukou"] = -1.0
        world["capacity"]["dependence"]["hukou"] = -0.8
        society = without_likeness(World.from_dict(world)).simulate()
        rater = load_agency("sesame").fit(society, scorer="scorecard")
        options = FriendOptions(draws=1, lenders=1, truth=False, seed=seed)
        found = friend_influence(rater, society, sensitive="hukou", options=options, over="people")
        gap = row(found, "other_friends", "gap", "rural")
        held += gap["low"] <= 0 <= gap["high"]
        signs.append(np.sign(gap["estimate"]))
    assert held >= 9
    assert 0 < signs.count(1.0) < 10


def test_rewiring_finds_what_the_world_without_likeness_shows():
    """Both take likeness away and keep how many friends one has: the gaps they close agree."""
    society = load_world("homophilous", citizens=8000, seed=4).simulate()
    rater = load_agency("sesame").fit(society, scorer="scorecard")
    options = FriendOptions(lenders=1)
    found = friend_influence(rater, society, sensitive="hukou", options=options, over="people")
    by_chance, true = (row(found, part, "gap", "rural") for part in ("other_friends", "truth"))
    assert by_chance["low"] > 0
    assert true["low"] > 0
    apart = abs(by_chance["estimate"] - true["estimate"])
    error = np.hypot(by_chance["high"] - by_chance["low"], true["high"] - true["low"]) / 2
    assert apart < 1.5 * error
    size = [row(found, part, "size", "all")["estimate"] for part in ("other_friends", "truth")]
    assert size[0] == pytest.approx(size[1], rel=0.1)


@pytest.mark.parametrize("measure", [assortativity, circle_share])
@pytest.mark.parametrize("alike", [0.0, 1.0])
def test_graph_intervals_cover(measure, alike):
    """Friends mostly of one's lane, whose people share a part of their scores, or share nothing.

    Where they share nothing the jackknife is too wide, for a tie counts at both its ends.
    """
    random = np.random.default_rng(1)
    lane = np.repeat(np.arange(60), 8)
    chance = np.where(lane[:, None] == lane[None], 0.5, 0.005)
    found = []
    for _ in range(150):
        upper = np.triu(random.random(chance.shape) < chance, 1)
        ties = csr_array((upper | upper.T).astype(np.int8))
        scores = random.exponential(size=480) + alike * random.exponential(size=60)[lane]
        of_graph = measure(ties, scores, left_out(lane, 480, seed=0))
        found.append([float(of_graph), *of_graph.interval()])
    estimate, low, high = np.array(found).T
    truth = estimate.mean() if alike else 0.0
    assert abs(estimate.mean() - truth) < 0.01
    held = ((low <= truth) & (truth <= high)).mean()
    assert 0.9 <= held <= 1, held
    error = (high - low) / 2 / 2
    assert 0.8 < np.median(error) / estimate.std() < (1.3 if alike else 2.0)
