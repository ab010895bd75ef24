"""Intervals from the same measure in other societies of the same world."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from credit_ml.core import Finding, InputError, Mask, Streams, TableError
from credit_ml.core.progress import followed
from credit_ml.inference.options import checked_level
from credit_ml.inference.quantiles import Array, student
from credit_ml.inference.workers.cluster import cluster_client, in_order
from credit_ml.inference.workers.shared import shared_out

Found = TypeVar("Found", bound=Finding)
Got = TypeVar("Got")

#: Fewer societies than this say too little of how far they differ.
FEWEST_SOCIETIES = 8
#: Citizens from whom on workers pay: smaller societies are measured before one has started.
PROCESSES_FROM = 20_000
#: Columns that are measured; the others say of what.
_MEASURED = ("estimate", "low", "high", "people", "clusters", "over", "design_effect", "reason")


def resample_societies(
    society: Any,
    instrument: Callable[[Any], Found],
    *,
    societies: int = 20,
    intervals: float = 0.95,
    workers: int = 1,
    seed: int = 0,
) -> Found:
    """A finding about a society, with intervals that say how far it moves in others like it.

    ``estimate +- t sd`` over K other societies of the same world (`over_societies`): what people
    share, their districts, their friends elsewhere, a city's luck, is drawn again with them. The
    interval from one table counts its people, or its districts, and leaves the rest out; it
    stays in the finding beside this one. Where the world is at hand this is the interval to
    believe (``benchmarks/results/coverage.md``).

    Cost: K simulations and K runs of the instrument, by as many workers as are asked for.

    Parameters
    ----------
    society : Society
    instrument : callable
        From a society to a finding. The rater in it must be fitted before, on `society` or
        another, and any reference groups and thresholds be named, so that the same is measured
        everywhere.
    societies : int
        At least 8. With few, Student's t makes the intervals wide: 2.4 standard deviations with
        8 societies, 2.1 with 20.
    intervals : float
        Level.
    workers : int
        Who share the societies (`other_societies`); the finding does not depend on it.
    seed : int
        Of the other societies' seeds.

    Raises
    ------
    InputError
        When there are too few societies.

    Examples
    --------
    >>> from credit_ml.inference import People
    >>> from credit_ml.society import World
    >>> def women(society):
    ...     share = People(300).share(society.people["gender"] == "woman").facts()
    ...     return Finding(title="", table=pd.DataFrame([{"measure": "women"} | share]))
    >>> society = World(citizens=300, seed=2).simulate()
    >>> found = resample_societies(society, women, societies=8)
    >>> found.parameters["intervals_over"], found.parameters["intervals_of_table"]
    ('societies', 'people')
    """
    others = other_societies(
        society, instrument, societies=checked_societies(societies), workers=workers, seed=seed
    )
    return over_societies(instrument(society), others, intervals=intervals)


def other_societies(
    society: Any, measure: Callable[[Any], Got], *, societies: int, workers: int = 1, seed: int = 0
) -> list[Got]:
    """What is measured in each of K other societies of the same world, one at a time a worker.

    Use it to ask several instruments of each society while it is there. From 20,000 citizens on
    workers are processes, to which `measure` is sent and from which what it returns comes back:
    let neither hold a society. Within `credit_ml.inference.workers.cluster.over_cluster`, workers
    are those of a Dask cluster, whatever the size.

    Cost: K simulations and measurements; memory for a society and its twins a worker.

    Examples
    --------
    >>> from credit_ml import World
    >>> society = World(citizens=100, seed=2).simulate()
    >>> len(set(other_societies(society, lambda each: each.digest(), societies=3)))
    3
    """
    one = partial(_measured, society.world, measure)
    numbers = other_seeds(society.world.seed, societies, seed=seed)
    number, client = workers if len(society) >= PROCESSES_FROM else 1, cluster_client()
    made = shared_out(one, numbers, workers=number)
    if client is not None:
        made = in_order(one, numbers, client)
    found: list[Got] = []
    for each in followed(made, "societies", of=societies):
        found += [each]
    return found


def _measured(world: Any, measure: Callable[[Any], Got], number: int) -> Got:
    return measure(replace(world, seed=number).simulate())


def other_seeds(own: int, number: int, *, seed: int) -> list[int]:
    """Seeds of other societies, all different, that depend on nothing but `own` and `seed`.

    Examples
    --------
    >>> len({7, *other_seeds(7, 20, seed=0)})
    21
    """
    found: dict[int, None] = {}
    # One stream, named by the society itself: two societies never meet the same others.
    generator = Streams(seed).generator(f"proxies.anew.{own}")
    while len(found) < number:
        found[int(generator.integers(2**32))] = None
        found.pop(own, None)
    return list(found)


def checked_societies(societies: int) -> int:
    """Return a number of other societies, or raise InputError when it is too small.

    Examples
    --------
    >>> checked_societies(20)
    20
    """
    if isinstance(societies, bool) or not isinstance(societies, int):
        raise InputError("societies", f"is {societies!r}", "give a whole number")
    if societies < FEWEST_SOCIETIES:
        raise InputError("societies", f"is {societies}", f"give at least {FEWEST_SOCIETIES}")
    return societies


def over_societies(finding: Found, others: Sequence[Finding], *, intervals: float = 0.95) -> Found:
    """The same finding, with intervals that say how far it moves from society to society.

    ``estimate +- t sd``, sd the standard deviation of each fact over K other societies of the
    same world (other seeds), t Student's quantile with K - 1 degrees of freedom: for normal
    estimates this covers their expectation over societies exactly, whatever people share:
    districts, friends in other districts, a city's luck. No interval from one table can count
    what all its people share. The price is K more simulations. Ends beyond what a fact can be
    (`Finding.possible`) are drawn in. Of measures that say how many times as much
    (`Finding.inverse`) it is the inverse that moves: ``1 / (1 / estimate -+ t sd)``.

    The intervals of the one table stay beside them, in the columns ``low_clusters`` and
    ``high_clusters`` or ``low_people`` and ``high_people``, whichever it counted.

    A fact that some society lacks (a group without people) keeps the interval of its table; the
    notes say how many do. So does one that is the same in all of them, such as a share of nobody:
    that no society differs does not make it certain. Largest differences and smallest ratios are
    covered in expectation, which exceeds the truth where groups are alike; their intervals within
    one society (`spread`) do not have that fault.

    Cost: one pass over the tables.

    Parameters
    ----------
    finding : Finding
        With the columns estimate, low and high.
    others : sequence of Finding
        The same instrument on at least `FEWEST_SOCIETIES` other societies, with the same fitted
        rater and the same reference groups.
    intervals : float
        Level.

    Raises
    ------
    InputError
        When there are too few others, they are of another kind, or `finding` has such intervals
        already.
    TableError
        When a table names a fact twice.

    References
    ----------
    Efron, B. and Tibshirani, R. J. (1993). An introduction to the bootstrap. Chapman & Hall,
    chapter 6.5 (the parametric bootstrap).

    Examples
    --------
    >>> tables = [pd.DataFrame({"measure": ["share"], "estimate": [share], "low": [0.1],
    ...                         "high": [0.9]}) for share in np.linspace(0.4, 0.6, 9)]
    >>> findings = [Finding(table=table, title="") for table in tables]
    >>> over_societies(findings[0], findings[1:]).table[["low", "high"]].round(2).values.tolist()
    [[0.26, 0.54]]
    """
    level = checked_level(intervals)
    if len(others) < FEWEST_SOCIETIES:
        problem = f"are {len(others)} societies"
        raise InputError("others", problem, f"give at least {FEWEST_SOCIETIES}")
    if strange := {other.kind for other in others} - {finding.kind}:
        raise InputError("others", f"hold findings of kind {min(strange)}", f"give {finding.kind}")
    over = str(finding.parameters.get("intervals_over", "people"))
    if over == "societies":
        raise InputError("finding", "has intervals over societies", "give that of one table")
    names = [column for column in finding.table.columns if column not in _MEASURED]
    own = _estimates(finding, names)
    placed = np.column_stack([_placed(other, finding.table[names], own.index) for other in others])
    turned = _turned(finding)
    placed[turned] = 1.0 / placed[turned]
    # NaN in one society makes NaN: a fact that comes and goes has no spread of its own.
    half = student(level, len(others) - 1) * placed.std(axis=1, ddof=1)
    kept = int((np.isnan(half) & finding.table["low"].notna().to_numpy()).sum())
    notes = [
        f"Intervals are made of {len(others)} other societies of the same world; those that "
        f"count {over} of this one stand beside them."
    ]
    if kept:
        notes.append(
            f"{kept} facts that have no like in some other society (a group without people, "
            f"another group to be held against) keep their interval over {over}."
        )
    asked = {"intervals": level, "intervals_over": "societies", "intervals_of_table": over}
    return replace(
        finding,
        table=_with_both(finding, half, over, turned),
        parameters={**finding.parameters, **asked, "societies": len(others)},
        notes=(*finding.notes, *notes),
    )


def _turned(finding: Finding) -> Mask:
    """Which rows are of measures whose inverse is looked at."""
    if not finding.inverse or "measure" not in finding.table.columns:
        return np.zeros(len(finding.table), dtype=bool)
    return finding.table["measure"].isin(finding.inverse).to_numpy()


def _with_both(finding: Finding, half: Array, over: str, turned: Mask) -> pd.DataFrame:
    """Put the interval of the one table aside, and the one over societies in its place."""
    table = finding.table
    low, high = table["low"], table["high"]
    least, most = finding.possible()
    estimate = table["estimate"].to_numpy(dtype="float64")
    there = low.notna().to_numpy(copy=True)
    if "reason" in table.columns:  # what one table cannot tell, others can
        there |= (table["reason"] != "").to_numpy()
    there &= ~np.isnan(half) & ~np.isnan(estimate)
    there &= (half > 0) | ~(high > low).to_numpy()
    down, up = estimate - half, estimate + half
    far = 1.0 / estimate[turned]
    down[turned] = 1.0 / (far + half[turned])
    up[turned] = np.where(far > half[turned], 1.0 / np.maximum(far - half[turned], 1e-300), np.inf)
    ends = np.fmax(down, least), np.fmin(up, most)
    told = {"over": np.where(there, "societies", table["over"])} if "over" in table else {}
    if "reason" in table.columns:
        told["reason"] = np.where(there, "", table["reason"])
    return table.assign(
        **told,
        low=np.where(there, ends[0], low),
        high=np.where(there, ends[1], high),
        **{f"low_{over}": low, f"high_{over}": high},
    )


def _placed(finding: Finding, labels: pd.DataFrame, places: pd.Index) -> Array:
    """Return another finding's estimates at these places; NaN where it has none."""
    names = list(labels.columns)
    known = [name for name in names if name in finding.table.columns]
    # Mostly both have the same rows, and looking each up by its labels would cost more than them.
    if known == names and labels.equals(finding.table[names]):
        return finding.table["estimate"].to_numpy(dtype="float64")
    return _estimates(finding, names).reindex(places).to_numpy(dtype="float64")


def _estimates(finding: Finding, names: Sequence[str]) -> pd.Series:
    missing = [name for name in (*names, "estimate") if name not in finding.table.columns]
    if missing:
        raise TableError("others", f"lack the column '{missing[0]}'", "measure all alike")
    series = finding.table.set_index(list(names))["estimate"]
    if not series.index.is_unique:
        raise TableError(finding.title, "names a fact twice", "give a tidy table")
    return series
