"""Wall time and peak memory of the main job, from citizens to the report.

Run with ``python benchmarks/main_job.py``; writes benchmarks/results/main_job.md.
"""

import os
import subprocess
import sys
import tempfile
import time
import tomllib
from pathlib import Path

import psutil
from tables import write_table

ROOT = Path(__file__).parents[1]
STUDY = ROOT / "experiments" / "wechat.toml"
GIBIBYTE = 2**30


def memory(process: psutil.Process) -> tuple[int, int]:
    """Resident bytes of a process and all it started, and how many processes they are."""
    total = number = 0
    for member in [process, *process.children(recursive=True)]:
        try:
            total += member.memory_info().rss
            number += 1
        except psutil.NoSuchProcess:
            continue
    return total, number


def run(store: str) -> dict[str, object]:
    """Run the job once with a tracking store of its own, looking at its memory meanwhile."""
    command = [str(Path(sys.executable).parent / "credit-ml"), "run", str(STUDY)]
    environment = {**os.environ, "MLFLOW_TRACKING_URI": f"sqlite:///{store}/mlflow.db"}
    start, peak, processes = time.perf_counter(), 0, 0
    job = psutil.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL)
    while job.poll() is None:
        now, number = memory(job)
        peak, processes = max(peak, now), max(processes, number)
        time.sleep(0.1)
    if job.returncode:
        raise SystemExit(f"{' '.join(command)}: exit status {job.returncode}")
    seconds = time.perf_counter() - start
    return {
        "wall seconds": round(seconds, 1),
        "peak memory (GiB)": round(peak / GIBIBYTE, 2),
        "processes": processes,
    }


def main() -> None:
    citizens = tomllib.loads(STUDY.read_text(encoding="utf-8"))["world"]["citizens"]
    rows = []
    for repeat in (1, 2):
        with tempfile.TemporaryDirectory() as store:
            rows.append({"run": repeat, "citizens": citizens, **run(store)})
    path = write_table(
        "main_job.md",
        "The main job: credit-ml run experiments/wechat.toml",
        rows,
        notes=[
            "Whole process, report and a new tracking store included.",
            "Memory: resident bytes of the process and all it started, looked at every 0.1 s; "
            "pages that processes share count in each.",
            "Targets on 2 processors at 50,000 citizens: 120 s, 3 GiB.",
        ],
    )
    print(path.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
