"""What a sweep measured, as the study stands and with one assumption changed."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from credit_ml.core import Finding
from credit_ml.disclosure.sweep.sweep import ALL
from credit_ml.grammar.cited import constants
from credit_ml.grammar.names import plain
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
    return fact(finding, measure=measure, **(default(finding) | where))


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


def by_regime(finding: Finding, measure: str) -> dict[str, Amount]:
    """Return one measure under every regime at which it is known."""
    where = {k: v for k, v in default(finding).items() if k != "regime"}
    found = {
        str(row["regime"]): Amount.of(row)
        for row in records(rows(finding, measure=measure, **where))
    }
    return {regime: amount for regime, amount in found.items() if amount.known}


def default(finding: Finding) -> dict[str, Any]:
    """Return the columns of the study as it stands: of everybody, at the first scorer."""
    return _DEFAULT | {"scorer": finding.parameters["scorers"][0]}
