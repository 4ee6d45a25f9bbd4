"""Five ways to the gradients of all weights of a chain of layers: the same numbers, at very different cost.

What a forward pass has kept is a list of `Kept`, layer 0 first; u (K, 1) is the gradient of the loss with respect to
the last output. A way takes both and a `Counter`, and returns the gradients [∇W⁽⁰⁾, …, ∇W⁽ᵏ⁾]; those of the biases,
the δ of the layers, arise on the way. `cost` says what the counter will show, from the widths alone.
"""

from itertools import pairwise
from typing import NamedTuple

import numpy as np


class Kept(NamedTuple):
    """What the forward pass of one layer n = σ(Wx + b) leaves: W (M, N), its input x (N, 1), σ'(z) (M, 1)."""

    W: np.ndarray
    x: np.ndarray
    slopes: np.ndarray


class Counter:
    """Multiplies, and counts the multiply-adds as the products are formed: zeros and ones count like all others."""

    def __init__(self):
        self.total = 0

    def product(self, A, B):
        """A @ B: (m, n)(n, p) takes m n p."""
        self.total += A.shape[0] * A.shape[1] * B.shape[1]
        return A @ B

    def times(self, a, b):
        """a * b, one for each entry of the result. A column (M, 1) times a matrix (M, N) scales its rows."""
        result = a * b
        self.total += result.size
        return result


def cached(kept, u, count):
    """Backpropagation: u is handed down from layer to layer, so that no step is taken twice."""
    grads = []
    for i in reversed(range(len(kept))):
        W, x, slopes = kept[i]
        delta = count.times(slopes, u)
        grads.append(count.product(delta, x.T))
        if i > 0:
            u = count.product(W.T, delta)
    return grads[::-1]


def afresh(kept, u, count):
    """Eq. (52) for each layer from the start: a row is carried down from the loss through all layers above."""
    grads = []
    for i, (_, x, slopes) in enumerate(kept):
        row = u.T
        for above in reversed(kept[i + 1 :]):
            row = count.product(count.times(row, above.slopes.T), above.W)
        delta = count.times(slopes, row.T)
        grads.append(count.product(delta, x.T))
    return grads


def product_first(kept, u, count):
    """Eq. (52) with the Jacobians written down once: their product for each layer, and dL times it at the end."""
    J = _jacobians(kept, count)
    grads = []
    for i, (_, x, slopes) in enumerate(kept):
        row, above = u.T, J[i + 1 :]
        if above:
            product = above[-1]
            for factor in reversed(above[:-1]):
                product = count.product(product, factor)
            row = count.product(row, product)
        delta = count.times(slopes, row.T)
        grads.append(count.product(delta, x.T))
    return grads


def explicit(kept, u, count):
    """u is handed down, but the derivative of each layer with respect to its weights is written down, Eq. (42)."""
    grads = []
    for i in reversed(range(len(kept))):
        W, x, slopes = kept[i]
        glued = count.times(x.T, np.diag(slopes.ravel())[:, :, None])  # (M, M, N): D_ik x_j
        grads.append(count.product(u.T, glued.reshape(len(W), -1)).reshape(W.shape))
        if i > 0:
            u = count.product(W.T, count.times(slopes, u))
    return grads[::-1]


def right_to_left(kept, u, count):
    """Eq. (52) multiplied from its right end: dn/dW first, then the Jacobians above it, and dL last."""
    J = _jacobians(kept, count)
    grads = []
    for i, (W, x, slopes) in enumerate(kept):
        wide = count.times(x.T, np.diag(slopes.ravel())[:, :, None]).reshape(len(W), -1)  # (M, MN)
        for factor in J[i + 1 :]:
            wide = count.product(factor, wide)
        grads.append(count.product(u.T, wide).reshape(W.shape))
    return grads


def _jacobians(kept, count):
    """The Jacobians D W of layers 1 to k by their inputs, Eq. (40); that of layer 0 is in no product."""
    return [None, *(count.times(layer.slopes, layer.W) for layer in kept[1:])]


WAYS = {
    "cached": cached,
    "afresh": afresh,
    "product first": product_first,
    "dn/dW explicit": explicit,
    "right to left": right_to_left,
}


def forward_cost(widths):
    """S = Σ a_i, the multiply-adds of a forward pass, with a_i = m_i m_{i-1} weights in layer i."""
    return sum(_sizes(widths)[1])


def work(way, widths):
    """The multiply-adds of one of WAYS, [for the gradient of layer 0, …, of layer k], from the widths alone.

    widths:  of the input and of the layers 0 to k. A Jacobian that is written down once counts for its own layer.
    """
    m, a = _sizes(widths)
    k = len(a) - 1
    layers, top = range(k + 1), m[-1]
    if way == "cached":
        return [m[i] + a[i] + (a[i] if i > 0 else 0) for i in layers]
    if way == "afresh":
        return [sum(m[i:]) + sum(a[i:]) for i in layers]
    own = [a[i] if i > 0 else 0 for i in layers]  # the Jacobian of the layer by its input, or a step down through it
    if way == "product first":
        row = [top * (sum(a[i + 1 : k]) + m[i]) if i < k else 0 for i in layers]
        return [own[i] + row[i] + m[i] + a[i] for i in layers]
    if way == "dn/dW explicit":
        return [2 * m[i] * a[i] + (m[i] + a[i] if i > 0 else 0) for i in layers]
    if way == "right to left":
        return [own[i] + m[i] * a[i] + sum(a[i + 1 :]) * a[i] + top * a[i] for i in layers]
    raise KeyError(f"{way!r} is none of {', '.join(WAYS)}")


def cost(way, widths):
    """All multiply-adds of one of WAYS: what its `Counter` shows."""
    return sum(work(way, widths))


def _sizes(widths):
    """The outputs m_i and the weights a_i = m_i m_{i-1} of each layer."""
    return list(widths[1:]), [m * n for n, m in pairwise(widths)]
