"""Dropout: in training, each number of a layer is set to zero with some probability."""

import numpy as np

from helpers.layers import Layer
from helpers.tuples import Tuple


class Dropout(Layer):
    """y = mask ⊙ x / keep, where each entry of the mask is 1 with the probability `keep` and 0 otherwise.

    The factor 1/keep makes the mean of y over all masks x itself, so that nothing has to be changed after training.

    seed:  None: nothing is dropped, net(x) is that of a finished network. So it is at first.
           A whole number, or a list of them: the masks are those of this seed, one for each sample of the batch, by its
           place. The same seed gives the same masks in each call, so that forward is a function of x and a check can
           measure it. `helpers.training.train` puts another seed here for every step, and None after it.

    Raises ValueError unless 0 < keep <= 1, and for another kind of seed, such as a Generator, whose next numbers are
    others.
    """

    def __init__(self, keep, seed=None):
        if not (isinstance(keep, int | float | np.integer | np.floating) and 0 < keep <= 1):
            raise ValueError(f"expected keep, the share that stays, above 0 and at most 1, got {keep!r}")
        self.keep, self.seed = keep, seed
        self._check_seed()
        super().__init__({})

    def _check_seed(self):
        numbers = self.seed if isinstance(self.seed, list) else [] if self.seed is None else [self.seed]
        if not all(isinstance(n, int | np.integer) and n >= 0 for n in numbers):
            raise ValueError(
                f"expected seed to be None, a whole number of 0 or more, or a list of them, got {self.seed!r}"
            )

    def _factors(self, shape):
        """The mask over keep: (N, B), drawn sample by sample, so that the first does not depend on how many follow."""
        N, B = shape
        if self.seed is None:
            return np.ones(shape)
        self._check_seed()
        return (np.random.default_rng(self.seed).random((B, N)).T < self.keep) / self.keep

    def _forward(self, x):
        factors = self._factors(x.shape)
        return factors * x, factors

    def _backward(self, u, factors, input_gradient):
        return factors * u if input_gradient else None, {}

    def _d(self, x):
        return np.diag(self._factors(x.shape).ravel())

    def _d_params(self, x):
        return Tuple([])
