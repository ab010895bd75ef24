"""From a world to a society: city by city, then what friends elsewhere bring."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.sparse import csr_array

from credit_ml.society.block import Arrays, Block, draw_city_citizens
from credit_ml.society.columns import COLUMNS
from credit_ml.society.mechanisms.place import City, city_count, draw_city
from credit_ml.society.mechanisms.population import sensitive_columns
from credit_ml.society.ties.graph import Ints, friend_means
from credit_ml.society.town import Town, settle
from credit_ml.society.world import World

if TYPE_CHECKING:
    from credit_ml.society.society import Society

#: What friends' records tell of a citizen: the mean over friends of these columns.
FRIENDS_TELL = {
    "friends_late": "late_payments",
    "friends_spending": "spending",
    "friends_gaming": "gaming_hours",
    "friends_stars": "driver_stars",
}
PARTS = ("people", "records", "truth", "outcome", "holders")


@dataclass(frozen=True, kw_only=True)
class Drawn:
    """All citizens of some cities, before friends' records are added."""

    people: Arrays
    records: Arrays
    truth: Arrays
    outcome: Arrays
    holders: Arrays


def cities(world: World) -> Iterator[City]:
    """Cities of a world, in order."""
    for number in range(city_count(world.address, world.citizens)):
        yield draw_city(world.address, world.seed, world.citizens, number)


def simulate(world: World, *, workers: int = 1) -> "Society":
    """Make a society; the same world gives the same society on any number of workers."""
    whole = {part: Arrays() for part in PARTS}
    first, friends, ties = [np.zeros(1, dtype=np.int64)], [], 0
    for city in cities(world):
        drawn, town = inhabited(world, city, workers=workers, into=whole)
        for part in PARTS:
            for name, values in getattr(drawn, part).items():
                _put(whole[part], name, values, city, world.citizens)
        first.append(town.indptr[1:] + ties)
        friends.append(town.indices)
        ties += int(town.indptr[-1])
        del drawn, town
    indices = friends[0] if len(friends) == 1 else np.concatenate(friends)
    graph = as_ties(np.concatenate(first), indices, world.citizens)
    drawn = Drawn(**whole)
    return assemble(world, drawn, ties=graph, friends=drawn.records)


def inhabited(
    world: World, city: City, *, workers: int = 1, into: Mapping[str, Arrays] | None = None
) -> tuple[Drawn, Town]:
    """Draw the citizens of a city and settle them; only friends' records are still absent."""
    block = draw_city_citizens(world, city, workers=workers, into=into)
    town = settle(world, city, block.people, block.making)
    return finished(city, block, town.partner, town.children, neighbours=block), town


def finished(
    city: City, block: Block, partner: Ints, children: Ints, *, neighbours: Block
) -> Drawn:
    """Add what household and neighbourhood bring.

    Parameters
    ----------
    block : Block
        Citizens of the city; or their twins, and then `neighbours` are those whom they meet.
    partner, children : ndarray
        Of each citizen's household; partners by number in the city.
    """
    late = neighbours.records["late_payments"]
    alone = partner < 0
    records = block.records | {
        "partner": np.where(alone, np.int32(0), np.int32(1)),
        "partner_late": np.where(alone, np.nan, late[np.maximum(partner, 0)]).astype(np.float32),
        "children": children,
        "diapers": np.where(
            (children > 0) & block.making["small_child"], block.records["diapers"], np.int32(0)
        ),
        "district_late": _district_mean(neighbours.people["district"], late,
                                        block.people["district"]),
    }  # fmt: skip
    people = block.people | {
        "city": np.full(city.size, city.number, dtype=np.int32),
        "district": block.people["district"] + np.int32(city.first_district),
        "partner_row": np.where(alone, np.int32(-1), partner + np.int32(city.start)),
    }
    return Drawn(people=people, records=records, truth=block.truth, outcome=block.outcome,
                 holders=block.holders)  # fmt: skip


def friends_table(records: Arrays) -> NDArray[np.float32]:
    """What each citizen's records tell of its friends, one row a citizen."""
    size = len(records["judgments"])
    table = np.empty((size, len(FRIENDS_TELL) + 1), dtype=np.float32)
    for number, name in enumerate(FRIENDS_TELL.values()):
        table[:, number] = records[name]
    table[:, -1] = records["judgments"] > 0
    return table


def friends_records(
    indptr: NDArray[Any], indices: NDArray[Any], table: NDArray[np.float32]
) -> Arrays:
    """Number of friends and what their records say, from `friends_table` of those they may be."""
    means = friend_means(indptr, indices, table)
    columns = {name: means[:, number].copy() for number, name in enumerate(FRIENDS_TELL)}
    return {
        "friends": np.diff(indptr).astype(np.int32),
        **columns,
        "friends_judgments": means[:, -1].copy(),
    }


def assemble(world: World, drawn: Drawn, *, ties: csr_array, friends: Arrays) -> "Society":
    """Add what friends bring and make the tables.

    Parameters
    ----------
    ties : scipy.sparse.csr_array
        Row i holds the friends of citizen i.
    friends : dict
        Records of the people met as friends.
    """
    told = friends_records(ties.indptr, ties.indices, friends_table(friends))
    return society_of(world, ties, tables_of(drawn, told))


def society_of(world: World, ties: csr_array, tables: Mapping[str, pd.DataFrame]) -> "Society":
    """Put a society's tables together."""
    from credit_ml.society.society import Society

    return Society(
        world=world,
        people=tables["people"],
        records=tables["records"],
        ties=ties,
        outcome=tables["outcome"],
        truth=tables["truth"],
        holders=tables["holders"],
    )


def tables_of(drawn: Drawn, told: Mapping[str, NDArray[Any]]) -> dict[str, pd.DataFrame]:
    """Tables of a society, by name; `told` is what friends bring."""
    people = sensitive_columns(drawn.people)
    people |= {name: drawn.people[name] for name in ("city", "district", "partner_row")}
    return {
        "people": _frame(people),
        "records": _frame(_typed_records({**drawn.records, **told})),
        "outcome": _frame(drawn.outcome),
        "truth": _frame(drawn.truth),
        "holders": _frame(drawn.holders),
    }


def as_ties(indptr: NDArray[np.int64], indices: Ints, citizens: int) -> csr_array:
    """Rows of friends as a sparse matrix of ones, in the narrowest integers that hold them."""
    narrow = np.int32 if indptr[-1] < 2**31 else np.int64
    ones = np.ones(len(indices), dtype=np.int8)
    # Given as attributes: the constructor would widen indices to the type of indptr.
    ties = csr_array((len(indptr) - 1, citizens), dtype=np.int8)
    ties.data, ties.indices, ties.indptr = ones, indices, indptr.astype(narrow)
    ties.has_sorted_indices = ties.has_canonical_format = True
    return ties


def _put(columns: Arrays, name: str, values: NDArray[Any], city: City, citizens: int) -> None:
    if name not in columns:
        columns[name] = np.empty(citizens, dtype=values.dtype)
    place = columns[name][city.start : city.stop]
    if place.ctypes.data != values.ctypes.data:  # else it was drawn where it belongs
        place[:] = values


def _district_mean(
    district: NDArray[Any], late: NDArray[Any], lived_in: NDArray[Any]
) -> NDArray[np.float32]:
    size = max(int(district.max()), int(lived_in.max())) + 1
    people = np.bincount(district, minlength=size)
    total = np.bincount(district, weights=late, minlength=size)
    # A district that only a twin lives in has no residents on file.
    mean = np.full(size, np.nan)
    np.divide(total, people, out=mean, where=people > 0)
    lived: NDArray[np.float32] = mean.astype(np.float32)[lived_in]
    return lived


def _typed_records(records: Arrays) -> dict[str, Any]:
    columns: dict[str, Any] = {}
    for name, column in COLUMNS.items():
        values: Any = records[name]
        if column.categories:
            values = pd.Categorical.from_codes(
                values, categories=pd.Index(column.categories), ordered=True, validate=False
            )
        columns[name] = values
    return columns


def _frame(columns: dict[str, Any]) -> pd.DataFrame:
    return pd.DataFrame(columns, copy=False)
