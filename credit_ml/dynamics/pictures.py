"""The picture that a page on lists opens with: what every policy changes of what people keep."""

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from credit_ml.core import Finding
from credit_ml.core.figure import Axes, named_points
from credit_ml.core.results import StudyResults
from credit_ml.dynamics.catalogue import LONGEST, title_of
from credit_ml.dynamics.facts import main, of_policy
from credit_ml.grammar.blocks import Overview, TableView
from credit_ml.grammar.numbers import Amount
from credit_ml.grammar.rows import values
from credit_ml.grammar.tables import EMPTY

#: Whose obligations are drawn, by the measure of each.
WHOSE = {"broken": "everybody", "broken_of_the_listed": "those who come on a list"}


def pictures(results: StudyResults) -> Iterator[Overview]:
    """Yield one picture, where changes are known."""
    finding = main(list(results.of_kind("rounds")))
    changes = Changes(lines=tuple(_lines(finding)))
    if changes.lines:
        yield Overview(
            title="Obligations broken under every policy, against no list",
            caption="Left of the line fewer are broken, right of it more; lines are intervals.",
            plot=changes.plot,
            table=changes.table(),
            opening=True,
        )


def _lines(finding: Finding) -> Iterator[tuple[str, str, Amount]]:
    for policy in values(finding, "policy"):
        for measure, whose in WHOSE.items():
            change = of_policy(finding, policy, measure)
            if change is not None and change.known:
                yield title_of(policy), whose, change.times(100)


@dataclass(frozen=True, kw_only=True)
class Changes:
    """Policy, whose obligations, and the change of their share in percentage points."""

    lines: tuple[tuple[str, str, Amount], ...]

    def plot(self, axes: Axes | None = None) -> Axes:
        """Draw on `axes`, or on a new figure."""
        rows = [
            {"policy": textwrap.fill(policy, LONGEST), "who": whose}
            | {"estimate": change.estimate, "low": change.low, "high": change.high}
            for policy, whose, change in self.lines
        ]
        axes = named_points(axes, pd.DataFrame(rows), "policy", "who")
        axes.set_xlabel("change of the share of obligations broken (percentage points)")
        axes.axvline(0.0, color="0.6", linewidth=0.8, zorder=0)
        return axes

    def table(self) -> TableView:
        """The same numbers, a row a policy."""
        told = {(policy, whose): change for policy, whose, change in self.lines}
        policies, whose = dict.fromkeys(p for p, _, _ in self.lines), list(WHOSE.values())

        def cell(change: Amount | None) -> str:
            return change.figure("%") + change.bracket("%") if change else EMPTY

        rows = tuple((each, *(cell(told.get((each, who))) for who in whose)) for each in policies)
        caption = "Change of the share of obligations broken, in percentage points"
        return TableView(caption=caption, head=("Policy", *whose), bodies=(("", rows),))
