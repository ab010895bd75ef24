"""A society on disk: a folder of Parquet files, one city a file, each complete or absent."""

import errno
import json
import os
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from credit_ml.core import ArchiveError, WorldError
from credit_ml.core.provenance import canonical_json
from credit_ml.society.arrays import Ints, Places
from credit_ml.society.columns import COLUMNS
from credit_ml.society.mechanisms.outcome import OUTCOMES
from credit_ml.society.mechanisms.place import City, city_count, draw_city
from credit_ml.society.society import TABLES, Society
from credit_ml.society.storage.packing import FRIENDS, encodings, unpacked
from credit_ml.society.ties.friend_records import friends_records, friends_table
from credit_ml.society.ties.graph import as_ties, joined_ties
from credit_ml.society.ties.halves import both_ways, upper_friends
from credit_ml.society.world import World

#: Version of the layout; part of what `world.json` says.
FORMAT = 1
#: Bytes on disk for one citizen with ties and mail, open and packed, before anything is known of
#: the world; measured in benchmarks/results/society_on_disk.md and rounded up.
BYTES_A_CITIZEN = {False: 200, True: 130}
#: Prefix of each table's columns in the file of the people.
PREFIX = {"people": "", "records": "", "outcome": "", "truth": "truth_", "holders": "held_"}

_WORLD_KEY, _CITY_KEY = b"credit_ml.world", b"credit_ml.city"


@dataclass(frozen=True)
class Archive:
    """The folder of one world, and where its files are.

    ``people/city-00000.parquet`` holds people, records, outcome, truth (``truth_``) and holders
    (``held_``), one row a citizen; ``ties/city-00000.parquet`` the numbers of each citizen's
    friends as a list, in the same order. ``world.json`` says which world it is, and
    ``complete.json`` is written last. A packed folder has the same files and values in less room,
    for `read_society` alone: every tie once, and no column that the others say.

    Examples
    --------
    >>> import tempfile
    >>> from credit_ml import World
    >>> archive = Archive.claim(World(citizens=200, seed=1), tempfile.mkdtemp())
    >>> archive.cities
    1
    """

    folder: Path
    world: World
    packed: bool = False

    @classmethod
    def claim(cls, world: World, folder: str | Path, *, packed: bool = False) -> Self:
        """Make the folder this world's, or return to one that is.

        Raises
        ------
        ArchiveError
            When the folder holds another world, holds something else, or cannot be made.
        """
        archive = cls(Path(folder), world, packed)
        if archive.manifest.exists():
            archive._refuse_another()
            return archive
        try:
            archive.folder.mkdir(parents=True, exist_ok=True)
            held = [each.name for each in archive.folder.iterdir() if not each.name.startswith(".")]
        except OSError as error:
            problem = f"cannot be a folder ({error.strerror})"
            raise ArchiveError(str(folder), problem, "name another") from error
        problem = f"already holds '{min(held, default='')}'"
        ArchiveError.unless(not held, str(folder), problem, "name a new or an empty folder")
        said = {"format": FORMAT, "digest": world.digest(), "world": world.to_dict()}
        said |= {"packed": True} if packed else {}
        archive.put_text(archive.manifest, canonical_json(said | {"cities": archive.cities}))
        return archive

    @classmethod
    def open(cls, folder: str | Path) -> Self:
        """Open a folder that `write_society` made.

        Raises
        ------
        ArchiveError
            When it holds no society, or one of another layout.
        """
        manifest = Path(folder) / "world.json"
        try:
            said = json.loads(manifest.read_text(encoding="utf-8"))
            world = World.from_dict(said["world"])
        except (OSError, ValueError, KeyError, WorldError) as error:
            problem = "holds no society"
            raise ArchiveError(str(folder), problem, "make one with credit-ml simulate") from error
        if said.get("format") != FORMAT or said.get("digest") != world.digest():
            problem = "was written by another version"
            raise ArchiveError(str(manifest), problem, "simulate it again elsewhere")
        return cls(Path(folder), world, bool(said.get("packed", False)))

    @property
    def manifest(self) -> Path:
        """File that says which world it is."""
        return self.folder / "world.json"

    @property
    def complete(self) -> Path:
        """File that is there when every other one is."""
        return self.folder / "complete.json"

    @property
    def cities(self) -> int:
        """Number of cities, and so of files of each kind."""
        return city_count(self.world.address, self.world.citizens)

    def city(self, number: int) -> City:
        """Lay out one city."""
        return draw_city(self.world.address, self.world.seed, self.world.citizens, number)

    def people(self, number: int) -> Path:
        """File of a city's people."""
        return self.folder / "people" / f"city-{number:05d}.parquet"

    def ties(self, number: int) -> Path:
        """File of a city's ties."""
        return self.folder / "ties" / f"city-{number:05d}.parquet"

    def mail(self, number: int) -> Path:
        """File of what a city tells its friends elsewhere; there until all are complete."""
        return self.folder / "mail" / f"city-{number:05d}.arrow"

    def put(self, path: Path, write: Callable[[Path], Any]) -> None:
        """Write a file so that it is complete or absent.

        Raises
        ------
        ArchiveError
            When the disk is full or cannot be written; finished files are kept.
        """
        part = path.with_name(f".{path.name}.{os.getpid()}.part")
        try:
            path.parent.mkdir(exist_ok=True)
            write(part)
            part.replace(path)
        except OSError as error:
            full = error.errno in (errno.ENOSPC, errno.EDQUOT)
            problem = "did not fit: the disk is full" if full else f"cannot be written ({error})"
            remedy = "make room and run the same command again: finished cities are kept"
            raise ArchiveError(str(path), problem, remedy) from error
        finally:
            part.unlink(missing_ok=True)

    def put_text(self, path: Path, text: str) -> None:
        """Write one line of text, complete or absent."""
        self.put(path, lambda part: part.write_text(f"{text}\n", "utf-8", newline="\n"))

    def put_table(self, path: Path, table: pa.Table, city: City) -> None:
        """Write a Parquet file that knows its world, with a checksum on every page."""
        said = {_WORLD_KEY: self.world.digest().encode(), _CITY_KEY: str(city.number).encode()}
        metadata = (table.schema.metadata or {}) | said
        marked = table.replace_schema_metadata(metadata)
        self.put(
            path,
            lambda part: pq.write_table(
                marked,
                part,
                compression="zstd",
                row_group_size=2**18,
                write_page_checksum=True,
                **encodings(marked, packed=self.packed),
            ),
        )

    def is_made(self, number: int) -> bool:
        """Whether a city is finished.

        Raises
        ------
        ArchiveError
            When one of its files is there and damaged, or of another world.
        """
        # Both are looked at: one that is damaged is said even where the other is absent.
        found = [self._check(path, number) for path in (self.people(number), self.ties(number))]
        return all(found)

    def read(self, path: Path, columns: list[str] | None = None) -> pa.Table:
        """Read a file, every page held to its checksum.

        Raises
        ------
        ArchiveError
            When it is absent or damaged.
        """
        try:
            return pq.read_table(path, columns=columns, page_checksum_verification=True)
        except FileNotFoundError as error:
            remedy = "run credit-ml simulate again: it makes what is missing"
            raise ArchiveError(str(path), "is absent", remedy) from error
        except (OSError, pa.ArrowInvalid) as error:
            raise _damaged(path, error) from error

    def _check(self, path: Path, number: int) -> bool:
        if not path.exists():
            return False
        try:
            footer = pq.read_metadata(path)
        except (OSError, pa.ArrowInvalid) as error:
            raise _damaged(path, error) from error
        if (footer.metadata or {}).get(_WORLD_KEY, b"").decode() != self.world.digest():
            raise ArchiveError(str(path), "is of another world", "move it away and run again")
        said = (footer.metadata or {}).get(_CITY_KEY, str(number).encode()).decode()
        if said != str(number):
            raise _damaged(path, ValueError(f"it is of city {said}"))
        if footer.num_rows != self.city(number).size:
            raise _damaged(path, ValueError(f"{footer.num_rows} rows"))
        return True

    def _refuse_another(self) -> None:
        there = Archive.open(self.folder)
        held = there.world
        if held.digest() == self.world.digest():
            form = "packed" if there.packed else "not packed"
            problem = f"already holds this world, {form}"
            remedy = f"ask for it {form} too, or name another folder"
            ArchiveError.unless(there.packed == self.packed, str(self.folder), problem, remedy)
            return
        mine, theirs = self.world.describe_frame(), held.describe_frame()
        differ = mine["value"].astype(str) != theirs["value"].astype(str)
        first, other = mine[differ].iloc[0], theirs[differ].iloc[0]["value"]
        told = f"{first['name']} is {other} there, {first['value']} here"
        problem = f"already holds another world ({told})"
        raise ArchiveError(str(self.folder), problem, "name another folder")


def refuse_small_disk(archive: Archive) -> None:
    """Refuse before any work what the disk cannot hold.

    Raises
    ------
    ArchiveError
        When free space is below the expected size of the cities that are still missing.
    """
    missing = sum(
        archive.city(number).size
        for number in range(archive.cities)
        if not archive.people(number).exists()
    )
    needed, free = BYTES_A_CITIZEN[archive.packed] * missing, shutil.disk_usage(archive.folder).free
    room = f"has {free / 1e9:.1f} GB free"
    problem = f"{room}, and {missing:,} citizens need about {needed / 1e9:.1f} GB"
    remedy = "make room or choose fewer citizens"
    ArchiveError.unless(needed <= free, str(archive.folder), problem, remedy)


def read_society(folder: str | Path) -> Society:
    """Read a society that `write_society` wrote; it equals ``world.simulate()``.

    Cost: one read of the folder; memory as for `World.simulate`.

    Raises
    ------
    ArchiveError
        When the folder holds no complete society, or a file of it is damaged.

    Examples
    --------
    >>> import tempfile
    >>> from credit_ml.society import World, write_society
    >>> world, folder = World(citizens=200, seed=1), tempfile.mkdtemp()
    >>> archive = write_society(world, folder)
    >>> read_society(folder).digest() == world.simulate().digest()
    True
    """
    archive = Archive.open(folder)
    if not archive.complete.exists():
        remedy = "run credit-ml simulate again: it makes what is missing"
        raise ArchiveError(str(folder), "is not complete", remedy)
    read = unpacked if archive.packed else pa.Table.to_pandas
    parts = [read(archive.read(archive.people(n))) for n in range(archive.cities)]
    frame = parts[0] if len(parts) == 1 else pd.concat(parts, ignore_index=True)
    rows = [_rows_of(archive, number) for number in range(archive.cities)]
    ties = joined_ties(rows, archive.world.citizens)
    if archive.packed:
        ties = as_ties(*both_ways(ties.indptr, ties.indices), archive.world.citizens)
        table = friends_table({str(name): frame[name].to_numpy() for name in frame})
        brought = friends_records(ties.indptr, ties.indices, table)
        frame = frame.assign(**{name: brought[name] for name in FRIENDS})
    tables = tables_from(frame)
    tables["records"] = tables["records"][[*COLUMNS]]
    return Society(world=archive.world, ties=ties, **tables)


def _rows_of(archive: Archive, number: int) -> tuple[Places, Ints]:
    """Friends of a city's citizens as its file has them: all, or those with a higher number."""
    each = archive.read(archive.ties(number))["friends"].combine_chunks()
    offsets = each.offsets.to_numpy().astype(np.int64)
    offsets, friends = offsets - offsets[0], each.flatten().to_numpy().astype(np.int32)
    if archive.packed:
        friends = upper_friends(offsets, friends, archive.city(number).start)
    return offsets, friends


def tables_from(frame: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Take apart what `society_table` put side by side."""
    tables = {}
    for name, prefix in PREFIX.items():
        wanted = [column for column in frame.columns if _table_of(str(column)) == name]
        names = [str(column).removeprefix(prefix) for column in wanted]
        tables[name] = frame[wanted].set_axis(names, axis=1)
    return tables


def _table_of(column: str) -> str:
    if column in COLUMNS:
        return "records"
    for table in ("truth", "holders"):
        if column.startswith(PREFIX[table]):
            return table
    return "outcome" if column in OUTCOMES else "people"


def _damaged(path: Path, error: Exception) -> ArchiveError:
    problem = f"is damaged ({str(error).splitlines()[0][:80]})"
    remedy = "delete this file and run the same command again; the others are kept"
    return ArchiveError(str(path), problem, remedy)


def society_table(tables: dict[str, Any]) -> pa.Table:
    """Put people, records, outcome, truth and holders side by side, prefixed."""
    columns = {
        f"{PREFIX[name]}{column}": tables[name][column]
        for name in TABLES
        for column in tables[name].columns
    }
    frame = pd.DataFrame(columns, copy=False)
    return pa.Table.from_pandas(frame, preserve_index=False)
