"""Answers about one neuron, right and wrong, from which the bank of lesson 07 puts its mistakes together."""

import numpy as np


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def slope(z):
    return sigmoid(z) * (1 - sigmoid(z))


def affine(w, x, b):
    return w.T @ x + b


def drawn(rng, N):
    """A column of N weights, a column of N inputs and a bias (1, 1), none of them near 0."""
    w, x = rng.choice([-1.0, 1.0], size=(2, N, 1)) * rng.uniform(0.2, 1.2, size=(2, N, 1))
    return w, x, rng.uniform(0.3, 0.9, size=(1, 1))


def tanh_slope(w, x, b):
    return 1 - np.tanh(affine(w, x, b)) ** 2


def rows(slope=tanh_slope, turn=lambda w, x, s: (s * w.T, s * x.T, s)):
    """The three rows of a neuron with another slope, or the right slope put together in another way."""
    return lambda w, x, b: turn(w, x, slope(w, x, b))


def two_neurons(chain):
    """dg/dw of two sigmoid neurons, put together by chain(w, x, v, φ, f, ψ), where ψ = v f + c."""

    def derivative(w, x, b, v, c):
        phi = affine(w, x, b)
        f = sigmoid(phi)
        return chain(w, x, v, phi, f, v * f + c)

    return derivative


def hurried_step(w, b, x, y, mu):
    w = w - mu * 2 * (sigmoid(w.T @ x + b) - y) * slope(w.T @ x + b) * x.T
    b = b - mu * 2 * (sigmoid(w.T @ x + b) - y) * slope(w.T @ x + b)
    return w, b


def step(factor=lambda gap, phi: 2 * gap * slope(phi), move=lambda w, x, u: w - u * x):
    """One step with another factor for dL/dφ, or with w moved in another way."""

    def step(w, b, x, y, mu):
        phi = affine(w, x, b)
        u = mu * factor(sigmoid(phi) - y, phi)
        return move(w, x, u), b - u

    return step


def one_after_the_other(w, b, x, y, mu):
    w = w - mu * 2 * (sigmoid(affine(w, x, b)) - y) * slope(affine(w, x, b)) * x
    return w, b - mu * 2 * (sigmoid(affine(w, x, b)) - y) * slope(affine(w, x, b))


def bias_first(w, b, x, y, mu):
    b = b - mu * 2 * (sigmoid(affine(w, x, b)) - y) * slope(affine(w, x, b))
    return w - mu * 2 * (sigmoid(affine(w, x, b)) - y) * slope(affine(w, x, b)) * x, b


def steep(chain):
    """df/dw of f = σ(kφ), put together by chain(w, x, φ, k)."""
    return lambda w, x, b, k: chain(w, x, affine(w, x, b), k)
