"""Every method's choice is that of plain enumeration, whatever the model and the limits."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.ensemble import HistGradientBoostingClassifier, RandomForestClassifier
from sklearn.linear_model import LinearRegression

from credit_ml.core import InputError, MenuError, ModelError
from credit_ml.explanation.shapley.flat_trees import flat_trees
from credit_ml.response import Action, Aim, Bundle, ColumnChange
from credit_ml.response.best_response.choice import additive_choice, cheapest, exact_choice
from credit_ml.response.best_response.enumerate import Stakes
from credit_ml.response.best_response.search import noise
from credit_ml.response.best_response.trees import ColumnSettings, walked_best
from credit_ml.response.economy import Economy
from credit_ml.response.moved_records import columns_moved, groups_of, moved
from credit_ml.response.objective import Objective
from credit_ml.scoring import LogisticScorer, OpaqueScorer, Scorecard, SmallTree, score_function

PEOPLE = 60
COLUMNS = ("late", "books", "gifts", "hours")


def table(seed):
    """Counts, float32 numbers with gaps, and a column that no action moves."""
    random = np.random.default_rng(seed)
    X = pd.DataFrame(
        {
            "late": random.integers(0, 6, PEOPLE),
            "books": random.integers(0, 9, PEOPLE).astype("float32"),
            "gifts": random.normal(size=PEOPLE).round(1).astype("float32"),
            "hours": random.uniform(0, 4, PEOPLE).round(1),
            "years": random.integers(0, 40, PEOPLE),
        }
    )
    X.loc[random.random(PEOPLE) < 0.2, ["books"]] = np.nan
    known = X.fillna(0)
    log_odds = known["books"] / 3 - known["late"] / 2 + known["gifts"] * known["hours"]
    return X, (log_odds + random.normal(size=PEOPLE) > 0).astype(int)


def menu(seed, number):
    """Actions on few columns, so that some share them; prices in tenths, so that some tie."""
    random = np.random.default_rng([seed, 1])
    made = []
    for a in range(number):
        changes = tuple(
            ColumnChange(
                column=str(column),
                add=float(random.integers(-3, 4)),
                multiply=float(random.choice([1.0, 0.5, 1.3])),
                low=0.0,
                high=9.0,
            )
            for column in random.choice(COLUMNS, size=random.integers(1, 3))
        )
        made.append(
            Action(
                id=f"a{a}",
                name=f"a{a}",
                kind="cosmetic",
                changes=changes,
                source="assumed",
                price=random.integers(0, 4) / 10,
                effort=random.integers(0, 3) / 100,
            )
        )
    return made


def economy_of(actions, seed):
    random = np.random.default_rng([seed, 2])
    return Economy.of(
        actions,
        random.choice([2.0, 5.0, 20.0], PEOPLE),
        open_to=random.random((PEOPLE, len(actions))) < 0.8 if seed % 2 else None,
        budget=[None, 0.1, random.uniform(0, 0.3, PEOPLE)][seed % 3],
        most=[None, 2, 3][(seed // 3) % 3],
        cost_multiplier=random.choice([0.5, 1.0, 2.0], PEOPLE) if seed % 5 == 0 else None,
    )


def bundle(actions, mask):
    return Bundle(tuple(action for a, action in enumerate(actions) if (mask >> a) & 1))


def scores_of(score, X, actions):
    return np.array([score(bundle(actions, m).apply(X)) for m in range(1 << len(actions))])


def enumerated(scores, economy, aims, *, margin=0.0, temperature=0.0, seed=0):
    """Best of everything, person by person: gain, then cost, then the smaller mask."""
    chosen = []
    for i in range(len(economy.yearly_income)):
        options = []
        for mask in range(1 << economy.actions):
            taken = [a for a in range(economy.actions) if (mask >> a) & 1]
            cost = sum(economy.prices[taken]) / economy.yearly_income[i] + sum(
                economy.efforts[taken]
            )
            cost *= economy.multipliers[i]
            closed = economy.open_to is not None and not economy.open_to[i, taken].all()
            if closed or len(taken) > economy.largest or cost > economy.spendable[i] + 1e-12:
                continue
            slack = margin if mask else 0.0
            gain = sum(a.value for a in aims if scores[mask, i] >= a.threshold + slack) - cost
            if temperature:
                gain += temperature * noise(seed, np.array([i]), np.array([mask]))[0]
            options.append((gain, cost, mask))
        best = max(gain for gain, _, _ in options)
        least = min(cost for gain, cost, _ in options if gain >= best - 1e-12)
        chosen.append(
            min(m for gain, cost, m in options if gain >= best - 1e-12 and cost <= least + 1e-12)
        )
    return np.array(chosen)


def aims_at(scores, seed, *, on_one=True):
    """Some lines between people's scores, and one exactly on somebody's.

    Matrix products differ in their last digit with the rows asked together, so that of linear
    models no line is on a score.
    """
    random = np.random.default_rng([seed, 3])
    lines = [*np.quantile(scores, [0.501, 0.803]), random.choice(scores.ravel())]
    lines = lines if on_one else [line + 1e-7 for line in lines]
    values = random.choice([0.05, 0.1, 0.2], 3)
    return [
        Aim(id=str(k), name=str(k), threshold=float(line), value=float(value))
        for k, (line, value) in enumerate(zip(lines, values, strict=True))
    ]


MODELS = {
    "card": (lambda: Scorecard(bins=4, fewest_share=0.05), "sums"),
    "logistic": (LogisticScorer, "sums"),
    "linear": (LinearRegression, "sums"),
    "opaque": (lambda: OpaqueScorer(max_iter=6, min_samples_leaf=4), "trees"),
    "histograms": (lambda: HistGradientBoostingClassifier(max_iter=5, min_samples_leaf=3), "trees"),
    "small tree": (lambda: SmallTree(max_leaf_nodes=6), "trees"),
    "forest": (lambda: RandomForestClassifier(4, random_state=0), "trees"),
    "callable": (None, "search"),
}


def fitted(name, X, y):
    make = MODELS[name][0]
    if make is None:
        return lambda X: (X["gifts"] * X["hours"] - X["late"] + X["books"].fillna(2)).to_numpy()
    return make().fit(X.fillna(0) if name == "linear" else X, y)


@pytest.mark.parametrize("name", MODELS)
@pytest.mark.parametrize("margin", [0.0, 0.02])
@given(seed=st.integers(0, 10_000), number=st.integers(1, 5))
@settings(deadline=None, max_examples=5)
def test_every_method_is_plain_enumeration(name, margin, seed, number):
    X, y = table(seed)
    X = X.fillna(0) if name == "linear" else X
    model, actions = fitted(name, X, y), menu(seed, number)
    economy, score = economy_of(actions, seed), score_function(model)
    scores = scores_of(score, X, actions)
    exact = name not in ("linear", "logistic")
    aims = aims_at(scores, seed, on_one=exact)
    expected = enumerated(scores, economy, aims, margin=margin)
    for method in {None, MODELS[name][1], "search"}:
        objective = Objective.of(aims, margin=margin)
        found = exact_choice(model, X, actions, economy, objective, method=method)
        assert found.method == (method or MODELS[name][1])
        np.testing.assert_array_equal(found.masks, expected)
        own = scores[expected, np.arange(PEOPLE)]
        np.testing.assert_allclose(found.believed, own, atol=0 if exact else 1e-12)
        assert (found.gap == 0).all()
        assert (found.gain >= -1e-12).all()


@pytest.mark.parametrize("name", ["card", "opaque", "callable"])
@given(seed=st.integers(0, 10_000))
@settings(deadline=None, max_examples=4)
def test_noise_is_the_same_for_every_method(name, seed):
    X, y = table(seed)
    model, actions = fitted(name, X, y), menu(seed, 4)
    economy = economy_of(actions, seed)
    scores = scores_of(score_function(model), X, actions)
    aims = aims_at(scores, seed)
    expected = enumerated(scores, economy, aims, temperature=0.05, seed=seed)
    for method in (None, "search"):
        objective = Objective.of(aims, temperature=0.05, seed=seed)
        found = exact_choice(model, X, actions, economy, objective, method=method)
        np.testing.assert_array_equal(found.masks, expected)


@given(seed=st.integers(0, 10_000))
@settings(deadline=None, max_examples=4)
def test_a_belief_in_doubt_is_judged_alike_and_without_doubt_is_the_step(seed):
    X, y = table(seed)
    actions = menu(seed, 4)
    economy = economy_of(actions, seed)
    for name in ("card", "opaque"):
        model = fitted(name, X, y)
        scores = scores_of(score_function(model), X, actions)
        middle = (np.sort(np.unique(scores))[:-1] + np.diff(np.unique(scores)) / 2)[::7][:2]
        aims = [Aim(id=str(t), name="", threshold=float(t), value=0.1) for t in middle]
        unsure = Objective.of(aims, spread=0.1)
        quick = exact_choice(model, X, actions, economy, unsure)
        slow = exact_choice(model, X, actions, economy, unsure, method="search")
        np.testing.assert_allclose(quick.gain, slow.gain, atol=1e-9)
        sure = exact_choice(model, X, actions, economy, Objective.of(aims, spread=1e-12))
        step = exact_choice(model, X, actions, economy, aims)
        np.testing.assert_array_equal(sure.masks, step.masks)


@given(seed=st.integers(0, 10_000))
@settings(deadline=None, max_examples=8)
def test_sums_given_are_their_sums(seed):
    """Gains of groups in eighths, so that adding is exact whatever the order."""
    random = np.random.default_rng(seed)
    groups = [(0, 3), (1,), (2, 4)]
    gains = []
    for group in groups:
        each = random.integers(-8, 9, (PEOPLE, 1 << len(group))) / 8
        each[:, 0] = 0
        gains.append((group, each))
    start = random.integers(-8, 9, PEOPLE) / 8
    economy = economy_of(menu(seed, 5), seed)
    scores = np.empty((32, PEOPLE))
    for mask in range(32):
        parts = [sum(((mask >> a) & 1) << p for p, a in enumerate(group)) for group in groups]
        scores[mask] = start + sum(g[:, p] for (_, g), p in zip(gains, parts, strict=True))
    aims = aims_at(scores, seed)
    found = additive_choice(start, gains, economy, aims)
    np.testing.assert_array_equal(found.masks, enumerated(scores, economy, aims))
    np.testing.assert_array_equal(found.believed, scores[found.masks, np.arange(PEOPLE)])


@pytest.mark.parametrize("name", ["card", "opaque", "callable"])
@given(seed=st.integers(0, 10_000))
@settings(deadline=None, max_examples=4)
def test_no_cheaper_bundle_reaches_a_line(name, seed):
    X, y = table(seed)
    model, actions = fitted(name, X, y), menu(seed, 5)
    economy = Economy.of(actions, np.full(PEOPLE, 5.0))
    scores = scores_of(score_function(model), X, actions)
    line = float(np.quantile(scores, 0.9))
    costs = np.array([economy.cost(np.full(PEOPLE, mask)) for mask in range(32)])
    least = np.where(scores >= line, costs, np.inf).min(axis=0)
    for method in (None, "search"):
        found = cheapest(model, X, actions, economy, line, method=method)
        np.testing.assert_array_equal(found.reachable, np.isfinite(least))
        np.testing.assert_allclose(found.costs[found.reachable], least[found.reachable], atol=1e-12)
        assert found.proven.all()


@given(seed=st.integers(0, 10_000))
@settings(deadline=None, max_examples=10)
def test_everybody_does_their_own_bundle(seed):
    X, _ = table(seed)
    actions = menu(seed, 5)
    masks = np.random.default_rng(seed).integers(0, 32, PEOPLE)
    found = moved(X, actions, masks)
    for mask in np.unique(masks):
        who = masks == mask
        pd.testing.assert_frame_equal(found[who], bundle(actions, mask).apply(X)[who])


def test_a_search_that_stops_says_how_much_better_another_bundle_may_be():
    X, _ = table(3)
    actions, model = menu(3, 5), fitted("callable", X, None)
    economy = Economy.of(actions, np.full(PEOPLE, 5.0))
    aims = [Aim(id="a", name="a", threshold=6.0, value=0.3)]
    best = exact_choice(model, X, actions, economy, aims)
    gaps = []
    for most in (1, 4, 16, 40):
        found = exact_choice(model, X, actions, economy, aims, evaluations=most)
        assert (best.gain - found.gain <= found.gap + 1e-12).all()
        gaps.append(found.gap.mean())
    assert gaps == sorted(gaps, reverse=True)
    assert gaps[0] > 0 == gaps[-1]


def test_more_actions_than_can_be_listed_are_searched():
    actions = [
        Action(
            id=f"a{k}",
            name="",
            kind="cosmetic",
            price=0.1 + k / 100,
            effort=0.0,
            source="x",
            changes=(ColumnChange(column="late", add=-1.0),),
        )
        for k in range(20)
    ]
    X = pd.DataFrame({"late": [1, 2, 3, 30]})
    economy = Economy.of(actions, np.full(4, 1.0))
    found = cheapest(lambda X: -X["late"], X, actions, economy, 0.0, evaluations=5000)
    np.testing.assert_allclose(found.costs, [0.1, 0.21, 0.33, np.nan], atol=1e-12)
    assert found.proven.tolist() == [True, True, True, False]
    with pytest.raises(MenuError, match="with noise at most 16"):
        exact_choice(lambda X: -X["late"], X, actions, economy, Objective.of([], temperature=1.0))


def test_actions_that_share_columns_form_one_group():
    X, _ = table(0)

    def on(*columns):
        changes = tuple(ColumnChange(column=column, add=1.0) for column in columns)
        return Action(
            id="-".join(columns),
            name="",
            kind="cosmetic",
            price=0.0,
            effort=0.0,
            source="x",
            changes=changes,
        )

    actions = [on("late"), on("books", "gifts"), on("elsewhere"), on("gifts", "late")]
    assert groups_of(4, columns_moved(actions, X)) == [(0, 1, 3), (2,)]


def test_bad_input_is_named():
    X, y = table(0)
    actions = menu(0, 2)
    economy = Economy.of(actions, np.full(PEOPLE, 1.0))
    with pytest.raises(InputError, match="give the same people"):
        exact_choice(len, X.head(), actions, economy, [])
    with pytest.raises(ModelError, match="no trees to walk"):
        exact_choice(fitted("card", X, y), X, actions, economy, [], method="trees")
    with pytest.raises(InputError, match="temperature"):
        exact_choice(fitted("card", X, y), X, actions, economy, Objective.of([], temperature=-1.0))
    with pytest.raises(InputError, match="is not above zero"):
        Economy.of(actions, [0.0])
    with pytest.raises(InputError, match="prices: is below zero"):
        Economy(prices=np.array([-1.0]), efforts=np.zeros(1), yearly_income=np.ones(1))
    with pytest.raises(InputError, match="give 4 columns"):
        additive_choice(np.zeros(PEOPLE), [((0, 1), np.zeros((PEOPLE, 2)))], economy, [])


@pytest.mark.parametrize("leaves", [6, 60])
def test_sums_of_leaves_are_the_models_log_odds(leaves):
    X, y = table(5)
    actions = menu(5, 5)
    model = OpaqueScorer(max_iter=30, max_leaf_nodes=leaves, min_samples_leaf=2).fit(X, y)
    score = score_function(model, "log_odds")
    assert score.inner is not None
    forest = flat_trees(score.inner.model)
    assert forest is not None
    economy = Economy.of(actions, np.full(PEOPLE, 1e9))
    random = np.random.default_rng(0)
    for line in random.normal(size=8):
        aims = [Aim(id="a", name="a", threshold=float(line), value=1.0)]
        terms = Objective.of(aims)
        lines = terms.thresholds
        stakes = Stakes.of(economy, terms, np.full(PEOPLE, -1.0), (lines, lines))
        masks, raw, _ = walked_best(
            forest, ColumnSettings.of(forest, score.inner, X, actions), stakes
        )
        who = np.flatnonzero(masks)
        assert len(who)
        expected = score(moved(X.iloc[who], actions, masks[who]))
        np.testing.assert_allclose(raw[who], expected, rtol=0, atol=1e-9)
