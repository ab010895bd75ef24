"""Runs repeat byte for byte, and leave a whole record or none."""

from pathlib import Path

import pandas as pd
import pytest

from credit_ml.core import InputError, StudyError
from credit_ml.inference import societies
from credit_ml.studies import Study, run, run_study
from credit_ml.studies.reproduce import compare_results
from credit_ml.studies.run import without_report


def tiny(**changes):
    """Return the plain values of a study that runs in a second."""
    given = {
        "study": {
            "id": "tiny",
            "title": "Tiny",
            "question": "Is there a gap?",
            "prediction": "Yes.",
            "refutation": "No.",
            "seed": 1,
        },
        "world": {"name": "segregated", "citizens": 600},
        "raters": [{"agency": "council"}, {"agency": "sesame", "scorers": ["scorecard"]}],
        "sensitive": ["hukou"],
        "reference_groups": {"hukou": "urban"},
        "resample_societies": 8,
        "explain": {"people": 100},
        "disclosure": {"people": 200},
        "report": {"path": "tiny.html"},
    }
    return given | changes


@pytest.fixture
def study():
    return Study.from_dict(tiny())


@pytest.fixture
def own_place(tmp_path, monkeypatch):
    """Work in an empty folder with a store of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{tmp_path}/mlflow.db")
    return tmp_path


def test_two_runs_write_the_same_bytes(own_place):
    alone = Study.from_dict(tiny(raters=[{"agency": "council"}]))
    for name in ("one", "two"):
        run_study(alone, folder=name, track=False, progress=False, output=f"{name}.html")
    for ending in ("html", "json"):
        one, two = ((own_place / f"{name}.{ending}").read_bytes() for name in ("one", "two"))
        assert one == two


def test_what_is_kept_of_a_rater_is_not_made_again(own_place, study, monkeypatch):
    given = {"track": False, "progress": False, "workers": 1}
    run_study(study, **given, output="one.html")
    (across,) = own_place.rglob("across.*.json")
    across.unlink()  # stopped before its end
    with monkeypatch.context() as patched:
        patched.setattr("credit_ml.studies.measure._measured", None)
        run_study(study, **given, output="two.html")
        patched.setattr("credit_ml.studies.run._fitted", None)
        found = run_study(study, **given, output="three.html")
    for ending in ("html", "json"):
        one, *others = (
            (own_place / f"{name}.{ending}").read_bytes() for name in ("one", "two", "three")
        )
        assert others == [one, one]
    assert found.to_json() == without_report(study, workers=1).to_json()


def test_a_page_of_ones_own_choice_is_replaced_only_where_that_is_said(own_place):
    """As with -o on the command line; a study's own page is made again, a finished run is kept."""
    alone = Study.from_dict(tiny(raters=[{"agency": "council"}]))
    how = {"track": False, "progress": False, "workers": 1, "output": "page.html"}
    Path("page.html").write_text("mine")
    with pytest.raises(InputError, match=r"page.html: is there already; .*overwrite=True"):
        run_study(alone, **how)
    assert Path("page.html").read_text() == "mine"
    assert not Path("data").exists()
    run_study(alone, **how, overwrite=True)
    page = Path("page.html").read_bytes()
    run_study(alone, **how)  # finished: nothing is replaced
    Path("page.html").write_text("edited")
    with pytest.raises(InputError, match=r"page.html and page.json: are there already"):
        run_study(alone, **how)
    run_study(alone, **how, overwrite=True)
    assert Path("page.html").read_bytes() == page


def test_workers_do_not_matter(study):
    alone = without_report(study, workers=1).to_json()
    assert alone == without_report(study, workers=2).to_json()


def test_processes_find_the_same(study, monkeypatch):
    alone = without_report(study, workers=1).to_json()
    for module in (run, societies):
        monkeypatch.setattr(module, "PROCESSES_FROM", 100)
    assert alone == without_report(study, workers=2).to_json()


def test_what_cannot_be_written_is_refused_before_work(study, own_place):
    (own_place / "folder").mkdir()
    (own_place / "mine.json").write_text('{"my": "notes"}')
    for output, message in (
        ("folder", "is a folder"),
        ("/dev/null", "is no file but a device"),
        ("x.json", r"ends in '\.json'"),
        ("study.toml", r"ends in '\.toml'"),
        ("mine.html", r"would replace mine\.json, which holds no results"),
    ):
        with pytest.raises(StudyError, match=message):
            run_study(study, output=output, progress=False)
    with pytest.raises(StudyError, match="at least 1"):
        run_study(study, workers=0, progress=False)
    assert not (own_place / "mlflow.db").exists()


def test_reproduction_meets_itself_and_sees_a_change(study):
    results = without_report(study, workers=1)
    assert compare_results(results, results).passed
    changed = type(results).from_json(results.to_json())
    table = changed.raters[0].of_kind("audit")[0].table
    table.loc[table["measure"] == "mean_score", "estimate"] += 50
    different = compare_results(results, changed)
    assert not different.passed
    assert "NOT reproduced" in different.text()
    wider = type(results).from_json(results.to_json())
    table = wider.raters[0].of_kind("audit")[0].table
    table.loc[table["measure"] == "mean_score", "high"] += 50
    assert "high end" in compare_results(results, wider).text().splitlines()[1]
    assert not compare_results(results, wider).passed
    shorter = type(results).from_json(results.to_json())
    audit = shorter.raters[0].of_kind("audit")[0]
    object.__setattr__(audit, "table", audit.table.iloc[:-1])
    assert compare_results(results, shorter).missing


def test_what_a_page_says_first_is_met_in_other_societies():
    one, many = (
        without_report(Study.from_dict(tiny(resample_societies=number)), workers=1).raters[0]
        for number in (0, 8)
    )
    for kind, over in (
        ("audit", "societies"),
        ("disclosure", "societies"),
        ("comparison", {"block_shapley": "societies", "true_carrier": "societies"}),
    ):
        (alone,), (both,) = one.of_kind(kind), many.of_kind(kind)
        told = both.parameters["intervals_over"]
        assert told == over or over.items() <= told.items()
        assert "low_people" not in alone.table
        # The estimate is that of the study's own society, and its own interval stays beside.
        pd.testing.assert_series_equal(alone.table["estimate"], both.table["estimate"])
        aside = both.table["low_people"].dropna()
        pd.testing.assert_series_equal(aside, alone.table["low"][aside.index], check_names=False)
        assert (both.table["low"] != alone.table["low"])[aside.index].any()
    truth = many.of_kind("comparison")[0].table.query("method == 'true_carrier'")
    assert (truth["over"] == "societies").all()
    assert truth["low"].notna().all()
    assert truth.query("quantity != 'sum'")["low_people"].notna().all()


def test_what_friends_and_address_carry_together_knows_how_they_move_together():
    """The sum's interval is that of sums in other societies, narrower than both ends added."""
    asked = tiny(raters=[{"agency": "sesame", "scorers": ["scorecard"]}])
    rater = without_report(Study.from_dict(asked), workers=1).raters[0]
    table = rater.of_kind("comparison")[0].table.query("method == 'true_carrier'")
    table = table.set_index("factor")[["estimate", "low", "high"]]
    both = table.loc[["relationships", "personal"]].sum()
    assert table.loc["(together)", "estimate"] == pytest.approx(both["estimate"])
    assert both["low"] < table.loc["(together)", "low"] < table.loc["(together)", "high"]
    assert table.loc["(together)", "high"] < both["high"]


def test_what_is_asked_once_is_met_in_other_societies_for_the_first_rater():
    sesame = {"agency": "sesame", "scorers": ["scorecard"]}
    asked = {"interventions": {"which": ["drop_friends"]}, "friends": {"draws": 1}}
    asked["sensitive"] = ["hukou", "gender"]  # an audit meets them together, disclosure does not
    study = Study.from_dict(tiny(raters=[sesame, {"agency": "council"}], **asked))
    results = without_report(study, workers=1)
    for kind in ("interventions", "friend_influence"):
        found = next(each for each in results.findings if each.kind == kind)
        assert found.parameters["intervals_over"] == "societies"
        assert found.parameters["rater"].startswith("sesame")
        assert (found.table["over"] == "societies").mean() > 0.9
