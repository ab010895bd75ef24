"""A command asked for again says what it said before, unless anything at all has changed."""

import json
import os
import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from typer.testing import CliRunner

from credit_ml.cli.app import app
from credit_ml.core.provenance import digest
from credit_ml.studies import run_study
from credit_ml.studies.cells import again, finished
from credit_ml.studies.cells.again import AskedAgain
from credit_ml.studies.cells.store import Cells
from credit_ml.studies.written import write_results

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

STUDY = """
sensitive = ["hukou"]
resample_societies = 0
[study]
id = "tiny"
title = "Tiny"
question = "Is there a gap?"
prediction = "Yes."
refutation = "No."
seed = 1
[world]
name = "beside.toml"
citizens = 400
[[raters]]
agency = "office.toml"
[explain]
people = 50
[report]
path = "tiny.html"
"""
SAID = ["audit checks: what was said"]


@pytest.fixture
def asked(tmp_path, monkeypatch):
    """Return a study of files beside each other, asked for once."""
    home = Path(again.__file__).parents[2]
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{tmp_path}/mlflow.db")
    monkeypatch.setattr("credit_ml.studies.run.write_all", write_briefly)
    for name, kind in (
        ("beside.toml", "society/worlds/segregated"),
        ("office.toml", "agencies/catalogue/council"),
    ):
        Path(name).write_text((home / f"{kind}.toml").read_text("utf-8"), "utf-8")
    Path("tiny.toml").write_text(STUDY)
    one = AskedAgain("run", Path("tiny.toml"), None, None)
    ask(one)
    return one


def write_briefly(results, target):
    target.write_text(f"<h1>{results.title}")
    return write_results(results, target.with_suffix(".json")), target


def ask(one, *, track=False):
    with one.noting() as said:
        run_study(one.study, track=track, progress=False, workers=1)
        said += SAID


def test_what_was_said_is_said_again(asked):
    assert asked.finished(track=False) == (Path("tiny.html"), SAID)


def test_of_a_run_that_was_only_found_a_note_is_kept_too(asked):
    other = AskedAgain("run", Path("tiny.toml").absolute(), Path("data/generated/run"), None)
    assert other.finished(track=False) is None
    with other.noting() as said:
        run_study(asked.study, folder=other.folder, track=False, progress=False, workers=1)
        said += SAID
    assert other.finished(track=False) == (Path("tiny.html"), SAID)


def edited(name):
    def edit():
        path = Path(name)
        path.write_text(path.read_text() + "\n")

    edit.__name__ = name
    return edit


def no_page():
    Path("tiny.html").unlink()


def no_cell():
    next(Path("data/generated/run").glob("*/council*.json")).unlink()


def no_note_of_the_run():
    next(Path("data/generated/run").glob("*/finished*.json")).unlink()


def edited_note():
    note = next(Path("data/generated/asked").glob("*/asked*.json"))
    note.write_text(note.read_text().replace(SAID[0], "mine"))


@pytest.mark.parametrize(
    "change",
    [
        *map(edited, ("tiny.toml", "beside.toml", "office.toml", "tiny.html", "tiny.json")),
        *(no_page, no_cell, no_note_of_the_run, edited_note),
    ],
    ids=lambda change: change.__name__,
)
def test_whatever_is_missing_or_changed_is_known_by_nobody(asked, change):
    change()
    assert asked.finished(track=False) is None


def test_other_code_is_another_run(asked, monkeypatch):
    monkeypatch.setattr(finished, "_package", lambda: "changed")
    assert asked.finished(track=False) is None


def test_instruments_of_other_packages_are_asked_themselves(asked, monkeypatch):
    monkeypatch.setattr(again, "entry_points", lambda group: [group])
    assert asked.finished(track=False) is None
    Path("tiny.html").unlink()
    before = sorted(Path("data/generated/asked").rglob("*.json"))
    ask(asked)
    assert sorted(Path("data/generated/asked").rglob("*.json")) == before


def test_a_record_is_wanted_where_one_is_asked_for(asked):
    assert asked.finished(track=True) is None
    ask(asked, track=True)
    assert asked.finished(track=True) == (Path("tiny.html"), SAID)
    with sqlite3.connect("mlflow.db") as store:
        store.execute("UPDATE runs SET lifecycle_stage = 'deleted'")
    assert asked.finished(track=True) is None


def test_a_failed_run_leaves_no_note(asked):
    Path("tiny.toml").write_text(STUDY.replace("office.toml", "absent.toml"))
    other = AskedAgain("run", Path("tiny.toml"), Path("cells"), None)
    with pytest.raises(Exception, match="absent"), other.noting():
        run_study(other.study, track=False, progress=False)
    assert not list(Path("cells").rglob("asked*"))


def test_another_folder_or_a_file_called_as_a_study_is_another_question(asked, tmp_path):
    of_a_name = AskedAgain("run", Path("wechat"), None, None)
    before = of_a_name._cells
    Path("wechat").write_text(STUDY)
    assert of_a_name._cells != before
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    os.chdir(elsewhere)
    assert AskedAgain("run", Path("tiny.toml"), None, None).finished(track=False) is None


def test_a_finished_run_is_said_without_loading_what_computes(asked):
    script = (
        "import sys\n"
        "from credit_ml.cli import main\n"
        "sys.argv = ['credit-ml', 'run', 'tiny.toml', '--no-track']\n"
        "try:\n    main()\n"
        "except SystemExit as end:\n    assert not end.code, end.code\n"
        "print(sorted({'pandas', 'scipy', 'sklearn', 'numba', 'mlflow'} & set(sys.modules)))\n"
    )
    told = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True
    )
    wanted = ["tiny.html was finished: nothing was made again", *SAID, "[]"]
    assert told.stdout.splitlines() == wanted


def test_a_note_is_read_back_as_it_was_kept(asked):
    content = asked._cells.read("asked.json")
    note = json.loads(content)
    run = again._from_values(note["run"])
    assert (run.target, run.stands(track=False)) == (Path("tiny.html"), True)
    assert note["runs"] == digest(finished.as_it_runs())
    assert isinstance(run.cells, Cells)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--dask", "nowhere"], "--dask"),
        (["--dry-run"], "would write tiny.html"),
        (["--list"], "council"),
        (["--strict"], "tiny.html"),
    ],
    ids=lambda one: one[0] if isinstance(one, list) else "",
)
def test_another_wish_than_a_plain_run_is_answered_by_what_can(asked, words, said):
    found = CliRunner().invoke(app, ["run", "tiny.toml", "--no-track", "--quiet", *words])
    assert said in found.output
    assert SAID[0] not in found.output


def test_a_page_that_this_very_run_wrote_needs_no_force(asked):
    ask(replace(asked, output=Path("tiny.html")))
    told = ["run", "tiny.toml", "--no-track", "-o", "tiny.html"]
    found = CliRunner().invoke(app, told)
    assert (found.exit_code, found.output.splitlines()[1:]) == (0, SAID)
    Path("tiny.html").write_text("mine")
    found = CliRunner().invoke(app, told)
    assert (found.exit_code, Path("tiny.html").read_text()) == (2, "mine")


def test_a_study_and_a_nation_of_one_file_are_two_questions(asked):
    assert replace(asked, command="nation").finished(track=False) is None
