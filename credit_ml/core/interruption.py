"""Ctrl-C, and a request to end (SIGTERM), neither lost nor taken for another error.

Python raises KeyboardInterrupt wherever the program happens to be. Inside a callback of the
garbage collector it is printed and forgotten, inside a library it may come out as another
error, and between the two halves of a write it leaves the first half. While a program
listens, a Ctrl-C is therefore also remembered, and it waits for what must not be cut in two.
"""

import _thread
import logging
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

    asked = 0
    """Number of the signal; 0 when none was heard."""
    deferred = 0


def _hear(number: int, frame: Any) -> None:
    del frame
    _Heard.asked = number
    # What a library that it cuts short then says is no error of the run.
    logging.disable(logging.ERROR)
    if not _Heard.deferred:
        raise KeyboardInterrupt


@contextmanager
def listening() -> Iterator[None]:
    """Remember a Ctrl-C or a SIGTERM from here on; outside the main thread nothing changes."""
    ours = threading.current_thread() is threading.main_thread()
    plain = {signal.SIGINT: signal.default_int_handler, signal.SIGTERM: signal.SIG_DFL}
    # A signal that somebody else listens to, or that is shut out, stays as it is.
    heard = {each: was for each, was in plain.items() if ours and signal.getsignal(each) is was}
    if not heard:
        yield
        return
    told = sys.unraisablehook

    def again(lost: Any) -> None:
        if issubclass(lost.exc_type, KeyboardInterrupt):
            # Raised anew a moment later, when Python is out of the callback.
            threading.Timer(AGAIN, _thread.interrupt_main).start()
        else:
            told(lost)

    _Heard.asked = 0
    for each in heard:
        signal.signal(each, _hear)
    sys.unraisablehook = again
    try:
        yield
    finally:
        for each, was in heard.items():
            signal.signal(each, was)
        sys.unraisablehook = told
        if _Heard.asked:
            logging.disable(logging.NOTSET)
        _Heard.asked = 0


@contextmanager
def deferred() -> Iterator[None]:
    """Let a Ctrl-C wait until the block has ended; it is raised there."""
    _Heard.deferred += 1
    try:
        yield
    finally:
        _Heard.deferred -= 1
    check()


def asked() -> int:
    """Return the signal that was heard since the program listens; 0 for none."""
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
