"""Audits without groups on tables and on societies."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from credit_ml.agencies import load_agency
from credit_ml.core import AgencyError, Dataset, InputError, StudyResults, TableError, conform
from credit_ml.fairness.audit.finding import Audit
from credit_ml.governance import HiddenOptions, SurveyOptions, audit_without_groups, hidden_groups
from credit_ml.governance.hidden_groups import facts
from credit_ml.governance.hidden_groups.bounds import corrected_gaps, tells_groups
from credit_ml.governance.hidden_groups.finding import METHODS, HiddenGroups
from credit_ml.grammar.numbers import Amount
from credit_ml.reports.templating import said
from credit_ml.society import Population, World
from credit_ml.studies import load_study


@pytest.fixture(scope="module")
def society():
    return World(citizens=3_000, seed=4).simulate()


@pytest.fixture(scope="module")
def found(society):
    rater = load_agency("sesame").with_scorer("scorecard").fit(society)
    of = {"sensitive": "hukou", "group": "rural", "threshold": 650.0}
    return audit_without_groups(rater, society, survey=SurveyOptions(societies=8), **of)


def table(told, size=2_000, seed=0):
    """People of whom one column tells the sex as often as said."""
    random = np.random.default_rng(seed)
    sex = random.choice(["f", "m"], size)
    right = random.random(size) < told
    sign = np.where(right, sex == "m", random.random(size) < 0.5).astype(float)
    frame = pd.DataFrame({"sign": sign, "luck": random.normal(size=size), "sex": sex})
    return Dataset.from_frame(frame, target=None, sensitive="sex")


def test_a_guess_without_error_gives_the_truth_by_every_way():
    one, other = table(1.0), table(1.0, seed=1)
    taken = np.arange(2_000) % np.where(one.groups("sex") == "f", 3, 2) == 0
    rows = hidden_groups(taken, one, other, sensitive="sex", group="f").table
    errors = rows[rows["measure"] == "error"]
    assert len(errors) == 3
    assert errors["estimate"].abs().max() < 1e-9
    assert rows.loc[rows["measure"] == "width", "estimate"].item() < 1e-9


def test_the_truth_is_read_for_errors_alone():
    one, other = table(0.7), table(0.7, seed=1)
    taken = np.arange(2_000) % 3 == 0
    whole = hidden_groups(taken, one, other, sensitive="sex", group="f").table
    blind = Dataset.from_frame(one.X, target=None, sensitive=[])
    bare = hidden_groups(taken, blind, other, sensitive="sex", group="f").table
    kept = whole[~whole["method"].eq("truth") & ~whole["measure"].isin(("error", "worse", "holds"))]
    pd.testing.assert_frame_equal(kept.reset_index(drop=True), bare)


def test_more_telling_records_narrow_the_bounds():
    def width(told):
        one, other = table(told), table(told, seed=1)
        rows = hidden_groups(np.arange(2_000) % 2, one, other, sensitive="sex", group="f").table
        return rows.loc[rows["measure"] == "width", "estimate"].item()

    assert width(0.95) < width(0.6) < width(0.1)


def test_over_societies_the_address_weighted_understates_and_bounds_hold(found):
    rows = found.table.set_index(["proxy", "method", "measure"]).sort_index()
    truth = rows.loc[("address", "truth", "gap")]
    error = rows.loc[("address", "weighted", "error")]
    assert truth["estimate"] < 0 < error["low"]
    for proxy in ("address", "all records"):
        assert rows.loc[(proxy, "bounds", "holds"), "estimate"] == 1
        assert rows.loc[(proxy, "bounds", "signed"), "estimate"] == 0
    narrow, wide = (
        rows.loc[(proxy, "bounds", "width"), "estimate"] for proxy in ("all records", "address")
    )
    assert narrow < wide


def test_the_page_answers_first_in_words(found):
    results = StudyResults(id="one", title="One", findings=(found,))
    answer = said(results, "hidden_groups", "abstract")
    assert answer.startswith("**What is true?** Of a hundred rural")
    assert "**What is certain?** From" in answer
    short = said(results, "hidden_groups", "answer")
    assert short.startswith(("**Yes", "**No", "**Partly"))
    assert len(short.split()) <= 75  # sixty words, and their intervals
    assert "simulated" in short
    (view,) = facts.hidden_tables(found)
    assert len(view.bodies) == 4
    assert found.plot() is not None


def test_bad_input_is_one_line(society):
    one, other = table(0.9, size=400), table(0.9, size=400, seed=1)
    taken = np.zeros(400)
    absent, few = HiddenOptions(columns=("a",)), other.take(np.arange(60))

    def refused(problem, taken=taken, knowing=other, group="f", options=None):
        with pytest.raises(TableError, match=problem):
            hidden_groups(taken, one, knowing, sensitive="sex", group=group, options=options)

    refused("no group", group="x")
    refused("decided", taken=taken + 2)
    refused("column 'a' is absent", options=absent)
    refused("give at least 40", knowing=few)
    with pytest.raises(InputError, match="cells: are 1"):
        HiddenOptions(cells=1)
    rater = load_agency("council").fit(society)
    of = {"sensitive": "hukou", "group": "rural", "threshold": 100.0}
    with pytest.raises(AgencyError, match="proxies, address"):
        audit_without_groups(rater, society, **of)
    with pytest.raises(InputError, match="surveyed"):
        SurveyOptions(surveyed=1.0)
    with pytest.raises(InputError, match="cells: are 1"):
        SurveyOptions(cells=1)
    with pytest.raises(InputError, match="societies: is 3"):
        SurveyOptions(societies=3)
    for wrong, named in (
        ({"sensitive": "hukuo"}, "did you mean 'hukou'"),
        ({"group": "rurall"}, "did you mean 'rural'"),
        ({"threshold": float("nan")}, "threshold: is nan"),
    ):
        survey = SurveyOptions(proxies={"behaviour": ("bills",)})
        with pytest.raises(InputError, match=named):
            audit_without_groups(rater, society, survey=survey, **of | wrong)


def test_who_is_asked_needs_no_guess_and_errors_are_held_against_those_of_inferred_groups():
    one, other = table(0.5), table(0.5, seed=1)
    taken, there = (
        np.arange(2_000) % np.where(d.groups("sex") == "f", 3, 2) == 0 for d in (one, other)
    )
    options = HiddenOptions(decided_there=there)
    found = hidden_groups(taken, one, other, sensitive="sex", group="f", options=options)
    rows = found.table.set_index(["method", "measure"])["estimate"]
    member = np.asarray(other.groups("sex") == "f")
    direct = there[member].mean() - there[~member].mean()
    assert rows["surveyed", "gap"] == pytest.approx(direct)
    for method in ("weighted", "surveyed", "corrected", "by_decision"):
        errors = abs(rows[method, "error"]) - abs(rows["inferred", "error"])
        assert rows[method, "worse"] == pytest.approx(errors)
    silent = hidden_groups(taken, one, other, sensitive="sex", group="f")
    assert "surveyed" not in set(silent.table["method"])  # where decisions are not known there


@pytest.mark.parametrize(("seed", "silent"), [(0, "all records"), (1, "address"), (2, "address")])
def test_a_guess_that_says_nothing_is_not_corrected_and_the_rest_stands(seed, silent):
    """Of a rare group nobody whose group is known may be guessed to be one, of each decision."""
    rater = load_agency("sesame").with_scorer("scorecard")
    rater = rater.fit(World(citizens=3_000, seed=4).simulate())
    society = World(citizens=3_000, seed=seed, population=Population(rural=0.04)).simulate()
    survey = SurveyOptions(proxies={"address": ("address",), "all records": ()}, surveyed=0.4)
    of = {"sensitive": "hukou", "group": "rural", "threshold": 650.0, "survey": survey}
    found = audit_without_groups(rater, society, **of)
    given = found.table.groupby("proxy")["method"].agg(set)
    assert "by_decision" not in given[silent]
    for proxy, ways in given.items():
        assert {"weighted", "least", "largest", "surveyed", "truth"} <= ways
        whole = {"inferred", "corrected", "by_decision"} <= ways
        assert whole != any(note.startswith(f"From {proxy}, ") for note in found.notes)
    results = StudyResults(id="one", title="One", findings=(found,))
    answer, page = (said(results, "hidden_groups", each) for each in ("answer", "paragraphs"))
    unsaid = "by_decision" not in given["all records"]
    assert unsaid == ("the guess's errors by decision are not known" in answer)
    assert unsaid == ("among the refused, the guess tells nobody's group" in page)


def test_a_verdict_follows_the_intervals_of_what_mends():
    def finding(**sides):
        ends = {"below": (-0.2, -0.1), "above": (0.1, 0.2), "unclear": (-0.1, 0.1)}
        rows = [
            {"method": way, "measure": "worse", "proxy": "all", "estimate": sum(ends[side]) / 2}
            | dict(zip(("low", "high"), ends[side], strict=True))
            for way, side in sides.items()
        ]
        return HiddenGroups(table=conform(rows), title="")

    for ways, verdict in (
        (("below", "below"), "Yes"),
        (("below", "unclear"), "Partly"),
        (("unclear", "above"), "Not decided"),
        (("above", "above"), "No"),
    ):
        told = finding(**dict(zip(("by_decision", "surveyed"), ways, strict=True)))
        assert facts.verdict(told, "all") == verdict


@pytest.mark.parametrize(
    ("rare", "sensitivity", "by_decision"),
    [(0.04, 0.1, False), (0.04, 0.25, True), (0.04, 0.5, False), (0.3, 0.6, True)],
)
def test_a_corrected_gap_is_as_unsure_as_the_guess_is_poor(rare, sensitivity, by_decision):
    """Corrected counts beyond what can be are not more certain for it; near no guess is no end."""
    random, held = np.random.default_rng(2), []
    for _ in range(300):
        people, known = 1_800, 600
        inside = random.random(people + known) < rare
        taken = random.random(people + known) < np.where(inside, 0.5, 0.6)
        guess = random.random(people + known) < np.where(inside, sensitivity, 0.01)
        told, here = slice(people, None), slice(people)
        seen = np.bincount(2 * guess[here] + taken[here], minlength=4).reshape(2, 2)
        cells = 4 * taken + 2 * guess + inside if by_decision else 2 * guess + inside
        shape = (2, 2, 2) if by_decision else (2, 2)
        errors = np.bincount(cells[told], minlength=int(np.prod(shape))).reshape(shape)
        if seen.sum(axis=1).min() == 0 or not tells_groups(errors):
            continue
        facts = corrected_gaps(seen, errors)[1].facts(0.95)
        if facts["reason"]:
            assert np.isnan(facts["low"])
            continue
        held.append(facts["low"] <= -0.1 <= facts["high"])
    assert np.mean(held or [1.0]) >= 0.93


ERRORS = st.tuples(st.floats(-0.3, 0.3), st.floats(0.001, 0.2))


@settings(max_examples=30, deadline=None)
@given(st.floats(0.05, 0.4), st.booleans(), st.lists(ERRORS, min_size=6, max_size=6))
def test_an_error_has_one_sign_on_the_page_and_words_say_what_it_means(size, less, errors):
    """An error that is sure is too wide or too narrow; one that is not has its sign, explained."""
    truth = -size if less else size
    ways = ("surveyed", "inferred", "weighted", "corrected", "by_decision")
    rows = [{"method": "truth", "measure": "gap", "estimate": truth}]
    told = dict(zip(ways, errors, strict=False))
    for method, (middle, half) in told.items():
        ends = {"low": middle - half, "high": middle + half}
        rows.append({"method": method, "measure": "error", "estimate": middle, **ends})
        ends = {name: truth + end for name, end in ends.items()}
        rows.append({"method": method, "measure": "gap", "estimate": truth + middle, **ends})
    rows += [{"method": "guess", "measure": each, "estimate": 0.8} for each in ("auc", "right")]
    rows.append({"method": "bounds", "measure": "width", "estimate": 1.0})
    parameters = {"sensitive": "hukou", "group": "rural", "surveyed": 0.3, "intervals": 0.95}
    finding = HiddenGroups(
        table=conform([{"proxy": "all records", **each} for each in rows]),
        title="",
        parameters=parameters,
    )
    results = StudyResults(id="one", title="One", findings=(finding,))
    page = said(results, "hidden_groups", "paragraphs")
    below = "wide" if truth < 0 else "narrow"
    assert f"below 0: a gap found too {below}" in page
    lines = [each for each in page.split("- ") if ": off by " in each]
    assert len(lines) == len(told)
    for line, method in zip(lines, [each for each in METHODS if each in told], strict=True):
        middle, half = told[method]
        error = Amount(middle, middle - half, middle + half).times(100)
        said_of_it = line.partition(": off by ")[2]
        if error.side() == "unclear":
            assert said_of_it.startswith(error.text("points"))
            assert "compatible with no error" in said_of_it
        else:
            gap = Amount(truth + middle, truth + middle - half, truth + middle + half)
            turned = gap.side() == ("above" if truth < 0 else "below")
            sign = (
                "too wide" if middle * truth > 0 else "its sign turned" if turned else "too narrow"
            )
            assert said_of_it.startswith(error.size().text("points"))
            assert sign in said_of_it


def test_how_often_a_guess_is_right_stands_beside_what_no_guess_at_all_is(found):
    audit = Audit(
        table=conform(
            [
                {"measure": "base_rate", "sensitive": "hukou", "group": group, "people": people}
                | {"estimate": 0.8}
                for group, people in (("urban", 720), ("rural", 280))
            ]
        ),
        title="",
    )
    results = StudyResults(id="one", title="One", findings=(found, audit))
    page = said(results, "hidden_groups", "paragraphs").replace("\u202f", " ")
    assert "to take nobody for one of the rural people would be right of 72 %" in page


def test_bounds_that_hold_say_in_how_many_societies(found):
    page = said(StudyResults(id="one", title="One", findings=(found,)), "hidden_groups")
    assert "hold the truth in this society and each of 8 others" in page
    assert "in every society" not in page


def test_the_gap_of_an_audit_names_the_records_it_is_inferred_from(found):
    """From other records another gap is found."""
    page = StudyResults(id="one", title="One", findings=(found,))
    best = facts.proxies(found)[-1]
    assert f"An audit by groups inferred from {best} finds a gap of" in said(
        page, "hidden_groups", "headline"
    )


def test_a_clause_of_no_one_guess_is_held_on_each():
    checks = load_study("hidden_groups").checks
    (alike,) = [each for each in checks if each.where.get("method") == "corrected"]
    assert alike.every
    assert "proxy" not in alike.where


def test_two_gaps_on_different_sides_keep_the_signs_of_their_rows(found):
    def told(audited, true):
        table = found.table.copy()
        for method, middle in (("inferred", audited), ("truth", true)):
            rows = table["method"].eq(method) & table["measure"].eq("gap")
            ends = (middle, middle - 0.02, middle + 0.02)
            table.loc[rows, ["estimate", "low", "high"]] = ends
        page = StudyResults(id="one", title="One", findings=(replace(found, table=table),))
        return said(page, "hidden_groups", "headline")

    assert "finds a gap of 5 points (3 to 7); it is −5 points (−7 to −3)." in told(0.05, -0.05)
    assert "finds a gap of −1 point (−3 to 1); it is −5 points (−7 to −3)." in told(-0.01, -0.05)
    assert "finds a gap of 9 points (7 to 11); it is 5 points (3 to 7)." in told(-0.09, -0.05)


@pytest.mark.parametrize(
    ("known", "weighted", "words"),
    [
        ((1, 12), (2, 4), "1 point (−11 to 13), weighting by chances from all records 2 (−2 to 6)"),
        ((5, 1), (2, 4), "5 points (4 to 6) {one}, weighting by chances from all records 2 (−2 to"),
        ((1, 12), (9, 2), "1 point (−11 to 13), weighting by chances from all records 9 (7 to 11)"),
        ((5, 1), (9, 2), "5 points (4 to 6) {one}, weighting by chances from all records 9 (7 to"),
    ],
)
@pytest.mark.parametrize("truth", [-20, 20])
def test_weighting_by_the_same_records_stands_beside_what_could_mend(
    found, known, weighted, words, truth
):
    """It knows nothing of the guess's errors and left an interval half as wide, unsaid."""
    table = found.table.copy()
    best = table["proxy"].eq("all records")

    def put(method, measure, middle, half):
        rows = best & table["method"].eq(method) & table["measure"].eq(measure)
        ends = (middle / 100, (middle - half) / 100, (middle + half) / 100)
        table.loc[rows, ["estimate", "low", "high"]] = ends

    put("truth", "gap", truth, 1)
    for method, (middle, half) in (("by_decision", known), ("weighted", weighted)):
        put(method, "error", middle, half)
        put(method, "gap", truth + middle, half)
    page = StudyResults(id="one", title="One", findings=(replace(found, table=table),))
    answer, abstract = (said(page, "hidden_groups", each) for each in ("answer", "abstract"))
    way = "too narrow" if truth < 0 else "too wide"
    assert f" leaves it off by {words.format(one=way)}" in answer
    unsure = min(known[0] - known[1], weighted[0] - weighted[1]) < 0
    below = "wide" if truth < 0 else "narrow"
    assert (f", below 0 too {below}." in answer) == unsure
    assert "from all records by " + words.rpartition("records ")[2] in abstract
