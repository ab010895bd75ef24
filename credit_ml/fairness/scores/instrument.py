"""How well scores rate, and what a probability means, group by group."""

from collections.abc import Iterator
from typing import Any

from credit_ml.core import Context, Instrument
from credit_ml.core.instrument import Merging
from credit_ml.fairness.scores.calibration import Calibration, calibration
from credit_ml.fairness.scores.costs import ErrorCosts
from credit_ml.fairness.scores.merged import ERROR, merged_quality, quality_summary
from credit_ml.fairness.scores.quality import Quality, quality, quality_of_order
from credit_ml.fairness.scores.separation import Separation
from credit_ml.fairness.tables import quality_table


def _quality(context: Context) -> Iterator[Quality]:
    chance = context.rater.predict_proba(context.dataset.X)[:, 1]
    said: dict[str, Any] = {"rater": context.rater.name, "intervals": context.intervals}
    yield quality(chance, context.dataset, sensitive=list(context.sensitive), **said)


def _quality_of_table(context: Context) -> Iterator[Quality]:
    # Scores that are no probabilities can only be held against outcomes in order.
    chances = context.raters and context.points.between(0, 1).all()
    if context.dataset.y is not None:
        measured = quality if chances else quality_of_order
        yield measured(context.points, context.dataset, rater=context.name)


def _calibration(context: Context) -> Iterator[Calibration]:
    if context.lead is not None:
        chance = context.rater.predict_proba(context.dataset.X)[:, 1]
        said: dict[str, Any] = {"rater": context.rater.name, "intervals": context.intervals}
        yield calibration(chance, context.dataset, sensitive=context.lead.sensitive, **said)


QUALITY = Instrument(
    id="quality",
    home=__package__,
    findings=(Quality,),
    section="quality",
    run=_quality,
    on_table=_quality_of_table,
    merging=Merging(summarise=quality_summary, findings=merged_quality, error=ERROR),
    template="quality.md.j2",
    tables=lambda finding: [quality_table(finding)],
)
CALIBRATION = Instrument(
    id="calibration",
    home=__package__,
    findings=(Calibration,),
    section="quality",
    order=1,
    run=_calibration,
    sampled=_calibration,
    template="calibration.md.j2",
)
#: Made by hand alone: findings that no study asks for.
SEPARATION = Instrument(id="separation", home=__package__, findings=(Separation,), template="")
ERROR_COSTS = Instrument(id="error_costs", home=__package__, findings=(ErrorCosts,), template="")
