"""Where there is no terminal, commands write a plain line now and then, and never with --quiet."""

import io
import re
import time
from types import SimpleNamespace

import pytest
from typer.testing import CliRunner

from credit_ml.cli.app import app
from credit_ml.core.progress import (
    Progress,
    awaited,
    followed,
    lasting,
    lines,
    progress_in_lines,
    shown_progress,
)
from credit_ml.core.progress import bar as shown


@pytest.fixture
def log(monkeypatch):
    """Return what is written to a stderr that is no terminal, as often as can be."""
    written = io.StringIO()
    monkeypatch.setattr(lines, "sys", SimpleNamespace(stderr=written))
    monkeypatch.setattr(lines, "BETWEEN", 0.01)
    monkeypatch.setattr(shown, "PATIENCE", -1.0)
    return written


def until(said):
    """Wait for another thread to have spoken."""
    for _ in range(1000):
        if said():
            return
        time.sleep(0.005)
    raise AssertionError(said)


def last(log):
    return log.getvalue().splitlines()[-1]


def test_it_says_what_is_done_of_how_much_and_the_time_left(log):
    with progress_in_lines(), shown_progress(5) as bar:
        bar.start("settings")
        bar.reached(1, 5)  # kept from another run: took no time in this one
        until(lambda: "1 of 5 steps done" in log.getvalue())
        assert "left" not in log.getvalue()
        bar.done()
        until(lambda: "2 of 5 steps done" in log.getvalue())
    said = r"after \d+ s: settings, 2 of 5 steps done, about \d+ \w+ left"
    assert re.fullmatch(said, last(log))
    before = log.getvalue()
    time.sleep(0.05)
    assert log.getvalue() == before  # nothing is written when it has ended
    assert not Progress.in_lines


def test_of_steps_that_are_not_alike_no_time_is_foretold(log):
    with progress_in_lines(), shown_progress(3, alike=False) as bar:
        bar.start("fits")
        bar.done()
        until(lambda: "1 of 3 steps done" in log.getvalue())
    assert "left" not in log.getvalue()


def test_a_step_says_how_far_it_is_itself(log):
    with progress_in_lines(), shown_progress(3) as bar:
        bar.start("societies")
        for number in followed(range(4), "societies"):
            until(lambda number=number: f"societies ({number} of 4), 0 of 3" in log.getvalue())
        bar.start("raters")
        for _ in followed([0], "orders of factors"):
            until(lambda: "raters (orders of factors, 0 of 1), 0 of 3" in log.getvalue())
        until(lambda: "raters, 0 of 3" in last(log))


def test_what_can_only_be_waited_for_is_said_too(log):
    with progress_in_lines(), awaited("a fit"):
        until(lambda: "a fit" in log.getvalue())


@pytest.mark.parametrize("quiet", ["not asked", "of a block", "of all"])
def test_it_keeps_quiet(log, quiet, monkeypatch):
    """In a program that uses the library, with --quiet, and where progress is not to be shown."""
    monkeypatch.setattr(Progress, "in_lines", quiet != "not asked")
    monkeypatch.setattr(Progress, "shown", quiet != "of all")
    with shown_progress(2, enabled=quiet != "of a block") as bar:
        bar.start("fits")
        for _ in followed(range(2), "inside"):
            time.sleep(0.03)
        with awaited("a fit"):
            time.sleep(0.03)
    assert log.getvalue() == ""
    assert not Progress.active


def test_a_log_that_cannot_be_written_stops_no_work(log):
    with progress_in_lines(), shown_progress(2) as bar:
        log.close()
        time.sleep(0.05)
        bar.done()


def test_durations_have_the_unit_that_reads_best():
    said = [lasting(seconds) for seconds in (0, 99.4, 106, 5_999, 6_000, 90_000)]
    assert said == ["0 s", "99 s", "2 min", "100 min", "1.7 h", "25.0 h"]


def test_no_two_lines_in_a_row_name_the_same_time_while_somebody_still_counts():
    said = [lasting(number * lines.BETWEEN + 0.2) for number in range(20)]
    assert len(set(said)) == len(said)


@pytest.mark.parametrize("quiet", [False, True])
def test_commands_write_them_unless_they_are_to_be_quiet(quiet, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(lines, "BETWEEN", 0.02)
    words = ["simulate", "segregated", "--citizens", "1500", "-o", "society"]
    told = CliRunner().invoke(app, [*words, *(["--quiet"] if quiet else [])])
    assert told.exit_code == 0, told.output
    assert ("s: cities" in told.stderr) != quiet
    assert "\r" not in told.stderr
