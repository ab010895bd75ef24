"""What advice, budgets, subsidies and counterfactuals change, told on a handful of citizens.

The score is 600 points less 50 a late bill, and 10 more a pack of diapers. A car is granted from
600 points on, worth 2 % of a year's income: 36 thousand yuan, for all but Eve, who has 12.
"""

import numpy as np
import pandas as pd
import pytest

from credit_ml.core import Dataset
from credit_ml.disclosure import Advice, Disclosed, disclose, informed
from credit_ml.response import Action, Aim, ColumnChange, Menu, ResponseOptions

CAR = Aim(id="car", name="car without a deposit", threshold=600, value=0.02)
ASSUMED = "assumed, because this is an example"
DIAPERS = Action(
    id="diapers",
    name="buy diapers that nobody needs",
    kind="cosmetic",
    changes=(ColumnChange(column="diapers", add=5, high=12),),
    price=0.36,
    effort=0,
    source=ASSUMED,
)
BILLS = Action(
    id="bills",
    name="pay a bill on time",
    kind="improving",
    changes=(ColumnChange(column="late", add=-1, low=0),),
    price=0,
    effort=0.015,
    outcome_effect=0.5,
    source=ASSUMED,
)
MENU = Menu(id="example", description="Two ways.", actions=(DIAPERS, BILLS))

CITIZENS = pd.DataFrame(
    {
        #        Ann  Bo   Chen Dan  Eve
        "late": [0, 1, 2, 3, 1],
        "diapers": [0, 0, 0, 0, 0],
        "hukou": ["urban", "urban", "urban", "rural", "rural"],
        "income": [3.0, 3.0, 3.0, 3.0, 1.0],
        "probability": [0.9, 0.8, 0.6, 0.3, 0.8],
    }
)


def points(X):
    return 600.0 - 50 * X["late"] + 10 * X["diapers"]


@pytest.fixture
def measure():
    """Ask for a measure of everybody under one regime."""
    dataset = Dataset.from_frame(
        CITIZENS, target=None, sensitive=["hukou"], context=["income", "probability"]
    )

    def ask(name, regime="full", **options):
        response = ResponseOptions(**{"menu": MENU, "privileges": [CAR], "bundle": 2} | options)
        found = disclose(points, dataset, regimes=[regime], response=response)
        table = found.table.set_index(["measure", "group"])
        return table.loc[(name, "all"), "estimate"]

    return ask


def test_told_everything_bo_buys_diapers_and_eve_pays_her_bill(measure):
    """Bo pays 0.36 of 36 for what is worth 2 %, Eve 1.5 % in effort: half of it improves."""
    assert measure("share_who_act") == pytest.approx(2 / 5)
    assert measure("share_who_game") == pytest.approx(1 / 5)
    assert measure("welfare") == pytest.approx((3 * 0.02 - 0.01 - 0.015) / 5)
    assert measure("information_gain") == pytest.approx((2 * 0.02 - 0.01 - 0.015) / 5)
    assert measure("harmed") == 0


@pytest.mark.parametrize(("price", "buyers"), [(0.03, 4), (0.1, 3), (0.2, 0)])
def test_advice_is_bought_by_those_for_whom_it_pays_on_average(measure, price, buyers):
    """Four are refused; knowing, Bo gains 1 % and Eve 0.5 %, so advice is worth 0.375 % on average.

    That is 0.135 thousand yuan to those who have 36, and 0.045 to Eve, who has 12.
    """
    seller = Disclosed(
        id="seller", description="Advice.", prior="inert", advice=Advice(price=price)
    )
    assert measure("advice_revenue", seller) == pytest.approx(price * buyers / 5)
    # Chen and Dan, too far from the line, have bought for nothing.
    assert measure("harmed", seller) == pytest.approx((2 if buyers else 0) / 5)


def test_a_budget_keeps_those_from_acting_who_cannot_spend_so_much(measure):
    """Within 1.2 % of a year's income Bo can buy diapers, and Eve can do nothing."""
    assert measure("share_who_act", budget=0.012) == pytest.approx(1 / 5)


def test_a_subsidy_of_half_lets_chen_act_too(measure):
    """Both actions cost Chen 2.5 % of her income, half of it less than the car is worth."""
    assert measure("share_who_act", cost_multiplier=np.full(5, 0.5)) == pytest.approx(3 / 5)


def test_a_counterfactual_is_followed_by_those_whom_it_pays(measure):
    """The rater knows no costs, only how far records move, and names the same act to all.

    Five packs where nobody has any are a move of 5; one bill less, which four of five have, is one
    of 0.8 / 1.02 spreads. So Bo and Eve are told of the bill, and pay it for 1.5 %, though Bo would
    have found diapers cheaper. Chen and Dan are told of more, which does not pay.
    """
    assert measure("share_who_act", "counterfactual") == pytest.approx(2 / 5)
    assert measure("improvement_share", "counterfactual") == 1
    assert measure("spending", "counterfactual") == pytest.approx(2 * 0.015 / 5)


def test_who_is_found_out_pays_and_expects_to(measure):
    """With one chance in two to lose 3 %, diapers cost Bo 1 + 1.5 %; a bill costs 1.5 %: bills."""
    risky = DIAPERS.model_copy(update={"detection": 0.5, "penalty": 0.03})
    menu = Menu(id="risky", description="Two ways.", actions=(risky, BILLS))
    assert measure("share_who_game", menu=menu) == 0
    assert measure("improvement_share", menu=menu) == 1


def test_only_those_act_who_have_heard(measure):
    """In a row of five, Ann knows first; news goes one place further each round."""
    from scipy.sparse import csr_array

    row = csr_array(np.eye(5, k=1) + np.eye(5, k=-1))
    everybody = informed(row, seeds=1.0, rounds=0, chance=0.0, seed=0)
    assert measure("share_who_act", informed=everybody) == pytest.approx(2 / 5)
    assert measure("share_who_act", informed=~everybody) == 0
