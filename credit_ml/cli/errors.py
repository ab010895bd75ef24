"""From an error to one line on stderr and an exit status that means something."""

import functools
import sys
from collections.abc import Callable
from typing import NoReturn, ParamSpec, TypeVar

import typer

Given = ParamSpec("Given")
Returned = TypeVar("Returned")

#: Exit status of a command that was interrupted, as shells have it: 128 + SIGINT.
INTERRUPTED = 130


def one_line(command: Callable[Given, Returned]) -> Callable[Given, Returned]:
    """End a command on a known error with one line: 2 for bad input, 130 for Ctrl-C."""

    @functools.wraps(command)
    def guarded(*args: Given.args, **options: Given.kwargs) -> Returned:
        try:
            return command(*args, **options)
        except KeyboardInterrupt:
            fail("interrupted; nothing half-written is left", INTERRUPTED)
        except Exception as error:
            # Imported late: a wrong option must not cost the import of pandas.
            from credit_ml.core import CreditMLError

            if isinstance(error, CreditMLError):
                fail(str(error), error.exit_status)
            raise

    return guarded


def fail(message: str, status: int) -> NoReturn:
    """Write one line to stderr and end the program with a status."""
    line = " ".join(message.split())
    sys.stderr.write(f"error: {line}\n")
    raise typer.Exit(status)
