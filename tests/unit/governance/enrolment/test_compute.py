"""Sign-up on societies: its closed form, its null, and its directions."""

import re
from dataclasses import replace

import numpy as np
import pytest

from credit_ml.agencies import load_agency
from credit_ml.core import InputError, StudyResults
from credit_ml.governance import EnrolmentOptions, TrustRule, enrolment
from credit_ml.governance.enrolment import facts
from credit_ml.grammar.cited import unmarked
from credit_ml.grammar.numbers import Amount
from credit_ml.reports.templating import said
from credit_ml.society import World


@pytest.fixture(scope="module")
def society():
    return World(citizens=2_000, seed=8).simulate()


@pytest.fixture(scope="module")
def rater(society):
    return load_agency("sesame").with_scorer("scorecard").fit(society)


@pytest.fixture(scope="module")
def found(rater, society):
    return enrolment(rater, society, options=EnrolmentOptions(societies=8), sensitive=["hukou"])


def of(found, measure, scheme, rule="no_errors"):
    rows = found.table.query("measure == @measure and scheme == @scheme and rule == @rule")
    return rows[rows["group"] == "all"].iloc[0]


def test_places_are_even_so_that_sign_up_is_the_closed_form(rater, society):
    """1 - 2 (privacy - treat) / worth: costs .01 to all, a treat of .002, places worth .05."""
    share = 1 - 2 * (0.01 - 0.002) / 0.05
    alike = EnrolmentOptions(taste=0.0, rules={"no_errors": TrustRule()})
    found = enrolment(rater, society, options=alike, sensitive="hukou")
    assert of(found, "joined", "voluntary")["estimate"] == pytest.approx(share, abs=0.02)
    believed = of(found, "believed", "voluntary")["estimate"]
    assert believed == pytest.approx((1 - share) / 2, abs=0.02)


def test_free_sign_up_unravels_and_a_treat_brings_all(rater, society):
    free = EnrolmentOptions(treat=0.0, privacy=0.0, rules={"no_errors": TrustRule()})
    rows = enrolment(rater, society, options=free, sensitive="hukou").table
    joined = rows.query("measure == 'joined' and scheme == 'voluntary' and group == 'all'")
    assert joined["estimate"].item() >= 1 - 10 / len(society)  # but the worst, and equals
    paid = EnrolmentOptions(privacy=0.0, rules={"no_errors": TrustRule()})
    rows = enrolment(rater, society, options=paid, sensitive="hukou").table
    assert (rows.loc[rows["measure"] == "joined", "estimate"].iloc[:3] == 1).all()


def test_trust_off_is_the_same_score(found, rater, society):
    """The null: with nothing withheld, records and their order stay as they are."""
    rules = {"no_errors": TrustRule(), "opaque": TrustRule(errors=0.1, opacity=1.0)}
    options = EnrolmentOptions(withheld=0.0, rules=rules)
    rows = enrolment(rater, society, options=options, sensitive="hukou").table
    auc = rows[rows["measure"] == "auc"]["estimate"]
    assert auc.nunique() == 1
    assert (rows[rows["measure"] == "honest"]["estimate"].dropna().isin((0.0, 1.0))).all()


def test_directions_over_societies(found):
    joined = {rule: of(found, "joined", "voluntary", rule) for rule in ("open", "opaque")}
    assert joined["opaque"]["high"] < joined["open"]["low"]
    trust = {rule: of(found, "trust", "voluntary", rule) for rule in ("open", "opaque")}
    assert trust["opaque"]["high"] < 0.5
    honest = {rule: of(found, "honest", "voluntary", rule) for rule in ("open", "opaque")}
    assert honest["opaque"]["estimate"] < honest["open"]["estimate"]
    assert joined["open"]["over"] == "societies"
    compelled = of(found, "joined", "firms_compelled")
    assert compelled["low"] > of(found, "joined", "voluntary")["high"]
    assert of(found, "unwilling", "voluntary")["estimate"] == 0
    unwilling = [of(found, "unwilling", each) for each in ("firms_compelled", "compulsory")]
    assert 0.05 < unwilling[0]["estimate"] < unwilling[1]["estimate"]
    assert of(found, "joined", "compulsory")["estimate"] == 1
    kept = of(found, "keep_joined", "voluntary"), of(found, "keep_silent", "voluntary")
    assert kept[0]["estimate"] > kept[1]["high"]


def test_the_page_answers_first_in_words(found, told_words, in_one_unit):
    answer = said(StudyResults(id="one", title="One", findings=(found,)), "enrolment", "abstract")
    assert answer.startswith("**Who joins?** Without errors and with treats")
    assert "Of the silent" in answer
    assert "By assumption opacity with errors left takes" in answer
    short = said(StudyResults(id="one", title="One", findings=(found,)), "enrolment", "answer")
    assert short.startswith(("**Without errors most sign", "**Without errors some sign"))
    # Half of any people stand above their mean: that some do is not held against all.
    assert "of the silent" in short
    assert "held against" not in short
    assert told_words(short) <= 60
    assert "simulated" in short
    # Every number of the answer rests on what is assumed, and so does which way trust works.
    assert short.count("†") == len(
        re.findall(r"\d[\d,.]*", re.sub(r"\([^()]* to [^()]*\)", "", short))
    )
    note = said(StudyResults(id="one", title="One", findings=(found,)), "enrolment", "answer_note")
    assert "less trust takes from both" in note
    view, by_group, beside_open = facts.enrolment_tables(found)
    in_one_unit((view, by_group, beside_open))
    assert beside_open.head[1] == "Joined (percentage points of people)"
    assert "percentage points" in beside_open.bodies[0][1][1][1]
    assert np.shape(view.bodies[0][1]) == (3, len(view.head))
    assert all(len(row) == len(by_group.head) for _, rows in by_group.bodies for row in rows)
    assert [row[0] for row in beside_open.bodies[0][1]] == [
        "Without errors",
        "Hidden rules, errors left",
    ]
    assert found.plot() is not None


def test_rules_are_held_against_open_ones_of_the_same_people(found):
    for measure in ("joined", "trust", "honest", "auc"):
        apart = [of(found, measure, "voluntary", rule)["estimate"] for rule in ("opaque", "open")]
        told = of(found, f"{measure}_over_open", "voluntary", "opaque")
        assert told["estimate"] == pytest.approx(apart[0] - apart[1], abs=1e-9)
    assert not len(found.table.query("measure == 'joined_over_open' and rule == 'open'"))


def test_with_one_taste_for_privacy_sign_up_is_the_formula_in_every_society(found):
    off = of(found, "off_formula", "voluntary")
    assert abs(off["estimate"]) <= 2 / off["people"]
    alike = of(found, "joined_alike", "voluntary")["estimate"]
    assert alike == pytest.approx(1 - 2 * (0.01 - 0.002) / 0.05, abs=2 / off["people"])


def test_hurt_by_silence_is_the_share_of_the_silent_who_are_misjudged(found):
    silent = 1 - of(found, "joined", "voluntary")["estimate"]
    wrong = of(found, "misjudged", "voluntary")["estimate"]
    assert of(found, "hurt_by_silence", "voluntary")["estimate"] == pytest.approx(silent * wrong)


@pytest.mark.parametrize(
    ("ends", "verdict"),
    [
        ((0.95, 0.99), "Nearly all"),
        ((0.6, 0.95), "Most"),
        ((0.4, 0.95), "Some"),
        ((0.05, 0.2), "Hardly any"),
    ],
)
def test_the_verdict_on_sign_up_follows_its_interval(ends, verdict):
    assert facts.verdict(Amount(sum(ends) / 2, *ends)) == verdict


@pytest.mark.parametrize(
    "given",
    [
        {"worth": 0.0},
        {"worth": float("nan")},
        {"privacy": -1.0},
        {"privacy": "much"},
        {"withheld": 2.0},
        {"years": 1.5},
        {"years": -1},
        {"rules": {}},
    ],
)
def test_bad_options_are_one_line(given):
    with pytest.raises(InputError, match=f"enrolment, {next(iter(given))}"):
        EnrolmentOptions(**given)


def test_what_opacity_takes_keeps_its_direction(found):
    """Where more sign up by the estimate it takes less than nothing, and not as much."""
    table = found.table.copy()
    rows = table["measure"].eq("joined_over_open")
    table.loc[rows, ["estimate", "low", "high"]] = (0.01, -0.01, 0.03)
    page = StudyResults(id="one", title="One", findings=(replace(found, table=table),))
    for block in ("answer", "abstract"):
        told = said(page, "enrolment", block)
        assert "takes −1 point" in told.replace("\u202f", " "), block


@pytest.mark.parametrize(
    ("ends", "expected"),
    [
        ((0.49, 0.52), "no sure majority"),
        ((0.55, 0.60), "a majority"),
        ((0.31, 0.36), "a minority"),
    ],
)
def test_most_is_said_of_the_rule_of_which_it_holds_and_of_the_hidden_one_what_holds(
    found, ends, expected
):
    """The page had most sign up, and where rules are hidden a majority was not decided."""
    table = found.table.copy()
    own = (table["measure"] == "joined") & (table["scheme"] == "voluntary")
    own &= (table["quantity"] == "value") & (table["group"] == "all")
    for rule, (low, high) in (("no_errors", (0.63, 0.66)), ("opaque", ends)):
        table.loc[own & (table["rule"] == rule), ["estimate", "low", "high"]] = (
            (low + high) / 2, low, high,
        )  # fmt: skip
    lead = {"sensitive": "hukou", "group": "rural", "reference_group": "urban"}
    page = StudyResults(
        id="one", title="One", findings=(replace(found, table=table),), settings={"lead": lead}
    )
    first = said(page, "enrolment", "answer").split(". ")[0]
    assert first.startswith("**Without errors most sign up:**")
    assert "with hidden rules and errors " in first
    assert f") sign up, {expected}" in first
    assert f"{expected}, of rural people" in first


@pytest.mark.parametrize(
    ("ends", "said_of_them"),
    [((0.48, 0.58), ", no sure majority"), ((0.55, 0.58), ""), ((0.40, 0.45), ", a minority")],
)
def test_a_group_of_which_no_majority_is_sure_is_not_left_out_of_most(found, ends, said_of_them):
    """Most sign up, rural citizens less often: of these a majority was not sure."""
    table = found.table.copy()
    own = (table["measure"] == "joined") & (table["scheme"] == "voluntary")
    own &= table["rule"] == "no_errors"
    low, high = ends
    for which, told in (
        ((table["quantity"] == "value") & (table["group"] == "all"), (0.64, 0.63, 0.66)),
        ((table["quantity"] == "value") & (table["group"] == "rural"), (sum(ends) / 2, low, high)),
        ((table["quantity"] == "difference") & (table["group"] == "rural"), (-0.1, -0.2, -0.05)),
    ):
        table.loc[own & which, ["estimate", "low", "high"]] = told
    lead = {"sensitive": "hukou", "group": "rural", "reference_group": "urban"}
    page = StudyResults(
        id="one", title="One", findings=(replace(found, table=table),), settings={"lead": lead}
    )
    first = unmarked(said(page, "enrolment", "answer")).split(". ")[0]
    assert f"rural people less often{said_of_them};" in first


def test_less_trust_is_said_of_free_sign_up_before_firms_are_compelled(found):
    """Fourteen points "there" followed the firms that cannot refuse, where it is one point."""
    page = StudyResults(id="one", title="One", findings=(found,))
    text = said(page, "enrolment", "answer")
    assert text.index("**Less trust") < text.index("**If firms cannot refuse")


def test_where_without_errors_a_majority_is_not_sure_it_is_said(found):
    table = found.table.copy()
    own = (table["measure"] == "joined") & (table["rule"] == "no_errors")
    table.loc[own & (table["group"] == "all"), ["estimate", "low", "high"]] = (0.51, 0.48, 0.54)
    page = StudyResults(id="one", title="One", findings=(replace(found, table=table),))
    short = said(page, "enrolment", "answer").replace("\u202f", " ")
    assert short.startswith("**Without errors some sign up:** 51 %† (48 to 54)")
    assert "(no sure majority)" in short.split(";")[0]
