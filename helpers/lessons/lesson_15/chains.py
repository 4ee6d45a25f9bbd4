"""The four gradients of two layers as chains of derivatives, and the steps in which their deltas go (Neoh, N20-N23)."""

from functools import cache
from typing import NamedTuple

import numpy as np

from helpers.index_notation import Array, Derivative, Product, delta, one

GRADIENTS = {"W2": "ij", "b2": "i", "W1": "ij", "b1": "i"}  # each with its free indices


class Step(NamedTuple):
    """A product, and what was done to arrive at it."""

    product: Product
    done: str


def chain(which, n, m, k, l, seed=0):
    """∂E/∂which as a product of derivatives, for n samples and the widths m, k, l; drawn numbers stand in it."""
    rng = np.random.default_rng(seed)
    drawn = lambda name, *shape: Array(name, rng.normal(size=shape))
    X, W1, b1, A1, S1 = drawn("X", n, m), drawn("W1", m, k), drawn("b1", k), drawn("A1", n, k), drawn("S1", n, k)
    H, W2, b2, A2, S2 = drawn("H", n, k), drawn("W2", k, l), drawn("b2", l), drawn("A2", n, l), drawn("S2", n, l)
    Y, G = drawn("Y", n, l), drawn("G", n, l)
    above = G["ab"] * Derivative(Y, A2, S2["ab"] * delta["ac"] * delta["bd"], "ab", "cd")["ab", "cd"]
    if which == "W2":
        return above * Derivative(A2, W2, H["ci"] * delta["dj"], "cd", "ij")["cd", "ij"]
    if which == "b2":
        return above * Derivative(A2, b2, one["c"] * delta["di"], "cd", "i")["cd", "i"]
    above = above * Derivative(A2, H, delta["ce"] * W2["fd"], "cd", "ef")["cd", "ef"]
    above = above * Derivative(H, A1, S1["ef"] * delta["eg"] * delta["fh"], "ef", "gh")["ef", "gh"]
    if which == "W1":
        return above * Derivative(A1, W1, X["gi"] * delta["hj"], "gh", "ij")["gh", "ij"]
    return above * Derivative(A1, b1, one["g"] * delta["hi"], "gh", "i")["gh", "i"]


@cache
def steps(which, n, m, k, l):
    """[Step, …]: the chain, the formulas put in, and then one δ after the other contracted."""
    product = chain(which, n, m, k, l)
    found = [Step(product, "the chain as it is written")]
    product = product.expanded()
    found.append(Step(product, "each derivative replaced by its formula"))
    while deltas := [f for f in product.factors if f.array is delta]:
        # the index that is summed goes; the free one stays
        letter = next(c for c in deltas[0].letters if c not in GRADIENTS[which])
        product = product.contract(letter)
        found.append(Step(product, f"{deltas[0]} contracted: {letter} is gone"))
    return found
