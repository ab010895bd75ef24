"""Four fifths, with tests and shrunken rates."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from credit_ml.core import Dataset, InputError, TableError
from credit_ml.fairness import adverse_impact, audit
from credit_ml.inference import People, shrunken_rates


def test_adverse_impact_tests_and_speaks(row_of):
    groups = {"a": (100, 80), "b": (100, 50), "c": (40, 30), "d": (5, 1)}
    names = np.repeat(list(groups), [number for number, _ in groups.values()])
    frame = pd.DataFrame({"x": range(245), "g": names})
    dataset = Dataset.from_frame(frame, target=None, sensitive=["g"])
    selected = np.concatenate(
        [np.arange(n) < k for n, k in ((100, 80), (100, 50), (40, 30), (5, 1))]
    )
    found = adverse_impact(selected, dataset)
    assert found.adverse["group"].tolist() == ["b"]
    row = row_of(found, group="b")
    others = 111 / 145
    pooled = 161 / 245
    z = (0.5 - others) / np.sqrt(pooled * (1 - pooled) * (1 / 100 + 1 / 145))
    assert row["p_value"] == pytest.approx(stats.norm.cdf(z))
    assert row["ratio"] == pytest.approx(50 / 80)
    few = row_of(found, group="d")
    assert few["test"] == "fisher"
    assert few["p_value"] == pytest.approx(
        stats.fisher_exact([[4, 1], [80, 160]], alternative="greater")[1]
    )
    assert not few["spoken"]
    # Drawn towards the others, and less certain of itself than they are.
    assert few["rate"] < few["estimate"] < 0.8
    assert few["high"] - few["low"] > row["high"] - row["low"]
    assert found.plot().get_xlabel().startswith("selection rate")


def test_the_test_over_clusters_never_says_more(people, row_of):
    dataset, frame = people(1000, cluster="place")
    decisions = frame["chance"] > np.where(frame["sex"] == "f", 0.55, 0.45)
    over, alone = (
        row_of(adverse_impact(decisions, dataset, over=how), group="f")
        for how in ("clusters", "people")
    )
    assert over["test"] == "t"
    assert alone["test"] == "z"
    assert over["p_value"] >= alone["p_value"]


def test_rates_are_shrunken_to_their_groups_mean():
    random = np.random.default_rng(1)
    true = random.beta(20, 30, 60)
    people = random.integers(5, 40, 60)
    selected = random.binomial(people, true)
    mean, low, high = shrunken_rates(selected, people, level=0.9)
    assert np.mean((mean - true) ** 2) < 0.5 * np.mean((selected / people - true) ** 2)
    assert 0.8 < ((low <= true) & (true <= high)).mean() <= 1


def test_missing_sensitive_values_can_be_a_group():
    frame = pd.DataFrame({"x": range(6), "sex": ["f", None, "m", "f", "m", None], "n": range(6)})
    with pytest.raises(TableError, match=r"missing in 2 rows; drop .*missing_sensitive='group'"):
        Dataset.from_frame(frame, target=None, sensitive=["sex"])
    options = {"target": None, "sensitive": ["sex"], "missing_sensitive": "group"}
    dataset = Dataset.from_frame(frame, **options)
    assert dataset.sensitive["sex"].tolist() == ["f", "(missing)", "m", "f", "m", "(missing)"]
    table = adverse_impact([1, 0, 1, 1, 0, 0], dataset, small=1).table
    assert set(table["group"]) == {"f", "m", "(missing)"}
    with pytest.raises(InputError, match="did you mean 'group'"):
        Dataset.from_frame(frame, target=None, sensitive=["sex"], missing_sensitive="groups")


@pytest.mark.parametrize("chosen", [True, False])
def test_all_selected_or_nobody_is_no_adverse_impact(chosen):
    frame = pd.DataFrame({"x": range(300), "sex": np.tile(["f", "m", "m"], 100)})
    dataset = Dataset.from_frame(frame, target=None, sensitive="sex")
    found = adverse_impact(np.full(300, chosen), dataset)
    assert found.adverse.empty
    known = found.table.dropna(subset=["low"])
    assert (known["low"] <= known["estimate"]).all()
    assert (known["estimate"] <= known["high"]).all()


@pytest.mark.parametrize("groups", [2, 5, 10, 20])
def test_among_equal_groups_false_alarms_are_as_rare_as_said(groups):
    random = np.random.default_rng(groups)
    names = np.repeat(np.arange(groups), 60).astype(str)
    frame = pd.DataFrame({"x": range(len(names)), "g": names})
    dataset = Dataset.from_frame(frame, target=None, sensitive="g")
    tested, short = 0, 0
    for _ in range(300):
        selected = random.random(len(frame)) < 0.4
        tested += (adverse_impact(selected, dataset).table["p_holm"] < 0.05).any()
        fifths = audit(selected, dataset, metrics=["selection_rate"]).four_fifths
        short += (fifths["high"] < 1).any()
    # Within three standard errors of 5 %; intervals of all pairs may be a little wide.
    assert 0.012 < tested / 300 < 0.088
    assert short / 300 < 0.088


def test_one_person_has_a_rate(row_of):
    frame = pd.DataFrame({"x": range(81), "g": ["a"] * 40 + ["b"] * 40 + ["c"]})
    dataset = Dataset.from_frame(frame, target=None, sensitive="g")
    row = row_of(adverse_impact(frame["x"] % 2 == 0, dataset), group="c")
    assert row["rate"] == 1.0
    assert not row["spoken"]


def test_an_impact_is_tracked_by_ratio_and_adjusted_chance(row_of):
    frame = pd.DataFrame({"x": range(200), "sex": ["f"] * 100 + ["m"] * 100})
    dataset = Dataset.from_frame(frame, target=None, sensitive=["sex"])
    found = adverse_impact(frame["x"] % 100 < 40 + 30 * (frame["x"] > 99), dataset)
    names = found.metrics()
    assert set(names) == {
        f"impact.{measure}.sex.{sex}" for measure in ("ratio", "p_holm") for sex in "fm"
    }
    assert names["impact.ratio.sex.f"] == pytest.approx(40 / 70)
    assert names["impact.p_holm.sex.f"] == row_of(found, group="f")["p_holm"]
    assert row_of(found, group="f")["reference_group"] == "m"
    assert row_of(found, group="m")["reference_group"] == ""
    assert row_of(found, group="f")["reference_rate"] == pytest.approx(0.7)
    assert found.title.startswith("Four fifths")
    assert found.parameters["small"] == 30
    assert "fewer than 30 people" in found.notes[0]


@pytest.mark.parametrize("small", [0, True, 2.5, "3"])
def test_a_small_group_has_at_least_one_person(small):
    frame = pd.DataFrame({"x": range(4), "sex": list("ffmm")})
    dataset = Dataset.from_frame(frame, target=None, sensitive=["sex"])
    with pytest.raises(InputError, match=r"^small: is .*give at least 1"):
        adverse_impact([0, 1, 0, 1], dataset, small=small)


def test_where_no_group_is_large_enough_the_most_selected_of_all_is_the_reference(row_of):
    frame = pd.DataFrame({"x": range(6), "sex": list("ffmmmm")})
    dataset = Dataset.from_frame(frame, target=None, sensitive=["sex"])
    chosen = [1, 1, 1, 0, 0, 0]
    found = adverse_impact(chosen, dataset)
    assert row_of(found, group="m")["reference_group"] == "f"
    assert not found.table["spoken"].any()
    # A group of just enough people is spoken of, and may be the reference alone.
    found = adverse_impact(chosen, dataset, small=4)
    assert row_of(found, group="f")["reference_group"] == "m"
    assert row_of(found, group="m")["spoken"]
    assert row_of(found, group="f")["ratio"] == pytest.approx(4.0)
    assert found.adverse.empty


def test_over_clusters_the_test_is_that_of_the_gap_to_everybody_else(row_of):
    random = np.random.default_rng(4)
    district = random.integers(0, 30, 3000)
    group = np.array(["a", "b", "c"])[random.integers(0, 3, 3000)]
    frame = pd.DataFrame({"x": range(3000), "g": group, "d": district})
    dataset = Dataset.from_frame(frame, target=None, sensitive=["g"], cluster="d")
    chosen = random.random(3000) < 0.4 + 0.1 * (group == "a") + 0.01 * (district % 10)
    found, people = adverse_impact(chosen, dataset), People.of(dataset)
    for name in "abc":
        gap = people.share(chosen, group == name) - people.share(chosen, group != name)
        tail = gap.p_value(over="clusters") / 2
        row = row_of(found, group=name)
        assert row["test"] == "t"
        assert row["p_value"] >= (tail if gap.value < 0 else 1 - tail) - 1e-12
    row = row_of(found, group="c")
    gap = people.share(chosen, group == "c") - people.share(chosen, group != "c")
    assert row["p_value"] == pytest.approx(gap.p_value(over="clusters") / 2)
