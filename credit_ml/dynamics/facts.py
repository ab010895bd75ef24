"""Facts that the words and tables on rounds need."""

from collections.abc import Iterator

from credit_ml.core import Finding, beside
from credit_ml.dynamics.catalogue import load_policy
from credit_ml.dynamics.history import UNITS
from credit_ml.dynamics.policy import PolicyError
from credit_ml.grammar.blocks import TableView
from credit_ml.grammar.names import group_label, sentence
from credit_ml.grammar.numbers import Amount, in_units
from credit_ml.grammar.phrases import GroupPair
from credit_ml.grammar.rows import fact, facts, values
from credit_ml.grammar.tables import EMPTY

#: Short heads of the table's columns.
HEADS: dict[str, str] = beside(__file__)["heads"]


def title_of(policy: str) -> str:
    """Return a policy's title; its id where it is a file of one's own."""
    try:
        return load_policy(policy).title
    except PolicyError:
        return policy


def of_policy(
    finding: Finding,
    policy: str,
    measure: str,
    who: tuple[str, str] = ("overall", "all"),
    quantity: str = "change",
) -> Amount | None:
    """Return one measure of a policy, of a sensitive feature's group; None if it is not known."""
    of = {"policy": policy, "measure": measure, "sensitive": who[0], "group": who[1]}
    return fact(finding, quantity=quantity, **of)


def effects_tables(finding: Finding) -> Iterator[TableView]:
    """Yield what each policy changes: a row a measure, a column a group."""
    for policy in values(finding, "policy"):
        own = finding.where(policy=policy, quantity="change")
        known = facts(own, "measure", "sensitive", "group")
        groups = list(dict.fromkeys((sensitive, group) for _, sensitive, group in known))
        lines = []
        for measure in values(own, "measure"):
            cells = []
            for sensitive, group in groups:
                value, unit = in_units(known[measure, sensitive, group], UNITS[measure])
                unit = "percentage points" if unit == "%" else ""
                cells.append(value.figure(unit) + value.bracket(unit) if value.known else EMPTY)
            lines.append((HEADS[measure], *cells))
        heads = (sentence(group_label(*each), stop="") for each in groups)
        yield TableView(
            caption=f"{title_of(policy)}: what it changes",
            head=("Change of", *heads),
            bodies=(("", tuple(lines)),),
        )


def gap(finding: Finding, policy: str, measure: str, pair: GroupPair) -> Amount | None:
    """Return the difference of the two groups followed, under a policy; None if it is not known."""
    of = {"policy": policy, "measure": measure, "of": "value", **pair.where()}
    return fact(finding, quantity="difference", **of)
