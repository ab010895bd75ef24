"""Tables of a sweep of disclosure: a row a regime, a block a kind of rater."""

from collections.abc import Mapping
from typing import Any

from credit_ml.core import Finding
from credit_ml.disclosure.measures import MEASURES
from credit_ml.disclosure.sweep.cell import CRITERIA
from credit_ml.disclosure.sweep.facts import changes, heading, noun
from credit_ml.disclosure.sweep.sweep import ALL
from credit_ml.grammar.blocks import TableView
from credit_ml.grammar.names import plain, sentence
from credit_ml.grammar.numbers import Amount, percent
from credit_ml.grammar.rows import facts, level
from credit_ml.grammar.tables import EMPTY

#: What stands above the rows of each criterion.
HEADS = {
    "auc": "By the AUC (percentage points)",
    "accuracy": "By right decisions at the threshold (percentage points)",
    "profit": "By profit at the odds of the threshold (hundredths of a kept obligation's)",
}
Known = Mapping[tuple[str, ...], Amount]
#: Measures of everybody and their heads, and those of the gap between the two groups followed.
SHOWN = {name: each["column"] for name, each in MEASURES.items() if "column" in each}
GAPS = ("selection_gap_after", "social_gap", "disparate_information_gain")
#: What is one block of rows, and what tells its facts apart.
KIND = ("sees", "variant", "answer", "refits", "scorer")
KEYS = (*KIND, "regime", "world", "against", "sensitive", "group", "measure")


def sweep_tables(finding: Finding) -> tuple[TableView, ...]:
    """Return levels by kind of rater, and what is bought against the whole model."""
    known, shown = facts(finding, *KEYS), percent(level(finding))
    caption = f"Regimes, in percent, {shown} intervals over seeds"
    less = f"The same less what the whole model gives, {shown} intervals over seeds"
    return (
        _bought(finding, known, f"What secrecy buys, in hundredths, {shown} intervals over seeds"),
        _levels(finding, known, "", caption),
        _levels(finding, known, "full", less),
    )


def _bought(finding: Finding, known: Known, caption: str) -> TableView:
    """What opacity buys however it is read, by each criterion and under each assumption."""
    told = finding.parameters
    own: dict[str, Any] = {"sees": "all", "variant": "default", "answer": "naive", "refits": 0}
    own |= {"scorer": told["scorers"][0], "world": ALL}
    shown: list[tuple[str, Mapping[str, Any]]] = [("as it is", {})]
    shown += [(f"as it is, in {plain(each)}", {"world": each}) for each in told["worlds"]]
    shown += [(each.name, each.where) for each in changes(finding)]
    readings = list(told["opaque"])

    def cells(criterion: str, where: Mapping[str, Any]) -> tuple[str, ...]:
        here = own | dict(where)
        kind = tuple(str(here[name]) for name in KIND)
        return tuple(
            _text(known.get((*kind, each, here["world"], "full", "overall", "all", criterion)))
            for each in readings
        )

    bodies = tuple(
        (HEADS[criterion], tuple((name, *cells(criterion, where)) for name, where in shown))
        for criterion in CRITERIA
    )
    head = ("Assumption", *(sentence(noun(finding, each), stop="") for each in readings))
    dash = "asked as the study stands alone"
    return TableView(caption=caption, head=head, bodies=bodies, dash=dash)


def _levels(finding: Finding, known: Known, against: str, caption: str) -> TableView:
    lead = finding.parameters["lead"]

    def row(kind: tuple[str, ...], regime: str) -> dict[str, Amount]:
        found = {}
        for measure in SHOWN:
            gap = measure in GAPS
            place = (lead["sensitive"], lead["group"]) if gap else ("overall", "all")
            amount = known.get((*kind, regime, ALL, against, *place, measure))
            if amount is not None and amount.known:
                found[measure] = amount
        return found

    kinds = list(dict.fromkeys(key[: len(KIND)] for key in known))
    rows = {
        kind: {regime: row(kind, regime) for regime in finding.parameters["regimes"]}
        for kind in kinds
    }
    every = {measure for own in rows.values() for each in own.values() for measure in each}
    heads = [measure for measure in SHOWN if measure in every]
    bodies = []
    for kind, own in rows.items():
        lines = tuple(
            (heading(finding, regime), *(_text(each.get(measure)) for measure in heads))
            for regime, each in own.items()
            if each
        )
        bodies += [(_kind(*kind), lines)] if lines else []
    head = ("Told", *(SHOWN[measure] for measure in heads))
    dash = "measured where nothing else was changed alone, or nobody acts"
    return TableView(caption=caption, head=head, bodies=tuple(bodies), dash=dash)


def _text(amount: Amount | None) -> str:
    return EMPTY if amount is None else amount.times(100).text()


def _kind(sees: str, variant: str, answer: str, refits: str, scorer: str) -> str:
    parts = [f"{answer} {plain(scorer)} score"]
    parts.append("one shot" if refits == "0" else f"refitted {refits} times")
    parts += [] if sees == "all" else [f"sees {sees}"]
    parts += [] if variant == "default" else [variant]
    return sentence(", ".join(parts), stop="")
