"""Calibration is what its words say, and nothing is found where nothing is."""

import json

import numpy as np
import pandas as pd
import pytest

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
