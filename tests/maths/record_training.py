"""Records what PyTorch's optimizers do: `python tests/maths/record_training.py` (needs torch).

Each is given the same parameter and the same six gradients. Run once; the tests read the table beside this file.
"""

from pathlib import Path

import numpy as np

TABLE = Path(__file__).with_name("recorded_training.npz")


def main():
    import torch

    rng = np.random.default_rng(17)
    start, grads = rng.normal(size=(3, 2)), rng.normal(size=(6, 3, 2)) * 10.0 ** rng.integers(-3, 3, size=(6, 3, 2))
    table = {"start": start, "grads": grads}
    for name, optimizer, settings in (
        ("Descent", torch.optim.SGD, {"lr": 0.1}),
        ("momentum", torch.optim.SGD, {"lr": 0.1, "momentum": 0.9}),
        ("Adam", torch.optim.Adam, {"lr": 0.01}),
        ("Adam, decay", torch.optim.AdamW, {"lr": 0.01, "betas": (0.8, 0.95), "eps": 1e-3, "weight_decay": 0.3}),
    ):
        param, visited = torch.tensor(start, requires_grad=True), []
        taking = optimizer([param], **settings)
        for grad in grads:
            param.grad = torch.tensor(grad)
            taking.step()
            visited.append(param.detach().numpy().copy())
        table[name] = np.array(visited)
    np.savez_compressed(TABLE, **table)


if __name__ == "__main__":
    main()
