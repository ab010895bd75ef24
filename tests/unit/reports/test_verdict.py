import re
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit_ml.core import Finding, InputError, conform
from credit_ml.disclosure import DisclosureSweep
from credit_ml.grammar.numbers import Amount
from credit_ml.reports import check, render
from credit_ml.reports.clauses import clause_outcomes, refutation_outcomes, spared
from credit_ml.reports.sections import verdict
from credit_ml.reports.verdict import Checked, untested


def claim(**changes):
    return {
        "claim": "friends carry part of the gap",
        "kind": "comparison",
        "where": {"method": "true_carrier", "factor": "relationships"},
        "relation": "below",
        "value": 0.0,
    } | changes


@pytest.mark.parametrize(
    ("changes", "outcome"),
    [
        ({}, "held"),
        ({"relation": "above"}, "failed"),
        ({"value": -18.0}, "undecided"),
        ({"rater": "council (rules)"}, "held"),
        ({"relation": "within", "value": 1000.0}, "held"),
        ({"relation": "within", "value": 0.0}, "failed"),
        ({"relation": "within", "value": 18.0}, "undecided"),
    ],
)
def test_a_prediction_is_judged_by_its_interval(results, changes, outcome):
    study = replace(results, prediction="", refutation="", settings={"checks": [claim(**changes)]})
    assert [each.outcome for each in check(study)] == [outcome]
    said = {"held": "held", "failed": "did not hold", "undecided": "cannot be decided"}
    assert said[outcome] in check(study)[0].text()
    assert "friends" in check(study)[0].row()


@pytest.mark.parametrize("changes", [{"where": {"factor": "relationships"}}, {"kind": "portrait"}])
def test_a_check_that_names_no_row_is_not_tested_and_costs_no_result(results, changes, undrawn):
    study = replace(results, prediction="", settings={"checks": [claim(**changes)]})
    found, _ = check(study)
    assert found.outcome == "not tested"
    assert "names no single row" in found.text()
    assert "names no single row" in render(study)


def test_an_unknown_key_of_a_check_is_refused(results):
    with pytest.raises(InputError, match="checks"):
        check(replace(results, settings={"checks": [claim(wher={})]}))


def test_the_page_says_what_became_of_the_prediction(table_results, undrawn):
    where = {"factor": "relationships", "method": "block_shapley"}
    checks = [claim(kind="decomposition", where=where, of="So it is")]
    text = render(replace(table_results, prediction="So it is.", settings={"checks": checks}))
    assert 'class="held"' in text
    assert "The prediction held." in text


def test_a_clause_that_no_check_holds_is_said_to_be_untested(results, table_results, undrawn):
    said = "Friends carry part of the gap, and address does; trust is the same."
    checks = [claim(of="friends carry part of the gap")]
    found = check(replace(results, prediction=said, refutation="", settings={"checks": checks}))
    assert [(each.claim, each.outcome) for each in found[1:]] == [
        ("address does", "not tested"),
        ("trust is the same", "not tested"),
    ]
    where = {"factor": "relationships", "method": "block_shapley"}
    checks = [claim(kind="decomposition", where=where, of="friends carry part of the gap")]
    text = render(replace(table_results, prediction=said, settings={"checks": checks}))
    assert "Of three clauses of the prediction one held and two were not tested." in text


def test_words_that_the_prediction_does_not_say_are_refused(results):
    study = replace(results, prediction="Yes.", settings={"checks": [claim(of="no")]})
    with pytest.raises(InputError, match="which the prediction does not say"):
        check(study)


@given(
    st.lists(st.sampled_from(["friends carry it", "address does", "trust is alike"]), max_size=3)
)
def test_held_words_and_untested_clauses_are_the_whole_prediction(held):
    said = "Friends carry it; address does, although trust is alike."
    left = untested(said, held)
    every = {"friends carry it", "address does", "trust is alike"}
    words = " ".join(left).lower()
    assert all((clause in words) == (clause not in held) for clause in every)


def test_what_cannot_move_is_vacuous_and_every_row_counts(table_results):
    table = pd.DataFrame(
        {
            "measure": ["auc_lost"] * 3,
            "world": ["one", "two", "three"],
            "estimate": [0.0, 0.004, 0.006],
            "low": [0.0, 0.001, 0.002],
            "high": [0.0, 0.009, 0.012],
        }
    )
    finding = Finding(table=table, title="Lost")
    study = replace(table_results, prediction="", findings=(finding,), raters=())
    one = {"kind": finding.kind, "relation": "within", "value": 0.01}

    def outcome(**changes):
        return check(replace(study, settings={"checks": [claim(**one | changes)]}))[0]

    assert outcome(where={"world": "one"}).outcome == "vacuous"
    assert outcome(where={"world": "two"}).outcome == "held"
    every = outcome(where={"measure": "auc_lost"}, every=True)
    assert (every.outcome, every.rows, every.where["world"]) == ("undecided", 3, "three")
    assert "at the worst of 3" in every.text()
    assert outcome(where={"measure": "auc_lost"}, every=True, value=0.0005).outcome == "failed"
    assert "names no single row" in outcome(where={"measure": "auc_lost"}).text()


def test_what_was_assumed_is_no_finding_and_what_turns_out_otherwise_still_fails(table_results):
    table = pd.DataFrame({"measure": ["gap"], "estimate": [0.3], "low": [0.2], "high": [0.4]})
    finding = Finding(table=table, title="Lost")
    study = replace(table_results, prediction="", findings=(finding,), raters=())
    one = claim(kind=finding.kind, where={"measure": "gap"}, assumed=True)

    def outcome(**changes):
        return check(replace(study, settings={"checks": [one | changes]}))[0]

    assert outcome(relation="above").outcome == "assumed"
    assert "restates what was assumed" in outcome(relation="above").text()
    assert outcome(relation="below").outcome == "failed"


def test_what_is_assumed_outright_needs_no_row_and_tests_nothing(table_results):
    one = {"claim": "trust is the same", "of": "trust is the same", "assumed": True}
    study = replace(table_results, prediction="Trust is the same.", settings={"checks": [one]})
    (found,) = check(study)
    assert found.outcome == "assumed"
    assert found.text() == "Trust is the same: restates what was assumed, and tests nothing."


@pytest.mark.parametrize(
    ("prediction", "held", "left"),
    [
        ("All three groups fall at once.", "All three groups fall", ()),
        (
            "Open rules cost most, and honest records last.",
            "Open rules cost most",
            ("honest records last",),
        ),
        (
            "One sees it, as others do, but two are blind.",
            "two are blind",
            ("One sees it, as others do",),
        ),
        ("One holds what all give: two fails.", "One holds", ("two fails",)),
        (
            "Rural citizens score lower, and friends carry it.",
            "friends carry it",
            ("Rural citizens score lower",),
        ),
    ],
)
def test_the_rest_of_a_held_clause_is_no_clause_of_its_own(prediction, held, left):
    assert untested(prediction, [held]) == left


def test_several_values_of_a_column_pick_the_rows_of_each(table_results):
    table = pd.DataFrame(
        {"world": ["one", "two", "three"], "estimate": [1.0, 2.0, -3.0], "measure": "gap"}
    )
    table = table.assign(low=table["estimate"] - 0.5, high=table["estimate"] + 0.5)
    finding = Finding(table=table, title="Lost")
    study = replace(table_results, prediction="", findings=(finding,), raters=())
    one = claim(kind=finding.kind, relation="above", every=True)

    def outcome(world):
        where = {"measure": "gap", "world": world}
        return check(replace(study, settings={"checks": [one | {"where": where}]}))[0]

    some = outcome(["one", "two"])
    assert (some.outcome, some.rows, some.where["world"]) == ("held", 2, "one")
    assert outcome(["one", "three"]).outcome == "failed"
    absent = outcome(["four", "five"])
    assert (absent.outcome, absent.where["world"]) == ("not tested", "four or five")


@pytest.mark.parametrize(
    ("relation", "value", "row"),
    [
        ("below", 0.05, {"estimate": 0.02, "low": 0.0, "high": 0.0478}),
        ("above", 0.15, {"estimate": 0.2, "low": 0.1523, "high": 0.25}),
        ("within", 0.01, {"estimate": 0.0, "low": -0.0097, "high": 0.0021}),
    ],
)
def test_no_end_is_rounded_onto_what_it_is_held_against(relation, value, row):
    one = Checked("so it is", "held", Amount(**row), relation, value)
    ends = re.search(r"\((\S+) to (\S+)\)", one.text()).groups()
    assert abs(value) not in [abs(float(each.replace("\u2212", "-"))) for each in ends]


REFUTED = "Friends carry nothing, or credit history carries most of it."


@pytest.mark.parametrize(
    ("changes", "came", "sentence"),
    [
        # Friends surely carry a part, so that a refuter that asks for more than it does not come.
        ({"refutes": "credit history carries most of it", "relation": "above"}, "failed",
         "Of two things that were said to refute it one did not come about and one was not"),
        ({"refutes": REFUTED}, "held", "What was said to refute it came about: Friends carry"),
        ({"refutes": REFUTED, "relation": "above"}, "failed",
         "What was said to refute it did not come about."),
        ({"refutes": REFUTED, "value": -18.0}, "undecided",
         "Nothing decides whether what was said to refute it came about."),
        # One that denies the refutation: where it holds, that did not come about.
        ({"spares": REFUTED}, "failed", "What was said to refute it did not come about."),
        ({"spares": REFUTED, "relation": "above"}, "held",
         "What was said to refute it came about: Friends carry"),
    ],
)  # fmt: skip
def test_what_was_to_refute_a_prediction_is_held_against_what_was_found(
    results, changes, came, sentence
):
    study = replace(
        results, prediction="", refutation=REFUTED, settings={"checks": [claim(**changes)]}
    )
    checks = check(study)
    assert [each.came_about[1] for each in checks[:1]] == [came]
    said = " ".join(each.text for each in verdict(study, checks))
    assert sentence in said
    # It is no clause of the prediction, and no claim that failed.
    if "refutes" in changes:
        assert clause_outcomes(checks) == []
        assert "not so that" not in said


def test_a_clause_may_fail_although_what_was_to_refute_it_did_not_come_about(results, undrawn):
    checks = [
        claim(of="Address carries most", relation="above"),
        claim(claim="friends carry none", refutes="Friends carry nothing", relation="above"),
    ]
    study = replace(
        results,
        prediction="Address carries most.",
        refutation="Friends carry nothing.",
        settings={"checks": checks},
    )
    text = re.sub(r"\s+", " ", re.sub("<[^>]+>", "", render(study)))
    assert "did not come about; what did not hold is wrong all the same." in text
    assert "Friends carry none: did not come about; measured" in text
    assert "it takes above 0" in text


def test_words_of_a_refutation_are_those_that_stand_there(results):
    for key in ("refutes", "spares"):
        study = replace(
            results, refutation="It is not so.", settings={"checks": [claim(**{key: "Never"})]}
        )
        with pytest.raises(InputError, match="which the refutation does not say"):
            check(study)
    # Where no check speaks of it, that is said; where there are no checks at all, nothing is.
    quiet = replace(results, prediction="", refutation="No.", settings={"checks": [claim()]})
    assert [each.outcome for each in check(quiet)] == ["held", "not tested"]
    said = " ".join(each.text for each in verdict(quiet, check(quiet)))
    assert "No check was made of what was said to refute it." in said
    bare = replace(quiet, settings={})
    assert "refute" not in " ".join(each.text for each in verdict(bare, check(bare)))


def test_what_is_not_known_refutes_what_was_to_be_known(results):
    """A refutation of the kind "cannot be told" comes about where its check is undecided."""
    words = "The part of friends cannot be told from zero"
    for refutation, came in ((words, "held"), ("Friends carry none", "undecided")):
        study = replace(
            results,
            prediction="",
            refutation=refutation,
            settings={"checks": [claim(spares=refutation, value=-18.0)]},
        )
        (found,) = check(study)
        assert found.outcome == "undecided"
        assert refutation_outcomes(check(study)) == {refutation: came}


def test_each_thing_that_was_to_refute_a_prediction_is_told_with_what_became_of_it(
    results, undrawn
):
    study = replace(
        results,
        prediction="",
        refutation="Friends carry none; or address carries all.",
        settings={"checks": [claim(spares="Friends carry none")]},
    )
    text = re.sub(r"\s+", " ", re.sub("<[^>]+>", "", render(study)))
    assert "Friends carry none: did not come about." in text
    assert "Address carries all: was not tested." in text
    assert "written after the run" not in text
    told = replace(study, settings={**study.settings, "refuted_afterwards": True})
    assert "written after the run, of words that stood before it" in render(told)


def test_that_checks_of_studies_of_the_package_followed_earlier_runs_is_said(results):
    """A run again has today's checks: it said less of when they were written than the first did."""
    study = replace(results, refutation="Friends carry none.", prediction="")
    asked = replace(study, settings={"checks": [claim(spares="Friends carry none")]})
    assert "some checks were written after runs with the same seeds" in render(asked)
    assert "written after runs with" not in render(replace(study, settings={}))


def test_a_number_without_an_interval_decides_nothing(results, table_results):
    (found,) = [each for _, each in results.of_kind("comparison")][:1]
    bare = replace(found, table=found.table.assign(low=float("nan"), high=float("nan")))
    rater = replace(results.raters[0], findings=(bare,))
    for relation in ("above", "below", "within"):
        asked = {"checks": [claim(relation=relation, value=1000.0)]}
        study = replace(results, prediction="", raters=(rater,), findings=(), settings=asked)
        (one, *_) = check(study)
        assert one.outcome == "undecided"
        assert "without an interval" in one.text()


def sweep_of(**variants):
    """What secrecy buys, as the study stands and under other assumptions: middle and half."""
    rows = [
        {
            "measure": "auc",
            "regime": "nothing",
            "against": "full",
            "variant": name.replace("_", " "),
        }
        | {"estimate": middle, "low": middle - half, "high": middle + half}
        for name, (middle, half) in variants.items()
    ]
    labels = {"world": "(all)", "scorer": "opaque", "sees": "all", "answer": "naive", "refits": 0}
    told = {"scorers": ["opaque"], "worlds": ["one"], "regimes": ["nothing", "full"]}
    told["variants"] = [name.replace("_", " ") for name in variants if name != "default"]
    told |= {"about": dict.fromkeys(told["variants"], "menu"), "opaque": ["nothing"]}
    table = conform([each | labels for each in rows], quantity="difference")
    return DisclosureSweep(table=table, title="Secrecy", parameters=told)


def test_what_held_is_held_against_every_other_assumption_that_was_measured(results):
    asked = {
        "claim": "it costs less than two points",
        "kind": "disclosure_sweep",
        "relation": "below",
        "value": 0.02,
        "where": {"measure": "auc", "regime": "nothing", "against": "full", "variant": "default"},
    }
    found = sweep_of(
        default=(0.013, 0.004), like=(0.012, 0.004), large=(0.03, 0.005), wide=(0.02, 0.01)
    )
    study = replace(
        results, prediction="", raters=(), findings=(found,), settings={"checks": [asked]}
    )
    (one, *_) = check(study)
    assert (one.outcome, one.assumptions) == ("held", 3)
    assert [(each.name, each.outcome) for each in one.otherwise] == [
        ("large", "failed"),
        ("wide", "undecided"),
    ]
    assert "Of 3 other assumptions, one at a time, it did not hold under large (0.03" in one.text()
    assert "cannot be decided under wide" in one.text()
    told = " ".join(each.text for each in verdict(study, [one]))
    assert "hangs on what is assumed in one claim" in told
    alike = sweep_of(default=(0.013, 0.004), like=(0.012, 0.004))
    (one, *_) = check(replace(study, findings=(alike,)))
    assert one.otherwise == ()
    assert "other assumptions" not in one.text()


def test_what_was_assumed_away_is_not_called_a_matter_of_doubt(results):
    asked = [claim(spares=REFUTED, assumed=True)]
    study = replace(results, prediction="", refutation=REFUTED, settings={"checks": asked})
    said = " ".join(each.text for each in verdict(study, check(study)))
    assert "could not come about, by what was assumed." in said


def test_a_table_rounds_no_end_onto_what_a_check_tells_it_from(results, undrawn):
    """Words had "1.05 to 2.5, predicted above 1 ... held" beside a row of 1.0 to 2.5."""
    rater = results.raters[0]
    (finding,) = rater.of_kind("comparison")
    table = finding.table.copy()
    rows = (table["method"] == "true_carrier") & (table["factor"] == "relationships")
    table.loc[rows, ["estimate", "low", "high"]] = -25.0, -32.0, -18.04
    others = [each for each in rater.findings if each is not finding]
    rater = replace(rater, findings=(*others, replace(finding, table=table)))
    study = replace(results, raters=(rater, *results.raters[1:]), prediction="", refutation="")
    for value, shown in ((-18.0, "\u221218.04)"), (0.0, "\u221218)")):
        told = replace(study, settings={**study.settings, "checks": [claim(value=value)]})
        page = re.sub(r"<[^>]+>", "", render(told))
        assert "held" in page
        assert f"Friends\u221225 (\u221232 to {shown}" in page


def test_a_refutation_that_does_not_come_about_says_under_what_else_assumed_it_does(results):
    asked = {
        "claim": "it costs less than two points",
        "kind": "disclosure_sweep",
        "relation": "below",
        "value": 0.02,
        "spares": "it costs more",
        "where": {"measure": "auc", "regime": "nothing", "against": "full", "variant": "default"},
    }
    for large, told in (((0.03, 0.005), "; under large it does"), ((0.02, 0.005), "")):
        found = sweep_of(default=(0.013, 0.004), large=large)
        study = replace(
            results, prediction="", refutation="It costs more.", raters=(), findings=(found,),
            settings={"checks": [asked]},
        )  # fmt: skip
        said = " ".join(each.text for each in verdict(study, check(study)))
        assert f"What was said to refute it did not come about{told}." in said
        several = replace(study, refutation="It costs more; or nobody acts.")
        said = " ".join(each.text for each in verdict(several, check(several)))
        # Not "some of it", which was read as the prediction.
        assert ("Under large what was said to refute it comes about in part." in said) is bool(told)
        assert spared(check(study)) == [(f"It costs more: did not come about{told}.", "failed")]
