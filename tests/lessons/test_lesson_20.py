"""Lesson 20: the tape of its notebook against the course's networks and measurements, its pictures and references."""

import json

import numpy as np
import pytest

from helpers.activations import Tanh
from helpers.layers import Affine, Dense
from helpers.lessons.lesson_20.the_tape import the_tape
from helpers.lessons.syllabus import notebook
from helpers.losses import LogisticLoss, SoftmaxCrossEntropy, SquaredLoss
from helpers.network import Network, Skip

TAPE = the_tape()
LOSSES = ("squared", "logistic", "softmax")
KINDS = ("dense", "skip", "shared", "both")


def changed_tape(*changes):
    """The tape with pairs (old, new) of lines exchanged, as a planted fault."""
    names, found = {"np": np}, 0
    for cell in json.loads(notebook(20).read_text(encoding="utf-8"))["cells"]:
        if "tape" in cell["metadata"].get("tags", []):
            source = "".join(cell["source"])
            for old, new in changes:
                found += source.count(old)
                source = source.replace(old, new)
            exec(source, names)
    assert found == len(changes)
    return type("Changed", (), {name: staticmethod(value) for name, value in names.items() if callable(value)})


def drawn(kind, loss, seed, B):
    """(the layers, X, Y, a Loss): a random network of one kind, of widths that the seed draws."""
    rng = np.random.default_rng(seed)
    N, H, K = (int(size) for size in rng.integers(2, 7, size=3))

    def dense(n, m):
        return Dense(rng.normal(size=(m, n)) / np.sqrt(n), rng.normal(size=(m, 1)), Tanh())

    shared = dense(H, H)
    middle = {
        "dense": [dense(H, H)],
        "skip": [Skip(dense(H, H))],
        "shared": [shared, shared],
        "both": [Skip(shared), shared],
    }[kind]
    top = Affine(rng.normal(size=(K, H)), rng.normal(size=(K, 1)))
    Y = {
        "squared": rng.normal(size=(K, B)),
        "logistic": rng.choice([-1.0, 1.0], size=(K, B)),
        "softmax": np.eye(K)[:, rng.integers(K, size=B)],
    }[loss]
    losses = {"squared": SquaredLoss(), "logistic": LogisticLoss(), "softmax": SoftmaxCrossEntropy()}
    return [dense(N, H), *middle, top], rng.normal(size=(N, B)), Y, losses[loss]


def run(tape_of, layers, X, Y, loss, take=lambda key, array: array):
    """(L, {key: its node}): the network as a program of the tape's operations; the keys are those of Network.params.

    take: what the parameter of a key is before it is put on the tape.
    """
    tape, nodes = [], {}
    network = Network(layers)
    for key, array in network.params.items():
        nodes[key] = tape_of.Node(tape, take(key, array))
    own = {id(array): nodes[key] for key, array in network.params.items()}

    def forward(layer, x):
        inner = layer.layer if isinstance(layer, Skip) else layer
        z = own[id(inner.params["W"])] @ x + own[id(inner.params["b"])]
        n = z if isinstance(inner, Affine) else tape_of.tanh(z)
        return x + n if isinstance(layer, Skip) else n

    f = X
    for layer in layers:
        f = forward(layer, f)
    ones = np.ones((1, len(Y)))
    if isinstance(loss, SquaredLoss):
        r = f - Y
        each = r * r
    elif isinstance(loss, LogisticLoss):
        each = tape_of.log(tape_of.exp(-1.0 * Y * f) + 1.0)
    else:
        each = tape_of.log(ones @ tape_of.exp(f)) - ones @ (Y * f)
    return tape_of.total(each) * (1 / Y.shape[1]), nodes


def worst(tape_of, kind, loss, seed, B):
    """The largest difference between the tape's gradients and those of Network.gradients."""
    layers, X, Y, the_loss = drawn(kind, loss, seed, B)
    value, truth = Network(layers).gradients(X, Y, the_loss)
    L, nodes = run(tape_of, layers, X, Y, the_loss)
    grads = tape_of.walk(L)
    assert L.value.item() == pytest.approx(value, rel=1e-12)
    gaps = []
    for key, grad in truth.items():
        assert grads[nodes[key]].shape == grad.shape
        gaps.append(np.abs(grads[nodes[key]] - grad).max())
    return max(gaps)


@pytest.mark.parametrize("B", [1, 5])
@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("kind", KINDS)
def test_the_tape_agrees_with_the_network(kind, loss, B):
    for seed in range(10):
        assert worst(TAPE, kind, loss, seed, B) < 1e-12


@pytest.mark.parametrize("loss", LOSSES)
@pytest.mark.parametrize("kind", ["dense", "both"])
def test_the_tape_agrees_with_the_complex_step(kind, loss):
    layers, X, Y, the_loss = drawn(kind, loss, seed=3, B=4)
    L, nodes = run(TAPE, layers, X, Y, the_loss)
    grads = TAPE.walk(L)
    for key, node in nodes.items():
        measured = np.empty(node.value.shape)
        for at in np.ndindex(measured.shape):

            def raised(other, array, key=key, at=at):
                if other != key:
                    return array
                step = np.zeros(array.shape, complex)
                step[at] = 1e-20j
                return array + step

            measured[at] = run(TAPE, layers, X, Y, the_loss, raised)[0].value.item().imag / 1e-20
        np.testing.assert_allclose(grads[node], measured, rtol=0, atol=1e-12)


PLAIN = np.arange(12.0).reshape(3, 4) - 5
OPERATIONS = {
    "add": lambda t, a, b: a + b,
    "add a plain array": lambda t, a, b: PLAIN + (a + PLAIN),
    "subtract": lambda t, a, b: a - b,
    "subtract from a plain array": lambda t, a, b: PLAIN - a,
    "subtract a plain array": lambda t, a, b: a - PLAIN,
    "times": lambda t, a, b: a * b,
    "times a number": lambda t, a, b: 3.0 * a * 0.5,
    "product": lambda t, a, b: a @ b.T,
    "a plain array times a node": lambda t, a, b: PLAIN.T @ a,
    "tanh": lambda t, a, b: t.tanh(a),
    "exp": lambda t, a, b: t.exp(a),
    "log": lambda t, a, b: t.log(a * a),
    "total": lambda t, a, b: t.total(a),
    "transpose": lambda t, a, b: a.T @ b,
    "slice": lambda t, a, b: a[1:] * b[:-1],
    "places, some of them twice": lambda t, a, b: a[[0, 2, 0], :] * b,
    "a column over the batch": lambda t, a, b: a[:, :1] + b,
    "a column times the batch": lambda t, a, b: a[:, :1] * b,
    "a row over the rows": lambda t, a, b: a[:1] * b,
    "one number for all": lambda t, a, b: t.total(a) * b,
}


def by_central_differences(operation, a, b, U):
    """The slopes of Σ U ⊙ operation(a, b) for a and for b."""

    def value(a, b):
        tape = []
        return (U * operation(TAPE, TAPE.Node(tape, a), TAPE.Node(tape, b)).value).sum()

    found = []
    for which in (0, 1):
        slopes = np.empty(a.shape)
        for at in np.ndindex(a.shape):
            step = np.zeros(a.shape)
            step[at] = 1e-6
            moved = ((a + step, b), (a - step, b)) if which == 0 else ((a, b + step), (a, b - step))
            slopes[at] = (value(*moved[0]) - value(*moved[1])) / 2e-6
        found.append(slopes)
    return found


@pytest.mark.parametrize("operation", OPERATIONS.values(), ids=OPERATIONS)
def test_every_rule_is_the_transposed_jacobian(operation):
    rng = np.random.default_rng(1)
    a, b = rng.normal(size=(3, 4)), rng.normal(size=(3, 4))
    tape = []
    A, B = TAPE.Node(tape, a), TAPE.Node(tape, b)
    result = operation(TAPE, A, B)
    U = rng.normal(size=result.value.shape)
    grads = TAPE.walk(TAPE.total(U * result))
    for node, truth in zip((A, B), by_central_differences(operation, a, b, U), strict=True):
        np.testing.assert_allclose(grads.get(node, np.zeros((3, 4))), truth, rtol=0, atol=1e-7)


FAULTS = {
    "= instead of +=": ("grads[a] = grads[a] + share if a in grads else share", "grads[a] = share"),
    "the first use only": ("grads[a] = grads[a] + share if a in grads else share", "grads.setdefault(a, share)"),
    "nothing summed over the batch": ("share = fit(rule(grads[node]), a.value.shape)", "share = rule(grads[node])"),
    "the mean over the batch": ("share.sum(axis=axis", "share.mean(axis=axis"),
    "the walk forward": ("for node in reversed(L.tape):", "for node in L.tape:"),
    "the factors of a product exchanged": ("(a, lambda u: u @ B.T), (b, lambda u: A.T @ u)",
                                           "(a, lambda u: u @ B), (b, lambda u: A @ u)"),
    "a slope at the output": ("u * (1 - n**2)", "u * (1 - np.tanh(n) ** 2)"),
    "a sign": ("(b, lambda u: -u)", "(b, lambda u: u)"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS.values(), ids=FAULTS)
def test_a_fault_in_the_tape_is_seen(fault):
    faulty = changed_tape(fault)
    seen = False
    for kind in KINDS:
        for loss in LOSSES:
            try:
                seen = seen or not worst(faulty, kind, loss, 1, 5) < 1e-12
            except (KeyError, ValueError, AssertionError):
                seen = True
    assert seen


def test_places_that_are_named_twice_collect_both_shares():
    """A gather without += keeps one share of each place, as a planted fault shows."""
    kappa, x = np.array([[2.0, -1.0]]), np.array([[1.0], [3.0], [5.0], [-2.0]])
    at = (np.array([[0, 1, 2], [1, 2, 3]]), 0)

    def gradient(tape_of):
        tape = []
        node = tape_of.Node(tape, x)
        return tape_of.walk(tape_of.total(tape_of.product(kappa, tape_of.take(node, at))))[node]

    np.testing.assert_allclose(gradient(TAPE), [[2], [1], [1], [-1]])
    assert not np.allclose(gradient(changed_tape(("np.add.at(share, at, u)", "share[at] = u"))), gradient(TAPE))


def test_what_no_path_leads_to_has_no_gradient():
    tape = []
    a, b = TAPE.Node(tape, np.ones((2, 1))), TAPE.Node(tape, np.ones((2, 1)))
    L = TAPE.total(a * a)
    after = TAPE.total(a * b)
    grads = TAPE.walk(L)
    assert b not in grads and after not in grads
    np.testing.assert_array_equal(grads[a], 2 * np.ones((2, 1)))
