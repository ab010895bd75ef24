"""What friends do to scores, as numbers with intervals: of people, of changes, of the graph."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from credit_ml.inference import Comparison, Estimate, People
from credit_ml.proxies.friends.graph import assortativity, circle_share, left_out, low_friends

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]

#: Quantiles of the change that are shown, and their names.
QUANTILES = {0.05: "5 %", 0.5: "median", 0.95: "95 %"}


class Fact(NamedTuple):
    """A measure of a group ("all" for everybody), or of a group against its reference."""

    measure: str
    group: str
    reference_group: str
    estimate: Estimate


@dataclass(frozen=True, kw_only=True)
class Groups:
    """Who is compared with whom."""

    people: People
    members: dict[str, Mask]
    """Everybody ("all"), then every group, the reference last."""
    compared: Sequence[Comparison]

    @classmethod
    def of(cls, people: People, compared: Sequence[Comparison]) -> "Groups":
        """Everybody, each group and the reference."""
        members = {"all": np.ones(people.size, dtype=bool)}
        members |= {pair.group: pair.inside for pair in compared}
        members[compared[0].reference_group] = compared[0].outside
        return cls(people=people, members=members, compared=compared)


def of_people(values: Array, groups: Groups, *, size: Array | None = None) -> Iterator[Fact]:
    """Say what a number of each person is in the mean and in size, and its gap."""
    sizes = np.abs(values) if size is None else size
    for name, who in groups.members.items():
        yield Fact("mean", name, "", groups.people.mean(values, who))
        yield Fact("size", name, "", groups.people.mean(sizes, who))
    for pair in groups.compared:
        gap = pair.difference(groups.people.mean, values)
        yield Fact("gap", pair.group, pair.reference_group, gap)


def of_changes(
    own: Array, changes: Array, threshold: float | None, groups: Groups
) -> Iterator[Fact]:
    """Say what changes of scores, shape (draws, people), are in points and in decisions."""
    yield from of_people(changes.mean(axis=0), groups, size=np.abs(changes).mean(axis=0))
    people = groups.people
    for name, who in groups.members.items():
        for share, shown in QUANTILES.items():
            yield Fact(shown, name, "", people.quantile(changes.T, share, who))
        if threshold is not None:
            before, after = own >= threshold, own + changes >= threshold
            for measure, turned in (("gained", after & ~before), ("lost", before & ~after)):
                yield Fact(measure, name, "", people.share(turned.mean(axis=0), who))


def of_graph(
    graphs: dict[str, csr_array], scores: Array, lowest: float, groups: Groups, seed: int
) -> Iterator[Fact]:
    """Say how apart scores lie among friends, on graphs by the ending of their names."""
    out = left_out(groups.people.clusters, len(scores), seed=seed)
    bad = scores <= np.quantile(scores, lowest)
    for named, graph in graphs.items():
        yield Fact(f"assortativity{named}", "all", "", assortativity(graph, scores, out))
        yield Fact(f"circle_share{named}", "all", "", circle_share(graph, scores, out))
        found = {name: low_friends(graph, bad, who, out) for name, who in groups.members.items()}
        for name, each in found.items():
            yield Fact(f"low_friends{named}", name, "", each)
        for pair in groups.compared:
            gap = found[pair.group] - found[pair.reference_group]
            yield Fact(f"low_friends_gap{named}", pair.group, pair.reference_group, gap)


def rows_of(
    part: str, facts: Iterator[Fact], groups: Groups, level: float
) -> Iterator[dict[str, Any]]:
    """Turn facts into rows of the table."""
    for measure, group, reference, estimate in facts:
        yield {
            "quantity": "difference" if reference else "value",
            "measure": measure,
            "sensitive": "overall" if group == "all" else groups.compared[0].sensitive,
            "group": group,
            "reference_group": reference,
            **estimate.facts(level),
            "people": int(groups.members[group].sum()),
            "part": part,
            "unit": _unit(part, measure),
        }


def _unit(part: str, measure: str) -> str:
    if part == "graph":
        return "correlation" if measure.startswith("assortativity") else "share"
    return "share" if measure in ("gained", "lost") else "points"
