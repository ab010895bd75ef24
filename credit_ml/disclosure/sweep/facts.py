"""Facts that the words on a sweep of disclosure need."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from credit_ml.core import Finding
from credit_ml.disclosure.sweep.cell import CRITERIA
from credit_ml.disclosure.sweep.sweep import ALL
from credit_ml.grammar.cited import constants
from credit_ml.grammar.names import people_of, plain
from credit_ml.grammar.numbers import Amount, count
from credit_ml.grammar.rows import fact, records, rows, values

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


def price(finding: Finding, criterion: str = "auc", **where: Any) -> Amount | None:
    """Return how much better a rater does when nothing is told instead of all, in hundredths."""
    asked = {"regime": "nothing", "against": "full"} | where
    found = value(finding, criterion, **asked)
    return found and found.times(100)


@dataclass(frozen=True)
class Assumption:
    """The study with one assumption changed, and what secrecy buys then."""

    about: str
    """What kind of assumption it is."""
    name: str
    where: Mapping[str, Any]
    """The labels of its rows that differ from the study's own."""


def changes(finding: Finding) -> list[Assumption]:
    """Return every assumption that was changed: of people, of the rater, and of what it sees."""
    told = finding.parameters
    about = told.get("about", {})
    found = [Assumption(about[name], name, {"variant": name}) for name in told.get("variants", [])]
    found += [Assumption("rater", f"{plain(s)} score", {"scorer": s}) for s in told["scorers"][1:]]
    found += [
        Assumption("rater", f"sees {s}", {"sees": s}) for s in _others(finding, "sees", "all")
    ]
    refits = [int(number) for number in _others(finding, "refits", "0")]
    where = told.get("refit_worlds", [])
    alone = f", in {' and '.join(map(plain, where))}" if len(where) < len(told["worlds"]) else ""
    for answer in ("naive", *_others(finding, "answer", "naive")):
        if answer != "naive":
            found.append(Assumption("rater", f"{answer} rater", {"answer": answer}))
        for number in refits:
            name = f"{answer} rater, fitted again {constants(count(number, 'time'))}{alone}"
            found.append(Assumption("rater", name, {"answer": answer, "refits": number}))
    return found


def _others(finding: Finding, column: str, own: str) -> list[str]:
    return [each for each in values(finding, column) if each != own]


@dataclass(frozen=True)
class Verdict:
    """What one criterion says of secrecy, and what its sign hangs on."""

    criterion: str
    price: Amount
    """As the study has it."""
    turned: tuple[tuple[str, Amount], ...]
    """Assumptions under which the sign is decided otherwise."""
    open: tuple[str, ...]
    """Those under which a sign that is decided here is not."""
    held: int
    """How many leave it as it is."""
    tried: int

    @property
    def side(self) -> str:
        """Of zero on which the price is decided to be, or "unclear"."""
        return self.price.side()


def verdicts(finding: Finding) -> list[Verdict]:
    """Return the answer by each criterion: its sign follows the interval, and so do changes."""
    found = []
    for criterion in CRITERIA:
        own = price(finding, criterion)
        if own is None:
            continue
        asked = {each.name: each.where for each in changes(finding)}
        for regime in finding.parameters["opaque"][1:]:
            clause = finding.parameters["clauses"][regime]
            asked[f"opacity meaning that {clause}"] = {"regime": regime}
        prices = {name: price(finding, criterion, **where) for name, where in asked.items()}
        known = [(name, amount) for name, amount in prices.items() if amount is not None]
        sides = {own.side(), "unclear"}
        turned = tuple(each for each in known if each[1].side() not in sides)
        decided = own.side() != "unclear"
        unsure = tuple(n for n, amount in known if decided and amount.side() == "unclear")
        held = sum(amount.side() == own.side() for _, amount in known)
        found.append(Verdict(criterion, own, turned, unsure, held, len(known)))
    return found


def frontier(finding: Finding, criterion: str) -> tuple[list[str], list[str]]:
    """Return regimes that are on the frontier in most seeds, and those that are on it in none."""
    shares = by_regime(finding, f"frontier_{criterion}")
    found = {name: shares[name] for name in finding.parameters["regimes"] if name in shares}
    most_often = [noun(finding, name) for name, share in found.items() if share.estimate > 0.5]
    return most_often, [noun(finding, name) for name, share in found.items() if not share.estimate]


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
    named = str(finding.parameters.get("nouns", {}).get(regime) or plain(regime))
    return named.replace(",", "")


def by_world(finding: Finding, criterion: str) -> list[tuple[str, Amount]]:
    """Return what secrecy buys in each world, the most first; nothing of a single one."""
    worlds = [name for name in values(finding, "world") if name != ALL]
    prices = [(plain(name), price(finding, criterion, world=name)) for name in worlds]
    known = [(name, amount) for name, amount in prices if amount is not None]
    return sorted(known, key=lambda each: -each[1].estimate) if len(known) > 1 else []


def _default(finding: Finding) -> dict[str, Any]:
    return _DEFAULT | {"scorer": finding.parameters["scorers"][0]}
