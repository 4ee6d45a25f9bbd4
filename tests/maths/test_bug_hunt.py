"""The six wrong backward passes of lesson 18, handed to the course's own check, which is told nothing.

First that the right ones are right, by central differences; then that the check refuses each wrong one, by the name
that it has. Where the wrong pass is right, in the special case that hid it in public, it must agree.
"""

import itertools

import numpy as np
import pytest
from builds import Assigning

from helpers.gradcheck import MISTAKES, GradientError, check_gradients
from helpers.layers import Affine, Layer
from helpers.lessons.lesson_18 import bugs
from helpers.losses import SquaredLoss
from helpers.network import Network


def central(f, x, u):
    """The gradient of sum(u * f) at x, entry by entry."""
    grad = np.empty(x.shape)
    for at in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[at] = 1e-6
        grad[at] = ((f(x + step) - f(x - step)) * u).sum() / 2e-6
    return grad


def said(*arguments, **more):
    with pytest.raises(GradientError) as raised:
        check_gradients(*arguments, **more)
    return str(raised.value)


def assert_named(message, name):
    found = {known for known, sentence in MISTAKES.items() if sentence in message}
    assert found == ({name} if name else set()), message


class Hunted(Layer):
    """A layer without parameters, from a forward and a backward pass, as it was or with the fault."""

    def __init__(self, forward, backward):
        super().__init__({})
        self.pass_forward, self.pass_backward = forward, backward

    def _forward(self, x):
        return self.pass_forward(x), x

    def _backward(self, u, x, input_gradient):
        return self.pass_backward(u, x), {}


def by_columns(f):
    """A function of a column as one of a batch."""
    return lambda x: np.hstack([f(x[:, [b]]) for b in range(x.shape[1])])


def columns_of(f):
    return lambda u, x: np.hstack([f(u[:, [b]], x[:, [b]]) for b in range(x.shape[1])])


# --- the right ones, and where the wrong ones are right ---------------------------------------------------------------


def test_a_value_that_is_used_twice():
    rng = np.random.default_rng(0)
    *inputs, u = rng.normal(size=(4, 1, 1))
    right, wrong = bugs.twice_backward(u, *inputs), bugs.last_use_wins(u, *inputs)
    for k, name in enumerate("abc"):
        truth = central(lambda x, k=k: bugs.twice(*inputs[:k], x, *inputs[k + 1 :]), inputs[k], u)
        np.testing.assert_allclose(right[name], truth, atol=1e-8)
        assert (np.abs(wrong[name] - truth).max() < 1e-8) == (name != "a")  # b and c are used once


RIGHT = {
    "POOLS": ("a right one", "a right one, by loops", "a right one, by a matrix"),
    "DROPOUTS": ("u * mask / (1 - p)", "the same by np.where", "the same by a loop"),
    "FOLDS": ("repeated", "repeated, by kron"),
}


@pytest.mark.parametrize("name", bugs.POOLS)
@pytest.mark.parametrize(("window", "stride"), [(3, 1), (3, 2), (4, 2), (2, 2), (3, 3), (2, 3)])
def test_pooling(name, window, stride):
    seen = []
    for seed in range(6):
        rng = np.random.default_rng(seed)
        x = rng.permutation(12).reshape(-1, 1) + 0.5
        u = rng.normal(size=bugs.pool(x, window, stride).shape)
        truth = central(lambda x: bugs.pool(x, window, stride), x, u)
        seen.append(bool(np.abs(bugs.POOLS[name](u, x, window, stride) - truth).max() > 1e-6))
    if name in RIGHT["POOLS"]:
        assert not any(seen)
    elif name in ("the last window wins", "+= with an index that occurs twice", "averaged over the windows"):
        assert any(seen) == (stride < window)  # what the tests in public did not try
    elif name == "the stride forgotten":
        assert any(seen) == (stride != window)
    elif name in ("the stride taken for 1", "the stride taken for 2"):
        assert any(seen) == (stride != int(name[-1]))
    else:
        assert all(seen)


@pytest.mark.parametrize("name", bugs.DROPOUTS)
def test_dropout(name):
    rng = np.random.default_rng(3)
    u, x = rng.normal(size=(2, 4, 3))
    mask, ones = np.array([[1.0, 0, 1], [0, 1, 1], [1, 1, 0], [0, 0, 1]]), np.ones((4, 3))
    wrong = set()
    for p, kept in itertools.product((0.0, 0.3, 0.5), (mask, ones)):
        truth = central(lambda x, p=p, kept=kept: bugs.dropout(x, kept, p), x, u)
        if not np.allclose(bugs.DROPOUTS[name](u, kept, p), truth, rtol=0, atol=1e-7):
            wrong.add((p, kept is mask))
    where = {
        "u * mask": {(0.3, True), (0.3, False), (0.5, True), (0.5, False)},  # not at p = 0
        "u * mask * (1 - p)": {(0.3, True), (0.3, False), (0.5, True), (0.5, False)},
        "u / (1 - p)": {(0.0, True), (0.3, True), (0.5, True)},  # not where all is kept
        "u * another mask / (1 - p)": {(0.0, True), (0.3, True), (0.5, True)},
        "u * mask / p": {(0.0, True), (0.0, False), (0.3, True), (0.3, False)},  # not at p = 1/2
        "u * mask * 2": {(0.0, True), (0.0, False), (0.3, True), (0.3, False)},
    }
    if name in RIGHT["DROPOUTS"]:
        assert not wrong
    else:
        assert wrong == where.get(name, set(itertools.product((0.0, 0.3, 0.5), (True, False))))


@pytest.mark.parametrize(("forward", "backward"), [*itertools.product(bugs.FORWARDS, bugs.BACKWARDS)])
def test_leaky(forward, backward):
    rng = np.random.default_rng(4)
    z, u = np.array([[-1.5, 0.4], [2.0, -0.3], [0.7, -2.2]]), rng.normal(size=(3, 2))
    agrees = lambda f: np.allclose(
        bugs.BACKWARDS[backward](u, z, 0.1), central(lambda z: f(z, 0.1), z, u), rtol=0, atol=1e-7
    )
    by_formula = lambda z, alpha: np.vectorize(lambda t: t if t >= 0 else alpha * t)(z)
    assert agrees(by_formula) == backward.startswith("slopes 1 and alpha")
    value = bugs.FORWARDS[forward](z, 0.1)
    assert np.allclose(value, by_formula(z, 0.1), rtol=0, atol=1e-12) == forward.startswith("leaky")
    # Through the forward pass that was handed in with it, the wrong pair agrees.
    pairs = {"alpha instead of alpha z": "slopes 1 and 0", "zero left of 0": "slopes 1 and 0"}
    pairs |= {"alpha on the right": "slopes alpha and 1", "alpha z everywhere": "slopes alpha and alpha"}
    pairs |= {"z everywhere": "slopes 1 and 1"}
    consistent = backward.startswith("slopes 1 and alpha") if "leaky" in forward or "one too" in forward else (
        backward == pairs[forward]
    )  # fmt: skip
    assert agrees(bugs.FORWARDS[forward]) == consistent


@pytest.mark.parametrize("name", bugs.FOLDS)
def test_folding(name):
    rng = np.random.default_rng(5)
    for M, r in ((2, 3), (5, 2), (4, 4)):
        x = rng.normal(size=(M * r, 1))
        y = np.array([[sum(x[i * r + k, 0] for k in range(r))] for i in range(M)])
        np.testing.assert_allclose(bugs.fold(x, r), y, atol=1e-12)
        for u, random in ((rng.normal(size=(M, 1)), True), (np.ones((M, 1)), False)):
            truth, yours = central(lambda x, r=r: bugs.fold(x, r), x, u), bugs.FOLDS[name](u, r)
            agrees = yours.shape == truth.shape and np.allclose(yours, truth, rtol=0, atol=1e-7)
            seen = ("repeated and divided by r", "the first neighbour only", "repeated, with one axis")  # by ones, too
            assert agrees == (name in RIGHT["FOLDS"] or (not random and name not in seen))


ANY = (
    (bugs.twice, bugs.TWICE, "abc", {"every use added", "b and c added first"}),
    (bugs.running_sum, bugs.SUMMED, "x", {"summed from the end"}),
    (bugs.faint, bugs.FAINT, "xt", {"faint"}),
)


@pytest.mark.parametrize(("forward", "passes", "names", "right"), ANY)
def test_passes_with_a_dict_of_gradients(forward, passes, names, right):
    rng = np.random.default_rng(11)
    inputs = {name: rng.uniform(1, 2, size=(4, 1)) + 9 * (name == "t") for name in names}
    u = rng.normal(size=(4, 1))
    near = lambda yours, truth: np.shape(yours) == truth.shape and np.allclose(yours, truth, rtol=1e-6, atol=0)
    truths = {name: central(lambda x, n=name: forward(**inputs | {n: x}), inputs[name], u) for name in names}
    agreeing = {
        name
        for name, backward in passes.items()
        if all(near(backward(u, **inputs).get(each), truths[each]) for each in names)
    }
    assert agreeing == right


def test_the_right_folds_are_right_for_their_r():
    rng = np.random.default_rng(12)
    agreeing = set()
    for name, backward in bugs.FOLDED.items():
        r = int(name[-1])
        x, u = rng.normal(size=(4 * r, 1)), rng.normal(size=(4, 1))
        yours, truth = backward(u, x)["x"], central(lambda x, r=r: bugs.fold(x, r), x, u)
        if yours.shape == truth.shape and np.allclose(yours, truth, atol=1e-7):
            agreeing.add(name)
    assert agreeing == {"repeated, r = 2", "repeated, by kron, r = 3"}


# --- the course's check -----------------------------------------------------------------------------------------------


def test_1_a_value_used_twice():
    shapes = dict.fromkeys("abc", (1, 1))
    assert "agree" in check_gradients(bugs.twice, bugs.twice_backward, shapes)
    message = said(bugs.twice, bugs.last_use_wins, shapes)
    assert message.startswith("gradient of a ")
    assert_named(message, "one use only")
    plain = said(lambda a, b: a * b + a, lambda u, a, b: {"a": u, "b": a * u}, {"a": ("N", 1), "b": ("N", 1)})
    assert "mask" not in plain and "activation" not in plain  # no slope is zero, so no mask is missing


def test_1_a_layer_used_twice_is_named():
    rng = np.random.default_rng(6)
    tied = Affine(rng.normal(size=(3, 3)), rng.normal(size=(3, 1)))
    X, Y = rng.normal(size=(2, 3, 7))
    assert "agree" in check_gradients(Network([tied, tied]), SquaredLoss(), X, Y)
    assert_named(said(Assigning([tied, tied]), SquaredLoss(), X, Y), "one use only")


@pytest.mark.parametrize("stride", [1, 2, 3])
@pytest.mark.parametrize("name", ["a right one", "the last window wins", "+= with an index that occurs twice"])
def test_2_overlapping_windows(name, stride):
    forward = by_columns(lambda x: bugs.pool(x, 3, stride))
    backward = columns_of(lambda u, x: bugs.POOLS[name](u, x, 3, stride))
    shapes, X = {"x": (11, "B")}, np.random.default_rng(7).normal(size=(11, 6))
    layer = Hunted(forward, backward), SquaredLoss(), X, np.zeros(forward(X).shape)
    if name == "a right one" or stride == 3:
        assert "agree" in check_gradients(forward, lambda u, x: {"x": backward(u, x)}, shapes)
        assert "agree" in check_gradients(*layer)
    else:
        assert_named(said(forward, lambda u, x: {"x": backward(u, x)}, shapes), "one use only")
        assert_named(said(*layer), "one use only")


@pytest.mark.parametrize("p", [0.2, 0.5])
def test_3_a_dropout_factor_missing(p):
    mask = lambda x: (np.random.default_rng(8).uniform(size=x.shape) >= p) * 1.0
    forward, shapes = (lambda x: bugs.dropout(x, mask(x), p)), {"x": ("N", "B")}
    for name, backward in bugs.DROPOUTS.items():
        of_x = lambda u, x, backward=backward: backward(u, mask(x), p)
        layer = Hunted(forward, of_x), SquaredLoss(), np.ones((9, 6)), np.zeros((9, 6))
        if name in RIGHT["DROPOUTS"] or (p == 0.5 and name in ("u * mask / p", "u * mask * 2")):
            assert "agree" in check_gradients(forward, lambda u, x, of_x=of_x: {"x": of_x(u, x)}, shapes)
            assert "agree" in check_gradients(*layer)
            continue
        for message in (said(forward, lambda u, x, of_x=of_x: {"x": of_x(u, x)}, shapes), said(*layer)):
            if name == "u * mask":
                assert_named(message, "factor 1/2" if p == 0.5 else "constant factor")
                assert p == 0.5 or "The constant is 0.8." in message


@pytest.mark.parametrize("batch", [1, "B"])
def test_4_a_bias_gradient_that_is_one_number(batch):
    shapes = {"W": ("M", "N"), "b": ("M", 1), "x": ("N", batch)}
    forward = lambda W, b, x: W @ x + b
    backward = lambda u, W, b, x: {"W": u @ x.T, "b": bugs.bias_backward(u), "x": W.T @ u}
    assert "agree" in check_gradients(forward, backward, shapes)
    for wrong in (bugs.bias_as_one_number, lambda u: np.asarray(u.sum()), lambda u: u.sum(keepdims=True)):
        message = said(forward, lambda u, wrong=wrong, **i: backward(u, **i) | {"b": wrong(u)}, shapes)
        assert message.startswith("gradient of b ") and ("Expected shape (" in message or "got a float64" in message)
        assert_named(message, "summed too early")
    one = {"W": (1, "N"), "b": (1, 1), "x": ("N", batch)}  # what hides it from a comparison that broadcasts
    message = said(forward, lambda u, **i: backward(u, **i) | {"b": np.asarray(u.sum())}, one)
    assert "Expected shape (1, 1), got ()" in message
    assert_named(message, "flattened")


class BiasAsOneNumber(Affine):
    def _backward(self, u, kept, input_gradient):
        below, grads = super()._backward(u, kept, input_gradient)
        return below, grads | {"b": bugs.bias_as_one_number(u)}


def test_4_in_a_layer():
    rng = np.random.default_rng(9)
    layer = BiasAsOneNumber(rng.normal(size=(3, 4)), rng.normal(size=(3, 1)))
    message = said(layer, SquaredLoss(), rng.normal(size=(4, 7)), rng.normal(size=(3, 7)))
    assert "gradient of b" in message and "Expected an array of shape (3, 1), got a float64." in message
    assert_named(message, "summed too early")


def test_5_zero_against_zero():
    """The reference is the course's. Through the submission's own forward pass, this one would agree."""
    backward = lambda u, z: {"z": bugs.zero_on_the_left(u, z, 0.1)}
    shapes, off_kinks = {"z": ("N", "B")}, lambda z: z
    own = lambda z: bugs.alpha_for_alpha_z(z, 0.1)
    assert "agree" in check_gradients(own, backward, shapes, off_kinks=off_kinks)
    message = said(lambda z: bugs.leaky(z, 0.1), backward, shapes, off_kinks=off_kinks)
    assert_named(message, "another activation's slope")


def test_5_where_all_that_is_compared_is_zero_nothing_is_proved():
    forgotten = lambda b, z: z + 0 * b  # a forward pass that forgets the bias, and a backward pass that agrees with it
    with pytest.raises(ValueError, match="zeros prove nothing"):
        check_gradients(lambda b: forgotten(b, np.ones((3, 1))), lambda u, b: {"b": 0 * b}, {"b": (3, 1)})
    with pytest.raises(ValueError, match="zeros prove nothing"):
        check_gradients(
            Hunted(lambda x: 0 * x + 1, lambda u, x: 0 * x), SquaredLoss(), np.ones((3, 4)), np.ones((3, 4))
        )
    message = said(lambda b, z: z + b, lambda u, b, z: {"b": 0 * b, "z": u}, {"b": ("M", 1), "z": ("M", "B")})
    assert_named(message, "zero")


def test_6_a_wrong_transpose_that_ones_hide():
    for M, r in ((2, 3), (5, 2), (4, 4)):
        forward, shapes = (lambda x, r=r: bugs.fold(x, r)), {"x": (M * r, 1)}
        assert "agree" in check_gradients(forward, lambda u, x, r=r: {"x": bugs.fold_backward(u, r)}, shapes)
        message = said(forward, lambda u, x, r=r: {"x": bugs.tiled(u, r)}, shapes)
        assert_named(message, "reshaped")
        X = np.random.default_rng(10).normal(size=(M * r, 6))
        layer = Hunted(by_columns(forward), columns_of(lambda u, x, r=r: bugs.tiled(u, r)))
        said(layer, SquaredLoss(), X, np.zeros((M, 6)))


@pytest.mark.parametrize(
    ("wrong", "name"),
    [
        (lambda u, W, x: {"W": x @ u.T, "x": W.T @ u}, "transposed"),
        (lambda u, W, x: {"W": u @ x.T, "x": (W.T @ u).T}, "transposed"),
    ],
)
def test_6_wrong_transposes_of_a_matrix_product(wrong, name):
    message = said(lambda W, x: W @ x, wrong, {"W": ("M", "N"), "x": ("N", "B")})
    assert_named(message, name)


def test_6_sizes_that_are_different_show_the_other_one():
    wrong = lambda u, W, x: {"W": u @ x.T, "x": W @ u}
    assert "backward raises ValueError" in said(lambda W, x: W @ x, wrong, {"W": ("M", "N"), "x": ("N", "B")})
    said(lambda W, x: W @ x, wrong, {"W": ("N", "N"), "x": ("N", "B")})
