"""From an error to one line on stderr and an exit status that means something."""

import functools
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any, NoReturn, ParamSpec, TypeVar

import typer

Given = ParamSpec("Given")
Returned = TypeVar("Returned")

#: Exit status of a command that was interrupted, as shells have it: 128 + SIGINT.
INTERRUPTED = 130
STOPPED = "interrupted; nothing half-written is left"


def one_line(command: Callable[Given, Returned]) -> Callable[Given, Returned]:
    """End a command on a known error with a line a problem: 2 for bad input, 130 for Ctrl-C."""

    @functools.wraps(command)
    def guarded(*args: Given.args, **options: Given.kwargs) -> Returned:
        # Imported late: a wrong option must not cost the import of pandas.
        from credit_ml.core import CreditMLError, InputError, interruption

        with interruption.listening(), notes_in_words():
            try:
                return command(*args, **options)
            except KeyboardInterrupt:
                fail([STOPPED], INTERRUPTED)
            except Exception as error:
                if interruption.asked():  # a library made another error of it
                    fail([STOPPED], INTERRUPTED)
                if isinstance(error, InputError):
                    fail(error.on_command_line(), error.exit_status)
                if isinstance(error, CreditMLError):
                    fail([str(error)], error.exit_status)
                raise

    return guarded


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
