"""Estimators in the order of their error, with every measure in a row."""

from credit_ml.core import Finding
from credit_ml.grammar.blocks import TableView
from credit_ml.grammar.numbers import Amount, percent
from credit_ml.grammar.rows import facts, level, rows
from credit_ml.grammar.tables import EMPTY, cell

ALL, PROXIES = "(all)", "(proxies)"
HEAD = (
    "Estimator",
    "Kind",
    "Error",
    "Error, friends and address",
    "Bias",
    "Coverage",
    "Largest part right",
    "Rank correlation",
    "Error against the source",
)
#: What each column after the first two holds: target, factors, measure.
SHOWN = (
    ("carrier", ALL, "error"),
    ("carrier", PROXIES, "error"),
    ("carrier", ALL, "bias"),
    ("carrier", ALL, "coverage"),
    ("carrier", ALL, "top"),
    ("carrier", ALL, "rank"),
    ("source", ALL, "error"),
)


def ranking_tables(finding: Finding) -> tuple[TableView, ...]:
    """Return the table over everything, and the error by world, rater, feature and size."""
    known = facts(
        finding, "target", "factors", "estimator", "measure", "sensitive", "size", "world", "rater"
    )
    order = _order(finding)
    titles, kinds = finding.parameters["titles"], finding.parameters["kinds"]
    shares = ("coverage", "top")

    def shown(name: str, target: str, factors: str, measure: str) -> str:
        measured = known.get((target, factors, name, measure, ALL, ALL, ALL, ALL))
        if measured is None or not measured.known:
            return EMPTY
        return measured.percent() if measure in shares else cell(measured)

    body = tuple(
        (
            titles.get(name, name.replace("_", " ")),
            kinds.get(name, "attribution"),
            *(shown(name, *what) for what in SHOWN),
        )
        for name in order
    )
    caption = f"Estimators against the truth ({percent(level(finding))} intervals over samples)"
    whole = TableView(caption=caption, head=HEAD, bodies=(("", body),), words=(0, 1))
    return (whole, _by_place(finding, known, order))


def _by_place(
    finding: Finding, known: dict[tuple[str, ...], Amount], order: list[str]
) -> TableView:
    titles = finding.parameters["titles"]
    bodies = []
    for place, dimension in enumerate(("sensitive", "size", "world", "rater")):
        values = [str(v) for v in finding.table[dimension].unique() if v != ALL]
        lines = []
        for value in values:
            key = [ALL] * 4
            key[place] = value
            cells = [known.get(("carrier", ALL, name, "error", *key)) for name in order]
            lines.append((value, *(EMPTY if c is None else cell(c) for c in cells)))
        names = {"sensitive": "By feature", "size": "By people", "world": "By world"}
        bodies.append((names.get(dimension, "By rater"), tuple(lines)))
    head = ("Where", *(titles.get(name, name.replace("_", " ")) for name in order))
    return TableView(caption="Error against the carrier truth", head=head, bodies=tuple(bodies))


def _order(finding: Finding) -> list[str]:
    whole = rows(
        finding,
        target="carrier",
        factors=ALL,
        sensitive=ALL,
        size=ALL,
        world=ALL,
        rater=ALL,
        measure="error",
    ).sort_values("estimate")
    return [str(name) for name in whole["estimator"]]
