"""Networks: the loop of the backward pass against the explicit products, the complex step and the loop over samples."""

import re

import numpy as np
import pytest
from builds import BUILDS, LOSSES, in_columns, one_layer, skipping_two, tied, tied_and_skipping
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.activations import ReLU, Tanh
from helpers.calculus import Function, identity
from helpers.digits import digit_network, some_digits
from helpers.dropout import Dropout
from helpers.layers import Activation, Affine, Dense
from helpers.losses import LogisticLoss, SoftmaxCrossEntropy, SquaredLoss
from helpers.network import Network, Skip
from helpers.numerical import numerical_jacobian

NETWORKS = pytest.mark.parametrize("build", BUILDS, ids=lambda build: build.__name__)


def measured(net, key, value):
    """The gradient of value() with respect to one parameter, entry by entry by the complex step in a copy of the layer.

    The array is replaced everywhere it is used, by way of the layers, so that nothing of the network's own is believed.
    """
    array = net.params[key]
    users = [(layer, name) for layer in every_layer(net) for name, other in layer.params.items() if other is array]
    gradient = np.empty(array.shape)
    for at in np.ndindex(*array.shape):
        changed = array.astype(complex)
        changed[at] += 1e-20j
        for layer, name in users:
            layer.params[name] = changed
        gradient[at] = np.imag(value()) / 1e-20
        for layer, name in users:
            layer.params[name] = array
    return gradient


def every_layer(layer):
    """The innermost layers."""
    if isinstance(layer, Network):
        return [inner for each in layer.layers for inner in every_layer(each)]
    return every_layer(layer.layer) if isinstance(layer, Skip) else [layer]


@NETWORKS
@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("B", [1, 4])
def test_the_gradients_are_what_is_measured(build, loss, B):
    rng = np.random.default_rng(len(loss) + B)
    net, (loss, labels) = build(rng), LOSSES[loss]
    x, y = rng.normal(size=(3, B)), labels(rng, (2, B))
    value, grads = net.gradients(x, y, loss)
    assert value == pytest.approx(loss(net(x), y), rel=1e-14)
    assert list(grads) == list(net.params)
    for key, param in net.params.items():
        assert grads[key].shape == param.shape
        truth = measured(net, key, lambda: loss(net(x), y))
        np.testing.assert_allclose(grads[key], truth, rtol=0, atol=1e-12 * max(1, np.abs(truth).max()))


@NETWORKS
def test_the_input_gradient_of_a_batch_is_what_is_measured(build):
    rng = np.random.default_rng(0)
    net, x, u = build(rng), rng.normal(size=(3, 4)), rng.normal(size=(2, 4))
    _, cache = net.forward(x)
    below, _ = net.backward(u, cache)
    truth = numerical_jacobian(lambda x: (u * net(x.reshape(3, 4))).sum(), x.reshape(-1, 1))
    np.testing.assert_allclose(below, truth.reshape(3, 4), atol=1e-12)
    assert net.backward(u, cache, input_gradient=False)[0] is None


@NETWORKS
@settings(max_examples=10)
@given(seed=st.integers(0, 2**32 - 1))
def test_the_explicit_products_agree_with_the_loop(build, seed):
    rng = np.random.default_rng(seed)
    net, x, u = build(rng), rng.normal(size=(3, 1)), rng.normal(size=(2, 1))
    np.testing.assert_allclose(net.d(x), numerical_jacobian(net, x), atol=1e-12)
    below, grads = net.backward(u, net.forward(x)[1])
    np.testing.assert_allclose(below, net.d(x).T @ u, atol=1e-12)
    for (key, grad), derivative in zip(grads.items(), net.d_params(x), strict=True):
        assert grad.shape == net.params[key].shape
        np.testing.assert_allclose(grad.reshape(-1, 1, order="F"), in_columns(derivative).T @ u, atol=1e-12)


def test_an_optimizer_is_one_line():
    rng = np.random.default_rng(3)
    net, x, y, loss, mu = tied(rng), rng.normal(size=(3, 5)), rng.normal(size=(2, 5)), SquaredLoss(), 1e-5
    before, grads = net.gradients(x, y, loss)
    for param, grad in net.params_and_grads(grads):
        param -= mu * grad
    fall = mu * sum((grad**2).sum() for grad in grads.values())
    assert before - loss(net(x), y) == pytest.approx(fall, rel=1e-3)


def test_gradients_of_another_network_have_no_pairs():
    net, other = small(), one_layer(np.random.default_rng(0))
    whole = net.gradients(X, Y, SquaredLoss())
    for wrong, got in (
        (whole, "a tuple"),
        (other.gradients(X, np.ones((2, 4)), SquaredLoss())[1], "the names (0, 'W'), (0, 'b')"),
    ):
        with pytest.raises(
            ValueError, match=re.escape(f"each of (0, 'W'), (0, 'b'), (1, 'W'), (1, 'b'), got {got}; take")
        ):
            net.params_and_grads(wrong)


def test_a_layer_that_stands_twice_has_its_parameters_once():
    net = tied(np.random.default_rng(0))
    assert list(net.params) == [(i, name) for i in (0, 1, 2, 4) for name in ("W", "b")]
    assert list(tied_and_skipping(np.random.default_rng(0)).params) == [
        (0, "W"), (0, "b"), (2, 1, "W"), (2, 1, "b"), (3, "W"), (3, "b"),
    ]  # fmt: skip
    inner = skipping_two(np.random.default_rng(0))
    assert (1, 0, "W") in inner.params and (1, 1, "b") in inner.params


def test_one_use_only_is_far_from_the_gradient_of_a_tied_network():
    rng = np.random.default_rng(1)
    net, x, y = tied(rng), rng.normal(size=(3, 1)), rng.normal(size=(2, 1))
    _, grads = net.gradients(x, y, SquaredLoss())
    apart = Network([*net.layers[:3], Dense(net.layers[3].W.copy(), net.layers[3].b.copy(), Tanh()), net.layers[4]])
    _, of_each = apart.gradients(x, y, SquaredLoss())
    np.testing.assert_allclose(grads[1, "W"], of_each[1, "W"] + of_each[3, "W"], atol=1e-14)
    assert np.abs(grads[1, "W"] - of_each[1, "W"]).max() > 0.01


def test_the_digit_network_reads_easy_digits():
    net, (X, Y) = digit_network(), some_digits()
    assert X.shape == (64, 20) and Y.shape == (10, 20) and 0 <= X.min() and X.max() == 1
    assert (Y.argmax(axis=0) == np.repeat(np.arange(10), 2)).all() and (Y.sum(axis=0) == 1).all()
    right = net(X).argmax(axis=0) == Y.argmax(axis=0)
    assert right[::2].all() and not right[1::2].all()
    loss = SoftmaxCrossEntropy()
    costs = [loss(net(X[:, [k]]), Y[:, [k]]) for k in range(20)]
    assert all(easy < hard for easy, hard in zip(costs[::2], costs[1::2], strict=True))


W, b = np.ones((2, 3)), np.ones((2, 1))


@pytest.mark.parametrize(
    ("build", "kind", "says"),
    [
        (lambda: Network([]), ValueError, "expected at least one layer, got none"),
        (
            lambda: Network(Affine(W, b)),
            TypeError,
            "expected a list of layers such as [Dense(W, b, Tanh())], got a Affine",
        ),
        (lambda: Network([Tanh()]), TypeError, "expected layer 0 to be a Layer such as Dense(W, b, Tanh()), got Tanh"),
        (lambda: Network([Affine(W, b), Affine(W, b)]), ValueError, "layer 0 returns 2 numbers and layer 1 takes 3"),
        (lambda: Skip(Affine(W, b)), ValueError, "returns as many numbers as it takes, got 3 to 2"),
        (lambda: Skip(Tanh()), TypeError, "expected a Layer to be skipped, got Tanh"),
    ],
)
def test_layers_that_do_not_fit_are_refused(build, kind, says):
    with pytest.raises(kind, match=re.escape(says)):
        build()


def test_a_skip_of_a_layer_without_sizes_adds_columns_of_one_length_only():
    total = Skip(Activation(Function(lambda z: z.sum(axis=0, keepdims=True))))
    for act in (total, total.forward, total.d):
        with pytest.raises(ValueError, match="expected a layer that returns as many numbers as it takes, got 3 to 1"):
            act(np.ones((3, 1)))
    for sigma in (Function(np.sin, n=3), Function(np.sin, m=3), Function(np.sin), identity(3)):
        skip = Skip(Activation(sigma))
        assert skip.n == skip.m == (sigma.m if sigma.n is None else sigma.n)
        np.testing.assert_array_equal(skip(X), X + sigma(X))


def small():
    return Network([Dense(np.ones((2, 3)), np.ones((2, 1)), Tanh()), Affine(np.ones((1, 2)), np.ones((1, 1)))])


X, Y = np.ones((3, 4)), np.ones((1, 4))


@pytest.mark.parametrize(
    ("x", "y", "loss", "kind", "says"),
    [
        (X[:2], Y, SquaredLoss(), ValueError, "expected x to have 3 rows, got shape (2, 4)"),
        (X[:, 0], Y, SquaredLoss(), ValueError, "use x.reshape(-1, 1)"),
        (X.astype(int), Y, SquaredLoss(), TypeError, "expected x in float64, got int64"),
        (X * np.inf, Y, SquaredLoss(), ValueError, "got inf at x[0, 0]"),
        (
            X,
            Y[:, :2],
            SquaredLoss(),
            ValueError,
            "expected y in the shape (1, 4) of f, one sample a column, got (1, 2)",
        ),
        (X, Y * np.nan, SquaredLoss(), ValueError, "got nan at y[0, 0]"),
        (X, 0 * Y, LogisticLoss(), ValueError, "for labels of 0 and 1 pass 2 * y - 1"),
        (X, Y, SquaredLoss, TypeError, "expected loss to be a Loss such as SquaredLoss(), got the class SquaredLoss"),
        (X, Y, lambda f, y: 0.0, TypeError, "got a function"),
    ],
)
def test_what_a_person_hands_in_is_checked_at_the_door(x, y, loss, kind, says):
    with pytest.raises(kind, match=re.escape(says)):
        small().gradients(x, y, loss)


def test_a_parameter_that_was_replaced_is_checked():
    net = small()
    net.layers[0].b = np.ones((2, 4))  # what b - mu * (M, B) makes of it
    with pytest.raises(ValueError, match=re.escape("expected b to keep its shape (2, 1), got shape (2, 4)")):
        net.gradients(X, Y, SquaredLoss())
    for act in (net.forward, net, net.d, net.d_params):
        with pytest.raises(ValueError, match="layer 0: expected b to keep its shape"):
            act(X[:, [0]])
    with pytest.raises(TypeError, match="does not support item assignment"):
        net.params[0, "b"] = np.ones((2, 1))  # it would be lost


@pytest.mark.filterwarnings("ignore:overflow", "ignore:invalid value")
def test_a_number_that_is_not_finite_is_traced_to_its_layer():
    for at, build in ((0, lambda: Network([Affine(W * 1e308, b), small().layers[1]])), (1, small)):
        net = build()
        if at:
            net.layers[1].W[:] = 1e308
        with pytest.raises(ValueError, match=rf"layer {at}: expected finite numbers, got inf at Affine\(x\)\[0, 0\]"):
            net.gradients(10 * X, Y, SquaredLoss())
    net = small()
    net.layers[0].W[0, 1] = np.nan
    with pytest.raises(ValueError, match=re.escape("layer 0: expected finite numbers, got nan at W[0, 1]")):
        net.gradients(X, Y, SquaredLoss())
    with pytest.raises(ValueError, match="the loss is inf, although every layer's output is finite"):
        small().gradients(X, Y * 1e200, SquaredLoss())


@pytest.mark.parametrize("change", ["x", "W", "b"])
def test_what_changes_between_forward_and_backward_is_noticed(change):
    layer, x = Dense(W.copy(), b.copy(), Tanh()), X.copy()
    y, cache = layer.forward(x)
    y *= 2  # the output belongs to whoever received it
    before = layer.backward(np.ones((2, 4)), cache)
    np.testing.assert_allclose(before[0][0, 0], 2 / np.cosh(4) ** 2, rtol=1e-12)
    array = x if change == "x" else layer.params[change]
    array[0, 0] += 1e-9
    with pytest.raises(ValueError, match=f"expected {change} as it was in the forward pass, but it has been changed"):
        layer.backward(np.ones((2, 4)), cache)
    array[0, 0] = 1.0
    layer.backward(np.ones((2, 4)), cache)


def test_a_network_notices_what_changes_too():
    net = small()
    _, cache = net.forward(X)
    net.layers[1].W[0, 0] = 3.0
    with pytest.raises(ValueError, match=re.escape("expected (1, 'W') as it was in the forward pass")):
        net.backward(np.ones((1, 4)), cache)


def test_relu_hides_no_nan():
    assert np.isnan(ReLU()._value(np.array([[np.nan]]))).all()


def test_a_network_that_begins_without_sizes_has_those_of_its_first_layer_with_some():
    net = Network([Activation(Tanh()), Dropout(0.5), Affine(np.ones((2, 3)), np.ones((2, 1)))])
    assert (net.n, net.m) == (3, 2) and Network([Dropout(0.5)]).n is None
    with pytest.raises(ValueError, match="expected x to have 3 rows"):
        net(np.ones((4, 1)))
