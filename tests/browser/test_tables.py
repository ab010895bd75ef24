"""Tables of a report in a browser: sorted and filtered by keyboard, downloaded as they are."""

import csv
import dataclasses
import re

import numpy as np
import pandas as pd
import pytest

import credit_ml as cm
from credit_ml.core import Dataset
from credit_ml.reports import write_report

FORMULA = "=cmd|' /C calc'!A0"
AT, QUOTED = "@SUM(1,1)", 'Quoted, "twice"'
#: What each name is in a file that a spreadsheet opens: text, and never computed.
SAFE = {FORMULA: f"'{FORMULA}", AT: f"'{AT}", QUOTED: QUOTED}


@pytest.fixture(scope="module")
def found():
    """Results on a table whose groups' names are formulas of a spreadsheet."""
    random = np.random.default_rng(1)
    late, pay = random.integers(0, 5, 600), random.integers(1, 9, 600)
    group = random.choice(list(SAFE), 600)
    kept = random.random(600) < 0.9 - 0.15 * late + 0.02 * pay
    frame = pd.DataFrame({"late": late, "pay": pay, "place": group, "paid": kept})
    data = Dataset.from_frame(frame, target="paid", favourable=True, sensitive=["place"])
    return cm.report(lambda X: 1 / (1 + X["late"]), data, title="=Formulas", progress=False)


@pytest.fixture(scope="module")
def page(found, tmp_path_factory):
    return write_report(found, tmp_path_factory.mktemp("tables") / "report.html")


def downloaded(there, table):
    """Return the rows of a table's file, as a reader of CSV reads them."""
    button = table.locator("xpath=../preceding-sibling::*[1]").get_by_role("button", name="CSV")
    with there.page.expect_download() as download:
        button.click()
    assert re.fullmatch(r"[\w-]+\.csv", download.value.suggested_filename)
    with open(download.value.path(), encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def cells(table, column):
    return table.locator(f"tbody tr:not(.block) > :nth-child({column})").all_inner_texts()


def test_a_file_holds_the_stored_rows_and_no_formula(opened, found, page):
    (audit,) = found.raters[0].of_kind("audit")
    with opened(page) as there:
        there.unfold()
        table = there.page.locator("table", has_text="Refusal rate").first
        rows = {row["Group"]: row for row in downloaded(there, table)}
        stored = audit.where(sensitive="place", measure="refusal_rate", quantity="value").table
        assert set(SAFE.values()) <= set(rows)
        for fact in stored.to_dict("records"):
            row = rows[SAFE[fact["group"]]]
            assert row["Part"] == "Place"
            assert int(row["People"]) == fact["people"]
            for name, end in (("", "estimate"), (", low", "low"), (", high", "high")):
                shown = row[f"Refusal rate [%]{name}"]
                digits = len(shown.partition(".")[2])
                assert float(shown) == pytest.approx(100 * fact[end], abs=0.51 * 10**-digits)
        # A browser asks back after ten files of one page.
        for other in there.page.locator("table").all()[:8]:
            for row in downloaded(there, other):
                for cell in (*row, *row.values()):
                    assert re.fullmatch(r"[-+]?[\d.]+", cell) or not re.match(r"[=+\-@\t\r]", cell)
        assert there.messages == []
        assert [each for each in there.requests if not each.startswith("blob:")] == []


def test_a_keyboard_sorts_up_down_and_as_it_was(opened, page):
    with opened(page) as there:
        there.unfold()
        table = there.page.locator("table", has_text="Refusal rate").first
        before = cells(table, 2)
        assert len(set(before)) > 2
        head = table.locator("thead th").nth(1)
        head.get_by_role("button").focus()
        states = []
        for _ in range(3):
            there.page.keyboard.press("Enter")
            numbers = [float(each.replace(",", "")) for each in cells(table, 2)]
            # Everybody's own body stays above the groups'.
            states.append((head.get_attribute("aria-sort"), numbers[1:]))
        assert states[0] == ("ascending", sorted(states[0][1]))
        assert states[1] == ("descending", sorted(states[0][1], reverse=True))
        assert states[2][0] is None
        assert cells(table, 2) == before
        there.page.keyboard.press("Space")
        assert head.get_attribute("aria-sort") == "ascending"
        words = table.locator("thead th").first
        words.get_by_role("button").press("Enter")
        assert words.get_attribute("aria-sort") == "ascending"
        assert head.get_attribute("aria-sort") is None
        assert there.violations() == []


def test_long_tables_alone_filter_and_a_link_brings_a_row_back(opened, page):
    with opened(page) as there:
        there.unfold()
        for table in there.page.locator(".scroll > table").all():
            rows = table.locator("tbody tr:not(.block)").count()
            tools = table.locator("xpath=../preceding-sibling::*[1]")
            assert tools.locator("input").count() == (rows > 12)
        table = there.page.locator("table:has([id^='row-'])", has_text="Ratio").first
        tools = table.locator("xpath=../preceding-sibling::*[1]")
        tools.locator("input").fill("nothing of the kind")
        assert table.locator("tbody tr:not(.block):visible").count() == 0
        assert tools.get_by_role("status").inner_text().startswith("0 of ")
        assert there.violations() == []
        tools.locator("input").fill("false negative")
        shown = table.locator("tbody tr:not(.block):visible").all_inner_texts()
        assert shown
        assert all("false negative" in each.lower() for each in shown)
        tools.locator("input").fill("nothing of the kind")
        anchor = table.locator("[id^='row-']").first.get_attribute("id")
        there.page.evaluate(f"location.hash = '{anchor}'")
        there.page.wait_for_function(f"document.getElementById('{anchor}').offsetParent !== null")
        assert tools.locator("input").input_value() == ""


def test_print_cuts_no_table(opened, page):
    with opened(page, width=673) as there:  # an A4 sheet less its margins
        there.page.emulate_media(media="print")
        there.unfold()
        assert there.overflow <= 0
        cut = "each => each.getBoundingClientRect().right > document.body.clientWidth + 1"
        tables = there.page.locator("table")
        assert not any(tables.nth(place).evaluate(cut) for place in range(tables.count()))
        assert there.page.locator(".tools:visible").count() == 0


def test_without_a_script_every_table_is_whole(chromium, page):
    context = chromium.new_context(java_script_enabled=False)
    there = context.new_page()
    there.goto(page.as_uri())
    assert there.locator(".tools").count() == 0
    assert there.locator("thead button").count() == 0
    assert there.locator("tbody tr[hidden]").count() == 0
    assert there.locator("table").count() > 5
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_headings_and_figures_lead_to_themselves(opened, page, scheme):
    with opened(page, scheme=scheme) as there:
        there.unfold()
        heads = there.page.locator("main h2, main figcaption, .answer h2")
        assert heads.count() > 8
        for place in range(heads.count()):
            link = heads.nth(place).locator("a.anchor")
            name = link.inner_text()
            assert name.strip()
            target = link.get_attribute("href")
            assert there.page.locator(target).count() == 1
            opacity = "each => getComputedStyle(each, '::after').opacity"
            there.page.mouse.move(0, 0)
            assert link.evaluate(opacity) == "0"
            there.page.keyboard.press("Tab")  # focus that came by keyboard is shown
            link.focus()
            assert link.evaluate(opacity) == "1"
            link.blur()
            link.hover()
            assert link.evaluate(opacity) == "1"


def test_how_to_cite_is_on_the_page(opened, found, page, tmp_path):
    with opened(page) as there:
        there.unfold()
        cited = there.page.get_by_label("Citation in BibTeX").inner_text()
        assert "title = {{=Formulas}}" in cited
        assert found.data["digest"][:12] in cited
        assert found.provenance["configuration"][:12] in cited
    code = {"commit": "a1" * 20, "date": "2026-02-03", "changed": False}
    told = dataclasses.replace(found, provenance={**found.provenance, "code": code})
    with opened(write_report(told, tmp_path / "told.html")) as there:
        there.unfold()
        plain = there.page.get_by_label("Citation as text").inner_text()
        assert "commit a1a1a1a1a1a1 of 2026-02-03" in plain
        assert "year = {2026}" in there.page.get_by_label("Citation in BibTeX").inner_text()
        assert "a1" * 20 in there.page.locator("#provenance").inner_text()
