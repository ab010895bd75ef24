"""What the ties look like as a network, beside what was measured of real ones."""

from typing import TYPE_CHECKING, ClassVar

import numpy as np
import pandas as pd
from numba import njit
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components

from credit_ml.core import Finding, Streams, beside, cited, conform
from credit_ml.core.figure import INK, PALETTE, axes_or_new, plain_logarithms
from credit_ml.society.description.segregation import homophily
from credit_ml.society.mechanisms.population import SENSITIVE
from credit_ml.society.society import Society

if TYPE_CHECKING:
    from matplotlib.axes import Axes

#: Citizens whose triangles are counted, where there are more.
SAMPLE = 20_000

#: Measures: their unit, and published figures of real friendship and messaging networks.
MEASURES: dict[str, list[str]] = beside(__file__)


class Network(Finding):
    """Degrees, closure, components and homophily of a society's ties.

    Examples
    --------
    >>> from credit_ml.society import World, network
    >>> found = network(World(citizens=300, seed=1).simulate())
    >>> isinstance(found, Network), "mean_degree" in set(found.table["measure"])
    (True, True)
    """

    kind: ClassVar[str] = "network"
    citations = cited("ugander_2011", "leskovec_2008", "currarini_2009", "newman_2003")

    def plot(self, axes: "Axes | None" = None) -> "Axes":
        """Draw the share of citizens with more friends than a number, both axes in logarithms."""
        axes = axes_or_new(axes, width=5.2, height=3.4)
        degree, above = np.array(self.parameters["tail"], dtype=float).T
        axes.plot(degree, above, color=PALETTE[0], marker="o", markersize=3)
        axes.axvline(self.parameters["mean_degree"], color=INK, lw=0.8, ls="--")
        plain_logarithms(axes, "xy")
        axes.set_xlabel("friends")
        axes.set_ylabel("share of citizens with more friends")
        axes.grid(axis="both")
        return axes

    def metrics(self) -> dict[str, float]:
        """Every measure; homophily by feature and group."""
        found = self.table[np.isfinite(self.table["estimate"])]
        names = found["measure"].where(
            found["sensitive"] == "overall",
            found["measure"] + "." + found["sensitive"] + "." + found["group"],
        )
        return dict(zip("network." + names, found["estimate"], strict=True))


def network(society: Society) -> Network:
    """Measure a society's ties, beside published figures of real friendship networks.

    Cost: a few passes over ties; triangles are counted around 20,000 citizens at most.

    Returns
    -------
    Network
        The schema's columns, ``unit`` and ``published``; nothing has an interval.

    Examples
    --------
    >>> from credit_ml.society import World
    >>> found = network(World(citizens=2000, seed=1).simulate())
    >>> found.table.set_index("measure").loc["largest_component", "estimate"] > 0.99
    np.True_
    """
    ties, degree = society.ties, np.diff(society.ties.indptr)
    measured = shape(ties, seed=society.world.seed)
    facts = [(name, "overall", "all", value) for name, value in measured.items()]
    for feature, groups in SENSITIVE.items():
        for group in groups:
            member = (society.people[feature] == group).to_numpy()
            facts.append(("homophily", feature, group, homophily(ties, member)))
    table = pd.DataFrame(facts, columns=["measure", "sensitive", "group", "estimate"])
    table[["unit", "published"]] = [MEASURES[measure] for measure in table["measure"]]
    points = np.unique(np.geomspace(1, max(degree.max(), 1), 40).astype(int))
    return Network(
        table=conform(table, people=len(society)),
        title="The ties as a network",
        parameters={
            "citizens": len(society),
            "ties": int(ties.nnz // 2),
            "mean_degree": measured["mean_degree"],
            "tail": [[int(d), float((degree > d).mean())] for d in points if (degree > d).any()],
        },
        seed=society.world.seed,
        notes=(
            "Friendships here are a close circle; published networks count every contact, so "
            "their degrees are larger and the same closure is harder to reach.",
        ),
    )


def shape(ties: csr_array, *, seed: int = 0, people: int = SAMPLE) -> dict[str, float]:
    """Measures of a whole network, by the names of `MEASURES`; triangles around some people."""
    degree = np.diff(ties.indptr)
    return {
        "mean_degree": float(degree.mean()),
        "median_degree": float(np.median(degree)),
        "degree_cv": float(degree.std() / degree.mean()) if degree.any() else np.nan,
        "tail_ratio": float(np.quantile(degree, 0.99) / max(np.median(degree), 1)),
        "degree_assortativity": degree_assortativity(ties),
        "clustering": clustering(ties, seed=seed, people=people),
        "largest_component": largest_component(ties),
    }


def clustering(ties: csr_array, *, seed: int = 0, people: int = SAMPLE) -> float:
    """Mean share of a citizen's pairs of friends who are friends of each other.

    Over citizens with at least two friends, a random sample of them at most; Watts and
    Strogatz (1998). Cost: the square of a degree, times the logarithm, for each.

    Examples
    --------
    >>> triangle = csr_array(np.array([[0, 1, 1], [1, 0, 1], [1, 1, 0]]))
    >>> clustering(triangle)
    1.0
    """
    rows = np.flatnonzero(np.diff(ties.indptr) >= 2)
    if not len(rows):
        return float("nan")
    if len(rows) > people:
        generator = Streams(seed).generator("network.sample")
        rows = np.sort(generator.choice(rows, people, replace=False))
    return float(_closed(ties.indptr, ties.indices, rows).mean())


@njit(cache=True, nogil=True)
def _closed(indptr, indices, rows):  # type: ignore[no-untyped-def]
    found = np.empty(len(rows))
    for place in range(len(rows)):
        row = rows[place]
        friends = indices[indptr[row] : indptr[row + 1]]
        closed = 0
        for friend in friends:
            theirs = indices[indptr[friend] : indptr[friend + 1]]
            a, b = 0, 0
            while a < len(friends) and b < len(theirs):
                if friends[a] == theirs[b]:
                    closed += 1
                    a += 1
                    b += 1
                elif friends[a] < theirs[b]:
                    a += 1
                else:
                    b += 1
        found[place] = closed / (len(friends) * (len(friends) - 1))
    return found


def degree_assortativity(ties: csr_array) -> float:
    """Correlation of the degrees at both ends of a tie (Newman 2003, eq. 26); NaN if constant.

    Cost: one pass over ties.
    """
    degree = np.diff(ties.indptr).astype(np.float64)
    own = np.repeat(degree, np.diff(ties.indptr))
    other = degree[ties.indices]
    if not len(own) or own.std() == 0:
        return float("nan")
    return float(np.corrcoef(own, other)[0, 1])


def largest_component(ties: csr_array) -> float:
    """Share of citizens in the largest set in which everybody reaches everybody."""
    _, label = connected_components(ties, directed=False)
    return float(np.bincount(label).max() / len(label))
