"""Panels beside each other stand below each other on a phone, and each says what it shows."""

import matplotlib.pyplot as plt
import pytest

from credit_ml.reports.drawings.reflow import reflow
from credit_ml.reports.figures import NARROW, WIDE, WIDEST, drawing


def grid(*, names=False):
    figure, panels = plt.subplots(
        2, 4, figsize=(9, 4), sharey="row", squeeze=False, layout="constrained"
    )
    for row, line in enumerate(panels):
        for column, panel in enumerate(line):
            panel.plot([0, 1], [0, 1])
            if row == 1:
                panel.set_xlabel(f"knob {column}")
        line[0].set_ylabel(f"headline {row}")
    if names:
        panels[0, 0].set_yticks([0, 1], ["trust", "wealth"])
    return figure, panels


@pytest.mark.parametrize(("names", "columns"), [(False, 2), (True, 1)])
def test_panels_stand_in_as_many_columns_as_the_width_holds(names, columns):
    figure, panels = grid(names=names)
    figure.set_figwidth(NARROW)
    assert reflow(figure) == 8
    places = [each.get_subplotspec() for each in panels.flat]
    assert {place.colspan.start for place in places} == set(range(columns))
    assert figure.get_figheight() == 2 * 8 / columns
    for number, panel in enumerate(panels.flat):
        assert panel.get_xlabel() == f"knob {number % 4}"
        if number % columns == 0:
            assert panel.get_ylabel() == f"headline {number // 4}"
    plt.close(figure)


def test_what_fits_is_left_as_it_is():
    figure, panels = grid()
    assert reflow(figure) == 8
    assert panels[1, 3].get_subplotspec().colspan.start == 3
    assert panels[0, 0].get_xlabel() == ""
    plt.close(figure)


def test_a_narrow_drawing_of_many_panels_is_higher_than_the_wide_one():
    drawn = drawing(lambda axes: grid()[1][0, 0], prefix="f1")
    wide, narrow = (
        [float(each) for each in text.split('viewBox="')[1].split('"')[0].split()[2:]]
        for text in (drawn.wide, drawn.narrow)
    )
    assert narrow[0] == pytest.approx(72 * NARROW)
    assert narrow[1] > 1.5 * wide[1]


def test_panels_too_many_for_a_wide_page_stand_below_each_other_there_too():
    def plot(axes):
        figure, panels = grid()
        figure.set_figwidth(WIDEST + 1)
        return panels[0, 0]

    box = drawing(plot, prefix="f1").wide.split('viewBox="')[1].split('"')[0].split()
    assert float(box[2]) == pytest.approx(72 * WIDE)
