"""Columns that say again what another says: the outcome, a given score, or who people are."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit_ml.core import Dataset, TableError
from credit_ml.studies.own_table.plan import planned
from credit_ml.studies.own_table.repetition import carriers, refuse_as_factor, share_told
from credit_ml.studies.own_table.spec import TableAudit

PEOPLE = 400


def people(seed: int = 0) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    late = rng.poisson(1.0, PEOPLE)
    paid = (rng.random(PEOPLE) < 1 / (1 + np.exp(late - 2.0))).astype(int)
    sex = np.where(rng.random(PEOPLE) < 0.5, "f", "m")
    return pd.DataFrame({"late": late, "sex": sex, "paid": paid})


def refusal(frame: pd.DataFrame, name: str, **asked: str) -> str:
    with pytest.raises(TableError) as told:
        refuse_as_factor(frame, name, TableAudit(sensitive="sex", **asked), "people")
    return str(told.value)


@given(st.integers(0, 10_000))
def test_what_a_column_tells_is_a_share_and_that_of_itself_is_all(seed):
    rng = np.random.default_rng(seed)
    labels = pd.Series(rng.integers(0, 3, 100)).map({0: "a", 1: "b", 2: "c"})
    numbers = pd.Series(rng.normal(size=100)).mask(rng.random(100) < 0.1)
    assert 0 <= share_told(numbers, labels) <= 1
    common = labels.map(labels.value_counts()) >= 5
    if common.all() and len(set(labels)) > 1:
        assert share_told(labels, labels) == 1.0
        assert share_told(pd.Series(rng.permutation(labels)), pd.Series(["x"] * 100)) == 0.0


def test_it_is_goodman_and_kruskals_lambda():
    column = pd.Series(["u"] * 30 + ["v"] * 70)
    labels = pd.Series(["a"] * 20 + ["b"] * 10 + ["a"] * 15 + ["b"] * 55)
    assert share_told(column, labels) == pytest.approx(1 - (10 + 15) / 35)


@pytest.mark.parametrize(
    "again",
    [
        lambda frame: 1 - frame["paid"],
        lambda frame: frame["paid"].map({0: "refused", 1: "granted"}),
        lambda frame: frame["paid"] * 1000.0 + np.arange(PEOPLE) / PEOPLE,
        # Only who did not pay has a date of the first reminder.
        lambda frame: pd.Series(np.arange(PEOPLE) % 50 + 9.5).where(frame["paid"] == 0),
    ],
    ids=["turned", "in words", "as numbers", "by who has none"],
)
def test_a_column_that_says_the_outcome_again_is_refused(again):
    frame = people().assign(reject=again)
    said = refusal(frame, "reject", target="paid")
    assert said.startswith("people, column 'reject': says the outcome 'paid' again")
    assert "without=['reject']" in said


def test_what_only_predicts_the_outcome_is_a_factor():
    refuse_as_factor(people(), "late", TableAudit(sensitive="sex", target="paid"), "people")


def test_bands_of_a_score_are_refused_and_what_it_is_made_of_is_not():
    score = pd.Series(np.arange(PEOPLE) % 10)
    frame = people().assign(decile=score, text=pd.cut(score, 3, labels=["low", "mid", "high"]))
    assert "is made of the score 'decile'" in refusal(
        frame.astype({"text": "str"}), "text", score="decile"
    )
    twice = frame.assign(double=2 * score)
    refuse_as_factor(twice, "double", TableAudit(sensitive="sex", score="decile"), "people")


def test_carriers_are_named_before_anything_is_trained():
    frame = people()
    frame["status"] = frame["sex"].map({"f": "A92", "m": "A93"})
    data = Dataset.from_frame(frame, target="paid", sensitive="sex")
    assert [each["column"] for each in carriers(data, ["sex"])] == ["status"]
    said = planned(frame, target="paid", sensitive="sex")
    assert "note: column 'status' tells sex by itself (100 % of what" in said


def test_all_that_is_wrong_ends_with_how_to_leave_it_out_at_once():
    frame = people()
    frame = frame.assign(
        id=range(PEOPLE), name=[f"N{k}" for k in range(PEOPLE)], no=1 - frame["paid"]
    )
    with pytest.raises(TableError) as told:
        planned(frame, target="paid", sensitive="sex")
    lines = told.value.on_command_line()
    assert len(lines) == 4
    assert lines[-1].endswith(
        "has 3 columns that are no factors as they are; leave them out: --without id,name,no"
    )
    assert "factors: 1" in planned(frame, target="paid", sensitive="sex", without="id,name,no")
