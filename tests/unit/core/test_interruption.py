"""Ctrl-C: raised at once, kept when it gets lost, and made to wait."""

import contextlib
import os
import signal
import sys
import time

import pytest

from credit_ml.core import interruption

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGINT to send")


@pytest.fixture(autouse=True)
def plain_handler():
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def press():
    os.kill(os.getpid(), signal.SIGINT)


def listen_to(work):
    with interruption.listening():
        work()
        pytest.fail("went on after Ctrl-C")


def test_it_is_raised_at_once():
    with pytest.raises(KeyboardInterrupt):
        listen_to(press)
    assert not interruption.asked()


def test_one_that_was_swallowed_is_raised_at_the_next_check():
    with interruption.listening():
        with contextlib.suppress(KeyboardInterrupt):
            press()
        assert interruption.asked()
        with pytest.raises(KeyboardInterrupt):
            interruption.check()


def test_one_lost_in_a_finaliser_comes_back_by_itself():
    class Last:
        def __del__(self):
            press()

    def work():
        Last()
        until = time.monotonic() + 60
        while time.monotonic() < until:
            time.sleep(0.01)

    with pytest.raises(KeyboardInterrupt):
        listen_to(work)


def test_one_lost_while_python_is_told_of_it_comes_back_too(monkeypatch):
    start = interruption.threading.Thread.start

    def slowly(thread):
        start(thread)
        time.sleep(5 * interruption.AGAIN)  # as on a busy machine: still inside the hook

    monkeypatch.setattr(interruption.threading.Thread, "start", slowly)
    test_one_lost_in_a_finaliser_comes_back_by_itself()


def test_a_second_one_at_once_does_not_cut_short_what_ends_the_run():
    reached = []

    def work():
        try:
            press()
        finally:
            press()
            reached.append("ended")

    with pytest.raises(KeyboardInterrupt):
        listen_to(work)
    assert reached == ["ended"]


def test_a_later_one_is_raised_again(monkeypatch):
    monkeypatch.setattr(interruption, "SAME_WISH", 0.0)
    with interruption.listening():
        for _ in range(2):
            with pytest.raises(KeyboardInterrupt):
                press()


def test_it_waits_where_nobody_listens_as_in_a_notebook():
    reached = []

    @interruption.deferred()
    def write():
        press()
        reached.append("written")

    for _ in range(2):
        with pytest.raises(KeyboardInterrupt):
            write()
    assert reached == ["written"] * 2
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    assert not interruption.asked()


def test_it_waits_for_the_end_of_a_block_and_of_the_blocks_around_it():
    reached = []

    def work():
        with interruption.deferred():
            with interruption.deferred():
                press()
                reached.append("inner")
            reached.append("outer")
        reached.append("after")

    with pytest.raises(KeyboardInterrupt):
        listen_to(work)
    assert reached == ["inner", "outer"]


def test_nobody_listens_afterwards():
    with interruption.listening():
        pass
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    interruption.check()


def test_a_handler_of_the_users_own_is_left_alone():
    def own(number, frame):
        raise RuntimeError("own handler")

    signal.signal(signal.SIGINT, own)
    with interruption.listening(), pytest.raises(RuntimeError, match="own handler"):
        press()
