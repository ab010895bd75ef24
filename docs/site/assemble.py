"""Put the pages of the site together in one folder, as the repository has them.

Pages, notebooks and sample tables keep their places, so that links between them lead on; links to
what is no page become plain text. The reference and the drawings are made. ``make docs`` runs this,
then Sphinx.
"""

import re
import shutil
import sys
from pathlib import Path

HERE = Path(__file__).parent
REPOSITORY = HERE.parents[1]
#: What of the repository becomes pages, and what the pages need beside them.
PAGES = (
    *("CHANGELOG.md", "CONTRIBUTING.md", "docs/*.md", "docs/decisions/*.md", "data/*.md"),
    *("experiments/README.md", "experiments/*/*.md", "experiments/notebooks/*.ipynb"),
)
BESIDE = ("CITATION.cff", "docs/city.png", "data/samples/*.*")

_LINK = re.compile(r"(?<!!)\[([^\]\n]*)\]\(([^)#\s]+)(#[^)\s]*)?\)")


def assemble(folder: Path) -> None:
    """Write every source of the site into a folder, which is emptied first."""
    sys.path.insert(0, str(HERE))
    from drawings import draw_all
    from reference import write_reference

    shutil.rmtree(folder, ignore_errors=True)
    for pattern in (*PAGES, *BESIDE):
        for path in sorted(REPOSITORY.glob(pattern)):
            _copied(path, folder / path.relative_to(REPOSITORY))
    for path in sorted((HERE / "pages").rglob("*.md")):
        _copied(path, folder / path.relative_to(HERE / "pages"))
    for name in ("conf.py", "reachable.py"):
        shutil.copy(HERE / name, folder / name)
    shutil.copytree(HERE / "_static", folder / "_static")
    draw_all(folder / "drawings")
    write_reference(folder / "reference")
    for page in folder.rglob("*.md"):
        text = page.read_text(encoding="utf-8")
        page.write_text(linked(text, page.parent), encoding="utf-8")


def linked(text: str, folder: Path) -> str:
    """Return a page without the links that lead to nothing which the site has.

    Links into folders and to code stay true in the repository, where the page stands too.
    """

    def kept(match: re.Match[str]) -> str:
        words, target = match[1], match[2]
        if "://" in target or target.startswith("mailto:"):
            return match[0]
        there = folder / target
        return match[0] if there.is_file() else words

    return _LINK.sub(kept, text)


def _copied(path: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(path, target)


if __name__ == "__main__":
    assemble(Path(sys.argv[1]))
