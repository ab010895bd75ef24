"""What a study asks of proxies, answered at its first rater for the pair that it follows."""

from collections.abc import Iterator
from typing import Any

from credit_ml.agencies import Rater
from credit_ml.core import Finding
from credit_ml.disclosure import contagion
from credit_ml.proxies import (
    AlternativeSearch,
    FriendOptions,
    Intervention,
    Trial,
    alternatives,
    friend_influence,
    intervene,
)
from credit_ml.proxies.interventions.held_out import held_out_case
from credit_ml.proxies.interventions.intervene import default_interventions
from credit_ml.response import load_menu
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
    threshold = threshold_of_half(rater, society)
    trial = Trial(threshold=threshold, seed=seed)
    common: dict[str, Any] = {"sensitive": sensitive, "reference_groups": reference}
    common["intervals"] = level
    if study.interventions is not None:
        chosen = _chosen(study.interventions.which, rater, society, sensitive, threshold)
        yield intervene(rater, society, interventions=chosen, trial=trial, **common)
    if study.alternatives is not None:
        search = AlternativeSearch(group=group, tolerance=study.alternatives.tolerance)
        yield alternatives(rater, society, search=search, trial=trial, **common)
    if study.friends is not None:
        options = FriendOptions(
            draws=study.friends.draws, feedback=study.friends.feedback, seed=seed
        )
        yield friend_influence(rater, society, threshold=threshold, options=options, **common)
    if study.contagion is not None:
        yield contagion(
            rater,
            society,
            regime=study.contagion.regime,
            menu=load_menu(study.contagion.menu),
            sensitive=[sensitive],
            intervals=level,
            seed=seed,
        )


def threshold_of_half(rater: Rater, society: Society) -> float | None:
    """Return None where a privilege has a threshold, else the points that half of all reach."""
    if rater.agency.privileges:
        return None
    return float(rater.score(rater.agency.view(society).X).median())


def _chosen(
    which: tuple[str, ...], rater: Rater, society: Society, sensitive: str, threshold: float | None
) -> tuple[Intervention, ...] | None:
    """Return the named interventions; None leaves the choice to the instrument."""
    if not which:
        return None
    case = held_out_case(rater, society, sensitive, Trial(threshold=threshold))
    return tuple(each for each in default_interventions(case) if each.id in which)
