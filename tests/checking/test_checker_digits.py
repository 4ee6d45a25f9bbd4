"""Answers that are right but for their last digits: float32 on the way, and measurements where a formula is asked."""

import numpy as np
import pytest

from helpers import Function, numerical_jacobian
from helpers.checking.checker import judge
from helpers.checking.exercise import Close, Exercise, Wrong
from helpers.checking.recording import record


class Slopes(Exercise):
    """The slopes of x**3 / 3 in a column."""

    id, title, name, arguments = "3.9", "Slopes", "slopes", ("x",)
    mistakes = (Wrong("power rule", lambda x: x, "The exponent."),)

    def cases(self, rng):
        yield from ({"x": rng.uniform(1, 2, size=(n, 1))} for n in (2, 3))

    def solution(self, x):
        return x**2


class OnPaper(Slopes):
    derivation_is_asked = True


class Rough(Slopes):
    tolerance = Close(1e-6)


SLOPES, ON_PAPER, ROUGH = record(Slopes()), record(OnPaper()), record(Rough())
cube = lambda x: x**3 / 3


def difference(x, h=1e-5):
    return (cube(x + h) - cube(x - h)) / (2 * h)


def diagonal(J):
    return np.diag(J).reshape(-1, 1)


def test_float32_on_the_way_is_named():
    through = lambda x: (x**2).astype(np.float32).astype(float)
    for recording in (SLOPES, ON_PAPER):
        verdict = judge(recording, through)
        assert (verdict.status, verdict.mistake) == ("wrong", "single precision")
        assert "float32" in verdict.message
    assert judge(SLOPES, lambda x: x.astype(np.float32).astype(float) ** 2).mistake == "few digits"
    assert judge(SLOPES, lambda x: np.round(x**2, 7)).mistake == "few digits"
    some = lambda x: np.where(x == x.max(), through(x), np.round(x**2, 7))
    assert judge(SLOPES, some).mistake == "few digits"
    assert judge(SLOPES, lambda x: through(x) if len(x) == 2 else np.round(x**2, 7)).mistake == "few digits"


def test_a_float32_array_is_right_with_a_note_and_no_measurement():
    for recording in (SLOPES, ON_PAPER):
        verdict = judge(recording, lambda x: (x**2).astype(np.float32))
        assert verdict.status == "right" and "Note: an array of float32 where an array of float64 is meant." in str(
            verdict
        )


@pytest.mark.parametrize("off", [1e-4, 5e-5, 5e-6, 2e-6])
def test_what_is_off_by_more_has_another_name(off):
    answer = lambda x: x**2 * (1 + off * np.cos(np.arange(len(x)))[:, None])
    assert judge(SLOPES, answer).mistake is None
    assert judge(ON_PAPER, answer).mistake == (None if off > 1e-5 else "measured")


@pytest.mark.parametrize(
    ("off", "mistake"), [(0.09, "measured"), (-0.09, "measured"), (0.11, "constant factor"), (0.0, None)]
)
def test_a_coarse_search_is_known_where_the_exercise_says_how_coarse(off, mistake):
    class Searched(OnPaper):
        measured_within = 0.1

    assert judge(record(Searched()), lambda x: x**2 * (1 + off)).mistake == mistake


def test_few_digits_are_enough_where_few_are_asked():
    assert judge(ROUGH, lambda x: x.astype(np.float32).astype(float) ** 2).status == "right"
    assert judge(ROUGH, difference).status == "right"


@pytest.mark.parametrize(("rtol", "mistake"), [(9.4e-7, "few digits"), (9.7e-7, None), (0.0, None)])
def test_few_digits_are_named_where_more_than_those_of_float32_are_asked(rtol, mistake):
    """8 times the 1.2e-7 of float32; and where equality is asked, nothing is nearly right."""
    recording = record(type("Asked", (Slopes,), {"tolerance": Close(rtol)})())
    largest = lambda x: x**2 + 9.5e-7 * (x == x.max()) * (x**2).max()
    assert judge(recording, largest).mistake == mistake
    assert judge(recording, lambda x: -(x**2)).mistake == "sign"


def test_whole_numbers_have_no_last_digits():
    class Count(Slopes):
        tolerance = Close(0)

        def cases(self, rng):
            yield {"x": 1}

        def solution(self, x):
            return 12_845_056

    assert judge(record(Count()), lambda x: 12_845_057).mistake is None


MEASURED = [
    lambda x: diagonal(numerical_jacobian(cube, x)),
    lambda x: diagonal(numerical_jacobian(cube, x, "central")),
    lambda x: diagonal(Function(cube).d(x)),
    difference,
    lambda x: difference(x, 1e-3),
    lambda x: difference(x, 1e-7),
    lambda x: (cube(x + 1e-7) - cube(x)) / 1e-7,
]


@pytest.mark.parametrize("answer", MEASURED)
def test_a_measurement_is_sent_back_where_a_derivation_is_asked(answer):
    verdict = judge(ON_PAPER, answer)
    assert (verdict.status, verdict.mistake) == ("wrong", "measured")
    assert "The numbers are right (to the accuracy of a measurement)" in verdict.message
    assert "asks for the derivation" in verdict.message
    assert "not right" not in str(verdict) and "off by" not in str(verdict)
    assert judge(SLOPES, answer).mistake != "measured"


@pytest.mark.parametrize("answer", [lambda x: x * x, lambda x: np.exp(2 * np.log(x)), lambda x: x**4 / (x * x)])
def test_a_formula_is_right_however_it_is_written(answer):
    assert judge(ON_PAPER, answer).status == "right"


def test_a_formula_may_be_rounded_more_than_that_and_a_measurement_is_off_by_more():
    for off, status in ((0.9e-11, "right"), (1.1e-11, "wrong")):
        answer = lambda x, off=off: x**2 + off * (x**2).max() * (x == x.max())
        assert judge(ON_PAPER, answer).status == status
        assert judge(SLOPES, answer).status == "right"


def test_one_input_on_which_it_is_measured_is_enough():
    assert judge(ON_PAPER, lambda x: x**2 if len(x) == 2 else difference(x)).mistake == "measured"
    slightly = lambda x: x**2 * (1 + 5e-10 * (len(x) == 3))  # within the tolerance, and no formula
    assert judge(SLOPES, slightly).status == "right" and judge(ON_PAPER, slightly).mistake == "measured"


def test_a_value_may_be_asked_for_by_a_formula_too():
    asked = type("Asked", (Exercise,), {"id": "3.9", "title": "S", "name": "slope", "derivation_is_asked": True})
    asked.solution = lambda self: 2.5
    assert judge(record(asked()), 2.5).status == "right"
    assert judge(record(asked()), 2.5 * (1 + 1e-7)).mistake == "measured"


def test_a_wrong_measurement_is_not_called_right():
    wrong = judge(ON_PAPER, lambda x: diagonal(numerical_jacobian(lambda x: x**2 / 2, x)))
    assert (wrong.mistake, "The numbers are right" in wrong.message) == ("power rule", False)


def test_a_recording_from_a_file_asks_for_the_derivation_too(tmp_path):
    ON_PAPER.save(tmp_path / "r.json")
    assert judge(type(ON_PAPER).load(tmp_path / "r.json"), MEASURED[0]).mistake == "measured"
