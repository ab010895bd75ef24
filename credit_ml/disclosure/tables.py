"""Tables of what disclosure changes: a row a measure, a column a regime."""

from credit_ml.core import Finding
from credit_ml.disclosure.finding import NOBODY_ACTS
from credit_ml.disclosure.measures import MEASURES
from credit_ml.grammar.blocks import TableView
from credit_ml.grammar.names import group_label, plain, sensitive_name, sentence
from credit_ml.grammar.numbers import Amount, in_units, percent
from credit_ml.grammar.rows import facts, level, records, values
from credit_ml.grammar.tables import EMPTY, Rows

#: Where a group's measures stand: sensitive, group, reference group.
Place = tuple[str, ...]


def disclosure_tables(finding: Finding) -> tuple[TableView, ...]:
    """Return one table of everyone and, where groups were measured, one of the groups."""
    found = facts(finding, "sensitive", "group", "reference_group", "measure", "regime")
    units = {str(row["measure"]): str(row["unit"]) for row in records(finding.table)}
    regimes = values(finding, "regime")
    headings = finding.parameters.get("headings", {})
    places = list(dict.fromkeys(place[:3] for place in found))
    note = f"({percent(level(finding))} intervals)"
    tables = []
    for caption, wanted in (("everyone", True), ("by group", False)):
        bodies = tuple(
            ("" if wanted else _heading(*place), _measure_rows(found, units, regimes, place))
            for place in places
            if (place[0] == "overall") == wanted
        )
        head = (headings.get(name) or sentence(plain(name), stop="") for name in regimes)
        tables.append(
            TableView(
                caption=f"{finding.title}: {caption} {note}",
                head=("Measure", "Unit", *head),
                bodies=bodies,
                words=(0, 1),
                dash=NOBODY_ACTS,
            )
        )
    return tuple(table for table in tables if table.size)


def _heading(sensitive: str, group: str, reference: str) -> str:
    label = f"{sentence(sensitive_name(sensitive), stop='')}: {group_label(sensitive, group)}"
    return f"{label} against {group_label(sensitive, reference)}" if reference else label


def _measure_rows(
    found: dict[tuple[str, ...], Amount], units: dict[str, str], regimes: list[str], place: Place
) -> Rows:
    lines = []
    for measure in dict.fromkeys(at[3] for at in found if at[:3] == place):
        unit = MEASURES[measure].get("shown", units[measure])
        cells = (_shown(found.get((*place, measure, name)), unit) for name in regimes)
        label = MEASURES[measure].get("head", sentence(plain(measure), stop=""))
        lines.append((label, in_units(Amount(0.0), unit)[1], *cells))
    return tuple(lines)


def _shown(value: Amount | None, unit: str) -> str:
    return EMPTY if value is None or not value.known else in_units(value, unit)[0].text()
