"""Guilt by association: what must be exactly nothing, sums by brute force, what is refused."""

import json
from dataclasses import replace

import matplotlib.pyplot as plt
import numpy as np
import pytest
from scipy.linalg import block_diag
from scipy.sparse import csr_array

from credit_ml.agencies import load_agency
from credit_ml.core import AgencyError, InputError, ModelError, StudyResults, TableError, conform
from credit_ml.inference import resample_societies
from credit_ml.proxies import (
    FriendInfluence,
    FriendOptions,
    Interventions,
    friend_influence,
    without_likeness,
)
from credit_ml.proxies.friends.graph import assortativity, circle_share, ends, left_out, low_friends
from credit_ml.proxies.friends.rewiring import FRIENDS_COLUMNS
from credit_ml.proxies.friends.scores import Leaning
from credit_ml.reports import said
from credit_ml.society import load_world
from credit_ml.society.description.network import degree_assortativity


@pytest.fixture(scope="module")
def society():
    return load_world("homophilous", citizens=2500, seed=6).simulate()


@pytest.fixture(scope="module")
def rater(society):
    return load_agency("sesame").fit(society, scorer="scorecard")


@pytest.fixture(scope="module")
def found(society, rater):
    return friend_influence(
        rater, society, sensitive="hukou", options=FriendOptions(draws=2, lenders=2)
    )


@pytest.fixture(scope="module")
def graph():
    random = np.random.default_rng(8)
    upper = np.triu(random.random((40, 40)) < 0.15, 1)
    upper[0] = False  # somebody has no friends
    ties = csr_array((upper | upper.T).astype(np.int8))
    return ties, random.normal(size=40), random.integers(0, 6, 40)


def value(found, part, measure, group="all"):
    rows = found.table.query("part == @part and measure == @measure and group == @group")
    return rows["estimate"].item()


def test_a_score_that_reads_no_friend_owes_them_nothing(society):
    council = load_agency("council").fit(society)
    found = friend_influence(
        council, society, sensitive="hukou", options=FriendOptions(draws=1, lenders=2)
    )
    for part in ("from_friends", "other_friends", "truth"):
        rows = found.table[found.table["part"] == part]
        assert (rows["estimate"] == 0).all(), part
        points = rows[rows["unit"] == "points"]  # none of so many is no proof of none of all
        assert (points[["low", "high"]] == 0).all(axis=None), part
    assert abs(value(found, "graph", "assortativity by chance")) < 0.05


def test_what_friends_bring_has_no_interval_over_clusters():
    society = load_world("segregated", citizens=3000, seed=2).simulate()
    rater = load_agency("sesame").fit(society, scorer="scorecard")
    options = FriendOptions(draws=1, lenders=1, truth=False)

    def measured(each):
        return friend_influence(rater, each, sensitive="hukou", options=options)

    found = measured(society)
    assert found.parameters["intervals_over"] == "clusters"
    table = found.table.query("part in ('from_friends', 'other_friends') and unit == 'points'")
    carried = table["measure"].isin(["mean", "size", "gap"])
    assert table.loc[carried, "low"].isna().all()
    assert table.loc[carried, "reason"].str.contains("friends in other clusters").all()
    assert not table.loc[~carried, "reason"].str.contains("friends in other clusters").any()
    # Other societies tell it, and so do this one's people.
    again = resample_societies(society, measured, societies=8).table
    assert again.loc[table.index[carried], "low"].notna().all()
    people = friend_influence(rater, society, sensitive="hukou", options=options, over="people")
    assert people.table.loc[table.index[carried], "low"].notna().all()


def test_groups_add_up_to_everybody(found, society):
    share = society.people["hukou"].value_counts(normalize=True)
    for part, measure in (
        ("score", "mean"),
        ("from_friends", "mean"),
        ("from_friends", "size"),
        ("other_friends", "mean"),
        ("other_friends", "gained"),
        ("truth", "lost"),
    ):
        parts = sum(share[group] * value(found, part, measure, group) for group in share.index)
        assert parts == pytest.approx(value(found, part, measure))


def test_a_gap_is_the_difference_of_means(found):
    for part in ("score", "from_friends", "other_friends", "truth"):
        rural, urban = (value(found, part, "mean", group) for group in ("rural", "urban"))
        assert value(found, part, "gap", "rural") == pytest.approx(rural - urban)
    assert value(found, "graph", "low_friends_gap", "rural") == pytest.approx(
        value(found, "graph", "low_friends", "rural")
        - value(found, "graph", "low_friends", "urban")
    )


def test_nobody_chooses_by_likeness_and_nothing_else_changes(society):
    other = without_likeness(society.world).simulate()
    same = [name for name in society.records if name not in ("friends", *FRIENDS_COLUMNS)]
    assert other.records[same].equals(society.records[same])
    assert other.outcome.equals(society.outcome)
    assert other.people.equals(society.people)
    assert not other.records["friends_late"].equals(society.records["friends_late"])


def test_correlation_over_ties_is_numpys_and_without_a_group_is_that_of_the_rest(graph):
    ties, scores, groups = graph
    own, other = ends(ties)
    found = assortativity(ties, scores, groups)
    assert float(found) == pytest.approx(np.corrcoef(scores[own], scores[other])[0, 1])
    degree = np.diff(ties.indptr).astype(float)
    assert assortativity(ties, degree, groups).value == pytest.approx(degree_assortativity(ties))
    rest = []
    for group in np.unique(groups):
        stays = (groups[own] != group) & (groups[other] != group)
        rest.append(np.corrcoef(scores[own[stays]], scores[other[stays]])[0, 1])
    assert found.left_out == pytest.approx(np.array(rest) - np.mean(rest))


@pytest.mark.parametrize("at_the_mean", [False, True], ids=["numbers", "many at the mean"])
def test_circle_share_is_the_correlation_of_two_friends_of_one_citizen(graph, at_the_mean):
    ties, scores, groups = graph
    if at_the_mean:  # a second graph like the first, of opposite scores: sums of exactly 0
        ties = csr_array(block_diag(ties.toarray(), ties.toarray()))
        scores, groups = np.append(np.round(scores), -np.round(scores)), np.append(groups, groups)
    dense = ties.toarray().astype(bool)

    def pairs(stays):
        circles = [np.flatnonzero(dense[i] & stays) for i in np.flatnonzero(stays)]
        return np.array([(j, k) for c in circles for j in c for k in c if j != k])

    everybody = np.ones(len(scores), dtype=bool)
    centre = scores[pairs(everybody)[:, 0]].mean()
    z = scores - centre

    def brute(stays):
        j, k = pairs(stays).T
        return (z[j] * z[k]).sum() / (z[j] ** 2).sum()

    found = circle_share(ties, scores, groups)
    assert float(found) == pytest.approx(brute(everybody))
    rest = np.array([brute(groups != group) for group in np.unique(groups)])
    assert found.left_out == pytest.approx(rest - rest.mean())


def test_low_friends_are_counted_over_ties(graph):
    ties, scores, groups = graph
    low, who = scores < -0.5, groups < 3
    dense = ties.toarray().astype(float)
    found = low_friends(ties, low, who, groups)
    assert float(found) == pytest.approx(dense[np.ix_(who, low)].sum() / dense[who].sum())
    rest = []
    for group in np.unique(groups):
        stays = groups != group
        ties_of = dense[np.ix_(who & stays, stays)]
        rest.append(dense[np.ix_(who & stays, low & stays)].sum() / ties_of.sum())
    assert found.left_out == pytest.approx(np.array(rest) - np.mean(rest))


def test_friends_in_cliques_share_everything_and_no_ties_share_nothing():
    clique = csr_array(np.kron(np.eye(4), 1 - np.eye(3)))
    scores = np.repeat([1.0, 2.0, 5.0, 9.0], 3)
    groups = np.repeat(np.arange(4), 3)
    assert circle_share(clique, scores, groups).value == pytest.approx(1)
    assert assortativity(clique, scores, groups).value == pytest.approx(1)
    empty = csr_array((12, 12), dtype=np.int8)
    for found in (circle_share(empty, scores, groups), assortativity(empty, scores, groups)):
        assert np.isnan(found.interval(level=0.95)).all()


def test_where_one_cluster_holds_every_circle_there_is_no_interval():
    # Without the triangle the rest is one pair: a sum of squares that only rounds to 0.
    triangle, pair = np.ones((3, 3)) - np.eye(3), np.ones((2, 2)) - np.eye(2)
    ties = csr_array(block_diag(triangle, pair).astype(np.int8))
    scores = np.array([700.1, 700.7, 700.3, 700.2, 700.9])
    found = circle_share(ties, scores, np.array([0, 0, 0, 1, 1]))
    assert np.isfinite(found.value)
    assert np.isnan(found.interval()).all()


def test_the_jackknife_leaves_whole_clusters_out():
    clusters = np.repeat(np.arange(250), 4)
    groups = left_out(clusters, 1000, seed=0)
    assert groups.max() == 99
    for cluster in (0, 100, 249):
        assert np.ptp(groups[clusters == cluster]) == 0
    alone = left_out(None, 1000, seed=0)
    assert np.bincount(alone).tolist() == [10] * 100


def test_scores_without_feedback_are_the_raters(society, rater):
    leaning = Leaning(rater=rater, feedback=0.0)
    own = rater.score(rater.agency.view(society).X).to_numpy()
    np.testing.assert_array_equal(leaning.points(society), own)
    itself = leaning.with_friends_of(society, np.arange(len(own)))
    np.testing.assert_array_equal(itself, own)


def test_lending_ones_own_friends_changes_nothing_under_feedback_either(society, rater):
    leaning = Leaning(rater=rater, feedback=0.6)
    itself = leaning.with_friends_of(society, np.arange(len(society)))
    np.testing.assert_allclose(itself, leaning.points(society), atol=1e-5)


def test_who_keeps_friends_in_each_city_has_one_city_here(society, rater):
    few = {"draws": 1, "lenders": 1, "truth": False}
    free, kept = (
        friend_influence(rater, society, sensitive="hukou", options=options)
        for options in (FriendOptions(**few), FriendOptions(**few, keeping="district"))
    )
    gap = [value(each, "other_friends", "gap", "rural") for each in (free, kept)]
    assert abs(gap[1]) < abs(gap[0])  # friends of the same districts are more alike


def test_a_stored_finding_draws_again(found):
    again = FriendInfluence.from_dict(json.loads(json.dumps(found.to_dict(), allow_nan=False)))
    assert again.metrics() == pytest.approx(found.metrics())
    assert "friends.other_friends.5th.rural" in again.metrics()
    axes = again.plot()
    assert [label.get_text() for label in axes.get_yticklabels()] == ["all", "rural", "urban"]
    plt.close(axes.figure)


def test_without_a_threshold_nothing_is_said_of_decisions(society, rater):
    bare = rater.agency.model_copy(update={"privileges": ()})
    again = bare.fit(society, scorer="scorecard")
    asked = {"sensitive": "hukou", "options": FriendOptions(draws=1, lenders=1, truth=False)}
    found = friend_influence(again, society, **asked)
    assert "gained" not in set(found.table["measure"])
    assert found.parameters["threshold"] is None
    decided = friend_influence(again, society, threshold=600, **asked)
    assert "gained" in set(decided.table["measure"])


def test_what_does_not_fit_is_refused(society, rater):
    with pytest.raises(TableError, match="did you mean 'hukou'"):
        friend_influence(rater, society, sensitive="hukuo")
    with pytest.raises(InputError, match="did you mean 'city'"):
        friend_influence(rater, society, sensitive="hukou", options=FriendOptions(keeping="citty"))
    with pytest.raises(InputError, match="draws: is 0"):
        FriendOptions(draws=0)
    with pytest.raises(InputError, match="low: is 1"):
        FriendOptions(low=1.0)
    with pytest.raises(ModelError, match="below 1"):
        friend_influence(rater, society, sensitive="hukou", options=FriendOptions(feedback=1.0))
    with pytest.raises(AgencyError, match="privilege"):
        friend_influence(rater, society, sensitive="hukou", threshold="car")
    with pytest.raises(InputError, match="intervals"):
        friend_influence(rater, society, sensitive="hukou", intervals=95)


def test_an_answer_says_how_many_meet_another_decision(found):
    text = said(StudyResults(id="a", title="A", findings=(found,)), "friend_influence", "answer")
    assert text.startswith("**Friends' doing:")
    assert "% (" in text.replace("\u202f", " ")


@pytest.mark.parametrize(
    ("moved", "words"),
    [
        (3.0, ""),
        (0.5, "; with one trained anew no change can be told"),
        (-3.0, "; with one trained anew it would widen by 3 points (2 to 4)"),
    ],
)
@pytest.mark.parametrize("side", [-1.0, 1.0], ids=["gap below", "gap above"])
def test_other_friends_are_of_the_rater_as_it_is_and_of_one_trained_anew_where_that_differs(
    found, moved, words, side
):
    """An abstract's gap "would close by 5" where a rater trained on those friends closed none."""
    pair = {"sensitive": "hukou", "group": "rural", "reference_group": "urban"}
    table = found.table.copy()
    for part, middle in (("score", -20.0), ("other_friends", 5.0)):
        row = table["part"].eq(part) & table["measure"].eq("gap")
        ends = sorted(side * (middle + end) for end in (-1.0, 1.0))
        table.loc[row, ["estimate", "low", "high"]] = (side * middle, *ends)
    own = replace(found, table=table)
    row = pair | {"intervention": "rewire_friends", "measure": "score_gap", "fact": "change"}
    ends = sorted(side * (moved + end) for end in (-1.0, 1.0))
    row |= {"estimate": side * moved, "low": ends[0], "high": ends[1]}
    same = {name: found.parameters[name] for name in ("rater", "unit", "sensitive")}
    tried = Interventions(table=conform([row]), title="", parameters=same)

    def told(*findings):
        page = StudyResults(id="a", title="A", findings=findings, settings={"lead": pair})
        return said(page, "friend_influence", "headline")

    text = told(own, tried)
    assert text.startswith("With friends drawn by chance and the same rater, ")
    assert text.endswith(f" would close by 5 (4 to 6) of 20 points{words}.")
    other = replace(tried, parameters=same | {"rater": "another"})
    for alone in (told(own), told(own, other)):
        assert alone.endswith(" would close by 5 (4 to 6) of 20 points.")
