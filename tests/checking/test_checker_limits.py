"""The limit of seconds on a student's function, and what is captured while it runs."""
# ruff: noqa: E722

import sys
import threading
import time
import warnings
from pathlib import Path

import numpy as np
import pytest

from helpers.checking.limited import MOST_PRINTED, limited

LIMIT = 0.2


def spins():
    while True:
        pass


def tries_again():
    while True:
        try:
            return int("no number")
        except:
            pass


def sleeps():
    time.sleep(3)


def prints():
    while True:
        print("x" * 1000)


def warns():
    while True:
        warnings.warn("again", stacklevel=1)


PYTHON_LOOPS = [spins, prints, warns, tries_again]


@pytest.mark.parametrize("function", PYTHON_LOOPS)
def test_what_does_not_end_is_ended(function):
    threads, started = threading.active_count(), time.perf_counter()
    outcome = limited(function, LIMIT)
    assert outcome.out_of_time and time.perf_counter() - started >= LIMIT
    assert outcome.error is None
    assert threading.active_count() <= threads


def test_a_call_that_cannot_be_interrupted_is_left_behind(monkeypatch):
    monkeypatch.setattr("helpers.checking.limited.PATIENCE", 0.1)
    threads = threading.active_count()
    assert limited(sleeps, LIMIT).out_of_time
    assert threading.active_count() == threads + 1


def test_python_ends_although_a_call_is_left_behind():
    assert limited(lambda: threading.current_thread().daemon, LIMIT).value is True


def test_in_another_thread_than_the_main_one():
    outcomes = []
    thread = threading.Thread(target=lambda: outcomes.extend(limited(f, LIMIT) for f in (spins, lambda: 3)))
    thread.start()
    thread.join()
    assert [(outcome.out_of_time, outcome.value) for outcome in outcomes] == [(True, None), (False, 3)]


def test_an_interrupt_from_the_keyboard_ends_it(monkeypatch):
    join = threading.Thread.join

    def pressed(thread, seconds):
        monkeypatch.setattr(threading.Thread, "join", join)
        raise KeyboardInterrupt

    monkeypatch.setattr(threading.Thread, "join", pressed)
    threads = threading.active_count()
    outcome = limited(spins, LIMIT)
    assert threading.active_count() <= threads
    assert isinstance(outcome.error, KeyboardInterrupt) and not outcome.out_of_time


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
    assert len(outcome.printed) == MOST_PRINTED and 500 < MOST_PRINTED < 10_000  # five lines of it are shown
    assert capsys.readouterr() == ("", "")


def test_writing_says_how_much_was_written():
    assert limited(lambda: sys.stdout.write("hello"), LIMIT).value == 5
    assert limited(lambda: sys.stderr.write("x" * 5000) + sys.stdout.write("y"), LIMIT).value == 5001


def test_warnings_are_kept_once_each():
    def warns_often():
        for _ in range(1000):
            np.log(np.zeros(1))
        warnings.warn("loud", stacklevel=1)

    outcome = limited(warns_often, 5.0)
    assert outcome.error is None
    assert outcome.warned == ("divide by zero encountered in log", "loud")
    outcome = limited(lambda: warnings.warn("x" * 300, stacklevel=1), 5.0)
    assert outcome.warned == ("x" * 200,)


def test_two_gigabytes_may_be_asked_for_beyond_what_the_process_has():
    pytest.importorskip("resource")
    for gigabytes, enough in ((1.8, True), (2.2, False)):
        outcome = limited(lambda gigabytes=gigabytes: np.empty(int(gigabytes * 2**30), np.uint8).size, 5.0)
        assert (outcome.error is None) == enough and (enough or isinstance(outcome.error, MemoryError))


def test_a_stricter_limit_of_memory_stays():
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_AS)
    used = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    strict = (used + 2**30, before[1])
    resource.setrlimit(resource.RLIMIT_AS, strict)
    try:
        outcome = limited(lambda: (np.empty(2**29, np.uint8).size, resource.getrlimit(resource.RLIMIT_AS)), 5.0)
        assert outcome.value == (2**29, strict) and resource.getrlimit(resource.RLIMIT_AS) == strict
        assert isinstance(limited(lambda: np.empty(3 * 2**29, np.uint8), 5.0).error, MemoryError)
    finally:
        resource.setrlimit(resource.RLIMIT_AS, before)


def test_the_hard_limit_of_memory_stays_and_the_soft_one_comes_back(monkeypatch):
    resource = pytest.importorskip("resource")
    soft, hard, asked = 2**50, 2**51, []
    monkeypatch.setattr(resource, "getrlimit", lambda kind: (soft, hard))
    monkeypatch.setattr(resource, "setrlimit", lambda kind, limits: asked.append(limits))
    assert limited(lambda: len(asked), LIMIT).value == 1
    assert asked[1] == (soft, hard) and asked[0][0] < soft and asked[0][1] == hard


def test_where_no_thread_can_be_started_the_function_still_runs(monkeypatch):
    def refused(self):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refused)
    assert limited(lambda: 3, LIMIT).value == 3
    outcome = limited(lambda: 1 / 0, LIMIT)
    assert isinstance(outcome.error, ZeroDivisionError) and not outcome.out_of_time
