"""How many steps are done, and how far the step is that is being done now."""

from collections.abc import Iterator
from contextlib import contextmanager

from credit_ml.core.progress.base import Progress


class Counted(Progress):
    """Keeps what is told, for whatever shows it: a bar, a notebook's line, lines of a log.

    Parameters
    ----------
    steps : int, optional
        How many there are.

    Examples
    --------
    >>> counted = Counted(7)
    >>> counted.start("societies")
    >>> with counted.within() as inner:
    ...     inner.reached(3, 20)
    ...     counted.named()
    'societies (3 of 20)'
    """

    def __init__(self, steps: int | None) -> None:
        self.what, self.finished, self.steps = "", 0, steps
        self.inside: _Inside | None = None

    def start(self, what: str) -> None:
        """Say what is done now."""
        self.what = what
        self.changed()

    def done(self) -> None:
        """Say that one step is complete."""
        self.reached(self.finished + 1, self.steps)

    def reached(self, finished: int, steps: int | None) -> None:
        """Say how many steps are complete, and how many there are."""
        self.finished, self.steps = finished, steps
        self.changed()

    @contextmanager
    def within(self) -> Iterator[Progress]:
        """Be told by a call inside how far it is: the step is named with it."""
        try:
            yield _Inside(self)
        finally:
            self.inside = None

    def named(self) -> str:
        """Return what is done now, and how far it is where that is known."""
        named, inside = self.what or "at work", self.inside
        if inside is None:
            return named
        also = "" if inside.what in ("", named) else f"{inside.what}, "
        return f"{named} ({also}{inside.finished}{f' of {inside.steps}' if inside.steps else ''})"

    def changed(self) -> None:
        """Show it, where it is shown at once."""

    def changed_inside(self) -> None:
        """Show how far the step is: there may be many such changes a second."""
        self.changed()


class _Inside(Counted):
    """How far a step of something is that is counted itself."""

    def __init__(self, outer: Counted) -> None:
        super().__init__(None)
        self.outer = outer

    def start(self, what: str) -> None:
        self.what = what

    def changed(self) -> None:
        self.outer.inside = self
        self.outer.changed_inside()

    @contextmanager
    def within(self) -> Iterator[Progress]:
        yield Progress()  # what is inside of that is not told
