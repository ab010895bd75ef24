"""All instruments on one fitted rater, and what is found across raters."""

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from credit_ml.agencies import Rater
from credit_ml.consequences import (
    blacklist,
    opposite_case,
    price_of_interpretability,
    privileges,
    sample_selection,
)
from credit_ml.core import Dataset, Finding, TableError
from credit_ml.disclosure import Disclosure, compare_disclosures, disclose
from credit_ml.explanation import explain
from credit_ml.fairness import agreement, calibration, quality
from credit_ml.proxies import Guesses, Twins, compare, detect_proxies, true_decomposition
from credit_ml.reports import RaterResults
from credit_ml.response import load_menu
from credit_ml.society import Society, portrait
from credit_ml.studies.estimates import Estimates, estimate, line_of, view
from credit_ml.studies.proxies import proxy_findings
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


def fit_rater(study: Study, society: Society, number: int) -> Rater:
    """Fit one of the study's raters on a society."""
    return study.agencies()[number].fit(society, seed=study.study.seed)


def measure(
    study: Study, rater: Rater, society: Society, others: Sequence[Estimates] = ()
) -> Fitted:
    """Run every instrument on one rater, the true decomposition among them.

    `others` are the rater's estimates in other societies (`met_anew`), for intervals over them.
    """
    dataset = view(study, rater, society)
    seed, level = study.study.seed, study.intervals
    sensitive = list(study.sensitive)
    line = line_of(study, rater, dataset)
    estimates = estimate(study, rater, dataset, line).over(others, level)
    findings: list[Finding] = [
        quality(
            rater.predict_proba(dataset.X)[:, 1], dataset,
            sensitive=sensitive, rater=rater.name, intervals=level,
        ),
        *_calibrations(study, rater, dataset),
        estimates.audit,
        explain(rater, dataset, people=study.explain.people, intervals=level, seed=seed),
        *_comparisons(study, rater, society, estimates),
        disclose(
            rater, dataset, regimes=study.disclosure.regimes, people=study.disclosure.people,
            society=society, menu=load_menu(study.disclosure.menu),
            sensitive=sensitive, reference_groups=study.reference_groups,
            intervals=level, seed=seed,
        ),
    ]  # fmt: skip
    if rater.agency.privileges:
        findings.append(
            privileges(
                rater, dataset, sensitive=sensitive, reference_groups=study.reference_groups,
                intervals=level, replicates=study.audit.replicates, seed=seed,
            )
        )  # fmt: skip
    name = f"{rater.agency.id}-{rater.kind}"
    results = RaterResults(
        id=name,
        name=rater.name,
        agency=rater.agency.model_dump(mode="json"),
        scorer_kind=rater.kind,
        findings=tuple(findings),
    )
    sample = dataset.X[list(rater.columns)].head(20)
    return Fitted(id=name, rater=rater, sample=sample, results=results)


def _calibrations(study: Study, rater: Rater, dataset: Dataset) -> list[Finding]:
    """Return reliability curves by the groups that the report follows."""
    if study.lead is None:
        return []
    return [
        calibration(
            rater.predict_proba(dataset.X)[:, 1], dataset, sensitive=study.lead.sensitive,
            rater=rater.name, intervals=study.intervals, seed=study.study.seed,
        )
    ]  # fmt: skip


def across(
    study: Study, society: Society, raters: Sequence[RaterResults], fitted: Sequence[Rater]
) -> tuple[Finding, ...]:
    """Return what is found about the society, and across raters."""
    found: list[Finding] = [portrait(society)]
    listed = blacklist(
        society, sensitive=list(study.sensitive), reference_groups=study.reference_groups,
        intervals=study.intervals, replicates=study.audit.replicates, seed=study.study.seed,
    )  # fmt: skip
    told = [each for rater in raters for each in rater.of_kind("disclosure")]
    compared = compare_disclosures([each for each in told if isinstance(each, Disclosure)])
    found += [listed, compared]
    if len(fitted) > 1:
        found.append(_agreement(study, society, fitted))
    found += proxy_findings(study, fitted[0], society)
    found += _opposite(study, society, fitted)
    if study.proxies is not None and study.lead is not None:
        first = fitted[0]
        found.append(
            detect_proxies(
                first.agency.view(society), sensitive=study.lead.sensitive, model=first,
                threshold=next((each.threshold for each in first.agency.privileges), None),
                guesses=Guesses(people=study.proxies.people, columns=study.proxies.columns,
                                seed=study.study.seed),
                intervals=study.intervals,
            )
        )  # fmt: skip
    pool = study.pooling()
    if pool is not None:
        found.append(
            sample_selection(pool, society, intervals=study.intervals, seed=study.study.seed)
        )
    asked = study.interpretability
    if asked is not None and study.lead is not None:
        found.append(
            price_of_interpretability(
                fitted[0].agency, worlds=asked.worlds, scorers=asked.scorers,
                sensitive=study.lead.sensitive, group=study.lead.group, citizens=asked.citizens,
                seeds=asked.seeds, intervals=study.intervals,
            )
        )  # fmt: skip
    return tuple(found)


def _agreement(study: Study, society: Society, fitted: Sequence[Rater]) -> Finding:
    """Compare all raters' orders, and the decisions at each one's first privilege."""
    views = {rater.name: rater.agency.view(society) for rater in fitted}
    points = pd.DataFrame({rater.name: rater.score(views[rater.name].X) for rater in fitted})
    decided = {
        rater.name: points[rater.name] >= rater.agency.privileges[0].threshold
        for rater in fitted
        if rater.agency.privileges
    }
    people = view(study, fitted[0], society)
    return agreement(points, decided, people, intervals=study.intervals)


def _opposite(study: Study, society: Society, fitted: Sequence[Rater]) -> list[Finding]:
    """Return the citizen whom the first rater grants and another agency punishes, if any."""
    agency = study.punishing()
    granting = next((rater for rater in fitted if rater.agency.privileges), None)
    if agency is None or granting is None or study.opposite is None:
        return []
    seed = study.study.seed
    try:
        return [
            opposite_case(granting, agency.fit(society, seed=seed), society,
                          penalty=study.opposite.penalty, seed=seed)
        ]  # fmt: skip
    except TableError:  # in a small society nobody need meet both
        return []


def _comparisons(
    study: Study, rater: Rater, society: Society, estimates: Estimates
) -> list[Finding]:
    """Put the truth of each feature's gap beside what estimators say of it."""
    found: list[Finding] = []
    for feature in study.sensitive:
        truth = true_decomposition(
            rater, society, sensitive=feature,
            reference_groups=study.reference_groups.get(feature),
            twins=Twins(people=study.decompose.people, seed=study.study.seed),
            intervals=study.intervals,
        )  # fmt: skip
        parts = [part for (name, _), part in estimates.parts.items() if name == feature]
        found.append(compare([truth, *parts]))
    return found
