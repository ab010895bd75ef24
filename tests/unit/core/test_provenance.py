"""Which code ran: its commit, where the package is a repository's, and nothing where it is not."""

import subprocess

import pytest

from credit_ml.core import provenance


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A folder that the package's own file seems to lie in."""
    (tmp_path / "credit_ml" / "core").mkdir(parents=True)
    file = tmp_path / "credit_ml" / "core" / "provenance.py"
    file.write_text("made = 1\n")
    monkeypatch.setattr(provenance, "__file__", str(file))
    for name in ("GIT_DIR", "GIT_INDEX_FILE", "GIT_WORK_TREE"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def state():
    provenance.code_state.cache_clear()
    found = provenance.code_state()
    provenance.code_state.cache_clear()
    return found


def test_an_installed_package_has_no_commit(home):
    assert state() == {}
    (home / ".git").mkdir()  # no repository
    assert state() == {}


def test_a_commit_its_day_and_changes(home):
    def git(*asked):
        named = ("-c", "user.name=a", "-c", "user.email=a@b")
        done = subprocess.run(
            ["git", "-C", str(home), *named, *asked], check=True, capture_output=True, text=True
        )
        return done.stdout.strip()

    git("init", "-q")
    git("add", "-A")
    git("commit", "-qm", "one", "--date", "2026-01-02T03:04:05Z")
    found = state()
    assert found == {"commit": git("rev-parse", "HEAD"), "date": found["date"], "changed": False}
    assert found["date"] == git("log", "-1", "--format=%cs")
    (home / "other.txt").write_text("beside the package")
    assert not state()["changed"]
    (home / "credit_ml" / "new.py").write_text("made = 2\n")
    assert state()["changed"]
