"""What disclosure does, told on a handful of citizens.

The score is 600 points, less 50 a late bill, and 10 more a pack of diapers, up to 12. A car
without a deposit is granted from 600 points on; to everybody here it is worth 2 % of a year's
income, which is 36 thousand yuan (3 a month) but for Eve.
"""

import pandas as pd
import pytest

from credit_ml.core import Dataset
from credit_ml.disclosure import disclose
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
GAMES = Action(
    id="games",
    name="stop playing",
    kind="cosmetic",
    changes=(ColumnChange(column="games", multiply=0.0),),
    price=0,
    effort=0.001,
    source=ASSUMED,
)
MENU = Menu(
    id="example",
    description="Two ways that count and one that does not.",
    actions=(DIAPERS, BILLS, GAMES),
)

CITIZENS = pd.DataFrame(
    {
        #           Ann  Bo   Chen Dan  Eve
        "late": [0, 1, 2, 3, 1],
        "diapers": [0, 0, 0, 0, 0],
        "games": [1, 3, 5, 7, 9],
        "hukou": ["urban", "urban", "urban", "rural", "rural"],
        "income": [3.0, 3.0, 3.0, 3.0, 1.0],
        "probability": [0.9, 0.8, 0.6, 0.3, 0.8],
    }
)


def points(X):
    return 600.0 - 50 * X["late"] + 10 * X["diapers"]


@pytest.fixture
def measure():
    """Ask for a measure of everybody, or of a group, under a regime."""
    dataset = Dataset.from_frame(
        CITIZENS, target=None, sensitive=["hukou"], context=["income", "probability"]
    )

    def ask(name, regime="full", *, group="all", **options):
        response = ResponseOptions(**{"menu": MENU, "privileges": [CAR], "bundle": 2} | options)
        found = disclose(points, dataset, regimes=[regime], response=response)
        table = found.table.set_index(["measure", "group"])
        return table.loc[(name, group), "estimate"]

    return ask


def test_when_nothing_is_told_nobody_acts(measure):
    """Ann alone has 600 points: 600, 550, 500, 450, 550."""
    assert measure("share_who_act", "nothing") == 0
    assert measure("selection_gap_after", "nothing", group="rural") == pytest.approx(0 - 1 / 3)


def test_when_all_is_told_those_near_the_threshold_buy_what_is_cheapest(measure):
    """Bo is 50 points short. Diapers cost 0.36 / 36 = 1 % of his income, bills 1.5 %: diapers.

    Chen is 100 short and needs both, 2.5 % for what is worth 2 %: she stays. Dan, too.
    To Eve, who earns a third, diapers cost 0.36 / 12 = 3 %: she pays her bill, for 1.5 %.
    """
    assert measure("share_who_act") == pytest.approx(2 / 5)
    assert measure("spending") == pytest.approx((0.01 + 0.015) / 5)
    assert measure("points_gained") == pytest.approx((50 + 50) / 5)
    assert measure("privileges_won") == pytest.approx(2 / 5)
    assert measure("wasted") == 0


def test_half_of_what_they_do_makes_anybody_more_trustworthy(measure):
    """Of the two actions taken, Eve's bill is one: a cosmetic act moves the record only."""
    assert measure("improvement_share") == pytest.approx(1 / 2)


def test_accuracy_is_judged_by_what_people_truly_keep(measure):
    """A grant is right with chance p, a refusal with 1 - p; Eve's odds rise by e^0.5."""
    odds = 0.8 / 0.2 * 2.718281828**0.5
    told = (0.9 + 0.8 + (1 - 0.6) + (1 - 0.3) + odds / (1 + odds)) / 5
    untold = (0.9 + (1 - 0.8) + (1 - 0.6) + (1 - 0.3) + (1 - 0.8)) / 5
    assert measure("accuracy") == pytest.approx(told)
    assert measure("accuracy", "nothing") == pytest.approx(untold)
    assert measure("price_of_opacity", "nothing") == pytest.approx(told - untold)
    assert measure("price_of_opacity") == 0


def test_disclosure_changes_the_gap_between_groups(measure):
    """Rural citizens had 450 and 550; after it 450 and 600. Urban: 600, 550, 500; then Bo 600."""
    before = (450 + 550) / 2 - (600 + 550 + 500) / 3
    after = (450 + 600) / 2 - (600 + 600 + 500) / 3
    assert measure("score_gap_before", group="rural") == pytest.approx(before)
    assert measure("score_gap_after", group="rural") == pytest.approx(after)
    assert measure("selection_gap_after", group="rural") == pytest.approx(1 / 2 - 2 / 3)


def test_the_burden_falls_on_those_who_keep_their_word_and_score_low(measure):
    """Least cost of 600 points: Ann 0, Bo 1 %, Chen 1 + 1.5 %, Eve 1.5 %; weights are chances.

    Dan cannot get there; he is counted at his dearest pair, diapers and a bill.
    """
    total = 0.9 * 0 + 0.8 * 0.01 + 0.6 * 0.025 + 0.3 * 0.025 + 0.8 * 0.015
    assert measure("social_burden") == pytest.approx(total / (0.9 + 0.8 + 0.6 + 0.3 + 0.8))


def test_points_that_everybody_gains_buy_no_rank(measure):
    """After it the scores are 600, 600, 500, 450, 600 where the ranks held 600, 550, 550, 500, 450.

    Over everybody, inflation is the mean gain: 2750 less 2650 points, shared by five.
    """
    assert measure("rank_inflation") == pytest.approx((2750 - 2650) / 5)


def test_a_margin_makes_people_reach_higher_or_not_at_all(measure):
    """With 20 points to spare, one act does not do, and two cost more than the car is worth."""
    assert measure("share_who_act", margin=20) == 0


def test_told_only_the_factors_people_give_every_column_the_same_weight(measure):
    """Not to play seems to help as much as to pay bills, a standard deviation for another.

    Scores spread by 51 points, over three factors: 51 / sqrt(3) = 29 points for each 2.8 hours
    of games. Bo is 50 short and would give up 3 hours, Eve 9: she alone believes that it will do.
    """
    games = Menu(id="games", description="Stop playing.", actions=(GAMES,))
    a_standard_deviation = 51.0 / 3**0.5
    assert a_standard_deviation * 3 / 2.83 < 50 < a_standard_deviation * 9 / 2.83
    assert measure("share_who_act", "factors", menu=games) == pytest.approx(1 / 5)
    # In truth games carry no weight: it is all for nothing, and whoever knows leaves it.
    assert measure("wasted", "factors", menu=games) == pytest.approx(1 / 5)
    assert measure("share_who_act", "full", menu=games) == 0
