"""Every declared instrument on one fitted rater, and on all of them together."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd

from credit_ml.agencies import Rater
from credit_ml.core import Finding, RaterResults
from credit_ml.society import Society
from credit_ml.studies.estimates import Estimates, context_of
from credit_ml.studies.study import Study


@dataclass(frozen=True, kw_only=True)
class Fitted:
    """A fitted rater and what was found about it."""

    id: str
    """Agency and kind of scorer: unique in a study."""
    rater: Rater
    sample: pd.DataFrame
    """A few rows that the scorer reads, for its signature."""
    results: RaterResults


def measure(study: Study, rater: Rater, society: Society, estimates: Estimates) -> Fitted:
    """Run every instrument of one rater."""
    found: list[Finding] = []
    for each in study.asked():
        if each.stage == "rater" and each.run is not None:
            context = context_of(study, each, [rater], society)
            found += each.run(replace(context, estimates=estimates.get(each.id, {})))
    name = f"{rater.agency.id}-{rater.kind}"
    results = RaterResults(
        id=name,
        name=rater.name,
        agency=rater.agency.model_dump(mode="json"),
        scorer_kind=rater.kind,
        findings=tuple(found),
    )
    sample = rater.agency.view(society).X[list(rater.columns)].head(20)
    return Fitted(id=name, rater=rater, sample=sample, results=results)


def across(study: Study, society: Society, fitted: Sequence[Fitted]) -> tuple[Finding, ...]:
    """Run what is asked of the society, and of all raters together."""
    made = tuple(finding for each in fitted for finding in each.results.findings)
    found: list[Finding] = []
    for each in study.asked():
        if each.stage == "across" and each.run is not None:
            context = context_of(study, each, [one.rater for one in fitted], society)
            found += each.run(replace(context, findings=made))
    return tuple(found)
