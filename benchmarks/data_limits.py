"""Every subset of six holders' records as the data of one score: time and memory.

``python benchmarks/data_limits.py`` writes benchmarks/results/data_limits.md.
"""

import time

import psutil
from tables import write_table

from credit_ml.agencies import load_agency
from credit_ml.governance import LimitOptions, data_frontier
from credit_ml.society import World

CITIZENS = 20_000


def main() -> None:
    """Measure two kinds of scorer, and write the table."""
    society = World(citizens=CITIZENS, seed=7).simulate()
    rows = []
    for scorer in ("opaque", "logistic"):
        wall, processor = time.perf_counter(), time.process_time()
        options = LimitOptions(limits={}, scorer=scorer)
        found = data_frontier(load_agency("national"), society, options=options)
        rows.append(
            {
                "scorer": scorer,
                "citizens": CITIZENS,
                "subsets": len(found.subsets()),
                "wall (s)": time.perf_counter() - wall,
                "processor (s)": time.process_time() - processor,
                "memory (MiB)": psutil.Process().memory_info().rss / 2**20,
            }
        )
    notes = [
        "Each subset is fitted anew, scored and measured, with intervals over districts.",
        "Target: 64 subsets under 180 s on 2 cores.",
        f"One-minute load {psutil.getloadavg()[0]:.1f} when this ended.",
    ]
    print(write_table("data_limits.md", "Subsets of holders", rows, notes=notes))


if __name__ == "__main__":
    main()
