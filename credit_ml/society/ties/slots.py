"""Ties: slots that pick a context and a member of it; the graph is their union.

Every citizen fills slots. A slot picks a context (neighbours, colleagues, parents at the school,
people alike in one sensitive feature, in trust or in sociability, or anybody in the city) by its
share, then a member of the citizen's cell of that context uniformly. A slot of closure picks a
friend of a friend. The graph is the union of all slots, of households, and of ties between
cities; undirected, without self-loops and double edges.
"""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from credit_ml.core import WorldError
from credit_ml.society.arrays import Array, Arrays, Ints
from credit_ml.society.mechanisms.capacity import JOB_SHARES
from credit_ml.society.mechanisms.chance import normal_cuts
from credit_ml.society.mechanisms.knobs import Knobs, knob, share
from credit_ml.society.mechanisms.population import SENSITIVE

#: Cells of likeness in trust and in sociability: deciles.
DECILES = 10

#: Contexts of slots, in the order in which shares are laid out; closure comes after them.
CONTEXTS = ("district", "work", "school", *SENSITIVE, "trust", "activity", "city")


class Ties(Knobs):
    """Slots per citizen and the share of slots that each context fills; anybody takes the rest."""

    slots: float = knob(
        9.0,
        "median slots a citizen fills; mean degree is about 2.5 times that",
        (0, 1000),
        "25.6 friends on Facebook in one region (WOSN 2009, KONECT); a sympathy group has 15",
    )
    sociability: float = knob(0.7, "SD of log slots", (0, 2))
    district: float = share(0.22, "share of slots, with neighbours")
    neighbours: int = knob(
        30, "people in a neighbourhood of a district", (1, 1e6), "assumed: a stairwell or a lane"
    )
    work: float = share(
        0.13,
        "share of slots",
        "sign: friends are met at school in youth, at work in midlife, as neighbours later (Thomas "
        "2019, United States); size assumed",
    )
    workplace: int = knob(20, "people in a workplace", (1, 1e6))
    school: float = share(0.05, "share of slots, for parents")
    hukou: float = share(0.12, "share of slots by likeness")
    ethnicity: float = share(
        0.04,
        "share of slots by likeness",
        "sign: likeness in race and ethnicity divides most, then age (McPherson, Smith-Lovin and "
        "Cook 2001); size assumed, smaller than age's here",
    )
    gender: float = share(
        0.03, "share of slots by likeness", "not strong (Ugander et al. 2011); size assumed"
    )
    age_band: float = share(
        0.08, "share of slots by likeness", "strong on Facebook (Ugander et al. 2011); size assumed"
    )
    critic: float = share(0.02, "share of slots by likeness")
    trust: float = share(0.12, "share of slots by likeness")
    activity: float = share(
        0.15,
        "share of slots, with people as sociable as oneself",
        "sign: degrees of friends correlate, 0.23 on Facebook (Ugander et al. 2011); here 0.09",
    )
    closure: float = share(
        0.0,
        "share of slots that pick a friend of a friend",
        "off: twins are then exact; worlds that have it come near the 0.14 of Ugander et al.",
    )
    elsewhere: float = knob(
        0.5,
        "ties of a citizen with people of other cities",
        (0, 50),
        "assumed: family and schoolmates left behind",
    )

    def __post_init__(self) -> None:
        super().__post_init__()
        total = sum(self.shares().values()) + self.closure
        if total > 1 + 1e-9:
            raise WorldError("ties", f"has shares that sum to {total:g}", "keep the sum at most 1")

    def shares(self) -> dict[str, float]:
        """Share of slots of every context but the city, which takes the rest."""
        return {context: getattr(self, context) for context in CONTEXTS[:-1]}

    def edges(self) -> Array:
        """Right edges of the contexts' shares of [0, 1); beyond the last lies closure."""
        inner = np.cumsum(list(self.shares().values()))
        return np.append(inner, 1.0 - self.closure)


def work_cell(spec: Ties, job: NDArray[np.int8], bench: Array, citizens: int) -> Ints:
    """Workplace of every citizen, -1 without a job.

    Parameters
    ----------
    bench : ndarray
        Uniform: which workplace of those that employ the citizen's job.
    citizens : int
        People in the city, which fixes the number of workplaces.
    """
    places = np.maximum(1, np.rint(citizens * np.array(JOB_SHARES) / spec.workplace))
    first = np.concatenate([[0.0], np.cumsum(places)[:-1]])
    work = (first[job] + np.floor(bench * places[job])).astype(np.int32)
    return np.where(job == 0, np.int32(-1), work)


def neighbourhood_cell(
    spec: Ties, people_per_district: float, district: NDArray[Any], house: Array
) -> Ints:
    """Neighbourhood of every citizen within the city.

    Parameters
    ----------
    people_per_district : float
        Of this city, so that neighbourhoods of small cities are as large as those of others.
    house : ndarray
        Uniform: which neighbourhood of the district.
    """
    number = max(1, round(people_per_district / spec.neighbours))
    return (district * number + np.floor(house * number)).astype(np.int32)


def decile(normal: Array) -> NDArray[np.int8]:
    """Decile of a standard normal."""
    cuts = normal_cuts((1 / DECILES,) * DECILES)
    return np.searchsorted(cuts, normal, side="right").astype(np.int8)


def slot_numbers(spec: Ties, normal: Array, rounding: Array) -> Ints:
    """Slots that each citizen fills: ``slots * exp(sociability * normal)``, rounded by chance.

    Parameters
    ----------
    rounding : ndarray
        Uniform; keeps the mean where the median is small.
    """
    number = np.floor(spec.slots * np.exp(spec.sociability * normal) + rounding)
    return np.minimum(number, 20 * max(spec.slots, 1)).astype(np.int32)


def cells_of(making: Arrays, school: NDArray[Any]) -> Ints:
    """Cell of every citizen in every context, -1 where it has nothing to offer.

    Parameters
    ----------
    making : mapping
        Neighbourhood, work, trust and activity cells, and sensitive features as ties see them.
    school : ndarray
        From `credit_ml.society.mechanisms.household.schools`.

    Returns
    -------
    ndarray of shape (contexts, citizens)
        In the order of `CONTEXTS`.
    """
    cells = np.empty((len(CONTEXTS), len(school)), dtype=np.int32)
    cells[0], cells[1], cells[2] = making["neighbourhood"], making["work"], school
    for number, feature in enumerate(SENSITIVE):
        cells[3 + number] = making[feature]
    cells[-3], cells[-2], cells[-1] = making["trust"], making["activity"], 0
    return cells
