"""A check that no row can decide costs no run: it is refused when the study's file is read."""

import json
import re
from dataclasses import replace

import pytest

from credit_ml.core import StudyError, StudyResults
from credit_ml.reports.borne_out.decides import row_in_words
from credit_ml.reports.verdict import refuting_words, untested
from credit_ml.studies import load_study
from credit_ml.studies.predictions import with_refuters
from credit_ml.studies.shipped import shipped_files
from credit_ml.studies.tables import CheckTable, read_study

STUDY = """
sensitive = ["hukou"]
[study]
id = "tiny"
title = "Tiny"
question = "Is there a gap?"
prediction = "Rural citizens score lower."
refutation = "No."
seed = 5
[world]
name = "baseline"
citizens = 600
[[raters]]
agency = "council"
[report]
path = "tiny.html"
[[checks]]
claim = "lower"
of = "{of}"
kind = "{kind}"
relation = "below"
rater = "{rater}"
[checks.where]
{column} = "{sensitive}"
group = "{group}"
measure = "mean_score"
"""
RIGHT = {
    "of": "Rural citizens score lower",
    "kind": "audit",
    "rater": "council (rules)",
    "column": "sensitive",
    "sensitive": "hukou",
    "group": "rural",
}


def read(folder, **changed):
    file = folder / "tiny.toml"
    file.write_text(STUDY.format(**RIGHT | changed))
    return load_study(file)


def test_one_that_can_be_decided_is_read(tmp_path):
    assert read(tmp_path).checks[0].kind == "audit"
    assert read(tmp_path, rater="").checks
    assert read(tmp_path, sensitive="overall", group="all").checks
    assert read(tmp_path, sensitive="hukou x gender", group="rural x woman").checks


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"of": "Urban citizens"}, "holds 'Urban citizens', which the prediction does not say"),
        ({"kind": "audits"}, "did you mean 'audit'"),
        ({"kind": "interventions"}, "'interventions' is not asked for; add [interventions]"),
        ({"rater": "council (opaque)"}, "did you mean 'council (rules)'"),
        ({"column": "sensitve"}, "did you mean 'sensitive'"),
        ({"sensitive": "hukuo"}, "did you mean 'hukou'"),
        ({"group": "rurals"}, "did you mean 'rural'"),
    ],
)
def test_one_that_cannot_is_refused_on_one_line_before_any_run(tmp_path, changed, said):
    with pytest.raises(StudyError) as refused:
        read(tmp_path, **changed)
    text = str(refused.value)
    assert said in text
    assert "checks" in text
    assert "\n" not in text


BARE = STUDY.partition("kind =")[0]


def bare(folder, more):
    file = folder / "tiny.toml"
    file.write_text(BARE.format(**RIGHT) + more)
    return load_study(file)


def test_what_is_assumed_outright_needs_no_row(tmp_path):
    (found,) = bare(tmp_path, "assumed = true\n").checks
    assert (found.kind, found.assumed) == ("", True)


@pytest.mark.parametrize("more", ["", "kind = 'audit'\n", "assumed = true\nkind = 'audit'\n"])
def test_any_other_check_needs_all_of_its_row(tmp_path, more):
    with pytest.raises(StudyError, match="names no row"):
        bare(tmp_path, more)


@pytest.mark.parametrize("key", ["refutes", "spares"])
def test_what_refutes_is_said_in_the_words_of_the_refutation(tmp_path, key):
    told = 'kind = "audit"\nrelation = "below"\nwhere = { measure = "mean_score" }\n'
    (found,) = bare(tmp_path, f'{told}{key} = "No"\n').checks
    assert getattr(found, key) == "No"
    with pytest.raises(StudyError, match="holds 'Yes', which the refutation does not say"):
        bare(tmp_path, f'{told}{key} = "Yes"\n')


def test_a_check_that_says_nothing_of_the_refutation_is_stored_as_it_always_was(tmp_path):
    """Digests of studies that were run before there was such a key are as they were."""
    (found,) = read(tmp_path).checks
    assert not {"refutes", "spares"} & set(found.model_dump())


#: What a study said would refute it and no check holds or denies, with the reason.
UNHELD = {
    # An expectation of every one of several remedies at once: no one row is all of them.
    "proxies": (
        "every intervention that closes half of the gap loses more than two points of AUC",
    ),
    # `trust_over_open` is held, not the level of trust.
    "enrolment": ("hidden rules leave trust at a half or more",),
}


@pytest.mark.parametrize("name", [name for name in shipped_files() if name != "reference"])
def test_every_study_of_the_package_says_which_checks_speak_of_its_refutation(name):
    file = read_study(shipped_files()[name])
    checks = [CheckTable(**each) for each in file.get("checks", ())]
    assert checks
    left = untested(file["study"]["refutation"], refuting_words(checks), of="refutation")
    assert left == UNHELD.get(file["study"]["id"], ())


def earlier(file, **changes):
    """Results of a study as they were stored before its checks spoke of the refutation."""
    checks = [CheckTable(**each | {"spares": "", "refutes": ""}) for each in file["checks"]]
    told = {name: file["study"][name] for name in ("id", "title", "question")}
    told |= {name: file["study"][name] for name in ("prediction", "refutation")}
    kept = [each.model_dump(mode="json") for each in checks if not changes.get("without")]
    # As JSON has them: columns in another order than the file.
    kept = json.loads(json.dumps(kept, sort_keys=True))
    return StudyResults(**told | changes.get("head", {}), settings={"checks": kept})


def test_results_of_an_earlier_run_are_held_against_their_refutation():
    file = read_study(shipped_files()["nation"])
    told = with_refuters(earlier(file)).settings
    assert [each.get("spares", "") for each in told["checks"]] == [
        each.get("spares", "") for each in file["checks"]
    ]
    assert told["refuted_afterwards"] is True
    # What is told already is not told again, and says no more that it was told afterwards.
    again = with_refuters(replace(earlier(file), settings={"checks": told["checks"]}))
    assert "refuted_afterwards" not in again.settings


@pytest.mark.parametrize("changed", ["id", "prediction", "refutation"])
def test_results_of_another_study_are_told_nothing(changed):
    file = read_study(shipped_files()["nation"])
    others = earlier(file, head={changed: "another"})
    assert with_refuters(others) is others
    none = earlier(file, without=True)
    assert with_refuters(none) is none


def test_a_check_that_has_changed_since_the_run_is_told_nothing():
    file = read_study(shipped_files()["nation"])
    found = earlier(file)
    found.settings["checks"][0]["value"] = -0.2
    told = with_refuters(found).settings["checks"]
    assert "spares" not in told[0]
    assert "spares" in told[1]


def other_way(check, **changes):
    """A check as an earlier file had it."""
    return {k: v for k, v in check.items() if k not in ("most", "assumed")} | changes


def test_a_claim_of_most_worlds_that_asked_a_mean_is_counted_and_the_page_says_so():
    file = read_study(shipped_files()["leaderboard"])
    (counted,) = [each for each in file["checks"] if each.get("most")]
    mean = other_way(counted, claim="a mean", where=counted["where"] | {"world": "(all)"})
    found = earlier(
        file | {"checks": [mean if each is counted else each for each in file["checks"]]}
    )
    told = with_refuters(found).settings
    assert told["mended_afterwards"] == [counted["claim"]]
    (now,) = [each for each in told["checks"] if each["of"] == counted["of"]]
    assert now["most"]
    assert "mended_afterwards" not in with_refuters(earlier(file)).settings


def test_what_was_called_found_and_is_assumed_is_said_to_be_assumed():
    file = read_study(shipped_files()["data_limits"])
    (made,) = [each for each in file["checks"] if each.get("assumed")]
    found = earlier(
        file
        | {
            "checks": [
                other_way(made, claim="it is") if each is made else each for each in file["checks"]
            ]
        }
    )
    told = with_refuters(found).settings
    assert told["mended_afterwards"] == [made["claim"]]
    (now,) = [each for each in told["checks"] if each["of"] == made["of"]]
    assert now["assumed"]


@pytest.mark.parametrize("name", [name for name in shipped_files() if name != "reference"])
def test_what_is_foretold_of_most_is_counted(name):
    """That a mean lies on one side says nothing of most worlds, raters or societies."""
    file = read_study(shipped_files()[name])
    several = re.compile(
        r"\b(?:in|of|at|under) most (?:worlds|raters|societies|groups|regimes|seeds)\b"
    )
    told = [CheckTable(**each) for each in file.get("checks", ())]
    assert all(each.most for each in told if several.search(each.of + each.refutes + each.spares))


def test_a_refuter_that_was_written_since_is_added():
    file = read_study(shipped_files()["leaderboard"])
    found = earlier(file | {"checks": [each for each in file["checks"] if "refutes" not in each]})
    told = with_refuters(found).settings["checks"]
    added = [each for each in told if "refutes" in each]
    assert len(added) == len(told) - len(found.settings["checks"]) == 2


@pytest.mark.parametrize("name", [name for name in shipped_files() if name != "reference"])
def test_a_claim_of_several_raters_spares_the_refutation_at_each_of_them_or_at_none(name):
    """What is said of every rater is refuted where one of them refutes it."""
    checks = [CheckTable(**each) for each in read_study(shipped_files()[name]).get("checks", ())]
    told = {}
    for each in checks:
        if each.rater and not each.refutes:
            row = json.dumps([each.of, each.kind, each.relation, each.value, dict(each.where)])
            told.setdefault(row, set()).add(each.spares)
    assert {row: each for row, each in told.items() if len(each) > 1} == {}


def test_what_follows_from_what_was_assumed_is_told_of_an_earlier_run():
    file = read_study(shipped_files()["wechat"])
    checks = [each | {"assumed": False} if each.get("kind") else each for each in file["checks"]]
    told = with_refuters(earlier(file | {"checks": checks})).settings["checks"]
    fixed = [each["claim"] for each in told if each.get("assumed") and each["kind"]]
    assert len(fixed) == 5
    assert all("people gain points" in claim for claim in fixed)


def test_what_a_refuter_is_of_is_said_in_today_s_words_of_the_same_row():
    """That an error is over all factors, and 11 of 14 worlds, was not in the words of the run."""
    file = read_study(shipped_files()["leaderboard"])
    head = {key: file["study"][key] for key in ("id", "title", "question", "prediction")}
    stored = [CheckTable(**each).model_dump(mode="json") for each in file["checks"]]
    before = [
        {**each, "claim": "over all worlds"} if each.get("refutes") else each for each in stored
    ]
    study = StudyResults(
        **head, refutation=file["study"]["refutation"], settings={"checks": before}
    )
    told = with_refuters(study)
    assert [each["claim"] for each in told.settings["checks"]] == [e["claim"] for e in stored]
    assert told.settings["refuted_afterwards"]
    assert "mended_afterwards" not in told.settings
    assert all("all worlds and" not in each["claim"] for each in told.settings["checks"])
    # Of another row it is another claim.
    other = [{**each, "value": 9.0} if each.get("refutes") else each for each in before]
    kept = with_refuters(replace(study, settings={"checks": other})).settings["checks"]
    assert {each["claim"] for each in kept} > {"over all worlds"}


def test_over_which_factors_an_error_is_is_said_with_its_row():
    assert row_in_words({"factors": "(all)", "measure": "behind_best"}, {}) == (
        "behind best; all factors"
    )
    assert row_in_words({"factors": "(proxies)"}, {}) == "friends and address"
