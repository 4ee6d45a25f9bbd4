"""A dense layer by hand, its right backward pass, and passes with one planted mistake each."""

import numpy as np

SHAPES = {"W": ("M", "N"), "x": ("N", "B"), "b": ("M", 1)}


def forward(W, x, b):
    return np.tanh(W @ x + b)


def backward(u, W, x, b):
    delta = (1 - np.tanh(W @ x + b) ** 2) * u
    return {"W": delta @ x.T, "x": W.T @ delta, "b": delta.sum(axis=1, keepdims=True)}


def faulty(name, change):
    """backward with one gradient changed: change(gradient, u, W, x, b)."""
    return lambda u, W, x, b: (g := backward(u, W, x, b)) | {name: change(g[name], u, W, x, b)}


slope_at_x = faulty("W", lambda g, u, W, x, b: ((1 - np.tanh(W @ np.tanh(x) + b) ** 2) * u) @ x.T)
PLANTED = {
    "sign": faulty("W", lambda g, *_: -g),
    "factor 2": faulty("x", lambda g, *_: 2 * g),
    "factor 1/2": faulty("b", lambda g, *_: g / 2),
    "transposed": faulty("W", lambda g, *_: g.T.copy()),
    "times B": faulty("W", lambda g, u, W, x, b: g * x.shape[1]),
    "divided by B": faulty("b", lambda g, u, W, x, b: g / x.shape[1]),
    "bias not summed": faulty("b", lambda g, u, W, x, b: (1 - np.tanh(W @ x + b) ** 2) * u),
    "upstream forgotten": faulty("W", lambda g, u, W, x, b: (1 - np.tanh(W @ x + b) ** 2) @ x.T),
    "flattened": faulty("b", lambda g, *_: g.ravel()),
    "zero": faulty("W", lambda g, *_: 0 * g),
    "constant factor": faulty("W", lambda g, *_: 1.25 * g),
}
