"""Every named world reproduces what is written of it in data/golden."""

import json
from pathlib import Path

import pytest

from credit_ml.core import InputError
from credit_ml.society import load_world, world_ids
from credit_ml.society.description.golden import (
    CITIZENS,
    moments,
    network_table,
    world_table,
    write_golden,
)

GOLDEN = Path(__file__).parents[2] / "data" / "golden"


@pytest.fixture(scope="module")
def stored():
    return {name: json.loads((GOLDEN / f"{name}.json").read_text()) for name in world_ids()}


def test_every_world_has_its_moments_and_nothing_else_does():
    assert sorted(path.stem for path in GOLDEN.iterdir()) == world_ids()


@pytest.mark.parametrize("name", world_ids())
def test_the_first_seed_reproduces_its_moments(name, stored):
    assert stored[name]["citizens"] == CITIZENS
    found = moments(load_world(name, citizens=CITIZENS, seed=1).simulate())
    expected = {moment: facts["seed_1"] for moment, facts in stored[name]["moments"].items()}
    # Processors differ in the last digits, which may move a citizen or two over a threshold.
    assert found == pytest.approx(expected, rel=1e-3, abs=1e-3)


@pytest.mark.parametrize("name", ["baseline", "segregated", "no_proxy"])
def test_another_seed_lies_within_the_spread(name, stored):
    found = moments(load_world(name, citizens=CITIZENS, seed=77).simulate())
    for moment, facts in stored[name]["moments"].items():
        # Five standard deviations, of which eight societies know each to a quarter or so.
        assert abs(found[moment] - facts["mean"]) <= 6 * facts["sd"] + 2e-3, moment


def test_what_each_world_is_for_can_be_read_off_its_moments(stored):
    def mean(world, moment):
        return stored[world]["moments"][moment]["mean"]

    for gap in ("kept", "trust", "log_income", "late_payments", "driver_stars", "bills_reported"):
        facts = stored["no_proxy"]["moments"][f"{gap}_rural_less_urban"]
        assert abs(facts["mean"]) < 4 * facts["sd"], gap
    assert mean("segregated", "dissimilarity_rural") > 0.6 > mean("baseline", "dissimilarity_rural")
    assert mean("homophilous", "homophily_rural") > 1.5 * mean("baseline", "homophily_rural")
    assert mean("unequal_reporting", "bills_reported_rural_less_urban") < -10
    assert mean("biased_raters", "driver_stars_rural_less_urban") < -0.3
    assert mean("critic_penalised", "critical_posts_critics_less_others") > 1
    assert mean("trust_by_place", "trust_among_districts") > 0.2
    assert mean("baseline", "trust_among_districts") < 0.01
    assert mean("baseline", "spending_unknown") > 0.1 > mean("pooled_bureau", "spending_unknown")
    assert mean("cleared_payments", "spending_unknown") == 0
    assert mean("deterrent", "kept") > mean("baseline", "kept") + 0.05
    assert mean("unjoined_records", "linked") < 0.65
    assert mean("close_knit", "clustering") > 3 * mean("baseline", "clustering")


def test_the_tables_of_the_readme_are_those_of_the_moments(stored):
    text = (GOLDEN.parent / "README.md").read_text()
    assert world_table(stored) in text
    assert network_table(stored) in text


def test_a_folder_without_a_place_for_the_tables_is_refused(tmp_path):
    (tmp_path / "README.md").write_text("nothing")
    with pytest.raises(InputError, match="has no place for the table 'worlds'"):
        write_golden(tmp_path)
