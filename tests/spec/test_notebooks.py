"""Notebooks are kept as a reader first opens them: without outputs, counts or places on a machine.

The site of documents runs them (`make docs`), once; here they are held to their form and to the
public names.
"""

import ast
import re

import nbformat
import pytest

import credit_ml

#: In the order of the tutorial.
NAMES = (
    *("01_first_look", "02_behind_the_gap", "03_telling_people"),
    *("04_a_banks_table", "05_a_life_on_the_list", "06_writing_your_own"),
)


@pytest.fixture(params=NAMES)
def notebook(request, repository):
    """Return a notebook as nbformat reads it."""
    return nbformat.read(
        repository / "experiments" / "notebooks" / f"{request.param}.ipynb", as_version=4
    )


def code(notebook):
    return [cell["source"] for cell in notebook["cells"] if cell["cell_type"] == "code"]


def test_every_notebook_is_in_the_tutorial(repository):
    kept = {path.stem for path in (repository / "experiments" / "notebooks").glob("*.ipynb")}
    assert kept == set(NAMES)
    page = (repository / "docs" / "site" / "pages" / "tutorials.md").read_text(encoding="utf-8")
    assert re.findall(r"notebooks/(\w+)", page)[: len(NAMES)] == list(NAMES)


def test_a_notebook_is_valid_and_has_no_outputs(notebook):
    nbformat.validate(notebook)
    cells = [cell for cell in notebook["cells"] if cell["cell_type"] == "code"]
    assert cells
    for cell in cells:
        assert cell["outputs"] == []
        assert cell["execution_count"] is None
    assert set(notebook["metadata"]) == {"kernelspec", "language_info"}
    assert notebook["metadata"]["kernelspec"]["name"] == "python3"


def test_a_notebook_opens_with_its_title_and_ends_with_what_it_cannot_tell(notebook):
    words = [cell["source"] for cell in notebook["cells"] if cell["cell_type"] == "markdown"]
    assert words[0].startswith("# ")
    assert "cannot tell you" in "".join(words) or "assumptions" in "".join(words)


def test_a_notebook_uses_public_names_alone(notebook):
    for source in code(notebook):
        tree = ast.parse(source)
        for node in ast.walk(tree):
            if isinstance(node, ast.Attribute):
                assert not node.attr.startswith("_"), node.attr
                if isinstance(node.value, ast.Name) and node.value.id == "cm":
                    assert node.attr in credit_ml.__all__
            if isinstance(node, ast.ImportFrom) and str(node.module).startswith("credit_ml"):
                assert str(node.module).count(".") <= 2, node.module
