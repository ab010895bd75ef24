"""Work spread over processes of this machine or over a Dask cluster; workers end with us."""

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, TypeVar

from credit_ml.inference.workers.cluster import as_finished
from credit_ml.inference.workers.processes import processes

if TYPE_CHECKING:
    from distributed import Client

Item = TypeVar("Item")
Made = TypeVar("Made")


def spread(
    make: Callable[[Item], Made],
    items: Sequence[Item],
    *,
    workers: int = 1,
    client: "Client | None" = None,
) -> Iterable[Made]:
    """Yield what is made of each item, in the order in which it is finished.

    Parameters
    ----------
    make : callable
        Can be pickled when another process calls it.
    items : sequence
    workers : int
        Processes on this machine; ignored with a client. One is this process itself.
    client : distributed.Client, optional
        Of any Dask cluster (extra ``cluster``).

    Examples
    --------
    >>> sorted(spread(abs, [-1, 2]))
    [1, 2]
    """
    if client is not None:
        return as_finished(make, items, client)
    if workers == 1 or len(items) < 2:
        return map(make, items)
    from joblib import delayed

    jobs = processes(min(workers, len(items)), return_as="generator_unordered")
    made: Iterable[Made] = jobs(delayed(make)(each) for each in items)
    return made
