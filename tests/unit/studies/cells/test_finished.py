"""A finished run is not made again, and anything that is missing or changed makes it again."""

import sqlite3
from pathlib import Path

import pytest

from credit_ml.studies import Study, run_study
from credit_ml.studies.cells import finished
from credit_ml.studies.written import write_results

#: What mlflow's own store says of the libraries below it.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

GIVEN = {
    "study": {
        "id": "tiny",
        "title": "Tiny",
        "question": "Is there a gap?",
        "prediction": "Yes.",
        "refutation": "No.",
        "seed": 1,
    },
    "world": {"name": "segregated", "citizens": 400},
    "raters": [{"agency": "council"}],
    "sensitive": ["hukou"],
    "resample_societies": 0,
    "explain": {"people": 50},
    "report": {"path": "tiny.html"},
}


def run(*, title="Tiny", track=False):
    study = Study.from_dict({**GIVEN, "study": {**GIVEN["study"], "title": title}})
    return run_study(study, track=track, progress=False, workers=1)


def written():
    return {path.name: path.stat().st_mtime_ns for path in Path().glob("tiny.*")}


@pytest.fixture
def first(tmp_path, monkeypatch):
    """Return what a first run found, in a folder of its own."""
    monkeypatch.chdir(tmp_path)
    # mlflow keeps a relative database open in the folder where it was first asked for.
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{tmp_path}/mlflow.db")
    monkeypatch.setattr("credit_ml.studies.run.write_all", write_briefly)
    return run()


def write_briefly(results, target):
    """Write the results, and their title for a page: what is drawn is tested elsewhere."""
    target.write_text(f"<h1>{results.title}")
    target.with_name(f"{target.stem}.explore.html").write_text("moves")
    return write_results(results, target.with_suffix(".json")), target


def test_a_finished_run_is_read_and_not_made_again(first):
    before = written()
    again = run()
    assert again.to_json() == first.to_json()
    assert written() == before


def test_pages_of_others_in_the_folder_are_none_of_a_runs(first):
    """Such as one to explore that was made of another run's results."""
    Path("other.explore.html").write_text("of another run")
    before = written()
    run()
    assert written() == before


def edited_page():
    Path("tiny.html").write_text("mine")


def no_page():
    Path("tiny.html").unlink()


def no_page_that_moves():
    Path("tiny.explore.html").unlink()


def edited_page_that_moves():
    Path("tiny.explore.html").write_text("mine")


def edited_results():
    path = Path("tiny.json")
    path.write_text(path.read_text().replace("Tiny", "Mine"))


def no_cell():
    next(Path("data/generated/run").glob("*/council*.json")).unlink()


def edited_note():
    note = next(Path("data/generated/run").glob("*/finished*.json"))
    note.write_text(note.read_text().replace(".html", ".other"))


@pytest.mark.parametrize(
    "change",
    [
        *(edited_page, no_page, no_page_that_moves, edited_page_that_moves),
        *(edited_results, no_cell, edited_note),
    ],
    ids=lambda f: f.__name__,
)
@pytest.mark.filterwarnings("ignore::credit_ml.studies.cells.store.ChangedCell")
def test_what_is_missing_or_changed_is_made_again(first, change):
    page = Path("tiny.html").read_bytes()
    change()
    before = written()
    again = run()
    assert again.to_json() == first.to_json()
    assert Path("tiny.html").read_bytes() == page
    assert written() != before


def test_another_title_or_other_code_is_another_page(first, monkeypatch):
    run(title="Other")
    assert "<h1>Other" in Path("tiny.html").read_text()
    before = written()
    monkeypatch.setattr(finished, "_package", lambda: "changed")
    run(title="Other")
    assert written() != before


def runs():
    with sqlite3.connect("mlflow.db") as store:
        return store.execute("SELECT count(*) FROM runs WHERE name = 'tiny'").fetchone()[0]


def test_a_record_is_kept_once_and_again_where_it_is_gone(first):
    run(track=True)
    assert runs() == 1
    before = written()
    run(track=True)
    assert (runs(), written()) == (1, before)
    with sqlite3.connect("mlflow.db") as store:
        store.execute("UPDATE runs SET lifecycle_stage = 'deleted'")
    run(track=True)
    assert runs() == 2


def test_an_open_run_becomes_the_parent_of_a_finished_one(first):
    import mlflow

    run(track=True)
    mlflow.set_tracking_uri(f"sqlite:///{Path.cwd()}/mlflow.db")
    mlflow.set_experiment("mine")
    with mlflow.start_run(run_name="mine"):
        run(track=True)
    assert runs() == 2
