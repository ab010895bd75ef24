"""What a page says first of lists: what was measured, with signs as their intervals have them."""

import re
from dataclasses import replace

import pandas as pd
import pytest

from credit_ml.core import StudyResults
from credit_ml.core.schema import conform
from credit_ml.dynamics.facts import elsewhere
from credit_ml.dynamics.history import Lives
from credit_ml.dynamics.pictures import pictures
from credit_ml.grammar.cited import unmarked
from credit_ml.reports.sections import abstract, answer, answer_note
from credit_ml.reports.templating import said

OVERALL = {"policy": "joined", "sensitive": "overall", "group": "all", "over": "societies"}
#: measure, quantity, estimate, half the interval.
SAID = (
    ("broken", "change", -0.0016, 0.0003),
    ("broken_of_the_listed", "change", 0.004, 0.005),
    ("kept_for_a_listing", "change", 0.47, 0.1),
    ("ever_listed", "value", 0.02, 0.002),
    ("listed", "value", 0.003, 0.001),
    ("restrictions", "value", 10.3, 0.05),
    ("escape", "value", 0.47, 0.01),
)
VARIED = (
    ("broken", "0", 0.0001, 0.00005),
    ("kept_for_a_listing", "0", -0.04, 0.02),
    ("broken", "2", -0.003, 0.0005),
    ("kept_for_a_listing", "2", 0.9, 0.2),
)


def row(measure, estimate, half, **more):
    ends = {"estimate": estimate, "low": estimate - half, "high": estimate + half}
    return OVERALL | {"measure": measure, "varied": "", "at": ""} | ends | more


def page(varied=VARIED, **changed):
    rows = [
        row(name, *changed.get(name, (estimate, half)), quantity=quantity, of=quantity)
        for name, quantity, estimate, half in SAID
        if changed.get(name, True) is not None
    ]
    rows += [
        row(name, estimate, half, quantity="varied", of="change", varied="deterrence", at=at)
        for name, at, estimate, half in varied
    ]
    found = Lives(table=conform(rows), title="Lists", parameters={"years": 10, "intervals": 0.95})
    told = {"title": "Lists", "question": "What?", "prediction": "", "refutation": ""}
    settings = {"lead_with": "rounds"}
    return StudyResults(id="lists", **told, findings=(found,), settings=settings)


def first(results):
    return [f"{each.lead} {each.text}".replace("\u202f", " ") for each in answer(results)]


def test_what_was_measured_of_the_listed_comes_first_and_sanctions_are_marked_as_assumed():
    life = first(page())[0]
    assert life.startswith("A life: the share of obligations that the listed break changes by")
    assert "compatible with no difference" in life
    assert "their 10.30 sanctions† (10.25 to 10.35) are assumed" in life
    assert "rises by" in first(page(broken_of_the_listed=(0.02, 0.005)))[0]


def by_group(change, more=0.006, escape=(0.47, 0.01), varied=VARIED):
    """The same page, followed by group: so many more rural citizens are listed than urban ones."""
    groups = {"sensitive": "hukou", "group": "rural"}
    told = page(varied, broken_of_the_listed=change, escape=escape)
    (found,) = told.findings
    own = {"measure": "ever_listed", "estimate": 0.024, "low": 0.020, "high": 0.028}
    own = OVERALL | groups | own | {"varied": "", "at": "", "of": "value"}
    gap = own | {"reference_group": "urban", "estimate": more}
    gap |= {"low": more - 0.005, "high": more + 0.005}
    rows = [own | {"quantity": "value"}, gap | {"quantity": "difference"}]
    table = pd.concat([found.table, conform(rows)], ignore_index=True)
    lead = {"lead": groups | {"reference_group": "urban"}}
    return replace(told, findings=(replace(found, table=table),), settings=told.settings | lead)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ((0.004, 0.005), "more breaking is undecided"),
        ((0.02, 0.005), "they break more"),
        ((-0.02, 0.005), "they break less"),
    ],
)
@pytest.mark.parametrize(
    ("more", "whose"),
    [
        (0.006, "rural people are listed more often; "),
        (-0.006, "urban people are listed more often; "),
        (0.001, ""),
    ],
)
def test_what_a_list_does_to_a_life_is_said_of_the_listed_and_what_was_not_tested(
    change, words, more, whose
):
    """Who is listed says nothing of what being listed does, nor who most of the listed are."""
    life = first(by_group(change, more))[0]
    assert life.startswith(f"A life: {whose}of the listed 47 %† (46 to 48) are free a year later;")
    assert f"; {words}, income untested" in life
    assert ("no difference between" in life) == (not whose)
    assert "earn was not measured" in answer_note(by_group(change, more))


def test_what_other_assumptions_decide_both_ways_is_not_said_to_be_undecided():
    """Undecided as the study runs, and surely more or surely less at seven of ten other values."""
    turning = (
        ("broken_of_the_listed", "0", 0.006, 0.003),
        ("broken_of_the_listed", "2", -0.01, 0.005),
    )
    told = by_group((0.004, 0.005), varied=VARIED + turning)
    assert "more breaking hangs on assumptions†, income untested" in first(told)[0]
    note = answer_note(told)
    assert "Of those who come on the list: they break more with fear worth 0" in note
    assert "they break less with fear worth 2" in note
    assert "With fear worth 0 fewer obligations are kept for a year on a list." in note
    one_way = by_group((0.004, 0.005), varied=VARIED + turning[:1])
    assert "more breaking is undecided" in first(one_way)[0]


def test_without_how_long_they_stay_it_is_said_whose_life_it_is():
    life = first(by_group((0.004, 0.005), escape=None))[0]
    assert life.startswith("Whose life: in 10 years 2.4 % (2.0 to 2.8) of rural")
    assert "are listed, more than of urban" in life
    assert life.endswith("; whether the listed break more is not decided.")


def test_deterrence_that_hangs_on_fear_says_so_and_where_it_turns():
    deters, pays = first(page())[1:]
    assert deters.startswith("It deters, if feared as assumed†: the share of broken")
    assert deters.endswith("; with fear worth 0 it rises.")
    assert "worth is not weighed" not in pays
    assert "are worth is not weighed" in answer_note(page())
    assert pays.startswith("Does it pay? 0.5 (0.4 to 0.6) obligations more are kept")
    assert "with fear" not in first(page(varied=VARIED[2:]))[1]


@pytest.mark.parametrize(
    ("price", "words"),
    [
        ((0.47, 0.1), "Does it pay? 0.5 (0.4 to 0.6) obligations more are kept"),
        ((-0.47, 0.1), "Does it pay? 0.5 (0.4 to 0.6) obligations fewer are kept"),
        ((0.05, 0.1), "for each year on a list†, compatible with no difference"),
    ],
)
def test_what_a_listing_buys_follows_its_interval(price, words):
    assert words in first(page(kept_for_a_listing=price))[2]


def test_a_price_without_an_interval_of_its_own_is_no_number():
    assert len(first(page(kept_for_a_listing=None, varied=()))) == 2
    told = " ".join(each.text for each in abstract(page(kept_for_a_listing=None, varied=())))
    assert "for each year" not in told


def test_the_signs_listed_are_those_of_what_the_sentence_says():
    told = said(page(), "rounds", "abstract")
    assert "more are kept with fear worth 2 and fewer are kept with fear worth 0" in told
    assert "Whether more are kept hangs on what is assumed" in told


def test_the_level_and_the_dagger_are_said_once_beside_the_answer():
    note = answer_note(page()).replace("\u202f", " ")
    assert note.startswith("Brackets are 95 % intervals over societies.")
    assert note.count("95") == 1
    assert "† assumed, not measured" in note


def test_the_page_opens_with_what_every_policy_changes_beside_the_same_numbers():
    [picture] = pictures(page(broken_of_the_listed=None))
    assert picture.opening
    [(_, rows)] = picture.table.bodies
    assert [cell.replace("\u202f", " ") for cell in rows[0]] == [
        "Joint punishment",
        "−0.16 (−0.19 to −0.13)",
        "–",
    ]
    axes = picture.plot(None)
    assert axes.get_xlabel().endswith("(percentage points)")


def test_values_at_which_nothing_can_be_told_are_named_beside_the_others():
    varied = [*VARIED, ("broken", "0.25", -0.0001, 0.001)]
    told = said(page(varied=varied), "rounds", "paragraphs")
    assert "it rises with fear worth 0 and it falls with fear worth 2" in told
    assert "and nothing can be told with 0.25" in told


def test_the_group_that_a_policy_lists_most_is_named_whoever_is_followed():
    (found,) = page().findings
    own = OVERALL | {"sensitive": "critic", "varied": "", "at": "", "of": "value"}
    ends = {"estimate": 0.21, "low": 0.17, "high": 0.25}
    rows = [
        own | ends | {"group": "yes", "measure": "ever_listed", "quantity": "value"},
        own | {"group": "no", "measure": "ever_listed", "quantity": "value"}
        | {"estimate": 0.02, "low": 0.018, "high": 0.022},
        own | {"group": "yes", "reference_group": "no", "measure": "ever_listed"}
        | {"quantity": "difference", "estimate": 0.19, "low": 0.15, "high": 0.23},
    ]  # fmt: skip

    def told(rows):
        table = pd.concat([found.table, conform(rows)], ignore_index=True)
        study = replace(page(), findings=(replace(found, table=table),))
        return [
            said(study, "rounds", each).replace("\u202f", " ")
            for each in ("headline", "paragraphs")
        ]

    for each in told(rows):
        assert re.search(
            r"21 % \(17 to 25\) (of|come on it).*critics|critics 21 % \(17 to 25\)", each
        )
    rows[-1] |= {"low": -0.01}
    assert not any("critics" in each for each in told(rows))


def test_a_value_that_is_assumed_anyway_is_no_other_assumption():
    as_it_is = [(name, "1", estimate, half) for name, _, estimate, half in SAID[:3]]
    (found,) = page(varied=[*VARIED, *as_it_is]).findings
    where = {"policy": "joined", "measure": "broken", "quantity": "change"}
    names = [unmarked(name) for name, _ in elsewhere(found, where)]
    assert names == ["fear worth 0", "fear worth 2"]
