"""Tables of who gets what: a row a group, a column a metric; then gaps against the reference."""

from credit_ml.core import Finding
from credit_ml.core.finding import aside
from credit_ml.fairness.metrics import COUNTS, SHARES
from credit_ml.fairness.tables import table_by_group
from credit_ml.grammar.blocks import TableView
from credit_ml.grammar.names import group_label, metric_name
from credit_ml.grammar.numbers import Amount
from credit_ml.grammar.phrases import beside_head
from credit_ml.grammar.rows import facts
from credit_ml.grammar.tables import EMPTY, block_head, cell, shown

Facts = dict[tuple[str, ...], Amount]
#: Features that may meet in a group of the table; the tracked run holds every intersection.
MOST_CROSSED = 2


def audit_tables(finding: Finding) -> tuple[TableView, ...]:
    """Return two tables: the metrics of every group, and its gaps to the reference group.

    Intersections of more than two features are left to the finding itself: at hundreds of
    small groups a page no longer shows anything.
    """
    found = _facts(finding)
    return tuple(table for table in (_values(finding, found), _gaps(finding, found)) if table.size)


def _facts(finding: Finding, ends: tuple[str, str] = ("low", "high")) -> Facts:
    labels = ("quantity", "sensitive", "group", "reference_group", "measure")
    found = facts(finding, *labels, ends=ends)
    return {place: value for place, value in found.items() if place[1].count(" x ") < MOST_CROSSED}


def _values(finding: Finding, found: Facts) -> TableView:
    own = [place for place in found if place[0] == "value"]
    metrics = [name for name in dict.fromkeys(place[4] for place in own) if name != "count"]
    counts = {(place[1], place[2]): found.get((*place[:4], "count")) for place in own}
    people = {at: EMPTY if each is None else cell(each.estimate) for at, each in counts.items()}

    def value(sensitive: str, group: str, metric: str) -> Amount | None:
        return found.get(("value", sensitive, group, "", metric))

    return table_by_group(finding, f"{finding.title}: every group", people, metrics, value)


def _gaps(finding: Finding, found: Facts) -> TableView:
    own = [
        place[1:]
        for place in found
        if place[0] in ("difference", "ratio") and place[4] not in COUNTS and " x " not in place[1]
    ]
    ends, heads = aside(finding.table), ["Difference", "Ratio"]
    beside = _facts(finding, ends) if ends else None
    if beside is not None:
        more = beside_head(finding)
        heads = [head for name in heads for head in (name, f"{name}, {more}")]
    bodies = []
    for sensitive in dict.fromkeys(place[0] for place in own):
        places = [place for place in dict.fromkeys(own) if place[0] == sensitive]
        lines = tuple(_gap_row(found, beside, *place) for place in places)
        bodies.append((block_head(sensitive), lines))
    return TableView(
        caption=f"{finding.title}: gaps to the reference group",
        head=("Group", "Against", "Metric", *heads),
        bodies=tuple(bodies),
        words=(0, 1, 2),
        dash="scores have no ratio, and a rate of nobody is none",
    )


def _gap_row(
    found: Facts, beside: Facts | None, sensitive: str, group: str, reference: str, metric: str
) -> tuple[str, ...]:
    names = group_label(sensitive, group), group_label(sensitive, reference), metric_name(metric)
    cells = []
    for quantity in ("difference", "ratio"):
        at = (quantity, sensitive, group, reference, metric)
        value = found.get(at)
        if quantity == "difference":
            cells.append(shown(value, share=metric in SHARES, gap=True))
        else:
            cells.append(EMPTY if value is None or not value.known else value.text())
        if beside is not None:
            cells.append(_interval_cell(quantity, metric, beside.get(at)))
    return (*names, *cells)


def _interval_cell(quantity: str, metric: str, value: Amount | None) -> str:
    if value is None or not value.ranged:
        return EMPTY
    shares = quantity == "difference" and metric in SHARES
    return value.times(100).interval("% points") if shares else value.interval()
