"""Committed findings met again: on other processors the last digits may differ, no more."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from credit_ml.core import StudyError, StudyResults
from credit_ml.reports.run_comparison.facts_of_runs import (
    labelled_rows,
    measured_columns,
    named_findings,
)
from credit_ml.studies.kinds import load_study
from credit_ml.studies.run import without_report
from credit_ml.studies.study import Study
from credit_ml.studies.written import read_results, write_results

#: A number may differ from the committed one by this share of its interval's half width ...
SHARE_OF_INTERVAL = 0.25
#: ... or by this share of itself, where it has no interval or a narrow one.
SHARE_OF_ITSELF = 0.01
#: What is compared of each row.
COMPARED = ("estimate", "low", "high")


@dataclass(frozen=True, kw_only=True)
class Deviation:
    """The number of a finding that differs most, in units of what is tolerated."""

    place: str
    committed: float
    again: float
    relative: float
    """1 is the most that is tolerated."""


@dataclass(frozen=True, kw_only=True)
class Reproduction:
    """How near a fresh run came to committed findings."""

    deviations: tuple[Deviation, ...]
    """The largest of each finding."""
    missing: tuple[str, ...]
    """Findings or rows that only one of the two has."""

    @property
    def passed(self) -> bool:
        """Whether everything is there and within tolerance."""
        return not self.missing and all(each.relative <= 1 for each in self.deviations)

    def text(self) -> str:
        """Say it in lines: the verdict, then the largest deviation of each finding."""
        verdict = "reproduced" if self.passed else "NOT reproduced"
        lines = [
            f"{verdict}: {len(self.deviations)} findings, tolerance {SHARE_OF_INTERVAL:g} of an "
            f"interval's half width or {SHARE_OF_ITSELF:g} of the number"
        ]
        lines += [f"  missing: {place}" for place in self.missing]
        lines += [
            f"  {each.relative:6.3f} of what is tolerated: {each.place}: "
            f"{each.committed:.6g} committed, {each.again:.6g} again"
            for each in sorted(self.deviations, key=lambda each: -each.relative)
        ]
        return "\n".join(lines)


def compare_with(study: str | Path, findings: str | Path) -> Reproduction:
    """Run a study and hold its findings against committed ones.

    Raises
    ------
    StudyError
        When either file cannot be used.
    """
    committed = read_results(findings)
    return compare_results(committed, without_report(_of_one_society(study)))


def write_findings(study: str | Path, findings: str | Path) -> None:
    """Run a study and write its findings, to be committed."""
    write_results(without_report(_of_one_society(study)), Path(findings))


def _of_one_society(path: str | Path) -> Study:
    study = load_study(path)
    if not isinstance(study, Study):
        problem, remedy = "has no findings of one society", "give a study with a table [world]"
        raise StudyError(str(path), problem, remedy)
    return study


def compare_results(committed: StudyResults, again: StudyResults) -> Reproduction:
    """Compare two runs of one study, finding by finding and row by row."""
    one, other = dict(named_findings(committed)), dict(named_findings(again))
    missing = list(one.keys() ^ other.keys())
    deviations = []
    for name in (name for name in one if name in other):
        measured = measured_columns(one[name]) | measured_columns(other[name])
        first, second = (labelled_rows(each[name], measured) for each in (one, other))
        missing += [f"{name}, {row}" for row in first.keys() ^ second.keys()]
        found = [
            _deviation(f"{name}, {row}", first[row], second[row]) for row in first if row in second
        ]
        if found:
            deviations.append(max(found, key=lambda each: each.relative))
    return Reproduction(deviations=tuple(deviations), missing=tuple(sorted(missing)))


def _deviation(place: str, committed: Mapping[Any, Any], again: Mapping[Any, Any]) -> Deviation:
    """Of an estimate and both ends of its interval, the one that differs most."""
    half = (_number(committed.get("high")) - _number(committed.get("low"))) / 2
    each = (
        Deviation(
            place=place if name == "estimate" else f"{place}, {name} end",
            committed=before,
            again=now,
            relative=_relative(before, now, half),
        )
        for name in COMPARED
        for before, now in [(_number(committed.get(name)), _number(again.get(name)))]
    )
    return max(each, key=lambda one: one.relative)


def _relative(before: float, now: float, half: float) -> float:
    """How far a number is from the committed one, in units of what is tolerated."""
    if math.isnan(before) or math.isnan(now):
        return 0.0 if math.isnan(before) and math.isnan(now) else math.inf
    by_interval = 0.0 if math.isnan(half) else SHARE_OF_INTERVAL * half
    return abs(now - before) / max(SHARE_OF_ITSELF * abs(before), by_interval, 1e-9)


def _number(value: object) -> float:
    return float(value) if isinstance(value, int | float) else math.nan
