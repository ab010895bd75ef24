"""Where methods were published: one file, from which findings name their sources."""

import tomllib
from functools import cache
from pathlib import Path


def cited(*keys: str) -> tuple[str, ...]:
    """Return publications by their keys: first author and year.

    Raises
    ------
    KeyError
        When ``bibliography.toml`` has no such key.

    Examples
    --------
    >>> cited("shapley_1953")[0][:27]
    'Shapley, L. S. (1953). A va'
    """
    return tuple(_works()[key] for key in keys)


@cache
def _works() -> dict[str, str]:
    works: dict[str, str] = tomllib.loads(
        Path(__file__).with_suffix(".toml").read_text(encoding="utf-8")
    )
    return works
