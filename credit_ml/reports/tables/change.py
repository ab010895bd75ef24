"""Tables of what disclosure changes: a row a measure, a column a regime."""

from credit_ml.core import Finding
from credit_ml.reports.names import group_label, plain, sensitive_name, sentence
from credit_ml.reports.numbers import Measured, percent
from credit_ml.reports.pieces import TableView
from credit_ml.reports.rows import fact, level, rows, values
from credit_ml.reports.tables.plain import EMPTY, Rows

#: Measures of `Disclosure.table`, as the heads of rows.
MEASURE = {
    "share_who_act": "Share who act",
    "spending": "Spending",
    "points_gained": "Points gained",
    "privileges_won": "Privileges won",
    "privileges_lost": "Privileges lost",
    "wasted": "Spending that changed no decision",
    "accuracy": "Accuracy of decisions",
    "score_gap_before": "Score gap before",
    "score_gap_after": "Score gap after",
    "selection_gap_before": "Selection gap before",
    "selection_gap_after": "Selection gap after",
    "social_burden": "Social burden",
    "price_of_opacity": "Price of opacity",
    "rank_inflation": "Rank inflation",
    "improvement_share": "Share of the gain that is improvement",
}

REGIME_HEAD = {
    "nothing": "Nothing told",
    "factors": "Factors named",
    "weights": "Weights told",
    "full": "Whole model told",
}


def disclosure_tables(finding: Finding) -> tuple[TableView, ...]:
    """Return one table of everyone and, where groups were measured, one of the groups."""
    regimes = values(finding, "regime")
    features = [name for name in values(finding, "sensitive") if name != "overall"]
    head = tuple(REGIME_HEAD.get(name, sentence(plain(name), stop="")) for name in regimes)
    whole = _measure_rows(finding, regimes, sensitive="overall")
    note = f"({percent(level(finding))} intervals)"
    tables = [
        TableView(
            caption=f"{finding.title}: everyone {note}",
            head=("Measure", "Unit", *head),
            bodies=(("", whole),),
            words=(0, 1),
        )
    ]
    bodies = tuple(
        (_group_heading(*at), _measure_rows(finding, regimes, **_named(at)))
        for at in _groups(finding, features)
    )
    if bodies:
        tables.append(
            TableView(
                caption=f"{finding.title}: by group {note}",
                head=("Measure", "Unit", *head),
                bodies=bodies,
                words=(0, 1),
            )
        )
    return tuple(table for table in tables if table.size)


def _groups(finding: Finding, features: list[str]) -> list[tuple[str, str, str]]:
    found = rows(finding, sensitive=tuple(features))
    columns = (found[name].astype(str) for name in ("sensitive", "group", "reference_group"))
    return list(dict.fromkeys(zip(*columns, strict=True)))


def _named(at: tuple[str, str, str]) -> dict[str, str]:
    return dict(zip(("sensitive", "group", "reference_group"), at, strict=True))


def _group_heading(sensitive: str, group: str, reference: str) -> str:
    label = f"{sentence(sensitive_name(sensitive), stop='')}: {group_label(sensitive, group)}"
    return f"{label} against {group_label(sensitive, reference)}" if reference else label


def _measure_rows(finding: Finding, regimes: list[str], **at: str) -> Rows:
    lines = []
    for measure in values(finding, "measure", **at):
        units = values(finding, "unit", measure=measure, **at)
        facts = [fact(finding, regime=name, measure=measure, **at) for name in regimes]
        unit = units[0] if units else ""
        label = MEASURE.get(measure, sentence(plain(measure), stop=""))
        cells = (EMPTY if value is None else in_units(value, unit)[0].text() for value in facts)
        lines.append((label, in_units(Measured(0.0), unit)[1], *cells))
    return tuple(lines)


def in_units(value: Measured, unit: str) -> tuple[Measured, str]:
    """Return a measurement and its unit as they are shown: shares become percentages.

    Examples
    --------
    >>> in_units(Measured(0.25), "share")
    (Measured(estimate=25.0, low=nan, high=nan), '%')
    """
    if unit in ("share", "share of people", "probability", "fraction"):
        return value.times(100), "%"
    return value, unit
