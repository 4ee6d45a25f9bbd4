"""Batch normalization: every row of a batch is brought to mean 0 and deviation 1, and then to a scale that is learnt.

(Ioffe and Szegedy, Batch Normalization, 2015)
"""

import numpy as np

from helpers.layers import Affine, Layer, ones, parameter
from helpers.shapes import batch, column
from helpers.tuples import Tuple


class BatchNormalization(Layer):
    """y = γ ⊙ x̂ + β with x̂ = (x - m)/s, where m and s are the mean and the deviation of each row over the batch.

    gamma, beta:  (N, 1).
    epsilon:      s² = mean of (x - m)² + epsilon, so that a row of equal numbers is not divided by zero.

    The samples of a batch meet in m and s. So y is no function of one sample: alone, a sample is its own mean, and y
    is β whatever it holds. After training `fixed(x)` is the layer for samples one by one.

    Backward. Let g = γ ⊙ u, the gradient with respect to x̂. For small changes, row by row,
        Δx̂ = (Δx - Δm)/s - x̂ Δs/s     with     Δm = mean of Δx     and     Δs = mean of x̂ ⊙ Δx,
    so that the sum of g ⊙ Δx̂ is that of (g - mean of g - x̂ ⊙ mean of g ⊙ x̂)/s ⊙ Δx.

    Raises TypeError or ValueError for parameters that are no finite float64 columns of one length, ValueError for an
    epsilon that is no number of 0 or more.
    """

    gamma, beta = parameter("gamma"), parameter("beta")

    def __init__(self, gamma, beta, epsilon=1e-5):
        if not (isinstance(epsilon, int | float | np.integer | np.floating) and 0 <= epsilon < np.inf):
            raise ValueError(f"expected epsilon to be a number of 0 or more, got {epsilon!r}")
        gamma, self.epsilon = column(gamma, what="gamma"), epsilon
        super().__init__({"gamma": gamma, "beta": column(beta, len(gamma), "beta")}, n=len(gamma), m=len(gamma))

    def _statistics(self, x):
        """(m, s), both (N, 1)."""
        m = _mean(x)
        return m, np.sqrt(_mean((x - m) ** 2) + self.epsilon)

    def _forward(self, x):
        m, s = self._statistics(x)
        x_hat = (x - m) / s
        return self.gamma * x_hat + self.beta, (x_hat, s)

    def _backward(self, u, kept, input_gradient):
        x_hat, s = kept
        grads = {"gamma": (u * x_hat) @ ones(u.shape[1]), "beta": u @ ones(u.shape[1])}
        if not input_gradient:
            return None, grads
        g = self.gamma * u
        return (g - _mean(g) - x_hat * _mean(g * x_hat)) / s, grads

    def fixed(self, x):
        """The Affine layer with the means and deviations of x (N, B), such as those of all training samples."""
        m, s = self._statistics(batch(x, self.n))
        return Affine(np.diagflat(self.gamma / s), self.beta - self.gamma * m / s)

    def _d(self, x):
        """Of a sample alone, which moves its own mean: zeros."""
        return np.zeros((len(x), len(x)))

    def _d_params(self, x):
        return Tuple([np.zeros((len(x), len(x))), np.eye(len(x))])


def _mean(x):
    """The mean of each row (N, 1), analytic in complex x, as the complex step needs it."""
    return x @ ones(x.shape[1]) / x.shape[1]
