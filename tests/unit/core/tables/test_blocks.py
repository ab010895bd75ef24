"""Factors are told by a mapping or a file; anything else is one line."""

import pandas as pd
import pytest

from credit_ml.core import Dataset, TableError

FRAME = pd.DataFrame({"late": [0, 3, 1], "zip": [1, 2, 2], "sex": list("fmf"), "paid": [1, 0, 1]})


@pytest.mark.parametrize("text", ['a = ["late"]\nb = ["zip"]', '[factors]\na=["late"]\nb=["zip"]'])
def test_a_file_and_a_mapping_make_the_same(tmp_path, text):
    file = tmp_path / "factors.toml"
    file.write_text(text)
    mapped = Dataset.from_frame(
        FRAME, target="paid", sensitive="sex", factors={"a": "late", "b": ["zip"]}
    )
    for given in (file, str(file)):
        read = Dataset.from_frame(FRAME, target="paid", sensitive="sex", factors=given)
        assert read.factors == mapped.factors
        assert read.digest() == mapped.digest()


@pytest.mark.parametrize("given", [["late", "zip"], 3, ("late",)])
def test_what_is_no_mapping_is_refused_in_one_line(given):
    with pytest.raises(TableError, match=r"table, factors: is a .*; give .*TOML"):
        Dataset.from_frame(FRAME, target="paid", sensitive="sex", factors=given)


@pytest.mark.parametrize("text", ["", "a = 3", 'a = "late"', "factors = 3", "a = ["])
def test_a_file_that_says_no_factors_is_refused_in_one_line(tmp_path, text):
    file = tmp_path / "factors.toml"
    file.write_text(text)
    with pytest.raises(TableError) as raised:
        Dataset.from_frame(FRAME, target="paid", sensitive="sex", factors=file)
    assert "\n" not in str(raised.value)


def test_an_absent_file_is_named():
    with pytest.raises(TableError, match=r"none\.toml"):
        Dataset.from_frame(FRAME, target="paid", sensitive="sex", factors="none.toml")
