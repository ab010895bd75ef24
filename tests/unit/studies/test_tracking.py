"""The record of a run: a store that fails takes nothing with it, one that moved still reads."""

import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from credit_ml.core import StudyError, interruption
from credit_ml.studies import Study, audit_table, run_study, stored_results, tracking
from credit_ml.studies.record import store as record_store

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


def test_a_finding_without_a_figure_is_recorded_as_the_others_are(place, recwarn):
    run_study(Study.from_dict(GIVEN | {"explore": {}}), progress=False)
    assert not [each for each in recwarn if "no whole record" in str(each.message)]
    with sqlite3.connect(place / "mlflow.db") as store:
        assert {status for (status,) in store.execute("SELECT status FROM runs")} == {"FINISHED"}


def test_a_store_that_fails_takes_nothing_with_it(place, monkeypatch):
    from mlflow.exceptions import MlflowException

    def dies(record, results):
        raise MlflowException("the server has gone")

    monkeypatch.setattr(tracking._Mlflow, "_input", dies)
    with pytest.warns(UserWarning, match=r"has gone.*nothing is lost: .*tiny\.html") as warned:
        made = run_study(Study.from_dict(GIVEN), progress=False)
    assert len(warned) == 1, [str(each.message) for each in warned]
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


@given(st.lists(st.text(min_size=1, max_size=400), min_size=2, max_size=8, unique=True))
@example(["revenu €", "revenu $", "revenu _"])
@example(["a//b", "a/b", "a/./b", "/a/b", "../b"])
@example(["收" * 200 + "一", "收" * 200 + "二", "收入"])
def test_two_names_never_share_a_key_that_mlflow_takes(names):
    from mlflow.utils.validation import _validate_metric_name

    keys = [tracking.tracking_key(name) for name in names]
    assert len(set(keys)) == len(names)
    for key in keys:
        _validate_metric_name(key)
        assert len(key.encode()) <= 250


def test_a_database_is_whole_or_absent_and_another_is_never_replaced(place, monkeypatch):
    mlflow = record_store.quiet_mlflow()
    store = place / "mlflow.db"

    def dies(*args, **options):
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("mlflow.store.tracking.sqlalchemy_store.SqlAlchemyStore", dies)
        with pytest.raises(KeyboardInterrupt):
            record_store.make_store(mlflow)
    assert not list(place.iterdir())
    with monkeypatch.context() as patched:  # another makes one meanwhile
        patched.setattr(record_store.os.path, "lexists", lambda path: False)
        store.write_bytes(b"theirs")
        record_store.make_store(mlflow)
    assert store.read_bytes() == b"theirs"
    assert [path.name for path in place.iterdir()] == ["mlflow.db"]


def test_a_database_that_nobody_finished_is_said_in_one_line(place):
    with sqlite3.connect(place / "mlflow.db") as store:
        store.execute("CREATE TABLE experiments (name TEXT)")
    with pytest.warns(UserWarning, match=r"nobody finished; move it away.*all the same") as warned:
        run_study(Study.from_dict(GIVEN), progress=False)
    assert len(warned) == 1
    assert (place / "reports" / "tiny.html").exists()


def test_a_run_of_a_process_that_is_dead_is_closed_by_the_next(place):
    from mlflow import MlflowClient

    run_study(Study.from_dict(GIVEN), progress=False)
    client = MlflowClient()
    experiment = client.get_experiment_by_name("credit_ml.tiny").experiment_id
    host, _, rest = record_store.this_process().partition(" ")
    left = {
        "dead": f"{host} {rest}1",
        "living": record_store.this_process(),
        "elsewhere": f"not-{host} {rest}1",
    }
    runs = {
        name: client.create_run(experiment, tags={record_store.PROCESS: tag}).info.run_id
        for name, tag in left.items()
    }
    record_store.close_dead("credit_ml.tiny")
    now = {name: client.get_run(run).info.status for name, run in runs.items()}
    assert now == {"dead": "KILLED", "living": "RUNNING", "elsewhere": "RUNNING"}


@pytest.mark.skipif(sys.platform == "win32", reason="there are no signals to send")
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
def test_a_signal_in_the_midst_of_a_write_ends_the_run_as_killed(place, monkeypatch, sent):
    from mlflow import MlflowClient
    from sqlalchemy.orm import loading

    before = {each: signal.signal(each, was) for each, was in interruption._PLAIN.items()}
    write, read, still = MlflowClient.log_batch, loading.instances, []

    def writing(*args, **options):
        still.append(sent)
        write(*args, **options)

    def signalled(cursor, *more):
        if still:  # the database is locked, and a cursor is open that the error would hold
            os.kill(os.getpid(), still.pop())
        return read(cursor, *more)

    def job():
        with tracking.tracked("tiny", {"a": 1}, digest="0", question="Q?", enabled=True):
            pytest.fail("went on after a signal")

    monkeypatch.setattr(MlflowClient, "log_batch", writing)
    monkeypatch.setattr(loading, "instances", signalled)
    try:
        with interruption.listening(), pytest.raises(KeyboardInterrupt):
            job()
    finally:
        for each, was in before.items():
            signal.signal(each, was)
    with sqlite3.connect(place / "mlflow.db") as store:
        assert list(store.execute("SELECT status FROM runs")) == [("KILLED",)]


def test_runs_and_models_read_themselves(place, capfd):
    from mlflow import MlflowClient

    asked = GIVEN | {"raters": [SESAME]}
    asked["study"] = GIVEN["study"] | {"question": "Is there\na gap?\n"}
    results = run_study(Study.from_dict(asked), progress=False)
    assert capfd.readouterr().err == ""  # mlflow has no word for each model on the terminal
    client = MlflowClient()
    described = client.get_experiment_by_name("credit_ml.tiny")
    assert described.tags["mlflow.experimentKind"] == "custom_model_development"
    assert described.tags["mlflow.note.content"] == "Is there a gap?"
    experiment = described.experiment_id
    names = {run.info.run_name: run for run in client.search_runs([experiment])}
    assert set(names) == {
        "tiny",
        "sesame-scorecard",
        *(f"sesame-scorecard, {regime}" for regime in ("nothing", "factors", "full")),
    }
    parents = {name: run.data.tags.get("mlflow.parentRunId") for name, run in names.items()}
    assert parents["tiny"] is None
    assert parents["sesame-scorecard"] == names["tiny"].info.run_id
    assert parents["sesame-scorecard, full"] == names["sesame-scorecard"].info.run_id
    # Each page says which part of the study it is, the question in one line.
    notes = {name: run.data.tags["mlflow.note.content"] for name, run in names.items()}
    assert len(set(notes.values())) == len(names)
    assert notes.pop("tiny") == "Is there a gap?"
    assert all(note.endswith(", of the study: Is there a gap?") for note in notes.values())
    assert notes["sesame-scorecard, full"].startswith("sesame (scorecard), regime 'full'")
    for run in names.values():
        assert run.data.tags["credit_ml.command"] == "credit-ml run tiny.toml"
        (people,) = run.inputs.dataset_inputs
        assert results.data["digest"].startswith(people.dataset.digest)
        own = {each for each in run.data.tags if not each.startswith("mlflow.")}
        assert own <= {"credit_ml.command", "credit_ml.configuration"}
    # Regimes stand in one table: what is measured of each has one name, and so one column.
    told = [set(names[f"sesame-scorecard, {each}"].data.metrics) for each in ("factors", "full")]
    assert told[0] == told[1]
    assert "disclosure.score_gap_after.hukou.rural" in told[0]
    # What a regime's own run says, its rater's does not say again.
    rater = names["sesame-scorecard"]
    assert not any(name.startswith("disclosure.full.") for name in rater.data.metrics)
    assert "fairness.selection_rate.overall" in rater.data.metrics
    listed = {
        folder: [each.path for each in client.list_artifacts(rater.info.run_id, folder)]
        for folder in ("figures", "tables", "findings")
    }
    assert "figures/audit_1.svg" in listed["figures"]
    shown = json.loads(rater.data.tags["mlflow.loggedArtifacts"])
    assert sorted(each["path"] for each in shown) == sorted(listed["tables"])
    assert len(listed["findings"]) == len(listed["tables"])
    assert not names["tiny"].data.tags["credit_ml.configuration"].startswith(people.dataset.digest)
    (model,) = client.search_registered_models()
    assert model.name == "credit_ml.tiny.sesame-scorecard"
    assert model.description.endswith("Is there a gap?")
    (logged,) = client.search_logged_models([experiment])
    assert logged.name == "sesame-scorecard"
    # A logged model's page says what it is, that it is registered, and how good on whom.
    assert logged.tags["mlflow.note.content"] == model.description
    assert json.loads(logged.tags["mlflow.modelVersions"]) == [{"name": model.name, "version": "1"}]
    assert logged.params == {"agency": "sesame", "scorer": "scorecard"}
    measured = {each.key: each for each in logged.metrics}
    assert measured["quality.auc"].value == rater.data.metrics["quality.auc"]
    assert not any("hukou" in name for name in measured)
    assert measured["quality.auc"].dataset_digest == people.dataset.digest
    (version,) = client.search_model_versions(f"name = '{model.name}'")
    assert version.source == f"models:/{logged.model_id}"
    assert version.run_id == names["sesame-scorecard"].info.run_id
    # What somebody wrote about an experiment stays when the study is run again.
    client.set_experiment_tag(experiment, "mlflow.note.content", "Ours.")
    with tracking.tracked("tiny", {}, digest="0", question="Else?", enabled=True):
        pass
    assert client.get_experiment(experiment).tags["mlflow.note.content"] == "Ours."


SESAME = {"agency": "sesame", "scorers": ["scorecard"]}
#: Reads a model where nothing but the model itself holds this package, and predicts.
ELSEWHERE = """
import json, sys, warnings
from importlib.util import find_spec
from pathlib import Path

sys.meta_path = [each for each in sys.meta_path if "editable" not in str(each).lower()]
sys.path = [each for each in sys.path if not Path(each or ".", "credit_ml").is_dir()]
assert find_spec("credit_ml") is None
warnings.simplefilter("ignore")
import mlflow, pandas as pd

model = mlflow.sklearn.load_model(sys.argv[1])
example = mlflow.models.Model.load(sys.argv[1]).load_input_example(sys.argv[1])
assert Path(sys.modules["credit_ml"].__file__).is_relative_to(sys.argv[1])
print(json.dumps([example.to_dict("list"), model.predict_proba(example).tolist()]))
"""


def test_a_logged_model_predicts_the_same_where_the_package_is_absent(place, tmp_path):
    import mlflow

    run_study(Study.from_dict(GIVEN | {"raters": [SESAME]}), progress=False)
    logged = mlflow.artifacts.download_artifacts(
        "models:/credit_ml.tiny.sesame-scorecard/1", dst_path=str(tmp_path / "model")
    )
    outside = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    job = subprocess.run(
        [sys.executable, "-P", "-c", ELSEWHERE, logged],
        cwd=tmp_path,
        env=outside,
        capture_output=True,
        text=True,
        check=False,
    )
    assert job.returncode == 0, job.stderr
    rows, predicted = json.loads(job.stdout.splitlines()[-1])
    here = mlflow.sklearn.load_model(logged)
    assert here.predict_proba(pd.DataFrame(rows)).tolist() == predicted


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
        record_store.refuse_dead_store(record.mlflow, "start it")

    monkeypatch.setattr(tracking._Mlflow, "_keep", silent)
    before = time.monotonic()
    with pytest.warns(UserWarning, match=r"does not answer.*nothing is lost: results"):
        made = audit_table(TABLE, **asked)
    assert made.raters
    assert time.monotonic() - before < 60
