"""The limit of seconds on a student's function, and what is captured while it runs."""
# ruff: noqa: E722, SIM105

import signal
import sys
import threading
import time
import warnings

import numpy as np
import pytest

from helpers.checking.limited import MOST_PRINTED, limited

LIMIT = 0.2
GRACE = 1.5  # the machine may be busy


def spins():
    while True:
        pass


def swallows():
    while True:
        try:
            while True:
                pass
        except:
            pass


def swallows_in_sleep():
    while True:
        try:
            time.sleep(100)
        except:
            pass


def goes_on_in_finally():
    try:
        spins()
    finally:
        time.sleep(100)


def sleeps():
    time.sleep(100)


def prints():
    while True:
        print("x" * 1000)


def warns():
    while True:
        warnings.warn("again", stacklevel=1)


PYTHON_LOOPS = [spins, prints, warns]


@pytest.mark.parametrize("function", [*PYTHON_LOOPS, sleeps, swallows, swallows_in_sleep, goes_on_in_finally])
def test_what_does_not_end_is_ended(function):
    started = time.perf_counter()
    outcome = limited(function, LIMIT)
    assert outcome.out_of_time
    assert outcome.error is None
    assert LIMIT <= time.perf_counter() - started < LIMIT + GRACE


@pytest.mark.parametrize("function", PYTHON_LOOPS)
def test_outside_the_main_thread_a_watchdog_ends_it(function):
    outcomes = []
    thread = threading.Thread(target=lambda: outcomes.append(limited(function, LIMIT)), daemon=True)
    thread.start()
    thread.join(LIMIT + GRACE)
    assert [outcome.out_of_time for outcome in outcomes] == [True]


def test_what_ends_in_time_is_left_alone_in_either_thread():
    outcomes = [limited(lambda: 3, LIMIT)]
    thread = threading.Thread(target=lambda: outcomes.extend(limited(lambda: 3, 0.001) for _ in range(200)))
    thread.start()
    thread.join()
    assert len(outcomes) == 201
    assert all(outcome.value == 3 or outcome.out_of_time for outcome in outcomes)
    time.sleep(0.05)  # a late exception would arrive here


def test_timers_and_handlers_of_others_are_restored():
    fired = []
    before = signal.signal(signal.SIGALRM, lambda *_: fired.append(True))
    try:
        signal.setitimer(signal.ITIMER_REAL, 0.3)
        assert limited(spins, 0.1).out_of_time
        assert not fired
        remaining, _ = signal.getitimer(signal.ITIMER_REAL)
        assert 0 < remaining < 0.2
        time.sleep(0.35)
        assert fired == [True]
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


def test_an_interruption_inside_a_finaliser_is_not_reported_but_repeated(monkeypatch):
    reported = []
    monkeypatch.setattr("sys.unraisablehook", reported.append)

    class Lingers:
        def __del__(self):
            for _ in range(10_000):
                pass

    def finalises_for_ever():
        while True:
            Lingers()

    for _ in range(5):
        assert limited(finalises_for_ever, 0.01).out_of_time
    assert not reported


def test_no_signal_is_left_over():
    for _ in range(20):
        limited(swallows, 0.005)
    assert signal.getitimer(signal.ITIMER_REAL) == (0, 0)
    time.sleep(0.02)


def test_the_wakeup_pipe_of_an_event_loop_is_not_filled(recwarn):
    import socket

    reader, writer = socket.socketpair()
    with reader, writer:
        writer.setblocking(False)
        reader.setblocking(False)
        before = signal.set_wakeup_fd(writer.fileno())
        try:
            limited(swallows, 0.05)
            assert signal.set_wakeup_fd(before) == writer.fileno()
        finally:
            signal.set_wakeup_fd(before)
        with pytest.raises(BlockingIOError):
            reader.recv(1)


def test_a_limit_within_a_limit():
    inner = []

    def outer():
        inner.append(limited(spins, 0.1))
        spins()

    assert limited(outer, 0.4).out_of_time
    assert inner[0].out_of_time


@pytest.mark.parametrize("error", [KeyboardInterrupt, SystemExit, GeneratorExit, MemoryError, ValueError])
def test_every_exception_is_handed_back(error):
    def raises():
        raise error

    outcome = limited(raises, LIMIT)
    assert type(outcome.error) is error
    assert not outcome.out_of_time


def test_output_is_kept_to_a_bound_and_out_of_sight(capsys):
    def talks():
        print("hello")
        print("error", file=sys.stderr)
        for _ in range(10_000):
            print("x" * 1000)

    outcome = limited(talks, 5.0)
    assert outcome.printed.startswith("hello\nerror\nx")
    assert len(outcome.printed) == MOST_PRINTED
    assert capsys.readouterr() == ("", "")


def test_warnings_are_kept_once_each():
    def warns_often():
        for _ in range(1000):
            np.log(np.zeros(1))
        warnings.warn("loud", stacklevel=1)

    outcome = limited(warns_often, 5.0)
    assert outcome.error is None
    assert outcome.warned == ("divide by zero encountered in log", "loud")


def test_where_no_thread_can_be_started_the_function_still_runs(monkeypatch):
    def refused(self):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr("helpers.checking.limited._Alarm.possible", lambda: False)
    monkeypatch.setattr(threading.Thread, "start", refused)
    assert limited(lambda: 3, LIMIT).value == 3
    outcome = limited(lambda: 1 / 0, LIMIT)
    assert isinstance(outcome.error, ZeroDivisionError) and not outcome.out_of_time
