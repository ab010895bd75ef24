"""The record of a run: a store that fails takes nothing with it, one that moved still reads."""

import socket
import sqlite3
import time
from pathlib import Path

import pandas as pd
import pytest

from credit_ml.core import StudyError
from credit_ml.studies import Study, audit_table, run_study, stored_results, tracking

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
    "disclosure": {"people": 60},
    "report": {"path": "reports/tiny.html"},
}


@pytest.fixture
def place(tmp_path, monkeypatch):
    folder = tmp_path / "before"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{folder}/mlflow.db")
    return folder


def test_a_store_whose_folder_moved_still_reads(place, tmp_path, monkeypatch):
    made = run_study(Study.from_dict(GIVEN), progress=False)
    with sqlite3.connect(place / "mlflow.db") as store:
        ((run,),) = store.execute("SELECT run_uuid FROM runs WHERE name = 'tiny'")
    assert stored_results(run).to_json() == made.to_json()
    moved = place.rename(tmp_path / "after")
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{moved}/mlflow.db")
    assert stored_results(run).to_json() == made.to_json()


def test_a_store_that_fails_takes_nothing_with_it(place, monkeypatch):
    from mlflow.exceptions import MlflowException

    def dies(record, results):
        raise MlflowException("the server has gone")

    monkeypatch.setattr(tracking._Mlflow, "_input", dies)
    with pytest.warns(UserWarning, match=r"has gone.*nothing is lost: .*tiny\.html") as warned:
        made = run_study(Study.from_dict(GIVEN), progress=False)
    assert len(warned) == 1
    kept = stored_results(str(place / "reports" / "tiny.json"))
    assert kept.to_json() == made.to_json()
    assert (place / "reports" / "tiny.html").exists()
    with sqlite3.connect(place / "mlflow.db") as store:
        assert list(store.execute("SELECT status FROM runs")) == [("FAILED",)]


TABLE = pd.DataFrame(
    {"late": [0, 1, 2, 3] * 25, "sex": ["f", "m"] * 50, "paid": [1, 1, 0, 1, 1, 0, 0, 0, 1, 1] * 10}
)


@pytest.mark.parametrize("there", ["a file of another kind", "a folder", "no folder to write to"])
def test_what_stands_in_the_place_of_the_store_costs_one_warning(tmp_path, monkeypatch, there):
    monkeypatch.chdir(tmp_path)
    store = tmp_path / "mlflow.db"
    if there == "a file of another kind":
        store.write_text("a shopping list\n" * 200)
    elif there == "a folder":
        store.mkdir()
    else:
        store = Path("/proc/self/mlflow.db")  # where root cannot write either
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{store}")
    asked = {"target": "paid", "sensitive": "sex", "folds": 2, "progress": False}
    before = time.monotonic()
    with pytest.warns(UserWarning, match=r"kept no whole record .*all the same") as warned:
        made = audit_table(TABLE, **asked, output="page.html")
    assert len(warned) == 1
    assert time.monotonic() - before < 60
    assert made.to_json() == audit_table(TABLE, **asked, track=False).to_json()
    assert stored_results("page.json").to_json() == made.to_json()
    assert not store.is_file() or "a shopping list" in store.read_text()


@pytest.fixture
def black_hole():
    """Yield the address of a server that takes calls and never answers."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield f"http://127.0.0.1:{server.getsockname()[1]}"


@pytest.mark.parametrize("down", ["closed", "silent"])
def test_a_server_that_is_down_is_said_soon(monkeypatch, tmp_path, black_hole, down):
    monkeypatch.chdir(tmp_path)
    address = "http://127.0.0.1:9" if down == "closed" else black_hole
    monkeypatch.setenv("MLFLOW_TRACKING_URI", address)
    before = time.monotonic()
    with pytest.raises(StudyError, match="does not answer within 5 s"):
        stored_results("0123456789abcdef")
    with pytest.raises(StudyError, match=r"does not answer .* or keep no record \(--no-track\)"):
        audit_table(TABLE, target="paid", sensitive="sex", output="page.html")
    assert time.monotonic() - before < 2 * 10
    assert list(tmp_path.iterdir()) == []


def test_a_server_that_falls_silent_at_work_takes_nothing(place, black_hole, monkeypatch):
    asked = {"target": "paid", "sensitive": "sex", "folds": 2, "progress": False}

    def silent(record, results, files, models):
        record.mlflow.set_tracking_uri(black_hole)
        tracking.refuse_dead_store(record.mlflow, "start it")

    monkeypatch.setattr(tracking._Mlflow, "_keep", silent)
    before = time.monotonic()
    with pytest.warns(UserWarning, match=r"does not answer.*nothing is lost: results"):
        made = audit_table(TABLE, **asked)
    assert made.raters
    assert time.monotonic() - before < 60
