"""The plane of regimes: filled are those that no other betters, and a legend tells all three."""

import matplotlib.pyplot as plt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from credit_ml.core import RaterResults, StudyResults, conform
from credit_ml.disclosure import Disclosure
from credit_ml.disclosure.plane.pictures import Plane, pictures, regimes_of

MEASURES = ("share_who_game", "knowledge", "accuracy")
shares = st.tuples(*[st.sampled_from((0.0, 0.25, 0.5, 0.75))] * 3)


def finding(bought):
    rows = [
        {"regime": f"regime {place}", "measure": measure, "unit": "share", "estimate": value}
        | {"low": value - 0.02, "high": value + 0.03}
        for place, told in enumerate(bought)
        for measure, value in zip(MEASURES, told, strict=True)
    ]
    return Disclosure(table=conform(rows), title="What disclosure changes")


def shown(bought):
    rater = RaterResults(
        id="a", name="council (rules)", scorer_kind="", findings=(finding(bought),)
    )
    return list(pictures(StudyResults(id="a", title="A", raters=(rater,))))


@given(st.lists(shares, min_size=3, max_size=7))
def test_filled_are_those_that_no_other_betters(bought):
    for each, (game, known, right) in zip(regimes_of(finding(bought)), bought, strict=True):
        better = [
            other
            for other in bought
            if other[0] <= game and other[1] >= known and other[2] >= right
            if other != (game, known, right)
        ]
        assert each.kept == (not better)


def test_each_has_a_mark_of_its_own_and_its_right_decisions_in_the_legend():
    bought = [(0.0, 0.0, 0.61), (0.4, -1.2, 0.6), (0.2, 1.0, 0.66)]
    (one,) = shown(bought)
    assert "council (rules)" in one.title
    axes = one.plot(None)
    legend = [each.get_text() for each in axes.figure.legends[0].get_texts()]
    assert legend == [
        f"Regime {place}: {right} % right" for place, right in enumerate((61, 60, 66))
    ]
    marks = [bar.lines[0] for bar in axes.containers]
    assert len({each.get_marker() for each in marks}) == 3
    low, high = axes.get_ylim()
    assert all(low < each.get_ydata()[0] < high for each in marks)
    assert axes.get_xlim()[0] < 0
    ((_, rows),) = one.table.bodies
    assert [row[-1] for row in rows] == ["no", "yes", "no"]
    plt.close(axes.figure)


@pytest.mark.parametrize("count", [0, 1, 2])
def test_two_regimes_are_no_frontier(count):
    assert shown([(0.1 * k, 0.5, 0.6) for k in range(count)]) == []
    assert Plane(regimes=regimes_of(finding([]))).regimes == ()
