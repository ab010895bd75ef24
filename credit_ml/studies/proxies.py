"""What a study asks of proxies, answered at its first rater for the pair that it follows."""

from collections.abc import Iterator

from credit_ml.agencies import Rater
from credit_ml.core import Finding
from credit_ml.disclosure import contagion
from credit_ml.proxies import Intervention, alternatives, friend_influence, intervene
from credit_ml.proxies.held_out import case_of
from credit_ml.proxies.interventions.intervene import default_interventions
from credit_ml.response import ResponseOptions, load_menu
from credit_ml.society import Society
from credit_ml.studies.study import Study
from credit_ml.studies.threads import one_thread_each


def proxy_findings(study: Study, rater: Rater, society: Society) -> list[Finding]:
    """Return what interventions, alternatives and other friends would change, as far as asked."""
    with one_thread_each():
        return list(_findings(study, rater, society))


def _findings(study: Study, rater: Rater, society: Society) -> Iterator[Finding]:
    sensitive, group, reference = study.followed
    seed, level = study.study.seed, study.intervals
    threshold = line_of_half(rater, society)
    if study.interventions is not None:
        yield intervene(
            rater, society, sensitive=sensitive, reference_group=reference, threshold=threshold,
            interventions=_chosen(study.interventions.which, rater, society, sensitive, threshold),
            intervals=level, seed=seed,
        )  # fmt: skip
    if study.alternatives is not None:
        yield alternatives(
            rater, society, sensitive=sensitive, group=group, reference_group=reference,
            threshold=threshold, tolerance=study.alternatives.tolerance, intervals=level, seed=seed,
        )  # fmt: skip
    if study.friends is not None:
        yield friend_influence(
            rater, society, sensitive=sensitive, reference_group=reference, threshold=threshold,
            draws=study.friends.draws, feedback=study.friends.feedback, intervals=level, seed=seed,
        )  # fmt: skip
    if study.contagion is not None:
        yield contagion(
            rater,
            society,
            regime=study.contagion.regime,
            response=ResponseOptions(menu=load_menu(study.contagion.menu)),
            sensitive=sensitive,
            intervals=level,
            seed=seed,
        )


def line_of_half(rater: Rater, society: Society) -> float | None:
    """Return None where a privilege draws the line, else the points that half of all reach."""
    if rater.agency.privileges:
        return None
    return float(rater.score(rater.agency.view(society).X).median())


def _chosen(
    which: tuple[str, ...], rater: Rater, society: Society, sensitive: str, threshold: float | None
) -> tuple[Intervention, ...] | None:
    """Return the named interventions; None leaves the choice to the instrument."""
    if not which:
        return None
    case = case_of(
        rater, society, sensitive=sensitive, privilege=None, threshold=threshold, held_out=0.5,
        seed=0,
    )  # fmt: skip
    return tuple(each for each in default_interventions(case) if each.id in which)
