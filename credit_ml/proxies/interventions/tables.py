"""Tables of what interventions change, and of scores that harm a group less."""

from collections.abc import Mapping
from typing import Any

from credit_ml.core import Finding, beside
from credit_ml.grammar.blocks import TableView
from credit_ml.grammar.names import group_label, pair_name, plain, sentence, unit_name
from credit_ml.grammar.numbers import Amount, percent, show
from credit_ml.grammar.phrases import PAIR
from credit_ml.grammar.rows import facts, level, pairs_of, records, rows, values
from credit_ml.grammar.tables import EMPTY, Rows, cell

Bodies = tuple[tuple[str, Rows], ...]
#: Measures of everybody that are shown as percentages.
_SHARES = ("auc", "decision_auc", "accuracy")

#: Smaller numbers are shown as 0.
LEAST = 0.5e-4


def interventions_tables(finding: Finding) -> tuple[TableView, ...]:
    """Return gaps, quality and turned decisions, a row an intervention in each."""
    tables = (
        TableView(
            caption=_caption(finding, f": {what}"),
            head=("What is done", *head),
            bodies=own,
            dash="nothing is a change from itself, and what decides by lot ranks nobody",
        )
        for what, (head, own) in (
            ("gaps", _gaps(finding)),
            ("quality", _quality(finding)),
            ("whose decisions turn", _turned(finding)),
        )
    )
    return tuple(table for table in tables if table.size)


def _lines(finding: Finding, columns: Mapping[Any, bool]) -> Rows:
    """A row an intervention of which something is known; columns say what is in percent."""
    known = facts(finding, "intervention", "measure", *PAIR[1:], "fact")
    titles = dict(zip(finding.table["intervention"], finding.table["title"], strict=True))
    lines = []
    for name, title in titles.items():
        cells = [(known.get((name, *what)), share) for what, share in columns.items()]
        if any(cell for cell, _ in cells):
            shown = (_shown(cell, in_percent=share) for cell, share in cells)
            lines.append((sentence(title, stop=""), *shown))
    return tuple(lines)


def _caption(finding: Finding, what: str) -> str:
    return f"{finding.title}{what} ({percent(level(finding))} intervals)"


def _gaps(finding: Finding) -> tuple[list[str], Bodies]:
    unit = str(finding.parameters["unit"])
    measures = {"selection_gap": True, "score_gap": unit == "probability"}
    bodies = []
    for sensitive, *groups in pairs_of(rows(finding, measure="selection_gap", fact="level")):
        columns = {
            (measure, *groups, which): share
            for measure, share in measures.items()
            for which in ("level", "change")
        }
        bodies.append((pair_name(sensitive, *groups), _lines(finding, columns)))
    head = [
        "Gap in decisions, percentage points",
        "Change",
        f"Gap in scores, {unit_name(unit)}",
        "Change",
    ]
    return head, tuple(bodies)


def _quality(finding: Finding) -> tuple[list[str], Bodies]:
    heads = beside(__file__)["quality"]
    head = [text for each in heads.values() for text in (each, "Change")]
    columns = {
        (name, "all", "", which): name in _SHARES for name in heads for which in ("level", "change")
    }
    return head, (("", _lines(finding, columns)),)


def _turned(finding: Finding) -> tuple[list[str], Bodies]:
    """Say which share of each group's decisions turn under each intervention."""
    sensitive, turns = str(finding.parameters["sensitive"]), ("newly favoured", "no longer")
    groups = values(finding, "group", measure="gained")
    head = [f"{group_label(sensitive, group)}, {turn} (%)" for group in groups for turn in turns]
    columns = {
        (measure, group, "", "level"): True for group in groups for measure in ("gained", "lost")
    }
    return head, (("", _lines(finding, columns)),)


def alternatives_table(finding: Finding) -> TableView:
    """Return the score as it is, the chosen one and the frontier, on both parts of the people."""
    told = finding.parameters
    known = facts(finding, "candidate", "measure", "part", "fact")
    shares = told["by"] == "selection_gap" or told["unit"] == "probability"
    unit = "percentage points" if shares else unit_name(str(told["unit"]))
    candidates = records(finding.table.drop_duplicates("candidate"))
    read = {str(row["candidate"]): row for row in candidates}
    named = {told["chosen"]: "Chosen", told["baseline"]: "As it is"}
    lines: dict[str, Rows] = {"As it is": (), "Chosen": (), "Others on the frontier": ()}
    frontier = [name for name, row in read.items() if row["frontier"]]
    for name in dict.fromkeys([told["baseline"], told["chosen"], *frontier]):
        cells = (
            _shown(known.get((name, measure, part, "level")), in_percent=measure == "auc" or shares)
            for part in ("validation", "test")
            for measure in (told["by"], "auc")
        )
        row = (sentence(plain(read[name]["setting"]), stop=""), str(read[name]["factors"]), *cells)
        lines[named.get(name, "Others on the frontier")] += (row,)
    gaps = (f"Gap where it was chosen, {unit}", "AUC there, %")
    return TableView(
        caption=_caption(finding, f": of {show(told['candidates'])} scores"),
        head=("Scorer", "Reads", *gaps, f"Gap on others, {unit}", "AUC there, %"),
        bodies=tuple((place, own) for place, own in lines.items() if own),
        words=(0, 1),
    )


def _shown(value: Amount | None, *, in_percent: bool) -> str:
    if value is None or not value.known:
        return EMPTY
    shown = value.times(100) if in_percent else value
    # What moves by rounding alone has no interval worth reading.
    return (
        "0.0000" if shown.ranged and max(abs(shown.low), abs(shown.high)) < LEAST else cell(shown)
    )
