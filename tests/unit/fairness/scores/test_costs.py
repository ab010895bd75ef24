"""Costs are those of the mistakes."""

import numpy as np
import pytest

from credit_ml.core import InputError
from credit_ml.fairness import error_costs
from credit_ml.inference import People


def test_costs_are_those_of_the_mistakes(people, row_of):
    dataset, frame = people(300)
    found = error_costs(
        frame["chance"], dataset, thresholds=[0.0, 0.4, 2.0], cost_false_positive=3,
        cost_false_negative=1,
    )  # fmt: skip
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
