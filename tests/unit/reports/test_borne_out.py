"""Rules that the cells of every table keep, over the committed findings of the reference study."""

import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from credit_ml.consequences.finding import Consequences
from credit_ml.core import Finding, RaterResults, StudyResults, conform
from credit_ml.disclosure.finding import Disclosure
from credit_ml.grammar.blocks import EMPTY, STILL, TableView
from credit_ml.grammar.numbers import MINUS
from credit_ml.reports.exhibits import tables_of
from credit_ml.reports.presented import presented

PLACE = ["sensitive", "group"]
#: A cell with an interval: the estimate, what stands between, and both ends.
RANGED = re.compile(rf"^({MINUS}?[\d.,]+)\D*\(({MINUS}?[\d.,]+) to ({MINUS}?[\d.,]+)\)")


@pytest.fixture(scope="module")
def findings(repository):
    path = repository / "experiments" / "reference" / "findings.json"
    shown = presented(StudyResults.from_json(path.read_text(encoding="utf-8")))
    return [*shown.findings, *(each for rater in shown.raters for each in rater.findings)]


@pytest.fixture(scope="module")
def audits(findings):
    return [each for each in findings if each.kind == "audit"]


@pytest.fixture(scope="module")
def cells(findings):
    return [
        (view.caption, cell)
        for finding in findings
        for view in tables_of(finding)
        for _, rows in view.bodies
        for row in rows
        for cell in row
    ]


def ends(finding):
    table = finding.table
    known = table[["low", "high"]].notna().all(axis=1) & table["estimate"].notna()
    return table[known], known.to_numpy()


def test_every_interval_holds_its_estimate(findings):
    for finding in findings:
        if {"low", "high"} <= {*finding.table.columns}:
            table, _ = ends(finding)
            slack = 1e-9 * (1 + table["estimate"].abs())
            assert (table["low"] <= table["estimate"] + slack).all(), finding.title
            assert (table["high"] >= table["estimate"] - slack).all(), finding.title


def test_no_number_and_no_end_lies_where_it_cannot_be(findings):
    for finding in findings:
        if {"low", "high"} <= {*finding.table.columns}:
            table, known = ends(finding)
            least, most = (each[known] for each in finding.possible())
            for name in ("estimate", "low", "high"):
                assert (table[name] >= least - 1e-9).all(), (finding.title, name)
                assert (table[name] <= most + 1e-9).all(), (finding.title, name)


def test_differences_and_ratios_are_those_of_the_values_beside_them(audits):
    for finding in audits:
        table = finding.table
        value = table[table["quantity"] == "value"].set_index([*PLACE, "measure"])["estimate"]
        for quantity, of in (("difference", np.subtract), ("ratio", np.divide)):
            rows = table[(table["quantity"] == quantity)].dropna(subset=["estimate"])
            own, other = (
                value.reindex(pd.MultiIndex.from_frame(rows[["sensitive", who, "measure"]]))
                for who in ("group", "reference_group")
            )
            made = of(own.to_numpy(), other.to_numpy())
            np.testing.assert_allclose(rows["estimate"], made, atol=1e-9, rtol=1e-6)


def test_groups_of_a_feature_add_up_to_everybody(audits):
    for finding in audits:
        counts = finding.table.query("quantity == 'value' and measure == 'count'")
        everybody = counts.loc[counts["sensitive"] == "overall", "estimate"].item()
        added = counts[counts["sensitive"] != "overall"].groupby("sensitive")["estimate"].sum()
        assert (added == everybody).all()
        assert (counts["estimate"] == counts["people"]).all()


def test_parts_add_up_to_the_whole(findings):
    for finding in (each for each in findings if each.kind == "comparison"):
        table, labels = finding.table, ["method", *PLACE, "reference_group"]
        parts = table[table["quantity"] == "component"].groupby(labels)["estimate"].sum()
        whole = table[table["quantity"] == "total"].set_index(labels)["estimate"]
        np.testing.assert_allclose(parts, whole.reindex(parts.index), atol=1e-6)


def test_a_cell_shows_its_estimate_between_two_ends_that_differ(cells):
    found = [(caption, cell, RANGED.match(cell)) for caption, cell in cells]
    assert sum(match is not None for *_, match in found) > 100
    for caption, cell, match in found:
        if match:
            told = (each.replace(",", "").replace(MINUS, "-") for each in match.groups())
            estimate, low, high = map(float, told)
            assert low < high, (caption, cell)
            assert low <= estimate <= high, (caption, cell)


def test_no_cell_holds_a_name_of_the_code(cells):
    for caption, cell in cells:
        assert not re.fullmatch(r"[a-z]+(_[a-z0-9]+)+", cell), (caption, cell)


def test_a_table_with_a_dash_says_why(findings):
    views = [view for finding in findings for view in tables_of(finding)]
    assert any(view.dashed for view in views)
    assert all(view.dash for view in views if view.dashed)


def test_a_stored_share_ends_where_shares_end_and_an_old_title_is_the_new_one():
    row = {"consequence": "black list", "measure": "share_listed", "estimate": 0.01}
    old = Consequences(
        table=conform([row | {"low": -0.01, "high": 0.03}]),
        title="Black list (an unpaid court order or more)",
    )
    (new,) = presented(StudyResults(id="one", title="One", findings=(old,))).findings
    assert new.table["low"].item() == 0
    assert new.title.startswith("Whom the record alone would list")


def test_a_stored_note_names_its_privilege_and_what_has_no_interval():
    """ "The first" says not by which order; a share without a row has no interval, and says so."""
    note = "24.8 % cannot reach the first privilege with any bundle; their burden is counted."
    row = {"measure": "share_who_act", "regime": "full", "estimate": 0.2}
    agency = {"id": "a", "privileges": [{"id": "car", "name": "car without a deposit"}]}
    for rows, bare in (([row], True), ([row, row | {"measure": "out_of_reach"}], False)):
        found = Disclosure(table=conform(rows), title="Told", notes=(note,))
        rater = RaterResults(
            id="r", name="r", agency=agency, scorer_kind="opaque", findings=(found,)
        )
        (shown,) = presented(StudyResults(id="one", title="One", raters=(rater,))).raters
        (told,) = shown.findings[0].notes
        assert "cannot reach 'car without a deposit' with any bundle" in told
        assert ("a share of this run without an interval" in told) == bare


def test_a_sweep_of_a_study_of_several_sizes_has_no_societies_of_nobody():
    note = "Societies have 0 citizens, in all settings drawn with the same chance."
    old = Finding(table=conform([{"measure": "auc", "estimate": 0.7}]), title="", notes=(note,))
    (new,) = presented(StudyResults(id="one", title="One", findings=(old,))).findings
    assert new.notes == ("Societies are in all settings drawn with the same chance.",)


def views(findings):
    return [(finding, view) for finding in findings for view in tables_of(finding)]


def test_a_number_without_an_interval_beside_ones_that_have_them_says_why(findings):
    bare = [view for _, view in views(findings) if view.bared]
    assert bare
    assert all(view.bare for view in bare)


@settings(max_examples=25)
@given(
    st.lists(st.tuples(st.floats(-9, 9), st.floats(0, 3) | st.none()), min_size=1, max_size=6),
    st.sampled_from(["", "too few people to say how sure it is"]),
)
def test_why_a_number_stands_alone_is_what_its_row_says(rows, reason):
    told = [
        {"measure": f"m{place}", "estimate": middle, "reason": "" if half is not None else reason}
        | ({} if half is None else {"low": middle - half, "high": middle + half})
        for place, (middle, half) in enumerate(rows)
    ]
    finding = Finding(table=conform(told), title="One")
    (view,) = tables_of(finding)
    still = any(half is not None and 2 * half <= 1e-9 * (1 + abs(m)) for m, half in rows)
    unknown = any(half is None for _, half in rows)
    assert (STILL in view.bare) == (still or not unknown)
    assert (reason in view.bare) if unknown else (reason == "" or reason not in view.bare)
    if unknown and not reason and not still:
        assert view.bare == "no interval was made of it"


def test_a_table_is_bare_where_a_column_has_both(cells):
    def view(*cells):
        rows = tuple(("a", cell) for cell in cells)
        return TableView(caption="", head=("", "x"), bodies=(("", rows),))

    assert view("0.5 (0.4 to 0.6)", "0.56").bared
    assert view("0.5\u00a0(0.4\u00a0to\u00a00.6)\u2020", "2.2\u202f%\u2020").bared
    assert not view("0.5 (0.4 to 0.6)", EMPTY).bared
    assert not view("0.56", "12").bared
    assert not view("0.5 (0.4 to 0.6)", "nobody").bared
    assert cells
