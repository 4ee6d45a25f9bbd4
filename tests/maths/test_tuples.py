"""Tuples: the operations against loops and numpy's own products, and structure before arithmetic."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.tuples import Tuple

sizes = st.integers(1, 6)
seeds = st.integers(0, 2**32 - 1)


@settings(max_examples=50)
@given(sizes, sizes, sizes, seeds)
def test_left_product_transpose_columns_and_contraction(k, m, n, seed):
    rng = np.random.default_rng(seed)
    J, A, x = rng.normal(size=(k, m)), rng.normal(size=(m, n)), rng.normal(size=(n, 1))
    T = Tuple.of_columns(A)
    np.testing.assert_allclose((J @ T).columns(), J @ A, atol=1e-12)
    np.testing.assert_allclose(T @ x, A @ x, atol=1e-12)
    np.testing.assert_array_equal(T.columns(), A)
    assert (J @ T).T.shapes == ((1, k),) * n
    assert T.T.T == T
    # The transpose acts on the elements; the order stays, so that glueing the rows again gives A's columns.
    np.testing.assert_array_equal(np.vstack(list(T.T)), A.T)


@settings(max_examples=30)
@given(sizes, sizes, seeds)
def test_multiplying_from_the_left_and_contracting_commute(m, n, seed):
    rng = np.random.default_rng(seed)
    T = Tuple(rng.normal(size=(m, 3)) for _ in range(n))
    u, x = rng.normal(size=(1, m)), rng.normal(size=(n, 1))
    np.testing.assert_allclose((u @ T) @ x, u @ (T @ x), atol=1e-12)


def test_elements_of_any_shapes_and_tuples_inside():
    rng = np.random.default_rng(0)
    inner = Tuple([rng.normal(size=(2, 3)), rng.normal(size=(2, 1))])
    T = Tuple([inner, rng.normal(size=(2, 5))])
    J = rng.normal(size=(4, 2))
    assert T.shapes == (((2, 3), (2, 1)), (2, 5))
    assert (J @ T).shapes == (((4, 3), (4, 1)), (4, 5))
    assert T.T.shapes == (((3, 2), (1, 2)), (5, 2))
    assert T.size == 6 + 2 + 10
    np.testing.assert_array_equal((J @ T)[0][1], J @ inner[1])


def test_a_number_may_stand_on_either_side_and_below():
    T = Tuple([Tuple([np.eye(2)]), np.ones((2, 1))])
    assert 3 * T == T * 3 == T * np.float64(3)
    assert T / 2 == 0.5 * T


def test_contraction_with_a_tuple_is_the_differential():
    """d(f) = Σ (df/dθ_k) dθ_k: each factor meets its own element."""
    rng = np.random.default_rng(1)
    T = Tuple([rng.normal(size=(2, 3)), rng.normal(size=(2, 4))])
    S = Tuple([rng.normal(size=(3, 1)), rng.normal(size=(4, 1))])
    np.testing.assert_allclose(T @ S, T[0] @ S[0] + T[1] @ S[1])
    np.testing.assert_allclose(Tuple([T, T[1]]) @ Tuple([S, S[1]]), T @ S + T[1] @ S[1])


def test_arithmetic_is_elementwise():
    T = Tuple([np.ones((2, 1)), Tuple([np.full((1, 3), 2.0)])])
    assert T + T == 2.0 * T
    assert T - T == 0 * T
    assert -T == -1 * T
    assert CUBE + CUBE == 2 * CUBE
    assert T != 2 * T
    assert (Tuple([np.ones((2, 1))]) == T) is False
    assert (T == "something") is False


def test_numpy_does_not_take_a_tuple_apart():
    T = Tuple([np.eye(2), np.eye(2)])
    J = np.array([[1.0, 2.0]])
    assert isinstance(J @ T, Tuple)
    for swallow in (
        lambda: np.array(T),
        lambda: np.asarray(T),
        lambda: np.matmul(J, T),
        lambda: np.exp(T),
        lambda: J + T,
    ):
        with pytest.raises(TypeError):
            swallow()
    assert isinstance(np.float64(2.0) * T, Tuple)


CUBE = Tuple([np.ones((2, 2)), np.ones((2, 2, 2))])
THREE = Tuple([np.ones((2, 1)), np.ones((2, 1)), np.ones((3, 1))])


@pytest.mark.parametrize(
    ("act", "kind", "says"),
    [
        (lambda: Tuple([np.ones((2, 1)), [1.0]]), TypeError, "expected element 1 to be an array or a Tuple, got list"),
        (lambda: Tuple(np.float64(1.0)), TypeError, "expected a list of arrays or Tuples, got a float64"),
        (lambda: Tuple([np.ones(2)]), ValueError, "element 0 to have two axes, got shape (2,)"),
        (
            lambda: np.ones((4, 2)) @ THREE,
            ValueError,
            "J is (4, 2) and element 2 is (3, 1); 2 columns do not meet 3 rows",
        ),
        (lambda: np.ones(2) @ THREE, ValueError, "expected a matrix (K, M) to the left of a Tuple, got shape (2,)"),
        (lambda: np.ones((1, 2)) @ Tuple([THREE]), ValueError, "element 0[2] is (3, 1)"),
        (lambda: THREE.columns(), ValueError, "expected element 2 to be a column (2, 1), got shape (3, 1)"),
        (lambda: Tuple([np.ones((1, 2))]).columns(), ValueError, "element 0 to be a column (M, 1), got shape (1, 2)"),
        (lambda: Tuple([THREE]).columns(), ValueError, "expected element 0 to be a column"),
        (lambda: Tuple([]).columns(), ValueError, "empty"),
        (lambda: Tuple([]) @ Tuple([]), ValueError, "the contraction of an empty Tuple is not defined"),
        (lambda: Tuple([]) @ np.ones((0, 1)), ValueError, "the contraction of an empty Tuple is not defined"),
        (lambda: THREE @ np.ones((2, 1)), ValueError, "expected a column (3, 1), one number for each element"),
        (lambda: THREE @ np.ones(3), ValueError, "got shape (3,)"),
        (lambda: THREE @ np.ones((3, 1)), ValueError, "adds elements of one shape; element 2 is shape (3, 1)"),
        (lambda: THREE @ Tuple([np.ones((1, 1))]), ValueError, "have 3 and 1 elements"),
        (lambda: Tuple([THREE, np.ones((2, 1))]) @ np.ones((2, 1)), ValueError, "element 1 is shape (2, 1)"),
        (lambda: Tuple([np.ones((2, 1)), THREE]) @ np.ones((2, 1)), ValueError, "element 1 is Tuple of 3 items"),
        (lambda: Tuple([THREE]) @ Tuple([np.ones((3, 2))]), ValueError, "the elements 0 are Tuple of 3 items"),
        (lambda: Tuple([np.ma.array([[1.0]])]), TypeError, "expected element 0 to be an array or a Tuple, got Masked"),
        (lambda: THREE @ THREE, ValueError, "the elements 0 are (2, 1) and (2, 1)"),
        (lambda: THREE + Tuple([np.ones((2, 1))] * 3), ValueError, "elements 2 have shapes (3, 1) and (2, 1)"),
        (lambda: THREE + Tuple([np.ones((2, 1))]), ValueError, "have 3 and 1 elements"),
        (lambda: THREE + 1.0, TypeError, "expected a Tuple, got a float"),
        (lambda: np.ones((2, 1)) + THREE, TypeError, "to the left of the sign too, got shape (2, 1)"),
        (lambda: 1.0 - THREE, TypeError, "got a float"),
        (lambda: np.ones((2, 1)) * THREE, TypeError, "expected a number times a Tuple, got shape (2, 1)"),
        (lambda: THREE * np.ones((2, 1)), TypeError, "expected a Tuple times a number, got shape (2, 1)"),
        (lambda: "2" * THREE, TypeError, "expected a number times a Tuple, got a str"),
        (lambda: THREE / "2", TypeError, "expected a Tuple divided by a number, got a str"),
        (lambda: THREE @ np.ma.ones((3, 1)), ValueError, "expected a column (3, 1), one number for each"),
        (lambda: THREE / np.ones((2, 1)), TypeError, "expected a Tuple divided by a number, got shape (2, 1)"),
        (lambda: np.ones((1, 2)) @ CUBE, ValueError, "element 1 has shape (2, 2, 2)"),
        (lambda: CUBE.T, ValueError, "T.T: expected elements with two axes, element 1"),
        (lambda: CUBE @ CUBE, ValueError, "element 1 has shape (2, 2, 2)"),
        # Of one element each numpy would make a product, of a stack of matrices.
        (lambda: Tuple([CUBE[1]]) @ Tuple([CUBE[0]]), ValueError, "T @ S: expected elements with two axes, element 0"),
        (lambda: Tuple([CUBE[0]]) @ Tuple([CUBE[1]]), ValueError, "T @ S: expected elements with two axes, element 0"),
        (lambda: Tuple.of_columns(np.ones(3)), ValueError, "expected a matrix (M, N), got shape (3,)"),
    ],
)
def test_structure_comes_before_arithmetic_and_the_element_is_named(act, kind, says):
    with pytest.raises(kind, match=re.escape(says)):
        act()
