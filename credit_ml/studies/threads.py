"""Threads are counted: jobs times threads never exceed the processors."""

import os
from collections.abc import Iterator
from contextlib import contextmanager


def cores() -> int:
    """Processors that this process may use."""
    try:
        return len(os.sched_getaffinity(0))
    except AttributeError:  # not on every system
        return os.cpu_count() or 1


@contextmanager
def limited_threads(jobs: int) -> Iterator[None]:
    """Give each of some jobs its share of the processors, for OpenMP and BLAS alike.

    Histogram boosting spins when threads outnumber processors.
    """
    # Loaded first: a limit reaches only the libraries that are there.
    import sklearn.ensemble  # noqa: F401
    from threadpoolctl import threadpool_limits

    with threadpool_limits(limits=max(1, cores() // max(jobs, 1))):
        yield
