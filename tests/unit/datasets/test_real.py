"""The public data sets are read as their documentation says."""

import pandas as pd
import pytest

from credit_ml.core import TableError
from credit_ml.datasets import (
    german_credit,
    german_dataset,
    give_me_some_credit_dataset,
    read_table,
)


def test_german_credit_has_the_published_counts(shared_data):
    frame = german_credit(shared_data / "german.data")
    assert len(frame) == 1000
    assert frame["outcome"].value_counts().to_dict() == {"good": 700, "bad": 300}
    assert frame["sex"].value_counts().to_dict() == {"male": 690, "female": 310}
    assert frame["foreign_worker"].value_counts().to_dict() == {"yes": 963, "no": 37}
    # Kamiran and Calders (2009): 190 applicants aged at most 25.
    assert (frame["age_band"] == "under 26").sum() == 190


def test_german_dataset_calls_good_favourable(shared_data):
    assert german_dataset(shared_data / "german.data").y.mean() == 0.7


def test_give_me_some_credit_has_the_published_rate(shared_data):
    data = give_me_some_credit_dataset(shared_data / "give_me_some_credit.zip")
    assert len(data) == 149_999
    assert 1 - data.y.mean() == pytest.approx(0.06684, abs=1e-4)
    assert data.X["monthly_income"].isna().sum() == 29_731
    assert data.X["late_90_days"].max() < 96


def test_other_files_are_refused(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("")
    with pytest.raises(TableError, match="is empty"):
        read_table(path)
    with pytest.raises(TableError, match="is not there"):
        read_table(tmp_path / "absent.csv")
    path.write_text("a,b\n")
    with pytest.raises(TableError, match="no rows"):
        read_table(path)
    path.write_text("a b\n1 2\n")
    with pytest.raises(TableError, match="has 2 columns"):
        german_credit(path)
    with pytest.raises(TableError, match="did you mean 'german'"):
        read_table(path, layout="germn")


@pytest.mark.parametrize("ending", ["csv", "csv.gz", "zip", "parquet"])
def test_tables_are_read_by_their_ending(tmp_path, ending):
    frame = pd.DataFrame({"a": [1, 2], "b": ["x", "y"]})
    path = tmp_path / f"t.{ending}"
    if ending == "parquet":
        frame.to_parquet(path)
    else:
        frame.to_csv(path, index=False)
    assert read_table(path).to_dict("list") == {"a": [1, 2], "b": ["x", "y"]}
