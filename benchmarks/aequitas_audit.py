"""An audit with intersections and intervals beside Aequitas' Audit of the same rows.

Aequitas needs pandas 2, so it runs in an environment of its own (``python -m venv peer``, then
``peer/bin/pip install aequitas``), which reads the same rows from a parquet file::

    AEQUITAS_PYTHON=peer/bin/python python benchmarks/aequitas_audit.py

writes benchmarks/results/aequitas_audit.md; without that interpreter nothing is measured.
"""

import gc
import json
import os
import statistics
import subprocess
import tempfile
import time
from pathlib import Path

from audit import FEATURES, PEOPLE, people
from tables import write_table

from credit_ml.core import Dataset
from credit_ml.fairness import audit

REPEATS, ROUNDS = 5, 3


def ours(dataset: Dataset, decisions: object) -> list[float]:
    """Wall times of some audits, after one to warm up."""
    wall = []
    for repeat in range(REPEATS + 1):
        gc.collect()
        start = time.perf_counter()
        audit(decisions, dataset)
        if repeat:
            wall.append(time.perf_counter() - start)
    return wall


def theirs(python: str, rows: Path) -> dict:
    """Run Aequitas on the same rows and return its times and rates."""
    peer = Path(__file__).with_name("aequitas_peer.py")
    done = subprocess.run(
        [python, "-W", "ignore", str(peer), str(rows), str(REPEATS)],
        check=True,
        stdout=subprocess.PIPE,
        text=True,
        env={name: value for name, value in os.environ.items() if name != "PYTHONPATH"},
    )
    return json.loads(done.stdout.splitlines()[-1])


def worst_difference(dataset: Dataset, decisions: object, found: dict) -> float:
    """Return the largest difference between our true positive rates and theirs."""
    table = audit(decisions, dataset, metrics=["true_positive_rate"]).table
    rows = table[table["quantity"] == "value"]
    names = (rows["sensitive"] + ", " + rows["group"]).tolist()
    known = dict(zip(names, rows["estimate"], strict=True))
    return max(abs(known[name] - rate) for name, rate in found["tpr"].items())


def main() -> None:
    python = os.environ.get("AEQUITAS_PYTHON")
    if not python:
        print("skipped: set AEQUITAS_PYTHON to an interpreter that has Aequitas")
        return
    dataset, decisions = people()
    frame = dataset.sensitive.astype(str).assign(
        score=decisions.astype("int64"), label=dataset.y.astype("int64")
    )
    walls: dict[str, list[float]] = {"ours": [], "features": [], "crossed": []}
    with tempfile.TemporaryDirectory() as folder:
        rows = Path(folder) / "rows.parquet"
        frame.to_parquet(rows, index=False)
        for _ in range(ROUNDS):  # in turn, so that a busy minute falls on both
            walls["ours"] += ours(dataset, decisions)
            found = theirs(python, rows)
            walls["features"] += found["features"]
            walls["crossed"] += found["crossed"]
    name = "Aequitas {aequitas} Audit (pandas {pandas})".format(**found["versions"])
    whole = "overall, 3 features, 3 pairs, all"
    what = {
        "ours": ("audit, every metric", whole, "closed form"),
        "features": (name, ", ".join(FEATURES), "none"),
        "crossed": (
            f"{name}, intersections made columns before",
            "3 features, 3 pairs, all",
            "none",
        ),
    }
    middle = {key: statistics.median(wall) for key, wall in walls.items()}
    path = write_table(
        "aequitas_audit.md",
        f"Audit of {PEOPLE:,} people, 3 sensitive features, beside Aequitas",
        [
            {
                **dict(zip(("what", "by", "intervals"), what[key], strict=True)),
                "seconds": middle[key],
                "fastest": min(wall),
                "times as long as audit": middle[key] / middle["ours"],
                "of the fastest": min(wall) / min(walls["ours"]),
            }
            for key, wall in walls.items()
        ],
        notes=[
            f"One run of the script, same rows, each side in its own process, {ROUNDS} rounds in "
            f"turn of {REPEATS} audits after one to warm up: the median and the fastest. Reading "
            "the rows is not timed.",
            "Both compare groups with a reference group; audit also makes the intersections and "
            "an interval of every number.",
            f"True positive rates of all groups agree to "
            f"{max(worst_difference(dataset, decisions, found), 1e-15):.0e}.",
        ],
    )
    print(path.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
