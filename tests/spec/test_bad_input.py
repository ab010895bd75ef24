"""Bad input ends a command with status 2 and one line; nothing is written, nothing tracked."""

import time

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from credit_ml.cli.app import app

STUDY = """
sensitive = ["hukou"]
[study]
id = "tiny"
title = "Tiny"
question = "Is there a gap?"
prediction = "Yes."
refutation = "No."
seed = 1
[world]
name = "baseline"
citizens = 600
[[raters]]
agency = "council"
[report]
path = "reports/tiny.html"
"""

PEOPLE = 60


def bank(**columns):
    """Return a bank's table of 60 people, some of its columns replaced."""
    chance = np.random.default_rng(3)
    table = {
        "late": chance.poisson(1, PEOPLE),
        "months": chance.integers(6, 60, PEOPLE),
        "sex": ["f", "m"] * (PEOPLE // 2),
        "points": chance.integers(400, 900, PEOPLE),
        "paid": [1, 0, 1] * (PEOPLE // 3),
    }
    return pd.DataFrame(table | columns)


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """Work in an empty folder where, if anything were tracked, mlflow.db would appear."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    return tmp_path


def refused(folder, *words):
    """Run a command that must be refused; return its line."""
    before = sorted(folder.rglob("*"))
    ended = CliRunner().invoke(app, [str(word) for word in words])
    assert ended.exit_code == 2, ended.output
    assert ended.stdout == ""
    (line,) = ended.stderr.splitlines()
    assert line.startswith("error: ")
    assert line.count(": ") >= 2  # error: place: problem
    assert "; " in line  # ...; remedy
    assert sorted(folder.rglob("*")) == before
    return line


def audited(folder, *options, table=None, factors=None):
    """Audit a table that must be refused."""
    (bank() if table is None else table).to_csv(folder / "bank.csv", index=False)
    words = ["audit", "bank.csv", "--target", "paid", "--sensitive", "sex"]
    if factors is not None:
        (folder / "factors.toml").write_text(factors)
        words += ["--factors", "factors.toml"]
    return refused(folder, *words, *options)


@pytest.mark.parametrize(
    ("right", "wrong", "said"),
    [
        ("citizens", "citizen", ["world, citizen", "did you mean 'citizens'"]),
        ('"hukou"', '"hukuo"', ["'hukuo'", "did you mean 'hukou'"]),
        ('"council"', '"counsil"', ["'counsil'", "did you mean 'council'"]),
        ('"baseline"', '"basline"', ["'basline'", "did you mean 'baseline'"]),
        ("seed = 1", 'seed = "one"', ["study, seed", "'one'"]),
        ("[world]", "[world", ["is not TOML"]),
    ],
)
def test_a_typo_in_a_study_file(folder, right, wrong, said):
    (folder / "study.toml").write_text(STUDY.replace(right, wrong))
    line = refused(folder, "run", "study.toml")
    for part in said:
        assert part in line


def test_a_study_whose_people_are_all_alike(folder):
    told = STUDY.replace("600", "2").replace("council", "sesame")
    (folder / "study.toml").write_text(told)
    line = refused(folder, "run", "study.toml")
    assert "study.toml: " in line
    assert "one class" in line


def test_a_tracking_server_that_is_down(folder, monkeypatch):
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "http://127.0.0.1:9")
    (folder / "study.toml").write_text(STUDY)
    before = time.monotonic()
    assert "--no-track" in refused(folder, "run", "study.toml")
    assert time.monotonic() - before < 60


def test_a_run_where_nothing_was_ever_tracked(folder):
    assert "nothing" in refused(folder, "report", "nothing", "-o", "page.html")


def test_a_study_that_does_not_exist(folder):
    assert "absent.toml" in refused(folder, "run", "absent.toml")


def test_a_report_that_is_a_folder(folder):
    (folder / "study.toml").write_text(STUDY)
    (folder / "page").mkdir()
    assert "page: is a folder" in refused(folder, "run", "study.toml", "-o", "page")


def test_a_column_that_the_table_lacks(folder):
    assert "did you mean 'paid'" in audited(folder, "--target", "payd")
    assert "did you mean 'sex'" in audited(folder, "--sensitive", "sexx")
    assert "did you mean 'points'" in audited(folder, "--score", "point")


def test_a_target_with_three_values(folder):
    line = audited(folder, table=bank(paid=[0, 1, 2] * (PEOPLE // 3)))
    assert "target 'paid': has 3 values (0, 1, 2)" in line


def test_a_target_with_one_value(folder):
    assert "has 1 value (1)" in audited(folder, table=bank(paid=1))


def test_a_favourable_value_that_the_target_lacks(folder):
    assert "'yes'" in audited(folder, "--favourable", "yes")


@pytest.mark.parametrize("given", [[], ["--score", "points"]])
def test_a_sensitive_feature_with_one_group(folder, given):
    assert "'sex'" in audited(folder, *given, table=bank(sex="f"))


def test_a_group_too_small_for_the_regression_of_given_scores(folder):
    few = bank(sex=["m"] * 2 + ["f"] * (PEOPLE - 2))
    line = audited(folder, "--score", "points", "--reference", "sex:m", table=few)
    assert "has a group of 2 people for a regression on" in line


@pytest.mark.parametrize("given", [[], ["--score", "points"]])
def test_a_group_with_one_member(folder, given):
    line = audited(folder, *given, table=bank(sex=["m"] + ["f"] * (PEOPLE - 1)))
    assert "'sex': has a group with one member ('m'); join it" in line


def test_an_empty_file(folder):
    (folder / "bank.csv").touch()
    line = refused(folder, "audit", "bank.csv", "--target", "paid", "--sensitive", "sex")
    assert "bank.csv: is empty" in line


def test_a_header_without_people(folder):
    assert "bank.csv: has no rows" in audited(folder, table=bank().head(0))


@pytest.mark.parametrize("name", ["bank.csv", "bank.zip", "bank.csv.gz", "bank.parquet"])
def test_a_file_that_is_no_table(folder, name):
    (folder / name).write_bytes(b'"\x00\xff\xfe never closed')
    assert name in refused(folder, "audit", name, "--target", "paid", "--sensitive", "sex")


def test_a_sensitive_feature_that_is_missing_somewhere(folder):
    table = bank(sex=[None] * 4 + ["f", "m"] * ((PEOPLE - 4) // 2))
    assert "sensitive feature 'sex': is missing in 4 rows" in audited(folder, table=table)


def test_bands_of_what_is_no_number(folder):
    assert "sex" in audited(folder, "--sensitive", "sex:1,2")
    assert "give rising edges" in audited(folder, "--sensitive", "months:40,20")


def test_a_factor_that_names_an_absent_column(folder):
    line = audited(folder, factors='history = ["lat"]')
    assert "factor 'history': column 'lat' is absent" in line
    assert "did you mean 'late'" in line


@pytest.mark.parametrize("factors", ["", "history = ", "history = 3", "history = []"])
def test_a_file_of_factors_that_cannot_be_used(folder, factors):
    audited(folder, factors=factors)


@pytest.mark.parametrize("factors", ['history = ["late", "paid"]', 'a = ["late"]\nb = ["late"]'])
def test_factors_that_overlap_each_other_or_the_target(folder, factors):
    audited(folder, factors=factors)


def test_a_score_outside_its_scale(folder):
    line = audited(folder, "--score", "points", "--scale", "350,600")
    assert "score 'points': is" in line
    assert "give scores from 350 to 600" in line


@pytest.mark.parametrize("scale", ["350", "a,b", "950,350", "350,950,1000", "nan,950"])
def test_a_scale_that_is_none(folder, scale):
    assert "scale" in audited(folder, "--score", "points", "--scale", scale)


def test_a_scale_without_scores(folder):
    assert "scale" in audited(folder, "--scale", "350,950")


def test_a_score_that_is_no_number(folder):
    table = bank(points=["high"] + ["500"] * (PEOPLE - 1))
    assert "score 'points'" in audited(folder, "--score", "points", table=table)


@pytest.mark.parametrize("threshold", ["650", "-0.1", "nan"])
def test_a_threshold_that_no_probability_has(folder, threshold):
    assert "threshold" in audited(folder, "--threshold", threshold)


def test_a_threshold_outside_the_scale(folder):
    options = ["--score", "points", "--scale", "350,950", "--threshold", "1000"]
    assert "threshold" in audited(folder, *options)


def test_fewer_people_with_one_outcome_than_folds(folder):
    line = audited(folder, table=bank(paid=[0] * 3 + [1] * (PEOPLE - 3)))
    assert "fewer than 5 folds" in line


def test_a_layout_that_is_unknown(folder):
    assert "did you mean 'german'" in audited(folder, "--format", "germn")


def test_a_run_that_is_unknown(folder):
    (folder / "notes.json").write_text("{}")
    assert "notes.json" in refused(folder, "report", "notes.json", "-o", "page.html")


def test_a_world_that_is_unknown(folder):
    assert "did you mean 'baseline'" in refused(folder, "simulate", "basline", "-o", "p.parquet")


def test_people_written_into_a_folder_that_cannot_be(folder):
    (folder / "absent").write_text("a file", encoding="utf-8")
    words = ["simulate", "baseline", "--citizens", "50", "-o", "absent/p.parquet"]
    assert "absent" in refused(folder, *words)
