"""The frontier of regimes: what is known, who games, and how many decisions are right."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from credit_ml.core import Finding, RaterResults
from credit_ml.core.figure import INK, PALETTE, Axes, axes_or_new, said_of
from credit_ml.core.results import StudyResults
from credit_ml.disclosure.plane.undominated import undominated
from credit_ml.grammar.blocks import Overview, TableView
from credit_ml.grammar.names import plain, sentence
from credit_ml.grammar.numbers import Amount
from credit_ml.grammar.phrases import at
from credit_ml.grammar.rows import fact, values
from credit_ml.grammar.tables import EMPTY

#: Measure of each axis, and whether more of it is better.
MEASURES = {"share_who_game": False, "knowledge": True, "accuracy": True}
HEADS = (
    "Regime",
    "Game",
    "Effects known (below 0: wrong beliefs)",
    "Right decisions",
    "Another is as good in all three",
)
#: Fewer regimes than this are no choice.
FEWEST = 3
#: Who knows less than nothing, from wrong beliefs, is drawn at this edge (%).
LEAST_KNOWN = -50.0
#: Without the yellow, of which a thin line is not seen on white.
_COLOURS, _MARKERS = (*PALETTE[:6], INK), ("o", "s", "^", "D", "v", "P", "X")


def pictures(results: StudyResults) -> Iterator[Overview]:
    """Yield the plane of the first rater that disclosed, where there is a choice of regimes."""
    rater, finding = next(results.of_kind("disclosure"))
    found = regimes_of(finding)
    if len(found) >= FEWEST:
        yield Overview(
            title=f"What each regime buys{_where(rater)}: gaming, knowledge and right decisions",
            caption=(
                "Further left fewer game, further up more is known of what an action does; the "
                "legend says how many decisions are right. Filled: no other regime is as good in "
                "all three by the estimates; open: another is. Less known than nothing, by wrong "
                "beliefs, stands at the lower edge."
            ),
            plot=Plane(regimes=found).plot,
            table=_table(found, f"Regimes{_where(rater)}"),
        )


def _where(rater: RaterResults | None) -> str:
    return f" {at(rater)}" if rater else ""


@dataclass(frozen=True, kw_only=True)
class Bought:
    """What one regime comes to, in per cent."""

    name: str
    game: Amount
    known: Amount
    right: Amount
    kept: bool = True
    """Whether no other regime is as good in all three and better in one, by the estimates."""


def regimes_of(finding: Finding) -> tuple[Bought, ...]:
    """Read the regimes of which all three are known, in the order of the finding."""
    headings = finding.parameters.get("headings", {})
    read: list[tuple[str, list[Amount]]] = []
    for regime in values(finding, "regime"):
        asked: dict[str, Any] = {"regime": regime, "sensitive": "overall", "quantity": "value"}
        measured = [fact(finding, measure=measure, **asked) for measure in MEASURES]
        known = [each.times(100) for each in measured if each]
        if len(known) == len(MEASURES):
            name = headings.get(regime) or sentence(plain(regime), stop="")
            read.append((str(name), known))
    if not read:
        return ()
    signs = [1.0 if better else -1.0 for better in MEASURES.values()]
    points = [
        [sign * float(each.estimate) for sign, each in zip(signs, own, strict=True)]
        for _, own in read
    ]
    kept = undominated(np.array(points))
    return tuple(
        Bought(name=name, game=own[0], known=own[1], right=own[2], kept=bool(best))
        for (name, own), best in zip(read, kept, strict=True)
    )


@dataclass(frozen=True, kw_only=True)
class Plane:
    """Regimes as points with intervals: a colour and a marker each."""

    regimes: tuple[Bought, ...]

    def plot(self, axes: Axes | None = None) -> Axes:
        """Draw on `axes`, or on a new figure."""
        axes = axes_or_new(axes, height=3.4 + 0.2 * len(self.regimes))
        for number, each in enumerate(self.regimes):
            colour = _COLOURS[number % len(_COLOURS)]
            known = max(float(each.known.estimate), LEAST_KNOWN)
            ends = _reach(each.game, float(each.game.estimate)), _reach(each.known, known)
            axes.errorbar(
                float(each.game.estimate),
                known,
                xerr=ends[0],
                yerr=ends[1],
                fmt=_marker(number),
                color=colour,
                mfc=colour if each.kept else "white",
                ms=7,
                elinewidth=1.2,
                label=f"{each.name}: {each.right.figure('%')} % right",
            )
        axes.set_xlim(left=-0.02 * axes.get_xlim()[1])  # none is cut at 0
        least = min(float(each.known.estimate) for each in self.regimes)
        axes.set_ylim(max(min(least, 0.0), LEAST_KNOWN) - 8, 108)
        axes.set_xlabel("people who game (%)")
        axes.set_ylabel("effects known (%)")
        axes.grid()
        # What is less known than nothing is drawn at the edge, and said as it is.
        said_of[axes] = f"{'; '.join(map(_said, self.regimes))}."
        figure = axes.get_figure(root=True)
        if figure is not None:
            figure.legend(loc="outside lower center", ncols=1)
        return axes


def _said(regime: Bought) -> str:
    """Say of one regime what its dot shows, and what the legend does."""
    numbers = (each.text("%") for each in (regime.game, regime.known, regime.right))
    game, known, right = numbers
    return f"{regime.name}: {game} of people game, {known} of effects are known, {right} right"


def _marker(number: int) -> str:
    """Return a shape; once the colours are used up they come again with others."""
    return _MARKERS[(number + number // len(_COLOURS)) % len(_MARKERS)]


def _reach(value: Amount, shown: float) -> list[list[float]] | None:
    """Return how far an interval reaches to both sides of what is drawn, within the picture."""
    if not value.ranged:
        return None
    low, high = (max(float(end), LEAST_KNOWN) for end in (value.low, value.high))
    return [[max(shown - low, 0.0)], [max(high - shown, 0.0)]]


def _table(regimes: tuple[Bought, ...], caption: str) -> TableView:
    rows = tuple(
        (
            each.name,
            *(value.text("%") if value.known else EMPTY for value in _values(each)),
            "no" if each.kept else "yes",
        )
        for each in regimes
    )
    return TableView(caption=caption, head=HEADS, bodies=(("", rows),), words=(0, 4))


def _values(each: Bought) -> tuple[Amount, ...]:
    return each.game, each.known, each.right
