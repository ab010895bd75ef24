"""Two runs: what is the same is counted, what differs has an interval, the same are paired."""

import json
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from typer.testing import CliRunner

from credit_ml.cli.app import app
from credit_ml.core import Dataset, InputError, RaterResults, StudyResults, conform
from credit_ml.disclosure import SampleCitizens
from credit_ml.fairness import audit
from credit_ml.reports import compare_runs, write_report

PEOPLE = 400


def run(decided, *, seed=0, name="one", citizens=None, digest="same", **settings):
    random = np.random.default_rng(seed)
    sex = random.choice(["f", "m"], PEOPLE)
    data = Dataset.from_frame(
        pd.DataFrame({"x": np.arange(PEOPLE), "sex": sex}), target=None, sensitive="sex"
    )
    found = (audit(decided, data, intersections=False),)
    if citizens is not None:
        found += (sample(citizens),)
    rater = RaterResults(id="a", name="the rater", scorer_kind="given", findings=found)
    told = {"data": {"digest": digest}, "settings": settings}
    return StudyResults(id=name, title=name, raters=(rater,), **told)


def sample(scores):
    rows = []
    for citizen, score in enumerate(scores):
        one = {"citizen": citizen, "name": "", "text": ""}
        group = {"sensitive": "sex", "group": "fm"[citizen % 2], "reference_group": ""}
        rows.append(one | {"measure": "score", "estimate": score})
        rows.append(one | group | {"measure": "twin_score", "estimate": np.nan})
    table = conform(rows)
    return SampleCitizens(table=table, title="", parameters={"threshold": 600.0})


@pytest.fixture(scope="module")
def decided():
    return np.random.default_rng(3).random(PEOPLE) < 0.5


def test_a_run_is_the_same_as_itself(decided):
    found = compare_runs(run(decided), run(decided))
    assert found.parameters["differ"] == 0
    assert found.parameters["compared"] == len(run(decided).raters[0].findings[0].table)
    assert found.table.empty
    assert found.changed.empty


def test_what_differs_is_the_second_less_the_first_and_turns_its_sign(decided):
    one, two = run(decided), run(np.arange(PEOPLE) % 5 == 0)
    there, back = (compare_runs(*pair).table for pair in ((one, two), (two, one)))
    keys = ["measure", "sensitive", "group", "reference_group", "row", "rater", "finding"]
    both = there.merge(back, on=keys, validate="1:1", suffixes=("", "_back"))
    assert len(both) == len(there) == len(back)
    np.testing.assert_allclose(both["estimate"], -both["estimate_back"])
    np.testing.assert_allclose(both["low"], -both["high_back"])
    np.testing.assert_allclose(both["after"] - both["before"], both["estimate"])
    rates = there[(there["measure"] == "selection_rate") & (there["sensitive"] == "overall")]
    assert rates["before"].item() == pytest.approx(decided.mean())
    assert rates["high"].item() < 0
    assert set(there["paired"]) == {""}


def test_settings_and_what_one_run_lacks_are_said(decided):
    one, two = run(decided, seed=1, people=3), run(decided, seed=1, people=4)
    two = replace(two, raters=(*two.raters, replace(two.raters[0], id="b")))
    told = compare_runs(one, two).parameters
    assert ["settings.people", "3", "4"] in told["settings"]
    assert told["only_second"] == ["b, 1 audit"]
    assert told["only_first"] == []


def test_the_same_citizens_are_paired(decided):
    random = np.random.default_rng(2)
    before = random.normal(600, 80, 100)
    moved = 5 + random.normal(0, 1, 100)
    one, two = run(decided, citizens=before), run(decided, citizens=before + moved)
    table = compare_runs(one, two).table
    mean = table[(table["measure"] == "mean_score") & (table["group"] == "all")].iloc[0]
    assert mean["paired"] == "people"
    assert mean["estimate"] == pytest.approx(moved.mean())
    assert 0.15 < (mean["high"] - mean["low"]) / 2 < 0.25  # two standard errors of the changes
    passes = table[(table["measure"] == "share_that_passes") & (table["group"] == "all")].iloc[0]
    assert passes["estimate"] == pytest.approx(
        (before + moved >= 600).mean() - (before >= 600).mean()
    )
    other = compare_runs(one, run(decided, citizens=before + moved, digest="other"))
    assert set(other.table["paired"]) <= {""}
    assert "different people" in other.notes[0]


def test_runs_with_nothing_in_common_are_refused(decided):
    empty = StudyResults(id="empty", title="Empty")
    with pytest.raises(InputError, match="have no number in common"):
        compare_runs(run(decided), empty)


def test_the_command_prints_and_writes(decided, tmp_path):
    paths = []
    for number, each in enumerate((decided, np.arange(PEOPLE) % 5 == 0)):
        paths.append(tmp_path / f"{number}.json")
        paths[-1].write_text(run(each, people=number).to_json())
    for ending in ("html", "json"):
        target = tmp_path / f"changes.{ending}"
        ended = CliRunner().invoke(app, ["compare", *map(str, paths), "-o", str(target)])
        assert ended.exit_code == 0, ended.output
        assert "settings.people: 0 -> 1" in ended.stdout
        assert "by more than their intervals allow" in ended.stdout
        assert f"wrote {target}" in ended.stdout
    assert json.loads(target.read_text())["kind"] == "run_comparison"
    page = (tmp_path / "changes.html").read_text()
    assert "Settings that differ" in page
    assert "selection rate, everybody" in page
    ended = CliRunner().invoke(app, ["compare", *map(str, paths), "-o", str(tmp_path / "x.txt")])
    assert ended.exit_code == 2
    assert not (tmp_path / "x.txt").exists()


def test_a_comparison_is_stored_and_drawn_again(decided, tmp_path):
    found = compare_runs(run(decided), run(~decided, people=1))
    again = type(found).from_dict(json.loads(json.dumps(found.to_dict())))
    both = enumerate((found, again))
    pages = [write_report(each, tmp_path / f"{n}.html").read_text() for n, each in both]
    assert pages[0] == pages[1]
