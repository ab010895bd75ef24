"""Calibration is what its words say, and nothing is found where nothing is."""

import json

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import special

from credit_ml.core import Dataset, InputError, TableError
from credit_ml.fairness import Calibration, calibration
from credit_ml.inference import People


@pytest.mark.parametrize("cluster", [None, "place"])
def test_true_probabilities_are_calibrated(cluster, people, row_of):
    errors, slopes = 0, 0
    for seed in range(60):
        dataset, frame = people(400, seed, cluster=cluster)
        found = calibration(frame["chance"], dataset, bins=5)
        error = row_of(found, measure="expected_calibration_error", sensitive="overall")
        slope = row_of(found, measure="slope", sensitive="overall")
        errors += error["low"] == 0
        slopes += slope["low"] <= 1 <= slope["high"]
    # 95 % less three standard errors of 60.
    assert errors >= 52
    assert slopes >= 52


def test_calibration_is_what_its_words_say(people, row_of):
    dataset, frame = people(500)
    found = calibration(frame["chance"], dataset, bins=4)
    women = frame[frame["sex"] == "f"]
    place = pd.qcut(women["chance"], 4, labels=False)
    miss = (women["paid"] - women["chance"]).groupby(place).sum()
    of = {"sensitive": "sex", "group": "f"}
    error = row_of(found, measure="expected_calibration_error", **of)["estimate"]
    assert error == pytest.approx(miss.abs().sum() / len(women))
    whole = row_of(found, measure="in_the_large", **of)["estimate"]
    assert whole == pytest.approx((women["paid"] - women["chance"]).mean())
    balance = row_of(found, measure="balance_kept", **of)["estimate"]
    assert balance == pytest.approx(women["chance"][women["paid"] == 1].mean())
    bins = found.table[(found.table["measure"] == "reliability") & (found.table["group"] == "f")]
    assert bins["people"].sum() == len(women)
    assert bins["people"].max() - bins["people"].min() <= 1
    # Twice too extreme: half the slope.
    odds = np.log(frame["chance"] / (1 - frame["chance"]))
    extreme = calibration(1 / (1 + np.exp(-2 * odds)), dataset)
    plain = row_of(found, measure="slope", **of)["estimate"]
    assert row_of(extreme, measure="slope", **of)["estimate"] == pytest.approx(plain / 2)


def test_a_stored_calibration_draws_the_same_figure(people):
    dataset, frame = people(200)
    found = calibration(frame["chance"], dataset)
    again = Calibration.from_dict(json.loads(json.dumps(found.to_dict(), allow_nan=False)))
    one, other = found.plot(), again.plot()
    assert (one.lines[0].get_xdata() == other.lines[0].get_xdata()).all()
    assert found.metrics() == again.metrics()
    with pytest.raises(TableError, match="'sx' is unknown; did you mean 'sex'"):
        found.plot(sensitive="sx")
    with pytest.raises(InputError, match="bins: is 1"):
        calibration(frame["chance"], dataset, bins=1)


def test_probabilities_of_zero_and_one_have_no_slope(people, row_of):
    dataset, frame = people(100)
    found = calibration((frame["chance"] > 0.5).astype(float), dataset)
    assert np.isnan(row_of(found, measure="slope", sensitive="overall")["estimate"])


@pytest.mark.parametrize("shape", [(2, 2), (9, 1)])
def test_few_people_who_are_foretold_right_are_not_called_miscalibrated(shape):
    """Of 80 in eight bins the interval of the error held 0 in 81 to 91 of 100 groups."""
    random, held = np.random.default_rng(80), []
    for _ in range(120):
        chance = random.beta(*shape, size=80)
        frame = pd.DataFrame({"x": chance, "paid": (random.random(80) < chance).astype(int)})
        if frame["paid"].nunique() == 2:
            dataset = Dataset.from_frame(frame, target="paid", sensitive=[])
            table = calibration(chance, dataset).table.set_index("measure")
            held.append(table.loc["expected_calibration_error", "low"] <= 0)
    assert np.mean(held) > 0.95 - 2.5 * np.sqrt(0.95 * 0.05 / len(held))


def test_bins_are_shares_of_their_people(row_of):
    random = np.random.default_rng(2)
    chance, district = random.uniform(0.05, 0.95, 900), random.integers(0, 20, 900)
    frame = pd.DataFrame({"x": chance, "paid": random.random(900) < chance, "d": district})
    data = Dataset.from_frame(frame, target="paid", favourable=True, sensitive=[], cluster="d")
    people, order = People.of(data), np.argsort(chance)
    for over in ("people", "clusters"):
        found = calibration(chance, data, bins=3, over=over)
        for number, inside in enumerate(np.split(order, 3)):
            row = row_of(found, measure="reliability", bin=number + 1)
            share = people.share(frame["paid"], inside)
            assert row["forecast"] == pytest.approx(chance[inside].mean())
            wanted = (float(share.value), *share.interval(over=over))
            assert tuple(row[["estimate", "low", "high"]]) == pytest.approx(wanted)


def _weighed(frame, weights, **options):
    return Dataset.from_frame(
        frame,
        target="paid",
        sensitive=["sex"],
        context=["job", "place"],
        weights=weights,
        **options,
    )


@pytest.mark.parametrize("cluster", [None, "place"])
@pytest.mark.parametrize("weights", [None, "persons"])
def test_every_measure_is_that_of_the_groups_people(people, row_of, cluster, weights):
    """Means and shares of bins are those of `People`; the slope is that of statsmodels."""
    _, frame = people(900, 3)
    frame = frame.assign(persons=1.0 + frame.index % 3)
    data, bins = _weighed(frame, weights, cluster=cluster), 4
    chance, kept = frame["chance"].to_numpy(), frame["paid"].to_numpy()
    found, who = calibration(chance, data, bins=bins, rater="mine"), People.of(data)
    assert found.title == "mine: what probabilities mean"
    assert found.parameters["bins"] == bins
    assert found.parameters["rater"] == "mine"
    assert len(found.notes) >= 2
    names = ["expected_calibration_error", "in_the_large", "slope"]
    names += ["balance_kept", "balance_not_kept"]
    groups = [("overall", "all"), ("sex", "f"), ("sex", "m")]
    of = {"overall": "", "sex": ".sex."}
    assert set(found.metrics()) == {
        f"calibration.{name}{of[sensitive] or '.overall.'}{group}".replace(".overall.all", "")
        for name in names
        for sensitive, group in groups
    }
    tracked = found.to_track()
    assert set(tracked["measure"]) == set(names)
    assert tracked["bin"].isna().all()
    own = who.each
    for sensitive, group in groups:
        inside = np.full(900, True) if group == "all" else (frame["sex"] == group).to_numpy()
        asked = {"sensitive": sensitive, "group": group}
        for name, estimate in (
            ("in_the_large", who.mean(kept - chance, inside, bounds=(-1.0, 1.0))),
            ("balance_kept", who.mean(chance, inside & (kept == 1), bounds=(0.0, 1.0))),
            ("balance_not_kept", who.mean(chance, inside & (kept == 0), bounds=(0.0, 1.0))),
        ):
            facts, row = estimate.facts(), row_of(found, measure=name, **asked)
            for column in ("estimate", "low", "high", "people", "clusters", "over"):
                assert row[column] == pytest.approx(facts[column]), (name, column)
        design = np.column_stack([np.ones(900), special.logit(chance)])[inside]
        fitted = sm.GLM(
            kept[inside], design, family=sm.families.Binomial(), freq_weights=own[inside]
        ).fit()
        row = row_of(found, measure="slope", **asked)
        assert row["estimate"] == pytest.approx(fitted.params[1], rel=1e-6)
        inverse = np.linalg.inv(
            (design * (own[inside] * fitted.mu * (1 - fitted.mu))[:, None]).T @ design
        )
        pull = (own[inside] * (kept[inside] - fitted.mu))[:, None] * design @ inverse
        spread = np.zeros(900)
        spread[inside] = pull[:, 1]
        parts = (inside & (kept == 1), inside & (kept == 0))
        ends = who.from_influence(fitted.params[1], spread, parts=parts).interval()
        assert row[["low", "high"]].tolist() == pytest.approx(list(ends), rel=1e-5)
        # Bins of equal weight, each with its share; the error is the mean of their distances.
        edges = np.quantile(
            chance[inside],
            np.arange(1, bins) / bins,
            **({"weights": own[inside], "method": "inverted_cdf"} if weights else {}),
        )
        bin_of = np.searchsorted(edges, chance, side="right")
        error = 0.0
        for place in range(bins):
            some = inside & (bin_of == place)
            row = row_of(found, measure="reliability", bin=place + 1, **asked)
            facts = who.share(kept, some).facts()
            for column in ("estimate", "low", "high", "people"):
                assert row[column] == pytest.approx(facts[column]), (place, column)
            assert row["forecast"] == pytest.approx(np.average(chance[some], weights=own[some]))
            error += abs((own * (kept - chance))[some].sum()) / own[inside].sum()
        row = row_of(found, measure="expected_calibration_error", **asked)
        assert row["estimate"] == pytest.approx(error)
        assert row["people"] == inside.sum()
        assert row["over"] == who.counted
        assert 0 <= row["low"] <= error < row["high"] < 1


@pytest.mark.parametrize("sure", [False, True])
@pytest.mark.parametrize("weights", [None, "persons"])
def test_the_margin_of_the_error_is_the_quantile_of_the_noise_of_its_bins(
    people, row_of, weights, sure
):
    """Each bin errs by the larger of its spread and that of right forecasts; sizes are summed."""
    _, frame = people(600, 5)
    frame = frame.assign(persons=1.0 + frame.index % 2)
    if sure:  # nobody differs from others of a bin
        frame["paid"] = (frame["chance"] > frame["chance"].median()).astype(int)
    data = _weighed(frame, weights)
    chance, kept = frame["chance"].to_numpy(), frame["paid"].to_numpy()
    own = People.of(data).each
    row = row_of(
        calibration(chance, data, bins=3), measure="expected_calibration_error", sensitive="overall"
    )
    how = {"weights": own, "method": "inverted_cdf"} if weights else {}
    bin_of = np.searchsorted(np.quantile(chance, [1 / 3, 2 / 3], **how), chance, side="right")
    errors, shares = [], []
    for place in range(3):
        some = bin_of == place
        w, miss, p = own[some], (kept - chance)[some], chance[some]
        mean, number = (w * miss).sum() / w.sum(), some.sum()
        seen = (w**2 * (miss - mean) ** 2).sum()
        foretold = (w**2 * p * (1 - p)).sum() * (1 - 1 / number)
        errors.append(np.sqrt(max(seen, foretold) * number / (number - 1)) / w.sum())
        shares.append(w.sum() / own.sum())
    draws = np.abs(np.random.default_rng(0).standard_normal((200_000, 3)) * errors) @ shares
    assert row["high"] - row["estimate"] == pytest.approx(np.quantile(draws, 0.95), rel=0.05)


@pytest.mark.parametrize("ends", [(0.0, 0.9), (0.1, 1.0)])
def test_one_probability_of_zero_or_one_leaves_no_slope_and_all_else(people, row_of, ends):
    dataset, frame = people(300)
    chance = frame["chance"].clip(*ends).to_numpy(copy=True)
    chance[:2] = ends
    found = calibration(chance, dataset)
    row = row_of(found, measure="slope", sensitive="overall")
    assert np.isnan(row[["estimate", "low", "high"]].astype(float)).all()
    assert row["reason"] == "it is not defined"
    for group in "fm":
        other = row_of(found, measure="slope", group=group)
        inside = (frame["sex"] == group).to_numpy()
        apart = 0 in chance[inside] or 1 in chance[inside]
        assert np.isnan(other["estimate"]) == apart
    assert np.isfinite(row_of(found, measure="in_the_large", sensitive="overall")["estimate"])


@pytest.mark.parametrize("kept", ["all", "none", "apart", "one chance"])
def test_a_slope_that_is_not_there_is_nan(row_of, kept):
    chance = np.full(60, 0.3) if kept == "one chance" else np.linspace(0.1, 0.9, 60)
    paid = {
        "all": chance > 0,
        "none": chance < 0,
        "apart": chance > 0.5,
        "one chance": np.arange(60) % 2 == 0,
    }[kept]
    chance = np.append(chance, np.linspace(0.2, 0.7, 60))
    frame = pd.DataFrame({"x": chance, "g": ["a"] * 60 + ["b"] * 60})
    frame["paid"] = np.append(paid, np.arange(60) % 3 == 0).astype(int)
    found = calibration(chance, Dataset.from_frame(frame, target="paid", sensitive=["g"]))
    assert found.title == "What probabilities mean, by group"
    row = row_of(found, measure="slope", group="a")
    assert np.isnan(row[["estimate", "low", "high"]].astype(float)).all()
    assert np.isfinite(row_of(found, measure="slope", group="b")["low"])
    if kept == "one chance":
        # People of one probability share one bin.
        assert row_of(found, measure="reliability", group="a")["people"] == 60


@pytest.mark.parametrize(("people", "bins"), [(9, 1), (10, 1), (19, 1), (20, 2), (39, 3), (99, 9)])
def test_a_bin_has_ten_people_or_there_are_fewer_bins(people, bins):
    chance = np.linspace(0.05, 0.95, people)
    frame = pd.DataFrame({"x": chance, "paid": np.arange(people) % 2})
    data = Dataset.from_frame(frame, target="paid", sensitive=[])
    table = calibration(chance, data).table
    assert table["bin"].max() == bins
    assert table["people"][table["measure"] == "reliability"].sum() == people


@pytest.mark.parametrize("bins", [1, 0, True, 2.0, "4"])
def test_bins_are_a_whole_number_of_at_least_two(people, bins):
    dataset, frame = people(40)
    with pytest.raises(InputError, match=r"bins: is .*give at least 2"):
        calibration(frame["chance"], dataset, bins=bins)
    assert calibration(frame["chance"], dataset, bins=2).table["bin"].max() == 2
