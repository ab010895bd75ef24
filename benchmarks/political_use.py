"""Power curves of an auditor's six tests over 200 societies and six rates: time and memory.

``python benchmarks/political_use.py`` writes benchmarks/results/political_use.md.
"""

import time

import psutil
from tables import write_table

from credit_ml.agencies import load_agency
from credit_ml.governance import PoliticalOptions, political_use
from credit_ml.society import World

CITIZENS = 20_000


def main() -> None:
    """Measure with and without groups and worse records, and write the table."""
    society = World(citizens=CITIZENS, seed=7).simulate()
    rater = load_agency("sesame").fit(society)
    rows = []
    for asked, features, worse in (("everybody", [], 0.0), ("with groups and worse", "hukou", 0.8)):
        wall, processor = time.perf_counter(), time.process_time()
        options = PoliticalOptions(worse=worse)
        political_use(rater, society, options=options, sensitive=features)
        rows.append(
            {
                "of": asked,
                "citizens": CITIZENS,
                "societies": options.societies,
                "rates": len(options.rates),
                "sizes": len(options.sizes),
                "wall (s)": time.perf_counter() - wall,
                "processor (s)": time.process_time() - processor,
                "memory (MiB)": psutil.Process().memory_info().rss / 2**20,
            }
        )
    notes = [
        "Each society is simulated, scored once, and tested at every rate and size by six tests.",
        "With worse records as many societies again, without abuse.",
        "Target: 200 societies and 6 rates under 300 s on 2 cores.",
        f"One-minute load {psutil.getloadavg()[0]:.1f} when this ended.",
    ]
    print(write_table("political_use.md", "Power to detect political use", rows, notes=notes))


if __name__ == "__main__":
    main()
