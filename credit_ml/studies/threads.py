"""Threads are counted: jobs times threads never exceed the processors."""

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def one_thread_each() -> Iterator[None]:
    """Hold OpenMP and BLAS to one thread a job: jobs, not threads, fill the processors.

    Histogram boosting spins as soon as its threads outnumber idle processors, on a shared
    machine too; and a job of several raters always has something else to run.
    """
    # Loaded first: a limit reaches only the libraries that are there.
    import sklearn.ensemble  # noqa: F401
    from threadpoolctl import threadpool_limits

    with threadpool_limits(limits=1):
        yield
