"""What is found of every rater, in the study's society and again in others like it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from credit_ml.agencies import Rater
from credit_ml.core import Context, Dataset, Finding, Instrument, RaterResults
from credit_ml.core.instrument import instruments
from credit_ml.inference import other_societies, over_societies
from credit_ml.society import Society
from credit_ml.studies.study import Study
from credit_ml.studies.threads import one_thread_each

#: What an instrument estimated, by the name that it gave it; and so of every instrument.
Named = Mapping[str, Finding]
Estimates = Mapping[str, Named]


def context_of(
    study: Study, instrument: Instrument, raters: Sequence[Rater], society: Society
) -> Context:
    """Return what an instrument is given of one rater or several, and of a society."""
    first = raters[0]
    dataset = view(study.sensitive, first, society)
    points = first.score(dataset.X)
    threshold, decision = _threshold(first, points)
    return replace(
        study.context(instrument),
        society=society,
        raters=tuple(raters),
        dataset=dataset,
        points=points,
        threshold=threshold,
        decision=decision,
    )


def _threshold(rater: Rater, points: pd.Series) -> tuple[float, str]:
    """Return the agency's first privilege, or the points that half of all reach without any."""
    granted = rater.agency.privileges
    threshold = granted[0].threshold if granted else float(points.median())
    name = f" ({granted[0].name})" if granted and granted[0].name else ""
    return threshold, f"{threshold:g} points or more{name}"


def estimate(study: Study, rater: Rater, society: Society) -> Estimates:
    """Return what every instrument estimates that can be estimated again elsewhere."""
    return {
        each.id: of(context_of(study, each, [rater], society)) for each, of in _estimators(study)
    }


def _estimators(study: Study) -> list[tuple[Instrument, Callable[[Context], Named]]]:
    return [(each, each.estimate) for each in study.asked() if each.estimate is not None]


def over_others(own: Estimates, others: Sequence[Estimates], level: float) -> Estimates:
    """Return the same with intervals over societies; as they are without others."""
    if not others:
        return own
    return {
        instrument: {
            name: over_societies(
                found, [each[instrument][name] for each in others], intervals=level
            )
            for name, found in named.items()
        }
        for instrument, named in own.items()
    }


def resample_societies(
    study: Study,
    society: Society,
    raters: Sequence[Rater],
    own: Sequence[Estimates],
    *,
    workers: int,
) -> list[list[Estimates]]:
    """Return every rater's estimates in other societies: a list a rater, an item a society.

    Each society is made once, shown to every rater, and dropped. Thresholds and reference groups
    are those of the study's own society: in another one they might be others.
    """
    if not study.resample_societies:
        return [[] for _ in raters]
    asked = _estimators(study)
    settled = [
        {each.id: _settled(context_of(study, each, [rater], society), found) for each, _ in asked}
        for rater, found in zip(raters, own, strict=True)
    ]
    measured = _Elsewhere(study.sensitive, raters, [(each.id, of) for each, of in asked], settled)
    found = other_societies(
        society,
        measured,
        societies=study.resample_societies,
        workers=workers,
        seed=study.study.seed,
    )
    return [[each[place] for each in found] for place in range(len(raters))]


@dataclass(frozen=True)
class _Elsewhere:
    """What is estimated of every rater in another society; it travels to other processes."""

    sensitive: Sequence[str]
    raters: Sequence[Rater]
    asked: Sequence[tuple[str, Callable[[Context], Named]]]
    settled: Sequence[Mapping[str, Context]]

    def __call__(self, other: Society) -> list[Estimates]:
        found: list[Estimates] = []
        views: dict[str, Dataset] = {}
        with one_thread_each():
            for rater, told in zip(self.raters, self.settled, strict=True):
                # Scorers of one agency see the same.
                key = rater.agency.model_dump_json(exclude={"scorer"})
                if key not in views:
                    views[key] = view(self.sensitive, rater, other)
                dataset = views[key]
                seen: dict[str, Any] = {"society": other, "dataset": dataset}
                seen["points"] = rater.score(dataset.X)
                found.append({each: of(replace(told[each], **seen)) for each, of in self.asked})
        return found


def _settled(context: Context, own: Estimates) -> Context:
    """Name every reference group: the most numerous one may be another in another society."""
    named: dict[str, str] = {}
    for found in (each for group in own.values() for each in group.values()):
        table = found.table
        if {"sensitive", "reference_group"} <= set(table.columns):
            table = table[table["reference_group"] != ""]
            named |= dict(zip(table["sensitive"], table["reference_group"], strict=True))
    # Of this society nothing is kept: the context travels.
    left: dict[str, Any] = {"society": None, "dataset": None, "points": None}
    return replace(context, reference_groups=named, resampled=True, **left)


def view(sensitive: Sequence[str], rater: Rater, society: Society) -> Dataset:
    """What the rater's agency sees, with a study's sensitive features alone."""
    dataset = rater.agency.view(society)
    kept: pd.DataFrame = dataset.sensitive[list(sensitive)]
    return replace(dataset, sensitive=kept)


@dataclass(frozen=True, kw_only=True)
class Fitted:
    """A fitted rater and what was found about it."""

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
    results = RaterResults(
        id=f"{rater.agency.id}-{rater.kind}",
        name=rater.name,
        agency=rater.agency.model_dump(mode="json"),
        scorer_kind=rater.kind,
        findings=tuple(found),
    )
    sample = rater.agency.view(society).X[list(rater.columns)].head(20)
    return Fitted(rater=rater, sample=sample, results=results)


def across(study: Study) -> list[str]:
    """Instruments that a study asks of the society, and of all raters together."""
    return [each.id for each in study.asked() if each.stage == "across"]


def measure_across(
    study: Study, society: Society, fitted: Sequence[Fitted], instrument: str
) -> tuple[Finding, ...]:
    """Run one of them."""
    each = instruments()[instrument]
    assert each.run is not None
    made = tuple(finding for one in fitted for finding in one.results.findings)
    context = context_of(study, each, [one.rater for one in fitted], society)
    return tuple(each.run(replace(context, findings=made)))
