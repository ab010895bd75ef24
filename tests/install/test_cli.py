"""The installed command, as a process: how it starts, how it ends, and what Ctrl-C leaves."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

COMMAND = Path(sys.executable).parent / "credit-ml"

#: A job started in the background inherits a deaf ear for Ctrl-C; the command must not.
LISTENING = (
    "import os, signal, sys; signal.signal(signal.SIGINT, signal.SIG_DFL); "
    "os.execv(sys.argv[1], sys.argv[1:])"
)

#: Large enough that it is still at work when it is interrupted.
STUDY = """
sensitive = ["hukou"]
[study]
id = "long"
title = "Long"
question = "Is there a gap?"
prediction = "Yes."
refutation = "No."
seed = 1
[world]
name = "baseline"
citizens = 30_000
[[raters]]
agency = "sesame"
scorers = ["opaque", "scorecard"]
[report]
path = "reports/long.html"
"""


def started(folder, *words):
    environment = {**os.environ, "MLFLOW_DISABLE_TELEMETRY": "true"}
    environment.pop("MLFLOW_TRACKING_URI", None)  # so that the store is mlflow.db in the folder
    return subprocess.Popen(
        [sys.executable, "-c", LISTENING, COMMAND, *words],
        cwd=folder,
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def statuses(store):
    """Return the status of each run in a store, read past mlflow; none before there is one."""
    try:
        with sqlite3.connect(f"file:{store}?mode=ro", uri=True) as connection:
            return [status for (status,) in connection.execute("SELECT status FROM runs")]
    except sqlite3.OperationalError:
        return []


@pytest.mark.skipif(sys.platform == "win32", reason="there are no signals to send")
@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM], ids=["Ctrl-C", "SIGTERM"])
def test_a_signal_ends_the_run_as_killed_and_leaves_no_report(sent, tmp_path):
    (tmp_path / "study.toml").write_text(STUDY)
    job = started(tmp_path, "run", "study.toml", "--workers", "2")
    try:
        until = time.monotonic() + 120
        while statuses(tmp_path / "mlflow.db") != ["RUNNING"]:
            assert job.poll() is None, job.communicate()
            assert time.monotonic() < until
            time.sleep(0.05)
        job.send_signal(sent)
        out, err = job.communicate(timeout=120)
    finally:
        job.kill()
    assert job.returncode == 128 + sent
    assert out == ""
    assert err.splitlines() == ["error: interrupted; nothing half-written is left"]
    assert statuses(tmp_path / "mlflow.db") == ["KILLED"]
    assert not (tmp_path / "reports").exists()


def test_bad_input_is_one_line_from_the_installed_command(tmp_path):
    (tmp_path / "study.toml").write_text(STUDY.replace("citizens", "citizen"))
    job = started(tmp_path, "run", "study.toml")
    out, err = job.communicate(timeout=120)
    assert (job.returncode, out) == (2, "")
    assert err.startswith("error: study.toml: world, citizen: is unknown; did you mean 'citizens'?")
    assert err.count("\n") == 1
    assert [path.name for path in tmp_path.iterdir()] == ["study.toml"]
