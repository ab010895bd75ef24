"""Facts that the words on a sweep of disclosure need."""

from typing import Any

import pandas as pd

from credit_ml.core import Finding
from credit_ml.disclosure.sweep.sweep import ALL
from credit_ml.grammar.names import people_of, plain
from credit_ml.grammar.numbers import Amount
from credit_ml.grammar.rows import fact, least, most, records, rows

#: Where a fact stands unless something else is asked for.
_DEFAULT = {
    "world": ALL,
    "sees": "all",
    "variant": "default",
    "answer": "naive",
    "refits": 0,
    "regime": "full",
    "sensitive": "overall",
    "group": "all",
    "against": "",
}


def value(finding: Finding, measure: str, **where: Any) -> Amount | None:
    """Return one measure: of everybody, at the first scorer, unless something else is said."""
    return fact(finding, measure=measure, **(_default(finding) | where))


def price(finding: Finding, **where: Any) -> Amount | None:
    """Return how much better scores tell people apart when nothing is told instead of all."""
    asked = {"regime": "nothing", "against": "full"} | where
    found = value(finding, "auc", **asked)
    return found and found.times(100)


def by_regime(finding: Finding, measure: str) -> dict[str, Amount]:
    """Return one measure under every regime at which it is known."""
    where = {k: v for k, v in _default(finding).items() if k != "regime"}
    found = {
        str(row["regime"]): Amount.of(row)
        for row in records(rows(finding, measure=measure, **where))
    }
    return {regime: amount for regime, amount in found.items() if amount.known}


def of_groups(finding: Finding, measure: str) -> list[tuple[str, Amount]]:
    """Return what telling nothing instead of all changes for each of the two groups followed."""
    lead = finding.parameters["lead"]
    where = {"regime": "nothing", "against": "full", "reference_group": ""}
    found = {
        name: value(finding, measure, sensitive=lead["sensitive"], group=name, **where)
        for name in (lead["group"], lead["reference_group"])
    }
    people = {name: people_of(lead["sensitive"], name, "citizens") for name in found}
    return [(people[name], each.times(100)) for name, each in found.items() if each is not None]


def half(finding: Finding) -> tuple[str, Amount, Amount] | None:
    """Name the regime between nothing and all that tells most above what it lets be gamed.

    With the share of effects that people then know, and the share of them who game.
    """
    known, gamed = by_regime(finding, "knowledge"), by_regime(finding, "share_who_game")
    between = [name for name in known if name in gamed and name not in ("nothing", "full")]
    if not between:
        return None
    best = max(between, key=lambda name: known[name].estimate - gamed[name].estimate)
    return noun(finding, best), known[best], gamed[best]


def worse_than_full(finding: Finding, measure: str) -> tuple[str, Amount, Amount] | None:
    """Name the regime with most of something that the whole model has less of."""
    found = by_regime(finding, measure)
    whole = found.get("full")
    above = {k: v for k, v in found.items() if whole and v.estimate > whole.estimate}
    if whole is None or not above:
        return None
    worst = max(above, key=lambda name: above[name].estimate)
    return noun(finding, worst), above[worst], whole


def noun(finding: Finding, regime: str) -> str:
    """Return what a regime tells as an object, such as "the weights"."""
    return str(finding.parameters.get("nouns", {}).get(regime) or plain(regime))


def extreme_worlds(finding: Finding) -> list[tuple[str, Amount]]:
    """Return the worlds in which secrecy buys most and least; none of fewer than two."""
    where = {k: v for k, v in _default(finding).items() if k not in ("world", "group")}
    found: pd.DataFrame = rows(
        finding, measure="auc", **(where | {"regime": "nothing", "against": "full"})
    )
    own = found[found["world"] != ALL].dropna(subset=["estimate"])
    ends = [most(own), least(own)] if len(own) > 1 else []
    return [(plain(str(row["world"])), Amount.of(row).times(100)) for row in ends]


def _default(finding: Finding) -> dict[str, Any]:
    return _DEFAULT | {"scorer": finding.parameters["scorers"][0]}
