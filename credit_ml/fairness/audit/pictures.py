"""Pictures of who is refused: a hundred people of each group, and every group at every rater."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from credit_ml.core.figure import GRID, INK, MARKERS, PALETTE, Axes, axes_or_new
from credit_ml.core.results import StudyResults
from credit_ml.fairness.audit.refused import Refused, harmed, left_out, refused
from credit_ml.fairness.audit.widest import at_same, widest
from credit_ml.grammar.blocks import Overview, TableView
from credit_ml.grammar.names import group_label, people_of, sentence
from credit_ml.grammar.numbers import Amount
from credit_ml.grammar.phrases import at, lead_pair, noun_of
from credit_ml.grammar.rows import fact
from credit_ml.grammar.tables import EMPTY

#: People in a row of a hundred, rows of them, and inches from one row to the next.
ABREAST, DEEP, APART = 25, 4, 0.17


def pictures(results: StudyResults) -> Iterator[Overview]:
    """Yield the two pictures, where there is something to show."""
    told, noun = list(_told(results)), noun_of(results)
    if told:
        strips = {
            f"{sentence(people, stop='')}{where}": share
            for each in told
            for people, share, where in _strips(each, noun)
        }
        yield Overview(
            title="Of a hundred people of each group, those who are refused",
            caption=f"{_society(results)}Filled squares are refused, circles pass.",
            plot=Hundred(strips=tuple(strips.items())).plot,
            table=_table("Refused", list(strips.items())),
            opening=True,
        )
    losses = _losses(results)
    if losses is not None:
        title = "Who loses what: share of each group that is refused, at every rater"
        table = losses.table(title)
        caption = " ".join(filter(None, ["Lines are intervals.", left_out(results, noun)]))
        yield Overview(title=title, caption=caption, plot=losses.plot, table=table)


def _society(results: StudyResults) -> str:
    """Say that the picture is of one society, which what is said beside it need not be."""
    world, cities = results.data.get("name"), results.data.get("cities")
    if not results.simulated or not world or cities:
        return ""
    return f"One society of the world '{world}', at each rater's own threshold. "


def _told(results: StudyResults) -> Iterator[Refused]:
    """Yield the pair that the report follows at the first rater, then the widest gap of all.

    Of the first rater too, where it divides the same two no less as far as can be told: beside each
    other, different groups of two raters would look like a difference between these.
    """
    rater, finding = next(results.of_kind("audit"))
    pair = lead_pair(results)
    lead = refused(rater, finding, pair) if pair else None
    most = widest(results)
    if lead is not None:
        yield lead
    if most is not None and (lead is None or most.pair != lead.pair or most.finding is not finding):
        yield at_same(results, most, finding) or most


def _strips(told: Refused, noun: str) -> Iterator[tuple[str, Amount, str]]:
    where = f" {at(told.rater)}" if told.rater else ""
    groups = (told.pair.group, told.pair.reference)
    for group, share in zip(groups, told.shares, strict=True):
        yield people_of(told.pair.sensitive, group, noun), share, where


def _whole(share: Amount) -> int:
    return max(0, min(100, round(100 * share.estimate)))


def _table(head: str, lines: list[tuple[str, Amount]]) -> TableView:
    rows = tuple((name, share.percent()) for name, share in lines)
    return TableView(caption="Who is refused", head=("Group", head), bodies=(("", rows),))


@dataclass(frozen=True, kw_only=True)
class Hundred:
    """A hundred people of each group: those who are refused are drawn otherwise."""

    strips: tuple[tuple[str, Amount], ...]
    """Name of each group, and the share of it that is refused."""

    def plot(self, axes: Axes | None = None) -> Axes:
        """Draw on `axes`, or on a new figure as high as the groups need."""
        step = DEEP + 2.8
        axes = axes_or_new(axes, height=APART * step * len(self.strips) + 0.5)
        for number, (name, share) in enumerate(self.strips):
            count = _whole(share)
            top = number * step
            places = [(k % ABREAST, top + 1 + k // ABREAST) for k in range(ABREAST * DEEP)]
            self._draw(axes, places[:count], marker="s", color=PALETTE[1], label=number == 0)
            self._draw(axes, places[count:], marker="o", color=PALETTE[0], label=number == 0)
            look: dict[str, Any] = {"ha": "left", "va": "bottom", "fontsize": 9, "color": INK}
            # Broken when drawn, where the figure ends: a phone's is narrower than a page's.
            label = f"{name}: {count}\u00a0of\u00a0100"
            axes.text(-0.4, top + 0.4, label, wrap=True, **look)
        axes.set_xlim(-0.8, ABREAST - 0.2)
        axes.set_ylim(len(self.strips) * step - 1.4, -1.8)
        axes.set_axis_off()
        figure = axes.get_figure(root=True)
        if figure is not None:
            figure.legend(loc="outside lower center", ncols=2, handletextpad=0.1)
        return axes

    def _draw(
        self, axes: Axes, places: list[tuple[int, float]], *, marker: str, color: str, label: bool
    ) -> None:
        across, down = [x for x, _ in places], [y for _, y in places]
        filled = marker == "s"
        look: dict[str, Any] = {"marker": marker, "s": 30, "linewidths": 1.1, "edgecolors": color}
        name = ("refused" if filled else "passes") if label else None
        axes.scatter(across, down, facecolors=color if filled else "none", label=name, **look)


@dataclass(frozen=True, kw_only=True)
class Losses:
    """Shares refused with intervals: a line a group, a colour and a marker a rater."""

    series: tuple[str, ...]
    """Names of the raters."""
    rows: tuple[tuple[str, tuple[Amount | None, ...]], ...]
    """Label of each row, and one measurement a rater, in per cent."""

    def plot(self, axes: Axes | None = None) -> Axes:
        """Draw on `axes`, or on a new figure as high as the rows need."""
        step = 0.12 * len(self.series) + 0.2
        axes = axes_or_new(axes, height=step * len(self.rows) + 1.1)
        for place, (name, marker) in enumerate(zip(self.series, MARKERS * 3, strict=False)):
            self._draw(axes, place, name, marker)
        axes.set_yticks(range(len(self.rows)), [label for label, _ in self.rows])
        axes.set_ylim(len(self.rows) - 0.5, -0.5)
        axes.set_xlim(left=0)
        axes.tick_params(axis="y", length=0)
        axes.grid(axis="x", color=GRID)
        axes.set_xlabel("refused, % of the group")
        figure = axes.get_figure(root=True)
        if figure is not None:
            abreast = 2 if figure.get_size_inches()[0] < 5 else 4
            figure.legend(loc="outside lower center", ncols=abreast, handletextpad=0.1)
        return axes

    def _draw(self, axes: Axes, place: int, name: str, marker: str) -> None:
        offset = 0.7 * ((place + 0.5) / len(self.series) - 0.5)
        points = [
            (number + offset, measured)
            for number, (_, found) in enumerate(self.rows)
            if (measured := found[place]) is not None
        ]
        colour = PALETTE[place % len(PALETTE)]
        for height, measured in points:
            if measured.ranged:
                axes.hlines(height, measured.low, measured.high, color=colour, linewidth=1.6)
        heights, estimates = [where for where, _ in points], [each.estimate for _, each in points]
        look: dict[str, Any] = {"marker": marker, "s": 26, "linewidths": 0, "zorder": 3}
        axes.scatter(estimates, heights, color=colour, label=name, **look)

    def table(self, title: str) -> TableView:
        """Return the same measurements as a table."""
        lines = tuple(
            (label, *(EMPTY if each is None else each.text("%") for each in found))
            for label, found in self.rows
        )
        return TableView(caption=title, head=("", *self.series), bodies=(("", lines),))


def _losses(results: StudyResults) -> Losses | None:
    """Return the share refused of the groups of every pair of `harmed`, at every rater."""
    found = [(rater, each) for rater, each in results.of_kind("audit") if rater]
    if len(found) < 2:
        return None
    of = {"quantity": "value", "measure": "refusal_rate"}
    rows = []
    sides = [(p.sensitive, each) for p in harmed(results) for each in (p.group, p.reference)]
    for sensitive, group in dict.fromkeys(sides):
        at_all = [fact(each, **of, sensitive=sensitive, group=group) for _, each in found]
        shares = tuple(each and each.times(100) for each in at_all)
        rows.append((group_label(sensitive, group), shares))
    return Losses(series=tuple(r.name for r, _ in found), rows=tuple(rows)) if rows else None
