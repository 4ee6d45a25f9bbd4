"""What PyTorch finds for the first layer of the digit network and one digit; PyTorch itself is not needed."""

from pathlib import Path

import numpy as np

RECORD = Path(__file__).with_name("pytorch.npz")


def recorded_gradients():
    """The gradients of z_5 - z_9 for digit 19 of `some_digits`, with respect to W and b of layer 0 and the pixels x.

    A dict with the keys "W", "b" and "x", each in the shape of its namesake. Recorded once in float64 by
    tests/maths/record_layer_gradients.py.
    """
    with np.load(RECORD) as record:
        return {name: record[name] for name in ("W", "b", "x")}
