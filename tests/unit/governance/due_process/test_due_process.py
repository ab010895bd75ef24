"""Errors on societies: their null, the product of chances, and what being told more changes."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from credit_ml.agencies import load_agency
from credit_ml.core import InputError, StudyResults
from credit_ml.governance import Contest, DueProcessOptions, due_process
from credit_ml.governance.due_process import facts
from credit_ml.governance.due_process.fates import Files, error_shares
from credit_ml.governance.due_process.finding import RULES, UNITS
from credit_ml.governance.due_process.noticing import Told
from credit_ml.reports.sections import short
from credit_ml.reports.templating import paragraphs, said
from credit_ml.society import World

FREE = Contest(price=0.0, effort=0.0, success=1.0)
MANY = {"identity": 0.1, "stale": 0.2, "ratings": 0.2, "orders": 0.2}


@pytest.fixture(scope="module")
def society():
    return World(citizens=2_000, seed=8).simulate()


@pytest.fixture(scope="module")
def rater(society):
    return load_agency("national").with_scorer("scorecard").fit(society)


@pytest.fixture(scope="module")
def found(rater, society):
    options = DueProcessOptions(rates=MANY, times={"hukou": {"rural": 1.5}})
    return due_process(rater, society, options=options, sensitive="hukou")


def files(rater, society, **given):
    return Files.of(rater, society, DueProcessOptions(**{"rates": MANY} | given), seed=3)


def of(found, measure, rule, entry="all"):
    rows = found.table.query("measure == @measure and rule == @rule and entry == @entry")
    return rows[rows["group"] == "all"].iloc[0]["estimate"]


def shares(fates):
    """Harmful, noticed, contested and mended, in numbers."""
    names = ("harmful", "noticed", "contested", "mended")
    return [sum(int(getattr(each, name).sum()) for each in fates) for name in names]


def test_without_errors_nothing_is_lost_and_no_score_moves(rater, society):
    none = dict.fromkeys(MANY, 0.0)
    made = files(rater, society, rates=none)
    assert shares(made.fates(Told.of("full", records=True))) == [0, 0, 0, 0]
    one = due_process(rater, society, options=DueProcessOptions(rates=none), sensitive="hukou")
    rows = one.table.query("measure in ('planted', 'refused', 'lost') and quantity == 'value'")
    assert (rows["estimate"] == 0).all()
    before = rater.score(rater.agency.view(society).X)
    assert np.array_equal(made.noticing.points, before.to_numpy())


def test_mended_is_noticed_times_contested_times_success(rater, society):
    """Of all people rate x noticed x contested x success, each chance by itself."""
    attention, success = 0.6, 0.7
    contest = Contest(price=0.0, effort=0.0, success=success)
    made = files(rater, society, attention=attention, contest=contest)
    harmful, noticed, contested, mended = shares(made.fates(Told.of("nothing", records=True)))
    assert contested == noticed  # free, and every harmful entry is worth something
    for part, whole, chance in ((noticed, harmful, attention), (mended, contested, success)):
        assert part / whole == pytest.approx(chance, abs=4 * np.sqrt(0.25 / whole))
    people, rate = len(society), sum(MANY.values())
    there = sum(len(each.rows) for each in made.entries)
    assert there / people == pytest.approx(rate, rel=0.1)
    product = there / people * (harmful / there) * attention * success
    assert mended / people == pytest.approx(product, rel=0.1)


def test_whoever_sees_all_reads_all_and_pays_nothing_mends_all(rater, society):
    made = files(rater, society, attention=1.0, contest=FREE)
    harmful, *rest = shares(made.fates(Told.of("nothing", records=True)))
    assert rest == [harmful] * 3
    wrong = shares(made.fates(Told.of("nothing")))
    assert wrong[1:] == [0, 0, 0]


def test_told_more_each_notices_more(rater, society):
    """Person by person: names of factors, reasons beside them, the model."""
    made = files(rater, society, attention=1.0)
    seen = [made.fates(Told.of(name)) for name in ("nothing", "factors", "reasons", "full")]
    for less, more in pairwise(seen):
        for one, other in zip(less, more, strict=True):
            told = one.noticed & (other.points > 0)  # an order on a list may move no score
            assert not (told & ~other.noticed).any()
    noticed = [shares(each)[1] for each in seen]
    assert noticed == sorted(noticed)
    assert noticed[0] == 0
    assert noticed[1] < noticed[2] < noticed[3]


def test_a_dearer_contest_is_rarer_and_silences_the_poorest_first(rater, society):
    told, income = Told.of("nothing", records=True), society.records["income"].to_numpy()
    number, poorest = [], []
    for price in (0.0, 2.0, 8.0):
        contest = Contest(price=price, effort=0.0)
        # One kind whose entries cost all the same: nothing but income differs.
        given = {"rates": {"orders": 0.5}, "attention": 1.0, "place": 0.0}
        made = files(rater, society, contest=contest, **given)
        (fate,) = made.fates(told)
        plain = fate.harmful & ~fate.refused
        number.append(int(fate.contested.sum()))
        poorest.append(income[fate.contested & plain].min())
        if price == 2.0:
            needed = 2.0 / (0.8 * 0.05 * 1.9) / 12
            assert (fate.contested[plain] == (income[plain] > needed)).all()
    assert number[0] > number[1] > number[2]
    assert poorest == sorted(poorest)


def test_nobody_contests_what_helps(rater, society):
    made = files(rater, society, attention=1.0, contest=FREE)
    for fate in made.fates(Told.of("full", records=True)):
        assert not (fate.contested & ~fate.harmful).any()
        assert (fate.points[~fate.harmful] == 0).all()


def test_errors_befall_the_group_they_are_planted_in(found):
    rows = found.table.query("measure == 'planted' and entry == 'all'")
    gap = rows[rows["quantity"] == "difference"].iloc[0]
    assert gap["group"] == "rural"
    assert gap["low"] > 0


def test_right_scores_alarm_as_often_as_said_and_not_where_records_are_seen(rater, society):
    made = files(rater, society, attention=1.0, contest=FREE, alarm=0.1)
    doubts = made.noticing.in_vain(Told.of("factors"))
    assert doubts.mean() == pytest.approx(0.1, abs=1 / 500)
    for told in (Told.of("nothing"), Told.of("full"), Told.of("factors", records=True)):
        assert not made.in_vain(told).any()


def test_deterrence_is_one_less_both_errors(found):
    for rule in RULES:
        held, off = (of(found, name, rule, "orders") for name in ("wrongly_held", "let_off"))
        assert of(found, "deterrence", rule, "orders") == pytest.approx(1 - held - off)


def test_right_orders_are_struck_where_courts_strike_them(rater, society):
    contest = Contest(undue=0.5, price=0.0, effort=0.0)
    made = files(rater, society, attention=1.0, contest=contest)
    fate = made.fate_of_right_orders(Told.of("nothing", records=True))
    assert fate is not None
    number = int(fate.there.sum())
    assert fate.contested.sum() == number
    assert fate.mended.sum() / number == pytest.approx(0.5, abs=4 * np.sqrt(0.25 / number))
    hidden = made.fate_of_right_orders(Told.of("nothing"))
    assert hidden is not None
    assert not hidden.mended.any()


def test_what_stands_costs_more_than_what_is_mended(found):
    for measure in ("refused", "lost"):
        assert of(found, measure, "opaque") > of(found, measure, "access") > 0
    assert of(found, "points", "opaque") > 0
    assert of(found, "spent", "opaque") == 0
    assert of(found, "spent", "access") > 0


@pytest.mark.parametrize("regime", ["counterfactual", "recommendation", "weights", "friends"])
def test_every_regime_can_be_asked(rater, society, regime):
    told = {regime: Told.of(regime)}
    found = error_shares(rater, society, told, options=DueProcessOptions(rates=MANY))[regime]
    assert 0 < found.mended <= found.noticed < 1


def test_a_wrong_order_lists_somebody_for_an_error_alone(rater, society):
    """Whoever has no right order beside it; a right one would list them anyway."""
    options = DueProcessOptions(rates={"orders": 1.0})
    files = Files.of(rater, society, options, seed=1)
    (fate,) = files.fates(Told.of("nothing"))
    ordered = (society.records["judgments"] > 0).to_numpy()
    assert ordered.any()
    assert fate.refused[~ordered].all()
    assert not fate.refused[ordered].all()
    none = Files.of(rater, society, replace(options, rates={"orders": 0.0}), seed=1)
    assert not any(each.refused.any() for each in none.fates(Told.of("nothing")))


def test_ties_with_the_best_rule_are_named(found):
    table = found.table.copy()
    rows = (table["measure"] == "mended") & (table["quantity"] == "value")
    rows &= (table["entry"] == "all") & (table["group"] == "all")
    for rule, ends in {"access": (0.5, 0.4, 0.6), "full": (0.45, 0.39, 0.5)}.items():
        table.loc[rows & (table["rule"] == rule), ["estimate", "low", "high"]] = ends
    for rule in set(RULES) - {"access", "full"}:
        table.loc[rows & (table["rule"] == rule), ["estimate", "low", "high"]] = 0.1, 0.05, 0.2
    near = replace(found, table=table)
    assert facts.tied(near, facts.by_mended(near)) == ["full publication"]
    results = StudyResults(id="one", title="One", findings=(near,))
    for block in ("answer", "headline"):
        assert "not told apart from full publication" in said(results, "due_process", block)
    table.loc[rows & (table["rule"] == "full"), ["estimate", "low", "high"]] = 0.35, 0.3, 0.39
    assert facts.tied(near, facts.by_mended(near)) == []


def shared(found, **by_rule):
    """The finding with another share mended of all, or of wrong court orders, under some rules."""
    table = found.table.copy()
    rows = (table["measure"] == "mended") & (table["quantity"] == "value")
    rows &= table["group"] == "all"
    for name, ends in by_rule.items():
        rule, _, entry = name.partition("_")
        one = rows & (table["rule"] == rule) & (table["entry"] == (entry or "all"))
        table.loc[one, ["estimate", "low", "high"]] = ends
    return replace(found, table=table)


def test_a_kind_that_a_rule_never_mends_is_said_beside_the_kind_that_it_mends_most(found):
    none = shared(found, full_orders=(0.0, 0.0, 0.0), access_orders=(0.9, 0.85, 0.95))
    assert facts.never_mended(none, "orders")[-1] == "full publication"
    told = said(StudyResults(id="one", title="One", findings=(none,)), "due_process")
    assert "Of wrong court orders none is mended with" in told
    # Most is said of one rule, and names it.
    best = facts.name_of(facts.by_mended(none)[0])
    assert f"where with {best} most are mended of" in told or "most are mended of" not in told
    some = shared(found, **{f"{rule}_orders": (0.2, 0.1, 0.3) for rule in RULES})
    assert facts.never_mended(some, "orders") == []


def test_who_is_refused_for_an_error_is_said_with_the_rule_it_is_under(found):
    told = said(StudyResults(id="one", title="One", findings=(found,)), "due_process")
    dark = facts.at(found, "opaque", "refused").percent()
    best = facts.by_mended(found)[0]
    left = facts.at(found, best, "refused").percent()
    assert f"and {dark} of people are refused something" in told
    assert f"with {facts.name_of(best)} still {left}." in told


def test_the_first_screen_names_the_score_and_what_is_assumed(found):
    results = StudyResults(id="one", title="One", findings=(found,))
    told = said(results, "due_process", "answer")
    # What nothing mends is not what is left of what a rule mends.
    assert "The rest" not in told
    assert "**What errors cost:** where nothing is told," in told
    assert facts.rated_by(found).startswith("the ")
    note = said(results, "due_process", "answer_note")
    assert f"in what {facts.rated_by(found)} reads" in note
    assert told.count("†") == 3
    assert "simulated societ" in told
    assert "refused something, or listed, for an error alone" in told
    assert "**Another score, other shares.**" in said(results, "due_process", "paragraphs")


def test_a_rater_without_courts_says_so(society):
    council = load_agency("sesame").with_scorer("scorecard").fit(society)
    options = DueProcessOptions(rules=("opaque", "access"))
    found = due_process(council, society, options=options, sensitive="hukou")
    assert any("wrong court orders" in note for note in found.notes)
    assert "deterrence" not in set(found.table["measure"])


def test_over_societies_every_rule_has_its_interval(rater):
    small = World(citizens=500, seed=8).simulate()
    options = DueProcessOptions(rules=("opaque", "access"), rates=MANY, societies=8)
    found = due_process(rater, small, options=options, sensitive="hukou")
    rows = found.table.query("measure in ('mended', 'deterrence') and rule == 'access'")
    rows = rows[rows["group"] == "all"]
    assert (rows["over"] == "societies").all()
    assert (rows["low"] < rows["high"]).all()
    one = due_process(rater, small, options=replace(options, societies=0), sensitive="hukou")
    keys = ["quantity", "measure", "sensitive", "group", "rule", "entry"]
    assert set(map(tuple, found.table[keys].to_numpy())) >= set(
        map(tuple, one.table.dropna(subset="estimate")[keys].to_numpy())
    )


def test_the_page_answers_first_in_words(found):
    results = StudyResults(id="one", title="One", findings=(found,))
    answer = said(results, "due_process", "abstract")
    assert answer.startswith("**Are errors mended?** Of planted errors that harm, none")
    assert "And the others? For an error alone" in answer.replace("**", "")
    told = said(results, "due_process", "paragraphs").replace("**", "")
    assert "Whose records are wrong. Errors were planted" in told
    assert "Courts that err." in told
    whole = short(paragraphs(answer))
    assert [each.lead for each in whole] == [each.lead for each in paragraphs(answer)]
    assert whole[-1].text == paragraphs(answer)[-1].text  # nothing is cut from the first screen
    views = list(facts.due_process_tables(found))
    assert len(views) == 2 + 2 + len(MANY)
    assert np.shape(views[1].bodies[0][1]) == (len(RULES), len(views[1].head))
    assert found.plot() is not None
    assert set(found.table["measure"]) == set(UNITS)


@pytest.mark.parametrize(
    ("given", "problem"),
    [
        ({"rules": ()}, "rules: are empty"),
        ({"rules": ("opack",)}, "rules: 'opack' is unknown"),
        ({"rates": {"order": 0.1}}, "rates: 'order' is unknown"),
        ({"rates": {"orders": 1.1}}, "orders: is 1.1; give a number from 0 to 1"),
        ({"attention": -0.1}, "attention: is -0.1"),
        ({"alarm": 2.0}, "alarm: is 2"),
        ({"societies": 3}, "societies: is 3"),
        ({"societies": True}, "societies: is True"),
        ({"rules": ("full", "full")}, "rules: name 'full' twice"),
        ({"streams": ("moon",)}, "streams: 'moon' is unknown"),
        ({"streams": "moon"}, "streams: 'moon' is unknown"),
        ({"rates": {"orders": float("nan")}}, "orders: is nan; give a number from 0 to 1"),
        ({"rates": {"orders": "often"}}, "orders: is 'often'"),
        ({"place": True}, "place: is True"),
        ({"times": {"hukou": {"moon": 2.0}}}, "times, hukou: 'moon' is unknown"),
        ({"times": {"moon": {"rural": 2.0}}}, "times: 'moon' is unknown"),
        ({"times": {"hukou": {"rural": float("inf")}}}, "hukou, rural: is inf; give at least 0"),
        ({"times": {"hukou": 2.0}}, "times, hukou: is 2.0; give a number a group"),
        ({"contest": 0.5}, "contest: is 0.5; give a Contest"),
    ],
)
def test_bad_options_are_one_line(given, problem):
    with pytest.raises(InputError, match=problem):
        DueProcessOptions(**given)


def test_deterrence_is_unknown_where_nobody_is_rightly_listed() -> None:
    """A group without right orders has no share of them let off, and so no deterrence: not 0."""
    rater = load_agency("council").fit(World(citizens=400, seed=1).simulate())
    asked = DueProcessOptions(rules=("access",), rates={"orders": 0.05, "stale": 0.1})
    table = due_process(rater, World(citizens=100, seed=3).simulate(), options=asked).table
    held = table[(table["entry"] == "orders") & (table["quantity"] == "value")]
    wide = held.pivot_table(
        index=["sensitive", "group"], columns="measure", values="estimate", dropna=False
    )
    unknown = wide["let_off"].isna() | wide["wrongly_held"].isna()
    assert unknown.any()
    assert (wide["deterrence"].isna() == unknown).all()


def test_what_is_lost_over_years_may_exceed_a_years_income(found) -> None:
    """A share of a year's income is no share of people: an error that stands ten years adds up."""
    rows = found.table.assign(estimate=3.0, low=2.0, high=4.0)
    least, most = replace(found, table=rows).possible()
    years = rows["measure"].isin(["lost", "spent"]).to_numpy()
    value = (rows["quantity"] == "value").to_numpy()
    assert np.isinf(most[years]).all()
    assert (least[value & (rows["measure"] == "spent").to_numpy()] == 0.0).all()
    assert (most[value & (rows["measure"] == "mended").to_numpy()] == 1.0).all()


def test_dear_contests_of_the_poor_have_an_interval_above_one(rater, society) -> None:
    dear = Contest(price=0.0, effort=0.5, lasts=400.0)
    asked = DueProcessOptions(rules=("full", "factors"), rates=MANY, contest=dear)
    spent = due_process(rater, society, options=asked, sensitive="hukou").table
    lost = spent[(spent["measure"] == "lost") & (spent["quantity"] == "value")]
    assert lost["estimate"].max() > 1.0
    assert (lost["high"] >= lost["estimate"]).all()


def test_an_agency_of_which_nothing_can_be_moved_is_refused_at_once(society) -> None:
    rater = load_agency("government").with_scorer("scorecard").fit(society)
    with pytest.raises(InputError, match="reads no record that people can act on: 'government'"):
        due_process(rater, society)


def test_the_answer_is_three_short_sentences(found, told_words) -> None:
    results = StudyResults(id="one", title="One", findings=(found,))
    told = said(results, "due_process", "answer").replace("**", "")
    assert told.startswith(("Fewer than half are mended:", "More than half", "Near half"))
    assert told_words(told) <= 63  # with a rule that is tied with the best
    note = said(results, "due_process", "answer_note")
    assert "errors planted in what" in note
    assert "what a contest costs is assumed" in note


@pytest.mark.parametrize(("attention", "barred"), [(0.5, True), (0.9, False)])
def test_what_could_be_mended_at_most_by_assumption_is_said_first(found, attention, barred):
    """Nobody mends what nobody reads: that fewer than half are mended may be no finding at all."""
    parameters = {**found.parameters, "attention": attention, "success": 0.8}
    told = replace(found, parameters=parameters)
    note = said(StudyResults(id="one", title="One", findings=(told,)), "due_process", "answer_note")
    assert ("fewer than half could be mended under any rule" in note) == barred


@pytest.mark.parametrize("rule", list(RULES))
def test_no_more_are_mended_than_read_and_win(rater, society, rule):
    options = DueProcessOptions(rules=(rule,), rates=MANY, attention=0.4)
    found = due_process(rater, society, options=options, sensitive="hukou")
    mended = facts.at(found, rule, "mended")
    most = 0.4 * options.contest.success
    assert mended.estimate <= most + 0.06  # luck, of some hundred errors
