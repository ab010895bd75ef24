"""Tables of who gets what: a row a group, a column a metric; then gaps against the reference."""

from credit_ml.core import Finding
from credit_ml.reports.names import group_label, metric_name, sensitive_name, sentence
from credit_ml.reports.numbers import Measured, percent
from credit_ml.reports.pieces import TableView
from credit_ml.reports.rows import fact, level, rows, values
from credit_ml.reports.tables.plain import EMPTY, Rows, cell

#: Metrics that are shares of people, shown as percentages.
SHARES = (
    "base_rate",
    "selection_rate",
    "true_positive_rate",
    "false_positive_rate",
    "precision",
    "accuracy",
)


def audit_tables(finding: Finding) -> tuple[TableView, ...]:
    """Return two tables: the metrics of every group, and its gaps to the reference group."""
    return tuple(table for table in (_values(finding), _gaps(finding)) if table.size)


def _values(finding: Finding) -> TableView:
    metrics = [name for name in values(finding, "metric", quantity="value") if name != "count"]
    bodies = tuple(
        (_block(sensitive), _value_rows(finding, sensitive, metrics))
        for sensitive in values(finding, "sensitive", quantity="value")
    )
    return TableView(
        caption=f"{finding.title}: every group ({percent(level(finding))} intervals)",
        head=("Group", "People", *(sentence(metric_name(name), stop="") for name in metrics)),
        bodies=bodies,
    )


def _value_rows(finding: Finding, sensitive: str, metrics: list[str]) -> Rows:
    found = rows(finding, quantity="value", sensitive=sensitive)
    lines = []
    for group in [str(value) for value in found["group"].unique()]:
        people = found[found["group"].astype(str) == group]["people"].max()
        facts = (
            fact(finding, quantity="value", sensitive=sensitive, group=group, metric=name)
            for name in metrics
        )
        cells = (shown(name, value) for name, value in zip(metrics, facts, strict=True))
        lines.append((group_label(sensitive, group), cell(float(people)), *cells))
    return tuple(lines)


def _gaps(finding: Finding) -> TableView:
    found = rows(finding, quantity=("difference", "ratio"))
    found = found[found["metric"] != "count"] if len(found) else found
    bodies = []
    for sensitive in dict.fromkeys(found["sensitive"].astype(str)):
        part = found[found["sensitive"].astype(str) == sensitive]
        pairs = dict.fromkeys(
            zip(part["group"].astype(str), part["reference_group"].astype(str), strict=True)
        )
        lines = tuple(
            line
            for group, reference in pairs
            for line in _gap_rows(finding, sensitive, group, reference)
        )
        bodies.append((_block(sensitive), lines))
    return TableView(
        caption=f"{finding.title}: gaps to the reference group",
        head=("Group", "Against", "Metric", "Difference", "Ratio"),
        bodies=tuple(bodies),
        words=(0, 1, 2),
    )


def _gap_rows(finding: Finding, sensitive: str, group: str, reference: str) -> Rows:
    at = {"sensitive": sensitive, "group": group, "reference_group": reference}
    names = values(finding, "metric", quantity=("difference", "ratio"), **at)
    return tuple(
        (
            group_label(sensitive, group),
            group_label(sensitive, reference),
            metric_name(name),
            shown(name, fact(finding, quantity="difference", metric=name, **at), gap=True),
            _ratio(fact(finding, quantity="ratio", metric=name, **at)),
        )
        for name in names
        if name != "count"
    )


def shown(metric: str, value: Measured | None, *, gap: bool = False) -> str:
    """Write a metric in its own unit: shares as percentages, their gaps in points of them."""
    if value is None:
        return EMPTY
    if metric in SHARES:
        return value.times(100).text("% points" if gap else "%")
    return value.text()


def quality_table(finding: Finding) -> TableView:
    """Return how well the scores rate: a row a group, a column a measure."""
    measures = values(finding, "measure")
    bodies = tuple(
        (
            _block(sensitive),
            tuple(
                (
                    group_label(sensitive, group),
                    cell(float(rows(finding, sensitive=sensitive, group=group)["people"].iloc[0])),
                    *(
                        shown(name, fact(finding, measure=name, sensitive=sensitive, group=group))
                        for name in measures
                    ),
                )
                for group in values(finding, "group", sensitive=sensitive)
            ),
        )
        for sensitive in values(finding, "sensitive")
    )
    return TableView(
        caption=f"{finding.title} ({percent(level(finding))} intervals)",
        head=("Group", "People", *(sentence(metric_name(name), stop="") for name in measures)),
        bodies=bodies,
    )


def _ratio(value: Measured | None) -> str:
    return EMPTY if value is None else value.text()


def _block(sensitive: str) -> str:
    return "" if sensitive == "overall" else sentence(sensitive_name(sensitive), stop="")
