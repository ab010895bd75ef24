"""What is said of a mean over worlds, and of each of them: by the interval of just that row."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit_ml.consequences import PriceOfInterpretability
from credit_ml.consequences.readable import readable
from credit_ml.core import StudyResults, conform
from credit_ml.reports import said
from credit_ml.reports.sections import answer, answer_note
from credit_ml.society import load_world
from credit_ml.society.mechanisms.outcome import keeping_log_odds
from credit_ml.studies import load_study

ALL = "(all)"
#: Estimates and half widths, in hundredths; many reach zero.
AMOUNTS = st.tuples(st.integers(-30, 30), st.integers(1, 20))
WORLDS = st.lists(st.tuples(AMOUNTS, AMOUNTS), min_size=1, max_size=6)


def row(measure, middle, half, world, scorer="scorecard"):
    ends = {"estimate": middle / 100, "low": (middle - half) / 100, "high": (middle + half) / 100}
    return {"measure": measure, "scorer": scorer, "world": world, "seeds": 20} | ends


def priced(of_all, by_world, gap=-15):
    """A finding of one readable scorer: what it loses, and by how much its gap differs."""
    rows = []
    for world, (loss, change) in {ALL: of_all, **by_world}.items():
        rows.append(row("auc_lost", *loss, world))
        rows.append(row("selection_gap", gap, 3, world))
        rows.append(row("selection_gap_change", *change, world))
    asked = {"sensitive": "hukou", "group": "rural", "scorers": ["opaque", "scorecard"]}
    return PriceOfInterpretability(table=conform(rows), title="", parameters=asked)


def paged(finding):
    settings = {"lead_with": "interpretability"}
    asked = {"question": "", "prediction": "", "refutation": ""}
    return StudyResults(id="a", title="", findings=(finding,), settings=settings, **asked)


def plain(text):
    return text.replace("\u202f", " ")


@given(st.tuples(AMOUNTS, AMOUNTS), WORLDS)
def test_a_verdict_of_any_world_is_held_against_every_world(of_all, each):
    by_world = {f"world {number}": amounts for number, amounts in enumerate(each)}
    told = readable(priced(of_all, by_world))
    low = of_all[0][0] - of_all[0][1]
    ends = [(middle - half, middle + half) for (middle, half), _ in each]
    worse, better = sum(low > 0 for low, _ in ends), sum(high < 0 for _, high in ends)
    assert (len(told.worse), len(told.better)) == (worse, better)
    if told.ranks_worse == "No":
        assert better == len(each)
        assert not low > 0
    elif told.ranks_worse == "Yes":
        assert low > 0
    else:
        assert not low > 0
        assert (told.ranks_worse == "Partly") == (worse > 0)
    # The gap is below zero, so that what lowers it widens it.
    changes = [(middle - half, middle + half) for _, (middle, half) in each]
    assert len(told.wider) == sum(high < 0 for _, high in changes)
    assert len(told.narrower) == sum(low > 0 for low, _ in changes)
    sure = abs(of_all[1][0]) > of_all[1][1]
    assert (told.divides_otherwise == "yes") == sure
    if told.divides_otherwise == "partly":
        assert told.wider or told.narrower


def test_a_gap_of_either_sign_is_wider_where_it_changes_away_from_none():
    for gap, change in ((-15, (-3, 1)), (15, (3, 1))):
        told = readable(priced(((-1, 3), change), {"a": ((-1, 3), change)}, gap))
        assert (told.wider, told.narrower) == (["a"], [])
        assert told.gap_change.estimate == pytest.approx(3)


@pytest.mark.parametrize(
    ("change", "of_groups"),
    [
        ((-2, 1), "yes; a scorecard's gap between rural citizens and others is surely wider in "
         "two worlds, on average by 2 percentage points (1 to 3)."),
        ((2, 1), "yes; a scorecard's gap between rural citizens and others is surely wider in "
         "no world, narrower in two, on average narrower by 2 percentage points"),
        ((0, 1), "not decided; a scorecard's gap between rural citizens and others is surely "
         "wider in no world, on average by 0 percentage points (1 narrower to 1 wider), "
         "compatible with no difference."),
        ((3, 4), "wider in no world, on average narrower by 3 percentage points (7 narrower to 1 "
         "wider), compatible with no difference."),
    ],
)  # fmt: skip
def test_what_is_said_of_groups_counts_the_worlds_in_which_it_holds(change, of_groups):
    loss = (-1, 0.3)
    finding = priced((loss, change), {"a": (loss, change), "b": (loss, change)})
    *_, groups = answer(paged(finding))
    assert of_groups in plain(f"{groups.lead} {groups.text}")


def test_readable_scores_that_divide_the_other_way_are_named_wherever_groups_are_told():
    """A scorecard's gap is wider: a small tree, readable too, lets fewer pass."""
    loss, change = (-1, 0.3), (-2, 1)
    finding = priced((loss, change), {"a": (loss, change), "b": (loss, change)})
    rows = finding.table.to_dict("records")
    for name, middle in (("tree", 6), ("neural", 1), ("ebm", -3), ("logistic", 0)):
        for world in (ALL, "a", "b"):
            rows.append(row("selection_gap", -15, 3, world, name))
            rows.append(row("selection_gap_change", middle, 0.5, world, name))
    page = paged(type(finding)(**vars(finding) | {"table": conform(rows)}))
    *_, groups = answer(page)
    assert plain(groups.text).endswith(
        "surely wider in two worlds, on average by 2 percentage points (1 to 3)."
    )
    assert "so that its gap cannot be compared" in plain(answer_note(page))
    told = plain(said(page, "interpretability", "abstract"))
    assert (
        "wider by 2 percentage points (1 to 3)." in told  # of a small tree's fewer pass
    )
    whole = plain(said(page, "interpretability")).partition("**Groups.**")[2]
    assert "is wider by 2 percentage points (1 to 3) for a scorecard" in whole
    assert (
        "narrower by 6.0 (5.5 to 6.5) for a small tree, narrower by 1.0 (0.5 to 1.5) for" in whole
    )
    assert "wider by 3.0 (2.5 to 3.5) for explainable boosting; no difference can be" in whole
    assert (
        "can be told for a logistic regression (0.5 narrower to 0.5 wider); for a small tree it is "
        "surely" in whole
    )
    assert "narrower in two of the worlds, surely wider in none" in whole


def test_changes_that_cannot_be_told_say_unit_and_direction_at_both_ends():
    """(−22 to 4) had no unit, and its sign was turned from that of its row."""
    loss, change = (-1, 0.3), (9, 13)
    finding = priced((loss, change), {"a": (loss, change)})
    whole = plain(said(paged(finding), "interpretability")).partition("**Groups.**")[2]
    assert "no difference, in percentage points, from the gap in who passes of boosted" in whole
    assert "can be told for a scorecard (22 narrower to 4 wider)" in whole


def test_a_mean_over_worlds_says_so_and_how_many_worlds_bear_it_out():
    worlds = {"a": ((-1, 0.3), (-2, 1)), "b": ((0.1, 0.3), (0, 1))}
    first, second, _ = answer(paged(priced(((-1, 0.3), (-2, 1)), worlds)))
    assert first.lead == "Not decided:"  # that it is better on average decides no single world
    assert first.text.endswith("in the right order than boosted trees, on average.")
    assert plain(f"{second.lead} {second.text}") == (
        "In none of the 2 worlds does it surely rank worse, in one better."
    )
    note = plain(answer_note(paged(priced(((-1, 0.3), (-2, 1)), worlds))))
    assert "Averages are over the 2 worlds" in note
    assert "made as a sum" in note


def test_a_readable_score_that_does_rank_worse_is_named_beside_the_one_that_does_not():
    loss = (-1, 0.3)
    finding = priced((loss, (-2, 1)), {"a": (loss, (-2, 1))})
    for worse in (True, False):
        tree = row("auc_lost", 3, 1 if worse else 4, ALL, "tree")
        table = conform([*finding.table.to_dict("records"), tree])
        second = answer(paged(type(finding)(**vars(finding) | {"table": table})))[1]
        assert ("; a small tree surely worse." in second.text) == worse


def test_how_much_a_sum_explains_is_said_as_a_mean_with_its_interval_and_not_of_sums():
    finding = priced(((-1, 0.3), (-2, 1)), {"a": ((-1, 0.3), (-2, 1))})
    shares = [
        row("fidelity", 83, 1, ALL, "opaque"),
        row("fidelity", 70, 1, "a", "opaque"),
        row("fidelity", 100, 0, ALL, "scorecard"),
    ]
    table = conform([*finding.table.to_dict("records"), *shares])
    text = plain(said(paged(type(finding)(**vars(finding) | {"table": table})), "interpretability"))
    reasons = text.partition("**Reasons.**")[2]
    assert "on average over worlds it is 83 % (82 to 84) for boosted trees" in reasons
    assert "A scorecard is such a sum itself." in reasons
    assert not re.search(r"100 %", reasons)


@pytest.mark.parametrize("name", ["raters", "wechat"])
def test_in_every_world_that_a_page_says_so_of_keeping_is_a_sum(name):
    """Of what trust and each circumstance add: changed apart or together, they change it alike."""
    people = type("People", (), {"shift": staticmethod(lambda dependence: 0.0)})
    random = np.random.default_rng(0)
    steps = random.normal(size=(2, 3, 50))

    def log_odds(spec, *chosen):
        parts = (steps[pick, place] for place, pick in enumerate(chosen))
        return keeping_log_odds(spec, people, *parts)

    for world in load_study(name).interpretability.worlds:
        spec = load_world(world, citizens=200, seed=1).outcome
        none = log_odds(spec, 0, 0, 0)
        alone = [log_odds(spec, *np.eye(3, dtype=int)[place]) - none for place in range(3)]
        assert log_odds(spec, 1, 1, 1) - none == pytest.approx(sum(alone)), world
