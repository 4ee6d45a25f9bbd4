"""Times, printed and never asserted: `make bench`. Ratios within one run; the machines differ.

A Jacobian (100, 100) by the loop of lecture notes, which evaluates f twice for each entry, and by
`numerical_jacobian`, which evaluates all perturbed columns at once. And the layers: a pass through the door of each
layer, and the same pass without the first layer's input gradient, beside the same lines in plain numpy.
"""

import platform
import time
from itertools import pairwise
from statistics import median

import numpy as np

from helpers.activations import Tanh
from helpers.layers import Dense
from helpers.numerical import numerical_jacobian

RUNS = 15


def medians(**runs):
    """{name: its median time in seconds}, the runs interleaved, so that a busy moment falls on all of them."""
    times = {name: [] for name in runs}
    for _ in range(RUNS):
        for name, run in runs.items():
            start = time.perf_counter()
            run()
            times[name].append(time.perf_counter() - start)
    return {name: median(seconds) for name, seconds in times.items()}


def jacobian():
    """Seconds for one Jacobian (100, 100) of tanh(Wx), by the loop over entries and by both methods."""
    rng = np.random.default_rng(0)
    W, x = rng.normal(size=(100, 100)) / 10, rng.normal(size=(100, 1))

    def f(x):
        return np.tanh(W @ x)

    def entry_by_entry(h=1e-5):
        J = np.empty((100, 100))
        for i in range(100):
            for j in range(100):
                kept = x[j, 0]
                x[j, 0] = kept + h
                above = f(x)[i, 0]
                x[j, 0] = kept - h
                J[i, j] = (above - f(x)[i, 0]) / (2 * h)
                x[j, 0] = kept
        return J

    return medians(
        loop=entry_by_entry,
        central=lambda: numerical_jacobian(f, x, "central"),
        complex=lambda: numerical_jacobian(f, x, "complex"),
    )


def network(widths, batch):
    """Seconds for one forward and backward pass through tanh layers of these widths."""
    rng = np.random.default_rng(0)
    layers = [Dense(rng.normal(size=(m, n)) / n**0.5, np.zeros((m, 1)), Tanh()) for n, m in pairwise(widths)]
    X, U = rng.normal(size=(widths[0], batch)), rng.normal(size=(widths[-1], batch))

    def passes(first_input):
        x, caches, u = X, [], U
        for layer in layers:
            x, cache = layer.forward(x)
            caches.append(cache)
        for k, layer in reversed(list(enumerate(layers))):
            u, _ = layer.backward(u, caches[k], input_gradient=first_input or k > 0)

    def plain():
        outputs, delta = [X], U
        for layer in layers:
            outputs.append(np.tanh(layer.W @ outputs[-1] + layer.b))
        for k, layer in reversed(list(enumerate(layers))):
            delta = (1 - outputs[k + 1] ** 2) * delta
            _ = delta @ outputs[k].T, delta.sum(axis=1, keepdims=True)
            delta = layer.W.T @ delta if k else None

    return medians(plain=plain, layers=lambda: passes(False), with_input=lambda: passes(True))


def main():
    print(f"numpy {np.__version__}, Python {platform.python_version()}, {platform.machine()}; medians of {RUNS} runs")
    times = jacobian()
    for method in ("central", "complex"):
        print(f"a Jacobian (100, 100), {method:8} {times['loop'] / times[method]:6.0f} times faster than the loop")
    print("one pass, times the same lines in plain numpy:")
    for widths, batch in (((64, 128, 64, 10), 64), ((784, 256, 128, 10), 128)):
        times = network(widths, batch)
        print(
            f"{'-'.join(map(str, widths)):>16}, batch {batch:>3}   layers {times['layers'] / times['plain']:.2f}, "
            f"with the first layer's input gradient {times['with_input'] / times['plain']:.2f}"
        )


if __name__ == "__main__":
    main()
