"""Years one after another: time and memory, with and without answers, and beside Mesa 3.

Mesa has an environment of its own (``python -m venv peer``, then
``peer/bin/pip install "mesa>=3"``)::

    MESA_PYTHON=peer/bin/python python benchmarks/rounds.py

writes benchmarks/results/rounds.md; without that interpreter Mesa is left out.
"""

import json
import os
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

import psutil
from tables import write_table

from credit_ml.core import Streams
from credit_ml.dynamics import Life, Policy, go_on, run_rounds
from credit_ml.society import Society, World

BARE, ANSWERING, YEARS, REPEATS = 1_000_000, 100_000, 20, 5
TOY = {"citizens": 1_000, "years": 20, "restriction": 0.5, "order_chance": 0.2, "listed_years": 2}


def main() -> None:
    """Measure all, and write the table."""
    rows = [bare(), *answering()]
    notes = [
        "Bare: no list, no answers, one thread. Answers: policy `answered` (joint punishment of "
        "families, ties that break off, exact best responses of everybody to the council's rules) "
        "with two workers.",
        "Targets: bare, 1 microsecond of processor time a citizen and year; answers, 20 years "
        "under 120 s on 2 cores, and memory of year 20 within 5 % of year 3.",
    ]
    if "MESA_PYTHON" in os.environ:
        rows += beside_mesa()
        notes.append(
            "Mesa: 1,000 agents who keep or break, one list, one restriction, 20 years, the same "
            "draws; medians of five, times slower of processor seconds. Setting a society up is "
            "counted for credit_ml, and Mesa's model not. Obligations broken and people listed at "
            "the end agree exactly."
        )
    load = psutil.getloadavg()[0]
    notes.append(
        f"One-minute load {load:.1f} when this ended, on a machine shared with other work."
    )
    print(write_table("rounds.md", "Years under a policy", rows, notes=notes))


def bare() -> dict:
    """Processor time of years in which nothing but obligations and records move."""
    history = run_rounds(World(citizens=BARE, seed=1).simulate(), "no_list", years=1)
    wall, processor = time.perf_counter(), time.process_time()
    history = go_on(history, 5)
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    return row("bare loop", BARE, 5, wall, processor)


def answering() -> list[dict]:
    """Time and memory of years with joint punishment, family and best responses."""
    history = run_rounds(World(citizens=ANSWERING, seed=1).simulate(), "answered", years=1)
    wall, processor = time.perf_counter(), time.process_time()
    memory = {1: rss()}
    for year in range(2, YEARS + 1):
        history = go_on(history, 1, workers=2)
        memory[year] = rss()
    wall, processor = time.perf_counter() - wall, time.process_time() - processor
    made = row("answers", ANSWERING, YEARS - 1, wall, processor)
    return [made | {"MB in year 3": memory[3], "MB in year 20": memory[YEARS]}]


def beside_mesa() -> list[dict]:
    """The same toy in both, from the same draws."""
    society = World(citizens=TOY["citizens"], seed=1).simulate()
    because = "assumed, because it is a toy"
    policy = Policy.from_dict(
        {
            "id": "toy",
            "title": "Toy",
            "rows": ["S8"],
            "description": "One list.",
            "lists": [
                {
                    "id": "list",
                    "by": "orders",
                    "office": "courts",
                    "source": because,
                    "grades": [
                        {
                            "id": "all",
                            "share": 1.0,
                            "source": because,
                            "years": float(TOY["listed_years"]),
                        }
                    ],
                }
            ],
            "sanctions": [
                {
                    "id": "loans",
                    "office": "courts",
                    "moves": "capacity",
                    "worth": 0.0,
                    "size": TOY["restriction"] / society.world.outcome.capacity,
                    "source": because,
                }
            ],
        }
    )
    life = Life(shock_persistence=1.0, deterrence=0.0, scar=0.0, order_chance=TOY["order_chance"])
    wall, processor = [], []
    for repeat in range(REPEATS + 1):
        start, used = time.perf_counter(), time.process_time()
        history = run_rounds(society, policy, years=TOY["years"], life=life)
        if repeat:
            wall.append(time.perf_counter() - start)
            processor.append(time.process_time() - used)
    found = mesa(society, history.state.fixed.log_odds.tolist())
    own = [int(history.state.totals["broken"].sum()), int(history.state.listed.sum())]
    assert own == [found["broken"], found["listed"]], (own, found)
    ours, theirs = (
        [statistics.median(each) for each in both]
        for both in ((wall, processor), (found["wall"], found["processor"]))
    )
    people, years = TOY["citizens"], TOY["years"]
    return [
        row("toy, credit_ml", people, years, *ours) | {"times slower": 1.0},
        row(f"toy, mesa {found['version']}", people, years, *theirs)
        | {"times slower": theirs[1] / ours[1]},
    ]


def mesa(society: Society, odds: list[float]) -> dict:
    """Run the toy in Mesa, on the draws that ours has."""
    streams, size = Streams(society.world.seed), len(society)
    drawn = {
        name: [
            streams.generator(f"rounds.{name}.{year}", 0).random(size).tolist()
            for year in range(1, TOY["years"] + 1)
        ]
        for name in ("due", "orders")
    }
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "toy.json"
        path.write_text(json.dumps(TOY | drawn | {"odds": odds}))
        done = subprocess.run(
            [
                os.environ["MESA_PYTHON"],
                "-W",
                "ignore",
                str(Path(__file__).with_name("mesa_peer.py")),
                str(path),
                str(REPEATS),
            ],
            check=True,
            stdout=subprocess.PIPE,
            text=True,
            env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
        )
    return json.loads(done.stdout.splitlines()[-1])


def row(what: str, people: int, years: int, wall: float, processor: float) -> dict:
    """One line of the table."""
    return {
        "what": what,
        "people": people,
        "years": years,
        "seconds": wall,
        "processor seconds": processor,
        "microseconds of processor a citizen and year": 1e6 * processor / people / years,
        "MB in year 3": "",
        "MB in year 20": "",
        "times slower": "",
    }


def rss() -> int:
    """Memory that the process holds, MB."""
    return round(psutil.Process().memory_info().rss / 1e6)


if __name__ == "__main__":
    main()
