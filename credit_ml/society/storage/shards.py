"""Cities as shards: what one worker makes, alone, from nothing but the world and a number.

A city needs one thing from others: the records of friends who live there. Whom it knows there
follows from the seed at both ends (`far_ties`), so every city first writes mail, one batch of
records a destination, and then every city reads its own batch from each of the others.
"""

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
from numpy.typing import NDArray
from scipy.sparse import csr_array

from credit_ml.core import ArchiveError
from credit_ml.society.assembly import inhabited, tables_of
from credit_ml.society.block import Block, draw_city_citizens
from credit_ml.society.society import Society
from credit_ml.society.storage.archive import Archive, society_table
from credit_ml.society.storage.packing import packed
from credit_ml.society.ties.friend_records import TOLD, friends_records, friends_table
from credit_ml.society.ties.halves import upper_steps
from credit_ml.society.town import Town, far_ties_by_city
from credit_ml.society.world import World


def write_mail(archive: Archive, number: int) -> None:
    """Write what a city's citizens tell their friends in other cities, one batch a city."""
    path, city = archive.mail(number), archive.city(number)
    if path.exists() or (archive.is_made(number) and archive.complete.exists()):
        return
    block = draw_city_citizens(archive.world, city, parts=("records",))
    table = friends_table(block.records)
    schema = pa.schema([(name, pa.float32()) for name in TOLD])
    to = far_ties_by_city(archive.world, city)

    def write(part: Path) -> None:
        with pa.OSFile(str(part), "wb") as sink, pa.ipc.new_file(sink, schema) as file:
            for other in range(archive.cities):
                rows = to[other][0] if other in to else np.zeros(0, dtype=np.int32)
                told = table[rows]
                columns = [pa.array(told[:, k]) for k in range(len(TOLD))]
                file.write_batch(pa.record_batch(columns, schema=schema))

    archive.put(path, write)


def city_of(archive: Archive, number: int) -> Society:
    """Make one city's people with what their friends elsewhere told by mail; ties are left out.

    The tables are the rows of that city in those of `World.simulate`. Every city but the only one
    needs the mail of all (`write_mail`).

    Cost: linear in citizens and ties; memory for one city.

    Raises
    ------
    ArchiveError
        When mail is absent or damaged.
    """
    drawn, town = inhabited(archive.world, archive.city(number))
    frames = tables_of(drawn, _friends(archive, number, drawn, town))
    return without_ties(archive.world, frames)


def without_ties(world: World, frames: Mapping[str, pd.DataFrame]) -> Society:
    """Some citizens of a world as a society of whose ties nothing is known."""
    ties = csr_array((len(frames["people"]), world.citizens), dtype=np.int8)
    return Society(world=world, ties=ties, **frames)


def write_city(archive: Archive, number: int) -> int:
    """Write the people and ties of one city, unless it is finished; return how many ties it has.

    Cost: linear in citizens and ties; memory for one city.
    """
    city = archive.city(number)
    if archive.is_made(number):
        return 0
    drawn, town = inhabited(archive.world, city)
    told = _friends(archive, number, drawn, town)
    frames = tables_of(drawn, told)
    rows, table = (town.indptr, town.indices), society_table(frames)
    if archive.packed:
        rows, table = upper_steps(*rows, city.start), packed(table.to_pandas(), city.start)
    ties = pa.ListArray.from_arrays(pa.array(rows[0].astype(np.int32)), pa.array(rows[1]))
    # The people come last: a city counts as made when both files are there.
    archive.put_table(archive.ties(number), pa.table({"friends": ties}), city)
    archive.put_table(archive.people(number), table, city)
    return len(town.indices)


def _friends(
    archive: Archive, number: int, drawn: Block, town: Town
) -> dict[str, NDArray[np.generic]]:
    city = archive.city(number)
    table = friends_table(drawn.records)
    far = far_ties_by_city(archive.world, city)
    if not far:
        return friends_records(town.indptr, town.indices, table)
    known, rows = [], []
    for other, (_, friend) in far.items():
        known.append(friend)
        rows.append(_batch(archive, other, number, len(friend)))
    numbers, first = np.unique(np.concatenate(known), return_index=True)
    met = np.concatenate([table, np.concatenate(rows)[first]])
    here = (town.indices >= city.start) & (town.indices < city.stop)
    local = np.where(
        here, town.indices - city.start, city.size + np.searchsorted(numbers, town.indices)
    ).astype(np.int32)
    return friends_records(town.indptr, local, met)


def _batch(archive: Archive, sender: int, receiver: int, expected: int) -> NDArray[np.float32]:
    path = archive.mail(sender)
    try:
        with pa.memory_map(str(path)) as source:
            batch = pa.ipc.open_file(source).get_batch(receiver)
            table = np.column_stack([column.to_numpy() for column in batch.columns])
    except (OSError, pa.ArrowInvalid, pa.ArrowIndexError) as error:
        problem = "is absent or damaged"
        raise ArchiveError(str(path), problem, "delete it if it is there, and run again") from error
    if len(table) != expected:
        raise ArchiveError(str(path), "is damaged", "delete it and run the same command again")
    return table.astype(np.float32)
