"""Facts that the words and tables on generations need."""

from collections.abc import Iterator, Sequence
from typing import Any

from credit_ml.core import Finding, beside
from credit_ml.dynamics.catalogue import title_of
from credit_ml.dynamics.facts import against
from credit_ml.dynamics.family.generations import UNITS
from credit_ml.grammar.blocks import TableView
from credit_ml.grammar.names import group_label, sentence
from credit_ml.grammar.numbers import Amount, in_units
from credit_ml.grammar.phrases import GroupPair
from credit_ml.grammar.rows import fact, facts, values
from credit_ml.grammar.tables import EMPTY

#: Short heads of the table's rows.
HEADS: dict[str, str] = beside(__file__)["heads"]

__all__ = ["against", "at", "followed", "gap", "last", "title_of", "values"]


def followed(found: Sequence[tuple[Any, Finding]]) -> Iterator[tuple[Finding, str]]:
    """Yield each finding with each of its policies."""
    for _, finding in found:
        for policy in values(finding, "policy"):
            yield finding, policy


def last(finding: Finding) -> str:
    """Return the number of the last generation of parents."""
    return values(finding, "generation")[-1]


def at(
    finding: Finding,
    policy: str,
    measure: str,
    generation: str,
    quantity: str = "value",
    who: tuple[str, str] = ("overall", "all"),
) -> Amount | None:
    """Return one measure of a policy and generation, of a group; None if it is not known."""
    of = {"policy": policy, "measure": measure, "generation": generation}
    return fact(finding, quantity=quantity, sensitive=who[0], group=who[1], **of)


def gap(
    finding: Finding, policy: str, measure: str, generation: str, pair: GroupPair
) -> Amount | None:
    """Return the change of the difference of the two groups followed; None if it is not known."""
    of = {"policy": policy, "measure": measure, "generation": generation, "of": "change"}
    return fact(finding, quantity="difference", **of, **pair.where())


def generations_tables(finding: Finding) -> Iterator[TableView]:
    """Yield, policy by policy, what each generation has and what the policy changes of it."""
    for policy in values(finding, "policy"):
        for quantity, said in (("value", "what its children have"), ("change", "what it changes")):
            own = finding.where(policy=policy, quantity=quantity)
            known = facts(own, "generation", "measure", "sensitive", "group")
            groups = list(dict.fromkeys(place[2:] for place in known))
            bodies = []
            for number in values(own, "generation"):
                lines = []
                for measure in values(own, "measure"):
                    cells = (_cell(known[number, measure, *each], measure) for each in groups)
                    lines.append((HEADS[measure], *cells))
                bodies.append((f"Children of generation {number}", tuple(lines)))
            heads = (sentence(group_label(*each), stop="") for each in groups)
            caption = f"{title_of(policy)}: {said}"
            yield TableView(caption=caption, head=("Measure", *heads), bodies=tuple(bodies))


def _cell(value: Amount, measure: str) -> str:
    shown, unit = in_units(value, UNITS[measure])
    unit = "percentage points" if unit == "%" else ""
    return shown.figure(unit) + shown.bracket(unit) if shown.known else EMPTY
