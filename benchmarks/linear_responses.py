"""Closed forms of the response to a linear score, beside one pass over the features and cvxpy.

Run with ``python benchmarks/linear_responses.py``; writes benchmarks/results/linear_responses.md.
"""

import statistics
import time
from collections.abc import Callable
from importlib.util import find_spec

import numpy as np
from tables import write_table

from credit_ml.strategic import (
    Cost,
    LinearScore,
    Mahalanobis,
    MixedCost,
    OneSided,
    Quadratic,
    Separable,
    WithMultiplier,
    WithSetup,
    linear_response,
)

PEOPLE, FEATURES = 1_000_000, 10
ASKED = 300
"""People whom cvxpy answers, of those who must move."""
THRESHOLD, MARGIN, VALUE = 1.0, 0.1, 0.5
REPEATS = 7


def timed(works: dict[str, Callable[[], object]], repeats: int = REPEATS) -> dict[str, float]:
    """Median wall seconds of each, taken in turn so that a busy minute falls on all."""
    spent: dict[str, list[float]] = {name: [] for name in works}
    for _ in range(repeats):
        for name, work in works.items():
            start = time.perf_counter()
            work()
            spent[name].append(time.perf_counter() - start)
    return {name: statistics.median(each) for name, each in spent.items()}


def costs(rng: np.random.Generator) -> dict[str, Cost]:
    """Return each cost that has a closed form."""
    root = rng.normal(size=(FEATURES, FEATURES)) / np.sqrt(FEATURES)
    prices = rng.uniform(0.05, 0.3, FEATURES)
    quadratic = Quadratic(weights=prices)
    return {
        "one-sided": OneSided(up=prices, down=prices / 2),
        "quadratic": quadratic,
        "Mahalanobis": Mahalanobis(matrix=root @ root.T + 0.1 * np.eye(FEATURES)),
        "mixed linear-quadratic": mixed(rng),
        "separable": Separable.linear(prices),
        "quadratic, with set-up and a multiplier each": WithSetup(
            cost=WithMultiplier(cost=quadratic, multiplier=rng.uniform(0.5, 2, PEOPLE)), setup=0.01
        ),
    }


def mixed(rng: np.random.Generator) -> MixedCost:
    """Return the cost of Ghalme et al."""
    return MixedCost(direction=rng.uniform(0, 0.3, FEATURES), quadratic=0.2)


def passes(X: np.ndarray, weights: np.ndarray, rng: np.random.Generator) -> list[dict[str, object]]:
    """Time each closed form beside reading the features once, and reading and writing them."""
    each = weights + 0.1 * rng.normal(size=X.shape)
    own = LinearScore(weights=each, threshold=THRESHOLD)
    score = LinearScore(weights=weights, threshold=THRESHOLD)
    asked = {"margin": MARGIN, "value": VALUE}
    works: dict[str, Callable[[], object]] = {
        "NumPy: X @ w (reads once)": lambda: X @ weights,
        "NumPy: X + 1.0 (reads and writes once)": lambda: X + 1.0,
    }
    for name, cost in costs(rng).items():
        works[f"linear_response, {name}"] = lambda cost=cost: linear_response(
            X, score, cost=cost, **asked
        )
    quadratic = costs(rng)["quadratic"]
    works["linear_response, quadratic, weights of one's own"] = lambda: linear_response(
        X, score, cost=quadratic, believed=own, **asked
    )
    bounded = costs(rng)["one-sided"]
    works["linear_response, one-sided, within bounds"] = lambda: linear_response(
        X, score, cost=bounded, bounds=(-2.0, 2.0), **asked
    )
    works["linear_response, quadratic, within bounds"] = lambda: linear_response(
        X, score, cost=quadratic, bounds=(-2.0, 2.0), **asked
    )
    took = timed(works)
    read, written = list(took.values())[:2]
    return [
        {
            "work": name,
            "people": PEOPLE,
            "milliseconds": 1e3 * seconds,
            "times X @ w": seconds / read,
            "times X + 1.0": seconds / written,
            "microseconds a person": 1e6 * seconds / PEOPLE,
            "times faster than one by one": "",
            "largest difference of cost": "",
        }
        for name, seconds in took.items()
    ]


def peers(X: np.ndarray, weights: np.ndarray, rng: np.random.Generator) -> list[dict[str, object]]:
    """Time cvxpy on the mixed cost, person by person and all in one problem, beside ours."""
    cost = mixed(rng)
    rows = X[X @ weights < THRESHOLD][:ASKED]
    score = LinearScore(weights=weights, threshold=THRESHOLD)
    asked = {"margin": MARGIN, "value": np.inf, "cost": cost}
    found = linear_response(rows, score, **asked)
    need = THRESHOLD + MARGIN - rows @ weights
    start = time.perf_counter()
    single = one_by_one(cost, weights, need)
    one = (time.perf_counter() - start) / len(rows)
    start = time.perf_counter()
    joint = together(cost, weights, need)
    all_at_once = (time.perf_counter() - start) / len(rows)
    few = timed({"few": lambda: linear_response(rows, score, **asked)}, 31)["few"] / len(rows)
    many = timed({"many": lambda: linear_response(X, score, **asked)}, 5)["many"] / PEOPLE
    measured = [
        ("cvxpy, mixed, one problem a person, compiled once", len(rows), one, single),
        ("cvxpy, mixed, one problem for all", len(rows), all_at_once, joint),
        ("linear_response, mixed, the same people", len(rows), few, found.least),
        ("linear_response, mixed, everybody", PEOPLE, many, None),
    ]
    return [
        {
            "work": name,
            "people": people,
            "milliseconds": 1e3 * seconds * people,
            "times X @ w": "",
            "times X + 1.0": "",
            "microseconds a person": 1e6 * seconds,
            "times faster than one by one": one / seconds,
            "largest difference of cost": (
                "" if least is None else float(np.abs(least - found.least).max())
            ),
        }
        for name, people, seconds, least in measured
    ]


def one_by_one(cost: MixedCost, weights: np.ndarray, need: np.ndarray) -> np.ndarray:
    """Solve a problem a person; it is compiled once, and the points missing are its parameter."""
    import cvxpy

    missing = cvxpy.Parameter(nonneg=True)
    change = cvxpy.Variable(FEATURES)
    linear = (1 - cost.quadratic) * cvxpy.pos(np.asarray(cost.direction) @ change)
    price = linear + cost.quadratic * cvxpy.sum_squares(change)
    problem = cvxpy.Problem(cvxpy.Minimize(price), [weights @ change >= missing])
    least = np.empty(len(need))
    for person, points in enumerate(need):
        missing.value = points
        least[person] = problem.solve(solver=cvxpy.CLARABEL)
    return least


def together(cost: MixedCost, weights: np.ndarray, need: np.ndarray) -> np.ndarray:
    """Solve one problem for all, whose objective is the sum of their costs."""
    import cvxpy

    changes = cvxpy.Variable((len(need), FEATURES))
    linear = cvxpy.sum(cvxpy.pos(changes @ np.asarray(cost.direction)))
    price = (1 - cost.quadratic) * linear + cost.quadratic * cvxpy.sum_squares(changes)
    cvxpy.Problem(cvxpy.Minimize(price), [changes @ weights >= need]).solve(solver=cvxpy.CLARABEL)
    return cost.of(np.zeros(changes.shape), np.asarray(changes.value))


def main() -> None:
    """Measure and write the table."""
    rng = np.random.default_rng(0)
    X, weights = rng.normal(size=(PEOPLE, FEATURES)), rng.normal(size=FEATURES)
    rows = passes(X, weights, rng)
    peer = "cvxpy: not importable here, so it was not measured (pip install cvxpy)."
    if find_spec("cvxpy") is not None:
        import cvxpy

        rows += peers(X, weights, rng)
        peer = (
            f"cvxpy {cvxpy.__version__} with Clarabel on {ASKED} people of those who must move; "
            "ours on the same people, and on everybody. A call has a fixed cost, so that a few "
            "people are dearer each. Target: 10,000 times faster, equal cost."
        )
    write_table(
        "linear_responses.md",
        f"The cheapest response to a linear score, {PEOPLE:,} people, {FEATURES} features",
        rows,
        notes=[
            f"Median of {REPEATS} runs, taken in turn, one thread. An answer holds the moved "
            "features of everybody, costs, and true and believed scores; X + 1.0 is the least that "
            "writes a table of that size. Target: within 10 times one pass over the features.",
            "Weights of one's own are a second table of the same size to read. Bounds are met "
            "feature by feature, or in rounds, which is no longer one pass.",
            peer,
        ],
    )


if __name__ == "__main__":
    main()
