"""Ctrl-C that is neither lost nor taken for another error.

Python raises KeyboardInterrupt wherever the program happens to be. Inside a callback of the
garbage collector it is printed and forgotten, inside a library it may come out as another
error, and between the two halves of a write it leaves the first half. While a program
listens, a Ctrl-C is therefore also remembered, and it waits for what must not be cut in two.
"""

import _thread
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

#: Seconds until a Ctrl-C that a callback swallowed is raised again.
AGAIN = 0.02


class _Heard:
    """What is known of Ctrl-C in this process; signals reach its main thread alone."""

    asked = False
    deferred = 0


def _hear(number: int, frame: Any) -> None:
    del number, frame
    _Heard.asked = True
    if not _Heard.deferred:
        raise KeyboardInterrupt


@contextmanager
def listening() -> Iterator[None]:
    """Remember a Ctrl-C from here on; outside the main thread nothing changes."""
    ours = threading.current_thread() is threading.main_thread()
    if not ours or signal.getsignal(signal.SIGINT) is not signal.default_int_handler:
        yield
        return
    told = sys.unraisablehook

    def again(lost: Any) -> None:
        if issubclass(lost.exc_type, KeyboardInterrupt):
            # Raised anew a moment later, when Python is out of the callback.
            threading.Timer(AGAIN, _thread.interrupt_main).start()
        else:
            told(lost)

    _Heard.asked = False
    signal.signal(signal.SIGINT, _hear)
    sys.unraisablehook = again
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        sys.unraisablehook = told
        _Heard.asked = False


@contextmanager
def deferred() -> Iterator[None]:
    """Let a Ctrl-C wait until the block has ended; it is raised there."""
    _Heard.deferred += 1
    try:
        yield
    finally:
        _Heard.deferred -= 1
    check()


def asked() -> bool:
    """Return whether Ctrl-C was heard since the program listens."""
    return _Heard.asked


def check() -> None:
    """Raise the KeyboardInterrupt that was heard and got lost, or had to wait.

    Raises
    ------
    KeyboardInterrupt
        When Ctrl-C was heard and nothing defers it now.
    """
    if _Heard.asked and not _Heard.deferred:
        raise KeyboardInterrupt
