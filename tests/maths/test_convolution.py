"""Convolution and max-pooling against loops over every index, and against the dense layer whose weights are tied."""

import re
from itertools import product

import numpy as np
import pytest

from helpers.activations import Tanh
from helpers.convolution import Convolution, MaxPooling, gather, scatter, selections, windows
from helpers.gradcheck import GradientError, check_gradients, diagnose
from helpers.layers import Activation, Affine
from helpers.losses import SquaredLoss
from helpers.network import Network

# c_out, c_in, size, window, stride
CASES = [
    (1, 1, (8,), (3,), 1),
    (3, 2, (9,), (3,), 2),
    (2, 3, (7,), (7,), 1),
    (2, 1, (8, 8), (3, 3), 1),
    (3, 2, (5, 7), (2, 3), 1),
    (2, 2, (7, 5), (3, 3), 2),
    (1, 2, (6, 4), (1, 1), 1),
    (2, 1, (3, 4, 5), (2, 2, 3), 1),
]
EACH = pytest.mark.parametrize(("c_out", "c_in", "size", "window", "stride"), CASES)


def drawn(c_out, c_in, size, window, stride, B=3):
    rng = np.random.default_rng(len(size) + stride)
    layer = Convolution(rng.normal(size=(c_out, c_in, *window)), rng.normal(size=(c_out, 1)), size, stride)
    x = rng.normal(size=(c_in * np.prod(size), B))
    return layer, x, rng.normal(size=(layer.m, B))


def uses(c_in, size, window, stride, c_out):
    """(row of z, row of x, o, c, place in the window) for each use of each weight, by loops over the coordinates."""
    steps = [range((n - k) // stride + 1) for n, k in zip(size, window, strict=True)]
    for o, (t, at) in product(range(c_out), enumerate(product(*steps))):
        for c, place in product(range(c_in), product(*map(range, window))):
            row = c
            for n, step, r in zip(size, at, place, strict=True):
                row = row * n + stride * step + r
            yield o * np.prod([len(s) for s in steps]) + t, row, o, c, place


@EACH
def test_every_use_of_a_weight_is_in_z_and_in_the_gradients(c_out, c_in, size, window, stride):
    layer, x, u = drawn(c_out, c_in, size, window, stride)
    z, below, kernel, b = np.zeros_like(u), np.zeros_like(x), np.zeros(layer.kernel.shape), np.zeros((c_out, 1))
    T = len(u) // c_out
    for o in range(c_out):
        z[o * T : (o + 1) * T] = layer.b[o]
        b[o] = u[o * T : (o + 1) * T].sum()
    for row, col, o, c, place in uses(c_in, size, window, stride, c_out):
        weight = layer.kernel[(o, c, *place)]
        z[row] += weight * x[col]
        below[col] += weight * u[row]
        kernel[(o, c, *place)] += u[row] @ x[col]
    y, cache = layer.forward(x)
    u_below, grads = layer.backward(u, cache)
    for ours, truth in ((y, z), (u_below, below), (grads["kernel"], kernel), (grads["b"], b)):
        np.testing.assert_allclose(ours, truth, rtol=0, atol=1e-12 * max(1, np.abs(truth).max()))


@EACH
def test_it_is_a_dense_layer_with_tied_weights(c_out, c_in, size, window, stride):
    layer, x, u = drawn(c_out, c_in, size, window, stride)
    W = np.zeros((layer.m, layer.n))
    for row, col, o, c, place in uses(c_in, size, window, stride, c_out):
        W[row, col] += layer.kernel[(o, c, *place)]
    np.testing.assert_allclose(layer.d(x[:, [0]]), W, atol=1e-15)
    dense = Affine(W, np.repeat(layer.b, layer.m // c_out, axis=0))
    np.testing.assert_allclose(layer(x), dense(x), atol=1e-13)
    grad_W = dense.backward(u, dense.forward(x)[1])[1]["W"]
    tied = np.zeros(layer.kernel.shape)
    for row, col, o, c, place in uses(c_in, size, window, stride, c_out):
        tied[(o, c, *place)] += grad_W[row, col]
    np.testing.assert_allclose(layer.backward(u, layer.forward(x)[1])[1]["kernel"], tied, atol=1e-12)


def test_the_kernel_is_not_flipped():
    layer = Convolution(np.array([[[1.0, 0.0, -2.0]]]), np.zeros((1, 1)), (5,))
    x = np.array([[3.0], [1.0], [4.0], [1.0], [5.0]])
    np.testing.assert_array_equal(layer(x), [[3 - 8.0], [1 - 2.0], [4 - 10.0]])
    np.testing.assert_array_equal(layer(x).ravel(), np.correlate(x.ravel(), [1.0, 0.0, -2.0], "valid"))


@pytest.mark.parametrize(("size", "window", "stride"), [c[2:] for c in CASES])
def test_scatter_is_the_transpose_of_gather(size, window, stride):
    rng, pixels = np.random.default_rng(0), int(np.prod(size))
    seen = windows(size, window, stride)
    x = rng.normal(size=(2 * pixels, 3))
    y = rng.normal(size=(2, *seen.shape, 3))
    assert (gather(x, seen, pixels) * y).sum() == pytest.approx((x * scatter(y, seen, pixels)).sum(), rel=1e-12)
    for r, S in enumerate(selections(seen, pixels)):
        np.testing.assert_array_equal(S @ x[pixels:], gather(x, seen, pixels)[1, r])
        assert set(S.ravel()) <= {0, 1} and (S.sum(axis=1) == 1).all()


def pooled(layer, x, size, window, stride, channels):
    """{row of y: row of the pixel that wins} for one sample, the first of equals, by loops."""
    steps = [range((n - k) // stride + 1) for n, k in zip(size, window, strict=True)]
    pixels, won = int(np.prod(size)), []
    for c, at in product(range(channels), product(*steps)):
        best = None
        for place in product(*map(range, window)):
            row = c * pixels + np.ravel_multi_index([stride * s + r for s, r in zip(at, place, strict=True)], size)
            best = row if best is None or x[row] > x[best] else best
        won.append(best)
    return won


@pytest.mark.parametrize(
    ("size", "window", "stride", "channels"),
    [((8,), (3,), 1, 1), ((8,), (2,), 2, 3), ((6, 7), (2, 3), 1, 2), ((7, 7), (3, 3), 2, 1), ((8, 8), (2, 2), 2, 2)],
)
def test_the_winner_gets_the_gradient_of_each_of_its_windows(size, window, stride, channels):
    rng = np.random.default_rng(1)
    layer = MaxPooling(size, window, stride, channels)
    x = rng.integers(0, 4, size=(layer.n, 3)).astype(float)  # full of ties
    y, cache = layer.forward(x)
    u = rng.normal(size=y.shape)
    below = layer.backward(u, cache)[0]
    for b in range(3):
        won, truth = pooled(layer, x[:, b], size, window, stride, channels), np.zeros(layer.n)
        for row, pixel in enumerate(won):
            truth[pixel] += u[row, b]
            assert y[row, b] == x[pixel, b]
        np.testing.assert_allclose(below[:, b], truth, atol=1e-14)
        np.testing.assert_array_equal(np.argmax(layer.d(x[:, [b]]), axis=1), won)


def test_a_pixel_that_wins_twice_gets_the_sum():
    layer = MaxPooling((5,), (3,), 1)
    x = np.array([[1.0], [3.0], [2.0], [0.0], [1.0]])
    y, cache = layer.forward(x)
    np.testing.assert_array_equal(y, [[3.0], [3.0], [2.0]])
    below, _ = layer.backward(np.array([[10.0], [1.0], [5.0]]), cache)
    np.testing.assert_array_equal(below, [[0.0], [11.0], [5.0], [0.0], [0.0]])


def test_of_equal_numbers_the_first_wins():
    layer = MaxPooling((2, 2), (2, 2), 1)
    below, _ = layer.backward(np.ones((1, 1)), layer.forward(np.ones((4, 1)))[1])
    np.testing.assert_array_equal(below, [[1.0], [0.0], [0.0], [0.0]])


def small_network(first, second=None):
    rng = np.random.default_rng(5)
    layers = [first, Activation(Tanh()), *([second] if second else [])]
    m = layers[-1].m or first.m
    return Network([*layers, Affine(rng.normal(size=(3, m)) / m**0.5, rng.normal(size=(3, 1)))])


def judged(net):
    rng = np.random.default_rng(6)
    return check_gradients(net, SquaredLoss(), rng.normal(size=(net.n, 5)), rng.normal(size=(net.m, 5)))


def test_the_judge_passes_both():
    rng = np.random.default_rng(0)
    for stride in (1, 2):
        convolution = Convolution(rng.normal(size=(2, 3, 3, 3)) / 5, rng.normal(size=(2, 1)), (7, 7), stride)
        size = (5, 5) if stride == 1 else (3, 3)
        assert "agree" in judged(small_network(convolution, MaxPooling(size, (2, 2), 1, channels=2)))


def test_a_window_moves_by_one_unless_it_is_said():
    assert windows((4,), (2,)).tolist() == [[0, 1, 2], [1, 2, 3]]
    assert Convolution(np.ones((1, 1, 2)), np.zeros((1, 1)), (4,)).m == 3


class Faulty(Convolution):
    def __init__(self, fault):
        rng = np.random.default_rng(0)
        super().__init__(rng.normal(size=(2, 2, 3, 3)) / 4, rng.normal(size=(2, 1)), (5, 5))
        self.fault = fault

    def _backward(self, u, patches, input_gradient):
        below, grads = super()._backward(u, patches, input_gradient)
        B, delta = u.shape[1], u.reshape(2, -1)
        if self.fault == "flipped":
            grads["kernel"] = grads["kernel"][..., ::-1, ::-1].copy()
        elif self.fault == "one place only":
            grads["kernel"] = (delta[:, :B] @ patches[:, :B].T).reshape(self.kernel.shape)
        elif self.fault == "bias of one place":
            grads["b"] = delta[:, :B].sum(axis=1, keepdims=True)
        elif self.fault == "input flipped":
            below = below[::-1].copy()
        return below, grads


@pytest.mark.parametrize("window", [(3, 3), (3,)])
def test_a_kernel_that_is_turned_round_is_named(window):
    truth = np.random.default_rng(1).normal(size=(2, 3, *window))
    axes = tuple(range(2, truth.ndim))
    assert diagnose(np.flip(truth, axes).copy(), truth).mistake == "reversed order"
    assert diagnose(np.flip(truth, (0, *axes)).copy(), truth).mistake is None  # the channels too: another mistake
    with pytest.raises(GradientError, match="reverse order"):
        judged(small_network(Faulty("flipped")))


@pytest.mark.parametrize(
    ("fault", "part"),
    [("flipped", "kernel"), ("one place only", "kernel"), ("bias of one place", "b"), ("input flipped", "x")],
)
def test_the_judge_finds_a_fault_in_a_convolution(fault, part):
    with pytest.raises(GradientError, match=rf"gradient of {part} \(layer 0: Faulty"):
        judged(small_network(Faulty(fault)))


class Overwriting(MaxPooling):
    """= where += is meant: right as long as the windows do not overlap."""

    def _backward(self, u, won, input_gradient):
        C, _, T, B = won.shape
        below = np.zeros((C, self.pixels, B))
        for c, t, b in np.ndindex(C, T, B):
            below[c, self.seen[won[c, 0, t, b], t], b] = u.reshape(C, T, B)[c, t, b]
        return below.reshape(-1, B), {}


def test_a_gradient_that_is_overwritten_shows_only_where_windows_overlap():
    assert "agree" in judged(small_network(Overwriting((6, 6), (2, 2), 2)))
    with pytest.raises(GradientError, match=r"gradient of x \(layer 0: Overwriting"):
        judged(small_network(Overwriting((6, 6), (3, 3), 1)))


def test_a_maximum_of_equal_pixels_is_judged_near_them():
    net = small_network(MaxPooling((4, 4), (2, 2), 2))
    check_gradients(net, SquaredLoss(), np.eye(16)[:, :3], np.zeros((3, 3)))  # most windows hold four zeros


KERNEL, b = np.ones((2, 1, 3, 3)), np.ones((2, 1))


@pytest.mark.parametrize(
    ("build", "kind", "says"),
    [
        (lambda: Convolution(KERNEL[0, 0], b, (8, 8)), ValueError, "expected a kernel (C_out, C_in, kh, kw)"),
        (lambda: Convolution(KERNEL.astype(int), b, (8, 8)), TypeError, "expected kernel in float64, got int64"),
        (lambda: Convolution(KERNEL, np.ones((3, 1)), (8, 8)), ValueError, "expected b to have 2 rows"),
        (lambda: Convolution(KERNEL, b, (64,)), ValueError, "got size (64,), window (3, 3)"),
        (lambda: Convolution(KERNEL, b, 8), ValueError, "and such a stride; got size 8, window (3, 3), stride 1"),
        (lambda: MaxPooling((8, 8), 2, 2), ValueError, "got size (8, 8), window 2, stride 2"),
        (lambda: MaxPooling((8, True), (2, 2), 2), ValueError, "got size (8, True)"),
        (lambda: MaxPooling((8,), (2,), 2, 2.0), ValueError, "expected channels to be a whole number above 0, got 2.0"),
        (lambda: MaxPooling((8,), (2,), 2, 0), ValueError, "expected channels to be a whole number above 0, got 0"),
        (lambda: Convolution(KERNEL, b, (8, 8), 0), ValueError, "stride 0"),
        (lambda: Convolution(KERNEL, b, (8, 8), 1.5), ValueError, "stride 1.5"),
        (lambda: Convolution(KERNEL, b, (8, 2)), ValueError, "window within the size (8, 2), got (3, 3): 3 does not"),
        (lambda: Convolution(KERNEL, b, (8, 8), 2), ValueError,
         "windows of 3 in steps of 2 that end where the 8 numbers of an axis end, got 1 over; "
         "take 7 or 9 numbers, or a stride that divides 5"),
        (lambda: MaxPooling((9,), (2,), 2), ValueError, "got 1 over; take 8 or 10 numbers"),
        (lambda: Convolution(KERNEL, b, (8, 8))(np.ones((63, 1))), ValueError, "expected x to have 64 rows"),
    ],
)  # fmt: skip
def test_sizes_that_do_not_fit_are_refused(build, kind, says):
    with pytest.raises(kind, match=re.escape(says)):
        build()


@pytest.mark.parametrize(("n", "k", "stride"), [(8, 3, 2), (10, 4, 4), (12, 2, 3)])
def test_the_sizes_that_a_message_advises_do_fit(n, k, stride):
    with pytest.raises(ValueError) as raised:
        windows((n,), (k,), stride)
    for advised in re.search(r"take (\d+) or (\d+)", str(raised.value)).groups():
        windows((int(advised),), (k,), stride)
