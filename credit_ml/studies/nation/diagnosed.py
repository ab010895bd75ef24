"""Audit checks of a nation: of what everybody's findings say, and of the sample that is at hand."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from credit_ml.agencies.view import learns_from
from credit_ml.core import Diagnostic, RaterResults, StudyError
from credit_ml.governance import AuditCase, diagnose
from credit_ml.governance.audit_checks.mutes import muted, read_mutes
from credit_ml.society import Society
from credit_ml.studies.nation.plan import FittedRater, NationPlan
from credit_ml.studies.threads import one_thread_each


def diagnosed(
    plan: NationPlan, people: Society, fitted: Sequence[FittedRater], raters: Sequence[RaterResults]
) -> tuple[Diagnostic, ...]:
    """Return the audit checks that fire, each with whether it looked at the sample.

    Rates and gaps are everybody's, as they were added up. People are those of the sample: each is
    as likely to be in it, so that a column which is missing for one group there is so everywhere.
    """
    with one_thread_each():
        found = diagnose(_cases(plan, people, fitted, raters))
    return muted(found, read_mutes(plan.study.mute, StudyError, "mute"))


def _cases(
    plan: NationPlan, people: Society, fitted: Sequence[FittedRater], raters: Sequence[RaterResults]
) -> Iterator[AuditCase]:
    first = next(plan.asked())
    for one, results in zip(fitted, raters, strict=True):
        context = plan.context(first, one, people)
        yield AuditCase.of(
            replace(context, sensitive=tuple(plan.study.sensitive)),
            results,
            columns=str(one.rater.agency.id),
            chance=one.rater.predict_proba(context.dataset.X)[:, 1],
            named_threshold=bool(one.rater.agency.privileges),
            learned=learns_from(context.dataset),
            world=plan.world,
            sample=f"a sample of {len(people):,} of {plan.world.citizens:,} citizens",
        )
