"""Records what PyTorch's autograd finds for twenty networks: `python tests/maths/record_gradients.py` (needs torch).

Run once; the table beside this file is what the tests read, so that PyTorch is no dependency. The networks are drawn
here and stored with their inputs, labels and gradients, because a stream of random numbers may change with numpy.
"""

from itertools import pairwise
from pathlib import Path

import numpy as np

TABLE = Path(__file__).with_name("recorded_gradients.npz")
ACTIVATIONS = ("tanh", "sigmoid", "relu", "softmax", "identity")
LOSSES = ("squared", "logistic", "cross-entropy")


def drawn(k):
    """(arrays, plan) of network k: widths, activations, a loss, every fourth with a layer used twice or skipped."""
    rng = np.random.default_rng(k)
    widths = [int(n) for n in rng.integers(1, 6, size=rng.integers(2, 6))]
    if k % 4 == 3:
        widths[1:1] = [widths[1]]  # a square layer at 1, after which it is used again or added to its input
    B = int(rng.integers(1, 6))
    plan = [str(rng.choice(ACTIVATIONS)) for _ in widths[1:]] + [LOSSES[k % 3]]
    arrays = {"x": rng.normal(size=(widths[0], B))}
    for i, (n, m) in enumerate(pairwise(widths)):
        arrays |= {f"W{i}": rng.normal(size=(m, n)), f"b{i}": rng.normal(size=(m, 1))}
    shape = (widths[-1], B)
    arrays["y"] = {
        "squared": rng.normal(size=shape),
        "logistic": rng.choice([-1.0, 1.0], size=shape),
        "cross-entropy": rng.uniform(size=shape),
    }[plan[-1]]
    return arrays, plan


def layers_of(plan, k):
    """The layers in the order in which they act: (index, whether the input is added to the output)."""
    order = [(i, False) for i in range(len(plan) - 1)]
    if k % 4 == 3:
        order[1:2] = [(1, False), (1, True)] if k % 8 == 3 else [(1, True)]
    return order


def differentiated(arrays, plan, k):
    """{name: its gradient} by PyTorch, the loss under "loss"."""
    import torch
    from torch.nn.functional import logsigmoid

    sigma = {
        "tanh": torch.tanh, "sigmoid": torch.sigmoid, "relu": torch.relu,
        "softmax": lambda z: torch.softmax(z, dim=0), "identity": lambda z: z,
    }  # fmt: skip
    t = {name: torch.tensor(array, requires_grad=name != "y") for name, array in arrays.items()}
    n = t["x"]
    for i, skip in layers_of(plan, k):
        out = sigma[plan[i]](t[f"W{i}"] @ n + t[f"b{i}"])
        n = n + out if skip else out
    each = {
        "squared": lambda: ((n - t["y"]) ** 2).sum(dim=0),
        "logistic": lambda: -logsigmoid(t["y"] * n).sum(dim=0),
        "cross-entropy": lambda: -(t["y"] * torch.log_softmax(n, dim=0)).sum(dim=0),
    }[plan[-1]]()
    each.mean().backward()
    return {name: x.grad.numpy() for name, x in t.items() if name != "y"} | {"loss": each.mean().detach().numpy()}


def main():
    table = {}
    for k in range(20):
        arrays, plan = drawn(k)
        table[f"{k}/plan"] = np.array(plan)
        table |= {f"{k}/{name}": array for name, array in arrays.items()}
        table |= {f"{k}/d{name}": array for name, array in differentiated(arrays, plan, k).items()}
    np.savez_compressed(TABLE, **table)


if __name__ == "__main__":
    main()
