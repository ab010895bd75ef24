"""A bar on stderr for work whose steps are counted as it goes."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager


@contextmanager
def steps_shown(*, enabled: bool) -> Iterator[Callable[[int, int], None] | None]:
    """Yield what to call with steps done and steps in all; None where nobody would see it."""
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    console = Console(stderr=True)
    if not enabled or not console.is_terminal:
        yield None
        return
    columns = (
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("", total=None)
        yield lambda finished, steps: bar.update(task, completed=finished, total=steps)
