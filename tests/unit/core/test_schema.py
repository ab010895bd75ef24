"""The one schema of findings: whose chance each interval counts."""

import pytest

from credit_ml.core import Finding, TableError, conform
from credit_ml.core.schema import check


def test_each_interval_says_whose_chance_it_counts():
    table = conform(
        [
            {"measure": "a", "estimate": 0.5, "low": 0.4, "high": 0.6, "clusters": 20},
            {"measure": "b", "estimate": 0.5, "low": 0.4, "high": 0.6},
            {"measure": "c", "estimate": 0.5},
            {"measure": "d", "estimate": 0.5, "low": 0.4, "high": 0.6, "over": "societies"},
        ]
    )
    assert table["over"].tolist() == ["clusters", "people", "", "societies"]
    with pytest.raises(TableError, match="'over': says 'luck'"):
        check(table.assign(over="luck"), "audit")


def test_what_was_stored_without_it_is_read():
    stored = Finding(table=conform([{"measure": "a", "estimate": 1.0}]), title="").to_dict()
    place = stored["columns"].index("over")
    stored["columns"].pop(place)
    stored["rows"] = [row[:place] + row[place + 1 :] for row in stored["rows"]]
    assert Finding.from_dict(stored).table["over"].tolist() == [""]
