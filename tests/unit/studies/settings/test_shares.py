"""Sobol shares against closed forms: Ishigami, a sum, a product, and what nothing reads."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from credit_ml.studies.settings.design import SweepTable
from credit_ml.studies.settings.shares import sobol_shares


def design(knobs, points, seed=3):
    over = {name: {"low": 0.0, "high": 1.0} for name in knobs}
    sweep = SweepTable(over=over, design="saltelli", points=points, seed=seed)
    return sweep, np.array([list(each.values()) for each in sweep.settings()])


def shares(knobs, points, of):
    sweep, X = design(knobs, points)
    found = sobol_shares(sweep.problem(), of(X))
    return found.set_index(["quantity", "knob"])


def test_the_function_of_ishigami_has_its_shares():
    a, b = 7.0, 0.1

    def ishigami(X):
        x = np.pi * (2 * X - 1)
        return np.sin(x[:, 0]) + a * np.sin(x[:, 1]) ** 2 + b * x[:, 2] ** 4 * np.sin(x[:, 0])

    found = shares(["x", "y", "z"], 20_000, ishigami)["estimate"]
    one = 0.5 * (1 + b * np.pi**4 / 5) ** 2
    other, both = a**2 / 8, 8 * b**2 * np.pi**8 / 225
    whole = one + other + both
    true = {"x": one / whole, "y": other / whole, "z": 0.0}
    assert found["first_order"].to_dict() == pytest.approx(true, abs=0.02)
    total = {"x": (one + both) / whole, "y": other / whole, "z": both / whole}
    assert found["total"].to_dict() == pytest.approx(total, abs=0.02)


@settings(max_examples=15, deadline=None)
@given(st.lists(st.floats(0.2, 5.0), min_size=2, max_size=4))
def test_in_a_sum_each_has_the_share_of_its_variance(weights):
    knobs = [f"k{place}" for place in range(len(weights))]
    found = shares(knobs, 4_000, lambda X: X @ np.array(weights))["estimate"]
    true = np.square(weights) / np.square(weights).sum()
    assert found["first_order"].to_numpy() == pytest.approx(true, abs=0.1)
    assert found["total"].to_numpy() == pytest.approx(true, abs=0.1)


def test_estimates_are_those_of_salib():
    from SALib.analyze import sobol

    sweep, X = design(["x", "y", "z"], 64)
    values = np.exp(X[:, 0]) * (1 + X[:, 1]) + X[:, 2]
    theirs = sobol.analyze(sweep.problem(), values, calc_second_order=False)
    ours = sobol_shares(sweep.problem(), values).set_index(["quantity", "knob"])["estimate"]
    assert ours["first_order"].to_numpy() == pytest.approx(theirs["S1"])
    assert ours["total"].to_numpy() == pytest.approx(theirs["ST"])


def test_intervals_are_the_jackknife_of_all_points_but_one():
    sweep, X = design(["x", "y"], 12)
    values = np.exp(X[:, 0]) + X[:, 1]
    mean = values.mean()
    whole = sobol_shares(sweep.problem(), values).set_index(["quantity", "knob"])
    without = []
    for point in range(12):
        # First-order shares are held against the mean of all points, with and without each.
        left = np.delete(values.reshape(12, 4) - mean, point, axis=0)
        spread = left[:, [0, -1]].var()
        moved = left[:, 1:-1] - left[:, :1]
        total = (moved**2).mean(axis=0) / 2 / spread
        first = (left[:, -1:] * moved).mean(axis=0) / spread
        without.append([first[0], total[0], total[0] - total[1]])
    error = np.sqrt(11 / 12 * ((without - np.mean(without, axis=0)) ** 2).sum(axis=0))
    half = stats.t.ppf(0.975, 11) * error
    first, total, over = (
        whole.loc[(quantity, "x")] for quantity in ("first_order", "total", "total_over_others")
    )
    assert first["low"] == pytest.approx(max(first["estimate"] - half[0], 0.0))
    assert over["low"] == pytest.approx(over["estimate"] - half[2])
    assert over["high"] == pytest.approx(over["estimate"] + half[2])
    assert total["low"] == pytest.approx(total["estimate"] * np.exp(-half[1] / total["estimate"]))


@pytest.mark.parametrize("seed", range(20))
def test_an_interval_holds_its_estimate_and_something_that_can_be(seed):
    """A knob of two values, one of none, and few points: estimates lie beyond what a share is."""
    sweep, X = design(["two", "idle"], 12, seed)
    found = sobol_shares(sweep.problem(), (X[:, 0] > 0.5) + 0.01 * X[:, 1])
    found = found[found["quantity"] != "total_over_others"]
    assert (found["low"] <= found["estimate"]).all()
    assert (found["estimate"] <= found["high"]).all()
    assert (found["low"] <= 1.0).all()
    assert (found["high"] >= 0.0).all()


@pytest.mark.parametrize(
    "weights", [(3.0, 1.0, 1.0, 0.5, 0.5, 0.2), (1.0, 1.0, 1.0, 1.0), (1.0, 0.1, 0.1)]
)
def test_intervals_hold_the_share_as_often_as_they_say(weights):
    """Of a sum, by as few points as the committed sweeps have."""
    true = np.square(weights) / np.square(weights).sum()
    over = true[0] - np.sort(true)[-2]
    held = np.zeros(2)
    for seed in range(500):
        sweep, X = design([f"k{place}" for place in range(len(weights))], 32, seed)
        found = sobol_shares(sweep.problem(), X @ np.array(weights))
        ends = found[found["knob"] == "k0"].set_index("quantity")[["low", "high"]]
        for place, (what, truth) in enumerate((("total", true[0]), ("total_over_others", over))):
            held[place] += ends.loc[what, "low"] <= truth <= ends.loc[what, "high"]
    assert 0.925 < held[0] / 500 < 0.975
    # That one is the largest is asked of a maximum, which has no slope where several are alike.
    assert 0.9 < held[1] / 500 < 0.98


def test_what_nothing_reads_has_no_share_and_intervals_hold_the_truth():
    found = shares(["read", "idle"], 64, lambda X: np.exp(X[:, 0]))
    found = found.drop("total_over_others", level="quantity")
    idle = found.xs("idle", level="knob")
    assert (idle["estimate"].abs() < 1e-12).all()
    assert ((idle["low"] <= 0) & (idle["high"] >= 0)).all()
    read = found.xs("read", level="knob")
    assert ((read["low"] <= 1) & (read["high"] >= 1)).all()


@settings(max_examples=10, deadline=None)
@given(st.lists(st.floats(0.2, 5.0), min_size=2, max_size=4))
def test_that_one_share_is_the_largest_is_asked_of_the_same_points(weights):
    """Shares of one design move together: their difference is surer than their intervals say."""
    knobs = [f"k{place}" for place in range(len(weights))]
    found = shares(knobs, 400, lambda X: X @ np.array(weights))
    total = found.xs("total", level="quantity")
    over = found.xs("total_over_others", level="quantity")
    for knob in knobs:
        rest = total["estimate"].drop(knob).max()
        assert over.loc[knob, "estimate"] == pytest.approx(total.loc[knob, "estimate"] - rest)
        assert over.loc[knob, "low"] <= over.loc[knob, "estimate"] <= over.loc[knob, "high"]
    assert (over["estimate"] > 0).sum() <= 1
    first = over["estimate"].idxmax()
    true = np.square(weights) / np.square(weights).sum()
    second = np.sort(true)[-2]
    assert over.loc[first, "low"] - 0.1 <= true.max() - second <= over.loc[first, "high"] + 0.1


def test_a_knob_alone_is_held_against_none():
    found = shares(["only"], 16, lambda X: X[:, 0])
    assert "total_over_others" not in found.index.get_level_values("quantity")


def test_where_nothing_moves_or_too_few_are_left_there_are_no_shares():
    assert shares(["a", "b"], 16, lambda X: np.full(len(X), 3.0))["estimate"].isna().all()

    def mostly_unknown(X):
        values = X[:, 0].copy()
        values[12:] = np.nan
        return values

    found = shares(["a", "b"], 16, mostly_unknown)
    assert found["estimate"].isna().all()
    assert (found["people"] == 3).all()


def test_base_points_with_an_unknown_value_are_left_out_whole():
    sweep, X = design(["a", "b"], 32)
    values = X[:, 0] + 2 * X[:, 1]
    some = values.copy()
    some[5] = np.nan  # of the second base point
    kept = np.delete(values.reshape(32, 4), 1, axis=0).ravel()
    one, other = (sobol_shares(sweep.problem(), each) for each in (some, kept))
    assert one.equals(other)
