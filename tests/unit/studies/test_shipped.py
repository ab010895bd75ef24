"""Studies are found by name, listed with their questions, and copied to start from."""

import pickle

import pytest
from typer.testing import CliRunner

from credit_ml.cli.app import app
from credit_ml.core import StudyError
from credit_ml.studies import load_study, shipped, studies
from credit_ml.studies.written import command_of


def ran(*words):
    return CliRunner().invoke(app, list(words))


def test_every_study_of_the_clone_is_listed_by_a_name_of_its_own(repository):
    files = [
        path
        for path in (repository / "experiments").rglob("*.toml")
        if "[study]" in path.read_text().splitlines()
    ]
    listed = studies()
    assert listed["id"].is_unique
    assert sorted(shipped.shipped_files().values()) == sorted(files)
    assert (listed["description"].str.endswith("?")).all()
    said = ran("studies").output
    assert all(f"{name}: " in said for name in listed["id"])


@pytest.mark.parametrize("name", sorted(shipped.shipped_files()))
def test_every_study_travels_to_a_worker_and_is_the_same_there(name):
    """What was assumed outright names no row, and a worker is told of every key."""
    study = load_study(shipped.study_file(name))
    there = pickle.loads(pickle.dumps(study))
    assert there == study
    assert there.model_dump() == study.model_dump()


@pytest.mark.parametrize("name", ["wechat", "raters", "political_use"])
def test_a_name_is_its_file(name):
    assert load_study(name) == load_study(shipped.shipped_files()[name])


def test_a_file_that_is_there_goes_before_a_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "wechat").write_text("")
    with pytest.raises(StudyError, match="wechat: is empty"):
        load_study("wechat")


def test_an_unknown_name_says_which_there_are():
    said = "neither a file nor a study of the package; did you mean 'wechat'.*raters"
    with pytest.raises(StudyError, match=said):
        load_study("weechat")


@pytest.mark.parametrize(
    ("given", "near"),
    [
        ("weechat.toml", "did you mean 'wechat'? "),
        ("experiments/wechat.toml", "did you mean 'wechat'? "),
        ("raters/study.toml", "did you mean 'raters'? "),
        ("min.toml", "did you mean 'mine.toml'? "),
        ("../here/min.toml", "did you mean '../here/mine.toml'? "),
        ("qqqq.toml", ""),
    ],
)
def test_a_file_that_is_not_there_is_told_by_what_may_be_meant(given, near, tmp_path, monkeypatch):
    """The nearest file beside it or study of the package, and where those are listed."""
    here = tmp_path / "here"
    here.mkdir()
    (here / "mine.toml").write_text("")
    monkeypatch.chdir(here)
    told = ran("run", given)
    said = "give the path of a study file, or a name that credit-ml studies lists"
    assert (told.exit_code, told.stderr) == (2, f"error: {given}: is not there; {near}{said}\n")
    assert ran("nation", given).stderr == told.stderr


def test_an_installed_study_is_run_again_by_its_name(tmp_path, monkeypatch):
    """And not by a path of this machine."""
    monkeypatch.setattr(shipped, "INSTALLED", tmp_path)
    assert command_of(str(tmp_path / "raters" / "study.toml"), "x") == "credit-ml run raters"
    assert command_of(str(tmp_path / "wechat.toml"), "x") == "credit-ml run wechat"
    assert command_of("mine/wechat.toml", "x") == "credit-ml run mine/wechat.toml"


def test_a_clones_study_that_was_found_by_its_name_is_run_again_by_it(repository):
    assert (
        command_of(str(shipped.study_file("leaderboard")), "leaderboard")
        == "credit-ml run leaderboard"
    )
    by_path = "experiments/leaderboard.toml"
    assert command_of(by_path, "leaderboard") == f"credit-ml run {by_path}"
    own = str(repository.parent / "own.toml")
    assert command_of(own, "mine") == "credit-ml run mine.toml"


def test_without_a_clone_those_of_the_package_are_found(tmp_path, monkeypatch, repository):
    text = (repository / "experiments" / "raters" / "study.toml").read_text()
    (tmp_path / "raters").mkdir()
    (tmp_path / "raters" / "study.toml").write_text(text)
    monkeypatch.setattr(shipped, "CLONE", tmp_path / "absent")
    monkeypatch.setattr(shipped, "INSTALLED", tmp_path)
    assert studies()["id"].tolist() == ["raters"]


def test_a_copy_is_the_same_study_and_replaces_nothing(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    made = ran("new", "raters")
    assert made.exit_code == 0
    assert "credit-ml run raters.toml" in made.output
    copy = tmp_path / "raters.toml"
    assert copy.read_bytes() == shipped.shipped_files()["raters"].read_bytes()
    copy.write_text("mine")
    again = ran("new", "raters")
    assert again.exit_code == 2
    assert "raters.toml: is there already" in again.output
    assert copy.read_text() == "mine"
    assert ran("new", "wechat", "-o", "raters.toml", "--force").exit_code == 0
    assert copy.read_bytes() == shipped.shipped_files()["wechat"].read_bytes()
    unknown = ran("new", "rater")
    assert unknown.exit_code == 2
    assert "did you mean 'raters'?" in unknown.output
