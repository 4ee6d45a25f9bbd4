"""Exercises to answer in the tests of the checker, and the verdicts on them."""

import importlib
import re
import sys
import types

import numpy as np

from helpers.checking.checker import judge
from helpers.checking.exercise import Close, Exercise, Wrong
from helpers.checking.probes import probe
from helpers.checking.recording import record
from helpers.lessons import library


class CentralDifference(Exercise):
    id, title, name, arguments = "1.1", "The central difference", "central_difference", ("f", "x", "h")
    returns = "a float"
    mistakes = (
        Wrong("one-sided", lambda f, x, h: (f(x + h) - f(x)) / h, "You went to one side, see 'Two sides'."),
        Wrong("step counted once", lambda f, x, h: (f(x + h) - f(x - h)) / h, "Over h, see 'Two sides'."),
    )

    def cases(self, rng):
        yield {"f": probe("sin"), "x": 0.3, "h": 1e-3}
        yield {"f": probe("cube"), "x": 1.7, "h": 1e-3}

    def solution(self, f, x, h):
        return (f(x + h) - f(x - h)) / (2 * h)


class Impatient(CentralDifference):
    seconds = 0.4


class Gradient(Exercise):
    """The gradient of |Wx|^2 / 2, a column."""

    id, title, name, arguments = "1.2", "A gradient", "gradient", ("W", "x")
    mistakes = (
        Wrong("reversed product", lambda W, x: W.T @ x, "The factors are in another order."),
        Wrong("sizes swapped", lambda W, x: np.ones((len(W), 1)), "Rows and columns."),
    )

    def cases(self, rng):
        for M, N in ((2, 3), (5, 3)):
            yield {"W": rng.normal(size=(M, N)), "x": rng.normal(size=(N, 1))}

    def solution(self, W, x):
        return W.T @ (W @ x)


FLOAT, COLUMN, IMPATIENT = record(CentralDifference()), record(Gradient()), record(Impatient())


def right(f, x, h):
    return (f(x + h) - f(x - h)) / (2 * h)


def column(W, x):
    return W.T @ (W @ x)


def said(answer, recording=FLOAT):
    """The verdict's status and its whole text."""
    verdict = judge(recording, answer)
    return verdict.status, str(verdict)


def assert_wrong(answer, *words, recording=FLOAT):
    status, text = said(answer, recording)
    assert status == "wrong", text
    # The line of a lambda is quoted, and the words may stand in that line of the test, too.
    told = re.sub(r"( of <lambda>: ).*", r"\1", text)
    for word in words:
        assert word in told
    return text


def value_exercise(expected, tolerance=None, *mistakes):
    """A recording of "what is the value of answer?"."""

    class Value(Exercise):
        id, title, name, arguments = "2.1", "A value", "answer", None

        def solution(self):
            return expected

    Value.tolerance = tolerance or Close()
    Value.mistakes = mistakes
    return record(Value())


def function_exercise(expected, tolerance=None):
    """A recording of "write a function of nothing much that returns this"."""

    class Function(Exercise):
        id, title, name, arguments = "2.2", "A function", "answer", ("x",)

        def cases(self, rng):
            yield {"x": 1.0}

        def solution(self, x):
            return expected

    Function.tolerance = tolerance or Close()
    return record(Function())


def verdict(expected, answer, tolerance=None):
    """The verdict on a value, which must be the same for a function that returns the value."""
    as_value = judge(value_exercise(expected, tolerance), answer)
    as_result = judge(function_exercise(expected, tolerance), lambda x: answer)
    assert as_value.status in (as_result.status, "not attempted")
    return as_value.status, str(as_value) + "\n" + str(as_result)


VECTOR = np.array([[1.5], [-2.0], [4.0]])
SQUARE = np.array([[1.0, 2.0], [3.0, 4.0]])


class Double(Exercise):
    id, title, points, name, arguments = "98.1", "Twice", 3, "double", ("x",)
    hints = ("Two.", "Of them.")
    because = "Twice x is x + x."
    mistakes = (Wrong("factor 1/2", lambda x: x, "Once only."),)

    def cases(self, rng):
        yield {"x": 1.5}

    def solution(self, x):
        # added, not multiplied
        y = x

        return x + y


class Sizes(Exercise):
    id, title, points, name, arguments = "98.10", "Sizes", 2, "sizes", None
    hints = ("Count.", "Again.")
    because = "They are counted."

    def solution(self):
        return {
            "a": (2, 3),
            "b": (3, 1),
        }


def lesson_98(monkeypatch, tmp_path):
    """A bank for a lesson that does not exist, in a folder of its own, outside a Jupyter server."""
    module = types.ModuleType("helpers.lessons.lesson_98.exercises")
    module.EXERCISES = [Sizes, Double()]
    monkeypatch.setitem(sys.modules, module.__name__, module)
    monkeypatch.setattr(library, "lessons", lambda: ["98"])
    monkeypatch.setattr("helpers.lessons.exercises._hints_given", {})
    kept = importlib.import_module("helpers.checking.progress")  # the name itself is the function
    monkeypatch.setattr(kept, "_complained", [])
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    monkeypatch.chdir(tmp_path)
    library.bank.cache_clear()
    library._recording.cache_clear()
    yield module
    library.bank.cache_clear()
    library._recording.cache_clear()
