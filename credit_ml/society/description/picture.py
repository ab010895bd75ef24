"""A city seen from above: districts from poor to rich, citizens and ties by hukou."""

import numpy as np

from credit_ml.core.figure import INK, PALETTE, Axes, axes_or_new
from credit_ml.society.arrays import Array, Flags, Ints
from credit_ml.society.society import Society

#: Districts in a row of the picture.
DISTRICTS_ABREAST = 6
_URBAN, _RURAL, _MIXED = PALETTE[0], PALETTE[1], "#9a9a9a"


def draw_city(society: Society, axes: Axes | None = None) -> Axes:
    """Lay districts out from the poorest (bottom left) to the richest (top right).

    Dots are citizens, lines are ties: orange among rural citizens, blue among urban ones,
    grey between the two. Meant for at most a few thousand citizens.
    """
    axes = axes_or_new(axes, width=6.2, height=4.6)
    rural = (society.people["hukou"] == "rural").to_numpy()
    district = society.people["district"].to_numpy()
    place = _places(district)
    _draw_districts(axes, int(district.max()) + 1)
    _draw_ties(axes, society, place, rural)
    for who, colour, label in ((~rural, _URBAN, "urban hukou"), (rural, _RURAL, "rural hukou")):
        x, y = place[who].T
        axes.scatter(x, y, s=7, color=colour, label=label, lw=0.3, ec="white", zorder=3)
    axes.set_aspect("equal")
    axes.set_axis_off()
    axes.legend(loc="upper center", bbox_to_anchor=(0.5, 0.0), ncols=2, markerscale=2)
    return axes


def _centre(district: Ints) -> Array:
    row, column = np.divmod(district, DISTRICTS_ABREAST)
    return np.column_stack([column, row]).astype(np.float64)


def _places(district: Ints) -> Array:
    # Citizens of a district spiral out from its centre by the golden angle: even, no overlap.
    order = np.argsort(district, kind="stable")
    size = np.bincount(district)
    within = np.empty(len(district))
    within[order] = np.arange(len(district)) - np.repeat(np.cumsum(size) - size, size)
    radius = 0.40 * np.sqrt((within + 0.5) / size[district])
    angle = within * np.pi * (3 - np.sqrt(5))
    offset: Array = radius[:, None] * np.column_stack([np.cos(angle), np.sin(angle)])
    placed: Array = _centre(district) + offset
    return placed


def _draw_districts(axes: Axes, number: int) -> None:
    from matplotlib.patches import Circle

    for centre in _centre(np.arange(number, dtype=np.int32)):
        axes.add_patch(Circle(centre, 0.46, facecolor="#f3f3f3", edgecolor="#cccccc", lw=0.6))
    last = (number - 1) // DISTRICTS_ABREAST
    for row, text in ((0, "poorest districts"), (last, "richest districts")):
        axes.text(-0.62, row, text, rotation=90, ha="center", va="center", color=INK, fontsize=8)


def _draw_ties(axes: Axes, society: Society, place: Array, rural: Flags) -> None:
    from matplotlib.collections import LineCollection

    one, other = society.ties.nonzero()
    once = one < other
    one, other = one[once], other[once]
    kinds = (
        (rural[one] != rural[other], _MIXED, 0.10),
        (~rural[one] & ~rural[other], _URBAN, 0.14),
        (rural[one] & rural[other], _RURAL, 0.40),
    )
    for which, colour, alpha in kinds:
        lines = np.stack([place[one[which]], place[other[which]]], axis=1)
        axes.add_collection(LineCollection(list(lines), colors=colour, alpha=alpha, linewidths=0.5))
