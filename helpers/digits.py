"""The network that runs through the course, 64 → 32 → 10: it reads digits of 8 × 8 pixels.

Its weights were trained once and recorded, together with twenty digits that it did not see in training, so that the
lessons before the 17th need no data set: `python -m helpers.classroom.record_digits`.
"""

from pathlib import Path

import numpy as np

from helpers.activations import Tanh
from helpers.layers import Affine, Dense
from helpers.network import Network

RECORD = Path(__file__).with_name("digits.npz")


def digit_network():
    """The network: tanh(W x + b) with W (32, 64), and above it the scores W n + b with W (10, 32), one a digit."""
    with np.load(RECORD) as record:
        return Network([Dense(record["W0"], record["b0"], Tanh()), Affine(record["W1"], record["b1"])])


def some_digits():
    """(X, Y): twenty digits, X (64, 20) with the pixels row by row from 0 to 1, and their labels, Y (10, 20).

    A label is a column with a 1 at the digit that was meant and 0 elsewhere. Of each digit there are two: column 2d is
    a d like any other, column 2d + 1 the one that the network finds hardest to read.
    """
    with np.load(RECORD) as record:
        return record["X"] / 16, np.eye(10)[:, record["labels"]]
