"""Call a function that may never come back, or ask for ever more memory: its output and warnings captured.

In the main thread of a POSIX process a timer signal interrupts the function by an exception; elsewhere a
watchdog thread does; where neither can be had, the function runs without a limit of time, and where the system
has no limit of memory, without that. What no Python can interrupt is a single call into C that does not return,
such as sum(itertools.repeat(1)).
"""

import builtins
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
from pathlib import Path

import numpy as np

try:
    import resource
except ImportError:  # Windows
    resource = None

AGAIN = 1e-3  # seconds until the next interruption, if `except: pass` in an endless loop swallowed one
MOST_PRINTED = 4000  # characters kept of what the function prints
MEMORY_GB = 2  # what a call may ask for, beyond what the process has


class OutOfTime(BaseException):
    """Raised inside the function when its time is over. No Exception, so `except Exception` lets it by."""


class NoInput(Exception):
    """Raised by input(): nobody sits there to answer, and waiting would look like a loop without end."""


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
    """Call function() for at most `seconds`, with MEMORY_GB to fill. Never raises, whatever the function does."""
    printed, value, error, out_of_time = _Printed(), None, None, False
    started, reports, asks = time.perf_counter(), sys.unraisablehook, builtins.input
    with (
        np.errstate(all="warn", under="ignore"),
        warnings.catch_warnings(record=True) as caught,
        contextlib.redirect_stdout(printed),
        contextlib.redirect_stderr(printed),
    ):
        warnings.simplefilter("default")  # each warning once: a loop full of them must not eat the memory
        sys.unraisablehook = lambda _: None  # an interruption inside a finaliser cannot leave it
        builtins.input = _no_input
        limit, memory = _Alarm() if _Alarm.possible() else _Watchdog(), _limit_memory()
        try:
            try:
                limit.start(seconds)
                value = function()
            finally:
                limit.stop()
                if memory:
                    resource.setrlimit(resource.RLIMIT_AS, memory)
                sys.unraisablehook, builtins.input = reports, asks
        except OutOfTime:  # without a name: its traceback holds whatever the loop has piled up
            out_of_time = True
        except BaseException as raised:
            error = raised
    warned = tuple(dict.fromkeys(str(warning.message)[:200] for warning in caught))
    return Outcome(value, error, out_of_time, printed.text, warned, time.perf_counter() - started)


def _no_input(prompt=""):
    raise NoInput


def _limit_memory():
    """Limit the memory of this process; the limits there were, or None if nothing was done."""
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
        limits = resource.getrlimit(resource.RLIMIT_AS)
        most = pages * resource.getpagesize() + MEMORY_GB * 2**30
        if resource.RLIM_INFINITY != limits[0] < most:
            return None  # there is a stricter one
        resource.setrlimit(resource.RLIMIT_AS, (most, limits[1]))
        return limits
    except (AttributeError, OSError, ValueError):  # no such module, file or right
        return None


class _Alarm:
    """SIGALRM after the limit. The handler sets the next one, so that none disturbs while memory is being freed."""

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
        self.wakeup = signal.set_wakeup_fd(-1)  # the event loop of a kernel need not know
        self.running, self.tracing = True, sys.gettrace()
        self.timer = signal.setitimer(signal.ITIMER_REAL, max(seconds, 1e-6))

    def interrupt(self, signum, frame):
        if not self.running:
            return
        signal.setitimer(signal.ITIMER_REAL, AGAIN)
        if frame is None or frame.f_code in (limited.__code__, _Alarm.stop.__code__):
            return  # the function has come back
        # A bare `except` may catch what is raised here, every time. The next line to run then raises it once more:
        # that line is in the `except` itself.
        sys.settrace(_trace)
        while frame is not None and frame.f_code is not limited.__code__:
            frame.f_trace, frame = _trace, frame.f_back
        raise OutOfTime

    def stop(self):
        self.running = False
        sys.settrace(self.tracing)
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.set_wakeup_fd(self.wakeup)
        signal.signal(signal.SIGALRM, self.handler)
        remaining, interval = self.timer
        if remaining:  # somebody's timer ran before: let it go on, less the time that has passed
            passed = time.monotonic() - self.started
            signal.setitimer(signal.ITIMER_REAL, max(remaining - passed, 1e-3), interval)


def _trace(frame, event, arg):
    if event == "line" and frame.f_code is not _Alarm.stop.__code__:
        raise OutOfTime


class _Watchdog:
    """A thread that raises the exception in ours. Weaker than the alarm: it does not wake a sleeping call."""

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
                for _ in range(10):  # Python looks for one on its way at the end of each turn
                    pass
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
        self.text += text[: max(0, MOST_PRINTED - len(self.text))]
        return len(text)
