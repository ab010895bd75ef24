"""What earlier runs said in keys and codes is said in words when their page is written."""

import re
from dataclasses import replace

import pandas as pd
import pytest

from credit_ml.core import Diagnostic, Finding, RaterResults, StudyResults
from credit_ml.core.schema import conform
from credit_ml.fairness.audit.finding import Audit
from credit_ml.reports.presented import presented

KEY = re.compile(r"[a-z]+[._][a-z_.]+|\byes\b|\bno \(|hukou(?!\))")


def shown(message, sensitive, simulated=True):
    one = Diagnostic(check="CM1", name="one", severity="note", message=message, sensitive=sensitive)
    study = StudyResults(id="a", title="A", world={"seed": 1} if simulated else None)
    told = presented(StudyResults(**{**vars(study), "diagnostics": (one,)})).diagnostics
    return told[0].message


@pytest.mark.parametrize(
    ("message", "sensitive", "expected"),
    [
        ("the ratio of yes to no (critic) is 0.91", "critic", "critics to people who are not"),
        ("rural to urban (hukou) is 0.97", "hukou", "rural people to urban people is 0.97"),
        (
            "yes (critic) are selected more often than the reference group no: held against them",
            "critic",
            "critics are selected more often than the reference group, people who are not critics:",
        ),
        ("yes (critic) were given a chance of 81 %", "critic", "critics were given"),
        (
            "of 9 knobs that make hukou matter in this world, 8 are assumed in size: "
            "address.dependence.hukou, history.reporting.hukou and 5 more",
            "hukou",
            "address by registered residence, bills on file by registered residence and 5 more",
        ),
    ],
)
def test_no_key_of_a_world_and_no_code_of_a_group_is_left_in_what_a_check_says(
    message, sensitive, expected
):
    told = shown(message, sensitive)
    assert expected in told
    assert not KEY.search(told)
    # The columns of one's own table keep their owner's names; a "yes" alone names nobody.
    own = shown(message, sensitive, simulated=False)
    assert own == (told if sensitive == "critic" else message)


def test_regimes_of_a_comparison_are_called_as_those_of_its_raters():
    table = pd.DataFrame({"regime": ["full"], "estimate": [1.0]})
    own = Finding(table=table, title="own", parameters={"headings": {"full": "Whole model told"}})
    both = Finding(table=table, title="both")
    _, told = presented(StudyResults(id="a", title="A", findings=(own, both))).findings
    assert told.parameters["headings"] == {"full": "Whole model told"}


def test_crossed_features_are_named_in_a_note():
    note = "Of groups of fewer than 30 people little can be said: hukou x gender: 4 groups."
    one = Finding(table=pd.DataFrame({"a": [1]}), title="t", notes=(note,))
    (told,) = presented(StudyResults(id="a", title="A", findings=(one,))).findings
    assert "registered residence (hukou) and gender: 4 groups" in told.notes[0]


@pytest.mark.parametrize(
    ("turned", "ends", "expected"),
    [
        (False, (2.0, 4.0), "3 times as many are refused"),
        (True, (2.0, 4.0), "3 times as many are refused"),
        (False, (2.68, 2.74), "2.71 times as many are refused"),
    ],
)
def test_a_check_says_how_many_times_as_many_in_the_digits_of_its_row(turned, ends, expected):
    """2.7 times in a check was 3 times (2 to 4) in the section above it."""
    low, high = (1 / ends[1], 1 / ends[0]) if turned else ends
    pair = ("urban", "rural") if turned else ("rural", "urban")
    row = {
        "quantity": "ratio",
        "measure": "refusal_rate",
        "sensitive": "hukou",
        **dict(zip(("group", "reference_group"), pair, strict=True)),
        "estimate": 1 / 2.71 if turned else 2.71,
        "low": low,
        "high": high,
    }
    audit = Audit(table=conform([row]), title="Audit")
    rater = RaterResults(id="one", name="one", scorer_kind="opaque", findings=(audit,))
    said = "97 % reach the threshold, so the ratio is 0.97; 2.7 times as many are refused"
    about = {"check": "CM303", "name": "ratio-saturated", "severity": "warning", "message": said}
    one = Diagnostic(**about, rater="one", sensitive="hukou", group="rural")
    study = StudyResults(id="a", title="A", raters=(rater,), diagnostics=(one,))
    assert presented(study).diagnostics[0].message.endswith(f"0.97; {expected}")
    other = replace(study, diagnostics=(replace(one, group="minority"),))
    assert presented(other).diagnostics[0].message == said


def test_a_check_of_one_s_own_table_says_of_which_feature_a_no_is():
    """ "no (foreign_worker) were given" and "under 26 x no (3)" named nobody."""
    message = "no (foreign_worker) were given a chance of 79 %"
    told = shown(message, "foreign_worker", simulated=False)
    assert told == "people not marked 'foreign worker' were given a chance of 79 %"
    groups = {"sex": ("female", "male"), "age_band": ("under 26", "26+"), "worker": ("yes", "no")}
    rows = [
        {"quantity": "value", "measure": "selection_rate", "sensitive": name, "group": group}
        for name, known in groups.items()
        for group in known
    ]
    audit = Audit(table=conform(rows), title="Audit")
    rater = RaterResults(id="one", name="one", scorer_kind="opaque", findings=(audit,))
    said = "of 12 crossings of two sensitive features 3 have fewer than 30 people: "
    said += "under 26 x no (3), female x no (7), female x under 26 (9)"
    one = Diagnostic(check="CM103", name="few", severity="note", message=said)
    study = StudyResults(id="a", title="A", raters=(rater,), diagnostics=(one,))
    (told,) = presented(study).diagnostics
    assert told.message == (
        "fewer than 30 people are in 3 of 12 crossings of two sensitive features: people aged "
        "under 26 not marked 'worker' (3), women not marked 'worker' (7), female x under 26 (9)"
    )
