"""What the checker says of functions that cannot be called, fail, or do more than return a result."""

import contextlib
import functools
import inspect
import sys
import time
import warnings

import numpy as np
import pytest
from answering import COLUMN, FLOAT, IMPATIENT, Gradient, assert_wrong, column, function_exercise, right

from helpers.checking.checker import judge
from helpers.checking.exercise import Close, Exercise
from helpers.checking.recording import record


class Callable:
    def __call__(self, f, x, h):
        return right(f, x, h)


class Empty: ...


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (0.955, ["asked for; this is a float", 'check("1.1", central_difference)']),
        (None, ["this is None"]),
        ("central_difference", ["this is a text"]),
        (np.zeros((3, 1)), ["this is a column (3, 1)"]),
        ([right], ["this is a list of 1 item"]),
        (object(), ["this is an object of type object"]),
        (Callable, ["this is a class"]),
        (Empty, ["this is a class"]),
        (int, ["this is a class"]),
        (lambda f, x: 0.0, ["takes (f, x)", "called with 3 arguments", "central_difference(f, x, h)"]),
        (lambda: 0.0, ["takes ()", "called with 3 arguments"]),
        (lambda f, x, h, n: 0.0, ["takes (f, x, h, n)", "called with 3 arguments"]),
        (lambda f, x, *, h: 0.0, ["Your function takes (f, x, *, h); it is called with 3 arguments"]),
        (lambda x, f, h: right(f, x, h), ["raises TypeError", "by position, in the order f, x, h"]),
    ],
)
def test_what_cannot_be_called_as_asked(answer, words):
    assert_wrong(answer, *words)


def test_only_the_result_of_a_call_is_told_to_be_handed_in_without_calling_it():
    for answer, advised in ((0.5, True), (np.eye(2), True), ([], True), (None, False), (object(), False)):
        assert ("without calling it" in assert_wrong(answer, "is asked for; this is")) == advised


def test_generators():
    def generator(f, x, h):
        yield right(f, x, h)

    assert_wrong(generator, "This function has a yield in it", "use return instead")
    assert_wrong(lambda f, x, h: generator(f, x, h), "got a generator", "return instead of yield")


def test_an_exception_alone_names_a_mistake_only_if_every_case_fails_like_it():
    assert judge(COLUMN, lambda W, x: W.T @ x).mistake == "reversed product"
    assert judge(COLUMN, lambda W, x: W.T.dot(x)).mistake == "reversed product"
    assert judge(COLUMN, lambda W, x: np.ones((4, 2)) @ x).mistake is None  # as in the first case
    assert judge(COLUMN, lambda W, x: W.T @ x if len(W) == 2 else 0 * x).mistake is None


@pytest.mark.parametrize(("error", "once"), [(ValueError, False), (MemoryError, True), (SystemExit, True)])
def test_what_fails_is_called_on_the_other_cases_too_if_that_does_no_harm(error, once):
    called = []

    def fails(W, x):
        called.append(len(W))
        raise error

    assert "For W of shape (2, 3), x of shape (3, 1): your function" in str(judge(COLUMN, fails))
    assert (called == [2]) == once and (once or set(called) == {2, 5})


def checks_itself(f, x, h):
    print(judge(IMPATIENT, checks_itself))


def test_a_check_inside_of_what_is_checked_is_refused_and_the_output_comes_back():
    stdout = sys.stdout
    assert_wrong(checks_itself, "has no return", "1.1 wrong. check stands inside a function", "in a cell of its own.")
    assert sys.stdout is stdout


@pytest.mark.parametrize(
    ("answer", "meant"),
    [
        (lambda f, x, h: math.sin(x), "Is import math missing?"),  # noqa: F821
        (lambda f, x, h: f(X), "Is x meant?"),  # noqa: F821
        (lambda f, x, h: f(unheard_of), "a line that is missing?\n"),  # noqa: F821
    ],
)
def test_what_may_be_meant_by_a_name_is_asked(answer, meant):
    assert_wrong(answer, meant)


def test_a_part_left_as_dots_is_named():
    recording = function_exercise({"a": 1.0, "b": [1.0, 2.0]})
    for rest, where in ((..., ""), ([1.0, ...], "[1]")):
        text = judge(recording, lambda x, rest=rest: {"a": 1.0, "b": rest}).message
        assert text == f'"a" is right. For x = 1: result["b"]{where} is still ...: this part is not finished yet.'


# --- a function that fails -----------------------------------------------------------------------------------


def test_an_exception_is_shown_with_the_line_it_came_from():
    def f(f, x, h):
        y = x
        return y / (x - x)

    assert_wrong(f, "raises ZeroDivisionError: float division by zero", "of f: return y / (x - x)")


def test_the_line_is_the_students_own_not_the_library_it_calls():
    def f(f, x, h):
        return np.linalg.inv(np.zeros((2, 2)))

    assert_wrong(f, "LinAlgError", "of f: return np.linalg.inv(np.zeros((2, 2)))")


def test_an_exception_that_no_line_of_theirs_is_behind_is_shown_without_one():
    class Divides:
        def __call__(self, f, x, h):
            return x / 0

    for answer in (Divides(), functools.partial(Divides()), Divides().__call__):
        assert_wrong(answer, "raises ZeroDivisionError: float division by zero")
    assert assert_wrong(Divides()).endswith("your function raises ZeroDivisionError: float division by zero.")


def test_an_exception_in_a_function_without_a_source_is_shown_with_the_number_of_its_line():
    namespace = {}
    exec("def g(f, x, h):\n    return x / 0", namespace)
    assert assert_wrong(namespace["g"]).endswith("float division by zero.\n    line 2 of g")


def test_of_a_long_line_the_first_100_characters_are_shown():
    def g(f, x, h):
        return x / (x - x) + 10 * x + 20 * x + 30 * x + 40 * x + 50 * x + 60 * x + 70 * x + 80 * x + 90 * x + 100 * x

    line = inspect.getsource(g).splitlines()[1].strip()
    assert len(line) > 105 and assert_wrong(g).endswith(f" of g: {line[:100]}")


def test_of_a_long_list_of_arguments_the_first_120_characters_are_shown():
    text = assert_wrong(lambda f, long="y" * 500: 0.0)
    assert f"Your function takes (f, long='{'y' * 110}; it is called with 3 arguments" in text


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (KeyboardInterrupt(), ["was interrupted (KeyboardInterrupt)"]),
        (SystemExit(1), ["ends Python (SystemExit)"]),
        (MemoryError(), ["more than 2 GB of memory (MemoryError)"]),
        (NotImplementedError("later"), ["raises NotImplementedError: later"]),
        (GeneratorExit(), ["raises GeneratorExit"]),
        (StopIteration(3), ["raises StopIteration: 3"]),
        (BaseException(), ["raises BaseException.\n    line "]),
        (ExceptionGroup("two", [ValueError(), TypeError()]), ["raises ExceptionGroup: two"]),
        (ValueError("long " * 1000), ["raises ValueError: long"]),
        (ValueError(object()), ["at 0x…"]),
    ],
)
def test_whatever_is_raised_is_a_message(error, words):
    def raising(f, x, h):
        y = x  # noqa: F841
        raise error

    assert len(assert_wrong(raising, *words)) < 600


def test_recursion_without_end():
    def f(a, b, c):
        return f(a, b, c)

    assert assert_wrong(f).endswith("your function calls itself without end (RecursionError).")


def test_an_endless_loop_is_told_with_its_limit_and_input():
    def endless(f, x, h):
        while x > 1:
            pass
        return right(f, x, h)

    assert_wrong(endless, "x = 1.7", "not come back after 0.4 seconds", recording=IMPATIENT)


def test_an_array_that_should_be_a_number_is_advised():
    text = assert_wrong(lambda f, x, h: float(np.full((1, 1), x)), "raises TypeError: only 0-dimensional arrays")
    assert "An array with one entry becomes a number by .item()." in text
    other = assert_wrong(lambda f, x, h: float("x"), "raises ValueError")
    assert "becomes a number" not in other


def test_one_argument_is_one():
    recording = record(FirstOfAList())
    assert_wrong(lambda Ws, n: Ws, "takes (Ws, n); it is called with 1 argument, as first(Ws)", recording=recording)


# --- arguments and state -------------------------------------------------------------------------------------


class FirstOfAList(Exercise):
    id, title, name, arguments = "1.9", "The first matrix", "first", ("Ws",)

    def cases(self, rng):
        yield {"Ws": [rng.normal(size=(2, 3)), rng.normal(size=(3, 2))]}

    def solution(self, Ws):
        return Ws[0].copy()


def test_changed_arguments_are_named():
    def changes_x(W, x):
        x *= 2
        return column(W, x / 2)

    def reshapes_x(W, x):
        result = column(W, x)
        x.shape = (1, -1)
        return result

    assert_wrong(changes_x, "changes its argument x", "x.copy()", recording=COLUMN)

    def changes_what_the_list_holds(Ws):
        Ws = Ws.copy()
        Ws[0] *= 2
        return Ws[0] / 2

    assert_wrong(
        changes_what_the_list_holds, "changes its argument Ws", "deepcopy(Ws)", recording=record(FirstOfAList())
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert_wrong(reshapes_x, "changes its argument x", recording=COLUMN)


def test_a_changed_list_is_seen_whatever_is_put_into_it():
    class Total(Exercise):
        id, title, name, arguments = "1.3", "A sum", "total", ("numbers",)

        def cases(self, rng):
            yield {"numbers": [1.0, 2.0, 4.0]}

        def solution(self, numbers):
            return sum(numbers)

    def drains(numbers):
        return sum(numbers.pop() for _ in range(3))

    def replaces(numbers):
        result = sum(numbers)
        numbers[0] = None
        return result

    for answer in (drains, replaces):
        assert_wrong(answer, "changes its argument numbers", recording=record(Total()))


def test_returning_an_argument_is_fine_and_inputs_are_fresh_each_time():
    class Identity(Gradient):
        mistakes = ()

        def solution(self, W, x):
            return x

    recording = record(Identity())
    seen = []

    def keeps(W, x):
        seen.append(x)
        return x

    for _ in range(2):
        assert judge(recording, keeps).status == "right"
        for kept in seen:
            kept[:] = 0.0  # what a student keeps is theirs: neither the inputs nor the expected arrays
    cases = recording.cases
    assert all(x.base is None and not any(np.shares_memory(x, c.expected) for c in cases) for x in seen)


def test_results_that_depend_on_more_than_the_arguments():
    calls = []

    def counting(f, x, h):
        calls.append(x)
        return right(f, x, h) if len(calls) <= 2 else 0.0

    assert_wrong(counting, "another result when it is called again")
    assert_wrong(lambda f, x, h: np.random.default_rng().normal(), "another result when it is called again")


def test_an_underflow_to_zero_is_no_warning():
    assert "warning" not in str(judge(FLOAT, lambda f, x, h: right(f, x, h) + 0 * np.exp(np.float64(-800.0))))


def test_a_small_change_at_a_second_call_is_seen_even_where_it_is_within_the_tolerance():
    class Rough(Exercise):
        id, title, name, arguments, tolerance = "1.4", "Roughly", "answer", ("x",), Close(1e-2)

        def cases(self, rng):
            yield {"x": 1.5}

        def solution(self, x):
            return 2 * x

    calls = []

    def drifts(x):
        calls.append(x)
        return 2 * x * (1 + 1e-3 * len(calls))

    assert_wrong(drifts, "another result when it is called again", recording=record(Rough()))


def test_the_seconds_are_for_all_calls_together():
    def slow(f, x, h):
        time.sleep(0.15)  # three calls, 0.4 seconds
        return right(f, x, h)

    assert_wrong(slow, "not come back after 0.4 seconds", recording=IMPATIENT)


def test_who_catches_the_end_of_the_time_does_not_get_more_of_it():
    def catches(f, x, h):
        end = time.perf_counter() + 0.5
        while time.perf_counter() < end:
            with contextlib.suppress(BaseException):
                time.sleep(1e-3)
        return right(f, x, h)

    assert_wrong(catches, "not come back after 0.4 seconds", recording=IMPATIENT)


def test_input_is_named():
    def asks(f, x, h):
        while True:
            try:
                return float(input("x? "))
            except ValueError:
                print("Again.")

    assert_wrong(asks, "asks for input(): nobody answers here.", "return float(input(")
    assert input.__module__ != "helpers.checking.limited"


def test_memory_is_limited_and_said_so():
    resource = pytest.importorskip("resource")

    before = resource.getrlimit(resource.RLIMIT_AS)
    for answer in (lambda f, x, h: [x] * 10**9, lambda f, x, h: np.zeros((10**6, 10**6))):
        assert_wrong(answer, "asks for more than 2 GB of memory (MemoryError)")
    assert resource.getrlimit(resource.RLIMIT_AS) == before
