"""A bar on a terminal's stderr, a line in a notebook, and for commands lines in a log."""

import sys
import threading
from collections.abc import Iterable, Iterator, Sized
from contextlib import ExitStack, contextmanager, nullcontext
from time import monotonic
from typing import Any, TypeVar

from credit_ml.core.progress.base import Progress
from credit_ml.core.progress.counted import Counted
from credit_ml.core.progress.lines import written

#: Seconds that a call may take before it says how far it is.
PATIENCE = 2.0
#: Letters of a bar: with what it says beside it, it fits into a terminal of 80.
BAR = 20

_Step = TypeVar("_Step")


class _Bar(Counted):
    def __init__(self, bar: Any, steps: int | None) -> None:
        super().__init__(steps)
        self.bar, self.task = bar, bar.add_task("", total=steps)

    def changed(self) -> None:
        told = {"completed": self.finished, "total": self.steps}
        self.bar.update(self.task, description=self.named(), **told)


class _Line(Counted):
    """One line of text below a notebook's cell, which needs no widgets; nothing at the end."""

    def __init__(self, display: Any, steps: int | None) -> None:
        super().__init__(steps)
        self.began = self.said = monotonic()
        self.display: Any = display
        self.handle: Any = None

    def changed(self) -> None:
        self.said = monotonic()
        of = "" if self.steps is None else f" of {self.steps}"
        done = f"{self.finished}{of} steps, " if self.finished or of else ""
        said = {"text/plain": f"{self.named()}: {done}{self.said - self.began:.0f} s"}
        if self.handle is None:
            self.handle = self.display(said, raw=True, display_id=True)
        else:
            self.handle.update(said, raw=True)

    def changed_inside(self) -> None:
        """Each line is a message to the browser: those within a second are left out."""
        if monotonic() - self.said > 1.0:
            self.changed()

    def end(self) -> None:
        """Take the line away: empty text would stay as an empty grey box, empty HTML is no box."""
        if self.handle is not None:
            self.handle.update({"text/html": ""}, raw=True)


@contextmanager
def shown_progress(
    steps: int | None = None, *, enabled: bool = True, alike: bool = True
) -> Iterator[Progress]:
    """Show how far the block is while it runs, where somebody sees it.

    Nothing is shown of what runs inside a block that already shows it, or in another thread.

    Parameters
    ----------
    steps : int, optional
        How many there are.
    enabled : bool
        Without it the block keeps quiet, and so does what runs inside it.
    alike : bool
        Whether steps take about as long, so that the time left may be told.

    Examples
    --------
    >>> with shown_progress(2) as bar:
    ...     bar.done()
    """
    if threading.current_thread() is not threading.main_thread():
        yield Progress()
        return
    if Progress.active:
        with (Progress.outermost or Progress()).within() as inner:
            yield inner
        return
    Progress.active, seen = True, enabled and Progress.shown
    try:
        with _visible(steps, alike=alike) if seen else nullcontext(Progress()) as shown:
            Progress.outermost = shown
            yield shown
    finally:
        Progress.active, Progress.outermost = False, None


@contextmanager
def _visible(steps: int | None, *, counted: bool = True, alike: bool = True) -> Iterator[Progress]:
    display = _notebook()
    if display is not None:
        line = _Line(display, steps)
        try:
            yield line
        finally:
            line.end()
        return
    from rich import progress
    from rich.console import Console

    console = Console(stderr=True)
    if not console.is_terminal:
        wanted = Progress.in_lines
        with written(steps, alike=alike) if wanted else nullcontext(Progress()) as lines:
            yield lines
        return
    columns: list[progress.ProgressColumn] = [
        progress.TextColumn("{task.description}"),
        progress.BarColumn(BAR),
        *([progress.MofNCompleteColumn()] if counted else []),
        progress.TimeElapsedColumn(),
    ]
    if counted and alike:  # of unlike steps nobody knows what is left
        columns += [progress.TextColumn("left"), progress.TimeRemainingColumn()]
    with progress.Progress(*columns, console=console, transient=True) as bar:
        yield _Bar(bar, steps)


def _notebook() -> Any:
    """Return what displays below a cell, where the program runs in a notebook's kernel."""
    ipython = sys.modules.get("IPython")
    if ipython is None or not hasattr(ipython.get_ipython(), "kernel"):
        return None
    from IPython.display import display

    return display


def followed(steps: Iterable[_Step], what: str, *, of: int | None = None) -> Iterator[_Step]:
    """Yield steps, and show how many are done once they have taken two seconds.

    Call it in the ``for`` statement itself, which lets go of it when the loop breaks: a variable,
    or a comprehension, would keep the bar as long as the traceback of an error.

    Parameters
    ----------
    steps : iterable
        One at a time; the work on a step is done while it is out.
    what : str
        What is being done, in two words or three.
    of : int, optional
        How many steps there are, where `steps` does not know.

    Examples
    --------
    >>> sum(followed([1, 2, 3], "adding up"))
    6
    """
    number = len(steps) if of is None and isinstance(steps, Sized) else of
    began, shown = monotonic(), Progress()
    with ExitStack() as stack:
        for finished, step in enumerate(steps):
            if type(shown) is Progress and monotonic() - began > PATIENCE:
                shown = stack.enter_context(shown_progress(number))
                shown.start(what)
            shown.reached(finished, number)
            yield step


@contextmanager
def awaited(what: str) -> Iterator[None]:
    """Say that a call without steps goes on once it has taken two seconds, and for how long.

    Use it around what can only be waited for, such as a fit, or on a function as a decorator. As
    with `followed`, nothing is shown inside what shows already, or in another thread.

    Parameters
    ----------
    what : str
        What is being done, in two words or three.

    Examples
    --------
    >>> with awaited("adding up"):
    ...     sum(range(10))
    45
    """
    ours = threading.current_thread() is threading.main_thread()
    seen = _notebook() is not None or sys.stderr.isatty() or Progress.in_lines
    if not (ours and seen and Progress.shown) or Progress.active:
        yield
        return
    ended = threading.Event()

    def tell() -> None:
        if ended.wait(PATIENCE):
            return
        with _visible(None, counted=False) as shown:
            shown.start(what)
            while not ended.wait(1.0):
                shown.start(what)

    Progress.active = True
    watch = threading.Thread(target=tell, daemon=True)
    watch.start()
    try:
        yield
    finally:
        ended.set()
        watch.join()
        Progress.active = False
