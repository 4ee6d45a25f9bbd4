"""Layers with two faces: the explicit derivatives of the mathematics, and the efficient pass of the computer.

layer.d(x), layer.d_params(x)               Jacobians at one column, Eqs. (34)-(38) and (40)-(42)
layer.forward(x), layer.backward(u, cache)  the same numbers without ever forming a Jacobian, Eqs. (53)-(55)

x is a column (N, 1) or, for forward and backward, a batch (N, B) with samples as columns. A layer holds its parameters
and nothing else; what backward needs is in the cache that forward returned.
"""

import zlib
from functools import lru_cache
from typing import NamedTuple

import numpy as np

from helpers.calculus import Function, identity
from helpers.matrix_derivatives import as_tuple
from helpers.shapes import batch, column, described, finite, upstream
from helpers.tuples import Tuple


class Cache(NamedTuple):
    """What a forward pass leaves for the backward pass.

    layer, x, shape:  whose it is, its input, and the shape of its output.
    kept:             what the layer keeps for its gradients.
    seen:             a checksum of the input and of each parameter, as they were.
    """

    layer: object
    x: np.ndarray
    shape: tuple
    kept: object
    seen: dict


class Layer(Function):
    """A function of x with parameters, from which all layers come.

    params:  {name: array}, what training changes. An optimizer walks over params and grads and knows no layer.

    A layer writes down its mathematics in four methods, whose arrays have been checked:
        _forward(x) -> (y, kept)                            the output, and what _backward will need
        _backward(u, kept, input_gradient) -> (u_below, grads)   u_below is None where it is not asked for
        _d(x)                                               the Jacobian (M, N) at the column x
        _d_params(x)                                        a Tuple, for each parameter its derivative
    The public ones check what a person hands in, once; layers that call each other use these and trust each other.
    """

    def __init__(self, params, *, n=None, m=None):
        self.params, self.n, self.m, self.name = params, n, m, type(self).__name__
        self._shapes = {name: np.shape(parameter) for name, parameter in params.items()}
        self._check_params()

    def forward(self, x):
        """(y, cache): the output (M, B) for the input x (N, B), and what backward needs.

        Raises TypeError or ValueError for an x that is no such array, and for a parameter that has got another shape
        or dtype since the layer was made, or an entry that is not finite.
        """
        self._check_params()
        y, kept = self._forward(batch(x, self.n))
        # The layer may have kept y itself, so what leaves the house is a copy.
        return finite(y, f"{self.name}(x)").copy(), Cache(self, x, y.shape, kept, self._seen(x))

    def backward(self, u, cache, input_gradient=True):
        """(u_below, grads) for the upstream u (M, B), the gradient of a loss with respect to the output.

        u_below (N, B) is the gradient with respect to x; grads = {name: an array of the parameter's shape}, summed
        over the batch, because every sample uses the same parameters. With input_gradient=False u_below is None: the
        first layer of a network has nobody below to hand it to, and it costs a third of the layer's pass.
        Raises ValueError for a cache of another layer, for a u of another shape than the output, and where x or a
        parameter has been changed since the forward pass: the gradient would belong to neither; and as `forward` does
        for a u that is no finite float64 array.
        """
        if not isinstance(cache, Cache) or cache.layer is not self:
            raise ValueError("expected the cache that this layer's forward returned, got another; keep them in pairs")
        self._check_params()
        seen = self._seen(cache.x)
        for name, checksum in cache.seen.items():
            if seen[name] != checksum:
                raise ValueError(
                    f"expected {name} as it was in the forward pass, but it has been changed since; "
                    f"take the gradients first and change {name} afterwards"
                )
        return self._backward(batch(upstream(u, cache.shape), what="u"), cache.kept, input_gradient)

    def d(self, x):
        """The Jacobian (M, N) of the output with respect to the column x (N, 1)."""
        self._check_params()
        return super().d(x)

    def d_params(self, x):
        """The derivatives with respect to the parameters at the column x (N, 1): a Tuple with one item for each.

        An item is the Jacobian (M, P) with respect to a column (P, 1), and a Tuple of such for a matrix (Eq. (31)).
        """
        self._check_params()
        return self._d_params(column(x, self.n))

    def __call__(self, x):
        self._check_params()
        return super().__call__(x)

    def _value(self, x):
        return self._forward(x)[0]

    def _vjp(self, x, y, u):
        # Of the whole batch: column by column a layer in which samples meet would be another one.
        return self._backward(u, self._forward(x)[1], True)[0]

    def _owners(self):
        """{name: (the layer that holds the parameter, its name there)}, by which a network knows what is shared."""
        return {name: (self, name) for name in self.params}

    def _seen(self, x):
        return {name: zlib.crc32(np.ascontiguousarray(array)) for name, array in {"x": x, **self.params}.items()}

    def _check_params(self):
        for name, shape in self._shapes.items():
            parameter = self.params[name]
            if not isinstance(parameter, np.ndarray) or parameter.shape != shape:
                raise ValueError(f"expected {name} to keep its shape {shape}, got {described(parameter)}")
            finite(parameter, name)
        self._checked = dict(self.params)

    def _check_new_params(self):
        """Check the parameters again if an array has been put in the place of one; cheap enough for every step."""
        for name, parameter in self._checked.items():
            if self.params[name] is not parameter:
                self._check_params()
                return


def parameter(name):
    """An attribute that is an entry of params: layer.W for layer.params["W"]."""

    def change(layer, value):
        layer.params[name] = value

    return property(lambda layer: layer.params[name], change, doc=f'The parameter: layer.params["{name}"].')


@lru_cache(maxsize=64)
def ones(B):
    """The column of B ones: a batch times it is the sum over its samples, as fast as a product of matrices."""
    return np.ones((B, 1))


def activation(sigma):
    """Return `sigma` itself if it is a Function without parameters, which nobody would train; else raises TypeError."""
    if not isinstance(sigma, Function):
        got = f"the class {sigma.__name__}" if isinstance(sigma, type) else type(sigma).__name__
        raise TypeError(f"expected sigma to be a Function such as Tanh(), got {got}")
    if isinstance(sigma, Layer) and sigma.params:
        raise TypeError(
            f"expected sigma to have no parameters, got {sigma!r}; put it into the Network as the next layer"
        )
    return sigma


class Dense(Layer):
    """n = σ(Wx + b), Eq. (39): weights W (M, N), bias b (M, 1), an activation σ, elementwise or not.

    W and b are kept, not copied, so that training changes the arrays that were handed in.

    Raises TypeError or ValueError, saying what was received, for parameters that are not finite float64 arrays of
    these shapes (or complex ones, for the complex step), for an activation that is no Function or has parameters, and
    for one of another size.
    """

    W, b = parameter("W"), parameter("b")

    def __init__(self, W, b, sigma):
        if type(W) is np.ndarray and W.ndim != 2:
            raise ValueError(f"expected W to be a matrix (M, N), got shape {W.shape}; one row for each output")
        W, self.sigma = batch(W, what="W"), activation(sigma)
        if not {sigma.n, sigma.m} <= {None, len(W)}:
            raise ValueError(
                f"expected sigma to take and return {len(W)} numbers, one for each row of W, got {sigma!r}"
            )
        super().__init__({"W": W, "b": column(b, W.shape[0], "b")}, n=W.shape[1], m=W.shape[0])

    def _forward(self, x):
        # The one broadcast of the course: the bias is added to every column of the batch.
        z = self.params["W"].dot(x) + self.params["b"]
        n = self.sigma._value(z)
        return n, (x, z, n)

    def _backward(self, u, kept, input_gradient):
        x, z, n = kept
        delta = self.sigma._vjp(z, n, u)
        # A.dot(B) is A @ B, and takes half of its time where the matrices are small.
        grads = {"W": delta.dot(x.T), "b": delta.dot(ones(delta.shape[1]))}
        return self.params["W"].T.dot(delta) if input_gradient else None, grads

    def _d(self, x):
        return self.sigma.d(self.W @ x + self.b) @ self.W

    def _d_params(self, x):
        """Tuple([dW, db]): dW is [x_1 D, ..., x_N D], Eq. (42); db is D, Eq. (41); D the Jacobian of σ at Wx + b."""
        D = self.sigma.d(self.W @ x + self.b)
        return Tuple([as_tuple(D, x), D])


class Affine(Dense):
    """z = Wx + b, Eq. (33): the dense layer whose activation is the identity, so that D = I in every derivative."""

    def __init__(self, W, b):
        super().__init__(W, b, identity())


class Activation(Layer):
    """n = σ(x): an activation as a layer of its own, for behind a layer that has none, such as a convolution.

    Raises TypeError for what is no Function, and for one with parameters.
    """

    def __init__(self, sigma):
        self.sigma = activation(sigma)
        super().__init__({}, n=sigma.n, m=sigma.m)

    def _forward(self, x):
        n = self.sigma._value(x)
        return n, (x, n)

    def _backward(self, u, kept, input_gradient):
        return self.sigma._vjp(*kept, u) if input_gradient else None, {}

    def _d(self, x):
        return self.sigma.d(x)

    def _d_params(self, x):
        return Tuple([])
