"""Which settings a sweep meets: all together, in a list, or points of a design."""

import itertools
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Literal

import numpy as np
from pydantic import Field

from credit_ml.core import StudyError
from credit_ml.core.provenance import canonical_json
from credit_ml.core.tables.arrays import Array
from credit_ml.studies.tables import StudyTable

Design = Literal["grid", "list", "latin_hypercube", "saltelli"]
Setting = dict[str, Any]


class RangeTable(StudyTable):
    """Every number from one to another."""

    low: float
    high: float


class HeadlineTable(StudyTable):
    """A number of the study that is followed: one row of one of its findings."""

    name: str = Field(min_length=1)
    """As the page calls it."""
    kind: str
    """Kind of the finding, such as "audit"."""
    where: dict[str, str] = Field(min_length=1)
    """Columns and values that pick exactly one row."""
    rater: str = ""
    """Name of the rater; the first that has the row when empty."""


class SweepTable(StudyTable):
    """What is varied, how, and which numbers are followed."""

    over: dict[str, tuple[Any, ...] | RangeTable] = Field(min_length=1)
    """Values, or a range of numbers, of keys of the study, with dots between the tables:
    ``"world.changes.ties.hukou"``, ``"world.name"``, ``"disclosure.regimes"``,
    ``"study.seed"``."""
    headlines: tuple[HeadlineTable, ...] = Field(min_length=1)
    design: Design = "grid"
    """"grid": all values with all others. "list": the first of each together, then the second.
    "latin_hypercube": points spread evenly. "saltelli": points from which it is computed which
    key the doubt comes from (first-order and total Sobol shares)."""
    points: int = Field(default=16, ge=2)
    """Of a Latin hypercube; of each of the keys + 2 sets of Saltelli's design, a power of two."""
    seed: int = Field(default=0, ge=0)
    """Of the points, and of the bootstrap of shares."""

    @property
    def sampled(self) -> bool:
        """Whether points are drawn, and not listed."""
        return self.design in ("latin_hypercube", "saltelli")

    def settings(self) -> list[Setting]:
        """Return the values of every point, in the order of the design.

        Raises
        ------
        StudyError
            When the design cannot be made of what is given.
        """
        place, keys, given = "sweep, over", list(self.over), list(self.over.values())
        for key, each in self.over.items():
            if isinstance(each, RangeTable):
                remedy = "give low below high, both finite"
                good = np.isfinite([each.low, each.high]).all() and each.low < each.high
                problem = f"goes from {each.low:g} to {each.high:g}"
            else:
                named = [canonical_json(value) for value in each]
                good, remedy = 0 < len(named) == len(set(named)), "give each value once"
                problem = "lists no value" if not named else "lists a value twice"
            StudyError.unless(good, f"{place}, {key}", problem, remedy)
        if self.sampled:
            points = _saltelli(self) if self.design == "saltelli" else _latin_hypercube(self)
            at = [_at(each) for each in given]
            return [{k: of(u) for k, of, u in zip(keys, at, row, strict=True)} for row in points]
        lists = [each for each in given if isinstance(each, tuple)]
        remedy = 'list values, or say design = "latin_hypercube"'
        StudyError.unless(len(lists) == len(given), place, "holds a range", remedy)
        alike = self.design == "grid" or len({len(each) for each in lists}) == 1
        remedy = 'give each as many, or say design = "grid"'
        StudyError.unless(alike, place, "holds lists of several lengths", remedy)
        rows: Iterable[Sequence[Any]]
        rows = itertools.product(*lists) if self.design == "grid" else zip(*lists, strict=True)
        return [dict(zip(keys, row, strict=True)) for row in rows]


def problem_of(names: Sequence[str]) -> dict[str, Any]:
    """Return what SALib calls a problem: every key's place in its range, from 0 to 1."""
    return {"num_vars": len(names), "names": list(names), "bounds": [[0.0, 1.0]] * len(names)}


def _latin_hypercube(sweep: SweepTable) -> Array:
    from scipy.stats import qmc

    drawn: Array = qmc.LatinHypercube(len(sweep.over), rng=sweep.seed).random(sweep.points)
    return drawn


def _saltelli(sweep: SweepTable) -> Array:
    from SALib.sample import sobol

    place, problem = "sweep, points", f"are {sweep.points}"
    power = sweep.points & (sweep.points - 1) == 0
    StudyError.unless(power, place, problem, "give a power of two, such as 16")
    asked = {"calc_second_order": False, "seed": sweep.seed}
    drawn: Array = sobol.sample(problem_of(list(sweep.over)), sweep.points, **asked)
    return drawn


def _at(values: tuple[Any, ...] | RangeTable) -> Callable[[float], Any]:
    if isinstance(values, RangeTable):
        low, high = values.low, values.high
        return lambda share: float(low + share * (high - low))
    return lambda share: values[min(int(share * len(values)), len(values) - 1)]


def changed(given: Mapping[str, Any], key: str, value: Any) -> dict[str, Any]:
    """Return nested plain values with one of them another, by its dotted key.

    Raises
    ------
    StudyError
        When the key goes through something that is no table.

    Examples
    --------
    >>> changed({"world": {"name": "baseline"}}, "world.changes.ties.reach", 2)
    {'world': {'name': 'baseline', 'changes': {'ties': {'reach': 2}}}}
    """
    first, _, rest = key.partition(".")
    inner = given.get(first, {})
    problem = f"goes through '{first}', which is no table"
    place = f"sweep, over, {key}"
    StudyError.unless(not rest or isinstance(inner, Mapping), place, problem, "name a table's key")
    return {**given, first: changed(inner, rest, value) if rest else value}


def label(value: Any) -> str:
    """Return a value as a page shows it.

    Examples
    --------
    >>> label(0.30000000004), label("baseline"), label(["a", "b"])
    ('0.3', 'baseline', 'a, b')
    """
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, list | tuple):
        return ", ".join(map(label, value))
    return canonical_json(value) if isinstance(value, Mapping) else str(value)
