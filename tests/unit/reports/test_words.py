"""What the page says as a whole: no loose ends, no number that no table holds."""

import re
from dataclasses import replace

import pytest

from credit_ml.grammar.cited import unmarked
from credit_ml.grammar.phrases import GroupPair, lead_pair
from credit_ml.reports.facts import base_rates, why_followed
from credit_ml.reports.presented import presented
from credit_ml.reports.templating import page_block, said
from credit_ml.reports.templating import paragraphs as read


@pytest.fixture
def results(results):
    return presented(results)


#: Instruments of the made study that have words.
TOLD = ("audit", "quality", "comparison", "explanation", "disclosure", "consequences")


def test_the_abstract_has_four_to_seven_sentences(results, table_results):
    for each, fewest in ((results, 4), (table_results, 3)):
        said = read(page_block("abstract", each, checks=()))
        assert fewest <= len(said) <= 7


def test_every_number_in_the_prose_is_in_a_finding(results):
    """Each number shown must be a rounding of some number of the study's tables."""
    known = {1000.0, 95.0, 2.0, 650.0, 28.0, 5.0, 3.0}
    for finding in results.all_findings():
        numbers = finding.table.select_dtypes("number").to_numpy().ravel()
        known |= {abs(float(number)) * factor for number in numbers for factor in (1, 100)}
    text = " ".join(said(results, each) for each in TOLD)
    for number in re.findall(r"\d[\d,]*\.?\d*", text):
        value = float(number.replace(",", "").rstrip("."))
        digits = len(number.split(".")[1]) if "." in number.rstrip(".") else 0
        assert any(abs(value - each) <= 0.5001 * 10.0**-digits for each in known), number


def test_prose_has_no_loose_ends(results, table_results):
    for each in (results, table_results):
        for instrument in TOLD:
            text = said(each, instrument)
            assert "nan" not in text.lower().replace("finan", "")
            assert "  " not in text.strip()
            assert ".." not in text
            assert "()" not in text
            assert "None" not in text


def test_a_table_is_followed_where_its_groups_differ_most_clearly(table_results):
    assert lead_pair(table_results) == GroupPair("hukou", "rural", "urban")
    said = page_block("abstract", table_results, checks=())
    assert "By gender no difference in who passes can be told." in said


def test_why_a_tables_groups_are_followed_says_what_was_held_against_what(
    table_results, first_rater
):
    assert "whose interval keeps farthest from none" in why_followed(table_results)

    def unsure(table):
        rows = (table["quantity"] == "difference") & (table["measure"] == "selection_rate")
        table.loc[rows, ["low", "high"]] = [-0.5, 0.5]

    text = why_followed(first_rater(table_results, "audit", unsure))
    assert "largest difference in passing by the estimates, and none is certain" in text

    def alone(table):
        rows = (table["sensitive"] == "gender") & (table["quantity"] == "difference")
        table.loc[rows, "sensitive"] = "hukou x gender"

    assert why_followed(first_rater(table_results, "audit", alone)) == ""


def test_who_had_which_outcome_stands_beside_who_is_refused_of_a_table(results, table_results):
    """Refusals alone say nothing of whether outcomes differ as well."""
    rates = base_rates(next(results_of_audit(table_results)), lead_pair(table_results))
    note = page_block("answer_note", table_results)
    for _, rate in rates.values():
        assert rate.percent() in note
    assert "of urban people" in unmarked(note)
    assert "kept" not in page_block("answer_note", results)


def results_of_audit(results):
    return (found for _, found in results.of_kind("audit"))


def test_the_society_of_a_study_and_its_own_choice_need_no_reason(results, table_results):
    assert why_followed(results) == ""
    lead = {"sensitive": "gender", "group": "woman", "reference_group": "man"}
    assert why_followed(replace(table_results, settings={"lead": lead})) == ""
    assert "told apart most" not in page_block("answer_note", table_results)


def test_what_was_done_to_a_table_as_it_was_read_stands_below_its_headline(table_results):
    told = [
        {"number": 1, "said": "row left out, of a person aged 0"},
        {"number": 269, "said": "people whose counts are codes (96 or 98), made missing"},
    ]
    data = {**table_results.data, "reading": told}
    text = unmarked(page_block("data_headline", replace(table_results, data=data)))
    assert "1 row left out, of a person aged 0; 269 people whose counts are codes" in text
    assert "As the table was read" not in page_block("data_headline", table_results)


#: Says which way something goes, or which of two is more.
DIRECTION = re.compile(r"\b(?:widens|narrows|rises|falls|closes|loses|gains) by\b|\bsurely\b")


def without_intervals(results):
    """The same study with no interval in any table."""

    def bare(finding):
        return replace(finding, table=finding.table.assign(low=float("nan"), high=float("nan")))

    return replace(
        results,
        findings=tuple(map(bare, results.findings)),
        raters=tuple(
            replace(each, findings=tuple(map(bare, each.findings))) for each in results.raters
        ),
    )


def test_no_direction_is_claimed_of_a_number_without_an_interval(results):
    quiet = without_intervals(results)
    for instrument in TOLD:
        for block in ("answer", "headline", "abstract", "paragraphs"):
            told = said(quiet, instrument, block)
            assert not DIRECTION.search(told), (instrument, block, told)
