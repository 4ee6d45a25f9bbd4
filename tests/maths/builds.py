"""Networks of every kind and losses with their labels, for the tests of the network and of its check."""

import numpy as np

from helpers.activations import Sigmoid, Softmax, Tanh
from helpers.layers import Affine, Dense
from helpers.losses import LogisticLoss, SoftmaxCrossEntropy, SquaredLoss
from helpers.network import Network, Skip
from helpers.tuples import Tuple


def dense(rng, n, m, sigma=None):
    W, b = rng.normal(size=(m, n)) / n**0.5, rng.normal(size=(m, 1))
    return Affine(W, b) if sigma is None else Dense(W, b, sigma)


def chain(rng):
    return Network([dense(rng, 3, 5, Tanh()), dense(rng, 5, 4, Softmax()), dense(rng, 4, 2)])


def tied(rng):
    twice = dense(rng, 4, 4, Tanh())
    return Network([dense(rng, 3, 4, Sigmoid()), twice, dense(rng, 4, 4, Tanh()), twice, dense(rng, 4, 2)])


def skipping(rng):
    return Network([dense(rng, 3, 4, Tanh()), Skip(dense(rng, 4, 4, Tanh())), dense(rng, 4, 2)])


def skipping_two(rng):
    inner = Network([dense(rng, 4, 6, Tanh()), dense(rng, 6, 4)])
    return Network([dense(rng, 3, 4, Tanh()), Skip(inner), dense(rng, 4, 2)])


def tied_and_skipping(rng):
    twice = dense(rng, 3, 3, Tanh())
    return Network([twice, Skip(twice), Skip(Network([twice, dense(rng, 3, 3), twice])), dense(rng, 3, 2)])


def one_layer(rng):
    return Network([dense(rng, 3, 2, Sigmoid())])


class Assigning(Network):
    """A network that sets the gradient of a parameter where it should add to it: of several uses one counts."""

    def _backward(self, u, kept, input_gradient):
        grads = {}
        for i in reversed(range(len(self.layers))):
            u, own = self.layers[i]._backward(u, kept[i], input_gradient or i > 0)
            grads |= {self._keys[i][name]: grad for name, grad in own.items()}
        return u, {key: grads[key] for key in self.params}


BUILDS = [chain, tied, skipping, skipping_two, tied_and_skipping, one_layer]
LOSSES = {
    "squared": (SquaredLoss(), lambda rng, shape: rng.normal(size=shape)),
    "logistic": (LogisticLoss(), lambda rng, shape: rng.choice([-1.0, 1.0], size=shape)),
    "cross-entropy": (SoftmaxCrossEntropy(), lambda rng, shape: rng.uniform(0, 1, size=shape)),
}


def in_columns(derivative):
    """A derivative with respect to a parameter as one Jacobian (M, P), the parameter read column by column."""
    return np.hstack([in_columns(item) for item in derivative]) if isinstance(derivative, Tuple) else derivative
