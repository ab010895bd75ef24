"""Tables of what carries a gap, a column a method."""

from credit_ml.core import Finding
from credit_ml.core.finding import aside
from credit_ml.grammar.blocks import TableView
from credit_ml.grammar.names import factor_name, method_name, pair_name, sentence, unit_name
from credit_ml.grammar.numbers import Amount
from credit_ml.grammar.phrases import beside_head
from credit_ml.grammar.rows import facts, pairs_of, values
from credit_ml.grammar.tables import EMPTY, Rows


def gap_table(finding: Finding) -> TableView:
    """Return each factor's part of each gap, as every method has it; parts sum to the gap."""
    unit = str(finding.parameters.get("unit", ""))
    methods = values(finding, "method")
    labels = ("method", "sensitive", "group", "reference_group", "factor")
    found = facts(finding, *labels)
    ends = aside(finding.table)
    beside = facts(finding, *labels, ends=ends) if ends else {}
    beside = {place: value for place, value in beside.items() if value.ranged}
    columns = [
        (method, known)
        for method in methods
        for known in (found, beside)
        if any(place[0] == method for place in known)
    ]

    def lines(pair: tuple[str, str, str]) -> Rows:
        factors = dict.fromkeys(place[4] for place in found if place[1:4] == pair)
        shown = []
        for factor in sorted(factors, key=("(gap)", "(together)").__contains__):
            cells = (
                _in_unit(known.get((method, *pair, factor)), unit, alone=known is not found)
                for method, known in columns
            )
            shown.append((sentence(factor_name(factor), stop=""), *cells))
        return tuple(shown)

    heads = (
        sentence(method_name(method), stop="")
        + (f", {beside_head(finding)}" if known is beside else "")
        for method, known in columns
    )
    bodies = tuple((pair_name(*pair), lines(pair)) for pair in pairs_of(finding.table))
    caption = f"{finding.title}, in {unit_name(unit)}"
    dash = "friends live in all districts, so that no interval over districts holds what they carry"
    return TableView(caption=caption, head=("Factor", *heads), bodies=bodies, dash=dash)


def _in_unit(value: Amount | None, unit: str, *, alone: bool) -> str:
    """Write a part with its interval, or the interval alone."""
    if value is None or not value.known:
        return EMPTY
    value = value.times(100) if unit == "probability" else value
    return value.interval() if alone else value.text()
