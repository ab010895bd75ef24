"""What studies ask of groups' treatment: quality, calibration, audit, agreement."""

from collections.abc import Iterator, Mapping

import pandas as pd
from pydantic import BaseModel, Field

from credit_ml.core import Context, Finding, Instrument
from credit_ml.fairness.audit.compute import audit
from credit_ml.fairness.audit.finding import Audit
from credit_ml.fairness.decisions.conditional import ConditionalDisparity
from credit_ml.fairness.decisions.impact import Impact
from credit_ml.fairness.decisions.parity import Parity
from credit_ml.fairness.raters.agreement import Agreement, agreement
from credit_ml.fairness.raters.multiplicity import Multiplicity, SelfConsistency
from credit_ml.fairness.scores.calibration import Calibration, calibration
from credit_ml.fairness.scores.costs import ErrorCosts
from credit_ml.fairness.scores.quality import Quality, quality
from credit_ml.fairness.scores.separation import Separation


class AuditOption(BaseModel, frozen=True, extra="forbid"):
    """How decisions are audited."""

    replicates: int | None = Field(default=None, ge=100)
    """Did something once: intervals have no chance in them. Accepted, with a warning."""
    intersections: bool = True


def _quality(context: Context) -> Iterator[Quality]:
    rater = context.rater
    yield quality(
        rater.predict_proba(context.dataset.X)[:, 1],
        context.dataset,
        sensitive=list(context.sensitive),
        rater=rater.name,
        intervals=context.intervals,
    )


def _quality_of_table(context: Context) -> Iterator[Quality]:
    if context.raters:
        yield quality(context.points, context.dataset, rater=context.name)


def _calibration(context: Context) -> Iterator[Calibration]:
    if context.lead is not None:
        yield calibration(
            context.rater.predict_proba(context.dataset.X)[:, 1],
            context.dataset,
            sensitive=context.lead.sensitive,
            rater=context.rater.name,
            intervals=context.intervals,
        )


def _audit(context: Context) -> Mapping[str, Finding]:
    found = audit(
        context.decided,
        context.dataset,
        scores=context.points,
        sensitive=list(context.sensitive),
        reference_groups=context.reference_groups,
        intersections=context.option.intersections,
        decision=context.decision,
        rater=context.name,
        intervals=context.intervals,
        over="people" if context.resampled else "auto",
    )
    return {"audit": found}


def _agreement(context: Context) -> Iterator[Agreement]:
    """Compare all raters' orders, and the decisions at each one's first privilege."""
    raters = context.raters
    if len(raters) < 2:
        return
    views = {rater.name: rater.agency.view(context.society) for rater in raters}
    points = pd.DataFrame({rater.name: rater.score(views[rater.name].X) for rater in raters})
    decided = {
        rater.name: points[rater.name] >= rater.agency.privileges[0].threshold
        for rater in raters
        if rater.agency.privileges
    }
    yield agreement(points, decided, context.dataset, intervals=context.intervals)


QUALITY = Instrument(
    id="quality",
    home=__package__,
    findings=(Quality,),
    section="quality",
    run=_quality,
    on_table=_quality_of_table,
    template="quality.md.j2",
)
CALIBRATION = Instrument(
    id="calibration",
    home=__package__,
    findings=(Calibration,),
    section="quality",
    order=1,
    run=_calibration,
    template="calibration.md.j2",
)
AUDIT = Instrument(
    id="audit",
    home=__package__,
    findings=(Audit,),
    section="audit",
    run=lambda context: context.estimates.values(),
    on_table=lambda context: _audit(context).values(),
    estimate=_audit,
    option=AuditOption,
    template="audit.md.j2",
)
AGREEMENT = Instrument(
    id="agreement",
    home=__package__,
    findings=(Agreement,),
    section="raters",
    stage="across",
    run=_agreement,
    template="agreement.md.j2",
)
#: Made by hand alone: findings that no study asks for.
MULTIPLICITY = Instrument(
    id="multiplicity", home=__package__, findings=(Multiplicity, SelfConsistency), template=""
)
SEPARATION = Instrument(id="separation", home=__package__, findings=(Separation,), template="")
CONDITIONAL = Instrument(
    id="conditional_disparity", home=__package__, findings=(ConditionalDisparity,), template=""
)
IMPACT = Instrument(id="impact", home=__package__, findings=(Impact,), template="")
ERROR_COSTS = Instrument(id="error_costs", home=__package__, findings=(ErrorCosts,), template="")
PARITY = Instrument(id="parity", home=__package__, findings=(Parity,), template="")
