"""A bar on stderr, where somebody sees it: for the steps of a study, or a count as it goes."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class Progress:
    """What work tells while it goes on; this one shows nothing."""

    def start(self, what: str) -> None:
        """Say what is done now."""

    def done(self) -> None:
        """Say that one step is complete."""

    def reached(self, finished: int, steps: int) -> None:
        """Say how many steps are complete, and how many there are."""


class _Bar(Progress):
    def __init__(self, bar: Any, steps: int | None) -> None:
        self.bar, self.task = bar, bar.add_task("", total=steps)

    def start(self, what: str) -> None:
        self.bar.update(self.task, description=what)

    def done(self) -> None:
        self.bar.advance(self.task)

    def reached(self, finished: int, steps: int) -> None:
        self.bar.update(self.task, completed=finished, total=steps)


@contextmanager
def shown_progress(steps: int | None = None, *, enabled: bool) -> Iterator[Progress]:
    """Show a bar on stderr while the block runs, when stderr is a terminal."""
    from rich import progress
    from rich.console import Console

    console = Console(stderr=True)
    if not enabled or not console.is_terminal:
        yield Progress()
        return
    columns = (
        progress.TextColumn("{task.description}"),
        progress.BarColumn(),
        progress.MofNCompleteColumn(),
        progress.TimeElapsedColumn(),
        progress.TextColumn("left"),
        progress.TimeRemainingColumn(),
    )
    with progress.Progress(*columns, console=console, transient=True) as bar:
        yield _Bar(bar, steps)
