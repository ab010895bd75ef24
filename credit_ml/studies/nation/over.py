"""Whose chance a nation's intervals count: that of its cities, or of districts where those are few.

Cities are drawn from one world by streams of their own and share no more than the few friends whom
people have elsewhere, so an interval over them counts all of a city's chance: its standing, its
districts' shocks, and what friends carry from one district to the next. An interval over districts
leaves out whatever a whole city shares.
"""

import re
from dataclasses import replace
from typing import Any

import numpy as np

from credit_ml.core import Dataset, Finding
from credit_ml.inference import FEW_CLUSTERS
from credit_ml.society import Society, World

#: From so many cities on intervals count them: with fewer clusters, so the package's rule, their
#: number alone makes intervals wide. Districts, which are many, say more of a nation of a few.
FEWEST_CITIES = FEW_CLUSTERS
#: Share of friends elsewhere up to which what they tell counts as their city's own: beyond it
#: cities depend on each other, and an interval of what friends carry is five in a hundred too
#: narrow.
FEW_ELSEWHERE = 0.05
#: Friends by the median of slots, as `Ties.slots` has it.
FRIENDS_BY_SLOTS = 2.5
#: What instruments say of clusters, whose name they do not know.
_OF_CLUSTERS = re.compile(r"Intervals count ([\d,]+) clusters, whose people share chances\..*")


def counts_cities(cities: int) -> bool:
    """Whether the intervals of a nation of so many cities count them.

    Examples
    --------
    >>> counts_cities(7), counts_cities(8)
    (False, True)
    """
    return cities >= FEWEST_CITIES


def by_city(dataset: Dataset, society: Society) -> Dataset:
    """Name cities as the clusters of a dataset, in which people share chances."""
    context = dataset.context.assign(city=society.people["city"].to_numpy())
    others = dataset.of_others if depend(society.world) else ()
    return replace(dataset, context=context, cluster="city", of_others=others)


def depend(world: World) -> bool:
    """Whether so many friends live elsewhere that cities depend on each other.

    Examples
    --------
    >>> depend(World())
    False
    """
    return world.ties.elsewhere > FEW_ELSEWHERE * FRIENDS_BY_SLOTS * world.ties.slots


def named(finding: Finding, cities: int) -> Finding:
    """Say whose chance a finding's intervals count where they count clusters.

    Examples
    --------
    >>> from credit_ml.core import conform
    >>> table = conform([{"estimate": 0.4, "low": 0.3, "high": 0.5, "clusters": 9}])
    >>> named(Finding(table=table, title="Rates"), 9).table["over"].tolist()
    ['cities']
    """
    over = finding.table.get("over")
    if over is None or not (over == "clusters").any():
        return finding
    if not counts_cities(cities):
        return replace(finding, notes=(*finding.notes, few_note(cities)))
    notes = tuple(_OF_CLUSTERS.sub(_of_cities, note) for note in finding.notes)
    return replace(
        finding,
        table=finding.table.assign(over=np.where(over == "clusters", "cities", over)),
        parameters=_renamed(finding.parameters),
        notes=notes,
    )


def few_note(cities: int) -> str:
    """The sentence that says why intervals do not count cities.

    Examples
    --------
    >>> few_note(3)
    'Intervals count districts, for there are 3 cities: what a whole city shares is left out. From \
8 cities on intervals count cities.'
    """
    there = "is one city" if cities == 1 else f"are {cities} cities"
    return (
        f"Intervals count districts, for there {there}: what a whole city shares is left out. "
        f"From {FEWEST_CITIES} cities on intervals count cities."
    )


def _of_cities(found: re.Match[str]) -> str:
    return (
        f"Intervals count {found[1]} cities, which one world draws independently of each other, "
        "but for the few friends whom people have elsewhere: they say how far a number moves in "
        "another nation of this world."
    )


def _renamed(parameters: Any) -> dict[str, Any]:
    """What intervals count, or count by method, in the words of the table."""
    told = dict(parameters)
    if isinstance(over := told.get("intervals_over"), str):
        told["intervals_over"] = _city(over)
    elif over:
        told["intervals_over"] = {name: _city(each) for name, each in over.items()}
    return told


def _city(over: str) -> str:
    return "cities" if over == "clusters" else over
