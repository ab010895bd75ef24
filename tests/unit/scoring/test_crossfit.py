"""Cross-fitting: everybody scored once, by a model that never saw them."""

from typing import Any

import numpy as np
import pytest

from credit_ml.core import Dataset, ModelError, TableError
from credit_ml.scoring import OpaqueScorer, Scorecard, cross_fit


@pytest.fixture(scope="module")
def dataset(table: Any) -> Dataset:
    frame = table.X.assign(kept=table.kept, sex=np.where(np.arange(len(table.X)) % 2, "f", "m"))
    return Dataset.from_frame(frame, target="kept", sensitive=["sex"])


def test_everybody_is_in_one_fold_of_the_same_mix(dataset: Dataset) -> None:
    fitted = cross_fit(Scorecard(), dataset, folds=4, seed=3)
    rows = np.concatenate([fold.rows for fold in fitted.folds])
    assert sorted(rows) == list(range(len(dataset)))
    y = dataset.outcome(needed_for="the test").to_numpy()
    assert all(abs(y[fold.rows].sum() - y.sum() / 4) <= 1 for fold in fitted.folds)


def test_scores_are_those_of_the_model_trained_on_the_others(dataset: Dataset) -> None:
    fitted = cross_fit(Scorecard(), dataset, folds=3, seed=3)
    rows, model = fitted.folds[0]
    np.testing.assert_array_equal(
        fitted.log_odds[rows], model.decision_function(dataset.X.iloc[rows])
    )
    others = np.setdiff1d(np.arange(len(dataset)), rows)
    y = dataset.outcome(needed_for="the test")
    again = Scorecard().fit(dataset.X.iloc[others], y.iloc[others])
    np.testing.assert_array_equal(
        fitted.log_odds[rows], again.decision_function(dataset.X.iloc[rows])
    )
    np.testing.assert_allclose(fitted.probability, 1 / (1 + np.exp(-fitted.log_odds)))


def test_memory_shows_in_sample_and_not_out_of_fold(dataset: Dataset) -> None:
    chance = Dataset(
        X=dataset.X,
        y=(dataset.X.index.to_series() % 2).astype("int8"),
        sensitive=dataset.sensitive,
        factors=dataset.factors,
        context=dataset.context,
    )
    scorer = OpaqueScorer(max_iter=20, min_samples_leaf=5)
    fitted = cross_fit(scorer, chance, folds=2)
    y = chance.outcome(needed_for="the test")
    assert np.mean(scorer.fit(chance.X, y).predict(chance.X) == y) > 0.65
    assert abs(np.mean((fitted.log_odds > 0) == y) - 0.5) < 0.06


def test_workers_change_nothing(dataset: Dataset) -> None:
    scorer = OpaqueScorer(max_iter=5)
    alone, shared = (cross_fit(scorer, dataset, folds=2, workers=n) for n in (1, 2))
    np.testing.assert_array_equal(alone.log_odds, shared.log_odds)
    assert not hasattr(scorer, "booster_")


def test_bad_folds_are_refused(dataset: Dataset) -> None:
    with pytest.raises(ModelError, match="folds: is 1"):
        cross_fit(Scorecard(), dataset, folds=1)
    y = dataset.outcome(needed_for="the test").to_numpy()
    few = dataset.take(np.concatenate([np.flatnonzero(y == 1), np.flatnonzero(y == 0)[:3]]))
    with pytest.raises(TableError, match="3 people with one of the outcomes, fewer than 5 folds"):
        cross_fit(Scorecard(), few)


def test_outcome_is_needed(table: Any) -> None:
    unknown = Dataset.from_frame(table.X, target=None, sensitive=[])
    with pytest.raises(TableError, match="which cross-fitting needs"):
        cross_fit(Scorecard(), unknown)
