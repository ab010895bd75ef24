"""Files of one's own with something wrong in them: taken, or refused in credit_ml's own words."""

import copy
import json
import os
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import credit_ml as cm
from credit_ml.disclosure import load_regime
from credit_ml.response import load_menu
from credit_ml.society import load_world
from credit_ml.studies import TableAudit, load_study

#: CREDIT_ML_FILES=5000 for a validation run.
FILES = int(os.environ.get("CREDIT_ML_FILES", "1000"))
ROOT = Path(cm.__file__).parent
EXPERIMENTS = Path(__file__).parents[2] / "experiments"
VALUES: list[Any] = [
    -1, 0, 1, 2**70, 0.5, -0.5, 1e308, float("nan"), float("inf"), True, "", "x", "sesame",
    "../../etc", "a\x00b", [], ["x"], [1, "x"], [[]], {}, {"x": 1}, [{"x": 1}], "1", "é" * 300,
]  # fmt: skip  # a list of values

AUDIT = {
    "target": "paid",
    "sensitive": ["sex"],
    "favourable": 1,
    "threshold": 0.5,
    "factors": {"a": ["late"]},
}


def _files() -> list[tuple[Callable[[Path], Any], dict[str, Any]]]:
    kinds: list[tuple[Callable[[Path], Any], list[Path]]] = [
        (cm.load_agency, sorted((ROOT / "agencies" / "catalogue").glob("*.toml"))),
        (load_menu, sorted((ROOT / "response" / "menus").glob("*.toml"))),
        (load_world, sorted((ROOT / "society" / "worlds").glob("*.toml"))),
        (load_regime, sorted((ROOT / "disclosure" / "regimes").glob("*.toml"))),
        (load_study, [EXPERIMENTS / "wechat.toml", *sorted(EXPERIMENTS.glob("*/study.toml"))]),
        (load_study, [EXPERIMENTS / "disclosure.toml"]),
        (load_study, [EXPERIMENTS / "leaderboard.toml"]),
    ]
    return [
        (load, tomllib.loads(path.read_text("utf-8"))) for load, paths in kinds for path in paths
    ] + [(TableAudit.of, AUDIT)]


def toml_of(content: dict[str, Any]) -> str:
    """One line a key, what is below it inline."""

    def shown(value: Any) -> str:
        if isinstance(value, dict):
            return "{" + ", ".join(f"{json.dumps(k)} = {shown(v)}" for k, v in value.items()) + "}"
        if isinstance(value, list):
            return "[" + ", ".join(map(shown, value)) + "]"
        return json.dumps(value) if isinstance(value, str | bool) else repr(value)

    return "".join(f"{json.dumps(key)} = {shown(value)}\n" for key, value in content.items())


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    if isinstance(value, dict):
        inner = [each for key, below in value.items() for each in _places(below, (*path, key))]
    elif isinstance(value, list):
        inner = [each for at, below in enumerate(value) for each in _places(below, (*path, at))]
    else:
        inner = []
    return [path, *inner] if path else inner


def mutated(content: dict[str, Any], rng: np.random.Generator) -> dict[str, Any]:
    """Return a copy of which one to three places are replaced, dropped, renamed or doubled."""
    changed = copy.deepcopy(content)
    for _ in range(int(rng.integers(1, 4))):
        places = _places(changed)
        if not places:
            break
        *above, last = places[int(rng.integers(0, len(places)))]
        holder: Any = changed
        for key in above:
            holder = holder[key]
        kind = int(rng.integers(0, 4))
        if kind == 0:
            del holder[last]
        elif kind == 1 and isinstance(holder, dict):
            holder[f"{last}s"] = holder.pop(last)
        elif kind == 2 and isinstance(holder, list):
            holder.append(copy.deepcopy(holder[last]))
        else:
            holder[last] = copy.deepcopy(VALUES[int(rng.integers(0, len(VALUES)))])
    return changed


@pytest.mark.parametrize("first", range(0, FILES, 100))
def test_mutated_files_are_taken_or_refused(first: int, tmp_path: Path) -> None:
    files = _files()
    for seed in range(first, first + 100):
        rng = np.random.default_rng(seed)
        load, content = files[int(rng.integers(0, len(files)))]
        path = tmp_path / "own.toml"
        path.write_text(toml_of(mutated(content, rng)), encoding="utf-8")
        lines = 1
        try:
            load(path)
        except cm.CreditMLError as refusal:
            lines = str(refusal).count("\n") + 1
        except Exception as error:
            raise AssertionError(f"file {seed}: {error!r}\n{path.read_text('utf-8')}") from error
        assert lines == 1, f"file {seed} is refused in {lines} lines"
