"""Layers: the two faces agree with each other and with the complex step, for every layer, shape and batch.

A layer is one entry of LAYERS, and passes through the same tests as all others.
"""

import re
from contextlib import contextmanager

import numpy as np
import pytest
from builds import in_columns
from complex_step import complex_step
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.activations import ReLU, Sigmoid, Softmax, Tanh
from helpers.calculus import Function, affine, identity
from helpers.channels import Channels
from helpers.convolution import Convolution, MaxPooling
from helpers.dropout import Dropout
from helpers.gradcheck import check_gradients
from helpers.layers import Activation, Affine, Dense, Layer, parameter
from helpers.network import Network
from helpers.normalization import BatchNormalization
from helpers.numerical import numerical_jacobian
from helpers.tuples import Tuple


class Scale(Layer):
    """y = a ⊙ x: a layer with one column of parameters, as small as a layer can be."""

    a = parameter("a")

    def __init__(self, a):
        super().__init__({"a": a}, n=len(a), m=len(a))

    def _forward(self, x):
        return self.a * x, x

    def _backward(self, u, x, input_gradient):
        return self.a * u if input_gradient else None, {"a": (u * x).sum(axis=1, keepdims=True)}

    def _d(self, x):
        return np.diag(self.a.ravel())

    def _d_params(self, x):
        return Tuple([np.diag(x.ravel())])


def dense(sigma):
    return lambda rng, m, n: Dense(rng.normal(size=(m, n)), rng.normal(size=(m, 1)), sigma)


def line(stride):
    """A convolution from 2 channels of a line to m, its windows as wide as they can be for n >= 3."""

    def build(rng, m, n):
        k = min(3, n)
        size = (k + stride * (n - k),)
        return Convolution(rng.normal(size=(m, 2, k)), rng.normal(size=(m, 1)), size, stride)

    return build


def image(rng, m, n):
    kernel = rng.normal(size=(m, 2, min(2, n), min(3, n)))
    return Convolution(kernel, rng.normal(size=(m, 1)), (n, n))


def channels(rng, m, n):
    """Two channels in and three out, n and m numbers each."""
    W = [[rng.normal(size=(m, n)) for _ in range(2)] for _ in range(3)]
    return Channels(W, [rng.normal(size=(m, 1)) for _ in range(3)])


DENSE = {
    "affine": lambda rng, m, n: Affine(rng.normal(size=(m, n)), rng.normal(size=(m, 1))),
    "sigmoid": dense(Sigmoid()),
    "tanh": dense(Tanh()),
    "ReLU": dense(ReLU(0.7)),
    "softmax": dense(Softmax()),
    "identity": dense(identity()),
    "measured": dense(Function(lambda z: np.sin(z) + z * z[::-1])),  # not elementwise, its derivative measured
}
LAYERS = DENSE | {
    "scale": lambda rng, m, n: Scale(rng.normal(size=(n, 1))),
    "activation": lambda rng, m, n: Activation(Softmax()),
    "channels": channels,
    "convolution of lines": line(1),
    "convolution of lines, stride 2": line(2),
    "convolution of images": image,
    "max-pooling": lambda rng, m, n: MaxPooling((n, n), (min(2, n), min(2, n)), 1, channels=m),
    "max-pooling, no overlap": lambda rng, m, n: MaxPooling((2 * n,), (2,), 2, channels=m),
    "dropout": lambda rng, m, n: Dropout(0.6, seed=int(rng.integers(100))),
    "dropout, off": lambda rng, m, n: Dropout(0.6),
    "batch normalization": lambda rng, m, n: BatchNormalization(rng.normal(size=(n, 1)), rng.normal(size=(n, 1))),
}
NAMES = pytest.mark.parametrize("name", LAYERS)
WITH_PARAMS = pytest.mark.parametrize("name", [n for n in LAYERS if LAYERS[n](np.random.default_rng(0), 2, 3).params])
# The output for a sample depends on the others in its batch, or on its place among them.
TOGETHER = ("dropout", "batch normalization")


def drawn(name, m, n, batch, seed):
    """A layer, a batch x (N, B) whose z stays off the kink of ReLU, and an upstream."""
    rng = np.random.default_rng(seed)
    while True:
        layer = LAYERS[name](rng, m, n)
        x = rng.normal(size=(layer.n or n, batch))
        if name != "ReLU" or np.abs(layer.W @ x + layer.b).min() > 1e-3:
            return layer, x, rng.normal(size=layer(x).shape)


def measured(layer, name, x):
    """The same Jacobian (M, P), by the complex step in every entry of the parameter."""
    whole = layer.params[name]

    def output(flat):
        layer.params[name] = flat.reshape(whole.shape, order="F")
        try:
            return layer(x)
        finally:
            layer.params[name] = whole

    return numerical_jacobian(output, whole.reshape(-1, 1, order="F"))


@NAMES
@settings(max_examples=30)
@given(m=st.integers(1, 6), n=st.integers(1, 6), batch=st.integers(1, 4), seed=st.integers(0, 2**32 - 1))
def test_the_two_faces_agree(name, m, n, batch, seed):
    layer, x, u = drawn(name, m, n, batch, seed)
    y, cache = layer.forward(x)
    u_below, grads = layer.backward(u, cache)
    np.testing.assert_allclose(y, layer(x), atol=1e-15)
    assert u_below.shape == x.shape and list(grads) == list(layer.params)
    if name in TOGETHER:
        return the_whole_batch_agrees(layer, x, u, u_below, grads)
    columns = [(x[:, [s]], u[:, [s]]) for s in range(batch)]
    largest = max((np.abs(p).max() for p in layer.params.values()), default=1.0)
    close = {"rtol": 0, "atol": 1e-12 * max(1, np.abs(u).max() * largest * np.abs(x).max() * batch * 10)}
    np.testing.assert_allclose(u_below, np.hstack([layer.d(x_s).T @ u_s for x_s, u_s in columns]), **close)
    for k, (name, p) in enumerate(layer.params.items()):
        explicit = sum(in_columns(layer.d_params(x_s)[k]).T @ u_s for x_s, u_s in columns)
        assert grads[name].shape == p.shape
        np.testing.assert_allclose(grads[name].reshape(-1, 1, order="F"), explicit, **close)


def the_whole_batch_agrees(layer, x, u, u_below, grads):
    """Where samples depend on each other, each entry of the batch is raised alone, and all outputs are looked at."""
    for below, raised in ((u_below, x), *((gradient, layer.params[name]) for name, gradient in grads.items())):

        def value(array, raised=raised):
            with changed(layer, raised, array):
                return (u * layer(array if raised is x else x)).sum()

        truth = complex_step(value, raised)
        np.testing.assert_allclose(below, truth, rtol=0, atol=1e-10 * max(1, np.abs(truth).max()))


@contextmanager
def changed(layer, array, other):
    """The layer with another array in the place of a parameter, for a while."""
    names = [name for name, parameter in layer.params.items() if parameter is array]
    layer.params.update(dict.fromkeys(names, other))
    try:
        yield
    finally:
        layer.params.update(dict.fromkeys(names, array))


@NAMES
@settings(max_examples=20)
@given(m=st.integers(1, 5), n=st.integers(1, 5), seed=st.integers(0, 2**32 - 1))
def test_the_explicit_face_agrees_with_the_complex_step(name, m, n, seed):
    layer, x, _ = drawn(name, m, n, 1, seed)
    derivatives = layer.d_params(x)
    assert len(derivatives) == len(layer.params)
    pairs = [(layer.d(x), numerical_jacobian(layer, x))]
    pairs += [
        (in_columns(ours), measured(layer, name, x)) for ours, name in zip(derivatives, layer.params, strict=True)
    ]
    for ours, truth in pairs:
        assert ours.shape == truth.shape
        np.testing.assert_allclose(ours, truth, rtol=0, atol=1e-12 * max(1, np.abs(truth).max()))


@NAMES
def test_the_input_gradient_can_be_left_out_and_nothing_else_changes(name):
    layer, x, u = drawn(name, 3, 4, 5, 0)
    _, cache = layer.forward(x)
    with_it, without = layer.backward(u, cache), layer.backward(u, cache, input_gradient=False)
    assert without[0] is None and with_it[0].shape == x.shape
    for name, gradient in with_it[1].items():
        np.testing.assert_array_equal(without[1][name], gradient)


@NAMES
def test_the_vector_jacobian_product_is_what_backward_hands_down(name):
    layer, x, u = drawn(name, 3, 4, 5, 0)
    np.testing.assert_allclose(layer.vjp(x, u), layer.backward(u, layer.forward(x)[1])[0], rtol=1e-12, atol=1e-12)


@pytest.mark.parametrize("name", DENSE)
def test_the_efficient_face_passes_the_gradient_check(name):
    sigma = LAYERS[name](np.random.default_rng(0), 2, 2).sigma

    def backward(u, W, x, b):
        layer = Dense(W, b, sigma)
        u_below, grads = layer.backward(u, layer.forward(x)[1])
        return grads | {"x": u_below}

    shapes = {"W": ("M", "N"), "x": ("N", "B"), "b": ("M", 1)}
    check_gradients(lambda W, x, b: sigma(W @ x + b), backward, shapes, off_kinks=lambda W, x, b: W @ x + b, seeds=4)


@NAMES
def test_a_layer_keeps_nothing_between_calls(name):
    layer, x, u = drawn(name, 3, 4, 2, 0)
    _, first = layer.forward(x)
    _, second = layer.forward(2 * x)
    before = layer.backward(u, first)
    layer.backward(u, second)
    after = layer.backward(u, first)
    np.testing.assert_array_equal(before[0], after[0])
    for name in layer.params:
        np.testing.assert_array_equal(before[1][name], after[1][name])


@WITH_PARAMS
def test_training_changes_the_layer_through_its_params(name):
    layer, x, u = drawn(name, 3, 4, 2, 0)
    grads = layer.backward(u, layer.forward(x)[1])[1]
    before, loss = layer(x), (u * layer(x)).sum()
    for name, gradient in grads.items():
        layer.params[name] = layer.params[name] - 1e-4 * gradient
        if name.isidentifier():  # an entry of a list of matrices has no name of its own
            np.testing.assert_array_equal(getattr(layer, name), layer.params[name])
    # To first order the loss falls by 1e-4 times the square of the gradient's length.
    fall = sum((gradient**2).sum() for gradient in grads.values()) * 1e-4
    assert loss - (u * layer(x)).sum() == pytest.approx(fall, rel=1e-2)
    assert not np.array_equal(before, layer(x))


@WITH_PARAMS
def test_a_parameter_is_one_thing_under_both_names(name):
    layer, _, _ = drawn(name, 3, 4, 1, 0)
    for part, value in [(part, value) for part, value in layer.params.items() if part.isidentifier()]:
        setattr(layer, part, 2 * value)
        np.testing.assert_array_equal(layer.params[part], 2 * value)
        assert getattr(layer, part) is layer.params[part]


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
        (lambda: Dense(W, b, Tanh), TypeError, "expected sigma to be a Function such as Tanh(), got the class Tanh"),
        (lambda: Dense(W, b, np.tanh), TypeError, "expected sigma to be a Function such as Tanh(), got ufunc"),
        (
            lambda: Dense(W, np.ones(2), Tanh()),
            ValueError,
            "expected a column (N, 1), got shape (2,); use b.reshape(-1, 1)",
        ),
        (
            lambda: Dense(W, b, Affine(W.T, W[:1].T)),
            TypeError,
            "expected sigma to have no parameters, got Affine: R^2 -> R^3",
        ),
        (lambda: Activation(Affine(W, b)), TypeError, "put it into the Network as the next layer"),
        (
            lambda: Dense(W, b, identity(3)),
            ValueError,
            "expected sigma to take and return 2 numbers, one for each row of W",
        ),
        (lambda: Dense(W, b, affine(np.ones((1, 2)))), ValueError, "got affine: R^2 -> R^1"),
        (
            lambda: Network([Affine(W, b), Activation(identity(3))]),
            ValueError,
            "layer 0 returns 2 numbers and layer 1 takes 3",
        ),
        (lambda: Dense(W, np.ones((3, 1)), Tanh()), ValueError, "expected b to have 2 rows, got shape (3, 1)"),
        (lambda: Affine(W[0], b), ValueError, "W to be a matrix (M, N), got shape (3,); one row for each output"),
        (lambda: Scale([[1.0], [2.0]]), ValueError, "expected a to keep its shape (2, 1), got a list"),
        (lambda: Scale(np.array([[1], [2]])), TypeError, "expected a in float64, got int64"),
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


def test_an_output_that_overflows_is_named():
    with np.errstate(over="ignore"), pytest.raises(ValueError, match=re.escape("got inf at Affine(x)[0, 0]")):
        Affine(W + 1e200, b).forward(np.full((3, 1), 1e200))


def faces(layer, x):
    _, cache = layer.forward(x)
    u = np.ones_like(layer(x))
    return (
        lambda: layer(x),
        lambda: layer.d(x),
        lambda: layer.d_params(x),
        lambda: layer.forward(x),
        lambda: layer.backward(u, cache),
    )


@WITH_PARAMS
def test_a_parameter_that_is_no_longer_fit_is_named_by_every_face(name):
    for part in LAYERS[name](np.random.default_rng(0), 2, 3).params:
        layer, x, _ = drawn(name, 2, 3, 1, 0)
        acts, shape = faces(layer, x), layer.params[part].shape
        layer.params[part] = np.where(np.arange(np.prod(shape)).reshape(shape) == 1, np.inf, layer.params[part])
        for act in acts:
            with pytest.raises(ValueError, match=re.escape(f"got inf at {part}[")):
                act()
        # The last of them is what b - mu * gradient.sum(axis=1) makes of a bias.
        for later in ([[1.0], [1.0]], np.ones((1, 1)), np.ones((*shape, 1)), np.ones((shape[0], shape[0] + 3))):
            layer.params[part] = later
            for act in acts:
                with pytest.raises(ValueError, match=re.escape(f"expected {part} to keep its shape {shape}")):
                    act()
        layer.params[part] = np.ones(shape, np.float32)
        for act in acts:
            with pytest.raises(TypeError, match=re.escape(f"expected {part} in float64, got float32")):
                act()


def test_the_tuple_of_jacobians_has_the_shapes_of_the_notes():
    dW, db = Dense(W, b, Tanh()).d_params(np.ones((3, 1)))
    assert isinstance(dW, Tuple)
    assert dW.shapes == ((2, 2),) * 3
    assert db.shape == (2, 2)


@pytest.mark.parametrize(
    ("C", "D", "M", "N", "B"), [(1, 1, 2, 3, 1), (2, 2, 3, 2, 4), (3, 1, 2, 2, 5), (1, 4, 3, 2, 2)]
)
def test_channels_are_one_dense_layer_cut_into_blocks(C, D, M, N, B):
    rng = np.random.default_rng(C + D)
    W = [[rng.normal(size=(M, N)) for _ in range(D)] for _ in range(C)]
    b = [rng.normal(size=(M, 1)) for _ in range(C)]
    layer, block = Channels(W, b), Affine(np.block(W), np.vstack(b))
    x, u = rng.normal(size=(D * N, B)), rng.normal(size=(C * M, B))
    (y, cache), (z, kept) = layer.forward(x), block.forward(x)
    np.testing.assert_allclose(y, z, atol=1e-13)
    (below, grads), (right, truth) = layer.backward(u, cache), block.backward(u, kept)
    np.testing.assert_allclose(below, right, atol=1e-13)
    glued = [[grads[f"W[{c}][{d}]"] for d in range(D)] for c in range(C)]
    np.testing.assert_allclose(np.block(glued), truth["W"], atol=1e-13)
    np.testing.assert_allclose(np.vstack([grads[f"b[{c}]"] for c in range(C)]), truth["b"], atol=1e-13)


@pytest.mark.parametrize(
    ("W", "b", "says"),
    [
        (np.ones((2, 2)), [np.ones((2, 1))], "expected W as C lists of D matrices .* got shape \\(2, 2\\)"),
        ([], [], "expected W as C lists"),
        ([[np.ones((2, 2))], []], [np.ones((2, 1))] * 2, "expected W as C lists"),
        ([[np.ones((2, 2))]], [np.ones((2, 1))] * 2, "expected W as C lists"),
        ([[np.ones((2, 2)), np.ones((2, 3))]], [np.ones((2, 1))], "matrices of one shape"),
        ([[np.ones((2, 2))]], [np.ones((3, 1))], r"b\[0\] to have 2 rows"),
        ([[np.ones(2)]], [np.ones((2, 1))], "got shape"),
    ],
)
def test_what_are_no_channels_is_refused(W, b, says):
    with pytest.raises((TypeError, ValueError), match=says):
        Channels(W, b)
