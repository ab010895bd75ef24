"""How a page is cited: whatever its title holds, an entry of BibTeX stays one entry."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from credit_ml.core import StudyResults
from credit_ml.reports.citation import citation, commit_text

BARE = StudyResults(id="one", title="One")
CODE = {"commit": "0123456789abcdef" * 2 + "01234567", "date": "2026-02-03", "changed": True}


@given(title=st.text(min_size=1, max_size=60), name=st.text(max_size=20))
def test_braces_balance_whatever_the_title(title, name):
    told = citation(replace(BARE, id=name, title=title))
    depth = 0
    for place, letter in enumerate(told.bibtex):
        depth += (letter == "{") - (letter == "}")
        assert depth > 0 or place < len("@misc") or place == len(told.bibtex) - 1
    assert depth == 0
    assert told.bibtex.startswith("@misc{credit_ml-")
    assert "\n" not in told.text


def test_commit_date_and_digests_are_named_apart():
    told = replace(
        BARE,
        data={"digest": "d" * 64},
        provenance={"code": CODE, "configuration": "c" * 64, "versions": {"credit-ml": "9.8"}},
    )
    made = citation(told)
    assert made.text == (
        "One. A report made with credit_ml 9.8, commit 0123456789ab, with changes of 2026-02-03. "
        "Data SHA-256 dddddddddddd; configuration SHA-256 cccccccccccc."
    )
    assert "  year = {2026},\n" in made.bibtex
    assert commit_text(told) == f"{CODE['commit']}, with changes"
    assert commit_text(BARE) == "not recorded"
    assert "year" not in citation(BARE).bibtex
