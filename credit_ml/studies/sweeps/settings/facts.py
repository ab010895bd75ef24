"""What the words on a sweep over settings need, and its tables."""

from collections.abc import Iterator
from dataclasses import dataclass

from credit_ml.core import Finding
from credit_ml.grammar.blocks import TableView
from credit_ml.grammar.numbers import Amount, percent
from credit_ml.grammar.rows import fact, level, records, rows
from credit_ml.grammar.tables import cell


@dataclass(frozen=True)
class Headline:
    """One number of the study: as it stands, and over settings."""

    name: str
    own: Amount
    """With its interval of chance."""
    assumed: Amount
    """With the interval over settings."""
    turned: Amount
    surely: Amount
    shares: tuple[tuple[str, Amount], ...]
    """Total Sobol share of each key, the largest first; none in other designs."""

    @property
    def told(self) -> tuple[tuple[str, Amount], ...]:
        """The shares whose whole interval is above none."""
        return tuple(each for each in self.shares if each[1].side() == "above")

    @property
    def sign(self) -> str:
        """Whether it "holds", "turns" somewhere, or is "open": not decided as the study stands."""
        if self.own.side() == "unclear":
            return "open"
        return "turns" if float(self.turned.estimate) > 0 else "holds"


def headlines(found: Finding) -> Iterator[Headline]:
    """Yield every headline that is known."""
    for name in found.parameters["headlines"]:
        parts = [
            fact(found, headline=name, quantity=quantity, **where)
            for quantity, where in (
                ("setting", {"setting": 0}),
                ("assumptions", {}),
                ("turned", {}),
                ("surely_turned", {}),
            )
        ]
        own, assumed, turned, surely = parts
        if own and assumed and turned and surely:
            yield Headline(name, own, assumed, turned, surely, tuple(_shares(found, name)))


def _shares(found: Finding, name: str) -> list[tuple[str, Amount]]:
    told = records(rows(found, headline=name, quantity="total"))
    shares = [(plain_key(str(each["key"])), Amount.of(each)) for each in told]
    return sorted(shares, key=lambda each: -float(each[1].estimate))


def plain_key(key: str) -> str:
    """Return a key without the tables that all knobs stand in.

    Examples
    --------
    >>> plain_key("world.changes.ties.hukou"), plain_key("study.seed")
    ('ties.hukou', 'study.seed')
    """
    return key.removeprefix("world.changes.")


def settings_tables(found: Finding) -> tuple[TableView, ...]:
    """Return headlines over settings, by each key, and the shares of keys."""
    told, shown = found.parameters, percent(level(found))
    over = "smallest and largest" if told["design"] in ("grid", "list") else f"{shown} of them"
    lines = tuple(
        (each.name, cell(each.own), each.assumed.interval(), percent(each.turned.estimate))
        for each in headlines(found)
    )
    first = TableView(
        caption="Each headline as the study stands, and over settings",
        head=("Headline", f"As it stands ({shown} interval)", f"Over settings ({over})", "Turned"),
        bodies=(("", lines),),
    )
    tables = [first, _by_key(found)]
    if told["design"] == "saltelli":
        tables.append(_of_shares(found))
    return tuple(tables)


def _by_key(found: Finding) -> TableView:
    bodies = []
    names = found.parameters["headlines"]
    for key in found.parameters["keys"]:
        at = {
            (row["value"], row["headline"]): cell(Amount.of(row))
            for row in records(rows(found, quantity="at", key=key))
        }
        values = list(dict.fromkeys(value for value, _ in at))
        lines = tuple((str(v), *(at.get((v, name), "") for name in names)) for v in values)
        bodies.append((plain_key(key), lines))
    caption = "Mean over the settings of one value of a key, with the smallest and the largest"
    return TableView(caption=caption, head=("Value", *names), bodies=tuple(bodies))


def _of_shares(found: Finding) -> TableView:
    names, bodies = found.parameters["headlines"], []
    for name in names:
        told = {
            (row["key"], row["quantity"]): Amount.of(row).percent()
            for row in records(rows(found, headline=name, quantity=("first_order", "total")))
        }
        keys = list(dict.fromkeys(key for key, _ in told))
        lines = tuple((plain_key(k), told[k, "first_order"], told[k, "total"]) for k in keys)
        bodies.append((name, lines))
    head = ("Key", "First-order share (interval)", "Total share (interval)")
    return TableView(
        caption="What the doubt over settings hangs on", head=head, bodies=tuple(bodies)
    )
