"""How many processors this process may use."""

import os
from multiprocessing import parent_process


def works_for_another() -> bool:
    """Whether another process started this one to work for it, and counts the processors."""
    return parent_process() is not None


def cores() -> int:
    """Return the number of processors that this process may use, at least 1; 1 in a worker."""
    if works_for_another():
        return 1
    try:
        return max(1, len(os.sched_getaffinity(0)))
    except AttributeError:  # not on macOS and Windows
        return max(1, os.cpu_count() or 1)
