"""The screen on a table of one's own: marked people's points, and what records leave of them."""

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy import special

from credit_ml.core import Array, InputError, Mask, TableError, conform
from credit_ml.governance.political_use.abuse import FEWEST_MARKED
from credit_ml.governance.political_use.auditor import MarkedPeople, left_over, of_records
from credit_ml.governance.political_use.finding import UNITS, PoliticalScreen
from credit_ml.governance.political_use.options import is_number
from credit_ml.inference import Estimate, checked_level

#: Power of what counts as detectable.
_POWER = 0.8


def political_screen(
    scores: ArrayLike,
    marked: ArrayLike,
    records: pd.DataFrame | None = None,
    *,
    alpha: float = 0.05,
    intervals: float = 0.95,
) -> PoliticalScreen:
    """Screen a table for a hidden penalty on marked people, such as those who post criticism.

    Without records, points of the marked are held against those of all others. With the records
    that the score reads, so is what they leave of the points: least squares on each record, steps
    at its quarters, and categories. The test is one-sided; `PoliticalUse` says what it finds.

    Cost: one decomposition of a matrix as wide as five times the records.

    Parameters
    ----------
    scores : array-like of float, one a person
        Points, or 1 and 0 of who is not listed and who is.
    marked : array-like of bool, one a person
        Whom the auditor takes for critics.
    records : DataFrame, optional
        What the score reads, a row a person. Leave out what marks people: it explains the mark.
    alpha : float
        Chance of a false alarm.
    intervals : float
        Level.

    Raises
    ------
    InputError
        When lengths differ, a number is missing, or fewer than two people are marked, or not.
    TableError
        When records are no table of as many people, or leave nothing of the mark.

    Notes
    -----
    An alarm is no proof: where marked people differ by what is not in the records, or a published
    rule counts posts, they have fewer points without any abuse. No alarm is no proof either: the
    records may be false, and "detectable" says how much would have been missed.

    References
    ----------
    See `PoliticalScreen.citations`.

    Examples
    --------
    >>> random = np.random.default_rng(0)
    >>> income, posts = random.normal(size=2000), random.random(2000) < 0.05
    >>> scores = 600 + 50 * income - 20 * posts + random.normal(size=2000)
    >>> found = political_screen(scores, posts, pd.DataFrame({"income": income}))
    >>> found.table.query("measure == 'alarm'").set_index("information")["estimate"].to_dict()
    {'posts': 1.0, 'records': 1.0}
    """
    level = checked_level(intervals)
    usable = is_number(alpha) and 0 < alpha < 0.5
    InputError.unless(usable, "alpha", f"is {alpha!r}", "give a chance under one half")
    points, mark = _points(scores), _mark(marked)
    problem = f"are of {len(mark):,} people, and scores of {len(points):,}"
    InputError.unless(len(mark) == len(points), "marked", problem, "give one a person")
    number = int(mark.sum())
    problem, remedy = f"are {number:,} of {len(mark):,} people", "give at least two, and two others"
    usable = FEWEST_MARKED <= number <= len(mark) - FEWEST_MARKED
    InputError.unless(usable, "marked", problem, remedy)
    if records is not None:
        _check_records(records, len(points))
    rows = list(_rows(points, mark, np.ones((len(mark), 1)), "posts", alpha, level))
    if records is not None:
        rows += _rows(points, mark, of_records(records), "records", alpha, level)
    return PoliticalScreen(
        table=conform(rows, people=len(points)).assign(
            unit=lambda table: table["measure"].map(UNITS)
        ),
        title="A screen for a penalty on marked people",
        parameters={
            "marked": number,
            "alpha": alpha,
            "records": [] if records is None else [str(name) for name in records.columns],
            "intervals": level,
            "intervals_over": "people",
        },
        notes=(
            "An alarm is no proof, and none is none: records may be false, and marked people may "
            "differ by what is in no record.",
        ),
    )


def _rows(
    points: Array, mark: Mask, basis: Array, information: str, alpha: float, level: float
) -> Iterator[dict[str, Any]]:
    both, rank = left_over(np.column_stack([mark.astype(np.float64), points]), basis)
    marked, left = MarkedPeople(both[:, 0], rank), both[:, 1:]
    remedy = "leave out what says who is marked, or give more people"
    TableError.unless(marked.usable, "records", "leave nothing of who is marked", remedy)
    effect, error = (float(each[0]) for each in marked.difference(left))
    freedom = float(marked.freedom)
    labels = {"information": information}
    told = Estimate(
        value=np.asarray(effect),
        variance=np.asarray(error**2),
        freedom=np.asarray(freedom),
        people=np.asarray(float(len(points))),
    )
    yield labels | {"measure": "difference"} | told.facts(level)
    chance = float(special.stdtr(freedom, effect / max(error, 1e-300)))
    yield labels | {"measure": "p_value", "estimate": chance}
    yield labels | {"measure": "alarm", "estimate": float(chance < alpha)}
    reach = special.stdtrit(freedom, 1.0 - alpha) + special.stdtrit(freedom, _POWER)
    yield labels | {"measure": "detectable", "estimate": float(reach) * error}
    total = float(((points - points.mean()) ** 2).sum())
    rest = float((left**2).sum())
    yield labels | {"measure": "explained", "estimate": 1.0 - rest / total if total else 0.0}


def _check_records(records: object, people: int) -> None:
    told = isinstance(records, pd.DataFrame) and len(records) == people
    problem, remedy = "are no table of as many people as scores", "give one row a person"
    TableError.unless(told, "records", problem, remedy)
    assert isinstance(records, pd.DataFrame)
    for name, record in records.select_dtypes("number").items():
        finite = not bool(np.isinf(record.to_numpy(dtype=np.float64, na_value=np.nan)).any())
        TableError.unless(finite, f"records, '{name}'", "is infinite", "leave such values empty")


def _points(scores: ArrayLike) -> Array:
    given, remedy = np.asarray(scores), "give one finite number a person"
    numbers = given.dtype.kind in "biuf" and given.ndim == 1
    points = given.astype(np.float64) if numbers else np.empty(0)
    usable = len(points) > 0 and bool(np.isfinite(points).all())
    InputError.unless(usable, "scores", "are of nobody, or missing, or no numbers", remedy)
    return points


def _mark(marked: ArrayLike) -> Mask:
    given = np.asarray(marked)
    told = given.ndim == 1 and (given.dtype == bool or set(np.unique(given)) <= {0, 1})
    InputError.unless(told, "marked", "are not all true or false", "give True for whom to screen")
    return given.astype(bool)
