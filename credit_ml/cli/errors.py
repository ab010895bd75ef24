"""From an error to one line on stderr and an exit status that means something."""

import errno
import functools
import signal
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NoReturn, ParamSpec, TypeVar

import typer

Given = ParamSpec("Given")
Returned = TypeVar("Returned")

#: Exit status of a command that a signal ended, as shells have it: this and the signal's number.
SIGNALLED = 128
STOPPED = "interrupted; nothing half-written is left"
LOST = (
    "a worker process was killed, perhaps for memory; what was finished is kept: run again,"
    " with fewer --jobs"
)


def one_line(command: Callable[Given, Returned]) -> Callable[Given, Returned]:
    """End a command on a known error with a line a problem: 2 for bad input, 130 for Ctrl-C."""

    @functools.wraps(command)
    def guarded(*args: Given.args, **options: Given.kwargs) -> Returned:
        # Imported late: a wrong option must not cost the import of pandas.
        from concurrent.futures import BrokenExecutor

        from credit_ml.core import CreditMLError, InputError, interruption
        from credit_ml.core.progress import progress_in_lines

        with interruption.listening(), notes_in_words(), progress_in_lines():
            try:
                return command(*args, **options)
            except KeyboardInterrupt:
                fail([STOPPED], SIGNALLED + (interruption.asked() or signal.SIGINT))
            except Exception as error:
                if interruption.asked():  # a library made another error of it
                    fail([STOPPED], SIGNALLED + interruption.asked())
                if isinstance(error, OSError) and (line := of_the_disk(error)):
                    fail([line], CreditMLError.exit_status)
                if isinstance(error, BrokenExecutor):
                    fail([LOST], CreditMLError.exit_status)
                if isinstance(error, InputError):
                    fail(error.on_command_line(), error.exit_status)
                if isinstance(error, CreditMLError):
                    fail([str(error)], error.exit_status)
                raise

    return guarded


#: What can be wrong with a file or its disk that no code of ours is to blame for.
_OF_THE_DISK = {
    errno.ENOSPC: "the disk is full: make room",
    errno.EDQUOT: "the quota is used up: make room",
    errno.EROFS: "it cannot be written there: name another place",
    errno.EACCES: "it may not be read or written: name another place",
    errno.EPERM: "it may not be read or written: name another place",
    errno.EISDIR: "it is a folder: name a file",
    errno.ENOTDIR: "it lies below a file: name another place",
    errno.ENAMETOOLONG: "its name is too long: give a shorter one",
}


def of_the_disk(error: OSError) -> str:
    """Say what is wrong with a file or its disk and what to do; nothing for other errors.

    Examples
    --------
    >>> of_the_disk(OSError(errno.ENOSPC, "No space left on device", "reports/wechat.html"))
    'reports/wechat.html: the disk is full: make room'
    """
    if error.errno not in _OF_THE_DISK:
        return ""
    return f"{error.filename or 'a file'}: {_OF_THE_DISK[error.errno]}"


@contextmanager
def notes_in_words() -> Iterator[None]:
    """Say this package's own warnings as one line on stderr, without the code that warned.

    Examples
    --------
    >>> with notes_in_words():
    ...     print("what others warn of is shown as ever")
    what others warn of is shown as ever
    """
    with warnings.catch_warnings():
        shown = warnings.showwarning

        def said(message: Warning | str, category: type[Warning], *where: Any, **more: Any) -> None:
            if category.__module__.startswith("credit_ml."):
                sys.stderr.write(f"note: {message}\n")
            else:
                shown(message, category, *where, **more)

        warnings.showwarning = said
        yield


def fail(problems: Sequence[str], status: int) -> NoReturn:
    """Write one line a problem to stderr and end the program with a status."""
    for problem in problems:
        line = " ".join(problem.split())
        sys.stderr.write(f"error: {line}\n")
    raise typer.Exit(status)
