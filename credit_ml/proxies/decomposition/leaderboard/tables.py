"""Estimators in the order of their error, with every measure in a row."""

from credit_ml.core import Finding
from credit_ml.grammar.blocks import TableView
from credit_ml.grammar.numbers import Amount, percent
from credit_ml.grammar.rows import facts, level, rows
from credit_ml.grammar.tables import cell
from credit_ml.proxies.decomposition.leaderboard.facts import ALL, PROXIES, title, where

#: What each column after the first two holds: target, factors, measure.
SHOWN = {
    "Error": ("carrier", ALL, "error"),
    "Error, friends and address": ("carrier", PROXIES, "error"),
    "Bias": ("carrier", ALL, "bias"),
    "Coverage": ("carrier", ALL, "coverage"),
    "Largest part right": ("carrier", ALL, "top"),
    "Rank correlation": ("carrier", ALL, "rank"),
    "Error against the source": ("source", ALL, "error"),
}
#: Columns by which the error is shown, and what stands above.
PLACES = {"sensitive": "By feature", "size": "By people", "world": "By world", "rater": "By rater"}
_LABELS = ("target", "factors", "estimator", "measure", *PLACES)


def ranking_tables(finding: Finding) -> tuple[TableView, ...]:
    """Return the table over everything, and the error by world, rater, feature and size."""
    known = facts(finding, *_LABELS)
    ranked = rows(finding, **where(measure="error")).sort_values("estimate")
    order = {str(name): title(finding, str(name)) for name in ranked["estimator"]}
    kinds = finding.parameters["kinds"]

    def shown(name: str, target: str, factors: str, measure: str) -> str:
        measured = known.get((target, factors, name, measure, *[ALL] * len(PLACES)))
        share = measure in ("coverage", "top") and measured is not None and measured.known
        return measured.percent() if measured and share else cell(measured)

    body = tuple(
        (named, kinds.get(name, "attribution"), *(shown(name, *what) for what in SHOWN.values()))
        for name, named in order.items()
    )
    caption = f"Estimators against the truth ({percent(level(finding))} intervals over samples)"
    head = ("Estimator", "Kind", *SHOWN)
    whole = TableView(caption=caption, head=head, bodies=(("", body),), words=(0, 1))
    return (whole, _by_place(finding, known, order))


def _by_place(
    finding: Finding, known: dict[tuple[str, ...], Amount], order: dict[str, str]
) -> TableView:
    def line(dimension: str, value: str) -> tuple[str, ...]:
        place = [value if name == dimension else ALL for name in PLACES]
        errors = (known.get(("carrier", ALL, name, "error", *place)) for name in order)
        return (value, *map(cell, errors))

    bodies = tuple(
        (heading, tuple(line(name, str(v)) for v in finding.table[name].unique() if v != ALL))
        for name, heading in PLACES.items()
    )
    head = ("Where", *order.values())
    return TableView(caption="Error against the carrier truth", head=head, bodies=bodies)
