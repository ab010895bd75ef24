"""A society on disk, city by city, and what 1.4 billion citizens would cost.

Run with ``python benchmarks/society_on_disk.py`` on an idle machine; writes
benchmarks/results/society_on_disk.md.
"""

import os
import shutil
import tempfile
import time
from pathlib import Path

import psutil
from tables import write_table

from credit_ml.core import Streams
from credit_ml.society import Archive, World, read_society, write_society
from credit_ml.society.storage.shards import write_city, write_mail

NATION = 1_400_000_000
CITIES = 4


def main() -> None:
    """Write a few cities, time each step, and scale up."""
    World(citizens=2_000, seed=1).simulate()  # compiled kernels are loaded
    busy = os.getloadavg()[0]
    full = World().address.citizens_per_city
    world = World(citizens=CITIES * full, seed=1)
    folder = Path(tempfile.mkdtemp())
    try:
        archive = Archive.claim(world, folder / "steps")
        mail = timed(lambda: [write_mail(archive, n) for n in range(CITIES)]) / CITIES
        made = timed(lambda: [write_city(archive, n) for n in range(CITIES)]) / CITIES
        memory = psutil.Process().memory_info().rss
        size = sum(path.stat().st_size for path in (folder / "steps").rglob("*.parquet"))
        letters = sum(path.stat().st_size for path in (folder / "steps" / "mail").iterdir())
        write_society(world, folder / "steps")
        write_society(world, folder / "packed", packed=True)
        less = sum(path.stat().st_size for path in (folder / "packed").rglob("*.parquet"))
        reading = timed(lambda: read_society(folder / "steps"))
        unpacking = timed(lambda: read_society(folder / "packed"))
    finally:
        shutil.rmtree(folder)
    pairs = 2_000
    stream = (
        timed(lambda: [Streams(1).generator("elsewhere", n).poisson(50.0) for n in range(pairs)])
        / pairs
    )
    cities = -(-NATION // full)
    hours = cities * (mail + made + 3 * cities * stream) / 3600
    rows = [
        {"what": "citizens a city", "measured": full, "1.4 billion citizens": NATION},
        {"what": "cities", "measured": CITIES, "1.4 billion citizens": cities},
        {
            "what": "mail, processor seconds a city",
            "measured": round(mail, 2),
            "1.4 billion citizens": f"{cities * mail / 3600:.1f} hours",
        },
        {
            "what": "people and ties, processor seconds a city",
            "measured": round(made, 2),
            "1.4 billion citizens": f"{cities * made / 3600:.1f} hours",
        },
        {
            "what": "stream of one pair of cities, microseconds",
            "measured": round(1e6 * stream, 1),
            "1.4 billion citizens": f"{3 * cities**2 * stream / 3600:.1f} hours",
        },
        {
            "what": "all processor time",
            "measured": "",
            "1.4 billion citizens": f"{hours:.0f} hours; {hours / 64:.1f} on 64 cores",
        },
        {
            "what": "bytes a citizen, people and ties",
            "measured": round(size / world.citizens),
            "1.4 billion citizens": f"{size / world.citizens * NATION / 1e9:.0f} GB",
        },
        {
            "what": "the same, packed; target: 100",
            "measured": round(less / world.citizens, 1),
            "1.4 billion citizens": f"{less / world.citizens * NATION / 1e9:.0f} GB",
        },
        {
            "what": "bytes of mail a citizen, until complete",
            "measured": round(letters / world.citizens, 1),
            "1.4 billion citizens": f"{letters / world.citizens * NATION / 1e9:.0f} GB",
        },
        {
            "what": "memory of a worker, resident GB",
            "measured": round(memory / 1e9, 2),
            "1.4 billion citizens": "the same",
        },
        {
            "what": "reading all back, processor seconds a million",
            "measured": round(reading / world.citizens * 1e6, 2),
            "1.4 billion citizens": "",
        },
        {
            "what": "the same, packed",
            "measured": round(unpacking / world.citizens * 1e6, 2),
            "1.4 billion citizens": "",
        },
    ]
    write_table(
        "society_on_disk.md",
        "A society on disk, and a nation",
        rows,
        notes=[
            f"{CITIES} cities of the world baseline, one process, one thread, with compression. "
            f"{busy:.0f} other processes ran on {os.cpu_count()} processors, so that processor "
            "seconds say too much by as much as those crowd the caches.",
            "Scaled linearly, but for the streams of pairs: each city asks one for every other "
            "city, three times (mail, ties, friends' records).",
        ],
    )


def timed(work: object) -> float:
    """Processor time of one call."""
    start = time.process_time()
    work()  # type: ignore[operator]
    return time.process_time() - start


if __name__ == "__main__":
    main()
