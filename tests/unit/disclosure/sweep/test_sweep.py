"""What secrecy buys: three criteria, the frontier of regimes, and what a sign hangs on."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit_ml.agencies import load_agency
from credit_ml.core import StudyResults
from credit_ml.disclosure import disclose, disclosure_sweep
from credit_ml.disclosure.case import case_of
from credit_ml.disclosure.plane.undominated import undominated
from credit_ml.disclosure.regimes import checked_regimes
from credit_ml.disclosure.sweep import facts
from credit_ml.disclosure.sweep.cell import brief_table, cell_table, odds_of, profit
from credit_ml.disclosure.sweep.frontier import frontier
from credit_ml.reports.templating import said
from credit_ml.response import ResponseOptions
from credit_ml.society import World

LEAD = {"sensitive": "hukou", "group": "rural", "reference_group": "urban"}
REGIMES = ("nothing", "prior", "full")


@pytest.fixture(scope="module")
def measured() -> Any:
    society = World(citizens=500, seed=3).simulate()
    rater = load_agency("sesame").fit(society)
    dataset = rater.agency.view(society)
    response = ResponseOptions(menu="twelve")
    return rater, dataset, society, case_of(rater, dataset, response, society=society)


def test_a_grant_at_the_threshold_neither_gains_nor_loses(measured: Any) -> None:
    case = measured[3]
    odds = odds_of(case)
    assert odds == pytest.approx(7)  # the scale's own at 650 points
    (regime,) = checked_regimes("nothing")
    belief = regime.belief(case.problem)
    from credit_ml.disclosure.disclose import act

    found = act(case, belief)
    yields = profit(found, odds)
    assert (yields[~found.granted] == 0).all()
    gains = found.granted & (found.kept > odds / (1 + odds))
    assert (yields[gains] > 0).all()
    assert (yields[found.granted & ~gains] <= 0).all()


def test_cells_in_full_and_in_brief_measure_what_disclose_does(measured: Any) -> None:
    rater, dataset, society, case = measured
    regimes = checked_regimes(REGIMES)
    full, brief = cell_table(case, regimes, LEAD), brief_table(case, regimes)
    keys = ["regime", "measure"]
    everybody = full[full["sensitive"] == "overall"].set_index(keys)["estimate"]
    for (regime, measure), value in brief.set_index(keys)["estimate"].items():
        assert everybody[regime, measure] == pytest.approx(value), (regime, measure)
    own = disclose(
        rater,
        dataset,
        regimes=REGIMES,
        response=ResponseOptions(menu="twelve"),
        society=society,
        people=None,
    ).table
    asked = own[own["group"].isin(["all", "rural", "urban"]) & (own["sensitive"] != "gender")]
    asked = asked.set_index(["regime", "measure", "sensitive", "group", "reference_group"])
    mine = full.set_index(["regime", "measure", "sensitive", "group", "reference_group"])
    shared = mine.index.intersection(asked.index)
    assert len(shared) > 100
    pd.testing.assert_series_equal(
        mine.loc[shared, "estimate"], asked.loc[shared, "estimate"], check_exact=False
    )


@given(st.lists(st.tuples(*[st.integers(0, 3)] * 3), min_size=1, max_size=8))
def test_whoever_is_off_the_frontier_is_bettered_by_somebody_on_it(rows: Any) -> None:
    points = np.array(rows, dtype=np.float64)
    kept = undominated(points)
    assert kept.any()
    for row, on in zip(points, kept, strict=True):
        better = (points >= row).all(axis=1) & (points > row).any(axis=1)
        assert on == (not better.any())
        assert on or (better & kept).any()


def cells(auc: dict[str, float], **more: Any) -> pd.DataFrame:
    """Four seeds of one world, a little apart, without what only regimes in full have."""
    base = {
        "world": "w",
        "scorer": "opaque",
        "sees": "all",
        "variant": "default",
        "answer": "naive",
        "refits": 0,
        "quantity": "value",
        "sensitive": "overall",
        "group": "all",
        "reference_group": "",
        "unit": "share",
    }
    rows = [
        base | more | {"seed": seed, "regime": regime, "measure": measure, "estimate": value}
        for seed in range(4)
        for regime, level in auc.items()
        for measure, value in (
            ("auc", level + 0.001 * seed * (regime == "full")),
            ("accuracy", 1 - level),
            ("profit", level),
            ("knowledge", {"nothing": 0.0, "prior": -1.0, "full": 1.0}[regime]),
            ("share_who_game", {"nothing": 0.0, "prior": 0.7, "full": 0.4}[regime]),
        )
    ]
    return pd.DataFrame(rows)


def test_the_sign_follows_the_interval_and_says_what_it_hangs_on() -> None:
    own = cells({"nothing": 0.70, "prior": 0.66, "full": 0.68})
    turned = cells({"nothing": 0.60, "prior": 0.6, "full": 0.68}, variant="no bought ratings")
    found = disclosure_sweep(
        pd.concat([own, turned]),
        regimes=REGIMES,
        lead=LEAD,
        opaque=["nothing", "prior"],
        variants={"no bought ratings": "menu"},
    )
    auc, right, _ = facts.verdicts(found)
    assert (auc.side, right.side) == ("above", "below")
    assert [name for name, _ in auc.turned] == [
        "no bought ratings",
        "opacity meaning that people guess",
    ]
    assert auc.held + len(auc.turned) + len(auc.open) == auc.tried == 2


def test_a_guess_that_games_more_and_knows_less_is_off_the_frontier() -> None:
    found = frontier(cells({"nothing": 0.70, "prior": 0.66, "full": 0.68}))
    shares = found[found["measure"] == "frontier_auc"].set_index("regime")["estimate"]
    assert shares.to_dict() == {"nothing": 1.0, "prior": 0.0, "full": 1.0}


def test_guesses_may_be_smaller() -> None:
    from dataclasses import replace

    from credit_ml.disclosure.case import example_problem
    from credit_ml.disclosure.regime import Disclosed

    problem = example_problem()
    whole = Disclosed(id="guess", description="Nothing is told.")
    half = replace(whole, prior_scale=0.5)
    effects = [each.belief(problem).effect(problem, 1) for each in (whole, half)]
    np.testing.assert_allclose(effects[1], effects[0] / 2)
    with pytest.raises(Exception, match="prior_scale"):
        replace(whole, prior_scale=-1.0)


def test_a_verdict_counts_criteria_and_the_frontier_follows_intervals() -> None:
    own = cells({"nothing": 0.70, "prior": 0.66, "full": 0.68})
    found = disclosure_sweep(own, regimes=REGIMES, lead=LEAD, opaque=["nothing", "prior"])
    assert facts.verdict(found) == "Partly"  # order and profit gain, right decisions lose
    kept = facts.frontier(found, "auc")
    assert (kept.bettered, kept.open) == (("nothing to people who guess",), ())
    assert kept.kept == ("nothing", "the whole model")
    assert facts.ties(found) == []
    alike = own[own["regime"] == "full"].assign(regime="weights")
    both = pd.concat([own, alike])
    tied = disclosure_sweep(both, regimes=(*REGIMES, "weights"), lead=LEAD)
    assert facts.ties(tied) == ["weights"]
    least = facts.least_gamed(tied)
    assert least is not None
    assert (least.clause, int(least.halves), least.more) == ("people guess", 1, "")


def halves() -> Any:
    """A sweep with three half-disclosures: one told improvements alone, two that teach more."""
    own = cells({"nothing": 0.70, "full": 0.68})
    teach = {"recommendation": (0.1, 0.0), "counterfactual": (0.3, 0.04), "weights": (0.4, 0.2)}
    full = own[own["regime"] == "full"]
    parts = [own]
    for regime, (known, game) in teach.items():
        mine = full.assign(regime=regime)
        mine.loc[mine["measure"] == "knowledge", "estimate"] = known
        mine.loc[mine["measure"] == "share_who_game", "estimate"] = game
        parts.append(mine)
    regimes = ("nothing", *teach, "full")
    return disclosure_sweep(pd.concat(parts), regimes=regimes, lead=LEAD, opaque=["nothing"])


def test_that_nobody_games_by_assumption_is_marked_and_the_better_trade_is_named() -> None:
    found = halves()
    least = facts.least_gamed(found)
    assert least is not None
    assert least.given
    assert "least change" in least.more
    assert (least.more_known.estimate, least.more_game.estimate) == pytest.approx((0.3, 0.04))
    results = StudyResults(id="one", title="One", findings=(found,), settings={"lead": LEAD})
    told = said(results, "disclosure_sweep", "answer")
    assert "none games\u2020" in told
    assert "knows of nothing else to do" in said(results, "disclosure_sweep", "answer_note")
    assert "nobody, as assumed." in said(results, "disclosure_sweep", "abstract")


def test_for_whom_secrecy_is_follows_what_the_rater_earns() -> None:
    for earned, words in (
        (0.70, "by order and profit, the rater"),
        (0.60, "by right decisions, the rater"),
    ):
        found = disclosure_sweep(
            cells({"nothing": earned, "full": 0.68}), regimes=("nothing", "full"), lead=LEAD
        )
        assert facts.rater_gains(found) == words


def test_a_claim_of_one_rater_is_held_against_its_other_assumptions_alone() -> None:
    own = cells({"nothing": 0.70, "full": 0.68})
    other = cells({"nothing": 0.60, "full": 0.68}, variant="no bought ratings")
    found = disclosure_sweep(
        pd.concat([own, other]), regimes=("nothing", "full"), lead=LEAD,
        variants={"no bought ratings": "menu"},
    )  # fmt: skip
    where = {"measure": "auc", "variant": "default", "answer": "naive"}
    named = dict(facts.elsewhere(found, where))
    assert named["no bought ratings"]["variant"] == "no bought ratings"
    assert not any("scorer" in set(each) - set(where) for each in named.values())
    assert "robust rater" not in named


def swept(*parts: pd.DataFrame, regimes: Any = REGIMES, variants: Any = None) -> Any:
    """A sweep of those cells, whose people may guess where nothing is told."""
    opaque = [name for name in ("nothing", "prior") if name in regimes]
    return disclosure_sweep(
        pd.concat(parts), regimes=regimes, lead=LEAD, opaque=opaque, variants=variants
    )


def on_page(found: Any, block: str = "paragraphs") -> str:
    results = StudyResults(id="one", title="One", findings=(found,), settings={"lead": LEAD})
    return said(results, "disclosure_sweep", block).replace("\u202f", " ")


@pytest.mark.parametrize(
    ("naive", "robust", "words"),
    [
        (
            0.70,
            0.60,
            "by order and profit, only raters blind to gaming; "
            "by right decisions, only raters that reckon with gaming",
        ),
        (0.70, 0.70, "by order and profit, the rater"),
        (
            0.60,
            0.70,
            "by order and profit, only raters that reckon with gaming; "
            "by right decisions, only raters blind to gaming",
        ),
    ],
)
def test_for_whom_secrecy_is_says_whether_a_rater_reckons_with_gaming(
    naive: float, robust: float, words: str
) -> None:
    levels = {"prior": 0.66, "full": 0.68}
    own = cells({"nothing": naive} | levels)
    other = cells({"nothing": robust} | levels, answer="robust")
    found = swept(own, other)
    assert facts.rater_gains(found) == words
    assert "Numbers are of a rater blind to gaming" in on_page(found, "answer_note")
    told = "earns 2.0" if robust > 0.68 else "loses 8.0"
    assert f"One that reckons with gaming {told}" in on_page(found, "abstract")
    assert "blind to gaming" not in on_page(swept(own), "abstract")


def test_a_sign_that_turns_under_two_changes_at_once_is_named() -> None:
    levels = {"prior": 0.66, "full": 0.68}
    own, other = cells({"nothing": 0.70} | levels), cells({"nothing": 0.71} | levels)
    parts = own, other.assign(scorer="scorecard"), other.assign(answer="robust")
    both = cells({"nothing": 0.60} | levels, answer="robust", scorer="scorecard")
    told = "with more than one changed at once it turns under robust rater and scorecard score"
    assert facts.turned_together(swept(*parts, other.assign(sees="no friends")), "auc") == []
    assert told not in on_page(swept(*parts))
    assert told in on_page(swept(*parts, both))


def test_that_more_game_where_people_guess_says_where_they_do_not() -> None:
    own = cells({"nothing": 0.70, "prior": 0.66, "full": 0.68})
    less = own.assign(variant="guesses a quarter as large")
    less.loc[(less["measure"] == "share_who_game") & (less["regime"] == "prior"), "estimate"] = 0.1
    variants = {"guesses a quarter as large": "guesses"}
    text = on_page(swept(own, less, variants=variants))
    assert "Of two other regimes fewer game than when all is told, for certain, under one" in text
    assert "and more under one." in text
    told = "But under guesses a quarter as large 10 % game there, fewer than when told everything"
    assert f"{told}, by 30 percentage points." in text
    same = swept(own, own.assign(variant="guesses a quarter as large"), variants=variants)
    assert "But under" not in on_page(same)


def test_what_counts_as_secrecy_and_not_as_half_a_disclosure_is_named() -> None:
    own = cells({"nothing": 0.70, "prior": 0.66, "full": 0.68})
    weights = own[own["regime"] == "full"].assign(regime="weights")
    weights.loc[weights["measure"] == "share_who_game", "estimate"] = 0.2
    found = swept(own, weights, regimes=("nothing", "prior", "weights", "full"))
    assert "Of two (that people guess is secrecy too), fewest" in on_page(found, "abstract")


def test_half_disclosures_are_as_many_in_the_abstract_as_a_check_counts() -> None:
    """It said seven beside a check of one against "every other half-disclosure", nine of them."""
    own = cells({"nothing": 0.70, "prior": 0.66, "full": 0.68})
    found = swept(own, regimes=("nothing", "prior", "full"))
    least = facts.least_gamed(found)
    assert least is not None
    assert (least.clause, int(least.halves), least.readings) == (
        "people guess",
        1,
        ("people guess",),
    )


def test_for_whom_secrecy_is_names_the_measure_that_decides_it() -> None:
    """By right decisions a blind rater lost as well, and the first screen named no measure."""
    levels = {"prior": 0.66, "full": 0.68}
    own = cells({"nothing": 0.70} | levels)
    other = cells({"nothing": 0.60} | levels, answer="robust")
    told = facts.rater_gains(swept(own, other))
    assert told.startswith("by order and profit, only raters blind to gaming; by right decisions, ")
    unpriced = own[own["measure"] != "profit"]
    assert facts.rater_gains(swept(unpriced)) == "by order, the rater"


def test_what_a_rater_that_reckons_with_gaming_loses_has_its_unit() -> None:
    """After three units "loses 0.9 instead" was of no one of them."""
    levels = {"prior": 0.66, "full": 0.68}
    own = cells({"nothing": 0.70} | levels)
    other = cells({"nothing": 0.60} | levels, answer="robust")
    abstract = on_page(swept(own, other), "abstract")
    assert "loses 8.0 hundredths of that profit instead." in abstract


@pytest.mark.parametrize(
    ("sides", "words"),
    [
        ({"auc": "above below", "profit": "above below"}, "by order and profit, BLIND"),
        ({"auc": "above unclear", "profit": "above below"}, "by order and profit, KNOWN lose it"),
        ({"auc": "above unclear", "profit": "above unclear"}, "by order and profit, BLIND sure"),
        ({"auc": "above above", "profit": "above below"}, "by order, all; by profit, BLIND"),
        ({"auc": "below above", "profit": "above below"}, "by order, OTHER; by profit, BLIND"),
        ({"auc": "unclear above", "profit": "below above"}, "by order and profit, OTHER sure"),
        ({"auc": "below unclear", "profit": "above below"}, "by profit, BLIND"),
        ({"auc": "below below", "profit": "below below"}, "by ALL, none"),
    ],
)  # fmt: skip
def test_for_whom_secrecy_is_names_every_measure_by_which_somebody_gains(
    sides: dict[str, str], words: str
) -> None:
    """By profit alone only blind raters gained, it said: by order it was no other."""
    levels = {"prior": 0.66, "full": 0.68}
    own = cells({"nothing": 0.70} | levels)
    table = swept(own, cells({"nothing": 0.70} | levels, answer="robust"))
    rows = table.table.copy()
    ends = {"below": (-0.03, -0.01), "above": (0.01, 0.03), "unclear": (-0.01, 0.03)}
    for measure, each in ({"accuracy": "below below"} | sides).items():
        for answer, side in zip(("naive", "robust"), each.split(), strict=True):
            at = (
                rows["measure"].eq(measure) & rows["answer"].eq(answer) & rows["against"].eq("full")
            )
            low, high = ends[side]
            rows.loc[at, ["estimate", "low", "high"]] = ((low + high) / 2, low, high)
    names = {
        "BLIND": "only raters blind to gaming",
        "OTHER": "only raters that reckon with gaming",
        "ALL": "order, right decisions and profit",
        "all": "the rater",
        "none": "not the rater",
        "sure": "for certain",
        "KNOWN lose it": "surely raters blind to gaming, others lose profit",
    }
    for short, name in names.items():
        words = words.replace(short, name)
    assert facts.rater_gains(replace(table, table=rows)) == words
