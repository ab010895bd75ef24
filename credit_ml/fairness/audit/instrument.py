"""Who gets what, at every rater of a study and for the scores of a table."""

import warnings
from collections.abc import Mapping
from typing import Any

from pydantic import BaseModel, model_validator

from credit_ml.core import Context, Finding, Instrument
from credit_ml.fairness.audit.compute import audit
from credit_ml.fairness.audit.facts import matrix
from credit_ml.fairness.audit.finding import Audit
from credit_ml.fairness.audit.pictures import pictures
from credit_ml.fairness.audit.tables import audit_tables


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


INSTRUMENT = Instrument(
    id="audit",
    home=__package__,
    findings=(Audit,),
    section="audit",
    run=lambda context: context.estimates.values(),
    on_table=lambda context: _audit(context).values(),
    estimate=_audit,
    option=AuditOption,
    tables=audit_tables,
    matrix=matrix,
    overviews=pictures,
)
