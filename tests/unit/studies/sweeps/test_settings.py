"""A study at many settings: designs, what is refused before work, closed forms of shares, cells."""

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from credit_ml.core import AgencyError, CreditMLError, StudyError, WorldError
from credit_ml.studies import load_study, run_study
from credit_ml.studies.run import without_report
from credit_ml.studies.study import Study
from credit_ml.studies.sweeps.settings.design import SweepTable, changed
from credit_ml.studies.sweeps.settings.facts import headlines
from credit_ml.studies.sweeps.settings.finding import settings_sweep
from credit_ml.studies.sweeps.settings.study import SettingsStudy

GRADIENT = "world.changes.address.gradient"
GAP = {
    "name": "the gap",
    "kind": "audit",
    "where": {"quantity": "difference", "measure": "mean_score", "group": "rural"},
}
RANGE = {"low": 0.0, "high": 1.0}


def given_study(over, **sweep):
    return {
        "study": {
            "id": "tiny",
            "title": "Tiny",
            "question": "Does the gap hang on what is assumed?",
            "prediction": "Its sign holds.",
            "refutation": "It turns.",
            "seed": 1,
        },
        "world": {
            "name": "segregated",
            "citizens": 500,
            "changes": {"address": {"people_per_district": 50}},
        },
        "raters": [{"agency": "sesame", "scorers": ["scorecard"]}],
        "sensitive": ["hukou"],
        "reference_groups": {"hukou": "urban"},
        "resample_societies": 0,
        "report": {"path": "tiny.html"},
        "sweep": {"over": over, "headlines": [GAP]} | sweep,
    }


def table(over, **more):
    return SweepTable(over=over, headlines=(GAP,), **more)


def cells_of(sweep, number):
    """Return cells as if the headline were a function of the setting's values."""
    values = [number(*each.values()) for each in sweep.settings()]
    estimate = np.array([np.mean(values), *values])
    return pd.DataFrame({"headline": "the gap", "setting": range(len(estimate))}).assign(
        estimate=estimate, low=estimate - 0.1, high=estimate + 0.1
    )


def shares(sweep, number):
    found = settings_sweep(cells_of(sweep, number), sweep).table
    return {q: found[found["quantity"] == q].set_index("key") for q in ("first_order", "total")}


def test_a_grid_is_all_with_all_and_a_list_goes_together():
    over = {"a": (1, 2), "b": ("x", "y")}
    assert table(over).settings() == [
        {"a": 1, "b": "x"},
        {"a": 1, "b": "y"},
        {"a": 2, "b": "x"},
        {"a": 2, "b": "y"},
    ]
    assert table(over, design="list").settings() == [{"a": 1, "b": "x"}, {"a": 2, "b": "y"}]


@settings(max_examples=20)
@given(st.integers(2, 40), st.integers(0, 9))
def test_a_latin_hypercube_has_one_point_in_each_part_of_each_range(points, seed):
    over = {"a": {"low": -1.0, "high": 3.0}, "b": RANGE}
    sweep = table(over, design="latin_hypercube", points=points, seed=seed)
    drawn = pd.DataFrame(sweep.settings())
    assert drawn.to_dict("records") == sweep.settings()
    for column, low, width in (("a", -1.0, 4.0), ("b", 0.0, 1.0)):
        part = np.floor((drawn[column] - low) / width * points).astype(int)
        assert sorted(part) == list(range(points))


def test_shares_of_a_sum_are_those_of_the_squares_of_its_weights():
    """Of 3 a + b + 0 c over independent uniforms: 9/10, 1/10 and none, first-order and total."""
    sweep = table(dict.fromkeys("abc", RANGE), design="saltelli", points=512)
    for found in shares(sweep, lambda a, b, c: 3 * a + b + 0 * c).values():
        assert found["estimate"].to_numpy() == pytest.approx([0.9, 0.1, 0.0], abs=0.02)
        assert ((found["low"] <= [0.9, 0.1, 0]) & (found["high"] >= [0.9, 0.1, 0])).all()


def test_shares_of_ishigami_are_the_published_ones():
    """Ishigami and Homma (1990), a 7, b 0.1: 0.314, 0.442, 0; in total 0.558, 0.442, 0.244."""
    over = {key: {"low": -np.pi, "high": np.pi} for key in "abc"}
    sweep = table(over, design="saltelli", points=2048)
    found = shares(sweep, lambda a, b, c: np.sin(a) * (1 + 0.1 * c**4) + 7 * np.sin(b) ** 2)
    published = {"first_order": [0.314, 0.442, 0.0], "total": [0.558, 0.442, 0.244]}
    for name, numbers in published.items():
        assert found[name]["estimate"].to_numpy() == pytest.approx(numbers, abs=0.03)


def test_what_nothing_reads_has_no_share_and_a_constant_none_to_share():
    sweep = table({"a": RANGE, "b": RANGE}, design="saltelli", points=64)
    found = shares(sweep, lambda a, b: a**2)
    assert all(each.loc["b", "low"] <= 0 <= each.loc["b", "high"] for each in found.values())
    assert not len(shares(sweep, lambda a, b: 1.0)["total"])


def test_intervals_over_settings_hold_all_listed_ones_and_signs_are_counted():
    sweep = table({"a": (-3, -1, 0.05, 2)})
    cells = cells_of(sweep, lambda a: a)
    cells.loc[0, ["estimate", "low", "high"]] = [1.0, 0.5, 1.5]
    found = settings_sweep(cells, sweep)
    facts = found.table.set_index("quantity")
    assert facts.loc["assumptions", ["low", "estimate", "high"]].tolist() == [-3, 1, 2]
    assert facts.loc["assumptions", "over"] == "settings"
    assert facts.loc["turned", "estimate"] == facts.loc["surely_turned", "estimate"] == 0.5
    (line,) = headlines(found)
    assert line.sign == "turns"
    assert facts.loc["at", "estimate"].tolist() == [-3, -1, 0.05, 2]
    assert type(found).from_dict(json.loads(json.dumps(found.to_dict()))).plot() is not None


def test_drawn_settings_have_the_middle_of_their_numbers():
    sweep = table({"a": RANGE}, design="latin_hypercube", points=200)
    found = settings_sweep(cells_of(sweep, lambda a: stats.norm.ppf(a)), sweep).table
    whole = found[found["quantity"] == "assumptions"].iloc[0]
    assert [whole["low"], whole["high"]] == pytest.approx([-1.96, 1.96], abs=0.06)


@pytest.mark.parametrize(
    ("over", "more", "kind", "said"),
    [
        ({GRADIENT: []}, {}, StudyError, "sweep, over, world.changes.address.gradient: lists no"),
        ({GRADIENT: [0.1, 0.1]}, {}, StudyError, "lists a value twice"),
        ({GRADIENT: RANGE}, {}, StudyError, "holds a range; list values, or say design"),
        ({GRADIENT: {"low": 1, "high": 0}}, {"design": "saltelli"}, StudyError, "goes from 1 to 0"),
        ({GRADIENT: RANGE}, {"design": "saltelli", "points": 12}, StudyError, "power of two"),
        (
            {GRADIENT: [0.1], "study.seed": [1, 2]},
            {"design": "list"},
            StudyError,
            "several lengths",
        ),
        ({"world.changes.address.gradiant": [1]}, {}, WorldError, "did you mean 'gradient'"),
        ({"world.citizens": [500, 1]}, {}, StudyError, "sweep, at world.citizens = 1"),
        ({"world.name.x": [1]}, {}, StudyError, "goes through 'name', which is no table"),
        ({"raters": [[{"agency": "moon"}]]}, {}, AgencyError, "moon"),
        ({"study.seed": [-1]}, {}, StudyError, "seed"),
        ({GRADIENT: [1.0]}, {"design": "sobol"}, StudyError, "design"),
        ({GRADIENT: [1.0]}, {"headlines": []}, StudyError, "headlines"),
        ({GRADIENT: [1.0]}, {"headlines": [GAP, GAP]}, StudyError, "have one name twice"),
        ({}, {}, StudyError, "over"),
    ],
)
def test_what_cannot_be_swept_is_refused_before_any_work(over, more, kind, said):
    with pytest.raises(kind) as refused:
        SettingsStudy.from_dict(given_study(over, **more))
    assert said in str(refused.value)
    assert "\n" not in str(refused.value)


def test_a_key_is_changed_and_nothing_else():
    one = {"a": {"b": 1, "c": 2}, "d": 3}
    assert changed(one, "a.b", 5) == {"a": {"b": 5, "c": 2}, "d": 3}
    assert one["a"]["b"] == 1
    assert changed(one, "e.f.g", 0)["e"] == {"f": {"g": 0}}


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """A sweep of three settings, in a folder of its own, and its results."""
    folder = tmp_path_factory.mktemp("sweep")
    study = SettingsStudy.from_dict(given_study({GRADIENT: [0.2, 1.2]}))
    where = {"folder": folder / "cells", "output": folder / "page.html"}
    return folder, study, run_study(study, track=False, progress=False, workers=1, **where)


def test_a_setting_is_the_study_run_with_its_keys_changed(ran):
    _, _, results = ran
    alone = given_study({})
    del alone["sweep"]
    found = results.findings[0].table
    for place, value in enumerate([None, 0.2, 1.2]):
        told = alone if value is None else changed(alone, GRADIENT, value)
        (_, audited), *_ = without_report(Study.from_dict(told), workers=1).of_kind("audit")
        audit = audited.table
        asked = np.logical_and.reduce([audit[k] == v for k, v in GAP["where"].items()])
        own = found[(found["quantity"] == "setting") & (found["setting"] == place)].iloc[0]
        for column in ("estimate", "low", "high", "over", "clusters"):
            assert own[column] == audit.loc[asked, column].item()


def test_cells_are_kept_and_further_values_are_added(ran, monkeypatch):
    folder, study, results = ran
    made = {path.name for path in (folder / "cells").rglob("setting-*.parquet")}
    assert len(made) == 3
    again = {"folder": folder / "cells", "track": False, "progress": False, "workers": 1}
    with monkeypatch.context() as patched:
        patched.setattr("credit_ml.studies.sweeps.settings.study.without_report", None)
        same = run_study(study, output=folder / "two.html", **again)
        fewer = SettingsStudy.from_dict(given_study({GRADIENT: [1.2]}))
        run_study(fewer, output=folder / "three.html", **again)
        for ending in ("html", "json"):
            one, two = ((folder / f"{name}.{ending}").read_bytes() for name in ("page", "two"))
            assert one == two
    assert same.to_json() == results.to_json()
    more = SettingsStudy.from_dict(given_study({GRADIENT: [1.2, 0.7, 0.2]}))
    run_study(more, output=folder / "four.html", **again)
    assert len(made) + 1 == len(list((folder / "cells").rglob("setting-*.parquet")))


def test_one_failing_setting_is_recorded_and_the_others_go_on(tmp_path):
    bad = GAP | {"name": "nothing", "where": {"measure": "mean_score", "group": "nobody"}}
    study = SettingsStudy.from_dict(given_study({GRADIENT: [0.2]}, headlines=[bad]))
    with pytest.raises(CreditMLError, match="names no single row of audit"):
        run_study(study, folder=tmp_path, output=tmp_path / "x.html", track=False, progress=False)
    assert not (tmp_path / "x.html").exists()


def test_two_agencies_with_one_scorer_have_cells_of_their_own():
    one, other = ([{"agency": name, "scorers": ["scorecard"]}] for name in ("sesame", "national"))
    study = SettingsStudy.from_dict(given_study({"raters": [one, other]}))
    assert len({block.name for block in study.blocks()}) == 2  # the first is the study's own


def test_the_page_says_what_the_headline_hangs_on(ran, tmp_path):
    folder, _, results = ran
    page = (folder / "page.html").read_text()
    (line,) = headlines(results.findings[0])
    assert "What the headlines hang on" in page
    assert "address.gradient" in page
    assert {"holds": "holds in", "turns": "turns in", "open": "cannot be told"}[line.sign] in page


def test_a_file_with_a_sweep_is_such_a_study(tmp_path):
    study = load_study("wechat")
    text = (
        '[sweep.over]\n"world.citizens" = [2000]\n[[sweep.headlines]]\nname = "gap"\n'
        'kind = "audit"\nwhere = { measure = "mean_score", group = "rural" }\n'
    )
    copy = tmp_path / "copy.toml"
    from credit_ml.studies.shipped import shipped_files

    whole = shipped_files()["wechat"].read_text()
    copy.write_text(whole[: whole.index("[[checks]]")] + text)
    swept = load_study(copy)
    assert isinstance(swept, SettingsStudy)
    assert [block.study.world.citizens for block in swept.blocks()] == [study.world.citizens, 2000]
