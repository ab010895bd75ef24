"""Criteria of parity, worked out by hand on small tables."""

import numpy as np
import pandas as pd
import pytest

from credit_ml.core import Dataset, InputError
from credit_ml.fairness import parity
from credit_ml.fairness.decisions.parity import CRITERIA

#: Selected of kept and of not kept: a 3 of 4 and 1 of 4, b 1 of 4 and 1 of 4.
ROWS = [
    (group, kept, place < selected)
    for group, kept, selected in (("a", 1, 3), ("a", 0, 1), ("b", 1, 1), ("b", 0, 1))
    for place in range(4)
]


@pytest.fixture
def frame() -> pd.DataFrame:
    return pd.DataFrame(ROWS, columns=["kind", "kept", "selected"]).assign(x=1)


@pytest.fixture
def dataset(frame: pd.DataFrame) -> Dataset:
    return Dataset.from_frame(
        frame[["x", "kind", "kept"]], target="kept", sensitive=["kind"], factors={"x": ["x"]}
    )


def test_criteria_are_the_largest_or_mean_difference_of_rates(
    frame: pd.DataFrame, dataset: Dataset
) -> None:
    found = parity(frame["selected"], dataset).table.set_index(["quantity", "measure"])["estimate"]
    values = {f"{measure}_{quantity}": value for (quantity, measure), value in found.items()}
    differences = {name: value for name, value in values.items() if "difference" in name}
    assert differences["demographic_parity_difference"] == pytest.approx(0.25)
    assert differences["equal_opportunity_difference"] == pytest.approx(0.5)
    assert differences["equalized_odds_difference"] == pytest.approx(0.5)
    assert values["demographic_parity_ratio"] == pytest.approx(0.5)
    assert values["equal_opportunity_ratio"] == pytest.approx(1 / 3)


def test_a_mean_of_rates_is_between_the_smallest_and_the_largest(
    frame: pd.DataFrame, dataset: Dataset
) -> None:
    found = parity(frame["selected"], dataset).table
    named = {str(each) for each in found["measure"]}
    means = [name for name in named if name.endswith("_mean")]
    for name in means:
        whole = name.removesuffix("_mean")
        pair = found[found["quantity"] == "difference"].set_index("measure")["estimate"]
        assert pair[name] == pytest.approx(0.25)
        assert pair[name] <= pair[whole]


def test_rows_say_of_whom_they_are(frame: pd.DataFrame, dataset: Dataset) -> None:
    table = parity(frame["selected"], dataset).table
    assert set(table["sensitive"]) == {"kind"}
    assert (table["low"] <= table["estimate"]).all()
    assert (table["estimate"] <= table["high"]).all()


def test_a_criterion_of_nobody_is_unknown_and_says_why(frame: pd.DataFrame) -> None:
    frame.loc[frame["kind"] == "b", "kept"] = 0
    data = Dataset.from_frame(
        frame[["x", "kind", "kept"]], target="kept", sensitive=["kind"], factors={"x": ["x"]}
    )
    table = parity(frame["selected"], data).table
    row = table[(table["measure"] == "equal_opportunity") & (table["quantity"] == "difference")]
    assert row[["estimate", "low", "high"]].isna().all(axis=None)
    assert row["reason"].str.len().gt(0).all()


@pytest.fixture
def many() -> tuple[Dataset, np.ndarray]:
    """Three groups of unequal size, and clusters that share luck."""
    rng = np.random.default_rng(5)
    kind = rng.choice(["a", "b", "c"], 1500, p=[0.6, 0.3, 0.1])
    place = rng.integers(0, 30, 1500)
    frame = pd.DataFrame({"x": 1, "kind": kind, "sex": rng.choice(["f", "m"], 1500)})
    frame["place"], frame["kept"] = place, rng.integers(0, 2, 1500)
    luck = rng.normal(0, 0.2, 30)[place]
    chance = 0.5 + 0.2 * (kind == "a") - 0.3 * (kind == "c") * frame["kept"] + luck
    options = {"sensitive": ["kind", "sex"], "context": ["place"], "cluster": "place"}
    return Dataset.from_frame(frame, target="kept", **options), rng.random(1500) < chance


METRICS = {
    "demographic_parity": lambda y, d: d.mean(),
    "equal_opportunity": lambda y, d: d[y == 1].mean(),
    "predictive_equality": lambda y, d: d[y == 0].mean(),
    "predictive_parity": lambda y, d: y[d].mean(),
    "overall_accuracy_equality": lambda y, d: (y == d).mean(),
}


@pytest.mark.parametrize("method", ["between_groups", "to_overall"])
def test_each_criterion_is_fairlearns_summary_of_its_rate(
    many: tuple[Dataset, np.ndarray], method: str
) -> None:
    fairlearn = pytest.importorskip("fairlearn.metrics")
    data, chosen = many
    found = parity(chosen, data, method=method, intersections=False).table
    estimates = found.set_index(["sensitive", "quantity", "measure"])["estimate"]
    for feature in ("kind", "sex"):
        frame = fairlearn.MetricFrame(
            metrics={name: lambda y, d, rate=rate: rate(y, d) for name, rate in METRICS.items()},
            y_true=data.y.to_numpy(),
            y_pred=chosen,
            sensitive_features=data.sensitive[feature],
        )
        for name in METRICS:
            for quantity in ("difference", "ratio"):
                theirs = getattr(frame, quantity)(method=method)[name]
                assert estimates[feature, quantity, name] == pytest.approx(theirs), name
        one, two = (
            estimates[feature, "difference", f"{name}"]
            for name in ("equal_opportunity", "predictive_equality")
        )
        assert estimates[feature, "difference", "equalized_odds"] == max(one, two)
        assert estimates[feature, "difference", "equalized_odds_mean"] == pytest.approx(
            (one + two) / 2
        )
        low = min(
            estimates[feature, "ratio", "equal_opportunity"],
            estimates[feature, "ratio", "predictive_equality"],
        )
        assert estimates[feature, "ratio", "equalized_odds"] == low


def test_every_row_says_its_criterion_its_feature_and_whom_it_counts(
    many: tuple[Dataset, np.ndarray],
) -> None:
    data, chosen = many
    found = parity(chosen, data, intervals=0.9)
    table = found.table
    assert (table["criterion"] == table["measure"]).all()
    assert len(table) == 2 * len(CRITERIA) * 3
    assert table["sensitive"].nunique() == 3
    assert (table["people"] == 1500).all()
    assert (table["clusters"] == 30).all()
    assert found.title == "How far parity is missed"
    assert found.parameters["method"] == "between_groups"
    assert found.parameters["intervals"] == 0.9
    assert found.notes[0] == "A rate of nobody is undefined and left out of its criterion."
    alone = parity(chosen, data, over="people").table
    assert (alone["clusters"] == 0).all()
    names = found.metrics()
    assert names["parity.equalized_odds_ratio.kind"] == pytest.approx(
        table.set_index(["quantity", "measure", "sensitive"])["estimate"][
            "ratio", "equalized_odds", "kind"
        ]
    )
    two = found.plot(quantity="ratio")
    assert two.get_xlabel().startswith("ratio (1: alike)")
    with pytest.raises(InputError, match="quantity"):
        found.plot(quantity="odds")


def test_a_mean_of_both_odds_has_ends_between_those_of_both(
    many: tuple[Dataset, np.ndarray],
) -> None:
    data, chosen = many
    table = parity(chosen, data, over="people").table
    for (quantity, _), rows in table.groupby(["quantity", "sensitive"]):
        at = rows.set_index("measure")
        both = at.loc[["equal_opportunity", "predictive_equality"]]
        mean, worst = at.loc["equalized_odds_mean"], at.loc["equalized_odds"]
        assert both["estimate"].min() <= mean["estimate"] <= both["estimate"].max()
        limit = (0.0, 1.0)
        assert limit[0] <= worst["low"] <= worst["estimate"] <= worst["high"] <= limit[1]
        extreme = both["estimate"].min() if quantity == "ratio" else both["estimate"].max()
        assert worst["estimate"] == extreme
        # The quantile of the largest error of two is no smaller than that of either.
        wide = both["high"] - both["low"]
        assert worst["high"] - worst["low"] > 0.9 * wide.min()
