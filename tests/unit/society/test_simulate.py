"""A society is a pure function of its world."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from credit_ml.core import BLOCK, WorldError
from credit_ml.society import COLUMNS, World, load_world, world_ids, worlds
from credit_ml.society.block import draw_block, draw_city_citizens
from credit_ml.society.mechanisms.chance import poisson_count
from credit_ml.society.mechanisms.place import draw_city
from credit_ml.society.ties.friend_records import FRIENDS_TELL


@pytest.fixture(scope="module")
def three_blocks():
    return World(citizens=2 * BLOCK + 1000, seed=3)


def test_workers_do_not_matter(three_blocks):
    alone = three_blocks.simulate(workers=1).digest()
    assert alone == three_blocks.simulate(workers=2).digest()
    assert alone == three_blocks.simulate(workers=3).digest()


def test_one_block_is_the_same_alone_and_among_others(three_blocks):
    world = three_blocks
    city = draw_city(world.address, world.seed, world.citizens, 0)
    whole = draw_city_citizens(world, city, workers=2)
    for number in (2, 0, 1):
        block = draw_block(world, city, number)
        rows = slice(number * BLOCK, number * BLOCK + len(block.people["age"]))
        for part in ("people", "records", "truth", "outcome", "holders", "making"):
            for name, values in getattr(block, part).items():
                kept = getattr(whole, part)[name]
                np.testing.assert_array_equal(values.astype(kept.dtype), kept[rows], name)


@pytest.fixture(scope="module")
def three_cities():
    world = World(citizens=2 * BLOCK + 900, seed=4)
    return replace(world, address=replace(world.address, citizens_per_city=BLOCK))


def test_cities_are_tied_to_each_other_both_ways(three_cities):
    society = three_cities.simulate()
    city = society.people["city"].to_numpy()
    assert city.max() == 2
    assert (np.diff(city) >= 0).all()
    assert (society.ties != society.ties.T).nnz == 0
    one, other = society.ties.nonzero()
    between = (city[one] != city[other]).sum() / len(society)
    assert between == pytest.approx(three_cities.ties.elsewhere, rel=0.1)
    assert society.people.groupby("district")["city"].nunique().max() == 1


def test_a_city_does_not_depend_on_later_cities(three_cities):
    fewer = replace(three_cities, citizens=2 * BLOCK).simulate()
    more = three_cities.simulate()
    first = more.people["city"] == 0
    for name in ("late_payments", "job_years", "gaming_hours"):
        assert more.records[name][first].equals(fewer.records[name][: first.sum()])


def test_every_citizen_has_a_twin_in_its_own_city(three_cities):
    society = three_cities.simulate()
    same = (society.people["hukou"] == "rural").to_numpy()
    twin = society.twin(hukou="rural")
    assert twin.records[same].equals(society.records[same])
    assert twin.people["city"].equals(society.people["city"])


def test_some_twins_are_the_same_as_among_all(three_cities):
    society = three_cities.simulate()
    ends = BLOCK - 1, BLOCK, 2 * BLOCK + 899
    for rows in (np.unique([*ends, *range(7, 2 * BLOCK + 900, 31)]), np.arange(5)):
        twin, some = society.twin(hukou="rural"), society.twin(hukou="rural", people=rows)
        for name in ("people", "records", "outcome", "truth", "holders"):
            whole = getattr(twin, name).iloc[rows].reset_index(drop=True)
            pd.testing.assert_frame_equal(getattr(some, name), whole, check_exact=True)
        assert (some.ties != twin.ties[rows]).nnz == 0


def test_partners_choose_each_other():
    society = World(citizens=20_000, seed=8).simulate()
    people = society.people
    partner = people["partner_row"].to_numpy()
    paired = np.flatnonzero(partner >= 0)
    assert 0.5 < len(paired) / len(people) < 0.9
    np.testing.assert_array_equal(partner[partner[paired]], paired)
    one, other = people.iloc[paired], people.iloc[partner[paired]]
    assert (one["gender"].to_numpy() != other["gender"].to_numpy()).all()
    assert (one["age_band"].to_numpy() == other["age_band"].to_numpy()).all()
    assert (one["district"].to_numpy() == other["district"].to_numpy()).all()
    alike = (one["hukou"].to_numpy() == other["hukou"].to_numpy()).mean()
    assert alike > 0.8  # by chance it would be 0.6
    children = society.records["children"].to_numpy()
    np.testing.assert_array_equal(children[paired], children[partner[paired]])
    assert society.ties[paired, partner[paired]].min() == 1
    late = society.records["late_payments"].to_numpy()
    np.testing.assert_array_equal(
        society.records["partner_late"].to_numpy()[paired], late[partner[paired]]
    )


def test_payments_that_are_seen_grow_with_the_holder():
    app, pooled, cleared = (
        load_world(name, citizens=5000).simulate()
        for name in ("baseline", "pooled_bureau", "cleared_payments")
    )
    unknown = [s.records["spending"].isna().mean() for s in (app, pooled, cleared)]
    assert unknown[0] > unknown[1] > unknown[2] == 0
    seen = [s.records["spending"].fillna(0).to_numpy() for s in (app, pooled, cleared)]
    assert (seen[0] <= seen[1] * (1 + 1e-6)).all()
    assert (seen[1] < seen[2]).all()
    np.testing.assert_array_equal(seen[2], cleared.truth["payments"])
    known = app.holders["company_1"].to_numpy()
    np.testing.assert_array_equal(app.records["spending"].notna(), known)


def test_penalties_deter_and_most_those_who_would_break():
    base = load_world("baseline", citizens=5000).simulate()
    deterred = load_world("deterrent", citizens=5000).simulate()
    gain = deterred.truth["probability"] - base.truth["probability"]
    assert (gain > 0).all()
    low = base.truth["trust"] < -1
    assert gain[low].mean() > 2 * gain[base.truth["trust"] > 1].mean()


def test_closure_closes_triangles():
    from credit_ml.society.description.network import clustering

    shares = [
        clustering(load_world(name, citizens=8000).simulate().ties)
        for name in ("baseline", "close_knit")
    ]
    assert shares[1] > 2 * shares[0]


def test_a_change_to_one_mechanism_leaves_the_noise_of_others_alone():
    base = load_world("baseline", citizens=2000).simulate()
    rated = load_world("biased_raters", citizens=2000).to_dict()
    world = World.from_dict(
        load_world("baseline", citizens=2000).to_dict() | {"ratings": rated["ratings"]}
    )
    changed = world.simulate()
    differing = [c for c in COLUMNS if not base.records[c].equals(changed.records[c])]
    assert differing == ["driver_stars", "seller_stars", "friends_stars"]


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
    for told, column in FRIENDS_TELL.items():
        values = society.records[column].to_numpy(dtype=float)
        known = ~np.isnan(values)
        means = dense @ np.where(known, values, 0) / (dense @ known)
        np.testing.assert_allclose(society.records[told], means, rtol=1e-6)


def test_a_citizen_without_friends_has_missing_means():
    world = World.from_dict({"citizens": 50, "ties": {"slots": 0.0}})
    society = world.simulate()
    lonely = society.records["friends"] == 0
    assert lonely.any()
    assert society.records.loc[lonely, "friends_late"].isna().all()


@given(
    st.lists(st.floats(0.0, 1.0, exclude_max=True), min_size=1, max_size=20), st.floats(0.001, 30.0)
)
def test_counts_are_the_inverse_of_the_poisson_distribution(uniform, rate):
    count = poisson_count(np.array(uniform), np.full(len(uniform), rate))
    expected = np.maximum(stats.poisson.ppf(uniform, rate), 0)
    boundary = np.isclose(stats.poisson.cdf(np.minimum(count, expected), rate), uniform)
    assert ((count == expected) | boundary).all()


@settings(max_examples=15, deadline=None)
@given(
    late_rate=st.floats(0, 50),
    reported=st.floats(0, 1),
    rural=st.floats(-5, 5),
    play=st.floats(0, 24),
    online=st.floats(0, 24),
)
def test_records_of_one_citizen_never_contradict_each_other(
    late_rate, reported, rural, play, online
):
    """In no world are more bills late than are on file, nor a day longer than 24 hours."""
    world = World.from_dict(
        {
            "citizens": 300,
            "history": {
                "late_rate": late_rate,
                "reported": reported,
                "reporting": {"hukou": rural},
            },
            "behaviour": {"gaming_hours": play, "online_hours": online},
        }
    )
    society = world.simulate()
    records, age = society.records, society.people["age"]
    assert (records["late_payments"] <= records["bills_reported"]).all()
    assert (records["gaming_hours"] + records["online_hours"] <= 24.001).all()
    assert (records["job_years"] <= age - 17 + 1e-4).all()
    assert (records["history_months"] <= 12 * (age - 17) + 1e-3).all()


def test_only_who_has_few_bills_on_file_loses_late_ones():
    """Where reporting fails rural citizens, a quarter of them has late bills off file."""
    changed = {"late_rate": 10.0, "reporting": {"hukou": -3.0}}
    full = World.from_dict({"citizens": 3000, "history": changed | {"reported": 1.0}}).simulate()
    thin = World.from_dict({"citizens": 3000, "history": changed}).simulate()
    late, on_file = thin.records["late_payments"], thin.records["bills_reported"]
    unseen = (late < full.records["late_payments"]).to_numpy()
    assert 0.15 < unseen[thin.people["hukou"] == "rural"].mean() < 0.35
    np.testing.assert_array_equal(late[unseen], on_file[unseen])
    np.testing.assert_array_equal(late[~unseen], full.records["late_payments"][~unseen])


def test_every_named_world_loads_and_names_itself():
    assert {"baseline", "no_proxy", "segregated"} <= set(world_ids())
    table = worlds()
    assert table["description"].str.len().gt(80).all()
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
        ({"address": {"citizens_per_city": 20_000}}, "multiple of 16384"),
        ({"population": {"young": 0.7, "old": 0.6}}, "sum to 1.3"),
        ({"ties": {"closure": 0.9}}, "sum to"),
        ({"citizens": 50, "ties": {"slots": 60}}, "each of 50 citizens has 49 others"),
    ],
)
def test_worlds_that_cannot_be_are_refused(given_values, message):
    with pytest.raises(WorldError, match=message):
        World.from_dict(given_values)


@pytest.mark.parametrize("value", ["many", float("nan"), float("inf"), None, [1], {}, 1 + 1j, True])
def test_values_of_a_foreign_kind_are_refused_in_one_line(value):
    for given_values in ({"citizens": value}, {"address": {"people_per_district": value}}):
        with pytest.raises(WorldError, match=r"is .*; give a whole number"):
            World.from_dict(given_values)
    with pytest.raises(WorldError, match=r"population\.rural: is .*; give share"):
        World.from_dict({"population": {"rural": value}})
    if value is not True:
        with pytest.raises(WorldError, match="give true or false"):
            World.from_dict({"platforms": {"pooled": value}})


def test_unknown_world_lists_those_there_are():
    with pytest.raises(WorldError, match="did you mean 'baseline'"):
        load_world("basline")


def test_files_that_hold_no_world_are_refused_in_one_line(tmp_path):
    binary = tmp_path / "binary.toml"
    binary.write_bytes(b"\xff\xfe")
    broken = tmp_path / "broken.toml"
    broken.write_text("citizens = ")
    for read in (World.from_toml, load_world):
        with pytest.raises(
            WorldError, match=r"binary\.toml: is no text in UTF-8; give a TOML file"
        ):
            read(binary)
        with pytest.raises(WorldError, match=r"absent\.toml: is not there"):
            read(tmp_path / "absent.toml")
        with pytest.raises(WorldError, match=r"broken\.toml: is not TOML"):
            read(broken)


def test_a_world_that_starts_from_itself_is_refused(tmp_path):
    one, other = tmp_path / "one.toml", tmp_path / "other.toml"
    one.write_text(f'base = "{other.as_posix()}"\n')
    other.write_text(f'base = "{one.as_posix()}"\n')
    with pytest.raises(WorldError, match=r"starts from .*, which starts from it"):
        load_world(one)


def test_every_knob_states_unit_source_and_range():
    table = World().describe_frame()
    assert table["name"].is_unique
    assert table[["unit", "source"]].map(len).gt(0).all(axis=None)
    assert (table["low"] < table["high"]).all()


def test_at_least_25_knobs_name_a_publication():
    sources = World().describe_frame()["source"]
    # "near the 2010 census" was not looked up, and the systems of S1 to S24 are no measurement.
    guessed = sources.str.contains(r"^(?:assumed, near|assumed: a large city|S\d|off|choice)")
    named = sources.str.contains(r"\b(?:19|20)\d\d\b|PMC\d+")
    assert (named & ~guessed).sum() >= 25
