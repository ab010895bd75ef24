"""Processes that work for this one, and end with it however it ends."""

import os
import threading
import time
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from joblib import Parallel

#: Seconds between two looks of a worker at whether its parent still lives.
LOOK = 1.0
#: Bytes that a worker may hold beyond what it held after its first job.
ROOM = 4_000_000_000


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
    """Let this process end when its parent is gone, before its first work and while it waits.

    It also keeps the worker on: joblib takes one that holds 300 MB more than after its first job
    for one that leaks, ends it while jobs wait, says so in a warning and starts another. A city
    is larger than that beside its mail, and holds no more with every further one.
    """
    from joblib.externals.loky import process_executor

    process_executor._MAX_MEMORY_LEAK_SIZE = ROOM  # there is no public way
    if os.name == "posix":  # elsewhere parents are not told
        threading.Thread(target=_watch, args=(parent,), daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(LOOK)
    os._exit(1)
