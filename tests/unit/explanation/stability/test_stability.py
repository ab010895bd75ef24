"""Reasons that do not depend on who is trained on agree fully; those learned from noise do not."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.linear_model import LogisticRegression

from credit_ml.core import Dataset, InputError, ModelError, TableError
from credit_ml.explanation import Stability, explanation_stability
from credit_ml.explanation.stability.refits import rank_agreement, same_costliest
from credit_ml.scoring import OpaqueScorer, Scorecard


class Fixed(ClassifierMixin, BaseEstimator):
    """Learns nothing; column d is read by nobody."""

    def fit(self, X, y):
        self.classes_ = np.array([0, 1])
        return self

    def predict_proba(self, X):
        kept = 1 / (1 + np.exp(-(X["a"] + X["b"] * X["c"]).to_numpy()))
        return np.column_stack([1 - kept, kept])


@pytest.fixture(scope="module")
def table():
    random = np.random.default_rng(6)
    rows = 800
    frame = pd.DataFrame(random.normal(size=(rows, 4)), columns=list("abcd"))
    odds = 2 * frame["a"] - 1.5 * frame["b"] + frame["c"]
    frame["kept"] = (random.random(rows) < 1 / (1 + np.exp(-odds))).astype(int)
    frame["noise"] = random.integers(0, 2, rows)
    frame["sex"] = random.choice(["f", "m"], rows)
    return frame


def people(table, target="kept"):
    return Dataset.from_frame(
        table, target=target, sensitive=["sex"], factors={name: [name] for name in "abcd"}
    )


def told(found, measure, group="all"):
    rows = found.table[(found.table["measure"] == measure) & (found.table["group"] == group)]
    return rows.set_index("factor")["estimate"]


def test_a_model_that_learns_nothing_gives_the_same_reasons_exactly(table):
    found = explanation_stability(Fixed(), people(table), refits=3, people=60, sensitive="sex")
    for group in ("all", "f", "m"):
        assert told(found, "rank_agreement", group)[""] == 1
        assert told(found, "same_costliest", group)[""] == 1
        assert (told(found, "deviation", group) == 0).all()
    ends = found.table[["low", "high"]].sub(found.table["estimate"], axis=0)
    assert (ends == 0).all(axis=None)


@pytest.mark.parametrize("scorer", [OpaqueScorer(max_iter=8), Scorecard()])
def test_training_on_the_same_people_gives_the_same_reasons_exactly(table, scorer, monkeypatch):
    # The function's own globals: pytest may have read the module a second time for its examples.
    mine = explanation_stability.__globals__
    monkeypatch.setitem(mine, "_resampled", lambda people, generator: np.arange(people))
    found = explanation_stability(scorer, people(table), refits=3, people=50)
    assert told(found, "rank_agreement")[""] == 1
    assert told(found, "same_costliest")[""] == 1
    assert (told(found, "deviation") == 0).all()


def test_reasons_learned_from_noise_depend_on_who_is_trained_on(table):
    model = LogisticRegression()
    sound = explanation_stability(model, people(table), refits=6, people=100)
    noise = explanation_stability(model, people(table, "noise"), refits=6, people=100)
    for measure in ("rank_agreement", "same_costliest"):
        assert told(sound, measure)[""] > told(noise, measure)[""] + 0.2
    assert told(noise, "rank_agreement")[""] < 0.5


def test_a_rater_is_trained_again_on_what_it_reads(table):
    data = people(table)

    class Rater:
        name = "house"
        columns = ("a", "b")
        scorer = Scorecard().fit(data.X[["a", "b"]], data.y)

    found = explanation_stability(Rater(), data, refits=2, people=40)
    assert found.parameters["factors"] == ["a", "b"]
    assert found.parameters["rater"] == "house"


@given(st.integers(0, 10_000), st.integers(2, 5), st.integers(2, 4))
def test_agreement_is_kendalls_tau_over_pairs(seed, factors, refits):
    parts = np.random.default_rng(seed).normal(size=(refits, 3, factors)).round(1)
    for person, found in enumerate(rank_agreement(parts)):
        taus = [
            stats.kendalltau(parts[r, person], parts[s, person]).statistic
            for r in range(refits)
            for s in range(r)
        ]
        if np.isfinite(taus).all():
            assert found == pytest.approx(np.mean(taus))


@given(st.integers(0, 10_000), st.integers(2, 5))
def test_the_costliest_is_counted_over_pairs(seed, refits):
    parts = np.random.default_rng(seed).normal(size=(refits, 4, 3))
    first = parts.argmin(axis=2)
    pairs = [first[r] == first[s] for r in range(refits) for s in range(r)]
    np.testing.assert_allclose(same_costliest(parts), np.mean(pairs, axis=0))


def test_nothing_to_rank_is_agreement_with_nothing_alone():
    flat, ranked = np.zeros((1, 1, 3)), np.arange(3.0)[None, None]
    assert rank_agreement(np.concatenate([flat, flat])).tolist() == [1]
    assert rank_agreement(np.concatenate([flat, ranked])).tolist() == [0]


def test_it_is_drawn_from_its_stored_table(table):
    found = explanation_stability(Scorecard(), people(table), refits=2, people=60, sensitive="sex")
    stored = Stability.from_dict(found.to_dict())
    assert stored.metrics() == found.metrics()
    assert "explanation_stability.deviation.a.sex.f" in stored.metrics()
    for measure in ("rank_agreement", "same_costliest"):
        names = [label.get_text() for label in stored.plot(measure=measure).get_yticklabels()]
        assert names == ["everybody", "sex: f", "sex: m"]
    plt.close("all")


def test_what_cannot_be_asked_is_refused(table):
    data = people(table)
    with pytest.raises(InputError, match="refits: is 1"):
        explanation_stability(Scorecard(), data, refits=1)
    with pytest.raises(ModelError, match="cannot be cloned"):
        explanation_stability(lambda X: X["a"], data, refits=2, people=10)
    one = Dataset.from_frame(table[["a", "kept"]], target="kept", sensitive=[])
    with pytest.raises(TableError, match="1 factors to rank"):
        explanation_stability(Scorecard(), one)
    blind = Dataset.from_frame(table[["a", "b"]], target=None, sensitive=[])
    with pytest.raises(TableError, match="has no outcome"):
        explanation_stability(Scorecard(), blind)
