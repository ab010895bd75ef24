"""What work tells while it goes on, and how long things take in words."""

from contextlib import AbstractContextManager, nullcontext
from typing import ClassVar


class Progress:
    """What work tells while it goes on; this one shows nothing.

    Examples
    --------
    >>> quiet = Progress()
    >>> quiet.start("regimes")
    >>> Progress.shown
    True
    """

    shown: ClassVar[bool] = True
    """Whether calls show how far they are: ``Progress.shown = False`` keeps all quiet."""
    in_lines: ClassVar[bool] = False
    """Whether a line is written now and then where stderr is no terminal, as commands have it."""
    active: ClassVar[bool] = False
    """Whether some call shows, or keeps quiet: what it calls itself is then silent."""
    outermost: ClassVar["Progress | None"] = None
    """The one that is shown now."""

    def start(self, what: str) -> None:
        """Say what is done now."""

    def done(self) -> None:
        """Say that one step is complete."""

    def reached(self, finished: int, steps: int | None) -> None:
        """Say how many steps are complete, and how many there are."""

    def within(self) -> "AbstractContextManager[Progress]":
        """Be told by a call inside how far it is; nothing is shown of it."""
        return nullcontext(Progress())


def lasting(seconds: float) -> str:
    """Say how long something takes.

    Examples
    --------
    >>> lasting(42.3), lasting(150), lasting(250), lasting(9000)
    ('42 s', '2.5 min', '4 min', '2.5 h')
    """
    if seconds < 100:
        return f"{seconds:.0f} s"
    if seconds < 10 * 60:  # lines half a minute apart would else say one thing twice
        return f"{round(seconds / 30) / 2:g} min"
    return f"{seconds / 60:.0f} min" if seconds < 100 * 60 else f"{seconds / 3600:.1f} h"
