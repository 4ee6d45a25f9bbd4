"""Call a function that may never come back: under a limit of seconds, its output and warnings captured.

In the main thread of a POSIX process a timer signal interrupts the function by an exception; elsewhere a
watchdog thread does. A function that swallows the exception (`except: pass` in an endless loop) is
interrupted again and again, every few microseconds, until one interruption falls between its nets. What no
Python can interrupt is a single call into C that does not return, such as sum(itertools.repeat(1)). Where neither a
signal nor a thread can be had, the function runs without a limit.
"""

import contextlib
import ctypes
import io
import queue
import signal
import sys
import threading
import time
import warnings
from dataclasses import dataclass

import numpy as np

AGAIN = 1e-5  # seconds between the interruptions once the time is over
MOST_PRINTED = 4000  # characters kept of what the function prints


class OutOfTime(BaseException):
    """Raised inside the function when its time is over. No Exception, so `except Exception` lets it by."""


@dataclass(frozen=True)
class Outcome:
    """What became of a call. `value` is None unless it returned; `error` is what it raised, if it did."""

    value: object
    error: BaseException | None
    out_of_time: bool
    printed: str
    warned: tuple[str, ...]
    seconds: float


def limited(function, seconds: float) -> Outcome:
    """Call function() for at most `seconds`. Never raises, whatever the function does."""
    printed, value, error = _Printed(), None, None
    started = time.perf_counter()
    with (
        np.errstate(all="warn", under="ignore"),
        warnings.catch_warnings(record=True) as caught,
        contextlib.redirect_stdout(printed),
        contextlib.redirect_stderr(printed),
        _unraisable_dropped(),
    ):
        warnings.simplefilter("default")  # each warning once: a loop full of them must not eat the memory
        limit = _Alarm() if _Alarm.possible() else _Watchdog()
        try:
            try:
                limit.start(seconds)
                value = function()
            finally:
                limit.stop()
        except BaseException as raised:
            error = raised
    out_of_time = isinstance(error, OutOfTime)
    return Outcome(
        value=value,
        error=None if out_of_time else error,
        out_of_time=out_of_time,
        printed=printed.text,
        warned=tuple(dict.fromkeys(_text(warning) for warning in caught)),
        seconds=time.perf_counter() - started,
    )


def _text(warning):
    """A warning's text, without calling its __str__, which could be anybody's."""
    arguments = BaseException.args.__get__(warning.message)
    return arguments[0][:200] if arguments and type(arguments[0]) is str else "of a kind of its own"


@contextlib.contextmanager
def _unraisable_dropped():
    """An interruption inside a finaliser cannot leave it, and whatever reports it might be hit by the next one."""
    reports, sys.unraisablehook = sys.unraisablehook, _drop
    try:
        yield
    finally:
        sys.unraisablehook = reports


def _drop(unraisable):
    pass


OURS = limited.__code__.co_filename


class _Alarm:
    """SIGALRM, fired once after the limit and then repeatedly."""

    @staticmethod
    def possible():
        return (
            hasattr(signal, "setitimer")
            and threading.current_thread() is threading.main_thread()
            and signal.getsignal(signal.SIGALRM) is not None  # None: a C handler, which we could not restore
        )

    def start(self, seconds):
        self.started = time.monotonic()
        self.handler = signal.signal(signal.SIGALRM, self.interrupt)
        self.wakeup = signal.set_wakeup_fd(-1)  # else thousands of signals fill the event loop's pipe
        self.running, self.fired = True, False
        self.timer = signal.setitimer(signal.ITIMER_REAL, max(seconds, 1e-6), AGAIN)

    def interrupt(self, signum, frame):
        self.fired = True
        # never in this module's own frames: it is on its way out there
        if self.running and frame is not None and frame.f_code.co_filename != OURS:
            raise OutOfTime

    def stop(self):
        signal.setitimer(signal.ITIMER_REAL, 0)
        self.running = False
        if self.fired:
            time.sleep(0.002)  # a late signal, perhaps taken by another thread, must still find our handler
        signal.set_wakeup_fd(self.wakeup)
        signal.signal(signal.SIGALRM, self.handler)
        remaining, interval = self.timer
        if remaining:  # somebody's timer ran before: let it go on, less the time that has passed
            passed = time.monotonic() - self.started
            signal.setitimer(signal.ITIMER_REAL, max(remaining - passed, 1e-3), interval)


class _Watchdog:
    """A thread that raises the exception in ours.

    Weaker than the alarm: it does not wake a sleeping call, and a bare `except` in a loop can hold it off.
    """

    def start(self, seconds):
        self.finished = queue.SimpleQueue()  # its methods are C: an interruption cannot leave it half-way
        self.target = ctypes.c_ulong(threading.get_ident())
        self.thread = threading.Thread(target=self._watch, args=(seconds,), daemon=True)
        try:
            self.thread.start()
        except RuntimeError:  # where no thread can be started, a call without a limit is better than none
            self.thread = None

    def _watch(self, seconds):
        wait = seconds
        while True:
            try:
                return self.finished.get(timeout=wait)
            except queue.Empty:
                ctypes.pythonapi.PyThreadState_SetAsyncExc(self.target, ctypes.py_object(OutOfTime))
                wait = AGAIN

    def stop(self):
        while self.thread:  # the exception may still arrive here: it comes too late
            try:
                self.finished.put(None)
                self.thread.join()
                ctypes.pythonapi.PyThreadState_SetAsyncExc(self.target, None)
                return
            except OutOfTime:
                continue


class _Printed(io.TextIOBase):
    """A stream that keeps the beginning of what is written to it."""

    def __init__(self):
        self.text = ""

    def writable(self):
        return True

    def write(self, text):
        self.text += str(text)[: MOST_PRINTED - len(self.text)] if len(self.text) < MOST_PRINTED else ""
        return len(text)
