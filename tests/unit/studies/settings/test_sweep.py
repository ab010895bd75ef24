"""A sweep is found again, goes on past a failing cell, and says what moves each headline."""

import warnings
from dataclasses import replace

import numpy as np
import pytest

from credit_ml.cli.run_study import listed, planned
from credit_ml.core import StudyError, WorldError
from credit_ml.reports import render
from credit_ml.reports.sections import answer_note
from credit_ml.studies import LeaderboardStudy, load_study, run_study
from credit_ml.studies.cells.asked import RunAsked
from credit_ml.studies.cells.work import CellError
from credit_ml.studies.settings import cells as made_of
from credit_ml.studies.settings.study import SettingsStudy, _told_apart

HEAD = {
    "id": "small",
    "title": "Small",
    "question": "Which?",
    "prediction": "Some.",
    "refutation": "None.",
    "seed": 3,
}
GAP = {
    "name": "the gap",
    "kind": "audit",
    "where": {
        "quantity": "difference",
        "measure": "mean_score",
        "sensitive": "hukou",
        "group": "rural",
    },
}
CAPACITY = "world.changes.capacity.dependence.hukou"
#: Nothing in a society of one city hangs on it.
IDLE = "world.changes.ties.elsewhere"
GIVEN = {
    "study": HEAD,
    "world": {"name": "baseline", "citizens": 400},
    "raters": [{"agency": "sesame", "scorers": ["scorecard"]}],
    "sensitive": ["hukou"],
    "reference_groups": {"hukou": "urban"},
    "resample_societies": 0,
}


def study(path, sweep, **changes):
    given = GIVEN | {"report": {"path": str(path)}, "sweep": sweep} | changes
    return SettingsStudy.from_dict(given)


def ran(asked, folder, **how):
    how = {"workers": 1, "track": False, "progress": False} | how
    return run_study(asked, folder=folder / "cells", **how)


def kept(folder):
    return {path.name: path.read_bytes() for path in (folder / "cells").rglob("*.parquet")}


@pytest.fixture(scope="module")
def drawn(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sweep")
    over = {CAPACITY: {"low": -3.0, "high": 3.0}, IDLE: {"low": 0.0, "high": 2.0}}
    sweep = {"over": over, "design": "saltelli", "points": 8, "headlines": [GAP]}
    asked = study(folder / "page.html", sweep)
    return folder, asked, ran(asked, folder)


def of(results, **where):
    return results.findings[0].where(**where).table


def test_the_knob_that_is_read_has_the_doubt_and_the_idle_one_none(drawn):
    _, _, results = drawn
    assert of(results, quantity="total", knob=IDLE)["estimate"].abs().max() < 1e-9
    assert of(results, quantity="total", knob=CAPACITY)["estimate"].item() > 0.3
    spread = of(results, quantity="range")
    assert spread["low"].item() < spread["estimate"].item() < spread["high"].item()
    declared = of(results, quantity="declared")
    assert declared["estimate"].item() == spread["estimate"].item()
    settings = results.findings[1].table
    assert set(settings["setting"]) == set(range(8 * 4 + 1))
    assert settings.loc[settings["setting"] == 0, CAPACITY].item() == -0.6


def test_the_page_says_it_and_a_second_run_makes_nothing(drawn, monkeypatch):
    folder, asked, results = drawn
    page = (folder / "page.html").read_text(encoding="utf-8")
    assert page == render(results)
    assert "capacity to pay by registered residence" in page
    assert "Points are Saltelli" in page
    # Settings lie beyond the range, so it is not from the least to the largest.
    assert "from its least to its largest" not in page
    assert "of all settings, widened to hold the study as it stands" in page
    assert "Intervals run over" not in page.split("Total share of each assumption")[1][:300]
    before = kept(folder)
    monkeypatch.setattr(made_of, "_of_main", None)
    assert ran(asked, folder).to_json() == results.to_json()
    assert kept(folder) == before
    # Another name asks for no other number.
    other = {**GAP, "name": "how much lower they score"}
    renamed = study(folder / "other.html", {**asked.sweep.model_dump(), "headlines": [other]})
    found = of(ran(renamed, folder), quantity="range")
    assert set(found["headline"]) == {other["name"]}
    assert found["estimate"].item() == of(results, quantity="range")["estimate"].item()
    assert kept(folder) == before


def test_cells_do_not_hang_on_the_design(drawn, monkeypatch):
    folder, asked, _ = drawn
    fewer = asked.sweep.model_copy(update={"points": 4})
    less = asked.model_copy(update={"sweep": fewer})
    assert set(all_of(less)) < set(all_of(asked))
    monkeypatch.setattr(made_of, "_of_main", None)
    ran(less, folder, output=folder / "less.html")


def all_of(asked):
    return [each.name for each in asked.blocks()]


def test_what_a_run_would_make_is_said_and_listed(drawn):
    folder, asked, _ = drawn
    how = RunAsked(folder=folder / "cells")
    assert "33 cells (settings), 33 of them kept" in planned(asked, how, output=None, workers=1)
    assert len([line for line in listed(asked, how).splitlines() if "kept" in line]) == 33


def test_one_cell_that_fails_is_told_and_the_others_go_on(tmp_path, monkeypatch):
    asked = study(tmp_path / "page.html", {"over": {"study.seed": [1, 2]}, "headlines": [GAP]})
    whole = made_of._of_main

    def failing(one, block):
        if block.setting == {"study.seed": 2}:
            raise ZeroDivisionError("no people")
        return whole(one, block)

    monkeypatch.setattr(made_of, "_of_main", failing)
    with pytest.raises(CellError, match="1 cells failed"):
        ran(asked, tmp_path)
    assert len(kept(tmp_path)) == 2
    assert "ZeroDivisionError" in next(tmp_path.rglob("*.failed.txt")).read_text()
    assert "failed and are left out" in (tmp_path / "page.html").read_text(encoding="utf-8")
    monkeypatch.undo()
    results = ran(asked, tmp_path)
    assert results.findings[1].parameters["failed"] == 0
    assert np.isfinite(results.findings[1].table["estimate"]).all()


def test_agencies_with_one_scorer_have_cells_of_their_own(tmp_path):
    over = {"raters.0.agency": ["sesame", "national"]}
    asked = study(tmp_path / "page.html", {"over": over, "headlines": [GAP]})
    results = ran(asked, tmp_path)
    assert len(set(all_of(asked))) == 3
    table = results.findings[1].table
    found = table[table["setting"] > 0].set_index("raters.0.agency")["estimate"]
    assert found["sesame"] != found["national"]


def test_checks_are_headlines_where_none_is_named_and_knobs_are_known(tmp_path):
    claim = {**GAP, "claim": "rural citizens score lower", "relation": "below", "of": "Some"}
    del claim["name"]
    asked = study(tmp_path / "page.html", {"over": {"study.seed": [1]}}, checks=[claim])
    assert [each.name for each in asked.sweep.headlines] == ["rural citizens score lower"]
    with pytest.raises(StudyError, match="are none; add"):
        study(tmp_path / "page.html", {"over": {"study.seed": [1]}})
    over = {"world.changes.outcome.bias": [1]}
    with pytest.raises(WorldError, match=r"at world\.changes\.outcome\.bias = 1"):
        study(tmp_path / "page.html", {"over": over, "headlines": [GAP]})


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        (
            {"where": {"sensitve": "hukou"}},
            "where: 'sensitve' is unknown; did you mean 'sensitive'",
        ),
        ({"where": {"sensitive": "hukou", "group": "rurl"}}, "group: 'rurl' is unknown"),
        ({"rater": "sesame"}, "rater: 'sesame' is unknown; did you mean 'sesame (scorecard)'"),
        ({"kind": "audits"}, "kind: 'audits' is unknown; did you mean 'audit'"),
        ({"kind": "interventions"}, "is not asked for; add [interventions]"),
    ],
)
def test_a_headline_that_cannot_be_is_refused_before_any_run(changed, said, tmp_path):
    with pytest.raises(StudyError) as refused:
        study(tmp_path / "p.html", {"over": {"study.seed": [1]}, "headlines": [GAP | changed]})
    assert f"sweep: sweep, headlines, 'the gap', {said.split(':')[0]}" in str(refused.value) or (
        said in str(refused.value)
    )
    assert "\n" not in str(refused.value)


def test_where_the_study_as_it_stands_lacks_a_headline_nothing_else_is_made(tmp_path):
    wrong = GAP | {"where": GAP["where"] | {"measure": "mean_scor"}}
    asked = study(tmp_path / "page.html", {"over": {"study.seed": [1, 2]}, "headlines": [wrong]})
    with pytest.raises(CellError, match="did you mean 'mean_score'"):
        ran(asked, tmp_path)
    assert not kept(tmp_path)
    assert not (tmp_path / "page.html").exists()


def _is_headline(check):
    """Whether a sweep follows it: one row, and not what was assumed."""
    return not check.every and not check.assumed


def test_a_file_may_name_the_study_that_it_varies(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text(
        '[study]\nid = "mine"\ntitle = "M"\nquestion = "Q?"\nprediction = "P."\n'
        'refutation = "R."\nseed = 1\n[report]\npath = "mine.html"\n'
        '[sweep]\nstudy = "wechat"\n[sweep.over]\n"study.seed" = [1, 2]\n'
    )
    asked = load_study(path)
    assert isinstance(asked, SettingsStudy)
    claims = [each.claim for each in load_study("wechat").checks if _is_headline(each)]
    assert [each.name for each in asked.sweep.headlines] == claims
    path.write_text(path.read_text() + "[world]\nname = 'baseline'\n")
    with pytest.raises(StudyError, match=r"holds 'world' beside \[sweep\] study"):
        load_study(path)
    path.write_text(path.read_text().split("[world]")[0].replace('"wechat"', '"wechta.toml"'))
    with pytest.raises(StudyError, match=r"mine\.toml: \[sweep\] study: .*wechta"):
        load_study(path)


def test_cells_of_another_study_have_other_names(tmp_path):
    sweep = {"over": {"study.seed": [1]}, "headlines": [GAP]}
    one, same = (study(tmp_path / name, sweep) for name in ("a.html", "b.html"))
    other = study(tmp_path / "a.html", sweep, world={"name": "baseline", "citizens": 500})
    assert all_of(one) == all_of(same)
    assert not set(all_of(one)) & set(all_of(other))


def test_a_leaderboard_can_be_varied_too(tmp_path):
    error = {"measure": "error", "target": "carrier", "estimator": "leave_out", "factors": "(all)"}
    plain = dict.fromkeys(("sensitive", "size", "world", "rater"), "(all)")
    given = {
        "study": HEAD,
        "worlds": ["segregated"],
        "raters": [{"agency": "sesame", "scorers": ["scorecard"]}],
        "sensitive": ["hukou"],
        "reference_groups": {"hukou": "urban"},
        "estimators": ["leave_out"],
        "sizes": [{"people": 300, "samples": 2}],
        "truth": {"training": 500, "citizens": 600, "fewest": 2, "source": False},
        "report": {"path": str(tmp_path / "page.html")},
        "sweep": {
            "over": {"changes.ties.hukou": [0.0, 0.16]},
            "headlines": [
                {
                    "name": "its error",
                    "kind": "leaderboard",
                    "where": error | plain | {"size": "300"},
                }
            ],
        },
    }
    asked = SettingsStudy.from_dict(given)
    assert isinstance(asked.base().study(), LeaderboardStudy)
    with warnings.catch_warnings():
        table = ran(asked, tmp_path).findings[1].table
    assert table["estimate"].notna().all()
    assert table["estimate"].nunique() > 1


def test_as_many_of_others_are_not_said_to_be_the_same():
    whole = load_study("disclosure_assumptions")
    changed = whole._smaller()
    assert changed["raters"] == ("1 given", "another 1 given")
    assert changed["worlds"] == ("1 given", "2 given")


def test_a_table_is_told_key_by_key_and_values_of_no_other_s_are_others():
    """One size that the study does not have is not one of its two."""
    changed = load_study("leaderboard_assumptions")._smaller()
    assert changed["sizes"] == ("people 2,000, samples 8", "2 given")
    assert changed["truth.citizens"] == ("20000", "30000")
    assert "truth" not in changed
    assert changed["worlds"] == ("1 given", "14 given")
    assert _told_apart([1, 9], [1, 2, 3]) == ("2 given", "others, 3 given")


def test_the_leaderboard_s_own_first_number_is_swept():
    swept = load_study("leaderboard_assumptions").sweep.headlines
    asked = [each.where for each in swept if each.where.get("factors") == "(proxies)"]
    assert [each["estimator"] for each in asked] == ["swap_shapley"]


def test_whose_score_the_headlines_are_of_is_said_beside_the_answer(drawn):
    _, _, results = drawn
    asked = {"headlines": [{"where": {"scorer": "scorecard"}}]}
    told = replace(results, settings={**results.settings, "sweep": asked})
    assert "All of it is of a scorecard" in answer_note(told)
    assert "All of it is of" not in answer_note(results)
