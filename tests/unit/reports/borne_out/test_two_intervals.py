"""A page says of what it tells whether its intervals are over other societies."""

from dataclasses import replace

import pytest

from credit_ml.grammar.cited import unmarked
from credit_ml.grammar.phrases import OVER
from credit_ml.reports.borne_out import two_intervals
from credit_ml.reports.borne_out.two_intervals import (
    in_no_check,
    of_one_society,
    over_societies,
    scoped,
)
from credit_ml.reports.facts import COVERED
from credit_ml.reports.templating import page_block, paragraphs

NOTE = "Intervals are made of 8 other societies of the same world; others stand beside them."


def beside(results, *kinds):
    """The same results, of which these kinds have a second interval beside the first."""

    def told(each):
        if each.kind not in kinds:
            return each
        return replace(each, table=each.table.assign(low_clusters=0.0, high_clusters=1.0))

    raters = (replace(rater, findings=tuple(map(told, rater.findings))) for rater in results.raters)
    return replace(results, raters=tuple(raters), findings=tuple(map(told, results.findings)))


@pytest.mark.parametrize("kinds", [("audit",), ("audit", "comparison"), ("explanation",)])
def test_what_is_of_one_society_alone_is_not_said_to_be_over_others(results, kinds):
    made = beside(results, *kinds)
    (told,) = paragraphs(page_block("two_intervals", made))
    first, _, alone = told.text.partition("answer the first")
    assert ("selection and errors" in first) == ("audit" in kinds)
    assert ("the parts of a gap" in first) == ("comparison" in kinds)
    assert ("selection and errors" in alone) == ("audit" not in kinds)
    assert set(over_societies(made)).isdisjoint(of_one_society(made))


def test_what_was_never_checked_over_societies_is_said_not_to_have_been(results, monkeypatch):
    made = beside(results, "audit", "explanation")
    assert in_no_check(made) == ["'Why a score is what it is'"]
    (told,) = paragraphs(page_block("two_intervals", made))
    assert "'Why a score is what it is' was in no such check." in told.text
    assert in_no_check(beside(results, "audit", "comparison", "disclosure")) == []
    monkeypatch.setattr(two_intervals, "CALLED", {"explanation": "what a score is made of"})
    (told,) = paragraphs(page_block("two_intervals", made))
    assert ". What a score is made of was in no such check." in told.text


def test_the_note_on_other_societies_names_of_what_it_is_where_it_is_not_of_all(results):
    part = scoped(beside(results, "audit"), NOTE)
    assert part.startswith("Intervals of selection and errors are made of 8 other societies")
    whole = beside(results, *(each.kind for each in results.all_findings()))
    assert scoped(whole, NOTE) == NOTE
    assert scoped(whole, "Stronger attackers may tell more.") == "Stronger attackers may tell more."


def counting(results, kind, over):
    """The same results, whose findings of one kind have intervals that count this."""

    def told(each):
        return each if each.kind != kind else replace(each, table=each.table.assign(over=over))

    raters = (replace(rater, findings=tuple(map(told, rater.findings))) for rater in results.raters)
    return replace(results, raters=tuple(raters))


def test_what_intervals_of_one_society_count_is_said_of_those_that_stand_alone_too(results):
    """Coverage of intervals over people was read as that of districts, which no word named."""
    alone = counting(beside(results, "audit"), "comparison", "people")
    (told,) = paragraphs(page_block("two_intervals", alone))
    assert "those over districts let whole districts vary together" in told.text
    assert "those over people take people as independent" in told.text
    assert "Those of the parts of a gap and of what disclosure changes (over people)" in told.text
    for over in ("clusters", "people"):
        least, most = COVERED[over]
        assert f"{OVER[over]} in {least:g} to {most:g}" in unmarked(told.text)
    both = beside(results, *(each.kind for each in results.all_findings()))
    (told,) = paragraphs(page_block("two_intervals", both))
    assert "answer the second alone" not in told.text
