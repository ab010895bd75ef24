"""From drawn citizens to a society's tables: household, neighbourhood, then friends."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from credit_ml.society.arrays import Arrays, Ints, Places
from credit_ml.society.block import AS_IT_IS, Block, Change, draw_city_citizens
from credit_ml.society.columns import COLUMNS
from credit_ml.society.mechanisms.place import City, city_count, draw_city
from credit_ml.society.mechanisms.population import sensitive_columns
from credit_ml.society.specification import WorldSpecification
from credit_ml.society.ties.friend_records import friends_records, friends_table
from credit_ml.society.ties.graph import joined_ties
from credit_ml.society.town import Town, settle

#: Parts of the citizens drawn that a society keeps.
PARTS = ("people", "records", "truth", "outcome", "holders")


class Gathered:
    """Columns and ties of a society's citizens, or of some of them, city by city."""

    def __init__(self, citizens: int, rows: int | None = None) -> None:
        self.citizens = citizens
        self.rows, self.filled = citizens if rows is None else rows, 0
        self.columns = {part: Arrays() for part in PARTS}
        self.ties: list[tuple[Places, Ints]] = []

    def add(self, drawn: Block, indptr: Places, indices: Ints) -> None:
        """Put the next city's citizens and their friends' numbers where they belong."""
        start, self.filled = self.filled, self.filled + len(indptr) - 1
        for part, columns in self.columns.items():
            for name, values in getattr(drawn, part).items():
                if name not in columns:
                    columns[name] = np.empty(self.rows, dtype=values.dtype)
                place = columns[name][start : self.filled]
                if place.ctypes.data != values.ctypes.data:  # else it was drawn where it belongs
                    place[:] = values
        self.ties.append((indptr, indices))

    def tables(self, friends: NDArray[np.float32] | None = None) -> dict[str, Any]:
        """Add what friends bring: everything that a `Society` holds beside its world, by name.

        Parameters
        ----------
        friends : ndarray, optional
            `friends_table` of the people met as friends; the citizens' own by default.
        """
        ties = joined_ties(self.ties, self.citizens)
        table = friends_table(self.columns["records"]) if friends is None else friends
        disclosed = friends_records(ties.indptr, ties.indices, table)
        return {"ties": ties, **tables_of(Block(**self.columns, making={}), disclosed)}


def simulate(
    world: WorldSpecification, *, change: Change = AS_IT_IS, workers: int = 1
) -> dict[str, Any]:
    """Everything that a `Society` holds beside its world; the same on any number of workers."""
    whole = Gathered(world.citizens)
    for city in cities(world):
        drawn, town = inhabited(world, city, change, workers=workers, into=whole.columns)
        whole.add(drawn, town.indptr, town.indices)
        del drawn, town
    return whole.tables()


def cities(world: WorldSpecification) -> Iterator[City]:
    """Cities of a world, in order."""
    for number in range(city_count(world.address, world.citizens)):
        yield draw_city(world.address, world.seed, world.citizens, number)


def inhabited(
    world: WorldSpecification,
    city: City,
    change: Change = AS_IT_IS,
    *,
    workers: int = 1,
    into: Mapping[str, Arrays] | None = None,
) -> tuple[Block, Town]:
    """Draw the citizens of a city and settle them; only friends' records are still absent."""
    block = draw_city_citizens(world, city, change, workers=workers, into=into)
    town = settle(world, city, block.people, block.making)
    return finished(city, block, town.partner, town.children, neighbours=block), town


def finished(
    city: City, block: Block, partner: Ints, children: Ints, *, neighbours: Block
) -> Block:
    """Add what household and neighbourhood bring.

    Parameters
    ----------
    block : Block
        Citizens of the city; or twins of some, and then `neighbours` are those whom they meet.
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
        "district_late": district_means(
            neighbours.people["district"], late, block.people["district"]
        ),
    }
    people = block.people | {
        "city": np.full(len(partner), city.number, dtype=np.int32),
        "district": block.people["district"] + np.int32(city.first_district),
        "partner_row": np.where(alone, np.int32(-1), partner + np.int32(city.start)),
    }
    return replace(block, people=people, records=records, making={})


def tables_of(drawn: Block, disclosed: Arrays) -> dict[str, pd.DataFrame]:
    """Tables of a society, by name; `disclosed` is what friends bring."""
    people = sensitive_columns(drawn.people)
    people |= {name: drawn.people[name] for name in ("city", "district", "partner_row")}
    return {
        "people": _frame(people),
        "records": _frame(_typed_records({**drawn.records, **disclosed})),
        "outcome": _frame(drawn.outcome),
        "truth": _frame(drawn.truth),
        "holders": _frame(drawn.holders),
    }


def district_means(
    district: NDArray[Any], late: NDArray[Any], lived_in: NDArray[Any]
) -> NDArray[np.float32]:
    """Mean late bills of those who live in a district, for whoever lives there or would."""
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
