"""Processor seconds of the main job, stage by stage: simulate, fit, estimate, resample, measure.

Run with ``python benchmarks/main_job_stages.py``; writes benchmarks/results/main_job_stages.md.
Processor seconds, and not those of the clock: they hold on a machine that others use too.
"""

import contextlib
import os
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from tables import write_table

ROOT = Path(__file__).parents[1]


def processor_seconds() -> float:
    """Of this process with its threads, and of those that it started and that ended."""
    used = os.times()
    return used.user + used.system + used.children_user + used.children_system


class Clock:
    """A progress bar that writes down what each stage took."""

    def __init__(self) -> None:
        self.stage, self.began = "", processor_seconds()
        self.taken: Counter[str] = Counter()

    def start(self, stage: str) -> None:
        """End the stage before and begin one."""
        self.done()
        self.stage = stage

    def done(self) -> None:
        """Write down what the stage took."""
        now = processor_seconds()
        if self.stage or now - self.began > 1:
            self.taken[self.stage or "start"] += now - self.began
        self.stage, self.began = "", now

    def reached(self, *told: Any) -> None:
        """Take no note of how far a stage is."""
        del told


def main() -> None:
    """Run the job once in this process, with one worker."""
    began, imports = time.monotonic(), processor_seconds()
    from credit_ml.studies import load_study, run

    clock = Clock()

    @contextlib.contextmanager
    def shown(*told: Any, **how: Any) -> Iterator[Clock]:
        del told, how
        yield clock

    run.shown_progress = shown
    study = load_study(ROOT / "experiments" / "wechat.toml")
    if len(sys.argv) > 1:
        world = study.world.model_copy(update={"citizens": int(sys.argv[1])})
        study = study.model_copy(update={"world": world})
    clock.taken["imports, the study's file"] = processor_seconds() - imports
    clock.began = processor_seconds()
    with tempfile.TemporaryDirectory() as place:
        run.run_main(
            study, folder=place, workers=1, track=False, output=Path(place) / "wechat.html"
        )
    clock.done()
    whole = sum(clock.taken.values())
    rows = [
        {"stage": stage, "processor seconds": round(each, 1), "share": f"{each / whole:.0%}"}
        for stage, each in clock.taken.items()
    ]
    rows.append({"stage": "all", "processor seconds": round(whole, 1), "share": "100%"})
    path = write_table(
        f"main_job_stages{'' if len(sys.argv) == 1 else '_' + sys.argv[1]}.md",
        f"The main job by stage: {study.world.citizens:,} citizens, one worker",
        rows,
        notes=[
            "Processor seconds of one process and its threads, report included, no tracking. The "
            "machine was used by others: wall seconds were "
            f"{time.monotonic() - began:.0f}, of which the job had the processor for {whole:.0f}.",
            "Two workers take no less processor time; on two free processors they take at best "
            "half of it by the clock.",
        ],
    )
    print(path.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
