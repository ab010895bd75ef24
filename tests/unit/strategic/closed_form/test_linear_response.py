"""Closed forms of the cheapest change, against convex solvers and against theory."""

import sys

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog, minimize

from credit_ml.core import InputError, MenuError
from credit_ml.strategic import (
    LinearScore,
    Mahalanobis,
    MixedCost,
    OneSided,
    PercentileShift,
    PerTie,
    Quadratic,
    Separable,
    WithDetection,
    WithMultiplier,
    WithSetup,
    WithSubsidy,
    linear_response,
)

PEOPLE = 6
seeds = st.integers(0, 2**32 - 1)
fast = settings(deadline=None, max_examples=20)


def respond(
    X,
    weights,
    *,
    threshold,
    intercept=0.0,
    believed=None,
    believed_threshold=None,
    low=None,
    high=None,
    **asked,
):
    """Respond to a score whose parts are given one by one."""
    score = LinearScore(weights=weights, threshold=threshold, intercept=intercept)
    told = None
    if believed is not None or believed_threshold is not None:
        told = LinearScore(
            weights=weights if believed is None else believed,
            threshold=threshold if believed_threshold is None else believed_threshold,
            intercept=intercept,
        )
    return linear_response(X, score, believed=told, bounds=(low, high), **asked)


def setting(seed, features=3):
    """People, weights and a threshold that some of them miss."""
    rng = np.random.default_rng(seed)
    X, weights = rng.normal(size=(PEOPLE, features)), rng.normal(size=features)
    return rng, X, weights, float(np.quantile(X @ weights, 0.7)) + 0.5


def definite(rng, features):
    root = rng.normal(size=(features, features))
    return root @ root.T + 0.2 * np.eye(features)


def smooth_costs(rng, features=3):
    return [
        Quadratic(weights=rng.uniform(0.2, 3, features)),
        Mahalanobis(matrix=definite(rng, features)),
        MixedCost(direction=rng.normal(size=features), quadratic=rng.uniform(0.05, 1), scale=2.0),
    ]


def all_costs(rng, features=3):
    return [
        OneSided(up=rng.uniform(0.1, 2, features), down=rng.uniform(0, 1, features)),
        *smooth_costs(rng, features),
        Separable.linear(rng.normal(size=features)),
    ]


def solved(cost, start, weights, need, bounds=None):
    """Least cost by SLSQP, from a point that will do; the mixed cost by its epigraph."""
    mixed = isinstance(cost, MixedCost)
    v = np.asarray(cost.direction) if mixed else None

    def price(z):
        if mixed:
            d, rise = z[:-1], z[-1]
            return cost.scale * ((1 - cost.quadratic) * rise + cost.quadratic * d @ d)
        return float(cost.of(start[None], (start + z)[None])[0])

    limits = [{"type": "ineq", "fun": lambda z: z[: len(start)] @ weights - need}]
    if mixed:
        limits += [
            {"type": "ineq", "fun": lambda z: z[-1] - z[:-1] @ v},
            {"type": "ineq", "fun": lambda z: z[-1]},
        ]
    if bounds is None:
        first = need * weights / (weights @ weights)
    else:
        low, high = np.transpose(bounds)
        first = np.where(weights > 0, high, low)
        first = first * need / (weights @ first)
    first = np.append(first, abs(first @ v) + 1) if mixed else first
    found = minimize(
        price,
        first,
        constraints=limits,
        bounds=bounds,
        method="SLSQP",
        options={"maxiter": 500, "ftol": 1e-13},
    )
    assert found.x[: len(start)] @ weights >= need - 1e-7
    return found.fun


@fast
@given(seed=seeds, own=st.booleans())
def test_smooth_costs_equal_a_convex_solver(seed, own):
    rng, X, weights, threshold = setting(seed)
    believed = weights + 0.3 * rng.normal(size=(PEOPLE, 3)) if own else None
    for cost in smooth_costs(rng):
        found = respond(
            X, weights, threshold=threshold, cost=cost, value=np.inf, believed=believed, margin=0.1
        )
        for person in np.flatnonzero(found.least):
            b = weights if believed is None else believed[person]
            need = threshold + 0.1 - X[person] @ b
            least = solved(cost, X[person], b, need)
            assert found.least[person] == pytest.approx(least, rel=1e-4, abs=1e-6)


@fast
@given(seed=seeds, own=st.booleans())
def test_one_sided_costs_within_bounds_equal_a_linear_programme(seed, own):
    rng, X, weights, threshold = setting(seed, features=4)
    weights[rng.integers(4)] = 0.0
    believed = np.tile(weights, (PEOPLE, 1)) * rng.uniform(0.5, 1.5, (PEOPLE, 4)) if own else None
    low, high = X - rng.uniform(0, 2, X.shape), X + rng.uniform(0, 2, X.shape)
    up, down = rng.uniform(0, 2, 4), rng.uniform(0, 2, 4)
    up[rng.integers(4)] = np.inf
    found = respond(
        X,
        weights,
        threshold=threshold,
        cost=OneSided(up=up, down=down),
        value=np.inf,
        believed=believed,
        low=low,
        high=high,
    )
    rise = np.where(np.isfinite(up), high - X, 0.0)
    for person in np.flatnonzero(found.least):
        b = weights if believed is None else believed[person]
        answer = linprog(
            [*np.where(np.isfinite(up), up, 1.0), *down],
            A_ub=[[*-b, *b]],
            b_ub=[X[person] @ b - threshold],
            bounds=[(0, r) for r in [*rise[person], *(X - low)[person]]],
        )
        assert found.least[person] == pytest.approx(answer.fun if not answer.status else np.inf)
    assert ((low - 1e-9 <= found.X) & (high + 1e-9 >= found.X)).all()


@fast
@given(seed=seeds)
def test_squares_within_bounds_equal_a_convex_solver(seed):
    rng, X, weights, threshold = setting(seed)
    low, high = X - rng.uniform(0, 3, X.shape), X + rng.uniform(0, 3, X.shape)
    cost = Quadratic(weights=rng.uniform(0.2, 3, 3))
    asked = {"threshold": threshold, "cost": cost, "value": np.inf}
    found = respond(X, weights, low=low, high=high, **asked)
    for person in np.flatnonzero(found.least):
        need = threshold - X[person] @ weights
        room = np.where(weights > 0, high - X, X - low)[person]
        if not np.isfinite(found.least[person]):
            assert np.abs(weights) @ room < need
        else:
            bounds = list(zip((low - X)[person], (high - X)[person], strict=True))
            least = solved(cost, X[person], weights, need, bounds)
            assert found.least[person] == pytest.approx(least, rel=1e-4, abs=1e-6)
    # Bounds that nobody meets change nothing, and more freedom never costs more.
    free = respond(X, weights, **asked)
    wide = respond(X, weights, low=-np.inf, high=1e9, **asked)
    np.testing.assert_allclose(wide.least, free.least)
    assert (free.least <= found.least + 1e-12).all()


@fast
@given(seed=seeds)
def test_in_two_dimensions_no_direction_is_cheaper(seed):
    rng, X, weights, threshold = setting(seed, features=2)
    angles = np.linspace(0, 2 * np.pi, 4001)
    ways = np.column_stack([np.cos(angles), np.sin(angles)])
    ways = ways[ways @ weights > 1e-3]
    for cost in all_costs(rng, 2):
        found = respond(X, weights, threshold=threshold, cost=cost, value=np.inf)
        for person in np.flatnonzero(found.X @ weights >= threshold):
            if not found.moved[person]:
                continue
            length = (threshold - X[person] @ weights) / (ways @ weights)
            tried = cost.of(np.tile(X[person], (len(ways), 1)), X[person] + ways * length[:, None])
            assert found.least[person] <= tried.min() + 1e-9
            if not isinstance(cost, Separable):  # whose free ways are few
                assert found.least[person] == pytest.approx(tried.min(), rel=0.02, abs=2e-3)


@fast
@given(seed=seeds, own=st.booleans(), bounded=st.booleans())
def test_what_is_told_is_what_is_done(seed, own, bounded):
    """The cost is the cost of the change, movers pass as they believe, and others stay."""
    rng, X, weights, threshold = setting(seed)
    believed = rng.normal(size=(PEOPLE, 3)) if own else None
    bounds = {"low": X - 1, "high": X + 1} if bounded else {}
    costs = all_costs(rng)[:2] if bounded else all_costs(rng)
    value = rng.uniform(0, 2, PEOPLE)
    for inner in costs:
        cost = WithDetection(
            cost=WithSubsidy(
                cost=WithMultiplier(
                    cost=WithSetup(cost=inner, setup=0.01), multiplier=rng.uniform(0.5, 2, PEOPLE)
                ),
                share=0.2,
                most=0.3,
            ),
            rate=0.5,
            penalty=0.2,
        )
        found = respond(
            X, weights, threshold=threshold, cost=cost, value=value, believed=believed, **bounds
        )
        assert found.cost == pytest.approx(cost.of(X, found.X), rel=1e-6, abs=1e-9)
        assert (found.cost <= value + 1e-12).all()
        told = weights if believed is None else believed
        trusted = (X * told).sum(axis=1)
        assert (found.least[trusted >= threshold] == 0).all()
        assert (found.believed[found.moved] >= threshold).all()
        np.testing.assert_array_equal(found.X[~found.moved], X[~found.moved])
        assert (found.moved == ((trusted < threshold) & (found.least <= value))).all()
        assert found.score == pytest.approx(found.X @ weights)
        assert found.believed == pytest.approx((found.X * told).sum(axis=1))


@fast
@given(seed=seeds)
def test_beliefs_without_noise_are_the_whole_truth(seed):
    rng, X, weights, threshold = setting(seed)
    for cost in all_costs(rng):
        asked = {"threshold": threshold, "cost": cost, "value": 1.0, "intercept": 0.3}
        full = respond(X, weights, **asked)
        each = respond(X, weights, believed=np.tile(weights, (PEOPLE, 1)), **asked)
        np.testing.assert_allclose(each.X, full.X, atol=1e-9)
        np.testing.assert_allclose(each.least, full.least, atol=1e-9)
        assert (full.score[full.moved] >= threshold).all()
        # Who believes in another score of the same people is served by the same forms.
        near = respond(X, weights, believed=weights + 1e-9, margin=0.05, **asked)
        assert (near.score[near.moved] >= threshold).all()


@fast
@given(seed=seeds)
def test_a_feature_of_no_weight_never_moves_and_burden_never_falls(seed):
    rng, X, weights, threshold = setting(seed)
    weights[1] = 0.0
    for cost in all_costs(rng)[:2]:
        found = respond(X, weights, threshold=threshold, cost=cost, value=np.inf)
        np.testing.assert_array_equal(found.X[:, 1], X[:, 1])
    for cost in all_costs(rng):
        least = [
            respond(X, weights, threshold=threshold + more, cost=cost, value=0.0).least
            for more in (0.0, 0.3, 1.0)
        ]
        assert (np.diff(least, axis=0) >= -1e-9).all()


def test_nobody_moves_when_it_is_impossible_or_worth_nothing():
    _, X, weights, threshold = setting(0)
    asked = {"threshold": threshold, "value": np.inf}
    dear = OneSided(up=[np.inf] * 3, down=[np.inf] * 3)
    factor = WithMultiplier(cost=Quadratic(weights=[1.0] * 3), multiplier=np.inf)
    for cost in (dear, factor, Quadratic(weights=[np.inf] * 3)):
        found = respond(X, weights, cost=cost, **asked)
        assert not found.moved.any()
        np.testing.assert_array_equal(found.X, X)
        assert set(found.least) <= {0.0, np.inf}
    for cost in all_costs(np.random.default_rng(1)):
        nothing = respond(X, np.zeros(3), cost=cost, **asked)
        assert not nothing.moved.any()
        worthless = respond(X, weights, threshold=threshold, cost=cost, value=0.0)
        assert not worthless.cost.any()


def test_only_those_below_move_and_the_margin_is_theirs_alone():
    X = np.array([[0.0], [0.95], [1.0], [1.05]])
    found = respond(X, [1.0], threshold=1.0, cost=OneSided(up=[0.1]), value=1.0, margin=0.2)
    assert found.moved.tolist() == [True, True, False, False]
    assert found.X[:, 0] == pytest.approx([1.2, 1.2, 1.0, 1.05])
    assert found.cost == pytest.approx([0.12, 0.025, 0, 0])


def test_a_line_that_nobody_knows_is_not_run_for():
    X, cost = np.zeros((3, 1)), Quadratic(weights=[1.0])
    found = respond(
        X, [1.0], threshold=1.0, cost=cost, value=9.0, believed_threshold=[np.inf, -np.inf, 2.0]
    )
    assert found.moved.tolist() == [False, False, True]
    assert found.least == pytest.approx([np.inf, 0.0, 4.0])
    assert found.score == pytest.approx([0.0, 0.0, 2.0])


def test_all_effort_goes_where_a_point_is_cheapest():
    cost = OneSided(up=[0.1, 0.1, 0.01], down=[0.02, 0.3, 0.3])
    found = respond(
        np.zeros((1, 3)), [-1.0, 4.0, 0.2], threshold=8.0, cost=cost, value=np.inf, margin=0
    )
    # A point costs 0.02 by less of the first, 0.025 by the second, 0.05 by the third.
    assert found.X[0] == pytest.approx([-8, 0, 0])
    within = respond(
        np.zeros((1, 3)), [-1.0, 4.0, 0.2], threshold=8.0, cost=cost, value=np.inf, low=-3.0
    )
    assert within.X[0] == pytest.approx([-3, 5 / 4, 0])
    assert within.cost[0] == pytest.approx(3 * 0.02 + 5 / 4 * 0.1)


def test_a_linear_cost_is_paid_only_by_weights_along_it():
    """Hardt et al. (2016): what moves the score without moving c is free."""
    X, value = np.zeros((1, 2)), 10.0
    cost = Separable.linear([1.0, 2.0])
    along = respond(X, [2.0, 4.0], threshold=6.0, cost=cost, value=value)
    assert along.cost == pytest.approx([3.0])
    across = respond(X, [2.0, 1.0], threshold=6.0, cost=cost, value=value)
    assert across.moved.all()
    assert across.cost == pytest.approx([0.0], abs=1e-9)
    against = respond(X, [-1.0, -2.0], threshold=6.0, cost=cost, value=value)
    assert against.cost == pytest.approx([0.0])


@fast
@given(seed=seeds, own=st.booleans())
def test_detection_of_cosmetic_features_drives_people_to_what_improves(seed, own):
    """No mix of features, drawn at random, is cheaper than the one feature of the closed form."""
    rng, X, weights, threshold = setting(seed)
    believed = rng.normal(size=(PEOPLE, 3)) if own else None
    cost = WithDetection(
        cost=OneSided(up=rng.uniform(0.05, 1, 3), down=rng.uniform(0.05, 1, 3)),
        rate=rng.uniform(0.1, 3),
        penalty=rng.uniform(0, 3, PEOPLE),
        weights=[1.0, 1.0, 0.0],
    )
    asked = {"threshold": threshold, "value": np.inf, "believed": believed}
    found = respond(X, weights, cost=cost, **asked)
    assert found.cost == pytest.approx(cost.of(X, found.X))
    told = np.broadcast_to(weights if believed is None else believed, X.shape)
    need = threshold - (X * told).sum(axis=1)
    for mix in rng.dirichlet([0.3] * 3, 100):
        # A share of the points from each feature.
        other = X + np.maximum(need, 0)[:, None] * mix / told
        assert (found.least <= cost.of(X, other) + 1e-9).all()
    # Sure and ruinous detection leaves the improving feature alone.
    ruin = WithDetection(cost=cost.cost, rate=1e6, penalty=1e6, weights=[1.0, 1.0, 0.0])
    moved = respond(X, weights, cost=ruin, **asked).X
    np.testing.assert_array_equal(moved[:, :2], X[:, :2])


def test_ties_are_cut_or_added_and_nothing_else():
    X = np.array([[5.0, 3.0]])
    found = respond(
        X, [1.0, -1.0], threshold=4.0, cost=PerTie(cut=0.1, add=0.2, columns=[1]), value=1.0
    )
    assert found.X[0] == pytest.approx([5.0, 1.0])
    assert found.cost == pytest.approx([0.2])


def test_large_features_do_not_fail_people_by_rounding():
    rng = np.random.default_rng(3)
    X = rng.normal(size=(5000, 8)) * 10.0 ** rng.integers(-3, 7, 8)
    weights = rng.normal(size=8)
    for cost in [*all_costs(rng, 8)[:4]]:
        found = respond(X, weights, threshold=1.0, cost=cost, value=np.inf)
        assert found.moved.any()
        assert (found.X @ weights >= 1.0).all()


def test_nobody_is_answered_with_nothing():
    for believed in (None, np.empty((0, 3))):
        for bounds in ({}, {"low": 0.0}):
            found = respond(
                np.empty((0, 3)),
                np.ones(3),
                threshold=1.0,
                cost=Quadratic(weights=np.ones(3)),
                value=1.0,
                believed=believed,
                **bounds,
            )
            assert found.X.shape == (0, 3)
            assert found.cost.shape == found.score.shape == (0,)


def test_people_are_answered_alike_whatever_the_block(monkeypatch):
    rng, X, weights, threshold = setting(8)
    X = rng.normal(size=(50, 3))
    told = rng.normal(size=X.shape)
    for cost in all_costs(rng):
        wrapped = WithSetup(
            cost=WithMultiplier(cost=cost, multiplier=rng.uniform(1, 2, 50)), setup=0.01
        )
        for believed in (None, told):
            asked = {
                "threshold": threshold,
                "cost": wrapped,
                "value": rng.uniform(0, 2, 50),
                "believed": believed,
            }
            together = respond(X, weights, **asked)
            with monkeypatch.context() as patch:
                patch.setattr(sys.modules[linear_response.__module__], "BLOCK", 7)
                apart = respond(X, weights, **asked)
            np.testing.assert_allclose(apart.X, together.X)
            np.testing.assert_allclose(apart.least, together.least)


def test_frames_are_read_and_what_does_not_fit_is_refused():
    cost = Quadratic(weights=[1.0, 1.0])
    frame = pd.DataFrame({"a": [0.0, 1.0], "b": [0.0, 0.0]}, dtype="float32")
    asked = {"threshold": 1.0, "cost": cost, "value": 9.0}
    found = respond(frame, [1.0, 1.0], **asked)
    assert found.X[0] == pytest.approx([0.5, 0.5])
    refused = [
        (InputError, "people, features", {"X": [1.0]}),
        (InputError, "missing number", {"X": [[np.nan, 1.0]]}),
        (InputError, "score.weights: has shape", {"weights": [1.0]}),
        (InputError, "believed.weights: has shape", {"believed": np.ones((3, 2))}),
        (InputError, "has a missing", {"weights": [1.0, np.nan]}),
        (InputError, "margin: is -1", {"margin": -1.0}),
        (InputError, "value: has -1", {"value": [1.0, -1.0]}),
        (InputError, "value: has shape", {"value": [1.0]}),
        (InputError, "bounds, low: has shape", {"low": [1.0]}),
        (InputError, "cost.up: prices 3 features of 2", {"cost": OneSided(up=np.ones(3))}),
        (
            InputError,
            "cost.multiplier: has 3 numbers for 2 people",
            {"cost": WithMultiplier(cost=cost, multiplier=np.ones(3))},
        ),
        (MenuError, "no closed form for a linear", {"cost": PercentileShift(reference=frame)}),
        (MenuError, "not known to be linear", {"cost": Separable(function=np.sum)}),
        (MenuError, "within bounds", {"cost": Mahalanobis(matrix=np.eye(2)), "high": 1.0}),
        (
            MenuError,
            "WithDetection has no closed form here",
            {"cost": WithDetection(cost=cost, rate=1.0, penalty=1.0, weights=[1.0, 0.0])},
        ),
    ]
    for error, message, given_ in refused:
        call = {"X": frame, "weights": [1.0, 1.0], **asked, **given_}
        with pytest.raises(error, match=message):
            respond(call.pop("X"), call.pop("weights"), **call)
