"""What mlflow's record costs of the main job, in processor seconds: with it and with --no-track.

Run with ``python benchmarks/logging_share.py``, or with numbers of citizens; writes
benchmarks/results/logging_share.md. Processor seconds hold on a machine that others use too.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tables import write_table

ROOT = Path(__file__).parents[1]
STUDY = ROOT / "experiments" / "wechat.toml"
CITIZENS = (5_000, 50_000)
MEGABYTE = 1e6


def run(folder: Path, citizens: int, *more: str) -> float:
    """Run the main job in a folder with one worker; its processor seconds."""
    told = STUDY.read_text(encoding="utf-8")
    lines = [
        f"citizens = {citizens}" if line.startswith("citizens = 50_000") else line
        for line in told.splitlines()
    ]
    (folder / "study.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    limits = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MPLBACKEND": "Agg"}
    kept = {"MLFLOW_TRACKING_URI": f"sqlite:///{folder}/mlflow.db"}
    before = os.times()
    command = [sys.executable, "-m", "credit_ml", "run", "study.toml", "--quiet", "--jobs", "1"]
    subprocess.run(
        [*command, "-o", "page.html", *more],
        cwd=folder,
        env={**os.environ, **limits, **kept},
        stdout=subprocess.DEVNULL,
        check=True,
    )
    after = os.times()
    used = after.children_user + after.children_system
    return used - before.children_user - before.children_system


def row(citizens: int) -> dict[str, object]:
    """Run both ways, each in a folder of its own so that no cell is found."""
    taken: dict[str, float] = {}
    stored = models = 0
    for way in ("tracked", "untracked"):
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place)
            taken[way] = run(folder, citizens, *(["--no-track"] if way == "untracked" else []))
            files = [each for each in folder.glob("mlruns/**/*") if each.is_file()]
            if way == "tracked":
                stored = sum(each.stat().st_size for each in files)
                models = sum(each.name == "MLmodel" for each in files)
    more = taken["tracked"] - taken["untracked"]
    return {
        "citizens": f"{citizens:,}",
        "processor seconds, tracked": round(taken["tracked"], 1),
        "--no-track": round(taken["untracked"], 1),
        "the record's": round(more, 1),
        "share of the study": f"{more / taken['untracked']:.1%}",
        "files kept (MB)": round(stored / MEGABYTE, 1),
        "models": models,
    }


def main() -> None:
    """Measure each size and write the table."""
    sizes = [int(each) for each in sys.argv[1:]] or list(CITIZENS)
    found = [row(citizens) for citizens in sizes]
    path = write_table(
        f"logging_share{'' if len(sys.argv) == 1 else '_' + '_'.join(sys.argv[1:])}.md",
        "mlflow's record of the main job",
        found,
        notes=[
            "One worker, whole commands: start, report and a new store included. Target: 5 %.",
            "Run once each way; the difference of two long runs carries the error of both.",
            f"Load of the machine when it ended: {os.getloadavg()[0]:.1f}.",
        ],
    )
    print(path.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
