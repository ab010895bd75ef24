"""Many cities at once: on this machine or on a Dask cluster, resumable, the same bytes."""

import shutil
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from credit_ml.core.provenance import canonical_json
from credit_ml.society.storage.archive import Archive, refuse_small_disk
from credit_ml.society.storage.shards import write_city, write_mail
from credit_ml.society.storage.spread import spread
from credit_ml.society.world import World

if TYPE_CHECKING:
    from distributed import Client


def write_society(
    world: World,
    folder: str | Path,
    *,
    packed: bool = False,
    workers: int = 1,
    client: "Client | None" = None,
    done: Callable[[int, int], None] | None = None,
) -> Archive:
    """Make a society on disk, city by city, without ever holding more than a city a worker.

    A run that was stopped goes on with the cities that are missing; finished ones are never
    written again, and no partial file is ever visible. The bytes depend on neither workers nor
    cluster. Two steps: every city writes mail for friends elsewhere, then every city is made.

    Cost: about 1.4 times `World.simulate` for several cities, plus compression.

    Parameters
    ----------
    world : World
    folder : path
        New, empty, or of the same world. Dask workers must see it under the same path.
    packed : bool, default False
        In less room, for `read_society` alone; otherwise any program reads the tables.
    workers : int, default 1
        Processes on this machine; ignored with a client.
    client : distributed.Client, optional
        Of any Dask cluster (extra ``cluster``).
    done : callable, optional
        Called with steps done and steps in all after each step, and once at the start.

    Raises
    ------
    ArchiveError
        When the folder holds another world, a file is damaged, or the disk is full; what is
        finished is kept.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     archive = write_society(World(citizens=500, seed=1), folder)
    ...     sorted(path.name for path in archive.folder.iterdir())
    ['complete.json', 'people', 'ties', 'world.json']
    """
    archive = Archive.claim(world, folder, packed=packed)
    missing = [number for number in range(archive.cities) if not archive.is_made(number)]
    if archive.complete.exists() and not missing:
        _report(done, archive.cities, archive.cities)
        return archive
    archive.complete.unlink(missing_ok=True)  # of files that have gone since
    refuse_small_disk(archive)
    writing = [n for n in range(archive.cities) if not archive.mail(n).exists()]
    writing = writing if archive.cities > 1 and missing else []
    steps = archive.cities + len(writing)
    finished = archive.cities - len(missing)
    _report(done, finished, steps)
    for write, numbers in ((write_mail, writing), (write_city, missing)):
        # Only the world and a number travel to a worker, never a table.
        make = partial(_made, write, world.to_dict(), str(archive.folder.absolute()), packed)
        for _ in spread(make, numbers, workers=workers, client=client):
            finished += 1
            _report(done, finished, steps)
    _finish(archive)
    return archive


def _made(
    write: Callable[[Archive, int], Any],
    world: dict[str, Any],
    folder: str,
    packed: bool,  # noqa: FBT001
    number: int,
) -> int:
    write(Archive(Path(folder), World.from_dict(world), packed), number)
    return number


def _finish(archive: Archive) -> None:
    import pyarrow.parquet as pq

    sizes = [pq.read_metadata(archive.people(n)).num_rows for n in range(archive.cities)]
    text = canonical_json({"citizens": sum(sizes), "cities": sizes})
    archive.put_text(archive.complete, text)
    shutil.rmtree(archive.folder / "mail", ignore_errors=True)
    # A run that was killed outright leaves its hidden part behind.
    for part in archive.folder.rglob(".*.part"):
        part.unlink(missing_ok=True)


def _report(done: Callable[[int, int], None] | None, finished: int, steps: int) -> None:
    if done is not None:
        done(finished, steps)
