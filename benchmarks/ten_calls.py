"""The calls that README shows for a notebook, at its 100,000 citizens, timed one by one.

Run with ``python benchmarks/ten_calls.py``; writes benchmarks/results/ten_calls.md. The lines are
read from README.md, so that what is timed is what is shown.
"""

import ast
import os
import re
import time
import warnings
from pathlib import Path
from typing import Any

from tables import write_table

ROOT = Path(__file__).parents[1]


def shown() -> list[ast.stmt]:
    """Return the statements of README's first example for a notebook."""
    section = (ROOT / "README.md").read_text(encoding="utf-8").partition("## In a notebook")[2]
    block = re.search(r"```python\n(.*?)```", section, flags=re.DOTALL)
    if block is None:
        raise SystemExit("README.md has no example for a notebook")
    return ast.parse(block[1]).body


def main() -> None:
    names: dict[str, Any] = {}
    rows, wall, processor = [], 0.0, 0.0
    for statement in shown():
        code = compile(ast.Module([statement], []), "README.md", "exec")
        began, used = time.perf_counter(), _used()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            exec(code, names)
        took, spent = time.perf_counter() - began, _used() - used
        wall, processor = wall + took, processor + spent
        call = ast.unparse(statement)
        print(f"{took:8.2f} {spent:8.2f}  {call}", flush=True)
        rows.append(
            {"call": call, "wall seconds": f"{took:.2f}", "processor seconds": f"{spent:.2f}"}
        )
    total = {"wall seconds": f"{wall:.1f}", "processor seconds": f"{processor:.1f}"}
    path = write_table(
        "ten_calls.md",
        "README's calls for a notebook, at 100,000 citizens",
        [*rows, {"call": "together", **total}],
        notes=["In one process, one after the other. Target on 2 processors: 60 s together."],
    )
    print(path)


def _used() -> float:
    """Processor seconds of this process and of those it has ended."""
    times = os.times()
    return times.user + times.system + times.children_user + times.children_system


if __name__ == "__main__":
    main()
