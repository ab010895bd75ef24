"""Each command does its job in process, says one line, and ends with a status that fits."""

import runpy
import sys
import warnings

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from credit_ml.agencies import agency_ids, load_agency
from credit_ml.cli.app import app
from credit_ml.cli.errors import notes_in_words, one_line
from credit_ml.core import StudyResults
from credit_ml.dynamics import policy_ids
from credit_ml.reports import write_report
from credit_ml.society import load_world, world_ids
from credit_ml.studies import reproduce

SMALL = """
sensitive = ["hukou"]
resample_societies = 0
study = { id = "s", title = "S", question = "Q?", prediction = "P.", refutation = "R.", seed = 1 }
world = { name = "segregated", citizens = 400 }
raters = [{ agency = "council" }]
explain = { people = 50 }
disclosure = { people = 60 }
report = { path = "small.html" }
"""


def ended(*words):
    return CliRunner().invoke(app, [str(word) for word in words])


def test_every_command_has_help():
    names = [command.callback.__name__ for command in app.registered_commands]
    assert {"run", "report", "simulate", "audit", "reproduce", "worlds", "agencies"} <= set(names)
    for name in names:
        found = ended(name, "--help")
        assert found.exit_code == 0
        assert name in ended("--help").stdout
        assert "Usage" in found.stdout


def test_the_package_runs_as_a_module(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["credit_ml", "--help"])
    with pytest.raises(SystemExit) as end:
        runpy.run_module("credit_ml", run_name="__main__")
    assert end.value.code == 0
    assert "Usage" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("command", "ids"),
    [
        (["worlds"], world_ids()),
        (["agencies", "--prose"], agency_ids()),
        (["policies"], policy_ids()),
    ],
)
def test_catalogues_are_listed(command, ids):
    found = ended(*command)
    assert found.exit_code == 0
    for name in ids:
        assert f"\n{name}: " in f"\n{found.stdout}"


def test_people_are_written_with_the_truth_beside_them(tmp_path):
    path = tmp_path / "people.parquet"
    found = ended("simulate", "baseline", "-o", path, "--citizens", 200, "--seed", 3)
    assert found.exit_code == 0, found.output
    frame = pd.read_parquet(path)
    society = load_world("baseline", citizens=200, seed=3).simulate()
    assert frame["hukou"].tolist() == society.people["hukou"].tolist()
    assert frame["kept"].tolist() == society.outcome["kept"].tolist()
    assert frame["truth_probability"].tolist() == society.truth["probability"].tolist()
    assert [each.name for each in tmp_path.iterdir()] == ["people.parquet"]


def test_a_report_is_made_again_from_stored_results(tmp_path):
    results = StudyResults(id="none", title="Nothing yet", question="Is there anything?")
    (tmp_path / "none.json").write_text(results.to_json())
    write_report(results, tmp_path / "one.html")
    found = ended("report", tmp_path / "none.json", "-o", tmp_path / "two.html")
    assert found.exit_code == 0, found.output
    assert (tmp_path / "two.html").read_bytes() == (tmp_path / "one.html").read_bytes()


@pytest.mark.parametrize(("relative", "status"), [(0.5, 0), (1.5, 1)])
def test_reproduction_ends_with_1_when_findings_differ(monkeypatch, relative, status):
    nearest = reproduce.Deviation(place="a row", committed=1.0, again=1.1, relative=relative)
    made = reproduce.Reproduction(deviations=(nearest,), missing=())
    monkeypatch.setattr(reproduce, "compare_with", lambda study, findings: made)
    found = ended("reproduce", "study.toml", "findings.json")
    assert found.exit_code == status
    assert "a row: 1 committed, 1.1 again" in found.stdout


def test_a_wrong_option_is_refused():
    assert ended("run", "study.toml", "--worker", "2").exit_code == 2
    assert ended("run", "study.toml", "--workers", "0").exit_code == 2
    assert ended("runn").exit_code == 2


def test_what_nobody_foresaw_is_not_called_bad_input():
    @one_line
    def broken():
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        broken()


def test_agencies_are_laid_out_as_a_table():
    found = ended("agencies")
    assert found.exit_code == 0
    for name in (*agency_ids(), "sees", "imposes", "tells"):
        assert name in found.stdout


@pytest.mark.parametrize("name", agency_ids())
def test_every_agency_scores_a_society_from_the_command_line(name, tmp_path):
    path = tmp_path / "scores.parquet"
    found = ended("score", name, "-o", str(path), "--citizens", "700", "--seed", "3")
    assert found.exit_code == 0, found.output
    table = pd.read_parquet(path)
    agency = load_agency(name)
    assert len(table) == 700
    assert set(table) == {
        "citizen",
        "points",
        "probability",
        "known",
        *(each.id for each in (*agency.privileges, *agency.penalties)),
    }
    for each in agency.penalties:
        assert (table[each.id] == (table["points"] < each.below)).all()


def test_scores_are_written_of_a_folder_too(tmp_path):
    made = ended("simulate", "no_proxy", "--citizens", "400", "-o", str(tmp_path / "city"))
    assert made.exit_code == 0, made.output
    found = ended(
        "score", "council", "--world", str(tmp_path / "city"), "-o", str(tmp_path / "scores.csv")
    )
    assert found.exit_code == 0, found.output
    assert len(pd.read_csv(tmp_path / "scores.csv")) == 400
    sized = ended(
        "score",
        "council",
        "--world",
        str(tmp_path / "city"),
        "--citizens",
        "10",
        "-o",
        str(tmp_path / "b.csv"),
    )
    assert sized.exit_code == 2
    odd = ended("score", "council", "-o", str(tmp_path / "scores.txt"), "--citizens", "300")
    assert odd.exit_code == 2
    assert "ends in '.txt'" in odd.output


def test_the_version_is_said():
    found = ended("--version")
    assert found.exit_code == 0
    assert found.stdout.startswith("credit-ml ")


@pytest.mark.parametrize(
    ("command", "name", "said"),
    [
        ("run", "wechat", "reports/wechat.html"),
        ("run", "leaderboard", "644 cells (worlds and raters), 0 of them kept"),
        ("leaderboard", "leaderboard", "would write reports/leaderboard.html"),
        ("run", "disclosure", "would write reports/disclosure.html"),
    ],
)
def test_a_dry_run_checks_a_study_and_makes_nothing(
    command, name, said, repository, tmp_path, monkeypatch
):
    monkeypatch.chdir(tmp_path)
    found = ended(command, repository / "experiments" / f"{name}.toml", "--dry-run")
    assert found.exit_code == 0, found.output
    assert said in found.stdout
    assert not list(tmp_path.iterdir())


def test_a_study_is_run_listed_and_found_again(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "small.toml").write_text(SMALL)
    job = ("run", "small.toml", "--jobs", 1, "--no-track", "--quiet")
    assert ended(*job).stdout == "wrote small.html\n"
    kept = {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    listed = ended("run", "small.toml", "--list").stdout.splitlines()[1:]
    assert [line.split()[0] for line in listed] == ["kept"] * 2
    assert "2 of them kept" in ended("run", "small.toml", "--dry-run").stdout
    assert ended(*job).exit_code == 0
    assert {path: path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()} == kept


@pytest.mark.parametrize("name", ["leaderboard", "disclosure", "wechat_assumptions"])
def test_a_study_without_audit_checks_cannot_end_by_them(name, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    found = ended("run", name, "--strict", "--no-track")
    assert found.exit_code == 2
    assert "has no audit checks; leave it out, or run the study of one society" in found.stderr
    assert not list(tmp_path.iterdir())


ROUNDS = ["--citizens", 400, "--years", 2]


@pytest.mark.parametrize("more", [(), ("--dry-run",)])
def test_a_cluster_without_work_is_refused_before_it_is_asked(more, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "small.toml").write_text(SMALL)
    command = ["run", "small.toml", "--dask", "tcp://nowhere:1", *more]
    found = CliRunner().invoke(app, command)
    assert found.exit_code == 2
    assert (
        "--dask: has nothing to share out: the study 's' makes no other societies" in found.output
    )
    assert [each.name for each in tmp_path.iterdir()] == ["small.toml"]


def test_one_file_of_people_is_no_work_for_a_cluster(tmp_path):
    path = tmp_path / "people.parquet"
    command = ["simulate", "baseline", "-o", str(path), "--dask", "local"]
    found = CliRunner().invoke(app, command)
    assert found.exit_code == 2
    assert "--dask: is of no use for" in found.output
    assert not path.exists()


def test_rounds_say_each_year_of_each_policy():
    found = ended("rounds", "joined", *ROUNDS)
    assert found.exit_code == 0, found.output
    assert "no_list: No list" in found.stdout
    assert "joined: Joint punishment" in found.stdout


def test_rounds_under_a_policy_of_ones_own_write_a_table_and_a_page(tmp_path):
    own, table, page = (tmp_path / name for name in ("half.toml", "lives.csv", "lives.html"))
    own.write_text('base = "joined"\nid = "half"\njoined = 0.5\n')
    for path in (table, page):
        found = ended("rounds", own, "-o", path, *ROUNDS)
        assert found.exit_code == 0, found.output
    frame = pd.read_csv(table)
    assert set(frame["policy"]) == {"half"}
    assert set(frame["quantity"]) == {"change", "value", "difference"}
    assert "What does it do to a life?" in page.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["joind"], "did you mean 'joined'"),
        (["joined", "-o", "lives.txt"], "name a .html for a report"),
        (["joined", "--societies", 3], "give at least 8"),
        (["joined", "-o", "setup.py/lives.csv"], "cannot be written into"),
    ],
)
def test_rounds_that_cannot_be_are_refused_in_one_line(words, said, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "setup.py").write_text("")
    found = ended("rounds", *words)
    assert found.exit_code == 2
    assert said in found.stderr
    assert found.stderr.count("\n") == 1


def test_our_own_warnings_are_a_line_without_code(capsys):
    from credit_ml.explanation.shapley.block_shapley import warn_many

    with notes_in_words(), warnings.catch_warnings():
        warnings.simplefilter("always")
        warn_many(9)
    said = capsys.readouterr().err
    assert said.startswith("note: 9 factors: ")
    assert said.count("\n") == 1


def test_audit_checks_are_listed_and_explained():
    assert "small-group" in ended("checks").stdout
    said = ended("checks", "CM303").stdout
    assert "ratio-saturated (warning)" in said
    assert '--mute CM303="reason"' in said
    assert ended("checks", "cm303").stdout == ended("checks", "ratio-saturated").stdout == said
    for wrong in ("CM000", "ratio-saturatd"):
        found = ended("checks", wrong)
        assert (found.exit_code, found.stderr.count("\n")) == (2, 1)


def test_a_strict_audit_ends_with_1_unless_what_warns_is_muted(tmp_path):
    random = np.random.default_rng(0)
    table = pd.DataFrame({"late": random.normal(size=300), "sex": ["f"] * 12 + ["m"] * 288})
    table["score"] = 1 / (1 + np.exp(table["late"]))
    table.to_csv(tmp_path / "t.csv", index=False)
    told = ["audit", tmp_path / "t.csv", "--score", "score", "--sensitive", "sex"]
    told += ["--threshold", "0.5", "--no-track", "--strict", "--force"]
    found = ended(*told)
    assert (found.exit_code, "CM101 small-group (warning)" in found.stdout) == (1, True)
    found = ended(*told, "--mute", "CM101=nobody else came")
    assert found.exit_code == 0
    assert "one muted" in found.stdout
    assert ended(*told, "--mute", "CM101").exit_code == 2
    found = ended(*told, "--quiet")
    assert found.exit_code == 1
    assert "--strict: CM101 small-group; " in found.stderr
    (tmp_path / "spec.toml").write_text('[mute]\nCM101 = "nobody else came"\n')
    told += ["--spec", tmp_path / "spec.toml", "--quiet"]
    assert ended(*told, "--mute", "CM104=known").exit_code == 0
    assert ended(*told, "--mute", "CM101:known").stderr.count("\n") == 1


@pytest.mark.parametrize(
    "words", [("report", "run.json"), ("explore", "run.json"), ("new", "wechat")]
)
def test_a_folder_that_is_not_there_is_made_and_one_that_cannot_be_is_said(words, tmp_path):
    file = tmp_path / "file"
    file.write_text("")
    found = ended(*words, "-o", file / "page.html")
    assert found.exit_code == 2
    assert "cannot be written into" in found.stderr
    assert found.stderr.count("\n") == 1
    if words[0] == "new":
        made = tmp_path / "one" / "two" / "mine.toml"
        assert ended(*words, "-o", made).exit_code == 0
        assert made.is_file()


def test_a_nation_is_planned_by_its_own_command_too(repository, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    study = repository / "experiments" / "nation.toml"
    found = ended("nation", study, "--dry-run")
    assert (found.exit_code, found.stdout) == (0, ended("run", study, "--dry-run").stdout)
    assert not list(tmp_path.iterdir())


def test_two_runs_are_compared_with_and_without_a_page(repository, tmp_path):
    findings = repository / "experiments" / "reference" / "findings.json"
    told = ended("compare", findings, findings)
    assert told.exit_code == 0, told.output
    assert "0 of " in told.output
    page = tmp_path / "compared.html"
    told = ended("compare", findings, findings, "-o", page)
    assert told.exit_code == 0, told.exception
    assert f"wrote {page}" in told.output
    assert page.exists()
