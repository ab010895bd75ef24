"""The frontier over subsets: nulls, directions over societies, and what it is judged by."""

from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import roc_auc_score

from credit_ml.agencies import load_agency
from credit_ml.core import InputError, StudyResults, TableError, conform
from credit_ml.governance import DataLimit, LimitOptions, data_frontier, inferable, private_release
from credit_ml.governance.data_limits import facts
from credit_ml.governance.data_limits.finding import Inferable
from credit_ml.governance.data_limits.frontier import LIMITS, lots, undominated
from credit_ml.governance.data_limits.linear_guess import LinearGuess
from credit_ml.grammar.numbers import Amount
from credit_ml.proxies import Guesses
from credit_ml.reports.templating import said
from credit_ml.society import World

HELD = ("lenders", "offices", "contacts")


@pytest.fixture(scope="module")
def society():
    return World(citizens=2_000, seed=6).simulate()


@pytest.fixture(scope="module")
def national():
    return load_agency("national").with_scorer("logistic")


@pytest.fixture(scope="module")
def found(society, national):
    options = LimitOptions(holders=HELD, limits={"as it is": DataLimit()}, societies=8)
    return data_frontier(national, society, options=options)


def of(found, measure, setting):
    rows = found.table.query("measure == @measure and setting == @setting and quantity == 'value'")
    return rows[rows["sensitive"] == "overall"].iloc[0]


def test_nobodys_data_is_a_lottery(found):
    assert of(found, "auc", "nobody")["estimate"] == 0.5
    assert of(found, "records", "nobody")["estimate"] == 0
    assert of(found, "breach", "nobody")["estimate"] == 0
    assert "nobody" in found.frontier  # nothing exposes less


def test_equals_draw_other_lots_in_another_society(society):
    other = replace(society.world, seed=society.world.seed + 1).simulate()
    own, others = lots(3, society), lots(3, other)
    np.testing.assert_array_equal(own, lots(3, society))
    assert abs(np.corrcoef(own, others)[0, 1]) < 4 / np.sqrt(len(own))


def test_no_limit_is_the_agency_itself(found, society, national):
    rater = national.fit(society, seed=0)
    dataset = national.view(society)
    auc = roc_auc_score(dataset.y, rater.log_odds(dataset.X))
    assert of(found, "auc", "as it is")["estimate"] == pytest.approx(auc, abs=1e-12)


def test_every_subset_grants_the_same_number(found):
    rows = found.table.query("measure == 'granted' and sensitive == 'overall'")
    assert (rows["estimate"] == 0.5).all()


def test_data_help_and_expose_in_every_society(found):
    """Direction over societies: intervals over eight others clear of none."""
    lost = of(found, "auc_lost", "nobody")
    assert lost["low"] > 0.1
    assert lost["over"] == "societies"
    assert of(found, "auc_lost", "lenders")["estimate"] < lost["estimate"]
    whole = of(found, "breach", "lenders + offices + contacts")
    assert of(found, "breach", "lenders")["high"] < whole["low"]
    assert of(found, "auc_lost", "lenders + offices + contacts")["estimate"] == 0


def test_the_frontier_holds_what_nothing_dominates(found):
    table = found.subsets().set_index("setting")
    for name in table.index.difference(found.frontier):
        worse = (table["auc"] >= table.loc[name, "auc"]) & (
            table["breach"] <= table.loc[name, "breach"]
        )
        assert worse.drop(name).any()


def test_undominated_keeps_equals_and_drops_what_is_worse():
    values = np.array([[2.0, 1.0], [2.0, 1.0], [2.0, 0.9], [1.0, 3.0]])
    assert undominated(values).tolist() == [True, True, False, True]


def test_the_linear_guess_finds_what_is_there_and_nothing_where_nothing_is(national):
    """Posts tell critics; the records of other people tell nothing."""
    society = World(citizens=3_000, seed=2).simulate()
    dataset = national.view(society)
    told = LinearGuess.of(dataset, seed=0).judged(dataset)
    assert told.of([]) == 0
    assert told.of(["critical_posts"]) > 0.15  # one of five features, told almost whole
    guess = LinearGuess.of(dataset, seed=0)
    shuffled = replace(
        dataset, X=dataset.X.sample(frac=1, random_state=0).set_index(dataset.X.index)
    )
    assert guess.judged(shuffled).of(list(dataset.X.columns)) < 0.06


def test_contacts_tell_critics_and_no_lender_does(society, national):
    few = Guesses(people=2_000, folds=2, columns=False)
    told = inferable(national, society, holders=("lenders", "contacts"), guesses=few)
    auc = told.table.set_index(["holder", "sensitive"])
    assert auc.loc[("contacts", "critic"), "low"] > 0.6
    assert auc.loc[("lenders", "critic"), "low"] < 0.5 < auc.loc[("lenders", "hukou"), "low"]
    assert (told.table["high"] <= 1).all()


def test_bad_options_are_one_line():
    with pytest.raises(InputError, match=r"holders.*lender"):
        LimitOptions(holders=("lender",))
    with pytest.raises(InputError, match=r"places: are 1; give a share"):
        LimitOptions(places=1)
    for holders in ((), ("lenders", "lenders")):
        with pytest.raises(InputError, match="name one or more, each once"):
            LimitOptions(holders=holders)
    with pytest.raises(InputError, match="societies: is 2"):
        LimitOptions(societies=2)


def test_a_group_that_nobody_is_in_is_refused_before_any_fit(society, national, monkeypatch):
    monkeypatch.setattr(type(national), "fit", None)
    with pytest.raises(TableError, match="did you mean 'urban'"):
        data_frontier(national, society, sensitive="hukou", reference_group="urbn")


def test_clearing_is_held_against_what_was_before_it(society, national):
    limits = {name: LIMITS[name] for name in ("before clearing", "after clearing")}
    options = LimitOptions(holders=("lenders",), limits=limits)
    made = data_frontier(national, society, options=options)
    before, after = (of(made, "auc", name)["estimate"] for name in limits)
    moved = of(made, "auc_over_before", "after clearing")
    assert moved["estimate"] == pytest.approx(after - before)
    assert moved["low"] <= moved["estimate"] <= moved["high"]


def test_who_tells_a_feature_best_is_named_with_whoever_ties():
    rows = [
        {
            "holder": name,
            "sensitive": "hukou",
            "measure": "auc",
            "estimate": e,
            "low": lo,
            "high": h,
        }
        for name, e, lo, h in (
            ("lenders", 0.6, 0.58, 0.62),
            ("offices", 0.7, 0.66, 0.74),
            ("contacts", 0.68, 0.64, 0.72),
        )
    ]
    (first,) = facts.strongest(Inferable(table=conform(rows), title=""))
    assert (first.holder, first.ties) == ("offices", ("contacts",))


@pytest.mark.parametrize(
    ("ends", "verdict"),
    [((0.01, 0.03), "Yes"), ((0.02, 0.08), "Not decided"), ((0.06, 0.09), "No")],
)
def test_the_verdict_on_less_data_follows_the_ends_of_what_is_lost(ends, verdict):
    assert facts.verdict(Amount(sum(ends) / 2, *ends)) == verdict


def test_the_page_answers_first_in_words(found, society, national):
    few = Guesses(people=600, folds=2, columns=False)
    told = inferable(national, society, holders=("lenders", "contacts"), guesses=few)
    noise = private_release(national.fit(society), society, epsilons=(1.0,), sensitive="hukou")
    results = StudyResults(id="one", title="One", findings=(found, told, noise))
    answer = said(results, "data_limits", "abstract")
    assert answer.startswith("**What does a limit cost?** All data put")
    assert "who criticises the authorities" in answer
    assert "For whom?** Rural" in " ".join(answer.split())
    assert "a private score loses" in answer
    short = said(results, "data_limits", "answer")
    assert short.startswith(("**A simulated score loses", "**How much a simulated score loses"))
    assert len(short.split()) <= 75  # sixty words, and their intervals
    assert "simulated" in short
    assert len(list(facts.limits_tables(found))) == 2
    for each in (found, told, noise):
        assert all(
            len(row) == len(view.head)
            for view in facts.limits_tables(each)
            for _, rows in view.bodies
            for row in rows
        )
        assert each.plot() is not None
