"""The classical mistakes in the gradients of a dense layer, each with its name: `python tests/maths/mistaken.py`.

Makes each in a layer of each activation, and those of the other kinds of layers and losses in `mistaken_kinds`, and
prints how many the check calls by their names (make bench).
"""

from collections import Counter
from functools import partial

import numpy as np
from mistaken_kinds import KINDS
from networks import ELEMENTWISE

from helpers.gradcheck import MISTAKES, GradientError, check_gradients

DENSE = {"W": ("M", "N"), "x": ("N", "B"), "b": ("M", 1)}


def dense(f, slope):
    """(forward, a function that makes a backward pass from one for delta, and one for the three gradients)."""

    def forward(W, x, b):
        return f(W @ x + b)

    def backward(delta=None, gradients=None):
        delta, gradients = delta or (lambda u, z, n, W, x, b: slope(z) * u), gradients or right

        def passed(u, W, x, b):
            z = W @ x + b
            return gradients(delta(u, z, f(z), W, x, b), u, W, x, b)

        return passed

    return forward, backward


def right(delta, u, W, x, b):
    return {"W": delta @ x.T, "x": W.T @ delta, "b": delta.sum(axis=1, keepdims=True)}


def changed(name, change):
    """The three gradients, one of them by change(delta, u, W, x, b)."""
    return lambda delta, *inputs: right(delta, *inputs) | {name: change(delta, *inputs)}


# What a mistake makes of delta; a name may stand twice, with a word after a comma to tell them apart.
WRONG_DELTAS = {
    "outer derivative forgotten": lambda slope, u, z, n, W, x, b: u,
    "upstream forgotten": lambda slope, u, z, n, W, x, b: slope(z),
    "slope at the wrong point": lambda slope, u, z, n, W, x, b: slope(n) * u,
    "slope at the wrong point, without b": lambda slope, u, z, n, W, x, b: slope(W @ x) * u,
    "another activation's slope": lambda slope, u, z, n, W, x, b: (1 - n) * u,
    "another activation's slope, tanh's": lambda slope, u, z, n, W, x, b: (1 - n**2) * u,
    "sign": lambda slope, u, z, n, W, x, b: -slope(z) * u,
    "factor 2": lambda slope, u, z, n, W, x, b: 2 * slope(z) * u,
    "times B": lambda slope, u, z, n, W, x, b: x.shape[1] * slope(z) * u,
    "divided by B": lambda slope, u, z, n, W, x, b: slope(z) * u / x.shape[1],
    "one sample only": lambda slope, u, z, n, W, x, b: slope(z) * u * (np.arange(u.shape[1]) == 0),
    "sample dropped": lambda slope, u, z, n, W, x, b: slope(z) * u * (np.arange(u.shape[1]) < u.shape[1] - 1),
    "one sample only, the last": lambda slope, u, z, n, W, x, b: (
        slope(z) * u * (np.arange(u.shape[1]) == u.shape[1] - 1)
    ),
    "sample dropped, the first": lambda slope, u, z, n, W, x, b: slope(z) * u * (np.arange(u.shape[1]) > 0),
    "zero": lambda slope, u, z, n, W, x, b: 0 * u,
    "outer derivative forgotten and sign": lambda slope, u, z, n, W, x, b: -u,
}

# What a mistake makes of one gradient.
WRONG_GRADIENTS = {
    "transposed": ("W", lambda d, u, W, x, b: x @ d.T),
    "transposed and sign": ("W", lambda d, u, W, x, b: -(x @ d.T)),
    "bias not summed": ("b", lambda d, u, W, x, b: d),
    "wrong axis": ("b", lambda d, u, W, x, b: d.sum(axis=0, keepdims=True)),
    "wrong axis, flat": ("b", lambda d, u, W, x, b: d.sum(axis=0)),
    "wrong axis, a column": ("b", lambda d, u, W, x, b: d.sum(axis=0).reshape(-1, 1)),
    "flattened": ("b", lambda d, u, W, x, b: d.sum(axis=1)),
    "divided by B": ("b", lambda d, u, W, x, b: d.mean(axis=1, keepdims=True)),
    "flattened and divided by B": ("b", lambda d, u, W, x, b: d.mean(axis=1)),
    "axis too many": ("W", lambda d, u, W, x, b: (d @ x.T)[:, :, None]),
    "reshaped": ("W", lambda d, u, W, x, b: (d @ x.T).reshape(W.shape[::-1])),
    "upstream forgotten": ("x", lambda d, u, W, x, b: W.T @ (d / u)),
    "factor 1/2": ("x", lambda d, u, W, x, b: W.T @ d / 2),
    "constant factor": ("x", lambda d, u, W, x, b: 1.3 * W.T @ d),
}
ALL = (*WRONG_DELTAS, *WRONG_GRADIENTS)


def made(activation, name):
    """(forward, the backward pass in which the mistake is made, the three gradients that it returns)."""
    f, slope = ELEMENTWISE[activation]
    forward, backward = dense(f, slope)
    if name in WRONG_DELTAS:
        wrong = backward(partial(WRONG_DELTAS[name], slope))
    else:
        wrong = backward(gradients=changed(*WRONG_GRADIENTS[name]) if name else None)
    rng = np.random.default_rng(0)
    inputs = {"W": rng.normal(size=(5, 3)), "x": rng.normal(size=(3, 7)), "b": rng.normal(size=(5, 1))}
    return forward, wrong, wrong(rng.normal(size=(5, 7)), **inputs)


def same(ones, others):
    return all(ones[k].shape == others[k].shape and np.allclose(ones[k], others[k]) for k in ones)


def verdict(activation, name):
    """What the check makes of a mistake in a layer: named, misnamed, unnamed or accepted; "right" where it is none."""
    forward, wrong, gradients = made(activation, name)
    if same(gradients, made(activation, None)[2]):
        return "right"
    # Two mistakes may come to the same, such as a slope forgotten where the slope at the wrong point is 1.
    fitting = {other.split(",")[0] for other in ALL if same(gradients, made(activation, other)[2])}
    if "outer derivative forgotten" in fitting:
        fitting.add("mask missing")  # of a slope that is 0 or 1 only the zeros are missing
    fitting |= {"mask missing and sign"} if "outer derivative forgotten and sign" in fitting else set()
    return said_of(forward, wrong, DENSE, fitting)


def said_of(forward, wrong, shapes, fitting, choices=None):
    """named, misnamed, unnamed or accepted, for a wrong backward pass that each of these names fits."""
    try:
        check_gradients(forward, wrong, shapes, choices=choices)
    except GradientError as error:
        said = {known for known, sentence in MISTAKES.items() if sentence in str(error)}
        return "named" if said in [set(one.split(" and ")) for one in fitting] else "misnamed" if said else "unnamed"
    return "accepted"


def verdicts_of(kind):
    """Yield (what was done, the verdict) for each mistake of one of KINDS."""
    kind = KINDS[kind]
    for name, wrong, change in kind.all_mistakes():
        said = said_of(kind.forward, kind.wrong(wrong, change), kind.shapes, [name], kind.choices)
        yield f"{name} in {wrong}", said


def main():
    of_dense = ((f"{name} ({sigma})", verdict(sigma, name)) for sigma in ELEMENTWISE for name in ALL)
    print_table(f"dense layers, {len(ELEMENTWISE)} activations", of_dense)
    for kind in KINDS:
        print_table(kind, verdicts_of(kind))


def print_table(of, verdicts):
    table, other = Counter(), []
    for done, found in verdicts:
        table[found] += 1
        if found not in ("named", "right"):
            other.append(f"{done}: {found}")
    del table["right"]  # a mistake that is none here, such as a slope forgotten where it is 1
    wrong, said = sum(table.values()), table["named"] + table["misnamed"]
    print(
        f"\nwrong gradients of {of}: {wrong} tried, "
        f"{table['accepted']} accepted, {table['named']} named, {table['misnamed']} misnamed; "
        f"recall {table['named'] / wrong:.1%}, precision {table['named'] / said:.1%}"
    )
    for line in other:
        print(f"    {line}")


if __name__ == "__main__":
    main()
