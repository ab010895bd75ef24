import math
import re

import matplotlib as mpl
import matplotlib.pyplot as plt
import pandas as pd
import pytest

from credit_ml.core.figure import axes_or_new, named_points, strokes
from credit_ml.reports.exhibits import Draft, numbered
from credit_ml.reports.figures import MOST_LETTERS, NARROW, SMALLEST, _broken, _narrow, drawing


def plot(axes=None):
    axes = axes_or_new(axes)
    axes.errorbar([0.0034, 0.5], [0, 1], xerr=[0.001, 0.1], fmt="o", label="a rather long name")
    axes.plot([0.1, 0.2], [0, 1], label="another rather long name")
    axes.set_xticks([0.0034], ["0.003456"])
    axes.set_title("a title that the page says itself")
    axes.set_xlabel("a label of an axis that is much too long for a telephone held upright")
    axes.legend(ncols=2, loc="upper center", bbox_to_anchor=(0.5, -0.2))
    return axes


@pytest.fixture(scope="module")
def drawn():
    return drawing(plot, prefix="f7")


def test_a_picture_repeats_byte_for_byte(drawn):
    assert drawing(plot, prefix="f7") == drawn


def test_no_figure_stays_open(drawn):
    before = plt.get_fignums()
    drawing(plot, prefix="f8")
    assert plt.get_fignums() == before


def test_every_id_is_the_figures_own_and_used(drawn):
    for text in (drawn.wide, drawn.narrow):
        ids = re.findall(r'\sid="([^"]+)"', text)
        used = re.findall(r'href="#([^"]+)"|url\(#([^)]+)\)', text)
        assert ids
        assert set(ids) == {"".join(pair) for pair in used}
        assert all(name.startswith("f7-") for name in ids)
    assert not set(re.findall(r'\sid="([^"]+)"', drawn.wide)) & set(
        re.findall(r'\sid="([^"]+)"', drawn.narrow)
    )


def test_nothing_in_a_picture_names_the_outside(drawn):
    assert "://" not in drawn.wide
    assert "<style" not in drawn.wide
    assert "<!--" not in drawn.wide


def test_coordinates_are_short_and_words_are_left_alone(drawn):
    assert ">0.003456<" in drawn.wide
    inside = re.findall(r"<[^>]+>", drawn.wide)
    assert not [tag for tag in inside if re.search(r"\d\.\d{3,}", tag)]


def test_the_page_scales_the_picture_and_sets_its_type(drawn):
    opening = drawn.wide.split(">", 1)[0]
    assert "viewBox" in opening
    assert "width" not in opening
    assert "font-family" not in drawn.wide


def long_numbers(axes=None):
    axes = axes_or_new(axes)
    axes.errorbar([-0.01234, 0.0456], [0, 1], xerr=[0.001, 0.01], fmt="o")
    axes.set_yticks([0, 1], ["60 and over (48,318)", "under 30 (8,820)"])
    return axes


@pytest.mark.parametrize("made", [plot, long_numbers])
@pytest.mark.parametrize("widths", ["both", "middle"])
def test_numbers_are_large_enough_on_a_phone_by_day_and_night(made, widths):
    """By night a picture has a margin of 8 pixels; a page has one of 20 on either side."""
    found = drawing(made, prefix="f1", widths=widths)
    svg = found.narrow or found.wide
    width = float(re.search(r'viewBox="0 0 ([\d.]+)', svg).group(1))
    texts = re.findall(r"<text[^>]*font-size: ([\d.]+)px[^>]*>([^<]*)</text>", svg)
    numbers = [float(size) for size, text in texts if not any(map(str.isalpha, text))]
    assert len(numbers) > 2
    assert min(numbers) * (390 - 2 * 20 - 2 * 8) / width >= 11


def test_numbers_below_a_narrow_drawing_do_not_run_into_each_other():
    svg = drawing(long_numbers, prefix="f1").narrow
    texts = re.findall(
        r'<text[^>]*font-size: ([\d.]+)px[^>]*?(?:x="([\d.]+)")?[^>]*>([−\d.]+)<', svg
    )
    assert 2 <= len(texts) <= 6


def test_the_title_is_left_to_the_page(drawn):
    assert "a title that the page says itself" not in drawn.wide


def test_a_phone_gets_a_narrow_picture_with_broken_labels(drawn):
    width = float(re.search(r'viewBox="0 0 ([\d.]+)', drawn.narrow).group(1))
    assert width == pytest.approx(72 * NARROW)
    whole = "a label of an axis that is much too long for a telephone held upright"
    assert whole in drawn.wide
    assert whole not in drawn.narrow
    assert "another rather long name" in drawn.narrow


@pytest.mark.parametrize(
    "name",
    [
        "NumberOfTime60-89DaysPastDueNotWorse",
        "RevolvingUtilizationOfUnsecuredLines",
        "Donaudampfschifffahrtsgesellschaftskapitänsmütze",
        "a_name_of_many_parts_that_are_under_one_another_and_never_end",
        "several words that are as long as words are",
    ],
)
@pytest.mark.parametrize("rows", [3, 30])
def test_names_of_one_long_word_leave_room_for_what_is_drawn(name, rows):
    """matplotlib gives the layout up, with a warning, where a name takes the whole width."""

    def named(axes=None):
        axes = axes_or_new(axes, height=1.0 + 0.2 * rows if rows > 10 else 3.6)
        axes.barh(range(rows), range(rows))
        axes.set_yticks(range(rows), [f"{name}{place}" for place in range(rows)])
        return axes

    drawing(named, prefix="f9")  # a warning is an error here
    lines = _broken(name).splitlines()
    assert len(lines) <= 3
    assert max(map(len, lines)) <= MOST_LETTERS


def test_a_matplotlibrc_changes_no_byte_and_a_dollar_is_no_formula():
    def plot(axes):
        axes = axes_or_new(axes)
        axes.barh(["income_$", "debt_$"], [1.0, 2.0])
        axes.set_xlabel("from $ to $")
        return axes

    plain = drawing(plot, prefix="a")
    theirs = {"axes.facecolor": "red", "xtick.direction": "in", "lines.markersize": 20.0}
    with mpl.rc_context(theirs | {"text.parse_math": True, "figure.figsize": (9.0, 9.0)}):
        assert drawing(plot, prefix="a") == plain
    assert "from $ to $" in plain.wide
    assert "income_$" in plain.wide


def test_letters_that_no_font_here_has_are_the_readers_to_draw():
    def plot(axes):
        axes = axes_or_new(axes)
        axes.barh(["女", "男"], [1.0, 2.0])
        axes.set_xlabel("性别")
        return axes

    made = drawing(plot, prefix="f10")  # a warning is an error here
    assert all(letters in made.wide for letters in ("女", "男", "性别"))


def test_the_words_of_a_picture_are_of_what_it_draws():
    rows = pd.DataFrame({"name": ["one", "two"], "kind": ["a", "b"]})
    rows = rows.assign(estimate=[0.2, 0.4], low=[0.1, 0.3], high=[0.3, 0.5])

    def plot(axes):
        axes = named_points(axes, rows, "name", "kind", scale=100)
        axes.set_xlabel("how many\nof them (%)")
        return axes

    said = drawing(plot, prefix="f").said
    assert said == "How many of them (%): one, a 20 (10 to 30); two, b 40 (30 to 50)."


@pytest.mark.parametrize("inches", [6.2, 9.5, 14.0])
def test_no_letter_of_a_picture_is_below_eleven_pixels(inches):
    """On a phone of 390 pixels, and on a page of 696 however wide the figure was made."""

    def small(axes=None):
        axes = axes_or_new(axes, width=inches)
        axes.plot([0.0, 1.0], [0.0, 1.0])
        axes.set_xlabel("below", fontsize=6)
        axes.set_ylabel("beside", fontsize=6)
        axes.tick_params(labelsize=6)
        axes.text(0.2, 0.5, "within", fontsize=6)
        axes.annotate("named", (0.5, 0.2), fontsize=6)
        return axes

    made = drawing(small, prefix="f9")
    for text, page, pixels in ((made.wide, 696, 11), (made.narrow, 330, 11)):
        width = float(re.search(r'viewBox="0 0 ([\d.]+)', text)[1])
        sizes = [float(each) for each in re.findall(r"font-size: ([\d.]+)px", text)]
        assert len(sizes) > 6
        assert min(sizes) * page / width >= pixels


@pytest.mark.parametrize("known", [True, False])
def test_strokes_are_told_below_a_picture_that_has_some_and_below_no_other(known):
    """A caption that explained strokes stood below pictures without any."""

    def plot(axes=None):
        axes = axes_or_new(axes)
        axes.plot([0.0, 1.0], [0.0, 1.0], label="one")
        strokes(axes, [0.3 if known else math.nan], [0.5], size=9)
        return axes

    draft = Draft(caption="Dots.", plot=plot, strokes="Strokes end the other interval.")
    (exhibit,) = numbered([draft], figures=0, tables=0)
    assert exhibit.drawing.strokes == known
    assert ("Strokes end" in exhibit.caption) == known
    assert ("Strokes end" in exhibit.alternative) == known


@pytest.mark.parametrize("columns", [1, 2])
def test_a_legend_is_as_large_on_a_phone_as_the_numbers_are(columns):
    """11 pixels at 390: who reads a picture reads what its colours mean."""

    def legended(axes=None):
        axes = plot(axes)
        axes.legend(ncols=columns, title="which", fontsize=7, title_fontsize=7)
        return axes

    sizes = re.findall(
        r"font-size: ([\d.]+)px[^>]*>(?:a rather|another|which)",
        drawing(legended, prefix="f9").narrow,
    )
    assert len(sizes) == 3
    assert min(map(float, sizes)) >= SMALLEST


@pytest.mark.parametrize("columns", [1, 2])
def test_a_legend_that_hangs_below_the_axes_stays_clear_of_a_label_of_more_lines(columns):
    axes = plot()
    axes.set_xlabel("people not marked 'foreign worker' less people marked 'foreign worker', both")
    axes.legend(ncols=columns, loc="upper center", bbox_to_anchor=(0.5, -0.2))
    figure = axes.figure
    _narrow(axes, figure, NARROW)
    figure.draw_without_rendering()
    (legend,) = figure.legends
    label = axes.xaxis.label.get_window_extent()
    plt.close(figure)
    assert legend.get_window_extent().y1 <= label.y0
