"""How many processors this process may use."""

import os


class Worker:
    """Whether this process works for another one, which counts the processors."""

    here = False


def cores() -> int:
    """Return the number of processors that this process may use, at least 1; 1 in a worker."""
    if Worker.here:
        return 1
    try:
        return max(1, len(os.sched_getaffinity(0)))
    except AttributeError:  # not on macOS and Windows
        return max(1, os.cpu_count() or 1)
