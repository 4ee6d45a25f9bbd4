"""What PyTorch finds for the network and the twenty digits of `helpers.digits`; PyTorch itself is not needed."""

from pathlib import Path

import numpy as np

RECORD = Path(__file__).with_name("pytorch.npz")


def recorded_gradients():
    """(value, grads): the mean cross-entropy and its gradients, with the keys of net.gradients.

    Recorded once in float64 by tests/maths/record_digit_gradients.py.
    """
    with np.load(RECORD) as record:
        grads = {(i, name): record[f"{name}{i}"] for i in (0, 1) for name in ("W", "b")}
        return record["loss"].item(), grads
