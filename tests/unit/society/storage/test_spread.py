"""Work is shared out, and who has lost the parent ends."""

import os
import subprocess
import sys
import time

import pytest

from credit_ml.society.storage import spread as module

LOST = """
import os, sys
from credit_ml.society.storage.spread import spread
if __name__ == "__main__":
    from long import wait
    list(spread(wait, [0, 1], workers=2))
"""
WAIT = """
import os, time
def wait(item):
    open(f"worker-{os.getpid()}", "w").close()
    time.sleep(60)
"""


def test_the_parent_itself_is_not_watched(monkeypatch):
    monkeypatch.setattr(module, "_watched", False)
    assert module._under(os.getpid(), abs, -1) == 1
    assert not module._watched


@pytest.mark.skipif(sys.platform == "win32", reason="parents are not told there")
def test_workers_end_with_a_parent_that_is_killed_outright(tmp_path):
    (tmp_path / "lost.py").write_text(LOST)
    (tmp_path / "long.py").write_text(WAIT)
    job = subprocess.Popen([sys.executable, "lost.py"], cwd=tmp_path)
    until = time.monotonic() + 60
    while len(list(tmp_path.glob("worker-*"))) < 2 and time.monotonic() < until:
        time.sleep(0.1)
    workers = [int(path.name.removeprefix("worker-")) for path in tmp_path.glob("worker-*")]
    job.kill()
    job.wait()
    assert len(workers) == 2
    assert all(_gone(worker) for worker in workers)


def _gone(process):
    until = time.monotonic() + 30
    while time.monotonic() < until:
        try:
            os.kill(process, 0)
        except ProcessLookupError:
            return True
        time.sleep(0.1)
    return False
