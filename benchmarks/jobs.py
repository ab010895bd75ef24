"""A study of 200 cells of 10,000 citizens: with one job, with two, and asked again when complete.

Run with ``nice -n -5 python benchmarks/jobs.py`` on a quiet machine; writes
benchmarks/results/jobs.md. Societies can be given for a trial: ``python benchmarks/jobs.py 4``.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tables import write_table

#: Societies; each is one cell for each of two raters.
SOCIETIES = 100
CITIZENS = 10_000
STUDY = """
worlds = ["baseline"]
regimes = ["nothing", "full"]
citizens = {citizens}
societies = {societies}
[study]
id = "jobs"
title = "Jobs"
question = "What does telling the whole model do?"
prediction = "Less in order."
refutation = "No less."
seed = 3
[[raters]]
agency = "sesame"
scorers = ["scorecard"]
[[raters]]
agency = "national"
scorers = ["scorecard"]
[lead]
sensitive = "hukou"
group = "rural"
reference_group = "urban"
[report]
path = "jobs.html"
"""


def run(folder: Path, jobs: int, *more: str) -> tuple[float, float, str]:
    """Run the study in a folder: wall and processor seconds, and what it prints."""
    command = [sys.executable, "-m", "credit_ml", "run", "study.toml", "--no-track", "--quiet"]
    limits = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MPLBACKEND": "Agg"}
    before, began = os.times(), time.perf_counter()
    job = subprocess.run(
        [*command, "--jobs", str(jobs), *more],
        cwd=folder,
        env={**os.environ, **limits},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    wall, after = time.perf_counter() - began, os.times()
    used = after.children_user + after.children_system
    return wall, used - before.children_user - before.children_system, job.stdout


def rows(place: Path, societies: int) -> tuple[list[dict[str, object]], int]:
    """Time one job, two jobs, and a complete study again; the bytes must be the same."""
    found: list[dict[str, object]] = []
    pages: list[bytes] = []
    cells = 0
    for jobs in (1, 2):
        folder = place / str(jobs)
        folder.mkdir()
        study = STUDY.format(citizens=CITIZENS, societies=societies)
        (folder / "study.toml").write_text(study, encoding="utf-8")
        for what in ("from nothing", "again"):
            wall, used, _ = run(folder, jobs)
            found.append(
                {
                    "run": what,
                    "jobs": jobs,
                    "wall seconds": round(wall, 1),
                    "processor seconds": round(used, 1),
                }
            )
            pages.append((folder / "jobs.html").read_bytes())
        cells = int(run(folder, jobs, "--dry-run")[2].split()[0])
    if len(set(pages)) > 1:
        raise SystemExit("the pages differ")
    return found, cells


def main() -> None:
    """Time the study and write the table."""
    societies = int(sys.argv[1]) if len(sys.argv) > 1 else SOCIETIES
    load = os.getloadavg()[0]
    with tempfile.TemporaryDirectory() as place:
        found, cells = rows(Path(place), societies)
    first = {each["jobs"]: each["wall seconds"] for each in found if each["run"] != "again"}
    again = max(float(str(each["wall seconds"])) for each in found if each["run"] == "again")
    times = float(str(first[1])) / float(str(first[2]))
    path = write_table(
        f"jobs{'' if societies == SOCIETIES else f'_{societies}'}.md",
        f"Jobs: a study of {cells} cells of {CITIZENS:,} citizens",
        found,
        notes=[
            f"Two jobs are {times:.2f} times as fast as one (target 1.7); the complete study again "
            f"takes {again:.1f} s (target 5).",
            "Whole commands, start and page included; all four wrote the same page, byte for byte.",
            f"Load of the machine when it began: {load:.1f} on {os.cpu_count()} processors. Wall "
            "times say something only where that is near 0.",
        ],
    )
    print(path.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
