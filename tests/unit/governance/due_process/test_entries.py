"""Wrong entries: what they leave, whom they befall, and what cannot be asked."""

import numpy as np
import pandas as pd
import pytest

from credit_ml.agencies import load_agency
from credit_ml.core import InputError
from credit_ml.governance.due_process.entries import KINDS, planted, right_orders
from credit_ml.society import COLUMNS, World


@pytest.fixture(scope="module")
def dataset():
    return load_agency("national").view(World(citizens=3_000, seed=4).simulate())


def plant(dataset, rates, **given):
    return {each.kind: each for each in planted(dataset, rates=rates, **{"times": {}} | given)}


def test_without_errors_every_byte_is_as_it_was(dataset):
    for each in plant(dataset, dict.fromkeys(KINDS, 0.0)).values():
        assert not len(each.rows)
        pd.testing.assert_frame_equal(each.all_of(dataset.X), dataset.X)


def test_each_kind_leaves_what_it_says(dataset):
    found = plant(dataset, dict.fromkeys(KINDS, 0.2))
    stale, orders, stars = found["stale"], found["orders"], found["ratings"]
    late = stale.without["late_payments"]
    assert (stale.filed["late_payments"] == 2 * late + 2).all()
    assert (orders.filed["judgments"] == orders.without["judgments"] + 1).all()
    down = stars.without["driver_stars"] - stars.filed["driver_stars"]
    assert down.dropna().between(0, 1).all()
    assert stars.filed["driver_stars"].min() >= 1
    for each in found.values():
        pd.testing.assert_frame_equal(each.without, dataset.X.iloc[each.rows][each.columns])
        assert each.wrong.any(axis=1).all()
        held = KINDS[each.kind]["streams"]
        assert {COLUMNS[name].stream for name in each.columns} <= set(held)
        kinds = dataset.X.dtypes[each.columns]
        assert (each.filed.dtypes == kinds).all()


def test_another_persons_records_are_somebodys(dataset):
    """All columns of one person, so that no person is made up."""
    (each,) = plant(dataset, {"identity": 0.1}).values()
    known = set(map(tuple, dataset.X[each.columns].astype(str).to_numpy()))
    assert all(tuple(row) in known for row in each.filed.astype(str).to_numpy())


def test_only_the_bearers_records_move(dataset):
    (each,) = plant(dataset, {"orders": 0.1}).values()
    filed = each.all_of(dataset.X)
    others = np.setdiff1d(np.arange(len(dataset)), each.rows)
    pd.testing.assert_frame_equal(filed.iloc[others], dataset.X.iloc[others])
    rest = dataset.X.columns.difference(each.columns)
    pd.testing.assert_frame_equal(filed[rest], dataset.X[rest])


def test_rates_by_group_are_the_rate_times_how_often(dataset):
    rural = (dataset.sensitive["hukou"] == "rural").to_numpy()
    (each,) = plant(dataset, {"orders": 0.2}, times={"hukou": {"rural": 2.0}}).values()
    there = np.isin(np.arange(len(dataset)), each.rows)
    for who, chance in ((rural, 0.4), (~rural, 0.2)):
        error = np.sqrt(chance * (1 - chance) / who.sum())
        assert there[who].mean() == pytest.approx(chance, abs=4 * error)


def test_a_higher_rate_adds_errors_and_takes_none_away(dataset):
    few, many = (set(plant(dataset, {"orders": rate})["orders"].rows) for rate in (0.05, 0.1))
    assert few < many


def test_streams_limit_where_errors_can_be(dataset):
    found = plant(dataset, dict.fromkeys(KINDS, 0.1), streams=("ratings",))
    assert set(found) == {"identity", "ratings"}
    assert {COLUMNS[name].stream for name in found["identity"].columns} == {"ratings"}


def test_right_orders_are_those_on_file(dataset):
    orders = right_orders(dataset)
    assert orders is not None
    assert len(orders.rows) == (dataset.X["judgments"] > 0).sum()
    assert (orders.without["judgments"] == 0).all()
    unseen = load_agency("sesame").view(World(citizens=200, seed=4).simulate())
    assert right_orders(unseen) is None


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"times": {"hukou": {"rural": 9.0}}}, "orders: is a chance of 1.8; lower the rate"),
        ({"times": {"hukou": {"rural": -1.0}}}, "rural: is -1; give at least 0"),
        ({"times": {"hukou": {"rurall": 2.0}}}, "hukou: 'rurall' is unknown"),
        ({"times": {"hokou": {"rural": 2.0}}}, "times: 'hokou' is unknown"),
        ({"streams": ("court",)}, "streams: 'court' is unknown"),
        ({"streams": ("family",)}, "the rater reads no record that may be wrong"),
    ],
)
def test_what_cannot_be_planted_is_one_line(dataset, given, problem):
    with pytest.raises(InputError, match=problem):
        plant(dataset, {"orders": 0.2}, **given)


def test_a_group_of_nobody_is_named(dataset):
    urban = dataset.take(np.flatnonzero(dataset.sensitive["hukou"] == "urban"))
    with pytest.raises(InputError, match="hukou, rural: has nobody; leave it out"):
        plant(urban, {"orders": 0.2}, times={"hukou": {"rural": 2.0}})
