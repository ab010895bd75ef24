"""Mechanisms are players of a game: exact values, sampled orders, and their error."""

from itertools import permutations

import numpy as np
import pytest

from credit_ml.proxies.decomposition.components import GAP
from credit_ml.proxies.decomposition.flow import (
    EXACT,
    PERMUTATIONS,
    _over_mechanisms,
    _rows,
    _steps,
)

PEOPLE, FACTORS = 7, 2


def game(number: int, seed: int = 0):
    """A game whose players add something alone and in pairs, one a person and factor."""
    rng = np.random.default_rng(seed)
    names = tuple(f"m{k}" for k in range(number))
    alone = rng.normal(size=(number, PEOPLE, FACTORS))
    pairs = rng.normal(size=(number, number, PEOPLE, FACTORS))
    asked = []

    def value(on: frozenset[str]) -> np.ndarray:
        asked.append(on)
        places = sorted(names.index(name) for name in on)
        total = np.zeros((PEOPLE, FACTORS))
        for k in places:
            total += alone[k]
            for j in places:
                if k < j:
                    total += pairs[k, j]
        return total

    # The Shapley value halves what two make together.
    halves = alone.copy()
    for k in range(number):
        for j in range(k + 1, number):
            halves[k] += pairs[k, j] / 2
            halves[j] += pairs[k, j] / 2
    return names, value, halves, asked


@pytest.mark.parametrize("number", [1, 2, 4, EXACT])
def test_few_mechanisms_have_the_exact_value_and_no_sampling_error(number: int) -> None:
    names, value, expected, asked = game(number)
    cells, error = _over_mechanisms(names, value, PEOPLE, None, np.random.default_rng(0))
    np.testing.assert_allclose(cells, expected, atol=1e-9)
    assert error.shape == (number, FACTORS)
    assert (error == 0).all()
    # Every set of them is made, and made once.
    assert len(asked) == len(set(asked)) == 2**number


def test_no_mechanism_has_no_cells() -> None:
    names, value, _, _ = game(0)
    cells, error = _over_mechanisms(names, value, PEOPLE, None, np.random.default_rng(0))
    assert cells.shape == (0, PEOPLE, FACTORS)
    assert error.shape == (0, FACTORS)


@pytest.mark.parametrize(("number", "orders"), [(4, 2), (4, 6), (EXACT + 1, None)])
def test_sampled_orders_sum_to_all_and_an_order_with_its_reverse_is_exact_of_pairs(
    number: int, orders: int | None
) -> None:
    """Of two players one comes first in an order and last in its reverse: pairs are halved."""
    names, value, expected, asked = game(number)
    cells, error = _over_mechanisms(names, value, PEOPLE, orders, np.random.default_rng(0))
    np.testing.assert_allclose(cells, expected, atol=1e-9)
    np.testing.assert_allclose(cells.sum(axis=0), value(frozenset(names)), atol=1e-9)
    if orders == 2:
        assert np.isnan(error).all()
    else:
        assert np.abs(error).max() < 1e-12
    if number > EXACT:
        assert len(set(asked)) <= PERMUTATIONS * number
        assert len(set(asked)) < 2**number


def test_the_sampling_error_is_how_far_the_sampled_value_strays() -> None:
    names = ("a", "b", "c", "d")

    def value(on: frozenset[str]) -> np.ndarray:
        # Three must meet to make anything.
        return np.full((PEOPLE, FACTORS), float(len(on) >= 3) * ("a" in on) * 6.0)

    exact, _ = _over_mechanisms(names, value, PEOPLE, None, np.random.default_rng(0))
    # One in two orders has a third or fourth, and then it makes all.
    late = [order.index("a") >= 2 for order in permutations(names)]
    assert exact[0, 0, 0] == pytest.approx(6.0 * np.mean(late))
    draws = [
        _over_mechanisms(names, value, PEOPLE, 24, np.random.default_rng(seed))
        for seed in range(300)
    ]
    means = np.array([cells.mean(axis=1) for cells, _ in draws])
    errors = np.array([error for _, error in draws])
    np.testing.assert_allclose(means.mean(axis=0), exact.mean(axis=1), atol=0.1)
    np.testing.assert_allclose(
        means.std(axis=0), np.sqrt((errors**2).mean(axis=0)), rtol=0.15, atol=1e-9
    )


def test_steps_switch_one_more_on_in_the_order() -> None:
    got = list(_steps(("a", "b", "c"), np.array([2, 0, 1])))
    assert got == [
        (frozenset(), frozenset("c"), 2),
        (frozenset("c"), frozenset("ac"), 0),
        (frozenset("ac"), frozenset("abc"), 1),
    ]


def test_margins_are_sums_and_their_errors_join() -> None:
    rng = np.random.default_rng(0)
    cells, error = rng.normal(size=(2, 50, 3)), np.array([[0.1, 0.2, 0.0], [0.3, 0.0, 0.4]])
    names = (("m", "n"), ("x", "y", "z"))
    rows = list(_rows(cells, error, names, {"measure": "mean_score"}, 0.95))
    at = {(row["mechanism"], row["factor"]): row for row in rows}
    assert len(at) == 12
    for m, mechanism in enumerate(names[0]):
        for k, factor in enumerate(names[1]):
            row = at[mechanism, factor]
            own = cells[m, :, k]
            assert row["estimate"] == pytest.approx(own.mean())
            assert row["sampling_error"] == error[m, k]
            half = 2.0096 * np.sqrt(own.var(ddof=1) / 50 + error[m, k] ** 2)
            assert (row["high"] - row["low"]) / 2 == pytest.approx(half, rel=1e-3)
            assert row["quantity"] == "component"
    whole = at["m", GAP]
    assert whole["estimate"] == pytest.approx(cells[0].sum(axis=1).mean())
    assert whole["sampling_error"] == pytest.approx(np.sqrt(0.01 + 0.04))
    # What comes in through a factor, and the gap, are exact either way.
    assert at[GAP, "x"]["sampling_error"] == at[GAP, GAP]["sampling_error"] == 0.0
    assert at[GAP, "x"]["quantity"] == whole["quantity"] == "component"
    assert at[GAP, GAP]["quantity"] == "total"
    assert at[GAP, GAP]["estimate"] == pytest.approx(cells.sum(axis=(0, 2)).mean())
    assert {row["measure"] for row in rows} == {"mean_score"}
