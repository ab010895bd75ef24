"""The site holds every public name, draws every estimand, and loads nothing from elsewhere."""

import importlib.util
import re
from pathlib import Path

import pytest

SITE = Path("docs") / "site"


def module(repository, name):
    said = importlib.util.spec_from_file_location(name, repository / SITE / f"{name}.py")
    made = importlib.util.module_from_spec(said)
    said.loader.exec_module(made)
    return made


def pages(repository):
    return sorted((repository / SITE / "pages").rglob("*.md"))


def test_the_reference_has_a_page_a_package_and_every_public_name(repository, tmp_path):
    reference = module(repository, "reference")
    reference.write_reference(tmp_path / "reference")
    names = reference.public_names()
    for package, things in names.items():
        page = (tmp_path / "reference" / f"{package}.md").read_text(encoding="utf-8")
        entries = re.findall(r"^\.\. (?:auto\w+|py:data):: (\S+)$", page, re.MULTILINE)
        assert [entry.rpartition(".")[2] for entry in entries] == list(things)
    assert "audit" in names["credit_ml"]
    assert "audit" not in names["credit_ml.fairness"]


def test_every_estimand_has_one_drawing_and_says_where_it_fails(repository, tmp_path):
    drawings = module(repository, "drawings")
    page = (repository / SITE / "pages" / "estimands.md").read_text(encoding="utf-8")
    _, *parts = page.split("\n## ")
    shown = [re.findall(r"!\[[^\]]+\]\(drawings/(\w+)\.svg\)", part) for part in parts]
    assert [len(each) for each in shown] == [1] * len(parts)
    assert [each for (each,) in shown] == list(drawings.DRAWINGS)
    assert all("*Where it fails.*" in part and "*Asked by*" in part for part in parts)
    drawings.draw_all(tmp_path / "drawings")
    drawn = {path.stem: path.read_text() for path in (tmp_path / "drawings").glob("*.svg")}
    assert set(drawn) == set(drawings.DRAWINGS)
    assert all("<text" in text for text in drawn.values())


def test_links_to_what_is_no_page_become_text(repository, tmp_path):
    linked = module(repository, "assemble").linked
    (tmp_path / "here.md").write_text("# Here\n")
    said = "[here](here.md#a), [code](../credit_ml), [there](https://example.org), ![a](b.png)"
    assert linked(said, tmp_path) == (
        "[here](here.md#a), code, [there](https://example.org), ![a](b.png)"
    )


def test_every_page_of_ours_is_reached_from_another(repository):
    told = "".join(page.read_text(encoding="utf-8") for page in pages(repository))
    for page in pages(repository):
        if page.stem not in ("index", "gallery"):
            assert re.search(rf"\b{page.stem}\b", told), page
    for page in sorted((repository / "docs").glob("*.md")):
        assert f"docs/{page.stem}" in told, page


@pytest.mark.parametrize("name", ["conf.py", "_static/site.css"])
def test_nothing_is_loaded_from_elsewhere(repository, name):
    assert "://" not in (repository / SITE / name).read_text(encoding="utf-8")
