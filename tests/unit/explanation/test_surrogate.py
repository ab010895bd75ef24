"""A sum over features says all of a sum, nothing of a pure interaction, each for its own group."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from scipy import stats

from credit_ml.core import Dataset, InputError
from credit_ml.explanation import SurrogateFidelity, surrogate_fidelity
from credit_ml.inference import People
from credit_ml.scoring import LogisticScorer, OpaqueScorer


@pytest.fixture(scope="module")
def table():
    random = np.random.default_rng(4)
    rows = 3000
    frame = pd.DataFrame(random.normal(size=(rows, 3)), columns=list("abc")).round(1)
    frame["sex"] = random.choice(["f", "m"], rows)
    frame["seen"] = (frame["sex"] == "m").astype(int)
    frame["branch"] = random.integers(0, 15, rows)
    odds = frame["a"] * np.where(frame["sex"] == "m", frame["b"], 1)
    frame["kept"] = (random.random(rows) < 1 / (1 + np.exp(-odds))).astype(int)
    return Dataset.from_frame(
        frame,
        target="kept",
        sensitive=["sex"],
        context=["branch"],
        factors={name: [name] for name in ["a", "b", "c", "seen"]},
    )


def told(found, measure, group="all"):
    rows = found.table[(found.table["measure"] == measure) & (found.table["group"] == group)]
    return rows.iloc[0]


def added(X):
    return 2 * X["a"] - np.exp(X["b"] / 2) + X["seen"]


def crossed(X):
    return np.sign(X["a"] + 0.05) * np.sign(X["b"] + 0.05)


def test_a_sum_says_everything_and_an_interaction_of_signs_nothing(table):
    whole = surrogate_fidelity(added, table, output="score", threshold=0.0)
    assert told(whole, "r_squared")["estimate"] > 0.99
    assert told(whole, "alike")["estimate"] > 0.97
    nothing = told(surrogate_fidelity(crossed, table, output="score"), "r_squared")
    assert abs(nothing["estimate"]) < 0.1


def test_additive_log_odds_of_a_scorer_are_reproduced(table):
    model = LogisticScorer().fit(table.X, table.y)
    assert told(surrogate_fidelity(model, table), "r_squared")["estimate"] > 0.98
    opaque = surrogate_fidelity(OpaqueScorer().fit(table.X, table.y), table)
    assert told(opaque, "r_squared")["estimate"] < 0.8


def test_the_group_whose_columns_work_together_is_told_less(table):
    def score(X):
        return np.where(X["seen"] == 1, X["a"] * X["b"], X["a"])

    found = surrogate_fidelity(score, table, output="score", sensitive="sex", threshold=0.0)
    women, men = (told(found, "r_squared", group) for group in ("f", "m"))
    assert women["low"] > men["high"]
    assert told(found, "absolute_error", "f")["high"] < told(found, "absolute_error", "m")["low"]
    everybody = told(found, "absolute_error")["estimate"]
    share = (table.sensitive["sex"] == "m").mean()
    parts = [told(found, "absolute_error", group)["estimate"] for group in ("f", "m")]
    assert everybody == pytest.approx((1 - share) * parts[0] + share * parts[1])


def test_intervals_are_those_of_a_delta_method_by_finite_differences(table):
    """The influence of one person is what a little more weight on the person does."""
    from credit_ml.explanation.surrogate import r_squared

    random = np.random.default_rng(2)
    scores = random.normal(size=40)
    squared = random.normal(size=40) ** 2

    def weighted(weights):
        share = weights / weights.sum()
        mean = (share * scores).sum()
        return 1 - (share * squared).sum() / (share * (scores - mean) ** 2).sum()

    step = 1e-6
    influence = [
        (weighted(np.ones(40) + step * 40 * (np.arange(40) == i)) - weighted(np.ones(40))) / step
        for i in range(40)
    ]
    error = np.sqrt(np.square(influence).sum() / 40 / 39)
    everybody = np.ones(40, dtype=bool)
    summed = scores + np.sqrt(squared)
    found = r_squared(People(40), scores, summed, everybody)
    assert float(found) == pytest.approx(weighted(np.ones(40)))
    half = float(found) - found.interval().low
    assert half == pytest.approx(stats.t.ppf(0.975, 39) * error, rel=1e-3)


def test_clusters_widen_what_they_share(table):
    """Only some branches' scores bend, so that errors go by branch."""
    bent = (table.context["branch"] < 4).to_numpy()

    def score(X):
        return X["a"] + np.where(bent[X.index.to_numpy()], 3.0 * crossed(X), 0.0)

    alone = surrogate_fidelity(score, table, output="score")
    shared = Dataset(
        X=table.X,
        y=table.y,
        sensitive=table.sensitive,
        factors=table.factors,
        context=table.context,
        cluster="branch",
    )
    together = surrogate_fidelity(score, shared, output="score")
    for measure in ("r_squared", "absolute_error"):
        narrow, wide = told(alone, measure), told(together, measure)
        assert wide["estimate"] == narrow["estimate"]
        assert wide["high"] - wide["low"] > 2 * (narrow["high"] - narrow["low"])


def test_a_constant_score_has_no_variance_to_explain(table):
    found = surrogate_fidelity(lambda X: np.full(len(X), 0.1), table, output="score")
    assert np.isnan(told(found, "r_squared")["estimate"])
    assert told(found, "absolute_error")["estimate"] == pytest.approx(0, abs=1e-12)
    assert "surrogate_fidelity.r_squared.overall.all" not in found.metrics()


def test_it_is_drawn_from_its_stored_table(table):
    found = surrogate_fidelity(
        added, table, output="score", sensitive="sex", threshold=0.0, people=500
    )
    stored = SurrogateFidelity.from_dict(found.to_dict())
    assert stored.metrics() == found.metrics()
    for measure in ("r_squared", "absolute_error", "alike"):
        axes = stored.plot(measure=measure)
        names = [label.get_text() for label in axes.get_yticklabels()]
        assert names == ["everybody", "sex: f", "sex: m"]
    plt.close("all")
    with pytest.raises(InputError, match="known: r_squared"):
        stored.plot(measure="auc")


def test_what_cannot_be_asked_is_refused(table):
    with pytest.raises(InputError, match="at least 200"):
        surrogate_fidelity(added, table, output="score", people=100)
    model = LogisticScorer().fit(table.X, table.y)
    with pytest.raises(InputError, match="threshold"):
        surrogate_fidelity(model, table, output="probability", threshold=650)
