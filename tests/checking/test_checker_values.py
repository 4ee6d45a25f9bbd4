"""Which answers are the expected one: by type, by the size of the numbers, and in unusual forms."""

from collections import OrderedDict, namedtuple
from decimal import Decimal
from fractions import Fraction

import numpy as np
import pytest
from answering import SQUARE, function_exercise, value_exercise, verdict
from answering import VECTOR as COLUMN

from helpers.checking.checker import judge
from helpers.checking.exercise import Close, Wrong


class MyArray(np.ndarray):
    pass


class MyList(list):
    pass


Pair = namedtuple("Pair", "left right")


class MyFloat(float):
    pass


@pytest.mark.parametrize(
    ("expected", "answer", "note"),
    [
        (2.0, 2.0, None),
        (2.0, np.float64(2.0), None),
        (2.0, 2, "an int where a float is meant"),
        (2.0, np.int32(2), "an int where a float is meant"),
        (1.0, True, "True or False where a float is meant"),
        (0.1, np.float32(0.1), "float32"),
        (2.0, np.longdouble(2), None),
        (1 + 2j, np.clongdouble(1 + 2j), None),
        (2.0, np.array(2.0), "an array () of float64 where a float is meant"),
        (2.0, np.array([[2.0]]), "an array (1, 1) of float64 where a float is meant"),
        (0.1, np.array([0.1], np.float32), "float32"),
        (0.5, Fraction(1, 2), "a Fraction"),
        (0.5, Decimal("0.5"), "a Decimal"),
        (0.5, MyFloat(0.5), None),
        (np.inf, np.inf, None),
        (np.nan, np.nan, None),
        (3, 3, None),
        (3, np.int64(3), None),
        (3, 3.0, "a float where an int is meant"),
        (1, True, "where an int is meant"),
        (10**400, 10**400, None),
        (True, True, None),
        (True, np.bool_(True), None),
        (False, 0, "an int where True or False is meant"),
        (1 + 2j, 1 + 2j, None),
        (2 + 0j, 2.0, None),
        ("ik,k->i", "ik,k->i", None),
        ("error", " Error", 'where "error" is meant'),
        (None, None, None),
        (COLUMN, COLUMN.copy(), None),
        (COLUMN, np.asfortranarray(COLUMN), None),
        (COLUMN, COLUMN[::-1][::-1], None),
        (COLUMN, COLUMN.tolist(), "a list where an array of float64 is meant"),
        (COLUMN, tuple(map(tuple, COLUMN.tolist())), "a tuple where an array of float64 is meant"),
        (COLUMN, [row for row in COLUMN], "a list where an array of float64 is meant"),
        (COLUMN, COLUMN.astype(np.float32), "an array of float32 where an array of float64 is meant"),
        (COLUMN / 3, (COLUMN / 3).astype(np.float32), "float32"),
        (COLUMN, COLUMN.view(MyArray), "a MyArray; return a plain array"),
        (COLUMN, COLUMN.view(np.matrix), "a matrix; return"),
        (COLUMN, np.ma.masked_array(COLUMN), "a MaskedArray; return"),
        (SQUARE, SQUARE.astype(int), "an array of integers where an array of float64 is meant"),
        (np.eye(2), np.eye(2, dtype=bool), "an array of bools where an array of float64 is meant"),
        (np.eye(2) == 1, np.eye(2), "an array of float64 where an array of bools is meant"),
        (SQUARE, np.broadcast_to([[1.0, 2.0], [3.0, 4.0]], (2, 2)), None),
        (np.zeros((0, 3)), np.zeros((0, 3)), None),
        (np.zeros((2, 2)), np.full((2, 2), 1e-17), None),
        ([1.0, 2.0], [1.0, 2.0], None),
        ([1.0, 2.0], (1.0, 2.0), "a tuple where a list is meant"),
        ((2, 3), [2, 3], "a list where a tuple is meant"),
        ((2, 3), np.array([2, 3]), "an array of integers where a tuple is meant"),
        ((2, 3), COLUMN[:2, :].repeat(3, axis=1).shape, None),
        ([0, 1, 2], range(3), "a range"),
        ([1.0, 2.0], MyList([1.0, 2.0]), None),
        ([1.0, 1e-20], [1.0, 0.0], None),
        ([COLUMN, SQUARE], [COLUMN, SQUARE.tolist()], "a list where an array of float64 is meant"),
        ({"a": (2, 3), "b": 1.0}, {"b": 1.0, "a": (2, 3)}, None),
        ((1.0, 2.0), Pair(1.0, 2.0), None),
        ({"a": 1.0}, OrderedDict(a=1.0), None),
        ({"a": 1.0}, {np.str_("a"): 1}, "an int where a float is meant"),
    ],
)
def test_right_answers_with_their_note(expected, answer, note):
    status, text = verdict(expected, answer)
    assert status == "right", text
    assert ("Note:" in text) == (note is not None), text
    assert note is None or note in text


def test_the_inputs_are_counted_where_there_are_some():
    assert str(judge(value_exercise(2.0), 2.0)) == "2.1 right."
    assert str(judge(function_exercise(2.0), lambda x: 2.0)) == "2.2 right, on 1 input."


def test_a_value_message_never_tells_what_would_be_right():
    expected = {"a": (2, 3), "b": 7.25, "c": "error", "d": COLUMN}
    answer = {"a": "error", "b": 7.5, "c": (4, 4), "d": COLUMN + 1}
    text = str(judge(value_exercise(expected), answer))
    assert text == (
        '2.1 wrong. Not right yet: answer["a"] (a text), answer["c"] (a tuple of 2 items), answer["b"] '
        'and answer["d"][0, 0].'
    )
    assert "7.25" not in text
    assert "off by" not in text
    assert "(2, 3)" not in text
    assert judge(value_exercise(7.25), 7.5).message == "answer is not right."


def test_dots_that_are_left_are_counted():
    exercise = value_exercise({"a": (2, 3), "b": 1.0, "c": [1.0, 2.0]})
    untouched = "2.1 not attempted yet. Replace the ... and run both cells."
    assert str(judge(exercise, {"a": ..., "b": ..., "c": [..., ...]})) == untouched
    assert str(judge(exercise, ...)) == untouched
    assert str(judge(exercise, [..., ...])) == untouched
    some = judge(exercise, {"a": (2, 3), "b": ..., "c": [1.0, ...]})
    assert some.status == "not attempted"
    assert str(some) == (
        '2.1 not attempted yet: answer["b"] and answer["c"][1] are still .... Replace the ... and run both cells.'
    )


def test_a_function_where_a_value_is_asked():
    for answer in (lambda: 2.0, np.sin, print, [].append):
        result = judge(value_exercise(2.0), answer)
        assert str(result) == "2.1 wrong. answer is a function; a float is asked for. Hand in what it returns."
    assert judge(value_exercise(2.0), float).message == "answer: expected a float, got a class."


def test_the_worst_entry_is_told():
    wrong = COLUMN + np.array([[0.0], [0.25], [1e-3]])
    text = str(judge(function_exercise(COLUMN), lambda x: wrong))
    assert text == "2.2 wrong. For x = 1: result[1, 0]: -1.75 is off by 0.25 (2 of 3 entries are not right)."
    text = str(judge(function_exercise(COLUMN[:2]), lambda x: wrong[:2]))
    assert text == "2.2 wrong. For x = 1: result[1, 0]: -1.75 is off by 0.25 (1 of 2 entries are not right)."


def test_a_mistake_of_a_value_exercise():
    exercise = value_exercise((2, 3), None, Wrong("transposed", lambda: (3, 2), "The other way round."))
    assert str(judge(exercise, (3, 2))) == "2.1 wrong. The other way round."
    assert judge(exercise, [3, 2]).mistake == "transposed"


@pytest.mark.parametrize("scale", [1e-12, 1.0, 1e9])
def test_closeness_is_relative_to_the_largest_entry(scale):
    expected = scale * np.array([[1.0], [1e-7]])
    assert verdict(expected, expected + scale * np.array([[0.99e-9], [0.99e-9]]))[0] == "right"
    assert verdict(expected, expected + scale * np.array([[1.01e-9], [0.0]]))[0] == "wrong"
    assert verdict(expected, expected + scale * np.array([[0.0], [1.01e-9]]))[0] == "wrong"


def test_single_precision_is_no_licence():
    assert verdict(1 / 3, np.float32(1 / 3))[0] == "right"
    eps = float(np.finfo(np.float32).eps)
    assert verdict(1.0, np.float32(1 + 8 * eps))[0] == "right"
    assert verdict(1.0, np.float32(1 + 9 * eps))[0] == "wrong"
    assert verdict(1 / 3, float(np.float32(1 / 3)))[0] == "wrong"
    assert verdict(1 / 3, np.float32(1 / 3), Close(0))[0] == "wrong"


def test_a_tolerance_of_nothing_asks_for_equality():
    assert verdict(0.1 + 0.2, 0.3, Close(0))[0] == "wrong"


def test_a_whole_number_of_more_than_15_digits_is_not_written_out():
    for number, shown in ((10**15 - 1, "999999999999999"), (10**15, "a very large int"), (-(10**15), "a very large")):
        assert judge(function_exercise(3), lambda x, n=number: n).message.startswith(f"For x = 1: {shown}")


def test_a_fraction_is_read_as_a_float_and_the_two_notes_agree():
    notes = ("a Fraction, read as a float", "a float where an int is meant")
    assert judge(value_exercise(3), Fraction(3)).details == tuple(f"Note: {note}." for note in notes)
    assert judge(value_exercise(3.0), Fraction(3)).details == ("Note: a Fraction, read as a float.",)


@pytest.mark.parametrize(
    ("expected", "given", "words"),
    [
        (2.0, np.complex64(2), "expected a float, got a complex64; its imaginary part is zero"),
        (COLUMN, np.array([["a"], ["b"], ["c"]]), "got a column (3, 1) of texts"),
        ([2.0], [np.array(["2"])], "result[0]: expected a float, got an array of shape (1,) of texts"),
    ],
)
def test_a_result_of_another_kind_is_the_same_when_it_is_called_again(expected, given, words):
    text = str(judge(function_exercise(expected), lambda x: given))
    assert words in text and "called again" not in text


def test_texts_that_differ_from_call_to_call_are_seen():
    numbers = iter(range(9))
    assert "called again" in str(judge(function_exercise(COLUMN), lambda x: np.array([f"{next(numbers)}"])))
