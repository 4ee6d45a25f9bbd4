"""Activation functions: three that act entry by entry, and softmax, which does not.

Each is a `Function`: `sigma(z)` for a column (N, 1) or a batch (N, B), `sigma.d(z)` for the Jacobian (N, N).
The elementwise ones also have `sigma.slope(z)`, the diagonal of that Jacobian in the shape of z.
"""

from numbers import Real

import numpy as np

from helpers.calculus import Elementwise, Function

FEW_DIGITS = 1e-4  # a difference from 1 that is smaller has lost too many; the slope is then computed from the input


class Sigmoid(Elementwise):
    """σ(z) = 1/(1 + e^-z), Eq. (11), with σ' = σ(1 - σ) = e^-z/(1 + e^-z)². Neither overflows, however large z is."""

    def __init__(self):
        super().__init__(_sigmoid, _sigmoid_slope, name="sigmoid")

    def _vjp(self, z, n, u):
        left = 1 - n
        smallest = left.item(left.argmin()).real  # in a small array argmin takes half the time of min
        return (n * left if smallest > FEW_DIGITS else self.slope(z)) * u


def _sigmoid(z):
    with np.errstate(under="ignore"):  # far from 0 a power of e is 0, whatever the reader has set
        e = _decay(z)
        return np.where(z.real >= 0, 1, e) / (1 + e)


def _sigmoid_slope(z):
    with np.errstate(under="ignore"):
        e = _decay(z)
        return e / (1 + e) ** 2  # the slope is the same at z and at -z


def _decay(z):
    """e^-|z|, which is never larger than 1. For complex z the sign is that of the real part."""
    return np.exp(np.where(z.real >= 0, -z, z))


class Tanh(Elementwise):
    """tanh, with tanh' = 1 - tanh² = 4σ'(2z); the second form loses no digits where tanh is near 1 or -1."""

    def __init__(self):
        super().__init__(np.tanh, _tanh_slope, name="tanh")

    def _vjp(self, z, n, u):
        slope = 1 - n * n
        smallest = slope.item(slope.argmin()).real  # in a small array argmin takes half the time of min
        return (slope if smallest > FEW_DIGITS else self.slope(z)) * u


def _tanh_slope(z):
    with np.errstate(under="ignore", over="ignore"):
        return 4 * _sigmoid_slope(2 * z)


class ReLU(Elementwise):
    """α max(0, z), Eq. (12), with slope 0 to the left, α to the right, Eq. (13).

    At z = 0 there is no derivative, and `at_zero` is the number put in its place: any choice in [0, α].
    Without one it is α, as Eq. (13) has it; libraries often take 0.

    Raises ValueError unless α > 0 and at_zero lies in [0, α].
    """

    def __init__(self, alpha=1.0, at_zero=None):
        at_zero = alpha if at_zero is None else at_zero
        if not (isinstance(alpha, Real) and np.isfinite(alpha) and alpha > 0):
            raise ValueError(f"expected a slope alpha > 0, got {alpha!r}")
        if not (isinstance(at_zero, Real) and 0 <= at_zero <= alpha):
            raise ValueError(f"expected at_zero between 0 and alpha = {alpha}, got {at_zero!r}")
        self.alpha, self.at_zero = alpha, at_zero
        super().__init__(
            lambda z: alpha * np.where(z.real <= 0, 0.0, z),
            lambda z: np.where(z.real > 0, alpha, np.where(z.real < 0, 0.0, at_zero)),
            name="ReLU",
        )


class Softmax(Function):
    """p_i = e^(z_i) / Σ_j e^(z_j). Every output depends on every input: J = diag(p) - p pᵀ, full and symmetric."""

    def __init__(self):
        super().__init__(_softmax, _softmax_jacobian, name="softmax")

    def _vjp(self, z, p, u):
        # Jᵀu = p ⊙ (u - pᵀu), column by column, without forming J. A number added to u changes nothing; with the u of
        # the largest p at 0 no difference is left to cancel where that p is near 1.
        u = u - u[p.argmax(axis=0), np.arange(u.shape[1])]
        with np.errstate(under="ignore"):
            return p * (u - (p * u).sum(axis=0, keepdims=True))


def _softmax(z):
    # Subtracting the largest real part changes no quotient and keeps every exponential at or below 1.
    with np.errstate(under="ignore", over="ignore"):
        e = np.exp(z - z.real.max(axis=0, keepdims=True))
        return e / e.sum(axis=0, keepdims=True)


def _softmax_jacobian(z):
    p = _softmax(z)
    with np.errstate(under="ignore"):
        J = -p @ p.T
        # p_i (1 - p_i) with the sum of the others for 1 - p_i: where p_i is near 1 the difference has no digits left.
        others = (1 - np.eye(len(p))) @ p
        np.fill_diagonal(J, p * others)
    return J
