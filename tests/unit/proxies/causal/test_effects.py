"""Direct, indirect and spurious parts against units whose counterfactuals are known."""

import itertools

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from credit_ml.core import Dataset, InputError, TableError
from credit_ml.proxies import CausalEffects, CausalFit, CausalGraph, causal_effects

BLOCKS = {"place": ["place"], "pay": ["pay"]}
GRAPH = CausalGraph(confounders=["old"], mediators=BLOCKS)


def table(frame, **options):
    return Dataset.from_frame(frame, target=None, sensitive=["group"], **options)


def effects(values, data, graph=GRAPH, **options):
    found = causal_effects(
        values, data, sensitive="group", graph=graph, reference_groups="r", fit=CausalFit(**options)
    )
    return found.table.set_index("effect")


class Units:
    """Every combination of five exogenous draws: the population of a discrete causal model."""

    def __init__(self, *, direct=2, place=1, pay=1, spurious=1):
        self.on = {"direct": direct, "place": place, "pay": pay, "spurious": spurious}
        draws = itertools.product(range(2), range(4), range(4), range(4), range(12))
        self.draw = np.array(list(draws)).T
        self.old = self.draw[0]
        self.member = self.draw[1] <= self.old * spurious
        self.own = self.places(self.member), self.pays(self.member, self.places(self.member))
        self.y = self.outcome(self.member, *self.own)

    def places(self, member):
        return (self.draw[2] < 1 + self.old + self.on["place"] * member).astype(int)

    def pays(self, member, place):
        return (self.draw[3] < 1 + place + self.on["pay"] * member * (1 - self.old)).astype(int)

    def outcome(self, member, place, pay):
        chance = 1 + 2 * place + 3 * pay * (1 + place) + self.old + self.on["direct"] * member * pay
        return (self.draw[4] < chance).astype(float)

    def truth(self):
        """Return effects on the members, by intervening on every unit."""
        off = np.zeros_like(self.member)
        place = self.places(off)
        none = self.outcome(off, place, self.pays(off, place))
        mine, pay = self.own
        first = self.outcome(off, mine, self.pays(off, mine))
        both = self.outcome(off, mine, pay)
        members = self.member
        found = {
            "direct": self.y - both,
            "indirect: place": first - none,
            "indirect: pay": both - first,
            "indirect": both - none,
            "total": self.y - none,
        }
        parts = {name: values[members].mean() for name, values in found.items()}
        gap = self.y[members].mean() - self.y[~members].mean()
        return parts | {"spurious": none[members].mean() - self.y[~members].mean(), "(gap)": gap}

    def data(self):
        return table(
            pd.DataFrame(
                {
                    "old": self.old,
                    "place": self.own[0],
                    "pay": self.own[1],
                    "group": np.where(self.member, "g", "r"),
                }
            )
        )


@pytest.mark.parametrize("off", [None, "direct", "place", "pay", "spurious"])
def test_strata_return_the_counterfactual_truth_of_every_unit(off):
    units = Units(**({} if off is None else {off: 0}))
    found = effects(units.y, units.data())["estimate"]
    assert found.to_dict() == pytest.approx(units.truth(), abs=1e-12)
    name = f"indirect: {off}" if off in BLOCKS else off
    # Without an arrow its part is nothing, to the last digit but rounding.
    assert off is None or found[name] == pytest.approx(0, abs=1e-12)
    assert off is not None or found.drop("(gap)").abs().min() > 0.005


def test_one_block_is_the_sum_of_its_paths():
    units = Units()
    one = CausalGraph(confounders=["old"], mediators=["place", "pay"])
    split, whole = effects(units.y, units.data()), effects(units.y, units.data(), one)
    assert whole["estimate"]["indirect"] == pytest.approx(split["estimate"]["indirect"])
    assert "indirect: place" not in whole.index


def line(people, seed, *, direct=0.5, first=0.8, second=-0.4):
    """Linear model: old -> group, place, pay, y; group -> place -> pay -> y; group -> y."""
    random = np.random.default_rng(seed)
    old = random.normal(size=people)
    member = random.random(people) < 1 / (1 + np.exp(-old))
    place = first * member + 0.5 * old + random.normal(size=people)
    pay = second * member + 0.7 * place - 0.3 * old + random.normal(size=people)
    y = direct * member + 0.6 * place + 1.2 * pay + 0.4 * old + random.normal(size=people)
    apart = old[member].mean() - old[~member].mean()
    through = 0.4 + 0.6 * 0.5 + 1.2 * (0.7 * 0.5 - 0.3)
    truth = {
        "direct": direct,
        "indirect: place": first * (0.6 + 1.2 * 0.7),
        "indirect: pay": second * 1.2,
        "spurious": through * apart,
    }
    frame = pd.DataFrame(
        {"old": old, "place": place, "pay": pay, "group": np.where(member, "g", "r")}
    )
    return table(frame), y, truth


def test_linear_models_return_products_of_coefficients():
    data, y, truth = line(20_000, 1)
    found = effects(y, data, estimator="linear")
    error = (found["high"] - found["low"]) / 2 / 1.96
    for effect, value in truth.items():
        assert abs(found["estimate"][effect] - value) < 4 * error[effect]
    assert error.max() < 0.05


def test_intervals_cover():
    # The spurious truth here is of the people drawn, whom its interval does not hold fixed.
    hits = []
    for seed in range(200):
        data, y, truth = line(400, seed)
        found = effects(y, data, estimator="linear")
        hits.append([found["low"][e] <= truth[e] <= found["high"][e] for e in list(truth)[:3]])
    # Four standard errors of a share of 200 are 0.062.
    assert np.abs(np.mean(hits, axis=0) - 0.95).max() < 0.062


def test_strata_cover():
    units = Units()
    truth = units.truth()
    random = np.random.default_rng(3)
    hits = []
    for _ in range(150):
        rows = random.integers(0, len(units.y), 600)
        found = effects(units.y[rows], units.data().take(rows), estimator="strata")
        hits.append([found["low"][e] <= v <= found["high"][e] for e, v in truth.items()])
    # Four standard errors of a share of 150 are 0.071.
    assert np.abs(np.mean(hits, axis=0) - 0.95).max() < 0.071


def bent(people, seed):
    """Chance of the group is logistic in two features; the outcome bends in them."""
    random = np.random.default_rng(seed)
    old, place = random.normal(size=(2, people))
    member = random.random(people) < 1 / (1 + np.exp(-old))
    place = place + member
    none = np.square(old) + np.abs(place) + random.normal(size=people)
    frame = pd.DataFrame({"old": old, "place": place, "group": np.where(member, "g", "r")})
    return table(frame), none + 0.5 * member


@pytest.mark.parametrize("estimator", ["linear", "boosting"])
def test_right_odds_or_right_regression_suffice(estimator):
    """The linear one has the wrong regression, but the right odds: they are logistic."""
    data, y = bent(12_000, 5)
    graph = CausalGraph(confounders=["old"], mediators=["place"])
    found = effects(y, data, graph, estimator=estimator)
    error = (found["high"]["direct"] - found["low"]["direct"]) / 2 / 1.96
    assert abs(found["estimate"]["direct"] - 0.5) < 4 * error
    X = data.X.to_numpy(dtype=float)
    member = (data.groups("group") == "g").to_numpy()
    ones = np.column_stack([np.ones(len(X)), X])
    slope = np.linalg.lstsq(ones[~member], y[~member], rcond=None)[0]
    # A regression alone is wrong here by many errors.
    assert abs((y - ones @ slope)[member].mean() - 0.5) > 6 * error


@given(
    seed=st.integers(0, 10_000),
    estimator=st.sampled_from(["auto", "linear", "boosting"]),
    confounded=st.booleans(),
)
@settings(max_examples=12, deadline=None)
def test_parts_sum_to_the_gap(seed, estimator, confounded):
    data, y, _ = line(80, seed)
    graph = CausalGraph(confounders=["old"] if confounded else [], mediators=BLOCKS)
    found = effects(y, data, graph, estimator=estimator, seed=seed)["estimate"]
    assert found[["direct", "indirect", "spurious"]].sum() == pytest.approx(found["(gap)"])
    assert found[["direct", "indirect"]].sum() == pytest.approx(found["total"])
    assert found[["indirect: place", "indirect: pay"]].sum() == pytest.approx(found["indirect"])
    member = data.groups("group") == "g"
    assert found["(gap)"] == pytest.approx(y[member].mean() - y[~member].mean())
    if not confounded:
        assert found["spurious"] == 0


def test_nothing_named_leaves_everything_direct():
    data, y, _ = line(100, 2)
    found = effects(y, data, CausalGraph())
    assert found["estimate"]["direct"] == found["estimate"]["(gap)"]
    assert found["estimate"][["indirect", "spurious"]].tolist() == [0, 0]


def test_copies_of_a_person_in_one_cluster_add_nothing():
    data, y, _ = line(300, 4)
    rows = np.repeat(np.arange(300), 4)
    frame = pd.concat([data.X, data.sensitive], axis=1).iloc[rows].assign(home=rows)
    once = effects(y, data, estimator="linear")
    alone = effects(y[rows], table(frame, context=["home"]), estimator="linear")
    joint = effects(y[rows], table(frame, cluster="home"), estimator="linear")
    width = [each["high"] - each["low"] for each in (once, alone, joint)]
    assert width[1].to_numpy() == pytest.approx(width[0].to_numpy() / 2, rel=0.02)
    assert width[2].to_numpy() == pytest.approx(width[0].to_numpy(), rel=0.02)
    assert joint["estimate"].to_numpy() == pytest.approx(once["estimate"].to_numpy(), abs=1e-4)


def test_the_published_formula_holds_its_signs():
    units = Units()
    found = causal_effects(
        units.y, units.data(), sensitive="group", graph=GRAPH, reference_groups="r"
    )
    row = found.explanation_formula().iloc[0]
    assert row["TV"] == pytest.approx(row["ctf-DE"] - row["ctf-IE"] - row["ctf-SE"])
    gap = units.y[~units.member].mean() - units.y[units.member].mean()
    assert row["TV"] == pytest.approx(gap)


def test_a_finding_is_stored_and_drawn():
    units = Units()
    found = causal_effects(units.y > 0, units.data(), sensitive="group", graph=GRAPH)
    again = CausalEffects.from_dict(found.to_dict())
    pd.testing.assert_frame_equal(again.table, found.table)
    assert len(again.plot().get_yticks()) == len(found.table)
    plt.close("all")
    assert found.metrics()["proxies.causal.group.g.indirect.place"] != 0
    assert found.parameters["estimator"] == "strata"
    assert found.seed is None


def test_every_group_is_compared_with_the_reference():
    units = Units()
    frame = pd.concat([units.data().X, units.data().sensitive], axis=1)
    frame["group"] = frame["group"].astype(str)
    third = frame.assign(group="under 30")
    third.loc[third.index[:9], "place"] = np.nan
    # The others are drawn in the same cells, so everybody has a counterpart.
    both = pd.concat([frame, third.dropna()], ignore_index=True)
    values = np.concatenate([units.y, units.y[9:]])
    asked = {"sensitive": "group", "graph": GRAPH, "reference_groups": "r"}
    found = causal_effects(values, table(both), **asked)
    alone = effects(units.y, units.data())["estimate"]
    ours = found.table[found.table["group"] == "g"].set_index("effect")["estimate"]
    assert ours.to_dict() == pytest.approx(alone.to_dict())
    assert len(found.explanation_formula()) == 2
    assert "proxies.causal.group.under_30.direct" in found.metrics()


def test_a_missing_value_is_a_stratum():
    units = Units()
    frame = pd.concat([units.data().X, units.data().sensitive], axis=1)
    gone = frame.assign(place=frame["place"].where(frame["place"] == 1))
    named = effects(units.y, units.data())["estimate"]
    assert effects(units.y, table(gone))["estimate"].to_dict() == pytest.approx(named.to_dict())
    words = frame.assign(place=gone["place"].map({1: "far"}))
    assert effects(units.y, table(words))["estimate"].to_dict() == pytest.approx(named.to_dict())


def test_context_and_missing_values_are_used():
    data, y, _ = line(500, 8)
    frame = pd.concat([data.X, data.sensitive], axis=1)
    frame.loc[:40, "place"] = np.nan
    frame["job"] = np.where(frame["pay"] > 0, "clerk", "none")
    held = table(frame, context=["old"])
    graph = CausalGraph(confounders=["old"], mediators={"place": ["place"], "job": ["job"]})
    for estimator in ("linear", "boosting"):
        found = effects(y, held, graph, estimator=estimator)
        assert found[["estimate", "low", "high"]].notna().all(axis=None)


def test_what_cannot_be_used_is_refused():
    data, y, _ = line(60, 1)
    with pytest.raises(TableError, match="did you mean 'place'"):
        effects(y, data, CausalGraph(mediators=["plac"]))
    with pytest.raises(InputError, match="holds the sensitive feature"):
        effects(y, data, CausalGraph(mediators=["group"]))
    with pytest.raises(TableError, match="strata without anybody"):
        effects(y, data, estimator="strata")
    with pytest.raises(InputError, match="did you mean 'linear'"):
        effects(y, data, estimator="lineal")
    with pytest.raises(InputError, match="folds: is 1"):
        effects(y, data, folds=1)
    lonely = pd.DataFrame({"old": range(9), "group": ["g", *"r" * 8]})
    with pytest.raises(TableError, match="has one person"):
        effects(range(9), table(lonely), CausalGraph(confounders=["old"]))


EDGES = [
    ("old", "A"),
    ("old", "Y"),
    ("A", "place"),
    ("place", "pay"),
    ("pay", "Y"),
    ("A", "Y"),
    ("idle", "place"),
    ("A", "unused"),
]


def derived(*more, **options):
    return CausalGraph.from_edges([*EDGES, *more], sensitive="A", outcome="Y", **options)


def test_sets_follow_from_the_edges():
    graph = derived(blocks=BLOCKS)
    assert set(graph.confounders) == {"old", "idle"}
    assert graph.blocks == {"place": ("place",), "pay": ("pay",)}
    assert derived().mediators == ("place", "pay")


@pytest.mark.parametrize(
    ("more", "options", "message"),
    [
        ([("pay", "A")], {}, "circle"),
        ([("Y", "late")], {}, "acts on late"),
        ([("U", "A"), ("U", "Y")], {"unobserved": ["U"]}, "back-door path open between A"),
        ([("U", "pay"), ("U", "Y")], {"unobserved": ["U"]}, "given idle, old"),
        # A mediator that nobody measured, on which a measured one depends too.
        ([("A", "U"), ("U", "pay"), ("U", "Y")], {"unobserved": ["U"]}, "back-door"),
        (
            [("U", "place"), ("U", "pay")],
            {"unobserved": ["U"], "blocks": BLOCKS},
            "put both ends into one block",
        ),
        ([], {"blocks": {"pay": ["pay"], "place": ["place"]}}, "'place' acts on an earlier"),
        ([], {"blocks": {"pay": ["pay"]}}, "'place' is in none"),
        ([], {"blocks": {**BLOCKS, "more": ["old"]}}, "'old' is no mediator"),
        ([], {"unobserved": ["U"]}, "'U' is in none"),
    ],
)
def test_graphs_without_an_answer_are_refused(more, options, message):
    with pytest.raises(InputError, match=message):
        derived(*more, **options)


def test_hidden_causes_that_do_no_harm_are_allowed():
    # A common cause of two mediators of one block; what stands behind a measured confounder;
    # a mediator that acts on the outcome alone, which then counts as direct.
    assert derived(("U", "place"), ("U", "pay"), unobserved=["U"]).mediators == ("place", "pay")
    assert "old" in derived(("U", "old"), ("U", "A"), unobserved=["U"]).confounders
    assert derived(("A", "U"), ("U", "Y"), unobserved=["U"]).mediators == ("place", "pay")


def test_sets_are_checked():
    with pytest.raises(InputError, match="'x' is also in confounders"):
        CausalGraph(confounders=["x"], mediators=["x"])
    assert CausalGraph(confounders="age", mediators="job").features == ("age", "job")
    with pytest.raises(InputError, match="has no features"):
        CausalGraph(mediators={"none": []})


@given(data=st.data())
@settings(max_examples=150, deadline=None)
def test_a_graph_that_is_accepted_identifies_the_effects(data):
    """On random linear models with hidden nodes, regression on the sets finds what A does."""
    nodes = ["N0", "N1", "A", "N2", "N3", "Y"]
    possible = list(itertools.combinations(nodes, 2))
    edges = [edge for edge in possible if data.draw(st.booleans())]
    present = {name for edge in edges for name in edge}
    if not {"A", "Y"} <= present:
        return
    hidden = [n for n in sorted(present) if n[0] == "N" and data.draw(st.booleans())]
    try:
        graph = CausalGraph.from_edges(edges, sensitive="A", outcome="Y", unobserved=hidden)
    except InputError:
        return
    random = np.random.default_rng(data.draw(st.integers(0, 999)))
    weight = np.zeros((6, 6))
    for cause, effect in edges:
        weight[nodes.index(effect), nodes.index(cause)] = random.normal()
    reach = np.linalg.inv(np.eye(6) - weight)
    covariance = reach @ reach.T

    def coefficient(given):
        at = [nodes.index(n) for n in ("A", *given)]
        return np.linalg.solve(covariance[np.ix_(at, at)], covariance[at, 5])[0]

    cut = weight.copy()
    cut[:, [nodes.index(n) for n in graph.blocks.get("mediators", ())]] = 0
    direct = np.linalg.inv(np.eye(6) - cut)[5, 2]
    assert coefficient(graph.confounders) == pytest.approx(reach[5, 2])
    assert coefficient(graph.features) == pytest.approx(direct)
