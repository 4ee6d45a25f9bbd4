"""The classical mistakes in the gradients of other layers and losses than the dense one, a table for each kind.

A mistake stands as (its name, the gradient it is made in, what it makes of it). To each kind come the mistakes of
size, which can be made in every gradient.
"""

from typing import NamedTuple

import numpy as np
from networks import SOFTMAX, sigmoid

softmax, slope = SOFTMAX["stable softmax"], lambda n: 1 - n * n


class Kind(NamedTuple):
    forward: object
    right: object
    shapes: dict
    mistakes: list
    choices: dict = {}

    def wrong(self, name, change):
        """The backward pass with one gradient replaced."""
        return lambda u, **inputs: self.right(u, **inputs) | {name: change(u, **inputs)}

    def batch(self, inputs):
        return next(v.shape[1] for key, v in inputs.items() if "B" in self.shapes.get(key, ()))

    def all_mistakes(self):
        yield from self.mistakes
        for name, shape in self.shapes.items():
            g = lambda u, name=name, **inputs: self.right(u, **inputs)[name]
            yield "sign", name, lambda u, g=g, **i: -g(u, **i)
            yield "factor 2", name, lambda u, g=g, **i: 2 * g(u, **i)
            yield "zero", name, lambda u, g=g, **i: 0 * g(u, **i)
            if "B" in str(self.shapes):
                yield "times B", name, lambda u, g=g, **i: g(u, **i) * self.batch(i)
                yield "sign and divided by B", name, lambda u, g=g, **i: -g(u, **i) / self.batch(i)
                yield "factor 1/2 and times B", name, lambda u, g=g, **i: g(u, **i) * self.batch(i) / 2
            if shape[0] != shape[1]:
                yield "transposed", name, lambda u, g=g, **i: g(u, **i).T.copy()
                yield "transposed and sign", name, lambda u, g=g, **i: -g(u, **i).T


def through_softmax(p, u):
    return p * (u - (p * u).sum(axis=0, keepdims=True))


# --- dense layers with a softmax ----------------------------------------------------------------------------


def of_dense(delta, W, x, b):
    return {"W": delta @ x.T, "x": W.T @ delta, "b": delta.sum(axis=1, keepdims=True)}


def softmax_layer(name):
    of = lambda change: lambda u, W, x, b: of_dense(change(u, softmax(W @ x + b), W, x, b), W, x, b)[name]
    return [
        ("diagonal only", name, of(lambda u, p, *_: p * (1 - p) * u)),
        ("dropped path", name, of(lambda u, p, *_: p * u)),  # through the sum of the powers
        ("outer derivative forgotten", name, of(lambda u, *_: u)),
        ("slope at the wrong point", name, of(lambda u, p, *_: through_softmax(softmax(p), u))),
        ("slope at the wrong point", name, of(lambda u, p, W, x, b: through_softmax(softmax(W @ x), u))),
        ("one sample only", name, of(lambda u, p, *_: through_softmax(p, u) * (np.arange(u.shape[1]) == 0))),
        ("sample dropped", name, of(lambda u, p, *_: through_softmax(p, u) * (np.arange(u.shape[1]) > 0))),
    ]


# --- losses -------------------------------------------------------------------------------------------------


def hinge_gradients(u, w, x, y, mask=lambda m: m < 1):
    delta = -y * u * mask(y * (w.T @ x))
    return {"w": x @ delta.T, "x": w @ delta}


def logistic_gradients(u, w, x, b, y, of=None):
    delta = -y * u * sigmoid(-y * (w.T @ x + b)) if of is None else of(u, w.T @ x, b, y)
    return {"w": x @ delta.T, "x": w @ delta, "b": delta.sum(axis=1, keepdims=True)}


def hinge_mistakes(name):
    of = lambda mask: lambda u, **inputs: hinge_gradients(u, mask=mask, **inputs)[name]
    return [
        ("mask missing", name, of(lambda m: 1.0)),
        ("mask missing and sign", name, of(lambda m: -1.0)),
        ("upstream forgotten", name, lambda u, **i: hinge_gradients(np.ones_like(u), **i)[name]),
    ]


def logistic_mistakes(name):
    of = lambda change: lambda u, **inputs: logistic_gradients(u, of=change, **inputs)[name]
    return [
        ("outer derivative forgotten", name, of(lambda u, z, b, y: u)),
        ("slope at the wrong point", name, of(lambda u, z, b, y: -y * u * sigmoid(-y * z))),
        ("upstream forgotten", name, lambda u, **i: logistic_gradients(np.ones_like(u), **i)[name]),
    ]


def log_softmax_loss(f, y):
    return -(y * np.log(softmax(f))).sum() / f.shape[1]


def right_log_softmax(u, f, y):
    return {"f": u * (softmax(f) - y) / f.shape[1]}


def squared_mean(f, t):
    return ((f - t) ** 2).sum() / f.shape[1]


# --- normalization, dropout, what is used twice -------------------------------------------------------------


def normal(x, axis):
    return (x - x.mean(axis=axis, keepdims=True)) / np.sqrt(x.var(axis=axis, keepdims=True) + 1e-5)


def norm(axis):
    mean = lambda v: v.mean(axis=axis, keepdims=True)
    s = lambda x: np.sqrt(x.var(axis=axis, keepdims=True) + 1e-5)
    right = lambda u, x: {"x": (u - mean(u) - normal(x, axis) * mean(u * normal(x, axis))) / s(x)}
    mistakes = [
        ("dropped path", "x", lambda u, x: (u - mean(u)) / s(x)),
        ("dropped path", "x", lambda u, x: u / s(x)),
        ("outer derivative forgotten", "x", lambda u, x: u),
    ]
    return Kind(lambda x: normal(x, axis), right, {"x": ("N", "B")}, mistakes)


def residual_gradients(u, W, x):
    delta = u * slope(np.tanh(W @ x))
    return {"W": delta @ x.T, "x": u + W.T @ delta}


def tied_gradients(u, W, x):
    n = np.tanh(W @ x)
    delta = slope(n) * (W.T @ u)
    return {"W": u @ n.T + delta @ x.T, "x": W.T @ delta}


# --- two layers ---------------------------------------------------------------------------------------------


def two_layers(V, c, W, b, x):
    return np.tanh(V @ np.tanh(W @ x + b) + c)


def two_gradients(u, V, c, W, b, x, upper=slope, lower=slope, into=lambda n, z: n):
    z = W @ x + b
    n = np.tanh(z)
    above = u * upper(np.tanh(V @ n + c))
    below = lower(n) * (V.T @ above)
    own = {"V": above @ into(n, z).T, "c": above.sum(axis=1, keepdims=True)}
    return own | {"W": below @ x.T, "b": below.sum(axis=1, keepdims=True), "x": W.T @ below}


def two_mistakes():
    of = lambda name, **wrong: lambda u, **inputs: two_gradients(u, **wrong, **inputs)[name]
    for name in ("V", "W", "x", "b", "c"):
        yield "outer derivative forgotten", name, of(name, upper=np.ones_like)
        yield "slope at the wrong point", name, of(name, upper=lambda n: slope(np.tanh(n)))
        yield "another activation's slope", name, of(name, upper=lambda n: n * (1 - n))
        yield "upstream forgotten", name, lambda u, name=name, **i: two_gradients(np.ones_like(u), **i)[name]
    for name in ("W", "x", "b"):
        yield "outer derivative forgotten", name, of(name, lower=np.ones_like)
        yield "slope at the wrong point", name, of(name, lower=lambda n: slope(np.tanh(n)))
        yield "another activation's slope", name, of(name, lower=lambda n: n * (1 - n))
    yield "wrong layer's input", "V", of("V", into=lambda n, z: z)


def loss_gradients(u, V, W, b, x, of=lambda d: d, apart=None, axis=1, lower=slope):
    """Of the mean of ‖V tanh(Wx + b)‖²."""
    n = np.tanh(W @ x + b)
    above = of(2 * u * (V @ n) / x.shape[1])
    below = lower(n) * (V.T @ above)
    db = below if apart else below.sum(axis=axis, keepdims=True)
    return {"V": above @ n.T, "W": below @ x.T, "b": db, "x": W.T @ below}


def loss_mistakes():
    of = lambda name, **wrong: lambda u, **inputs: loss_gradients(u, **wrong, **inputs)[name]
    first = lambda d: np.arange(d.shape[1]) == 0
    for name in ("V", "W", "b", "x"):
        yield "factor 1/2", name, of(name, of=lambda d: d / 2)
        yield "one sample only", name, of(name, of=lambda d: d * first(d))
        yield "sample dropped", name, of(name, of=lambda d: d * ~first(d))
        yield "upstream forgotten", name, lambda u, name=name, **i: loss_gradients(np.ones_like(u), **i)[name]
        if name != "V":
            yield "outer derivative forgotten", name, of(name, lower=np.ones_like)
            yield "slope at the wrong point", name, of(name, lower=lambda n: slope(np.tanh(n)))
    yield "bias not summed", "b", of("b", apart=True)
    yield "wrong axis", "b", of("b", axis=0)


KINDS = {
    "softmax layer": Kind(
        lambda W, x, b: softmax(W @ x + b),
        lambda u, W, x, b: of_dense(through_softmax(softmax(W @ x + b), u), W, x, b),
        {"W": ("M", "N"), "x": ("N", "B"), "b": ("M", 1)},
        [mistake for name in ("W", "x", "b") for mistake in softmax_layer(name)],
    ),
    "hinge": Kind(
        lambda w, x, y: np.maximum(0, 1 - y * (w.T @ x)),
        hinge_gradients,
        {"w": ("N", 1), "x": ("N", "B")},
        [mistake for name in ("w", "x") for mistake in hinge_mistakes(name)],
        {"y": (-1.0, 1.0)},
    ),
    "logistic": Kind(
        lambda w, x, b, y: np.log1p(np.exp(-y * (w.T @ x + b))),
        logistic_gradients,
        {"w": ("N", 1), "x": ("N", "B"), "b": (1, 1)},
        [mistake for name in ("w", "x", "b") for mistake in logistic_mistakes(name)],
        {"y": (-1.0, 1.0)},
    ),
    "logistic, a row": Kind(
        lambda w, x, y: np.log1p(np.exp(-y * (w @ x))),
        lambda u, w, x, y: {"w": -y * u * sigmoid(-y * (w @ x)) @ x.T, "x": w.T @ (-y * u * sigmoid(-y * (w @ x)))},
        {"w": (1, "N"), "x": ("N", "B")},
        [
            ("outer derivative forgotten", "w", lambda u, w, x, y: u @ x.T),
            ("outer derivative forgotten", "x", lambda u, w, x, y: w.T @ u),
        ],
        {"y": (-1.0, 1.0)},
    ),
    "squared, its mean": Kind(
        squared_mean,
        lambda u, f, t: {"f": 2 * u * (f - t) / f.shape[1], "t": 2 * u * (t - f) / f.shape[1]},
        {"f": ("M", "B"), "t": ("M", "B")},
        [
            ("upstream forgotten", "f", lambda u, f, t: 2 * (f - t) / f.shape[1]),
            ("one sample only", "f", lambda u, f, t: 2 * u * (f - t) / f.shape[1] * (np.arange(f.shape[1]) == 0)),
            ("summed too early", "f", lambda u, f, t: (2 * u * (f - t) / f.shape[1]).sum(axis=1, keepdims=True)),
        ],
    ),
    "cross-entropy": Kind(
        log_softmax_loss,
        right_log_softmax,
        {"f": (3, 5)},
        [
            ("upstream forgotten", "f", lambda u, f, y: (softmax(f) - y) / f.shape[1]),
            ("outer derivative forgotten", "f", lambda u, f, y: -u * y / f.shape[1]),  # of the softmax's logarithm
            ("one sample only", "f", lambda u, f, y: u * (softmax(f) - y) / f.shape[1] * (np.arange(5) == 4)),
            ("sample dropped", "f", lambda u, f, y: u * (softmax(f) - y) / f.shape[1] * (np.arange(5) < 4)),
        ],
        {"y": (np.eye(3)[:, [0, 1, 2, 1, 1]],)},
    ),
    "layer norm": norm(axis=0),
    "batch norm": norm(axis=1),
    "dropout": Kind(
        lambda x, mask: x * mask / 0.8,
        lambda u, x, mask: {"x": u * mask / 0.8},
        {"x": (3, 5)},
        [
            ("mask missing", "x", lambda u, x, mask: u / 0.8),
            ("mask missing", "x", lambda u, x, mask: u),
            ("constant factor", "x", lambda u, x, mask: u * mask),
            ("upstream forgotten", "x", lambda u, x, mask: mask / 0.8),
        ],
        {"mask": (1.0 * (np.arange(15).reshape(3, 5) % 4 > 0),)},
    ),
    "residual": Kind(
        lambda W, x: x + np.tanh(W @ x),
        residual_gradients,
        {"W": ("N", "N"), "x": ("N", "B")},
        [
            ("dropped path", "x", lambda u, W, x: residual_gradients(u, W, x)["x"] - u),
            ("dropped path", "x", lambda u, W, x: u),
            ("outer derivative forgotten", "x", lambda u, W, x: u + W.T @ u),
            ("outer derivative forgotten", "W", lambda u, W, x: u @ x.T),
            ("transposed", "x", lambda u, W, x: u + W @ (u * slope(np.tanh(W @ x)))),
            ("another activation's slope", "x", lambda u, W, x: u + W.T @ (u * (1 - np.tanh(W @ x)))),
        ],
    ),
    "tied weights": Kind(
        lambda W, x: W @ np.tanh(W @ x),
        tied_gradients,
        {"W": ("N", "N"), "x": ("N", "B")},
        [
            ("one use only", "W", lambda u, W, x: u @ np.tanh(W @ x).T),
            ("one use only", "W", lambda u, W, x: (slope(np.tanh(W @ x)) * (W.T @ u)) @ x.T),
            ("outer derivative forgotten", "x", lambda u, W, x: W.T @ (W.T @ u)),
            ("outer derivative forgotten", "W", lambda u, W, x: u @ np.tanh(W @ x).T + (W.T @ u) @ x.T),
        ],
    ),
    "a product": Kind(
        lambda x: x * np.sin(x),
        lambda u, x: {"x": u * (np.sin(x) + x * np.cos(x))},
        {"x": ("N", "B")},
        [
            ("one use only", "x", lambda u, x: u * np.sin(x)),
            ("one use only", "x", lambda u, x: u * x * np.cos(x)),
            ("product for sum", "x", lambda u, x: u * np.cos(x)),
        ],
    ),
    "two layers": Kind(
        two_layers,
        two_gradients,
        {"V": ("K", "M"), "c": ("K", 1), "W": ("M", "N"), "b": ("M", 1), "x": ("N", "B")},
        [*two_mistakes()],
    ),
    "two layers and a loss": Kind(
        lambda V, W, b, x: ((V @ np.tanh(W @ x + b)) ** 2).sum() / x.shape[1],
        loss_gradients,
        {"V": ("K", "M"), "W": ("M", "N"), "b": ("M", 1), "x": ("N", "B")},
        [*loss_mistakes()],
    ),
}
