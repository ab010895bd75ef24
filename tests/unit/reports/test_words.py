"""What the page says as a whole: no loose ends, no number that no table holds."""

import re

import pytest

from credit_ml.grammar.phrases import GroupPair, lead_pair
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
    assert "By gender no difference can be told." in said
