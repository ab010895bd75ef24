"""The map of a city by score: asked of the first rater by a study's table ``[score_map]``."""

from collections.abc import Iterator

from pydantic import BaseModel

from credit_ml.core import Context, Finding, Instrument
from credit_ml.fairness.places.compute import FEWEST, score_map
from credit_ml.fairness.places.finding import ScoreMap
from credit_ml.grammar.blocks import TableView
from credit_ml.grammar.numbers import Amount
from credit_ml.grammar.rows import records
from credit_ml.grammar.tables import EMPTY, interval_head


class ScoreMapOption(BaseModel, frozen=True, extra="forbid"):
    """Nothing is to be chosen: the map is of the first rater's scores."""


def _run(context: Context) -> Iterator[ScoreMap]:
    society = context.society
    # A society so small that all live in one district has no map.
    if (society.people["district"].value_counts() >= FEWEST).sum() < 2:
        return
    yield score_map(
        context.points,
        context.dataset,
        society.people["district"],
        society.records["income"],
        rater=context.name,
        intervals=context.intervals,
    )


#: What a row of several districts is called.
SEVERAL = {
    "mean_score": "Everybody",
    "poorest_fifth": "Poorest fifth of the districts",
    "richest_fifth": "Richest fifth of the districts",
    "richest_less_poorest": "Richest less poorest",
}


def map_tables(finding: Finding) -> Iterator[TableView]:
    """Yield fifths of the districts, then every district."""
    bodies: dict[str, list[tuple[str, ...]]] = {"": [], "Districts, the poorest first": []}
    for row in records(finding.table):
        own, measured = row["place"] > 0, Amount.of(row)
        name = f"District {row['place']:.0f}" if own else SEVERAL[str(row["measure"])]
        told = measured.text() if measured.known else EMPTY
        bodies["Districts, the poorest first" if own else ""].append(
            (name, f"{row['people']:,.0f}", told)
        )
    head = ("Where", "People", interval_head(finding, "Mean points"))
    body = tuple((heading, tuple(lines)) for heading, lines in bodies.items())
    yield TableView(caption=finding.title, head=head, bodies=body)


SCORE_MAP = Instrument(
    id="score_map",
    home=__package__,
    findings=(ScoreMap,),
    section="audit",
    order=5,
    stage="across",
    by_default=False,
    run=_run,
    option=ScoreMapOption,
    tables=map_tables,
)
