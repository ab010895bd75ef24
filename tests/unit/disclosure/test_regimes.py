"""What each regime makes people believe."""

from types import SimpleNamespace as Record

import numpy as np
import pandas as pd
import pytest

from credit_ml.core import MenuError
from credit_ml.disclosure import REGIMES, Aim, Bundle, Factors, Full, Nothing, Told, disclose
from credit_ml.disclosure.regimes import checked_regimes


@pytest.fixture
def told():
    X = pd.DataFrame({"late_payments": [0.0, 2.0, 4.0], "books": [1.0, 1.0, 4.0]})
    factors = {"history": ("late_payments",), "behaviour": ("books",)}
    return Told(X=X, scores=np.array([600.0, 500.0, 400.0]), factors=factors)


def test_nothing_believes_no_action_and_full_believes_the_truth(told, action):
    actual, bundle = np.array([1.0, 2.0, 3.0]), Bundle((action("read", "books", add=1),))
    assert Nothing().believed(told, bundle, actual).tolist() == told.scores.tolist()
    assert Full().believed(told, bundle, actual).tolist() == actual.tolist()


def test_factors_weighs_every_factor_alike_and_knows_which_way_is_better(told, action):
    less = Bundle((action("pay", "late_payments", add=-2),))
    believed = Factors().believed(told, less, np.zeros(3))
    gain = np.std([600, 500, 400]) / np.sqrt(2) * 2 / np.std([0, 2, 4])
    assert believed == pytest.approx(told.scores + gain)
    more = Bundle((action("default", "late_payments", add=2),))
    assert Factors().believed(told, more, np.zeros(3)) == pytest.approx(told.scores - gain)


def test_factors_shares_a_factor_among_its_columns(action):
    X = pd.DataFrame({"a": [0.0, 2.0], "b": [0.0, 4.0]})
    told = Told(X=X, scores=np.array([0.0, 10.0]), factors={"all": ("a", "b")})
    bundle = Bundle((action("act", "a", add=-3),))
    # 'a' is no record of the society: any deliberate change is taken as one for the better.
    expected = told.scores + 5.0 / np.sqrt(1) * 3 / 1.0 / np.sqrt(2)
    assert Factors().believed(told, bundle, np.zeros(2)) == pytest.approx(expected)


def test_factors_does_not_look_at_the_model(told, action):
    bundle = Bundle((action("read", "books", add=1),))
    one, other = (Factors().believed(told, bundle, np.full(3, value)) for value in (0.0, 9e9))
    assert one.tolist() == other.tolist()


def test_factors_believes_nothing_of_constant_or_missing_columns(action):
    X = pd.DataFrame({"a": [1.0, 1.0], "b": [np.nan, 3.0]})
    told = Told(X=X, scores=np.array([0.0, 10.0]), factors={"f": ("a", "b")})
    for column in "ab":
        bundle = Bundle((action("act", column, add=1),))
        assert Factors().believed(told, bundle, np.zeros(2)).tolist() == [0.0, 10.0]


def test_regimes_go_by_name_or_as_objects():
    found = checked_regimes(["full", Nothing()])
    assert [regime.id for regime in found] == ["full", "nothing"]
    assert set(REGIMES) == {"nothing", "factors", "full"}


@pytest.mark.parametrize(
    ("regimes", "hint"),
    [(["ful"], "did you mean 'full'"), ([], "empty"), (["full", Full()], "'full' twice")],
)
def test_bad_regimes_are_refused(regimes, hint):
    with pytest.raises(MenuError, match=hint):
        checked_regimes(regimes)


class Rumour:
    """People believe that books pay a point each, whatever the model."""

    id = "rumour"
    prose = "A rumour has it that books count."

    def believed(self, told, bundle, actual):
        return told.scores + bundle.apply(told.X)["books"] - told.X["books"]


def test_a_regime_of_ones_own_works(rater, dataset, menu):
    aim = Aim(id="car", name="car", threshold=3.5, value=1.0)
    found = disclose(rater, dataset, regimes=[Rumour()], menu=menu, privileges=[aim], bundle=1)
    assert found.parameters["regimes"] == {"rumour": Rumour.prose}
    overall = found.table[found.table["sensitive"] == "overall"].set_index("measure")["estimate"]
    near = ((rater(dataset.X) >= 2.5) & (rater(dataset.X) < 3.5)).mean()
    assert overall["share_who_act"] == pytest.approx(near)
    assert overall["points_gained"] == 0  # books do not count
    assert overall["wasted"] == overall["share_who_act"]


def test_a_regime_of_ones_own_may_be_called_full(rater, dataset, menu, aim):
    mine = Record(id="full", prose="", believed=lambda told, bundle, actual: told.scores)
    found = disclose(rater, dataset, regimes=[mine], menu=menu, privileges=[aim]).table
    assert (found[found["measure"] == "share_who_act"]["estimate"] == 0).all()


def test_a_regime_that_does_not_believe_one_score_a_person_is_refused(rater, dataset, menu, aim):
    mine = Record(id="odd", prose="", believed=lambda told, bundle, actual: 3.0)
    with pytest.raises(MenuError, match=r"regime 'odd'.*shape"):
        disclose(rater, dataset, regimes=[mine], menu=menu, privileges=[aim])
