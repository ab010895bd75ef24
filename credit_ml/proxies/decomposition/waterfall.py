"""A gap from nothing to the whole, factor by factor."""

from collections.abc import Iterator
from dataclasses import dataclass

from credit_ml.core.figure import GRID, INK, PALETTE, Axes, axes_or_new
from credit_ml.core.results import StudyResults
from credit_ml.grammar.blocks import Overview, TableView
from credit_ml.grammar.names import factor_name
from credit_ml.grammar.numbers import Amount
from credit_ml.grammar.phrases import lead_pair, named, noun_of
from credit_ml.proxies.decomposition.facts import lead


def pictures(results: StudyResults) -> Iterator[Overview]:
    """Yield the waterfall of the first rater's gap, where its parts are known."""
    pair = lead_pair(results)
    gap = lead(results, pair) if pair else None
    if gap is None or gap.whole is None or len(gap.parts()) < 2:
        return
    group, reference = gap.pair.people(noun_of(results))
    whose = f" at {named(gap.rater)}" if gap.rater else ""
    parts = tuple((factor_name(name), part) for name, part in gap.parts())
    fall = Waterfall(parts=parts, whole=gap.whole.size(), name=gap.name, unit=gap.unit)
    title = f"The {gap.name} between {group} and {reference}{whose}, factor by factor"
    against = "; hatched ones work against it" * any(part.estimate < 0 for _, part in parts)
    caption = f"Bars add up from no gap to the whole{against}; lines are intervals."
    yield Overview(title=title, caption=caption, plot=fall.plot, table=fall.table(title))


@dataclass(frozen=True, kw_only=True)
class Waterfall:
    """Parts that add up to a whole, each from where the last one ended."""

    parts: tuple[tuple[str, Amount], ...]
    whole: Amount
    name: str
    unit: str

    def plot(self, axes: Axes | None = None) -> Axes:
        """Draw on `axes`, or on a new figure as high as the parts need."""
        axes = axes_or_new(axes, height=0.36 * (len(self.parts) + 1) + 0.8)
        reached = 0.0
        for place, (_, part) in enumerate(self.parts):
            against = part.estimate < 0
            look = {"color": PALETTE[1 if against else 0], "hatch": "///" if against else ""}
            self._bar(axes, place, reached, part, **look)
            axes.vlines(reached + part.estimate, place, place + 1, color=INK, linewidth=0.6)
            reached += part.estimate
        self._bar(axes, len(self.parts), 0.0, self.whole, color=INK, hatch="")
        names = [*(name for name, _ in self.parts), self.name]
        axes.set_yticks(range(len(names)), names)
        axes.set_ylim(len(names) - 0.4, -0.6)
        axes.tick_params(axis="y", length=0)
        axes.axvline(0.0, color=INK, linewidth=0.8)
        axes.grid(axis="x", color=GRID)
        axes.set_xlabel(self.unit)
        return axes

    def _bar(
        self, axes: Axes, place: int, start: float, part: Amount, *, color: str, hatch: str
    ) -> None:
        axes.barh(
            place,
            part.estimate,
            left=start,
            height=0.6,
            color=color,
            hatch=hatch,
            edgecolor="white",
        )
        if part.ranged:
            axes.hlines(place, start + part.low, start + part.high, color=INK, linewidth=1.2)
            axes.plot([start + part.low, start + part.high], [place] * 2, "|", color=INK, ms=6)

    def table(self, title: str) -> TableView:
        """Return the same numbers as a table."""
        lines = (*self.parts, (self.name, self.whole))
        rows = tuple((name, part.text(self.unit)) for name, part in lines)
        return TableView(caption=title, head=("Factor", "Part"), bodies=(("", rows),))
