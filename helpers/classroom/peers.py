"""The same step of training by other systems, for `make bench`. None is a dependency; a missing one is named so.

Each function takes [(W, b), ...], X and Y with samples as columns, and returns a function without arguments that
computes the mean of the squared losses of a chain of tanh layers, and its gradients with respect to all W and b.
Those for a convolution take its arrays in the layout that these systems like best.
"""

import os
from importlib import metadata


class TooSlow(Exception):
    """Not tried on this network, and why."""


def pytorch(params, X, Y):
    import torch

    torch.set_num_threads(int(os.environ.get("OPENBLAS_NUM_THREADS", os.cpu_count())))
    weights = [torch.tensor(array, requires_grad=True) for layer in params for array in layer]
    x, y = torch.tensor(X), torch.tensor(Y)

    def run():
        n = x
        for W, b in zip(weights[::2], weights[1::2], strict=True):
            n = torch.tanh(W @ n + b)
        return torch.autograd.grad(((n - y) ** 2).sum() / n.shape[1], weights)

    return run


def jax(params, X, Y):
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)

    def loss(params, x, y):
        for W, b in params:
            x = jnp.tanh(W @ x + b)
        return ((x - y) ** 2).sum() / x.shape[1]

    compiled = jax.jit(jax.value_and_grad(loss))
    params, x, y = jax.tree.map(jnp.asarray, (params, X, Y))
    return lambda: jax.block_until_ready(compiled(params, x, y))


def autograd(params, X, Y):
    import autograd.numpy as np
    from autograd import value_and_grad

    def loss(params):
        n = X
        for W, b in params:
            n = np.tanh(np.dot(W, n) + b)
        return np.sum((n - Y) ** 2) / n.shape[1]

    differentiated = value_and_grad(loss)
    return lambda: differentiated(params)


def scikit_learn(params, X, Y):
    """One partial_fit, which also changes the weights; its last layer has no activation."""
    import warnings

    from sklearn.neural_network import MLPRegressor

    hidden = tuple(len(b) for _, b in params[:-1])
    model = MLPRegressor(
        hidden_layer_sizes=hidden, activation="tanh", solver="sgd", batch_size=X.shape[1], learning_rate_init=1e-6
    )
    x, y = X.T.copy(), Y.T.copy() if len(Y) > 1 else Y.ravel()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        model.partial_fit(x, y)

    def run():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            model.partial_fit(x, y)

    return run


def micrograd(params, X, Y):
    """One scalar a node: only for the smallest network, one sample; its units are ReLU and not tanh."""
    from micrograd.nn import MLP

    if X.shape[1] > 1 or X.shape[0] > 16:
        raise TooSlow("too slow")
    model = MLP(X.shape[0], [len(b) for _, b in params])
    x = [float(value) for value in X[:, 0]]

    def run():
        out = model(x)
        out = out if isinstance(out, list) else [out]
        loss = sum((value - float(wanted)) ** 2 for value, wanted in zip(out, Y[:, 0], strict=True))
        model.zero_grad()
        loss.backward()

    return run


def pytorch_convolution(kernel, b, image, u):
    """image (B, C_in, H, W) and u (B, C_out, h, w): the output and the gradients for all three, given u."""
    import torch

    torch.set_num_threads(int(os.environ.get("OPENBLAS_NUM_THREADS", os.cpu_count())))
    inputs = [torch.tensor(array, requires_grad=True) for array in (kernel, b.ravel(), image)]
    u = torch.tensor(u)

    def run():
        kernel, b, image = inputs
        z = torch.nn.functional.conv2d(image, kernel, b)
        return z, torch.autograd.grad(z, inputs, u)

    return run


def jax_convolution(kernel, b, image, u):
    """The same, compiled."""
    import jax
    import jax.numpy as jnp

    jax.config.update("jax_enable_x64", True)

    def forward(kernel, b, image):
        return jax.lax.conv(image, kernel, (1, 1), "VALID") + b.reshape(1, -1, 1, 1)

    @jax.jit
    def both(kernel, b, image, u):
        z, backward = jax.vjp(forward, kernel, b, image)
        return z, backward(u)

    arrays = [jnp.asarray(array) for array in (kernel, b, image, u)]
    return lambda: jax.block_until_ready(both(*arrays))


CONVOLUTIONS = {"PyTorch eager": pytorch_convolution, "JAX, jit": jax_convolution}


def digits_by_pytorch(data, seed):
    """(epoch, right): one epoch of training 64-64-10 by momentum, and the share of the test part that is read."""
    import torch

    torch.manual_seed(seed)
    torch.set_num_threads(int(os.environ.get("OPENBLAS_NUM_THREADS", os.cpu_count())))
    model = torch.nn.Sequential(torch.nn.Linear(64, 64), torch.nn.Tanh(), torch.nn.Linear(64, 10)).double()
    taking, loss = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.9), torch.nn.CrossEntropyLoss()
    X, labels, X_test, labels_test = (torch.tensor(a.T.copy() if a.shape[0] == 64 else a.argmax(axis=0)) for a in data)

    def epoch():
        for chosen in torch.randperm(len(X)).split(50):
            taking.zero_grad()
            loss(model(X[chosen]), labels[chosen]).backward()
            taking.step()

    return epoch, lambda: (model(X_test).argmax(dim=1) == labels_test).double().mean().item()


def digits_by_scikit_learn(data, seed):
    from sklearn.neural_network import MLPClassifier

    model = MLPClassifier(
        hidden_layer_sizes=(64,), activation="tanh", solver="sgd", alpha=0, batch_size=50, learning_rate_init=0.1,
        momentum=0.9, nesterovs_momentum=False, random_state=seed,
    )  # fmt: skip
    X, labels, X_test, labels_test = (a.T.copy() if a.shape[0] == 64 else a.argmax(axis=0) for a in data)
    return lambda: model.partial_fit(X, labels, classes=range(10)), lambda: model.score(X_test, labels_test)


DIGITS = {"PyTorch eager": digits_by_pytorch, "scikit-learn": digits_by_scikit_learn}
ALL = {"PyTorch eager": pytorch, "JAX, jit": jax, "autograd": autograd, "scikit-learn": scikit_learn}
ALL |= {"micrograd": micrograd}


def versions():
    """What is there of them, with its version."""
    for name in ("torch", "jax", "autograd", "scikit-learn", "micrograd"):
        try:
            yield f"{name} {metadata.version(name)}"
        except metadata.PackageNotFoundError:
            yield f"{name} missing"
