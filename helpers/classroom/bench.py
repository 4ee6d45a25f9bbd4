"""Times, printed and never asserted: `make bench`. Ratios within one run, interleaved, medians; the machines differ.

A Jacobian by the loop of lecture notes and by `numerical_jacobian`. One step of training, the loss and all its
gradients, in units of the BLAS bound: the matrix products of forward and backward alone, without the first layer's
input gradient. A convolution forward and backward, beside its three products. The full check of a network beside the
loop over its entries. Training on digits until 97 % are read. And the forms of a layer's derivative that nobody should
compute, with the power of the width with which they grow.
"""

import os
import platform
import time
from functools import partial
from itertools import pairwise
from statistics import median

import numpy as np

from helpers import datasets
from helpers.activations import Tanh
from helpers.classroom import peers
from helpers.convolution import Convolution
from helpers.gradcheck import check_gradients
from helpers.layers import Affine, Dense
from helpers.lessons.lesson_20.the_tape import the_tape
from helpers.losses import SoftmaxCrossEntropy, SquaredLoss
from helpers.matrix_derivatives import (
    gradient_by_array,
    gradient_by_kronecker,
    gradient_by_tuple,
    gradient_in_closed_form,
)
from helpers.network import Network
from helpers.numerical import numerical_jacobian
from helpers.training import Descent, accuracy

RUNS, PATIENCE = 15, 2.0  # at least so many runs of each, and for about so many seconds
CONVOLUTIONS = (((8, 8), 1, 8), ((28, 28), 1, 16))  # the size of the image, channels in and out; 3 × 3, batch 64
STEPS = (((2, 16, 16, 1), 1), ((2, 16, 16, 1), 64), ((64, 128, 64, 10), 64), ((784, 256, 128, 10), 128))


def medians(**runs):
    """{name: its median time in seconds}, the runs interleaved, so that a busy moment falls on all of them.

    A short run is repeated until it takes a millisecond, so that it finds its numbers in the cache as in a loop.
    """
    times, calls = {name: [] for name in runs}, {}
    for name, run in runs.items():
        run()
        begin = time.perf_counter()
        run()
        calls[name] = max(1, round(1e-3 / (time.perf_counter() - begin)))
    start = time.perf_counter()
    while len(times[next(iter(times))]) < RUNS or time.perf_counter() - start < PATIENCE:
        for name, run in runs.items():
            begin = time.perf_counter()
            for _ in range(calls[name]):
                run()
            times[name].append((time.perf_counter() - begin) / calls[name])
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


def drawn(widths, batch):
    """([(W, b), ...], X, Y): parameters, inputs and labels of a network."""
    rng = np.random.default_rng(0)
    params = [(rng.normal(size=(m, n)) / n**0.5, 0.1 * rng.normal(size=(m, 1))) for n, m in pairwise(widths)]
    return params, rng.normal(size=(widths[0], batch)), rng.normal(size=(widths[-1], batch))


def products(params, X):
    """The bound: forward one product a layer, backward two, but one in the first."""
    outputs = [X]
    for W, _ in params:
        outputs.append(W @ outputs[-1])
    deltas = [np.ones_like(output) for output in outputs[1:]]

    def run():
        for (W, _), x in zip(params, outputs, strict=False):
            _ = W @ x
        for k in reversed(range(len(params))):
            _ = deltas[k] @ outputs[k].T
            if k:
                _ = params[k][0].T @ deltas[k]

    return run


def plain(params, X, Y):
    """The same mathematics in plain numpy: tanh layers, the mean of the squared losses, all gradients."""

    def run():
        n = [X]
        for W, b in params:
            n.append(np.tanh(W @ n[-1] + b))
        r = n[-1] - Y
        value, u, grads = (r * r).sum() / X.shape[1], 2 * r / X.shape[1], []
        for k in reversed(range(len(params))):
            delta = (1 - n[k + 1] * n[k + 1]) * u
            grads.append((delta @ n[k].T, delta.sum(axis=1, keepdims=True)))
            if k:
                u = params[k][0].T @ delta
        return value, grads

    return run


def course(params, X, Y):
    net, loss = Network([Dense(W, b, Tanh()) for W, b in params]), SquaredLoss()
    return lambda: net.gradients(X, Y, loss)


def tape(params, X, Y):
    """The same as a program of the operations of lesson 20; its tape is recorded anew in every step."""
    lesson = the_tape()

    def run():
        lines = []
        nodes = [(lesson.Node(lines, W), lesson.Node(lines, b)) for W, b in params]
        n = X
        for W, b in nodes:
            n = lesson.tanh(W @ n + b)
        r = n - Y
        return lesson.walk(lesson.total(r * r) * (1 / X.shape[1]))

    return run


OURS = {"the course": course, "the tape of lesson 20": tape}


def step(widths, batch, dtype):
    """{implementation: its time in units of the bound, or why there is none}."""
    params, X, Y = drawn(widths, batch)
    params = [(W.astype(dtype), b.astype(dtype)) for W, b in params]
    X, Y = X.astype(dtype), Y.astype(dtype)
    runs, missing = {"bound": products(params, X), "plain numpy": plain(params, X, Y)}, {}
    if dtype == np.float64:
        runs |= {name: build(params, X, Y) for name, build in OURS.items()}
    else:
        missing |= dict.fromkeys(OURS, "float64 only")
    return in_units_of_the_bound(runs, missing, peers.ALL, params, X, Y)


def in_units_of_the_bound(runs, missing, others, *arguments):
    """({name: its time in units of the bound, or why there is none}, the bound) of `runs` and of other systems.

    runs:    {name: a function without arguments}, of which "bound" is one.
    others:  {name: what makes such a function of the arguments}; it raises where its system is missing or too slow.
    """
    for name, build in others.items():
        try:
            runs[name] = build(*arguments)
        except ImportError:
            missing[name] = "missing"
        except peers.TooSlow as reason:
            missing[name] = str(reason)
    times = medians(**runs)
    return {name: f"{seconds / times['bound']:.2f}" for name, seconds in times.items()} | missing, times["bound"]


def print_table(title, heads, found, names):
    """A row for each name, a column for each pair (times, bound) in found."""
    wide = max(map(len, names)) + 1
    print(f"\n{title}")
    print(" " * wide + "".join(f"{head:>24}" for head in heads))
    print(f"{'bound, µs':{wide}}" + "".join(f"{1e6 * bound:>24.1f}" for _, bound in found))
    for name in names:
        print(f"{name:{wide}}" + "".join(f"{times[name]:>24}" for times, _ in found))


def steps(dtype):
    """Print one table: a row for each implementation, a column for each network."""
    found = [step(widths, batch, dtype) for widths, batch in STEPS]
    heads = [f"{'-'.join(map(str, widths))}, B {batch}" for widths, batch in STEPS]
    title = f"loss and all gradients, {np.dtype(dtype).name}, times the bound:"
    print_table(title, heads, found, ("plain numpy", *OURS, *peers.ALL))


def convolution(size, c_in, c_out, batch=64):
    """({implementation: its time in units of the bound, or why there is none}, the bound): the output and all three
    gradients of one convolution. The bound is one product for the output and one for each gradient but the bias's.
    """
    rng, steps = np.random.default_rng(0), [n - 2 for n in size]
    kernel, b = rng.normal(size=(c_out, c_in, 3, 3)), rng.normal(size=(c_out, 1))
    image, u = rng.normal(size=(c_in, *size, batch)), rng.normal(size=(c_out, *steps, batch))
    layer, x, u_columns = Convolution(kernel, b, size), image.reshape(-1, batch), u.reshape(-1, batch)
    K, delta = kernel.reshape(c_out, -1), u.reshape(c_out, -1)
    patches = layer._forward(x)[1]

    def bound():
        _ = K @ patches
        _ = delta @ patches.T
        _ = K.T @ delta

    runs = {"bound": bound, "the course": lambda: layer._backward(u_columns, layer._forward(x)[1], True)}
    first = [np.ascontiguousarray(np.moveaxis(array, -1, 0)) for array in (image, u)]
    return in_units_of_the_bound(runs, {}, peers.CONVOLUTIONS, kernel, b, *first)


def convolutions():
    """Print one table: a row for each implementation, a column for each convolution."""
    found = [convolution(*case) for case in CONVOLUTIONS]
    heads = [f"{size[0]}×{size[1]}×{c_in} -> {c_out}, B 64" for size, c_in, c_out in CONVOLUTIONS]
    title = "a convolution 3×3, its output and all gradients, float64, times the bound of its products:"
    print_table(title, heads, found, ("the course", *peers.CONVOLUTIONS))


def full_check(widths, counted=2000):
    """Print how long the full check of a network takes, beside central differences for each entry of each parameter."""
    params, X, Y = drawn(widths, 16)
    net, loss = Network([Dense(W, b, Tanh()) for W, b in params]), SquaredLoss()
    rng, arrays = np.random.default_rng(0), list(net.params.values())
    total = sum(array.size for array in arrays)

    def entries():
        for _ in range(counted):
            array = arrays[rng.integers(len(arrays))]
            at = tuple(rng.integers(size) for size in array.shape)
            kept = array[at]
            for h in (1e-5, -1e-5):
                array[at] = kept + h
                loss(net._value(X), Y)
            array[at] = kept

    times = medians(
        loop=entries,
        default=lambda: check_gradients(net, loss, X, Y),
        directions=lambda: check_gradients(net, loss, X, Y, directions=3),
        entries=lambda: check_gradients(net, loss, X, Y, directions=0),
    )
    loop = times["loop"] * total / counted
    print(f"\nthe full check of {'-'.join(map(str, widths))}, {total} parameters, batch 16:")
    print(f"{'loop over the entries':44}{loop:8.2f} s (from {counted} entries)")
    says = {
        "default": "layer by layer, large ones in 3 directions",
        "directions": "all in 3 directions",
        "entries": "layer by layer, every entry",
    }
    for name, words in says.items():
        print(f"{words:44}{times[name]:8.3f} s, {loop / times[name]:.0f} times faster")


def digits_by_the_course(data, seed):
    """(epoch, right): one epoch of training 64-64-10 by momentum, and the share of the test part that is read."""
    X, Y, X_test, Y_test = data
    rng, loss, optimizer = np.random.default_rng(seed), SoftmaxCrossEntropy(), Descent(0.1, momentum=0.9)
    W0, W1 = rng.normal(size=(64, 64)) / 8, rng.normal(size=(10, 64)) / 8
    net = Network([Dense(W0, np.zeros((64, 1)), Tanh()), Affine(W1, np.zeros((10, 1)))])

    def epoch():
        order = rng.permutation(X.shape[1])
        for k in range(0, len(order), 50):
            _, grads = net.gradients(X[:, order[k : k + 50]], Y[:, order[k : k + 50]], loss)
            optimizer.step(net.params_and_grads(grads))

    return epoch, lambda: accuracy(net(X_test), Y_test)


def digits_to_97(seeds=9, patience=60):
    """Print how long training takes until 97 % of the test part are read: momentum 0.9, rate 0.1, batches of 50."""
    try:
        data = datasets.digits()
    except ImportError as error:
        print(f"\ndigits 64-64-10 to 97 %: {error}")
        return
    print(f"\ndigits 64-64-10 to 97 % of the test part, medians of {seeds} seeds:")
    for name, build in {"the course": digits_by_the_course, **peers.DIGITS}.items():
        found = []
        try:
            for seed in range(seeds):
                epoch, right = build(data, seed)
                begin, count = time.perf_counter(), 0
                while count == 0 or (right() < 0.97 and count < patience):
                    epoch()
                    count += 1
                found.append((time.perf_counter() - begin, count, right()))
        except ImportError:
            print(f"{name:24} missing")
            continue
        seconds, epochs = median(f[0] for f in found), median(f[1] for f in found)
        late = sum(f[2] < 0.97 for f in found)
        print(
            f"{name:24}{seconds:8.3f} s, {epochs:.0f} epochs" + (f", {late} not in {patience} epochs" if late else "")
        )


def naive_forms(widths=(32, 64, 128)):
    """Print how the explicit derivatives of one layer grow with its width, and what they cost at the largest."""
    forms = {
        "tuple of Jacobians": gradient_by_tuple,
        "Kronecker product": gradient_by_kronecker,
        "array with three axes": gradient_by_array,
        "closed form": gradient_in_closed_form,
    }
    table = {name: [] for name in forms}
    for n in widths:
        rng = np.random.default_rng(n)
        u, x, D = rng.normal(size=(n, 1)), rng.normal(size=(n, 1)), np.diag(rng.normal(size=n))
        runs = {name: partial(form, u, D, x) for name, form in forms.items()}
        for name, seconds in medians(**runs).items():
            table[name].append(seconds)
    print(f"\nthe gradient of one layer by the forms of lesson 08, widths {widths[0]} to {widths[-1]}:")
    for name, seconds in table.items():
        power = np.polyfit(np.log(widths), np.log(seconds), 1)[0]
        print(f"{name:24} grows as n^{power:.1f}, {seconds[-1] / table['closed form'][-1]:7.0f} times the closed form")


def main():
    threads = os.environ.get("OPENBLAS_NUM_THREADS", "all")
    print(
        f"numpy {np.__version__}, Python {platform.python_version()}, {platform.machine()}, BLAS threads: {threads}; "
        f"medians of {RUNS} runs or more"
    )
    print("beside it: " + ", ".join(peers.versions()))
    times = jacobian()
    for method in ("central", "complex"):
        print(f"a Jacobian (100, 100), {method:8} {times['loop'] / times[method]:6.0f} times faster than the loop")
    for dtype in (np.float64, np.float32):
        steps(dtype)
    convolutions()
    if threads == "1":
        full_check((64, 256, 256, 64))
        digits_to_97()
        naive_forms()


if __name__ == "__main__":
    main()
