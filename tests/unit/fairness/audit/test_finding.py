"""What an audit's numbers can be, and how its findings are named."""

from types import SimpleNamespace as Record

import numpy as np
import pandas as pd
import pytest

from credit_ml.core import Dataset, ModelError, TableError
from credit_ml.fairness import audit, audit_privileges, calibration, error_costs


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
