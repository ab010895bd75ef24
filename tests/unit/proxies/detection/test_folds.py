"""Folds keep copies and clusters together, and every group in every fold."""

import numpy as np
import pandas as pd
import pytest

from credit_ml.core import Dataset
from credit_ml.inference import People
from credit_ml.proxies import Guesses, detect_proxies
from credit_ml.proxies.detection.folds import folds_of, near_copies


def matched(pairs, jitter, seed):
    """Every woman has a man with the same record: nothing tells who is who."""
    random = np.random.default_rng(seed)
    record = random.normal(size=(pairs, 3))
    X = np.concatenate([record, record + jitter * random.normal(size=record.shape)])
    return pd.DataFrame(X, columns=list("abc"))


@pytest.mark.parametrize("jitter", [0.0, 0.02])
def test_matched_pairs_predict_nothing_and_not_the_opposite(jitter):
    held = []
    for seed in range(4):
        frame = matched(200, jitter, seed).assign(sex=["f"] * 200 + ["m"] * 200)
        data = Dataset.from_frame(frame, target=None, sensitive="sex")
        table = detect_proxies(data, sensitive="sex", guesses=Guesses(columns=False)).table
        auc = table[table["measure"] == "auc"]
        assert (auc["estimate"] > 0.4).all()
        held += list((auc["low"] <= 0.5) & (auc["high"] >= 0.5))
    assert np.mean(held) >= 0.75


def test_copies_are_few_near_and_mutual():
    X = matched(50, 0.001, 0)
    sets = near_copies(X)
    np.testing.assert_array_equal(sets[:50], sets[50:])
    assert len(np.unique(sets)) >= 45
    # What very many share is no copy but a value.
    assert len(np.unique(near_copies(pd.DataFrame({"late": np.arange(100) % 4})))) == 100
    assert near_copies(pd.DataFrame(index=range(3))).tolist() == [0, 1, 2]


def test_clusters_stay_whole_where_intervals_count_them():
    random = np.random.default_rng(1)
    codes, groups = np.arange(600) % 30, random.integers(0, 2, 600)
    X = pd.DataFrame({"a": random.normal(size=600)})
    people = People(600, clusters=codes, over="clusters")
    fold = folds_of(X, groups, people, 3, np.random.default_rng(0))
    assert len(set(zip(codes, fold, strict=True))) == 30
    assert pd.crosstab(fold, groups).to_numpy().min() > 60
    pairs = np.concatenate([np.arange(300)] * 2)
    twice = pd.DataFrame(random.normal(size=(300, 6))[pairs])
    both = folds_of(twice, groups, people, 3, np.random.default_rng(0))
    assert len(set(zip(codes, both, strict=True))) == 30
    assert (both[:300] == both[300:]).all()
    # Where a group lives in one cluster alone, no such folds hold it everywhere.
    alone = folds_of(X, (codes == 0).astype(int), people, 3, np.random.default_rng(0))
    assert pd.crosstab(alone, codes == 0).to_numpy().min() > 0
