"""Reports and exhibits in a browser: nobody is shut out, nothing is asked for, names are text."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

import credit_ml as cm
from credit_ml.core import Dataset
from credit_ml.reports import write_exhibits, write_report
from tests.browser.conftest import SCREENS

SCRIPT = "<script>alert('one')</script>"
IMAGE = '<img src="x" onerror="alert(2)">'
LINK = "javascript:alert(3)"
QUOTES = "\"'`$${x}{{ 7 * 7 }}</style></td>&amp;"


@pytest.fixture(scope="module")
def people():
    """A table whose every name wants to be more than text."""
    random = np.random.default_rng(0)
    late, pay = random.integers(0, 5, 400), random.integers(1, 9, 400)
    group = np.where(random.random(400) < 0.4, SCRIPT, QUOTES)
    place = random.choice([IMAGE, LINK, "$(touch x)"], 400)
    kept = random.random(400) < 0.9 - 0.15 * late + 0.1 * (group == QUOTES)
    frame = pd.DataFrame({SCRIPT: late, QUOTES: pay, IMAGE: group, LINK: place, "paid": kept})
    return Dataset.from_frame(
        frame,
        target="paid",
        favourable=True,
        sensitive=[IMAGE, LINK],
        factors={LINK: [SCRIPT], IMAGE: [QUOTES]},
        name=SCRIPT,
    )


@pytest.fixture(scope="module")
def hostile(people, tmp_path_factory):
    """Return pages of that table: a report, its brief, and an exhibit of a rule of law."""
    folder = tmp_path_factory.mktemp("hostile")

    def score(X):
        return 1 / (1 + X[SCRIPT]) + 0.01 * X[QUOTES]

    found = cm.report(score, people, title=QUOTES, progress=False)
    found = dataclasses.replace(found, question=SCRIPT, prediction=IMAGE, refutation=QUOTES)
    written = {
        edition: write_report(found, folder / f"{edition}.html", edition=edition)
        for edition in ("page", "brief")
    }
    asked = {"threshold": 0.5, "features": {"sex": IMAGE, "race_ethnicity": LINK}}
    (exhibit,) = write_exhibits(cm.exhibits(score, people, "nyc-ll144", options=asked), folder)
    return written | {"exhibit": exhibit}


@pytest.mark.parametrize(("width", "scheme"), SCREENS)
@pytest.mark.parametrize("kind", ["page", "brief", "exhibit"])
def test_axe_finds_nothing_and_names_are_text(opened, hostile, kind, width, scheme):
    with opened(hostile[kind], width, scheme) as there:
        assert there.violations() == []
        there.unfold()
        assert there.violations() == []
        assert there.overflow <= 0
        assert there.messages == []
        assert there.requests == []
        text = there.page.locator("body").inner_text()
        assert SCRIPT in text
        assert there.page.locator("img, a[href^='javascript:']").count() == 0
