"""What a report says of bystanders, on a society of a few hundred."""

from dataclasses import replace

import pytest

from credit_ml.agencies import load_agency
from credit_ml.core import StudyResults
from credit_ml.disclosure import contagion
from credit_ml.reports import render, said
from credit_ml.society import World


@pytest.fixture(scope="module")
def found():
    society = World(citizens=500, seed=11).simulate()
    rater = load_agency("sesame").fit(society)
    return contagion(rater, society, sensitive=["hukou"])


@pytest.fixture
def told(found):
    return StudyResults(
        id="bystanders",
        title="Bystanders",
        question="Who is touched?",
        findings=(found,),
        data={"name": "baseline", "kind": "simulated", "people": 500},
        settings={"lead": {"sensitive": "hukou", "group": "rural", "reference_group": "urban"}},
        provenance={"seed": 0, "versions": {}, "command": "", "configuration": ""},
    )


def test_the_words_are_those_of_the_table(told, found):
    words = said(told, "contagion")
    still = found.table.query("measure == 'bystanders' and group == 'all'")["estimate"].item()
    assert f"{100 * still:.0f}" in words
    assert "rural citizens" in words
    assert "correlate by" in words


def test_the_page_shows_them_among_friends(told):
    page = render(told)
    assert 'id="friends"' in page
    assert "Bystanders." in page


def test_without_a_finding_nothing_is_said(told):
    assert said(replace(told, findings=()), "contagion") == ""
