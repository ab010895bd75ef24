"""Menus of one's own for real tables: values, ranges in steps, rules, and what follows what."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
from sklearn.compose import make_column_transformer
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder

import credit_ml as cm
from credit_ml.core import MenuError
from credit_ml.response import (
    Aim,
    Economy,
    Effect,
    Menu,
    Objective,
    ResponseOptions,
    cheapest,
    exact_choice,
    load_menu,
)

MENU = """
id = "bank"
description = "What an applicant can do."
immutable = ["region"]
only_up = ["years"]
effects = [{ column = "savings", causes = { income = 0.5 }, high = 9 }]

[[actions]]
id = "job"
name = "find work"
kind = "improving"
changes = [{ column = "job", among = ["shop", "state"] }]
price = 0.0
effort = 0.03
source = "assumed"

[[actions]]
id = "earn"
name = "earn one more"
kind = "improving"
changes = [{ column = "income", add = 1, high = 6 }]
times = 3
price = 0.0
effort = 0.02
source = "assumed"

[[actions]]
id = "wait"
name = "wait until year three"
kind = "improving"
changes = [{ column = "years", value = 3 }]
price = 0.0
effort = 0.01
source = "assumed"
"""
FEATURES = ["income", "savings", "years", "job"]


@pytest.fixture(scope="module")
def frame():
    random, people = np.random.default_rng(0), 300
    table = pd.DataFrame(
        {
            "income": random.normal(3, 1, people),
            "savings": random.poisson(3, people),
            "years": random.integers(0, 6, people),
            "job": pd.Categorical(random.choice(["farm", "shop", "state"], people)),
            "region": random.choice(["north", "south"], people),
            "sex": random.choice(["f", "m"], people),
        }
    )
    risk = table["income"] + 0.4 * table["savings"] + 0.3 * table["years"]
    risk += 0.8 * (table["job"] == "state") - 5.5
    return table.assign(paid=(random.random(people) < 1 / (1 + np.exp(-risk))).astype(int))


@pytest.fixture(scope="module")
def menu(tmp_path_factory):
    path = tmp_path_factory.mktemp("menu") / "menu.toml"
    path.write_text(MENU, encoding="utf-8")
    return load_menu(path)


def linear(frame):
    parts = make_column_transformer((OneHotEncoder(), ["job"]), remainder="passthrough")
    model = make_pipeline(parts, LogisticRegression(max_iter=1000))
    return model.fit(frame[FEATURES], frame["paid"])


def boosted(frame):
    model = HistGradientBoostingClassifier(max_iter=15, categorical_features="from_dtype")
    return model.fit(frame[FEATURES], frame["paid"])


def by_hand(frame, job, earn, wait):
    """The table after a bundle, written without the package."""
    then = frame.copy()
    income = np.minimum(then["income"] + 0.0, then["income"])
    for _ in range(earn):
        income = np.where(income >= 6, income, np.minimum(income + 1, 6))
    carried = frame["savings"] + 0.5 * (income - frame["income"])
    then["savings"] = np.where(
        income == frame["income"],
        frame["savings"],
        np.rint(np.clip(carried, None, np.maximum(9, frame["savings"]))),
    ).astype("int64")
    then["income"] = income
    if job:
        then["job"] = pd.Categorical([job] * len(then), frame["job"].cat.categories)
    if wait:
        then["years"] = np.maximum(frame["years"], 3)
    return then


@pytest.mark.parametrize("made", [linear, boosted])
def test_recourse_is_the_cheapest_of_all_that_can_be_done(frame, menu, made):
    model, factors = made(frame), {"means": ["income", "savings"], "work": ["job", "years"]}
    data = cm.Dataset.from_frame(frame, target="paid", sensitive="sex", factors=factors)
    found = cm.recourse(model, data, threshold=0.7, menu=menu).people
    best = np.full(len(frame), np.inf)
    for job, earn, wait in product([None, "shop", "state"], range(4), [False, True]):
        then = by_hand(frame, job, earn, wait)
        cost = 0.03 * (job is not None) + 0.02 * earn + 0.01 * wait
        passes = model.predict_proba(then[FEATURES])[:, 1] >= 0.7
        best = np.where(passes, np.minimum(best, cost), best)
    assert (found["status"] == "impossible").to_numpy().tolist() == np.isinf(best).tolist()
    acting = np.isfinite(best)
    assert (best[acting] > 0).sum() > 20
    np.testing.assert_allclose(found["cost"][acting], best[acting], atol=1e-12)


@pytest.mark.parametrize("method", [None, "search"])
def test_alternatives_are_never_done_together_by_any_engine(frame, method):
    several = {"description": "", "id": "own", "actions": []}
    for name, add, effort in (("a", 1, 0.02), ("b", 2, 0.03), ("c", 3, 0.05)):
        action = {"id": name, "name": name, "kind": "improving", "price": 0.0, "effort": effort}
        action |= {"changes": [{"column": "savings", "add": add}], "source": "assumed"}
        several["actions"].append(action | {"one_of": "saving"} if name != "c" else action)
    actions = Menu.from_dict(several).visible(FEATURES)
    X = frame[["income", "savings", "years"]]
    for model in (
        LogisticRegression(max_iter=1000).fit(X, frame["paid"]),
        HistGradientBoostingClassifier(max_iter=10).fit(X, frame["paid"]),
    ):
        economy = Economy.of(actions, np.full(len(X), 36.0))
        found = cheapest(model, X, actions, economy, 0.8, method=method)
        assert not ((found.masks & 3) == 3).any()
        best = np.full(len(X), np.inf)
        for mask in (0, 1, 2, 4, 5, 6):
            more = sum(add for bit, add in enumerate((1, 2, 3)) if mask >> bit & 1)
            cost = sum(each for bit, each in enumerate((0.02, 0.03, 0.05)) if mask >> bit & 1)
            passes = model.predict_proba(X.assign(savings=X["savings"] + more))[:, 1] >= 0.8
            best = np.where(passes & (cost < best), cost, best)
        np.testing.assert_allclose(np.where(found.reachable, found.costs, np.inf), best)


def test_noise_keeps_alternatives_apart(frame):
    variants = load_menu("default").actions[0].model_copy(update={"times": 3}).variants
    X = pd.DataFrame({"diapers": np.zeros(200)})
    economy = Economy.of(variants, np.full(200, 36.0))
    aim = Aim(id="car", name="car", threshold=5, value=0.5)
    noisy = Objective.of([aim], temperature=0.5, seed=1)
    found = exact_choice(lambda X: X["diapers"], X, variants, economy, noisy, method="search")
    assert set(found.masks.tolist()) == {0, 1, 2, 4}


def test_what_no_factor_holds_can_be_acted_on(frame, menu):
    read = [*FEATURES, "region"]
    encode = make_column_transformer((OneHotEncoder(), ["job", "region"]), remainder="passthrough")
    model = make_pipeline(encode, LogisticRegression(max_iter=1000)).fit(frame[read], frame["paid"])
    data = cm.Dataset.from_frame(
        frame, target="paid", sensitive="sex", factors={"history": "years", "means": "savings"}
    )
    found = cm.recourse(model, data, threshold=0.75, menu=menu).people
    used = {name for actions in found["actions"] for name in actions}
    assert {"job:state", "earn"} <= used
    letter = cm.notice(model, data, 0, threshold=0.999, decision="a loan", menu=menu)
    assert letter.status in ("impossible", "cheapest")


def test_a_menu_is_a_file_its_values_or_itself_and_aims_are_plain(frame, menu):
    data = cm.Dataset.from_frame(frame.drop(columns="region"), target="paid", sensitive="sex")
    model = linear(frame)
    grant = {"a loan": {"threshold": 0.7, "value": 0.05}}
    plain = menu.model_dump(exclude_defaults=True)
    costs = []
    for given in (menu, plain):
        response = ResponseOptions(menu=given, privileges=grant, bundle=3)
        found = cm.disclose(model, data, people=50, response=response, regimes=["full"])
        costs.append(found.table["estimate"].to_numpy())
    np.testing.assert_array_equal(*costs)
    with pytest.raises(MenuError, match="privilege 'a loan': lacks value; give a number for value"):
        ResponseOptions(privileges={"a loan": {"threshold": 1}}).aims(None)
    with pytest.raises(MenuError, match="has the key 'worth'"):
        ResponseOptions(privileges=[{"name": "a", "threshold": 1, "worth": 1}]).aims(None)


def test_a_function_of_ones_own_carries_what_follows(frame):
    square = Effect(column="savings", causes=["income"], function=lambda X: X["income"] ** 2)
    now = frame[["income", "savings"]].astype("float64")
    then = now.assign(income=now["income"] + 1)
    moved = square.carried(now, then) - now["savings"]
    np.testing.assert_allclose(moved, (now["income"] + 1) ** 2 - now["income"] ** 2)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('immutable = ["region"]', 'immutable = ["job"]', "moves the immutable 'job'"),
        ('only_up = ["years"]', 'only_down = ["income"]', "moves 'income' by 1, which it may not"),
        ("value = 3", "value = 3, add = 1", "give one of value, among, or add"),
        ('{ column = "savings"', '{ column = "region"', "lets the immutable 'region' follow"),
        ("income = 0.5", "savings = 0.5", "has a circle of causes"),
    ],
)
def test_a_menu_that_contradicts_itself_is_refused(tmp_path, old, new, said):
    assert old in MENU
    (tmp_path / "m.toml").write_text(MENU.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(MenuError, match=said):
        load_menu(tmp_path / "m.toml")


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('among = ["shop", "state"]', 'value = "stat"', "'stat', which nobody has; did you mean"),
        ("value = 3", 'value = "three"', "holds numbers, not 'three'"),
        ("income = 0.5", "incme = 0.5", "column 'incme' is unknown"),
        ('column = "job"', 'column = "sex"', "moves the sensitive feature 'sex'"),
    ],
)
def test_a_menu_that_does_not_fit_the_table_is_refused(frame, tmp_path, old, new, said):
    (tmp_path / "m.toml").write_text(MENU.replace(old, new, 1), encoding="utf-8")
    data = cm.Dataset.from_frame(frame, target="paid", sensitive="sex")
    with pytest.raises(MenuError, match=said):
        cm.recourse(linear(frame), data, threshold=0.7, menu=tmp_path / "m.toml")
