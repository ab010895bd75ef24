"""Processes that work for this one, and end with it however it ends."""

import os
import threading
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from joblib import Parallel

#: Seconds between two looks of a worker at whether its parent still lives.
LOOK = 1.0


def processes(number: int, **how: Any) -> "Parallel":
    """Jobs of joblib by processes that end when this one does, killed outright or not.

    An idle worker of joblib outlives its parent by five minutes, and holds the terminal and the
    pipes that it was given: whoever reads those waits as long.

    Parameters
    ----------
    number : int
        Of processes.
    **how
        Of `joblib.Parallel`, such as ``return_as``.

    Examples
    --------
    >>> processes(2).n_jobs
    2
    """
    from joblib import Parallel

    watched: dict[str, Any] = {"initializer": watch, "initargs": (os.getpid(),)}
    return Parallel(number, backend="loky", **watched, **how)


def watch(parent: int) -> None:
    """Let this process end when its parent is gone, before its first work and while it waits."""
    if os.name == "posix":  # elsewhere parents are not told
        threading.Thread(target=_watch, args=(parent,), daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(LOOK)
    os._exit(1)
