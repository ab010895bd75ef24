"""The recipes of CONTRIBUTING.md, carried out: what a recipe says to add is added to a copy.

A recipe is a heading of the section "Recipes" with a fenced block for each file, whose path stands
on the fence's line, and a block of Python without a path that uses what was added.
"""

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

import credit_ml

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^```(\w+)(?: +(\S+))?\n(.*?)^```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Recipe:
    """What stands under one heading."""

    title: str
    files: dict[str, str]
    use: str


def _recipes() -> list[Recipe]:
    text = (ROOT / "CONTRIBUTING.md").read_text()
    section = re.split(r"^## ", text, flags=re.MULTILINE)
    (chapter,) = (part for part in section if part.startswith("Recipes\n"))
    found = []
    for part in re.split(r"^### ", chapter, flags=re.MULTILINE)[1:]:
        blocks = BLOCK.findall(part)
        files = {path: code for _, path, code in blocks if path}
        used = "\n".join(code for kind, path, code in blocks if kind == "python" and not path)
        found.append(Recipe(part.partition("\n")[0].strip(), files, used))
    return found


RECIPES = _recipes()


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a copy of the package, for all recipes: none may need a file of another."""
    folder = tmp_path_factory.mktemp("recipes")
    source = Path(credit_ml.__file__).parent
    shutil.copytree(source, folder / "credit_ml", ignore=shutil.ignore_patterns("__pycache__"))
    return folder


def test_every_kind_of_thing_has_a_recipe() -> None:
    assert [recipe.title for recipe in RECIPES] == [
        "A world",
        "An agency",
        "An action",
        "A kind of action",
        "A regime",
        "A strategy of a rater",
        "An estimator",
        "A consequence",
        "A group metric",
        "An instrument",
    ]


@pytest.mark.parametrize("recipe", RECIPES, ids=[recipe.title for recipe in RECIPES])
def test_a_recipe_is_one_file_or_one_folder(recipe: Recipe) -> None:
    assert recipe.use
    folders = {Path(path).parent for path in recipe.files}
    assert len(recipe.files) == 1 or len(folders) == 1
    assert not any((ROOT / path).exists() for path in recipe.files)


@pytest.mark.parametrize("recipe", RECIPES, ids=[recipe.title for recipe in RECIPES])
def test_a_recipe_works(recipe: Recipe, copy: Path, tmp_path: Path) -> None:
    added = [copy / path for path in recipe.files]
    before = {path.parent for path in added if path.parent.exists()}
    try:
        for path, text in zip(added, recipe.files.values(), strict=True):
            path.parent.mkdir(exist_ok=True)
            path.write_text(text)
        ran = subprocess.run(
            [sys.executable, "-W", "error", "-c", recipe.use],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(copy)},
            capture_output=True,
            text=True,
            check=False,
        )
        assert ran.returncode == 0, ran.stderr
    finally:
        for path in added:
            path.unlink(missing_ok=True)
        for folder in {path.parent for path in added} - before:
            shutil.rmtree(folder, ignore_errors=True)
