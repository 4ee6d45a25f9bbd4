"""Random networks with right gradients, to judge the gradient check by: a forward pass on arrays or on a tape.

The tape is plain reverse mode, each operation with its derivative beside it; the check and the layers know nothing
of it. `python tests/maths/networks.py 1000` tries the check on a thousand and prints what it said (make bench).
"""

import sys
from collections import Counter
from typing import NamedTuple

import numpy as np

from helpers.gradcheck import GradientError, check_gradients


class Node:
    """A value on the tape: its parents, and for each what it makes of the gradient of this value."""

    def __init__(self, value, *parents):
        self.value, self.parents, self.gradient = value, parents, 0.0

    def __add__(self, other):
        other = node(other)
        return Node(self.value + other.value, (self, lambda u: u), (other, lambda u: u))

    def __mul__(self, other):
        other = node(other)
        return Node(self.value * other.value, (self, lambda u: u * other.value), (other, lambda u: u * self.value))

    def __matmul__(self, other):
        return Node(self.value @ other.value, (self, lambda u: u @ other.value.T), (other, lambda u: self.value.T @ u))

    __radd__, __rmul__ = __add__, __mul__

    def mean(self, axis):
        count = self.value.shape[axis]
        return Node(self.value.mean(axis=axis, keepdims=True), (self, lambda u: np.ones(self.value.shape) * u / count))

    def sum(self):
        return Node(self.value.sum(keepdims=True), (self, lambda u: np.ones(self.value.shape) * u))

    @property
    def shape(self):
        return self.value.shape


class Plain(np.ndarray):
    """An array whose mean and sum keep their axes, as a Node's do."""

    def mean(self, axis):
        return np.asarray(self).mean(axis=axis, keepdims=True).view(Plain)

    def sum(self):
        return np.asarray(self).sum(keepdims=True).view(Plain)


def node(value):
    return value if isinstance(value, Node) else Node(np.asarray(value))


def apply(value, f, slope):
    """f at every entry."""
    if isinstance(value, Node):
        return Node(f(value.value), (value, lambda u: slope(value.value) * u))
    return f(np.asarray(value)).view(Plain)


def apply_softmax(value, f):
    if isinstance(value, Node):
        p = f(value.value)
        return Node(p, (value, lambda u: p * (u - (p * u).sum(axis=0, keepdims=True))))
    return f(np.asarray(value)).view(Plain)


def gradients(y, u, leaves):
    """The gradients of sum(u * y) with respect to the leaves, {name: Node}, by one pass over the tape."""
    order = []

    def visit(at):
        if at not in order:
            for parent, _ in at.parents:
                visit(parent)
            order.append(at)

    visit(y)
    y.gradient = u
    for at in reversed(order):
        for parent, pull in at.parents:
            parent.gradient = parent.gradient + _summed(pull(at.gradient), parent.value.shape)
    return {name: np.zeros(leaf.shape) + leaf.gradient for name, leaf in leaves.items()}


def _summed(u, shape):
    """Back through broadcasting: summed over the axes that were stretched."""
    u = np.asarray(u)
    u = u.sum(axis=tuple(range(u.ndim - len(shape))))
    return u.sum(axis=tuple(k for k, n in enumerate(shape) if n == 1 and u.shape[k] != 1), keepdims=True)


# --- what the networks are made of --------------------------------------------------------------------------


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def bell(z):  # σ'(z), with all its digits
    e = np.exp(-np.abs(z))
    return e / (1 + e) ** 2


def gelu(z):
    return 0.5 * z * (1 + np.tanh(0.8 * (z + 0.045 * z**3)))


def gelu_slope(z):
    t = np.tanh(0.8 * (z + 0.045 * z**3))
    return 0.5 * (1 + t) + 0.5 * z * (1 - t**2) * 0.8 * (1 + 0.135 * z**2)


ELEMENTWISE = {
    "tanh": (np.tanh, lambda z: 4 * bell(2 * z)),
    "sigmoid": (sigmoid, bell),
    "relu": (lambda z: np.maximum(z, 0), lambda z: 1.0 * (z > 0)),
    "leaky": (lambda z: np.where(z.real > 0, z, 0.1 * z), lambda z: np.where(z > 0, 1.0, 0.1)),
    "elu": (
        lambda z: np.where(z.real > 0, z, np.exp(np.where(z.real > 0, 0, z)) - 1),
        lambda z: np.exp(np.minimum(z, 0)),
    ),
    "gelu": (gelu, gelu_slope),
    "softplus": (lambda z: np.log(1 + np.exp(z)), sigmoid),
    "softplus by logaddexp": (lambda z: np.logaddexp(0, z), sigmoid),
    "abs": (np.abs, np.sign),
    "square": (lambda z: z * z, lambda z: 2 * z),
    "sin": (np.sin, np.cos),
    "identity": (lambda z: 1.0 * z, np.ones_like),
}
SOFTMAX = {
    "softmax": lambda z: np.exp(z) / np.exp(z).sum(axis=0, keepdims=True),
    "stable softmax": lambda z: SOFTMAX["softmax"](z - z.real.max(axis=0, keepdims=True)),
    "softmax by logaddexp": lambda z: np.exp(z - np.logaddexp.reduce(z, axis=0)),
}
NORMS = {"layer norm": 0, "batch norm": 1}
LOSSES = ("none", "squared", "mean", "hinge", "logistic", "cross-entropy")


def normalised(z, axis):
    centred = z + -1.0 * z.mean(axis)
    inverse = apply(
        (centred * centred).mean(axis), lambda v: 1 / np.sqrt(v + 1e-5), lambda v: -0.5 * (v + 1e-5) ** -1.5
    )
    return centred * inverse


class Network(NamedTuple):
    """What check_gradients takes, and what it is made of."""

    forward: object
    backward: object
    shapes: dict
    choices: dict
    made_of: str


def random_network(seed):
    """A network of one to four layers, with a loss, weight decay and scales, or none of these."""
    rng = np.random.default_rng(seed)
    depth, loss = int(rng.integers(1, 5)), str(rng.choice(LOSSES))
    kinds = [str(kind) for kind in rng.choice([*ELEMENTWISE, *SOFTMAX, *NORMS], depth)]
    power, factor = (int(rng.choice([1, 2])), 10.0 ** rng.uniform(-8, 0)) if rng.random() < 0.4 else (0, 0.0)
    scale = 10.0 ** rng.uniform(-8, 8) if rng.random() < 0.3 else 1.0
    batch = "B" if rng.random() < 0.3 else int(rng.integers(1, 8))
    widths = list("NMKLJ"[: depth + 1])
    if loss in ("hinge", "logistic"):
        widths[-1] = 1
        kinds[-1] = str(rng.choice([*ELEMENTWISE]))  # a softmax of one number is 1
    shapes = {"x": (widths[0], batch)}
    for layer in range(depth):
        shapes[f"W{layer}"] = (widths[layer + 1], widths[layer])
        if rng.random() < 0.7:
            shapes[f"b{layer}"] = (widths[layer + 1], 1)
    if rng.random() < 0.1:
        shapes["unused"] = ("N", 1)

    def network(x, label=None, **params):
        a = x
        for layer, kind in enumerate(kinds):
            a = params[f"W{layer}"] @ a
            a = a + params[f"b{layer}"] if f"b{layer}" in params else a
            if kind in ELEMENTWISE:
                a = apply(a, *ELEMENTWISE[kind])
            else:
                a = normalised(a, NORMS[kind]) if kind in NORMS else apply_softmax(a, SOFTMAX[kind])
        L = lossy(a, loss, label)
        for name, W in params.items():
            if power and loss != "none" and name.startswith("W"):
                L = L + factor * (W * W if power == 2 else apply(W, np.abs, np.sign)).sum()
        return scale * L

    def forward(**inputs):
        arrays = {name: value.view(Plain) if name in shapes else value for name, value in inputs.items()}
        return np.asarray(network(**arrays))

    def backward(u, **inputs):
        leaves = {name: Node(inputs[name]) for name in shapes}
        return gradients(network(**(inputs | leaves)), u, leaves)

    choices = {"label": (-1.0, 1.0)} if loss in ("hinge", "logistic") else {}
    decay = f", decay L{power} {factor:.0e}" if power and loss != "none" else ""
    return Network(forward, backward, shapes, choices, f"{kinds}, {loss}{decay}, scale {scale:.0e}, batch {batch}")


def lossy(a, loss, label):
    if loss == "squared":
        return (a * a).sum()
    if loss == "mean":
        return (1 / a.shape[1]) * (a * a).sum()
    if loss == "hinge":
        return apply(1.0 + -label * a, lambda z: np.maximum(z, 0), lambda z: 1.0 * (z > 0)).sum()
    if loss == "logistic":
        return apply(-label * a, lambda z: np.log1p(np.exp(z)), sigmoid).sum()
    if loss == "cross-entropy":
        p = apply_softmax(a, SOFTMAX["stable softmax"])
        return -1.0 * apply(p, np.log, lambda v: 1 / v).sum()
    return a


# --- trying the check on them -------------------------------------------------------------------------------


def said(network, backward, seeds=2):
    """("right" or "wrong" or "not measurable", the message) of the check, for this backward pass of the network."""
    with np.errstate(all="ignore"):
        try:
            message = check_gradients(network.forward, backward, network.shapes, choices=network.choices, seeds=seeds)
            return "right", message
        except GradientError as error:
            return "wrong", str(error)
        except ValueError as error:
            return "not measurable", str(error)


def off_in_one_entry(network, seed, share):
    """(the name of a gradient, a backward pass in which one of its entries is off by this share of the largest).

    The gradient is one that is not zero but for rounding, beside those of the other names.
    """
    rng = np.random.default_rng(seed)
    turn, chosen = rng.random(), []

    def backward(u, **inputs):
        right = network.backward(u, **inputs)
        largest = {name: np.abs(g).max() for name, g in right.items()}
        names = [name for name, size in largest.items() if size > 1e-5 * max(largest.values())]
        if not names:
            return right
        chosen[:] = [names[int(turn * len(names))]]
        wrong = right[chosen[0]].copy()
        at = np.unravel_index(int(turn * 1e6) % wrong.size, wrong.shape)
        wrong[at] += share * largest[chosen[0]] * (1 if wrong[at] >= 0 else -1)
        return right | {chosen[0]: wrong}

    return chosen, backward


def main(count, start=0):
    """Print what the check says of right gradients and of gradients with one entry off."""
    table = {"right": Counter(), "one entry off by 1e-6": Counter()}
    for seed in range(start, start + count):
        network = random_network(seed)
        chosen, wrong = off_in_one_entry(network, seed, 1e-6)
        for name, backward in zip(table, (network.backward, wrong), strict=True):
            verdict, message = said(network, backward)
            table[name][verdict] += 1
            if (name, verdict) == ("right", "wrong") or (name, verdict) == (*list(table)[1:], "right"):
                print(f"seed {seed}: {name}, said to be {verdict}: {network.made_of}, {chosen}\n    {message}")
            if verdict == "not measurable" and name == "right":
                print(f"seed {seed}: {message[:150]}: {network.made_of}")
    print(f"\nseeds {start} to {start + count - 1}, gradients of random networks, and what the check said of them:")
    for name, verdicts in table.items():
        print(f"    {name:24}" + ", ".join(f"{verdict} {n}" for verdict, n in sorted(verdicts.items())))


if __name__ == "__main__":
    main(*(int(argument) for argument in sys.argv[1:3]))
