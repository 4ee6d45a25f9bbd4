"""What PyTorch finds for the network of `helpers.digits`, so that PyTorch itself is not needed.

Recorded once, in float64: `python -m helpers.classroom.record_pytorch`.
"""

from pathlib import Path

import numpy as np

RECORD = Path(__file__).with_name("recorded_by_pytorch.npz")


def gradients_of_the_loss():
    """(value, grads): the mean cross-entropy of the twenty digits and its gradients, with the keys of net.gradients."""
    with np.load(RECORD) as record:
        grads = {(i, name): record[f"{name}{i}"] for i in (0, 1) for name in ("W", "b")}
        return record["loss"].item(), grads


def gradients_of_the_lead():
    """The gradients of z_5 - z_9 for digit 19 of `some_digits`, with respect to W and b of layer 0 and the pixels x.

    A dict with the keys "W", "b" and "x", each in the shape of its namesake.
    """
    with np.load(RECORD) as record:
        return {name: record[f"lead_{name}"] for name in ("W", "b", "x")}
