"""Tables of what follows for people: groups beside consequences, and one person at two raters."""

from typing import Any

from credit_ml.core import Finding
from credit_ml.grammar.blocks import TableView
from credit_ml.grammar.names import factor_name, group_label, plain, sentence
from credit_ml.grammar.numbers import Amount, percent, show
from credit_ml.grammar.rows import facts, level, records
from credit_ml.grammar.tables import EMPTY, block_head, measured, shown, unit_head

#: Where a fact stands, and what it is.
Facts = dict[tuple[str, ...], Amount]
CASE_HEAD = ("Factor", "Points added", "Record that moves most", "This person", "Typical")


def consequences_tables(finding: Finding) -> tuple[TableView, ...]:
    """Return one table of every group's own values and one of gaps to the reference group."""
    known = facts(finding, "sensitive", "group", "reference_group", "consequence", "measure")
    level_of = f"({percent(level(finding))} intervals)"
    tables = (
        _table(finding, known, f"{finding.title}: every group {level_of}", gaps=False),
        _table(finding, known, f"{finding.title}: gaps to the reference group", gaps=True),
    )
    return tuple(table for table in tables if table.size)


def _table(finding: Finding, known: Facts, caption: str, *, gaps: bool) -> TableView:
    own = [fact for fact in known if bool(fact[2]) == gaps]
    measures = list(dict.fromkeys(fact[3:] for fact in own))
    bodies: dict[str, list[tuple[str, ...]]] = {}
    for place in dict.fromkeys(fact[:3] for fact in own):
        cells = (in_words(finding, of[1], known.get(place + of), gap=gaps) for of in measures)
        bodies.setdefault(block_head(place[0]), []).append((_label(*place), *cells))
    blocks = tuple((heading, tuple(lines)) for heading, lines in bodies.items())
    heads = (_head(finding, *of) for of in measures)
    return TableView(caption=caption, head=("Group", *heads), bodies=blocks)


#: What a lending rule is called, and the heads of its measures with the factor they are shown by.
RULES = {
    "max_utility": "Highest utility",
    "equal_opportunity": "Equal opportunity",
    "demographic_parity": "Demographic parity",
}
_OF_RULE = {
    "selection_rate": ("with loans (%)", 100.0),
    "threshold": ("threshold, points", 1.0),
    "change": ("change of points", 1.0),
}


def rules_tables(finding: Finding) -> tuple[TableView, ...]:
    """Return what each lending rule does to each group, a block a loss."""
    known = facts(finding, "loss", "rule", "group", "measure")
    of_rules = [place for place in known if place[1]]
    groups = [each for each in dict.fromkeys(place[2] for place in of_rules) if each != "all"]
    bodies = []
    for loss in dict.fromkeys(place[0] for place in of_rules):
        lines = []
        for rule in dict.fromkeys(place[1] for place in of_rules):
            cells = (
                known[loss, rule, group, measure].times(factor).text()
                for group in groups
                for measure, (_, factor) in _OF_RULE.items()
            )
            lines.append((RULES.get(rule, rule), *cells))
        bodies.append(
            (f"A default costs {loss} for each 1 that a loan repaid brings", tuple(lines))
        )
    heads = (
        f"{sentence(group, stop='')}: {name}" for group in groups for name, _ in _OF_RULE.values()
    )
    caption = f"{finding.title} ({percent(level(finding))} intervals)"
    return (TableView(caption=caption, head=("Rule", *heads), bodies=tuple(bodies)),)


def settings_tables(finding: Finding, labels: tuple[str, ...]) -> tuple[TableView, ...]:
    """Return every measure of every group, a block a setting: the values of some label columns."""
    own = finding.where(quantity="value")
    known = facts(own, *labels, "sensitive", "group", "measure")
    units = dict(zip(own.table["measure"], own.table["unit"], strict=True))
    measures = list(units)
    width = len(labels)
    bodies = []
    for setting in dict.fromkeys(place[:width] for place in known):
        lines = []
        for who in dict.fromkeys(place[width:-1] for place in known if place[:width] == setting):
            cells = []
            for measure in measures:
                value = known.get((*setting, *who, measure))
                cells.append(measured(value, units[measure]))
            lines.append((group_label(*who), *cells))
        heading = ", ".join(
            value if n == 0 else f"{plain(labels[n])} {value}" for n, value in enumerate(setting)
        )
        bodies.append((sentence(heading, stop=""), tuple(lines)))
    heads = (f"{sentence(plain(each), stop='')} ({unit_head(units[each])})" for each in measures)
    caption = f"{finding.title} ({percent(level(finding))} intervals)"
    return (TableView(caption=caption, head=("Group", *heads), bodies=tuple(bodies)),)


def in_words(finding: Finding, measure: str, value: Amount | None, *, gap: bool = False) -> str:
    """Write a measure in its unit: shares as percentages, their gaps in points of them."""
    return shown(value, share=unit_of(finding, measure).startswith("share"), gap=gap)


def unit_of(finding: Finding, measure: str) -> str:
    """Return the unit of a measure, as the finding gives it."""
    return str((finding.parameters.get("units") or {}).get(measure, ""))


def _head(finding: Finding, consequence: str, measure: str) -> str:
    if measure == "share_granted":
        return sentence(f"{consequence}, granted", stop="")
    unit = unit_of(finding, measure)
    label = sentence(plain(measure), stop="")
    return f"{label} ({unit})" if unit else label


def _label(sensitive: str, group: str, reference: str) -> str:
    label = group_label(sensitive, group)
    return f"{label} against {group_label(sensitive, reference).lower()}" if reference else label


def case_table(finding: Finding) -> TableView:
    """Return the points that each factor adds, with the record behind it."""
    bodies = []
    for rater in dict.fromkeys(finding.table["rater"]):
        own = [row for row in records(finding.table) if row["rater"] == rater]
        score = next(row for row in own if row["factor"] == "(score)")
        heading = (
            f"{rater}: {score['own']} points, threshold {score['typical']}: {score['verdict']}"
        )
        bodies.append((heading, tuple(_part(row) for row in own if row is not score)))
    return TableView(
        caption=finding.title,
        head=CASE_HEAD,
        bodies=tuple(bodies),
        words=(0, 2),
        dash="no single record of the factor does a quarter of that by itself",
    )


def _part(row: dict[str, Any]) -> tuple[str, ...]:
    factor, moves = sentence(factor_name(str(row["factor"])), stop=""), str(row["column"])
    told = (plain(moves), str(row["own"]), str(row["typical"]))
    return factor, show(float(row["estimate"]), 1), *(each or EMPTY for each in told)
