"""One drawing an estimand: what the number would be, drawn with made-up shapes and no data."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from credit_ml.core.figure import house_style

ONE, OTHER, GREY = "#0072b2", "#d55e00", "#767676"
_ARROW = {"arrowstyle": "-|>", "color": GREY, "shrinkA": 6, "shrinkB": 6}


def selection_rate(axes: Axes) -> None:
    """Shares above a threshold, and the difference between them."""
    axes.bar([0, 1], [0.6, 0.42], color=[ONE, OTHER], width=0.5)
    axes.set_xticks([0, 1], ["group A", "group B"])
    axes.annotate("", (1.45, 0.42), (1.45, 0.6), arrowprops={"arrowstyle": "<->", "color": GREY})
    axes.text(1.52, 0.51, "difference", va="center")
    axes.hlines([0.6, 0.42], [0.25, 1.25], [1.5, 1.5], color=GREY, linestyle=":")
    axes.set(xlim=(-0.5, 2.2), ylim=(0, 0.75), ylabel="share that passes")


def shut_out(axes: Axes) -> None:
    """Of those who kept the obligation, who does not pass."""
    for row, (kept, passed) in enumerate([(10, 8), (10, 6)]):
        colours = [ONE if at < passed else "white" for at in range(kept)]
        axes.scatter(range(kept), [1 - row] * kept, c=colours, edgecolors=OTHER, s=130)
        axes.text(-0.8, 1 - row, f"group {'AB'[row]}", ha="right", va="center")
        axes.text(10, 1 - row, f"{kept - passed} of {kept} shut out", va="center")
    axes.text(-0.8, 1.7, "All kept their obligation. Filled: passes the threshold.")
    axes.set(xlim=(-3.5, 15), ylim=(-0.6, 2.0))
    axes.axis("off")


def calibration(axes: Axes) -> None:
    """Whether a predicted chance means the same for both groups."""
    at = np.linspace(0.1, 0.9, 30)
    axes.plot([0, 1], [0, 1], color=GREY, linestyle=":", label="says what happens")
    axes.plot(at, at, color=ONE, label="group A")
    axes.plot(at, at + 0.15 * np.sin(np.pi * at), color=OTHER, label="group B: marked down")
    axes.set(
        xlabel="chance that the score says", ylabel="share that kept", xlim=(0, 1), ylim=(0, 1.05)
    )
    axes.legend(loc="lower right", fontsize=7)


def gap(axes: Axes) -> None:
    """Two groups' scores and the distance between their means."""
    at = np.linspace(300, 900, 200)
    for mean, colour, name in ((640, ONE, "group A"), (580, OTHER, "group B")):
        height = np.exp(-(((at - mean) / 70) ** 2))
        axes.fill_between(at, height, color=colour, alpha=0.25)
        axes.plot(at, height, color=colour, label=name)
    axes.annotate("", (580, 1.08), (640, 1.08), arrowprops={"arrowstyle": "<->", "color": GREY})
    axes.text(650, 1.06, "gap")
    axes.set(ylim=(0, 1.25), yticks=[], xlabel="score")
    axes.legend(loc="upper left", fontsize=7)


def components(axes: Axes) -> None:
    """A gap as the sum of what each factor carries."""
    steps, names = [12, 30, 18], ["history", "friends", "address"]
    starts = np.cumsum([0, *steps[:-1]])
    axes.barh(range(3), steps, left=starts, color=OTHER, height=0.55)
    axes.barh([3], [60], color=GREY, height=0.55)
    axes.set_yticks(range(4), [*names, "the gap"])
    axes.vlines(np.cumsum(steps), np.arange(3), np.arange(3) + 1, color=GREY, linestyle=":")
    axes.set(xlabel="points")
    axes.invert_yaxis()


def twin(axes: Axes) -> None:
    """The same person, the same luck, the other registration."""
    for x, colour, name in ((0, ONE, "urban"), (4, OTHER, "rural")):
        axes.scatter([x], [1], s=900, color=colour)
        axes.text(x, 0.35, name, ha="center")
    axes.annotate("", (4, 1), (0, 1), arrowprops={**_ARROW, "shrinkA": 20, "shrinkB": 20})
    axes.text(2, 1.12, "same luck in everything", ha="center")
    axes.text(2, 0.72, "other registration", ha="center")
    axes.text(
        5.0, 1, "score of the one\nless score of the other\n= what the world does", va="center"
    )
    axes.set(xlim=(-1, 8.5), ylim=(0, 1.7))
    axes.axis("off")


def flow(axes: Axes) -> None:
    """From a mechanism of the world, through a factor, into the score."""
    places = {
        "districts": (0, 2),
        "ties": (0, 1),
        "history": (3, 2),
        "friends": (3, 1),
        "score": (6, 1.5),
    }
    widths = {("districts", "history"): 2, ("districts", "friends"): 5, ("ties", "friends"): 8}
    widths |= {("history", "score"): 2, ("friends", "score"): 10}
    for (one, other), width in widths.items():
        (x, y), (u, v) = places[one], places[other]
        axes.plot([x + 0.7, u - 0.7], [y, v], color=OTHER, alpha=0.45, linewidth=width)
    for name, (x, y) in places.items():
        axes.text(x, y, name, ha="center", va="center", bbox={"boxstyle": "round", "fc": "white"})
    for x, name in ((0, "source"), (3, "carrier"), (6, "")):
        axes.text(x, 2.6, name, ha="center", color=GREY)
    axes.set(xlim=(-1, 7), ylim=(0.4, 2.9))
    axes.axis("off")


def proxy(axes: Axes) -> None:
    """What tells who one is, and what the score does with it."""
    axes.scatter(
        [0.55, 0.92, 0.9, 0.56], [0.8, 0.85, 0.1, 0.1], s=70, color=[ONE, OTHER, GREY, GREY]
    )
    for x, y, name in (
        (0.55, 0.8, "used, tells nothing"),
        (0.92, 0.85, "a proxy that works"),
        (0.9, 0.1, "could be one"),
        (0.56, 0.1, "harmless"),
    ):
        axes.text(x, y + 0.08, name, ha="center", fontsize=8)
    axes.set(xlim=(0.45, 1.02), ylim=(0, 1.1), yticks=[])
    axes.set(xlabel="how well it tells the group (0.5: not at all)", ylabel="used by the score")


def friends(axes: Axes) -> None:
    """The same person among other friends."""
    for centre, colours, score in (
        (0, [OTHER] * 5, "590"),
        (5, [ONE, ONE, OTHER, ONE, ONE], "630"),
    ):
        angles = np.linspace(0, 2 * np.pi, 5, endpoint=False) + 0.3
        x, y = centre + np.cos(angles), np.sin(angles)
        for each in zip(x, y, strict=True):
            axes.plot([centre, each[0]], [0, each[1]], color=GREY, linewidth=1, zorder=0)
        axes.scatter(x, y, c=colours, s=90)
        axes.scatter([centre], [0], color="black", s=150)
        axes.text(centre, -1.6, f"{score} points", ha="center")
    axes.annotate("", (3.6, 0), (1.4, 0), arrowprops=_ARROW)
    axes.set(xlim=(-1.8, 6.8), ylim=(-1.9, 1.4), aspect="equal")
    axes.axis("off")


def disclosure(axes: Axes) -> None:
    """What people do who are told: become better, or only look so."""
    axes.annotate("", (0.75, 0.72), (0.3, 0.3), arrowprops={**_ARROW, "color": ONE})
    axes.annotate("", (0.85, 0.3), (0.3, 0.3), arrowprops={**_ARROW, "color": OTHER})
    axes.scatter([0.3], [0.3], color="black", s=60, zorder=3)
    axes.text(0.76, 0.76, "improves", color=ONE)
    axes.text(0.72, 0.2, "only rigs", color=OTHER)
    axes.axvline(0.6, color=GREY, linestyle=":")
    axes.text(0.61, 0.95, "threshold", color=GREY)
    axes.set(xlim=(0, 1.1), ylim=(0, 1.05), xticks=[], yticks=[])
    axes.set(xlabel="what the record says", ylabel="how reliable one is")


def recourse(axes: Axes) -> None:
    """The cheapest way above the threshold."""
    at = np.linspace(0, 1, 50)
    axes.fill_between(at, 1.05 - 0.8 * at, 1.1, color=ONE, alpha=0.15)
    axes.plot(at, 1.05 - 0.8 * at, color=ONE)
    axes.scatter([0.3], [0.3], color="black", s=60)
    for x, y, colour, name in ((0.66, 0.54, OTHER, "cheapest"), (0.3, 0.86, GREY, "dearer")):
        axes.annotate("", (x, y), (0.3, 0.3), arrowprops={**_ARROW, "color": colour})
        axes.text(x + 0.02, y + 0.02, name, color=colour)
    axes.text(0.8, 0.9, "passes", color=ONE)
    axes.set(xlim=(0, 1), ylim=(0, 1.1), xticks=[], yticks=[])
    axes.set(xlabel="one record, better →", ylabel="another record, better →")


def paired(axes: Axes) -> None:
    """The same city with a list and without."""
    years = np.arange(0, 11)
    axes.plot(years, 5 + 0.1 * years, color=ONE, label="without a list")
    axes.plot(years, 5 + 0.32 * years, color=OTHER, label="with a list")
    axes.annotate("", (10, 6.0), (10, 8.2), arrowprops={"arrowstyle": "<->", "color": GREY})
    axes.text(9.8, 7.1, "what the list did", ha="right", va="center")
    axes.set(xlabel="year", ylabel="breaches", xlim=(0, 10.5), ylim=(4, 9), yticks=[])
    axes.legend(loc="upper left", fontsize=7)


def intervals(axes: Axes) -> None:
    """Three doubts, each wider than the one before."""
    doubts = ["other people of this city", "other districts of it", "other cities of this world"]
    for row, (name, half) in enumerate(zip(doubts, (0.6, 1.2, 1.8), strict=True)):
        axes.plot([5 - half, 5 + half], [2 - row] * 2, color=ONE, linewidth=2)
        axes.scatter([5], [2 - row], color=ONE)
        axes.text(7.2, 2 - row, name, va="center")
    axes.plot([1.2, 8.8], [-1, -1], color=GREY, linestyle=":")
    axes.text(5, -1.45, "other assumptions: in no interval of chance", ha="center", color=GREY)
    axes.set(xlim=(1, 12), ylim=(-1.8, 2.5))
    axes.axis("off")


#: Every drawing by its name, which is its file's.
DRAWINGS: dict[str, Callable[[Axes], None]] = {
    each.__name__: each
    for each in (
        *(selection_rate, shut_out, calibration, gap, components, twin, flow, proxy, friends),
        *(disclosure, recourse, paired, intervals),
    )
}


def draw_all(folder: Path) -> None:
    """Write each drawing as SVG; letters stay letters, and no date is written."""
    folder.mkdir(parents=True)
    import matplotlib as mpl

    for name, draw in DRAWINGS.items():
        with house_style(), mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": name}):
            figure = Figure(figsize=(5.2, 2.4), layout="constrained")
            draw(figure.subplots())
            figure.savefig(folder / f"{name}.svg", metadata={"Date": None})
