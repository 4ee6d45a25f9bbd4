"""Trains the network of `helpers.digits` and records it: `python -m helpers.classroom.record_digits`.

Needs scikit-learn for its bundled data set, 1,797 digits of 8 × 8 pixels from 0 to 16; nothing else in the course
does. The network sees 1,200 of them. Weights are rounded to three decimals, which changes no answer.
"""

import numpy as np
from sklearn.datasets import load_digits

from helpers.activations import Tanh
from helpers.digits import RECORD
from helpers.layers import Affine, Dense
from helpers.losses import SoftmaxCrossEntropy
from helpers.network import Network

SEEN, EPOCHS, BATCH, RATE, DECAY = 1200, 60, 50, 0.3, 1e-4


def trained(X, Y, rng):
    net = Network(
        [
            Dense(rng.normal(size=(32, 64)) / 8, np.zeros((32, 1)), Tanh()),
            Affine(rng.normal(size=(10, 32)) / 32**0.5, np.zeros((10, 1))),
        ]
    )
    for _ in range(EPOCHS):
        for chosen in np.split(rng.permutation(SEEN), SEEN // BATCH):
            _, grads = net.gradients(X[:, chosen], Y[:, chosen], SoftmaxCrossEntropy())
            for param, grad in net.params_and_grads(grads):
                param -= RATE * (grad + DECAY * param)
    for param in net.params.values():
        param[:] = np.round(param, 3)
    return net


def main():
    rng = np.random.default_rng(0)
    images, labels = load_digits(return_X_y=True)
    order = rng.permutation(len(labels))
    images, labels = images[order], labels[order]
    X, Y = images.T / 16, np.eye(10)[:, labels]
    net = trained(X, Y, rng)
    scores, loss = net(X), SoftmaxCrossEntropy()
    right = scores.argmax(axis=0) == labels
    print(f"seen digits read: {right[:SEEN].mean():.1%}, unseen: {right[SEEN:].mean():.1%}")
    shown = []
    for digit in range(10):
        unseen = [k for k in range(SEEN, len(labels)) if labels[k] == digit]
        shown += [unseen[0], max(unseen[1:], key=lambda k: loss(scores[:, [k]], Y[:, [k]]))]
    np.savez_compressed(
        RECORD,
        **{f"{name}{i}": array for (i, name), array in net.params.items()},
        X=images[shown].T.astype(np.uint8),
        labels=labels[shown],
    )


if __name__ == "__main__":
    main()
