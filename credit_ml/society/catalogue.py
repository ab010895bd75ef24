"""Named worlds that ship with the package, and worlds of one's own."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from credit_ml.core import WorldError, need_known, read_toml
from credit_ml.core.renamed import renamed_keys
from credit_ml.society.world import World

#: Folder of the worlds that ship with the package.
WORLDS = Path(__file__).with_name("worlds")


def world_ids() -> list[str]:
    """Names of the worlds in the package, in alphabetical order.

    Examples
    --------
    >>> "segregated" in world_ids()
    True
    """
    return sorted(path.stem for path in WORLDS.glob("*.toml"))


def load_world(name: str | Path, *, citizens: int | None = None, seed: int | None = None) -> World:
    """Return a named world, or the world of a TOML file of one's own.

    Parameters
    ----------
    name : str or Path
        One of `world_ids`, or a path that ends in ``.toml``. A file may start from a named
        world with ``base = "..."`` and change any knob.
    citizens, seed : int, optional
        Replace the world's own.

    Raises
    ------
    WorldError
        When the world or one of its knobs is unknown, or a value is out of range.

    Examples
    --------
    >>> load_world("no_proxy", citizens=100).address.dependence.hukou
    0.0
    """
    given = {"citizens": citizens, "seed": seed}
    changes: dict[str, Any] = {name: each for name, each in given.items() if each is not None}
    return replace(_make(_read(name), str(name)), **changes)


def worlds() -> pd.DataFrame:
    """One row a named world: id, title, rows of the source document, description.

    Examples
    --------
    >>> set(worlds()["id"]) == set(world_ids())
    True
    """
    table = pd.DataFrame([{"id": name, "rows": [], **_read(name)} for name in world_ids()])
    table["rows"] = table["rows"].str.join(", ")
    table["description"] = table["description"].str.split().str.join(" ")
    return table[["id", "title", "rows", "description"]]


def _read(name: str | Path) -> dict[str, Any]:
    path = Path(name)
    if path.suffix != ".toml":
        need_known(WorldError, "world", name, world_ids())
        path = WORLDS / f"{name}.toml"
    entry = read_toml(path, WorldError, "give a TOML file")
    return renamed_keys(entry, {"paragraph": "description"}, str(name))


def _make(entry: dict[str, Any], place: str, above: tuple[str, ...] = ()) -> World:
    words = ("id", "title", "rows", "description", "base", "claims")
    knobs = {key: value for key, value in entry.items() if key not in words}
    if "base" not in entry:
        return World.from_dict(knobs, place=place)
    name, above = str(entry["base"]), (*above, place)
    problem = f"starts from '{name}', which starts from it"
    WorldError.unless(name not in above, place, problem, "name a world that starts from another")
    base = _make(_read(name), name, above).to_dict()
    return World.from_dict(_merged(base, knobs), place=place)


def _merged(base: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    merged = dict(base)
    for key, value in changes.items():
        both = isinstance(value, dict) and isinstance(merged.get(key), dict)
        merged[key] = _merged(merged[key], value) if both else value
    return merged
