"""Tables are taken apart as asked, or refused with place, value and remedy."""

import decimal
import pickle
import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit_ml.core import Dataset, Origin, TableError, bands
from credit_ml.datasets import converted


@pytest.fixture
def frame():
    return pd.DataFrame(
        {
            "late": [1.0, np.nan, 3.0, 4.0],
            "job": ["x", "y", None, "x"],
            "flag": [True, False, True, True],
            "sex": ["f", "m", "f", "m"],
            "default": [0, 1, 0, 1],
        }
    )


def test_columns_keep_their_numbers_and_become_categories_of_their_own_values(frame):
    data = Dataset.from_frame(frame, target="default", sensitive=["sex"], favourable=0)
    assert str(data.X["late"].dtype) == "float64"
    assert isinstance(data.X["job"].dtype, pd.CategoricalDtype)
    assert str(data.X["flag"].dtype) == "int8"
    assert data.X["job"].isna().tolist() == [False, False, True, False]
    assert data.y.tolist() == [1, 0, 1, 0]


def test_columns_in_no_factor_are_not_used(frame):
    data = Dataset.from_frame(
        frame, target="default", sensitive=["sex"], factors={"history": ["late"]}
    )
    assert list(data.X.columns) == ["late"]


def test_nullable_numbers_keep_their_gaps():
    frame = pd.DataFrame({"n": pd.array([1, None], dtype="Int64"), "y": [0, 1]})
    data = Dataset.from_frame(frame, target="y", sensitive=[])
    assert data.X["n"].isna().tolist() == [False, True]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"target": "defualt"}, "column 'defualt' is absent; did you mean 'default'"),
        ({"target": "late"}, "missing in 1 row"),
        ({"target": "job"}, "missing in 1 row"),
        ({"favourable": 3}, "has no value 3; give favourable=0 or 1"),
        ({"sensitive": ["job"]}, "sensitive feature 'job': is missing in 1 row"),
        ({"factors": {"a": ["late"], "b": ["late"]}}, "also in factor 'a'"),
        ({"factors": {"a": ["lat"]}}, "column 'lat' is absent; did you mean 'late'"),
        ({"factors": {"a": []}}, "factor 'a': has no columns"),
        ({"factors": {"a": ["default"]}}, "holds the target"),
    ],
)
def test_what_cannot_be_used_is_refused(frame, options, message):
    asked = {"target": "default", "sensitive": ["sex"], **options}
    with pytest.raises(TableError, match=message):
        Dataset.from_frame(frame, **asked)


def test_target_with_three_values_is_refused():
    frame = pd.DataFrame({"x": [1, 2, 3], "y": [0, 1, 2]})
    with pytest.raises(TableError, match="has 3 values"):
        Dataset.from_frame(frame, target="y", sensitive=[])


def test_infinite_and_continuous_values_are_refused():
    frame = pd.DataFrame({"x": [1.0, np.inf], "y": [0, 1]})
    with pytest.raises(TableError, match="infinite in 1 row"):
        Dataset.from_frame(frame, target="y", sensitive=[])
    many = pd.DataFrame({"x": 1.0, "age": np.arange(40.0), "y": [0, 1] * 20})
    with pytest.raises(TableError, match="40 different values"):
        Dataset.from_frame(many, target="y", sensitive=["age"])


def test_an_empty_table_is_refused():
    with pytest.raises(TableError, match="no rows"):
        Dataset.from_frame(pd.DataFrame({"x": [], "y": []}), target="y", sensitive=[])


def test_digest_follows_the_values(frame):
    def digest(table):
        return Dataset.from_frame(table, target="default", sensitive=["sex"]).digest()

    assert digest(frame) == digest(frame.copy())
    assert digest(frame) != digest(frame.assign(late=[1.0, np.nan, 3.0, 5.0]))
    assert digest(frame) != digest(frame.assign(sex=["f", "m", "m", "m"]))


@given(
    st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=30),
    st.lists(st.integers(-100, 100), min_size=1, max_size=4, unique=True),
)
def test_bands_hold_their_lower_edge(values, edges):
    edges = sorted(edges)
    banded = bands(pd.Series(values, name="v"), edges)
    codes = banded.cat.codes.to_numpy()
    assert (codes == np.searchsorted(edges, values, side="right")).all()


def test_bands_need_rising_edges():
    with pytest.raises(TableError, match="rising"):
        bands(pd.Series([1.0]), [5, 2])


def test_a_cluster_is_kept_in_the_context_and_numbered(frame):
    table = frame.assign(branch=["b", "a", "b", "a"])
    data = Dataset.from_frame(
        table, target="default", sensitive=["sex"], factors={"late": ["late"]}, cluster="branch"
    )
    assert list(data.context.columns) == ["branch"]
    assert data.clusters().tolist() == [0, 1, 0, 1]
    assert data.take([1, 3]).clusters().tolist() == [0, 0]


@pytest.mark.parametrize("number", [1, 2, 11, 1001])
def test_one_row_is_no_rows_whoever_counts(number):
    said = str(TableError("t", f"is missing in {number:,} rows, 0.1 rows, x1 rows", "mend"))
    rows = "row" if number == 1 else "rows"
    assert f"in {number:,} {rows}, 0.1 rows, x1 rows;" in said


def test_a_cluster_that_is_missing_somewhere_is_refused(frame):
    table = frame.assign(branch=["b", None, "b", "a"])
    with pytest.raises(TableError, match="cluster 'branch': is missing in 1 row"):
        Dataset.from_frame(table, target="default", sensitive=["sex"], cluster="branch")


def test_one_name_stands_for_a_list_of_one(frame):
    data = Dataset.from_frame(
        frame, target="default", sensitive="sex", context="job", factors={"history": "late"}
    )
    assert list(data.sensitive.columns) == ["sex"]
    assert list(data.context.columns) == ["job"]
    assert data.factors == {"history": ("late",)}


def test_a_table_without_a_feature_is_refused_by_name(frame):
    sensitive_and_outcome = frame[["sex", "default"]]
    with pytest.raises(TableError, match="table: has no features; name at least one column"):
        Dataset.from_frame(sensitive_and_outcome, target="default", sensitive="sex")


def test_features_keep_the_order_of_the_table_whatever_the_factors(frame):
    factors = {"b": ["flag", "late"], "a": ["job"]}
    data = Dataset.from_frame(frame, target="default", sensitive=["sex"], factors=factors)
    assert list(data.X.columns) == ["late", "job", "flag"]
    assert data.factors == {"b": ("flag", "late"), "a": ("job",)}


PEOPLE = 60
GROUPS = {
    "dates": pd.to_datetime(["1980-01-01", "1990-01-01"] * 30),
    "times": pd.to_datetime(["1980-01-01 10:00", "1980-01-01 11:00"] * 30),
    "time zones": pd.to_datetime(["1980-01-01", "1990-01-01"] * 30).tz_localize("Asia/Shanghai"),
    "durations": pd.to_timedelta([1, 2] * 30, unit="D"),
    "periods": pd.PeriodIndex(["2020-01", "2020-02"] * 30, freq="M"),
    "float16": np.array([0.1, 1.5] * 30, dtype="float16"),
    "float32": np.array([0.1, 0.2] * 30, dtype="float32"),
    "decimals": [decimal.Decimal("1.10"), decimal.Decimal("2.20")] * 30,
    "booleans": [True, False] * 30,
    "nullable booleans": pd.array([True, False] * 30, dtype="boolean"),
    "nullable numbers": pd.array([1, 2] * 30, dtype="Int64"),
    "large numbers": [2**60, 2**60 + 1] * 30,
    "text": ["f", "m"] * 30,
    "numbers and text": [1, "m"] * 30,
    "categories of numbers": pd.Categorical([2, 1] * 30),
    "categories of dates": pd.Categorical(pd.to_datetime(["1980-01-01", "1990-01-01"] * 30)),
    "pyarrow text": pd.array(["f", "m"] * 30, dtype="string[pyarrow]"),
}


@pytest.mark.parametrize("kind", GROUPS)
def test_everybody_is_in_a_group_whatever_type_the_sensitive_feature_has(kind):
    table = pd.DataFrame({"late": np.arange(PEOPLE), "paid": [0, 1] * 30, "g": GROUPS[kind]})
    groups = Dataset.from_frame(table, target="paid", sensitive="g").groups("g")
    assert groups.value_counts().tolist() == [PEOPLE // 2] * 2
    own = pd.Series(GROUPS[kind]).astype("object")
    assert pd.crosstab(groups.to_numpy(), own.map(str).to_numpy()).to_numpy().max() == PEOPLE // 2


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ([1, "1"] * 30, "holds 1 and '1', which print alike"),
        ([1, True] * 30, "mixes True or False with other values"),
        ([[1], [2]] * 30, "no single values"),
        ([None, "(missing)"] * 30, "has a group '\\(missing\\)' and missing values"),
    ],
)
def test_groups_that_cannot_be_told_apart_are_refused(values, message):
    table = pd.DataFrame({"late": np.arange(PEOPLE), "paid": [0, 1] * 30, "g": values})
    with pytest.raises(TableError, match=message):
        Dataset.from_frame(table, target="paid", sensitive="g", missing_sensitive="group")


@pytest.mark.parametrize(
    ("columns", "message"),
    [
        (["a", "a", "paid", "sex"], "column 'a': is there twice"),
        (["1", 1, "paid", "sex"], "column '1': is there twice"),
        (["a", None, "paid", "sex"], "without a name"),
        (["a", float("nan"), "paid", "sex"], "without a name"),
        (["a", "", "paid", "sex"], "without a name"),
    ],
)
def test_a_column_has_one_name_of_its_own(columns, message):
    table = pd.DataFrame([[1.0, 2.0, 1, "f"], [2.0, 3.0, 0, "m"]]).set_axis(columns, axis=1)
    with pytest.raises(TableError, match=message):
        Dataset.from_frame(table, target="paid", sensitive="sex")


def test_columns_may_be_called_by_numbers():
    data = Dataset.from_frame(pd.DataFrame([[1.0, 1], [2.0, 0]]), target="1", sensitive=[])
    assert list(data.X.columns) == ["0"]


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"sensitive": ["sex", "sex"]}, "sensitive feature 'sex': is given twice"),
        ({"sensitive": ["sex", "default"]}, "sensitive feature 'default': is the target"),
        ({"cluster": "default"}, "cluster 'default': is the target"),
    ],
)
def test_a_column_has_one_part_to_play(frame, options, message):
    with pytest.raises(TableError, match=message):
        Dataset.from_frame(frame, **{"target": "default", "sensitive": "sex", **options})


@given(st.lists(st.integers(-(2**62), 2**62), min_size=2, max_size=30, unique=True))
def test_whole_numbers_that_differ_stay_different(values):
    table = pd.DataFrame({"n": values, "paid": np.arange(len(values)) % 2})
    data = Dataset.from_frame(table, target="paid", sensitive=[])
    assert data.X["n"].tolist() == values


def test_large_whole_numbers_beside_missing_ones_are_refused():
    values = pd.array([2**60, None], dtype="Int64")
    with pytest.raises(TableError, match=r"above 2\*\*53 beside missing"):
        Dataset.from_frame(pd.DataFrame({"n": values, "y": [0, 1]}), target="y", sensitive=[])


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ([1j, 2j], "complex"),
        (pd.to_datetime(["1980-01-01", "1990-01-01"]), "datetime"),
        ([1, True], "mixes True or False"),
        ([[1], [2]], "no single values"),
    ],
)
def test_features_that_are_no_numbers_or_names_are_refused(values, message):
    table = pd.DataFrame({"x": values, "y": [0, 1]})
    with pytest.raises(TableError, match=message):
        Dataset.from_frame(table, target="y", sensitive=[])


def test_decimals_are_numbers():
    table = pd.DataFrame({"x": [decimal.Decimal("0.5"), None], "y": [0, 1]})
    values = Dataset.from_frame(table, target="y", sensitive=[]).X["x"]
    assert values.dtype == "float64"
    assert values.tolist()[0] == 0.5


def test_types_of_the_user_come_back_exactly(frame):
    table = frame.assign(
        n=pd.array([1, None, 3, 4], dtype="Int64"),
        big=np.arange(4) + 2**60,
        region=pd.Categorical([2, 1, 2, 1]),
        code=["a", 1, None, "a"],
    )
    data = Dataset.from_frame(table, target="default", sensitive="sex")
    features = table.drop(columns=["default", "sex"])
    pd.testing.assert_frame_equal(data.origin.restored(data.X), features)
    half = data.X.assign(big=0.5)
    assert data.origin.restored(half)["big"].dtype == "float64"


def test_the_origin_goes_with_the_features_and_can_be_stored(frame, tmp_path):
    data = Dataset.from_frame(frame, target="default", favourable=0, sensitive="sex")
    assert Origin.of(data.X.iloc[:2].assign(late=1.0)) is data.origin
    assert Origin.of(data.take([0, 1]).X).outcomes == (1, 0)
    assert Origin.of(pickle.loads(pickle.dumps(data.X))).outcomes == (1, 0)
    data.X.to_parquet(tmp_path / "x.parquet")
    assert Origin.of(pd.concat([data.X, data.X])) is data.origin
    assert Origin.of(np.zeros((2, 2))) is None


class TestArrays:
    X = np.arange(12.0).reshape(6, 2)
    y = np.array([0, 1, 0, 1, 0, 1])
    sex = np.array(["f", "m"] * 3)

    def test_they_are_what_the_frame_would_be(self):
        frame = pd.DataFrame(self.X, columns=["late", "years"])
        own = Dataset.from_arrays(
            frame, y_true=self.y, sensitive_features=pd.Series(self.sex, name="sex")
        )
        same = Dataset.from_frame(
            frame.assign(paid=self.y, sex=self.sex), target="paid", sensitive="sex"
        )
        assert own.digest() == same.digest()
        assert own.factors == same.factors

    @pytest.mark.parametrize(
        ("features", "names"),
        [
            (sex, ["sensitive_feature"]),
            (list(sex), ["sensitive_feature"]),
            (pd.Series(sex, index=range(6, 12)), ["sensitive_feature"]),
            (pd.Series(sex, name="sex"), ["sex"]),
            ({"sex": sex, "band": y}, ["sex", "band"]),
            (pd.DataFrame({"sex": sex}, index=range(6, 12)), ["sex"]),
            (np.column_stack([sex, sex]), ["sensitive_feature_0", "sensitive_feature_1"]),
            (None, []),
        ],
    )
    def test_sensitive_features_come_as_fairlearn_takes_them(self, features, names):
        data = Dataset.from_arrays(self.X, y_true=self.y, sensitive_features=features)
        assert list(data.sensitive.columns) == names
        assert all(data.groups(name).value_counts().tolist() == [3, 3] for name in names)
        assert list(data.X.columns) == ["x0", "x1"]

    def test_outcomes_and_clusters_may_be_anything_of_the_right_length(self):
        data = Dataset.from_arrays(
            self.X, y_true=np.where(self.y, "paid", "late"), favourable="paid", clusters=[0, 1] * 3
        )
        assert data.y.tolist() == self.y.tolist()
        assert data.clusters().tolist() == [0, 1] * 3
        assert Dataset.from_arrays(self.X).y is None

    @pytest.mark.parametrize(
        ("given", "message"),
        [
            ({"y_true": [0, 1]}, "y_true: has 2 rows, and X has 6"),
            ({"sensitive_features": ["f"]}, "sensitive_feature: has 1 row"),
            ({"sensitive_features": {"x0": [0, 1] * 3}}, "column 'x0': is there twice"),
            ({"X": np.zeros((2, 2, 2))}, "one row a person and one column a feature"),
            ({"X": np.zeros(6)}, "one row a person and one column a feature"),
        ],
    )
    def test_what_does_not_fit_is_refused(self, given, message):
        with pytest.raises(TableError, match=message):
            Dataset.from_arrays(**{"X": self.X, **given})


PEOPLE = 60


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ([f"{place},5" for place in range(PEOPLE)], r"100 % are numbers, written like '9,9'"),
        ([f"{1000 * place:,}" for place in range(PEOPLE)], "100 % are numbers"),
        (["n.d.", *map(str, range(1, PEOPLE))], "98 % are numbers, written like '9'"),
        ([f"{1 + place % 28}.3.19{place:02}" for place in range(PEOPLE)], "100 % are dates"),
    ],
)
def test_text_that_is_numbers_is_named_with_a_remedy(values, said):
    frame = pd.DataFrame({"x": values, "sex": ["f", "m"] * 30, "paid": [0, 1, 1] * 20})
    with pytest.raises(TableError, match=said) as refused:
        Dataset.from_frame(frame, target="paid", sensitive="sex")
    # The form of what stands there, and nobody's own value.
    written = re.search("written like '(.*?)'", str(refused.value))
    assert written is not None
    assert set(re.findall(r"\d", written[1])) == {"9"}
    meant = frame.assign(x=frame["x"].astype("category"))
    assert Dataset.from_frame(meant, target="paid", sensitive="sex").X.shape == (PEOPLE, 1)


def test_few_numbers_as_text_are_codes():
    frame = pd.DataFrame({"x": list("0123") * 15, "sex": ["f", "m"] * 30, "paid": [0, 1, 1] * 20})
    assert len(Dataset.from_frame(frame, target="paid", sensitive="sex")) == PEOPLE


@pytest.mark.parametrize("name", ["Unnamed: 0", "customer_id"])
def test_the_number_of_the_row_is_no_feature_unless_it_is_asked_for(name):
    frame = pd.DataFrame({name: range(30), "late": [0, 1, 2] * 10, "sex": ["f", "m"] * 15})
    with pytest.raises(TableError, match=f"'{name}': is the number of the row"):
        Dataset.from_frame(frame, target=None, sensitive="sex")
    asked = Dataset.from_frame(frame, target=None, sensitive="sex", factors={"row": name})
    assert list(asked.X) == [name]


@pytest.mark.parametrize("order", ["rising", "shuffled"])
def test_a_numbering_of_the_people_is_no_factor(order):
    """Whatever it is called and wherever it starts; a count that people share is one."""
    number = np.arange(100_001, 100_601)
    if order == "shuffled":
        number = np.random.default_rng(0).permutation(number)
    frame = pd.DataFrame({"Antragsnummer": number, "late": number % 7, "sex": ["f", "m"] * 300})
    with pytest.raises(TableError, match="numbers the people, 100001 to 100600, each once"):
        Dataset.from_frame(frame, target=None, sensitive="sex")
    named = Dataset.from_frame(frame, target=None, sensitive="sex", factors={"n": "Antragsnummer"})
    assert named.features == ["Antragsnummer"]
    few = frame.head(100).assign(Antragsnummer=range(100))
    assert "Antragsnummer" in Dataset.from_frame(few, target=None, sensitive="sex").features


@pytest.mark.parametrize("start", [1, 50_000_000])
def test_amounts_without_a_gap_are_kept_where_no_other_feature_is(start):
    """To leave the only feature out is no remedy; what is called a key stays one."""
    people = pd.DataFrame({"sex": ["f", "m"] * 1000, "paid": [0, 1, 1, 0] * 500})
    one = people.assign(balance=np.arange(start, start + 2000)[::-1])
    assert Dataset.from_frame(one, target="paid", sensitive="sex").features == ["balance"]
    key = one.rename(columns={"balance": "customer_id"})
    with pytest.raises(TableError, match="is a key"):
        Dataset.from_frame(key, target="paid", sensitive="sex")
    with pytest.raises(TableError, match="numbers the people"):
        Dataset.from_frame(one.assign(late=1), target="paid", sensitive="sex")


@pytest.mark.parametrize("written", ["%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%y", "%Y/%m/%d"])
def test_how_dates_are_written_is_said_so_that_it_can_be_typed(written):
    days = pd.date_range("2024-01-01", periods=200)
    frame = pd.DataFrame({"day": days.strftime(written), "sex": ["f", "m"] * 100})
    with pytest.raises(TableError) as caught:
        Dataset.from_frame(frame, target=None, sensitive="sex")
    told = caught.value.on_command_line()[0]
    assert f"--date-format {written}" in told
    assert "--without 'day'" in told
    asked = converted(frame, dates=["day"], date_format=written)
    assert asked["day"].diff().dropna().eq(1).all()
