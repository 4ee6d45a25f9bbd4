"""Run a student's function on every case of a recording, and say what stopped it if something did."""

import contextlib
import linecache
import os
import sysconfig
from dataclasses import dataclass
from pathlib import Path

from .attempt import unsuitable
from .compare import compare
from .describe import first_line, summary, without_addresses
from .limited import OutOfTime, limited
from .plain import Raised, fresh, name_of, settle
from .probes import Probe
from .recording import encode
from .tolerance import Close

LIBRARIES = (
    str(Path(__file__).parents[1]),
    *(sysconfig.get_path(name) for name in ("stdlib", "purelib", "platlib")),
    "<frozen",
    "<__array_function__",
)


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
    refused = limited(lambda: unsuitable(answer, recording), recording.seconds).value
    if refused:
        return Stopped(refused)
    results, notes, printed, left = [], {}, "", recording.seconds
    for case in (*recording.cases, recording.cases[0]):
        outcome = limited(lambda case=case: _call(answer, case.inputs), left)
        left -= outcome.seconds
        printed = printed or without_addresses(outcome.printed)
        given, unusual, changed = outcome.value or (_raised_late(outcome.error), (), None)
        notes |= dict.fromkeys([*unusual, *(f"a warning on the way ({text})" for text in outcome.warned[:3])])
        trouble = ""
        if outcome.out_of_time or left <= 0:
            trouble = f"had not come back after {recording.seconds:g} seconds: is there a loop without end?"
        elif type(given) is Raised:
            trouble = _about(given)
        elif changed:
            trouble = f"changes its argument {changed}: work on a copy ({changed}.copy() for an array)."
        elif len(results) == len(recording.cases) and not _repeats(given, results[0]):
            trouble = "gives another result when it is called again: it depends on more than its arguments."
        if trouble:
            raised = given if type(given) is Raised else None
            return Stopped(f"For {summary(case.inputs)}: your function {trouble}", tuple(results), raised, printed)
        results.append(given)
    results.pop()
    if printed:
        notes["your function prints on the way; the check does not need it"] = None
    return Finished(tuple(results), tuple(notes), printed)


def _call(answer, inputs):
    """(what it returned as plain data, or Raised; notes; the name of an argument that it changed)."""
    copies = {name: fresh(value) for name, value in inputs.items()}
    given = dict(copies)  # the function may hold the copies, not this dict
    try:
        returned, notes = settle(answer(*copies.values()))
    except OutOfTime:
        raise
    except BaseException as error:
        return _raised(error), (), None
    return returned, notes, next((name for name in inputs if not _same(given[name], inputs[name])), None)


def _same(after, before):
    return after is before or type(before) is Probe or encode(settle(after)[0]) == encode(before)


def _repeats(again, first):
    """The same result, up to the rounding that another place in memory can cause."""
    return encode(again) == encode(first) or compare(again, first, Close()).agrees


def _raised(error):
    kind = type(error)
    if issubclass(kind, RecursionError):
        return Raised("RecursionError", "")  # its text and line depend on how deep the stack was before
    text = ""
    with contextlib.suppress(Exception):
        text = first_line(error)
    return Raised(name_of(kind), text, _line(error.__traceback__))


def _raised_late(error):
    return Raised(name_of(type(error)), "") if error is not None else None


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
    special = {
        "RecursionError": "calls itself without end (RecursionError).",
        "KeyboardInterrupt": "was interrupted (KeyboardInterrupt).",
        "SystemExit": "ends Python (SystemExit): use return instead of exit() or quit().",
        "MemoryError": "asks for more memory than there is (MemoryError).",
    }
    text = f": {raised.text.removesuffix('.')}" if raised.text else ""
    message = special.get(raised.type, f"raises {raised.type}{text}.")
    return message + (f"\n    {raised.line}" if raised.line else "")
