"""Distances are scipy's, and hold nothing where there is none."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from sklearn import metrics

from credit_ml.core import Dataset
from credit_ml.fairness import distribution_distances
from credit_ml.inference import People


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.floats(-2, 2))
def test_distances_are_scipys(row_of, seed, shift):
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
        row = row_of(found, measure=measure)
        assert row["estimate"] == pytest.approx(value, abs=1e-12)
        assert row["low"] <= row["estimate"] <= row["high"]


@pytest.mark.parametrize("cluster", [None, "place"])
def test_distances_of_nothing_hold_nothing(cluster, people):
    hits = dict.fromkeys(
        ("wasserstein", "kolmogorov_smirnov", "standardised_mean_difference", "auc"), 0
    )
    for seed in range(80):
        dataset, frame = people(300, seed, cluster=cluster)
        table = distribution_distances(frame["chance"], dataset).table
        for row in table.itertuples():
            hits[row.measure] += row.low <= (row.measure == "auc") / 2 <= row.high
    # 95 % less three standard errors of 80.
    assert min(hits.values()) >= 70


@pytest.mark.parametrize("cluster", [None, "place"])
def test_one_person_has_distances_without_intervals(cluster):
    frame = pd.DataFrame({"s": np.arange(40.0), "g": ["a"] + ["b"] * 39})
    frame["place"] = np.arange(40) % 10
    options = {"sensitive": ["g"], "context": ["place"], "cluster": cluster}
    dataset = Dataset.from_frame(frame, target=None, **options)
    found = distribution_distances(frame["s"], dataset).table.set_index("measure")
    for measure in ("wasserstein", "kolmogorov_smirnov", "standardised_mean_difference"):
        assert np.isfinite(found.loc[measure, "estimate"])
        assert np.isnan(found.loc[measure, "low"])
        assert found.loc[measure, "reason"] == "too few people to say how sure it is"


@pytest.mark.parametrize("shift", [0.0, 1.5, -3.0])
def test_the_error_of_a_standardised_difference_is_that_of_the_jackknife(shift):
    """Also of skewed scores, whose mean and spread err together."""
    random = np.random.default_rng(1)
    points = random.exponential(size=2000) + shift * (np.arange(2000) < 800)
    one = np.arange(2000) < 800
    frame = pd.DataFrame({"s": points, "g": np.where(one, "a", "b")})
    dataset = Dataset.from_frame(frame, target=None, sensitive=["g"])
    table = distribution_distances(points, dataset).table.set_index("measure")
    row = table.loc["standardised_mean_difference"]

    def effect(kept):
        a, b = points[kept & one], points[kept & ~one]
        return (a.mean() - b.mean()) / np.sqrt((a.var() + b.var()) / 2)

    everybody = np.ones(2000, dtype=bool)
    left = [effect(everybody & (np.arange(2000) != each)) for each in range(2000)]
    error = np.sqrt(sum((np.array(left) - np.mean(left)) ** 2) * 1999 / 2000)
    sign = 1 if row["reference_group"] == "b" else -1
    assert row["estimate"] == pytest.approx(sign * effect(everybody))
    assert (row["high"] - row["low"]) / 2 == pytest.approx(1.96 * error, rel=0.05)


def test_of_normal_scores_it_is_that_of_cohens_d():
    """Variance 1/n + 1/m + d^2 / (2 (n + m)) where both spreads are alike and n = m."""
    random = np.random.default_rng(2)
    shift, number, errors = 2.0, 20_000, {}
    for gap in (0.0, shift):
        points = np.concatenate([random.normal(gap, 1, number), random.normal(0, 1, number)])
        frame = pd.DataFrame({"s": points, "g": ["a"] * number + ["b"] * number})
        dataset = Dataset.from_frame(frame, target=None, sensitive=["g"])
        row = distribution_distances(points, dataset).table.set_index("measure")
        row = row.loc["standardised_mean_difference"]
        errors[gap] = ((row["high"] - row["low"]) / 2 / 1.96) ** 2
    assert errors[0.0] == pytest.approx(2 / number, rel=0.03)
    assert errors[shift] == pytest.approx(2 / number + shift**2 / (4 * number), rel=0.03)


def test_scores_that_are_all_alike_have_no_standardised_difference():
    frame = pd.DataFrame({"s": 1.0, "g": ["a", "b"] * 20})
    dataset = Dataset.from_frame(frame, target=None, sensitive=["g"])
    table = distribution_distances(frame["s"], dataset).table.set_index("measure")
    assert np.isnan(table["estimate"]["standardised_mean_difference"])
    assert table["reason"]["standardised_mean_difference"] == "it is not defined"
    assert table["estimate"]["wasserstein"] == table["estimate"]["kolmogorov_smirnov"] == 0.0


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 999), st.floats(0.1, 9), st.floats(-50, 50))
def test_of_a_new_unit_only_the_area_grows(seed, factor, shift):
    random = np.random.default_rng(seed)
    points = random.normal(size=80)
    frame = pd.DataFrame({"s": points, "g": random.choice(["a", "b"], 80)})
    dataset = Dataset.from_frame(frame, target=None, sensitive=["g"])
    one, two = (
        distribution_distances(values, dataset).table.set_index("measure")
        for values in (points, factor * points + shift)
    )
    ends = ["estimate", "low", "high"]
    np.testing.assert_allclose(
        two.loc["wasserstein", ends].astype(float),
        factor * one.loc["wasserstein", ends].astype(float),
        rtol=1e-6,
    )
    others = ["kolmogorov_smirnov", "standardised_mean_difference", "auc"]
    np.testing.assert_allclose(
        two.loc[others, ends].astype(float), one.loc[others, ends].astype(float), atol=1e-7
    )
    assert one.loc["kolmogorov_smirnov", "high"] <= 1


def test_the_margin_of_the_largest_gap_is_kolmogorovs():
    """Of many people, 1.358 sqrt(1/n + 1/m) holds the largest gap of pure noise in 95 of 100."""
    random = np.random.default_rng(3)
    points, number = random.random(4000), 4000
    frame = pd.DataFrame({"s": points, "g": ["a", "b"] * 2000})
    dataset = Dataset.from_frame(frame, target=None, sensitive=["g"])
    table = distribution_distances(points, dataset).table.set_index("measure")
    row = table.loc["kolmogorov_smirnov"]
    margin = row["high"] - row["estimate"]
    assert margin == pytest.approx(1.358 * np.sqrt(4 / number), rel=0.1)
    # Of bridges that were drawn at 5,000 points, 95 in 100 have an area |b| below 0.58.
    area = table.loc["wasserstein"]
    assert area["high"] - area["estimate"] == pytest.approx(0.58 * np.sqrt(4 / number), rel=0.12)
    assert table["people"].eq(2000).all()


def test_findings_of_distances_say_what_they_are():
    frame = pd.DataFrame({"s": range(40), "g": ["a"] * 15 + ["b"] * 25})
    dataset = Dataset.from_frame(frame, target=None, sensitive=["g"])
    found = distribution_distances(frame["s"], dataset, intervals=0.8)
    assert found.title == "How far the groups' scores lie apart"
    assert found.parameters == {"intervals": 0.8, "intervals_over": "people"}
    assert (found.table["quantity"] == "distance").all()
    assert (found.table["people"] == 15).all()
    turned = distribution_distances(frame["s"], dataset, reference_groups="a")
    assert set(turned.table["group"]) == {"b"}


@pytest.mark.parametrize("cluster", [None, "place"])
@pytest.mark.parametrize("weights", [None, "persons"])
def test_distances_of_people_with_weights_are_those_of_the_weighed_functions(
    people, row_of, cluster, weights
):
    _, frame = people(220, 4, shift=0.6)
    frame["chance"] = frame["chance"].round(2)
    frame["persons"] = 0.5 + frame.index % 3
    data = Dataset.from_frame(
        frame, target="paid", sensitive=["sex"], context=["place"], cluster=cluster, weights=weights
    )
    points, own = frame["chance"].to_numpy(), People.of(data).each
    women = (frame["sex"] == "f").to_numpy()
    found, who = (
        distribution_distances(points, data, reference_groups={"sex": "m"}),
        People.of(data),
    )
    asked = {"u_values": points[women], "v_values": points[~women]}
    area = stats.wasserstein_distance(**asked, u_weights=own[women], v_weights=own[~women])
    cuts = np.unique(points)
    shares = [
        np.array([own[part & (points <= cut)].sum() for cut in cuts]) / own[part].sum()
        for part in (women, ~women)
    ]
    means = [np.average(points[part], weights=own[part]) for part in (women, ~women)]
    spreads = [
        np.average((points[part] - mean) ** 2, weights=own[part])
        for part, mean in zip((women, ~women), means, strict=True)
    ]
    pooled = np.sqrt(np.mean(spreads))
    for measure, value in (
        ("wasserstein", area),
        ("kolmogorov_smirnov", np.abs(shares[0] - shares[1]).max()),
        ("standardised_mean_difference", (means[0] - means[1]) / pooled),
    ):
        row = row_of(found, measure=measure)
        assert row["estimate"] == pytest.approx(value), measure
        assert row["people"] == women.sum()
        assert row["over"] == ("clusters" if cluster else "people")
        assert row[["sensitive", "group", "reference_group"]].tolist() == ["sex", "f", "m"]
    facts = who.auc(points, women).facts()
    row = row_of(found, measure="auc")
    for column in ("estimate", "low", "high"):
        assert row[column] == pytest.approx(facts[column])

    # What each person adds to the standardised difference is its derivative by the weight.
    def standardised(weight):
        part = [np.average(points[p], weights=weight[p]) for p in (women, ~women)]
        far = [
            np.average((points[p] - m) ** 2, weights=weight[p])
            for p, m in zip((women, ~women), part, strict=True)
        ]
        return (part[0] - part[1]) / np.sqrt(np.mean(far))

    steps = np.eye(220) * 1e-6
    pull = own * [(standardised(own + each) - standardised(own - each)) / 2e-6 for each in steps]
    ends = who.from_influence(standardised(own), pull, parts=(women, ~women)).interval()
    row = row_of(found, measure="standardised_mean_difference")
    assert row[["low", "high"]].tolist() == pytest.approx(list(ends), rel=1e-5)


def test_over_clusters_noise_of_a_distance_is_at_least_that_over_people(people, row_of):
    """Neighbours of one score are as one: few clusters make wide ends, and the larger counts."""
    frame = pd.DataFrame({"s": np.repeat(np.arange(12.0) % 7, 20), "g": list("abba") * 60})
    frame["place"] = np.repeat(np.arange(12), 20)
    data = Dataset.from_frame(frame, target=None, sensitive=["g"], cluster="place")
    over, alone = (distribution_distances(frame["s"], data, over=o) for o in ("clusters", "people"))
    for measure in ("wasserstein", "kolmogorov_smirnov"):
        one, other = row_of(over, measure=measure), row_of(alone, measure=measure)
        assert one["estimate"] == other["estimate"]
        assert one["high"] >= other["high"]
        assert (one["clusters"], other["clusters"]) == (12, 0)
    shared = pd.DataFrame({"s": frame["s"], "g": np.where(frame["place"] < 6, "a", "b")})
    shared["place"] = frame["place"]
    apart = Dataset.from_frame(shared, target=None, sensitive=["g"], cluster="place")
    over, alone = (
        distribution_distances(shared["s"], apart, over=o) for o in ("clusters", "people")
    )
    for measure in ("wasserstein", "kolmogorov_smirnov"):
        one, other = row_of(over, measure=measure), row_of(alone, measure=measure)
        # Of six clusters each, not of a hundred and twenty people: about four times as wide.
        wider = (one["high"] - one["estimate"]) / (other["high"] - other["estimate"])
        assert 3 < wider < 6 or one["high"] == 1.0


def test_whoever_is_compared_is_named_and_only_those_asked_for(people, row_of):
    frame = pd.DataFrame({"s": range(60), "g": list("aab") * 20, "h": list("cd") * 30})
    data = Dataset.from_frame(frame, target=None, sensitive=["g", "h"])
    found = distribution_distances(frame["s"], data, sensitive="h", intervals=0.9)
    assert set(found.table["sensitive"]) == {"h"}
    wide = distribution_distances(frame["s"], data)
    assert wide.table["sensitive"].unique().tolist() == ["g", "h"]
    one = row_of(found, measure="auc")
    other = row_of(wide, measure="auc", sensitive="h")
    assert one["high"] - one["low"] < other["high"] - other["low"]
    assert row_of(wide, measure="auc", sensitive="g")["people"] == 20
