"""What stands beside the gap that a page follows: parts that turn their sign, and other groups."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from credit_ml.core import Finding, conform
from credit_ml.core.results import RaterResults, StudyResults
from credit_ml.grammar.phrases import GroupPair
from credit_ml.proxies.decomposition.other_gaps import of_others, of_same, turned
from credit_ml.reports.templating import page_block, said

YOUNG = GroupPair("age", "under 30", "45 to 60")
FACTORS = ("use", "history", "capacity")


class Comparison(Finding):
    """Parts of a gap, as a comparison has them."""

    kind = "comparison"


def parts_of(rater, pairs):
    """Parts in percentage points, each with half the width of its interval, by pair of groups."""
    rows = []
    for pair, told in pairs.items():
        whole = sum(part for part, _ in told), sum(half for _, half in told)
        for factor, (part, half) in zip((*FACTORS, "(gap)"), (*told, whole), strict=True):
            ends = {"estimate": part / 100, "low": (part - half) / 100, "high": (part + half) / 100}
            rows.append(pair.where() | ends | {"factor": factor, "method": "block_shapley"})
    asked = {"unit": "probability", "output": "probability", "rater": rater}
    return Comparison(
        table=conform(rows, measure="mean_score"), title=f"The gap: {rater}", parameters=asked
    )


def study(**raters):
    """A table whose raters' gaps have these parts."""
    lead = YOUNG.where()
    made = tuple(
        RaterResults(id=name, name=name, scorer_kind="opaque", findings=(parts_of(name, pairs),))
        for name, pairs in raters.items()
    )
    about = {"name": "made", "kind": "table", "people": 1000}
    return StudyResults(id="m", title="M", data=about, raters=made, settings={"lead": lead})


def test_a_part_that_works_both_ways_is_said_with_both_sizes():
    one = {YOUNG: [(-1.8, 0.1), (-1.4, 0.2), (-0.11, 0.05)]}
    other = {YOUNG: [(-2.7, 0.1), (-1.4, 0.2), (0.36, 0.05)]}
    results = study(trees=one, card=other)
    (found,) = turned(results, YOUNG)
    assert found.factor == "capacity"
    assert [side.rater.id for side in (*found.with_it, *found.against_it)] == ["trees", "card"]
    assert (
        "Raters differ.** Capacity works with the gap with the trees by 0.11 percentage points "
        "(0.06 to 0.16), and against it with the card by 0.36 percentage points (0.31 to 0.41)."
    ) in said(results, "comparison")
    assert "both for certain: capacity." in said(results, "comparison", "matrix")


def test_a_part_that_may_be_none_at_one_rater_turns_nothing():
    one = {YOUNG: [(-1.8, 0.1), (-1.4, 0.2), (-0.11, 0.05)]}
    other = {YOUNG: [(-2.7, 0.1), (-1.4, 0.2), (0.36, 0.5)]}
    assert turned(study(trees=one, card=other), YOUNG) == []
    assert "Raters differ" not in said(study(trees=one, card=other), "comparison")


@settings(max_examples=25)
@given(
    st.lists(
        st.lists(st.tuples(st.floats(-3, 3), st.floats(0.01, 1)), min_size=3, max_size=3),
        min_size=2,
        max_size=4,
    )
)
def test_what_turns_is_sure_on_both_sides(told):
    results = study(**{f"r{number}": {YOUNG: parts} for number, parts in enumerate(told)})
    for each in turned(results, YOUNG):
        for side in (*each.with_it, *each.against_it):
            assert side.size.low > 0
        assert not {s.rater.id for s in each.with_it} & {s.rater.id for s in each.against_it}


def test_other_groups_of_the_followed_feature_are_told():
    old = GroupPair("age", "60 and over", "45 to 60")
    women = GroupPair("sex", "female", "male")
    parts = {
        YOUNG: [(-1.8, 0.1), (-1.4, 0.2), (-0.1, 0.05)],
        old: [(1.2, 0.1), (1.6, 0.1), (0.1, 0.05)],
        women: [(0.5, 0.1), (0.2, 0.1), (0.1, 0.05)],
    }
    results = study(trees=parts)
    assert [gap.pair for gap in of_same(results, YOUNG)] == [old]
    assert [gap.pair for gap in of_others(results, YOUNG)] == [women]
    text = said(results, "comparison")
    assert "Other groups, trees.** People aged 60 and over stand 2.9 percentage points" in text
    assert "1.6 (1.5 to 1.7) are attributed to history" in text


@pytest.mark.parametrize("half", [0.05, 0.9])
def test_no_answer_says_for_whom_a_second_factor_is(half):
    """A factor not told apart from the largest may account for as much, of the same gap."""
    parts = {YOUNG: [(-1.8, half), (-1.4, half), (-0.11, 0.05)]}
    text = said(study(trees=parts), "comparison", "answer")
    assert "for others" not in text
    assert ("of the observed gap by age; 'history' perhaps as much." in text) == (half > 0.2)
    note = page_block("answer_note", study(trees=parts))
    assert note
    assert ("whether they differ was not tested" in note) == ("perhaps as much" in text)


@pytest.mark.parametrize(("half", "sure"), [(0.9, False), (0.1, True)])
def test_what_is_taken_back_is_so_for_certain_or_by_the_estimates(half, sure):
    """Parts of 1.8 and 1.4 are more than a gap of 2.7, of which 0.5 may be taken back, or not."""
    text = said(study(trees={YOUNG: [(-1.8, 0.1), (-1.4, 0.1), (0.5, half)]}), "comparison")
    assert ("by the estimates other factors take part of it back" in text) != sure
    assert "other factors take part of it back" in text


def test_words_on_methods_speak_of_societies_only_where_there_are_some():
    results = study(trees={YOUNG: [(-1.8, 0.1), (-1.4, 0.2), (-0.1, 0.05)]})
    (rater,) = results.raters
    table = rater.findings[0].table
    both = pd.concat([table, table.assign(method="kitagawa_oaxaca_blinder")], ignore_index=True)
    (finding,) = rater.findings
    several = type(finding)(table=both, title="both", parameters=finding.parameters)
    changed = StudyResults(
        **{**vars(results), "raters": (RaterResults(**{**vars(rater), "findings": (several,)}),)}
    )
    text = said(changed, "comparison", "methods")
    assert "Kitagawa" in text
    assert "societ" not in text
