"""Records PyTorch's gradients of one layer: `PYTHONPATH=. python tests/maths/record_layer_gradients.py`.

Needs torch. Lesson 09 shows them beside its own, from helpers/lessons/lesson_09/pytorch.npz.
"""

import numpy as np

from helpers.digits import digit_network, some_digits
from helpers.lessons.lesson_09.pytorch import RECORD


def main():
    import torch

    net, (X, _) = digit_network(), some_digits()
    model = torch.nn.Sequential(torch.nn.Linear(64, 32), torch.nn.Tanh(), torch.nn.Linear(32, 10)).double()
    params = {(0, "W"): model[0].weight, (0, "b"): model[0].bias, (1, "W"): model[2].weight, (1, "b"): model[2].bias}
    with torch.no_grad():
        for key, array in net.params.items():
            params[key].copy_(torch.tensor(array).reshape(params[key].shape))
    x = torch.tensor(X[:, 19], requires_grad=True)
    scores = model(x)
    (scores[5] - scores[9]).backward()
    grads = {"W": params[0, "W"].grad, "b": params[0, "b"].grad.reshape(-1, 1), "x": x.grad.reshape(-1, 1)}
    np.savez_compressed(RECORD, **{name: grad.numpy() for name, grad in grads.items()})


if __name__ == "__main__":
    main()
