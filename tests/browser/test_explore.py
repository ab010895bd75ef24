"""The page to explore: its numbers are those stored, a keyboard is enough, nobody is shut out."""

import json
import re
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

import credit_ml as cm
from credit_ml.cli.app import app
from credit_ml.core import InputError, StudyResults
from credit_ml.reports import write_explore, write_report
from credit_ml.studies import load_study
from credit_ml.studies.run import without_report
from tests.browser.conftest import SCREENS
from tests.browser.test_pages import IMAGE, QUOTES, SCRIPT, people  # noqa: F401

STUDY = """
sensitive = ["hukou", "gender"]
resample_societies = 0
[study]
id = "tiny"
title = "Tiny"
question = "Is there a gap?"
prediction = "Yes."
refutation = "No."
seed = 5
[world]
name = "baseline"
citizens = 600
[[raters]]
agency = "council"
[report]
path = "tiny.html"
[explore]
citizens = 12
"""


@pytest.fixture(scope="module")
def results(tmp_path_factory) -> StudyResults:
    """A small study as it is stored."""
    file = tmp_path_factory.mktemp("study") / "tiny.toml"
    file.write_text(STUDY)
    return StudyResults.from_json(without_report(load_study(file), workers=1).to_json())


@pytest.fixture(scope="module")
def explorable(results, tmp_path_factory):
    return write_explore(results, tmp_path_factory.mktemp("page") / "tiny.explore.html")


@pytest.fixture(scope="module")
def hostile(people, tmp_path_factory):  # noqa: F811
    """The page of a table whose every name wants to be more than text."""

    def score(X):
        return 1 / (1 + X[SCRIPT]) + 0.01 * X[QUOTES]

    found = cm.report(score, people, title=QUOTES, progress=False)
    found = replace(found, question=SCRIPT)
    found = replace(found, raters=(replace(found.raters[0], name=IMAGE),))
    return write_explore(found, tmp_path_factory.mktemp("hostile") / "explore.html")


@pytest.mark.parametrize(("width", "scheme"), SCREENS)
@pytest.mark.parametrize("kind", ["explorable", "hostile"])
def test_axe_finds_nothing_and_names_are_text(opened, request, kind, width, scheme):
    with opened(request.getfixturevalue(kind), width, scheme) as there:
        assert there.violations() == []
        there.unfold()
        there.page.locator("#threshold").press("End")
        assert there.violations() == []
        assert there.overflow <= 0
        assert there.messages == []
        assert there.requests == []
        assert there.page.locator("img").count() == 0


def test_a_table_of_ones_own_shows_groups_alone(opened, hostile):
    with opened(hostile) as there:
        assert "groups only" in there.page.locator("main").inner_text()
        assert there.page.locator("#citizen").count() == 0
        options = there.page.locator("#rater option").all_inner_texts()
        assert options == [IMAGE]
        assert SCRIPT in there.page.locator("#groups").inner_text()


def test_a_keyboard_moves_the_threshold_to_numbers_that_are_stored(opened, results, explorable):
    (rater,) = results.raters
    (curve,) = rater.of_kind("threshold_curve")
    with opened(explorable) as there:
        there.page.locator("#threshold").focus()
        before = there.page.locator("#said").inner_text()
        there.page.keyboard.press("ArrowRight")
        after = there.page.locator("#said").inner_text()
        assert before != after
        threshold = float(re.findall(r"[\d.]+", there.page.locator("#shown").inner_text())[0])
        assert (
            there.page.locator("#threshold")
            .get_attribute("aria-valuetext")
            .startswith(there.page.locator("#shown").inner_text())
        )
        rows = curve.where(sensitive="hukou", measure="selection_rate", threshold=threshold)
        shown = there.page.locator("#groups tbody tr").all_inner_texts()
        for group in ("urban", "rural"):
            fact = rows.where(group=group, quantity="value").table.iloc[0]
            ends = [f"{100 * fact[name]:.1f}" for name in ("estimate", "low", "high")]
            assert any(group.capitalize() in row and " % (".join(ends[:2]) in row for row in shown)


def test_every_citizen_is_shown_as_stored(opened, results, explorable):
    (rater,) = results.raters
    (found,) = rater.of_kind("sample_citizens")
    with opened(explorable) as there:
        assert there.page.locator("#citizen option").count() == 12
        for citizen in dict.fromkeys(found.table["citizen"]):
            own = found.where(citizen=citizen)
            score = own.where(measure="score").table["estimate"].item()
            assert f"{score:,.1f} points" in there.page.locator("#who").inner_text()
            told = there.page.locator("#responses tbody tr").all_inner_texts()
            rows = own.where(measure="score_after").table.to_dict("records")
            for row, text in zip(rows, told, strict=True):
                assert found.parameters["headings"][row["name"]] in text
                assert (row["text"] or "nothing") in text
                assert f"{row['estimate']:,.1f} points" in text
            there.page.locator("#after").press("Enter")


def test_reasons_lead_from_others_to_the_own_score(results):
    (rater,) = results.raters
    (found,) = rater.of_kind("sample_citizens")
    for _, own in found.table.groupby("citizen"):
        of = own.groupby("measure")["estimate"].sum()
        assert of["score"] - of["compared_with"] == pytest.approx(of["reason"], abs=1e-6)


def test_what_is_not_told_apart_is_not_stored(explorable):
    block = re.search(r'id="data">(.*?)</script>', explorable.read_text(), re.DOTALL)[1]
    assert "<" not in block
    assert set(json.loads(block)) == {"citizens", "outcome", "raters"}


def test_the_report_leads_to_it(results, explorable, tmp_path):
    report = write_report(results, tmp_path / "any.html")
    assert '<a href="any.explore.html">' in report.read_text()
    assert (tmp_path / "any.explore.html").read_bytes() == explorable.read_bytes()
    write_report(replace(results, settings={}), tmp_path / "other" / "any.html")
    assert [each.name for each in (tmp_path / "other").iterdir()] == ["any.html"]


def test_two_runs_of_one_study_have_a_page_each(results, explorable, tmp_path, monkeypatch):
    """Called as the file is that it was made of: the study's name is the same for both."""
    monkeypatch.chdir(tmp_path)
    for name in ("monday", "tuesday.again"):
        Path(f"{name}.json").write_text(results.to_json())
        told = CliRunner().invoke(app, ["explore", f"{name}.json"])
        assert (told.exit_code, told.stdout) == (0, f"wrote {name}.explore.html\n")
        assert Path(f"{name}.explore.html").read_bytes() == explorable.read_bytes()
    again = CliRunner().invoke(app, ["explore", "monday.json"])
    assert again.exit_code == 2
    assert "monday.explore.html: is there already" in again.stderr
    with pytest.raises(InputError, match=r"monday.explore.html: .*overwrite=True"):
        write_explore(results, "monday.explore.html")
    Path("monday.explore.html").write_text("mine")
    with pytest.raises(InputError, match=r"monday.explore.html: .*overwrite=True"):
        write_report(results, "monday.html")
    asked = ["report", "monday.json", "-o", "monday.html"]
    assert CliRunner().invoke(app, asked).exit_code == 2
    assert not Path("monday.html").exists()
    assert CliRunner().invoke(app, [*asked, "--force"]).exit_code == 0
    assert Path("monday.explore.html").read_bytes() == explorable.read_bytes()


def test_the_command_writes_it_or_says_on_one_line_what_is_missing(results, explorable, tmp_path):
    stored, page = tmp_path / "run.json", tmp_path / "page.html"
    stored.write_text(results.to_json())
    asked = ["explore", str(stored), "-o", str(page)]
    assert CliRunner().invoke(app, asked).exit_code == 0
    assert page.read_bytes() == explorable.read_bytes()
    assert CliRunner().invoke(app, asked).exit_code == 2  # it is there already
    stored.write_text(StudyResults(id="none", title="None").to_json())
    ended = CliRunner().invoke(app, [*asked, "--force"])
    assert ended.exit_code == 2
    assert "holds no rates by threshold; add [explore]" in ended.stderr
    assert page.read_bytes() == explorable.read_bytes()


def test_it_is_the_same_bytes_again_and_small(results, explorable, tmp_path):
    again = write_explore(results, tmp_path / "again.html")
    assert again.read_bytes() == explorable.read_bytes()
    assert explorable.stat().st_size < 2_000_000
