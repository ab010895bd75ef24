"""The page of the made study (`tests/unit/conftest.py`), drawn once, and pages left undrawn."""

import pytest

from credit_ml.grammar.blocks import Drawing
from credit_ml.reports import exhibits, render


@pytest.fixture(autouse=True)
def _made(made_classes):
    """Let stored findings come back as the classes that are made here."""


@pytest.fixture
def undrawn(monkeypatch):
    """Leave the drawing out, for tests of what stands around the pictures."""
    blank = Drawing(wide="<svg></svg>", narrow="")
    monkeypatch.setattr(exhibits, "drawing", lambda plot, **options: blank)


@pytest.fixture(scope="session")
def html(make_study):
    """Return the page of the whole study, drawn once."""
    return render(make_study())
