"""Call a function that may never come back, or ask for ever more memory: its output and warnings captured.

The function runs in a thread of its own, in which an exception is raised when its time is over, again and again until
it ends. A single call into C, such as a long sleep, is not interrupted but left behind. Where no thread can be started
the function runs without a limit of time, and where the system has none of memory, without that.
"""

import builtins
import contextlib
import ctypes
import io
import threading
import time
import warnings
from dataclasses import dataclass
from pathlib import Path

try:
    import resource
except ImportError:  # Windows
    resource = None

AGAIN = 1e-3  # seconds until the next interruption, if `except: pass` in an endless loop swallowed one
PATIENCE = 5  # seconds of interruptions before the thread is left behind: memory may have to be freed
MOST_PRINTED = 4000  # characters kept of what the function prints
RUNNING = "an answer under check"  # the name of its thread
MEMORY_GB = 2  # what a call may ask for, beyond what the process has


class OutOfTime(BaseException):
    """Raised inside the function when its time is over. No Exception, so `except Exception` lets it by."""


class NoInput(Exception):
    """Raised by input(): nobody sits there to answer, and waiting would look like a loop without end."""


@dataclass
class Outcome:
    """What became of a call. `value` is None unless it returned; `error` is what it raised, if it did."""

    value: object = None
    error: BaseException | None = None
    out_of_time: bool = False
    printed: str = ""
    warned: tuple[str, ...] = ()


def limited(function, seconds: float) -> Outcome:
    """Call function() for at most `seconds`, with MEMORY_GB to fill. Never raises, whatever the function does."""
    outcome, printed, asks = Outcome(), _Printed(), builtins.input

    def work():
        try:
            outcome.value = function()
        except OutOfTime:  # without a name: its traceback holds whatever the loop has piled up
            pass
        except BaseException as error:
            outcome.error = error

    with (
        warnings.catch_warnings(record=True) as caught,
        contextlib.redirect_stdout(printed),
        contextlib.redirect_stderr(printed),
    ):
        warnings.simplefilter("default")  # each warning once: a loop full of them must not eat the memory
        builtins.input, memory = _no_input, _limit_memory()
        try:
            thread = threading.Thread(target=work, name=RUNNING, daemon=True)
            thread.start()
            thread.join(seconds)
        except RuntimeError:
            work()
        except KeyboardInterrupt as error:
            outcome.error = error
        outcome.printed = printed.getvalue()  # the interruptions may print something, too
        if thread.is_alive():
            outcome.out_of_time = outcome.error is None
            _interrupt(thread)
        builtins.input = asks
        if memory:
            resource.setrlimit(resource.RLIMIT_AS, memory)
    outcome.warned = tuple(dict.fromkeys(str(warning.message)[:200] for warning in caught))
    return outcome


def _interrupt(thread):
    until = time.monotonic() + PATIENCE
    while thread.is_alive() and time.monotonic() < until:
        ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread.ident), ctypes.py_object(OutOfTime))
        thread.join(AGAIN)


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


class _Printed(io.StringIO):
    """A stream that keeps the beginning of what is written to it."""

    def write(self, text):
        super().write(text[: max(0, MOST_PRINTED - self.tell())])
        return len(text)
