"""Tables of what follows for people: a row a group, a column a consequence and its measure."""

from credit_ml.core import Finding
from credit_ml.grammar.blocks import TableView
from credit_ml.grammar.names import group_label, plain, sensitive_name, sentence
from credit_ml.grammar.numbers import Amount, percent
from credit_ml.grammar.rows import level, records
from credit_ml.grammar.tables import EMPTY

#: Where a fact stands: sensitive, group, reference group; and what it is: consequence, measure.
Place = tuple[str, str, str]
What = tuple[str, str]


def consequences_tables(finding: Finding) -> tuple[TableView, ...]:
    """Return one table of every group's own values and one of gaps to the reference group."""
    facts: dict[tuple[Place, What], Amount] = {
        (
            (str(row["sensitive"]), str(row["group"]), str(row["reference_group"] or "")),
            (str(row["consequence"]), str(row["measure"])),
        ): Amount.of(row)
        for row in records(finding.table)
    }
    level_of = f"({percent(level(finding))} intervals)"
    tables = (
        _table(finding, facts, f"{finding.title}: every group {level_of}", gaps=False),
        _table(finding, facts, f"{finding.title}: gaps to the reference group", gaps=True),
    )
    return tuple(table for table in tables if table.size)


def _table(
    finding: Finding, facts: dict[tuple[Place, What], Amount], caption: str, *, gaps: bool
) -> TableView:
    places = [place for place in dict.fromkeys(at for at, _ in facts) if bool(place[2]) == gaps]
    whats = list(dict.fromkeys(what for at, what in facts if at in places))
    bodies = []
    for sensitive in dict.fromkeys(place[0] for place in places):
        lines = []
        for place in places:
            if place[0] == sensitive:
                cells = (
                    in_words(finding, what[1], facts.get((place, what)), gap=gaps) for what in whats
                )
                lines.append((_label(place), *cells))
        heading = "" if sensitive == "overall" else sentence(sensitive_name(sensitive), stop="")
        bodies.append((heading, tuple(lines)))
    heads = (_head(finding, *what) for what in whats)
    return TableView(caption=caption, head=("Group", *heads), bodies=tuple(bodies))


def in_words(finding: Finding, measure: str, value: Amount | None, *, gap: bool = False) -> str:
    """Write a measure in its unit: shares as percentages, their gaps in points of them."""
    if value is None or not value.known:
        return EMPTY
    if unit_of(finding, measure).startswith("share"):
        return value.times(100).text("% points" if gap else "%")
    return value.text()


def unit_of(finding: Finding, measure: str) -> str:
    """Return the unit of a measure, as the finding gives it."""
    return str((finding.parameters.get("units") or {}).get(measure, ""))


def _head(finding: Finding, consequence: str, measure: str) -> str:
    if measure == "share_granted":
        return sentence(f"{consequence}, granted", stop="")
    unit = unit_of(finding, measure)
    label = sentence(plain(measure), stop="")
    return f"{label} ({unit})" if unit else label


def _label(place: Place) -> str:
    sensitive, group, reference = place
    label = group_label(sensitive, group)
    return f"{label} against {group_label(sensitive, reference).lower()}" if reference else label
