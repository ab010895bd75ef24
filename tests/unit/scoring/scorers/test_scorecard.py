"""The scorecard adds up, prints, and finds the log-odds of each bin."""

import pickle
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy.special import logit
from threadpoolctl import threadpool_limits

from credit_ml.core import ModelError
from credit_ml.scoring import PointsToDoubleOdds, RangeScale, Scorecard

SCALE = PointsToDoubleOdds(base_points=600, base_odds=30, points_to_double=20)


@pytest.fixture(scope="module")
def card(table: Any) -> Scorecard:
    return Scorecard().fit(table.X, table.kept)


def test_terms_add_up_to_the_log_odds(card: Scorecard, table: Any) -> None:
    terms = card.additive_terms(table.X)
    assert terms.columns.tolist() == table.X.columns.tolist()
    rebuilt = card.intercept_ + terms.sum(axis=1)
    np.testing.assert_allclose(rebuilt, card.decision_function(table.X), rtol=0, atol=1e-9)


def test_log_odds_are_the_logit_of_the_probability(card: Scorecard, table: Any) -> None:
    probability = card.predict_proba(table.X)[:, 1]
    np.testing.assert_allclose(card.decision_function(table.X), logit(probability), atol=1e-9)


def test_printed_points_add_up_to_the_score(card: Scorecard, table: Any) -> None:
    printed = card.points_table(SCALE)
    first = table.X[:1]
    points = printed["points"].iloc[0]
    for feature in first.columns:
        at = table.X.columns.get_loc(feature)
        placed = card.bins_[at].assign(card.encoder_.transform(first)[feature].to_numpy())[0]
        rows = printed[printed["feature"] == feature]
        points += rows["points"].iloc[placed]
    assert points == pytest.approx(SCALE.points(card.decision_function(first))[0], abs=1e-9)


def test_every_feature_of_the_card_places_everybody_once(card: Scorecard, table: Any) -> None:
    people = card.points_table(SCALE).groupby("feature")["people"].sum()
    assert (people == len(table.X)).all()


def test_points_on_a_scale_that_bends_are_refused(card: Scorecard) -> None:
    bent = RangeScale(low=350, high=950, centre_odds=6, spread=1)
    with pytest.raises(ModelError, match="RangeScale is not affine"):
        card.points_table(bent)


def test_one_feature_without_smoothing_gives_the_log_odds_of_its_bins() -> None:
    job = np.repeat(["none", "state"], [400, 600])
    kept = np.concatenate([np.arange(400) < 100, np.arange(600) < 450])
    card = Scorecard(smoothing=1e-9, C=1e9).fit(pd.DataFrame({"job": job}), kept)
    expected = np.where(job == "none", np.log(100 / 300), np.log(450 / 150))
    np.testing.assert_allclose(
        card.decision_function(pd.DataFrame({"job": job})), expected, atol=1e-5
    )


def test_coefficient_of_one_feature_alone_is_one(table: Any) -> None:
    # Weights of evidence are the saturated model of one feature, less the base log-odds.
    card = Scorecard(smoothing=1e-9, C=1e9).fit(table.X[["late"]], table.kept)
    assert card.coef_[0] == pytest.approx(1.0, abs=1e-6)
    assert card.intercept_ == pytest.approx(logit(table.kept.mean()), abs=1e-6)


def test_missing_values_weigh_what_their_people_did() -> None:
    years = np.where(np.arange(1000) < 500, np.nan, 5.0)
    kept = np.where(np.isnan(years), np.arange(1000) % 4 == 0, np.arange(1000) % 4 != 0)
    people = pd.DataFrame({"years": years})
    terms = Scorecard().fit(people, kept).additive_terms(people)["years"]
    assert terms[0] < 0 < terms[999]


def test_value_never_missing_in_fit_weighs_nothing_when_missing(
    card: Scorecard, table: Any
) -> None:
    missing = table.X[:1].assign(savings=np.float32(np.nan))
    assert card.additive_terms(missing)["savings"].iloc[0] == pytest.approx(0.0, abs=1e-12)


def test_constant_feature_weighs_nothing() -> None:
    people = pd.DataFrame({"late": np.arange(40.0), "city": np.ones(40)})
    card = Scorecard().fit(people, np.arange(40) > 20)
    np.testing.assert_allclose(card.additive_terms(people)["city"], 0.0, atol=1e-12)


def test_number_of_threads_changes_no_bit(card: Scorecard, table: Any) -> None:
    with threadpool_limits(limits=2):
        again = Scorecard().fit(table.X, table.kept)
    np.testing.assert_array_equal(again.coef_, card.coef_)


def test_pickle_gives_the_same_scores(card: Scorecard, table: Any) -> None:
    copy = pickle.loads(pickle.dumps(card))
    np.testing.assert_array_equal(copy.decision_function(table.X), card.decision_function(table.X))


@pytest.mark.parametrize(
    "options", [{"bins": 1}, {"fewest_share": 0.5}, {"smoothing": 0.0}, {"C": -1.0}]
)
def test_options_out_of_range_are_refused(options: dict[str, Any], table: Any) -> None:
    with pytest.raises(ModelError, match=f"Scorecard, {next(iter(options))}"):
        Scorecard(**options).fit(table.X, table.kept)
