"""Write glossary.md, beside this file, from glossary.toml."""

import tomllib
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
OPENING = """\
<!-- Written by `make glossary` from glossary.toml. -->

# Glossary

The words of this project, each with one meaning. Code, tables, reports and messages use these
and no others. Words in names of things that gave way are listed at the end.
"""


def read() -> list[dict[str, Any]]:
    """Sections with their terms."""
    sections: list[dict[str, Any]] = tomllib.loads((HERE / "glossary.toml").read_text())["section"]
    return sections


def terms() -> list[dict[str, Any]]:
    """All terms, in order."""
    return [term for section in read() for term in section["term"]]


def _entry(term: dict[str, Any]) -> str:
    names = ", ".join(f"**{name}**" for name in term["names"])
    also = f" See {', '.join(term['see'])}." if "see" in term else ""
    return f"{names}\n: {term['text']}{also}\n"


def _replacement(term: dict[str, Any]) -> str:
    words = ", ".join(f"`{word}`" for word in term["instead_of"])
    return f"| {words} | {term.get('say', term['names'][0])} |\n"


def page() -> str:
    """The page, in Markdown."""
    blocks = [OPENING]
    for section in read():
        blocks += [f"## {section['title']}\n", *map(_entry, section["term"])]
    replaced = [_replacement(term) for term in terms() if "instead_of" in term]
    blocks.append("## Words that gave way\n")
    blocks.append("| in names, instead of | say |\n|---|---|\n" + "".join(replaced))
    return "\n".join(blocks)


if __name__ == "__main__":
    (HERE / "glossary.md").write_text(page())
