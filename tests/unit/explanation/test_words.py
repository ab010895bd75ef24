"""What the page says of one person's reasons."""

from dataclasses import replace

from credit_ml.reports.templating import said


def test_one_persons_reasons_are_told_where_a_study_keeps_them(page_study):
    finding = page_study.raters[0].of_kind("explanation")[0]
    example = {"who": "a rural citizen just below the line", "text": "Your score is 648.\nHistory."}
    kept = replace(finding, parameters={**finding.parameters, "examples": [example]})
    rater = replace(page_study.raters[0], findings=(kept,))
    text = said(replace(page_study, raters=(rater,)), "explanation")
    assert "**A rural citizen just below the line. ** Your score is 648. History." in text


def test_a_score_leans_most_on_what_is_clear_of_the_next(page_study, first_rater):
    assert "by the estimates" not in said(page_study, "explanation", "headline")

    def wider(table):
        table["low"], table["high"] = table["estimate"] - 9, table["estimate"] + 9

    text = said(first_rater(page_study, "explanation", wider), "explanation", "headline")
    assert "leans most on friends by the estimates" in text
