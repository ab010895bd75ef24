"""Who gets what, at every rater of a study and for the scores of a table."""

import warnings
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel, model_validator

from credit_ml.core import Context, Finding, Instrument
from credit_ml.core.instrument import Merging, NationPart
from credit_ml.core.tables.summary import Summary
from credit_ml.fairness.audit.compute import audit, audit_tally
from credit_ml.fairness.audit.facts import matrix
from credit_ml.fairness.audit.finding import Audit
from credit_ml.fairness.audit.pictures import pictures
from credit_ml.fairness.audit.tables import audit_tables
from credit_ml.fairness.tally.summed import most_clusters, summed, tally_of
from credit_ml.fairness.tally.tally import Tally


class AuditOption(BaseModel, frozen=True, extra="forbid"):
    """How decisions are audited."""

    intersections: bool = True

    @model_validator(mode="before")
    @classmethod
    def _no_replicates(cls, given: Any) -> Any:
        """Take an option away that intervals had once, with a warning."""
        if isinstance(given, Mapping) and "replicates" in given:
            said = "audit, replicates: does nothing, since intervals have no chance in them"
            warnings.warn(said, FutureWarning, stacklevel=2)
            return {name: value for name, value in given.items() if name != "replicates"}
        return given


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
        over=context.over,
    )
    return {"audit": found}


def _summary(context: Context, part: NationPart) -> Summary:
    features = context.dataset.sensitive[list(context.sensitive)]
    codes = part.clusters % most_clusters(features)
    told: dict[str, Any] = {"y": context.dataset.y, "scores": context.points, "clusters": codes}
    return summed(Tally.of(context.decided, features, **told), "audit")


def _merged(context: Context, summary: Summary) -> Iterator[Audit]:
    yield audit_tally(
        tally_of(summary, "audit", context.dataset.sensitive[list(context.sensitive)]),
        reference_groups=context.reference_groups,
        intersections=context.option.intersections,
        decision=context.decision,
        rater=context.name,
        intervals=context.intervals,
        over=context.over,
    )


INSTRUMENT = Instrument(
    id="audit",
    home=__package__,
    findings=(Audit,),
    section="audit",
    run=lambda context: context.estimates.values(),
    on_table=lambda context: _audit(context).values(),
    estimate=_audit,
    merging=Merging(summarise=_summary, findings=_merged, error="exact"),
    option=AuditOption,
    tables=audit_tables,
    matrix=matrix,
    overviews=pictures,
)
