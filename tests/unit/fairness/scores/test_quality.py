"""Measures of probabilities, by group, against scikit-learn and against brute force."""

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from sklearn import metrics

from credit_ml.core import Dataset, TableError
from credit_ml.fairness import Quality, quality
from credit_ml.inference import People


def _dataset(y, groups):
    frame = pd.DataFrame({"x": range(len(y)), "sex": groups, "paid": y})
    return Dataset.from_frame(frame, target="paid", sensitive=["sex"])


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.tuples(st.sampled_from([0.0, 0.1, 0.3, 0.5, 0.9, 1.0]), st.booleans(), st.booleans()),
        min_size=2,
        max_size=60,
    ).filter(lambda people: len({kept for _, kept, _ in people}) == 2)
)
def test_agrees_with_scikit_learn(people):
    chance, kept, sex = (np.array(part) for part in zip(*people, strict=True))
    found = quality(chance, _dataset(kept.astype(int), np.where(sex, "f", "m"))).table
    members = {"all": np.ones(len(kept), bool), "f": sex, "m": ~sex}
    for group, rows in found.groupby("group"):
        got = rows.set_index("measure")["estimate"]
        y, p = kept[members[group]], chance[members[group]]
        assert got["brier"] == pytest.approx(((p - y) ** 2).mean())
        assert got["log_loss"] == pytest.approx(metrics.log_loss(y, p, labels=[False, True]))
        assert got["accuracy"] == pytest.approx(metrics.accuracy_score(y, p > 0.5))
        if len(set(y)) == 2:
            assert got["auc"] == pytest.approx(metrics.roc_auc_score(y, p))
        else:
            assert np.isnan(got["auc"])
    known = found.dropna(subset=["low", "high"])
    assert (known["low"] <= known["estimate"] + 1e-12).all()
    assert (known["estimate"] <= known["high"] + 1e-12).all()


def test_delong_variance_is_that_of_the_pairs():
    random = np.random.default_rng(0)
    kept = random.random(60) < 0.6
    scores = np.round(random.normal(kept, 1.0), 1)
    order = np.argsort(scores)
    scores, kept = scores[order], kept[order]
    pairs = scores[kept][:, None] - scores[~kept]
    wins = (pairs > 0) + 0.5 * (pairs == 0)
    variance = wins.mean(1).var(ddof=1) / kept.sum() + wins.mean(0).var(ddof=1) / (~kept).sum()
    auc = People(60).auc(scores, kept)
    low, high = auc.interval()
    logit = np.log([low / (1 - low), high / (1 - high)])
    quantile = stats.t.ppf(0.975, min(kept.sum(), (~kept).sum()) - 1)
    half = quantile * np.sqrt(variance) / (wins.mean() * (1 - wins.mean()))
    assert float(auc) == pytest.approx(wins.mean())
    assert np.diff(logit)[0] / 2 == pytest.approx(half, rel=1e-6)


def test_a_perfect_order_of_few_people_is_not_certain():
    auc = People(8).auc(np.arange(8.0), np.arange(8) > 3)
    low, high = auc.interval()
    assert float(auc) == high == 1
    assert 0.2 < low < 0.7


def test_bad_probabilities():
    dataset = _dataset([0, 1, 1], list("ffm"))
    with pytest.raises(TableError, match=r"probability: holds 1\.2; give numbers from 0 to 1"):
        quality([0.1, 0.2, 1.2], dataset)
    with pytest.raises(TableError, match="probability: is not finite in 1 row"):
        quality([0.1, np.nan, 0.3], dataset)
    with pytest.raises(TableError, match="has no outcome, which quality needs"):
        quality([0.1], Dataset.from_frame(pd.DataFrame({"x": [1]}), target=None, sensitive=[]))


def test_without_groups_only_everybody():
    plain = Dataset.from_frame(
        pd.DataFrame({"x": [0, 1], "paid": [1, 0]}), target="paid", sensitive=[]
    )
    found = quality([0.7, 0.2], plain)
    assert found.table["sensitive"].unique().tolist() == ["overall"]
    assert found.plot().get_xlabel().startswith("AUC")


def test_stored_quality_draws_the_same_figure():
    random = np.random.default_rng(2)
    y = random.integers(0, 2, 200)
    found = quality(random.random(200), _dataset(y, random.choice(list("abc"), 200)))
    again = Quality.from_dict(json.loads(json.dumps(found.to_dict(), allow_nan=False)))
    for measure in ("auc", "brier"):
        one, other = (finding.plot(measure=measure) for finding in (found, again))
        assert (one.lines[-1].get_xdata() == other.lines[-1].get_xdata()).all()
    with pytest.raises(TableError, match="'aucc' is unknown; did you mean 'auc'"):
        found.plot(measure="aucc")
    assert found.metrics()["quality.auc"] == found.table["estimate"].iloc[0]
