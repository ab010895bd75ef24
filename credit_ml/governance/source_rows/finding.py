"""What rows do, in a table, in sentences, and in a figure."""

import textwrap
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from credit_ml.core import Finding, InputError, cited, need_known
from credit_ml.core.figure import Axes, named_points
from credit_ml.grammar.names import people_of
from credit_ml.grammar.numbers import Amount, in_units

STATES = ("off", "on", "change")


class SourceRows(Finding):
    """What each row of the source document does: off, on, and what the switch changes, by group.

    Own columns of `table`: row, state ("off", "on" or "change"), societies. Rows of quantity
    "difference" are a group less its reference group, of each state. ``parameters["rows"]`` holds
    each row as its file says it.

    Examples
    --------
    >>> from credit_ml.core import conform
    >>> row = {"measure": "points", "row": "S3", "state": "change", "estimate": 0.5}
    >>> SourceRows(table=conform([row]), title="").metrics()
    {'source_rows.S3': 0.5}
    """

    kind: ClassVar[str] = "source_rows"
    labels: ClassVar[tuple[str, ...]] = ("row", "state")
    tracked: ClassVar[tuple[str, ...]] = ("row", "sensitive", "group")
    unsaid: ClassVar[tuple[str, ...]] = ("", "overall", "all")
    tracked_rows: ClassVar[dict[str, Any]] = {"quantity": "value", "state": "change"}
    citations = cited("li_2018")

    def effect(self, row: str) -> Amount:
        """Where a row shows itself: the change for everybody, or how it differs between groups."""
        whole = self._told(row)["shows"] == "change"
        where = {"sensitive": "overall"} if whole else {"quantity": "difference"}
        return next(self._amounts(row, "change", **where))[1]

    def sentence(self, row: str) -> str:
        """One row in a sentence: what is measured, off, on, and what changes by group."""
        told = self._told(row)
        means = {state: told[state]["means"].rstrip(".") for state in ("off", "on")}
        shown = {state: self._shown(row, state, "overall", "all") for state in STATES}
        whole = told["what"][0].upper() + told["what"][1:]
        return (
            f"{whole}: {shown['off']} off ({means['off']}), {shown['on']} on ({means['on']}). The "
            f"change: {'; '.join([shown['change'] + ' for everybody', *self._gaps(row)])}."
        )

    def by_row(self, row: str) -> pd.DataFrame:
        """Groups down, positions of the switch across, as text with intervals."""
        self._told(row)
        facts = self.table[self.table["row"] == row]
        values = facts[facts["quantity"] == "value"][["sensitive", "group"]].drop_duplicates()
        table = {
            group if feature == "overall" else f"{feature}: {group}": [
                self._shown(row, state, feature, group) for state in STATES
            ]
            for feature, group in values.itertuples(index=False)
        }
        return pd.DataFrame.from_dict(table, orient="index", columns=list(STATES))

    def gap(self, row: str, sensitive: str) -> str:
        """What changes for the first group of a feature less its reference group, as text."""
        where = {"quantity": "difference", "sensitive": sensitive}
        _, amount = next(self._amounts(row, "change", **where))
        return self._text(row, amount, signed=True)

    def text(self) -> str:
        """Every row for a terminal: facts, switch, sentence, and the table by group."""
        return "\n\n".join("\n".join(self._block(row)) for row in self.parameters["rows"])

    def plot(self, axes: Axes | None = None, *, row: str = "") -> Axes:
        """Draw one row off and on, of everybody and of each group; the first by default."""
        name = row or next(iter(self.parameters["rows"]))
        told = self._told(name)
        facts = self.table[(self.table["row"] == name) & (self.table["quantity"] == "value")]
        facts = facts[facts["state"] != "change"]
        who = np.where(facts["sensitive"] == "overall", "all", facts["group"])
        share = in_units(Amount(1.0), told["unit"])[0].estimate
        axes = named_points(axes, facts.assign(who=who), "who", "state", scale=share)
        axes.set_xlabel(f"{told['what']} ({self._unit(told['unit'])})")
        axes.set_title(f"{name} {told['title']}")
        return axes

    def _told(self, row: str) -> Mapping[str, Any]:
        need_known(InputError, "row", row, self.parameters["rows"])
        return dict(self.parameters["rows"][row])

    def _amounts(
        self, row: str, state: str, **where: str
    ) -> Iterator[tuple[dict[str, Any], Amount]]:
        facts = self.table[(self.table["row"] == row) & (self.table["state"] == state)]
        for name, value in where.items():
            facts = facts[facts[name] == value]
        for fact in facts.to_dict("records"):
            named = {str(name): value for name, value in fact.items()}
            yield named, Amount.of(named)

    def _shown(self, row: str, state: str, sensitive: str, group: str) -> str:
        where = {"quantity": "value", "sensitive": sensitive, "group": group}
        _, amount = next(self._amounts(row, state, **where))
        return self._text(row, amount, signed=state == "change")

    def _gaps(self, row: str) -> Iterator[str]:
        for fact, amount in self._amounts(row, "change", quantity="difference"):
            inside, outside = (
                people_of(str(fact["sensitive"]), str(fact[side]), "citizens")
                for side in ("group", "reference_group")
            )
            yield f"{self._text(row, amount, signed=True)} for {inside} less {outside}"

    def _text(self, row: str, amount: Amount, *, signed: bool) -> str:
        """Write a number with its unit and interval; changes of shares are in percentage points."""
        shown, unit = in_units(amount, self._told(row)["unit"])
        if unit.startswith("%"):
            unit = "percentage points" if signed else "%"
        plus = "+" if signed and shown.estimate > 0 else ""
        return f"{plus}{shown.text(unit)}"

    def _unit(self, unit: str) -> str:
        if unit.startswith("difference of shares"):
            return unit.replace("difference of shares", "percentage points", 1)
        return unit.replace("share", "%", 1).replace("chance", "%", 1)

    def _block(self, row: str) -> Iterator[str]:
        told = self._told(row)
        yield f"{row} {told['title']}. Switch: {told['switch']}, {told['name']}"
        for said in (f"The source: {told['facts']}", self.sentence(row)):
            yield textwrap.fill(said, 100, initial_indent="    ", subsequent_indent="    ")
        yield textwrap.indent(self.by_row(row).to_string(), "    ")
