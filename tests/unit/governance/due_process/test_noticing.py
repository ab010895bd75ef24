"""Where an error shows: in a letter that names it, in a change that is told, in a score."""

from dataclasses import replace

import numpy as np
import pytest

from credit_ml.agencies import load_agency
from credit_ml.disclosure import Disclosed
from credit_ml.explanation import reasons_for
from credit_ml.governance.due_process.entries import planted
from credit_ml.governance.due_process.noticing import Noticing, Told
from credit_ml.society import World


@pytest.fixture(scope="module")
def noticing():
    society = World(citizens=1_000, seed=6).simulate()
    rater = load_agency("national").with_scorer("scorecard").fit(society)
    return Noticing(rater, rater.agency.view(society), society, 0.05, 0)


@pytest.fixture(scope="module")
def stale(noticing):
    (entries,) = planted(noticing.dataset, rates={"stale": 0.1}, times={}, seed=2)
    return entries


def shown(noticing, entries, *items, **given):
    told = Told(regime=Disclosed(id="own", description="", discloses=frozenset(items)), **given)
    return noticing.shows(
        told, entries, noticing.scores(entries), noticing.scores(entries, filed=False)
    )


def test_scores_without_the_entry_are_the_right_ones(noticing, stale):
    right = noticing.rater.score(noticing.dataset.X).to_numpy()
    assert np.array_equal(noticing.scores(stale, filed=False), right[stale.rows])


def test_nothing_told_shows_nothing_and_records_show_all(noticing, stale):
    assert not shown(noticing, stale).any()
    assert not shown(noticing, stale, "factors", "weights").any()  # but no score and no record
    assert shown(noticing, stale, records=True).all()


def test_reasons_show_what_the_letter_names(noticing, stale):
    found = shown(noticing, stale, "reasons")
    filed = replace(noticing.dataset, X=stale.all_of(noticing.dataset.X))
    for place in range(0, len(stale.rows), 10):
        letter = reasons_for(noticing.rater, filed, int(stale.rows[place]), seed=0)
        named = {row["column"] for row in letter.named(costs=True)}
        assert found[place] == bool(named & {"late_payments", "bills_reported"})
    assert 0 < found.mean() < 1


def test_whoever_has_what_is_asked_for_is_told_no_change(noticing, stale):
    found = shown(noticing, stale, "counterfactual")
    threshold = noticing.problem.aims[0].threshold
    assert not found[noticing.scores(stale) >= threshold].any()
    assert found.any()


def test_the_model_shows_what_moves_the_score(noticing, stale):
    moved = noticing.scores(stale) != noticing.scores(stale, filed=False)
    assert (shown(noticing, stale, "model") == moved).all()


def test_a_score_alone_shows_when_it_lies_below_what_nearly_all_right_ones_do(noticing, stale):
    told = Told(regime=Disclosed(id="own", description="", discloses=frozenset({"own_score"})))
    reckoned = noticing.reckoned(told)
    assert (noticing.points - reckoned).mean() == pytest.approx(0)
    usual = np.quantile(noticing.points - reckoned, 0.05)
    below = noticing.scores(stale) - reckoned[stale.rows] < usual
    assert (shown(noticing, stale, "own_score") == below).mean() > 0.99
    assert noticing.in_vain(told).mean() == pytest.approx(0.05, abs=0.002)


def test_whoever_knows_the_weights_of_a_score_that_adds_up_is_seldom_wrong(noticing):
    """The better the reckoning, the smaller the error that shows."""
    (stars,) = planted(noticing.dataset, rates={"orders": 0.3}, times={}, seed=2)
    vague = shown(noticing, stars, "own_score", "factors").mean()
    exact = shown(noticing, stars, "own_score", "weights").mean()
    assert exact >= vague
