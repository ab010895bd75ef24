"""Compiled templates are kept in a folder of the user's own, and nowhere else."""

import os
import re
from pathlib import Path

import pytest

import credit_ml
from credit_ml.core.files import own_cache
from credit_ml.reports import templates
from credit_ml.reports.templates import kept, page_environment


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    return tmp_path / "credit_ml" / "templates"


def said(monkeypatch, text):
    monkeypatch.setattr(templates, "packaged", lambda name: text)
    return page_environment().get_template("one.html").render(name="<x>")


def test_what_is_kept_says_the_same_and_a_changed_template_is_compiled_again(folder, monkeypatch):
    first = [said(monkeypatch, "a {{ name }}") for _ in range(2)]
    (file,) = folder.iterdir()
    assert first == ["a &lt;x&gt;"] * 2
    assert said(monkeypatch, "b {{ name }}") == "b &lt;x&gt;"
    for damage in (b"", b"j2", file.read_bytes()[:-9]):
        file.write_bytes(damage)
        assert said(monkeypatch, "b {{ name }}") == "b &lt;x&gt;"
    monkeypatch.setattr(kept, "_compiled_by", lambda: "other code")
    before = file.read_bytes()
    assert said(monkeypatch, "b {{ name }}") == "b &lt;x&gt;"
    assert file.read_bytes() != before


def test_a_folder_that_others_may_write_is_not_taken(folder, monkeypatch):
    """What lies there is run."""
    assert own_cache("templates") == folder
    assert not folder.stat().st_mode & 0o077
    folder.chmod(0o777)
    assert own_cache("templates") is None
    assert said(monkeypatch, "a {{ name }}") == "a &lt;x&gt;"
    assert list(folder.iterdir()) == []


def test_without_such_a_place_nothing_is_kept(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", os.devnull)
    assert own_cache("templates") is None
    assert said(monkeypatch, "a {{ name }}") == "a &lt;x&gt;"


def test_no_template_has_a_block_twice():
    """As where two changes bring one each, and neither meets the other."""
    package = Path(credit_ml.__file__).parent
    for path in package.rglob("*.j2"):
        names = re.findall(r"{%-? block (\w+)", path.read_text(encoding="utf-8"))
        assert len(names) == len(set(names)), path.name
