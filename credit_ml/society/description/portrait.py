"""A society in one table and one picture: who lives where, earns what, befriends whom."""

from dataclasses import replace
from typing import Any, ClassVar

import numpy as np

from credit_ml.core import Finding, cited, conform
from credit_ml.core.figure import Axes
from credit_ml.society.description.segregation import dissimilarity, exposure, homophily
from credit_ml.society.mechanisms.population import SENSITIVE
from credit_ml.society.society import Society
from credit_ml.society.world import World

#: Citizens and citizens a district in the picture: few enough to see each of them.
PICTURE_CITIZENS, PICTURE_DISTRICT = 720, 30


class Portrait(Finding):
    """Who lives in a society: shares, outcomes, income, segregation and homophily by group.

    Examples
    --------
    >>> from credit_ml.society import World, portrait
    >>> found = portrait(World(citizens=300, seed=1).simulate())
    >>> isinstance(found, Portrait), found.kind
    (True, 'portrait')
    """

    kind: ClassVar[str] = "portrait"
    citations = cited("duncan_1955", "coleman_1958")
    tracked = ("measure", "sensitive", "group")
    tracked_as = "society.{measure}.{sensitive}.{group}"
    tracked_rows: ClassVar[dict[str, Any]] = {"measure": ["dissimilarity", "homophily"]}

    def plot(self, axes: Axes | None = None) -> Axes:
        """Draw a small city made by the same rules: districts, citizens and ties by hukou."""
        from credit_ml.society.description.picture import draw_city

        small = _small(World.from_dict(self.parameters["world"]))
        return draw_city(small.simulate(), axes)


def portrait(society: Society) -> Portrait:
    """Describe a society by group of each sensitive feature.

    Cost: one pass over citizens and ties for each group.

    Returns
    -------
    Portrait
        The schema's columns and ``unit``; rows of everybody have ``sensitive="overall"``. A
        society is everybody there is, so that nothing has an interval.

    Examples
    --------
    >>> society = World(citizens=2000, seed=1).simulate()
    >>> table = portrait(society).table
    >>> sorted(table["measure"].unique())[:3]
    ['dissimilarity', 'exposure', 'friends']
    """
    everyone = np.ones(len(society), dtype=bool)
    rows = _rows(_facts(society, everyone), "overall", "all", len(society))
    for feature, groups in SENSITIVE.items():
        for group in groups:
            member = (society.people[feature] == group).to_numpy()
            facts = _facts(society, member)
            if not member.all():
                facts += _apartness(society, member)
            rows += _rows(facts, feature, group, int(member.sum()))
    return Portrait(
        table=conform(rows),
        title="The society",
        parameters={"world": society.world.to_dict(), "ties": int(society.ties.nnz // 2)},
        seed=society.world.seed,
        notes=(f"The picture is a city of {PICTURE_CITIZENS} citizens made by the same rules.",),
    )


def _facts(society: Society, member: Any) -> list[tuple[str, float, str]]:
    if not member.any():
        return [("people", 0.0, "citizens")]
    degree = np.diff(society.ties.indptr)[member]
    return [
        ("people", float(member.sum()), "citizens"),
        ("share", float(member.mean()), "share of citizens"),
        ("kept", float(society.outcome["kept"][member].mean()), "share who kept the obligation"),
        ("income", float(society.records["income"][member].median()), "thousand yuan a month"),
        ("late", float(society.records["late_payments"][member].mean()), "late bills a person"),
        ("friends", float(degree.mean()), "friends a person"),
    ]


def _apartness(society: Society, member: Any) -> list[tuple[str, float, str]]:
    district = society.people["district"]
    return [
        ("dissimilarity", dissimilarity(district, member), "index, 0 to 1"),
        ("exposure", exposure(district, member), "share of others among neighbours"),
        ("homophily", homophily(society.ties, member), "index, -1 to 1"),
    ]


def _rows(
    facts: list[tuple[str, float, str]], sensitive: str, group: str, people: int
) -> list[dict[str, Any]]:
    labels = {"sensitive": sensitive, "group": group, "people": people}
    return [
        {"measure": measure, "estimate": estimate, "unit": unit} | labels
        for measure, estimate, unit in facts
    ]


def _small(world: World) -> World:
    address = replace(world.address, people_per_district=PICTURE_DISTRICT)
    ties = replace(world.ties, slots=min(world.ties.slots, 2.0), workplace=PICTURE_DISTRICT)
    return replace(world, citizens=PICTURE_CITIZENS, address=address, ties=ties)
