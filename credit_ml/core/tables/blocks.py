"""Factors as users name them: a mapping, or a TOML file of one."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from credit_ml.core.errors import TableError
from credit_ml.core.files import read_toml

#: Factors: named blocks of columns.
Blocks = Mapping[str, Sequence[str]]


def read_blocks(given: Any, place: str) -> Mapping[Any, Any]:
    """Return named blocks of columns, from a mapping or a TOML file.

    Parameters
    ----------
    given : mapping, str or Path
        Blocks, or a file of lines such as ``history = ["late"]``, which may stand under
        ``[factors]``.
    place : str
        What an error names where a mapping cannot be used.

    Raises
    ------
    TableError
        When it is neither, or the file cannot be used.

    Examples
    --------
    >>> read_blocks({"history": ["late"]}, "table")
    {'history': ['late']}
    >>> read_blocks(["late"], "table")
    Traceback (most recent call last):
    credit_ml.core.errors.TableError: table, factors: is a list; give {'name': ['column', ...]}, \
or the path of a TOML file of such lines
    """
    if isinstance(given, Mapping):
        return given
    if not isinstance(given, str | Path):
        problem = f"is a {type(given).__name__}"
        remedy = "give {'name': ['column', ...]}, or the path of a TOML file of such lines"
        raise TableError(f"{place}, factors", problem, remedy)
    file = read_toml(given, TableError, "give a TOML file of factors")
    told = file.get("factors", file)
    if not isinstance(told, Mapping):
        raise TableError(str(given), "has factors that are no table", 'give name = ["column"]')
    check_lists(told, str(given))
    return told


def check_lists(told: Mapping[str, Any], place: str) -> None:
    """Refuse factors that are no lists of names.

    Examples
    --------
    >>> check_lists({"history": ["late"]}, "factors.toml")
    """
    for factor, columns in told.items():
        one = isinstance(columns, str) or not isinstance(columns, Sequence)
        if one or not all(isinstance(name, str) for name in columns):
            problem = f"is no list of columns: {columns!r}"
            raise TableError(f"{place}, '{factor}'", problem, 'give ["a", "b"]')
    TableError.unless(told, place, "names no factor", 'give lines such as history = ["late"]')
