"""Layers with two faces: the explicit derivatives of the mathematics, and the efficient pass of the computer.

layer.d(x), layer.d_params(x)               Jacobians at one column, Eqs. (34)-(38) and (40)-(42)
layer.forward(x), layer.backward(u, cache)  the same numbers without ever forming a Jacobian, Eqs. (53)-(55)

x is a column (N, 1) or, for forward and backward, a batch (N, B) with samples as columns. A layer holds its parameters
and nothing else; what backward needs is in the cache that forward returned.
"""

from typing import NamedTuple

import numpy as np

from helpers.calculus import Function, batch, column, described, identity, upstream
from helpers.matrix_derivatives import as_tuple
from helpers.tuples import Tuple


class Cache(NamedTuple):
    """What a forward pass leaves for the backward pass: the layer, its input x (N, B) and z = Wx + b (M, B)."""

    layer: object
    x: np.ndarray
    z: np.ndarray


class Dense(Function):
    """n = σ(Wx + b), Eq. (39): weights W (M, N), bias b (M, 1), an activation σ, elementwise or not.

    Raises TypeError or ValueError, saying what was received, for parameters that are not finite float64 arrays of
    these shapes, and for an activation that is no Function.
    """

    def __init__(self, W, b, sigma):
        if not isinstance(sigma, Function):
            raise TypeError(f"expected sigma to be a Function such as Tanh(), got {type(sigma).__name__}")
        self.W, self.sigma = batch(W, what="W"), sigma
        self.b = column(b, W.shape[0], "b")
        super().__init__(self._value, self._d, n=W.shape[1], m=W.shape[0], name=type(self).__name__)

    def affine(self, x):
        """z = Wx + b, the input of the activation: (M, B) for x (N, B).

        Raises ValueError where W or b has got another shape since, or entries that are not finite.
        """
        self._check_shapes()
        # The one broadcast of the course: the bias is added to every column of the batch.
        z = self.W @ x + self.b
        if not np.isfinite(z).all():
            broken = [name for name in ("W", "b") if not np.isfinite(getattr(self, name)).all()]
            raise ValueError(
                f"z = Wx + b is not finite; entries that are not finite stand in {broken or 'neither W nor b'}"
            )
        return z

    def _check_shapes(self):
        for name, expected in (("W", (self.m, self.n)), ("b", (self.m, 1))):
            parameter = getattr(self, name)
            if not isinstance(parameter, np.ndarray) or parameter.shape != expected:
                raise ValueError(f"expected {name} to keep its shape {expected}, got {described(parameter)}")

    def _value(self, x):
        return self.sigma(self.affine(x))

    def _d(self, x):
        return self.sigma.d(self.affine(x)) @ self.W

    def d_params(self, x):
        """The derivatives with respect to W and b at the column x (N, 1), as Tuple([dW, db]).

        dW is the Tuple [x_1 D, ..., x_N D] of N items (M, M), Eq. (42); db is D (M, M), Eq. (41). D is the Jacobian
        of the activation at z = Wx + b.
        """
        D = self.sigma.d(self.affine(column(x, self.n)))
        return Tuple([as_tuple(D, x), D])

    def forward(self, x):
        """(n, cache): the output (M, B) for the input x (N, B), and what backward needs."""
        z = self.affine(batch(x, self.n))
        return self.sigma(z), Cache(self, x, z)

    def backward(self, u, cache):
        """(u_below, grads) for the upstream u (M, B), the gradient of a loss with respect to the output.

        u_below (N, B) is the gradient with respect to x; grads = {"W": (M, N), "b": (M, 1)}, summed over the batch,
        because every sample uses the same parameters.
        Raises ValueError for a cache of another layer and for a u of another shape than the output.
        """
        if not isinstance(cache, Cache) or cache.layer is not self:
            raise ValueError("expected the cache that this layer's forward returned, got another; keep them in pairs")
        self._check_shapes()
        delta = self.sigma.vjp(cache.z, batch(upstream(u, cache.z.shape), what="u"))
        grads = {"W": delta @ cache.x.T, "b": delta.sum(axis=1, keepdims=True)}
        return self.W.T @ delta, grads


class Affine(Dense):
    """z = Wx + b, Eq. (33): the dense layer whose activation is the identity, so that D = I in every derivative."""

    def __init__(self, W, b):
        super().__init__(W, b, identity())
