"""The words on two kinds of intervals rest on the committed validation run."""

from dataclasses import replace

import pytest

from credit_ml.grammar.cited import unmarked
from credit_ml.reports.facts import COVERED, FIRST_SCREENS, covered_first
from credit_ml.reports.templating import page_block, paragraphs

#: Table and column in which each kind of interval was checked, and how many societies are enough.
CHECKED = {
    "people": ("coverage.md", "over people", 90),
    "clusters": ("coverage.md", "over clusters", 90),
    "few_cities": ("nation_coverage.md", "over cities", 1000),
    "cities": ("nation_coverage.md", "over cities", 1000),
    "societies": ("coverage.md", "over societies", 90),
    "rounds": ("rounds_coverage.md", "over societies", 200),
}


@pytest.mark.parametrize("over", COVERED)
def test_shares_are_those_of_the_committed_run(repository, over):
    name, column, enough = CHECKED[over]
    text = (repository / "benchmarks" / "results" / name).read_text(encoding="utf-8")
    lines = [line.strip("| ").split(" | ") for line in text.splitlines() if line.startswith("| ")]
    head, _, *rows = lines
    met = [row for row in rows if int(row[head.index("societies")]) >= enough]
    if name == "nation_coverage.md":  # nations of eight cities are told apart from larger ones
        few = over == "few_cities"
        met = [row for row in met if (row[head.index("cities")] == "8") == few]
    told = [row[head.index(column)] for row in met]
    shares = [float(share.removesuffix(" %")) for share in told if share != "none"]
    assert COVERED[over] == [min(shares), max(shares)]


def test_shares_of_first_screens_are_those_of_the_committed_run(repository):
    path = repository / "benchmarks" / "results" / "first_screens.md"
    lines = path.read_text(encoding="utf-8").splitlines()
    head, _, *rows = [line.strip("| ").split(" | ") for line in lines if line.startswith("| ")]
    met = [dict(zip(head, row, strict=True)) for row in rows]
    met = [row for row in met if row["societies"] != "none"]
    assert list(FIRST_SCREENS) == sorted({row["page"] for row in met})
    for page, (low, high, societies) in FIRST_SCREENS.items():
        own = [row for row in met if row["page"] == page]
        told = [row[kind] for row in own for kind in ("packaged", "others") if "%" in row[kind]]
        shares = [float(share.split(" %")[0]) for share in told]
        assert (low, high) == (min(shares), max(shares))
        assert societies == min(int(row["societies"]) for row in own)


def test_a_page_says_how_often_what_stands_first_on_it_held(results):
    assert covered_first(results) is None
    told = covered_first(replace(results, id="enrolment"))
    page = page_block("limits", replace(results, id="enrolment"))
    assert told is not None
    assert unmarked(told.share) in unmarked(page)


def test_two_intervals_are_told_only_where_there_are_two(results):
    assert not page_block("two_intervals", results).strip()
    first = results.raters[0]
    both = tuple(
        replace(
            each,
            table=each.table.assign(low_clusters=each.table["low"], high_clusters=0.0),
            parameters={**each.parameters, "societies": 20},
        )
        for each in first.of_kind("audit")
    )
    told = replace(results, raters=(replace(first, findings=both),))
    (paragraph,) = paragraphs(page_block("two_intervals", told))
    assert "20 other societies" in paragraph.text
    assert "over districts" in paragraph.text
    assert "over people take" not in paragraph.text
