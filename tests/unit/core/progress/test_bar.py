"""Long calls show how far they are where somebody sees it, once, and leave nothing behind."""

import io
import re
import sys
import threading
import time
from types import SimpleNamespace

import pytest

from credit_ml.core.progress import Progress, awaited, bar, followed, shown_progress


class Notebook:
    """What IPython's display gives in a kernel, and what was put on it."""

    def __init__(self):
        self.said, self.kinds = [], []

    def display(self, data, *, raw, display_id):
        assert raw
        assert display_id
        self.update(data, raw=raw)
        return self

    def update(self, data, *, raw):
        assert raw
        self.kinds.append(set(data))
        self.said += data.values()


@pytest.fixture
def notebook(monkeypatch):
    made = Notebook()
    shell = SimpleNamespace(kernel=True)
    ipython = SimpleNamespace(get_ipython=lambda: shell)
    monkeypatch.setitem(sys.modules, "IPython", ipython)
    monkeypatch.setitem(sys.modules, "IPython.display", SimpleNamespace(display=made.display))
    monkeypatch.setattr(bar, "PATIENCE", -1.0)
    return made


def test_steps_pass_through_as_they_are(notebook):
    assert list(followed(iter("abc"), "letters")) == ["a", "b", "c"]
    assert list(followed([], "nothing")) == []
    assert not Progress.active


def test_a_notebook_is_told_each_step_and_its_line_is_gone_at_the_end(notebook):
    list(followed(["a", "b"], "regimes"))
    assert (notebook.said[-1], notebook.kinds[-1]) == ("", {"text/html"})
    steps = [line.partition(" steps")[0] for line in notebook.said if line]
    assert steps == ["regimes: 0 of 2", "regimes: 0 of 2", "regimes: 1 of 2"]


def test_short_calls_say_nothing(notebook, monkeypatch):
    monkeypatch.setattr(bar, "PATIENCE", 60.0)
    list(followed(range(3), "short"))
    assert notebook.said == []


def test_no_empty_text_is_shown_for_it_would_stay_as_an_empty_box(notebook):
    with shown_progress(2):
        pass
    assert notebook.said == []
    with pytest.raises(ZeroDivisionError):
        divided([1, 0])
    assert notebook.said[-1] == ""
    empty = [kind for said, kind in zip(notebook.said, notebook.kinds, strict=True) if not said]
    assert empty == [{"text/html"}]


def test_only_the_outermost_speaks(notebook):
    for _ in followed(range(2), "outer"):
        list(followed(range(2), "inner"))
        with shown_progress(2) as inner:
            inner.done()
    assert not any("inner" in line for line in notebook.said)


def test_it_can_be_kept_quiet_and_is_in_other_threads(notebook, monkeypatch):
    worker = threading.Thread(target=lambda: list(followed(range(2), "elsewhere")))
    worker.start()
    worker.join()
    monkeypatch.setattr(Progress, "shown", False)
    list(followed(range(2), "quiet"))
    assert notebook.said == []


def divided(numbers):
    for number in followed(numbers, "broken"):
        1 / number


def test_whoever_stops_early_leaves_no_bar(notebook):
    for _ in followed(range(5), "stopped"):
        break
    with pytest.raises(ZeroDivisionError) as kept:
        divided([1, 0])
    assert kept.tb is not None
    assert not Progress.active


def test_a_terminal_sees_a_bar_and_a_file_nothing(monkeypatch):
    monkeypatch.setattr(bar, "PATIENCE", -1.0)
    for seen in (True, False):
        screen = io.StringIO()
        screen.isatty = lambda seen=seen: seen
        monkeypatch.setattr(sys, "stderr", screen)
        monkeypatch.setenv("TERM", "xterm")
        list(followed(range(3), "coalitions"))
        assert ("coalitions" in screen.getvalue()) == seen


def terminal(monkeypatch):
    """What a terminal of 80 letters shows at the end of each step, without its colours."""
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "80")
    screen = io.StringIO()
    screen.isatty = lambda: True
    monkeypatch.setattr(sys, "stderr", screen)
    return lambda: [
        re.sub(r"\x1b\[[^a-zA-Z]*[a-zA-Z]", "", line).rstrip()
        for line in re.split(r"[\r\n]", screen.getvalue())
    ]


def test_a_terminal_sees_how_far_the_step_is_on_one_line_of_eighty(monkeypatch):
    monkeypatch.setattr(bar, "PATIENCE", -1.0)
    seen = terminal(monkeypatch)
    with shown_progress(7, alike=False) as shown:
        shown.start("societies")
        for _ in followed(range(20), "other societies"):
            time.sleep(0.02)
    lines = seen()
    assert any("societies (other societies, " in line and "of 20" in line for line in lines)
    assert all("0/7" in line for line in lines if "societies (" in line)  # nothing is cut off
    assert max(map(len, lines)) <= 80
    # How long unlike steps will take nobody knows.
    assert not any("left" in line for line in lines)


def test_the_time_left_of_like_steps_is_told(monkeypatch):
    monkeypatch.setattr(bar, "PATIENCE", -1.0)
    seen = terminal(monkeypatch)
    list(followed(range(2), "coalitions"))
    assert any("left" in line for line in seen())


def until(said):
    """Wait for another thread to have spoken."""
    for _ in range(500):
        if said():
            return
        time.sleep(0.01)


@awaited("a fit")
def long(said):
    until(said)
    list(followed(range(2), "inside"))
    return Progress.active


def test_a_call_without_steps_says_that_it_goes_on(notebook):
    assert long(lambda: notebook.said[1:])
    assert notebook.said[-1] == ""
    assert notebook.said[1].startswith("a fit: ")
    assert "steps" not in notebook.said[1]
    assert not any("inside" in line for line in notebook.said)
    assert not Progress.active


def test_a_short_one_says_nothing_and_errors_end_it(notebook, monkeypatch):
    monkeypatch.setattr(bar, "PATIENCE", 60.0)
    with pytest.raises(ZeroDivisionError), awaited("a fit"):
        divided([0])
    assert notebook.said == []
    assert not Progress.active


def test_a_terminal_sees_what_is_awaited(monkeypatch):
    monkeypatch.setattr(bar, "PATIENCE", -1.0)
    screen = io.StringIO()
    screen.isatty = lambda: True
    monkeypatch.setattr(sys, "stderr", screen)
    monkeypatch.setenv("TERM", "xterm")
    long(lambda: "a fit" in screen.getvalue())
    assert "a fit" in screen.getvalue()
    assert "left" not in screen.getvalue()
