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
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

#: Seconds until a Ctrl-C that a callback swallowed is raised again.
AGAIN = 0.02
#: Seconds in which a second Ctrl-C is the same wish: it must not cut short what ends the run.
SAME_WISH = 2.0


class _Heard:
    """What is known of Ctrl-C in this process; signals reach its main thread alone."""

    asked = 0
    """Number of the signal; 0 when none was heard."""
    deferred = 0
    raised = -SAME_WISH
    """When it was last raised, in seconds of the clock that only goes on."""
    lost = False
    """Whether a callback swallowed it, so that it is raised again."""
    in_hook = False
    """Whether Python is being told of a lost one: what is raised there is lost as well."""


def _hear(number: int, frame: Any) -> None:
    del frame
    _Heard.asked = number
    # What a library that it cuts short then says is no error of the run.
    logging.disable(logging.ERROR)
    now = time.monotonic()
    if _Heard.deferred or _Heard.in_hook:
        return
    if _Heard.lost or now - _Heard.raised >= SAME_WISH:
        _Heard.raised, _Heard.lost = now, False
        raise KeyboardInterrupt


#: What may ask a run to end, each with what Python does of itself.
_PLAIN: dict[int, Any] = {signal.SIGINT: signal.default_int_handler, signal.SIGTERM: signal.SIG_DFL}


@contextmanager
def listening(signals: Iterable[int] = tuple(_PLAIN)) -> Iterator[None]:
    """Remember a Ctrl-C or a SIGTERM from here on; outside the main thread nothing changes.

    Parameters
    ----------
    signals : iterable of int
        Those to remember. One that somebody else listens to, or that is shut out, stays as it is.
    """
    ours = threading.current_thread() is threading.main_thread()
    heard = {each: _PLAIN[each] for each in signals if ours}
    heard = {each: was for each, was in heard.items() if signal.getsignal(each) is was}
    if not heard:
        yield
        return
    told = sys.unraisablehook

    def again(lost: Any) -> None:
        if not issubclass(lost.exc_type, KeyboardInterrupt):
            told(lost)
            return
        _Heard.in_hook = _Heard.lost = True
        try:
            # Raised anew a moment later, when Python is out of the callback.
            threading.Thread(target=_raise_again, daemon=True).start()
        finally:
            _Heard.in_hook = False

    _Heard.asked, _Heard.raised, _Heard.lost = 0, -SAME_WISH, False
    for each in heard:
        signal.signal(each, _hear)
    sys.unraisablehook = again
    try:
        yield
    finally:
        _Heard.lost = False
        for each, was in heard.items():
            signal.signal(each, was)
        sys.unraisablehook = told
        if _Heard.asked:
            logging.disable(logging.NOTSET)
        _Heard.asked = 0


def _raise_again() -> None:
    # Once may not be enough: on a busy machine a moment ends before the callback does.
    while _Heard.lost:
        time.sleep(AGAIN)
        if _Heard.lost:
            _thread.interrupt_main()


@contextmanager
def deferred() -> Iterator[None]:
    """Let a Ctrl-C wait until the block has ended; it is raised there.

    Where nobody listens, as in a notebook, the block itself does. A function that is called
    whole or not at all can be decorated with it.
    """
    with listening([signal.SIGINT]):
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
        _Heard.lost = False
        raise KeyboardInterrupt
