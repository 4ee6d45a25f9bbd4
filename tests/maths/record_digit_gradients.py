"""Records PyTorch's gradients of the digit network: `PYTHONPATH=. python tests/maths/record_digit_gradients.py`.

Needs torch. Lessons 17 and 19 show them beside their own, from helpers/lessons/pytorch.npz.
"""

import numpy as np

from helpers.digits import digit_network, some_digits
from helpers.lessons.pytorch import RECORD


def main():
    import torch
    from torch.nn.functional import cross_entropy

    net, (X, Y) = digit_network(), some_digits()
    model = torch.nn.Sequential(torch.nn.Linear(64, 32), torch.nn.Tanh(), torch.nn.Linear(32, 10)).double()
    params = {"W0": model[0].weight, "b0": model[0].bias, "W1": model[2].weight, "b1": model[2].bias}
    with torch.no_grad():
        for (i, name), array in net.params.items():
            params[f"{name}{i}"].copy_(torch.tensor(array).reshape(params[f"{name}{i}"].shape))
    loss = cross_entropy(model(torch.tensor(X.T)), torch.tensor(Y.argmax(axis=0)))  # samples in rows, class numbers
    loss.backward()
    grads = {name: param.grad.numpy() for name, param in params.items()}
    grads |= {name: grads[name].reshape(-1, 1) for name in ("b0", "b1")}
    np.savez_compressed(RECORD, loss=loss.detach().numpy(), **grads)


if __name__ == "__main__":
    main()
