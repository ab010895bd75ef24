"""A page is short: its answer first, then what bears it, and the rest behind lines."""

import html
import re
import shutil
import subprocess
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest

from credit_ml.core import Finding, InputError
from credit_ml.grammar.blocks import Paragraph
from credit_ml.grammar.numbers import MINUS
from credit_ml.reports import render
from credit_ml.reports.exhibits import overviews_of
from credit_ml.reports.facts import answered_over
from credit_ml.reports.layout import shown
from credit_ml.reports.sections import (
    MOST_NUMBERS,
    MOST_WORDS,
    abstract,
    answer,
    answer_note,
    opening,
    sections,
    short,
)
from credit_ml.reports.templating import said

#: Words of a page before anything is unfolded, at most.
MOST_OPEN = 2500
#: Words and sentences of the answer, at most: a number counts once with its interval.
MOST_ANSWERED, MOST_SENTENCES = 60, 3
#: What no answer says: methods' and measures' own names.
JARGON = re.compile(r"\b(AUC|Shapley|SHAP|log-odds|epsilon|tau|SD|Brier|Oaxaca)\b")
#: Sheets of a brief, at most.
MOST_SHEETS = 4
PAGES = sorted((Path(__file__).parents[3] / "reports").glob("*.html"))
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")


class Unfolded(HTMLParser):
    """Reads what stands on a page before anything is unfolded: summaries do, what is behind not."""

    def __init__(self):
        super().__init__()
        self.folded = self.unread = self.lines = 0
        self.words = []

    def handle_starttag(self, tag, attributes):
        self.unread += tag in ("script", "style", "svg", "title")
        self.folded += tag == "details"
        self.lines += tag == "summary"

    def handle_endtag(self, tag):
        self.unread -= tag in ("script", "style", "svg", "title")
        self.folded -= tag == "details"
        self.lines -= tag == "summary"

    def handle_data(self, data):
        shown = self.folded == 0 or self.folded == self.lines == 1
        self.words += data.split() if shown and not self.unread else []


def unfolded(html):
    """Return the words of a page before anything is unfolded."""
    read = Unfolded()
    read.feed(html)
    return read.words


def numbers(text):
    """How many numbers there are, one with its interval as one; ages say who people are."""
    text = re.sub(r"\([^()]*\d(?: [a-z]+)? to [^()]*\)", "", text)
    text = re.sub(r"\baged (?:under )?\d+(?: to \d+| and over)?", "", text)
    return len(re.findall(r"\d[\d,.]*", text))


def test_a_page_is_short_before_anything_is_unfolded(html):
    assert 300 < len(unfolded(html)) <= MOST_OPEN


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_no_check_holds_a_share_below_zero(path):
    text = html.unescape(re.sub(r"<[^>]+>|\s+", " ", path.read_text(encoding="utf-8")))
    told = re.findall(r"; measured ([^;]*?), (?:predicted|it takes)", re.sub(r"\s+", " ", text))
    shares = [each for each in told if re.search(r"\d %(?! of a year)", each)]
    assert not [each for each in shares if MINUS in each]


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_committed_page_is_short(path):
    html = path.read_text(encoding="utf-8")
    if '<details class="detail">' not in html:
        pytest.skip("written before pages were short: run its study again")
    assert len(unfolded(html)) <= MOST_OPEN
    told = re.search(r'<h2 id="abstract">.*?</section>', html, re.DOTALL)
    if told:
        # A full stop after a link is no word of its own.
        text = re.sub(r" (?=[.,;:)])", "", " ".join(unfolded(told[0])))
        assert len(text.split()) <= MOST_WORDS + 1  # its heading
        assert numbers(text) <= MOST_NUMBERS


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_a_committed_page_answers_in_three_short_sentences_without_jargon(path):
    html = path.read_text(encoding="utf-8")
    told = re.search(r'<section class="answer".*?</section>', html, re.DOTALL)
    if not told:
        pytest.skip("answers nothing: a page to explore")
    said = re.findall(r"<p>(.*?)</p>", told[0], re.DOTALL)
    assert 1 <= len(said) <= MOST_SENTENCES
    for each in said:
        text = re.sub(r"\([^()]*\d(?: [a-z]+)? to [^()]*\)", "", " ".join(unfolded(each)))
        assert len(re.findall(r"[.?!](?: [A-Z]|$)", text.strip())) == 1
    text = re.sub(r"\([^()]*\d(?: [a-z]+)? to [^()]*\)", "", " ".join(unfolded(" ".join(said))))
    assert len(re.findall(r"[^\W_][\w.,'’-]*", text)) <= MOST_ANSWERED
    # What a study itself calls a headline is its own word, and leads what is said of it.
    own = [re.sub(r'<b class="lead">.*?</b>', "", each, flags=re.DOTALL) for each in said]
    assert not JARGON.search(" ".join(unfolded(" ".join(own))))


def test_the_ages_of_groups_are_no_numbers_that_an_abstract_has_room_for():
    """A table by age names its gap: four sentences of two groups each."""
    one = (
        "People aged under 30 are 3 points below people aged 45 to 60, of those aged 60 and over 2."
    )
    assert numbers(one) == 2
    told = short([Paragraph(text=" ".join([one] * 6))])
    assert told[0].text == " ".join([one] * 5)


def test_an_abstract_answers_the_question_of_its_page(results):
    """What telling changes stands in it, and first what the study has answer its question."""
    changed = said(results, "disclosure", "abstract").split(". ")[0]
    assert changed.startswith("If ")
    assert changed in abstract(results)[0].text
    for each in shown(results):
        told = said(results, each.id, "abstract") or said(results, each.id, "headline")
        if told:
            named = replace(results, settings={**results.settings, "answered_by": [each.id]})
            assert told.split(". ")[0] in abstract(named)[0].text, each.id


def test_an_abstract_is_short_and_ends_with_a_sentence(results, table_results):
    for each in (results, table_results):
        text = " ".join(part.text for part in abstract(each))
        assert 0 < len(text.split()) <= MOST_WORDS
        assert numbers(text) <= MOST_NUMBERS
        assert text.endswith(".")


def test_instruments_that_a_study_names_answer_it_in_its_order(results):
    asked = ["comparison", "audit", "absent"]
    told, turned = (
        replace(results, settings={**results.settings, "answered_by": each})
        for each in (asked, asked[::-1])
    )
    first, second = answer(told)
    assert first.lead.startswith("Yes")
    assert second.lead.startswith("Who pays")
    assert answer(turned) == [second, first]
    # What was made for tests does not say over what its intervals run, and has two raters.
    assert answer_note(told) == "What names no rater is said at sesame (opaque), one of two."
    assert answer(replace(results, settings={"answered_by": ["absent"]})) == answer(results)


def test_a_long_abstract_keeps_whole_sentences_within_its_bounds():
    one = Paragraph(lead="First.", text="It is 1 (0 to 2). It is 2. " + "Word. " * 118)
    kept = short([one, Paragraph(text="Never said.")])
    assert [each.lead for each in kept] == ["First."]
    assert len(f"First. {kept[0].text}".split()) == MOST_WORDS
    told = short([Paragraph(text=" ".join(f"Here is {k} (1 to 9)." for k in range(20)))])
    assert numbers(told[0].text) == MOST_NUMBERS


def test_a_study_that_leads_with_an_instrument_opens_with_its_first_picture_and_draws_it_once(
    results,
):
    led = replace(results, settings={**results.settings, "lead_with": "explanation"})
    overviews = overviews_of(led)
    first = opening(led, overviews)
    assert first.label == "Figure 1"
    assert first.drawing
    shown = {section.id: section for section in sections(led, overviews, figures=1)}
    captions = [
        each.caption
        for section in shown.values()
        for each in (*section.exhibits, *section.others)
        if each.drawing
    ]
    assert captions
    assert first.caption not in captions
    assert shown["reasons"].finding


@pytest.mark.parametrize("measure", ["mean_score", "mean_probability", "mean_log_odds"])
def test_a_note_says_what_intervals_of_the_gap_count_in_any_unit(results, measure):
    pair = {"sensitive": "sex", "group": "f", "reference_group": "m"}
    asked = pair | {"measure": measure, "low": 0.0, "high": 1.0, "over": "people"}
    crossed = asked | {"sensitive": "sex x age", "over": "clusters"}
    found = Finding(table=pd.DataFrame([asked, crossed]), title="A gap")
    kinds = {"comparison": [(None, found)]}
    told = SimpleNamespace(settings={"lead": pair}, of_kind=lambda kind: kinds.get(kind, []))
    assert answered_over(told) == " over people"
    refusals = asked | {"measure": "refusal_rate", "over": "clusters"}
    kinds["audit"] = [(None, Finding(table=pd.DataFrame([refusals]), title="Refusals"))]
    assert answered_over(told) == ": of the gap over people, of refusals over clusters"
    # What was made for tests does not say over what.
    assert answered_over(results) == ""


def test_every_exhibit_stands_once_open_or_folded(results):
    made = sections(results, overviews_of(results))
    found = [each for section in made for each in (*section.exhibits, *section.others)]
    for noun in ("Figure", "Table"):
        labels = sorted(int(each.label.split()[1]) for each in found if each.label[0] == noun[0])
        assert labels == list(range(1, len(labels) + 1))
    for section in made:
        assert len([each for each in section.exhibits if each.drawing]) <= 1


def test_the_print_edition_has_nothing_folded(results, html, undrawn):
    printed = render(results, edition="print")
    assert printed.count("<details open ") == html.count("<details ") > 0
    assert "<details class" not in printed


def test_the_brief_has_key_tables_limits_and_provenance(results, undrawn):
    brief = render(results, edition="brief")
    assert "<details" not in brief
    assert "Who is refused" in brief
    for part in ("answer", "abstract", "audit", "limits", "provenance"):
        assert f'id="{part}"' in brief


def test_an_unknown_edition_is_refused_by_name(results):
    with pytest.raises(InputError, match="did you mean 'brief'"):
        render(results, edition="breif")


@pytest.mark.skipif(CHROMIUM is None, reason="no browser to print with")
def test_a_brief_is_four_sheets_and_a_page_prints_all_that_is_folded(results, html, tmp_path):
    brief, printed = (render(results, edition=each) for each in ("brief", "print"))
    assert 1 <= sheets(brief, tmp_path) <= MOST_SHEETS
    whole = sheets(html, tmp_path)
    assert whole == sheets(printed, tmp_path)
    nothing_folded = re.sub(r"<details.*?</details>", "", html, flags=re.DOTALL)
    assert sheets(nothing_folded, tmp_path) < whole


def sheets(html, folder):
    """How many sheets a browser prints a page on."""
    page, sheet = folder / "page.html", folder / "page.pdf"
    page.write_text(html, encoding="utf-8")
    options = ("--headless=new", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer")
    command = (CHROMIUM, *options, f"--print-to-pdf={sheet}", page.as_uri())
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return len(re.findall(rb"/Type\s*/Page\b", sheet.read_bytes()))


def test_an_answer_of_one_rater_among_several_says_whose_it_is(results):
    """Where an instrument of each rater answers for the page, the first one's is not all's."""
    led = replace(results, settings={**results.settings, "lead_with": "audit"})
    assert len(led.raters) > 1
    assert f"What names no rater is said at {led.raters[0].name}, one of" in answer_note(led)
    alone = replace(led, raters=led.raters[:1])
    assert "names no rater" not in answer_note(alone)
