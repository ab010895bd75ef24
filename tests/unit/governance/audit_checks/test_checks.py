"""Each audit check fires where its condition holds, says so rightly, and is silent elsewhere."""

import importlib
import importlib.util
import re
import warnings
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.ensemble import RandomForestClassifier
from sklearn.linear_model import LogisticRegression

from credit_ml.core import Dataset, InputError, conform
from credit_ml.fairness.audit.finding import Audit
from credit_ml.governance import AuditCase, check_ids, diagnose, load_check
from credit_ml.governance.audit_checks import intervals
from credit_ml.governance.audit_checks.case import whole_percent
from credit_ml.governance.audit_checks.mutes import muted, read_mutes
from credit_ml.governance.audit_checks.outcomes import everybody
from credit_ml.governance.audit_checks.people import _crossing
from credit_ml.proxies.decomposition.finding import Decomposition
from credit_ml.studies import audit_table, report

PEOPLE = 2_000


def clean(people=PEOPLE, seed=0):
    """A table in which two groups differ in nothing, with a score that says who pays."""
    random = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "late": random.normal(size=people),
            "income": random.normal(size=people),
            "sex": random.choice(["f", "m"], people),
            "race": random.choice(["a", "b", "c"], people),
        }
    )
    chance = 1 / (1 + np.exp(frame["late"] - 0.4 * frame["income"] - 0.3))
    return frame.assign(score=chance, paid=(random.random(people) < chance).astype(int))


ASKED = {"target": "paid", "sensitive": ("sex", "race"), "score": "score", "threshold": 0.5}


def fired(frame, **options):
    """Return the diagnostics of an audit by the ids of their checks."""
    how = {key: value for key, value in (ASKED | options).items() if value is not None}
    found = audit_table(frame, track=False, progress=False, **how).diagnostics
    return {each.check: each for each in found}


@pytest.fixture
def people():
    """The clean table, for a test to spoil."""
    return clean()


@pytest.mark.parametrize("seed", range(3))
def test_a_clean_audit_fires_none(seed):
    assert fired(clean(seed=seed)) == {}


def few_of_a_group(frame):
    race = frame["race"].where(frame.index >= 12, "few")
    return {"frame": frame.assign(race=race)}


def unknown(frame):
    race = frame["race"].where(frame.index >= 200, None)
    return {"frame": frame.assign(race=race), "missing_sensitive": "group"}


def crossing(frame):
    lone = (frame["sex"] == "f") & (frame["race"] == "c")
    keep = ~lone | (lone.cumsum() <= 11)
    return {"frame": frame[keep].reset_index(drop=True)}


def missing(frame):
    gone = (frame["sex"] == "f") & (np.arange(len(frame)) % 4 == 0)
    return {"frame": frame.assign(income=frame["income"].mask(gone))}


def copied(frame):
    return {"frame": pd.concat([frame, frame.iloc[:100]], ignore_index=True)}


def constant(frame):
    return {"frame": frame.assign(country="CN")}


def banded(frame):
    age = np.random.default_rng(2).integers(18, 80, len(frame))
    told = {"late": ["late"], "age": ["age"]}
    return {"frame": frame.assign(age=age), "sensitive": ("age:40",), "factors": told}


def telling(frame):
    noise = np.random.default_rng(3).normal(size=len(frame))
    return {"frame": frame.assign(height=(frame["sex"] == "m") * 3 + noise)}


def weighing(frame):
    return {"frame": frame.assign(fnlwgt=np.random.default_rng(4).lognormal(size=len(frame)))}


def unequal(frame):
    given = np.random.default_rng(4).lognormal(sigma=1.5, size=len(frame))
    return {"frame": frame.assign(given=given), "weights": "given"}


def rare(frame):
    return {"frame": frame.assign(paid=(np.arange(len(frame)) >= 15).astype(int)), "score": None}


def all_accepted(frame):
    return {"frame": frame[frame["score"] >= 0.5].reset_index(drop=True)}


def one_outcome(frame):
    return {"frame": frame.assign(paid=frame["paid"].where(frame["score"] >= 0.5, 0))}


def nobody(frame):
    race = frame["race"].where(frame.index >= 40, "d")
    return {"frame": frame.assign(race=race, paid=frame["paid"].where(race != "d", 1))}


def turned(frame):
    return {
        "frame": frame.assign(score=frame["score"].where(frame["race"] != "c", 1 - frame["score"]))
    }


def unnamed(frame):
    return {"frame": frame, "threshold": None}


def saturated(frame):
    score = 0.9 - 0.5 * (np.arange(len(frame)) % 25 < 1 + 2 * (frame["sex"] == "f"))
    return {"frame": frame.assign(score=score), "direction": "higher_is_better"}


def best_is_other(frame):
    lifted = frame["score"] + 0.2 * (frame["race"] == "b")
    counts = frame["race"].value_counts()
    other = next(name for name in counts.index if name != "b")
    return {"frame": frame.assign(score=lifted), "reference": (f"race:{other}",)}


def clustered(frame):
    random = np.random.default_rng(5)
    branch = random.integers(0, 20, len(frame))
    shift = random.normal(size=20)[branch]
    chance = 1 / (1 + np.exp(frame["late"] - 1.5 * shift))
    return {
        "frame": frame.assign(branch=branch, paid=(random.random(len(frame)) < chance).astype(int))
    }


def few_clusters(frame):
    return {"frame": frame.assign(office=np.arange(len(frame)) % 4), "cluster": "office"}


SPOILED = {
    "CM101": (few_of_a_group, r"race has groups of fewer than 30 people: few \(12\)"),
    "CM102": (unknown, r"of 10.% of people race is unknown \('\(missing\)'\)"),
    "CM103": (crossing, r"fewer than 30 people are in 1 of 6 crossings .*: f x c \(11\)"),
    "CM104": (missing, r"'income' is missing for 2\d.% of f and 0.% of all others \(sex\)"),
    "CM105": (copied, r"100 rows are copies"),
    "CM106": (constant, r"'country' is the same for everybody"),
    "CM107": (banded, r"the score is given age band itself, as 'age'"),
    "CM108": (telling, r"sex is left out, yet the other columns tell it: AUC 0.9"),
    "CM109": (weighing, r"'fnlwgt' looks like weights of a sample and is taken for a feature"),
    "CM110": (unequal, r"the weights leave 2,000 rows worth"),
    "CM201": (rare, r"of 2,000 people only 15 \(under 1.%\) had not the favourable outcome"),
    "CM202": (all_accepted, r"all [\d,]+ people reach the threshold"),
    "CM203": (nobody, r"false positive rate and true negative rate of d \(race\) cannot be known"),
    "CM301": (turned, r"among c \(race\) a higher score means a worse outcome: AUC 0.[23]"),
    "CM302": (unnamed, r"nobody named a threshold"),
    "CM303": (saturated, r"92.% reach the threshold, .* [23].\d times as many are refused"),
    "CM304": (best_is_other, r"b \(race\) are selected more often than the reference group"),
    "CM501": (clustered, r"people of one 'branch' are alike .* with 20 of them"),
    "CM502": (few_clusters, r"intervals count 4 clusters \('office'\), fewer than 8"),
}


@pytest.mark.parametrize("check", SPOILED)
def test_a_fault_fires_its_check_and_says_so(people, check):
    spoil, says = SPOILED[check]
    options = spoil(people)
    with warnings.catch_warnings(action="ignore"):
        found = fired(options.pop("frame"), **options)
    assert check in found
    assert re.search(says, found[check].message), found[check].message


def test_outcomes_of_one_side_are_selected(people):
    found = fired(one_outcome(people)["frame"])
    assert "have the same outcome" in found["CM202"].message


def test_a_threshold_that_nobody_reaches_is_said(people):
    found = fired(people, threshold=650.0)
    assert "none of" in found["CM202"].message
    assert "on the scale of the scores" in found["CM202"].message


def test_a_model_that_remembers_these_people_is_known_and_one_that_does_not_is_not(people):
    data = Dataset.from_frame(
        people.drop(columns="score"), target="paid", sensitive=["sex", "race"]
    )
    others = clean(seed=9)
    forest = RandomForestClassifier(50, random_state=0, n_jobs=1)
    seen = forest.fit(data.X, data.y)
    found = {each.check for each in report(seen, data, threshold=0.5, progress=False).diagnostics}
    assert "CM401" in found
    fresh = RandomForestClassifier(50, random_state=0, n_jobs=1, min_samples_leaf=20)
    fresh.fit(others[["late", "income"]], others["paid"])
    found = {each.check for each in report(fresh, data, threshold=0.5, progress=False).diagnostics}
    assert "CM401" not in found


def test_a_model_without_names_takes_columns_by_place(people):
    data = Dataset.from_frame(
        people[["late", "income", "sex", "paid"]], target="paid", sensitive=["sex"]
    )
    blind = LogisticRegression().fit(data.X.to_numpy(), data.y)
    case = AuditCase(dataset=data, model=blind)
    assert [each.check for each in diagnose([case])] == ["CM402"]
    assert diagnose([AuditCase(dataset=data, model=LogisticRegression().fit(data.X, data.y))]) == ()


def test_a_probability_that_is_wrong_of_a_group_is_found(people):
    data = Dataset.from_frame(people.drop(columns="score"), target="paid", sensitive=["sex"])
    chance = people["score"].to_numpy()
    right = AuditCase(dataset=data, chance=chance)
    assert diagnose([right]) == ()
    wrong = AuditCase(dataset=data, chance=np.where(people["sex"] == "f", chance - 0.09, chance))
    (found,) = diagnose([wrong])
    assert (found.check, found.group) == ("CM305", "f (sex)")
    assert found.value == pytest.approx(0.09, abs=0.04)


def test_the_design_effect_of_equal_clusters_is_the_textbook_one():
    random = np.random.default_rng(0)
    codes = np.repeat(np.arange(200), 25)
    values = random.normal(size=200)[codes] * np.sqrt(0.25) + random.normal(size=5000)
    alike, inflated, p = intervals.inflation(values, codes)
    assert alike == pytest.approx(0.2, abs=0.04)
    assert inflated == pytest.approx(1 + 24 * alike)
    assert p < 1e-9


def test_clusters_without_a_common_chance_hardly_ever_look_like_such():
    random = np.random.default_rng(0)
    codes = np.repeat(np.arange(40), 25)
    p = [intervals.inflation(random.normal(size=1000), codes)[2] for _ in range(400)]
    assert np.mean(np.array(p) < 0.05) == pytest.approx(0.05, abs=0.035)


def test_copies_are_told_from_people_who_happen_to_be_alike():
    random = np.random.default_rng(0)
    plain = pd.DataFrame({name: random.integers(0, 3, 2000) for name in ("a", "b", "c")})
    data = Dataset.from_frame(plain.assign(sex=["f", "m"] * 1000), target=None, sensitive="sex")
    assert diagnose([AuditCase(dataset=data)]) == ()


def test_many_gaps_that_are_just_clear_are_said():
    rows = [
        {
            "quantity": "difference",
            "measure": "selection_rate",
            "sensitive": f"s{k}",
            "group": "a",
            "reference_group": "b",
            "estimate": 0.021,
            "low": 0.001,
            "high": 0.041,
        }
        for k in range(8)
    ]
    data = Dataset.from_frame(clean(), target="paid", sensitive="sex", context=["score"])
    case = AuditCase(dataset=data, findings=[Audit(table=conform(rows), title="")])
    (found,) = diagnose([case])
    assert found.check == "CM503"
    assert "of 8 gaps in selection 8 are clear one by one, and 0" in found.message
    for row in rows:
        row |= {"low": 0.015, "high": 0.027}
    sure = AuditCase(dataset=data, findings=[Audit(table=conform(rows), title="")])
    assert diagnose([sure]) == ()


def test_parts_that_miss_their_gap_are_said():
    data = Dataset.from_frame(clean(), target="paid", sensitive="sex", context=["score"])
    base = {"measure": "mean", "sensitive": "sex", "group": "f", "method": "one"}
    rows = [
        base | {"quantity": "component", "factor": "late", "estimate": 1.0},
        base | {"quantity": "component", "factor": "income", "estimate": 2.0},
        base | {"quantity": "total", "factor": "(gap)", "estimate": 3.0, "low": 2.0, "high": 4.0},
    ]

    def of(rows):
        found = Decomposition(table=conform(rows), title="", parameters={"unit": "points"})
        return [each.check for each in diagnose([AuditCase(dataset=data, findings=[found])])]

    assert of(rows) == []
    rows[0]["estimate"] = 0.5
    assert of(rows) == ["CM602"]


def test_mutes_are_reasons_of_known_checks():
    assert read_mutes({"CM101": " known "}, InputError, "mute") == {"CM101": "known"}
    for given, says in (
        (["CM101"], "without a reason"),
        (["CM1=x"], "unknown"),
        ({"CM101": ""}, "why"),
    ):
        with pytest.raises(InputError, match=says):
            read_mutes(given, InputError, "mute")


def test_a_muted_check_warns_no_more_and_stays(people):
    spoiled = few_of_a_group(people)["frame"]
    found = fired(spoiled, mute={"CM101": "we know", "CM102": "also"})
    assert found["CM101"].muted == "we know"
    assert not found["CM101"].warns
    assert "CM102" in found["CM901"].message
    (only,) = muted([], {"CM303": "x", "CM901": "fine"})
    assert only.muted == "fine"


def test_ids_are_in_order_and_every_check_has_its_function():
    for name in check_ids():
        one = load_check(name)
        assert re.fullmatch(r"CM[1-9]\d\d", name)
        room = importlib.import_module(f"credit_ml.governance.audit_checks.{one.room}")
        assert name == "CM901" or callable(getattr(room, one.name.replace("-", "_")))
    names = [load_check(name).name for name in check_ids()]
    assert len(set(names)) == len(names)


def test_the_page_is_written_from_the_catalogue(repository: Path):
    spec = importlib.util.spec_from_file_location("checks", repository / "docs" / "checks.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    assert (repository / "docs" / "checks.md").read_text() == module.page(), "make checks"


@pytest.mark.parametrize(("share", "said"), [(0.0, "0"), (0.999, "over 99"), (0.05, "5")])
def test_shares_are_whole_percentages(share, said):
    assert whole_percent(share) == f"{said}\u202f%"


def test_groups_of_a_society_are_called_as_the_page_calls_them():
    """A note that says "yes (critic)" names nobody; a table's own values stay as they are."""
    assert everybody("critic", "yes") == "critics"
    assert everybody("hukou x gender", "rural x woman") == "rural women"
    assert everybody("smoker", "yes") == "people marked 'smoker'"
    assert everybody("team", "red") == "red (team)"
    assert _crossing("hukou", "rural", "critic", "yes") == "rural people who are critics"
    assert _crossing("sex", "f", "race", "c") == "f x c"
    assert _crossing("sex", "female", "smoker", "no") == "women not marked 'smoker'"
