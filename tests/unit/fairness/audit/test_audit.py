"""What an audit says, of whom, and what it refuses."""

import json
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

from credit_ml.core import Dataset, InputError, ModelError, TableError
from credit_ml.core.schema import COLUMNS
from credit_ml.fairness import METRICS, Audit, Tally, audit, audit_privileges, audit_tally


@pytest.fixture(scope="module")
def dataset():
    random = np.random.default_rng(4)
    frame = pd.DataFrame(
        {
            "late": random.integers(0, 5, 400),
            "hukou": np.where(random.random(400) < 0.3, "rural", "urban"),
            "sex": np.where(random.random(400) < 0.5, "f", "m"),
            "paid": random.integers(0, 2, 400),
        }
    )
    frame.loc[0, "sex"] = "x"
    return Dataset.from_frame(frame, target="paid", sensitive=["hukou", "sex"])


@pytest.fixture(scope="module")
def found(dataset):
    late = dataset.X["late"]
    return audit(late < 3, dataset, scores=-late, decision="fewer than 3 late bills")


def _row(found, **where):
    rows = found.table
    for column, value in where.items():
        rows = rows[rows[column] == value]
    assert len(rows) == 1, rows
    return rows.iloc[0]


def test_table_has_the_agreed_columns(found, dataset):
    assert found.table.columns.tolist() == [*COLUMNS, "design_effect", "reason"]
    assert set(found.table["measure"]) == set(METRICS)
    assert found.table["sensitive"].unique().tolist() == ["overall", "hukou", "sex", "hukou x sex"]
    assert _row(found, sensitive="overall", measure="count")["estimate"] == len(dataset)


def test_differences_and_ratios_are_against_the_most_numerous(found, dataset):
    selected = dataset.X["late"] < 3
    rural = dataset.sensitive["hukou"] == "rural"
    one, other = selected[rural].mean(), selected[~rural].mean()
    of = {"sensitive": "hukou", "measure": "selection_rate", "group": "rural"}
    difference = _row(found, quantity="difference", **of)
    assert difference["reference_group"] == "urban"
    assert difference["people"] == rural.sum()
    assert difference["estimate"] == pytest.approx(one - other)
    assert _row(found, quantity="ratio", **of)["estimate"] == pytest.approx(one / other)
    largest = _row(
        found, quantity="largest_difference", sensitive="hukou", measure="selection_rate"
    )
    assert largest["estimate"] == pytest.approx(abs(one - other))


def test_every_interval_holds_its_estimate(found):
    rows = found.table.dropna(subset=["low", "high"])
    assert (rows["low"] <= rows["estimate"]).all()
    assert (rows["estimate"] <= rows["high"]).all()


def test_reference_group_can_be_named(dataset):
    found = audit(
        dataset.X["late"] < 3,
        dataset,
        reference_groups={"hukou": "rural", "hukou x sex": "rural x f"},
    )
    rows = found.table[found.table["quantity"] == "difference"]
    assert rows.groupby("sensitive")["reference_group"].unique().map(list).to_dict() == {
        "hukou": ["rural"],
        "sex": [dataset.sensitive["sex"].value_counts().index[0]],
        "hukou x sex": ["rural x f"],
    }
    with pytest.raises(TableError, match="'urbn' is unknown; did you mean 'urban'"):
        audit(dataset.X["late"] < 3, dataset, reference_groups={"hukou": "urbn"})
    with pytest.raises(TableError, match="'hukuo' is unknown; did you mean 'hukou'"):
        audit(dataset.X["late"] < 3, dataset, reference_groups={"hukuo": "urban"})


def test_a_group_with_one_member(found):
    of = {"quantity": "value", "sensitive": "sex", "group": "x"}
    rate = _row(found, measure="selection_rate", **of)
    assert rate["people"] == 1
    assert rate["estimate"] in (0.0, 1.0)
    assert rate["high"] - rate["low"] > 0.6
    assert np.isnan(_row(found, measure="mean_score", **of)["low"])
    assert any("sex: x (1)" in note for note in found.notes)


def test_groups_without_anybody(dataset):
    sensitive = pd.DataFrame(
        {
            "a": pd.Categorical(["p", "p", "q"], ["p", "q", "nobody"]),
            "b": pd.Categorical(["r", "s", "r"]),
        }
    )
    found = audit_tally(Tally.of([1, 0, 1], sensitive, y=[1, 1, 1]))
    values = found.table[found.table["quantity"] == "value"]
    assert set(values[values["sensitive"] == "a"]["group"]) == {"p", "q"}
    empty = values[values["group"] == "q x s"].set_index("measure")
    assert empty["estimate"]["count"] == 0
    assert empty["people"].eq(0).all()
    assert empty["estimate"].drop("count").isna().all()
    assert "q x s" not in set(found.table[found.table["quantity"] != "value"]["group"])
    # Nobody broke the obligation, so nobody has a false positive rate.
    assert values[values["measure"] == "false_positive_rate"]["estimate"].isna().all()


def test_there_is_no_chance_in_an_audit(dataset):
    selected = dataset.X["late"] < 3
    pd.testing.assert_frame_equal(audit(selected, dataset).table, audit(selected, dataset).table)
    for old in ({"replicates": 100}, {"seed": 3}):
        with pytest.warns(FutureWarning, match="does nothing"):
            audit(selected, dataset, **old)
    with pytest.warns(FutureWarning, match="over="):
        audit(selected, dataset, intervals_over="people")


def test_intervals_do_not_depend_on_the_other_features(dataset):
    selected = dataset.X["late"] < 3
    both = audit(selected, dataset).table
    alone = audit(selected, dataset, sensitive="sex", intersections=False).table
    pd.testing.assert_frame_equal(
        both[both["sensitive"] == "sex"].reset_index(drop=True),
        alone[alone["sensitive"] == "sex"].reset_index(drop=True),
    )
    assert "hukou x sex" not in set(alone["sensitive"])


def test_without_an_outcome_only_what_needs_none(dataset):
    blind = Dataset(
        X=dataset.X,
        y=None,
        sensitive=dataset.sensitive,
        factors=dataset.factors,
        context=dataset.context,
    )
    selected = dataset.X["late"] < 3
    assert set(audit(selected, blind).table["measure"]) == {
        "count",
        "selection_rate",
        "refusal_rate",
    }
    with pytest.raises(TableError, match="'precision' needs an outcome"):
        audit(selected, blind, metrics=["precision"])
    with pytest.raises(TableError, match="'mean_score' needs scores"):
        audit(selected, blind, metrics=["mean_score"])


def test_four_fifths_names_who_falls_short():
    # 90 of 100, 70 of 100, 73 of 100, and one person of a tiny group who was selected.
    groups = pd.DataFrame({"g": pd.Categorical([*"a" * 100, *"b" * 100, *"c" * 100, "d"])})
    decisions = np.concatenate([np.arange(100) < most for most in (90, 70, 73)] + [[True]])
    short = audit_tally(Tally.of(decisions, groups)).four_fifths
    assert short["group"].tolist() == ["b"]
    assert short["reference_group"].tolist() == ["a"]
    assert short["estimate"][0] == pytest.approx(70 / 90)
    assert short["low"][0] < 70 / 90 < 0.8 < short["high"][0] < 1


def test_nobody_selected_is_no_error():
    groups = pd.DataFrame({"g": pd.Categorical(list("aabb"))})
    table = audit_tally(Tally.of([0, 0, 0, 0], groups)).table
    refused = table[table["measure"] == "refusal_rate"]
    assert refused[refused["quantity"] == "ratio"]["estimate"].eq(1).all()
    table = table[table["measure"] != "refusal_rate"]
    assert table[table["quantity"] == "ratio"]["estimate"].isna().all()
    assert table[table["quantity"] == "largest_difference"]["estimate"].eq(0).all()
    assert table[table["quantity"] == "smallest_ratio"]["estimate"].isna().all()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"intervals": 95}, "intervals: is 95"),
        ({"metrics": ["selection"]}, "did you mean 'selection_rate'"),
        ({"sensitive": "hukuo"}, "did you mean 'hukou'"),
        ({"sensitive": ["sex", "sex"]}, "names 'sex' twice"),
        ({"sensitive": []}, "has no sensitive feature"),
    ],
)
def test_bad_options(dataset, options, message):
    with pytest.raises(InputError, match=message):
        audit(dataset.X["late"] < 3, dataset, **options)


def test_dataset_without_sensitive_features():
    plain = Dataset.from_frame(
        pd.DataFrame({"late": [0, 1], "paid": [1, 0]}), target="paid", sensitive=[]
    )
    with pytest.raises(TableError, match="has no sensitive feature; name one"):
        audit([1, 0], plain)


def test_stored_audit_draws_the_same_figure(found):
    again = Audit.from_dict(json.loads(json.dumps(found.to_dict(), allow_nan=False)))
    pd.testing.assert_frame_equal(again.four_fifths, found.four_fifths)
    assert again.metrics() == found.metrics()
    for options in ({}, {"metric": "mean_score"}, {"sensitive": "hukou x sex"}):
        shown = [finding.plot(**options) for finding in (found, again)]
        labels = [[text.get_text() for text in axes.get_yticklabels()] for axes in shown]
        assert labels[0] == labels[1]
        assert len(labels[0]) >= 5
        assert (shown[0].lines[-1].get_xdata() == shown[1].lines[-1].get_xdata()).all()
    with pytest.raises(TableError, match="'selection' is unknown"):
        found.plot(metric="selection")
    with pytest.raises(TableError, match="'sx' is unknown"):
        found.plot(sensitive="sx")


def test_metrics_have_dotted_names(found):
    metrics = found.metrics()
    assert "fairness.selection_rate_difference.hukou" in metrics
    assert "fairness.selection_rate_ratio.hukou_x_sex" in metrics
    assert "fairness.selection_rate.hukou.rural" in metrics
    assert "fairness.selection_rate.overall" in metrics
    assert all(np.isfinite(list(metrics.values())))


def test_every_privilege_is_audited_at_its_own_line(dataset):
    lines = [
        SimpleNamespace(id=name, name=name, threshold=line) for name, line in (("a", 1), ("b", 3))
    ]
    rater = SimpleNamespace(
        agency=SimpleNamespace(privileges=lines), score=lambda X: 4 - X["late"], name="sketch"
    )
    found = audit_privileges(rater, dataset, sensitive="hukou")
    points = 4 - dataset.X["late"]
    for line in lines:
        alone = audit(points >= line.threshold, dataset, sensitive="hukou")
        pd.testing.assert_frame_equal(found[line.id].table, alone.table)
        assert f"{line.threshold} points or more" in found[line.id].parameters["decision"]
    with pytest.raises(ModelError, match="grants no privilege"):
        audit_privileges(SimpleNamespace(name="none"), dataset)
