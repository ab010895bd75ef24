"""The house style holds every setting of a figure but whether a notebook shows it."""

import matplotlib as mpl
import matplotlib.pyplot as plt
import pandas as pd
import pytest

from credit_ml.core.figure import axes_or_new, house_style, named_points


@pytest.mark.parametrize("interactive", [True, False])
def test_a_figure_is_shown_where_it_would_be_without_the_style(interactive):
    with mpl.rc_context({"interactive": interactive, "font.size": 3.0}):
        with house_style():
            assert mpl.is_interactive() is interactive
            assert mpl.rcParams["font.size"] != 3.0
        backend = mpl.rcParams["backend"]
        axes_or_new(None)
        assert mpl.rcParams["backend"] == backend
        assert mpl.is_interactive() is interactive


@pytest.mark.parametrize(("number", "room"), [(0.0, 1.0), (0.7, 0.1)])
def test_an_axis_of_one_number_has_room_and_not_that_of_rounding(number, room):
    rows = pd.DataFrame({"name": ["a", "b"], "who": "all", "estimate": number})
    axes = named_points(None, rows.assign(low=number, high=number), "name", "who")
    axes.locator_params(axis="x", nbins=5)
    left, right = axes.get_xlim()
    assert left < number < right
    assert 0.01 < right - left <= 2 * room
    plt.close(axes.figure)
