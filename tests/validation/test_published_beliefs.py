"""Published results on what people believe, met again."""

import sys

import pytest


@pytest.fixture
def replications(repository, monkeypatch):
    """Make the scripts of experiments/replications importable, for one test."""
    before = set(sys.modules)
    monkeypatch.syspath_prepend(repository / "experiments" / "replications")
    yield repository / "experiments" / "replications"
    for name in set(sys.modules) - before:
        if str(getattr(sys.modules[name], "__file__", "")).startswith(str(repository / "exp")):
            del sys.modules[name]


@pytest.mark.parametrize("name", ["bechavod2022", "wei2016"])
def test_published_beliefs_are_met_and_written(replications, name):
    from importlib import import_module

    claims = import_module(name).claims()
    assert [claim.claim for claim in claims if not claim.met] == []
    written = (replications / f"{name}.md").read_text(encoding="utf-8")
    # A distance that is rounding error differs between machines; its verdict does not.
    row = import_module("claims").row
    lines = [row(claim) for claim in claims if claim.ours == 0 or abs(claim.ours) > 1e-5]
    assert [line for line in lines if line not in written] == []
