"""Four fifths, with tests and shrunken rates."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from credit_ml.core import Dataset, InputError, TableError
from credit_ml.fairness import adverse_impact, audit
from credit_ml.inference import People, adjusted, equal_shares_test, shrunken_rates


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
    frame = pd.DataFrame({"x": np.arange(len(names)) % 7, "g": names})
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
    frame = pd.DataFrame({"x": np.arange(3000) % 7, "g": group, "d": district})
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


def _weighed(weights, cluster=None, size=400):
    random = np.random.default_rng(8)
    frame = pd.DataFrame(
        {
            "x": range(size),
            "g": random.choice(list("abc"), size, p=[0.5, 0.3, 0.2]),
            "d": random.integers(0, 25, size),
            "persons": weights(random, size),
        }
    )
    chosen = random.random(size) < np.where(frame["g"] == "a", 0.6, 0.45)
    data = Dataset.from_frame(frame, target=None, sensitive=["g"], weights="persons", cluster="d")
    return data, frame, chosen


@pytest.mark.parametrize(
    "weights",
    [
        lambda random, size: random.gamma(2.0, 3.0, size),
        lambda random, size: random.integers(0, 4, size).astype(float),
    ],
)
def test_people_with_weights_count_as_many_as_would_be_as_uncertain(row_of, weights):
    """Tests and the prior take a share p of variance v as of p (1 - p) / v people."""
    data, frame, chosen = _weighed(weights)
    people = People.of(data, over="people")
    found = adverse_impact(chosen, data, over="people", intervals=0.9)

    def counts(who):
        share = people.share(chosen, who)
        number = float(share.value * (1 - share.value) / share.variance)
        return float(share.value) * number, number

    groups = [(frame["g"] == name).to_numpy() for name in "abc"]
    own = np.array([counts(who) for who in groups])
    shrunken = shrunken_rates(own[:, 0], own[:, 1], level=0.9)
    rates = own[:, 0] / own[:, 1]
    for place, (name, who) in enumerate(zip("abc", groups, strict=True)):
        row = row_of(found, group=name)
        assert row["rate"] == pytest.approx(rates[place])
        assert row["reference_rate"] == pytest.approx(rates.max())
        assert row["ratio"] == pytest.approx(rates[place] / rates.max())
        assert row["people"] == (who & (frame["persons"] > 0)).sum()
        for column, numbers in zip(("estimate", "low", "high"), shrunken, strict=True):
            assert row[column] == pytest.approx(numbers[place], rel=1e-3)
        both = np.array([own[place], counts(~who)])
        test, p_value = equal_shares_test(both[:, 0], both[:, 1], alternative="less")
        assert row["test"] == test == "z"
        assert row["p_value"] == pytest.approx(p_value, rel=1e-6)


def test_over_clusters_weights_count_in_the_test_too(row_of):
    data, frame, chosen = _weighed(lambda random, size: random.gamma(2.0, 3.0, size))
    people = People.of(data)
    found, alone = (adverse_impact(chosen, data, over=over) for over in ("clusters", "people"))
    assert set(found.table["test"]) == {"t"}
    assert found.parameters["intervals_over"] == "clusters"
    for name in "abc":
        who = (frame["g"] == name).to_numpy()
        gap = people.share(chosen, who) - people.share(chosen, ~who)
        moved = float(gap.value) / gap.error(over="clusters")
        freedom = float(gap.free(clustered=True))
        row = row_of(found, group=name)
        wanted = max(stats.t.cdf(moved, freedom), row_of(alone, group=name)["p_value"])
        # Degrees of freedom there take sums of weights as numbers of people.
        assert row["p_value"] == pytest.approx(wanted, rel=0.3)


def test_groups_in_which_all_are_selected_or_none_keep_their_weight(row_of):
    """A share of 0 or 1 shows no spread: its people count as what their weights are worth."""
    frame = pd.DataFrame({"x": range(90), "g": ["a"] * 40 + ["b"] * 50})
    frame["persons"] = 1.0 + frame["x"] % 3
    data = Dataset.from_frame(frame, target=None, sensitive=["g"], weights="persons")
    found = adverse_impact(frame["g"] == "a", data)
    own = [frame["persons"][frame["g"] == name] for name in "ab"]
    sizes = np.array([each.sum() ** 2 / (each**2).sum() for each in own])
    mean, low, high = shrunken_rates(np.array([sizes[0], 0.0]), sizes)
    for place, name in enumerate("ab"):
        row = row_of(found, group=name)
        assert row[["estimate", "low", "high"]].tolist() == pytest.approx(
            [mean[place], low[place], high[place]], rel=1e-3, abs=1e-6
        )
        test, p_value = equal_shares_test(
            [0.0, sizes[0]][:: 1 if name == "b" else -1],
            sizes[:: -1 if name == "b" else 1],
            alternative="less",
        )
        assert row["test"] == test
        assert row["p_value"] == pytest.approx(p_value, abs=1e-12)


def test_what_an_impact_says_of_itself(row_of):
    frame = pd.DataFrame({"x": range(200), "g": list("ab") * 100, "h": ["c"] * 100 + ["d"] * 100})
    data = Dataset.from_frame(frame, target=None, sensitive=["g", "h"])
    chosen = (frame["g"] == "a") | (frame["x"] % 3 == 0)
    found = adverse_impact(chosen, data, small=7, intervals=0.9)
    assert found.title == "Four fifths of the most selected group's rate, and whether it is chance"
    assert found.parameters == {"small": 7, "intervals": 0.9, "intervals_over": "people"}
    assert any("fewer than 7 people" in note for note in found.notes)
    assert found.table["sensitive"].unique().tolist() == ["g", "h", "g x h"]
    assert set(found.table["measure"]) == {"shrunken_selection_rate"}
    asked = {"sensitive": "g", "group": "b"}
    row, best = row_of(found, **asked), row_of(found, sensitive="g", group="a")
    assert (row["reference_group"], best["reference_group"]) == ("a", "")
    holm, hochberg = adjusted(found.table["p_value"].to_numpy())
    assert found.table["p_holm"].tolist() == pytest.approx(holm.tolist())
    assert found.table["p_benjamini_hochberg"].tolist() == pytest.approx(hochberg.tolist())
    assert found.adverse["group"].tolist() == ["b", "b x c", "b x d"]
    assert set(adverse_impact(chosen, data, intersections=False).table["sensitive"]) == {"g", "h"}
    assert set(adverse_impact(chosen, data, sensitive="h").table["sensitive"]) == {"h"}
    few = adverse_impact(chosen, data, small=60, intersections=True)
    assert few.table["spoken"].tolist() == [True] * 4 + [False] * 4
    assert few.adverse["group"].tolist() == ["b"]
    # A sure shortfall above four fifths is none, nor an unsure one below.
    near = adverse_impact((frame["g"] == "a") | (frame["x"] % 20 > 1), data, sensitive="g")
    assert near.adverse.empty
    assert row_of(near, group="b")["ratio"] > 0.8
    none = adverse_impact(np.zeros(200), data, sensitive="g")
    assert none.table["ratio"].isna().all()
    assert (none.table["reference_rate"] == 0).all()


def test_a_feature_of_one_group_has_nobody_to_be_tested_against(row_of):
    frame = pd.DataFrame({"x": range(30), "g": ["a"] * 30})
    data = Dataset.from_frame(frame, target=None, sensitive=["g"])
    row = row_of(adverse_impact(frame["x"] % 2 == 0, data), group="a")
    assert row["test"] == ""
    assert np.isnan(row["p_value"])
    assert row["ratio"] == 1.0


@pytest.mark.parametrize(("chosen", "best"), [([1, 1, 0, 0, 0, 0], "f"), ([0, 0, 1, 1, 1, 0], "m")])
def test_among_small_groups_alone_the_most_selected_is_the_reference(row_of, chosen, best):
    frame = pd.DataFrame({"x": range(6), "sex": list("ffmmmm")})
    found = adverse_impact(chosen, Dataset.from_frame(frame, target=None, sensitive=["sex"]))
    assert row_of(found, group=best)["reference_group"] == ""
    other = row_of(found, group="fm".replace(best, ""))
    assert other["reference_group"] == best
    assert other["reference_rate"] == row_of(found, group=best)["rate"]
