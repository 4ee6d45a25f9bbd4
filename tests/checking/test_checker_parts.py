"""Answers of several parts are judged part by part; general names reach them; no message gives an answer away."""

import numpy as np
import pytest
from answering import function_exercise, value_exercise

from helpers.checking.checker import judge
from helpers.checking.exercise import Exercise, Wrong
from helpers.checking.recording import Recording, record
from helpers.tuples import Tuple


def gradients(W, x, /, **other):
    return {"W": np.outer(x, x) @ W, "b": 2 * x, "x": 3 * W @ x} | other


class Gradients(Exercise):
    id, title, name, arguments = "9.5", "Three gradients", "gradients", ("W", "x")
    returns = "a dict"
    mistakes = (
        Wrong("outer derivative forgotten", lambda W, x: gradients(W, x, x=W @ x), "What is before W?"),
        Wrong("value instead of derivative", lambda W, x: gradients(W, x, b=x, W=W), "These are the values."),
        Wrong("transposed", lambda W, x: gradients(W, x, W=(np.outer(x, x) @ W).T), "It lies on its side."),
    )

    def cases(self, rng):
        yield {"W": np.array([[0.5, -1.25], [2.0, 0.125]]), "x": np.array([[3.0], [-0.75]])}
        yield {"W": rng.normal(size=(3, 3)), "x": rng.normal(size=(3, 1))}

    def solution(self, W, x):
        return gradients(W, x)


INPUTS = "W = [[0.5, -1.25], [2, 0.125]], x = [[3], [-0.75]]"


THREE = record(Gradients())


def said(recording, answer):
    return str(judge(recording, answer)).split("\n")


def test_a_mistake_that_fits_as_a_whole_keeps_its_words_and_is_told_what_is_right():
    assert said(THREE, lambda W, x: gradients(W, x, x=W @ x))[0] == (
        '9.5 wrong. "W" and "b" are right. What is before W?'
    )
    assert said(THREE, lambda W, x: gradients(W, x, W=(np.outer(x, x) @ W).T))[0] == (
        '9.5 wrong. "b" and "x" are right. It lies on its side.'
    )
    assert said(THREE, lambda W, x: gradients(W, x, W=W, b=x))[0] == '9.5 wrong. "x" is right. These are the values.'


def test_each_part_has_its_own_mistake_and_no_praise_of_the_others():
    verdict = judge(THREE, lambda W, x: gradients(W, x, W=(np.outer(x, x) @ W).T, x=W @ x))
    assert verdict.mistake == "transposed"
    assert str(verdict) == (
        f'9.5 wrong. "b" is right. "W": It lies on its side. "x": What is before W?\nSeen for {INPUTS}.'
    )


def test_a_part_of_a_mistake_is_enough():
    verdict = judge(THREE, lambda W, x: gradients(W, x, b=x))
    assert (verdict.mistake, verdict.message) == (
        "value instead of derivative",
        '"W" and "x" are right. "b": These are the values.',
    )


def test_a_part_that_no_mistake_of_its_own_explains_has_a_general_one():
    verdict = judge(THREE, lambda W, x: gradients(W, x, b=-2 * x, x=3 * W @ x + 1))
    assert (verdict.mistake, verdict.message) == (
        "sign",
        '"W" is right. "b": Every entry has the opposite sign. "x" is not right yet.',
    )


def test_a_part_without_a_name_is_shown_and_the_right_ones_are_told():
    [line] = said(THREE, lambda W, x: gradients(W, x, b=2 * x + 1))
    assert line.startswith(f'9.5 wrong. "W" and "x" are right. For {INPUTS}: result["b"][')
    [line] = said(THREE, lambda W, x: gradients(W, x, b=2 * x.ravel() + 1))
    assert line.endswith('result["b"]: expected a column (2, 1), got shape (2,); use x.reshape(-1, 1).')


def test_a_part_that_is_right_on_some_inputs_only_is_not_called_right_nor_named():
    def sometimes(W, x):
        return gradients(W, x, b=-2 * x if len(x) == 2 else 2 * x)

    verdict = judge(THREE, sometimes)
    assert verdict.mistake is None
    assert verdict.message.startswith(f'"W" and "x" are right. For {INPUTS}')


def test_other_keys_or_another_kind_of_thing_have_no_parts():
    for answer in (
        lambda W, x: {"W": W},
        lambda W, x: gradients(W, x, more=1.0),
        lambda W, x: [W, x, x],
        lambda W, x: W,
    ):
        assert "right. " not in judge(THREE, answer).message


def test_two_mistakes_that_give_the_same_item_are_not_told_apart():
    right = {"a": (2, 3), "b": (3, 1), "c": (1, 4)}
    wrong = [
        Wrong("transposed", lambda: right | {"a": (3, 2), "b": (1, 3)}, "Turned."),
        Wrong("other layout", lambda: right | {"a": (3, 2), "c": (4, 1)}, "Other."),
        Wrong("flattened", lambda: right | {"c": (4,)}, "Flat."),
    ]
    exercise = value_exercise(right, None, *wrong)
    assert said(exercise, right | {"a": (3, 2)}) == [
        '2.1 wrong. "b" and "c" are right. Not right yet: answer["a"][0] and answer["a"][1].'
    ]
    assert said(exercise, right | {"a": (3, 2), "b": (1, 3), "c": (4,)}) == [
        '2.1 wrong. "a" and "b": Turned. "c": Flat.'
    ]
    assert said(exercise, right | {"a": (7, 7), "c": (4,)}) == [
        '2.1 wrong. "b" is right. "c": Flat. "a" is not right yet.'
    ]


@pytest.mark.parametrize("kind", [list, tuple, Tuple])
def test_items_are_named_by_their_place(kind):
    A, B = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[5.0], [6.0]])
    assert said(function_exercise(kind([A, B])), lambda x: kind([A, 2 * B]))[0] == (
        "2.2 wrong. result[0] is right. result[1]: Every entry is twice what it should be."
    )
    assert said(value_exercise(kind([A, B])), kind([A.T, B]))[0].startswith(
        "2.1 wrong. answer[1] is right. answer[0]: It is the transpose"
    )


@pytest.mark.parametrize("expected", [[3, 4], (3.5, 4.5)])
def test_the_items_of_an_array_in_the_place_of_a_list_are_numbers(expected):
    assert said(value_exercise(expected), np.array([expected[0], 7])) == [
        "2.1 wrong. answer[0] is right. Not right yet: answer[1]."
    ]


# --- a part that follows from the others --------------------------------------------------------------------


class Cheapest(Exercise):
    """Two costs, and the name of the smaller one."""

    id, title, name, arguments, follows = "6.5", "The cheapest", "costs", ("n",), ("least",)
    mistakes = (
        Wrong("sign", lambda n: named({"a": -n * n, "b": -3 * n}), "Costs are positive."),
        Wrong("answer inverted", lambda n: costs(n) | {"least": max(costs(n), key=costs(n).get)}, "The dearest."),
    )

    def cases(self, rng):
        yield from ({"n": n} for n in (2, 5))

    def solution(self, n):
        return named(costs(n))


def costs(n):
    return {"a": n * n, "b": 3 * n}


def named(costs):
    return costs | {"least": min(costs, key=costs.get)}


def test_what_follows_from_a_wrong_part_is_neither_right_nor_wrong():
    recording = record(Cheapest())
    verdict = judge(recording, lambda n: named({"a": 9 * n, "b": 3 * n}))
    assert (verdict.mistake, verdict.message) == (None, '"b" is right. For n = 2: result["a"]: 18 is not right.')
    text = judge(recording, lambda n: {"a": 9 * n, "b": 3 * n, "least": 3}).message
    assert 'result["a"]' in text and "least" not in text
    # The name of the smaller cost is here that of the dearer true one. That is no mistake of its own.
    verdict = judge(recording, lambda n: named({"a": 4 * n if n < 3 else 2 * n, "b": 3 * n}))
    assert (verdict.mistake, verdict.message.startswith('"b" is right. For n = 2')) == (None, True)


def test_a_mistake_is_known_whatever_follows_from_it():
    recording = record(Cheapest())
    for least in ("a", "b", "neither"):
        answer = lambda n, least=least: {"a": -n * n, "b": -3 * n, "least": least}
        assert (judge(recording, answer).mistake, judge(recording, answer).message) == ("sign", "Costs are positive.")


def test_what_follows_is_judged_once_the_rest_is_right():
    recording = record(Cheapest())
    assert judge(recording, Cheapest().solution).status == "right"
    verdict = judge(recording, lambda n: costs(n) | {"least": "a"})
    assert (verdict.mistake, verdict.message.startswith('"a" and "b" are right. For n = 5')) == (None, True)
    dearest = judge(recording, lambda n: costs(n) | {"least": max(costs(n), key=costs(n).get)})
    assert (dearest.mistake, dearest.message) == ("answer inverted", '"a" and "b" are right. The dearest.')


def test_what_follows_stands_in_a_recording_from_a_file(tmp_path):
    record(Cheapest()).save(tmp_path / "r.json")
    assert vars(Recording.load(tmp_path / "r.json")) == vars(record(Cheapest()))


# --- general names ------------------------------------------------------------------------------------------


COLUMN = np.array([[1.5], [-2.0], [0.0]])


@pytest.mark.parametrize(("factor", "mistake"), [(-1.0, "sign"), (2.0, "factor 2"), (0.5, "factor 1/2"), (0.0, "zero")])
def test_general_names_reach_dicts_lists_and_numbers(factor, mistake):
    def times(value):
        if isinstance(value, dict):
            return {key: times(item) for key, item in value.items()}
        return [times(item) for item in value] if isinstance(value, list) else factor * value

    for expected in (COLUMN, {"W": COLUMN, "b": 2 * COLUMN}, [1.5, 0.25, 0.0], {"a": 1.5, "b": [COLUMN]}, 3.5):
        assert judge(function_exercise(expected), lambda x, e=expected: times(e)).mistake == mistake
    for expected in (COLUMN, {"W": COLUMN, "b": 2 * COLUMN}, [1.5, 0.25, 0.0]):
        assert judge(value_exercise(expected), times(expected)).mistake == mistake
    assert judge(value_exercise([1.5, 0.25]), times([1.5, 0.25])).mistake == mistake
    assert "Every number" in judge(function_exercise([1.5, 0.25]), lambda x: times([1.5, 0.25])).message
    assert judge(function_exercise(1.5), lambda x: 0).mistake == "zero"


@pytest.mark.parametrize("expected", [1.5, 3, True, [3, 4], {"a": 3, "b": 1}, np.array([[1], [2]])])
def test_no_general_name_where_it_would_be_the_answer(expected):
    negated = -expected if not isinstance(expected, list | dict) else None
    for answer in filter(lambda a: a is not None, (negated, [-3, -4], {"a": -3, "b": -1}, 0, 0.0)):
        assert judge(value_exercise(expected), answer).mistake is None
    assert judge(value_exercise({"a": 1.5, "b": 2.0}), {"a": -1.5, "b": 2.0}).mistake is None


class Slope(Exercise):
    id, title, name, arguments = "1.9", "A slope", "slope", ("x",)

    def cases(self, rng):
        yield from ({"x": x} for x in (0.0, 1.0, 2.0))

    def solution(self, x):
        return 3 * x


def test_a_general_name_fits_every_case_and_shows_on_one():
    slopes = record(Slope())
    assert judge(slopes, lambda x: -3 * x).mistake == "sign"  # 0 has no sign
    assert judge(slopes, lambda x: 6 * x if x < 2 else 6.0).mistake is None
    assert judge(slopes, lambda x: -3 * x if x < 2 else 12.0).mistake is None
    symmetric = np.array([[1.0, 2.0], [2.0, 3.0]])
    both = {"S": symmetric, "A": np.array([[1.0, 2.0], [3.0, 4.0]])}
    assert judge(function_exercise(both), lambda x: {key: item.T for key, item in both.items()}).mistake == "transposed"


def test_a_part_with_a_zero_in_it_is_right_if_the_others_have_a_sign():
    expected = {"a": np.array([1.5, 0.0]), "b": np.array([2.0, 3.0])}
    assert said(function_exercise(expected), lambda x: expected | {"b": -expected["b"]})[0] == (
        '2.2 wrong. "a" is right. "b": Every entry has the opposite sign.'
    )


def test_where_something_is_not_finite_there_is_no_general_name():
    for expected in (np.array([[1.5], [np.inf]]), np.array([[np.nan], [2.5]])):
        assert judge(function_exercise(expected), lambda x, e=expected: -e).mistake is None


# --- nothing is given away ----------------------------------------------------------------------------------


def test_one_number_is_not_told_how_far_off_it_is():
    assert said(function_exercise(18), lambda x: 6) == ["2.2 wrong. For x = 1: 6 is not right."]
    assert said(function_exercise(1.25e-8), lambda x: 1.55e-16) == ["2.2 wrong. For x = 1: 1.55e-16 is not right."]
    assert said(function_exercise(np.array([[2.5]])), lambda x: np.array([[3.0]])) == [
        "2.2 wrong. For x = 1: result[0, 0]: 3 is not right."
    ]
    assert "off by" not in str(judge(function_exercise(np.array([[2], [5]])), lambda x: np.array([[2], [6]])))
    assert "off by" not in str(judge(function_exercise([1.5, 2.5]), lambda x: [1.5, 2.6]))


def test_a_number_where_a_truth_value_is_meant_is_not_called_false():
    assert said(function_exercise(True), lambda x: 0.0) == [
        "2.2 wrong. For x = 1: expected True or False, got a float."
    ]
    assert said(function_exercise(True), lambda x: False) == ["2.2 wrong. For x = 1: False is not right."]


def test_texts_differ_in_more_than_blanks_and_capitals():
    assert judge(value_exercise("J @ T"), "J@T").status == "right"
    assert judge(value_exercise("J @ T"), "T @ J").status == "wrong"


def asked_structure(expected):
    exercise = type("Asked", (Exercise,), {"id": "8.1", "title": "S", "name": "answer", "structure_is_asked": True})
    exercise.solution = lambda self: expected
    return record(exercise())


SHAPES = {"a": (2, 3), "b": "error", "c": (4, (2, 2))}


def test_where_the_structure_is_the_question_no_kind_or_shape_is_told():
    exercise = asked_structure(SHAPES)
    assert said(exercise, SHAPES | {"a": "error", "b": (1, 2)}) == [
        '8.1 wrong. "c" is right. Not right yet: "a" and "b".'
    ]
    assert said(exercise, SHAPES | {"c": (4, (2, 3))}) == ['8.1 wrong. "a" and "b" are right. Not right yet: "c".']
    assert said(exercise, None) == ["8.1 wrong. answer is None; a value is asked for."]

    class Asked(Exercise):
        id, title, name, arguments, returns = "8.1", "A tuple", "answer", ("x",), "a Tuple of 2 arrays (2, 2)"
        structure_is_asked = True

        def cases(self, rng):
            yield {"x": 1.0}

        def solution(self, x):
            return Tuple([x * np.eye(2), np.ones((2, 2))])

    function = record(Asked())
    for answer in (
        None,
        [1.0],
        np.eye(2),
        Tuple([np.eye(3), np.ones((2, 2))]),
        Tuple([np.eye(2)]),
        np.ones((2, 2, 2)) * 1j,
    ):
        text = str(judge(function, lambda x, answer=answer: answer))
        assert (
            "expected" not in text and "Tuple of 2" not in text and "(2, 2)" not in text.replace("shape (2, 2) is", "")
        )
    assert said(function, lambda x: np.eye(2)) == [
        "8.1 wrong. For x = 1: an array of shape (2, 2) is not the structure that is asked for."
    ]


def test_the_keys_of_a_dict_are_told_where_its_shapes_are_asked():
    class Keys(Exercise):
        id, title, name, arguments, structure_is_asked = "9.2", "Shapes", "shapes", ("x",), True

        def cases(self, rng):
            yield {"x": 1.0}

        def solution(self, x):
            return {"W": np.ones((2, 3)), "b": np.ones((2, 1))}

    function = record(Keys())
    assert said(function, lambda x: {"W": np.ones((2, 3))}) == ['9.2 wrong. For x = 1: the key "b" is missing.']
    text = str(judge(function, lambda x: {"W": np.ones((2, 3)), "b": np.ones((2, 1)), "c": 1.0}))
    assert 'the key "c" is not one of the keys "W", "b"' in text
    assert "(2, 1)" not in str(judge(function, lambda x: {"W": np.ones((2, 3)), "b": np.ones(2)}))


def test_the_structure_stays_hidden_in_a_recording_from_a_file(tmp_path):
    exercise = asked_structure(SHAPES)
    exercise.save(tmp_path / "r.json")
    assert vars(Recording.load(tmp_path / "r.json")) == vars(exercise)


# --- a mistake that ends in an exception ----------------------------------------------------------------------


class Rows(Exercise):
    id, title, name, arguments = "9.1", "Scaled rows", "scaled", ("W", "s")
    mistakes = (
        Wrong("caret", lambda W, s: W * 2.0 ^ 2, "No power."),
        Wrong("reversed product", lambda W, s: W @ np.diag(s.ravel()), "The columns are scaled."),
    )

    def cases(self, rng):
        yield from ({"W": rng.normal(size=(m, n)), "s": rng.normal(size=(m, 1))} for m, n in ((3, 3), (2, 4)))

    def solution(self, W, s):
        return s * W


class Product(Rows):
    mistakes = (Wrong("reversed product", lambda W, s: s @ W, "The other order."),)

    def solution(self, W, s):
        return W.T @ s


def test_the_same_mistake_in_another_idiom_earns_the_same_message():
    for answer in (lambda W, s: W * s.T, lambda W, s: np.dot(W, np.diag(s.ravel())), lambda W, s: W * s.ravel()):
        verdict = judge(record(Rows()), answer)
        assert (verdict.mistake, verdict.message) == ("reversed product", "The columns are scaled.")
        assert "your function raises ValueError" in str(verdict)
    for answer in (lambda W, s: np.dot(s, W), lambda W, s: s.dot(W), lambda W, s: np.matmul(s, W)):
        assert judge(record(Product()), answer).mistake == "reversed product"


def test_an_exception_of_the_same_type_is_not_enough_without_the_same_numbers_before():
    for answer in (lambda W, s: W @ s.T, lambda W, s: int("x"), lambda W, s: np.zeros(3) + np.zeros(2)):
        assert judge(record(Product()), answer).mistake is None
    assert judge(record(Rows()), lambda W, s: s * W if len(W) == 3 else int("x")).mistake is None


def test_an_operator_is_the_same_whatever_its_operands():
    class Power(Rows):
        arguments = ("x",)
        mistakes = (Wrong("caret", lambda x: x ^ 2, "No power."),)

        def cases(self, rng):
            yield {"x": 1.5}

        def solution(self, x):
            return x**2

    assert judge(record(Power()), lambda x: x ^ 2.0).mistake == "caret"
    assert judge(record(Power()), lambda x: x + "2").mistake is None

    def in_place(x):
        x ^= 2
        return x

    assert judge(record(Power()), in_place).mistake == "caret"


def test_seen_for_names_a_case_on_which_the_mistake_is_wrong():
    class Late(Slope):
        mistakes = (Wrong("coincidence", lambda x: 3 * x * x, "Squared."),)

    assert said(record(Late()), lambda x: 3 * x * x) == ["1.9 wrong. Squared.", "Seen for x = 2."]
