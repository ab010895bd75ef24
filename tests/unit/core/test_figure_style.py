"""The house style holds every setting of a figure but whether a notebook shows it."""

import matplotlib as mpl
import pytest

from credit_ml.core.figure import axes_or_new, house_style


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
