"""Distances are scipy's, and hold nothing where there is none."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from sklearn import metrics

from credit_ml.core import Dataset
from credit_ml.fairness import distribution_distances


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.floats(-2, 2))
def test_distances_are_scipys(row_of, seed, shift):
    random = np.random.default_rng(seed)
    scores = np.round(random.normal(size=60) + shift * (np.arange(60) < 25), 1)
    frame = pd.DataFrame({"s": scores, "g": ["a"] * 25 + ["b"] * 35})
    dataset = Dataset.from_frame(frame, target=None, sensitive=["g"])
    found = distribution_distances(scores, dataset)
    one, two = scores[:25], scores[25:]
    expected = {
        "wasserstein": stats.wasserstein_distance(one, two),
        "kolmogorov_smirnov": stats.ks_2samp(one, two).statistic,
        "standardised_mean_difference": (one.mean() - two.mean())
        / np.sqrt((one.var() + two.var()) / 2),
        "auc": metrics.roc_auc_score(np.arange(60) < 25, scores),
    }
    for measure, value in expected.items():
        row = row_of(found, measure=measure)
        assert row["estimate"] == pytest.approx(value, abs=1e-12)
        assert row["low"] <= row["estimate"] <= row["high"]


@pytest.mark.parametrize("cluster", [None, "place"])
def test_distances_of_nothing_hold_nothing(cluster, people):
    hits = dict.fromkeys(
        ("wasserstein", "kolmogorov_smirnov", "standardised_mean_difference", "auc"), 0
    )
    for seed in range(80):
        dataset, frame = people(300, seed, cluster=cluster)
        table = distribution_distances(frame["chance"], dataset).table
        for row in table.itertuples():
            hits[row.measure] += row.low <= (row.measure == "auc") / 2 <= row.high
    # 95 % less three standard errors of 80.
    assert min(hits.values()) >= 70


@pytest.mark.parametrize("cluster", [None, "place"])
def test_one_person_has_distances_without_intervals(cluster):
    frame = pd.DataFrame({"s": np.arange(40.0), "g": ["a"] + ["b"] * 39})
    frame["place"] = np.arange(40) % 10
    options = {"sensitive": ["g"], "context": ["place"], "cluster": cluster}
    dataset = Dataset.from_frame(frame, target=None, **options)
    found = distribution_distances(frame["s"], dataset).table.set_index("measure")
    for measure in ("wasserstein", "kolmogorov_smirnov", "standardised_mean_difference"):
        assert np.isfinite(found.loc[measure, "estimate"])
        assert np.isnan(found.loc[measure, "low"])
        assert found.loc[measure, "reason"] == "too few people or clusters to say how sure it is"
