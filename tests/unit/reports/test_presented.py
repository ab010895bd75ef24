"""What earlier runs said in keys and codes is said in words when their page is written."""

import re

import pandas as pd
import pytest

from credit_ml.core import Diagnostic, Finding, StudyResults
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
    # The columns of one's own table keep their owner's names.
    assert shown(message, sensitive, simulated=False) == message


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
