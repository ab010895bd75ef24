"""How long nothing takes: importing credit_ml, and asking the command line for help.

Run with ``python benchmarks/startup.py``; writes benchmarks/results/startup.md.
"""

import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

from tables import write_table

COMMANDS = {
    "python -c pass": [sys.executable, "-c", "pass"],
    "import pandas": [sys.executable, "-c", "import pandas"],
    "import credit_ml": [sys.executable, "-c", "import credit_ml"],
    "import credit_ml, use Dataset": [sys.executable, "-c", "import credit_ml; credit_ml.Dataset"],
    "credit-ml --help": [str(Path(sys.executable).parent / "credit-ml"), "--help"],
}
ROUNDS = 21


def seconds(command: list[str]) -> float:
    # Compiled files are read, as they would be in daily use, whatever the shell says of them.
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    start = time.perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, env=environment)
    return time.perf_counter() - start


def measure() -> dict[str, list[float]]:
    """Times of each command, taken in turn, after one round that warms the disk's cache."""
    times: dict[str, list[float]] = {name: [] for name in COMMANDS}
    for turn in range(ROUNDS + 1):
        for name, command in COMMANDS.items():
            taken = seconds(command)
            if turn:
                times[name].append(taken)
    return times


def main() -> None:
    times = measure()
    pandas = statistics.median(times["import pandas"])
    rows = [
        {
            "command": name,
            "median seconds": statistics.median(taken),
            "fastest seconds": min(taken),
            "median / import pandas": statistics.median(taken) / pandas,
        }
        for name, taken in times.items()
    ]
    path = write_table(
        "startup.md",
        "Start of a process",
        rows,
        notes=[
            f"Wall time of whole processes, {ROUNDS} rounds of every command in turn.",
            "Targets: import credit_ml at most 1.3, credit-ml --help at most 1.5 times pandas.",
        ],
    )
    print(path.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
