"""Activation functions: slopes against measurement, extremes without overflow, choices made explicit."""

import math
import re
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.activations import ReLU, Sigmoid, Softmax, Tanh
from helpers.numerical import numerical_jacobian

entries = st.floats(-30, 30).filter(lambda z: abs(z) > 1e-3)
columns = st.lists(entries, min_size=1, max_size=8).map(lambda z: np.array(z).reshape(-1, 1))
everything = [Sigmoid(), Tanh(), ReLU(), ReLU(0.3), ReLU(2.5, at_zero=1.0), Softmax()]


@pytest.mark.parametrize("sigma", everything, ids=repr)
@settings(max_examples=40)
@given(z=columns)
def test_the_jacobian_is_what_is_measured(sigma, z):
    np.testing.assert_allclose(sigma.d(z), numerical_jacobian(sigma, z), rtol=0, atol=1e-12)
    np.testing.assert_allclose(sigma.d(z), numerical_jacobian(sigma, z, "central"), rtol=0, atol=1e-6)


@pytest.mark.parametrize("sigma", everything[:-1], ids=repr)
@settings(max_examples=20)
@given(z=columns)
def test_an_elementwise_jacobian_is_exactly_diagonal_and_its_diagonal_is_the_slope(sigma, z):
    J = sigma.d(z)
    assert not J[~np.eye(len(z), dtype=bool)].any()
    np.testing.assert_array_equal(np.diag(J), sigma.slope(z).ravel())
    assert sigma.slope(z).shape == z.shape


@pytest.mark.parametrize("sigma", everything, ids=repr)
def test_the_product_with_an_upstream_is_that_of_the_transposed_jacobian(sigma):
    rng = np.random.default_rng(0)
    z, u = rng.normal(size=(4, 3)), rng.normal(size=(4, 3))
    expected = np.hstack([sigma.d(z[:, [b]]).T @ u[:, [b]] for b in range(3)])
    np.testing.assert_allclose(sigma.vjp(z, u), expected, rtol=0, atol=1e-15)


@given(st.floats(-700, 700))
def test_the_sigmoid_against_the_scalar_formula(z):
    value = Sigmoid()(np.array([[z]])).item()
    assert math.isclose(value, 1 / (1 + math.exp(-z)), rel_tol=1e-14)
    assert math.isclose(value + Sigmoid()(np.array([[-z]])).item(), 1.0, rel_tol=1e-15)


@pytest.mark.parametrize("sigma", everything, ids=repr)
def test_nothing_overflows_at_a_thousand(sigma):
    z = np.array([[1000.0], [-1000.0], [0.5]])
    with warnings.catch_warnings(), np.errstate(all="raise", under="ignore"):
        warnings.simplefilter("error")
        assert np.isfinite(sigma(z)).all()
        assert np.isfinite(sigma.d(z)).all()


def test_the_sigmoid_at_its_ends():
    np.testing.assert_array_equal(Sigmoid()(np.array([[1000.0], [-1000.0]])), [[1.0], [0.0]])
    # A slope of e^-40 is small, not zero: 1 - sigma would have lost it.
    assert math.isclose(Sigmoid().slope(np.array([[40.0]])).item(), math.exp(-40), rel_tol=1e-12)


@pytest.mark.parametrize("z", [-300.0, -20.0, -15.0, -1.0, 0.0, 0.3, 15.0, 20.0, 300.0])
def test_the_slope_of_tanh_keeps_its_digits_far_from_0(z):
    assert math.isclose(Tanh().slope(np.array([[z]])).item(), 1 / math.cosh(z) ** 2, rel_tol=1e-13)


@pytest.mark.parametrize("gap", [1.0, 20.0, 40.0, 300.0])
def test_the_diagonal_of_softmax_keeps_its_digits_far_from_0(gap):
    # Of two numbers, both slopes are σ'(gap), and that of two more far below them hardly changes it.
    slope = math.exp(-gap) / (1 + math.exp(-gap)) ** 2
    J = Softmax().d(np.array([[gap], [0.0]]))
    np.testing.assert_allclose(J, [[slope, -slope], [-slope, slope]], rtol=1e-13)
    three = Softmax().d(np.array([[gap], [0.0], [0.0]]))
    assert math.isclose(three[0, 0], 2 * math.exp(-gap) / (1 + 2 * math.exp(-gap)) ** 2, rel_tol=1e-13)


@pytest.mark.parametrize("sigma", everything, ids=repr)
def test_nothing_is_raised_where_the_reader_asks_numpy_to_raise(sigma):
    z = np.array([[1000.0], [-1000.0], [800.0], [-800.0], [0.5]])
    with np.errstate(all="raise"):
        value, J = sigma(z), sigma.d(z)
        product = sigma.vjp(z, np.ones((5, 1)))
    assert np.isfinite(value).all() and np.isfinite(J).all() and np.isfinite(product).all()


def test_nothing_overflows_at_the_end_of_float64():
    far = np.array([[1.7e308], [-1.7e308]])
    with np.errstate(all="raise"):
        np.testing.assert_array_equal(Softmax()(far), [[1.0], [0.0]])
        for f in (Sigmoid(), Tanh(), Softmax()):
            np.testing.assert_array_equal(f.d(far), np.zeros((2, 2)))


@pytest.mark.parametrize("gap", [5.0, 20.0, 30.0, 100.0, 600.0])
def test_what_softmax_sends_back_keeps_its_digits_where_one_entry_is_near_1(gap):
    """Of two numbers it is σ'(gap) (u_1 - u_2) and its opposite; p ⊙ (u - pᵀu) as it stands gives 0 from 37 on."""
    slope, u = math.exp(-gap) / (1 + math.exp(-gap)) ** 2, np.array([[0.7, -1.1], [-0.4, 5.0]])
    sign, down = np.array([[1.0], [-1.0]]), np.array([[gap, gap], [0.0, 0.0]])
    for z in (down, down[::-1], np.array([[gap, 0.0], [0.0, gap]])):
        with np.errstate(all="raise"):
            np.testing.assert_allclose(Softmax().vjp(z, u), slope * sign * (u[0] - u[1]), rtol=1e-13)


@pytest.mark.parametrize("z", [-300.0, -20.0, -10.0, 0.3, 10.0, 20.0, 300.0])
def test_what_sigmoid_and_tanh_send_back_keeps_its_digits_far_from_0(z):
    """n (1 - n) and 1 - n² as they stand lose all of theirs at 37 and at 19; the entry beside it loses none."""
    Z, u, e = np.array([[z, 0.0]]), np.array([[0.7, -4.0]]), math.exp(-abs(z))
    with np.errstate(all="raise", under="ignore"):
        np.testing.assert_allclose(Sigmoid().vjp(Z, u), [[0.7 * e / (1 + e) ** 2, -1.0]], rtol=1e-11)
        np.testing.assert_allclose(Tanh().vjp(Z, u), [[0.7 / math.cosh(z) ** 2, -4.0]], rtol=1e-11)


@settings(max_examples=40)
@given(columns, st.floats(-500, 500))
def test_softmax_is_a_distribution_that_ignores_a_common_shift(z, shift):
    p = Softmax()(z)
    assert math.isclose(p.sum(), 1.0, rel_tol=1e-14)
    np.testing.assert_allclose(Softmax()(z + shift), p, atol=1e-11)
    np.testing.assert_allclose(Softmax().d(z).sum(axis=0), 0.0, atol=1e-15)


def test_softmax_treats_each_column_of_a_batch_alone():
    Z = np.array([[1.0, 700.0], [2.0, -700.0]])
    np.testing.assert_allclose(Softmax()(Z)[:, [0]], Softmax()(Z[:, [0]]), atol=1e-16)
    # Far apart: the largest of the whole batch would leave nothing but zeros in the first column.
    far = Softmax()(np.array([[1.0, 3000.0], [2.0, 3000.0]]))
    np.testing.assert_allclose(far, [[1 / (1 + math.e), 0.5], [math.e / (1 + math.e), 0.5]], rtol=1e-15)


@pytest.mark.parametrize(
    ("alpha", "at_zero", "s"), [(1.0, None, 1.0), (2.0, None, 2.0), (1.0, 0.0, 0.0), (2.0, 0.5, 0.5)]
)
def test_the_slope_of_relu_at_zero_is_the_choice_that_was_made(alpha, at_zero, s):
    z = np.array([[-1.0], [0.0], [-0.0], [1.0]])
    np.testing.assert_array_equal(ReLU(alpha, at_zero).slope(z).ravel(), [0.0, s, s, alpha])
    np.testing.assert_array_equal(ReLU(alpha, at_zero)(z).ravel(), [0.0, 0.0, 0.0, alpha])


@pytest.mark.parametrize(
    ("alpha", "at_zero", "says"),
    [
        (0.0, None, "expected a slope alpha > 0, got 0.0"),
        (-1.0, None, "got -1.0"),
        (float("nan"), None, "got nan"),
        (1.0, 1.5, "expected at_zero between 0 and alpha = 1.0, got 1.5"),
        (1.0, -0.1, "got -0.1"),
        (1.0, float("nan"), "got nan"),
        ("2", None, "expected a slope alpha > 0, got '2'"),
        (None, None, "got None"),
        (1j, None, "got 1j"),
        (1.0, "0", "expected at_zero between 0 and alpha = 1.0, got '0'"),
    ],
)
def test_a_slope_that_is_no_slope_is_refused(alpha, at_zero, says):
    with pytest.raises(ValueError, match=re.escape(says)):
        ReLU(alpha, at_zero)


def test_relu_is_the_identity_to_the_right_unless_a_slope_is_asked_for():
    z = np.array([[-3.0], [3.0]])
    np.testing.assert_array_equal(ReLU()(z), [[0.0], [3.0]])
    np.testing.assert_array_equal(ReLU().slope(z), [[0.0], [1.0]])


def test_relu_gives_no_negative_zeros_and_multiplies_only_what_it_keeps():
    values = ReLU(2.0)(np.array([[-3.0], [-0.0], [-1e308], [1.5]]))
    assert not np.signbit(values).any()
    np.testing.assert_array_equal(values, [[0.0], [0.0], [0.0], [3.0]])
