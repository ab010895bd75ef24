"""Where and by whom a study is run, as the command line asks; nothing of it changes a finding."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from credit_ml.studies.own_table.spec import Flag, StrictAsked


@dataclass(frozen=True, kw_only=True)
class RunAsked(StrictAsked):
    """Where cells lie, who makes them, and what is said of them instead."""

    folder: Annotated[
        Path | None, Flag("Where cells are kept; data/generated/KIND by default.", Path)
    ] = None
    dask: Annotated[
        str | None, Flag("Scheduler of a Dask cluster, such as tcp://host:8786, or 'local'.")
    ] = None
    measure: Annotated[
        bool, Flag("With --dry-run: make a cell of each kind, to time them.", bool, "--measure")
    ] = False
    list_cells: Annotated[bool, Flag("List the cells: kept, missing, failed.", bool, "--list")] = (
        False
    )
