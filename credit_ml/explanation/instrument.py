"""What studies ask of reasons: how far each factor and feature moves scores."""

from collections.abc import Iterator

from pydantic import BaseModel, Field

from credit_ml.core import Context, Instrument
from credit_ml.explanation import (
    AttributionBands,
    Explanation,
    PartialDependence,
    PersonAttributions,
    Stability,
    SurrogateFidelity,
    attribution_bands,
    explain,
)
from credit_ml.explanation.tables import importance_table
from credit_ml.grammar.tables import plain_table


class ExplainOption(BaseModel, frozen=True, extra="forbid"):
    """How scores are explained."""

    people: int = Field(default=2000, ge=10)


def _explain(context: Context) -> Iterator[Explanation]:
    yield explain(
        context.rater,
        context.dataset,
        people=context.option.people,
        intervals=context.intervals,
        seed=context.seed,
    )


def _of_table(context: Context) -> Iterator[Explanation]:
    if context.raters:
        yield from _explain(context)


EXPLANATION = Instrument(
    id="explanation",
    home=__package__,
    findings=(Explanation,),
    section="reasons",
    run=_explain,
    sampled=_explain,
    on_table=_of_table,
    option=ExplainOption,
    key="explain",
    tables=lambda finding: [importance_table(finding)],
)


def _by_band(context: Context) -> Iterator[AttributionBands]:
    if context.raters:
        found = attribution_bands(context.rater, context.dataset, seed=context.seed)
        if len(found.table):
            yield found


ATTRIBUTION_BANDS = Instrument(
    id="attribution_bands",
    home=f"{__package__}.by_person",
    findings=(AttributionBands,),
    section="reasons",
    order=1,
    on_table=_by_band,
    template="bands.md.j2",
    tables=lambda finding: [plain_table(finding, ("name", "band", "estimate", "unit", "people"))],
)
#: Made by hand alone, for it holds rows of people: no audit stores any.
PERSON_ATTRIBUTIONS = Instrument(
    id="person_attributions",
    home=f"{__package__}.by_person",
    findings=(PersonAttributions,),
    section="reasons",
    order=2,
    tables=lambda finding: (),  # a row a person is no table to read
)
#: Made by hand alone: findings that no study asks for.
PARTIAL_DEPENDENCE, SURROGATE, STABILITY = (
    Instrument(id=finding.kind, home=__package__, findings=(finding,), template="")
    for finding in (PartialDependence, SurrogateFidelity, Stability)
)
