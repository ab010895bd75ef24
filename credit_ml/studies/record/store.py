"""Where mlflow keeps runs: a database that is whole or absent, or a server that answers."""

import logging
import os
import socket
import sqlite3
import warnings
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from credit_ml.core import StudyError
from credit_ml.core.files import whole

#: Where a run is kept when nothing else is set.
DEFAULT_STORE = "sqlite:///mlflow.db"
#: Tag that says which process a run is of, so that the next closes it when that is dead.
PROCESS = "credit_ml.process"
#: Seconds that a tracking server has to answer.
PATIENCE = 5.0
#: What mlflow is told of how often, and for how many seconds, to ask a server.
WAITS = ("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "MLFLOW_HTTP_REQUEST_TIMEOUT")
#: Parts of mlflow, and of what it stands on, that tell of every step.
_NOISY = (
    "alembic",
    "mlflow.store.db.utils",
    "mlflow.store.model_registry.abstract_store",
    "mlflow.tracking._model_registry.client",
    "mlflow.tracking._model_registry.fluent",
    "mlflow.tracking.fluent",
    "mlflow.sklearn",
)


@dataclass(frozen=True)
class KeptRecord:
    """A run as its tracker keeps it."""

    store: str
    run_id: str


def place_of(mlflow: Any) -> str:
    """Say where runs are kept."""
    return f"mlflow at {mlflow.get_tracking_uri()}"


def local_store(mlflow: Any) -> Path | None:
    """Return the database or the folder of runs on this machine; None for a server."""
    scheme, _, path = mlflow.get_tracking_uri().rpartition("sqlite:///")
    return Path(path) if path and not scheme and "://" not in path else None


def _database(mlflow: Any) -> Path | None:
    """Return the database of runs on this machine, where that is what keeps them."""
    return local_store(mlflow) if mlflow.get_tracking_uri().startswith("sqlite") else None


def make_store(mlflow: Any) -> None:
    """Make a database that is whole or absent; of two first runs at once either's stays."""
    store = _database(mlflow)
    if store is None or os.path.lexists(store) or not os.access(store.parent, os.W_OK):
        return
    from mlflow.store.tracking import DEFAULT_LOCAL_FILE_AND_ARTIFACT_PATH
    from mlflow.store.tracking.sqlalchemy_store import SqlAlchemyStore

    make: Any = SqlAlchemyStore

    with whole(store, over=False) as part:
        made = make(f"sqlite:///{part}", DEFAULT_LOCAL_FILE_AND_ARTIFACT_PATH)
        made.engine.dispose()


def try_store(mlflow: Any) -> None:
    """Raise at once where a database cannot be used; mlflow itself would try for minutes."""
    store = _database(mlflow)
    if store is None:
        return
    with closing(sqlite3.connect(store, timeout=PATIENCE)) as database:
        database.execute("PRAGMA schema_version").fetchone()
        database.execute("BEGIN IMMEDIATE")
        found = database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
        tables = {name for (name,) in found}
    if tables and not tables >= {"runs", "alembic_version"}:
        problem, remedy = "is a database that nobody finished", "move it away: a new one is made"
        raise StudyError(str(store), problem, remedy)


def close_dead(experiment: str) -> None:
    """End runs as KILLED whose process on this machine was killed outright."""
    from mlflow import MlflowClient

    client = MlflowClient()
    found = client.get_experiment_by_name(experiment)
    running = "attributes.status = 'RUNNING'"
    for run in client.search_runs([found.experiment_id], running) if found else ():
        if _is_dead(run.data.tags.get(PROCESS, "")):
            client.set_terminated(run.info.run_id, "KILLED")


def this_process() -> str:
    """Return what tells this process from all others of this machine."""
    return f"{socket.gethostname()} {os.getpid()} {_started(os.getpid())}"


def _started(process: int | str) -> str:
    """Return when a process started, in the system's ticks; nothing where there is none."""
    try:
        return Path(f"/proc/{process}/stat").read_text("utf-8").rpartition(")")[2].split()[19]
    except OSError:
        return ""


def _is_dead(process: str) -> bool:
    """Whether a process of this machine, by its tag, is gone; where nobody can say, it is not."""
    host, _, rest = process.partition(" ")
    number, _, started = rest.partition(" ")
    return host == socket.gethostname() and bool(started) and _started(number) != started


def refuse_dead_store(mlflow: Any, remedy: str) -> None:
    """Say within seconds that a server is down; mlflow itself would try for minutes."""
    import requests

    server = mlflow.get_tracking_uri()
    if not server.startswith("http"):
        return
    try:
        # Whatever it answers, it answers: no password is sent, and no page is read.
        with warnings.catch_warnings(action="ignore"):
            requests.get(f"{server}/health", timeout=PATIENCE, stream=True, verify=False).close()
    except requests.RequestException as error:
        problem = f"does not answer within {PATIENCE:g} s ({type(error).__name__})"
        raise StudyError(place_of(mlflow), problem, remedy) from error


def quiet_mlflow() -> Any:
    """Return mlflow, which waits less, says less, and keeps runs where the user says."""
    # What was computed is written already; a server that died is not worth minutes.
    for name, most in zip(WAITS, ("1", "30"), strict=True):
        os.environ.setdefault(name, most)
    os.environ.setdefault("MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR", "false")
    for noisy in _NOISY:
        logging.getLogger(noisy).setLevel(logging.ERROR)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import mlflow
        import mlflow.sklearn
    if mlflow.active_run() is None:
        mlflow.set_tracking_uri(os.environ.get("MLFLOW_TRACKING_URI") or DEFAULT_STORE)
    return mlflow
