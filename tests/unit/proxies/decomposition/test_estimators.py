"""What every estimator declares, how it is chosen, and what it refuses."""

import inspect

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression

from credit_ml.agencies import load_agency
from credit_ml.core import Dataset, InputError, ModelError, TableError
from credit_ml.explanation.shapley.block_shapley import surplus_returned
from credit_ml.proxies import ESTIMATORS, compare, decompose, estimator, estimators_frame
from credit_ml.scoring import LogisticScorer, Scorecard, cross_fit
from credit_ml.society import load_world

IDS = [each.id for each in ESTIMATORS]


@pytest.fixture(scope="module")
def data():
    random = np.random.default_rng(1)
    group = random.random(400) < 0.5
    frame = pd.DataFrame(
        {
            "late": random.normal(size=400) + group,
            "job": pd.Categorical(random.choice(["state", "own"], 400)),
            "years": np.where(random.random(400) < 0.1, np.nan, random.normal(size=400)),
            "sex": np.where(group, "f", "m"),
            "street": np.arange(400) % 16,
            "kept": (random.normal(size=400) - group > 0).astype(int),
        }
    )
    return Dataset.from_frame(frame, target="kept", sensitive=["sex"], cluster="street")


@pytest.fixture(scope="module")
def model(data):
    return LogisticScorer().fit(data.X, data.y)


def output_of(found):
    return "probability" if "probability" in found.needs else "log_odds"


def table(found):
    return found.table.set_index("factor")


def test_every_estimator_says_what_it_is():
    assert len(IDS) == len(set(IDS))
    frame = estimators_frame().set_index("id")
    assert frame.index.tolist() == IDS
    assert not frame.drop(columns="needs").map(lambda text: not text.strip()).any(axis=None)
    for each in ESTIMATORS:
        assert each.kind in ("attribution", "intervention")
        assert len(each.citations) > 0
        assert not each.estimand.endswith(".")
        assert inspect.getdoc(type(each))


@pytest.mark.parametrize("name", IDS)
def test_what_is_declared_as_needed_is_what_is_asked_for(name, data, model):
    """Estimators work on a table without an outcome exactly when they declare no outcome."""
    found = estimator(name, stratum="street") if name == "within_stratum" else estimator(name)
    blind = Dataset(
        X=data.X, y=None, sensitive=data.sensitive, factors=data.factors, context=data.context
    )
    if "outcome" in found.needs:
        with pytest.raises(TableError, match="outcome"):
            decompose(model, blind, sensitive="sex", method=found, output=output_of(found))
    else:
        one = decompose(model, blind, sensitive="sex", method=found, output="log_odds")
        assert one.parameters["kind"] == found.kind
        assert set(data.factors) < set(one.table["factor"])
        two = decompose(model, blind, sensitive="sex", method=found, output="log_odds")
        pd.testing.assert_frame_equal(one.table, two.table)


@pytest.mark.parametrize("name", IDS)
def test_tables_with_gaps_and_categories_are_taken_apart(name, data, model):
    found = estimator(name, stratum="years") if name == "within_stratum" else estimator(name)
    output = output_of(found)
    got = table(decompose(model, data, sensitive="sex", method=found, output=output))
    assert np.isfinite(got[["estimate", "low", "high"]].to_numpy()).all()
    assert (got["low"] <= got["estimate"] + 1e-12).all()
    if found.kind == "attribution":
        parts = got["estimate"].drop("(gap)")
        assert parts.sum() == pytest.approx(got["estimate"]["(gap)"], abs=1e-9)


def test_options_are_checked_by_name():
    with pytest.raises(InputError, match="did you mean 'stratum'"):
        estimator("within_stratum", strata="income")
    with pytest.raises(InputError, match="did you mean 'block_shapley'"):
        estimator("block_shaply")


def test_a_stratum_must_be_a_column(data, model):
    with pytest.raises(InputError, match="is not named"):
        decompose(model, data, sensitive="sex", method="within_stratum")
    with pytest.raises(TableError, match="did you mean 'street'"):
        decompose(model, data, sensitive="sex", method=estimator("within_stratum", stratum="stret"))
    with pytest.raises(InputError, match="at least 2"):
        decompose(
            model, data, sensitive="sex", method=estimator("within_stratum", stratum="late", bins=1)
        )


def test_scores_are_no_answer_where_a_model_is_asked(data):
    scores = pd.Series(np.arange(400.0))
    for name in ("swap_shapley", "conditional_shapley", "leave_out", "permute"):
        with pytest.raises(InputError, match="asks a model"):
            decompose(scores, data, sensitive="sex", method=name)
    found = decompose(scores, data, sensitive="sex", method="oaxaca_pooled")
    assert "(unexplained)" in table(found).index


def test_attributions_are_of_block_shapley_alone(data, model):
    from credit_ml.proxies import attribute

    made = attribute(model, data)
    with pytest.raises(InputError, match="are not what swap_shapley uses"):
        decompose(made, data, sensitive="sex", method="swap_shapley")


def test_models_of_folds_are_refused_where_one_is_asked(data):
    folds = cross_fit(Scorecard(), data, folds=3, seed=0)
    for name in ("swap_shapley", "true_positive_shapley", "leave_out"):
        with pytest.raises(ModelError, match="is several models"):
            decompose(folds, data, sensitive="sex", method=name, output="log_odds")
    for name in ("selection_rate_shapley", "conditional_shapley", "shap_by_factor"):
        got = table(decompose(folds, data, sensitive="sex", method=name, output="log_odds"))
        assert "(folds)" in got.index
        assert got["estimate"].drop("(gap)").sum() == pytest.approx(got["estimate"]["(gap)"])
    within = estimator("within_stratum", stratum="street")
    got = table(decompose(folds, data, sensitive="sex", method=within))
    assert {"(strata)", "(folds)"} < set(got.index)


def test_rules_and_functions_cannot_be_trained_again(data):
    with pytest.raises(ModelError, match="cannot be trained again"):
        decompose(lambda X: X["late"], data, sensitive="sex", method="leave_out")


def test_shap_values_are_of_log_odds(data, model):
    with pytest.raises(ModelError, match="ask for output='log_odds'"):
        decompose(model, data, sensitive="sex", method="shap_by_factor", output="probability")
    other = LogisticRegression().fit(data.X[["late"]], data.y)
    late = Dataset(
        X=data.X[["late"]],
        y=data.y,
        sensitive=data.sensitive,
        factors={"late": ("late",)},
        context=data.context,
    )
    found = decompose(other, late, sensitive="sex", method="shap_by_factor", output="log_odds")
    assert table(found)["estimate"]["late"] == pytest.approx(table(found)["estimate"]["(gap)"])


def test_clusters_are_counted_where_they_are_named(data, model):
    found = decompose(model, data, sensitive="sex")
    assert found.parameters["clusters"] == 16
    alone = decompose(model, data, sensitive="sex", over="people")
    assert alone.parameters["clusters"] is None
    assert found.table["estimate"].equals(alone.table["estimate"])
    assert not found.table["low"].equals(alone.table["low"])


def test_few_clusters_are_counted_and_one_never(data, model):
    few = Dataset(
        X=data.X,
        y=data.y,
        sensitive=data.sensitive,
        factors=data.factors,
        cluster="street",
        context=data.context.assign(street=np.arange(400) % 4),
    )
    assert decompose(model, few, sensitive="sex").parameters["clusters"] == 4
    plain = Dataset(
        X=data.X, y=data.y, sensitive=data.sensitive, factors=data.factors, context=data.context
    )
    with pytest.raises(InputError, match="there are 0"):
        decompose(model, plain, sensitive="sex", over="clusters")
    with pytest.warns(FutureWarning, match="over="):
        decompose(model, few, sensitive="sex", clustered=False)


def test_points_of_a_rater_are_refitted_on_its_scale():
    society = load_world("segregated", citizens=700, seed=6).simulate()
    rater = load_agency("sesame").fit(society, scorer="scorecard")
    seen = rater.agency.view(society)
    found = decompose(rater, seen, sensitive="hukou", method="leave_out")
    assert found.parameters["unit"] == "points"
    both = compare([found, decompose(rater, seen, sensitive="hukou", method="permute")])
    axes = both.plot()
    names = {text.get_text() for text in axes.get_legend().get_texts()}
    assert names == {"leave one factor out", "permutation"}
    plt.close(axes.figure)


def test_what_is_surplus_returned_leaves_unused_factors_at_zero():
    parts = np.array([[1.0, 0.0, -1.0], [3.0, 0.0, 1.0]])
    whole = surplus_returned(parts, np.array([0.6, -0.6]))
    assert (whole[:, 1] == 0).all()
    np.testing.assert_allclose(whole.sum(axis=1), [0.6, 3.4])
    np.testing.assert_allclose(surplus_returned(np.zeros((1, 2)), np.array([1.0])), 0.5)


def test_a_finding_cites_the_methods_in_its_table_and_no_others(data, model):
    asked = {"sensitive": "sex", "output": "log_odds"}
    alone = decompose(model, data, method="swap_shapley", **asked)
    other = decompose(model, data, method="oaxaca_pooled", **asked)
    assert alone.citations == estimator("swap_shapley").citations
    both = compare([alone, other])
    assert set(both.citations) == {*alone.citations, *other.citations}
    assert type(both).from_dict(both.to_dict()).citations == both.citations
