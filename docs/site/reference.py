"""Write a page of reference for each package: every public name, with its docstring and example."""

import importlib
import inspect
import pkgutil
import types
import typing
from pathlib import Path

import credit_ml

#: Beginning of the page that lists the packages.
OPENING = """\
# Reference

Every public name, with an example that runs as a test. A name stands where it is shortest: what
`import credit_ml as cm` has is on the first page.

"""
#: Opening of the table of a page's names; entries in the sidebars would stand on every page.
OVERVIEW = """\
.. list-table::
   :widths: auto
"""


def public_names() -> dict[str, dict[str, object]]:
    """Return what stands in `__all__`, by package: everything once, at its shortest place."""
    packages = [
        each.name
        for each in pkgutil.walk_packages(credit_ml.__path__, "credit_ml.")
        if each.ispkg and "._" not in each.name
    ]
    seen: set[int] = set()
    found: dict[str, dict[str, object]] = {}
    for package in ("credit_ml", *sorted(packages, key=lambda name: (name.count("."), name))):
        module = importlib.import_module(package)
        for name in sorted(getattr(module, "__all__", ())):
            thing = getattr(module, name)
            if id(thing) in seen or isinstance(thing, types.ModuleType):
                continue
            if not isinstance(thing, str | int | tuple):  # such constants may be one object
                seen.add(id(thing))
            found.setdefault(package, {})[name] = thing
    return found


def write_reference(folder: Path) -> None:
    """Write a page a package, and the page that lists them."""
    folder.mkdir(parents=True)
    names = public_names()
    rows = []
    for package, things in names.items():
        module = importlib.import_module(package)
        (folder / f"{package}.md").write_text(_page(package, things), encoding="utf-8")
        rows.append(f"| [{package}]({package}.md) | {_first(module)} | {len(things)} |")
    table = "\n".join(["| package | what it holds | names |", "|---|---|---|", *rows])
    entries = "\n".join(names)
    index = f"{OPENING}{table}\n\n```{{toctree}}\n:hidden:\n\n{entries}\n```\n"
    (folder / "index.md").write_text(index, encoding="utf-8")


def _page(package: str, things: dict[str, object]) -> str:
    opening = (inspect.getdoc(importlib.import_module(package)) or "").strip()
    overview = "\n".join(_row(package, name, each) for name, each in things.items())
    parts = [f"# {package}", opening, f"```{{eval-rst}}\n{OVERVIEW}\n{overview}\n```"]
    parts += [
        f"```{{eval-rst}}\n{_entry(package, name, each)}\n```" for name, each in things.items()
    ]
    return "\n\n".join(parts) + "\n"


def _row(package: str, name: str, thing: object) -> str:
    """Return a row of the overview: a name that leads to its entry, and its first line."""
    told = isinstance(thing, type) or inspect.isroutine(thing)
    said = _first(thing) if told else _kind(thing).partition(":")[0].rstrip(".") + "."
    return f"   * - :py:obj:`{name} <{package}.{name}>`\n     - {said or '..'}"


def _entry(package: str, name: str, thing: object) -> str:
    """Return the directive by which Sphinx reads a name's docstring."""
    place = f"{package}.{name}"
    if isinstance(thing, type):
        bare = issubclass(thing, BaseException) or typing.is_typeddict(thing)
        return f".. autoclass:: {place}" + ("" if bare else "\n   :members:")
    if inspect.isroutine(thing):
        return f".. autofunction:: {place}"
    # A constant has no docstring of its own: what kind of thing it is stands in its place.
    return f".. py:data:: {place}\n\n   {_kind(thing)}"


def _kind(thing: object) -> str:
    if isinstance(thing, dict | types.MappingProxyType):
        return f"A mapping of {len(thing)}: {_some(map(str, thing))}."
    if isinstance(thing, tuple | frozenset | set | list):
        return f"One of {len(thing)}: {_some(map(str, thing))}."
    if isinstance(thing, str | int | float):
        return f"``{thing!r}``."
    return "A type, for annotations." if typing.get_origin(thing) else f"A {type(thing).__name__}."


def _some(words: typing.Iterable[str]) -> str:
    told = [f"``{word}``" for word in words if word and "`" not in word and len(word) < 60]
    return ", ".join(told[:12]) + (", ..." if len(told) > 12 else "")


def _first(thing: object) -> str:
    return (inspect.getdoc(thing) or "").split("\n\n")[0].replace("\n", " ").replace("|", "\\|")
