"""Where and by whom a study is run, as the command line asks; nothing of it changes a finding."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from credit_ml.studies.own_table.spec import Flag, StrictAsked, flags_of


@dataclass(frozen=True, kw_only=True)
class CellsAsked:
    """Where cells lie, and who makes them.

    Examples
    --------
    >>> [key for key, flag in CellsAsked.flags()]
    ['folder', 'dask']
    """

    folder: Annotated[
        Path | None, Flag("Where cells are kept; data/generated/KIND by default.", Path)
    ] = None
    dask: Annotated[
        str | None, Flag("Scheduler of a Dask cluster, such as tcp://host:8786, or 'local'.")
    ] = None

    @classmethod
    def flags(cls) -> Iterator[tuple[str, Flag]]:
        """Yield every key with its option of the command line."""
        return flags_of(cls)


@dataclass(frozen=True, kw_only=True)
class NationAsked(CellsAsked, StrictAsked):
    """The same of a nation's cities, and how its run may end."""


@dataclass(frozen=True, kw_only=True)
class RunAsked(NationAsked):
    """What is said of cells instead of making them, and how a run may end."""

    measure: Annotated[
        bool, Flag("With --dry-run: make a cell of each kind, to time them.", bool, "--measure")
    ] = False
    list_cells: Annotated[bool, Flag("List the cells: kept, missing, failed.", bool, "--list")] = (
        False
    )


@dataclass(frozen=True, kw_only=True)
class StoredAsked:
    """In which form a society lies on disk, and on which cluster it is made.

    Examples
    --------
    >>> [key for key, flag in StoredAsked.flags()]
    ['packed', 'dask']
    """

    packed: Annotated[
        bool,
        Flag("A folder in less room, for credit_ml.society.read_society alone.", bool, "--packed"),
    ] = False
    dask: Annotated[
        str | None, Flag("Scheduler of a Dask cluster, such as tcp://host:8786, or 'local'.")
    ] = None

    @classmethod
    def flags(cls) -> Iterator[tuple[str, Flag]]:
        """Yield every key with its option of the command line."""
        return flags_of(cls)
