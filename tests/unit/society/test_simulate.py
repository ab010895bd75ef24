"""A society is a pure function of its world."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from credit_ml.core import BLOCK, WorldError
from credit_ml.society import COLUMNS, World, load_world, world_ids, worlds
from credit_ml.society.chance import poisson_count
from credit_ml.society.simulate import AS_IT_IS, draw_citizens


@pytest.fixture(scope="module")
def three_blocks():
    return World(citizens=2 * BLOCK + 1000, seed=3)


def test_workers_do_not_matter(three_blocks):
    alone = three_blocks.simulate(workers=1).digest()
    assert alone == three_blocks.simulate(workers=2).digest()
    assert alone == three_blocks.simulate(workers=3).digest()


def test_one_block_is_the_same_alone_and_among_others(three_blocks):
    whole = draw_citizens(three_blocks, AS_IT_IS, workers=1)
    from credit_ml.core import Streams
    from credit_ml.society.place import count_districts, draw_districts
    from credit_ml.society.simulate import _draw_block

    number = count_districts(three_blocks.address, three_blocks.citizens)
    districts = draw_districts(
        three_blocks.address, Streams(three_blocks.seed).generator("districts"), number
    )
    for start in (2 * BLOCK, 0, BLOCK):
        block = _draw_block(three_blocks, districts, AS_IT_IS, start)
        rows = slice(start, start + len(block.district))
        for name, values in block.records.items():
            np.testing.assert_array_equal(values, whole.records[name][rows])
        inside = (whole.slots.owner >= start) & (whole.slots.owner < rows.stop)
        np.testing.assert_array_equal(block.slots.chance, whole.slots.chance[inside])


def test_a_change_to_one_mechanism_leaves_the_noise_of_others_alone():
    base = load_world("baseline", citizens=2000).simulate()
    rated = load_world("biased_raters", citizens=2000).to_dict()
    world = World.from_dict(
        load_world("baseline", citizens=2000).to_dict() | {"ratings": rated["ratings"]}
    )
    changed = world.simulate()
    differing = [c for c in COLUMNS if not base.records[c].equals(changed.records[c])]
    assert differing == ["stars"]


@pytest.mark.parametrize("citizens", [1, 2, 7])
def test_tiny_societies_work(citizens):
    society = World(citizens=citizens, seed=1).simulate()
    assert len(society) == citizens
    assert list(society.records.columns) == list(COLUMNS)
    assert society.twin(hukou="urban").people["hukou"].eq("urban").all()


def test_ties_are_undirected_without_loops_or_doubles():
    ties = World(citizens=3000, seed=5).simulate().ties
    assert (ties != ties.T).nnz == 0
    assert ties.diagonal().sum() == 0
    assert set(np.unique(ties.data)) == {1.0}
    assert ties.has_sorted_indices or ties.has_canonical_format


def test_friends_columns_are_means_over_ties():
    society = World(citizens=400, seed=2).simulate()
    dense = society.ties.toarray()
    late = society.records["late_payments"].to_numpy()
    degree = dense.sum(axis=1)
    np.testing.assert_array_equal(society.records["friends"], degree)
    np.testing.assert_allclose(society.records["friends_late"], dense @ late / degree, rtol=1e-6)


def test_a_citizen_without_friends_has_missing_means():
    world = World.from_dict({"citizens": 50, "ties": {"slots": 0.0}})
    society = world.simulate()
    lonely = society.records["friends"] == 0
    assert lonely.any()
    assert society.records.loc[lonely, "friends_late"].isna().all()


@given(
    st.lists(st.floats(0.0, 1.0, exclude_max=True), min_size=1, max_size=20),
    st.floats(0.001, 30.0),
)
def test_counts_are_the_inverse_of_the_poisson_distribution(uniform, rate):
    count = poisson_count(np.array(uniform), np.full(len(uniform), rate))
    expected = np.maximum(stats.poisson.ppf(uniform, rate), 0)
    boundary = np.isclose(stats.poisson.cdf(np.minimum(count, expected), rate), uniform)
    assert ((count == expected) | boundary).all()


def test_every_named_world_loads_and_names_itself():
    assert {"baseline", "no_proxy", "segregated"} <= set(world_ids())
    table = worlds()
    assert table["paragraph"].str.len().gt(80).all()
    for name in world_ids():
        assert load_world(name, citizens=60).simulate().outcome["kept"].isin([0, 1]).all()


@pytest.mark.parametrize(
    ("given_values", "message"),
    [
        ({"citizens": 0}, "world.citizens: is 0"),
        ({"population": {"rural": 1.5}}, "population.rural: is 1.5"),
        ({"adress": {}}, "'adress' is unknown; did you mean 'address'"),
        ({"ties": {"district": 0.9, "work": 0.9}}, "sum to"),
        ({"ties": {"slots": float("nan")}}, "ties.slots: is nan"),
        ({"address": {"people_per_district": 2.5}}, "whole number"),
        ({"address": 3}, "give a table"),
    ],
)
def test_worlds_that_cannot_be_are_refused(given_values, message):
    with pytest.raises(WorldError, match=message):
        World.from_dict(given_values)


def test_unknown_world_lists_those_there_are():
    with pytest.raises(WorldError, match="did you mean 'baseline'"):
        load_world("basline")


def test_every_knob_states_unit_source_and_range():
    table = World().describe_frame()
    assert table["name"].is_unique
    assert table[["unit", "source"]].map(len).gt(0).all(axis=None)
    assert (table["low"] < table["high"]).all()
