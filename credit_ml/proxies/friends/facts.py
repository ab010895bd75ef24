"""What friends do to scores, as numbers with intervals: of people, of changes, of the graph."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array

from credit_ml.proxies.friends.graph import (
    Jackknifed,
    assortativity,
    circle_share,
    left_out,
    low_friends,
)
from credit_ml.proxies.paired import Estimated, gap_of, mean_of

Array = NDArray[np.float64]
Mask = NDArray[np.bool_]
#: Measure, group, reference group, and the number.
Fact = tuple[str, str, str, Estimated | Jackknifed | tuple[float, float, float]]

#: Quantiles of the change that are shown, and their names.
QUANTILES = {0.05: "5 %", 0.5: "median", 0.95: "95 %"}


@dataclass(frozen=True, kw_only=True)
class Groups:
    """Who is compared with whom."""

    members: dict[str, Mask]
    """Everybody ("all"), then every group, the reference last."""
    compared: list[tuple[str, Mask, str, Mask]]


def groups_of(compared: list[tuple[str, Mask, str, Mask]], people: int) -> Groups:
    """Return everybody, each group and the reference, from `pairs`."""
    members = {"all": np.ones(people, dtype=bool)} | {each[0]: each[1] for each in compared}
    return Groups(members=members | {compared[0][2]: compared[0][3]}, compared=compared)


def of_people(values: Array, groups: Groups) -> Iterator[Fact]:
    """Say what a number of each person is in the mean and in size, and its gap."""
    for name, who in groups.members.items():
        yield "mean", name, "", mean_of(values, who)
        yield "size", name, "", mean_of(np.abs(values), who)
    for group, inside, reference, outside in groups.compared:
        yield "gap", group, reference, gap_of(values, inside, outside)


def of_changes(
    own: Array, changes: Array, line: float | None, groups: Groups,
    clusters: NDArray[np.intp] | None, level: float,
) -> Iterator[Fact]:  # fmt: skip
    """Say what changes of scores, shape (draws, people), are in points and in decisions."""
    size = np.abs(changes).mean(axis=0)
    for fact in of_people(changes.mean(axis=0), groups):
        if fact[0] != "size":
            yield fact
    for name, who in groups.members.items():
        yield "size", name, "", mean_of(size, who)
        for share, shown in QUANTILES.items():
            yield shown, name, "", quantile_of_changes(changes, share, who, clusters, level=level)
        if line is not None:
            before, after = own >= line, own + changes >= line
            yield "gained", name, "", mean_of((after & ~before).mean(axis=0), who)
            yield "lost", name, "", mean_of((before & ~after).mean(axis=0), who)


def quantile_of_changes(
    changes: Array, share: float, who: Mask, clusters: NDArray[np.intp] | None, *, level: float
) -> tuple[float, float, float]:
    """Quantile of all draws of some people, with Woodruff's interval.

    The share of changes below the quantile is a mean over people, whose interval is read back on
    the quantiles.
    """
    mine = changes[:, who]
    middle = float(np.quantile(mine, share))
    below = mean_of((changes <= middle).mean(axis=0), who)
    estimate, low, high = below.interval(clusters, level=level)
    if not np.isfinite(low):
        return middle, float("nan"), float("nan")
    ends = np.clip(share + np.array([low, high]) - estimate, 0.0, 1.0)
    left, right = np.quantile(mine, ends)
    return middle, min(float(left), middle), max(float(right), middle)


def of_graph(
    ties: csr_array, chance: csr_array, scores: Array, low: float, groups: Groups,
    clusters: NDArray[np.intp] | None, seed: int,
) -> Iterator[Fact]:  # fmt: skip
    """Say how apart scores lie among friends, and among friends by chance."""
    out = left_out(clusters, len(scores), seed=seed)
    bad = scores <= np.quantile(scores, low)
    for graph, named in ((ties, ""), (chance, " by chance")):
        yield f"assortativity{named}", "all", "", assortativity(graph, scores, out)
        yield f"circle_share{named}", "all", "", circle_share(graph, scores, out)
        found = {name: low_friends(graph, bad, who, out) for name, who in groups.members.items()}
        for name, each in found.items():
            yield f"low_friends{named}", name, "", each
        for group, _, reference, _ in groups.compared:
            difference = Jackknifed(
                estimate=found[group].estimate - found[reference].estimate,
                without=found[group].without - found[reference].without,
            )
            yield f"low_friends_gap{named}", group, reference, difference


def rows_of(
    part: str, facts: list[Fact], sensitive: str, clusters: NDArray[np.intp] | None, level: float
) -> Iterator[dict[str, Any]]:
    """Turn facts into rows of the table."""
    for measure, group, reference, found in facts:
        if isinstance(found, Jackknifed):
            estimate, low, high = found.interval(level=level)
        elif isinstance(found, Estimated):
            estimate, low, high = found.interval(clusters, level=level)
        else:
            estimate, low, high = found
        if measure in ("gained", "lost"):
            low, high = max(low, 0.0), min(high, 1.0)
        yield {
            "part": part, "measure": measure, "sensitive": sensitive, "group": group,
            "reference_group": reference, "estimate": estimate, "low": low, "high": high,
            "unit": _unit(part, measure),
        }  # fmt: skip


def _unit(part: str, measure: str) -> str:
    if part == "graph":
        return "correlation" if measure.startswith("assortativity") else "share"
    return "share" if measure in ("gained", "lost") else "points"
