"""The dot-and-interval figure that every group-by-group finding draws."""

import textwrap

import pandas as pd

from credit_ml.core.figure import GRID, INK, PALETTE, Axes, axes_or_new, strokes
from credit_ml.core.finding import aside
from credit_ml.grammar.names import group_label, sensitive_name, sentence

#: Inches of height for each row of text, and around them all.
ROW, MARGIN = 0.22, 1.0
#: Letters of a feature's name in one line, and rows that each further line takes.
LONGEST_HEADING, EXTRA = 20, 0.6
#: Beside colours, so that lines of groups are told apart without them.
MARKERS = ("o", "s", "^", "D", "v", "P", "X")


def dots_by_group(
    rows: pd.DataFrame, axes: Axes | None, *, label: str, line: float | None, title: str
) -> Axes:
    """Draw an estimate with its interval for every group, under the name of its feature.

    Parameters
    ----------
    rows : DataFrame
        Columns sensitive, group, estimate, low, high and, if known, people; drawn downwards.
        Ends of a second interval (`aside`) are small upright strokes.
    axes : matplotlib.axes.Axes or None
    label : str
        Of the horizontal axis, with unit.
    line : float or None
        Where the thin vertical line of everybody stands.
    title : str
    """
    features = rows["sensitive"].drop_duplicates().tolist()
    lines = len(rows) + sum(1.6 + EXTRA * _heading(each).count("\n") for each in features)
    axes = axes_or_new(axes, height=MARGIN + ROW * lines)
    if line is not None:
        axes.axvline(line, color=INK, linewidth=0.8, linestyle=(0, (4, 3)))
        above = axes.get_xaxis_transform()
        axes.text(line, 1.005, "everybody", transform=above, ha="center", va="bottom", fontsize=8)
    depth, places, names, side = 0.0, [], [], axes.get_yaxis_transform()
    for feature in features:
        group = rows[rows["sensitive"] == feature]
        heading = _heading(feature)
        depth += EXTRA * heading.count("\n")
        beside = axes.annotate(heading, (-0.02, depth + 0.4), xycoords=side)
        beside.set(ha="right", va="bottom", fontweight="bold", fontsize=8.5)
        heights = [depth + 1 + step for step in range(len(group))]
        axes.hlines(heights, group["low"], group["high"], color=PALETTE[0], linewidth=2.2)
        axes.plot(group["estimate"], heights, "o", color=PALETTE[0], markersize=5)
        for end in aside(group) or ():
            strokes(axes, group[end].astype(float), heights, size=9)
        places += heights
        names += _labels(group)
        depth = heights[-1] + 1.6
    axes.set_yticks(places, names)
    axes.set_ylim(depth - 0.8, -0.8)
    axes.tick_params(axis="y", length=0)
    axes.grid(axis="x", color=GRID)
    axes.set_xlabel(label)
    axes.set_title(title, loc="left", fontsize=10, pad=16)
    return axes


def curves_by_group(
    rows: pd.DataFrame,
    axes: Axes | None,
    *,
    across: str,
    labels: tuple[str, str],
    title: str,
    points: bool = False,
) -> Axes:
    """Draw an estimate with its intervals along a number, one line a group.

    Parameters
    ----------
    rows : DataFrame
        Columns group, estimate, low, high, and the one named by `across`.
    axes : matplotlib.axes.Axes or None
    across : str
        Column of the horizontal axis.
    labels : tuple of str
        Of the horizontal and the vertical axis, with units.
    title : str
    points : bool
        Dots with bars instead of a line in a band.
    """
    axes = axes_or_new(axes, height=4.2)
    for number, (group, line) in enumerate(rows.groupby("group", sort=False)):
        colour = PALETTE[number % len(PALETTE)]
        marker, every = MARKERS[number % len(MARKERS)], None if points else 0.2
        place, low, high = line[across].astype(float), line["low"], line["high"]
        if points:
            axes.vlines(place, low, high, color=colour, alpha=0.6)
        else:
            axes.fill_between(place, low, high, color=colour, alpha=0.2, linewidth=0)
        named = group_names(line.head(1))[0] if "sensitive" in line else str(group)
        (drawn,) = axes.plot(place, line["estimate"], color=colour, label=named)
        drawn.set(marker=marker, markersize=4, markevery=every)
    axes.set_xlabel(labels[0])
    axes.set_ylabel(labels[1])
    axes.grid(color=GRID)
    axes.legend()
    axes.set_title(title, loc="left", fontsize=10)
    return axes


def group_names(rows: pd.DataFrame) -> list[str]:
    """Return what figures call each row's group: "Critics", not the "yes" of a column.

    Examples
    --------
    >>> rows = {"sensitive": ["critic", "hukou", "overall"], "group": ["no", "rural", "all"]}
    >>> group_names(pd.DataFrame(rows))
    ['Not critics', 'Rural', 'Everyone']
    """
    pairs = zip(rows["sensitive"].astype(str), rows["group"].astype(str), strict=True)
    return [group_label(sensitive, group) for sensitive, group in pairs]


def _heading(feature: str) -> str:
    """Return a feature above its groups, in lines as short as these."""
    return textwrap.fill(sentence(sensitive_name(feature), stop=""), LONGEST_HEADING)


def _labels(group: pd.DataFrame) -> list[str]:
    names = group_names(group)
    if "people" not in group:
        return names
    return [f"{name} ({people:,})" for name, people in zip(names, group["people"], strict=True)]
