"""A plain line now and then, for whoever reads a log or waits where there is no terminal."""

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from time import monotonic

from credit_ml.core.progress.base import Progress, lasting
from credit_ml.core.progress.counted import Counted

#: Seconds between two lines, and before the first: what is short says nothing.
BETWEEN = 30.0


@contextmanager
def progress_in_lines() -> Iterator[None]:
    """Let long calls write a line now and then to stderr where it is no terminal.

    Commands do: who keeps their output in a file, or runs them elsewhere, would see nothing.

    Examples
    --------
    >>> with progress_in_lines():
    ...     Progress.in_lines
    True
    """
    before, Progress.in_lines = Progress.in_lines, True
    try:
        yield
    finally:
        Progress.in_lines = before


class Lines(Counted):
    """What is done of how much, how long that took and will take, in a line every half minute.

    Parameters
    ----------
    steps : int, optional
        How many there are.
    alike : bool
        Whether they take about as long, so that the time left can be told.
    """

    def __init__(self, steps: int | None, *, alike: bool) -> None:
        super().__init__(steps)
        self.alike, self.began = alike, monotonic()
        self._first: tuple[int, float] | None = None

    def done(self) -> None:
        """Say that one step is complete."""
        self._seen(self.finished)
        super().done()

    def reached(self, finished: int, steps: int | None) -> None:
        """Say how many steps are complete, and how many there are."""
        self._seen(finished)
        super().reached(finished, steps)

    def text(self) -> str:
        """Return the line.

        Examples
        --------
        >>> lines = Lines(7, alike=False)
        >>> lines.start("societies")
        >>> lines.done()
        >>> lines.text()
        'after 0 s: societies, 1 of 7 steps done'
        """
        told = [f"after {lasting(monotonic() - self.began)}: {self.named()}"]
        told += [f"{self.finished} of {self.steps} steps done"] if self.steps else []
        left = self._left()
        return ", ".join([*told, *([] if left is None else [f"about {lasting(left)} left"])])

    def _seen(self, finished: int) -> None:
        """Remember where it began: what was kept from another run took no time in this one."""
        if self._first is None:
            self._first = finished, monotonic()

    def _left(self) -> float | None:
        if self._first is None or self.steps is None or not self.alike:
            return None
        made, seconds = self.finished - self._first[0], monotonic() - self._first[1]
        return seconds / made * (self.steps - self.finished) if made > 0 else None


@contextmanager
def written(steps: int | None, *, alike: bool) -> Iterator[Lines]:
    """Write what a block tells, a line now and then, until it ends.

    Examples
    --------
    >>> with written(2, alike=True) as lines:
    ...     lines.done()
    """
    lines, ended = Lines(steps, alike=alike), threading.Event()

    def tell() -> None:
        while not ended.wait(BETWEEN):
            with suppress(OSError, ValueError):  # nobody reads it any more
                sys.stderr.write(f"{lines.text()}\n")
                sys.stderr.flush()

    watch = threading.Thread(target=tell, daemon=True)
    watch.start()
    try:
        yield lines
    finally:
        ended.set()
        watch.join()
