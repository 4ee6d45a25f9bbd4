"""Records PyTorch's gradients of the digit network: `python -m helpers.classroom.record_pytorch` (needs torch).

Lessons 09, 17 and 19 show them beside their own, from `helpers.lessons.recorded_by_pytorch`.
"""

import numpy as np

from helpers.digits import digit_network, some_digits
from helpers.lessons.recorded_by_pytorch import RECORD


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
    of_loss = torch.autograd.grad(loss, params.values())
    x = torch.tensor(X[:, 19], requires_grad=True)
    scores = model(x)
    of_lead = torch.autograd.grad(scores[5] - scores[9], (params["W0"], params["b0"], x))
    table = dict(zip([*params, "lead_W", "lead_b", "lead_x"], [*of_loss, *of_lead], strict=True))
    columns = {name: grad.numpy().reshape(len(grad), -1) for name, grad in table.items()}  # of a vector: one column
    np.savez_compressed(RECORD, loss=loss.detach().numpy(), **columns)


if __name__ == "__main__":
    main()
