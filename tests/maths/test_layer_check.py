"""The check of a network: right ones of every kind pass, and a fault in a layer, the loss or the loop is named."""

import re

import numpy as np
import pytest
from builds import BUILDS, LOSSES, Assigning, tied

from helpers.activations import ReLU, Sigmoid, Softmax, Tanh
from helpers.calculus import Function, elementwise
from helpers.digits import digit_network, some_digits
from helpers.gradcheck import MISTAKES, GradientError, check_gradients
from helpers.judging import last_digits
from helpers.layers import Activation, Affine, Dense, Layer
from helpers.losses import LogisticLoss, Loss, SoftmaxCrossEntropy, SquaredLoss
from helpers.network import Network, Skip


def absolute():
    return elementwise(np.abs, np.sign, name="abs")


def drawn(net, loss="squared", B=6, seed=0):
    rng = np.random.default_rng(seed)
    loss, labels = LOSSES[loss]
    x = rng.normal(size=(net.n, B))
    return loss, x, labels(rng, (net.m, B))


def layers(*sigmas, widths=(4, 5, 3, 6, 2), seed=0):
    rng = np.random.default_rng(seed)
    return [
        Dense(rng.normal(size=(m, n)) / n**0.5, rng.normal(size=(m, 1)), sigma)
        for n, m, sigma in zip(widths, widths[1:], sigmas, strict=False)
    ]


@pytest.mark.parametrize("build", BUILDS, ids=lambda build: build.__name__)
@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("directions", [None, 0, 2])
def test_right_networks_pass(build, loss, directions):
    net = build(np.random.default_rng(1))
    before = {key: array.copy() for key, array in net.params.items()}
    said = check_gradients(net, *drawn(net, loss), directions=directions)
    assert re.search(r"gradients of \d+ parameters, the inputs and the loss agree", said)
    for key, array in net.params.items():
        np.testing.assert_array_equal(array, before[key])


@pytest.mark.parametrize(
    "sigma", [ReLU(0.5), absolute(), Softmax(), Sigmoid(), Function(lambda z: z * z[::-1])], ids=repr
)
@pytest.mark.parametrize("B", [1, 2, 7])
@pytest.mark.parametrize("directions", [None, 3])
def test_every_activation_and_batch_passes(sigma, B, directions):
    net = Network(layers(sigma, Tanh(), sigma))
    for seed in range(3):
        check_gradients(net, *drawn(net, B=B, seed=seed), directions=directions)


def test_a_layer_alone_is_a_network():
    assert "2 parameters" in check_gradients(layers(Tanh())[0], SquaredLoss(), np.ones((4, 2)), np.zeros((5, 2)))


def test_dead_units_and_inputs_of_zeros_do_not_matter():
    net = Network(layers(ReLU(), Tanh()))
    net.layers[0].b[0] = -50.0
    X = np.zeros((4, 3))
    check_gradients(net, SquaredLoss(), X, np.ones((3, 3)))
    wrong = Network([wrong_dense(net.layers[0], "W", lambda g: np.where(np.arange(4) == 2, 0, g)), net.layers[1]])
    with pytest.raises(GradientError, match=r"gradient of W \(layer 0"):  # X hides it, what is near X does not
        check_gradients(wrong, SquaredLoss(), X, np.ones((3, 3)))


def wrong_dense(layer, part, change):
    """The layer with a fault in one of its gradients: "W", "b" or "x"."""

    class Dense(type(layer)):
        def _backward(self, u, kept, input_gradient):
            below, grads = super()._backward(u, kept, input_gradient)
            if part == "x":
                return change(below) if input_gradient else None, grads
            return below, grads | {part: change(grads[part])}

    return Dense(layer.W, layer.b, layer.sigma)


def entry(factor, at=(1, 0)):
    def change(gradient):
        gradient = gradient.copy()
        gradient[at] *= factor
        return gradient

    return change


def off(share, at=(1, 0)):
    def change(gradient):
        gradient = gradient.copy()
        gradient[at] += share * np.abs(gradient).max()
        return gradient

    return change


# The eight faults that the peers were tried with, and one below them.
FAULTS = {
    "all × 1.01": lambda g: 1.01 * g,
    "all × (1 + 1e-4)": lambda g: (1 + 1e-4) * g,
    "one entry × 1.01": entry(1.01),
    "one entry zeroed": entry(0.0),
    "one entry × (1 + 1e-5)": entry(1 + 1e-5),
    "one entry off by 1e-6": off(1e-6),
    "sign of one entry": entry(-1.0),
    "sign": lambda g: -g,
    "one entry off by 1e-9": off(1e-9),
}


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("part", ["W", "b", "x"])
@pytest.mark.parametrize("where", [0, 2])
@pytest.mark.parametrize("directions", [None, 2])
def test_a_fault_in_a_layer_is_found_there(fault, part, where, directions):
    right = layers(Tanh(), Sigmoid(), Tanh())
    net = Network([wrong_dense(x, part, FAULTS[fault]) if i == where else x for i, x in enumerate(right)])
    with pytest.raises(GradientError, match=rf"gradient of {part} \(layer {where}: Dense"):
        check_gradients(net, *drawn(net), directions=directions)


@pytest.mark.parametrize("fault", ["sign", "all × (1 + 1e-4)", "one entry zeroed", "one entry off by 1e-6"])
def test_the_same_in_a_layer_of_65_000_weights(fault):
    rng = np.random.default_rng(0)
    large = Dense(rng.normal(size=(256, 256)) / 16, rng.normal(size=(256, 1)), Tanh())
    net = Network([wrong_dense(large, "W", FAULTS[fault]), Affine(rng.normal(size=(3, 256)) / 16, np.zeros((3, 1)))])
    with pytest.raises(GradientError, match=r"gradient of W \(layer 0") as raised:
        check_gradients(net, *drawn(net))
    if fault == "sign":
        assert "Every entry has the opposite sign" in str(raised.value)
    if fault.startswith("one entry"):
        assert "The worst entry is [1, 0]" in str(raised.value)


class Forgetful(Dense):
    """A dense layer in which one classical mistake is made."""

    def __init__(self, W, b, sigma, mistake):
        super().__init__(W, b, sigma)
        self.mistake = mistake

    def _backward(self, u, kept, input_gradient):
        x, z, n = kept
        delta = self.sigma._vjp(z, n, u)
        W, summed = self.W, delta.sum(axis=1, keepdims=True)
        below, grads = W.T @ delta, {"W": delta @ x.T, "b": summed}
        if self.mistake == "outer derivative forgotten":
            grads["W"] = u @ x.T
        elif self.mistake == "upstream forgotten":
            grads["W"] = self.sigma._vjp(z, n, np.ones_like(u)) @ x.T
        elif self.mistake == "slope at the wrong point":
            grads["W"] = self.sigma._vjp(n, self.sigma(n), u) @ x.T
        elif self.mistake == "divided by B":
            grads = {name: grad / x.shape[1] for name, grad in grads.items()}
        elif self.mistake == "one sample only":
            grads["b"] = delta[:, [0]]
        elif self.mistake == "transposed":
            grads["W"] = grads["W"].T
        elif self.mistake == "bias not summed":
            grads["b"] = delta
        elif self.mistake == "sign":
            below = -below
        return below, grads


@pytest.mark.parametrize("mistake", [
    "outer derivative forgotten", "upstream forgotten", "slope at the wrong point", "divided by B", "one sample only",
    "transposed", "bias not summed", "sign",
])  # fmt: skip
@pytest.mark.parametrize("size", [4, 60])
def test_a_classical_mistake_in_a_layer_is_named(mistake, size):
    rng = np.random.default_rng(2)
    W, b = rng.normal(size=(size, size + 1)) / size**0.5, rng.normal(size=(size, 1))
    net = Network([Forgetful(W, b, Tanh(), mistake), Affine(rng.normal(size=(2, size)), np.zeros((2, 1)))])
    with pytest.raises(GradientError) as raised:
        check_gradients(net, *drawn(net))
    assert MISTAKES[mistake] in str(raised.value) and "(layer 0: Forgetful" in str(raised.value)


class WrongLoss(SquaredLoss):
    def __init__(self, factor):
        self.factor = factor

    def _sum(self, f, y):
        total, gradient = super()._sum(f, y)
        return total, self.factor(f) * gradient


@pytest.mark.parametrize(
    ("factor", "says"),
    [
        (lambda f: -1.0, "opposite sign"),
        (lambda f: f.shape[1], "times|multiplied by the batch"),
        (lambda f: 0.5, "half"),
    ],
)
def test_a_fault_in_the_loss_is_named(factor, says):
    net = Network(layers(Tanh()))
    _, x, y = drawn(net)
    with pytest.raises(GradientError, match=rf"gradient of f \(the loss: WrongLoss\(\).*({says})"):
        check_gradients(net, WrongLoss(factor), x, y)


class PMinusY(SoftmaxCrossEntropy):
    def _sum(self, f, y):
        p = np.exp(f - f.max(axis=0)) / np.exp(f - f.max(axis=0)).sum(axis=0)
        return super()._sum(f, y)[0], p - y


def test_p_minus_y_is_wrong_only_where_the_weights_do_not_add_up_to_1():
    net = Network(layers(Tanh()))
    _, x, _ = drawn(net)
    one_hot = np.eye(5)[:, [0, 1, 2, 3, 4, 0]]
    check_gradients(net, PMinusY(), x, one_hot)
    with pytest.raises(GradientError, match="the loss: PMinusY"):
        check_gradients(net, PMinusY(), x, 2 * one_hot)


class Halved(Network):
    def gradients(self, x, y, loss):
        value, grads = super().gradients(x, y, loss)
        return value, grads | {(1, "b"): grads[1, "b"] / 2}


class NoSkip(Skip):
    def _backward(self, u, kept, input_gradient):
        return self.layer._backward(u, kept, input_gradient)


def test_a_fault_in_the_loop_is_named_too():
    rng = np.random.default_rng(0)
    net = Assigning(tied(rng).layers)
    with pytest.raises(GradientError, match=r"gradient of W of layer 1 \(in the network.*one is counted"):
        check_gradients(net, *drawn(net))
    net = Halved(layers(Tanh(), Tanh()))
    with pytest.raises(GradientError, match=r"gradient of b of layer 1 \(in the network.*half"):
        check_gradients(net, *drawn(net))
    inner = Dense(rng.normal(size=(5, 5)), rng.normal(size=(5, 1)), Tanh())
    net = Network([*layers(Tanh()), NoSkip(inner)])
    with pytest.raises(GradientError, match=r"gradient of x \(layer 1: Skip"):
        check_gradients(net, *drawn(net))


class Loop(Network):
    """A network whose backward pass is a reader's own loop, with the input and the W of other layers."""

    def __init__(self, layers, input_of=lambda i: i, W_of=lambda i: i):
        super().__init__(layers)
        self.input_of, self.W_of = input_of, W_of

    def _backward(self, u, kept, input_gradient):
        grads = {}
        for i in reversed(range(len(self.layers))):
            _, z, n = kept[i]
            delta = self.layers[i].sigma._vjp(z, n, u)
            grads |= {(i, "W"): delta @ kept[self.input_of(i)][0].T, (i, "b"): delta.sum(axis=1, keepdims=True)}
            u = self.layers[self.W_of(i)].W.T @ delta
        return u, {key: grads[key] for key in self.params}


@pytest.mark.parametrize(
    ("fault", "where", "mistake"),
    [
        ({"input_of": lambda i: 0}, "W of layer 2", "wrong layer's input"),  # as E15 has it: x in every layer
        ({"input_of": lambda i: min(i + 1, 2)}, "W of layer 1", "wrong layer's input"),
        ({"input_of": lambda i: (i, 0, 2)[i]}, "W of layer 1", "wrong layer's input"),
        ({"W_of": lambda i: (i + 1) % 3}, "W of layer 1", "wrong layer's W"),
        ({"W_of": lambda i: max(i - 1, 0)}, "W of layer 1", "wrong layer's W"),
        ({"W_of": lambda i: (1, 1, 2)[i]}, "x", "wrong layer's W"),
    ],
)
def test_what_a_loop_takes_from_another_layer_is_named_and_the_highest_layer_first(fault, where, mistake):
    rng = np.random.default_rng(4)
    dense = [Dense(rng.normal(size=(4, 4)) / 2, rng.normal(size=(4, 1)), Tanh()) for _ in range(3)]
    x, y = rng.normal(size=(2, 4, 6))
    check_gradients(Loop(dense), SquaredLoss(), x, y)
    with pytest.raises(GradientError) as raised:
        check_gradients(Loop(dense, **fault), SquaredLoss(), x, y)
    assert f"gradient of {where} (in the network; each layer is right by itself): {MISTAKES[mistake]} The worst" in str(
        raised.value
    )


class Mean(Layer):
    """Subtracts the mean over the batch: the samples mix, and nothing can be measured side by side."""

    def __init__(self, n):
        super().__init__({}, n=n, m=n)

    def _forward(self, x):
        return x - x.mean(axis=1, keepdims=True), None

    def _backward(self, u, kept, input_gradient):
        return u - u.mean(axis=1, keepdims=True), {}

    def _d(self, x):
        return np.zeros((len(x), len(x)))

    def _d_params(self, x):
        raise NotImplementedError


def test_samples_may_mix_and_a_parameter_may_have_no_effect():
    first, second = layers(Tanh(), Tanh(), widths=(3, 40, 2))
    net = Network([Affine(first.W, first.b), Mean(40), second])  # a bias before a mean that is subtracted
    loss, x, y = drawn(net)
    check_gradients(net, loss, x, y)
    check_gradients(net, loss, x, y, directions=3)


class Largest(Layer):
    """The larger one of the entries 2i and 2i + 1: where they are equal it has a kink."""

    def _forward(self, x):
        second = x[1::2].real > x[::2].real
        return np.where(second, x[1::2], x[::2]), second

    def _backward(self, u, second, input_gradient):
        below = np.zeros((2 * len(u), u.shape[1]))
        below[::2], below[1::2] = np.where(second, 0, u), np.where(second, u, 0)
        return below, {}


class SmallestInstead(Largest):
    def _backward(self, u, second, input_gradient):
        return super()._backward(u, ~second, input_gradient)


def test_samples_at_a_kink_are_left_for_some_near_them():
    X, Y = np.array([[0.0, 0.0, 1.0], [0.0, 1.0, 1.0], [1.0, 0.0, 0.0], [0.0, 0.0, 1.0]]), np.zeros((3, 3))
    upper = layers(Tanh(), widths=(2, 3))[0]
    check_gradients(Network([Largest({}, n=4, m=2), upper]), SquaredLoss(), X, Y)
    with pytest.raises(GradientError, match=r"gradient of x \(layer 0: SmallestInstead"):
        check_gradients(Network([SmallestInstead({}, n=4, m=2), upper]), SquaredLoss(), X, Y)


class Noisy(Dense):
    def _forward(self, x):
        y, kept = super()._forward(x)
        return y + 1e-3 * np.random.default_rng().normal(size=y.shape), kept


def test_what_cannot_be_measured_accuses_nobody():
    right = layers(Tanh(), Tanh())
    net = Network([Noisy(right[0].W, right[0].b, Tanh()), right[1]])
    for directions in (None, 2):
        says = r"layer 0: Noisy.*: the gradient of x cannot be measured: " if directions else "another result"
        with pytest.raises(ValueError, match=says):
            check_gradients(net, *drawn(net), directions=directions)


def test_the_cost_grows_with_the_layers():
    counts = []

    class Counted(Dense):
        def _forward(self, x):
            counts[-1] += 1
            return super()._forward(x)

    for depth in (4, 16):
        counts.append(0)
        rng = np.random.default_rng(depth)
        net = Network(
            [Counted(rng.normal(size=(6, 6)) / 6**0.5, rng.normal(size=(6, 1)), Tanh()) for _ in range(depth)]
        )
        check_gradients(net, *drawn(net))
    assert counts[1] < 6 * counts[0]  # four times for layers that are measured alone, 16 for all pairs of them


@pytest.mark.parametrize(
    ("change", "kind", "says"),
    [
        (
            dict(loss=lambda f, y: 0.0),
            TypeError,
            "expected check_gradients(net, loss, X, Y) with a Loss, got a function",
        ),
        (dict(X=np.ones(4)), ValueError, "use x.reshape(-1, 1)"),
        (dict(X=np.ones((3, 2))), ValueError, "expected x to have 4 rows"),
        (dict(Y=np.ones((5, 3))), ValueError, "expected y in the shape (5, 2) of f"),
        (dict(directions=-1), ValueError, "expected a number of directions, 0 or more, got -1"),
        (dict(directions=1.5), ValueError, "expected a number of directions, 0 or more, got 1.5"),
    ],
)
def test_arguments_that_do_not_fit_are_refused(change, kind, says):
    given = dict(loss=SquaredLoss(), X=np.ones((4, 2)), Y=np.ones((5, 2)), directions=None) | change
    with pytest.raises(kind, match=re.escape(says)):
        check_gradients(Network(layers(Tanh())), given["loss"], given["X"], given["Y"], directions=given["directions"])


def test_the_digit_network_passes_on_real_digits():
    X, Y = some_digits()
    check_gradients(digit_network(), SoftmaxCrossEntropy(), X, Y)


@pytest.mark.parametrize(("directions", "compared"), [(None, 4 * 5 + 4 * 3 + 3 + 3 * 5), (0, 50), (2, 3 * 2 + 15)])
def test_the_verdict_says_how_many_numbers_were_compared(directions, compared):
    """Of a layer with 4 inputs and 3 outputs: x, W and b, and of the loss f, both with 5 samples."""
    net = Network(layers(Tanh(), widths=(4, 3)))
    assert f": {compared} numbers compared" in check_gradients(net, *drawn(net), directions=directions)


@pytest.mark.parametrize(("side", "directions"), [(58, 58**2), (59, 3)])
def test_a_gradient_of_more_than_some_thousand_entries_is_compared_along_directions(side, directions):
    """From 200 000 on, its entries times the columns in which it is measured."""
    rng = np.random.default_rng(0)
    net = Network([Affine(rng.normal(size=(side, side)) / side**0.5, np.zeros((side, 1)))])
    compared = directions + side + 5 * side + 5 * side  # W, b, x and f
    assert f": {compared} numbers compared" in check_gradients(net, *drawn(net))


def test_everything_is_measured_near_the_samples_and_not_at_them(monkeypatch):
    net = Network(layers(Tanh(), Tanh()))
    (loss, X, Y), seen = drawn(net), {"chain": [], "layer": [], "loss": []}
    first, forward, _forward, _sum = net.layers[0], Dense.forward, Dense._forward, SquaredLoss._sum

    def note(where, x, samples):
        """How far x is from the samples that are nearest, in units of their size."""
        gaps = np.abs(x.real[:, :, None] - samples[:, None]).max(axis=0).min(axis=1)
        seen[where].append(gaps.max() / np.sqrt(np.mean(samples**2)))

    monkeypatch.setattr(Dense, "forward", lambda self, x: (self is first and note("chain", x, X), forward(self, x))[1])
    monkeypatch.setattr(
        Dense, "_forward", lambda self, x: (self is first and note("layer", x, X), _forward(self, x))[1]
    )
    monkeypatch.setattr(SquaredLoss, "_sum", lambda self, f, y: (note("loss", f, scores), _sum(self, f, y))[1])
    scores = net(X)
    check_gradients(net, loss, X, Y)
    for where, gaps in seen.items():
        first = next(gap for gap in gaps if gap > 0)  # the steps of the measurement come on top
        assert min(gaps) == 0 and 0.1 < first < 0.5, where


class OtherOrder(Network):
    """The samples are added up in another order, and one gradient is off by a part of its last digits."""

    off = 0.0

    def gradients(self, x, y, loss):
        _, grads = super().gradients(x[:, ::-1].copy(), y[:, ::-1].copy(), loss)
        return loss(self(x), y), grads | {(0, "b"): grads[0, "b"] + self.off}


def test_a_gradient_that_is_zero_in_theory_may_be_rounded_otherwise_in_the_network():
    """A bias before a mean that is subtracted: what is left of its gradient is rounding, whatever the order."""
    first, second = layers(Tanh(), Tanh(), widths=(3, 40, 2))
    net = OtherOrder([Affine(first.W, first.b), Mean(40), second])
    loss, x, y = drawn(net, B=50)
    a, b = (Network(net.layers).gradients(x, y, loss)[1][0, "b"], net.gradients(x, y, loss)[1][0, "b"])
    assert 0 < np.abs(a - b).max() < 1e-15 and np.abs(a).max() < 1e-15
    check_gradients(net, loss, x, y)
    rng, rounded = np.random.default_rng(1), []
    for _ in range(10):  # what the last digits of all numbers make of it
        moved = Network([Affine(last_digits(rng, first.W), last_digits(rng, first.b)), Mean(40), second])
        rounded.append(np.abs(moved.gradients(last_digits(rng, x), y, loss)[1][0, "b"] - a).max())
    net.off = 8 * max(rounded)
    check_gradients(net, loss, x, y)
    net.off = 32 * max(rounded)
    with pytest.raises(GradientError, match=r"gradient of b of layer 0 \(in the network"):
        check_gradients(net, loss, x, y)


class ForPositive(Dense):
    """Right unless the first entry of the upstream is positive."""

    def _backward(self, u, kept, input_gradient):
        below, grads = super()._backward(u, kept, input_gradient)
        return below, grads | {"W": grads["W"] * (1 + 1e-3 * (u[0, 0] > 0))}


def test_a_layer_that_is_wrong_for_the_upstream_that_was_drawn_is_refused_also_if_it_is_right_for_the_next():
    """The first upstream is for the random directions, the next to look for the entry that is off."""
    right, said = layers(Tanh(), Tanh()), []
    net = Network([ForPositive(right[0].W, right[0].b, Tanh()), right[1]])
    for directions in range(1, 19):
        try:
            said.append(check_gradients(net, *drawn(net), directions=directions))
        except GradientError as error:
            said.append(str(error))
    for end in ("does not fit what is measured along a random direction", "The worst entry is"):
        assert any(end in text for text in said)


class OtherName(Dense):
    def _backward(self, u, kept, input_gradient):
        below, grads = super()._backward(u, kept, input_gradient)
        return below, {"V": grads["W"], "b": grads["b"]}


@pytest.mark.parametrize("directions", [None, 2])
def test_gradients_of_other_names_are_refused(directions):
    W, b = np.ones((3, 4)), np.zeros((3, 1))
    net = Network([OtherName(W, b, Tanh())])
    says = r"layer 0: OtherName.*: expected gradients with the names \['W', 'b'\], got \['V', 'b'\]"
    with pytest.raises(GradientError, match=says):
        check_gradients(net, *drawn(net), directions=directions)


@pytest.mark.parametrize("directions", [None, 2])
def test_a_layer_that_is_dead_wherever_it_is_tried_is_not_called_right(directions):
    net = Network([Dense(np.eye(4), np.full((4, 1), -50.0), ReLU()), *layers(Tanh())])
    with pytest.raises(ValueError, match=r"layer 0: Dense.*: every true gradient is zero wherever it was tried"):
        check_gradients(net, *drawn(net), directions=directions)


class WrongForMinus(LogisticLoss):
    def _sum(self, f, y):
        total, gradient = super()._sum(f, y)
        return total, gradient * np.where(y < 0, 2, 1)


@pytest.mark.parametrize("at", [0, 17, 59])
def test_a_loss_that_is_wrong_for_one_kind_of_label_is_found_wherever_its_sample_stands(at):
    net = Network(layers(Tanh(), widths=(4, 1)))
    _, x, _ = drawn(net, B=60)
    y = np.where(np.arange(60) == at, -1.0, 1.0).reshape(1, 60)
    check_gradients(net, LogisticLoss(), x, y)
    with pytest.raises(GradientError, match="the loss: WrongForMinus"):
        check_gradients(net, WrongForMinus(), x, y)


class Two(Network):
    """A network whose value, loss, names or gradient for x are not those of its layers, which are right."""

    def __init__(self, layers, fault, size=1.0):
        super().__init__(layers)
        self.fault, self.size = fault, size

    def _value(self, x):
        return super()._value(x) * (1 + self.size * (self.fault == "value"))

    def _backward(self, u, kept, input_gradient):
        below, grads = super()._backward(u, kept, input_gradient)
        wrong = {"x": 2, "batch": u.shape[1]}.get(self.fault, 1)
        return below * wrong if input_gradient else None, grads

    def gradients(self, x, y, loss):
        value, grads = super().gradients(x, y, loss)
        if self.fault == "names":
            grads = {key: grad for key, grad in grads.items() if key != (1, "b")}
        return value * (1 + self.size * (self.fault == "loss")), grads


@pytest.mark.parametrize(
    ("fault", "says"),
    [
        ("value", "the loss of the whole network changes along a random direction in another way"),
        ("loss", r"net.gradients returns the loss .*, and loss\(net\(X\), Y\) is "),
        ("names", r"expected gradients with the names \[\(0, 'W'\), .*\], got \[\(0, 'W'\), \(0, 'b'\), \(1, 'W'\)\]"),
        ("x", r"gradient of x \(in the network; each layer is right by itself\): Every entry is twice"),
        ("batch", r"gradient of x \(in the network; .*\): Every entry is multiplied by the batch size B"),
    ],
)
def test_what_a_network_makes_of_right_layers_is_compared(fault, says):
    with pytest.raises(GradientError, match=says):
        check_gradients(net := Two(layers(Tanh(), Tanh()), fault), *drawn(net))


def test_the_loss_that_a_network_returns_may_be_rounded_otherwise_and_no_more():
    for size, right in ((0.9e-12, True), (1.1e-12, False)):
        net = Two(layers(Tanh(), Tanh()), "loss", size)
        if right:
            check_gradients(net, *drawn(net))
        else:
            with pytest.raises(GradientError, match="returns the loss"):
                check_gradients(net, *drawn(net))


def test_a_fault_in_a_network_inside_a_network_names_its_place_there():
    one, two, three = layers(Tanh(), Tanh(), Tanh())
    net = Network([one, Network([two, wrong_dense(three, "W", entry(1.01))])])
    for directions in (None, 2):
        with pytest.raises(GradientError, match=r"gradient of 1\.W \(layer 1: Network"):
            check_gradients(net, *drawn(net), directions=directions)


class ScaledLoss(SquaredLoss):
    def __init__(self, factor):
        self.factor = factor

    def _sum(self, f, y):
        total, gradient = super()._sum(f, y)
        return self.factor * total, self.factor * gradient


@pytest.mark.parametrize("factor", [1e-8, 1.0, 1e8])
def test_a_loss_of_any_size_is_compared_by_its_own(factor):
    net, wrong = Network(layers(Tanh(), Tanh())), Two(layers(Tanh(), Tanh()), "value", 1e-6)
    _, x, y = drawn(net)
    check_gradients(net, ScaledLoss(factor), x, y)
    with pytest.raises(GradientError, match="in another way"):
        check_gradients(wrong, ScaledLoss(factor), x, y)


class Square(Layer):
    """x², with a backward pass and perhaps another forward that is handed in."""

    def __init__(self, backward, forward=lambda x: (x * x, x)):
        super().__init__({}, n=5, m=5)
        self.passes = forward, backward

    def _forward(self, x):
        return self.passes[0](x)

    def _backward(self, u, x, input_gradient):
        return self.passes[1](u, x)


def with_square(*passes):
    first, _, last = layers(Tanh(), Tanh(), Tanh(), widths=(4, 5, 5, 2))
    return Network([first, Square(*passes), last])


PAIR = r"with x .*: expected a pair \(u_below, {name: gradient}\)"


@pytest.mark.parametrize(
    ("backward", "kind", "says"),
    [
        (lambda u, x: (2 * x @ u[:3], {}), r"ValueError", r"with x \(5, 5\), u \(5, 5\): "),
        (lambda u, x: (2 * x.missing * u, {}), "AttributeError", "with x .*missing"),
        (lambda u, x: None, "TypeError", PAIR),
        (lambda u, x: 2 * x * u, "TypeError", PAIR),
        (lambda u, x: (2 * x * u, None), "TypeError", PAIR),
    ],
)
@pytest.mark.parametrize("directions", [None, 2])
def test_a_backward_that_fails_says_in_which_layer(backward, kind, says, directions):
    net = with_square(backward)
    with pytest.raises(GradientError, match=f"backward raises {kind} for layer 1: Square, 5 samples, {says}"):
        check_gradients(net, *drawn(net), directions=directions)


@pytest.mark.parametrize(
    ("forward", "says"),
    [
        (lambda x: (x[:3] @ x, x), r"layer 1: Square: forward raises ValueError with x \(5, 6\): "),
        (lambda x: x * x, r"layer 1: Square: forward raises ValueError with x \(5, 6\): too many values to unpack"),
        (
            lambda x: (x * np.ones((5, 6)), x),
            r"layer 1: Square, 5 samples: .*forward raises ValueError with x \(5, 5\)",
        ),
    ],
)
@pytest.mark.parametrize("directions", [None, 2])
def test_a_forward_that_fails_says_in_which_layer(forward, says, directions):
    net = with_square(lambda u, x: (2 * x * u, {}), forward)
    with pytest.raises(ValueError, match=says):
        check_gradients(net, *drawn(net), directions=directions)


@pytest.mark.parametrize(
    ("backward", "changed"),
    [(lambda u, x: (np.multiply(u, 2 * x, out=u), {}), "u"), (lambda u, x: (np.multiply(u, 2 * x, out=x), {}), "x")],
)
@pytest.mark.parametrize("directions", [None, 2])
def test_a_layer_that_works_in_place_is_refused_whatever_its_size(backward, changed, directions):
    check_gradients(net := with_square(lambda u, x: (2 * x * u, {})), *drawn(net), directions=directions)
    net = with_square(backward)
    with pytest.raises(GradientError, match=rf"backward changed its argument {changed} \(layer 1: Square"):
        check_gradients(net, *drawn(net), directions=directions)


class Nothing(SquaredLoss):
    def _sum(self, f, y):
        total, gradient = super()._sum(f, y)
        return 1.0 + 0 * total, 0 * gradient


def test_a_loss_that_depends_on_nothing_is_not_called_right():
    net = Network(layers(Tanh()))
    _, x, y = drawn(net)
    with pytest.raises(ValueError, match=r"the loss: Nothing\(\): every true gradient is zero wherever it was tried"):
        check_gradients(net, Nothing(), x, y)


class OfProbabilities(Loss):
    """-Σ y log p for what a softmax has made: a small p cannot be moved far, or its logarithm is none."""

    def _sum(self, p, y):
        with np.errstate(invalid="ignore"):
            return -(y * np.log(p)).sum(), -y / p


def logarithm(slope=lambda z: 1 / z):
    def log(z):
        with np.errstate(invalid="ignore"):
            return np.log(z)

    return elementwise(log, slope)


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("directions", [None, 2])
def test_what_is_defined_on_a_part_of_space_is_measured_there(seed, directions):
    """A softmax that is sure of itself, and a logarithm behind it, at the end, in the middle and at the beginning."""
    rng = np.random.default_rng(seed)
    first, sure = Dense(rng.normal(size=(5, 4)), np.zeros((5, 1)), Tanh()), Softmax()
    second = Dense(1.5 * rng.normal(size=(4, 5)), np.zeros((4, 1)), sure)
    x, y = rng.normal(size=(4, 9)), np.eye(4)[:, rng.integers(4, size=9)]
    check_gradients(Network([first, second]), OfProbabilities(), x, y, directions=directions)
    behind = Network([first, second, Activation(logarithm()), Affine(rng.normal(size=(2, 4)), np.zeros((2, 1)))])
    check_gradients(behind, SquaredLoss(), x, y[:2], directions=directions)
    check_gradients(Network([Activation(logarithm()), first]), SquaredLoss(), np.exp(x), x[[0, 1, 2, 3, 0]])
    wrong = Network([first, second, Activation(logarithm(lambda z: -1 / z))])
    with pytest.raises(GradientError, match=r"gradient of x \(layer 2: Activation.*opposite sign"):
        check_gradients(wrong, SquaredLoss(), x, y, directions=directions)
