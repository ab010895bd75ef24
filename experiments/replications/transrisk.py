"""TransRisk scores by race (Federal Reserve, 2007), and lending policies on them.

Scores are ranks among all (0 to 100). A policy lends from the highest score of each group down
to a share of the group, at random within the last score.
"""

import itertools
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sources import bundled

Array = NDArray[np.float64]

#: Names of the groups in the files, and here.
GROUPS = {"Non- Hispanic white": "white", "Black": "black", "Hispanic": "hispanic",
          "Asian": "asian"}  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Group:
    """One group, scores from the highest down."""

    name: str
    people: float
    scores: Array
    mass: Array
    """Share of the group at each score; sums to 1."""
    repaid: Array
    """Share of those who repay at each score."""

    @property
    def repaying(self) -> Array:
        """Share of all repayers of the group at each score."""
        return self.mass * self.repaid / (self.mass @ self.repaid)

    @property
    def defaulting(self) -> Array:
        """Share of all defaulters of the group at each score."""
        return self.mass * (1 - self.repaid) / (self.mass @ (1 - self.repaid))

    def lend(self, share: float, unit: Array) -> Array:
        """Chance of a loan at each score when `share` of the `unit` is reached, from the top.

        With unit = mass it is the share of people, with unit = repaying that of repayers.
        """
        above = np.cumsum(unit) - unit
        chance: Array = np.clip((share - above) / np.where(unit > 0, unit, 1.0), 0.0, 1.0)
        return np.where(unit > 0, chance, (share > above).astype(np.float64))

    def profit(self, loans: Array, loss: float) -> float:
        """Gain of one for each loan repaid and `loss` for each default, for each member."""
        return float(self.mass @ (loans * (self.repaid - loss * (1 - self.repaid))))

    def best(self, loss: float) -> Array:
        """Loans of the most profitable policy for this group alone."""
        return (self.repaid * (1 + loss) > loss).astype(np.float64)


def groups(*names: str) -> list[Group]:
    """Return the named groups, all four by default."""
    tables = [
        pd.read_csv(bundled(f"fico/{file}.csv"), index_col=0).rename(columns=GROUPS)
        for file in ("transrisk_cdf_by_race_ssa", "transrisk_performance_by_race_ssa", "totals")
    ]
    below, default, totals = tables
    found = []
    for name in names or GROUPS.values():
        mass = np.diff(below[name].to_numpy(float) / 100, prepend=0.0)[::-1]
        found.append(
            Group(
                name=name, people=float(totals[name].iloc[0]),
                scores=below.index.to_numpy(float)[::-1], mass=mass / mass.sum(),
                repaid=1 - default[name].to_numpy(float)[::-1] / 100,
            )
        )  # fmt: skip
    return found


def total(lenders: list[Group], loans: list[Array], loss: float) -> float:
    """Profit over all groups, each weighted by its people."""
    people = sum(group.people for group in lenders)
    return sum(
        group.people / people * group.profit(chance, loss)
        for group, chance in zip(lenders, loans, strict=True)
    )


def alike(lenders: list[Group], units: list[Array], loss: float) -> list[Array]:
    """Most profitable policy that reaches the same share of every group's unit.

    Profit is linear in that share between the groups' scores, so the best share is at one.
    """
    shares = np.unique(np.concatenate([np.cumsum(unit) for unit in units]))
    policies = [
        [group.lend(share, unit) for group, unit in zip(lenders, units, strict=True)]
        for share in (0.0, *shares)
    ]
    return max(policies, key=lambda loans: total(lenders, loans, loss))


def policies(lenders: list[Group], loss: float) -> dict[str, list[Array]]:
    """Loans by score of each group under four rules."""
    return {
        "max profit": [group.best(loss) for group in lenders],
        "race blind": max(
            ([(group.scores >= line).astype(float) for group in lenders]
             for line in lenders[0].scores),
            key=lambda loans: total(lenders, loans, loss),
        ),
        "equal opportunity": alike(lenders, [group.repaying for group in lenders], loss),
        "demographic parity": alike(lenders, [group.mass for group in lenders], loss),
    }  # fmt: skip


def equalised_odds(lenders: list[Group], loss: float) -> float:
    """Profit of the best pair of rates that every group can have, mixing thresholds by chance.

    A group can have any (false, true) positive rate below the upper hull of its curve; profit
    is linear in both, so the best is a vertex of a linear programme with a line for each edge.
    """
    from scipy.optimize import linprog

    edges = np.vstack([hull_edges(group) for group in lenders])
    people = np.array([group.people for group in lenders])
    kept = np.array([group.mass @ group.repaid for group in lenders])
    gain = people @ kept / people.sum()
    cost = loss * (people @ (1 - kept)) / people.sum()
    # Edge: true <= slope * false + level.
    found = linprog(
        [cost, -gain],
        A_ub=np.column_stack([-edges[:, 0], np.ones(len(edges))]),
        b_ub=edges[:, 1],
        bounds=[(0, 1), (0, 1)],
    )
    return float(-found.fun)


def hull_edges(group: Group) -> Array:
    """Slope and level of each edge of the concave hull of a group's curve."""
    points = [(0.0, 0.0), *zip(np.cumsum(group.defaulting), np.cumsum(group.repaying), strict=True)]
    hull: list[tuple[float, float]] = []
    for point in points:
        while len(hull) > 1 and _left(hull[-2], hull[-1], point):
            hull.pop()
        hull.append(point)
    return np.array(
        [
            ((y1 - y0) / (x1 - x0), y0 - x0 * (y1 - y0) / (x1 - x0))
            for (x0, y0), (x1, y1) in itertools.pairwise(hull)
            if x1 > x0
        ]
    )


def _left(a: tuple[float, float], b: tuple[float, float], c: tuple[float, float]) -> bool:
    """Whether b lies on or below the line from a to c."""
    return (b[0] - a[0]) * (c[1] - a[1]) >= (b[1] - a[1]) * (c[0] - a[0])
