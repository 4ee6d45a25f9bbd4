"""Layers: the two faces agree with each other and with the complex step, for every activation, shape and batch."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.activations import ReLU, Sigmoid, Softmax, Tanh
from helpers.calculus import Function, identity
from helpers.gradcheck import check_gradients
from helpers.layers import Affine, Dense
from helpers.numerical import numerical_jacobian
from helpers.tuples import Tuple

ACTIVATIONS = {
    "sigmoid": Sigmoid(),
    "tanh": Tanh(),
    "ReLU": ReLU(0.7),
    "softmax": Softmax(),
    "identity": identity(),
    "measured": Function(lambda z: np.sin(z) + z * z[::-1]),  # not elementwise, its derivative measured
}


def drawn(name, m, n, batch, seed):
    """A layer and a batch x (N, B) whose z stays off the kink of ReLU."""
    rng = np.random.default_rng(seed)
    while True:
        W, b, x = rng.normal(size=(m, n)), rng.normal(size=(m, 1)), rng.normal(size=(n, batch))
        if np.abs(W @ x + b).min() > 1e-3:
            layer = Affine(W, b) if name == "affine" else Dense(W, b, ACTIVATIONS[name])
            return layer, x, rng.normal(size=(m, batch))


@pytest.mark.parametrize("name", ["affine", *ACTIVATIONS])
@settings(max_examples=30, deadline=None)
@given(m=st.integers(1, 6), n=st.integers(1, 6), batch=st.integers(1, 4), seed=st.integers(0, 2**32 - 1))
def test_the_two_faces_agree(name, m, n, batch, seed):
    layer, x, u = drawn(name, m, n, batch, seed)
    y, cache = layer.forward(x)
    u_below, grads = layer.backward(u, cache)
    np.testing.assert_allclose(y, layer(x), atol=1e-15)
    columns = [(x[:, [s]], u[:, [s]]) for s in range(batch)]
    explicit = [(u_s.T @ layer.d_params(x_s)).T for x_s, u_s in columns]
    close = {"rtol": 0, "atol": 1e-12 * max(1, np.abs(u).max() * np.abs(layer.W).max() * np.abs(x).max() * batch * 10)}
    np.testing.assert_allclose(u_below, np.hstack([layer.d(x_s).T @ u_s for x_s, u_s in columns]), **close)
    np.testing.assert_allclose(grads["W"], sum(dW.columns() for dW, _ in explicit), **close)
    np.testing.assert_allclose(grads["b"], sum(db for _, db in explicit), **close)
    assert u_below.shape == x.shape and grads["W"].shape == layer.W.shape and grads["b"].shape == layer.b.shape


@pytest.mark.parametrize("name", ["affine", *ACTIVATIONS])
@settings(max_examples=20, deadline=None)
@given(m=st.integers(1, 5), n=st.integers(1, 5), seed=st.integers(0, 2**32 - 1))
def test_the_explicit_face_agrees_with_the_complex_step(name, m, n, seed):
    layer, x, _ = drawn(name, m, n, 1, seed)
    sigma = layer.sigma
    dW, db = layer.d_params(x)
    pairs = [
        (layer.d(x), numerical_jacobian(layer, x)),
        (db, numerical_jacobian(lambda b: sigma(layer.W @ x + b), layer.b)),
    ]
    for j in range(n):
        others = layer.W @ x + layer.b - layer.W[:, [j]] * x[j]
        pairs.append((dW[j], numerical_jacobian(lambda w, j=j, o=others: sigma(o + w * x[j]), layer.W[:, [j]].copy())))
    for ours, truth in pairs:
        np.testing.assert_allclose(ours, truth, rtol=0, atol=1e-12 * max(1, np.abs(truth).max()))


@pytest.mark.parametrize("name", ["affine", *ACTIVATIONS])
def test_the_efficient_face_passes_the_gradient_check(name):
    sigma = identity() if name == "affine" else ACTIVATIONS[name]

    def build(W, b):
        return Affine(W, b) if name == "affine" else Dense(W, b, sigma)

    def backward(u, W, x, b):
        layer = build(W, b)
        u_below, grads = layer.backward(u, layer.forward(x)[1])
        return grads | {"x": u_below}

    shapes = {"W": ("M", "N"), "x": ("N", "B"), "b": ("M", 1)}
    check_gradients(lambda W, x, b: sigma(W @ x + b), backward, shapes, off_kinks=lambda W, x, b: W @ x + b, seeds=4)


def test_a_layer_keeps_nothing_between_calls():
    layer, x, u = drawn("tanh", 3, 4, 2, 0)
    _, first = layer.forward(x)
    _, second = layer.forward(2 * x)
    before = layer.backward(u, first)
    layer.backward(u, second)
    after = layer.backward(u, first)
    np.testing.assert_array_equal(before[0], after[0])
    np.testing.assert_array_equal(before[1]["W"], after[1]["W"])


def test_layers_compose_like_functions():
    lower, x, _ = drawn("tanh", 3, 4, 1, 1)
    upper, _, _ = drawn("softmax", 2, 3, 1, 2)
    network = upper @ lower
    np.testing.assert_allclose(network.d(x), numerical_jacobian(network, x), atol=1e-12)
    n, lower_cache = lower.forward(x)
    _, upper_cache = upper.forward(n)
    u = np.array([[0.3], [-1.1]])
    below, _ = lower.backward(upper.backward(u, upper_cache)[0], lower_cache)
    np.testing.assert_allclose(below, network.d(x).T @ u, atol=1e-12)


W, b = np.arange(6.0).reshape(2, 3), np.ones((2, 1))


@pytest.mark.parametrize(
    ("build", "kind", "says"),
    [
        (lambda: Dense(W, b, np.tanh), TypeError, "expected sigma to be a Function such as Tanh(), got ufunc"),
        (
            lambda: Dense(W, np.ones(2), Tanh()),
            ValueError,
            "expected a column (N, 1), got shape (2,); use b.reshape(-1, 1)",
        ),
        (lambda: Dense(W, np.ones((3, 1)), Tanh()), ValueError, "expected b to have 2 rows, got shape (3, 1)"),
        (lambda: Affine(W[0], b), ValueError, "got shape (3,)"),
        (lambda: Affine(W.astype(int), b), TypeError, "expected W in float64, got int64"),
        (lambda: Affine(W * np.nan, b), ValueError, "expected finite numbers, got nan at W[0, 0]"),
        (lambda: Affine(W, b * np.inf), ValueError, "got inf at b[0, 0]"),
    ],
)
def test_parameters_that_do_not_fit_are_refused(build, kind, says):
    with pytest.raises(kind, match=re.escape(says)):
        build()


def test_wrong_inputs_upstreams_and_caches_are_refused():
    layer, twin = Dense(W, b, Tanh()), Dense(W, b, Tanh())
    x = np.ones((3, 2))
    _, cache = layer.forward(x)
    u = np.ones((2, 2))
    for wrong in (np.ones((2, 2)), np.ones(3), x.astype(np.float32), x * np.nan):
        with pytest.raises((ValueError, TypeError), match="expected"):
            layer.forward(wrong)
    for act in (layer, layer.d, layer.d_params):
        with pytest.raises(ValueError, match="expected x to have 3 rows"):
            act(np.ones((2, 1)))
    for wrong in (np.ones((2, 1)), np.ones((3, 2)), np.ones(2), [[1.0]]):
        with pytest.raises(ValueError, match=re.escape("expected u in the shape (2, 2)")):
            layer.backward(wrong, cache)
    with pytest.raises(ValueError, match="finite"):
        layer.backward(u * np.nan, cache)
    for wrong in (twin.forward(x)[1], None, (x, x), x):
        with pytest.raises(ValueError, match="expected the cache that this layer's forward returned"):
            layer.backward(u, wrong)


def test_parameters_that_became_infinite_are_named():
    layer = Affine(W.copy(), b.copy())
    layer.W[0, 1] = np.inf
    for act in (layer, layer.d_params, layer.forward):
        with pytest.raises(ValueError, match=re.escape("stand in ['W']")):
            act(np.ones((3, 1)))
    with pytest.raises(ValueError, match=re.escape("stand in ['b']")):
        (layer.W, layer.b) = W, b * np.nan
        layer.d(np.ones((3, 1)))


@pytest.mark.parametrize("later", [np.ones(2), np.ones((2, 2)), np.ones((1, 1)), [[1.0], [1.0]]])
def test_a_bias_of_another_shape_is_not_broadcast(later):
    layer = Dense(W, b, Tanh())
    layer.b = later  # what b - mu * gradient.sum(axis=1) makes of it
    for act in (layer, layer.d, layer.d_params, layer.forward):
        with pytest.raises(ValueError, match=re.escape("expected b to keep its shape (2, 1)")):
            act(np.ones((3, 1)))
    with pytest.raises(ValueError, match=re.escape("expected b to keep its shape (2, 1)")):
        layer.forward(np.ones((3, 2)))


def test_weights_of_another_shape_are_refused_on_both_ways():
    layer = Dense(W, b, Tanh())
    _, cache = layer.forward(np.ones((3, 2)))
    layer.W = np.ones((2, 4))
    for act in (lambda: layer.forward(np.ones((3, 2))), lambda: layer.backward(np.ones((2, 2)), cache)):
        with pytest.raises(ValueError, match=re.escape("expected W to keep its shape (2, 3), got shape (2, 4)")):
            act()


def test_the_tuple_of_jacobians_has_the_shapes_of_the_notes():
    dW, db = Dense(W, b, Tanh()).d_params(np.ones((3, 1)))
    assert isinstance(dW, Tuple)
    assert dW.shapes == ((2, 2),) * 3
    assert db.shape == (2, 2)
