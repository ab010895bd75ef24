"""What a sweep varies, and the settings at which the study is run."""

import itertools
import json
import math
from collections.abc import Iterable, Mapping
from typing import Any, Literal

import numpy as np
from pydantic import Field, SerializerFunctionWrapHandler, model_serializer, model_validator

from credit_ml.core import StudyError
from credit_ml.studies.tables import StudyTable

Design = Literal["grid", "list", "latin_hypercube", "saltelli"]
#: Designs of points between the ends of ranges, drawn by chance.
DRAWN = ("latin_hypercube", "saltelli")
Setting = dict[str, Any]


class RangeTable(StudyTable):
    """Every number from one to another, alike likely."""

    low: float
    high: float
    whole: bool = False
    """Whole numbers alone, both ends among them."""

    @model_validator(mode="after")
    def _has_room(self) -> "RangeTable":
        if not self.low < self.high:
            raise ValueError("low must be below high")
        return self


class HeadlineTable(StudyTable):
    """A number of the study that is followed through all settings."""

    name: str = Field(min_length=1)
    """In words, as it heads a row: "what friends carry of the gap"."""
    kind: str
    """Kind of the finding, such as ``"comparison"``."""
    where: dict[str, str] = Field(min_length=1)
    """Columns and values that pick out exactly one row of its table."""
    rater: str = ""
    """Name of the rater; empty takes the first finding that has the row."""
    value: float = 0.0
    """Where its meaning turns: 0 of a difference, 1 of a ratio."""
    fixed: bool = False
    """Whether its side is fixed by what it is, so that it cannot turn whatever is assumed: then
    that it turns nowhere is no finding."""

    @model_serializer(mode="wrap")
    def _told(self, handler: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Leave out what is so of most: such headlines have the digest they had."""
        made: dict[str, Any] = handler(self)
        return {key: each for key, each in made.items() if each or key != "fixed"}


class SweepTable(StudyTable):
    """What is varied, how, and which numbers are followed."""

    over: dict[str, tuple[Any, ...] | RangeTable] = Field(min_length=1)
    """Values, or a range, of keys of the study: ``"world.changes.outcome.trust"``, ``"raters"``,
    ``"raters.0.agency"``, ``"study.seed"``."""
    design: Design = "grid"
    """All values with all others; the first of each together, then the second ("list"); points
    spread evenly ("latin_hypercube"); or points from which Sobol shares are computed."""
    points: int = Field(default=16, ge=2)
    """Of a Latin hypercube; of Saltelli's design d + 2 times as many, d the number of keys, whose
    base points are independent. The first of them are those of a design with fewer."""
    seed: int = Field(default=0, ge=0)
    """Of the points; whom the study draws has its own."""
    headlines: tuple[HeadlineTable, ...] = ()
    """By default the rows that the study's checks are held against."""
    study: str = ""
    """File, or name in the package, of the study that is varied; by default this file's own."""
    changes: dict[str, Any] = Field(default_factory=dict)
    """Values of keys that are not varied, such as ``"world.citizens" = 3000``."""

    @property
    def names(self) -> list[str]:
        """Keys that are varied, in their order."""
        return list(self.over)

    def settings(self) -> list[Setting]:
        """Return the values at every cell.

        Raises
        ------
        StudyError
            When the design cannot be made of what is given.

        Examples
        --------
        >>> SweepTable(over={"study.seed": (1, 2), "world.name": ("a",)}).settings()
        [{'study.seed': 1, 'world.name': 'a'}, {'study.seed': 2, 'world.name': 'a'}]
        """
        keys, given = self.names, list(self.over.values())
        for key, each in self.over.items():
            StudyError.unless(each != (), f"sweep, over, {key}", "holds nothing", "give values")
            if isinstance(each, tuple) and self.design != "list":
                _refuse_twice(each, f"sweep, over, {key}")
        if self.design in DRAWN:
            return [
                {key: _at(each, u) for key, each, u in zip(keys, given, row, strict=True)}
                for row in self._uniforms()
            ]
        lists = [each for each in given if isinstance(each, tuple)]
        remedy = 'list values, or say design = "latin_hypercube"'
        StudyError.unless(len(lists) == len(given), "sweep, over", "holds a range", remedy)
        alike = self.design == "grid" or len({len(each) for each in lists}) == 1
        remedy = 'give each as many, or say design = "grid"'
        StudyError.unless(alike, "sweep, over", "holds lists of several lengths", remedy)
        rows = list(
            itertools.product(*lists) if self.design == "grid" else zip(*lists, strict=True)
        )
        _refuse_twice(rows, "sweep, over")
        return [dict(zip(keys, row, strict=True)) for row in rows]

    def problem(self) -> dict[str, Any]:
        """Return the keys as SALib takes them, each from 0 to 1."""
        number = len(self.over)
        return {"num_vars": number, "names": self.names, "bounds": [[0.0, 1.0]] * number}

    def _uniforms(self) -> np.ndarray:
        """Return numbers from 0 to 1, a row a cell and a column a key."""
        if self.design == "latin_hypercube":
            from SALib.sample import latin

            spread: np.ndarray = latin.sample(self.problem(), self.points, seed=self.seed)
            return spread
        return _saltelli(self.points, len(self.over), self.seed)


def _saltelli(points: int, number: int, seed: int) -> np.ndarray:
    """Return base points, each followed by itself with every key as in another, and that other.

    Base points are independent, and not of a Sobol sequence: of some dozens nobody can say from
    the sequence itself how sure a share is, and intervals that take them for independent hold the
    truth always.
    """
    drawn = np.random.default_rng(seed).random((points, 2, number))
    own, other = drawn[:, 0], drawn[:, 1]
    replaced = np.where(np.eye(number, dtype=bool), other[:, None], own[:, None])
    whole: np.ndarray = np.concatenate([own[:, None], replaced, other[:, None]], axis=1)
    return whole.reshape(-1, number)


def _refuse_twice(values: Iterable[Any], place: str) -> None:
    """Refuse what is listed twice: it would be one setting, counted once or twice."""
    told = [plain_value(list(each) if isinstance(each, tuple) else each) for each in values]
    for number, each in enumerate(told):
        StudyError.unless(each not in told[:number], place, f"holds {each} twice", "give each once")


def _at(values: tuple[Any, ...] | RangeTable, share: float) -> Any:
    """Return the value at a share from 0 to 1 of all."""
    if not isinstance(values, RangeTable):
        return values[min(int(share * len(values)), len(values) - 1)]
    low, high = values.low, values.high
    if values.whole:
        return int(min(low + math.floor(share * (high - low + 1)), high))
    return float(low + share * (high - low))


def ordered(values: tuple[Any, ...] | RangeTable) -> bool:
    """Whether what a key is varied over has a low and a high end, as numbers have.

    Examples
    --------
    >>> ordered((3, 1, 2)), ordered(("baseline", "segregated")), ordered((True, False))
    (True, False, False)
    """
    return isinstance(values, RangeTable) or all(
        isinstance(each, int | float) and not isinstance(each, bool) for each in values
    )


def changed(given: Mapping[str, Any], key: str, value: Any) -> dict[str, Any]:
    """Return nested plain values with one of them another, by its dotted key.

    Numbers in a key are places in a list.

    Examples
    --------
    >>> changed({"world": {"name": "baseline"}}, "world.changes.ties.work", 0.2)
    {'world': {'name': 'baseline', 'changes': {'ties': {'work': 0.2}}}}
    >>> changed({"raters": [{"agency": "council"}]}, "raters.0.agency", "sesame")
    {'raters': [{'agency': 'sesame'}]}
    """
    found: dict[str, Any] = _changed(given, key.split("."), "", value)
    return found


def _changed(inner: Any, names: list[str], through: str, value: Any) -> Any:
    """Return what lies at a place with something inside it another."""
    if not names:
        return value
    first, *rest = names
    key, deeper = f"{through}{'.'.join(names)}", f"{through}{first}."
    if isinstance(inner, list | tuple):
        there = first.isdigit() and int(first) < len(inner)
        StudyError.unless(there, key, f"names no place of {len(inner)}", "count places from 0")
        held = list(inner)
        held[int(first)] = _changed(held[int(first)], rest, deeper, value)
        return held
    problem = f"goes through '{through[:-1]}', which is no table"
    StudyError.unless(isinstance(inner, Mapping), key, problem, "name a key of a table")
    return {**inner, first: _changed(inner.get(first, {}), rest, deeper, value)}


def plain_value(value: Any) -> Any:
    """Return a setting's value as a table's cell can hold it."""
    return value if isinstance(value, str | int | float) else json.dumps(value, sort_keys=True)
