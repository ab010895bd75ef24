"""Who has lost the parent ends, at work and idle, and holds nobody's pipe."""

import subprocess
import sys
import time

import pytest

PARENT = """
import os, signal, sys
from credit_ml.inference.workers.shared import shared_out
from credit_ml.society.storage.spread import spread
if __name__ == "__main__":
    from job import begun, waited
    how, state = sys.argv[1:]
    share = spread if how == "spread" else shared_out
    made = share(waited if state == "at_work" else begun, [0, 1, 2], workers=2)
    if state == "idle":
        list(made)
        os.kill(os.getpid(), signal.SIGKILL)
    list(made)
"""
JOB = """
import os, time
def begun(item):
    open(f"worker-{os.getpid()}", "w").close()
def waited(item):
    begun(item)
    time.sleep(90)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="parents are not told there")
@pytest.mark.parametrize("how", ["spread", "shared_out"])
@pytest.mark.parametrize("state", ["idle", "at_work"])
def test_workers_end_with_a_parent_that_is_killed_outright(tmp_path, how, state):
    (tmp_path / "parent.py").write_text(PARENT)
    (tmp_path / "job.py").write_text(JOB)
    pipe = subprocess.PIPE
    job = subprocess.Popen(
        [sys.executable, "parent.py", how, state], cwd=tmp_path, stdout=pipe, stderr=pipe
    )
    until = time.monotonic() + 60
    while not list(tmp_path.glob("worker-*")) and time.monotonic() < until:
        time.sleep(0.1)
    assert list(tmp_path.glob("worker-*"))
    if state == "at_work":
        job.kill()
    # Ended pipes say that nobody holds them: neither a worker nor one that was about to start.
    job.communicate(timeout=45)
    assert job.returncode < 0


HOLDING = """
import time
import numpy as np
HELD = []
def holding(megabytes):
    HELD.append(np.ones(megabytes * 125_000))
    time.sleep(1.1)  # longer than a look takes
"""
SPREADING = """
from credit_ml.society.storage.spread import spread
from holding import holding
if __name__ == "__main__":
    list(spread(holding, [1, 1, 400, 400, 1, 1], workers=2))
"""


def test_a_worker_whose_later_jobs_are_larger_is_kept_on_in_silence(tmp_path):
    # In a process of its own: workers that other tests left may still be about something.
    (tmp_path / "holding.py").write_text(HOLDING)
    (tmp_path / "spreading.py").write_text(SPREADING)
    done = subprocess.run(
        [sys.executable, "spreading.py"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
