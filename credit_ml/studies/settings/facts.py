"""Facts that the words on assumptions need."""

from collections.abc import Iterator
from dataclasses import dataclass

from credit_ml.core import Finding
from credit_ml.grammar.numbers import Amount
from credit_ml.grammar.rows import fact, records, rows
from credit_ml.studies.settings.figure import knob_name

#: How much more often a headline must turn at one end of a knob for that to be said.
_MORE = 0.1
#: Shares of the variance, by what a table calls them.
SHARES = ("first_order", "total")


@dataclass(frozen=True)
class HeadlineFacts:
    """What is known of one headline."""

    name: str
    unit: str
    declared: Amount | None
    range: Amount | None
    turned: Amount | None
    knob: str
    """Which has the largest total share; empty without shares."""
    share: Amount | None
    where: str
    """The end of a knob's range at which it turns most often, as a clause."""

    @property
    def turns(self) -> bool:
        """Whether its meaning turns in any setting."""
        return self.turned is not None and self.turned.estimate > 0


def knobs_of(finding: Finding) -> list[str]:
    """Return the keys that are varied."""
    return list(finding.parameters["over"])


def headline_facts(finding: Finding) -> Iterator[HeadlineFacts]:
    """Yield what is known of every headline, in the study's order."""
    for name in finding.parameters["headlines"]:
        own = rows(finding, headline=name)
        totals = own[own["quantity"] == "total"].dropna(subset=["estimate"])
        most = records(totals.nlargest(1, "estimate"))
        yield HeadlineFacts(
            name=name,
            unit=str(own["unit"].iloc[0]),
            declared=fact(finding, headline=name, quantity="declared"),
            range=fact(finding, headline=name, quantity="range"),
            turned=fact(finding, headline=name, quantity="turned"),
            knob=str(most[0]["knob"]) if most else "",
            share=Amount.of(most[0]) if most else None,
            where=_turning(finding, name),
        )


def _turning(finding: Finding, name: str) -> str:
    """Return where it turns most often, if one end of a knob stands out against the other."""
    own = rows(finding, headline=name)
    found = []
    for knob in knobs_of(finding):
        ends = own[own["knob"] == knob].set_index("quantity")
        if "turned_at_low" not in ends.index:
            continue
        turned = ends["estimate"].astype(float)
        low, high = (float(turned[f"turned_at_{side}"]) for side in ("low", "high"))
        side = "low" if low > high else "high"
        at = str(ends["at"][f"turned_at_{side}"]) if knob in named(finding) else side
        found.append((abs(high - low), max(low, high), knob, at))
    gap, _, knob, at = max(found, default=(0.0, 0.0, "", ""))
    return f"{knob_name(knob)} is {at}" if gap > _MORE else ""


def has_shares(finding: Finding) -> bool:
    """Whether its design is one that shares of the variance are computed of."""
    return bool(finding.parameters.get("design") == "saltelli")


def named(finding: Finding) -> list[str]:
    """Return the keys that are varied over names, which have no low and no high end."""
    return list(finding.parameters.get("named", ()))


def firm(finding: Finding) -> tuple[list[HeadlineFacts], list[HeadlineFacts]]:
    """Return the headlines that hold at every setting, and those that turn at some."""
    known = [each for each in headline_facts(finding) if each.turned is not None]
    return [e for e in known if not e.turns], [e for e in known if e.turns]


def wider(finding: Finding) -> int:
    """Return of how many headlines assumptions leave more open than chance does."""
    both = [(e.declared, e.range) for e in headline_facts(finding) if e.declared and e.range]
    return sum(
        wide.high - wide.low > chance.high - chance.low for chance, wide in both if chance.ranged
    )
