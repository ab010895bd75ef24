"""Sign-up on societies: its closed form, its null, and its directions."""

import numpy as np
import pytest

from credit_ml.agencies import load_agency
from credit_ml.core import InputError, StudyResults
from credit_ml.governance import EnrolmentOptions, TrustRule, enrolment
from credit_ml.governance.enrolment import facts
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


def test_the_page_answers_first_in_words(found):
    answer = said(StudyResults(id="one", title="One", findings=(found,)), "enrolment", "abstract")
    assert answer.startswith("**Who joins?** With treats")
    assert "Whoever stays out is thought to stand" in answer
    (view,) = facts.enrolment_tables(found)
    assert np.shape(view.bodies[0][1]) == (3, len(view.head))
    assert found.plot() is not None


@pytest.mark.parametrize("given", [{"worth": 0.0}, {"privacy": -1.0}, {"withheld": 2.0}])
def test_bad_options_are_one_line(given):
    with pytest.raises(InputError, match=f"enrolment, {next(iter(given))}"):
        EnrolmentOptions(**given)
