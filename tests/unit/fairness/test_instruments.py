"""Calibration, distances, ranking, conditional disparity, impact and costs: closed forms, nulls."""

import json

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from sklearn import metrics

from credit_ml.core import Dataset, InputError, TableError
from credit_ml.fairness import (
    Calibration,
    adverse_impact,
    calibration,
    conditional_disparity,
    distribution_distances,
    error_costs,
    ranking,
    shrunken_rates,
)
from credit_ml.inference import People


def _people(rows=800, seed=0, shift=0.0, cluster=None):
    random = np.random.default_rng(seed)
    sex = random.choice(["f", "m"], rows, p=[0.4, 0.6])
    chance = 1 / (1 + np.exp(-random.normal(shift * (sex == "f"), 1.0, rows)))
    frame = pd.DataFrame(
        {
            "chance": chance.astype("float32").astype(float),
            "job": random.choice(["desk", "field", "none"], rows),
            "sex": sex,
            "paid": (random.random(rows) < chance).astype(int),
            "place": random.integers(0, 40, rows),
        }
    )
    return Dataset.from_frame(
        frame, target="paid", sensitive=["sex"], context=["job", "place"], cluster=cluster
    ), frame


def _of(found, **where):
    rows = found.table
    for column, value in where.items():
        rows = rows[rows[column] == value]
    assert len(rows) == 1, rows
    return rows.iloc[0]


@pytest.mark.parametrize("cluster", [None, "place"])
def test_true_probabilities_are_calibrated(cluster):
    errors, slopes = 0, 0
    for seed in range(60):
        dataset, frame = _people(400, seed, cluster=cluster)
        found = calibration(frame["chance"], dataset, bins=5)
        error = _of(found, measure="expected_calibration_error", sensitive="overall")
        slope = _of(found, measure="slope", sensitive="overall")
        errors += error["low"] == 0
        slopes += slope["low"] <= 1 <= slope["high"]
    # 95 % less three standard errors of 60.
    assert errors >= 52
    assert slopes >= 52


def test_calibration_is_what_its_words_say():
    dataset, frame = _people(500)
    found = calibration(frame["chance"], dataset, bins=4)
    women = frame[frame["sex"] == "f"]
    place = pd.qcut(women["chance"], 4, labels=False)
    miss = (women["paid"] - women["chance"]).groupby(place).sum()
    of = {"sensitive": "sex", "group": "f"}
    error = _of(found, measure="expected_calibration_error", **of)["estimate"]
    assert error == pytest.approx(miss.abs().sum() / len(women))
    whole = _of(found, measure="in_the_large", **of)["estimate"]
    assert whole == pytest.approx((women["paid"] - women["chance"]).mean())
    balance = _of(found, measure="balance_kept", **of)["estimate"]
    assert balance == pytest.approx(women["chance"][women["paid"] == 1].mean())
    bins = found.table[(found.table["measure"] == "reliability") & (found.table["group"] == "f")]
    assert bins["people"].sum() == len(women)
    assert bins["people"].max() - bins["people"].min() <= 1
    # Twice too extreme: half the slope.
    odds = np.log(frame["chance"] / (1 - frame["chance"]))
    extreme = calibration(1 / (1 + np.exp(-2 * odds)), dataset)
    plain = _of(found, measure="slope", **of)["estimate"]
    assert _of(extreme, measure="slope", **of)["estimate"] == pytest.approx(plain / 2)


def test_a_stored_calibration_draws_the_same_figure():
    dataset, frame = _people(200)
    found = calibration(frame["chance"], dataset)
    again = Calibration.from_dict(json.loads(json.dumps(found.to_dict(), allow_nan=False)))
    one, other = found.plot(), again.plot()
    assert (one.lines[0].get_xdata() == other.lines[0].get_xdata()).all()
    assert found.metrics() == again.metrics()
    with pytest.raises(TableError, match="'sx' is absent; did you mean 'sex'"):
        found.plot(sensitive="sx")
    with pytest.raises(InputError, match="bins: is 1"):
        calibration(frame["chance"], dataset, bins=1)


def test_probabilities_of_zero_and_one_have_no_slope():
    dataset, frame = _people(100)
    found = calibration((frame["chance"] > 0.5).astype(float), dataset)
    assert np.isnan(_of(found, measure="slope", sensitive="overall")["estimate"])


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.floats(-2, 2))
def test_distances_are_scipys(seed, shift):
    random = np.random.default_rng(seed)
    scores = np.round(random.normal(size=60) + shift * (np.arange(60) < 25), 1)
    frame = pd.DataFrame({"s": scores, "g": ["a"] * 25 + ["b"] * 35})
    dataset = Dataset.from_frame(frame, target=None, sensitive=["g"])
    found = distribution_distances(scores, dataset)
    one, two = scores[:25], scores[25:]
    expected = {
        "wasserstein": stats.wasserstein_distance(one, two),
        "kolmogorov_smirnov": stats.ks_2samp(one, two).statistic,
        "standardised_mean_difference": (one.mean() - two.mean())
        / np.sqrt((one.var() + two.var()) / 2),
        "auc": metrics.roc_auc_score(np.arange(60) < 25, scores),
    }
    for measure, value in expected.items():
        row = _of(found, measure=measure)
        assert row["estimate"] == pytest.approx(value, abs=1e-12)
        assert row["low"] <= row["estimate"] <= row["high"]


@pytest.mark.parametrize("cluster", [None, "place"])
def test_distances_of_nothing_hold_nothing(cluster):
    hits = dict.fromkeys(
        ("wasserstein", "kolmogorov_smirnov", "standardised_mean_difference", "auc"), 0
    )
    for seed in range(80):
        dataset, frame = _people(300, seed, cluster=cluster)
        table = distribution_distances(frame["chance"], dataset).table
        for row in table.itertuples():
            hits[row.measure] += row.low <= (row.measure == "auc") / 2 <= row.high
    # 95 % less three standard errors of 80.
    assert min(hits.values()) >= 70


def test_cross_group_auc_is_the_share_of_pairs():
    dataset, frame = _people(200, shift=1.0)
    found = ranking(frame["chance"], dataset)
    kept, women = frame["paid"] == 1, frame["sex"] == "f"
    chance = frame["chance"].to_numpy()

    def share(upper, lower):
        gap = chance[upper][:, None] - chance[lower]
        return ((gap > 0) + (gap == 0) / 2).mean()

    values = {
        ("f", "m"): share(women & kept, ~women & ~kept),
        ("m", "f"): share(~women & kept, women & ~kept),
    }
    for (group, other), value in values.items():
        row = _of(found, measure="xauc", group=group, reference_group=other)
        assert row["estimate"] == pytest.approx(value)
    own = _of(found, measure="auc", group="f")["estimate"]
    assert own == pytest.approx(share(women & kept, women & ~kept))
    row = _of(found, measure="xauc_difference")
    assert row["estimate"] == pytest.approx(values["f", "m"] - values["m", "f"])
    assert row["low"] < row["estimate"] < row["high"]
    assert found.plot(measure="xauc").get_xlabel().startswith("xauc")


@pytest.mark.parametrize("cluster", [None, "place"])
def test_what_the_strata_make_is_explained(cluster):
    # Jobs decide; women hold other jobs: everything is explained, and nothing is left.
    random = np.random.default_rng(2)
    dataset, frame = _people(4000, cluster=cluster)
    desk = random.random(4000) < np.where(frame["sex"] == "f", 0.2, 0.7)
    decisions = random.random(4000) < np.where(desk, 0.8, 0.3)
    found = conditional_disparity(decisions, dataset, sensitive="sex", given=desk)
    by = found.table[found.table["stratum"] == ""].set_index("quantity")
    assert by.loc["difference", "estimate"] == pytest.approx(-0.25, abs=0.05)
    parts = by.loc["explained", "estimate"] + by.loc["unexplained", "estimate"]
    assert parts == pytest.approx(by.loc["difference", "estimate"])
    for quantity in ("unexplained", "conditional_difference", "conditional_demographic_disparity"):
        assert by.loc[quantity, "low"] <= 0 <= by.loc[quantity, "high"]
    assert by.loc["demographic_disparity", "low"] > 0


def test_one_stratum_explains_nothing():
    dataset, frame = _people(500)
    decisions = frame["chance"] > 0.5
    found = conditional_disparity(decisions, dataset, sensitive="sex", given=np.zeros(500))
    numbers = found.metrics()
    assert numbers["conditional.explained.sex.f"] == pytest.approx(0)
    rates = decisions.groupby(frame["sex"]).mean()
    for part in ("difference", "conditional_difference", "unexplained"):
        assert numbers[f"conditional.{part}.sex.f"] == pytest.approx(rates["f"] - rates["m"])
    women = frame["sex"] == "f"
    disparity = women[~decisions].mean() - women[decisions].mean()
    assert numbers["conditional.demographic_disparity.sex.f"] == pytest.approx(disparity)
    assert len(found.plot().get_yticklabels()) == 6


def test_a_stratum_without_one_group_is_left_out():
    dataset, frame = _people(300)
    men_only = np.where(frame["sex"] == "f", "b", np.where(np.arange(300) % 2, "a", "b"))
    found = conditional_disparity(frame["chance"] > 0.5, dataset, sensitive="sex", given=men_only)
    chosen, women = frame["chance"] > 0.5, frame["sex"] == "f"
    within = chosen[women].mean() - chosen[~women & (men_only == "b")].mean()
    row = found.metrics()["conditional.conditional_difference.sex.f"]
    assert row == pytest.approx(within)
    with pytest.raises(TableError, match="'jb' is absent; did you mean 'job'"):
        conditional_disparity(chosen, dataset, sensitive="sex", given="jb")


def test_adverse_impact_tests_and_speaks():
    groups = {"a": (100, 80), "b": (100, 50), "c": (40, 30), "d": (5, 1)}
    names = np.repeat(list(groups), [number for number, _ in groups.values()])
    frame = pd.DataFrame({"x": range(245), "g": names})
    dataset = Dataset.from_frame(frame, target=None, sensitive=["g"])
    selected = np.concatenate(
        [np.arange(n) < k for n, k in ((100, 80), (100, 50), (40, 30), (5, 1))]
    )
    found = adverse_impact(selected, dataset)
    assert found.adverse["group"].tolist() == ["b"]
    row = _of(found, group="b")
    others = 111 / 145
    pooled = 161 / 245
    z = (0.5 - others) / np.sqrt(pooled * (1 - pooled) * (1 / 100 + 1 / 145))
    assert row["p_value"] == pytest.approx(2 * stats.norm.sf(-z))
    assert row["ratio"] == pytest.approx(50 / 80)
    few = _of(found, group="d")
    assert few["test"] == "fisher"
    assert few["p_value"] == pytest.approx(stats.fisher_exact([[4, 1], [80, 160]])[1])
    assert not few["spoken"]
    # Drawn towards the others, and less certain of itself than they are.
    assert few["rate"] < few["estimate"] < 0.8
    assert few["high"] - few["low"] > row["high"] - row["low"]
    assert found.plot().get_xlabel().startswith("selection rate")


def test_the_test_over_clusters_never_says_more():
    dataset, frame = _people(1000, cluster="place")
    decisions = frame["chance"] > np.where(frame["sex"] == "f", 0.55, 0.45)
    over, alone = (
        _of(adverse_impact(decisions, dataset, over=how), group="f")
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


def test_costs_are_those_of_the_mistakes():
    dataset, frame = _people(300)
    found = error_costs(
        frame["chance"], dataset, thresholds=[0.0, 0.4, 2.0], cost_false_positive=3,
        cost_false_negative=1,
    )  # fmt: skip
    women, kept = frame["sex"] == "f", frame["paid"] == 1
    selected = frame["chance"] >= 0.4
    expected = (3 * (selected & ~kept) + (~selected & kept))[women].mean()
    assert _of(found, group="f", threshold=0.4)["estimate"] == pytest.approx(expected)
    # Everybody selected, nobody selected.
    everybody = _of(found, sensitive="overall", threshold=0.0)["estimate"]
    assert everybody == pytest.approx(3 * (~kept).mean())
    assert _of(found, sensitive="overall", threshold=2.0)["estimate"] == pytest.approx(kept.mean())
    assert set(found.cheapest["group"]) == {"all", "f", "m"}
    assert len(found.plot().get_lines()) == 2
    with pytest.raises(InputError, match="cost_false_positive: is -1"):
        error_costs(frame["chance"], dataset, cost_false_positive=-1)


@pytest.mark.parametrize("cluster", [None, "place"])
def test_costs_have_the_intervals_of_a_mean(cluster):
    dataset, frame = _people(300, cluster=cluster)
    found = error_costs(frame["chance"], dataset, thresholds=[0.4], cost_false_positive=3)
    selected, kept = frame["chance"] >= 0.4, frame["paid"] == 1
    costs = (3.0 * (selected & ~kept) + (~selected & kept)).to_numpy()
    row = _of(found, sensitive="overall")
    mean = People.of(dataset).mean(costs)
    expected = [float(mean), *mean.interval()]
    np.testing.assert_allclose(row[["estimate", "low", "high"]].astype(float), expected)


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


def test_numbers_as_a_sensitive_feature_offer_bands():
    frame = pd.DataFrame({"x": range(41), "age": range(20, 61)})
    with pytest.raises(TableError, match=r"bands\(frame\['age'\], \[30\.0, 40\.0, 50\.0\]\)"):
        Dataset.from_frame(frame, target=None, sensitive=["age"])
