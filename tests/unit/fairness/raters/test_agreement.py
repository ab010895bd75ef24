"""Many raters, one person: order, opposite decisions, arbitrariness."""

import json

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit_ml.agencies import load_agency
from credit_ml.core import Dataset, InputError, TableError
from credit_ml.fairness import Agreement, agreement, multiplicity, opposite_cases, self_consistency
from credit_ml.scoring import LogisticScorer, SmallTree
from credit_ml.society import load_world


def people(rows=8):
    frame = pd.DataFrame(
        {"x": range(rows), "sex": list("ffmm" * (rows // 4)), "paid": [0, 1] * (rows // 2)}
    )
    return Dataset.from_frame(frame, target="paid", sensitive=["sex"])


def values(found, measure, **labels):
    rows = found.table[found.table["measure"] == measure]
    for name, value in labels.items():
        rows = rows[rows[name] == value]
    return rows["estimate"].tolist()


def test_alike_raters_agree_fully_and_opposite_ones_not_at_all():
    scores = {"a": np.arange(8), "b": 100 + 3 * np.arange(8), "c": -np.arange(8)}
    accepted = {name: np.asarray(points) > np.median(points) for name, points in scores.items()}
    found = agreement(scores, accepted, people())
    assert values(found, "kendall", rater="a", other="b") == pytest.approx([1.0])
    assert values(found, "spearman", rater="a", other="c") == pytest.approx([-1.0])
    assert values(found, "accepted_refused", rater="a", other="b") == [0.0]
    assert values(found, "accepted_refused", rater="a", other="c") == [0.5]
    assert values(found, "mixed", group="all") == [1.0]


@given(st.lists(st.lists(st.booleans(), min_size=3, max_size=3), min_size=8, max_size=8))
def test_shares_of_opposite_decisions_are_counts(table):
    decided = np.array(table)
    names = ["a", "b", "c"]
    found = agreement(
        {n: np.arange(8.0) for n in names}, {n: decided[:, k] for k, n in enumerate(names)},
        people(),
    )  # fmt: skip
    for k, one in enumerate(names):
        for j, other in enumerate(names):
            if one != other:
                assert values(found, "accepted_refused", rater=one, other=other) == [
                    (decided[:, k] & ~decided[:, j]).mean()
                ]
    mixed = decided.any(axis=1) & ~decided.all(axis=1)
    women = np.array([True, True, False, False] * 2)
    assert values(found, "mixed", group="all") == [mixed.mean()]
    assert values(found, "mixed", group="f") == [mixed[women].mean()]


def test_people_whom_a_rater_does_not_know_are_left_out_of_its_pairs():
    scores = {"a": [1, 2, 3, 4, np.nan, np.nan, 7, 8.0], "b": np.arange(8.0)}
    found = agreement(scores, {}, people())
    row = found.table[found.table["measure"] == "kendall"].iloc[0]
    assert row["people"] == 6
    assert row["estimate"] == pytest.approx(1)


def test_intervals_of_correlations_cover():
    rng = np.random.default_rng(3)
    hits = []
    for _ in range(200):
        a = rng.normal(size=200)
        b = 0.6 * a + 0.8 * rng.normal(size=200)
        frame = pd.DataFrame({"x": a, "sex": ["f", "m"] * 100, "paid": [0, 1] * 100})
        data = Dataset.from_frame(frame, target="paid", sensitive=["sex"])
        table = agreement({"a": a, "b": b}, {}, data).table.set_index("measure")
        truth = {"kendall": 2 / np.pi * np.arcsin(0.6), "spearman": 6 / np.pi * np.arcsin(0.3)}
        hits.append([table.loc[m, "low"] < t < table.loc[m, "high"] for m, t in truth.items()])
    assert (np.mean(hits, axis=0) > 0.90).all()
    assert (np.mean(hits, axis=0) < 0.99).all()


def test_one_real_case_accepted_here_and_punished_there():
    """S18: above 650 points at the commercial score, under joint punishment by the offices."""
    society = load_world("baseline", citizens=8000, seed=2).simulate()
    raters = {name: load_agency(name).fit(society) for name in ("sesame", "government")}
    views = {name: rater.agency.view(society) for name, rater in raters.items()}
    scores = pd.DataFrame({name: raters[name].score(views[name].X) for name in raters})
    accepted = scores["sesame"] >= 650
    punished = raters["government"].punish(views["government"].X, "joint_punishment")
    cases = opposite_cases(scores, accepted, punished)
    assert len(cases) > 0
    assert (cases["sesame"] >= 650).all()
    assert punished[cases.index].all()
    found = agreement(scores, {"sesame": accepted, "government": ~punished}, views["sesame"])
    assert 0 < values(found, "kendall")[0] < 0.8
    again = Agreement.from_dict(json.loads(json.dumps(found.to_dict(), allow_nan=False)))
    plt.close(again.plot().figure)
    assert again.metrics() == pytest.approx(found.metrics())


def test_bad_input_is_named():
    with pytest.raises(InputError, match="at least two raters"):
        agreement({"a": range(8)}, {}, people())
    with pytest.raises(TableError, match=r"rater 'b': has shape \(3,\)"):
        agreement({"a": range(8), "b": [1, 2, 3]}, {}, people())
    with pytest.raises(InputError, match="'c', who gives no scores"):
        agreement({"a": range(8), "b": range(8)}, {"c": [True] * 8}, people())


def test_ambiguity_is_at_least_discrepancy_and_zero_for_one_model():
    data = people()
    rng = np.random.default_rng(0)
    decisions = {f"m{k}": rng.random(8) < 0.5 for k in range(5)}
    found = multiplicity(decisions, dict.fromkeys(decisions, 0.8), data)
    table = found.table.pivot_table(index=["sensitive", "group"], columns="measure",
                                    values="estimate")  # fmt: skip
    assert (table["ambiguity"] >= table["discrepancy"]).all()
    alone = multiplicity({"m": decisions["m0"]}, {"m": 0.8}, data)
    assert (alone.table["estimate"] == 0).all()
    worse = multiplicity(decisions, {n: 0.8 - 0.1 * k for k, n in enumerate(decisions)}, data)
    assert worse.parameters["near"] == ["m0"]
    plt.close(found.plot().figure)


def test_a_model_that_does_not_learn_is_consistent_and_a_restless_one_is_not():
    rng = np.random.default_rng(1)
    frame = pd.DataFrame(
        {"x": rng.normal(size=400), "sex": ["f", "m"] * 200, "paid": rng.integers(0, 2, 400)}
    )
    data = Dataset.from_frame(frame, target="paid", sensitive=["sex"])
    plain = self_consistency(LogisticScorer(C=1e-9), data, data, threshold=-50.0, refits=5)
    assert set(plain.table.query("measure == 'self_consistency'")["estimate"]) == {1.0}
    noise = self_consistency(SmallTree(max_leaf_nodes=60, fewest_share=0.0), data, data, refits=6)
    key = "self_consistency.self_consistency.overall.all"
    assert 0.4 < noise.metrics()[key] < 0.95
    again = self_consistency(SmallTree(max_leaf_nodes=60, fewest_share=0.0), data, data, refits=6)
    assert again.metrics() == noise.metrics()
    with pytest.raises(InputError, match="at least 2"):
        self_consistency(LogisticScorer(), data, data, refits=1)


def test_without_opposite_cases_there_are_none():
    scores = pd.DataFrame({"a": [1.0, 2.0], "b": [1.0, 2.0]})
    assert len(opposite_cases(scores, scores["a"] > 1, scores["b"] < 2)) == 0
