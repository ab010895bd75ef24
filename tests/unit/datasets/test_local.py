"""A file that holds no table is refused in one line that says where, what and what to do."""

import gzip
import zipfile

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from credit_ml.core import TableError
from credit_ml.datasets import german_credit, german_dataset, give_me_some_credit, read_table
from credit_ml.datasets.german import GERMAN_COLUMNS
from credit_ml.datasets.give_me_some_credit import GMSC_COLUMNS

LOADERS = (read_table, german_credit, give_me_some_credit)
GERMAN = "A11 6 A34 A43 1169 A65 A75 4 A93 A101 4 A121 67 A143 A152 2 A173 1 A192 A201 1\n"
SECRET = "Wang Fang"


@pytest.fixture
def folder(tmp_path):
    return tmp_path


def written(folder, name, text):
    path = folder / name
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def refusal(loader, path):
    with pytest.raises(TableError) as told:
        loader(path)
    line = str(told.value)
    assert "\n" not in line
    assert SECRET not in line
    return line


@pytest.mark.parametrize("loader", LOADERS)
def test_a_path_is_a_str_or_a_path_of_this_machine(loader, folder, monkeypatch):
    assert "is a DataFrame; give a str or a Path" in refusal(loader, pd.DataFrame({"a": [1]}))
    assert "is a NoneType" in refusal(loader, None)
    assert "download it first" in refusal(loader, "https://example.org/german.data")
    assert "is a folder" in refusal(loader, folder)
    assert "is not there" in refusal(loader, str(folder / "absent.csv"))
    assert "is empty" in refusal(loader, written(folder, "empty.csv", ""))
    assert "is no utf-8); save it as UTF-8" in refusal(
        loader, written(folder, "l.csv", b"a,b\n\xe9")
    )
    monkeypatch.setenv("HOME", str(folder))
    assert "is empty" in refusal(loader, "~/empty.csv")


def test_a_str_and_a_path_read_the_same(folder):
    path = written(folder, "german.data", GERMAN + GERMAN.replace("A201 1", "A201 2"))
    pd.testing.assert_frame_equal(german_credit(path), german_credit(str(path)))
    assert german_dataset(str(path)).y.tolist() == [1, 0]
    table = written(folder, "t.csv", "a,b\n1,x\n")
    pd.testing.assert_frame_equal(read_table(table), read_table(str(table)))


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("name;paid\nWang Fang;1\n", "has one column, whose name holds ';'; say so: separator"),
        ("name\tpaid\nWang Fang\t1\n", "has one column, whose name holds '\\t'"),
        ("name,paid\nWang, Fang,1\n", "has more values in a line than its header has names"),
        ("name,paid\nX,1\nWang, Fang,1\n", "Expected 2 fields in line 3, saw 3"),
        ("a,b,a\n1,2,3\n", "several columns: 'a' (number 1, 3: different); say repeated='first'"),
        ("a,b,a,b\n1,2,1,2\n", "'a' (number 1, 3: alike), 'b' (number 2, 4: alike)"),
        ("name paid late\nWang 1 0\n", "has one column, whose name holds ' '; say so: separator"),
        ("39,Private,<=50K\n50,State,>50K\n", "is no header: 1 of its 3 names are number"),
        ("name,paid\n", "has no rows"),
        ("\n\n", "No columns to parse"),
    ],
)
def test_what_pandas_mends_in_silence_is_said(folder, text, line):
    assert line in refusal(read_table, written(folder, "people.csv", text))


def test_one_column_and_unnamed_columns_are_tables_too(folder):
    assert read_table(written(folder, "one.csv", "paid\n1\n"))["paid"].tolist() == [1]
    unnamed = read_table(written(folder, "two.csv", ",paid,\n0,1,2\n"))
    assert unnamed.columns.tolist() == ["Unnamed: 0", "paid", "Unnamed: 2"]
    assert read_table(written(folder, "bom.csv", "\ufeffa,b\n1,2\n")).columns.tolist() == ["a", "b"]


def test_columns_of_one_name_are_taken_as_is_said(folder):
    path = written(folder, "twice.csv", "a,b,a,,a\n1,2,3,4,5\n")
    assert read_table(path, repeated="first").to_dict("list") == {
        "a": [1],
        "b": [2],
        "Unnamed: 3": [4],
    }
    numbered = read_table(path, repeated="number").columns.tolist()
    assert numbered == ["a", "b", "a.1", "Unnamed: 3", "a.2"]
    with pytest.raises(TableError, match="'second' is unknown"):
        read_table(path, repeated="second")


@pytest.mark.parametrize("header", ["0,1,2", "id,2015,2016", "0,a,b", "paid,1,2"])
def test_years_and_counts_are_names(folder, header):
    assert read_table(written(folder, "t.csv", f"{header}\n5,6,7\n")).columns[0] in header


def test_no_header_of_numbers_is_said_before_anything_else_of_it(folder):
    said = refusal(read_table, written(folder, "p.csv", "39,Private,77516\n50,State,83311\n"))
    assert "Private" not in said
    assert said.endswith("name the 3 columns: columns=['...', '...']")


def test_german_credit_is_known_by_its_lines(folder):
    path = written(folder, "loans.txt", GERMAN)
    assert refusal(read_table, path).endswith("it is German credit: layout='german'")


def test_german_credit_names_the_attribute_that_is_wrong(folder):
    def other(column, value):
        cells = GERMAN.split()
        cells[GERMAN_COLUMNS.index(column)] = value
        return refusal(german_credit, written(folder, "g.data", GERMAN + " ".join(cells)))

    assert "personal_status: has 1 value other than A91, A92" in other("personal_status", "A96")
    assert "foreign_worker: has 1 value other than A201, A202" in other("foreign_worker", "x")
    assert "outcome: has 1 value other than 1, 2" in other("outcome", "3")
    assert "has text where numbers are meant, in age" in other("age", "old")
    numeric = written(folder, "german.data-numeric", "1 2 3\n")
    assert "has 3 columns, and german.data 21; give the file" in refusal(german_credit, numeric)


def test_give_me_some_credit_names_the_column_that_is_wrong(folder):
    def other(**columns):
        frame = pd.DataFrame([dict.fromkeys(GMSC_COLUMNS, 1)]).assign(**columns)
        path = folder / "cs.csv"
        frame.to_csv(path)
        return refusal(give_me_some_credit, path)

    assert "SeriousDlqin2yrs: has outcomes other than 0 and 1" in other(SeriousDlqin2yrs=2)
    # The file of the contest's test has no outcomes.
    assert "SeriousDlqin2yrs: has outcomes other" in other(SeriousDlqin2yrs=None)
    assert "has text where numbers are meant, in MonthlyIncome" in other(MonthlyIncome="9,120")
    path = written(folder, "cs.csv", "age,DebtRatio\n40,1\n")
    line = refusal(give_me_some_credit, path)
    assert "has no column 'SeriousDlqin2yrs', 'RevolvingUtil" in line


def test_damaged_packing_is_refused(folder):
    table = "a,b\n" + "1,2\n" * 400
    packed = gzip.compress(table.encode())
    assert "cannot be read (" in refusal(read_table, written(folder, "t.csv.gz", packed[:-20]))
    two = folder / "two.zip"
    with zipfile.ZipFile(two, "w") as archive:
        archive.writestr("one.csv", table)
        archive.writestr("other.csv", table)
    assert "Multiple files found in ZIP" in refusal(read_table, two)


@settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    st.sampled_from(LOADERS),
    st.sampled_from(["csv", "csv.gz", "csv.bz2", "csv.xz", "csv.zst", "zip", "tar", "parquet"]),
    st.binary(max_size=60),
    st.booleans(),
)
def test_any_bytes_are_a_table_or_refused(folder, loader, ending, noise, whole):
    """Random bytes, and files that were right but for a few bytes."""
    path = folder / f"t.{ending}"
    start = b""
    if whole and ending not in ("csv.zst", "tar"):
        frame = pd.DataFrame({"a": [1, 2], "b": ["x", "y"]})
        frame.to_parquet(path) if ending == "parquet" else frame.to_csv(path, index=False)
        start = path.read_bytes()
        start = start[: len(start) - len(noise) // 2]
    path.write_bytes(start + noise)
    try:
        found = loader(path)
    except TableError as error:
        said = str(error)
    else:
        said = f"{len(found)} people"
    assert "\n" not in said
    assert said != "0 people"
