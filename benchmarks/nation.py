"""A nation's study: wall, processor time and memory of all processes, by citizens; and on Dask.

Run ``python benchmarks/nation.py`` on an idle machine for 1 and 4 million citizens and Dask, or
name what is measured: ``python benchmarks/nation.py 10_000_000 50_000_000 dask``. Rows add to those
measured before, which lie in benchmarks/results/nation.json; the table is
benchmarks/results/nation.md. A run of as many
citizens as experiments/nation.toml has writes its page, reports/nation.html.
"""

import json
import math
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

import psutil
from tables import RESULTS, write_table

from credit_ml.core.progress import Progress
from credit_ml.society.storage.spread import spread
from credit_ml.studies import Study
from credit_ml.studies.nation.plan import nation_of
from credit_ml.studies.nation.run import TOGETHER, Workers, make_cities
from credit_ml.studies.tables import read_study

STUDY = Path(__file__).parents[1] / "experiments" / "nation.toml"
ASKED, NATION = ("1_000_000", "4_000_000", "dask"), 1_400_000_000
#: Cities that a simulated Dask cluster makes, and tasks that its scheduler is timed with.
CITIES, TASKS = 16, 2_000
KEPT = RESULTS / "nation.json"
_RUN = (
    "import json, sys; from credit_ml.studies import Study, run_nation; "
    "given = json.loads(sys.argv[1]); study = Study.from_dict(given['study']); "
    "run_nation(study, folder=given['folder'], output=given['output'], workers=given['workers'], "
    "track=False, progress=False)"
)


def main(asked: Iterable[str]) -> None:
    """Measure some numbers of citizens, or Dask, and write all that was ever measured."""
    kept = json.loads(KEPT.read_text("utf-8")) if KEPT.exists() else {"runs": {}, "dask": {}}
    for each in asked:
        if each == "dask":
            kept["dask"] = on_dask()
        else:
            kept["runs"][str(int(each))] = measured(int(each))
        write(kept)


def study_of(citizens: int) -> dict[str, object]:
    """The study's file with so many citizens."""
    given = read_study(STUDY)
    world = {**given["world"], "citizens": citizens}
    return {**given, "world": world, "report": {**given["report"]}}


def measured(citizens: int, workers: int = 2) -> dict[str, float]:
    """Run the whole study in a process of its own, and watch it and its workers."""
    given = study_of(citizens)
    own = citizens == read_study(STUDY)["world"]["citizens"]
    folder = Path(tempfile.mkdtemp())
    try:
        output = str(given["report"]["path"]) if own else str(folder / "page.html")
        told = {"study": given, "folder": str(folder / "cells"), "output": output}
        command = [sys.executable, "-c", _RUN, json.dumps(told | {"workers": workers})]
        environment = os.environ | {"OMP_NUM_THREADS": "1"}
        start, busy = time.perf_counter(), os.getloadavg()[0]
        with subprocess.Popen(command, env=environment) as run:
            seconds, memory = watched(run)
        if run.returncode:
            raise SystemExit(f"{citizens:,} citizens: the run ended with {run.returncode}")
        cells = list((folder / "cells").rglob("city-*.npz"))
        return {
            "wall": time.perf_counter() - start,
            "processor": seconds,
            "memory": memory,
            "load": busy,
            "cities": len(cells),
            "cell": sum(path.stat().st_size for path in cells) / len(cells),
        }
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def watched(run: subprocess.Popen[bytes]) -> tuple[float, float]:
    """Processor seconds of a process and its workers, and the most memory of all at once, bytes.

    Shared pages are counted once (the proportional set size).
    """
    taken: dict[int, float] = {}
    most = 0.0
    while run.poll() is None:
        together = 0
        with suppress(psutil.Error):
            parent = psutil.Process(run.pid)
            for each in [parent, *parent.children(recursive=True)]:
                with suppress(psutil.Error):
                    taken[each.pid] = sum(each.cpu_times()[:2])
                    together += each.memory_full_info().pss
        most = max(most, together)
        time.sleep(0.2)
    return sum(taken.values()), most


def on_dask() -> dict[str, float]:
    """Wall of a few cities on clusters of one and two worker processes, and a task's cost."""
    from distributed import Client, LocalCluster

    found = {"load": os.getloadavg()[0]}
    full = Study.from_dict(study_of(1_000_000)).make_world().address.citizens_per_city
    study = Study.from_dict(study_of(CITIES * full))
    for workers in (1, 2):
        folder = Path(tempfile.mkdtemp())
        with (
            LocalCluster(
                n_workers=workers, threads_per_worker=1, dashboard_address="127.0.0.1:0"
            ) as cluster,
            Client(cluster) as client,
        ):
            if len(client.run(_warm)) != workers:
                raise SystemExit(f"{len(client.nthreads())} workers are there, not {workers}")
            start = time.perf_counter()
            make_cities(nation_of(study, folder / "cells"), Workers(client=client), Progress())
            found[f"wall of {workers}"] = time.perf_counter() - start
            if workers == 2:
                before = time.process_time()
                list(spread(_nothing, list(range(TASKS)), client=client))
                each = (time.process_time() - before) / TASKS
                # A city is a task, and one of so many whose mail is another.
                found["scheduler"] = each * (1 + 1 / TOGETHER)
        shutil.rmtree(folder, ignore_errors=True)
    return found


def _warm() -> None:
    from credit_ml.society import World

    World(citizens=2_000, seed=1).simulate()


def _nothing(number: int) -> int:
    return number


def write(kept: dict[str, dict[str, object]]) -> None:
    """Write the table of all rows."""
    KEPT.write_text(json.dumps(kept, indent=1, sort_keys=True) + "\n", "utf-8")
    runs: dict[int, dict[str, float]] = {int(name): row for name, row in kept["runs"].items()}
    rows, first = [], min(runs)
    for citizens in sorted(runs):
        run = runs[citizens]
        slope = ""
        if citizens > first:
            times = run["processor"] / runs[first]["processor"]
            slope = round(math.log(times) / math.log(citizens / first), 3)
        rows.append(
            {
                "citizens": f"{citizens:,}",
                "cities": run["cities"],
                "minutes": round(run["wall"] / 60, 2),
                "other processes at the start": round(run["load"], 1),
                "processor minutes": round(run["processor"] / 60, 2),
                "processor microseconds a citizen": round(1e6 * run["processor"] / citizens, 1),
                "slope from the first": slope,
                "GB of memory, all processes": round(run["memory"] / 1e9, 2),
                "kB of a city's cell": round(run["cell"] / 1e3),
            }
        )
    write_table("nation.md", "A nation's study, measured", rows, notes=_notes(kept, runs))


def _notes(kept: dict[str, dict[str, object]], runs: dict[int, dict[str, float]]) -> list[str]:
    largest = runs[max(runs)]
    hours = largest["processor"] / max(runs) * NATION / 3600
    notes = [
        "experiments/nation.toml with other numbers of citizens: simulated, scored by trees and by "
        "a card, audited for four features with intersections and intervals over cities, taken "
        "apart and told in a sample of 100,000, with its page; two processes.",
        "Minutes of a machine that others use say nothing; processor time says a little too much.",
        f"1.4 billion citizens, at the largest run's processor time a citizen: {hours:.1f} "
        f"processor hours, and {largest['cell'] * NATION / max(runs) * largest['cities'] / 1e9:.1f}"
        " GB of cells; streams of pairs of cities come to it (society_on_disk.md).",
    ]
    dask = kept["dask"]
    if dask:
        share = float(dask["wall of 2"]) / float(dask["wall of 1"])
        notes.append(
            f"A Dask cluster simulated by processes: two workers take {share:.3f} of one's time "
            f"for {CITIES} cities with mail and fits ({dask['load']:.0f} other processes ran at "
            f"the start). A city costs the scheduler and the client "
            f"{1e3 * float(dask['scheduler']):.2f} ms of processor time: a task of its own, and "
            f"one for the mail of {TOGETHER} cities. Targets: 0.55, and 5 ms."
        )
    return notes


if __name__ == "__main__":
    main(sys.argv[1:] or ASKED)
