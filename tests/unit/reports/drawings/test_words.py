"""A picture is said by what it draws, and not by the first numbers of its table."""

import matplotlib.pyplot as plt
import numpy as np
import pandas as pd
import pytest

from credit_ml.core.figure import points, said_of
from credit_ml.fairness.figure import curves_by_group, dots_by_group
from credit_ml.reports.drawings.words import MOST_OF_PANEL, MOST_SAID, picture_in_words


@pytest.fixture(autouse=True)
def closed():
    yield
    plt.close("all")


def rows(number=2, **more):
    told = {"estimate": [0.2 * (k + 1) for k in range(number)]}
    told |= {"low": [each - 0.1 for each in told["estimate"]]}
    told |= {"high": [each + 0.1 for each in told["estimate"]]}
    return pd.DataFrame(told | more)


def test_dots_of_groups_are_said_with_their_intervals_from_the_top():
    groups = rows(sensitive="hukou", group=["rural", "urban"], people=[10, 20])
    axes = dots_by_group(groups, None, label="passes\n95 % intervals", line=0.3, title="")
    assert picture_in_words(axes) == (
        "Passes, 95 % intervals: Rural (10) 0.2 (0.1 to 0.3); Urban (20) 0.4 (0.3 to 0.5)."
    )


def test_bars_are_said_by_their_length_wherever_they_begin():
    """A waterfall's bar begins where the last one ended."""
    _, axes = plt.subplots()
    axes.barh([0, 1], [3.0, -1.0], left=[0.0, 3.0], label="_none")
    axes.hlines(1, 1.5, 2.5)
    axes.set_yticks([0, 1], ["one", "two"])
    axes.invert_yaxis()
    axes.set_xlabel("points")
    assert picture_in_words(axes) == "Points: one 3; two −1.0 (−1.5 to −0.5)."


def test_each_series_is_called_as_the_legend_calls_it():
    _, axes = plt.subplots()
    for number, name in enumerate(("truth", "estimate")):
        points(axes, rows(), [0.1 * number, 1 + 0.1 * number], label=name)
    axes.set_yticks([0, 1], ["a part", "another"])
    axes.set_xlabel("points")
    said = picture_in_words(axes)
    assert "another, truth 0.4 (0.3 to 0.5)" in said
    assert "a part, estimate 0.2 (0.1 to 0.3)" in said


def test_every_panel_is_said_and_what_is_faint_is_not():
    _, panels = plt.subplots(2)
    for axes, name in zip(panels, ("lost", "gap"), strict=True):
        axes.plot([9.0] * 3, [0, 0, 1], "o", alpha=0.3)
        points(axes, rows(), [0, 1])
        axes.set_yticks([0, 1], ["card", "tree"])
        axes.set_xlabel(name)
    said = picture_in_words(panels[0])
    assert said.startswith("Lost: tree 0.4 (0.3 to 0.5); card")
    assert "Gap: tree" in said
    assert "9" not in said


def test_what_is_too_much_is_counted():
    _, axes = plt.subplots()
    points(axes, rows(MOST_SAID + 2), range(MOST_SAID + 2))
    axes.set_yticks(range(MOST_SAID + 2), [f"row {name}" for name in "abcdefghij"])
    assert picture_in_words(axes).endswith("; and 2 more.")
    assert MOST_OF_PANEL < MOST_SAID


def test_points_between_two_scales_are_said_by_both():
    lines = rows(4, group=["a", "a", "b", "b"], place=[0.1, 0.2, 0.3, 0.4])
    axes = curves_by_group(lines, None, across="place", labels=("foretold", "came"), title="")
    said = picture_in_words(axes)
    assert said == "Came, at foretold: a 0.20 at 0.10, 0.40 at 0.20; b 0.60 at 0.30, 0.80 at 0.40."


def test_an_interval_that_was_drawn_of_nothing_is_none():
    _, axes = plt.subplots()
    axes.plot([1.0], [0], "o")
    axes.hlines([], [], [])
    axes.collections[0].set_segments([np.empty((0, 2))])
    axes.set_yticks([0], ["one"])
    assert picture_in_words(axes) == "One 1."


def test_a_plot_may_say_its_picture_itself_and_a_map_says_nothing():
    _, axes = plt.subplots()
    axes.scatter([1, 2], [3, 4])
    assert picture_in_words(axes) == ""
    said_of[axes] = "Two citizens."
    assert picture_in_words(axes) == "Two citizens."
