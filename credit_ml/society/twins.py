"""Twins: the same citizens under the same chance, with a sensitive feature changed.

A twin takes its citizen's seat among friends; how seats are found is in `ties/graph.py`.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numba import njit
from numpy.typing import NDArray

from credit_ml.core import Rows, WorldError, need_known
from credit_ml.society.arrays import Ints, Places
from credit_ml.society.assembly import Gathered, cities, finished
from credit_ml.society.block import AS_IT_IS, Block, Change, draw_city_citizens
from credit_ml.society.mechanisms.place import City
from credit_ml.society.mechanisms.population import SENSITIVE
from credit_ml.society.specification import WorldSpecification
from credit_ml.society.ties.friend_records import friends_table
from credit_ml.society.ties.graph import (
    CLOSURE_TARGET,
    NOBODY,
    Members,
    adjacency,
    members,
    squeeze,
    taken_seats,
)
from credit_ml.society.town import Town, births, city_cells, far_ties, fill_slots, settle


@dataclass(frozen=True, kw_only=True)
class Base:
    """A city as it is: what its citizens' twins meet."""

    city: City
    block: Block
    town: Town
    near: tuple[Places, Ints]
    """Friends within the city before closure; empty where the world has none."""
    far: tuple[Places, Ints]
    """Friends elsewhere."""

    @cached_property
    def suitors(self) -> Members:
        """Who looks for a partner in which market."""
        return members(self.block.making["market"][None])

    @cached_property
    def picked(self) -> tuple[Places, Ints, NDArray[np.int8]]:
        """Who picked each citizen, and in which context."""
        slots = self.town.slots
        found: tuple[Places, Ints, NDArray[np.int8]] = _pickers(
            slots.number, slots.target, slots.context
        )
        return found

    @cached_property
    def told(self) -> NDArray[np.float32]:
        """What the citizens' records tell of them to friends."""
        return friends_table(self.block.records)


def bases(world: WorldSpecification) -> list[Base]:
    """Cities as they are, drawn again; kept by the society that asks for twins."""
    found = []
    for city in cities(world):
        block = draw_city_citizens(world, city, AS_IT_IS, parts=("people", "records", "making"))
        town = settle(world, city, block.people, block.making)
        near = np.zeros(1, dtype=np.int64), NOBODY
        if world.ties.closure:
            open_target = np.where(
                town.slots.context == len(town.members.cells), np.int32(-1), town.slots.target
            ).astype(np.int32)
            near = adjacency(town.slots.number, open_target, town.partner)
        far, friend = far_ties(world, city)
        order = np.argsort(far, kind="stable")
        first = np.concatenate([[0], np.cumsum(np.bincount(far, minlength=city.size))])
        away = first, friend[order]
        found.append(Base(city=city, block=block, town=town, near=near, far=away))
    return found


def twins_among_others(
    world: WorldSpecification, known: list[Base], change: Change, people: Rows | None = None
) -> dict[str, Any]:
    """Each citizen's twin, or those of some, one at a time: everybody else stays as they are."""
    rows = np.arange(world.citizens) if people is None else people
    found = Gathered(world.citizens, len(rows))
    for base in known:
        city = base.city
        first, last = np.searchsorted(rows, (city.start, city.stop))
        if first < last:
            own = (rows[first:last] - city.start).astype(np.int32)
            block = draw_city_citizens(world, city, change, people=own)
            found.add(*_twins_of_city(world, base, block, own))
    return found.tables(np.concatenate([base.told for base in known]))


def checked_codes(changes: Mapping[str, str]) -> dict[str, int]:
    """Turn ``{"hukou": "urban"}`` into codes; unknown names are refused."""
    codes = {}
    for feature, value in changes.items():
        need_known(WorldError, "twin", feature, SENSITIVE)
        need_known(WorldError, f"twin, {feature}", value, SENSITIVE[feature])
        codes[feature] = SENSITIVE[feature].index(value)
    return codes


def _twins_of_city(
    world: WorldSpecification, base: Base, block: Block, own: Ints
) -> tuple[Block, Places, Ints]:
    """Twins of some of a city's citizens, who are `own` by their numbers there."""
    city, town = base.city, base.town
    seat = base.block.making["seat"][own]
    # A twin that looks elsewhere for a partner takes the household of somebody who looked there.
    sought, offered = block.making["market"], base.block.making["market"]
    stands_for = taken_seats(base.suitors, sought[None], seat, own)[0]
    stands_for = np.where((sought < 0) & (offered[own] < 0), own, stands_for)
    partner = np.where(stands_for >= 0, town.partner[stands_for], np.int32(-1)).astype(np.int32)
    partner[(sought < 0) | (stands_for < 0)] = -1
    stands_for = np.where(stands_for < 0, own, stands_for)
    born = births(world.household, block.making, base.block.making, partner, stands_for)
    drawn = finished(city, block, partner, born, neighbours=base.block)
    chosen = city_cells(world, block.people, block.making, born)
    slots = fill_slots(world, city, town.slots.number, town.members, chosen, own)
    seats = taken_seats(town.members, chosen, seat, own)
    chance = slots.chance if slots.chance is not None else np.zeros(0)
    picks, met = (slots.number, slots.target, chance), (base.picked, base.far, base.near)
    rows = _twin_rows(own, picks, seats, partner, met, city.start)
    return drawn, *rows


@njit(cache=True, nogil=True)
def _pickers(number, target, context):  # type: ignore[no-untyped-def]
    """Who picked each citizen, and in which context: rows by the citizen picked."""
    citizens = len(number)
    first = np.zeros(citizens + 1, dtype=np.int64)
    for at in range(len(target)):
        if target[at] >= 0:
            first[target[at] + 1] += 1
    for i in range(citizens):
        first[i + 1] += first[i]
    last = first[:-1].copy()
    picker = np.empty(first[-1], dtype=np.int32)
    picked_in = np.empty(first[-1], dtype=np.int8)
    slot = 0
    for i in range(citizens):
        for _ in range(number[i]):
            t = target[slot]
            if t >= 0:
                picker[last[t]], picked_in[last[t]] = i, context[slot]
                last[t] += 1
            slot += 1
    return first, picker, picked_in


@njit(cache=True, nogil=True)
def _twin_room(own, number, seats, picked_first, far_first):  # type: ignore[no-untyped-def]
    """Where each twin's friends begin, with room for as many as there may be."""
    contexts, citizens = seats.shape
    first = np.zeros(citizens + 1, dtype=np.int64)
    for i in range(citizens):
        me = own[i]
        room = number[i] + 1 + far_first[me + 1] - far_first[me]
        room += picked_first[me + 1] - picked_first[me]
        for k in range(contexts):
            s = seats[k, i]
            if s >= 0 and s != me:
                room += picked_first[s + 1] - picked_first[s]
        first[i + 1] = first[i] + room
    return first


@njit(cache=True, nogil=True)
def _twin_rows(own, slots, seats, partner, met, offset):  # type: ignore[no-untyped-def]
    """Friends of every twin: whom its slots pick, who picked its seats, household, far ties.

    In a context where the twin keeps the citizen's cell, whoever picked the citizen still
    does. Where it moves, it is picked by whoever picked the member whose seat it takes: members
    of a cell are exchangeable, so this is how many and whom one picks there. Friends of
    friends who picked the citizen still do.
    """
    number, target, chance = slots
    (picked_first, picker, picked_in), (far_first, far_friend), (near_first, near_friend) = met
    contexts, citizens = seats.shape
    first = _twin_room(own, number, seats, picked_first, far_first)
    last = first[:-1].copy()
    raw = np.empty(first[-1], dtype=np.int32)
    slot = 0
    for i in range(citizens):
        begin, me = slot, own[i]
        at = last[i]
        for _ in range(number[i]):
            t = target[slot]
            slot += 1
            if t >= 0 and t != me:
                raw[at] = t + offset
                at += 1
        for k in range(contexts):
            s = seats[k, i]
            if s < 0:
                continue
            for which in range(picked_first[s], picked_first[s + 1]):
                if picked_in[which] == k and picker[which] != me:
                    raw[at] = picker[which] + offset
                    at += 1
        if partner[i] >= 0 and partner[i] != me:
            raw[at] = partner[i] + offset
            at += 1
        if len(near_first) > 1:
            raw[last[i] : at].sort()
            known = 0
            for place in range(last[i], at):
                if known == 0 or raw[place] != raw[last[i] + known - 1]:
                    raw[last[i] + known] = raw[place]
                    known += 1
            at = last[i] + known
            for mine in range(begin, slot):
                if target[mine] == CLOSURE_TARGET and known:
                    spot = chance[mine] * known
                    nearer = raw[last[i] + int(spot)] - offset
                    size = near_first[nearer + 1] - near_first[nearer]
                    if size:
                        part = int((spot - int(spot)) * size)
                        found = near_friend[near_first[nearer] + part]
                        if found != me:
                            raw[at] = found + offset
                            at += 1
            for which in range(picked_first[me], picked_first[me + 1]):
                if picked_in[which] == contexts and picker[which] != me:
                    raw[at] = picker[which] + offset
                    at += 1
        for which in range(far_first[me], far_first[me + 1]):
            raw[at] = far_friend[which]
            at += 1
        last[i] = at
    indptr, used = squeeze(raw, first, last)
    return indptr, raw[:used].copy()
