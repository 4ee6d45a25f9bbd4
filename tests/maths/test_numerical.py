"""Measured derivatives: each method reaches its accuracy, and says when it cannot."""

import math
import re
import warnings
from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers import numerical
from helpers.numerical import (
    EPS,
    RATIO,
    Along,
    Measurement,
    _at_step,
    _complex,
    _confirmed,
    _direction,
    _each_entry,
    _extrapolated,
    _good,
    _scale,
    _why_not_complex,
    differences_along,
    measure,
    numerical_jacobian,
    tolerance,
)

shapes = st.tuples(st.integers(1, 9), st.integers(1, 9))
seeds = st.integers(0, 2**32 - 1)


def mixed(W):
    """x -> sin(Wx) * exp(x-free constant) + (Wx)^2, whose Jacobian is diag(cos(Wx) + 2Wx) W."""
    return (lambda x: np.sin(W @ x) + (W @ x) ** 2), (lambda x: (np.cos(W @ x) + 2 * W @ x) * W)


@settings(max_examples=50)
@given(shapes, seeds, st.sampled_from([1e-3, 1.0, 10.0]))
def test_each_method_reaches_the_closed_form_within_its_tolerance(shape, seed, size):
    rng = np.random.default_rng(seed)
    f, J = mixed(rng.normal(size=shape))
    x = size * rng.normal(size=(shape[1], 1))
    for method in ("complex", "central", "forward"):
        scale = max(np.abs(J(x)).max(), np.abs(f(x)).max()) * max(1.0, size) * 10
        gap = np.abs(numerical_jacobian(f, x, method) - J(x)).max()
        assert gap <= tolerance(method, scale=scale), (method, gap)
    np.testing.assert_allclose(numerical_jacobian(f, x), J(x), rtol=0, atol=1e-12 * max(1, np.abs(J(x)).max()))


def test_the_methods_differ_as_theory_says():
    x, truth = np.array([[0.7]]), np.cos(0.7)
    error = {m: abs(numerical_jacobian(np.sin, x, m, h=1e-4).item() - truth) for m in ("forward", "central")}
    assert 0.9 < error["forward"] / (1e-4 * np.sin(0.7) / 2) < 1.1
    assert 0.9 < error["central"] / (1e-8 * np.cos(0.7) / 6) < 1.1
    assert tolerance("complex") < tolerance("central") < tolerance("forward")


@pytest.mark.parametrize(
    "f",
    [
        lambda x: np.array([[np.sum(x**2)]]),  # one column only: a batch would be summed together
        lambda x: float(x[0, 0] * x[1, 0]) if x.dtype == float else x[0, 0] * x[1, 0],
        lambda x: x / x.sum(),
        lambda x: np.array([[x.item(0)], [x.item(1) ** 2], [x.item(0) * x.item(2)]]),
        lambda x: x - x.mean(),
        lambda x: np.cumsum(x, axis=0) + 0 * x.max(),
    ],
)
def test_a_function_of_one_column_is_never_fed_a_batch_by_mistake(f):
    x = np.array([[0.4], [-1.3], [2.2]])
    by_hand = np.hstack(
        [np.reshape((f(x + 1e-6 * e) - f(x - 1e-6 * e)) / 2e-6, (-1, 1)) for e in np.eye(3).reshape(3, 3, 1)]
    )
    np.testing.assert_allclose(numerical_jacobian(f, x, "auto"), by_hand, atol=1e-8)


def _smoothed(X):
    X = X.copy()
    X[:, 1:-1] = (X[:, :-2] + X[:, 2:]) / 2
    return X


def _total_in(k):
    def f(X):
        X = X.copy()
        X[:, k] = X.sum(axis=1)
        return X

    return f


@pytest.mark.parametrize(
    "f",
    [
        _total_in(0),  # all columns but one come out as they do alone
        _total_in(-1),
        lambda X: np.cumsum(X, axis=1),  # the first one does
        _smoothed,  # the first and the last
        lambda X: X.mean(axis=1, keepdims=True) + 0 * X,  # all, but for the last digits and the imaginary parts
    ],
)
@pytest.mark.parametrize("method", ["complex", "central", "forward"])
def test_columns_that_are_mixed_are_seen_wherever_they_stand(f, method):
    """Of one column each of these functions is the identity."""
    x = np.array([[0.4], [-1.3], [2.2], [0.7], [-0.9]])
    np.testing.assert_allclose(numerical_jacobian(f, x, method), np.eye(5), atol=1e-7)


def test_blocks_do_not_change_the_result(monkeypatch):
    rng = np.random.default_rng(3)
    f, J = mixed(rng.normal(size=(4, 11)))
    x = rng.normal(size=(11, 1))
    monkeypatch.setattr("helpers.numerical.BLOCK", 20)
    for method in ("complex", "central", "forward"):
        np.testing.assert_allclose(numerical_jacobian(f, x, method), J(x), atol=1e-5)


@pytest.mark.parametrize(
    "f", [np.abs, lambda x: x * x.conj(), lambda x: np.linalg.norm(x), lambda x: np.maximum(x, 0).real]
)
def test_the_complex_step_is_not_silently_wrong(f):
    x = np.array([[0.8], [-0.5]])
    with pytest.raises(ValueError, match="not analytic"):
        numerical_jacobian(f, x, "complex")
    real = numerical_jacobian(f, x, "central")
    np.testing.assert_allclose(numerical_jacobian(f, x, "auto"), real, atol=1e-9)


@pytest.mark.parametrize(
    "f", [lambda x: x**3, lambda x: x**4 * np.sin(x) + x * np.sin(x), lambda x: x**2 * x[::-1] ** 3]
)
@pytest.mark.parametrize("at", [0.0, 1e-3, 300.0])
def test_an_analytic_function_with_a_slope_near_zero_is_not_accused(f, at):
    x = np.array([[0.0], [at]])
    np.testing.assert_allclose(numerical_jacobian(f, x), numerical_jacobian(f, x, "central"), atol=1e-5, rtol=1e-6)


@pytest.mark.parametrize("at", [1e-6, 0.0])
def test_a_kink_within_the_step_is_seen(at):
    with pytest.raises(ValueError, match=r"not analytic|kink"):
        numerical_jacobian(lambda x: np.abs(x), np.array([[at]]))


def test_a_choice_at_the_kink_is_no_slope():
    """The complex step reports 1 for ReLU at 0, and a central difference 1/2."""
    with pytest.raises(ValueError, match="f has a kink at x"):
        numerical_jacobian(lambda z: np.maximum(z, 0), np.zeros((1, 1)), "complex")


WITHOUT_IMAGINARY = lambda x: np.log(np.real(x))  # its complex step gives 0


@pytest.mark.parametrize("method", ["auto", "central", "forward"])
@pytest.mark.parametrize(
    ("f", "x", "truth"),
    [
        (WITHOUT_IMAGINARY, [1.0, 1e-3], [1.0, 1e3]),
        (WITHOUT_IMAGINARY, [1.0, 1e-9], [1.0, 1e9]),  # no step that fits one entry is small enough for the other
        (np.log, [1.0, 1e-3], [1.0, 1e3]),
        (lambda x: np.sqrt(np.sin(x)), [4344.7], [np.cos(4344.7) / 2 / np.sqrt(np.sin(4344.7))]),
        (lambda x: np.log(np.cos(np.real(x) ** 2)), [10.0264], [-2 * 10.0264 * np.tan(10.0264**2)]),
    ],
)
def test_where_f_is_undefined_a_little_further_smaller_steps_are_taken(f, x, truth, method):
    x = np.reshape(x, (-1, 1))
    try:
        J = numerical_jacobian(f, x, method)
    except ValueError:
        assert method == "forward"  # it has one step only
    else:
        np.testing.assert_allclose(J, np.diag(truth), rtol=2e-4 if method == "forward" else 1e-5)


def _asserting(x):
    assert x.dtype == float and (x > 0).all()
    return np.log(x)


@pytest.mark.parametrize(
    ("f", "x", "truth"),
    [
        (lambda x: math.exp(x.item()), 350.0, math.exp(350)),  # OverflowError at 709
        (lambda x: 1 / (x.item() - 0.5), 0.25, -16.0),  # ZeroDivisionError, if a step meets it
        (_asserting, 1e-3, 1e3),
    ],
)
def test_f_may_refuse_what_is_not_x_in_its_own_way(f, x, truth):
    assert numerical_jacobian(f, np.array([[x]]), "auto").item() == pytest.approx(truth, rel=1e-7)


@pytest.mark.parametrize("method", ["auto", "complex", "central", "forward"])
@pytest.mark.parametrize(
    "f",
    [
        lambda x: 1e9 + np.abs(x - 1),
        lambda x: 1e9 + 0.01 * np.abs(x - 1),
        lambda x: 1e9 + np.maximum(x - 1, 0),
        lambda x: x + 1e-4 * np.abs(x - 1),
        lambda x: np.where((np.real(x) > 1) & (np.real(x) < 1.5), x - 1, 0),  # from 0 to 0 within the size of x
    ],
)
def test_a_kink_at_x_is_seen_beside_large_values_and_slopes(f, method):
    """The complex step agrees with the mean slope, and the large value or slope allows for much that is not seen."""
    with pytest.raises(ValueError, match="f has a kink at x"):
        numerical_jacobian(f, np.ones((1, 1)), method)


@pytest.mark.parametrize("method", ["auto", "complex", "central"])
@pytest.mark.parametrize(
    ("f", "x"),
    [
        # An entry that is small by chance, beside one that says how far x may be expected to move.
        (lambda x: np.sum(x) + np.maximum(x[0], 0).sum(), [5e-15, 1.0]),
        (lambda x: np.sum(x) + 1e-3 * np.abs(x[0]).sum(), [-5e-14, 1.0, -2.0]),
        # So near that no step is told from the kink: a fifth of the slope is missing from the complex step.
        (lambda x: np.sum(np.exp(x / 18)) + 0.02 * np.abs(np.real(x[0] + 49.5)).sum() / 18, [-49.5 + 4e-9, 101.0]),
    ],
)
def test_a_kink_too_near_to_be_avoided_is_told(f, x, method):
    with pytest.raises(ValueError, match=r"f has a kink (near|at) x"):
        numerical_jacobian(f, np.reshape(x, (-1, 1)), method)


@pytest.mark.parametrize("tiny", [1e-6, 1e-14, 1e-17, -1e-30, 1e-300, 0.0])
def test_an_output_that_rests_is_measured_beside_an_entry_that_is_small_by_chance(tiny):
    x = np.array([[tiny], [1.5]])
    f = lambda x: np.vstack([np.abs(x - 1), np.full((1, x.shape[1]), 7.0)])
    np.testing.assert_allclose(numerical_jacobian(f, x, "auto"), [[-1, 0], [0, 1], [0, 0]], atol=1e-8)


def test_a_kink_nearby_is_none_at_x():
    for offset, gap in ((1e3, 1e-2), (1.0, 1e-5), (0.0, 1e-7)):
        J = numerical_jacobian(lambda x, offset=offset: offset + np.abs(x - 1), np.array([[1 + gap]]), "auto")
        assert J.item() == pytest.approx(1, rel=1e-5)


def test_a_small_slope_on_a_large_value_does_not_hide_the_trap():
    with pytest.raises(ValueError, match="not analytic"):
        numerical_jacobian(lambda x: 1e5 + np.abs(x), np.array([[0.5]]))
    with pytest.raises(ValueError, match="not analytic"):
        numerical_jacobian(lambda x: 1e9 + np.abs(x), np.array([[2.0]]))


def test_a_function_that_refuses_complex_numbers_is_named():
    with pytest.raises(ValueError, match=re.escape("does not take complex numbers")):
        numerical_jacobian(lambda x: np.logaddexp(0, x), np.array([[0.5]]))


@pytest.mark.parametrize(
    ("x", "kind", "says"),
    [
        (np.ones(3), ValueError, "expected a column (N, 1), got shape (3,); use x.reshape(-1, 1)"),
        (np.ones((2, 2)), ValueError, "got shape (2, 2)"),
        (np.ones((2, 1), int), TypeError, "got int64; use x.astype(float)"),
        (np.ones((2, 1), np.float32), TypeError, "got float32"),
        (np.array([[np.nan]]), ValueError, "got nan"),
        (np.ones((0, 1)), ValueError, "got shape (0, 1)"),
        ([[1.0]], TypeError, "got a list"),
        (np.ma.array([[1.0]]), TypeError, "got a MaskedArray"),
    ],
)
def test_a_point_that_is_no_column_is_refused(x, kind, says):
    with pytest.raises(kind, match=re.escape(says)):
        numerical_jacobian(np.sin, x)


@pytest.mark.parametrize(
    ("f", "kind", "says"),
    [
        (lambda x: x.ravel(), ValueError, "returned shape (2,)"),
        (lambda x: x.astype(np.float32), TypeError, "returned float32"),
        (lambda x: np.ones((2, 1), int), TypeError, "returned int64"),
        (lambda x: x * 1j, TypeError, "complex numbers for a real x"),
        (lambda x: x * np.nan, ValueError, "f(x) is not finite at entry [0, 0]"),
        (lambda x: np.vstack([x[0], np.inf * x[1]]), ValueError, "f(x) is not finite at entry [1, 0]"),
        (lambda x: x[:0], ValueError, "returned shape (0, 1)"),
        (lambda x: None, TypeError, "f returned a NoneType; expected a column (M, 1) or a number, in float64"),
        (lambda x: "4.0", TypeError, "f returned a str; expected a column"),
        (lambda x: [x, [1.0]], ValueError, "f returned rows of several lengths; expected one column (M, 1)"),
        (lambda x: np.float32(3), TypeError, "returned float32; expected float64, because fewer digits hide"),
    ],
)
def test_a_function_that_returns_something_else_is_refused(f, kind, says):
    with pytest.raises(kind, match=re.escape(says)):
        numerical_jacobian(f, np.ones((2, 1)), "central")


@pytest.mark.parametrize("f", [None, "sin", np.eye(2), 1.0])
def test_what_is_no_function_is_not_measured(f):
    with pytest.raises(TypeError, match=f"expected f to be a function of a column, got {type(f).__name__}"):
        numerical_jacobian(f, np.ones((2, 1)))


def _squares_in_place(x):
    x *= x
    return x


@pytest.mark.parametrize("method", ["complex", "central", "forward", "auto"])
def test_a_function_that_changes_its_argument_is_refused_and_the_point_kept(method):
    x = np.array([[0.5], [2.0]])
    with pytest.raises(ValueError, match="changed its argument"):
        numerical_jacobian(_squares_in_place, x, method)
    np.testing.assert_array_equal(x, [[0.5], [2.0]])


@pytest.mark.parametrize("method", ["complex", "central", "forward", "auto"])
def test_a_function_that_returns_the_same_buffer_each_time_is_measured_right(method):
    buffers = {}

    def f(x):
        return np.multiply(x, x, out=buffers.setdefault((x.shape, x.dtype), np.empty_like(x)))

    x = np.array([[0.5], [-2.0], [3.0]])
    np.testing.assert_allclose(numerical_jacobian(f, x, method), np.diag([1.0, -4.0, 6.0]), atol=1e-6)


@pytest.mark.parametrize("method", ["complex", "central", "forward", "auto"])
def test_a_function_that_remembers_or_draws_is_refused(method):
    calls, rng = [], np.random.default_rng(0)

    def counts(x):
        calls.append(x)
        return x + 1e-3 * len(calls)

    for f in (counts, lambda x: x + 1e-6 * rng.normal()):
        with pytest.raises(ValueError, match="another result when it is called again"):
            numerical_jacobian(f, np.array([[0.5], [2.0]]), method)


@pytest.mark.parametrize("at", [1e-12, 1e-6, 1e-3])
def test_the_complex_step_works_at_the_edge_of_where_f_is_defined(at):
    for method in ("complex", "auto"):
        np.testing.assert_allclose(numerical_jacobian(np.log, np.array([[at]]), method), 1 / at, rtol=1e-12)


def test_a_dropped_imaginary_part_is_no_warning(recwarn):
    x = np.array([[0.5], [2.0]])
    J = numerical_jacobian(lambda x: np.array(x, dtype=float) ** 2, x, "auto")
    np.testing.assert_allclose(J, np.diag([1.0, 4.0]), atol=1e-9)
    assert not recwarn


def test_a_non_analytic_row_of_small_size_does_not_hide_behind_a_large_one():
    with pytest.raises(ValueError, match="not analytic"):
        numerical_jacobian(lambda x: np.vstack([1e3 * x[:1], 1e-3 * np.abs(x[1:])]), np.array([[0.5], [2.0]]))


def test_a_tolerance_is_a_number_and_asks_for_a_method_and_a_step_that_exist():
    assert type(tolerance("central")) is float
    for method, h, says in (("auto", None, "expected method"), ("central", 0.0, "h > 0"), ("central", -1.0, "h > 0")):
        with pytest.raises(ValueError, match=says):
            tolerance(method, h)


@pytest.mark.parametrize(
    ("method", "h", "error"),
    [
        ("forward", 1e-4, 1e-4 + 2.0**-52 / 1e-4),
        ("forward", 1e-10, 1e-10 + 2.0**-52 / 1e-10),
        ("forward", None, 2 * 2.0**-26),
        ("central", 1e-2, 1e-4 + 2.0**-52 / 1e-2),
        ("central", 1e-9, 1e-18 + 2.0**-52 / 1e-9),
        ("central", None, 2 * 2.0 ** (-104 / 3)),
        ("complex", 1e-2, 1e-4),
        ("complex", 1e-6, 1e-12),
        ("complex", None, 1e-14),  # a hundred times 2e-16 is less than the least that is asked for
    ],
)
def test_a_tolerance_is_a_hundred_times_truncation_and_rounding(method, h, error):
    assert tolerance(method, h) == pytest.approx(100 * error, rel=1e-12)
    assert tolerance(method, h, scale=7.0) == pytest.approx(700 * error, rel=1e-12)
    assert tolerance(method, h, scale=0.1) == tolerance(method, h)


@pytest.mark.parametrize(("method", "h"), [("forward", 1e-3), ("central", 10**-1.5), ("complex", 10**-1.5)])
def test_a_step_by_which_nothing_can_be_judged_has_no_tolerance(method, h):
    for step in (1.01 * h, 0.1, 1.0) if method == "complex" else (1.01 * h, 0.1, 2.2e-13):
        with pytest.raises(ValueError, match="take another step"):
            tolerance(method, step)
    assert 0.09 < tolerance(method, 0.99 * h) < 0.1


@pytest.mark.parametrize(
    ("method", "h", "says"),
    [
        ("forward", 0.1, "h = 0.1 may be off by 10 times its size"),
        ("forward", 1e-3, "may be off by 0.1 times its size"),
        ("central", 1e-300, "may be off by 2.2e+286 times its size"),
        ("central", 5e-324, "may be off by inf times its size"),
        ("complex", np.float64(1e200), "may be off by inf times its size"),
    ],
)
def test_a_step_that_is_far_off_is_told_in_few_digits(method, h, says):
    with pytest.raises(ValueError, match=re.escape(says)), np.errstate(all="raise"):
        tolerance(method, h)


@pytest.mark.parametrize("scale", [-1.0, np.nan, np.inf, "1", np.ones(2)])
def test_the_scale_of_a_tolerance_is_a_size(scale):
    with pytest.raises(ValueError, match="expected the size of a derivative, a number >= 0"):
        tolerance("central", scale=scale)
    assert tolerance("central", scale=0) == tolerance("central")


@pytest.mark.parametrize("h", [0.0, -1e-6, np.nan, np.inf, "1e-6", 1e-6j])
def test_a_step_that_is_no_step_is_refused(h):
    with pytest.raises((ValueError, TypeError)):
        numerical_jacobian(np.sin, np.ones((1, 1)), "central", h)
    with pytest.raises(ValueError, match="expected method"):
        numerical_jacobian(np.sin, np.ones((1, 1)), "backward")


@pytest.mark.parametrize("h", [1e-1, 1e-3, 1e-7, 1e-12, 1e-100])
def test_a_complex_step_of_any_size_gives_what_its_formula_gives(h):
    """Im (x + ih)³ / h = 3x² - h², also where the square is large enough to be seen."""
    x = np.array([[0.5], [0.0], [1e-3]])
    for method in ("complex", "auto"):
        J = numerical_jacobian(lambda x: x**3, x, method, h)
        np.testing.assert_allclose(np.diag(J), 3 * x.ravel() ** 2 - h**2, rtol=1e-13, atol=1e-200)
    with pytest.raises(ValueError, match="not analytic"):
        numerical_jacobian(lambda x: x + np.abs(x), x[:1], "complex", h)


@pytest.mark.parametrize("method", ["complex", "central", "forward", "auto"])
@pytest.mark.parametrize("h", [None, 1e-7])
@pytest.mark.parametrize("f", [lambda x: x**40, lambda x: np.exp(-x * x / 2), np.tanh, lambda x: x**3 + 0 * x])
def test_what_numpy_is_told_to_raise_is_no_error_of_a_measurement(f, h, method):
    x = np.array([[0.5], [0.0], [-3.0]])
    usual = numerical_jacobian(f, x, method, h)
    with np.errstate(all="raise"):
        np.testing.assert_array_equal(numerical_jacobian(f, x, method, h), usual)


def test_that_f_repeats_itself_is_seen_for_values_near_the_smallest():
    with np.errstate(all="raise"):
        assert numerical_jacobian(lambda x: 1e-300 * x, np.ones((1, 1)), "central").item() == pytest.approx(1e-300)


def test_ten_thousand_entries_agree_with_the_loop_over_entries():
    """The loop is the one of lecture notes: each entry by its own pair of evaluations."""
    rng = np.random.default_rng(0)
    W, x = rng.normal(size=(100, 100)) / 10, rng.normal(size=(100, 1))
    h, J = 1e-5, np.empty((100, 100))
    for i in range(100):
        for j in range(100):
            step = np.zeros((100, 1))
            step[j, 0] = h
            J[i, j] = ((np.tanh(W @ (x + step)) - np.tanh(W @ (x - step))) / (2 * h))[i, 0]
    np.testing.assert_allclose(numerical_jacobian(lambda x: np.tanh(W @ x), x), J, atol=1e-8)


# --- values that are right, or refused ----------------------------------------------------------------------

SMOOTH = {  # name: (the function, its derivative, whether x must be positive)
    "sin": (np.sin, np.cos, False),
    "tanh": (np.tanh, lambda t: 1 / np.cosh(t) ** 2, False),
    "exp": (np.exp, np.exp, False),
    "square": (lambda t: t * t, lambda t: 2 * t, False),
    "inverse": (lambda t: 1 / t, lambda t: -1 / t**2, False),
    "log": (np.log, lambda t: 1 / t, True),
    "sqrt": (np.sqrt, lambda t: 0.5 / np.sqrt(t), True),
    "arctan": (np.arctan, lambda t: 1 / (1 + t * t), False),
}


@pytest.mark.parametrize("name", SMOOTH)
def test_an_analytic_function_is_measured_right_whatever_its_scales(name):
    """A f(kx) + c, with |x| from 1e-8 to 1e8, values from 1e-12 to 1e12, slow or with many waves within |x|."""
    f, slope, positive = SMOOTH[name]
    rng = np.random.default_rng(len(name))
    for _ in range(60):
        x = 10 ** rng.uniform(-8, 8) * (1 if positive else rng.choice([-1, 1]))
        k, A = (
            rng.choice([1.0, rng.uniform(0.1, 3) / abs(x), 10 ** rng.uniform(-6, 6) / abs(x)]),
            10 ** rng.uniform(-12, 12),
        )
        c = rng.choice([0.0, A * rng.normal()])
        with np.errstate(all="ignore"):
            truth, value = A * k * slope(k * x), A * f(k * x) + c
            if not np.isfinite([truth, value]).all() or abs(truth) < 1e-290:
                continue
            J = numerical_jacobian(lambda t, A=A, k=k, c=c: A * f(k * t) + c, np.array([[x]]), "auto").item()
        assert abs(J - truth) <= 1e-5 * abs(truth) + 1e-10 * abs(value / x), (x, k, A, c)


@pytest.mark.parametrize("method", ["auto", "central"])
@pytest.mark.parametrize(
    ("f", "x", "truth"),
    [
        (np.sin, 1e6, np.cos(1e6)),
        (lambda x: 1 / x, 1e-8, -1e16),
        (lambda x: 1e9 + np.abs(x), 2.0, 1.0),
        (np.abs, 1e-6, 1.0),
        (lambda x: x * np.abs(x), 0.0, 0.0),
        (lambda x: np.where(x >= 0, 1.0, 0.0), 0.3, 0.0),
        (lambda x: x**2 + 1e-8 * np.abs(x), -0.5, -1.0 - 1e-8),
        (lambda x: np.abs(x - 1), 1 + 1e-9, 1.0),
    ],
)
def test_the_step_that_fits_is_found(f, x, truth, method):
    assert numerical_jacobian(f, np.array([[x]]), method).item() == pytest.approx(truth, rel=1e-5, abs=1e-9)


@pytest.mark.parametrize(
    ("f", "x", "says"),
    [
        (np.abs, 0.0, "kink"),
        (lambda z: np.maximum(z, 0), 0.0, "kink"),
        (lambda x: np.where(x >= 0, 1.0, 0.0), 0.0, "at no step do differences agree"),
        (lambda x: (x.astype(np.float32) ** 2).astype(float), 1.7, "float32 inside"),
        (np.sqrt, 0.0, "not defined on both sides|undefined near x"),
    ],
)
@pytest.mark.parametrize("method", ["auto", "central", "forward"])
def test_what_has_no_slope_to_rely_on_is_refused_with_what_was_seen(f, x, says, method):
    with pytest.raises(ValueError, match=says), np.errstate(all="ignore"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        numerical_jacobian(f, np.array([[x]]), method)


@pytest.mark.parametrize(
    "f", [lambda x: 1e9 + np.abs(x), lambda x: 1e9 + x**2, lambda x: 1e6 + np.sin(x), lambda x: 1e12 + 1e3 * x * x]
)
@pytest.mark.parametrize("x", [2.0, -3.0])
def test_a_forward_difference_that_sees_nothing_of_a_slope_is_refused(f, x):
    with pytest.raises(ValueError, match='lost in the last digits of f; use method="central"'):
        numerical_jacobian(f, np.array([[x]]), "forward")
    with pytest.raises(ValueError, match=r"entry \[0, 0\] .*lost in the last digits of f"):
        numerical_jacobian(lambda x: np.vstack([f(x), 1 + 0 * x]), np.array([[x]]), "forward")


def waves(k):
    return lambda x: x + np.sin(k * x) / k


@pytest.mark.parametrize(
    ("f", "x", "truth", "methods"),
    [
        # Over small steps the factor that has lost its digits stands still, and what is left is a line.
        (lambda x: (1 - np.cos(x)) / x, 1e-4, 0.5, ["auto", "complex", "central"]),
        (lambda x: (np.sqrt(1 + x * x) - 1) / x, 1e-4, 0.5, ["auto", "complex", "central"]),
        (lambda x: (1 - np.cos(x)) / np.real(x), 1e-4, 0.5, ["central"]),
        (lambda x: x * np.log(1 + 1 / x**2), 1e4, -1e-8, ["auto", "complex", "central"]),
        (lambda x: x * np.log(1 + np.exp(x)), -20.0, -19 * math.exp(-20), ["auto", "complex", "central"]),
        (lambda x: x * (1 - 1 / (1 + np.exp(-x))), 20.0, -19 * math.exp(-20), ["auto", "complex", "central"]),
        # Waves far finer than the first step, with hardly any height.
        (waves(1e8), 0.3, 1 + np.cos(3e7), ["auto", "complex"]),
        (waves(1e10), 0.3, 1 + np.cos(3e9), ["auto", "complex"]),
        (lambda x: x + 1e-3 * np.sin(1e4 * np.real(x)), 0.3, 1 + 10 * np.cos(3e3), ["auto", "central"]),
    ],
)
def test_a_slope_is_not_traded_for_that_between_two_last_digits_of_a_factor(f, x, truth, methods):
    for method in methods:
        J = numerical_jacobian(f, np.array([[x]]), method).item()
        assert J == pytest.approx(truth, rel=2e-5 if method == "central" else 1e-6), method


@pytest.mark.parametrize(("f", "truth"), [(lambda x: (1 - np.cos(x)) / x, 0.5), (lambda x: np.log(1 + x * x) / x, 1.0)])
def test_of_a_factor_with_two_digits_no_value_is_wrong(f, truth):
    """While that stands still f is a constant over x, with the opposite slope; a refusal is no value."""
    for x in np.linspace(8e-8, 1.6e-7, 40):
        with suppress(ValueError):
            assert measure(f, np.array([[x]])).value.item() == pytest.approx(truth, rel=0.1), x


@pytest.mark.parametrize(
    ("f", "power", "times"),
    [(lambda x: x * x * (1 - np.cos(x)), 3, 2.0), (lambda x: x * (1 - np.cos(x)), 2, 1.5)],
)
def test_a_factor_that_stands_still_between_last_digits_far_apart_is_seen(f, power, times):
    """So far apart that the next of them lies on one side within any usual step. Of 3,000 such x five are not seen."""
    wrong = 0
    for x in np.geomspace(1.2e-8, 1.2e-7, 100):
        with suppress(ValueError):
            wrong += measure(f, np.array([[x]])).value.item() != pytest.approx(times * x**power, rel=0.2, abs=0)
    assert wrong <= 1


def test_a_slope_of_which_rounding_has_left_four_digits_is_measured_by_the_complex_step():
    found = measure(lambda x: np.log(1 + np.exp(x)) - x, np.array([[30.0]]))
    assert found.method == "complex" and found.value.item() == pytest.approx(-math.exp(-30), rel=1e-3)
    assert abs(found.value.item() + math.exp(-30)) <= found.error.item()


LOSSY = [  # what cancels at 0, and its derivative
    (lambda z: 1 - np.cos(z), np.sin),
    (lambda z: np.exp(z) - 1, np.exp),
    (lambda z: np.sqrt(1 + z * z) - 1, lambda z: z / np.sqrt(1 + z * z)),
    (lambda z: np.log(1 + z * z), lambda z: 2 * z / (1 + z * z)),
    (lambda z: 1 / (1 + np.exp(-z)) - 0.5, lambda z: 1 / (2 + 2 * np.cosh(z))),
]


def test_of_random_compositions_that_lose_their_digits_inside_no_value_is_wrong():
    """A outer(kx) lossy(skx) + c; the truth in long double, and a refusal only where the complex step has no digits."""
    rng, outer, refused = np.random.default_rng(5), [name for name in SMOOTH if not SMOOTH[name][2]], 0
    for _ in range(150):
        g, slope, _ = SMOOTH[rng.choice(outer)]
        lossy, its_slope = LOSSY[rng.integers(len(LOSSY))]
        x = np.array([[10 ** rng.uniform(-8, 8) * rng.choice([-1, 1])]])
        k, A, s = rng.uniform(0.3, 3) / abs(x.item()), 10 ** rng.uniform(-12, 12), 10 ** rng.uniform(-6, 0)
        c = rng.choice([0.0, A * s * rng.normal()])
        f = lambda x, A=A, k=k, s=s, c=c, g=g, lossy=lossy: A * g(k * x) * lossy(s * k * x) + c
        z = np.longdouble(k) * np.longdouble(x.item())
        truth = float(A * k * (slope(z) * lossy(s * z) + s * g(z) * its_slope(s * z)))
        exact = f(x + 1e-20j * abs(x)).imag.item() / 1e-20 / abs(x.item())
        digits = -np.log10(abs(exact / truth - 1) + 1e-17)
        try:
            J = numerical_jacobian(f, x, "auto").item()
        except ValueError:
            refused += 1
            assert digits < 8, (x, A, k, s, c)
        else:
            off = 1e-5 if digits > 6 else 1e-2
            assert abs(J - truth) <= off * abs(truth) + 1e-9 * abs(f(x).item() / x.item()), (x, A, k, s, c)
    assert refused < 15


def in_few(kind, f):
    return lambda x: f(np.real(x).astype(kind)).astype(float)


@pytest.mark.parametrize("method", ["auto", "central"])
@pytest.mark.parametrize("x", [1e-8, 1e-7, 1e-6, 1e-5, 1e-4, 1.2345])
@pytest.mark.parametrize("f", [np.exp, lambda x: 1 + x, lambda x: 1 / (1 + np.exp(-x)), np.cos, np.sqrt])
def test_what_few_digits_inside_f_hold_still_is_not_taken_for_zero(f, x, method):
    for kind in (np.float32, np.float16):
        with pytest.raises(ValueError, match=rf"computes in {kind.__name__} inside|differences agree|kink|defined"):
            numerical_jacobian(in_few(kind, f), np.array([[x]]), method)


@pytest.mark.parametrize(
    ("kind", "x", "digits"), [(np.float32, 1e-5, 7), (np.float16, 1e-5, 3), (np.float16, 1.2345, 3)]
)
def test_few_digits_inside_f_have_a_name(kind, x, digits):
    with pytest.raises(ValueError, match=f"computes in {kind.__name__} inside, which leaves it {digits} digits"):
        numerical_jacobian(in_few(kind, np.exp), np.array([[x]]), "auto")


@pytest.mark.parametrize(
    "f",
    [
        lambda x: np.maximum(x - 1, 0),
        lambda x: np.where(np.real(x) > 0.1, 1.0, 0.5) + 0 * x,
        lambda x: np.where(np.real(x) > 0.1, 0.3, 0.7) + 0 * x,
        lambda x: np.full(x.shape, float(np.float32(0.1))) + np.maximum(x - 1, 0),
        lambda x: np.floor(np.real(x)) + 1234.0,
    ],
)
def test_what_rests_in_all_digits_is_zero(f):
    assert numerical_jacobian(f, np.array([[1e-5]]), "auto").item() == 0


def test_a_jump_is_told_from_a_kink_a_pole_and_a_slope():
    jump = numerical._jump
    stairs = lambda t: 0.01 * np.floor(100 * t) + t
    assert jump(stairs, 0.0, 0.5) == pytest.approx(0.01) and jump(lambda t: -stairs(t), 0.0, 0.5) == pytest.approx(0.01)
    for f, start in ((np.sin, 0.0), (lambda t: abs(t - 0.3), 0.3), (lambda t: 1 / (t - 0.3), -1 / 0.3), (np.exp, 1.0)):
        assert jump(f, start, 0.5) == 0


def test_the_size_of_an_entry_is_not_far_below_the_others():
    x = np.array([[12.0], [-2.0], [0.0], [4e-9]])
    assert [numerical._size(x, j) for j in range(4)] == [12.0, 2.0, 1.0, 2.0**-18]


def test_one_output_that_is_undefined_beside_x_is_said_so_beside_others():
    f = lambda x: np.vstack([np.sin(np.real(x)), np.sqrt(np.real(x))])
    with pytest.raises(ValueError, match=r"not defined on both sides|undefined near"), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        numerical_jacobian(f, np.zeros((1, 1)), "central")


def test_noise_is_not_told_to_be_a_step_that_is_lost():
    f = lambda x: np.sin(x) * (1 + 1e-3 * (np.floor(np.real(x) * 1e9) % 7 - 3))
    with pytest.raises(ValueError, match="at no step do differences agree"):
        numerical_jacobian(f, np.array([[1.3]]), "forward")


def test_terms_that_cancel_inside_f_do_not_make_it_look_as_if_it_were_not_analytic():
    """Batch normalization of two samples that lie near each other: its values are rounded by more than they show."""
    for seed in range(100, 300):
        rng = np.random.default_rng(seed)
        z, apart = rng.normal(size=(3, 1)), 10.0 ** rng.uniform(-8, 0)
        x = np.vstack([z, z + apart * rng.normal(size=(3, 1))])

        def normalized(x):
            both = x.reshape(2, 3)
            away = both - both.mean(axis=0)
            return (away / np.sqrt((away**2).mean(axis=0) + 1e-5)).reshape(-1, 1)

        numerical_jacobian(normalized, x)  # by the complex step, or it raises
        assert measure(normalized, x, "auto").method == "complex"


def test_an_output_that_rests_but_for_rounding_is_not_told_to_lose_its_digits():
    x = np.array([[0.4], [-1.3], [2.2]])
    f = lambda x: np.vstack([np.abs(x), np.sum(np.exp(x) / np.exp(x).sum()).reshape(1, 1)])
    J = numerical_jacobian(f, x, "auto")
    np.testing.assert_allclose(J, np.vstack([np.diag([1.0, -1.0, 1.0]), np.zeros((1, 3))]), atol=1e-9)


@pytest.mark.parametrize("method", ["auto", "complex"])
@pytest.mark.parametrize(
    ("f", "x"),
    [
        (lambda x: np.log(1 + np.exp(x)), -40.0),
        (lambda x: 1 - np.cos(x), 1e-9),
        (np.sign, 0.1),  # no slope at all, but numpy's sign of a complex number turns with it
    ],
)
def test_a_slope_that_rounding_may_have_eaten_is_refused(f, x, method):
    """A real step shows nothing; that a complex one does, tells that something is the matter, and nothing of which."""
    with pytest.raises(ValueError, match="its slope is lost to rounding, or"):
        numerical_jacobian(f, np.array([[x]]), method)


def test_the_error_beside_a_value_covers_what_it_is_off_by():
    rng = np.random.default_rng(4)
    for size in (1e-3, 1.0, 30.0):
        W, x = rng.normal(size=(20, 30)) / 5, size * rng.normal(size=(30, 1))
        J = W / np.cosh(W @ x) ** 2
        for method in ("complex", "central", "forward"):
            value, error, used = measure(lambda x, W=W: np.tanh(W @ x), x, method)
            assert used == method or method == "forward"
            assert (np.abs(value - J) <= 10 * error).all() and (error <= 1e-4 * np.abs(J).max()).all()


def test_the_error_of_a_difference_covers_its_rounding():
    for seed in range(60):
        rng = np.random.default_rng(seed)
        n = int(rng.integers(1, 30))
        W, x = rng.normal(size=(6, n)) / 5, rng.normal(size=(n, 1))
        found = measure(lambda x, W=W: np.sin(W @ x), x, "central")
        assert (np.abs(found.value - np.cos(W @ x) * W) <= 10 * found.error).all()


@pytest.mark.parametrize("beside", [1e12, 1e14])
def test_a_line_is_measured_whatever_stands_beside_it(beside):
    """Its slope is lost to rounding unless the step is larger than x."""
    J = numerical_jacobian(lambda x: beside + np.real(x), np.ones((1, 1)), "auto")
    assert J.item() == pytest.approx(1, rel=1e-6)


def test_a_row_is_judged_by_its_own_largest_entry():
    coarse = lambda x: (x.astype(np.float32) ** 2).astype(float)
    for rows in (lambda a, b: np.vstack([a, b]), lambda a, b: np.vstack([b, a])):
        f = lambda x, rows=rows: rows(1e8 * np.abs(x[:1]), coarse(x[1:]))
        with pytest.raises(ValueError, match=r"entry \[[01], 1\] .* float32 inside"):
            numerical_jacobian(f, np.array([[1.3], [1.7]]), "central")


@pytest.mark.parametrize("at", [1e-4, 1.0, 1e4])
def test_a_kink_at_x_is_seen_beside_a_slope_whatever_the_size_of_x(at):
    with pytest.raises(ValueError, match="f has a kink at x"):
        numerical_jacobian(lambda x: 2 * x + np.abs(x - at), np.array([[at]]), "central")


def test_a_forward_difference_with_too_many_waves_in_its_step_is_refused():
    """Off by h k / 2 of the slope for waves of k beside x = 1, with h = 1.5e-8; and a ten-thousandth is allowed."""
    slope = lambda k: numerical_jacobian(lambda x: np.exp(k * (x - 1)), np.ones((1, 1)), "forward").item()
    assert slope(4e3) == pytest.approx(4e3, rel=1e-4)
    with pytest.raises(ValueError, match="cannot be measured"):
        slope(4e4)


def test_a_measurement_gives_way_to_one_that_contradicts_it():
    zero, exact = np.zeros((1, 2)), np.array([[1.0, -4.0]])
    for by, agrees in ((0.9, True), (1.1, False)):
        for error in (0.0, 1e-3):
            found = Measurement(exact, zero + 1e-15, "complex")
            alone = Measurement(exact + by * (4e-9 + 16 * error), zero + error, "central")
            if agrees:
                assert _confirmed(found, alone, "complex").value is exact
            else:
                assert _confirmed(found, alone, "auto") is alone
                with pytest.raises(ValueError, match="not analytic"):
                    _confirmed(found, alone, "complex")


def test_a_kink_is_seen_beside_other_waves():
    with pytest.raises(ValueError, match="f has a kink at x"):
        numerical_jacobian(lambda x: np.abs(x) + np.cos(40 * x), np.zeros((1, 1)), "central")


@pytest.mark.parametrize("size", [1e-6, 1.0, 1e6])
def test_a_direction_moves_every_entry_by_about_its_size_up_or_down(size):
    x = size * np.random.default_rng(0).normal(size=(200, 1))
    typical = np.maximum(np.abs(x), size)  # of numbers drawn around 0 with this spread
    v = _direction(x)
    assert (0.4 * typical <= np.abs(v)).all() and (np.abs(v) <= 2.2 * typical).all()
    assert 60 < (v > 0).sum() < 140


@pytest.mark.parametrize("beside", [[], [0.0]])
def test_a_small_part_that_is_not_analytic_does_not_hide(beside):
    """Nor beside an output that is analytic."""
    W = np.random.default_rng(0).normal(size=(12, 1))
    for factor in (1e-2, 1e-6, 1e-8, 1e-10):
        f = lambda W, factor=factor: np.array([[(W**2).sum() + share * np.abs(W).sum()] for share in [*beside, factor]])
        found = measure(f, W)
        assert found.method == "central"
        with pytest.raises(ValueError, match="not analytic"):
            numerical_jacobian(f, W, "complex")


@pytest.mark.parametrize("size", [1, 3, 12])
@pytest.mark.parametrize(("factor", "method"), [(1e-10, "central"), (1e-13, "complex")])
def test_what_the_complex_step_does_not_see_is_far_below_what_is_judged_by_it(size, factor, method):
    """A part of |W| is seen down to 1e-10 of the rest; below 1e-13 it is rounding, and the exact method stays."""
    W = np.random.default_rng(0).normal(size=(size, 1))
    found = measure(lambda W: np.array([[(W**2).sum() + factor * np.abs(W).sum()]]), W)
    assert found.method == method
    np.testing.assert_allclose(found.value, 2 * W.T + factor * np.sign(W).T, rtol=0, atol=1e-10 * np.abs(W).max())


@pytest.mark.parametrize("method", ["auto", "central"])
def test_a_kink_is_kept_out_of_the_steps_or_reported(method):
    """Beside a kink there is a slope as long as a step fits between: down to 1e-9 of x."""
    f = lambda x: np.abs(x - 1)
    for gap, slope in ((1e-9, 1.0), (-1e-9, -1.0)):
        assert numerical_jacobian(f, np.array([[1 + gap]]), method).item() == pytest.approx(slope, rel=1e-5)
    for gap, says in ((1e-11, "near x, nearer than its digits allow"), (0.0, "at x, with another slope on each side")):
        for sign in (1, -1):
            with pytest.raises(ValueError, match=f"f has a kink {says}"):
                numerical_jacobian(f, np.array([[1 + sign * gap]]), method)


def test_a_function_may_repeat_itself_to_rounding_only():
    for off, repeats in ((0.9e-12, True), (1.1e-12, False), (1e-3, False)):
        calls = []

        def f(x, off=off, calls=calls):
            calls.append(x)
            return np.vstack([1.0 + off * (len(calls) == 2) + x, 0 * x])

        if repeats:
            np.testing.assert_allclose(numerical_jacobian(f, np.zeros((1, 1))), [[1.0], [0.0]], atol=1e-15)
        else:
            with pytest.raises(ValueError, match="another result when it is called again"):
                numerical_jacobian(f, np.zeros((1, 1)))


@pytest.mark.parametrize("k", [8.0, 0.5, -30.0])
def test_what_is_flat_further_out_is_not_taken_for_the_slope_at_x(k):
    """The slope at x = 1 is k · 1e-14, too small to be seen beside 1; a million away f is flat to 1e-20."""
    f, x = lambda x: 1 + 1e-14 * np.tanh(k * (x - 1)), np.ones((1, 1))
    along = differences_along(f, x, f(x), np.ones((1, 1)), patient=True)
    assert abs(along.slope.item() - k * 1e-14) <= along.error.item()


def bent_at_1(smooth):
    """A smooth function, and a kink at x = 1 whose slopes on both sides differ by 2k."""
    return lambda k: lambda x: smooth(np.real(x - 1)) + k * np.abs(x - 1)


@pytest.mark.parametrize(
    ("smooth", "method", "k"),
    [
        (np.square, "central", 1.13e-9),  # a billionth of what the parabola changes by, within the size of x
        (np.square, "auto", 1.13e-9),
        (np.square, "forward", 5.03e-6),
        (lambda z: 1 + 0 * z, "central", 5.7e-13),  # the last digits of a value hide less than three steps can see
        (lambda z: 1 + 0 * z, "auto", 5.7e-13),
        (lambda z: 1 + 0 * z, "forward", 5.7e-13),
        (lambda z: z, "central", 5e-6),  # a hundred-thousandth of the slope
        (lambda z: z, "auto", 5e-6),
        (lambda z: z, "forward", 2.56e-5),
    ],
)
def test_a_kink_is_seen_unless_it_is_far_below_slope_changes_or_the_digits_of_f(smooth, method, k):
    f, slope = bent_at_1(smooth), (smooth(1e-3) - smooth(-1e-3)) / 2e-3
    J = numerical_jacobian(f(0.8 * k), np.ones((1, 1)), method)
    assert abs(J.item() - slope) <= k + 2e-8
    with pytest.raises(ValueError, match=r"cannot be measured \(.*\): (f|at no step|the step)\b"):
        numerical_jacobian(f(1.25 * k), np.ones((1, 1)), method)


@pytest.mark.parametrize("power", [1.5, 1.2, 0.5])
def test_a_cusp_is_not_called_a_kink(power):
    """|x|^1.5 even has a derivative at 0; only what bends by as much at a smaller step has two slopes."""
    with pytest.raises(ValueError, match="at no step do differences agree"):
        numerical_jacobian(lambda x: np.abs(x) ** power, np.zeros((1, 1)), "central")


def test_no_step_is_so_small_that_x_does_not_move():
    points = []

    def f(x):
        points.append(x.item())
        return np.abs(x - 1)

    with pytest.raises(ValueError, match="f has a kink at x"):
        numerical_jacobian(f, np.ones((1, 1)), "central")
    assert points.count(1.0) == 2 and len(points) > 50  # f(x) itself, and again to see that it repeats itself


def test_a_cube_that_rounding_hides_is_not_accused_for_the_square_of_the_complex_step():
    """Of the first output differences see 1 - 1, where a complex step sees 1e-40."""
    x = np.array([[0.0], [1e-3]])
    J = numerical_jacobian(lambda x: 1 - np.cos(x**2) * np.exp(x**3), x)
    np.testing.assert_allclose(J, np.diag(2 * x.ravel() ** 3 - 3 * x.ravel() ** 2), atol=1e-11)


def test_what_differences_cannot_see_at_all_may_be_all_wrong():
    """The line 3x, if differences of it were off by `error`: of terms that add up to 4."""
    x, zero = np.ones((1, 1)), np.zeros((1, 1))
    for error, trusted in ((0.99e-3, True), (1.01e-3, False)):
        along = Along(3 + zero, error + zero, zero, zero, x == 1, x, x)
        found = _complex(lambda x: 3 * x, x, 3 * x, x, along, zero, 1e-20)
        assert found.value.item() == 3
        assert 1e-5 > found.error.item() > 0.9e-5 if trusted else found.error.item() == pytest.approx(4 * error)


def test_it_is_counted_how_often_something_was_measured():
    before = numerical.measured
    measure(np.sin, np.ones((2, 1)))
    numerical_jacobian(np.sin, np.ones((2, 1)))
    assert numerical.measured == before + 2


@pytest.fixture
def measured_again(monkeypatch):
    """Whether a measurement is followed by one of each entry by itself, which is slow."""
    times = []

    def noted(*arguments):
        times.append(arguments)
        return _each_entry(*arguments)

    monkeypatch.setattr(numerical, "_each_entry", noted)

    def again(f, method):
        times.clear()
        measure(f, np.ones((1, 1)), method)
        return bool(times)

    return again


@pytest.mark.parametrize(("method", "k"), [("central", 9.8e-9), ("auto", 9.8e-9), ("forward", 2.2e-5)])
def test_what_is_known_to_the_digits_of_its_method_is_not_measured_again(method, k, measured_again):
    f = bent_at_1(lambda z: z)
    assert not measured_again(f(0.8 * k), method) and measured_again(f(1.15 * k), method)


@pytest.mark.parametrize("method", ["central", "auto", "forward"])
def test_nor_is_an_output_that_does_not_change_but_for_its_last_digits(method, measured_again):
    for slope, again in ((0.0, False), (1e-15, False), (8e-15, True)):
        assert measured_again(lambda x, slope=slope: np.vstack([np.sin(x), 1 + slope * np.real(x)]), method) == again


@pytest.mark.parametrize(("height", "known"), [(4e-6, True), (1.8e-5, False)])
def test_a_complex_step_is_believed_down_to_its_last_two_digits(height, known):
    """The slope 1 behind noise that it does not see: differences confirm it to 4e-3, or to 2e-2 at the best."""
    f, x = lambda x: x + height * np.sin(7.3e11 * np.real(x)), np.ones((1, 1))
    if known:
        found = measure(f, x)
        assert found.method == "complex" and abs(found.value.item() - 1) < 1e-12 and found.error.item() <= 1e-2
    else:
        with pytest.raises(ValueError, match="f is noisy"):
            measure(f, x)


@pytest.mark.parametrize(
    ("error", "noise", "step", "allowed"),
    [(1e-6, 0.0, 1.0, 4e-6), (1e-12, 1e-6, 1.0, 1e-6), (1e-12, 0.0, 1e-6, 16 * 2.0**-52 * 4 / 1e-6)],
)
def test_a_complex_step_is_believed_as_far_as_differences_reach(error, noise, step, allowed):
    """The line 3x at 1, beside differences that are off: by their error, by noise, and by rounding at a small step."""
    x, zero = np.ones((1, 1)), np.zeros((1, 1))
    for off in (-1.03, -0.97, 0.97, 1.03):
        along = Along(3 + off * allowed + zero, error + zero, zero, zero, x == 1, x, step * x)
        found = _complex(lambda x: 3 * x, x, 3 * x, x, along, noise + zero, 1e-20)
        assert (found is None) == (abs(off) > 1)


def test_a_central_difference_is_freed_of_its_square():
    """Of waves of 50 a step of 1e-5 leaves h²k²/6, a 4e-8 of the slope."""
    J = numerical_jacobian(lambda x: np.sin(50 * x), np.ones((1, 1)), "central")
    assert J.item() == pytest.approx(50 * np.cos(50), rel=1e-11)


def test_as_many_columns_are_evaluated_at_once_as_fit_into_a_block():
    """A Jacobian of 1100 by 1100 has more entries than that, and is evaluated in two."""
    sizes = []

    def f(x):
        sizes.append(x.size)
        return x * x

    x = np.linspace(1, 2, 1100).reshape(-1, 1)
    np.testing.assert_allclose(np.diag(numerical_jacobian(f, x)), 2 * x.ravel(), rtol=1e-12)
    large = [size for size in sizes if size > 1100]
    assert len(large) == 2 and sum(large) == 1100**2 and 1000**2 < max(large) <= 2**20


@pytest.mark.parametrize(
    ("error", "differs", "size", "allowed"),
    [(1e-3, 0.0, 1.0, 4e-3), (1e-12, 1e-3, 1.0, 16e-3), (1e-12, 0.0, 1.0, 3e-6), (1e-12, 0.0, 100.0, 1e-4)],
)
def test_what_is_plainly_not_analytic_is_off_by_more_than_errors_and_noise(error, differs, size, allowed):
    """The line 3x, of which the complex step makes another slope, and another one still at a smaller step."""
    x, zero = np.ones((1, 1)), np.zeros((1, 1))
    along = Along(3 * x, error + zero, zero, zero, x == 1, size * x, x)
    for off in (-1.03, -0.97, 0.97, 1.03):
        f = lambda z, off=off: 3 * z.real + 1j * z.imag * (3 + off * allowed + differs * (z.imag < 0.8e-20))
        problem, imag, _ = _why_not_complex(f, x, x, along)
        assert bool(problem) == (abs(off) > 1) and imag.item() == pytest.approx(3 + off * allowed)


def test_three_steps_free_slope_and_kink_of_two_powers_each():
    f = lambda x: 2 + 3 * x + x**2 - x**3 + x**4 + x**5 + 0.5 * np.abs(x)
    x, one = np.zeros((1, 1)), np.ones((1, 1))
    slope, error, kink, rounding, moved, size, step = (part.item() for part in _at_step(f, x, f(x), one, 1.0))
    assert slope == pytest.approx(3, rel=1e-14) and kink == pytest.approx(1, rel=1e-14)
    assert (moved, size, step) == (True, pytest.approx(f(one).item() + 3), 1)
    assert rounding / (4 * EPS) == pytest.approx(size) and 1 < error < 2
    assert _at_step(f, x, f(x), one, 1e-3).rounding.item() * 1e-3 / (4 * EPS) == pytest.approx(f(1e-3 * one).item() + 3)
    # Of a line nothing is cut off, and the estimate of that may be too small by chance.
    assert _at_step(lambda x: 3 * x, x, x, one, 1.0).error.item() / 3e-12 == pytest.approx(1, rel=0.01)


def test_an_output_that_rests_on_one_side_of_x_only_is_moved():
    f, x = lambda x: np.vstack([np.maximum(x, 0) ** 2, np.minimum(x, 0), x, 1 + 0 * x]), np.zeros((1, 1))
    assert differences_along(f, x, f(x), np.ones((1, 1))).moved.ravel().tolist() == [True, True, True, False]


@pytest.mark.parametrize(("part", "trusted"), [(0.049, True), (0.051, False)])
def test_what_an_extrapolation_may_be_off_by_depends_on_whether_each_power_leaves_little(part, trusted):
    """Three values from which the first power takes RATIO, and the second `part` of that."""
    s = RATIO**3
    values = [-(1 - part * RATIO * (1 - s) / s) * (1 - RATIO) / RATIO, 0.0, 1 - RATIO]
    limit, error = _extrapolated(values, 1, 3)
    assert abs(limit - 1) == pytest.approx(part * RATIO)
    assert error == pytest.approx(part * RATIO * (part if trusted else 10))


def test_the_scale_of_an_entry_is_a_power_of_2_not_far_below_the_others():
    x = np.array([[3.0], [-0.001], [0.0], [9.0]])  # the root of the mean square is that of 22.5
    assert _scale(x).tolist() == [4.0, 4.0, 4.0, 8.0]
    assert _scale(np.array([[0.3], [-0.3]])).tolist() == [0.25, 0.25] and _scale(np.zeros((2, 1))).tolist() == [1, 1]
    assert _scale(np.array([[1e-30]])).item() == 2.0**-100


@pytest.mark.parametrize(
    ("slope", "size", "error", "patient"),
    [
        ([1.0], [1.0], 1e-10, False),
        ([1.0], [1e9], 1e-10, True),
        ([0.01, 1.0], [1.0, 1.0], 1e-11, False),  # an output of small slope need not be better known than the largest
        ([0.01, 1.0], [1.0, 1.0], 1e-12, True),
        ([0.0], [50.0], 5e-11, False),  # nothing, as far as the size of f lets it be seen
        ([0.0, 1.0], [500.0, 1.0], 5e-10, False),
        ([0.0], [50.0], 0.0, True),
    ],
)
def test_a_difference_is_good_where_its_error_is_far_below_slope_or_size(slope, size, error, patient):
    slope, size = np.reshape(slope, (-1, 1)), np.reshape(size, (-1, 1))
    for part, good in ((0.97, True), (1.03, False)):
        along = Along(slope, np.full(slope.shape, part * error), 0 * slope, 0 * slope, slope == 0, size, 1 + 0 * slope)
        assert _good(along, patient)[0, 0] == (good or error == 0)
