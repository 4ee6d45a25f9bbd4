"""Which name a wrong answer gets where several could be meant, and which it does not get."""

import numpy as np
import pytest
from answering import function_exercise, value_exercise

from helpers.checking.checker import judge
from helpers.checking.exercise import Close, Exercise, Wrong
from helpers.checking.recording import record


def fails(text):
    """6 where 3 is right, then an exception of one type with this in its text."""
    return lambda x: 6.0 * x if x < 2 else int(text)


class Fails(Exercise):
    id, title, name, arguments = "7.1", "Three times", "thrice", ("x",)
    mistakes = (Wrong("factor 2", fails("one"), "The first."), Wrong("counted twice", fails("two"), "The second."))

    def cases(self, rng):
        yield from ({"x": x} for x in (1.0, 2.0))

    def solution(self, x):
        return 3 * x


@pytest.mark.parametrize(("text", "mistake"), [("one", "factor 2"), ("two", "counted twice"), ("three", "factor 2")])
def test_the_mistake_with_the_same_exception_comes_before_one_with_an_exception_of_the_same_type(text, mistake):
    assert judge(record(Fails()), fails(text)).mistake == mistake


def test_a_square_that_is_right_is_called_right_where_another_is_transposed():
    A, B = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[5.0, 6.0], [7.0, 8.0]])
    verdict = judge(function_exercise({"A": A, "B": B}), lambda x: {"A": A, "B": B.T})
    assert verdict.mistake == "transposed" and verdict.message.startswith('"A" is right. "B": It is the transpose')


def test_where_equality_is_asked_a_name_fits_within_1e_9():
    truth = np.array([[1.5], [2.0]])
    for off, fits in ((0.9e-9, True), (1.1e-9, False)):
        answer = -truth + off * np.array([[0.0], [2.0]])
        verdict = judge(function_exercise(truth, Close(0)), lambda x, answer=answer: answer)
        assert (verdict.mistake == "sign") == fits


def test_what_is_named_for_a_value_is_not_told_entry_by_entry():
    """Which entries are wrong would be more than the name of the mistake says."""
    truth = np.array([[1.5], [0.0]])
    text = str(judge(value_exercise(truth), -truth))
    assert text == "2.1 wrong. It looks like this: Every entry has the opposite sign."
