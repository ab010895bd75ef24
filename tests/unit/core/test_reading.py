"""Findings have one schema, and read themselves."""

import numpy as np
import pandas as pd
import pytest

from credit_ml.core import Finding, InputError, TableError
from credit_ml.core.schema import COLUMNS, check, conform


class Tidy(Finding):
    kind, labels = "tidy", ("model",)


def _finding(models=("a",), intersections=True):
    rows, rate = [], iter(np.linspace(0.1, 0.9, 60))
    for model in models:
        rows.append({"measure": "rate", "estimate": next(rate), "model": model})
        for feature, groups in (("sex", "fm"), ("town", ["a", "b x c"])):
            rows += [
                {
                    "measure": "rate",
                    "sensitive": feature,
                    "group": group,
                    "estimate": next(rate),
                    "model": model,
                }
                for group in groups
            ]
        if intersections:
            rows += [
                {
                    "measure": "rate",
                    "sensitive": "sex x town",
                    "group": f"{sex} x {town}",
                    "estimate": next(rate),
                    "model": model,
                }
                for sex in "fm"
                for town in ("a", "b x c")
            ]
        rows.append(
            {
                "quantity": "difference",
                "measure": "rate",
                "sensitive": "sex",
                "group": "f",
                "reference_group": "m",
                "estimate": -0.1,
                "model": model,
            }
        )
    return Tidy(table=conform(rows), title="Rates")


def test_intersections_have_a_level_a_feature_whatever_groups_are_called():
    found = _finding().by_group
    assert found.index.names == ["sex", "town"]
    assert list(found.index) == [("f", "a"), ("f", "b x c"), ("m", "a"), ("m", "b x c")]
    assert list(found.columns) == ["rate"]
    assert found.loc[("m", "b x c"), "rate"] > found.loc[("f", "a"), "rate"]


def test_one_feature_is_its_groups():
    found = _finding().by("town")
    assert found.index.name == "town"
    assert list(found.index) == ["a", "b x c"]


def test_features_without_intersections_stand_under_each_other():
    assert _finding(intersections=False).by_group.index.names == ["sensitive", "group"]


def test_several_models_are_columns_or_are_chosen():
    both = _finding(("a", "b"))
    assert both.by("sex").columns.names == ["measure", "model"]
    assert both.where(model="b").by("sex").equals(both.by("sex").xs("b", axis=1, level="model"))
    assert both.overall.index.names == ["measure", "model"]


def test_differences_and_ratios():
    found = _finding()
    rates = found.by("sex")["rate"]
    assert found.difference(sensitive="sex")["rate"] == pytest.approx(rates["m"] - rates["f"])
    assert found.ratio(sensitive="sex")["rate"] == pytest.approx(rates["f"] / rates["m"])
    farthest = (rates - found.overall["rate"]).abs().max()
    assert found.difference("to_overall", sensitive="sex")["rate"] == pytest.approx(farthest)
    assert found.difference("to_reference", sensitive="sex").loc["f", "rate"] == -0.1


def test_of_one_known_group_there_is_no_difference():
    rows = [
        {"measure": "rate", "sensitive": "sex", "group": "f", "estimate": 0.5},
        {"measure": "rate", "sensitive": "sex", "group": "m"},
    ]
    assert np.isnan(Tidy(table=conform(rows), title="").difference()["rate"])


def test_what_is_not_there_is_refused():
    found = _finding()
    with pytest.raises(TableError, match="grouping"):
        found.by("hair")
    with pytest.raises(InputError, match="method"):
        found.difference("to_nobody")
    with pytest.raises(TableError, match="column"):
        found.where(regime="nothing")
    with pytest.raises(TableError, match="twice"):
        Finding(table=_finding(("a", "b")).table, title="").by()


def test_the_schema_is_checked_unless_a_class_says_otherwise():
    table = conform([{"measure": "rate", "estimate": 0.5, "low": 0.1, "high": 0.9}])
    check(table, "rates")
    with pytest.raises(TableError, match="'measure'"):
        check(table.drop(columns="measure"), "rates")
    with pytest.raises(TableError, match="holds"):
        Tidy(table=table.assign(estimate="x"), title="")
    with pytest.raises(TableError, match="beside"):
        Tidy(table=table.assign(low=0.6), title="")
    Finding(table=table.assign(low=0.6), title="")

    class Curve(Finding):
        conforms = False

    Curve(table=pd.DataFrame({"x": [1]}), title="")


def test_conform_fills_what_is_missing():
    table = conform([{"estimate": 1.0, "own": 2, "people": 3}], measure="m", unit="points")
    assert list(table.columns) == [*COLUMNS, "own", "unit"]
    row = table.iloc[0]
    assert (row["quantity"], row["measure"], row["sensitive"], row["group"]) == (
        "value",
        "m",
        "overall",
        "all",
    )
    assert np.isnan(row["low"])
    assert table["people"].dtype == np.int64
    assert list(conform([]).columns) == list(COLUMNS)
    stored = Tidy(table=table, title="t").to_dict()
    pd.testing.assert_frame_equal(Tidy.from_dict(stored).table, table, check_dtype=False)


def test_features_may_be_named_in_any_order():
    found = _finding()
    ours, theirs = found.by(["sex", "town"]), found.by(["town", "sex"])
    assert theirs.index.names == ["town", "sex"]
    assert list(theirs.index) == [("a", "f"), ("a", "m"), ("b x c", "f"), ("b x c", "m")]
    for sex, town in ours.index:
        assert theirs.loc[(town, sex), "rate"] == ours.loc[(sex, town), "rate"]
    assert found.by("town x sex").equals(theirs)
    assert found.difference(sensitive=["town", "sex"]).equals(found.difference())


def test_without_values_by_group_it_says_what_to_read():
    parts = [
        {"quantity": kind, "measure": "score", "estimate": 1.0} for kind in ("component", "total")
    ]
    found = Tidy(table=conform(parts), title="Parts")
    for read in (lambda: found.by_group, lambda: found.overall, found.difference):
        with pytest.raises(TableError, match=r"no values but component and total; read \.table"):
            read()
    whole = Tidy(table=conform([{"measure": "rate", "estimate": 1.0}]), title="Whole")
    with pytest.raises(TableError, match=r"everybody only; read \.overall"):
        _ = whole.by_group
    with pytest.raises(TableError, match="nothing"):
        _ = found.where(measure="none").by_group


def test_a_control_feature_compares_within_each_of_its_groups():
    found = _finding()
    by, apart = found.by_group["rate"], found.difference(control="town")
    assert apart.index.tolist() == ["a", "b x c"]
    for town in apart.index:
        own = by.xs(town, level="town")
        assert apart.loc[town, "rate"] == pytest.approx(own.max() - own.min())
        assert found.ratio(control="town").loc[town, "rate"] == pytest.approx(own.min() / own.max())
        whole = found.by("town").loc[town, "rate"]
        to_overall = found.difference("to_overall", control="town").loc[town, "rate"]
        assert to_overall == pytest.approx((own - whole).abs().max())


@pytest.mark.parametrize(
    ("asked", "line"),
    [
        ({"control": "twon"}, "did you mean 'town'"),
        ({"control": "sex", "sensitive": "sex"}, "is the only feature"),
        ({"control": "sex", "method": "to_reference"}, "use between_groups or to_overall"),
    ],
)
def test_a_control_that_cannot_be_is_said(asked, line):
    with pytest.raises(InputError, match=line):
        _finding().difference(**asked)
