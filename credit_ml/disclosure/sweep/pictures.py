"""The picture that a page on secrecy opens with: gaming, knowledge and decisions by regime."""

from collections.abc import Iterator

from credit_ml.core import Finding
from credit_ml.core.results import StudyResults
from credit_ml.disclosure.plane.pictures import Bought, Plane
from credit_ml.disclosure.sweep.facts import by_regime, heading
from credit_ml.grammar.blocks import Overview, TableView
from credit_ml.grammar.numbers import Amount
from credit_ml.grammar.tables import EMPTY

#: What each regime is read by, with the head of its column.
COLUMNS = {
    "share_who_game": "Game",
    "knowledge": "Effects known (below 0: wrong beliefs)",
    "auc": "Pairs in right order",
    "accuracy": "Right decisions",
    "frontier_auc": "Seeds in which nothing betters it, by order",
    "frontier_accuracy": "Seeds in which nothing betters it, by right decisions",
    "frontier_profit": "Seeds in which nothing betters it, by profit",
}


def pictures(results: StudyResults) -> Iterator[Overview]:
    """Yield the plane of all regimes at the first scorer."""
    _, finding = next(results.of_kind("disclosure_sweep"))
    found = _bought(finding)
    if found:
        yield Overview(
            title="What each regime does: gaming, knowledge and right decisions",
            caption=(
                "Further left fewer game, further up more is known of what an action does; the "
                "legend says how many decisions are right. Filled: in most seeds, by the whole "
                "interval, no other regime is as good in all three and better in one; open: that "
                "is not so, or not decided. Less known than nothing, by wrong beliefs, stands at "
                "the lower edge."
            ),
            plot=Plane(regimes=found).plot,
            table=_table(finding),
            opening=True,
        )


def _bought(finding: Finding) -> tuple[Bought, ...]:
    asked = ("share_who_game", "knowledge", "accuracy", "frontier_accuracy")
    game, known, right, kept = (by_regime(finding, name) for name in asked)
    return tuple(
        Bought(
            name=heading(finding, regime),
            game=game[regime].times(100),
            known=known[regime].times(100),
            right=right[regime].times(100),
            kept=regime in kept and kept[regime].side(0.5) == "above",
        )
        for regime in finding.parameters["regimes"]
        if regime in game and regime in known and regime in right
    )


def _table(finding: Finding) -> TableView:
    found = {name: by_regime(finding, name) for name in COLUMNS}

    def cell(amount: Amount | None) -> str:
        return EMPTY if amount is None else amount.times(100).text("%")

    rows = tuple(
        (heading(finding, regime), *(cell(found[name].get(regime)) for name in COLUMNS))
        for regime in finding.parameters["regimes"]
    )
    caption = "Regimes, in percent"
    return TableView(caption=caption, head=("Regime", *COLUMNS.values()), bodies=(("", rows),))
