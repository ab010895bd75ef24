"""What each column adds to single people: sums, the person's own fold, and the two figures."""

import io
import re

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from sklearn.neighbors import KNeighborsClassifier
from xgboost import XGBClassifier

from credit_ml.core import Dataset, ModelError, TableError
from credit_ml.core.figure import house_style
from credit_ml.core.instrument import finding_from_dict
from credit_ml.explanation import explain, feature_attributions, person_attributions
from credit_ml.reports import write_report
from credit_ml.scoring import OpaqueScorer, cross_fit


@pytest.fixture(scope="module")
def data():
    random = np.random.default_rng(1)
    rows = 300
    frame = pd.DataFrame(
        {
            "job": pd.Categorical(random.choice(list("abc"), rows)),
            "late_bills": random.poisson(2, rows),
            "income": random.normal(size=rows),
        }
    )
    odds = frame["income"] - frame["late_bills"] + 2 + (frame["job"] == "a")
    frame["paid"] = (random.random(rows) < 1 / (1 + np.exp(-odds))).astype(int)
    factors = {"means": ["income", "job"], "history": ["late_bills"]}
    return Dataset.from_frame(frame, target="paid", sensitive=[], factors=factors)


@pytest.fixture(scope="module")
def model(data):
    return XGBClassifier(n_estimators=20, max_depth=3, n_jobs=1, enable_categorical=True).fit(
        data.X, data.y
    )


def test_with_the_base_they_sum_to_the_models_own_number(data, model):
    found = person_attributions(model, data, people=120, seed=3)
    chance = model.predict_proba(data.X)[:, 1].astype("float64")
    own = np.log(chance / (1 - chance))[found.scores.index]
    np.testing.assert_allclose(found.scores, own, atol=1e-5)
    assert found.table["person"].nunique() == 120
    parts = found.table.pivot_table(index="person", columns="name", values="estimate")
    whole = feature_attributions(model, data.X).loc[parts.index, parts.columns]
    np.testing.assert_allclose(parts, whole, atol=1e-5)
    one = person_attributions(model, data, citizen=7).table.set_index("name")["estimate"]
    np.testing.assert_allclose(one, feature_attributions(model, data.X).loc[7, one.index])


def test_places_are_of_numbers_and_run_from_least_to_most(data, model):
    table = person_attributions(model, data).table
    assert table.loc[table["name"] == "job", "place"].isna().all()
    own = table[table["name"] == "income"]
    assert own["place"].agg(["min", "max"]).tolist() == [0.0, 1.0]
    value = data.X["income"].iloc[own["person"]].to_numpy()
    assert (np.argsort(value) == np.argsort(own["place"].to_numpy())).all()
    assert dict(zip(table["name"], table["factor"], strict=True))["job"] == "means"


def test_a_citizens_own_fold_answers(data):
    fitted = cross_fit(OpaqueScorer(max_iter=10), data, folds=3, seed=0)
    for citizen in (0, 5, 11):
        fold = next(fold for fold in fitted.folds if citizen in fold.rows)
        found = person_attributions(fitted, data, citizen=citizen)
        own = fold.model.decision_function(data.X.iloc[[citizen]])[0]
        assert found.scores[citizen] == pytest.approx(own, abs=1e-5)


def test_a_model_that_is_no_sum_is_told_by_factor(data):
    X = data.X[["income", "late_bills"]]
    numbers = Dataset.from_frame(
        X.assign(paid=data.y),
        target="paid",
        sensitive=[],
        factors={"a": "income", "b": "late_bills"},
    )
    model = KNeighborsClassifier(25).fit(numbers.X, numbers.y)
    found = person_attributions(model, numbers, citizen=2, people=60)
    assert found.parameters["level"] == "factor"
    assert found.table["name"].tolist() == ["a", "b"]
    assert "not known to add columns up" in found.notes[0]


def drawn(found):
    image = io.BytesIO()
    with house_style():
        figure = found.plot().figure
        figure.savefig(image, format="svg", metadata={"Date": None, "Creator": None})
    plt.close(figure)
    return image.getvalue()


@pytest.mark.parametrize("citizen", [None, 9])
def test_figures_repeat_byte_for_byte_from_what_is_stored(data, model, citizen):
    found = person_attributions(model, data, citizen=citizen, people=50)
    again = finding_from_dict(found.to_dict())
    assert drawn(found) == drawn(again)
    pd.testing.assert_series_equal(found.scores, again.scores)


def test_a_waterfall_ends_at_the_score_and_names_what_the_person_has(data, model):
    found = explain(model, data, people=40).of_people(9)
    axes = found.plot()
    names = [label.get_text() for label in axes.get_yticklabels()]
    assert f"late bills = {data.X['late_bills'].iloc[9]:g}" in names
    assert f"to {found.scores[9]:.2f}" in axes.get_xlabel()
    top = max(axes.patches, key=lambda bar: bar.get_y())
    ends = (top.get_x(), top.get_x() + top.get_width())
    assert min(abs(end - found.scores[9]) for end in ends) < 1e-9
    plt.close(axes.figure)


def test_nobody_and_a_stored_explanation_are_refused(data, model):
    with pytest.raises(TableError, match="citizen 300: is not in the table; give 0 to 299"):
        person_attributions(model, data, citizen=300)
    stored = finding_from_dict(explain(model, data, people=40).to_dict())
    with pytest.raises(ModelError, match="a stored explanation lacks"):
        stored.of_people()


def test_a_notebook_and_a_page_say_what_moves_the_person_most(data, model, tmp_path):
    found = person_attributions(model, data, citizen=9)
    top = found.table.loc[found.table["estimate"].abs().idxmax()]
    said = found._repr_html_()
    assert f"what moves this most is {top['name'].replace('_', ' ')} ({top['value']})" in said
    page = tmp_path / "page.html"
    write_report([found, person_attributions(model, data)], page, title="Two figures")
    assert "Person 9 stands at" in re.sub(r"<[^>]+>", "", page.read_text())
    assert page.read_text().count("<figure") >= 2
