"""Many raters, one person: order, opposite decisions, arbitrariness."""

import json

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit_ml.agencies import load_agency
from credit_ml.core import Dataset, InputError, ModelError, Streams, TableError
from credit_ml.fairness import Agreement, agreement, multiplicity, opposite_cases, self_consistency
from credit_ml.inference import People, comparisons_of, rank_correlation
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
        {n: np.arange(8.0) for n in names},
        {n: decided[:, k] for k, n in enumerate(names)},
        people(),
    )
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
    table = found.table.pivot_table(
        index=["sensitive", "group"], columns="measure", values="estimate"
    )
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


def test_findings_of_raters_say_what_they_are():
    frame = pd.DataFrame({"x": range(40), "sex": list("fm") * 20, "paid": [0, 1] * 20})
    data = Dataset.from_frame(frame, target="paid", sensitive=["sex"])
    scores = {"a": np.arange(40), "b": np.arange(40) % 13}
    accepted = {"a": np.arange(40) < 25, "b": np.arange(40) % 3 == 0}
    found = agreement(scores, accepted, data, intervals=0.9)
    assert found.title == "Many raters, one person"
    assert found.parameters == {"raters": ["a", "b"], "intervals": 0.9, "intervals_over": "people"}
    assert found.notes
    assert all(found.notes)
    assert set(found.table["measure"]) == {
        "kendall",
        "spearman",
        "accepted_refused",
        "mixed",
        "mixed_difference",
    }
    gap = found.table[found.table["measure"] == "mixed_difference"].iloc[0]
    assert gap["quantity"] == "difference"
    assert (gap["rater"], gap["other"]) == ("any", "any")
    mixed = accepted["a"] != accepted["b"]
    women = data.sensitive["sex"].to_numpy() == gap["group"]
    assert gap["estimate"] == pytest.approx(mixed[women].mean() - mixed[~women].mean())
    wide = agreement(scores, accepted, data, intervals=0.99).table
    known = found.table["low"].notna().to_numpy()
    assert (
        (wide["high"] - wide["low"])[known]
        .ge((found.table["high"] - found.table["low"])[known])
        .all()
    )
    alone = agreement(scores, {"a": accepted["a"]}, data)
    assert set(alone.table["measure"]) == {"kendall", "spearman"}
    ax = found.plot()
    assert [text.get_text() for text in ax.get_yticklabels()]
    plt.close(ax.figure)


def test_opposite_cases_are_the_furthest_apart_in_order_and_no_more_than_asked():
    rng = np.random.default_rng(0)
    scores = pd.DataFrame({"a": rng.random(50), "b": 1000 * rng.random(50)})
    accepted, punished = scores["a"] > 0.3, scores["b"] < 700
    cases = opposite_cases(scores, accepted, punished, people=7)
    ranks = scores.rank() / 50
    apart = (ranks["a"] - ranks["b"])[accepted & punished].sort_values(ascending=False)
    assert (accepted & punished)[cases.index].all()
    assert cases["apart"].tolist() == pytest.approx(apart.iloc[:7].tolist())
    assert len(opposite_cases(scores, accepted, punished)) == 5


@given(st.lists(st.lists(st.booleans(), min_size=3, max_size=3), min_size=8, max_size=8))
def test_ambiguity_and_discrepancy_are_counts(table):
    decided, names = np.array(table), ["m0", "m1", "m2"]
    decisions = {name: decided[:, k] for k, name in enumerate(names)}
    quality = {"m0": 0.79, "m1": 0.80, "m2": 0.7}
    found = multiplicity(decisions, quality, people(), tolerance=0.05)
    assert found.parameters == {"best": "m1", "near": ["m0", "m1"], "tolerance": 0.05}
    women = np.array([True, True, False, False] * 2)
    other = decided[:, 0] != decided[:, 1]
    for group, who in (("all", np.ones(8, bool)), ("f", women), ("m", ~women)):
        assert values(found, "ambiguity", group=group) == [other[who].mean()]
        assert values(found, "discrepancy", group=group) == [other[who].mean()]
        assert found.table[found.table["group"] == group]["people"].tolist() == [who.sum()] * 2
    every = multiplicity(decisions, quality, people(), tolerance=0.11)
    flips = decided[:, :] != decided[:, [1]]
    assert values(every, "ambiguity", group="f") == [flips[women].any(axis=1).mean()]
    assert values(every, "discrepancy", group="f") == [flips[women].mean(axis=0).max()]
    assert every.parameters["near"] == names


def test_near_equal_models_are_those_within_the_tolerance():
    decisions = {name: [1, 0] * 4 for name in "abc"}
    quality = {"a": 0.5, "b": 0.25, "c": 0.0}
    near = [
        multiplicity(decisions, quality, people(), tolerance=tolerance).parameters["near"]
        for tolerance in (0.0, 0.25, 0.3, 0.5)
    ]
    assert near == [["a"], ["a", "b"], ["a", "b"], ["a", "b", "c"]]
    assert multiplicity(decisions, {"a": 0.8, "b": 0.795, "c": 0.7}, people()).parameters[
        "near"
    ] == ["a", "b"]


def test_bad_models_are_named():
    with pytest.raises(InputError, match=r"^decisions: are of no model"):
        multiplicity({}, {}, people())
    with pytest.raises(InputError, match=r"^quality: lacks 'b'"):
        multiplicity({"a": [1] * 8, "b": [1] * 8}, {"a": 1.0}, people())
    with pytest.raises(TableError, match=r"^decisions, model 'b': has shape \(3,\)"):
        multiplicity({"a": [1] * 8, "b": [1] * 3}, {"a": 1.0, "b": 1.0}, people())


class Coin:
    """Fits nothing, and accepts everybody in each `every`-th fit."""

    fits = 0

    def __init__(self, every=2, bad=0.0):
        self.every, self.bad = every, bad

    def get_params(self, deep=True):
        return {"every": self.every, "bad": self.bad}

    def fit(self, X, y):
        Coin.fits += 1
        self.accepts = Coin.fits % self.every == 0
        self.rows_ = len(X)
        return self

    def decision_function(self, X):
        return np.where(self.accepts, 1.0, -1.0) * np.ones(len(X))


@pytest.mark.parametrize(("refits", "accepting"), [(2, 1), (4, 2), (10, 5), (3, 1)])
def test_consistency_is_the_chance_that_two_of_the_models_agree(refits, accepting):
    Coin.fits = 0
    found = self_consistency(Coin(), people(40), people(8), refits=refits, seed=3)
    pairs = refits * (refits - 1) / 2
    alike = 1 - accepting * (refits - accepting) / pairs
    for group in ("all", "f", "m"):
        assert values(found, "self_consistency", group=group) == pytest.approx([alike])
        assert values(found, "inconsistent", group=group) == [float(alike < 0.75)]
    assert found.parameters == {"refits": refits, "threshold": 0.0}
    assert found.seed == 3
    assert set(found.table[found.table["group"] == "f"]["people"]) == {4}
    # Log-odds from the threshold on are favourable.
    even = self_consistency(Coin(every=1), people(40), people(8), refits=4, threshold=1.0)
    assert values(even, "self_consistency", group="all") == [1.0]


def test_names_are_tracked_without_brackets_and_spaces():
    scores = {"my (old) bank": np.arange(8), "b": np.arange(8) % 5, "c": -np.arange(8)}
    accepted = {name: np.asarray(points) > 2 for name, points in scores.items()}
    found = agreement(scores, accepted, people()).metrics()
    pairs = ["my_old_bank.b", "my_old_bank.c", "b.c"]
    groups = ["overall.all", "sex.f", "sex.m"]
    assert list(found) == [
        *(f"agreement.kendall.{pair}" for pair in pairs),
        *(f"agreement.mixed.{group}" for group in groups),
    ]
    assert found["agreement.kendall.my_old_bank.c"] == pytest.approx(-1.0)
    assert all(type(value) is float for value in found.values())


def test_rows_stand_pair_by_pair_with_the_facts_of_their_estimates():
    rng = np.random.default_rng(4)
    data = people(40)
    scores = {"a": rng.normal(size=40), "b": rng.normal(size=40), "c": rng.normal(size=40)}
    accepted = {"c": rng.random(40) < 0.5, "a": rng.random(40) < 0.6}
    found, who = agreement(scores, accepted, data, intervals=0.8), People.of(data)
    table = found.table
    kinds = table["measure"].tolist()
    assert kinds == ["kendall", "spearman"] * 3 + ["accepted_refused"] * 2 + ["mixed"] * 3 + [
        "mixed_difference"
    ]
    assert list(zip(table["rater"], table["other"], strict=True))[:8:2] == [
        ("a", "b"),
        ("a", "c"),
        ("b", "c"),
        ("c", "a"),
    ]
    mixed = accepted["a"] != accepted["c"]
    (pair,) = comparisons_of(data)
    women = (data.sensitive["sex"] == "f").to_numpy()
    for place, estimate in (
        (4, rank_correlation(scores["b"], scores["c"], "kendall")),
        (5, rank_correlation(scores["b"], scores["c"], "spearman")),
        (6, who.share(accepted["c"] & ~accepted["a"])),
        (7, who.share(accepted["a"] & ~accepted["c"])),
        (8, who.share(mixed)),
        (9, who.share(mixed, women)),
        (10, who.share(mixed, ~women)),
        (11, pair.difference(who.share, mixed)),
    ):
        facts = estimate.facts(0.8)
        for column in ("estimate", "low", "high", "people", "clusters", "over"):
            assert table.iloc[place][column] == pytest.approx(facts[column]), (place, column)
    assert table.iloc[11][["sensitive", "group", "reference_group"]].tolist() == [
        "sex",
        pair.group,
        pair.reference_group,
    ]
    assert set(table["quantity"][:11]) == {"value"}
    assert "reason" not in table


def test_of_cases_equally_far_apart_the_first_stand_first_and_more_columns_are_left_alone():
    scores = pd.DataFrame({"a": [3.0] * 30, "b": [1.0] * 30, "c": range(30)})
    cases = opposite_cases(scores, scores["a"] > 0, scores["b"] > 0, people=29)
    assert cases.index.tolist() == list(range(29))
    assert cases.columns.tolist() == ["a", "b", "c", "apart"]
    assert (cases["apart"] == 0).all()
    assert (scores.columns == ["a", "b", "c"]).all()


def test_findings_of_several_models_say_what_they_are():
    decisions = {"a": [1, 0] * 4, "b": [1, 1] * 4}
    found = multiplicity(decisions, {"a": 0.8, "b": 0.799}, people())
    assert found.title == "What the choice among near-equal models changes"
    assert found.parameters == {"best": "a", "near": ["a", "b"], "tolerance": 0.01}
    assert found.notes == ("Both are lower bounds: only the models that were given are compared.",)
    assert found.table["measure"].tolist() == ["ambiguity", "discrepancy"] * 3
    assert found.table["sensitive"].tolist() == ["overall"] * 2 + ["sex"] * 4
    assert found.metrics()["multiplicity.ambiguity.sex.f"] == 0.5
    Coin.fits = 0
    again = self_consistency(Coin(), people(40), people(8), refits=4, threshold=0.5, seed=7)
    assert again.title == "Whether the same model, trained again, decides alike"
    assert again.parameters == {"refits": 4, "threshold": 0.5}
    assert (again.seed, again.notes) == (7, ("Models differ by the bootstrap of people alone.",))
    assert again.table["measure"].tolist() == ["self_consistency", "inconsistent"] * 3
    assert set(again.metrics()) == {
        f"self_consistency.{measure}.{of}"
        for measure in ("self_consistency", "inconsistent")
        for of in ("overall.all", "sex.f", "sex.m")
    }


class Drawn(Coin):
    """Keeps whom it learned from."""

    seen: list = []  # noqa: RUF012

    def fit(self, X, y):
        Drawn.seen.append((X["x"].tolist(), list(y)))
        self.accepts = False
        return self


def test_each_refit_learns_from_a_bootstrap_of_its_own():
    Drawn.seen.clear()
    train = people(40)
    self_consistency(Drawn(), train, people(8), refits=3, seed=5)
    for number, (rows, outcome) in enumerate(Drawn.seen):
        drawn = Streams(5).generator("fairness.refits", number).integers(0, 40, 40)
        assert rows == drawn.tolist()
        assert outcome == train.y.to_numpy()[drawn].tolist()
    frame = pd.DataFrame({"x": range(4), "sex": list("ffmm"), "paid": [0, 0, 0, 1]})
    few = Dataset.from_frame(frame, target="paid", sensitive=["sex"])
    with pytest.raises(ModelError, match="bootstrap with one outcome"):
        self_consistency(Drawn(), few, people(8), refits=20)
