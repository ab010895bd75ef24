"""What a loader leaves out, recodes and makes is on the table that it returns, with numbers."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from credit_ml.core import Dataset
from credit_ml.core.tables.changes import TableChange, changes_of, with_changes
from credit_ml.datasets import converted, german_credit, give_me_some_credit, taiwan_credit
from credit_ml.datasets.give_me_some_credit import GMSC_COLUMNS
from credit_ml.datasets.taiwan import TAIWAN_COLUMNS


def borrowers(ages, counts):
    """A file of borrowers with these ages, and these counts of payments 90 days late."""
    frame = pd.DataFrame(dict.fromkeys(GMSC_COLUMNS, 1), index=range(len(ages)))
    return frame.assign(
        SeriousDlqin2yrs=np.arange(len(ages)) % 2, age=ages, NumberOfTimes90DaysLate=counts
    )


@settings(max_examples=25)
@given(
    st.lists(
        st.tuples(st.sampled_from([0, 25, 40, 70]), st.sampled_from([0, 3, 95, 96, 98])),
        min_size=1,
        max_size=30,
    ).filter(lambda told: any(age for age, _ in told))
)
def test_what_is_said_is_what_was_done(tmp_path_factory, told):
    ages, counts = map(list, zip(*told, strict=True))
    path = tmp_path_factory.mktemp("gmsc") / "cs.csv"
    borrowers(ages, counts).to_csv(path, index=False)
    frame = give_me_some_credit(path)
    said = {change.said.partition(" ")[0]: change.number for change in changes_of(frame)}
    assert said.get("row", said.get("rows", 0)) == len(ages) - len(frame)
    coded = sum(age > 0 and count >= 96 for age, count in told)
    assert said.get("people", 0) == frame["late_90_days"].isna().sum() == coded


def test_it_stays_with_what_is_made_of_the_table(tmp_path):
    path = tmp_path / "cs.csv"
    borrowers([0, 40, 70], [1, 98, 0]).to_csv(path, index=False)
    frame = give_me_some_credit(path)
    assert str(changes_of(frame)[0]) == "1 row left out, of a person aged 0"
    known = converted(frame, without=["debt_ratio"], categories=["credit_lines"])
    assert changes_of(known) == changes_of(frame)
    data = Dataset.from_frame(known, target="default", favourable=0, sensitive="age_band")
    assert changes_of(data.raw.frame) == changes_of(frame)


def test_other_known_files_say_what_became_of_codes(tmp_path):
    lines = (
        "A11 6 A34 A43 1169 A65 A75 4 A93 A101 4 A121 67 A143 A152 2 A173 1 A192 A201 1",
        "A12 48 A32 A43 5951 A61 A73 2 A92 A101 2 A121 22 A143 A152 1 A173 1 A191 A201 2",
    )
    german = tmp_path / "german.data"
    german.write_text("\n".join(lines))
    assert any("sex" in each.said for each in changes_of(german_credit(german)))
    cards = tmp_path / "cards.csv"
    made = pd.DataFrame([dict.fromkeys(TAIWAN_COLUMNS, 1)] * 2).assign(AGE=[25, 61])
    made.to_csv(cards, index_label="ID")
    assert any("marriage" in each.said for each in changes_of(taiwan_credit(cards)))


@pytest.mark.parametrize("table", [None, pd.DataFrame({"a": [1]}), "text"])
def test_of_a_table_that_nobody_changed_nothing_is_said(table):
    assert changes_of(table) == []


def test_of_nothing_nothing_is_said():
    frame = with_changes(
        pd.DataFrame({"a": [1]}), [TableChange(0, "rows left out"), TableChange(2, "made")]
    )
    assert changes_of(frame) == [TableChange(2, "made")]
