"""What is said of a study that was run before, without a library being imported."""

import typer

from credit_ml.studies.cells.again import AskedAgain
from credit_ml.studies.cells.asked import NationAsked, RunAsked


def said_again(again: AskedAgain, asked: NationAsked, *, track: bool, quiet: bool) -> bool:
    """Say that a run is finished, where it is; a wrong or another wish is left to what answers it.

    What depends on more than the files that it wrote, a cluster or how the run may end, is.
    """
    others = bool(asked.strict or asked.dask)
    others |= isinstance(asked, RunAsked) and (asked.list_cells or asked.measure)
    found = None if others else again.finished(track=track)
    if found is None:
        return False
    page, said = found
    typer.echo("\n".join([was_finished(page), *([] if quiet else said)]))
    return True


def was_finished(page: object) -> str:
    """Say that a page is as an earlier run wrote it."""
    return f"{page} was finished: nothing was made again"
