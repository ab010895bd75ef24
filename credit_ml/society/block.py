"""What happens to one block of citizens that needs no other citizen: every mechanism, in order."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from credit_ml.core import BLOCK
from credit_ml.society.arrays import Array, Arrays, Flags
from credit_ml.society.mechanisms.behaviour import behaviour_records, habits_latent
from credit_ml.society.mechanisms.capacity import capacity_latent, capacity_records
from credit_ml.society.mechanisms.chance import Noise, logistic
from credit_ml.society.mechanisms.civic import civic_records
from credit_ml.society.mechanisms.history import history_records, late_bills, lateness
from credit_ml.society.mechanisms.household import market
from credit_ml.society.mechanisms.outcome import OUTCOMES, granted_before, keeping_log_odds
from credit_ml.society.mechanisms.place import City, address_records, live
from credit_ml.society.mechanisms.platforms import (
    COMPANIES,
    company_users,
    joined_share,
    linked,
    partner_records,
    payment_records,
)
from credit_ml.society.mechanisms.population import SENSITIVE, Citizens, draw_people, override
from credit_ml.society.mechanisms.ratings import rating_records, stars_withheld
from credit_ml.society.sources import MECHANISMS
from credit_ml.society.specification import WorldSpecification
from credit_ml.society.ties.slots import decile, neighbourhood_cell, slot_numbers, work_cell

Seen = Callable[[str], Citizens]
"""Sensitive features as a mechanism sees them."""


@dataclass(frozen=True, kw_only=True)
class Change:
    """Sensitive features set to given codes, as seen by some of the mechanisms."""

    codes: Mapping[str, int]
    mechanisms: Collection[str] = MECHANISMS


#: Nothing changed: the society as it is.
AS_IT_IS = Change(codes={})


@dataclass(frozen=True, kw_only=True)
class Block:
    """Everything about some citizens that needs no other citizen, by name."""

    people: Arrays
    """Codes of sensitive features, age, district in the city."""
    records: Arrays
    truth: Arrays
    outcome: Arrays
    holders: Arrays
    """Who holds a citizen's records: one column a company, and the key that joins."""
    making: Arrays
    """What households and ties are made of; none of it is on file."""


#: Latents that a society keeps in its truth.
LATENTS = ("trust", "capacity", "level", "shock", "burden", "habits")


def draw_block(
    world: WorldSpecification,
    city: City,
    number: int,
    change: Change = AS_IT_IS,
    *,
    rows: NDArray[np.integer] | None = None,
) -> Block:
    """Draw one block of a city's citizens.

    Parameters
    ----------
    number : int
        Of the block, among those of the whole society.
    rows : ndarray of int, optional
        Places in the block of those who are wanted; all by default.
    """
    noise = Noise(world.seed, number, min(BLOCK, city.stop - number * BLOCK))
    if rows is not None:
        noise.keep(rows)
    spec = world.population
    drawn = draw_people(spec, noise.normal["population"], noise.uniform["population"])
    people, changed = Citizens(spec, drawn), Citizens(spec, override(drawn, change.codes))

    def seen(mechanism: str) -> Citizens:
        return changed if mechanism in change.mechanisms else people

    uniform = noise.uniform
    latent = _latent(world, city, noise, seen, people["trust_noise"])
    joined = linked(world.identity, seen("identity"), uniform["identity"][0])
    records = _records(world, noise, seen, latent, joined)
    users = company_users(world.platforms, seen("platforms"), uniform["platforms"][:8])
    payments = records["income"] * np.exp(-0.4 + 0.3 * noise.normal["platforms"][0])
    chance, paid = uniform["platforms"][13], noise.normal["platforms"][1]
    records |= payment_records(world.platforms, users, chance, paid, payments, latent["purse"])
    outcome, kept = _outcome(world, noise, seen, latent)
    return Block(
        people={feature: changed[feature] for feature in (*SENSITIVE, "age")}
        | {"district": latent["district"]},
        records=records,
        truth={
            **{name: latent[name] for name in LATENTS},
            "payments": payments,
            "stars_withheld": stars_withheld(world.ratings, seen("ratings")),
            "probability": kept,
        },
        outcome=outcome,
        holders={f"company_{n + 1}": users[n] for n in range(COMPANIES)} | {"linked": joined},
        making=_making(world, city, noise, seen, latent, records["job"]),
    )


def _latent(
    world: WorldSpecification, city: City, noise: Noise, seen: Seen, trust_noise: NDArray[Any]
) -> Arrays:
    normal = noise.normal
    trust = trust_noise + seen("trust").shift(world.population.trust)
    place, districts = normal["place"][0], len(city.level)
    district = live(world.address, seen("address"), trust, place, districts)
    level, shock = city.level[district], city.shock[district]
    means = normal["capacity"][0]
    capacity = capacity_latent(world.capacity, seen("capacity"), means, level, shock)
    causes = trust, capacity, shock
    odds = keeping_log_odds(world.outcome, seen("outcome"), *causes)
    broken = noise.uniform["outcome"][3] >= logistic(odds)
    return {
        "trust": trust,
        "district": district,
        "level": level,
        "shock": shock,
        "capacity": capacity,
        "keeping": odds,
        "burden": lateness(world.history, seen("history"), *causes, broken),
        "habits": habits_latent(world.behaviour, seen("behaviour"), trust),
        "purse": world.behaviour.capacity * capacity,
    }


def _outcome(
    world: WorldSpecification, noise: Noise, seen: Seen, latent: Arrays
) -> tuple[Arrays, Array]:
    """What became of the obligations, and the probability of keeping one."""
    spec, people, uniform = world.outcome, seen("outcome"), noise.uniform["outcome"]
    odds = latent["keeping"]
    if spec.late:
        late = late_bills(world.history, noise.uniform["history"][0], latent["burden"])
        odds = odds - spec.late * late
    kept = logistic(odds)
    granted = granted_before(spec, people, latent["trust"], uniform[2])
    flags = uniform[0] < kept, uniform[1] < kept, granted
    return {name: flag.astype(np.int8) for name, flag in zip(OUTCOMES, flags, strict=True)}, kept


def _records(
    world: WorldSpecification, noise: Noise, seen: Seen, latent: Arrays, joined: Flags
) -> Arrays:
    normal, uniform = noise.normal, noise.uniform
    trust, habits, purse = latent["trust"], latent["habits"], latent["purse"]
    late = uniform["history"], normal["history"], latent["burden"]
    play = uniform["behaviour"], normal["behaviour"], habits, purse
    stars = uniform["ratings"], normal["ratings"], trust
    partners = uniform["platforms"][8:13], trust, habits, purse
    return (
        capacity_records(
            world.capacity, seen("capacity"), normal["capacity"][1:], latent["capacity"]
        )
        | history_records(
            world.history, seen("reporting"), *late, joined_share(world.identity, joined)
        )
        | address_records(world.address, seen("phone"), normal["address"], latent["level"])
        | behaviour_records(world.behaviour, seen("behaviour"), *play)
        | civic_records(world.civic, seen("civic"), uniform["civic"], trust, habits, purse)
        | rating_records(world.ratings, seen("ratings"), *stars)
        | partner_records(world.platforms, seen("platforms"), *partners)
    )


def _making(
    world: WorldSpecification,
    city: City,
    noise: Noise,
    seen: Seen,
    latent: Arrays,
    job: NDArray[Any],
) -> Arrays:
    """What households and ties are made of."""
    district = latent["district"]
    chance, ties = noise.uniform["household"], noise.uniform["ties"]
    active = noise.normal["ties"][0]
    address = world.address
    mean = city.size / len(city.level)
    people = mean if address.even_levels else address.people_per_district
    return {
        **market(world.household, seen("household"), district, chance[:2]),
        "household_band": seen("household")["age_band"],
        "order": chance[2],
        "births": seen("household").shift(world.household.births),
        "births_chance": chance[3],
        "small_child": chance[4] < world.household.small_child,
        "work": work_cell(world.ties, job, ties[0], city.size),
        "neighbourhood": neighbourhood_cell(world.ties, people, district, ties[3]),
        "trust": decile(latent["trust"]),
        "activity": decile(active),
        "seat": ties[1],
        "slots": slot_numbers(world.ties, active, ties[2]),
        **{feature: seen("ties")[feature] for feature in SENSITIVE},
    }


def draw_city_citizens(
    world: WorldSpecification,
    city: City,
    change: Change = AS_IT_IS,
    *,
    workers: int = 1,
    parts: tuple[str, ...] = ("people", "records", "truth", "outcome", "holders", "making"),
    into: Mapping[str, Arrays] | None = None,
    people: NDArray[np.integer] | None = None,
) -> Block:
    """Draw the citizens of a city, block by block, into whole columns.

    Parameters
    ----------
    workers : int
        Threads that share the blocks; the citizens do not depend on it.
    parts : tuple of str
        Parts of `Block` to keep; the others stay empty.
    into : mapping of part to dict of columns, optional
        Columns of the whole society, made when absent; the city's are views of them.
    people : ndarray of int, optional
        Those who are drawn, by their rising numbers in the city, into columns of their own; all by
        default. Each is the same as among all.
    """
    whole = {part: Arrays() for part in Block.__dataclass_fields__}

    def column_for(part: str, name: str, given: np.dtype[Any]) -> NDArray[Any]:
        kind = given if part == "making" else _kept(given)
        if into is None or part not in into:
            return np.empty(city.size if people is None else len(people), dtype=kind)
        if name not in into[part]:
            into[part].setdefault(name, np.empty(world.citizens, dtype=kind))
        mine: NDArray[Any] = into[part][name][city.start : city.stop]
        return mine

    def draw(number: int) -> None:
        start, rows = number * BLOCK - city.start, None
        if people is not None:
            first, last = np.searchsorted(people, (start, start + BLOCK))
            start, rows = int(first), people[first:last] - start
            if first == last:
                return
        block = draw_block(world, city, number, change, rows=rows)
        for part in parts:
            for name, values in getattr(block, part).items():
                column = whole[part].get(name)
                if column is None:
                    # Threads that come first together make the column once.
                    mine = column_for(part, name, values.dtype)
                    column = whole[part].setdefault(name, mine)
                column[start : start + len(values)] = values

    if workers == 1:
        for number in city.blocks():
            draw(number)
    else:
        from joblib import Parallel, delayed

        Parallel(n_jobs=workers, prefer="threads")(delayed(draw)(n) for n in city.blocks())
    return Block(**whole)


def _kept(kind: np.dtype[Any]) -> np.dtype[Any]:
    return np.dtype(np.float32) if kind == np.float64 else kind
