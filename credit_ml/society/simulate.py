"""From a world to a society, city by city."""

from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from credit_ml.society.assembly import Drawn, assemble, cities, inhabited
from credit_ml.society.block import Arrays
from credit_ml.society.mechanisms.place import City
from credit_ml.society.society import Society
from credit_ml.society.ties.graph import as_ties

if TYPE_CHECKING:
    from credit_ml.society.world import World

#: Parts of the citizens drawn that a society keeps.
PARTS = ("people", "records", "truth", "outcome", "holders")


def simulate(world: "World", *, workers: int = 1) -> Society:
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
    parts = assemble(drawn, ties=graph, friends=drawn.records)
    return Society(world=world, **parts)


def _put(columns: Arrays, name: str, values: NDArray[Any], city: City, citizens: int) -> None:
    if name not in columns:
        columns[name] = np.empty(citizens, dtype=values.dtype)
    place = columns[name][city.start : city.stop]
    if place.ctypes.data != values.ctypes.data:  # else it was drawn where it belongs
        place[:] = values
