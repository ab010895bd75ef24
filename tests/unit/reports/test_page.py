import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest

from credit_ml.core import InputError, RaterResults, StudyResults
from credit_ml.reports import page, render, write_report
from credit_ml.reports.exhibits import gap_drafts

HUKOU = {"sensitive": "hukou", "group": "rural", "reference_group": "urban"}
VOID = {"meta", "br", "link", "img", "hr", "input"}
#: Elements of SVG that matplotlib closes at once.
DRAWN = {"path", "use", "rect", "circle", "stop", "image"}


class Outline(HTMLParser):
    """Reads a page into what the tests ask of it."""

    def __init__(self):
        super().__init__()
        self.open, self.ids, self.targets, self.outside, self.tags = [], [], [], [], []

    def handle_startendtag(self, tag, attributes):
        self.note(tag, dict(attributes))

    def handle_starttag(self, tag, attributes):
        self.note(tag, dict(attributes))
        if tag not in VOID:
            self.open.append(tag)

    def note(self, tag, attributes):
        self.tags.append((tag, attributes))
        if "id" in attributes:
            self.ids.append(attributes["id"])
        for name in ("href", "src", "xlink:href"):
            value = attributes.get(name)
            if value is not None:
                (self.targets if value.startswith("#") else self.outside).append(value)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


@pytest.fixture(scope="module")
def outline(html):
    read = Outline()
    read.feed(html)
    return read


def test_every_element_is_closed(outline):
    assert outline.open == []


def test_nothing_comes_from_outside(html, outline):
    assert outline.outside == []
    assert "://" not in html
    assert "@import" not in html
    scripts = [attributes for tag, attributes in outline.tags if tag == "script"]
    assert scripts == [{}]


def test_no_id_is_used_twice_and_every_anchor_leads_somewhere(html, outline):
    assert len(outline.ids) == len(set(outline.ids))
    wanted = {target[1:] for target in outline.targets} | set(re.findall(r"url\(#([^)]+)\)", html))
    assert wanted <= set(outline.ids)


def test_the_page_can_be_read_without_seeing(outline):
    tags = outline.tags
    assert dict(tags)["html"]["lang"] == "en"
    assert {"main", "nav", "header", "footer", "h1"} <= {tag for tag, _ in tags}
    plots = [given for tag, given in tags if given.get("role") == "img"]
    assert plots
    assert all(given["aria-label"] for given in plots)
    drawn = [given for tag, given in tags if tag == "svg"]
    assert all(given["aria-hidden"] == "true" for given in drawn)
    assert sum(tag == "caption" for tag, _ in tags) == sum(tag == "table" for tag, _ in tags)
    assert all("scope" in given for tag, given in tags if tag == "th")


def test_the_same_results_give_the_same_bytes(html, results):
    assert render(StudyResults.from_json(results.to_json())) == html


def test_what_users_name_is_escaped(results, undrawn):
    nasty = '<script>alert("x")</script>'
    audit = results.raters[0].of_kind("audit")[0]
    table = audit.table.replace({"hukou": nasty, "rural": nasty})
    rater = replace(results.raters[0], name=nasty, findings=(replace(audit, table=table),))
    hurt = replace(
        results,
        title=nasty,
        question=nasty,
        prediction=nasty,
        data={**results.data, "name": nasty},
        raters=(rater,),
        settings={nasty: nasty},
    )
    text = render(hurt)
    assert text.count("<script") == 1
    assert "alert(" in text
    assert "<script>alert" not in text
    assert "&lt;script" in text


def test_sections_without_findings_are_left_out(html, table_results, undrawn):
    assert 'id="disclosure"' in html
    text = render(table_results)
    for absent in ("disclosure", "consequences", "reasons"):
        assert f'id="{absent}"' not in text
    for present in ("data", "quality", "audit", "gap", "methods", "limits", "provenance"):
        assert f'id="{present}"' in text


def test_a_table_of_ones_own_claims_no_truth(table_results, undrawn):
    text = render(table_results)
    assert "come through" not in text
    assert "twin" not in text
    assert "simulated" not in text


def test_a_study_without_findings_still_makes_a_page():
    results = StudyResults(id="empty", title="Nothing yet")
    assert "Nothing yet" in render(results)
    rater = RaterResults(id="a", name="a", scorer_kind="opaque")
    assert "Nothing yet" in render(replace(results, raters=(rater,)))


def test_a_report_is_written_whole(results, tmp_path, html, monkeypatch):
    monkeypatch.setattr(page, "render", lambda results, **options: html)
    path = write_report(results, tmp_path / "deep" / "small.html")
    assert path.read_text(encoding="utf-8") == html
    assert [each.name for each in path.parent.iterdir()] == ["small.html"]


def test_a_page_that_is_there_is_replaced_only_where_that_is_said(results, tmp_path, monkeypatch):
    monkeypatch.setattr(page, "render", lambda results, **options: "new")
    path = tmp_path / "small.html"
    path.write_text("mine")
    with pytest.raises(InputError) as refused:
        write_report(results, path)
    remedy = "give another path, or overwrite=True to replace it"
    assert str(refused.value) == f"{path}: is there already; {remedy}"
    assert path.read_text() == "mine"
    assert write_report(results, path, overwrite=True).read_text() == "new"


def test_a_failed_report_leaves_the_old_one_and_nothing_else(results, tmp_path, monkeypatch):
    path = tmp_path / "small.html"
    path.write_text("old")

    def stop(results, **options):
        raise KeyboardInterrupt

    monkeypatch.setattr(page, "render", stop)
    with pytest.raises(KeyboardInterrupt):
        write_report(results, path, overwrite=True)
    monkeypatch.setattr(page, "render", lambda results, **options: "\ud800")
    with pytest.raises(UnicodeEncodeError):
        write_report(results, path, overwrite=True)
    assert path.read_text() == "old"
    assert [each.name for each in tmp_path.iterdir()] == ["small.html"]


def test_gaps_of_other_features_are_folded_and_elsewhere_only_tables(results):
    lead = {"sensitive": "gender", "group": "woman", "reference_group": "man"}
    drafts = gap_drafts(replace(results, settings={"lead": lead}))
    assert [bool(draft.plot) for draft in drafts] == [True, False]
    assert all(draft.folded for draft in drafts)
    assert [bool(draft.folded) for draft in gap_drafts(results)] == [False, True]


def test_a_rater_with_several_gaps_shows_the_lead_one_openly(results):
    hukou = results.raters[0].of_kind("comparison")[0]
    table = hukou.table.replace({"hukou": "gender", "rural": "woman"})
    other = replace(hukou, table=table.replace({"urban": "man"}))
    rater = replace(results.raters[0], findings=(other, hukou))
    drafts = gap_drafts(replace(results, raters=(rater,), settings={"lead": HUKOU}))
    assert [draft.folded for draft in drafts] == ["", "the same by gender"]
