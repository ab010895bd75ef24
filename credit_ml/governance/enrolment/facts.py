"""Facts that the words and tables on sign-up need."""

from collections.abc import Iterator

from credit_ml.core import Finding
from credit_ml.governance.enrolment.finding import RULES, SCHEMES, UNITS
from credit_ml.grammar.blocks import TableView
from credit_ml.grammar.names import plain, sentence
from credit_ml.grammar.numbers import Amount, percent
from credit_ml.grammar.phrases import GroupPair
from credit_ml.grammar.rows import fact, level
from credit_ml.grammar.tables import shown


def at(finding: Finding, scheme: str, rule: str, measure: str, group: str = "all") -> Amount | None:
    """Return a measure under a scheme and a rule, of everybody or a group."""
    of = {"quantity": "value", "group": group, "measure": measure}
    return fact(finding, scheme=scheme, rule=rule, **of)


def gap(finding: Finding, scheme: str, rule: str, measure: str, pair: GroupPair) -> Amount | None:
    """Return a difference of the two groups that the page follows."""
    return fact(finding, scheme=scheme, rule=rule, measure=measure, **pair.where())


def enrolment_tables(finding: Finding) -> Iterator[TableView]:
    """Yield every measure of everybody, a block a rule and a row a scheme."""
    bodies = []
    for rule, name in RULES.items():
        lines = []
        for scheme, called in SCHEMES.items():
            cells = (
                shown(at(finding, scheme, rule, each), share=UNITS[each].startswith("share of"))
                for each in UNITS
            )
            lines.append((sentence(called, stop=""), *cells))
        bodies.append((sentence(name, stop=""), tuple(lines)))
    heads = (f"{sentence(plain(each), stop='')} ({unit})" for each, unit in UNITS.items())
    yield TableView(
        caption=f"Sign-up and silence ({percent(level(finding))} intervals)",
        head=("Scheme", *heads),
        bodies=tuple(bodies),
    )
