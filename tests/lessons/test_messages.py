"""What the messages of single exercises say, and what they keep to themselves."""

import numpy as np
import pytest

from helpers.checking.checker import judge
from helpers.checking.recording import record
from helpers.lessons import library
from helpers.tuples import Tuple


def said(id, answer):
    verdict = judge(library.recording(id), answer)
    assert verdict.status == "wrong"
    return str(verdict)


def right(id):
    return library.exercise(id).solution()


def items(x, M):
    return [x_j * np.eye(M) for x_j in x.ravel()]


def test_one_wrong_line_of_many_is_named_by_its_key():
    text = said("2.3", right("2.3") | {"(5,) * (1, 5)": (25, 1)})
    assert "are right" in text and 'Not right yet: "(5,) * (1, 5)".' in text
    assert "sixth" not in text


@pytest.mark.parametrize("answer", ["error", (3, 5), 7])
def test_no_line_tells_whether_a_shape_or_an_error_is_asked(answer):
    for key, expected in right("2.3").items():
        if answer != expected:
            text = said("2.3", right("2.3") | {key: answer})
            assert "(a " not in text and "a text" not in text and "a tuple" not in text and "an int" not in text


def test_an_axis_that_is_missing_is_the_cause_and_not_the_order():
    def log_softmax_jacobian(f):
        p = (np.exp(f) / np.exp(f).sum()).ravel()
        return np.eye(len(f)) - np.ones(len(f)) @ p.T

    text = said("4.4", log_softmax_jacobian)
    assert "one axis" in text and "exchange" not in text


def test_a_depth_that_stops_at_floats_is_wrong_for_an_int():
    def depth(nested):
        if type(nested) == float:  # noqa: E721
            return 0
        return 1 + depth(nested[0])

    assert "A number may be a whole one too" in said("2.5", depth)


def test_an_error_in_place_of_a_verdict_is_not_called_false():
    assert "You return the error itself" in said("1.5", lambda f, x, claim: abs(claim - f(x + 1e-20j).imag / 1e-20))


def test_a_slip_in_the_exponent_is_not_told_that_it_forgets_the_rounding():
    text = said("1.2", lambda p, C, F, eps: (eps * F / (p * C)) ** (1 / p))
    assert "The root is not the right one" in text


ONE_NUMBER = [
    ("1.2", lambda p, C, F, eps: 0.0),
    ("1.2", lambda p, C, F, eps: eps * F),
    ("0.1", lambda x: 0.5),
    ("9.4", lambda M, N: dict.fromkeys(library.exercise("9.4").solution(3, 2), 6)),
]


@pytest.mark.parametrize(("id", "answer"), ONE_NUMBER)
def test_how_far_off_one_number_is_stays_untold(id, answer):
    assert "off by" not in said(id, answer)


@pytest.mark.parametrize("change", [{"T @ K": "Error"}, {"dh/dW, J the Jacobian of h at z": "J@T"}])
def test_blanks_and_capitals_of_a_text_do_not_matter(change):
    assert judge(library.recording("8.3"), right("8.3") | change).status == "right"


@pytest.mark.parametrize(
    "scaled", [lambda T, c: c**2 * T, lambda T, c: T * c**2, lambda T, c: T / (1 / c**2), lambda T, c: T * c * c]
)
def test_a_tuple_is_scaled_from_either_side(scaled):
    answer = lambda p, A, c: Tuple([c**2 * A, scaled(Tuple(items(p, len(A))), c), 2 * c * A @ p])
    assert judge(library.recording("8.2"), answer).status == "right"


def test_an_array_of_one_number_times_a_tuple_says_what_is_expected():
    answer = lambda p, A, c: Tuple([c**2 * A, np.array([[c**2]]) * Tuple(items(p, len(A))), 2 * c * A @ p])
    assert "expected a number times a Tuple, got shape (1, 1)" in said("8.2", answer)


STRUCTURES = [
    ("8.1", lambda W, x: None),
    ("8.1", lambda W, x: W),
    ("8.1", lambda W, x: [x.T] * len(W)),
    ("8.1", lambda W, x: Tuple([np.zeros((7, 7))] * W.shape[1])),
    ("8.2", lambda p, A, c: [c**2 * A]),
    ("8.2", lambda p, A, c: Tuple([c**2 * A, c**2 * A, 2 * c * A @ p])),
    ("9.5", lambda W, b, x: np.zeros((7, 7))),
    ("9.5", lambda W, b, x: [Tuple([np.zeros((7, 7))]), np.zeros((7, 7))]),
]


@pytest.mark.parametrize(("id", "answer"), STRUCTURES)
def test_a_structure_that_is_asked_is_not_told(id, answer):
    text = said(id, answer)
    assert "expected" not in text and "items" not in text


def by_cosh(W0, b0, W1, b1, x):
    z0 = W0 @ x + b0
    z1 = W1 @ np.tanh(z0) + b1
    return np.cosh(z1) ** -2.0 * W1 @ (np.cosh(z0) ** -2.0 * W0)


def three_rows(w, x, b):
    slope = np.cosh(b - np.sum((x - w) ** 2) / 2) ** -2.0
    return slope * (w - x).T, slope * (x - w).T, slope


FORMULAS = {
    "5.3": lambda t: t * (np.exp(3j * t) * (2 + 3j * t) * np.array([[1], [-1j], [0]])).real + [[0], [0], [4 * t**3]],
    "6.3": by_cosh,
    "7.1": three_rows,
    "7.4": lambda w, x, b, k: k / 4 * np.cosh(k * (w.T @ x + b) / 2) ** -2.0 * x.T,
}


@pytest.mark.parametrize("id", FORMULAS)
@pytest.mark.parametrize("seed", range(20))
def test_another_formula_is_not_taken_for_a_measurement(id, seed):
    verdict = judge(record(library.exercise(id), seed), FORMULAS[id])
    assert verdict.status == "right", str(verdict)


ONE_OF_TWO = [
    ("7.1", 0, lambda w, x, b: (2 * three_rows(w, x, b)[0], *three_rows(w, x, b)[1:]), "The first two"),
    ("7.1", 2, lambda w, x, b: (*three_rows(w, x, b)[:2], three_rows(w, x, b)[2][None]), "plain number"),
    ("12.2", "W", lambda dL: {"W": dL[0], "b": dL[1].T}, "Both"),
    ("12.2", "b", lambda dL: dict.fromkeys("Wb", right_gradient(dL)), "changed places"),
]


def right_gradient(dL):
    return np.hstack([row.T for row in dL[0]])


@pytest.mark.parametrize(("id", "part", "answer", "untrue"), ONE_OF_TWO)
def test_what_is_said_of_one_part_is_not_said_of_others(id, part, answer, untrue):
    text = said(id, answer)
    assert "right. " in text and untrue not in text


def test_the_row_that_is_too_short_may_be_any():
    short = [lambda a, b, c: [[b, a], [b, a, 0.0]], lambda a, b, c: [[b, a, -2 * c], [b, a]]]
    for rows in short:
        assert "One row has fewer entries" in said("3.1", lambda x, rows=rows: np.array(rows(*x.ravel())))


def test_zeros_are_not_told_where_they_come_from():
    assert "as if" in said("19.2", lambda w, b, X, y: {"w": np.zeros_like(w), "b": 0.0})
