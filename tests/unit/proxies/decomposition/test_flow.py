"""From mechanism to factor: sums that must hold, mechanisms that must not matter."""

import json

import matplotlib.pyplot as plt
import numpy as np
import pytest

from credit_ml.agencies import load_agency
from credit_ml.core import InputError
from credit_ml.proxies import Flow, Twins, flow_decomposition, true_decomposition
from credit_ml.proxies.decomposition.components import GAP
from credit_ml.society import MECHANISMS, SENSITIVE, depending, load_world, world_ids


@pytest.fixture(scope="module")
def society():
    return load_world("segregated", citizens=2500, seed=5).simulate()


@pytest.fixture(scope="module")
def rater(society):
    return load_agency("sesame").fit(society, scorer="scorecard")


def cells(found):
    return found.table.pivot_table(index="mechanism", columns="factor", values="estimate")


@pytest.mark.parametrize("others", ["held", "everyone"])
def test_margins_are_the_truth_and_all_sums_hold(society, rater, others):
    found = flow_decomposition(
        rater, society, sensitive="hukou", twins=Twins(others=others), permutations=2
    )
    table = cells(found)
    inner = table.drop(index=GAP, columns=GAP)
    np.testing.assert_allclose(inner.sum(axis=0), table.loc[GAP].drop(GAP), atol=1e-9)
    np.testing.assert_allclose(inner.sum(axis=1), table[GAP].drop(GAP), atol=1e-9)
    truth = true_decomposition(
        rater, society, sensitive="hukou", twins=Twins(others=others), societies=0
    )
    carrier = truth.table.set_index("factor")["estimate"]
    np.testing.assert_allclose(table.loc[GAP][carrier.index], carrier, atol=1e-9)


def test_source_of_exact_enumeration_is_symmetric_and_sums(society):
    world = load_world("unequal_reporting", citizens=2500, seed=6).to_dict()
    world["ties"]["hukou"] = 0.3
    from credit_ml.society import World

    both = World.from_dict(world).simulate()
    card = load_agency("sesame").fit(both, scorer="scorecard")
    # On log-odds a scorecard is additive, so that nothing of one factor depends on another.
    found = flow_decomposition(card, both, sensitive="hukou", output="log_odds")
    assert found.source["mechanism"].tolist() == ["reporting", "ties"]
    assert (found.table["sampling_error"] == 0).all()
    table = cells(found)
    assert table.loc[[m for m in table.index if m != GAP], GAP].sum() == pytest.approx(
        table.loc[GAP, GAP], abs=1e-9
    )
    # Reporting reaches only the credit file, ties only the relationships.
    assert table.loc["reporting", ["capacity", "personal", "behaviour"]].abs().max() < 1e-9
    assert table.loc["ties", ["capacity", "personal", "behaviour", "history"]].abs().max() < 1e-9


def test_sampled_orders_are_near_the_exact_ones(society, rater):
    mechanisms = depending(society.world, "ethnicity")
    assert 2 < len(mechanisms) <= 6
    exact = flow_decomposition(rater, society, sensitive="ethnicity", twins=Twins(people=150))
    sampled = flow_decomposition(
        rater, society, sensitive="ethnicity", twins=Twins(people=150), permutations=12
    )
    near = exact.source.merge(sampled.source, on=["mechanism", "group"])
    miss = (near["estimate_x"] - near["estimate_y"]).abs()
    assert (miss <= 5 * near["sampling_error_y"] + 0.3).all()
    assert cells(exact).loc[GAP, GAP] == pytest.approx(cells(sampled).loc[GAP, GAP], abs=1e-9)


@pytest.mark.parametrize("name", world_ids())
def test_mechanisms_that_are_not_named_make_nothing(name):
    society = load_world(name, citizens=600, seed=2).simulate()
    for feature, groups in SENSITIVE.items():
        for group in groups:
            idle = [m for m in MECHANISMS if m not in depending(society.world, feature)]
            twin = society.twin(mechanisms=idle, **{feature: group})
            assert twin.records.equals(society.records), (feature, group)
            assert twin.holders.equals(society.holders)
            assert twin.outcome.equals(society.outcome)


def test_each_mechanism_that_is_named_makes_something():
    society = load_world("baseline", citizens=3000, seed=2).simulate()
    for feature in ("hukou", "gender", "age_band", "critic"):
        for mechanism in depending(society.world, feature):
            moved = [
                not (twin.records.equals(society.records) and twin.holders.equals(society.holders))
                for group in SENSITIVE[feature]
                for twin in [society.twin(mechanisms=[mechanism], **{feature: group})]
            ]
            assert any(moved), (feature, mechanism)


def test_a_world_without_dependence_flows_nowhere():
    society = load_world("no_proxy", citizens=800).simulate()
    found = flow_decomposition(load_agency("council").fit(society), society, sensitive="hukou")
    assert (found.table["estimate"] == 0).all()
    plt.close(found.plot().figure)


def test_a_stored_flow_draws_the_same_bands(society, rater):
    found = flow_decomposition(
        rater, society, sensitive="hukou", twins=Twins(people=60), permutations=2
    )
    again = Flow.from_dict(json.loads(json.dumps(found.to_dict(), allow_nan=False)))
    bands = [len(each.plot().collections) for each in (found, again)]
    plt.close("all")
    assert bands[0] == bands[1] > 4
    assert again.metrics() == pytest.approx(found.metrics())


def test_an_odd_number_of_orders_is_rounded_up(society, rater):
    odd, even = (
        flow_decomposition(
            rater, society, sensitive="hukou", twins=Twins(people=60), permutations=orders
        )
        for orders in (3, 4)
    )
    assert odd.table["estimate"].equals(even.table["estimate"])


def test_the_old_order_of_arguments_and_old_keywords_warn(society, rater):
    with pytest.warns(FutureWarning, match="rater, society"):
        old = true_decomposition(society, rater, sensitive="hukou", societies=0)
    new = true_decomposition(rater, society, sensitive="hukou", societies=0)
    assert old.table.equals(new.table)
    with pytest.warns(FutureWarning, match="twins="):
        few = true_decomposition(rater, society, sensitive="hukou", people=50, societies=0)
    assert (few.table["people"] == 50).all()


def test_one_order_is_refused(society, rater):
    with pytest.raises(InputError, match="at least 2"):
        flow_decomposition(rater, society, sensitive="hukou", permutations=1)
