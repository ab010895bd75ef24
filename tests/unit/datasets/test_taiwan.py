"""Taiwan's credit cards are read in every form in which they are passed on: a small made table."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

import credit_ml as cm
from credit_ml.core import TableError
from credit_ml.datasets import (
    TAIWAN_COLUMNS,
    TAIWAN_FACTORS,
    read_table,
    taiwan_credit,
    taiwan_dataset,
    taiwan_dictionary,
)

#: Three made people, saved with the two lines of names that the published file has.
PUBLISHED = Path(__file__).with_name("default of credit card clients.xls")


@pytest.fixture(scope="module")
def people():
    """Forty made card holders, with the codes that the documentation explains and does not."""
    chance = np.random.default_rng(2005)
    frame = pd.DataFrame(
        {name: chance.integers(-2, 9, 40) for name in TAIWAN_COLUMNS}
        | {"LIMIT_BAL": chance.integers(1, 50, 40) * 10_000, "AGE": np.linspace(21, 75, 40) // 1}
        | {"SEX": [1, 2] * 20, "EDUCATION": [0, 1, 2, 3, 4, 5, 6, 1] * 5, "MARRIAGE": range(40)}
        | {"default payment next month": [0, 0, 0, 1] * 10}
    ).assign(MARRIAGE=lambda made: made["MARRIAGE"] % 4)
    return frame.astype(int)


def saved(people, path, form):
    named = people.rename_axis("ID").reset_index()
    named["ID"] += 1
    if form == "numbered":
        named.columns = ["ID", *[f"X{at}" for at in range(1, 24)], "Y"]
    if form == "kaggle":
        named = named.rename(columns={named.columns[-1]: "default.payment.next.month"})
    if form == "two lines":
        first = ["", *[f"X{at}" for at in range(1, 24)], "Y"]
        named = pd.concat([pd.DataFrame([list(named)], columns=list(named)), named]).set_axis(
            first, axis=1
        )
    if path.suffix == ".xlsx":
        named.to_excel(path, index=False)
    else:
        named.to_csv(path, index=False)
    return path


@pytest.mark.parametrize("ending", ["csv", "csv.gz", "xlsx"])
@pytest.mark.parametrize("form", ["named", "numbered", "kaggle", "two lines"])
def test_every_form_is_the_same_table(people, tmp_path, form, ending):
    read = taiwan_credit(saved(people, tmp_path / f"cards.{ending}", form))
    assert read["credit_limit"].tolist() == people["LIMIT_BAL"].tolist()
    assert read["sex"].tolist() == ["male", "female"] * 20
    assert read["education"].head(7).tolist() == [
        *["other or unknown", "graduate school", "university", "high school"],
        *["other or unknown"] * 3,
    ]
    assert read["marriage"].head(4).tolist() == [
        *["other or unknown", "married", "single", "other or unknown"]
    ]
    assert read["delay_2"].tolist() == people["PAY_2"].tolist()
    assert read["default"].sum() == 10
    assert set(read["age_band"]) == {"under 30", "30 to 40", "40 to 50", "50 and over"}


def test_the_spreadsheet_as_published_is_read_as_it_is(people):
    read = taiwan_credit(PUBLISHED)
    assert list(read) == [*taiwan_dictionary()["name"], "age_band"]
    assert read["credit_limit"].tolist() == [40_000, 70_000, 90_000]
    assert read["default"].tolist() == [1, 0, 0]
    assert read["bill_1"].tolist() == [1_111, 2_001, -29]


def test_the_dictionary_has_every_column_and_the_factors_no_sensitive_one(people, tmp_path):
    said = taiwan_dictionary()
    assert said["column"].tolist() == list(TAIWAN_COLUMNS)
    assert (said[["unit", "meaning"]] != "").all(axis=None)
    data = taiwan_dataset(saved(people, tmp_path / "cards.csv", "named"))
    assert list(data.X) == [column for columns in TAIWAN_FACTORS.values() for column in columns]
    assert not {"sex", "age", "age_band", "marriage"} & set(data.X)
    assert data.y.mean() == 0.75


def test_the_instruments_take_it(people, tmp_path):
    path = saved(people, tmp_path / "cards.csv", "kaggle")
    pd.testing.assert_frame_equal(read_table(path, layout="taiwan"), taiwan_credit(path))
    data = taiwan_dataset(path)
    found = cm.audit(-data.X["delay_1"] >= 0, data, sensitive="sex")
    assert found.by_group["selection_rate"].between(0, 1).all()


def refused(people, path, **columns):
    with pytest.raises(TableError) as told:
        taiwan_credit(saved(people.assign(**columns), path, "named"))
    assert "\n" not in str(told.value)
    return str(told.value)


def test_another_table_is_refused_by_what_is_wrong_with_it(people, tmp_path):
    path = tmp_path / "cards.csv"
    assert "SEX: has 40 values other than 1, 2; give the file" in refused(people, path, SEX=3)
    assert "MARRIAGE: has 40 values other than" in refused(people, path, MARRIAGE=7)
    assert "has text where numbers are meant, in BILL_AMT3" in refused(
        people, path, BILL_AMT3="9,120"
    )
    outcome = {"default payment next month": 2}
    assert "default payment next month: has 40 values other than 0, 1" in refused(
        people, path, **outcome
    )
    people[["SEX", "AGE"]].to_csv(path, index=False)
    with pytest.raises(TableError, match=r"has no column 'LIMIT_BAL', 'EDUCATION'"):
        taiwan_credit(path)
    path.write_text("")
    with pytest.raises(TableError, match="is empty"):
        taiwan_credit(path)
    with pytest.raises(TableError, match="is not there"):
        taiwan_credit(tmp_path / "absent.xls")


def test_missing_numbers_are_no_codes(people, tmp_path):
    holes = people["EDUCATION"].where(people["EDUCATION"] != 3)
    assert "EDUCATION: has 5 values other than" in refused(
        people, tmp_path / "cards.csv", EDUCATION=holes
    )
