"""Put back each fault that a referee found, and see the test that holds it fail: `make faults`.

docs/refuted.md names a test for every point; whether a test would notice, only the fault can say.
Faults stand in faults.toml: a line as it is, and as it was when the point was raised (or one like
it, where the code about it is another by now). The tests run in a copy; nothing here is changed.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent
COPIED = ("credit_ml", "tests", "data", "docs", "experiments", "reports", "benchmarks")
FILES = ("pyproject.toml", "README.md", "CHANGELOG.md")


def faults() -> list[dict[str, object]]:
    """Every fault of faults.toml."""
    found: list[dict[str, object]] = tomllib.loads((HERE / "faults.toml").read_text("utf-8"))[
        "faults"
    ]
    return found


def copied(place: Path) -> Path:
    """Copy what tests need of the repository."""
    left = shutil.ignore_patterns("__pycache__", ".hypothesis", "generated")
    for name in COPIED:
        shutil.copytree(ROOT / name, place / name, ignore=left)
    for name in FILES:
        shutil.copy(ROOT / name, place / name)
    return place


def put_back(place: Path, fault: Mapping[str, object]) -> str:
    """Put a fault into the copy, and return the file's text without it."""
    path = place / str(fault["file"])
    text = path.read_text(encoding="utf-8")
    if text.count(str(fault["was"])) != 1:
        raise SystemExit(f"{fault['file']}: '{fault['was']}' does not stand there once")
    path.write_text(text.replace(str(fault["was"]), str(fault["fault"])), encoding="utf-8")
    return text


def noticed(place: Path, tests: Sequence[str]) -> bool:
    """Say whether a test fails."""
    command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", *tests]
    env = os.environ | {"PYTHONPATH": str(place)}
    done = subprocess.run(command, cwd=place, env=env, capture_output=True, text=True, check=False)
    if done.returncode not in (0, 1):
        raise SystemExit(done.stdout[-2000:] + done.stderr[-2000:])
    return done.returncode == 1


def main() -> None:
    """Try every fault, or those of the points that are named."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("points", nargs="*", help="points of docs/refuted.md; without, all")
    points = parser.parse_args().points
    missed = 0
    with tempfile.TemporaryDirectory() as folder:
        place = copied(Path(folder))
        for fault in faults():
            if points and fault["point"] not in points:
                continue
            text = put_back(place, fault)
            found = noticed(place, fault["tests"])  # type: ignore[arg-type]
            (place / str(fault["file"])).write_text(text, encoding="utf-8")
            missed += not found
            told = "noticed" if found else "NOT NOTICED"
            sys.stdout.write(f"{fault['point']}: {fault['says']}: {told}\n")
            sys.stdout.flush()
    if missed:
        raise SystemExit(f"{missed} faults were not noticed")


if __name__ == "__main__":
    main()
