"""Wrong answers of every structure, and the words they get. Shapes are literal."""

import datetime

import numpy as np
import pytest
from answering import SQUARE, function_exercise, verdict
from answering import VECTOR as COLUMN

from helpers.checking.checker import judge
from helpers.checking.describe import describe
from helpers.checking.exercise import Exercise, Wrong
from helpers.checking.recording import record

RECURSIVE = []
RECURSIVE.append(RECURSIVE)
BRANCHING = []
BRANCHING += [BRANCHING, BRANCHING]
DEEP = []
for _ in range(100_000):
    DEEP = [DEEP]


class Broken(list):
    def __iter__(self):
        raise RuntimeError


class Series:
    """A table's column, as pandas has it."""

    def __array__(self, *args, **kwargs):
        return np.array([2.0])


@pytest.mark.parametrize(
    ("expected", "answer", "words"),
    [
        (COLUMN, COLUMN.ravel(), "expected a column (3, 1), got shape (3,); use x.reshape(-1, 1)"),
        (COLUMN.T, COLUMN.ravel(), "expected a row (1, 3), got shape (3,); use x.reshape(1, -1)"),
        (COLUMN, COLUMN.T, "got shape (1, 3), rows and columns the other way round"),
        (COLUMN.T, COLUMN, "got shape (3, 1), rows and columns the other way round"),
        (COLUMN, COLUMN.ravel().tolist(), "got shape (3,)"),
        (COLUMN, COLUMN[None], "got shape (1, 3, 1)"),
        (COLUMN, 1.5, "expected a column (3, 1), got a float"),
        (np.ones((3, 3)), np.ones((3, 1)), "got shape (3, 1)"),
        (np.ones((3, 3)), np.ones((1, 1)), "got shape (1, 1)"),
        (np.ones((3, 3)), 1.0, "got a float"),
        (np.ones((1, 1)), 1.0, "got a float"),
        (np.ones((1, 1)), np.array(1.0), "got shape ()"),
        (np.ones((0, 3)), np.ones((3, 0)), "got shape (3, 0)"),
        (COLUMN, np.full((3, 1), np.nan), None),
        (COLUMN, COLUMN + 0j, "imaginary part is zero"),
        (COLUMN, COLUMN * 1j, "expected real numbers, got a column (3, 1) of complex numbers"),
        (COLUMN, COLUMN + 1j * (COLUMN > 2), "got a column (3, 1) of complex numbers.\n"),
        (2.0, 2 + 0j, "expected a float, got a complex number; its imaginary part is zero"),
        (2.0, 1j, "expected a float, got a complex number"),
        (2.0, "2.0", "expected a float, got a text"),
        (2.0, [2.0], "expected a float, got a list of 1 item"),
        (2.0, np.array([2.0, 2.0]), "got an array of shape (2,)"),
        (2.0, 10**400, None),
        (2.0, np.nan, None),
        (2.0, datetime.timedelta(2), "an object of type timedelta"),
        (2.0, np.datetime64("2026-01-01"), "a numpy value of type datetime64"),
        (2.0, np.float16(2.1), None),
        (2.0, {2.0}, "an object of type set"),
        (2.0, Broken([2.0]), "something that cannot be read"),
        (2.0, type("A" * 100, (), {})(), f"an object of type {'A' * 60}"),
        (2.0, Series(), "an object of type Series"),
        (2.0, iter([2.0]), "list_iterator"),
        (2.0, map(float, [2]), "a map object: put list(...) around it"),
        (3, 4, None),
        (3, 3.5, None),
        (True, False, None),
        (True, 3, "expected True or False, got an int"),
        (True, "True", "expected True or False, got a text"),
        (False, None, "asked for"),
        ("a", "b", None),
        ("a", 3, "expected a text, got an int"),
        (None, 0.0, "expected None, got a float"),
        ([1.0, 2.0], [1.0], "expected a list of 2 items, got a list of 1 item"),
        ([1.0, 2.0], [1.0, 2.0, 3.0], "got a list of 3 items"),
        ([1.0, 2.0], np.array([[1.0, 2.0]]), "expected a list of 2 items, got a row (1, 2)"),
        ([SQUARE, SQUARE], np.array([SQUARE, SQUARE]), "expected a list of 2 items, got an array of shape"),
        ([1.0, 2.0], {0: 1.0, 1: 2.0}, "got a dict"),
        ([[1.0], [2.0]], [1.0, 2.0], "[0]"),
        ({"a": 1.0}, {}, 'the key "a" is missing'),
        ({"a": 1.0}, {"b": 1.0}, 'the key "a" is missing'),
        ({"a": 1.0}, {"a": 1.0, "b": 1.0}, 'the key "b" is not one of'),
        ({"a": 1.0}, [("a", 1.0)], "got a list of 1 item"),
        (COLUMN, np.array([["a"], ["b"], ["c"]]), "texts"),
        (COLUMN, np.array([[None], [1.0], [2.0]]), "dtype object"),
        (COLUMN, np.zeros(3, [("x", float)]), "dtype [('x', '<f8')]"),
        (COLUMN, [[1.5], [-2.0]], "got shape (2, 1)"),
        (COLUMN, [[None], [1.0], [2.0]], "got a list of 3 items"),
        (COLUMN, [["1.5"], ["-2.0"], ["4.0"]], "got a list of 3 items"),
        (COLUMN, [[1.5], [-2.0, 4.0]], "got a list of 2 items"),
        (COLUMN, RECURSIVE, "contains itself"),
        (COLUMN, BRANCHING, "contains itself"),
        (COLUMN, DEEP, "contains itself"),
        (COLUMN, [[[[]]]], "got shape (1, 1, 1, 0)"),
    ],
)
def test_wrong_answers_with_their_words(expected, answer, words):
    status, text = verdict(expected, answer)
    assert status == "wrong", text
    assert words is None or words in text, text


@pytest.mark.parametrize(
    ("expected", "given"), [((3, 1), (2,)), ((1, 3), (2,)), ((3, 1), (1, 2)), ((2, 3), (3, 3)), ((2, 3, 4), (4, 3, 2))]
)
def test_a_shape_that_no_advice_helps_is_told_without_one(expected, given):
    text = str(judge(function_exercise(np.ones(expected)), lambda x: np.full(given, 7.0)))
    assert text.endswith(f"For x = 1: expected {describe(np.ones(expected))}, got shape {given}.")


def test_a_key_that_is_missing_and_what_stands_there_instead():
    recording = function_exercise({"W": 1.0, "b": 2.0, (3, "W"): 4.0})
    wrong = {"W": 1.0, "B": 2.0, (3, "W"): 4.0}
    keys = """the keys "W", "b", (3, 'W')"""
    assert judge(recording, lambda x: wrong).message == (
        f'For x = 1: the key "b" is missing, and the key "B" is not one of {keys}.'
    )
    assert 'result[3, "W"]: 5 is not right' in str(judge(recording, lambda x: {"W": 1.0, "b": 2.0, (3, "W"): 5.0}))


class Double(Exercise):
    """Two arrays in the shape of W: twice W, and three times W."""

    id, title, name, arguments = "9.1", "Twice and three times", "double", ("W",)
    mistakes = (
        Wrong("reversed order", lambda W: (3 * W, 2 * W), "They have changed places."),
        Wrong("factor 2", lambda W: (W, 2 * W), "One W too few."),
    )

    def cases(self, rng):
        for shape in ((2, 3), (1, 4), (3, 2)):
            yield {"W": rng.normal(size=shape)}

    def solution(self, W):
        return 2 * W, 3 * W


class Untold(Double):
    structure_is_asked = True


TOLD, UNTOLD = record(Double()), record(Untold())


def test_parts_have_changed_places_only_if_both_did():
    assert judge(TOLD, lambda W: (3 * W, 2 * W)).message == "They have changed places."
    for one in (lambda W: (2 * W, 2 * W), lambda W: (3 * W, 3 * W), lambda W: (3 * W, -W)):
        assert "changed places" not in str(judge(TOLD, one))
    assert judge(TOLD, lambda W: (W, 3 * W)).message == "result[1] is right. result[0]: One W too few."


@pytest.mark.parametrize(
    ("change", "name"), [(np.ravel, "flattened"), (np.transpose, "transposed"), (lambda a: a[None], "axis too many")]
)
def test_one_mistake_in_the_shapes_of_several_cases_has_its_name(change, name):
    named = judge(TOLD, lambda W: (2 * W, change(3 * W)))
    assert named.mistake == name
    assert named.message.startswith("result[0] is right. result[1]: ") and "shape (" not in named.message
    assert judge(TOLD, lambda W: (2 * W, change(3 * W) if W.size == 6 else -3 * W)).mistake is None


def test_a_structure_that_is_asked_is_not_told_with_two_mistakes_either():
    text = str(judge(UNTOLD, lambda W: (2 * W, -3 * W.T)))
    assert "is the transpose" in text and "opposite sign" in text and "shape (" not in text


def test_advice_comes_behind_what_is_said_of_a_structure():
    assert str(judge(UNTOLD, lambda W: map(abs, [W]))).endswith(
        ": a map object is not the structure that is asked for: put list(...) around it."
    )


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ("c", 'the key "a" is missing.'),
        ("abcde", 'the key "d" is not one of the keys "a", "b", "c".'),
        ("cde", 'the key "a" is missing, and the key "d" is not one of the keys "a", "b", "c".'),
    ],
)
def test_of_several_keys_that_are_missing_or_too_many_the_first_is_told(given, words):
    text = str(judge(function_exercise(dict.fromkeys("abc", 1.0)), lambda x: dict.fromkeys(given, 1.0)))
    assert text == f"2.2 wrong. For x = 1: {words}"
