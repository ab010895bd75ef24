"""Parity criteria are fairlearn's where every group has every rate, and their intervals cover."""

import numpy as np
import pandas as pd
import pytest
from fairlearn import metrics as fairlearn

from credit_ml.core import Dataset, InputError
from credit_ml.fairness import parity

THEIRS = {
    "demographic_parity": (
        fairlearn.demographic_parity_difference,
        fairlearn.demographic_parity_ratio,
        {},
    ),
    "equal_opportunity": (
        fairlearn.equal_opportunity_difference,
        fairlearn.equal_opportunity_ratio,
        {},
    ),
    "equalized_odds": (
        fairlearn.equalized_odds_difference,
        fairlearn.equalized_odds_ratio,
        {"agg": "worst_case"},
    ),
    "equalized_odds_mean": (
        fairlearn.equalized_odds_difference,
        fairlearn.equalized_odds_ratio,
        {"agg": "mean"},
    ),
}


def _people(rows, seed, groups="abc", gap=0.0):
    random = np.random.default_rng(seed)
    frame = pd.DataFrame(
        {
            "x": random.normal(size=rows),
            "g": random.choice(list(groups), rows),
            "h": random.choice(list("uv"), rows),
            "y": random.integers(0, 2, rows),
            "place": random.integers(0, 25, rows),
        }
    )
    decisions = random.random(rows) < 0.5 + gap * (frame["g"] == "a")
    return frame, decisions.to_numpy()


def _dataset(frame, cluster=None):
    context = ["place"]
    return Dataset.from_frame(
        frame, target="y", sensitive=["g", "h"], context=context, cluster=cluster
    )


@pytest.mark.parametrize("method", ["between_groups", "to_overall"])
@pytest.mark.parametrize("seed", range(4))
def test_every_number_is_theirs(method, seed):
    frame, decisions = _people(200, seed)
    table = parity(decisions, _dataset(frame), method=method, intersections=False).table.set_index(
        ["sensitive", "criterion", "quantity"]
    )
    for criterion, (difference, ratio, options) in THEIRS.items():
        for quantity, theirs in (("difference", difference), ("ratio", ratio)):
            for sensitive in ("g", "h"):
                expected = theirs(
                    frame["y"],
                    decisions,
                    sensitive_features=frame[sensitive],
                    method=method,
                    **options,
                )
                row = table.loc[(sensitive, criterion, quantity)]
                assert row["estimate"] == pytest.approx(expected, rel=1e-12)
                assert row["low"] <= row["estimate"] <= row["high"]


def test_clusters_of_one_count_people():
    # Left out one at a time, people are counted; Student's quantile has no limit then.
    frame, decisions = _people(400, 5)
    frame["place"] = np.arange(400)
    over = {
        how: parity(decisions, _dataset(frame, "place"), over=how).table
        for how in ("people", "clusters")
    }
    width = {how: table["high"] - table["low"] for how, table in over.items()}
    np.testing.assert_allclose(width["people"], width["clusters"], rtol=0.12, atol=0.01)


def test_parity_is_covered_where_it_holds_and_where_it_does_not():
    hits = {"held": 0, "missed": 0}
    for world in range(1000, 1100):
        for name, gap in (("held", 0.0), ("missed", 0.25)):
            frame, decisions = _people(150, world, "ab", gap)
            found = parity(decisions, _dataset(frame), sensitive="g", intersections=False).table
            row = found[found["criterion"] == "equalized_odds"].iloc[0]
            hits[name] += row["low"] <= gap <= row["high"]
    # 95 % at least, less three standard errors of 100 worlds.
    assert hits["held"] >= 88
    assert hits["missed"] >= 88


def test_a_rate_of_nobody_is_left_out():
    frame, decisions = _people(60, 1)
    frame.loc[frame["g"] == "a", "y"] = 0
    table = parity(decisions, _dataset(frame), sensitive="g").table.set_index("criterion")
    rows = table[table["quantity"] == "difference"]
    kept = frame["y"] == 1
    rate = pd.Series(decisions)[kept].groupby(frame["g"]).mean()
    assert (
        "1 group left out: there are none of those with" in rows.loc["equal_opportunity", "reason"]
    )
    assert rows.loc["equal_opportunity", "estimate"] == pytest.approx(rate.max() - rate.min())


def test_bad_options():
    frame, decisions = _people(60, 1)
    with pytest.raises(InputError, match="did you mean 'to_overall'"):
        parity(decisions, _dataset(frame), method="to_overal")
    with pytest.raises(InputError, match="and there are 0; name a cluster column"):
        parity(decisions, _dataset(frame), over="clusters")
