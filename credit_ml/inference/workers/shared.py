"""The same work on many items, by several processes."""

import os
import signal
import threading
import warnings
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from typing import TypeVar

from credit_ml.core.cores import cores, works_for_another
from credit_ml.core.progress import Progress
from credit_ml.inference.workers.processes import processes

_Item = TypeVar("_Item")
_Made = TypeVar("_Made")


def shared_out(
    work: Callable[[_Item], _Made], items: Sequence[_Item], *, workers: int | None = None
) -> Iterator[_Made]:
    """Yield what is made of each item, in their order, by processes that do one at a time each.

    What work holds travels to them, and what it makes comes back: let both be small. There is no
    chance in who does what. Workers show nothing, leave Ctrl-C to their parent, and have no workers
    of their own: in one, in another thread than the main one, or with one processor, items are
    done here.

    Cost: some three seconds of a processor for each worker that is not there yet.

    Parameters
    ----------
    work : callable
        Of one item; it may be a lambda.
    items : sequence
    workers : int, optional
        One a processor by default.

    Examples
    --------
    >>> list(shared_out(abs, [-1, 2], workers=1))
    [1, 2]
    """
    number = min(cores() if workers is None else workers, len(items))
    inside = works_for_another() or threading.current_thread() is not threading.main_thread()
    if number <= 1 or inside:
        yield from map(work, items)
        return
    from joblib import delayed

    jobs = processes(number, return_as="generator")
    made: Iterable[_Made] = jobs(
        delayed(partial(_as_worker, work, os.getcwd()))(item) for item in items
    )
    yield from made


def _as_worker(work: Callable[[_Item], _Made], folder: str, item: _Item) -> _Made:
    with suppress(OSError):
        os.chdir(folder)  # a worker that is there already may have been started elsewhere
    if Progress.shown:  # its first work
        Progress.shown = False
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        # A worker's standard error is the terminal's: who asked says what is to be said.
        warnings.simplefilter("ignore")
    return work(item)
