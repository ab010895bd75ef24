"""How long 100,000 people take to respond to what they are told of a score.

Run with ``python benchmarks/disclosure.py``; writes benchmarks/results/disclosure.md.
"""

import os
import resource
import time
from collections.abc import Callable, Sequence
from typing import Any

from tables import write_table

from credit_ml.agencies import Rater, load_agency
from credit_ml.core import Dataset
from credit_ml.disclosure import REGIMES, disclose
from credit_ml.disclosure.case import case_of
from credit_ml.disclosure.disclose import follow
from credit_ml.response import ResponseOptions, default_menu
from credit_ml.scoring import score_function
from credit_ml.society import World

PEOPLE = 100_000
#: Seven regimes, from nothing to all, none of which needs ties.
SEVEN = ("nothing", "prior", "factors", "direction", "ranks", "weights", "full")


def seconds(work: Callable[[], object]) -> dict[str, float]:
    """Wall and processor time of one run; it is long enough not to need several."""
    wall, processor = time.perf_counter(), time.process_time()
    work()
    return {
        "seconds": time.perf_counter() - wall,
        "processor seconds": time.process_time() - processor,
    }


def responding(rater: Rater, dataset: Dataset, regimes: Sequence[str]) -> Callable[[], Any]:
    """Everybody's choice and what it brings, under each regime."""

    def work() -> list[Any]:
        case = case_of(rater, dataset, ResponseOptions())
        return [follow(case, REGIMES[name]) for name in regimes]

    return work


def main() -> None:
    """Measure and write the table."""
    society = World(citizens=PEOPLE, seed=0).simulate()
    opaque = load_agency("sesame").fit(society, scorer="opaque")
    linear = load_agency("sesame").fit(society, scorer="logistic")
    dataset = opaque.agency.view(society)
    for rater in (opaque, linear):  # numba compiles
        responding(rater, dataset.take(range(200)), SEVEN)()
    score = score_function(opaque)
    work = {
        "score everybody once, opaque": lambda: score(dataset.X),
        "seven regimes of a linear score, choices and outcomes": responding(linear, dataset, SEVEN),
        "seven regimes of an opaque score, choices and outcomes": responding(
            opaque, dataset, SEVEN
        ),
        "disclose, full regime of an opaque score, all measures by 5 features": lambda: disclose(
            opaque, dataset, regimes=["full"], people=None
        ),
    }
    rows = [{"what": what, **seconds(each)} for what, each in work.items()]
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    path = write_table(
        "disclosure.md",
        f"{PEOPLE:,} people respond to what they are told",
        rows,
        notes=[
            f"sesame, {dataset.X.shape[1]} features; default menu of "
            f"{len(default_menu().actions)} actions, bundles of up to 2.",
            f"Seven regimes: {', '.join(SEVEN)}.",
            "Same process, same rows, one run each, "
            f"OMP_NUM_THREADS={os.environ.get('OMP_NUM_THREADS', 'unset')}; load average "
            f"{os.getloadavg()[0]:.1f} at the end: on a busy machine, go by processor seconds.",
            f"Peak memory {peak / 2**20:.2f} GiB.",
        ],
    )
    print(path.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
