"""What is found of every rater, in the study's society and again in others like it."""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from credit_ml.agencies import Agency, Rater
from credit_ml.agencies.view import learns_from
from credit_ml.core import Context, Dataset, Finding, Instrument, RaterResults
from credit_ml.core.instrument import instruments
from credit_ml.core.provenance import canonical_json
from credit_ml.governance import AuditCase
from credit_ml.inference import other_societies, over_societies
from credit_ml.society import Society
from credit_ml.studies.cells.store import Cells
from credit_ml.studies.study import Study, cell_of
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
    threshold, decision = threshold_of(first, points)
    return replace(
        study.context(instrument),
        society=society,
        raters=tuple(raters),
        dataset=dataset,
        points=points,
        threshold=threshold,
        decision=decision,
    )


def threshold_of(rater: Rater, points: pd.Series) -> tuple[float, str]:
    """Return the agency's first privilege, or the points that half of all reach without any."""
    granted = rater.agency.privileges
    threshold = granted[0].threshold if granted else float(points.median())
    name = f" ({granted[0].name})" if granted and granted[0].name else ""
    return threshold, f"{threshold:g} points or more{name}"


def estimate(study: Study, rater: Rater, society: Society, *, first: bool) -> Estimates:
    """Return what every instrument estimates that can be estimated again elsewhere.

    Of an instrument that is asked once, of all raters together, that is what the first one is for.
    """
    asked = _estimators(study, first=first)
    return {each.id: of(context_of(study, each, [rater], society)) for each, of in asked}


def _estimators(
    study: Study, *, first: bool
) -> list[tuple[Instrument, Callable[[Context], Named]]]:
    asked = [each for each in study.asked() if first or each.stage == "rater"]
    return [(each, each.estimate) for each in asked if each.estimate is not None]


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
    asked = [_estimators(study, first=rater is raters[0]) for rater in raters]
    settled = [
        {
            each.id: _settled(context_of(study, each, [rater], society), found[each.id])
            for each, _ in of
        }
        for rater, found, of in zip(raters, own, asked, strict=True)
    ]

    made = [[(each.id, of) for each, of in own_asked] for own_asked in asked]
    found = other_societies(
        society,
        _Elsewhere(study.sensitive, raters, made, settled),
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
    asked: Sequence[Sequence[tuple[str, Callable[[Context], Named]]]]
    settled: Sequence[Mapping[str, Context]]

    def __call__(self, other: Society) -> list[Estimates]:
        found: list[Estimates] = []
        views: dict[str, Dataset] = {}
        with one_thread_each():
            for rater, asked, told in zip(self.raters, self.asked, self.settled, strict=True):
                # Scorers of one agency see the same.
                key = rater.agency.model_dump_json(exclude={"scorer"})
                if key not in views:
                    views[key] = view(self.sensitive, rater, other)
                seen: dict[str, Any] = {"society": other, "dataset": views[key]}
                seen["points"] = rater.score(views[key].X)
                found.append({each: of(replace(told[each], **seen)) for each, of in asked})
        return found


def _settled(context: Context, own: Named) -> Context:
    """Name every reference group: the most numerous one may be another in another society.

    Not that of the four-fifths rule, which is held against whoever is selected most: it comes of
    what was found, and is no feature's reference group.
    """
    named: dict[str, str] = {}
    for table in (found.table for found in own.values()):
        if {"sensitive", "reference_group"} <= set(table.columns):
            table = table[table["reference_group"] != ""]
            if "quantity" in table:
                table = table[table["quantity"] != "four_fifths"]
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


def measure(
    study: Study, rater: Rater, society: Society, estimates: Estimates, cells: Cells | None
) -> Fitted:
    """Run every instrument of one rater, unless its results are kept."""
    results = None if cells is None else kept_rater(cells, rater.agency)
    if results is None:
        results = _measured(study, rater, society, estimates)
        if cells is not None:
            cells.keep(cell_of(rater.agency), canonical_json(results.to_dict()).encode())
    sample = rater.agency.view(society).X[list(rater.columns)].head(20)
    return Fitted(rater=rater, sample=sample, results=results)


def kept_rater(cells: Cells, agency: Agency) -> RaterResults | None:
    """Return what was found of a rater, where it is kept."""
    content = cells.read(cell_of(agency))
    return None if content is None else RaterResults.from_dict(json.loads(content))


def _measured(study: Study, rater: Rater, society: Society, estimates: Estimates) -> RaterResults:
    found: list[Finding] = []
    for each in study.asked():
        if each.stage == "rater" and each.run is not None:
            context = context_of(study, each, [rater], society)
            found += each.run(replace(context, estimates=estimates.get(each.id, {})))
    return RaterResults(
        id=f"{rater.agency.id}-{rater.kind}",
        name=rater.name,
        agency=rater.agency.model_dump(mode="json"),
        scorer_kind=rater.kind,
        findings=tuple(found),
    )


def case_of(study: Study, society: Society, fitted: Fitted) -> AuditCase:
    """Return what audit checks are given of a rater."""
    rater = fitted.rater
    context = context_of(study, next(study.asked()), [rater], society)
    seen = context.dataset
    return AuditCase.of(
        context,
        fitted.results,
        columns=str(rater.agency.id),
        chance=rater.predict_proba(seen.X)[:, 1],
        named_threshold=bool(rater.agency.privileges),
        learned=learns_from(seen),
        world=society.world,
    )


def across(study: Study) -> list[str]:
    """Instruments that a study asks of the society, and of all raters together."""
    asked = (each for each in study.asked() if each.run is not None)
    return [each.id for each in asked if each.stage == "across"]


def measure_across(
    study: Study, society: Society, fitted: Sequence[Fitted], estimates: Estimates, instrument: str
) -> tuple[Finding, ...]:
    """Run one of them.

    `estimates` are the first rater's, with intervals over societies.
    """
    each = instruments()[instrument]
    assert each.run is not None
    made = tuple(finding for one in fitted for finding in one.results.findings)
    context = context_of(study, each, [one.rater for one in fitted], society)
    own = estimates.get(each.id, {})
    return tuple(each.run(replace(context, findings=made, estimates=own)))
