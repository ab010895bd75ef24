"""What audit checks are given of a study of one society, and of an audit of a table."""

from dataclasses import replace
from typing import Any

import pandas as pd

from credit_ml.agencies import Rater
from credit_ml.agencies.view import learns_from
from credit_ml.core import Context, RaterResults
from credit_ml.governance import AuditCase
from credit_ml.society import Society
from credit_ml.studies.measure import context_of
from credit_ml.studies.study import Study


def case_of_rater(study: Study, society: Society, rater: Rater, results: RaterResults) -> AuditCase:
    """Return what is known of a rater of a society."""
    first = next(study.asked())
    context = context_of(study, first, [rater], society)
    seen = context.dataset
    return replace(
        case_of(context, results),
        columns=str(rater.agency.id),
        chance=rater.predict_proba(seen.X)[:, 1],
        named_threshold=bool(rater.agency.privileges),
        learned=learns_from(seen),
        world=society.world,
    )


def case_of(context: Context, results: RaterResults, **known: Any) -> AuditCase:
    """Return what an instrument's context and a rater's findings say."""
    return AuditCase(
        dataset=context.dataset,
        rater=results.name,
        findings=results.findings,
        points=pd.Series(context.points),
        threshold=context.threshold,
        followed=context.followed.sensitive,
        seed=context.seed,
        **known,
    )
