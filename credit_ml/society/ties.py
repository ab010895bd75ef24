"""Ties: slots that pick a context and a member of it; the graph is their union.

Every citizen fills slots. A slot picks a context (neighbours, colleagues, people alike in one
sensitive feature, in trust, or anybody) by its share, then a member of the citizen's cell of
that context uniformly. The graph is the union of all slots, undirected, without self-loops
and double edges.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.special import ndtr

from credit_ml.core import WorldError
from credit_ml.society.capacity import JOB_SHARES
from credit_ml.society.knobs import Knobs, knob
from credit_ml.society.population import SENSITIVE

#: Cells of likeness in trust: deciles.
TRUST_CELLS = 10


class Ties(Knobs):
    """Slots per citizen and the share of slots that each context fills; shares sum to one."""

    slots: float = knob(
        default=8.0,
        unit="median slots a citizen fills; mean degree is about twice that",
        low=0,
        high=1000,
        source="assumed: a close circle of 15 to 20 (Dunbar 2010)",
    )
    sociability: float = knob(default=0.5, unit="SD of log slots", low=0, high=2, source="assumed")
    district: float = knob(default=0.30, unit="share of slots", low=0, high=1, source="assumed")
    work: float = knob(default=0.15, unit="share of slots", low=0, high=1, source="assumed")
    workplace: int = knob(
        default=50, unit="people in a workplace", low=1, high=1e6, source="assumed"
    )
    hukou: float = knob(
        default=0.12, unit="share of slots by likeness", low=0, high=1, source="assumed"
    )
    ethnicity: float = knob(
        default=0.05, unit="share of slots by likeness", low=0, high=1, source="assumed"
    )
    gender: float = knob(
        default=0.03, unit="share of slots by likeness", low=0, high=1, source="assumed"
    )
    age_band: float = knob(
        default=0.08, unit="share of slots by likeness", low=0, high=1, source="assumed"
    )
    critic: float = knob(
        default=0.02, unit="share of slots by likeness", low=0, high=1, source="assumed"
    )
    trust: float = knob(
        default=0.2, unit="share of slots by likeness", low=0, high=1, source="assumed"
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        if sum(self.shares().values()) > 1 + 1e-9:
            total = sum(self.shares().values())
            raise WorldError("ties", f"has shares that sum to {total:g}", "keep the sum at most 1")

    def shares(self) -> dict[str, float]:
        """Share of slots of every context but the random one, which takes the rest."""
        contexts = ("district", "work", *SENSITIVE, "trust")
        return {context: getattr(self, context) for context in contexts}


def context_cells(
    spec: Ties, people: Mapping[str, NDArray[Any]], district: NDArray[Any], job: NDArray[Any],
    bench: NDArray[np.float64], trust: NDArray[np.float64], citizens: int,
) -> dict[str, NDArray[np.int32]]:  # fmt: skip
    """Cell of every citizen in every context, -1 where a context has nothing to offer.

    Parameters
    ----------
    bench : ndarray
        Uniform: which workplace of those that employ the citizen's job.
    citizens : int
        People in the society, which fixes the number of workplaces.
    """
    places = np.maximum(1, np.rint(citizens * JOB_SHARES / spec.workplace)).astype(np.int64)
    first = np.concatenate([[0], np.cumsum(places)[:-1]])
    work = (first[job] + np.floor(bench * places[job])).astype(np.int32)
    cells: dict[str, NDArray[np.int32]] = {
        "district": district.astype(np.int32),
        "work": np.where(job == 0, np.int32(-1), work),
    }
    for feature in SENSITIVE:
        cells[feature] = people[feature].astype(np.int32)
    cells["trust"] = np.minimum(ndtr(trust) * TRUST_CELLS, TRUST_CELLS - 1).astype(np.int32)
    return cells


class Slots:
    """Every slot of some citizens: who fills it, in which context, with which chance."""

    def __init__(
        self,
        owner: NDArray[np.int32],
        context: NDArray[np.int8],
        chance: NDArray[np.float64],
    ) -> None:
        self.owner, self.context, self.chance = owner, context, chance


def draw_slots(spec: Ties, rng: np.random.Generator, start: int, size: int) -> Slots:
    """Draw the slots of `size` citizens from number `start` on."""
    normal = rng.standard_normal(size)
    # The rounding chance keeps the mean at `slots` where the median is small.
    number = np.floor(spec.slots * np.exp(spec.sociability * normal) + rng.random(size))
    number = np.minimum(number, 20 * max(spec.slots, 1)).astype(np.int64)
    owner = np.repeat(np.arange(start, start + size, dtype=np.int32), number)
    edges = np.cumsum(list(spec.shares().values()))
    context = np.searchsorted(edges, rng.random(len(owner)), side="right").astype(np.int8)
    return Slots(owner, context, rng.random(len(owner)))


class Members:
    """Members of every cell of one context, as one array sorted by cell."""

    def __init__(self, cells: NDArray[np.int32]) -> None:
        order = np.argsort(cells, kind="stable").astype(np.int32)
        nowhere = int(np.count_nonzero(cells < 0))
        self.order = order[nowhere:]
        counts = np.bincount(cells[cells >= 0], minlength=int(cells.max(initial=-1)) + 1)
        self.size = counts.astype(np.int64)
        self.first = np.concatenate([[0], np.cumsum(self.size)[:-1]]).astype(np.int64)

    def pick(self, cells: NDArray[np.int32], chance: NDArray[np.float64]) -> NDArray[np.int32]:
        """Pick one member of each cell uniformly; -1 where the cell has none."""
        picked = np.full(len(cells), -1, dtype=np.int32)
        known = (cells >= 0) & (cells < len(self.size))
        known[known] = self.size[cells[known]] > 0
        size, first = self.size[cells[known]], self.first[cells[known]]
        offset = np.minimum((chance[known] * size).astype(np.int64), size - 1)
        picked[known] = self.order[first + offset]
        return picked
