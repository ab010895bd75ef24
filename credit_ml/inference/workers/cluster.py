"""Work that is shared out among the workers of a Dask cluster."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from distributed import Client

_Item = TypeVar("_Item")
_Made = TypeVar("_Made")

_client: ContextVar[Any] = ContextVar("client", default=None)


@contextmanager
def over_cluster(client: "Client | None") -> Iterator[None]:
    """Let other societies be made by a cluster's workers for as long as the block runs.

    A study asks instruments, and these ask for other societies where nobody can hand them a
    client. Another thread has it where it runs in a copy of this context.

    Examples
    --------
    >>> with over_cluster(None):
    ...     print(cluster_client())
    None
    """
    token = _client.set(client)
    try:
        yield
    finally:
        _client.reset(token)


def cluster_client() -> "Client | None":
    """Return the cluster that other societies are made by, or None: this machine makes them.

    Examples
    --------
    >>> cluster_client() is None
    True
    """
    found: Client | None = _client.get()
    return found


def in_order(
    make: Callable[[_Item], _Made], items: Sequence[_Item], client: "Client"
) -> Iterator[_Made]:
    """Yield what a cluster makes of each item, in their order.

    Parameters
    ----------
    make : callable
        It travels with every item, and what it makes comes back: let both be small.
    items : sequence
    client : distributed.Client
    """
    futures = client.map(make, items, pure=False, retries=2)
    try:
        for future in futures:
            yield future.result()
    finally:
        client.cancel(futures)


def as_finished(
    make: Callable[[_Item], _Made], items: Sequence[_Item], client: "Client"
) -> Iterator[_Made]:
    """Yield what a cluster makes of each item, in the order in which it is finished.

    Parameters
    ----------
    make : callable
    items : sequence
    client : distributed.Client
    """
    from distributed import as_completed

    futures = client.map(make, items, pure=False, retries=2)
    try:
        # Results that are there are fetched together: one by one, each is a journey of its own.
        for _, made in as_completed(futures, with_results=True):
            yield made
    finally:
        client.cancel(futures)
