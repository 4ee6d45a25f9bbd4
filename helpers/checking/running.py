"""Run a student's function on every case of a recording, and say what stopped it if something did."""

import ast
import difflib
import inspect
import sys
import textwrap
import threading
import traceback
from dataclasses import dataclass, replace

import numpy as np

from helpers import numerical

from .compare import agree
from .describe import describe, first_line, summary, without_addresses
from .exercise import Close
from .limited import MEMORY_GB, RUNNING, OutOfTime, limited
from .plain import Raised, Strange, fresh, settle
from .probes import Probe

WHY = {
    "RecursionError": "calls itself without end (RecursionError).",
    "KeyboardInterrupt": "was interrupted (KeyboardInterrupt).",
    "SystemExit": "ends Python (SystemExit): use return instead of exit() or quit().",
    "NoInput": "asks for input(): nobody answers here. What it needs are its arguments.",
    "MemoryError": f"asks for more than {MEMORY_GB} GB of memory (MemoryError): does a list grow without end, or is an "
    "array far too large?",
}


@dataclass(frozen=True)
class Run:
    """What a run gave: one plain result for each case; if it was `stopped`, for a reason in words, perhaps of fewer."""

    results: tuple = ()  # a Raised for each exception
    notes: tuple[str, ...] = ()  # what was unusual
    printed: str = ""
    stopped: str = ""
    measured: bool = False  # whether it called the course's own measurement
    reordered: bool = False  # whether its arguments have the right names in another order
    no_return: bool = False  # whether it gave None and says nowhere what it gives back

    @property
    def failed(self):
        return Raised in map(type, self.results)


def run(recording, answer) -> Run:
    """What an answer gives on every case, and what is to be seen of it without running it."""
    ran = _run(recording, answer)
    no_return = type(None) in map(type, ran.results) and has_no_return(answer)
    return replace(ran, reordered=reordered(answer, recording.arguments), no_return=no_return)


def _run(recording, answer):
    """Call answer on fresh copies of every case's inputs, and on the first ones again, within the seconds."""
    if refused := _unsuitable(answer, recording):
        return Run(stopped=refused)
    trial, measured = _Trial(recording, answer), numerical.measured
    outcome = limited(trial.run, recording.seconds)
    if outcome.out_of_time:
        trial.stop(f"had not come back after {recording.seconds:g} seconds: is there a loop without end?")
    elif outcome.error is not None:
        trial.fail(outcome.error)
    results, notes, printed = tuple(trial.results), trial.notes, without_addresses(outcome.printed)
    notes |= dict.fromkeys(f"a warning on the way ({text})" for text in outcome.warned[:3])
    if printed:
        notes["your function prints on the way; the check does not need it"] = None
    return Run(results[: len(recording.cases)], tuple(notes), printed, trial.stopped, numerical.measured > measured)


class _Trial:
    """The calls of one answer. Its time may be over anywhere: what is known by then stands in the attributes."""

    def __init__(self, recording, answer):
        self.recording, self.answer, self.case = recording, answer, recording.cases[0]
        self.results, self.notes, self.stopped = [], {}, ""

    def run(self):
        with np.errstate(all="ignore"):
            if all(map(self.call, self.recording.cases)):
                self.call(self.recording.cases[0])

    def call(self, case):
        """Call it on one case; whether there is sense in going on."""
        self.case, copies = case, fresh(case.inputs)
        try:
            with np.errstate(all="warn", under="ignore"):
                given, unusual = settle(self.answer(*copies.values()))
        except OutOfTime:
            raise
        except BaseException as error:
            return self.fail(error)
        self.notes |= dict.fromkeys(unusual)
        if changed := next((name for name in copies if not _same(copies[name], case.inputs[name])), None):
            return self.stop(f"changes its argument {changed}: {_to_copy(changed, case.inputs[changed])}.")
        again = len(self.results) == len(self.recording.cases)
        if again and not self.stopped and not agree(given, self.results[0], Close()):
            return self.stop("gives another result when it is called again: it depends on more than its arguments.")
        self.results.append(given)
        return True

    def fail(self, error):
        """Keep what it raised: how it fails on the other inputs, too, tells which mistake it is."""
        raised = _raised(error, self.answer)
        self.results.append(raised)
        self.stop(_about(raised, error, self.recording))
        return raised.type not in WHY

    def stop(self, trouble):
        self.stopped = self.stopped or f"For {summary(self.case.inputs)}: your function {trouble}"
        return False


def _to_copy(name, value):
    if isinstance(value, list | tuple | dict):  # its own .copy() would hold the same arrays
        return f"work on a copy, also of what {name} holds (from copy import deepcopy; deepcopy({name}))"
    return f"work on a copy ({name}.copy() for an array)"


def _same(after, before):
    return isinstance(before, Probe) or agree(settle(after)[0], before, Close(0))


def _raised(error, answer):
    """The exception in words, with the deepest line of it that stands in the student's cell."""
    cell = inspect.getfile(inspect.unwrap(answer)) if inspect.isfunction(inspect.unwrap(answer)) else None
    lines = [frame for frame in traceback.extract_tb(error.__traceback__) if frame.filename == cell]
    error.__traceback__ = None  # its frames hold whatever filled the memory
    if isinstance(error, RecursionError):
        return Raised("RecursionError", "")  # its text and line depend on how deep the stack was before
    source = lines[-1].line[:100] if lines else ""
    line = f"line {lines[-1].lineno} of {lines[-1].name}" + (f": {source}" if source else "") if lines else ""
    return Raised(type(error).__name__, first_line(error), line)


def _about(raised, error, recording):
    text = f": {raised.text.removesuffix('.')}" if raised.text else ""
    why = WHY.get(raised.type, f"raises {raised.type}{text}.")
    if type(error) is NameError and error.name:
        alike = {name.lower(): name for name in recording.arguments}
        near = difflib.get_close_matches(error.name.lower(), alike, 1)
        meant = f"np.{error.name}" if hasattr(np, error.name) else alike[near[0]] if near else ""
        imported = f" Is import {error.name} missing?" if error.name in sys.stdlib_module_names else ""
        why = f"uses the name {error.name}, which nothing was given to: a slip of spelling, or a line that is missing?"
        why += f" Is {meant} meant?" if meant else imported
    if raised.text.startswith("only 0-dimensional arrays can be converted"):
        why += " An array with one entry becomes a number by .item()."
    return why + (f"\n    {raised.line}" if raised.line else "")


# --- before it runs -------------------------------------------------------------------------------------------


def untouched(answer) -> bool:
    """Whether it is still the stub: ..., or a function that says nothing but ..., pass, a docstring or that it is
    not implemented."""
    return answer is Ellipsis or (bool(body := _body(answer)) and all(map(_says_nothing, body)))


def has_no_return(answer) -> bool:
    """Whether a function computes something and never says what it gives back."""
    nodes = [node for statement in _body(answer) for node in ast.walk(statement)]
    return bool(nodes) and not any(isinstance(node, ast.Return) and node.value for node in nodes)


def _body(answer):
    """The statements of a function that was written with def, none if its source is not to be had."""
    try:
        [definition] = ast.parse(textwrap.dedent(inspect.getsource(answer))).body
        return definition.body if isinstance(definition, ast.FunctionDef) else []
    except Exception:  # no function, a lambda in the middle of a line, no source
        return []


def _says_nothing(statement):
    text = ast.unparse(statement)
    docstring = isinstance(statement, ast.Expr) and isinstance(getattr(statement.value, "value", None), str)
    return docstring or text in ("...", "return ...", "pass") or text.startswith("raise NotImplementedError")


def _unsuitable(answer, recording) -> str:
    """Why it cannot be the function that is asked for, "" if it can."""
    asked = f"{recording.name}({', '.join(recording.arguments)})"
    if threading.current_thread().name == RUNNING:
        return "check stands inside a function that is being checked: call it in a cell of its own."
    if inspect.isclass(answer):
        return f"A function {asked} is asked for; this is a class."
    if not callable(answer):
        plain, _ = settle(answer)
        brackets = f' Hand in the function itself: check("{recording.id}", {recording.name}), without calling it.'
        brackets = "" if answer is None or isinstance(plain, Strange) else brackets
        return f"A function {asked} is asked for; this is {describe(plain)}.{brackets}"
    if inspect.isgeneratorfunction(answer):
        return "This function has a yield in it, so it returns a generator: use return instead."
    try:
        signature = inspect.signature(answer)
    except (TypeError, ValueError):
        return ""  # a function written in C may not say; calling it will show
    try:
        signature.bind(*recording.arguments)
    except TypeError:
        mine = without_addresses(str(signature.replace(return_annotation=inspect.Signature.empty)))[:120]
        count = f"{len(recording.arguments)} argument{'s' * (len(recording.arguments) != 1)}"
        return f"Your function takes {mine}; it is called with {count}, as {asked}."
    return ""


def reordered(answer, arguments) -> bool:
    """Whether its arguments have the right names in another order; the check passes them by position."""
    names = list(getattr(getattr(answer, "__code__", None), "co_varnames", ()))[: len(arguments)]
    return sorted(names) == sorted(arguments) and names != list(arguments)
