"""Tables of what disclosure changes: a row a measure, a column a regime."""

from credit_ml.core import Finding
from credit_ml.disclosure.finding import NOBODY_ACTS
from credit_ml.disclosure.measures import MEASURES
from credit_ml.grammar.blocks import TableView
from credit_ml.grammar.names import group_label, plain, sensitive_name, sentence
from credit_ml.grammar.numbers import Amount, in_units, percent
from credit_ml.grammar.rows import facts, level, records, values
from credit_ml.grammar.tables import EMPTY, Rows
from credit_ml.response.aim import FAVOURABLE

#: Where a group's measures stand: sensitive, group, reference group.
Place = tuple[str, ...]


def disclosure_tables(finding: Finding) -> tuple[TableView, ...]:
    """Return one table of everyone and, where groups were measured, one of the groups."""
    found = _told(facts(finding, "sensitive", "group", "reference_group", "measure", "regime"))
    units = {str(row["measure"]): str(row["unit"]) for row in records(finding.table)}
    decided = list(finding.parameters.get("privileges", ())) == [FAVOURABLE]
    heads = {name: _head(name, unit, decided=decided) for name, unit in units.items()}
    regimes = values(finding, "regime")
    headings = finding.parameters.get("headings", {})
    places = list(dict.fromkeys(place[:3] for place in found))
    note = f"({percent(level(finding))} intervals)"
    tables = []
    for caption, wanted in (("everyone", True), ("by group", False)):
        bodies = tuple(
            ("" if wanted else _heading(*place), _measure_rows(found, heads, regimes, place))
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


def _told(found: dict[Place, Amount]) -> dict[Place, Amount]:
    """Return what a page shows: no measure of what does not exist here, and so is 0 everywhere."""
    some = {place[3] for place, value in found.items() if value.known and value.estimate != 0}
    return {
        place: value
        for place, value in found.items()
        if place[3] in some or not MEASURES[place[3]].get("unless_none")
    }


def _heading(sensitive: str, group: str, reference: str) -> str:
    label = f"{sentence(sensitive_name(sensitive), stop='')}: {group_label(sensitive, group)}"
    return f"{label} against {group_label(sensitive, reference)}" if reference else label


def _head(measure: str, unit: str, *, decided: bool) -> tuple[str, str, str]:
    """Return what a measure is called, what its unit is, and how that is shown."""
    unit = MEASURES[measure].get("shown", unit)
    named = MEASURES[measure].get("head", sentence(plain(measure), stop=""))
    label, shown = named, in_units(Amount(0.0), unit)[1]
    if decided:
        label, shown = MEASURES[measure].get("decided", (label, shown))
    return label, unit, shown


def _measure_rows(
    found: dict[Place, Amount],
    heads: dict[str, tuple[str, str, str]],
    regimes: list[str],
    place: Place,
) -> Rows:
    lines = []
    for measure in dict.fromkeys(at[3] for at in found if at[:3] == place):
        label, unit, shown = heads[measure]
        cells = (_shown(found.get((*place, measure, name)), unit) for name in regimes)
        lines.append((label, shown, *cells))
    return tuple(lines)


def _shown(value: Amount | None, unit: str) -> str:
    return EMPTY if value is None or not value.known else in_units(value, unit)[0].text()
