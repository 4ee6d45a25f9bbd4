"""The three explicit forms hold the same numbers, and all give the closed form's gradient."""

import numpy as np
import pytest
from complex_step import complex_step
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.activations import Softmax, Tanh
from helpers.layers import Affine, Dense
from helpers.matrix_derivatives import (
    as_array,
    as_kronecker,
    as_tuple,
    costs,
    gradient_by_array,
    gradient_by_kronecker,
    gradient_by_tuple,
    gradient_in_closed_form,
)

sizes = st.integers(1, 6)


@settings(max_examples=40)
@given(sizes, sizes, st.integers(0, 2**32 - 1))
def test_the_forms_against_one_weight_at_a_time(M, N, seed):
    rng = np.random.default_rng(seed)
    W, b, x, u = (rng.normal(size=s) for s in ((M, N), (M, 1), (N, 1), (M, 1)))
    for layer in (Affine(W, b), Dense(W, b, Tanh()), Dense(W, b, Softmax())):
        D = layer.sigma.d(layer.W @ x + layer.b)
        truth = complex_step(lambda W, layer=layer: layer.sigma(W @ x + b).ravel(), W)  # [i, k, j]
        np.testing.assert_allclose(as_array(D, x), truth, atol=1e-12)
        np.testing.assert_allclose(np.stack(list(as_tuple(D, x)), axis=2), truth, atol=1e-12)
        np.testing.assert_allclose(as_kronecker(D, x), np.hstack([truth[:, :, j] for j in range(N)]), atol=1e-12)
        assert as_tuple(D, x) == layer.d_params(x)[0]
        expected = np.einsum("i,ikj->kj", u.ravel(), truth)
        for form in (gradient_by_tuple, gradient_by_array, gradient_by_kronecker, gradient_in_closed_form):
            np.testing.assert_allclose(form(u, D, x), expected, atol=1e-11, err_msg=form.__name__)


def test_bytes_are_what_the_arrays_hold():
    M, N = 5, 3
    D, x, u = np.eye(M), np.ones((N, 1)), np.ones((M, 1))
    gradient = gradient_in_closed_form(u, D, x).nbytes
    assert costs(M, N)["array"][1] == as_array(D, x).nbytes + gradient
    assert costs(M, N)["kronecker"][1] == as_kronecker(D, x).nbytes + gradient
    assert costs(M, N)["tuple"][1] == 8 * as_tuple(D, x).size + gradient
    assert costs(M, N)["closed form"][1] == (np.diag(D) * u.ravel()).nbytes + gradient


def test_multiplications_are_counted_one_by_one():
    class Counted:
        """A number that counts its multiplications."""

        count = 0

        def __init__(self, value):
            self.value = value

        def __mul__(self, other):
            Counted.count += 1
            return Counted(self.value * other.value)

        def __add__(self, other):
            return Counted(self.value + other.value)

    M, N = 4, 3
    number = np.vectorize(Counted, otypes=[object])
    D, x, u = number(np.eye(M)), number(np.ones(N)), number(np.ones(M))
    _ = [u[i] * (x[j] * D[i, k]) for i in range(M) for k in range(M) for j in range(N)]
    assert Counted.count == costs(M, N)["tuple"][0]
    Counted.count = 0
    delta = [D[i, i] * u[i] for i in range(M)]
    _ = [delta[i] * x[j] for i in range(M) for j in range(N)]
    assert Counted.count == costs(M, N)["closed form"][0]


def test_a_row_for_x_is_refused():
    for form in (as_tuple, as_array, as_kronecker):
        with pytest.raises(ValueError, match="expected"):
            form(np.eye(2), np.ones(3))


@pytest.mark.parametrize(
    "D", [np.ones(2), np.ones((2, 3)), np.ones((1, 2, 2)), np.eye(2, dtype=int), [[1.0]], np.full((2, 2), np.nan), 1.0]
)
def test_a_jacobian_that_is_none_is_refused(D):
    x, u = np.ones((3, 1)), np.ones((2, 1))
    for form in (as_tuple, as_array, as_kronecker):
        with pytest.raises((ValueError, TypeError), match="expected"):
            form(D, x)
    for form in (gradient_by_tuple, gradient_by_array, gradient_by_kronecker, gradient_in_closed_form):
        with pytest.raises((ValueError, TypeError), match="expected"):
            form(u, D, x)


@pytest.mark.parametrize("u", [np.ones(2), np.ones((1, 2)), np.ones((3, 1)), np.ones((2, 1), int), [[1.0], [1.0]]])
def test_an_upstream_that_is_no_column_of_this_length_is_refused(u):
    for form in (gradient_by_tuple, gradient_by_array, gradient_by_kronecker, gradient_in_closed_form):
        with pytest.raises((ValueError, TypeError), match="expected"):
            form(u, np.eye(2), np.ones((3, 1)))
