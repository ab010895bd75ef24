"""Who contests: the closed form of income, and Png's of courts that err."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit_ml.core import InputError
from credit_ml.governance import Contest, dearest_kept

CHANCE = st.floats(0, 1)


@given(gain=st.floats(0.01, 1), price=st.floats(0.01, 5), chance=st.floats(0.1, 1))
def test_the_poorest_who_contests_earns_price_by_what_is_left_of_the_gain(gain, price, chance):
    """``price / (chance gain (lasts - delay) - effort)``: 1.9 years at a day's effort."""
    contest = Contest(price=price)
    left = chance * gain * (2.0 - 0.1) - 0.004
    income = np.array([1e-6, 1e9]) if left <= 0 else price / left * np.array([0.999, 1.001])
    expected = [False, False] if left <= 0 else [False, True]
    assert contest.worth_it(gain, income, chance).tolist() == expected


@given(one=st.floats(0, 5), more=st.floats(0, 5), income=st.lists(st.floats(1, 500), min_size=2))
def test_a_higher_price_silences_the_poorest_first(one, more, income):
    cheap = Contest(price=one).worth_it(0.05, income)
    dear = Contest(price=one + more).worth_it(0.05, income)
    assert not (dear & ~cheap).any()
    for said in (cheap, dear):
        order = said[np.argsort(income)]
        assert (np.diff(order.astype(int)) >= 0).all()


def test_nothing_is_contested_that_has_no_time_left():
    assert not Contest(delay=2.0, price=0.0, effort=0.0).worth_it(0.5, [1.0]).any()
    assert Contest(delay=0.0, price=0.0, effort=0.0).worth_it(1e-6, [1.0]).all()


@given(acquitted=CHANCE, convicted=CHANCE, cost=CHANCE)
def test_png_people_keep_where_keeping_is_the_cheaper(acquitted, convicted, cost):
    """Keeping costs c + e2 F, breaking (1 - e1) F."""
    dearest = dearest_kept(1.0, wrongful_acquittal=acquitted, wrongful_conviction=convicted)
    keeps = cost + convicted <= 1 - acquitted
    assert keeps == (cost <= dearest) or abs(cost - dearest) < 1e-12 or cost == 0


def test_png_either_error_deters_alike_and_none_deters_whole():
    assert dearest_kept(50.0) == 50.0
    one = dearest_kept(50.0, wrongful_acquittal=0.3)
    assert one == dearest_kept(50.0, wrongful_conviction=0.3) == pytest.approx(35.0)
    assert dearest_kept(50.0, wrongful_acquittal=0.6, wrongful_conviction=0.6) == 0.0


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"success": 1.2}, "contest, success: is 1.2; give a chance"),
        ({"undue": -0.1}, "contest, undue: is -0.1"),
        ({"price": -1.0}, "contest, price: is -1.0; give a number of at least 0"),
        ({"effort": -1.0}, "contest, effort"),
        ({"lasts": float("inf")}, "contest, lasts: is inf; give a number of at least 0"),
        ({"lasts": "long"}, "contest, lasts: is 'long'"),
        ({"success": float("nan")}, "contest, success: is nan"),
        ({"delay": 3.0}, "contest, delay: is 3 years, and entries last 2"),
    ],
)
def test_what_no_contest_can_be_is_one_line(given, problem):
    with pytest.raises(InputError, match=problem):
        Contest(**given)


@pytest.mark.parametrize("given", [{"wrongful_acquittal": 1.1}, {"wrongful_conviction": -0.1}])
def test_chances_of_courts_are_chances(given):
    with pytest.raises(InputError, match="give a chance from 0 to 1"):
        dearest_kept(1.0, **given)
