"""What findings of fairness say of themselves: names, notes, what intervals count."""

import numpy as np
import pandas as pd
import pytest

from credit_ml.core import Dataset, TableError
from credit_ml.fairness import agreement, audit, distribution_distances
from credit_ml.fairness.audit.compute import _clusters_of


@pytest.fixture
def dataset() -> Dataset:
    size = 1_200
    rng = np.random.default_rng(0)
    frame = pd.DataFrame(
        {
            "late": rng.poisson(2, size),
            "sex": rng.choice(["f", "m"], size),
            "place": rng.integers(0, 60, size).astype(str),
            "paid": rng.integers(0, 2, size),
        }
    )
    return Dataset.from_frame(frame, target="paid", sensitive=["sex"], cluster="place")


def test_an_audit_names_its_metrics_and_the_functions_among_them(dataset: Dataset) -> None:
    def always(y_true: np.ndarray, y_pred: np.ndarray) -> float:
        return 0.5

    found = audit(dataset.X["late"] < 2, dataset, metrics=["accuracy", always])
    assert found.parameters["metrics"] == ["accuracy", "always"]
    assert set(found.by_group["always"]) == {0.5}


def test_a_function_may_return_any_number(dataset: Dataset) -> None:
    for made in (0.25, np.float32(0.25), np.array(0.25)):
        found = audit(dataset.X["late"] < 2, dataset, metrics={"quarter": lambda y, p, m=made: m})
        assert set(found.by_group["quarter"]) == {0.25}


def test_distances_are_named_and_tracked_by_whose_they_are(dataset: Dataset) -> None:
    found = distribution_distances(dataset.X["late"], dataset)
    assert found.title
    names = set(found.metrics())
    pair = found.table.iloc[0]
    own = f"{pair['sensitive']}.{pair['group']}.{pair['reference_group']}"
    assert f"separation.wasserstein.{own}" in names
    assert all(value == value for value in found.metrics().values())


@pytest.mark.parametrize("over", ["people", "clusters"])
def test_agreement_counts_whom_it_is_told_to(dataset: Dataset, over: str) -> None:
    points = {"a": dataset.X["late"], "b": dataset.X["late"] ** 2 - dataset.y}
    accepted = {name: each < 2 for name, each in points.items()}
    found = agreement(points, accepted, dataset, over=over)
    assert (found.table["clusters"] > 0).any() == (over == "clusters")


def test_a_score_for_each_person_is_asked_for_by_name(dataset: Dataset) -> None:
    with pytest.raises(TableError, match="scores"):
        audit(dataset.X["late"] < 2, dataset, scores=[1.0, 2.0])


def test_few_clusters_a_cell_are_tallied_and_too_many_are_not(dataset: Dataset) -> None:
    features = dataset.sensitive.astype("category")
    codes = _clusters_of(dataset, features, "auto")
    assert codes is not None
    assert len(np.unique(codes)) == 60
    assert _clusters_of(dataset, features, "people") is None


def test_clusters_are_put_together_where_cells_would_be_too_many(
    dataset: Dataset, monkeypatch: pytest.MonkeyPatch
) -> None:
    features = dataset.sensitive.astype("category")
    monkeypatch.setattr("credit_ml.fairness.tally.summed.MOST_CELLS", 8 * 55)
    codes = _clusters_of(dataset, features, "auto")
    assert codes is not None
    assert len(np.unique(codes)) == 55  # two groups by outcome and decision are eight cells
