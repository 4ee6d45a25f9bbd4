"""Functions with derivatives: the chain rule against measurement, shapes taken literally."""

import re
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from helpers.activations import ReLU, Sigmoid, Softmax, Tanh
from helpers.calculus import Function, affine, elementwise, identity
from helpers.normalization import BatchNormalization
from helpers.numerical import numerical_jacobian
from helpers.shapes import batch, column

sizes = st.lists(st.integers(1, 7), min_size=2, max_size=5)
seeds = st.integers(0, 2**32 - 1)
scales = st.sampled_from([1e-3, 0.3, 1.0, 4.0])
column_of = {"sigmoid": Sigmoid, "tanh": Tanh, "softmax": Softmax}


def chain(rng, widths, scale, activations):
    """A stack of affine maps, each followed by an activation; widths[0] inputs, widths[-1] outputs."""
    f = identity(widths[0])
    for n, m, name in zip(widths, widths[1:], activations, strict=False):
        f = column_of[name]() @ affine(scale * rng.normal(size=(m, n)), rng.normal(size=(m, 1))) @ f
    return f


@settings(max_examples=60)
@given(sizes, seeds, scales, st.lists(st.sampled_from(sorted(column_of)), min_size=4, max_size=4))
@example([2, 4, 1, 6, 3], 0, 4.0, ["sigmoid", "sigmoid", "sigmoid", "tanh"])  # flat further out
@example([2, 3, 1, 5, 4], 0, 4.0, ["sigmoid", "sigmoid", "sigmoid", "tanh"])
def test_the_derivative_of_a_composition_is_what_is_measured(widths, seed, scale, activations):
    rng = np.random.default_rng(seed)
    f, x = chain(rng, widths, scale, activations), scale * rng.normal(size=(widths[0], 1))
    J, truth = f.d(x), numerical_jacobian(f, x)
    assert J.shape == truth.shape == (widths[-1], widths[0])
    np.testing.assert_allclose(J, truth, rtol=0, atol=1e-12 * max(1, np.abs(truth).max()))
    central = numerical_jacobian(f, x, "central")
    np.testing.assert_allclose(J, central, rtol=0, atol=1e-6 * max(1, scale**3))


@settings(max_examples=40)
@given(st.tuples(*[st.integers(1, 6)] * 4), seeds)
def test_composition_is_associative_and_so_is_its_derivative(widths, seed):
    rng = np.random.default_rng(seed)
    a, b, c = (affine(rng.normal(size=(m, n))) for n, m in pairwise(widths))
    b = Tanh() @ b
    x = rng.normal(size=(widths[0], 1))
    np.testing.assert_allclose((c @ (b @ a))(x), ((c @ b) @ a)(x), atol=1e-12)
    np.testing.assert_allclose((c @ (b @ a)).d(x), ((c @ b) @ a).d(x), atol=1e-12)


def test_the_upstream_goes_through_a_composition_as_a_batch():
    """Also where samples meet: the gradient of Σ c ⊙ f(g(x)) over all entries of a batch, measured."""
    rng = np.random.default_rng(5)
    W, gamma, beta, c = (rng.normal(size=shape) for shape in ((4, 3), (4, 1), (4, 1), (4, 5)))
    X = rng.normal(size=(3, 5))
    for sigma in (Tanh(), Softmax()):
        f = sigma @ BatchNormalization(gamma, beta) @ affine(W)
        truth = numerical_jacobian(lambda x, f=f: (c * f(x.reshape(3, 5))).sum(), X.reshape(-1, 1), "central")
        np.testing.assert_allclose(f.vjp(X, c), truth.reshape(3, 5), rtol=1e-7, atol=1e-8)


def test_each_factor_is_taken_at_its_own_input():
    square = elementwise(lambda x: x**2, lambda x: 2 * x)
    x = np.array([[3.0]])
    # x⁴ at 3: 4·27 = 108. Both factors at x would give 36.
    assert (square @ square).d(x).item() == 108.0


def test_the_right_function_acts_first():
    double, shift = affine(np.array([[2.0]])), affine(np.eye(1), np.array([[1.0]]))
    x = np.array([[5.0]])
    assert (double @ shift)(x).item() == 12.0
    assert (shift @ double)(x).item() == 11.0


def test_without_a_derivative_it_is_measured():
    x = np.array([[0.3], [-1.2]])
    smooth = Function(lambda x: np.vstack([x[[0]] * x[[1]], np.sin(x[[0]])]))
    np.testing.assert_allclose(smooth.d(x), [[-1.2, 0.3], [np.cos(0.3), 0.0]], atol=1e-14)
    kinked = Function(lambda x: np.abs(x))  # not analytic: the central difference takes over
    np.testing.assert_allclose(kinked.d(x), np.diag([1.0, -1.0]), atol=1e-9)
    np.testing.assert_allclose((kinked @ smooth).d(x), [[1.2, -0.3], [np.cos(0.3), 0.0]], atol=1e-9)


@pytest.mark.parametrize(("f", "x", "slope"), [(np.sin, 1e6, np.cos(1e6)), (lambda x: 1 / x, 1e-8, -1e16)])
def test_a_measured_derivative_is_right_where_a_step_does_not_fit(f, x, slope):
    assert Function(f).d(np.array([[x]])).item() == pytest.approx(slope, rel=1e-12)


def test_a_batch_is_mapped_column_by_column():
    f = Softmax() @ affine(np.array([[1.0, -2.0], [0.5, 3.0]]))
    X = np.array([[0.1, 2.0, -1.0], [0.7, 0.0, 5.0]])
    np.testing.assert_allclose(f(X), np.hstack([f(X[:, [j]]) for j in range(3)]), atol=1e-15)


@pytest.mark.parametrize(
    ("x", "kind", "says"),
    [
        (np.ones(3), ValueError, "expected a column (N, 1), got shape (3,); use x.reshape(-1, 1)"),
        (np.ones((2, 2, 1)), ValueError, "got shape (2, 2, 1); use x.reshape(len(x), -1).T, one sample a column"),
        (np.ones((3, 1), int), TypeError, "expected x in float64, got int64; use x.astype(float)"),
        (np.ones((3, 1), np.float32), TypeError, "got float32"),
        (np.ones((3, 1), bool), TypeError, "got bool"),
        (np.array([["a"]]), TypeError, "expected x in float64"),
        (np.array([[1.0], [np.nan]]), ValueError, "got nan at x[1, 0]"),
        (np.array([[np.inf]]), ValueError, "got inf at x[0, 0]"),
        (np.ones((0, 1)), ValueError, "at least one entry"),
        ([[1.0]], TypeError, "got a list"),
        (3.0, TypeError, "got a float"),
    ],
)
def test_what_is_not_a_column_is_refused_with_what_was_received(x, kind, says):
    for refuses in (column, batch, identity(), identity().d, Sigmoid().d):
        with pytest.raises(kind, match=re.escape(says)):
            refuses(x)


def test_a_wrong_length_is_refused():
    f = affine(np.ones((2, 3)))
    for refuses in (f, f.d):
        with pytest.raises(ValueError, match=re.escape("expected x to have 3 rows, got shape (4, 1)")):
            refuses(np.ones((4, 1)))
    with pytest.raises(ValueError, match=re.escape("expected b to have 2 rows, got shape (3, 1)")):
        affine(np.ones((2, 3)), np.ones((3, 1)))
    with pytest.raises(ValueError, match="one column"):
        f.d(np.ones((3, 2)))


def test_sizes_that_clash_are_refused_at_composition():
    with pytest.raises(ValueError, match="returns 2 numbers and affine takes 3"):
        affine(np.ones((2, 3))) @ affine(np.ones((2, 3)))
    with pytest.raises(TypeError, match="composes functions, got ndarray"):
        affine(np.ones((2, 3))) @ np.ones((3, 2))
    with pytest.raises(TypeError):
        np.ones((3, 2)) @ affine(np.ones((2, 3)))


def test_a_composition_and_an_elementwise_map_know_their_sizes():
    """So that a chain which cannot fit is refused when it is made, not when it is called."""
    f = affine(np.ones((2, 3))) @ (identity(3) @ affine(np.ones((3, 4))))
    assert (f.n, f.m, repr(f)) == (4, 2, "affine ∘ identity ∘ affine: R^4 -> R^2")
    assert repr(Tanh()) == "tanh: R^N -> R^M"
    for left, right in (
        (affine(np.ones((2, 2))), identity(3)),
        (identity(3), affine(np.ones((2, 3)))),
        (affine(np.ones((2, 3))), f),
        (f, affine(np.ones((3, 4)))),
    ):
        with pytest.raises(ValueError, match=rf"{right.name} returns {right.m} numbers and .* takes {left.n}"):
            left @ right


@pytest.mark.parametrize(
    ("J", "says"),
    [
        (np.ones((3, 2)), "returned shape (3, 2); expected (M, N) = (2, 3)"),
        (np.ones((3, 2)), "looks transposed"),
        (np.ones((1, 3)), "returned shape (1, 3)"),
        (np.ones(6), "returned shape (6,)"),
        ([[1.0]], "returned a list"),
        (2.0, "returned a float"),
    ],
)
def test_a_derivative_of_the_wrong_shape_is_refused(J, says):
    f = Function(lambda x: x[:2], lambda x: J, name="f")
    with pytest.raises(ValueError, match=re.escape(says)):
        f.d(np.ones((3, 1)))


def test_a_derivative_that_is_not_float_or_not_finite_is_refused():
    for J, kind in ((np.ones((2, 3), int), TypeError), (np.full((2, 3), np.nan), ValueError)):
        with pytest.raises(kind):
            Function(lambda x: x[:2], lambda x, J=J: J).d(np.ones((3, 1)))


@pytest.mark.parametrize("y", [np.ones(3), 1.0, [1.0], np.ones((1, 3)), None])
def test_a_value_that_is_not_a_column_is_refused(y):
    with pytest.raises((ValueError, TypeError), match="expected"):
        Function(lambda x: y, name="f")(np.ones((3, 1)))


def test_a_value_or_derivative_that_is_not_a_function_is_refused():
    with pytest.raises(TypeError, match="expected d to be a function, got ndarray"):
        Function(np.sin, np.eye(2))


def test_affine_does_not_follow_a_later_change_of_its_result():
    W = np.array([[1.0, 2.0]])
    f = affine(W)
    f.d(np.ones((2, 1)))[0, 0] = 99.0
    assert f(np.ones((2, 1))).item() == 3.0


def test_relu_composition_away_from_zero():
    f = ReLU(2.0) @ affine(np.array([[1.0, -1.0], [1.0, 1.0]]))
    x = np.array([[0.5], [2.0]])
    np.testing.assert_array_equal(f.d(x), [[0.0, 0.0], [2.0, 2.0]])
    np.testing.assert_allclose(numerical_jacobian(f, x, "central"), f.d(x), atol=1e-9)


@pytest.mark.filterwarnings("ignore:the matrix subclass")
def test_special_arrays_are_no_columns():
    for x in (np.asmatrix([[1.0], [2.0]]), np.ma.array([[1.0], [2.0]], mask=[[True], [False]])):
        with pytest.raises(TypeError, match=type(x).__name__):
            identity()(x)


def test_a_derivative_that_is_no_array_is_not_called_transposed():
    with pytest.raises(ValueError, match=r"returned a list; expected \(M, N\) = \(1, 1\)") as raised:
        Function(lambda x: x**2, lambda x: [[2.0]]).d(np.array([[1.0]]))
    assert "transposed" not in str(raised.value)


def test_a_ragged_value_is_refused_in_the_courses_words():
    with pytest.raises(ValueError, match="returned a list; expected columns"):
        Function(lambda x: [[1.0], [2.0, 3.0]])(np.ones((2, 1)))


@pytest.mark.parametrize("f", [affine(np.ones((3, 3))), identity(), Softmax(), Tanh()], ids=str)
@pytest.mark.parametrize("shape", [(1, 1), (3, 1), (1, 4), (3, 5), (3,), (4, 4)])
def test_an_upstream_of_another_shape_is_not_broadcast(f, shape):
    with pytest.raises(ValueError, match=re.escape(f"expected u in the shape (3, 4) of the output, got {shape}")):
        f.vjp(np.ones((3, 4)), np.ones(shape))


def test_a_slope_that_is_not_a_function_is_refused():
    with pytest.raises(TypeError, match="expected slope to be a function, got int"):
        elementwise(np.sin, 1)


@pytest.mark.parametrize(
    ("slope", "returned"),
    [
        (lambda z: np.cos(z).T, r"shape \((1, 2|2, 1)\)"),
        (lambda z: np.cos(z).ravel(), r"shape \([24],\)"),
        (lambda z: np.cos(z[:, :1])[:1], r"shape \(1, 1\)"),
        (lambda z: 1.0, "a float"),
        (lambda z: None, "a NoneType"),
    ],
)
def test_a_slope_of_another_shape_is_not_broadcast(slope, returned):
    f = elementwise(np.sin, slope)
    says = rf"the slope of sin was given shape \(2, [12]\) and returned {returned}; expected the same shape"
    for x in (np.array([[0.5], [2.0]]), np.array([[0.5, 1.0], [2.0, 3.0]])):
        if np.shape(slope(x)) != x.shape:
            with pytest.raises(ValueError, match=says):
                f.vjp(x, np.ones_like(x))
    with pytest.raises(ValueError, match=says):
        f.d(x[:, :1])


def test_an_elementwise_value_of_another_shape_is_not_broadcast():
    f = elementwise(lambda z: z[:1], np.cos, name="first")
    with pytest.raises(ValueError, match=r"the value of first was given shape \(2, 1\) and returned shape \(1, 1\)"):
        f.vjp(np.ones((2, 1)), np.ones((1, 1)))


@pytest.mark.parametrize("f", [Function(np.sin), Sigmoid(), Softmax(), affine(np.eye(2))])
@pytest.mark.parametrize(
    ("u", "kind", "says"),
    [
        ([[1.0], [1.0]], TypeError, "got a list"),
        (np.ones((2, 1), np.float32), TypeError, "expected u in float64, got float32"),
        (np.ones((2, 1), int), TypeError, "expected u in float64, got int64"),
        (np.array([[1.0], [np.nan]]), ValueError, "got nan at u[1, 0]"),
    ],
)
def test_an_upstream_that_is_no_float_array_is_refused(f, u, kind, says):
    with pytest.raises(kind, match=re.escape(says)):
        f.vjp(np.ones((2, 1)), u)


@pytest.mark.parametrize(("W", "kind", "got"), [([[1.0]], TypeError, "a list"), (np.ones(2), ValueError, "shape (2,)")])
def test_a_matrix_is_not_asked_to_be_a_column(W, kind, got):
    with pytest.raises(kind, match=re.escape(f"expected W to be a matrix (M, N), got {got}")):
        affine(W)


def test_what_cannot_be_reshaped_is_not_told_to_be():
    for y, advice in ((np.ones(2), True), (np.float64(1), True), (1.0, False), (None, False)):
        with pytest.raises(ValueError, match="expected columns") as raised:
            Function(lambda x, y=y: y)(np.ones((2, 1)))
        assert ("reshape" in str(raised.value)) == advice
