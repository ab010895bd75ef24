"""Order across groups is the share of pairs."""

import numpy as np
import pandas as pd
import pytest

from credit_ml.core import Dataset, TableError
from credit_ml.fairness import ranking


def test_cross_group_auc_is_the_share_of_pairs(people, row_of):
    dataset, frame = people(200, shift=1.0)
    found = ranking(frame["chance"], dataset)
    kept, women = frame["paid"] == 1, frame["sex"] == "f"
    chance = frame["chance"].to_numpy()

    def share(upper, lower):
        gap = chance[upper][:, None] - chance[lower]
        return ((gap > 0) + (gap == 0) / 2).mean()

    values = {
        ("f", "m"): share(women & kept, ~women & ~kept),
        ("m", "f"): share(~women & kept, women & ~kept),
    }
    for (group, other), value in values.items():
        row = row_of(found, measure="xauc", group=group, reference_group=other)
        assert row["estimate"] == pytest.approx(value)
    own = row_of(found, measure="auc", group="f")["estimate"]
    assert own == pytest.approx(share(women & kept, women & ~kept))
    row = row_of(found, measure="xauc_difference")
    assert row["estimate"] == pytest.approx(values["f", "m"] - values["m", "f"])
    assert row["low"] < row["estimate"] < row["high"]
    assert found.plot(measure="xauc").get_xlabel().startswith("xauc")


def test_by_group_has_a_column_for_each_group_that_one_is_compared_with():
    random = np.random.default_rng(2)
    frame = pd.DataFrame({"score": random.normal(size=120), "town": list("abc") * 40})
    frame["paid"] = (frame["score"] + random.normal(size=120) > 0).astype(int)
    found = ranking(frame["score"], Dataset.from_frame(frame, target="paid", sensitive=["town"]))
    wide = found.by_group
    assert wide.columns.names == ["measure", "reference_group"]
    for row in found.where(quantity="value").table.to_dict("records"):
        assert wide.loc[row["group"], (row["measure"], row["reference_group"])] == row["estimate"]
    with pytest.raises(TableError, match=r"read \.by_group"):
        _ = found.overall
