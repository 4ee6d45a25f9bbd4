"""Which name a wrong answer gets where several could be meant, which it does not get, and what is said first."""

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


@pytest.mark.parametrize("A", [np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])])
def test_a_matrix_that_is_right_is_called_right_where_another_is_transposed(A):
    B = np.array([[5.0, 6.0], [7.0, 8.0]])
    verdict = judge(function_exercise({"A": A, "B": B}), lambda x: {"A": A, "B": B.T})
    assert verdict.mistake == "transposed" and verdict.message.startswith('"A" is right. "B": It is the transpose')


@pytest.mark.parametrize("mistaken", [{"a": 7}, {"a": 7, "b": 2, "c": 3}, [7, 2], 7, None])
def test_a_mistake_that_gives_other_parts_is_none_of_a_part(mistaken):
    recording = value_exercise({"a": 1, "b": 2}, None, Wrong("dropped path", lambda: mistaken, "Parts are missing."))
    assert judge(recording, mistaken).mistake == (None if mistaken is None else "dropped path")
    assert str(judge(recording, {"a": 7, "b": 2})) == '2.1 wrong. "b" is right. Not right yet: answer["a"].'


def test_a_name_is_given_to_numbers_up_to_1e300():
    """Their products leave float64 from there on, and a whole number may be larger than any float."""
    recording = function_exercise([0.9e300, -1.5])
    message = judge(recording, lambda x: [-0.9e300, 1.5]).message
    assert message == "Every number has the opposite sign."
    assert judge(recording, lambda x: [10**400, -1.5]).mistake is None


class Matrices(Exercise):
    """Symmetric for the first input, and of another size for the third."""

    id, title, name, arguments = "7.3", "A matrix", "matrix", ("n",)

    def cases(self, rng):
        yield from ({"n": n} for n in (1, 2, 3))

    def solution(self, n):
        return np.array([[1.0, 2.0], [2.0, 1.0]]) if n == 1 else np.arange(2.0 * n).reshape(2, n)


def test_a_transpose_does_not_show_where_the_matrix_is_symmetric():
    verdict = judge(record(Matrices()), lambda n: Matrices().solution(n).T.copy())
    assert verdict.mistake == "transposed" and verdict.message.startswith("It is the transpose")


def test_one_mistake_in_two_shapes_has_its_name_without_the_shapes():
    class Two(Matrices):
        def cases(self, rng):
            yield from ({"n": n} for n in (1, 3))

    for recording in (record(Two()), record(Matrices())):
        message = judge(recording, lambda n: Matrices().solution(n).ravel()).message
        assert message == "The numbers are right but an axis is missing: shapes are literal here."
    one = judge(function_exercise(np.eye(2)), lambda x: np.eye(2).ravel()).message
    assert one.startswith("Expected shape (2, 2), got (4,). The numbers are right but an axis")


def test_a_whole_number_among_others_is_not_named_with_them():
    verdict = judge(function_exercise({"a": 1.5, "b": 3}), lambda x: {"a": -1.5, "b": -3})
    assert verdict.message == '"a": Every number has the opposite sign. "b" is not right yet.'


def test_a_name_fits_within_the_tolerance_of_the_exercise():
    truth = np.array([[1.5], [2.0]])
    for off, fits in ((0.9e-3, True), (1.1e-3, False)):
        answer = -truth + off * np.array([[0.0], [2.0]])
        verdict = judge(function_exercise(truth, Close(1e-3)), lambda x, answer=answer: answer)
        assert (verdict.mistake == "sign") == fits


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
    assert text == "2.1 wrong. Every entry has the opposite sign."


def test_entries_and_numbers_together_are_called_entries():
    expected = {"a": 1.5, "b": np.array([[2.0], [3.0]])}
    message = judge(function_exercise(expected), lambda x: {key: -value for key, value in expected.items()}).message
    assert message == "Every entry has the opposite sign."


class Follows(Exercise):
    """The names of the costs in their order come first and follow from the costs."""

    id, title, name, arguments, follows = "7.2", "In order", "costs", ("n",), ("order",)

    def cases(self, rng):
        yield {"n": 2}

    def solution(self, n):
        return {"order": ["b", "a"], "a": 3 * n, "b": n * n}


@pytest.mark.parametrize("order", [["a", "b"], [1, 2], "ab", None])
def test_what_follows_is_not_told_before_that_from_which_it_follows(order):
    verdict = judge(record(Follows()), lambda n: {"order": order, "a": 7, "b": n * n})
    assert verdict.message == '"b" is right. For n = 2: result["a"]: 7 is not right.'


@pytest.mark.parametrize("size", [2, 3, 4])
def test_an_answer_that_has_its_parts_on_one_input_only_is_judged_as_a_whole(size):
    class Items(Exercise):
        id, title, name, arguments = "7.4", "Items", "items", ("n",)

        def cases(self, rng):
            yield from ({"n": n} for n in (1, 2))

        def solution(self, n):
            return [n * (k + 1) for k in range(size)]

    text = str(judge(record(Items()), lambda n: Items().solution(n) + [0] * (n == 2)))
    assert text == f"7.4 wrong. For n = 2: expected a list of {size} items, got a list of {size + 1} items."
