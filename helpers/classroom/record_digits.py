"""Trains the network of `helpers.digits` and records it: `python -m helpers.classroom.record_digits`.

Of the 1,797 digits of `helpers.datasets` the network sees 1,200. Weights are rounded to three decimals, which changes
no answer.
"""

import numpy as np

from helpers.activations import Tanh
from helpers.datasets import digits
from helpers.digits import RECORD
from helpers.layers import Affine, Dense
from helpers.losses import SoftmaxCrossEntropy
from helpers.network import Network
from helpers.training import Descent

EPOCHS, BATCH, RATE, DECAY = 60, 50, 0.3, 1e-4


def trained(X, Y, rng):
    net = Network(
        [
            Dense(rng.normal(size=(32, 64)) / 8, np.zeros((32, 1)), Tanh()),
            Affine(rng.normal(size=(10, 32)) / 32**0.5, np.zeros((10, 1))),
        ]
    )
    optimizer = Descent(RATE, decay=DECAY)
    for _ in range(EPOCHS):
        for chosen in np.split(rng.permutation(X.shape[1]), X.shape[1] // BATCH):
            _, grads = net.gradients(X[:, chosen], Y[:, chosen], SoftmaxCrossEntropy())
            optimizer.step(net.params_and_grads(grads))
    for param in net.params.values():
        param[:] = np.round(param, 3)
    return net


def main():
    rng = np.random.default_rng(0)
    X, Y, X_test, Y_test = digits(rng)
    net = trained(X, Y, rng)
    scores, meant, loss = net(X_test), Y_test.argmax(axis=0), SoftmaxCrossEntropy()
    unseen_right = (scores.argmax(axis=0) == meant).mean()
    print(f"seen digits read: {(net(X).argmax(axis=0) == Y.argmax(axis=0)).mean():.1%}, unseen: {unseen_right:.1%}")
    shown = []
    for digit in range(10):
        first, *rest = np.flatnonzero(meant == digit)
        shown += [first, max(rest, key=lambda k: loss(scores[:, [k]], Y_test[:, [k]]))]
    np.savez_compressed(
        RECORD,
        **{f"{name}{i}": array for (i, name), array in net.params.items()},
        X=(16 * X_test[:, shown]).astype(np.uint8),
        labels=meant[shown],
    )


if __name__ == "__main__":
    main()
