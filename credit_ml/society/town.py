"""One city put together: households, slots and ties over the citizens that were drawn."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from credit_ml.core import BLOCK, Streams
from credit_ml.society.arrays import Array, Arrays, Ints, Places
from credit_ml.society.mechanisms.household import Household, children, pair, schools
from credit_ml.society.mechanisms.place import City, city_count
from credit_ml.society.specification import WorldSpecification
from credit_ml.society.ties.graph import NOBODY, Members, adjacency, fill_closure, members, pick
from credit_ml.society.ties.slots import cells_of


@dataclass(frozen=True, kw_only=True)
class Slots:
    """Every slot of a city: how many each citizen fills, whom each picked, and where."""

    number: Ints
    target: Ints
    context: NDArray[np.int8]
    chance: Array | None
    """Kept only where a world has closure, which needs it after the rest of the graph."""


@dataclass(frozen=True, kw_only=True)
class Town:
    """Households and ties of one city; citizens by their number in the city."""

    partner: Ints
    children: Ints
    members: Members
    slots: Slots
    indptr: Places
    indices: Ints
    """Friends by their number in the whole society."""


def settle(world: WorldSpecification, city: City, people: Arrays, making: Arrays) -> Town:
    """Make the households and the ties of a city. Cost: linear in citizens and ties."""
    partner = pair(world.household, making, making["order"])
    born = births(world.household, making, making, partner, np.arange(city.size))
    cells = city_cells(world, people, making, born)
    placed = members(cells)
    slots = fill_slots(world, city, making["slots"], placed, cells)
    if slots.chance is not None:
        near = adjacency(slots.number, slots.target, partner)
        fill_closure(slots.number, slots.target, slots.chance, *near)
    far, friend = far_ties(world, city)
    indptr, indices = adjacency(slots.number, slots.target, partner, far, friend, city.start)
    return Town(
        partner=partner, children=born, members=placed, slots=slots, indptr=indptr, indices=indices
    )


def births(
    spec: Household, own: Arrays, others: Arrays, partner: Ints, stands_for: NDArray[np.integer]
) -> Ints:
    """Children of each citizen's household.

    Parameters
    ----------
    own, others : dict
        The citizens, and those who may be their partners; they differ only for twins.
    partner : ndarray
        -1 for none.
    stands_for : ndarray
        Whose place in its household each citizen takes: its own, but for twins that moved.
    """
    with_partner = partner >= 0
    spouse = np.where(with_partner, partner, 0)
    mean = np.where(with_partner, (own["births"] + others["births"][spouse]) / 2, own["births"])
    # The chance of a household is that of the partner with the lower number.
    head = np.where(with_partner, np.minimum(stands_for, spouse), stands_for)
    return children(spec, own["household_band"], with_partner, mean, others["births_chance"][head])


def city_cells(world: WorldSpecification, people: Arrays, making: Arrays, born: Ints) -> Ints:
    """Cell of every citizen in every context."""
    school = schools(world.household, people["district"], born > 0)
    return cells_of(making, school)


def fill_slots(
    world: WorldSpecification,
    city: City,
    number: Ints,
    placed: Members,
    chosen: Ints,
    owners: Ints | None = None,
) -> Slots:
    """Whom every slot of a city picks, its owner standing in `chosen`, others in `placed`.

    Two uniforms a slot, context and member, from the stream ``slots`` of each block.

    Parameters
    ----------
    number : ndarray
        Slots of every citizen of the city.
    chosen : ndarray of shape (contexts, owners)
    owners : ndarray, optional
        Whose slots are filled, by rising numbers in the city; everybody's by default.
    """
    asked = number if owners is None else number[owners]
    total = int(asked.sum())
    target = np.empty(total, dtype=np.int32)
    context = np.empty(total, dtype=np.int8)
    keep = np.empty(total) if world.ties.closure else None
    edges = world.ties.edges()
    done = 0
    for block in city.blocks():
        start = block * BLOCK - city.start
        some = number[start : start + BLOCK]
        where, chance = Streams(world.seed).generator("slots", block).random((2, some.sum()))
        mine = chosen[:, start : start + BLOCK]
        if owners is not None:
            first, last = np.searchsorted(owners, (start, start + BLOCK))
            own = np.zeros(len(some), dtype=bool)
            own[owners[first:last] - start] = True
            filled = np.repeat(own, some)
            some, where, chance = some[own], where[filled], chance[filled]
            mine = chosen[:, first:last]
        size = int(some.sum())
        rows = slice(done, done + size)
        pick(placed, mine, some, edges, where, chance, target[rows], context[rows])
        if keep is not None:
            keep[rows] = chance
        done += size
    return Slots(number=asked, target=target, context=context, chance=keep)


def far_ties(world: WorldSpecification, city: City) -> tuple[Ints, Ints]:
    """Ties of a city with all others: a citizen's number in the city, a friend's in the society."""
    pairs = far_ties_by_city(world, city).values()
    near = [NOBODY, *(mine for mine, _ in pairs)]
    friend = [NOBODY, *(theirs for _, theirs in pairs)]
    return np.concatenate(near), np.concatenate(friend)


def far_ties_by_city(world: WorldSpecification, city: City) -> dict[int, tuple[Ints, Ints]]:
    """Ties of a city with each other one, which both ends know from the seed alone.

    Between cities of n and m citizens there are Poisson many, with mean
    ``elsewhere / 2 * citizens * n m / (sum over pairs of n m)``; both ends are uniform.

    Cost: one stream for every other city.

    Returns
    -------
    dict of int to (ndarray, ndarray)
        By city: citizens by their number in this city, and their friends by their number in the
        society, in an order that both cities share.
    """
    spec, citizens = world.address, world.citizens
    cities = city_count(spec, citizens)
    full, last = spec.citizens_per_city, citizens - (cities - 1) * spec.citizens_per_city
    size = np.full(cities, full, dtype=np.float64)
    size[-1] = last
    pairs = (size.sum() ** 2 - (size**2).sum()) / 2
    found = {}
    for other in range(cities):
        if other == city.number:
            continue
        low, high = sorted((city.number, other))
        mean = world.ties.elsewhere / 2 * citizens * size[low] * size[high] / pairs
        generator = Streams(world.seed).generator("elsewhere", low * cities + high)
        ends = generator.random((2, generator.poisson(mean)))
        mine, theirs = (0, 1) if city.number == low else (1, 0)
        there = (ends[theirs] * size[other]).astype(np.int64) + other * full
        found[other] = ((ends[mine] * city.size).astype(np.int32), there.astype(np.int32))
    return found
