"""Parts of a gap sum to the gap, whatever the method, model or table."""

import json

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LogisticRegression

from credit_ml.agencies import load_agency
from credit_ml.core import Dataset, InputError, ModelError, TableError
from credit_ml.proxies import (
    DecompositionComparison,
    attribute,
    compare,
    decompose,
    true_decomposition,
)
from credit_ml.scoring import Scorecard, cross_fit
from credit_ml.society import load_world


def leftover(table):
    """Return how far the parts of each comparison are from its gap."""
    parts = table.groupby(["method", "sensitive", "group"])
    return max(
        abs(
            part.loc[part["factor"] != "(gap)", "estimate"].sum()
            - part.loc[part["factor"] == "(gap)", "estimate"].sum()
        )
        for _, part in parts
    )


@pytest.fixture(scope="module")
def society():
    return load_world("segregated", citizens=900, seed=6).simulate()


@pytest.mark.parametrize(
    ("agency", "kind"),
    [("sesame", "opaque"), ("sesame", "scorecard"), ("council", None), ("national", "opaque")],
)
def test_truth_and_estimate_sum_to_their_gaps(society, agency, kind):
    rater = load_agency(agency).fit(society, scorer=kind)
    dataset = rater.agency.view(society)
    scores = rater.score(dataset.X)
    for feature in ("hukou", "age_band"):
        truth = true_decomposition(rater, society, sensitive=feature, societies=0)
        assert leftover(truth.table) < 1e-9
        found = decompose(rater, dataset, sensitive=feature)
        assert leftover(found.table) < 1e-9
        for row in found.table[found.table["factor"] == "(gap)"].to_dict("records"):
            groups = dataset.sensitive[feature]
            gap = scores[groups == row["group"]].mean()
            gap -= scores[groups == row["reference_group"]].mean()
            assert row["estimate"] == pytest.approx(gap, abs=1e-9)


def test_the_true_gap_is_what_the_intervention_makes(society):
    rater = load_agency("council").fit(society)
    truth = true_decomposition(
        rater, society, sensitive="hukou", reference_groups="urban", societies=0
    )
    rural = (society.people["hukou"] == "rural").to_numpy()
    own = rater.score(society.records)[rural].mean()
    twin = rater.score(society.twin(hukou="urban").records)[rural].mean()
    gap = truth.table.set_index("factor")["estimate"]["(gap)"]
    assert gap == pytest.approx(own - twin, abs=1e-9)


def test_nothing_is_carried_where_nothing_depends_on_anybody():
    society = load_world("no_proxy", citizens=700).simulate()
    rater = load_agency("sesame").fit(society, scorer="scorecard")
    for feature in ("hukou", "ethnicity", "gender", "age_band", "critic"):
        truth = true_decomposition(rater, society, sensitive=feature, societies=0)
        assert (truth.table["estimate"] == 0).all()


def test_additive_scores_have_one_answer(society):
    rater = load_agency("sesame").fit(society, scorer="scorecard")
    dataset = rater.agency.view(society)
    exact = decompose(
        rater, dataset, sensitive="hukou", output="log_odds", method="kitagawa_oaxaca_blinder"
    ).table.set_index("factor")
    found = decompose(rater, dataset, sensitive="hukou", output="log_odds", over="people")
    estimate = found.table.set_index("factor")
    error = (estimate["high"] - estimate["low"]) / 2 / 1.96
    assert ((estimate["estimate"] - exact["estimate"]).abs() < 4 * error + 1e-12).all()
    assert leftover(exact.reset_index()) < 1e-9


def test_folds_are_a_part_of_their_own(society):
    dataset = load_agency("sesame").view(society)
    model = cross_fit(Scorecard(), dataset, folds=3, seed=0)
    for method in ("block_shapley", "kitagawa_oaxaca_blinder"):
        found = decompose(model, dataset, sensitive="hukou", output="log_odds", method=method)
        assert "(folds)" in set(found.table["factor"])
        assert leftover(found.table) < 1e-9


def test_given_scores_are_priced_by_least_squares():
    rng = np.random.default_rng(4)
    rows = 2000
    group = rng.random(rows) < 0.4
    x = rng.normal(0, 1, rows) - 0.5 * group
    y = rng.normal(0, 1, rows)
    frame = pd.DataFrame({"x": x, "y": y, "group": np.where(group, "b", "a")})
    scores = pd.Series(10 * frame["x"] + 5 * frame["y"] - 3 * group)
    data = Dataset.from_frame(frame, target=None, sensitive=["group"])
    parts = decompose(scores, data, sensitive="group").table.set_index("factor")
    # float32 columns carry seven digits
    assert parts["estimate"]["(unexplained)"] == pytest.approx(-3, abs=1e-4)
    expected = 10 * (x[group].mean() - x[~group].mean())
    assert parts["estimate"]["x"] == pytest.approx(expected, rel=1e-4)
    assert leftover(parts.reset_index()) < 1e-9


def test_bad_input_is_refused_by_name(society):
    rater = load_agency("sesame").fit(society, scorer="scorecard")
    dataset = rater.agency.view(society)
    with pytest.raises(TableError, match="did you mean 'hukou'"):
        decompose(rater, dataset, sensitive="hukuo")
    with pytest.raises(TableError, match="did you mean 'urban'"):
        decompose(rater, dataset, sensitive="hukou", reference_groups="Urban")
    with pytest.raises(InputError, match="known: block_shapley"):
        decompose(rater, dataset, sensitive="hukou", method="shap")
    some = attribute(rater, dataset.take(range(10)))
    with pytest.raises(ModelError, match="of 10 people"):
        decompose(some, dataset, sensitive="hukou")
    rural = dataset.take(np.flatnonzero(dataset.sensitive["hukou"] == "rural"))
    with pytest.raises(TableError, match="one group only"):
        decompose(rater, rural, sensitive="hukou")
    with pytest.raises(ModelError):
        decompose(rater, dataset, sensitive="hukou", method="kitagawa_oaxaca_blinder")


def test_a_group_of_one_has_no_interval(society):
    rater = load_agency("council").fit(society)
    dataset = rater.agency.view(society)
    rural = np.flatnonzero(dataset.sensitive["hukou"] == "rural")[:1]
    urban = np.flatnonzero(dataset.sensitive["hukou"] == "urban")[:50]
    few = dataset.take(np.concatenate([rural, urban]))
    table = decompose(rater, few, sensitive="hukou").table
    assert table["low"].isna().all()
    assert table["estimate"].notna().all()


def test_a_stored_comparison_draws_again(society):
    rater = load_agency("council").fit(society)
    both = compare(
        [
            true_decomposition(rater, society, sensitive="hukou", societies=0),
            decompose(rater, rater.agency.view(society), sensitive="hukou"),
        ]
    )
    stored = json.loads(json.dumps(both.to_dict(), allow_nan=False))
    again = DecompositionComparison.from_dict(stored)
    assert again.metrics() == pytest.approx(both.metrics())
    axes = again.plot()
    assert "rural people less urban people (points)" in axes.get_xlabel()
    plt.close(axes.figure)
    with pytest.raises(InputError, match="given nothing"):
        compare([])


def test_every_row_says_its_unit():
    table = pd.DataFrame({"late": [0.0, 1.0, 5.0, 2.0], "sex": ["f", "m", "m", "f"]})
    table["paid"] = [1, 0, 1, 0]
    data = Dataset.from_frame(table, target="paid", sensitive=["sex"])
    model = LogisticRegression().fit(data.X, table["paid"])
    for output, unit in (("log_odds", "log-odds"), ("probability", "probability")):
        found = decompose(model, data, sensitive="sex", output=output)
        assert found.table.columns[-1] == "unit"
        assert set(found.table["unit"]) == {unit} == {found.parameters["unit"]}
