"""Intervals hold the chance of what was sampled beside that of people: references and orders."""

import numpy as np
import pandas as pd
import pytest
from sklearn.linear_model import LinearRegression

from credit_ml import Dataset, decompose
from credit_ml.explanation import coalition_scores, shapley
from credit_ml.proxies import Attributions, attribute, estimator
from credit_ml.proxies.decomposition.estimators import GapTask

PEOPLE, NAMES = 300, ["a", "b", "c"]


def table(seed, people=PEOPLE):
    random = np.random.default_rng(seed)
    member = random.random(people) < 0.4
    a, b = random.integers(0, 3, people) + member, random.integers(-1, 2, people) + member
    frame = pd.DataFrame({"a": a, "b": b, "c": random.integers(0, 2, people)})
    return frame.assign(sex=np.where(member, "f", "m"))


def score(X):
    return X["a"] * (1 + X["b"]) + 2 * X["b"].clip(0) * X["c"]


def selected(X):
    return (score(X) >= 3).astype(float)


def dataset(frame, names=NAMES):
    columns = {name: [name] for name in names}
    return Dataset.from_frame(frame, target=None, sensitive="sex", factors=columns)


@pytest.fixture(scope="module")
def truth():
    """Components where everybody of 200,000 people stands in for everybody."""
    return {each: in_the_population(each) for each in (score, selected)}


def in_the_population(of):
    cells = table(0, 200_000).value_counts().reset_index()
    size = cells["count"].to_numpy(dtype=float)
    first, second = (each.ravel() for each in np.indices((len(cells), len(cells))))
    own, other = (cells[NAMES].iloc[who].reset_index(drop=True) for who in (first, second))
    parts = shapley(coalition_scores(of, own, other, {name: [name] for name in NAMES})).T
    mean = np.array(
        [np.average(parts[first == place], axis=0, weights=size) for place in range(len(cells))]
    )
    member = (cells["sex"] == "f").to_numpy()
    groups = (np.average(mean[who], axis=0, weights=size[who]) for who in (member, ~member))
    inside, outside = groups
    return dict(zip(NAMES, inside - outside, strict=True))


def intervals(method, seed, data, of=score):
    found = decompose(of, data, sensitive="sex", method=method, reference_groups="m", seed=seed)
    return found.table.set_index("factor")[["estimate", "low", "high"]]


@pytest.mark.parametrize(("of", "references"), [(score, 1), (score, 3), (selected, 1)])
def test_intervals_hold_the_populations_components_over_people_and_seeds(truth, of, references):
    method, held = estimator("block_shapley", references=references), []
    for seed in range(120):
        found = intervals(method, seed, dataset(table(1000 + seed)), of)
        held.append([found["low"][n] <= truth[of][n] <= found["high"][n] for n in NAMES])
    coverage = np.mean(held, axis=0)
    assert (coverage > 0.89).all(), coverage  # 95 % less three standard errors of 120
    assert (coverage < 0.995).all(), coverage


def test_over_seeds_alone_the_interval_holds_what_all_references_say():
    data = dataset(table(5))
    everyone = np.mean(
        [intervals("block_shapley", seed, data)["estimate"] for seed in range(200)], 0
    )
    found = [intervals("block_shapley", 1000 + seed, data) for seed in range(60)]
    held = [(each["low"] <= everyone) & (everyone <= each["high"]) for each in found]
    assert np.mean(held, axis=0).min() >= 0.95
    # The interval is wider than the chance of seeds, which is one part of what it holds.
    spread = np.std([each["estimate"] for each in found], axis=0)[:3]
    width = np.mean([each["high"] - each["low"] for each in found], axis=0)[:3]
    assert (width / 3.92 > spread).all()


@pytest.mark.parametrize(
    "method",
    [
        "swap_shapley",
        "permute",
        "selection_rate_shapley",
        "gradient_feature_auditing",
        estimator("within_stratum", stratum="c"),
    ],
    ids=lambda each: each if isinstance(each, str) else each.id,
)
def test_no_method_spreads_more_over_seeds_than_its_interval_says(method):
    data = dataset(table(5))
    found = [intervals(method, seed, data) for seed in range(25)]
    spread = np.std([each["estimate"] for each in found], axis=0, ddof=1)
    said = np.mean([(each["high"] - each["low"]) / 3.92 for each in found], axis=0)
    assert (spread <= 1.1 * said + 1e-12).all(), (spread, said)
    middle = np.mean([each["estimate"] for each in found], axis=0)
    held = [(each["low"] <= middle + 1e-9) & (middle <= each["high"] + 1e-9) for each in found]
    assert np.mean(held, axis=0).min() >= 0.92


def test_the_variance_of_who_stands_in_falls_as_one_over_their_number():
    data = dataset(table(5))
    member = (data.groups("sex") == "f").to_numpy()

    def variance(references):
        found = []
        for seed in range(80):
            values = attribute(score, data, references=references, seed=seed).values
            found.append(values[member].mean(axis=0) - values[~member].mean(axis=0))
        return np.var(found, axis=0).mean()

    one = variance(1)
    assert one / variance(4) == pytest.approx(4, rel=0.5)


def test_with_more_references_sums_stay_exact_and_intervals_narrow():
    data = dataset(table(5))
    widths = []
    for references in (1, 8):
        found = intervals(estimator("block_shapley", references=references), 0, data)
        parts = found["estimate"]
        assert parts[NAMES].sum() == pytest.approx(parts["(gap)"])
        widths.append((found["high"] - found["low"])[NAMES].to_numpy())
    assert (widths[1] < widths[0]).all()
    made = attribute(score, data, references=3)
    assert isinstance(made, Attributions)
    np.testing.assert_allclose(made.draws.mean(axis=0), made.values)
    given = decompose(made, data, sensitive="sex", reference_groups="m").table
    again = intervals(estimator("block_shapley", references=3), 0, data)
    np.testing.assert_allclose(given["low"], again["low"])


def many(seed, factors, people=400):
    random = np.random.default_rng(seed)
    X = pd.DataFrame(random.normal(size=(people, factors))).rename(columns="x{}".format)
    X["x1"] += X["x0"]
    member = random.random(people) < 0.5
    X.loc[member, ["x0", "x3"]] += 0.8
    return X.assign(sex=np.where(member, "f", "m")), [f"x{k}" for k in range(factors)]


def mixed(X):
    return X["x0"] * X["x2"] + X["x0"] + X["x3"].clip(0) * (1 + X["x4"])


def test_sampled_orders_of_conditional_shapley_hold_the_answer_of_all_coalitions():
    frame, names = many(3, 8, people=150)
    data, told = dataset(frame, names), {"regression": LinearRegression()}
    exact = intervals(estimator("conditional_shapley", **told), 0, data, mixed)["estimate"]
    held, sums, method = [], [], estimator("conditional_shapley", orders=8, **told)
    for seed in range(12):
        # The seed draws the folds of the regressions too, whose chance is in no interval: so it
        # stays, and factors that stand in another order are drawn in other orders.
        shuffled = np.random.default_rng(seed).permutation(names).tolist()
        found = intervals(method, 0, dataset(frame, shuffled), mixed)
        error = (found["estimate"] - exact)[names]
        spread = (found["high"] - found["low"])[names] / 3.92
        held.append(error.abs() <= 1.96 * spread)
        sums.append(found["estimate"][names].sum() - exact["(gap)"])
        assert (found["estimate"][names] != exact[names]).any()
    assert np.mean(held) > 0.95
    assert np.abs(sums).max() < 1e-9


@pytest.mark.parametrize("factors", [8, 10])
def test_orders_alone_spread_as_much_as_their_part_of_the_variance_says(factors):
    frame, names = many(4, factors, people=120)
    method = estimator("conditional_shapley", orders=8, regression=LinearRegression())
    found, said = [], []
    pair = next(iter(GapTask(model=mixed, dataset=dataset(frame, names), sensitive="sex").pairs()))
    for seed in range(20):
        shuffled = np.random.default_rng(seed).permutation(names).tolist()
        data = dataset(frame, shuffled)
        task = GapTask(model=mixed, dataset=data, sensitive="sex")
        made = method.attribute(mixed, data, task, 0)
        gaps = made.draws[:, pair.inside].mean(axis=1) - made.draws[:, pair.outside].mean(axis=1)
        found.append(pd.Series(gaps.mean(axis=0), shuffled)[names])
        said.append(pd.Series(gaps.var(axis=0, ddof=1) / len(gaps), shuffled)[names])
    spread, mean = np.var(found, axis=0, ddof=1), np.mean(said, axis=0)
    big = mean > 1e-6
    assert spread[big].sum() / mean[big].sum() == pytest.approx(1, rel=0.4)


def test_fourteen_factors_are_answered_and_the_finding_says_how():
    frame, names = many(2, 14)
    data = dataset(frame, names)
    method = estimator("conditional_shapley", regression=LinearRegression())
    found = decompose(mixed, data, sensitive="sex", method=method)
    parts = found.table.set_index("factor")["estimate"]
    assert parts[names].sum() == pytest.approx(parts["(gap)"])
    said = "Of the 16,384 coalitions of 14 factors, those of 32 random orders were asked"
    assert any(said in note for note in found.notes)
