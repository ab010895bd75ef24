"""Audit checks on a page: folded, counted, muted ones with their reason, and text as text."""

from dataclasses import replace

import pytest

from credit_ml.core import Diagnostic, RaterResults, StudyResults
from credit_ml.reports import render
from credit_ml.reports.diagnostics import NONE_MADE, counted, on_console
from credit_ml.studies.stored import refuse_changed

SMALL = Diagnostic(
    check="CM101",
    name="small-group",
    severity="warning",
    message="race has groups of fewer than 30 people: <script>alert(1)</script> (11)",
    sensitive="race",
    value=11,
    threshold=30,
)
NOTE = replace(SMALL, check="CM304", name="reference-not-best", severity="note", message="b leads")
MUTED = replace(SMALL, check="CM303", name="ratio-saturated", message="93 % pass", muted="we know")


def page(*diagnostics):
    return render(StudyResults(id="one", title="One", diagnostics=diagnostics))


def test_results_without_checks_have_no_such_section_and_none_in_json():
    older = StudyResults(id="one", title="One")
    assert "audit-checks" not in render(older).split("</style>")[1]
    assert "diagnostics" not in older.to_json()
    assert StudyResults.from_json(older.to_json()).diagnostics is None


def test_the_terminal_says_how_to_read_on_where_a_check_fires_and_nowhere_else():
    assert on_console([MUTED, NOTE]).endswith("; credit-ml checks CM304 says what that one means")
    assert not any("credit-ml checks" in on_console(none) for none in ([], [MUTED], None))


def test_a_study_of_many_tables_says_that_none_was_made():
    swept = StudyResults(id="one", title="One", settings={"worlds": ["baseline"]})
    assert f"<p>{NONE_MADE}</p>" in render(swept)
    assert "none was made" in on_console(swept.diagnostics)
    rated = replace(swept, raters=(RaterResults(id="a", name="A", scorer_kind="given"),))
    assert NONE_MADE not in render(rated)


def test_a_page_counts_what_fires_and_keeps_what_is_muted():
    markup = page(SMALL, SMALL, NOTE, MUTED)
    assert "<summary>Two warnings, one note and one muted</summary>" in markup
    assert "<b>Muted:</b> we know." in markup
    assert "<script>alert" not in markup
    # Why it matters stands where a check comes first.
    assert markup.count("A rate of 20 people moves by five points") == 1


def test_a_page_says_that_none_fires():
    assert "No audit check fires" in page()


def test_results_come_back_from_json_with_their_checks():
    results = StudyResults(id="one", title="One", diagnostics=(SMALL, MUTED))
    refuse_changed(results.to_json(), "here")
    assert StudyResults.from_json(results.to_json()).diagnostics == (SMALL, MUTED)


@pytest.mark.parametrize(
    ("diagnostics", "said"),
    [((), "no audit check fires"), ((MUTED,), "one muted"), ((NOTE, NOTE), "two notes")],
)
def test_kinds_are_counted(diagnostics, said):
    assert counted(diagnostics) == said


def test_the_console_names_what_is_not_muted():
    assert on_console((SMALL, MUTED)).splitlines()[0].startswith("CM101 small-group (warning):")
    assert "CM303" not in on_console((SMALL, MUTED))
