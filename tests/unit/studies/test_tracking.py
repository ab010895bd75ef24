"""The record of a run: a store that fails takes nothing with it, one that moved still reads."""

import sqlite3
import time

import pytest

from credit_ml.core import StudyError
from credit_ml.studies import Study, run_study, stored_results, tracking

#: What mlflow's own store says of the libraries below it.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")

GIVEN = {
    "study": {"id": "tiny", "title": "Tiny", "question": "Is there a gap?", "prediction": "Yes.",
              "refutation": "No.", "seed": 1},
    "world": {"name": "segregated", "citizens": 400},
    "raters": [{"agency": "council"}],
    "sensitive": ["hukou"],
    "resample_societies": 0,
    "explain": {"people": 50},
    "disclosure": {"people": 60},
    "report": {"path": "reports/tiny.html"},
}  # fmt: skip


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
    with pytest.raises(StudyError, match=r"has gone.*nothing is lost: .*tiny\.html"):
        run_study(Study.from_dict(GIVEN), progress=False)
    kept = stored_results(str(place / "reports" / "tiny.json"))
    assert kept.id == "tiny"
    assert (place / "reports" / "tiny.html").exists()


def test_a_server_that_is_down_is_said_soon(monkeypatch):
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://127.0.0.1:9")
    before = time.monotonic()
    with pytest.raises(StudyError, match="does not answer"):
        stored_results("0123456789abcdef")
    assert time.monotonic() - before < 10
