"""What is estimated of every rater, in the study's society and again in others like it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import pandas as pd

from credit_ml.agencies import Rater
from credit_ml.core import Dataset
from credit_ml.fairness import Audit, over_societies
from credit_ml.inference import other_societies
from credit_ml.proxies import Decomposition, attribute, decompose
from credit_ml.society import Society
from credit_ml.studies.study import Study
from credit_ml.studies.threads import one_thread_each

#: Of audits whose intervals nobody reads.
_FEWEST_REPLICATES = 100


@dataclass(frozen=True, kw_only=True)
class Estimates:
    """One rater's audit and the parts of its gaps, in one society."""

    audit: Audit
    parts: Mapping[tuple[str, str], Decomposition]
    """By sensitive feature and method."""

    def over(self, others: Sequence["Estimates"], level: float) -> "Estimates":
        """Return the same with intervals over societies; as they are without others."""
        if not others:
            return self
        parts = {
            place: over_societies(part, [each.parts[place] for each in others], intervals=level)
            for place, part in self.parts.items()
        }
        audits = [each.audit for each in others]
        return Estimates(audit=over_societies(self.audit, audits, intervals=level), parts=parts)


@dataclass(frozen=True, kw_only=True)
class Line:
    """What people must reach, and whom they are held against: fixed before others are met."""

    threshold: float
    name: str = ""
    """Of the privilege."""
    reference_groups: Mapping[str, str] = field(default_factory=dict)

    @property
    def decision(self) -> str:
        """What passing it means, for titles."""
        return f"{self.threshold:g} points or more{f' ({self.name})' if self.name else ''}"


def line_of(study: Study, rater: Rater, dataset: Dataset) -> Line:
    """Return the agency's first privilege, or the points that half of all reach without any."""
    if rater.agency.privileges:
        first = rater.agency.privileges[0]
        return Line(threshold=first.threshold, name=first.name,
                    reference_groups=study.reference_groups)  # fmt: skip
    middle = float(rater.score(dataset.X).median())
    return Line(threshold=middle, reference_groups=study.reference_groups)


def estimate(
    study: Study, rater: Rater, dataset: Dataset, line: Line, *, intervals: bool = True
) -> Estimates:
    """Audit the line and take every gap apart; quicker where no interval will be read."""
    points = rater.score(dataset.X)
    audited = audit(study, rater, dataset, points, line, intervals=intervals)
    return Estimates(audit=audited, parts=_parts(study, rater, dataset, line))


def audit(
    study: Study, rater: Rater, dataset: Dataset, points: pd.Series, line: Line, *, intervals: bool
) -> Audit:
    """Audit who reaches the line."""
    from credit_ml.fairness import audit as audited

    return audited(
        points >= line.threshold,
        dataset,
        scores=points,
        sensitive=list(study.sensitive),
        reference_groups=line.reference_groups,
        intersections=study.audit.intersections,
        decision=line.decision,
        rater=rater.name,
        intervals=study.intervals,
        intervals_over="auto" if intervals else "people",
        replicates=study.audit.replicates if intervals else _FEWEST_REPLICATES,
        seed=study.study.seed,
    )


def _parts(
    study: Study, rater: Rater, dataset: Dataset, line: Line
) -> dict[tuple[str, str], Decomposition]:
    attributed = attribute(rater, dataset, seed=study.study.seed)
    # Points add up by column only where the scorer does and the scale is affine.
    additive = rater.kind != "opaque" and rater.scale.affine
    methods = ("block_shapley", *(("kitagawa_oaxaca_blinder",) if additive else ()))
    return {
        (feature, method): decompose(
            attributed if method == "block_shapley" else rater, dataset, sensitive=feature,
            method=method, reference_groups=line.reference_groups.get(feature),
            intervals=study.intervals, seed=study.study.seed,
        )
        for feature in study.sensitive
        for method in methods
    }  # fmt: skip


def met_anew(
    study: Study, society: Society, raters: Sequence[Rater], *, workers: int
) -> list[list[Estimates]]:
    """Return every rater's estimates in other societies: a list a rater, an item a society.

    Each society is made once, shown to every rater, and dropped.
    """
    if not study.anew.societies:
        return [[] for _ in raters]
    lines = [_line_with_references(study, rater, society) for rater in raters]

    def one(other: Society) -> list[Estimates]:
        with one_thread_each():
            return [
                estimate(study, rater, view(study, rater, other), line, intervals=False)
                for rater, line in zip(raters, lines, strict=True)
            ]

    found = other_societies(
        society, one, societies=study.anew.societies, workers=workers, seed=study.study.seed
    )
    return [[each[place] for each in found] for place in range(len(raters))]


def _line_with_references(study: Study, rater: Rater, society: Society) -> Line:
    """Name every reference group: the most numerous one may be another in another society."""
    dataset = view(study, rater, society)
    line = line_of(study, rater, dataset)
    points = rater.score(dataset.X)
    table = audit(study, rater, dataset, points, line, intervals=False).table
    rows = table[table["quantity"] == "difference"]
    named = dict(zip(rows["sensitive"], rows["reference_group"], strict=True))
    return replace(line, reference_groups=named)


def view(study: Study, rater: Rater, society: Society) -> Dataset:
    """Return what the rater's agency sees, with the study's sensitive features alone."""
    dataset = rater.agency.view(society)
    kept: pd.DataFrame = dataset.sensitive[list(study.sensitive)]
    return replace(dataset, sensitive=kept)
