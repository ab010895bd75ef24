"""A study run on another processor: what is stored agrees to the last digits, pages to the byte.

No other processor is at hand, but libraries can be told to compute as on one: NumPy without its
vector instructions, OpenBLAS with the kernels of an older chip, numba for any chip, two threads.
"""

import json
import math
import os
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest

STUDY = """
sensitive = ["hukou", "gender"]
resample_societies = 0
[study]
id = "small"
title = "Small"
question = "Is there a gap?"
prediction = "Yes."
refutation = "No."
seed = 1
[world]
name = "segregated"
citizens = 500
changes = { address = { people_per_district = 50 } }
[[raters]]
agency = "sesame"
scorers = ["scorecard", "opaque"]
[lead]
sensitive = "hukou"
group = "rural"
reference_group = "urban"
[explain]
people = 40
[disclosure]
people = 40
[explore]
citizens = 8
[score_map]
[report]
path = "small.html"
"""
OLDER = {
    "NPY_DISABLE_CPU_FEATURES": "X86_V3",
    "OPENBLAS_CORETYPE": "Prescott",
    "OMP_NUM_THREADS": "2",
    "OPENBLAS_NUM_THREADS": "2",
    "NUMBA_CPU_NAME": "generic",
    "NUMBA_CPU_FEATURES": "",
    "PYTHONHASHSEED": "7",
}


def ran(folder, **environment):
    """Run the study in a process of its own; return what it wrote, by the files' endings."""
    folder.mkdir()
    (folder / "small.toml").write_text(STUDY)
    plain = {key: value for key, value in os.environ.items() if key not in OLDER}
    plain |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONHASHSEED": "0"}
    command = [sys.executable, "-m", "credit_ml", "run", "small.toml", "--no-track", "--quiet"]
    done = subprocess.run(
        command, cwd=folder, env=plain | environment, capture_output=True, text=True, timeout=900
    )
    assert done.returncode == 0, done.stderr
    return {each.name: each.read_bytes() for each in folder.glob("small.*")}


def apart(one: Any, two: Any, place: str = "") -> Iterator[str]:
    """Yield where two stored results differ by more than the last digits."""
    if isinstance(one, dict) and isinstance(two, dict) and one.keys() == two.keys():
        for key in one:
            yield from apart(one[key], two[key], f"{place}.{key}")
    elif isinstance(one, list) and isinstance(two, list) and len(one) == len(two):
        for number, pair in enumerate(zip(one, two, strict=True)):
            yield from apart(*pair, f"{place}[{number}]")
    elif isinstance(one, float) and isinstance(two, float):
        if not math.isclose(one, two, rel_tol=1e-9, abs_tol=1e-9):
            yield f"{place}: {one} and {two}"
    elif one != two:
        yield f"{place}: {one} and {two}"


def test_another_processor_writes_the_same_pages(tmp_path):
    if sys.platform != "linux" or os.uname().machine != "x86_64":
        pytest.skip("these settings are of Linux on x86-64")
    here, there = ran(tmp_path / "here"), ran(tmp_path / "there", **OLDER)
    assert set(here) == {"small.toml", "small.json", "small.html", "small.explore.html"}
    found = [json.loads(each["small.json"]) for each in (here, there)]
    assert list(apart(*found)) == []
    assert here["small.html"] == there["small.html"]
    assert here["small.explore.html"] == there["small.explore.html"]
    # Else nothing was tried: the settings must reach what computes.
    assert here["small.json"] != there["small.json"]
