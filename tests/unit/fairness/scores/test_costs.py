"""Costs are those of the mistakes."""

import numpy as np
import pandas as pd
import pytest

from credit_ml.core import Dataset, InputError
from credit_ml.fairness import error_costs
from credit_ml.inference import People


def test_costs_are_those_of_the_mistakes(people, row_of):
    dataset, frame = people(300)
    found = error_costs(
        frame["chance"],
        dataset,
        thresholds=[0.0, 0.4, 2.0],
        cost_false_positive=3,
        cost_false_negative=1,
    )
    women, kept = frame["sex"] == "f", frame["paid"] == 1
    selected = frame["chance"] >= 0.4
    expected = (3 * (selected & ~kept) + (~selected & kept))[women].mean()
    assert row_of(found, group="f", threshold=0.4)["estimate"] == pytest.approx(expected)
    # Everybody selected, nobody selected.
    everybody = row_of(found, sensitive="overall", threshold=0.0)["estimate"]
    assert everybody == pytest.approx(3 * (~kept).mean())
    assert row_of(found, sensitive="overall", threshold=2.0)["estimate"] == pytest.approx(
        kept.mean()
    )
    assert set(found.cheapest["group"]) == {"all", "f", "m"}
    assert len(found.plot().get_lines()) == 2
    with pytest.raises(InputError, match="cost_false_positive: is -1"):
        error_costs(frame["chance"], dataset, cost_false_positive=-1)


@pytest.mark.parametrize("cluster", [None, "place"])
def test_costs_have_the_intervals_of_a_mean(cluster, people, row_of):
    dataset, frame = people(300, cluster=cluster)
    found = error_costs(frame["chance"], dataset, thresholds=[0.4], cost_false_positive=3)
    selected, kept = frame["chance"] >= 0.4, frame["paid"] == 1
    costs = (3.0 * (selected & ~kept) + (~selected & kept)).to_numpy()
    row = row_of(found, sensitive="overall")
    mean = People.of(dataset).mean(costs)
    expected = [float(mean), *mean.interval()]
    np.testing.assert_allclose(row[["estimate", "low", "high"]].astype(float), expected)


@pytest.mark.parametrize("cluster", [None, "place"])
@pytest.mark.parametrize("weights", [None, "persons"])
def test_each_cost_is_the_mean_of_each_persons(people, row_of, cluster, weights):
    """Whatever weights and clusters, with cuts that people reach exactly."""
    _, frame = people(250, 2)
    frame["chance"] = frame["chance"].round(1)
    frame["persons"] = 0.5 + frame.index % 4
    data = Dataset.from_frame(
        frame, target="paid", sensitive=["sex"], context=["place"], cluster=cluster, weights=weights
    )
    cuts = [0.5, 0.3, 0.9, 0.5]
    found = error_costs(
        frame["chance"],
        data,
        thresholds=cuts,
        cost_false_positive=2,
        cost_false_negative=5,
        intervals=0.9,
    )
    who, kept = People.of(data), (frame["paid"] == 1).to_numpy()
    for group in ("all", "f", "m"):
        inside = np.full(250, True) if group == "all" else (frame["sex"] == group).to_numpy()
        for cut in set(cuts):
            selected = (frame["chance"] >= cut).to_numpy()
            costs = 2.0 * (selected & ~kept) + 5.0 * (~selected & kept)
            facts = who.mean(costs, inside, bounds=(0.0, 5.0)).facts(0.9)
            row = row_of(found, group=group, threshold=cut)
            for column in ("estimate", "low", "high", "people", "clusters"):
                assert row[column] == pytest.approx(facts[column]), (group, cut, column)
    assert found.table["threshold"].tolist() == [0.3, 0.5, 0.9] * 3
    assert set(found.table["measure"]) == {"cost"}
    assert found.title == "What mistakes cost, by threshold and group"
    assert found.parameters == {
        "cost_false_positive": 2.0,
        "cost_false_negative": 5.0,
        "intervals": 0.9,
        "intervals_over": "clusters" if cluster else "people",
    }


def test_the_cheapest_threshold_is_the_lowest_of_equal_ones_and_is_tracked(row_of):
    frame = pd.DataFrame({"s": [1.0, 2, 3, 4, 5, 6], "paid": [0, 0, 0, 1, 1, 1]})
    frame["g"] = list("aabbab")
    data = Dataset.from_frame(frame, target="paid", sensitive=["g"])
    found = error_costs(frame["s"], data, thresholds=[1, 3.5, 4, 9])
    best = found.cheapest
    assert best[best["group"] == "all"]["threshold"].tolist() == [3.5]
    assert best["estimate"].tolist() == [0.0] * 3
    assert best.index.tolist() == [0, 1, 2]
    assert found.metrics() == {
        "error_costs.cheapest_threshold": 3.5,
        "error_costs.cheapest_threshold.g.a": 3.5,
        "error_costs.cheapest_threshold.g.b": 3.5,
    }
    # As many thresholds as asked for, at equal shares of the people.
    many = error_costs(frame["s"], data, thresholds=6).table["threshold"].unique()
    assert many.tolist() == [1.0, 2.0, 3.0, 4.0, 5.0, 6.0]
    assert error_costs(frame["s"], data, thresholds=2).table["threshold"].nunique() == 2
    assert len(error_costs(range(100), _hundred()).table["threshold"].unique()) == 41


def _hundred():
    frame = pd.DataFrame({"s": range(100), "paid": [0, 1] * 50})
    return Dataset.from_frame(frame, target="paid", sensitive=[])


@pytest.mark.parametrize("wrong", [1, 0, [], [np.nan], [0.5, np.inf]])
def test_thresholds_are_two_or_finite_numbers(wrong):
    with pytest.raises(InputError, match=r"^thresholds: "):
        error_costs(range(100), _hundred(), thresholds=wrong)


@pytest.mark.parametrize("name", ["cost_false_positive", "cost_false_negative"])
@pytest.mark.parametrize("wrong", [-0.1, np.nan, np.inf])
def test_a_cost_is_a_finite_number_of_at_least_0(name, wrong):
    with pytest.raises(InputError, match=rf"^{name}: is "):
        error_costs(range(100), _hundred(), **{name: wrong})
    free = error_costs(range(100), _hundred(), **{name: 0.0}).table
    assert (free.groupby("group")["estimate"].min() == 0).all()
