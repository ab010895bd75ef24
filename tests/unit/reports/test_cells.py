"""From a number in the words to the cell that it is read from."""

import re
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit_ml.core import Finding, StudyResults
from credit_ml.grammar.cited import CitedFloat, CitedInt, linked, marked, rows_of, unmarked
from credit_ml.grammar.numbers import Amount, show
from credit_ml.reports import render
from credit_ml.reports.cells.ledger import Ledger

LINK = re.compile(r'<a class="cell" href="#row-(\d+)">([^<]*)</a>')


@pytest.fixture(scope="module")
def stored(repository):
    text = (repository / "experiments/reference/findings.json").read_text(encoding="utf-8")
    return StudyResults.from_json(text)


def test_every_link_leads_to_one_cell_that_shows_its_row(stored, undrawn):
    page = render(stored)
    links, anchors = LINK.findall(page), re.findall(r'<span id="row-(\d+)">', page)
    assert len(links) > 150
    assert len(anchors) == len(set(anchors))
    assert {row for row, _ in links} == set(anchors)
    assert not re.search("[\ue001-\ue004]", page)


def test_the_cell_holds_the_number_that_is_said(results, undrawn):
    page = render(results)
    cells = dict(re.findall(r'<span id="row-(\d+)">([^<]*)</span>', page))
    said = [(row, text) for row, text in LINK.findall(page) if "(" in text]
    assert said
    other = {text for row, text in said if re.findall(r"\d+", text)[0] not in cells[row]}
    # What friends and address carry together is led to the first of its two rows.
    assert {each.split()[0] for each in other} == {"29"}


def test_rows_are_numbered_in_the_order_of_the_results(results):
    first, second = Ledger(), Ledger()
    told = first.results(results), second.results(StudyResults.from_json(results.to_json()))
    rows = [[list(each.table["page_row"]) for each in one.all_findings()] for one in told]
    assert rows[0] == rows[1]
    flat = [row for each in rows[0] for row in each]
    assert flat == sorted(set(flat))


def test_what_no_table_shows_is_shown_at_the_end(undrawn, results):
    hidden = Finding(table=pd.DataFrame({"estimate": [0.25]}), title="Hidden")
    ledger = Ledger()
    ledger.results(replace(results, raters=(), findings=(hidden,)))
    assert ledger.described(1) == ("Hidden", "", "0.25")
    page = render(results)
    assert 'id="other-rows"' in page


def test_a_name_with_marks_in_it_forges_nothing(results, undrawn):
    forged = marked("<b>7</b>", CitedInt(1, 3))
    text = render(replace(results, title=forged, question=forged))
    assert "<b>7" not in text
    assert not re.search("[\ue001-\ue004]", text)


@given(
    st.floats(-1e6, 1e6, allow_nan=False), st.integers(1, 10**7), st.floats(0.5, 100), st.booleans()
)
def test_a_number_keeps_its_row_through_arithmetic(value, row, factor, whole):
    number = CitedInt(value, row) if whole else CitedFloat(value, row)
    plain = int(value) if whole else value
    # A float on the left of a whole number answers first, and knows of no rows.
    factor = int(factor) + 1 if whole else factor
    for told, same in (
        (number * factor, plain * factor),
        (factor * number, factor * plain),
        (number / factor, plain / factor),
        (number - factor, plain - factor),
        (factor - number, factor - plain),
        (abs(number), abs(plain)),
        (-number, -plain),
    ):
        assert told == same
        assert told.row == row
    text = Amount(number, number - 1, number + 1).text("points")
    assert list(rows_of(text)) == [row]
    assert unmarked(text) == Amount(plain, plain - 1, plain + 1).text("points")
    assert linked(f"a {show(number)} b", lambda place, said: f"{place}") == f"a {row} b"
