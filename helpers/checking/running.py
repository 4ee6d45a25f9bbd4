"""Run a student's function on every case of a recording, and say what stopped it if something did."""

import linecache
import os
import sysconfig
from dataclasses import dataclass
from pathlib import Path

from .attempt import unsuitable
from .compare import compare
from .describe import first_line, summary, without_addresses
from .limited import MEMORY_GB, limited
from .plain import Raised, fresh, settle
from .probes import Probe
from .recording import encode
from .tolerance import Close

LIBRARIES = (
    str(Path(__file__).parents[1]),
    *(sysconfig.get_path(name) for name in ("stdlib", "purelib", "platlib")),
    "<frozen",
    "<__array_function__",
)
WHY = {
    "RecursionError": "calls itself without end (RecursionError).",
    "KeyboardInterrupt": "was interrupted (KeyboardInterrupt).",
    "SystemExit": "ends Python (SystemExit): use return instead of exit() or quit().",
    "NoInput": "asks for input(): nobody answers here. What it needs are its arguments.",
    "MemoryError": f"asks for more than {MEMORY_GB} GB of memory (MemoryError): does a list grow without end, or is an "
    "array far too large?",
}


@dataclass(frozen=True)
class Stopped:
    """The run ended early: why, what had been returned until then, and what was raised, if anything was."""

    message: str
    results: tuple = ()
    raised: Raised | None = None
    printed: str = ""


@dataclass(frozen=True)
class Finished:
    """One plain result for each case, and what was unusual."""

    results: tuple
    notes: tuple[str, ...]
    printed: str


def run(recording, answer) -> Stopped | Finished:
    """Call answer on fresh copies of every case's inputs, and on the first ones again, within the seconds."""
    if refused := unsuitable(answer, recording):
        return Stopped(refused)
    results, notes, printed, left = [], {}, "", recording.seconds
    for case in (*recording.cases, recording.cases[0]):
        copies = fresh(case.inputs)
        outcome = limited(lambda copies=copies: settle(answer(*copies.values())), left)
        left -= outcome.seconds
        printed = printed or without_addresses(outcome.printed)
        raised = _raised(outcome.error) if outcome.error is not None else None
        given, unusual = outcome.value or (None, ())
        notes |= dict.fromkeys([*unusual, *(f"a warning on the way ({text})" for text in outcome.warned[:3])])
        trouble = ""
        if outcome.out_of_time or left <= 0:
            trouble = f"had not come back after {recording.seconds:g} seconds: is there a loop without end?"
        elif raised:
            trouble = _about(raised)
        elif changed := next((name for name in copies if not _same(copies[name], case.inputs[name])), None):
            trouble = f"changes its argument {changed}: work on a copy ({changed}.copy() for an array)."
        elif len(results) == len(recording.cases) and not _repeats(given, results[0]):
            trouble = "gives another result when it is called again: it depends on more than its arguments."
        if trouble:
            return Stopped(f"For {summary(case.inputs)}: your function {trouble}", tuple(results), raised, printed)
        results.append(given)
    results.pop()
    if printed:
        notes["your function prints on the way; the check does not need it"] = None
    return Finished(tuple(results), tuple(notes), printed)


def _same(after, before):
    return isinstance(before, Probe) or encode(settle(after)[0]) == encode(before)


def _repeats(again, first):
    """The same result, up to the rounding that another place in memory can cause."""
    return encode(again) == encode(first) or compare(again, first, Close()).agrees


def _raised(error):
    line = _line(error.__traceback__)
    error.__traceback__ = None  # its frames hold whatever filled the memory
    if isinstance(error, RecursionError):
        return Raised("RecursionError", "")  # its text and line depend on how deep the stack was before
    kind = "MemoryError" if isinstance(error, MemoryError) else type(error).__name__  # numpy has one of its own
    return Raised(kind, first_line(error), line)


def _line(traceback):
    """The deepest line that is the student's own."""
    line = ""
    while traceback is not None:
        code = traceback.tb_frame.f_code
        own = os.path.isabs(code.co_filename) or code.co_filename.startswith("<")
        if own and not code.co_filename.startswith(LIBRARIES):
            source = linecache.getline(code.co_filename, traceback.tb_lineno).strip()[:100]
            line = f"line {traceback.tb_lineno} of {code.co_name}" + (f": {source}" if source else "")
        traceback = traceback.tb_next
    return line


def _about(raised):
    text = f": {raised.text.removesuffix('.')}" if raised.text else ""
    return WHY.get(raised.type, f"raises {raised.type}{text}.") + (f"\n    {raised.line}" if raised.line else "")
