"""The blocks of the README run as they stand, on fewer citizens."""

import re
import tomllib
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from sklearn.ensemble import HistGradientBoostingClassifier

CITIZENS = "600"


def _block(repository: Path, holds: str) -> str:
    blocks = re.findall(r"```python\n(.*?)```", (repository / "README.md").read_text(), re.DOTALL)
    (block,) = (each for each in blocks if holds in each)
    return str(block)


@pytest.fixture(scope="module")
def notebook(repository: Path) -> dict[str, object]:
    names: dict[str, object] = {}
    block = _block(repository, "cm.World(")
    exec(block.replace("citizens=100_000", f"citizens={CITIZENS}"), names)
    return names


def test_the_notebook_runs(notebook: dict[str, object]) -> None:
    assert {"society", "rater", "scores"} <= set(notebook)


def test_a_table_of_ones_own_takes_the_same_instruments(
    repository: Path, notebook: dict[str, object], tmp_path: Path
) -> None:
    chance = np.random.default_rng(0)
    frame = pd.DataFrame(
        {
            "postcode_income": chance.normal(30, 8, 400),
            "late": chance.poisson(1, 400),
            "months": chance.integers(0, 120, 400),
            "sex": chance.choice(["f", "m"], 400),
            "age_band": chance.choice(["18-39", "40-79"], 400),
            "default": chance.integers(0, 2, 400),
        }
    )
    X = frame[["postcode_income", "late", "months"]]
    model = HistGradientBoostingClassifier(max_iter=5).fit(X, frame["default"])
    block = _block(repository, "from_frame").replace("cm.run_study", "cm.studies.load_study")
    block = re.sub(r'"(\w+\.html)"', rf'"{tmp_path}/\1"', block)
    exec(block, {**notebook, "frame": frame, "my_sklearn_model": model})


def test_the_table_of_layers_is_the_contract(repository: Path) -> None:
    settings = tomllib.loads((repository / "pyproject.toml").read_text())
    (contract,) = (
        each for each in settings["tool"]["importlinter"]["contracts"] if each["type"] == "layers"
    )
    rows = re.findall(r"^\| \d+ \| (.*?) \|", (repository / "README.md").read_text(), re.MULTILINE)
    told = [name for row in rows for name in re.findall(r"`(\w+)`", row)]
    assert sorted(told) == sorted(
        name for layer in contract["layers"] for name in re.findall(r"\w+", layer)
    )
