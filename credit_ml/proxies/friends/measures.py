"""What friends do to scores, as numbers with intervals: of people, of changes, of the graph."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy.sparse import csr_array

from credit_ml.core.tables.arrays import Array
from credit_ml.inference import Comparison, People
from credit_ml.proxies.friends.graph import assortativity, circle_share, left_out, low_friends
from credit_ml.proxies.measured import Fact, everybody, groups_in

#: Quantiles of the change that are shown, and their names.
QUANTILES = {0.05: "5 %", 0.5: "median", 0.95: "95 %"}


@dataclass(frozen=True, kw_only=True)
class Groups:
    """Who is compared with whom."""

    people: People
    compared: Sequence[Comparison]

    @property
    def members(self) -> list[Comparison]:
        """Everybody, then every group, the reference last: compared with nobody."""
        return [everybody(self.people.size), *groups_in(self.compared)]


def of_people(values: Array, groups: Groups, *, size: Array | None = None) -> Iterator[Fact]:
    """Say what a number of each person is in the mean and in size, and its gap."""
    sizes, mean = np.abs(values) if size is None else size, groups.people.mean
    for who in groups.members:
        yield Fact("mean", who, mean(values, who.inside))
        yield Fact("size", who, mean(sizes, who.inside))
    for pair in groups.compared:
        yield Fact("gap", pair, pair.difference(mean, values))


def of_changes(
    own: Array, changes: Array, threshold: float | None, groups: Groups
) -> Iterator[Fact]:
    """Say what changes of scores, shape (draws, people), are in points and in decisions."""
    yield from of_people(changes.mean(axis=0), groups, size=np.abs(changes).mean(axis=0))
    people, turned = groups.people, {}
    if threshold is not None:
        before, after = own >= threshold, own + changes >= threshold
        turned = {"gained": after & ~before, "lost": before & ~after, "turned": after != before}
    for who in groups.members:
        for share, shown in QUANTILES.items():
            yield Fact(shown, who, people.quantile(changes.T, share, who.inside))
        for measure, hits in turned.items():
            yield Fact(measure, who, people.share(hits.mean(axis=0), who.inside))


def of_graph(
    graphs: dict[str, csr_array], scores: Array, lowest: float, groups: Groups, seed: int
) -> Iterator[Fact]:
    """Say how apart scores lie among friends, on graphs by the ending of their names."""
    out = left_out(groups.people.clusters, len(scores), seed=seed)
    bad, whole = scores <= np.quantile(scores, lowest), groups.members[0]
    for named, graph in graphs.items():
        yield Fact(f"assortativity{named}", whole, assortativity(graph, scores, out))
        yield Fact(f"circle_share{named}", whole, circle_share(graph, scores, out))
        found = {who.group: low_friends(graph, bad, who.inside, out) for who in groups.members}
        for who in groups.members:
            yield Fact(f"low_friends{named}", who, found[who.group])
        for pair in groups.compared:
            gap = found[pair.group] - found[pair.reference_group]
            yield Fact(f"low_friends_gap{named}", pair, gap)


def row_of(part: str, fact: Fact, level: float) -> dict[str, Any]:
    """Turn a fact into a row of the table."""
    row = fact.row(level, part=part, unit=_unit(part, fact.measure))
    return row | {"people": int(fact.who.inside.sum())}


def _unit(part: str, measure: str) -> str:
    if part == "graph":
        return "correlation" if measure.startswith("assortativity") else "share"
    return "share" if measure in ("gained", "lost", "turned") else "points"
