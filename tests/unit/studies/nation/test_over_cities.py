"""From eight cities on a nation's intervals count cities, as of one table that names them."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit_ml.core import BLOCK, Dataset, conform
from credit_ml.core.finding import Finding
from credit_ml.core.instrument import instruments
from credit_ml.inference import FEW_CLUSTERS, over_note
from credit_ml.reports.sections import answer_note
from credit_ml.society import World
from credit_ml.society.society import TABLES
from credit_ml.society.storage.shards import without_ties
from credit_ml.studies import Study, run_nation
from credit_ml.studies.nation.over import FEWEST_CITIES, by_city, counts_cities, depend, named
from credit_ml.studies.nation.plan import nation_of

#: Eight cities, of which the last holds fewer people.
CITIES, CITIZENS = 8, 7 * BLOCK + 3000
PAIR = {"sensitive": "hukou", "group": "rural", "reference_group": "urban"}


def study(folder):
    """A study of a nation of eight cities, cheap in what is asked of the sample."""
    return Study.from_dict(
        {
            "study": {
                "id": "eight",
                "title": "Eight",
                "question": "Is there a gap?",
                "prediction": "Yes.",
                "refutation": "No.",
                "seed": 1,
            },
            "world": {
                "name": "baseline",
                "citizens": CITIZENS,
                "seed": 3,
                "changes": {"address": {"citizens_per_city": BLOCK, "people_per_district": 1000}},
            },
            "raters": [{"agency": "sesame", "scorers": ["scorecard"]}],
            "sensitive": ["hukou", "gender"],
            "lead": PAIR,
            "reference_groups": {"hukou": "urban", "gender": "man"},
            "disclosure": {"people": 400},
            "explain": {"people": 400},
            "nation": {"training": 3000, "training_cities": 2, "sample": 1600},
            "report": {"path": str(folder / "eight.html"), "answered_by": ["nation"]},
        }
    )


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    folder = tmp_path_factory.mktemp("eight")
    asked = study(folder)
    how = {"workers": 1, "track": False, "progress": False}
    results = run_nation(asked, folder=folder / "cells", **how)
    return nation_of(asked, folder / "cells"), results


@pytest.fixture(scope="module")
def society(ran):
    plan, _ = ran
    return plan.world.simulate()


def in_memory(plan, people, name):
    """What an instrument finds of people in one table that names their cities as clusters."""
    fitted, instrument = plan.fitted()[0], instruments()[name]
    context = plan.context(instrument, fitted, people)
    seen = fitted.rater.agency.view(people)
    cities = seen.context.assign(city=people.people["city"].to_numpy())
    dataset = replace(
        seen,
        sensitive=seen.sensitive[["hukou", "gender"]],
        context=cities,
        cluster="city",
        of_others=(),
    )
    run = instrument.sampled or instrument.estimate or instrument.run
    told = run(replace(context, dataset=dataset))
    return list(told.values()) if hasattr(told, "values") else list(told)


def the_same(found, expected):
    """Compare two tables, rows in any order, whose intervals are called clusters in memory."""
    keys = [name for name in expected if expected[name].dtype == object and name != "reason"]
    keys = [name for name in keys if name != "over"]
    one, two = (each.sort_values(keys) for each in (found, expected))
    assert one[keys].to_numpy().tolist() == two[keys].to_numpy().tolist()
    assert (one["over"].to_numpy() == two["over"].replace("clusters", "cities").to_numpy()).all()
    for name in ("estimate", "low", "high", "people", "clusters"):
        np.testing.assert_allclose(
            one[name].astype(float), two[name].astype(float), rtol=1e-9, atol=1e-9
        )


@pytest.mark.parametrize("kind", ["audit", "quality"])
def test_what_is_added_up_is_that_of_one_table_whose_clusters_are_cities(ran, society, kind):
    plan, results = ran
    (found,), (expected,) = results.raters[0].of_kind(kind), in_memory(plan, society, kind)
    areas = found.table["measure"] == "auc"
    the_same(found.table[~areas], expected.table[expected.table["measure"] != "auc"])
    told = found.table[found.table["low"].notna()]
    assert set(told["over"]) == {"cities"}
    assert set(told["clusters"]) == {CITIES}
    assert found.parameters["intervals_over"] == "cities"
    assert any(note.startswith("Intervals count 8 cities") for note in found.notes)
    keys = ["measure", "sensitive", "group"]
    both = found.table[areas].merge(expected.table, on=keys, suffixes=("", "_whole"))
    widths = (both["high"] - both["low"]) / (both["high_whole"] - both["low_whole"])
    assert widths.between(0.9, 1.1).all()  # the same cities are left out in turn


@pytest.mark.parametrize("name", ["calibration", "comparison", "disclosure", "explanation"])
def test_what_is_sampled_counts_the_sample_s_cities(ran, society, name):
    plan, results = ran
    rows = np.concatenate(
        [
            plan.drawn(n, plan.option.sample, range(plan.cities), "sample") + plan.city(n).start
            for n in range(plan.cities)
        ]
    )
    frames = {t: getattr(society, t).iloc[rows].reset_index(drop=True) for t in TABLES}
    expected = in_memory(plan, without_ties(plan.world, frames), name)
    found = results.raters[0].of_kind(expected[0].kind)
    for one, two in zip(found, expected, strict=True):
        the_same(one.table, two.table)
        assert "cities" in set(one.table["over"])
        assert "clusters" not in set(one.table["over"])


def test_what_friends_carry_has_an_interval_where_they_live_in_the_same_city(ran):
    _, results = ran
    found = results.raters[0].of_kind("comparison")[0].table
    own = found[(found["factor"] == "relationships") & (found["method"] == "block_shapley")]
    assert own["low"].notna().all()


def test_a_city_by_itself_counts_its_districts(ran):
    _, results = ran
    (found,) = results.raters[0].of_kind("nation")
    told = found.table[found.table["low"].notna()]
    assert set(told.loc[told["city"] >= 0, "over"]) == {"clusters"}
    assert set(told.loc[told["city"] < 0, "over"]) == {"cities"}
    counted = told[(told["city"] == 0) & (told["quantity"] == "difference")]["clusters"]
    assert set(counted) == {round(BLOCK / 1000)}


def test_the_page_says_of_its_answer_that_brackets_count_cities(ran):
    _, results = ran
    assert "over cities" in answer_note(results)
    assert "clusters" not in answer_note(results)


def test_no_check_takes_a_nation_s_cities_for_few_clusters(ran):
    _, results = ran
    assert not {each.check for each in results.diagnostics} & {"CM501", "CM502"}


def finding(over, clusters, note=""):
    rows = [{"estimate": 0.5, "low": 0.4, "high": 0.6, "over": over, "clusters": clusters}]
    told = {"intervals_over": over}
    return Finding(table=conform(rows), title="Rates", parameters=told, notes=(note,))


def test_the_bound_is_the_package_s_for_few_clusters():
    assert FEWEST_CITIES == FEW_CLUSTERS
    assert not counts_cities(FEW_CLUSTERS - 1)
    assert counts_cities(FEW_CLUSTERS)


@given(cities=st.integers(1, 5000), clusters=st.integers(2, 5000))
def test_of_few_cities_districts_are_counted_and_it_is_said(cities, clusters):
    before = finding("clusters", clusters, over_note("auto", clusters))
    found = named(before, cities)
    if cities < FEWEST_CITIES:
        pd.testing.assert_frame_equal(found.table, before.table)
        assert found.notes[:-1] == before.notes
        assert "districts" in found.notes[-1]
    else:
        assert found.table["over"].tolist() == ["cities"]
        assert found.parameters["intervals_over"] == "cities"
        assert not any("clusters" in note for note in found.notes)
        assert f"{clusters:,} cities" in found.notes[0]


@pytest.mark.parametrize("over", ["people", "societies", ""])
@pytest.mark.parametrize("cities", [3, 20])
def test_what_counts_no_cluster_stays(over, cities):
    before = finding(over, 0)
    assert named(before, cities) is before


def test_methods_that_count_different_things_keep_their_names():
    both = {"block_shapley": "clusters", "leave_out": "people"}
    found = named(replace(finding("clusters", 9), parameters={"intervals_over": both}), 9)
    assert found.parameters["intervals_over"] == {"block_shapley": "cities", "leave_out": "people"}


def test_cities_with_many_friends_elsewhere_leave_what_friends_carry_unsure():
    world = World(citizens=300, seed=2)
    far = replace(world, ties=replace(world.ties, elsewhere=9.0))
    assert (depend(world), depend(far)) == (False, True)
    society = world.simulate()
    frame = pd.DataFrame({"friends_late": np.arange(300.0), "sex": ["f", "m"] * 150})
    dataset = Dataset.from_frame(frame, target=None, sensitive=["sex"])
    dataset = replace(dataset, of_others=("friends_late",))
    assert by_city(dataset, society).of_others == ()
    assert by_city(dataset, replace(society, world=far)).of_others == ("friends_late",)
