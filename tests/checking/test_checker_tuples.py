"""Answers that are Tuples: read without trusting them, recorded without loss, compared element by element."""

import numpy as np
import pytest

from helpers.checking.checker import judge
from helpers.checking.exercise import Exercise, Wrong
from helpers.checking.recording import Recording, record
from helpers.tuples import Tuple


class Scaled(Exercise):
    id, title, name, arguments, returns = "8.1", "Scaled identities", "scaled", ("x",), "a Tuple"

    def cases(self, rng):
        yield from ({"x": rng.normal(size=(n, 1))} for n in (2, 3))

    def solution(self, x):
        return Tuple(x_j * np.eye(2) for x_j in x.ravel())

    mistakes = (Wrong("sign", lambda x: Tuple(-x_j * np.eye(2) for x_j in x.ravel()), "The sign is wrong."),)


RECORDED = record(Scaled())


def scaled(x):
    return Scaled().solution(x)


def test_a_right_tuple_is_right_and_a_known_mistake_is_known():
    assert judge(RECORDED, scaled).status == "right"
    assert judge(RECORDED, lambda x: -1.0 * scaled(x)).mistake == "sign"


def test_a_list_of_the_right_arrays_is_right_with_a_note():
    said = str(judge(RECORDED, lambda x: list(scaled(x))))
    assert "right" in said and "a list where a Tuple is meant" in said


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        (lambda x: Tuple(list(scaled(x))[1:]), "expected a Tuple of 2 items, got a Tuple of 1 item"),
        (lambda x: np.hstack(list(scaled(x))), "expected a Tuple of 2 items, got"),
        (lambda x: Tuple(x_j * np.eye(3) for x_j in x.ravel()), "result[0]: expected an array of shape (2, 2)"),
        (lambda x: np.stack(list(scaled(x))), "expected a Tuple of 2 items, got an array of shape (2, 2, 2)"),
        (lambda x: scaled(x)[0], "expected a Tuple of 2 items"),
        (lambda x: Tuple([scaled(x), scaled(x)]), "result[0]: expected an array of shape (2, 2), got a Tuple"),
        (lambda x: scaled(x) + Tuple([np.full((2, 2), 1e-6)] * len(x)), "off by 1e-06"),
    ],
)
def test_a_wrong_tuple_is_wrong_and_the_element_is_named(answer, says):
    verdict = judge(RECORDED, answer)
    assert verdict.status == "wrong"
    assert says in str(verdict)


def test_a_recording_with_tuples_survives_json(tmp_path):
    RECORDED.save(tmp_path / "8.1.json")
    loaded = Recording.load(tmp_path / "8.1.json")
    assert [case.expected for case in loaded.cases] == [case.expected for case in RECORDED.cases]
    assert isinstance(loaded.cases[0].expected, Tuple)
    assert judge(loaded, scaled).status == "right"


def test_a_function_cannot_reach_the_expected_arrays_through_a_tuple_argument():
    class Spoils(Scaled):
        id = "8.2"
        arguments = ("T",)
        mistakes = ()

        def cases(self, rng):
            yield {"T": Tuple([rng.normal(size=(2, 1))])}

        def solution(self, T):
            return T

    def spoils(T):
        T[0][:] = 0.0
        return T

    assert "changes its argument T" in str(judge(record(Spoils()), spoils))


def test_a_general_mistake_in_all_elements_is_named():
    class Nameless(Scaled):
        id = "8.3"
        mistakes = ()

    for factor, mistake in ((-1.0, "sign"), (2.0, "factor 2"), (0.0, "zero")):
        assert judge(record(Nameless()), lambda x, factor=factor: factor * scaled(x)).mistake == mistake
    assert judge(record(Nameless()), lambda x: scaled(x) + Tuple([np.eye(2)] * len(x))).mistake is None
