from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from credit_ml.core import Finding
from credit_ml.grammar.numbers import NARROW
from credit_ml.grammar.tables import plain_table
from credit_ml.reports.exhibits import tables_of
from credit_ml.reports.provenance import command, parameters_tables


def rows(view):
    return [row for _, body in view.bodies for row in body]


def test_every_row_is_as_long_as_the_head(results):
    for finding in results.all_findings():
        for view in tables_of(finding):
            assert view.size
            assert {len(row) for row in rows(view)} == {len(view.head)}


def test_an_audit_shows_a_row_a_group_and_a_column_a_metric(results):
    values, gaps = tables_of(results.raters[0].of_kind("audit")[0])
    assert values.head[:3] == ("Group", "People", "Favourable outcome")
    rural = next(row for row in rows(values) if row[0] == "Rural")
    assert rural[1] == "380"
    assert f"29{NARROW}% (28 to 30)" in rural
    difference = next(row for row in rows(gaps) if row[2] == "selection rate")
    assert difference[3] == "\u221218 percentage points (\u221220 to \u221216)"
    assert difference[4] == "0.62 (0.60 to 0.64)"


def test_the_whole_gap_stands_below_its_parts(results):
    finding = results.raters[0].of_kind("comparison")[0]
    shuffled = replace(finding, table=finding.table.iloc[::-1].reset_index(drop=True))
    (view,) = tables_of(shuffled)
    assert rows(view)[-1][0] == "The whole gap"
    assert view.head == ("Factor", "Block Shapley", "Truth")


def test_gaps_in_a_probability_are_shown_in_percentage_points(table_results):
    finding = table_results.raters[0].of_kind("decomposition")[0]
    table = finding.table.copy()
    table[["estimate", "low", "high"]] /= 100
    small = replace(finding, table=table, parameters={"unit": "probability"})
    (view,) = tables_of(small)
    assert view.caption.endswith("in percentage points")
    assert rows(view)[0][1] == "\u221216 (\u221218 to \u221214)"


def test_disclosure_has_a_column_a_regime(results):
    whole, groups = tables_of(results.raters[0].of_kind("disclosure")[0])
    assert whole.head == ("Measure", "Unit", "Nothing told", "Factors named", "Whole model told")
    assert groups.bodies[0][0] == "Registered residence (hukou): Rural against Urban"


@pytest.mark.parametrize("missing", [np.nan, None])
def test_what_is_not_known_is_a_dash(missing):
    table = pd.DataFrame({"what": ["a"], "estimate": [missing], "low": [missing], "high": [1.0]})
    view = plain_table(Finding(table=table.astype({"estimate": float}), title="t"))
    assert rows(view) == [("a", "–")]


def test_a_kind_without_a_table_of_its_own_is_shown_plainly():
    table = pd.DataFrame({"who": ["a", "b"], "number_of_ties": [1, 2000]})
    (view,) = tables_of(Finding(table=table, title="Ties"))
    assert view.head == ("Who", "Number of ties")
    assert rows(view) == [("a", "1"), ("b", "2,000")]


def test_every_parameter_of_the_run_is_shown(results):
    shown = {row for view in parameters_tables(results) for row in rows(view)}
    assert ("segregation.hukou", "0.600") in shown
    assert ("seed", "7") in shown


def test_the_command_is_the_runs_own_where_it_gives_one(results):
    assert command(results) == "credit-ml run experiments/small.toml"
    told = replace(results, provenance={"command": "credit-ml audit my.csv"})
    assert command(told) == "credit-ml audit my.csv"


def beside(finding):
    """The finding with intervals over societies, those over districts half as wide."""
    table = finding.table
    middle = (table["low"] + table["high"]) / 2
    return replace(
        finding,
        table=table.assign(
            low_clusters=(table["low"] + middle) / 2, high_clusters=(table["high"] + middle) / 2
        ),
        parameters={**finding.parameters, "societies": 20},
    )


def test_both_intervals_are_shown(results):
    rater = results.raters[0]
    _, gaps = tables_of(beside(rater.of_kind("audit")[0]))
    assert gaps.head[3:5] == ("Difference", "Difference, over districts alone")
    row = next(row for row in rows(gaps) if row[2] == "selection rate")
    assert row[3] == "\u221218 percentage points (\u221220 to \u221216)"
    assert row[4] == "\u221219 to \u221217"
    (view,) = tables_of(beside(rater.of_kind("comparison")[0]))
    assert "Block Shapley, over districts alone" in view.head
    assert {len(each) for each in rows(view)} == {len(view.head)}
    plain = plain_table(beside(rater.of_kind("audit")[0]))
    assert not [head for head in plain.head if "clusters" in head]
