from dataclasses import replace

import pytest

from credit_ml.core import InputError, StudyResults
from credit_ml.core.instrument import finding_class, instruments_by_kind
from credit_ml.reports.figures import drawing
from credit_ml.reports.sections import answer


def test_results_survive_json_with_the_same_bytes(results):
    text = results.to_json()
    again = StudyResults.from_json(text)
    assert again.to_json() == text
    assert again.raters[0].name == results.raters[0].name


def test_a_stored_finding_draws_the_same_figure(results):
    again = StudyResults.from_json(results.to_json())
    for before, after in zip(
        results.raters[0].findings[:2], again.raters[0].findings, strict=False
    ):
        assert drawing(before.plot, prefix="a") == drawing(after.plot, prefix="a")


def test_an_unknown_kind_of_finding_is_refused_by_name():
    with pytest.raises(InputError, match="did you mean 'audit'"):
        finding_class("audits")


@pytest.mark.parametrize("kind", sorted(instruments_by_kind()))
def test_every_kind_is_made_by_the_class_of_that_kind(kind, monkeypatch):
    monkeypatch.undo()
    assert finding_class(kind).kind == kind


def test_the_question_is_answered_first_in_at_most_sixty_words(results, html):
    told = answer(results)
    text = " ".join(each.text for each in told)
    assert 0 < len(told) <= 3
    assert len(text.split()) <= 60
    assert "AUC" not in text
    assert html.index('id="answer"') < html.index('id="abstract"')


def test_a_study_that_leads_with_an_instrument_is_answered_by_it(results):
    settings = {**results.settings, "lead_with": "audit"}
    told = answer(replace(results, settings=settings))
    assert [each.lead for each in told] == ["Who pays:"]
