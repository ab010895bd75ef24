"""Files of every kind hold the same people, or are refused with what to say."""

from pathlib import Path

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import credit_ml as cm
from credit_ml.core import TableError
from credit_ml.core.tables.changes import changes_of
from credit_ml.datasets import read_table

PEOPLE = pd.DataFrame({"late": [0, 3, 1], "income": [1.5, 2000.25, 3.0], "sex": ["ä", "m", "ä"]})


@pytest.mark.parametrize(
    ("name", "write"),
    [
        ("people.csv", lambda path: PEOPLE.to_csv(path, index=False)),
        ("people.csv.gz", lambda path: PEOPLE.to_csv(path, index=False)),
        ("people.csv.xz", lambda path: PEOPLE.to_csv(path, index=False)),
        ("people.tsv", lambda path: PEOPLE.to_csv(path, index=False, sep="\t")),
        ("people.PARQUET", lambda path: PEOPLE.to_parquet(path, index=False)),
        ("people.feather", lambda path: PEOPLE.to_feather(path)),
        ("people.jsonl", lambda path: PEOPLE.to_json(path, orient="records", lines=True)),
        ("people.xlsx", lambda path: PEOPLE.to_excel(path, index=False)),
    ],
)
def test_a_file_is_read_by_its_ending(name: str, write, tmp_path: Path) -> None:
    write(tmp_path / name)
    pd.testing.assert_frame_equal(read_table(tmp_path / name), PEOPLE, check_dtype=False)


def test_how_a_csv_is_written_is_said(tmp_path: Path) -> None:
    path = tmp_path / "people.csv"
    path.write_text("late;income;sex\n0;1,5;ä\n3;2.000,25;m\n1;3,0;ä\n", encoding="latin-1")
    with pytest.raises(TableError, match="say its encoding"):
        read_table(path, separator=";")
    said = {"separator": ";", "decimal": ",", "thousands": ".", "encoding": "latin-1"}
    pd.testing.assert_frame_equal(read_table(path, **said), PEOPLE, check_dtype=False)


def _paid() -> pd.DataFrame:
    return pd.DataFrame({"late": [0, 3] * 6, "sex": list("ffmm") * 3, "paid": [1, 0, 1, 1] * 3})


@pytest.mark.parametrize("other", [pl.from_pandas, pa.Table.from_pandas])
def test_frames_of_other_libraries_are_the_same_table(other) -> None:
    ours = cm.Dataset.from_frame(_paid(), target="paid", sensitive="sex")
    theirs = cm.Dataset.from_frame(other(_paid()), target="paid", sensitive="sex")
    assert ours.digest() == theirs.digest()
    arrays = cm.Dataset.from_arrays(
        other(_paid()[["late"]]), y_true=_paid()["paid"], sensitive_features=other(_paid()[["sex"]])
    )
    assert arrays.X.equals(ours.X)


@pytest.mark.parametrize("table", [pl.from_pandas(_paid()).lazy(), [[1, 2]], "people.csv"])
def test_what_is_no_frame_is_refused_without_its_values(table) -> None:
    with pytest.raises(TableError, match=r"^table: is a ") as refused:
        cm.Dataset.from_frame(table, target="paid", sensitive="sex")
    assert "people.csv" not in str(refused.value)


def test_columns_called_by_whole_numbers_are_called_so() -> None:
    data = cm.Dataset.from_frame(_paid().set_axis([0, 1, 2], axis=1), target=2, sensitive=1)
    assert data.X.columns.tolist() == ["0"]
    assert data.sensitive.columns.tolist() == ["1"]


@pytest.mark.parametrize(
    ("texts", "said", "numbers"),
    [
        (["$1,206", "$ 12", "-$3"], {"thousands": ","}, [1206.0, 12.0, -3.0]),
        (["$1206", "", "$12.5"], {}, [1206.0, None, 12.5]),
        (["1.206,50 €", "12 €", ""], {"thousands": ".", "decimal": ","}, [1206.5, 12.0, None]),
        (["12 %", "5.5 %", "0%"], {}, [12.0, 5.5, 0.0]),
        (["EUR 1206", "EUR 12", "EUR 7"], {}, [1206.0, 12.0, 7.0]),
    ],
)
def test_amounts_with_one_sign_are_numbers_and_it_is_said(texts, said, numbers, tmp_path) -> None:
    path = tmp_path / "people.csv"
    pd.DataFrame({"income": texts, "sex": list("fmf")}).to_csv(path, index=False)
    read = read_table(path, **said)
    assert read["income"].astype(object).where(read["income"].notna(), None).tolist() == numbers
    (change,) = changes_of(read)
    assert str(change).startswith("1 column of amounts read without their sign: 'income' (")


@pytest.mark.parametrize("texts", [["$12", "€5"], ["$12", "12 $"], ["$12", "12"], ["$a", "$b"]])
def test_amounts_of_several_signs_stay_text(texts, tmp_path) -> None:
    path = tmp_path / "people.csv"
    pd.DataFrame({"income": texts, "sex": list("fm")}).to_csv(path, index=False)
    for said in ({}, {"thousands": ","}):
        read = read_table(path, **said)
        assert read["income"].tolist() == texts
        assert changes_of(read) == []
