"""Societies of 10,000 to 10,000,000 citizens, their ties beside igraph, and friends' means.

Run with ``python benchmarks/society.py`` on an idle machine; writes benchmarks/results/society.md.
Each size runs in a process of its own with one thread. Needs igraph and psutil.
"""

import json
import os
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable

import igraph
import numpy as np
import psutil
from tables import write_table

from credit_ml.society import World
from credit_ml.society.block import draw_city_citizens
from credit_ml.society.mechanisms.chance import NOISE
from credit_ml.society.mechanisms.place import draw_city
from credit_ml.society.society import TABLES
from credit_ml.society.ties.graph import adjacency, friend_means, members
from credit_ml.society.town import city_cells, far_ties, fill_slots, settle

SIZES = (10_000, 100_000, 1_000_000, 10_000_000)
COLUMNS, TURNS = 20, 15


def main() -> None:
    """Measure everything and write the table."""
    if len(sys.argv) > 1:
        print(json.dumps(one_size(int(sys.argv[1]))))
        return
    rows = [in_own_process(size) for size in SIZES]
    slope = np.polyfit(
        np.log([r["citizens"] for r in rows]), np.log([r["seconds"] for r in rows]), 1
    )[0]
    ties = ties_beside_igraph()
    means = friend_means_beside_bandwidth()
    write_table(
        "society.md",
        "Societies, from a town to a nation's province",
        rows,
        notes=[
            "seconds: processor time of World.simulate, one thread; draws: processor time that "
            "numpy needs to draw as many standard normals and uniforms in blocks of 16,384. "
            "Medians of five runs in turns, one of the largest. Target at 1,000,000: 8 times.",
            "peak: resident bytes above those before simulate, against the bytes of the result's "
            "tables and ties. Target: at most 2.5 times, and 10,000,000 citizens under 16 GiB.",
            f"Slope of seconds in citizens, log-log: {slope:.2f}. Target: at most 1.1.",
            *ties,
            *means,
        ],
    )


def in_own_process(size: int) -> dict[str, object]:
    """Run one size in a fresh process, so that peaks do not mix."""
    env = os.environ | {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
    run = subprocess.run(
        [sys.executable, __file__, str(size)], capture_output=True, text=True, check=True, env=env
    )
    found: dict[str, object] = json.loads(run.stdout.splitlines()[-1])
    return found


def one_size(citizens: int) -> dict[str, object]:
    """Time and peak memory of one society, and the time of drawing as much chance."""
    World(citizens=2_000, seed=1).simulate()  # compiled kernels are loaded
    process = psutil.Process()
    before, peak, ended = process.memory_info().rss, [0], threading.Event()

    def watch() -> None:
        while not ended.wait(0.01):
            peak[0] = max(peak[0], process.memory_info().rss)

    watcher = threading.Thread(target=watch)
    watcher.start()
    seconds, society = timed(lambda: World(citizens=citizens, seed=1).simulate())
    ended.set()
    watcher.join()
    frames = [getattr(society, name) for name in TABLES]
    size = sum(int(frame.memory_usage(index=False, deep=True).sum()) for frame in frames)
    size += sum(a.nbytes for a in (society.ties.data, society.ties.indices, society.ties.indptr))
    ties = int(society.ties.nnz // 2)
    columns = sum(frame.shape[1] for frame in frames)
    del frames, society
    times, draws = [seconds], [timed(lambda: draw(citizens, ties))[0]]
    for _ in range(4 if citizens <= 1_000_000 else 0):  # in turns: this machine has moods
        times.append(timed(lambda: World(citizens=citizens, seed=1).simulate())[0])
        draws.append(timed(lambda: draw(citizens, ties))[0])
    ratio = statistics.median(times) / statistics.median(draws)
    return {
        "citizens": citizens,
        "ties": ties,
        "columns": columns,
        "seconds": round(statistics.median(times), 3),
        "draws": round(statistics.median(draws), 3),
        "times draws": round(ratio, 1),
        "result (GB)": round(size / 1e9, 3),
        "peak (GB)": round((peak[0] - before) / 1e9, 3),
        "peak / result": round((peak[0] - before) / size, 2),
    }


def draw(citizens: int, ties: int) -> None:
    """Draw as many variates as a society of that size consumes, and nothing else."""
    generator = np.random.default_rng(0)
    normals = sum(rows for rows, _ in NOISE.values())
    uniforms = sum(rows for _, rows in NOISE.values())
    block = 16_384
    for start in range(0, citizens, block):
        size = min(block, citizens - start)
        generator.standard_normal((normals, size))
        generator.random((uniforms, size))
        generator.random((2, int(ties * size / citizens)))


def ties_beside_igraph() -> list[str]:
    """Ties of one city of a million beside igraph's stochastic block models of the same size."""
    world = World.from_dict({"citizens": 2**20, "address": {"citizens_per_city": 2**20}})
    city = draw_city(world.address, world.seed, world.citizens, 0)
    block = draw_city_citizens(world, city)
    town = settle(world, city, block.people, block.making)

    def ours() -> None:
        cells = city_cells(world, block.people, block.making, town.children)
        placed = members(cells)
        slots = fill_slots(world, city, block.making["slots"], placed, cells)
        adjacency(slots.number, slots.target, town.partner, *far_ties(world, city))

    seconds = min(timed(ours)[0] for _ in range(3))
    ties = len(town.indices) / 2
    notes = [
        f"Ties of {world.citizens:,} citizens in 10 contexts, degrees corrected, drawn and sorted "
        f"into rows: {1e9 * seconds / ties:.0f} ns a tie ({ties:,.0f} ties)."
    ]
    for blocks in (2, 100):
        inside = 0.5 * 2 * ties / world.citizens / (world.citizens / blocks)
        outside = 0.5 * 2 * ties / world.citizens / (world.citizens * (1 - 1 / blocks))
        prefer = np.full((blocks, blocks), outside)
        np.fill_diagonal(prefer, inside)
        sizes = [world.citizens // blocks] * (blocks - 1)
        sizes.append(world.citizens - sum(sizes))
        took, graph = timed(lambda p=prefer, s=sizes: igraph.Graph.SBM(p.tolist(), s))
        notes.append(
            f"igraph {igraph.__version__}, stochastic block model of {blocks} blocks, as many "
            f"citizens: {1e9 * took / graph.ecount():.0f} ns a tie ({graph.ecount():,} ties)."
        )
    fitness = (block.making["slots"] + 1).astype(float)
    took, graph = timed(
        lambda: igraph.Graph.Static_Fitness(int(ties), fitness.tolist(), allowed_edge_types="multi")
    )
    notes.append(
        f"igraph, degrees corrected without blocks (static fitness, double edges kept): "
        f"{1e9 * took / graph.ecount():.0f} ns a tie. Target: at least as fast as its fastest "
        "with blocks."
    )
    return notes


def friend_means_beside_bandwidth() -> list[str]:
    """Means of 20 columns over friends beside a bound from the memory's bandwidth."""
    society = World(citizens=1_000_000, seed=1).simulate()
    table = np.random.default_rng(0).random((len(society), COLUMNS), dtype=np.float32)
    ties = society.ties

    source = np.ones(2**26, dtype=np.float32)
    target = np.empty_like(source)

    def means(workers: int) -> float:
        return walled(lambda: friend_means(ties.indptr, ties.indices, table, workers=workers))

    # In turns, and the best of each: other processes slow both down, and neither at its best.
    turns = [(means(1), means(2), walled(lambda: np.copyto(target, source))) for _ in range(TURNS)]
    one, two, copy = map(min, zip(*turns, strict=True))
    seconds = {1: one, 2: two}
    bandwidth = 2 * source.nbytes / copy
    # A random row of 80 bytes touches 2.2 lines of 64 bytes on average: (80 + 63) / 64.
    lines = (4 * COLUMNS + 63) / 64 * 64
    touched = ties.nnz * (4 + lines) + 2 * table.nbytes
    bound = touched / bandwidth
    return [
        f"Means of {COLUMNS} columns over {ties.nnz:,} friends, wall time: "
        + ", ".join(
            f"{took:.2f} s on {workers} thread{'s' * (workers > 1)} "
            f"({took / bound:.1f} times the bound)"
            for workers, took in seconds.items()
        )
        + f". The bound: the cache lines touched, {touched / 1e9:.1f} GB, at the bandwidth of one "
        f"thread's copy ({bandwidth / 1e9:.1f} GB/s): {bound:.2f} s. Target: 3 times."
    ]


def walled(work: Callable[[], object]) -> float:
    """Wall time of one call."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def timed(work: Callable[[], object]) -> tuple[float, object]:
    """Processor time of one call, and what it returned."""
    start = time.process_time()
    found = work()
    return time.process_time() - start, found


if __name__ == "__main__":
    main()
