"""What an audit's numbers can be, and how its findings are named."""

from types import SimpleNamespace as Record

import numpy as np
import pandas as pd
import pytest

from credit_ml.core import Dataset, InputError, ModelError, TableError
from credit_ml.fairness import Tally, audit, audit_privileges, calibration, error_costs
from credit_ml.fairness.audit.rows import _most_selected
from credit_ml.fairness.tally.grouping import groupings_of
from credit_ml.inference import People, ratio, simultaneous_level


@pytest.fixture
def dataset() -> Dataset:
    frame = pd.DataFrame({"late": range(8), "sex": list("ffffmmmm"), "paid": [1, 0] * 4})
    return Dataset.from_frame(frame, target="paid", sensitive=["sex"])


def test_shares_lie_from_0_to_1_and_differences_from_minus_1(dataset: Dataset) -> None:
    found = audit(dataset.X["late"] < 6, dataset, scores=dataset.X["late"])
    least, most = found.possible()
    ends = found.table.assign(least=least, most=most).set_index(["quantity", "measure"])
    for quantity, expected in {
        "value": (0.0, 1.0),
        "difference": (-1.0, 1.0),
        "largest_difference": (0.0, 1.0),
        "smallest_ratio": (0.0, 1.0),
        "ratio": (0.0, np.inf),
    }.items():
        rows = ends.loc[[(quantity, "selection_rate")]]
        assert set(map(tuple, rows[["least", "most"]].to_numpy())) == {expected}, quantity
    assert set(ends.loc[[("value", "mean_score")], "most"]) == {np.inf}


class Sketch:
    """A rater without a name."""

    agency = Record(privileges=[Record(id="car", name="a car", threshold=3)])

    def score(self, X: pd.DataFrame) -> pd.Series:
        return X["late"]


def test_a_rater_without_a_name_is_called_by_its_class(dataset: Dataset) -> None:
    found = audit_privileges(Sketch(), dataset)["car"]
    assert found.parameters["rater"] == "Sketch"
    assert found.parameters["decision"] == "3 points or more (a car)"
    assert found.by_group["selection_rate"].to_dict() == {"f": 0.25, "m": 1.0}
    named = audit_privileges(Record(name="n", agency=Sketch.agency, score=Sketch().score), dataset)
    assert named["car"].parameters["rater"] == "n"


def test_who_grants_nothing_cannot_be_audited_by_privilege(dataset: Dataset) -> None:
    with pytest.raises(ModelError, match="lonely: grants no privilege"):
        audit_privileges(Record(name="lonely"), dataset)


def test_points_that_are_no_number_are_named_scores(dataset: Dataset) -> None:
    line = Record(id="car", name="car", threshold=1.0)
    rater = Record(agency=Record(privileges=[line]), name="sketch")
    with pytest.raises(TableError, match=r"^scores: has shape \(1,\)"):
        audit_privileges(rater, dataset, scores=[1.0])
    found = audit_privileges(rater, dataset, scores=np.arange(float(len(dataset))))
    assert found["car"].title == "sketch: 1 points or more (car), by group"
    assert found["car"].overall["selection_rate"] == pytest.approx(1 - 1 / len(dataset))


def test_a_feature_that_a_finding_lacks_is_refused_by_name(dataset: Dataset) -> None:
    chance = np.linspace(0.1, 0.9, len(dataset))
    found = calibration(chance, dataset)
    with pytest.raises(TableError, match=r"^calibration, sensitive: 'sox' is unknown"):
        found.plot(sensitive="sox")
    costs = error_costs(chance, dataset, thresholds=3)
    with pytest.raises(TableError, match=r"^error costs, sensitive: 'sox' is unknown"):
        costs.plot(sensitive="sox")
    assert found.parameters["bins"] == 10
    assert "rater" not in found.parameters
    named = calibration(chance, dataset, rater="council")
    assert named.parameters["rater"] == "council"
    assert named.title == "council: what probabilities mean"


@pytest.mark.parametrize(
    ("selected", "people", "small", "most"),
    [
        ([0.2, 0.9, 0.5], [40, 3, 50], 30, 2),
        ([0.2, 0.9, 0.5], [40, 30, 50], 30, 1),
        ([0.2, 0.9, 0.5], [4, 3, 5], 30, 1),
        ([0.2, np.nan, 0.5], [4, 0, 5], 30, 2),
        ([0.0, np.nan, 0.0], [4, 0, 5], 1, 0),
        ([0.5, 0.5], [29, 31], 30, 1),
    ],
)
def test_the_most_selected_is_large_enough_if_any_is(selected, people, small, most) -> None:
    assert _most_selected(np.array(selected), np.array(people), small) == most


def test_an_audit_says_what_was_asked_and_of_whom_little_can_be_said() -> None:
    rng = np.random.default_rng(3)
    frame = pd.DataFrame({"x": 1, "town": ["a"] * 300 + ["b"] * 40 + ["c"] * 4 + ["d"] * 29})
    frame["sex"] = rng.choice(["f", "m"], len(frame))
    frame["place"] = np.arange(len(frame)) % 25
    data = Dataset.from_frame(frame, target=None, sensitive=["town", "sex"], cluster="place")
    chosen = rng.random(len(frame)) < 0.5
    found = audit(chosen, data, rater="r", decision="car", intervals=0.9, sensitive="town")
    assert found.title == "r: car, by group"
    assert found.parameters == {
        "decision": "car",
        "metrics": ["count", "selection_rate", "refusal_rate"],
        "rater": "r",
        "intervals": 0.9,
        "intervals_over": "clusters",
        "small": 30,
        "clusters": 25,
    }
    assert found.notes[2] == (
        "Of groups of fewer than 30 people little can be said: town: c (4), d (29)."
    )
    assert "25 clusters" in found.notes[-1]
    alone = audit(chosen, data, over="people")
    assert alone.title == "Selected, by group"
    assert "rater" not in alone.parameters
    assert "clusters" not in alone.parameters
    assert "town x sex: " in alone.notes[2]
    assert " groups." in alone.notes[2]
    large = audit(chosen[:300], data.take(np.arange(300)), sensitive="town")
    assert len(large.notes) == 3
    fifths = found.table[found.table["quantity"] == "four_fifths"]
    assert fifths["measure"].unique().tolist() == ["selection_rate"]
    assert set(fifths["reference_group"]) <= {"a", "b"}
    counts = found.table[found.table["measure"] == "count"]
    assert counts["estimate"].tolist() == [373, 300, 40, 4, 29]
    assert set(counts["over"]) == {""}
    rates = found.table[(found.table["measure"] == "selection_rate")]
    values = rates[rates["quantity"] == "value"]
    people = People.of(data)
    groups = [np.ones(373, dtype=bool), *((frame["town"] == name).to_numpy() for name in "abcd")]
    for row, who in zip(values.to_dict("records"), groups, strict=True):
        share = people.share(chosen, who)
        assert row["design_effect"] == pytest.approx(float(share.design_effect))
        assert (row["low"], row["high"]) == pytest.approx(tuple(share.interval(0.9)))
    gaps = rates[rates["quantity"] == "difference"]
    assert gaps["group"].tolist() == ["b", "c", "d"]
    assert set(gaps["reference_group"]) == {"a"}
    # Ends of four fifths hold for all pairs of the four groups at once.
    level = simultaneous_level(0.9, 4)
    tally = Tally.of(chosen, data.sensitive[["town"]], clusters=data.clusters())
    rate = groupings_of(tally, intersections=False)["town"].rates(["selection_rate"])
    best = "abcd".index(fifths["reference_group"].iloc[0])
    for row in fifths.to_dict("records"):
        place = "abcd".index(row["group"])
        both = ratio(rate[[place]], rate[[best]], disjoint=True).interval(level)
        assert (row["low"], row["high"]) == pytest.approx((both.low[0, 0], both.high[0, 0]))


def test_metrics_that_the_data_do_not_allow_are_refused_by_name() -> None:
    frame = pd.DataFrame({"x": range(8), "sex": list("ffffmmmm")})
    data = Dataset.from_frame(frame, target=None, sensitive=["sex"])
    chosen = frame["x"] < 5
    for metric, said in (
        ("mean_score", "'mean_score' needs scores; give them"),
        ("accuracy", "'accuracy' needs an outcome; give the dataset a target"),
    ):
        with pytest.raises(TableError, match=said):
            audit(chosen, data, metrics=[metric])
    with pytest.raises(InputError, match=r"'log_loss' is unknown.*sklearn\.metrics\.log_loss"):
        audit(chosen, data, metrics=["log_loss"])
    with pytest.raises(InputError, match=r"'acc' is unknown.*balanced_accuracy_score"):
        audit(chosen, data, metrics=["acc"])
    found = audit(chosen, data, metrics=["selection_rate", "count"])
    assert found.parameters["metrics"] == ["count", "selection_rate"]
    scored = audit(chosen, data, scores=frame["x"] * 1.0).table
    quantities = scored[scored["measure"] == "mean_score"]["quantity"].unique().tolist()
    assert quantities == ["value", "difference", "largest_difference"]


def test_what_is_tracked_are_values_of_features_and_spreads_of_all() -> None:
    frame = pd.DataFrame({"x": range(16), "sex": list("fm") * 8, "town": list("aabb") * 4})
    data = Dataset.from_frame(frame, target=None, sensitive=["sex", "town"])
    found = audit(frame["x"] < 9, data, metrics=["count", "selection_rate"])
    table = found.table.set_index(["quantity", "sensitive", "group"])["estimate"]
    expected = {"fairness.selection_rate.overall": 9 / 16}
    for feature, groups in (("sex", "fm"), ("town", "ab")):
        for group in groups:
            who = frame[feature] == group
            rate = (frame["x"][who] < 9).mean()
            expected[f"fairness.selection_rate.{feature}.{group}"] = rate
    for feature in ("sex", "town", "sex x town"):
        name = feature.replace(" ", "_")
        for quantity, ending in (("largest_difference", "difference"), ("smallest_ratio", "ratio")):
            value = table[quantity, feature, "all"]
            expected[f"fairness.selection_rate_{ending}.{name}"] = value
    assert found.metrics() == pytest.approx(expected)
    gaps = found.table[found.table["quantity"].isin(["difference", "ratio"])]
    whole = found.table[(found.table["quantity"] == "value") & (found.table["measure"] != "count")]
    rate = whole.set_index(["sensitive", "group"])["estimate"]
    for row in gaps.to_dict("records"):
        one = rate[row["sensitive"], row["group"]]
        other = rate[row["sensitive"], row["reference_group"]]
        made = one - other if row["quantity"] == "difference" else one / other
        assert row["estimate"] == pytest.approx(made)
