"""An instrument of another package is in studies, mlflow, findings and the page."""

import json
import os
import re
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

INSTRUMENT = """
from typing import ClassVar

import pandas as pd
from pydantic import BaseModel, Field

from credit_ml.core import Finding, Instrument
from credit_ml.core.schema import conform


class Heads(Finding):
    kind: ClassVar[str] = "their_heads"
    citations: ClassVar[tuple[str, ...]] = ("Counter, A. (1999). Heads.",)

    def plot(self, axes=None):
        from credit_ml.core.figure import axes_or_new

        axes = axes_or_new(axes, height=2.0)
        axes.barh(self.table["group"], self.table["estimate"])
        return axes

    def metrics(self):
        return {"their_heads.all": float(self.table["estimate"].sum())}


class HeadsOption(BaseModel, frozen=True, extra="forbid"):
    at_least: int = Field(default=1, ge=1)


def run(context):
    counts = context.dataset.groups(context.sensitive[0]).value_counts()
    rows = [
        {"measure": "heads", "sensitive": context.sensitive[0], "group": str(group),
         "estimate": float(count)}
        for group, count in counts.items()
        if count >= context.option.at_least
    ]
    yield Heads(table=conform(rows), title="Heads", parameters={"rater": context.name})


INSTRUMENT = Instrument(
    id="their_heads", home="theirs", findings=(Heads,), section="counting",
    section_title="Heads, counted", run=run, on_table=run, option=HeadsOption, key="heads",
)
"""

WORDS = """
{% block headline %}{{ finding.table | length }} groups have heads.{% endblock %}
{% block paragraphs %}
**Heads.** At {{ rater.name }}
{{ fact(finding, group="rural").text("heads") }} are those of
{{ people_of("hukou", "rural", noun) }}.
{% endblock %}
{% block abstract %}There are {{ finding.table | length }} kinds of heads.{% endblock %}
{% block caption %}Bars are heads.{% endblock %}
{% block methods %}**Counting.** One by one.{% endblock %}
"""

STUDY = """
sensitive = ["hukou"]
resample_societies = 0
[study]
id = "theirs"
title = "Theirs"
question = "How many?"
prediction = "Many."
refutation = "Few."
seed = 1
[world]
name = "baseline"
citizens = 400
[[raters]]
agency = "council"
[decompose]
people = 50
[disclosure]
people = 100
[heads]
at_least = 2
[report]
path = "page.html"
"""


@pytest.fixture(scope="module")
def theirs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder where a package is installed as pip leaves it."""
    folder = tmp_path_factory.mktemp("site")
    package, made = folder / "theirs", folder / "theirs-1.0.dist-info"
    package.mkdir()
    made.mkdir()
    (package / "__init__.py").write_text("")
    (package / "heads.py").write_text(INSTRUMENT)
    (package / "words.md.j2").write_text(WORDS)
    (made / "METADATA").write_text("Metadata-Version: 2.1\nName: theirs\nVersion: 1.0\n")
    (made / "entry_points.txt").write_text("[credit_ml.instruments]\nheads = theirs.heads\n")
    return folder


def credit_ml(*words: str, site: Path, cwd: Path) -> subprocess.CompletedProcess[str]:
    """Run the command where the package is installed."""
    path = os.pathsep.join([str(site), *filter(None, [os.environ.get("PYTHONPATH")])])
    store = f"sqlite:///{cwd / 'mlflow.db'}"
    return subprocess.run(
        [sys.executable, "-c", "from credit_ml.cli import main; main()", *words],
        cwd=cwd,
        env={**os.environ, "PYTHONPATH": path, "MLFLOW_TRACKING_URI": store},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module")
def folder(theirs: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where a study ran that asks for their instrument."""
    folder = tmp_path_factory.mktemp("run")
    (folder / "study.toml").write_text(STUDY)
    ran = credit_ml("run", "study.toml", "--workers", "1", "--quiet", site=theirs, cwd=folder)
    assert ran.returncode == 0, ran.stderr
    return folder


def test_it_is_in_the_findings(folder: Path) -> None:
    stored = json.loads((folder / "page.json").read_text())
    (heads,) = (each for each in stored["raters"][0]["findings"] if each["kind"] == "their_heads")
    assert sum(row[heads["columns"].index("estimate")] for row in heads["rows"]) == 400
    assert stored["settings"]["heads"] == {"at_least": 2}


def test_it_is_on_the_page_with_its_section_words_figure_and_method(folder: Path) -> None:
    page = re.sub(r"</?(?:a|span)\b[^>]*>", "", (folder / "page.html").read_text())
    for said in (
        "Heads, counted",
        "2 groups have heads.",
        "are those of rural citizens.",
        "Bars are heads.",
        "There are 2 kinds of heads.",
        "One by one.",
        "Counter, A. (1999). Heads.",
    ):
        assert said in page
    assert page.index("Heads, counted") < page.index('id="methods-title"')


def test_it_is_tracked(folder: Path) -> None:
    with sqlite3.connect(folder / "mlflow.db") as store:
        found = store.execute("SELECT value FROM metrics WHERE key = 'their_heads.all'").fetchall()
    assert found == [(400.0,)]


def test_its_option_is_checked_like_any_other(theirs: Path, tmp_path: Path) -> None:
    (tmp_path / "study.toml").write_text(STUDY.replace("at_least = 2", "at_last = 2"))
    ran = credit_ml("run", "study.toml", site=theirs, cwd=tmp_path)
    assert ran.returncode == 2
    assert "heads, at_last: is unknown; did you mean 'at_least'" in ran.stderr


def test_its_findings_can_be_checked_and_are_unknown_without_it(
    theirs: Path, folder: Path, tmp_path: Path
) -> None:
    again = credit_ml(
        "report", str(folder / "page.json"), "-o", "a.html", site=theirs, cwd=tmp_path
    )
    assert again.returncode == 0, again.stderr
    assert (tmp_path / "a.html").read_bytes() == (folder / "page.html").read_bytes()
    other = credit_ml(
        "report", str(folder / "page.json"), "-o", "b.html", site=tmp_path, cwd=tmp_path
    )
    assert other.returncode == 2
    assert len(other.stderr.strip().splitlines()) == 1


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ("raise RuntimeError('no license')", "cannot be loaded (RuntimeError: no license)"),
        ("x = 1", "is module"),
        (INSTRUMENT.replace('"their_heads"', '"audit"'), "declares the instrument 'audit'"),
        (INSTRUMENT.replace('key="heads"', 'key="raters"'), "takes the key 'raters'"),
    ],
)
def test_a_broken_one_is_one_line_that_names_the_package(
    broken: str, said: str, theirs: Path, tmp_path: Path
) -> None:
    site = tmp_path / "site"
    for path in (each for each in theirs.rglob("*") if each.suffix != ".pyc" and each.is_file()):
        copy = site / path.relative_to(theirs)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())
    (site / "theirs" / "heads.py").write_text(broken)
    (tmp_path / "study.toml").write_text(STUDY)
    ran = credit_ml("run", "study.toml", site=site, cwd=tmp_path)
    assert ran.returncode == 2
    assert len(ran.stderr.strip().splitlines()) == 1
    assert said in ran.stderr
    assert "their" in ran.stderr
