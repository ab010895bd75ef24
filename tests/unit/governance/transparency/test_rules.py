"""Rules of transparency: opacity moves nobody, telling does, and dominance is by interval ends."""

import numpy as np
import pandas as pd
import pytest

from credit_ml.agencies import load_agency
from credit_ml.core import InputError, StudyResults, conform
from credit_ml.disclosure import load_regime
from credit_ml.disclosure.regime import Disclosed
from credit_ml.governance import Transparency, TransparencyOptions, transparency_rules
from credit_ml.governance.agreed_values.card import FactorCard
from credit_ml.governance.enrolment.trust import TrustRule
from credit_ml.governance.transparency.facts import (
    any_of,
    best,
    dominated,
    name_of,
    rated_by,
    ties,
    told_of,
    transparency_tables,
    undecided,
)
from credit_ml.governance.transparency.finding import CRITERIA, RULES
from credit_ml.grammar.cited import unmarked
from credit_ml.reports.sections import cards
from credit_ml.reports.templating import said
from credit_ml.reports.verdict import check
from credit_ml.scoring import additive_terms
from credit_ml.society import World


@pytest.fixture(scope="module")
def found() -> Transparency:
    asked = TransparencyOptions(rules=("opaque", "full", "card", "agreed"), people=200, societies=8)
    agency = load_agency("values").with_scorer("logistic")
    return transparency_rules(agency, World(citizens=500, seed=1), asked, seed=2)


def table(**less: dict[str, tuple[float, float, float]]) -> Transparency:
    """A table of two rules, of which "full" less "opaque" is given and zero elsewhere."""
    rows = []
    for name in CRITERIA:
        estimate, low, high = less.get(name, (0.0, 0.0, 0.0))
        told = {"estimate": estimate, "low": low, "high": high}
        back = {"estimate": -estimate, "low": -high, "high": -low}
        rows += [
            {"measure": name, "rule": "opaque", "against": "", "estimate": 0.0},
            {"measure": name, "rule": "full", "against": "", "estimate": estimate},
            {"measure": name, "rule": "full", "against": "opaque", **told},
            {"measure": name, "rule": "opaque", "against": "full", **back},
        ]
    return Transparency(table=conform(rows), title="", parameters={"intervals": 0.95})


def test_intervals_end_where_numbers_do(found: Transparency) -> None:
    least, most = found.possible()
    rows = found.table.set_index(["rule", "against", "measure"])
    assert most[rows.index.get_loc(("full", "", "abuse"))] == 1.0
    assert least[rows.index.get_loc(("full", "", "knowledge"))] == -np.inf
    assert most[rows.index.get_loc(("full", "", "burden"))] == np.inf
    assert least[rows.index.get_loc(("full", "opaque", "gap"))] == -np.inf
    assert not (found.table["low"] < least).any()
    assert not (found.table["high"] > most).any()
    wide = Transparency(table=found.table.assign(low=-9.0, high=9.0), title="").bounded().table
    assert wide["low"].tolist() == np.maximum(least, -9.0).tolist()
    assert wide["high"].tolist() == np.minimum(most, 9.0).tolist()


def test_opacity_moves_nobody(found: Transparency) -> None:
    for name in ("knowledge", "gaming", "burden", "harmed", "mended"):
        assert found.value("opaque", name).estimate == 0.0
    assert found.value("opaque", "privacy").estimate == 0.5


def test_telling_all_is_known_and_gamed(found: Transparency) -> None:
    for rule in ("full", "card"):
        assert found.value(rule, "knowledge").estimate == pytest.approx(1.0)
        assert found.value(rule, "gaming").side() == "above"
        assert found.value(rule, "mended").side() == "above"
    assert found.verdict("full", "opaque", "knowledge") == "better"
    assert found.verdict("full", "opaque", "mended") == "better"
    assert found.verdict("full", "opaque", "gaming") == "worse"


def test_who_sees_more_detects_more_abuse(found: Transparency) -> None:
    hidden, *told = (found.value(rule, "abuse") for rule in ("opaque", "full", "card"))
    assert hidden.estimate < 0.2
    assert all(each.estimate > 0.9 for each in told)
    assert found.verdict("full", "opaque", "abuse") == "better"


def test_where_the_score_counts_posts_detection_is_not_defined() -> None:
    """Of an agency that reads critical posts, which move its score lawfully."""
    asked = TransparencyOptions(rules=("opaque", "reasons", "full"), people=60, societies=8)
    agency = load_agency("council").with_scorer("scorecard")
    finding = transparency_rules(agency, World(citizens=200, seed=1), asked)
    assert not finding.value("reasons", "abuse").known
    assert finding.verdict("reasons", "opaque", "abuse") == "unclear"
    assert "reasons" not in finding.dominated()
    assert finding.value("full", "abuse").estimate > 0.5
    told = said(StudyResults(id="one", title="One", findings=(finding,)), "transparency")
    assert "not defined (adverse-action reasons)" in told
    assert "nan" not in told
    cells = [
        cell for view in transparency_tables(finding) for row in view.bodies[0][1] for cell in row
    ]
    assert "not defined" in cells


def test_an_auditor_sees_what_letters_hold() -> None:
    """Without letters only scores; with one's own score, whose it is; with the model, records."""
    for rule in RULES.values():
        regime = load_regime(rule["regime"])
        told = regime.discloses if isinstance(regime, Disclosed) else ()
        expected = "posts" if "own_score" in told else "scores"
        assert rule["sees"] == ("records" if "model" in told else expected)


def test_the_same_score_told_otherwise_has_the_same_people(found: Transparency) -> None:
    wide = found.table[found.table["against"] == ""].pivot_table(
        index="measure", columns="rule", values="estimate"
    )
    less = found.table[(found.table["rule"] == "full") & (found.table["against"] == "opaque")]
    paired = less.query("quantity == 'difference'").set_index("measure")["estimate"]
    gap = wide["full"] - wide["opaque"] - paired.reindex(wide.index)
    assert gap.abs().max() < 1e-9


def test_trust_rests_where_its_rule_says() -> None:
    """Nothing known, nothing noticed: what is hidden alone; all known, errors alone."""
    from credit_ml.governance.due_process.fates import ErrorShares
    from credit_ml.governance.transparency.compute import _trust

    nothing = ErrorShares(harmful=0.1, noticed=0.0, mended=0.0)
    rule = TrustRule()
    assert _trust(nothing, 1.0) == rule.start
    assert _trust(nothing, 0.0) == pytest.approx(rule.start - rule.hidden / rule.drift)
    some = ErrorShares(harmful=0.1, noticed=0.5, mended=0.2)
    moved = 0.1 * (0.2 * rule.gain - 0.3 * rule.loss) / rule.drift
    assert _trust(some, 1.0) == pytest.approx(rule.start + moved)
    more = ErrorShares(harmful=0.1, noticed=0.5, mended=0.4)
    assert _trust(more, 1.0) > _trust(some, 1.0)


def test_an_agreed_card_is_ranked_as_its_weights_say() -> None:
    society = World(citizens=500, seed=1).simulate()
    rater = load_agency("sesame").with_scorer("scorecard").fit(society)
    view = rater.agency.view(society)
    card = FactorCard.of(rater, view)
    same = card.reweighed(card.own_weights, view)
    np.testing.assert_allclose(same.score(view.X), rater.score(view.X))
    for weights in (card.equal_weights, np.eye(len(card.factors))[0]):
        made = card.reweighed(weights, view)
        np.testing.assert_allclose(made.score(view.X), card.points(weights))
    only = additive_terms(made, view.X, "log_odds").std()
    assert (only[list(set(only.index) - set(rater.factors[card.factors[0]]))] == 0).all()


def test_only_a_scorecard_takes_weights() -> None:
    society = World(citizens=500, seed=1).simulate()
    rater = load_agency("sesame").with_scorer("logistic").fit(society)
    view = rater.agency.view(society)
    card = FactorCard.of(rater, view)
    with pytest.raises(InputError, match="is no scorecard"):
        card.reweighed(card.equal_weights, view)


@pytest.mark.parametrize(
    ("weights", "problem"),
    [
        (lambda k: np.ones(k + 1) / (k + 1), "weights: have shape"),
        (lambda k: np.ones((1, k)) / k, "weights: have shape"),
        (lambda k: np.r_[-1.0, 2.0, np.zeros(k - 2)], "weights: hold -1"),
        (lambda k: np.r_[np.nan, np.ones(k - 1)], "weights: hold nan"),
        (lambda k: np.ones(k), "weights: sum to"),
    ],
)
def test_weights_are_one_a_factor_and_sum_to_one(weights, problem) -> None:
    society = World(citizens=500, seed=1).simulate()
    rater = load_agency("sesame").with_scorer("scorecard").fit(society)
    view = rater.agency.view(society)
    card = FactorCard.of(rater, view)
    with pytest.raises(InputError, match=problem):
        card.reweighed(weights(len(card.factors)), view)
    with pytest.raises(InputError, match="dataset: has 100 people, the card 500"):
        card.reweighed(card.equal_weights, view.take(np.arange(100)))


def test_citizens_weights_are_drawn_anew_in_each_society(monkeypatch) -> None:
    """Intervals over societies hold the chance of the weights: no two societies share a draw."""
    from credit_ml.governance.transparency import compute

    drawn = []
    draw = compute.citizen_weights
    monkeypatch.setattr(
        compute,
        "citizen_weights",
        lambda votes, *, seed: drawn.append(seed) or draw(votes, seed=seed),
    )
    seen = []
    ask = compute.disclose
    monkeypatch.setattr(
        compute,
        "disclose",
        lambda *args, seed, **k: seen.append(seed) or ask(*args, seed=seed, **k),
    )
    asked = TransparencyOptions(rules=("opaque", "agreed"), people=60, societies=8)
    agency = load_agency("values").with_scorer("scorecard")
    transparency_rules(agency, World(citizens=200, seed=1), asked, seed=2)
    assert len(set(drawn)) == len(drawn) == asked.societies
    assert len(set(seen)) == asked.societies


def test_an_agency_of_which_nothing_can_be_moved_is_refused_at_once() -> None:
    with pytest.raises(InputError, match="reads no record that people can act on: 'government'"):
        transparency_rules(load_agency("government"), World(citizens=200, seed=1))


def test_rules_that_are_not_told_apart_are_named() -> None:
    made = table(gaming=(-0.3, -0.4, 0.1))
    assert "from which no other rule is told apart" in told_of(made, "gaming")
    sure = table(gaming=(-0.3, -0.4, -0.2))
    assert told_of(sure, "gaming").startswith("full publication")
    assert "told apart" not in told_of(sure, "gaming")


def test_people_are_those_who_are_there(found: Transparency) -> None:
    asked = TransparencyOptions(rules=("opaque", "access"), people=900, societies=8)
    agency = load_agency("values").with_scorer("scorecard")
    few = transparency_rules(agency, World(citizens=200, seed=1), asked)
    held = few.table[few.table["measure"] != "dominated"]
    assert set(held["people"]) == {200.0 * 8}
    assert few.parameters["people"] == 200
    assert few.value("access", "mended").estimate > few.value("opaque", "mended").estimate
    assert few.value("access", "gaming").estimate == 0.0
    assert few.value("access", "privacy").estimate > 0.5


def test_a_rule_is_dominated_where_another_is_better_and_never_worse() -> None:
    better = {"gaming": (-0.3, -0.4, -0.2)}
    assert table(**better).dominated() == {"opaque": ["full"]}
    assert table().dominated() == {}


def test_an_unknown_criterion_saves_a_rule() -> None:
    made = table(gaming=(-0.3, -0.4, -0.2), mended=(np.nan, np.nan, np.nan))
    assert made.verdict("full", "opaque", "mended") == "unclear"
    assert made.dominated() == {}


@pytest.mark.parametrize(
    ("other", "verdict"),
    [
        ((-0.1, -0.2, -0.05), "worse"),
        ((0.0, -0.2, 0.2), "unclear"),
        ((0.0, -0.004, 0.004), "alike"),
    ],
)
def test_one_worse_or_unclear_criterion_saves_a_rule(other, verdict) -> None:
    made = table(gaming=(-0.3, -0.4, -0.2), decisions=other)
    assert made.verdict("full", "opaque", "decisions") == verdict
    assert bool(made.dominated()) == (verdict == "alike")
    assert bool(undecided(made)) == (verdict == "unclear")


@pytest.mark.parametrize(
    ("less", "said"),
    [
        ({"gaming": (-0.3, -0.4, -0.2)}, "yes"),
        ({"gaming": (-0.3, -0.4, -0.2), "decisions": (0.0, -0.2, 0.2)}, "open"),
        ({"gaming": (-0.3, -0.4, -0.2), "mended": (np.nan, np.nan, np.nan)}, "open"),
        ({"gaming": (-0.1, -0.4, 0.2)}, "open"),
        ({"gaming": (-0.3, -0.4, -0.2), "decisions": (-0.1, -0.2, -0.05)}, "no"),
        ({"gaming": (0.0, -0.004, 0.004)}, "no"),
        ({}, "no"),
    ],
)
def test_domination_is_open_where_intervals_leave_it_so(less, said) -> None:
    made = table(**less)
    assert made.domination("full", "opaque") == said
    pairs = {(other, rule) for rule, other, _ in undecided(made)}
    assert (("full", "opaque") in pairs) == (said == "open")


def test_a_clause_on_an_open_pair_is_not_decided() -> None:
    """Not "did not hold": the row of the table reaches from 0 to 1."""
    from credit_ml.governance.transparency.compute import _as_number

    outcomes = {}
    for known in ("yes", "no", "open"):
        row = {"measure": "dominated", "quantity": "dominated", "rule": "factors"}
        made = conform([row | {"against": "explanation", **_as_number(known)}])
        where = {"rule": "factors", "against": "explanation", "measure": "dominated"}
        asked = {"claim": "it is", "kind": "transparency", "where": where}
        asked |= {"relation": "above", "value": 0.5, "of": "It is so"}
        results = StudyResults(
            id="one",
            title="One",
            prediction="It is so.",
            findings=(Transparency(table=made, title=""),),
            settings={"checks": [asked]},
        )
        (outcomes[known],) = (each.outcome for each in check(results))
    assert outcomes == {"yes": "held", "no": "failed", "open": "undecided"}


def test_the_first_screen_names_whose_score_ties_margins_and_what_is_assumed(found) -> None:
    results = StudyResults(id="one", title="One", findings=(found,))
    answer = said(results, "transparency", "answer")
    assert "8 simulated societies" in answer
    note = said(results, "transparency", "answer_note")
    assert f"All of it is of {rated_by(found)}." in note
    assert "Errors are planted" in note
    assert "where another is better by something and worse by nothing" in note
    assert "†" in answer
    for name, worst in (("mended", False), ("gaming", True)):
        assert f"with {any_of(found, name, worst=worst)}." in answer
        assert ties(found, name, worst=worst) in said(results, "transparency", "paragraphs")
    told = said(results, "transparency", "abstract")
    assert "by criterion, assumed)" in told
    assert "as frequent and as dear to contest as assumed" in told
    assert "50\u202f% of critics lose points (assumed)" in told
    assert "were all cities alike" in told
    whole = said(results, "transparency", "paragraphs")
    assert "**What is assumed.**" in whole
    assert "**Whose score.**" in whole


def test_unread_kinds_of_errors_are_named() -> None:
    asked = TransparencyOptions(rules=("opaque", "access"), people=60, societies=8)
    agency = load_agency("sesame").with_scorer("scorecard")
    finding = transparency_rules(agency, World(citizens=200, seed=1), asked)
    assert finding.parameters["unread"] == ["wrong court orders"]
    results = StudyResults(id="one", title="One", findings=(finding,))
    told = said(results, "transparency", "paragraphs")
    assert "the commercial score of the Sesame type, whose records hold no wrong court" in told


def test_what_dominates_is_in_the_table(found: Transparency) -> None:
    held = found.table.query("measure == 'dominated'")
    beaten = held[held["estimate"] == 1.0][["rule", "against"]].itertuples(index=False, name=None)
    assert sorted(beaten) == sorted(
        (rule, other) for rule, others in dominated(found) for other in others
    )


def test_it_is_shown_in_tables_and_drawn(found: Transparency) -> None:
    shown = list(transparency_tables(found))
    assert len(shown) == 3 + len(found.rules)
    assert len(shown[0].bodies[0][1]) == len(found.rules)
    assert found.plot().get_xlabel().startswith("worse")
    assert "people who game" in found.plot(measure="gaming").get_xlabel()


def test_the_page_answers_first_in_words(found: Transparency) -> None:
    results = StudyResults(id="one", title="One", findings=(found,))
    none = "No rule of transparency is shown to be dominated"
    first = none if not found.dominated() else "dominate"
    assert first in said(results, "transparency", "headline")
    answer = said(results, "transparency", "abstract")
    assert answer.startswith("**Which rule is dominated?**")
    assert "Falsified records and answers over years" in answer


@pytest.mark.parametrize(
    ("asked", "problem"),
    [
        ({"rules": ("opaque",)}, "rules: are fewer than two"),
        ({"rules": ("opaque", "fulll")}, "rules: 'fulll' is unknown"),
        ({"societies": 3}, "societies: is 3"),
        ({"rules": "full"}, "rules: are fewer than two"),
        ({"rules": ("full", "full")}, "rules: name 'full' twice"),
        ({"people": -5}, "people: is -5; give a whole number of at least 50"),
        ({"people": 60.5}, "people: is 60.5"),
        ({"sensitive": "moon"}, "sensitive: 'moon' is unknown"),
        ({"group": "moon"}, "group: 'moon' is unknown"),
        ({"reference_group": "moon"}, "reference_group: 'moon' is unknown"),
        ({"reference_group": "rural"}, "reference_group: is 'rural', the group itself"),
        ({"times": {"hukou": {"rural": -1.0}}}, "times, hukou, rural: is -1.0"),
    ],
)
def test_what_cannot_be_asked_is_said(asked, problem) -> None:
    with pytest.raises(InputError, match=problem):
        TransparencyOptions(**asked)


def test_rules_and_criteria_say_what_they_are() -> None:
    assert all(
        set(each) == {"name", "regime", "score", "sees", "records", "told"}
        for each in RULES.values()
    )
    assert isinstance(table().table, pd.DataFrame)
    assert all("assumed" in each["source"] for each in CRITERIA.values())


def test_in_short_are_three_sentences_whose_first_says_what_is_dominated(told_words) -> None:
    made = {
        "Yes:": table(gaming=(-0.3, -0.4, -0.2)),
        "Not decided:": table(gaming=(-0.3, -0.4, -0.2), decisions=(0.0, -0.2, 0.2)),
        "No:": table(),
    }
    for verdict, finding in made.items():
        results = StudyResults(id="one", title="One", findings=(finding,))
        told = said(results, "transparency", "answer").replace("**", "")
        assert told.startswith(verdict)
        assert "dominated" in told.split(".")[0]
        assert told_words(told) <= 60


def test_what_the_tables_call_alike_is_no_best_and_no_worst_alone() -> None:
    made = table(order=(-0.002, -0.003, -0.001))
    assert made.verdict("full", "opaque", "order") == "alike"
    told = told_of(made, "order", worst=True)
    assert "full publication" in told
    assert told.endswith("; the margin counts opacity as alike")
    assert "margin" not in told_of(table(order=(-0.2, -0.3, -0.1)), "order", worst=True)


def test_what_gets_surely_worse_than_under_opacity_stands_below_the_answer() -> None:
    """Cards that widen the gap were named in a folded part alone."""
    results = StudyResults(
        id="one", title="One", findings=(table(gap=(0.1, 0.05, 0.15), trust=(-0.1, -0.3, 0.1)),)
    )
    note = said(results, "transparency", "answer_note")
    assert "Surely worse than opacity: the gap in who is granted with full publication." in note
    alike = StudyResults(id="one", title="One", findings=(table(gap=(0.1, -0.05, 0.25)),))
    assert "worse than opacity" not in said(alike, "transparency", "answer_note")


def test_a_card_s_number_is_of_one_rule_and_ties_stand_beside_it(found: Transparency) -> None:
    results = StudyResults(
        id="one", title="One", findings=(found,), settings={"lead_with": "transparency"}
    )
    rule = best(found, "gaming", worst=True)[0]
    (shown,) = (each.meaning for each in cards(results) if "people game" in each.meaning)
    assert unmarked(shown).endswith(name_of(rule) + ties(found, "gaming", worst=True))


def test_a_harm_to_people_stands_on_the_first_screen_before_gaming() -> None:
    harmed = table(harmed=(0.2, 0.15, 0.25), gaming=(0.3, 0.2, 0.4))
    results = StudyResults(id="one", title="One", findings=(harmed,))
    assert "worse off for acting" in said(results, "transparency", "answer")
    unsure = table(harmed=(0.2, -0.15, 0.45), gaming=(0.3, 0.2, 0.4))
    results = StudyResults(id="one", title="One", findings=(unsure,))
    assert "of people game" in said(results, "transparency", "answer")
    assert "worse off" not in said(results, "transparency", "answer")


def test_a_difference_without_an_interval_dominates_nothing() -> None:
    made = table(gaming=(-0.3, float("nan"), float("nan")))
    assert made.verdict("full", "opaque", "gaming") == "unclear"
    assert made.dominated() == {}
