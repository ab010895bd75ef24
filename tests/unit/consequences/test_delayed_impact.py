"""One step of loans: what rules promise, what scales hold, and people one by one."""

import numpy as np
import pytest

from credit_ml.agencies import load_agency
from credit_ml.consequences import (
    LoanTerms,
    ScoredGroup,
    delayed_impact,
    groups_by_score,
    lending_rules,
    scored_groups,
)
from credit_ml.consequences.facts import harmful
from credit_ml.consequences.tables import rules_tables
from credit_ml.core import InputError
from credit_ml.datasets import transrisk
from credit_ml.inference import resample_societies
from credit_ml.society import World

TERMS = LoanTerms()


@pytest.fixture(scope="module")
def pair():
    return scored_groups(transrisk(), ["black", "white"])


@pytest.fixture(scope="module")
def found(pair):
    return delayed_impact(pair, sensitive="race")


def test_a_table_ships_whole():
    table = transrisk()
    assert len(table) == 4 * 198
    assert table.groupby("group")["mass"].sum().to_numpy() == pytest.approx(1.0)
    assert table["points"].between(300, 850).all()
    assert (
        table.groupby("group")["points"].apply(lambda points: points.is_monotonic_increasing).all()
    )


@pytest.mark.parametrize(
    ("rule", "unit"), [("equal_opportunity", "repaying"), ("demographic_parity", "mass")]
)
def test_a_rule_reaches_the_same_share_of_both_and_none_like_it_is_more_useful(pair, rule, unit):
    loans = lending_rules(pair, 4.0)[rule]
    reached = [getattr(one, unit) @ chance for one, chance in zip(pair, loans, strict=True)]
    assert reached[0] == pytest.approx(reached[1])

    def useful(chances):
        return sum(
            one.people * one.utility(each, 4.0) for one, each in zip(pair, chances, strict=True)
        )

    others = (
        [one.lend(share, getattr(one, unit)) for one in pair] for share in np.linspace(0, 1, 301)
    )
    assert useful(loans) >= max(map(useful, others)) - 1e-9


def test_the_harmless_share_is_where_the_mean_stands_still(pair):
    black, white = pair
    share = black.harmless_share(TERMS)
    assert black.change(black.lend(share), TERMS) == pytest.approx(0.0, abs=1e-9)
    assert black.change(black.lend(share + 0.01), TERMS) < 0
    assert white.harmless_share(TERMS) == 1.0


def test_an_outcome_curve_ends_where_all_have_loans_and_is_nowhere_above_its_top(pair, found):
    for one in pair:
        curve = found.where(group=one.name, measure="outcome_curve").table
        everybody = one.change(np.ones_like(one.mass), TERMS)
        assert curve["estimate"].iloc[-1] == pytest.approx(everybody)
        (top,) = found.where(group=one.name, measure="best_change").table["estimate"]
        assert curve["estimate"].max() <= top + 1e-12


def test_people_one_by_one_move_as_far_as_their_group_is_said_to(pair):
    """Draw who repays; nobody leaves the scale."""
    random, many = np.random.default_rng(1), 400_000
    for one, loans in zip(pair, lending_rules(pair, 10.0)["equal_opportunity"], strict=True):
        at = random.choice(len(one.mass), size=many, p=one.mass)
        lent = random.random(many) < loans[at]
        moved = np.where(random.random(many) < one.repaid[at], TERMS.gain, -TERMS.loss)
        after = np.clip(one.points[at] + moved * lent, TERMS.low, TERMS.high)
        change = after - one.points[at]
        error = change.std() / np.sqrt(many)
        assert abs(change.mean() - one.change(loans, TERMS)) < 3.3 * error


def test_harm_is_told_by_loss_rule_and_group(found):
    told = [(loss, rule, group) for loss, rule, group, _ in harmful(found)]
    assert told == [("4", "demographic_parity", "black")]
    (table,) = rules_tables(found)
    assert table.size == 6


def test_the_first_choice_of_a_lender_is_relative_to_itself(found):
    rows = found.where(measure="relative", rule="max_utility").table
    assert (rows["estimate"] == 0).all()


def test_every_number_of_a_society_has_an_interval_over_societies():
    society = World(citizens=400, seed=2).simulate()
    rater = load_agency("council").fit(society)

    def measured(one):
        groups = groups_by_score(rater, one, sensitive="hukou")
        return delayed_impact(groups, losses=[4.0], sensitive="hukou")

    found = resample_societies(society, measured, societies=8)
    assert found.table["low"].notna().all()
    assert set(found.table["over"]) == {"societies"}
    assert found.plot().get_xlabel()


def test_groups_of_a_society_have_their_people_and_their_chances():
    society = World(citizens=1_500, seed=2).simulate()
    rater = load_agency("council").fit(society)
    groups = groups_by_score(rater, society, sensitive="hukou")
    assert sum(one.people for one in groups) == len(society)
    chance = society.truth["probability"]
    for one in groups:
        assert one.mass.sum() == pytest.approx(1.0)
        assert (np.diff(one.points) < 0).all()
        own = chance[society.people["hukou"] == one.name].mean()
        assert one.mass @ one.repaid == pytest.approx(own, rel=1e-5)


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda pair: delayed_impact([]), "groups: are empty"),
        (lambda pair: delayed_impact(pair, losses=[0.0]), "numbers above 0"),
        (lambda pair: LoanTerms(gain=-1.0), "gain"),
        (lambda pair: LoanTerms(low=900.0), "give less than high"),
        (lambda pair: LoanTerms(bounded="none"), "bounded"),
        (lambda pair: scored_groups(transrisk(), ["purple"]), "'purple' is unknown"),
        (lambda pair: scored_groups(transrisk().drop(columns="mass")), "mass"),
    ],
)
def test_what_cannot_be_is_refused_in_one_line(pair, make, said):
    with pytest.raises(InputError, match=said):
        make(pair)


def test_a_group_that_nobody_lends_to_has_no_harm():
    poor = ScoredGroup(
        name="a",
        people=10,
        points=np.array([500.0, 400.0]),
        mass=np.array([0.5, 0.5]),
        repaid=np.array([0.2, 0.1]),
    )
    found = delayed_impact([poor], losses=[4.0])
    change = found.where(measure="change", rule="max_utility").table["estimate"]
    assert change.tolist() == [0.0]
    assert poor.harmless_share(TERMS) == 0.0
