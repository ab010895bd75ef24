"""Two stored runs held against each other: paired where the same citizens are, else unpaired."""

import math
from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd

from credit_ml.core import Finding, InputError, RaterResults, StudyResults, conform
from credit_ml.core.schema import COLUMNS
from credit_ml.inference import People, checked_level, difference
from credit_ml.inference.quantiles import mover
from credit_ml.reports.provenance import flat
from credit_ml.reports.run_comparison.by_society import (
    MEANS,
    over_societies_rows,
    same_societies,
    unit_of,
)
from credit_ml.reports.run_comparison.facts_of_runs import (
    labelled_rows,
    measured_columns,
    named_findings,
)
from credit_ml.reports.run_comparison.finding import RunComparison

#: Numbers that differ by less than this share of themselves are the same.
SAME = 1e-9
#: Single citizens are compared one by one instead.
ONE_BY_ONE = "sample_citizens"
#: Fewer citizens of a group than this are not told of.
FEWEST = 8


def compare_runs(
    first: StudyResults, second: StudyResults, *, intervals: float = 0.95
) -> RunComparison:
    """What changed between two stored runs: each number of the second less that of the first.

    Findings are matched by rater and kind, numbers by all that tells them apart. Where both runs
    stored the same simulated citizens (``[explore]``, the same society), these are compared one by
    one: mean change of the score and of the share that passes, with intervals over these citizens.
    Where both have a number once a society (rows by society, seed, or city of a nation), its mean
    change runs over societies, the same ones in pairs where the world and its seed are the same.
    All else is unpaired: the interval joins both numbers' own as if the runs were independent
    (Zou and Donner), which is wider than needed where they share people or societies. No interval
    is made of numbers whose intervals are of another level or count something else.

    Cost: one pass over the tables.

    Parameters
    ----------
    first, second : StudyResults
        As `credit_ml.studies.stored_results` reads them.
    intervals : float
        Level of the paired intervals; the others have that of the runs.

    Raises
    ------
    InputError
        When no number is in both.

    Examples
    --------
    >>> empty = StudyResults(id="one", title="One")
    >>> compare_runs(empty, empty)
    Traceback (most recent call last):
    credit_ml.core.errors.InputError: runs 'one' and 'one': have no number in common; give two \
runs with raters and findings of the same names
    """
    level = checked_level(intervals)
    one, two = dict(named_findings(first)), dict(named_findings(second))
    common = [name for name in one if name in two and one[name].kind != ONE_BY_ONE]
    names = {rater.id: rater.name for rater in (*second.raters, *first.raters)}
    rows, same = [*_citizens(first, second, level)], same_societies(first, second)
    compared = alone = 0
    for name in common:
        measured = measured_columns(one[name]) | measured_columns(two[name])
        before, after = (labelled_rows(each[name], measured) for each in (one, two))
        alone += len(before.keys() ^ after.keys())
        both = [(before[label], after[label]) for label in before if label in after]
        unit = unit_of(one[name], two[name])
        # What is held once a society is compared over them, and not one by one.
        both = [pair for pair in both if not unit or pair[0][unit] < 0]
        compared += len(both)
        said = {
            "rater": names.get(name.partition(", ")[0], "all raters"),
            "finding": one[name].kind,
        }
        alike = _alike(one[name], two[name])
        rows += [said | row for row in _unpaired(both, measured, alike=alike)]
        if unit:
            told = over_societies_rows(one[name], two[name], measured, unit, same=same, level=level)
            over = list(told)
            compared += len(over)
            rows += [said | row for row in over if _differs(row)]
    remedy = "give two runs with raters and findings of the same names"
    place = f"runs '{first.id}' and '{second.id}'"
    InputError.unless(compared or rows, place, "have no number in common", remedy)
    table = _surest_first(conform(rows, quantity="difference") if rows else _nothing())
    paired = int((table["paired"] == "people").sum())
    return RunComparison(
        table=table,
        title=_title(first, second),
        parameters={
            "first": first.id,
            "second": second.id,
            "compared": compared,
            "differ": len(table) - paired,
            "paired": paired,
            "over_societies": int(table["row"].str.contains(MEANS).sum()),
            "only_one": alone,
            "only_first": [name for name in one if name not in two],
            "only_second": [name for name in two if name not in one],
            "settings": _settings(first, second),
            "same_people": _same_people(first, second),
            "intervals": level,
        },
        notes=_notes(first, second),
    )


def _differs(row: Mapping[str, Any]) -> bool:
    return not math.isclose(row["before"], row["after"], rel_tol=SAME, abs_tol=1e-12)


def _title(first: StudyResults, second: StudyResults) -> str:
    if first.title == second.title:
        return f"What changed between two runs of {first.title}"
    return f"What changed from {first.title} to {second.title}"


def _notes(first: StudyResults, second: StudyResults) -> tuple[str, ...]:
    same = _same_people(first, second)
    people = "Both runs are of the same people" if same else "The runs are of different people"
    wide = ", so that unpaired intervals are wider than they need be" if same else ""
    return (
        f"{people}{wide}; what was stored of both cannot be paired but for single citizens, and "
        "numbers that are held once a society.",
        "Intervals are of one number at a time: of those that did not change, one in twenty says "
        "that it did, at the usual level.",
    )


def _same_people(first: StudyResults, second: StudyResults) -> bool:
    digest = first.data.get("digest")
    return digest is not None and digest == second.data.get("digest")


def _alike(one: Finding, two: Finding) -> bool:
    """Whether the intervals of both count the same, at one level."""
    told = [
        (each.parameters.get("intervals"), each.parameters.get("intervals_over"))
        for each in (one, two)
    ]
    return told[0] == told[1]


def _unpaired(
    both: list[tuple[Mapping[Any, Any], Mapping[Any, Any]]], measured: set[str], *, alike: bool
) -> Iterator[dict[str, Any]]:
    for before, after in both:
        values = _number(after, "estimate"), _number(before, "estimate")
        there = [value == value for value in values]
        if not any(there) or (all(there) and math.isclose(*values, rel_tol=SAME, abs_tol=1e-12)):
            continue
        low, high = _joined(before, after) if alike and all(there) else (math.nan, math.nan)
        labels = {name: after[name] for name in COLUMNS if isinstance(after.get(name), str)}
        rest = [after[key] for key in after if key not in measured and key not in COLUMNS]
        own = [f"{each:g}" if isinstance(each, float) else f"{each}" for each in rest]
        quantity = labels.pop("quantity", "value")
        yield {
            **labels,
            "over": after.get("over", "") if low == low else "",
            "estimate": values[0] - values[1],
            "low": low,
            "high": high,
            "people": _number(after, "people"),
            "row": ", ".join(filter(None, [quantity if quantity != "value" else "", *own])),
            "before": values[1],
            "after": values[0],
            "paired": "",
        }


def _joined(before: Mapping[Any, Any], after: Mapping[Any, Any]) -> tuple[float, float]:
    """Ends of the change, as if both numbers were independent."""
    one, two = (
        tuple(np.asarray(_number(row, name)) for name in ("estimate", "low", "high"))
        for row in (after, before)
    )
    low, high = mover((one[0], two[0]), (one[1], one[2]), (two[1], two[2]), np.asarray(0.0))
    return float(low), float(high)


def _number(row: Mapping[Any, Any], name: str) -> float:
    value = row.get(name)
    return float(value) if isinstance(value, int | float) else math.nan


def _citizens(first: StudyResults, second: StudyResults, level: float) -> Iterator[dict[str, Any]]:
    """Compare the same simulated citizens at raters of one name."""
    if not _same_people(first, second):
        return
    others = {rater.id: rater for rater in second.raters}
    for rater in first.raters:
        if rater.id in others:
            pairs = zip(_stored(rater), _stored(others[rater.id]), strict=False)
            for one, two in pairs:
                yield from ({"rater": rater.name} | row for row in _one_by_one(one, two, level))


def _stored(rater: RaterResults) -> tuple[Finding, ...]:
    return rater.of_kind(ONE_BY_ONE)[:1]


def _one_by_one(one: Finding, two: Finding, level: float) -> Iterator[dict[str, Any]]:
    before, after = (_scores(each) for each in (one, two))
    limits = [float(each.parameters["threshold"]) for each in (one, two)]
    other_people = before.index.tolist() != after.index.tolist()
    if other_people or (before.equals(after) and limits[0] == limits[1]):
        return
    people = People(len(before))
    for (feature, group), who in _groups(one, before.index):
        moved = people.mean(after - before, who)
        passes = [
            people.share(scores >= limit, who)
            for scores, limit in zip((before, after), limits, strict=True)
        ]
        told = {"sensitive": feature, "group": group, "finding": ONE_BY_ONE, "row": ""}
        means = [float(scores.to_numpy()[who].mean()) for scores in (before, after)]
        shares = [float(share) for share in passes]
        for measure, estimate, ends in (
            ("mean_score", moved, means),
            ("share_that_passes", difference(passes[1], passes[0]), shares),
        ):
            facts = estimate.facts(level)
            kept = {name: facts[name] for name in ("estimate", "low", "high", "people", "over")}
            yield (
                told
                | kept
                | {"measure": measure, "before": ends[0], "after": ends[1], "paired": "people"}
            )


def _scores(finding: Finding) -> pd.Series:
    rows = finding.where(measure="score").table
    return rows.set_index("citizen")["estimate"]


def _groups(finding: Finding, citizens: pd.Index) -> Iterator[tuple[tuple[str, str], Any]]:
    """Yield everybody, then each group with enough citizens: feature and group, and who."""
    yield ("overall", "all"), np.ones(len(citizens), dtype=bool)
    twins = finding.where(measure="twin_score").table
    for (feature, group), rows in twins.groupby(["sensitive", "group"], sort=False):
        who = citizens.isin(rows["citizen"])
        if who.sum() >= FEWEST:
            yield (str(feature), str(group)), who


def _surest_first(table: pd.DataFrame) -> pd.DataFrame:
    """Paired rows first, then by how many half widths of the interval a number moved."""
    half = ((table["high"] - table["low"]) / 2).where(lambda width: width > 0)
    far = (table["estimate"].abs() / half).fillna(-1.0)
    order = np.lexsort((-table["estimate"].abs().fillna(0.0), -far, table["paired"] == ""))
    return table.iloc[order].reset_index(drop=True)


def _nothing() -> pd.DataFrame:
    numbers = {name: pd.Series(dtype="float64") for name in ("before", "after")}
    texts = {name: pd.Series(dtype="str") for name in ("rater", "finding", "row", "paired")}
    return conform(pd.DataFrame(texts | numbers))


def _settings(first: StudyResults, second: StudyResults) -> list[list[str]]:
    """Return what was set otherwise: key, first, second; "" where one run has none."""
    one, two = (
        {
            key: str(value)
            for part in ("data", "world", "settings", "provenance")
            for key, value in flat(getattr(each, part) or {}, part)
        }
        for each in (first, second)
    )
    return [
        [key, one.get(key, ""), two.get(key, "")]
        for key in dict.fromkeys([*one, *two])
        if one.get(key) != two.get(key)
    ]
