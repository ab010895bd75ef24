"""Refitting keeps the kind of rater, and its identity on the same data."""

import numpy as np
import pytest
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression

from credit_ml.agencies import is_fixed, load_agency, raised, refit
from credit_ml.agencies.refit import without
from credit_ml.core import ModelError, TableError
from credit_ml.scoring import score_function
from credit_ml.society import World


@pytest.fixture(scope="module")
def society():
    return World(citizens=600, seed=5).simulate()


@pytest.mark.parametrize("scorer", ["scorecard", "opaque", "logistic"])
def test_on_its_own_data_an_agency_is_refitted_to_itself(society, scorer):
    agency = load_agency("sesame")
    rater = agency.fit(society, scorer=scorer, seed=3)
    people = agency.view(society)
    again = refit(rater, people, people.X, society.outcome["kept_before"], seed=3)
    assert again.agency == rater.agency
    assert again.factors == rater.factors
    assert np.array_equal(again.score(people.X), rater.score(people.X))


def test_a_ranked_agency_publishes_ranks_of_the_new_population(society):
    agency = load_agency("sesame").model_copy(update={"ranked": True})
    rater = agency.fit(society, scorer="logistic")
    people = agency.view(society)
    half = people.take(np.arange(300))
    again = refit(rater, half, half.X, half.y, seed=0)
    assert len(again.population) == 300
    assert again.rank(half.X).max() == 1
    assert (again.population == np.sort(again.score(half.X))).all()
    # Raising every threshold alike leaves every rank.
    higher = raised(again, 0.3)
    assert (higher.score(half.X) < again.score(half.X)).all()
    # But for a place, where the way from points to log-odds and back rounds.
    moved = higher.rank(half.X) - again.rank(half.X)
    assert moved.abs().max() < 1.5 / 300


def test_rules_are_never_refitted(society):
    rater = load_agency("council").fit(society)
    people = rater.agency.view(society)
    assert is_fixed(rater)
    assert refit(rater, people, people.X, people.y, seed=0) is rater
    with pytest.raises(ModelError, match="published rules"):
        raised(rater, 1.0)


def test_an_agency_learns_from_those_it_knows(society):
    agency = load_agency("sesame")
    rater = agency.fit(society, scorer="logistic")
    people = agency.view(society)
    people.context["known"] = np.arange(600) < 400
    part = refit(rater, people, people.X, people.y, seed=0)
    cut = people.take(np.arange(400))
    same = refit(rater, cut, cut.X, cut.y, seed=0)
    assert np.array_equal(part.scorer.coef_, same.scorer.coef_)


def test_a_classifier_keeps_its_settings_and_its_classes(gaussian):
    people = gaussian(300)
    model = RandomForestClassifier(7, random_state=1).fit(
        people.X, np.where(people.y == 1, "yes", "no")
    )
    again = refit(model, people, people.X, people.y, seed=2)
    assert again.n_estimators == 7
    assert list(again.classes_) == ["no", "yes"]
    assert again is not model
    twice = refit(model, people, people.X, people.y, seed=2)
    assert np.array_equal(again.predict_proba(people.X), twice.predict_proba(people.X))


def test_a_raised_threshold_stays_raised(gaussian):
    people = gaussian(300)
    model = LogisticRegression().fit(people.X, people.y)
    higher = raised(raised(model, 0.5), 0.25)
    again = refit(higher, people, people.X, people.y, seed=0)
    assert again.shift == 0.75
    for each in (higher, again):
        assert each.decision_function(people.X) == pytest.approx(
            model.decision_function(people.X) - 0.75
        )
        assert each.coef_ == pytest.approx(model.coef_)
        assert each.intercept_ == pytest.approx(model.intercept_ - 0.75)


def test_without_columns_they_no_longer_matter(gaussian):
    people = gaussian(300)
    model = LogisticRegression().fit(people.X, people.y)
    narrow = without(model, people, ["show"], seed=0)
    alone = LogisticRegression().fit(people.X[["honest"]], people.y)
    moved = people.X.assign(show=9.0)
    expected = alone.predict_proba(people.X[["honest"]])
    assert narrow.predict_proba(people.X) == pytest.approx(expected)
    assert narrow.predict_proba(moved) == pytest.approx(expected)
    assert score_function(narrow)(moved) == pytest.approx(expected[:, 1])
    with pytest.raises(ModelError, match="would read no column"):
        without(model, people, ["show", "honest"], seed=0)


def test_what_cannot_be_refitted_is_refused(gaussian):
    people = gaussian(50)
    model = LogisticRegression().fit(people.X, people.y)
    with pytest.raises(ModelError, match="cannot be fitted again"):
        refit(lambda X: X["show"], people, people.X, people.y, seed=0)
    with pytest.raises(ModelError, match="all alike"):
        refit(model, people, people.X, np.ones(50), seed=0)
    with pytest.raises(TableError, match="50 people"):
        refit(model, people, people.X[:10], people.y, seed=0)
    with pytest.raises(TableError, match="0 or 1"):
        refit(model, people, people.X, np.full(50, 0.5), seed=0)
    with pytest.raises(TableError, match="lacks the column 'show'"):
        refit(model, people, people.X[["honest"]], people.y, seed=0)
