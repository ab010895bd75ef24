"""How long 100,000 people take to respond to an opaque score that is told in full.

Run with ``python benchmarks/disclosure.py``; writes benchmarks/results/disclosure.md.
"""

import os
import resource
import time
from collections.abc import Callable

from tables import write_table

from credit_ml.agencies import load_agency
from credit_ml.disclosure import default_menu, disclose
from credit_ml.scoring import score_function
from credit_ml.society import World

PEOPLE = 100_000


def seconds(work: Callable[[], object]) -> dict[str, float]:
    """Wall and processor time of one run; it is long enough not to need several."""
    wall, processor = time.perf_counter(), time.process_time()
    work()
    return {
        "seconds": time.perf_counter() - wall,
        "processor seconds": time.process_time() - processor,
    }


def main() -> None:
    society = World(citizens=PEOPLE, seed=0).simulate()
    rater = load_agency("sesame").fit(society, scorer="opaque")
    dataset = rater.agency.view(society)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    actions = len(default_menu().visible(list(dataset.X.columns)))
    bundles = 1 + actions + actions * (actions - 1) // 2
    score = score_function(rater)
    score(dataset.X)  # to warm up
    once = seconds(lambda: score(dataset.X))
    whole = seconds(lambda: disclose(rater, dataset, regimes=["full"], people=None, bundle=2))
    rows = [
        {"what": what, "bundles": calls, **taken, "a bundle": taken["seconds"] / calls}
        for what, calls, taken in (
            ("score everybody once", 1, once),
            ("disclose, full regime, all measures by 5 features", bundles, whole),
        )
    ]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    path = write_table(
        "disclosure.md",
        f"Best responses of {PEOPLE:,} people to a score told in full",
        rows,
        notes=[
            f"{rater.name}, {dataset.X.shape[1]} features; default menu of "
            f"{len(default_menu().actions)} actions, bundles of up to 2: {bundles} of them.",
            "Same process, same rows, one run each, "
            f"OMP_NUM_THREADS={os.environ.get('OMP_NUM_THREADS', 'unset')}; load average "
            f"{os.getloadavg()[0]:.1f} at the end: on a busy machine, go by processor seconds.",
            f"Peak memory {peak / 2**20:.2f} GiB, of which {before / 2**20:.2f} GiB was reached "
            "before, by making the society and fitting the rater.",
        ],
    )
    print(path.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
