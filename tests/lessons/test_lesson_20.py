"""Lesson 20: the tape of its notebook against the course's networks and measurements, its pictures and references."""

import json
import re

import numpy as np
import pytest
from complex_step import complex_step
from matplotlib.patches import Circle
from matplotlib.text import Text
from reading import arrows, assert_legible, numbers, plain, texts, within

from helpers.activations import ReLU, Sigmoid, Tanh
from helpers.classroom import bench
from helpers.convolution import Convolution, MaxPooling, windows
from helpers.layers import Activation, Affine, Dense
from helpers.lessons.lesson_20.exercises import (
    AValueUsedTwice,
    FindTheFaultInATape,
    RuleOfRunningSums,
    TwoSlopesOnTheirWay,
)
from helpers.lessons.lesson_20.pictures import draw_walk
from helpers.lessons.lesson_20.the_tape import the_tape
from helpers.lessons.syllabus import notebook
from helpers.losses import LogisticLoss, SoftmaxCrossEntropy, SquaredLoss
from helpers.network import Network, Skip
from helpers.normalization import BatchNormalization

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


def sigmoid_on(tape_of, z):
    return tape_of.exp(-1.0 * tape_of.log(1.0 + tape_of.exp(-1.0 * z)))


def cross_entropy_on(tape_of, f, Y):
    ones = np.ones((1, len(Y)))
    each = tape_of.log(ones @ tape_of.exp(f)) - ones @ (Y * f)
    return tape_of.total(each) * (1 / Y.shape[1])


def assert_agrees(network, X, Y, loss, program):
    """program(params): the loss as a node, from {key: the node of a parameter}."""
    tape = []
    nodes = {key: TAPE.Node(tape, array) for key, array in network.params.items()}
    L = program(nodes)
    value, truth = network.gradients(X, Y, loss)
    grads = TAPE.walk(L)
    assert L.value.item() == pytest.approx(value, rel=1e-12)
    for key, grad in truth.items():
        assert np.abs(grads[nodes[key]].reshape(grad.shape) - grad).max() < 1e-12, key


def test_the_tape_agrees_on_the_two_layers_of_lesson_15():
    rng = np.random.default_rng(15)
    layers = [Dense(rng.normal(size=(5, 3)), rng.normal(size=(5, 1)), Tanh())]
    layers.append(Dense(rng.normal(size=(2, 5)), rng.normal(size=(2, 1)), Sigmoid()))
    X, Y = rng.normal(size=(3, 4)), rng.uniform(size=(2, 4))

    def program(p):
        n = TAPE.tanh(p[0, "W"] @ X + p[0, "b"])
        r = sigmoid_on(TAPE, p[1, "W"] @ n + p[1, "b"]) - Y
        return TAPE.total(r * r) * (1 / 4)

    assert_agrees(Network(layers), X, Y, SquaredLoss(), program)


@pytest.mark.parametrize("stride", [1, 2])
def test_the_tape_agrees_on_the_convolution_and_pooling_of_lesson_16(stride):
    """The kernel's weight r adds its number times S_r x; ReLU is a mask, and a maximum is the place of the winner."""
    rng = np.random.default_rng(16)
    C, B, side = 3, 5, (6 - 2) // stride + 1
    kernel, b = rng.normal(size=(C, 1, 3, 3)) / 3, rng.normal(size=(C, 1))
    network = Network(
        [
            Convolution(kernel, b, size=(8, 8)),
            Activation(ReLU()),
            MaxPooling(size=(6, 6), window=(2, 2), stride=stride, channels=C),
            Affine(rng.normal(size=(10, C * side**2)) / 6, rng.normal(size=(10, 1))),
        ]
    )
    X, Y = rng.normal(size=(64, B)), np.eye(10)[:, rng.integers(10, size=B)]
    seen, pooled = windows((8, 8), (3, 3)), windows((6, 6), (2, 2), stride)

    def program(p):
        f = p[3, "b"]
        for c in range(C):
            z = sum(
                (p[0, "kernel"][c : c + 1, :, i, j] * X[seen[3 * i + j]] for i in range(3) for j in range(3)),
                start=p[0, "b"][c : c + 1],
            )
            n = z * (z.value >= 0)
            winner = n.value[pooled].argmax(axis=0)  # (places, B)
            at = pooled[winner, np.arange(pooled.shape[1])[:, None]]
            f = f + p[3, "W"][:, c * side**2 : (c + 1) * side**2] @ n[at, np.arange(B)]
        return cross_entropy_on(TAPE, f, Y)

    assert_agrees(network, X, Y, SoftmaxCrossEntropy(), program)


def test_the_tape_agrees_on_the_batch_normalization_of_lesson_16():
    rng = np.random.default_rng(17)
    X, Y, B = rng.normal(size=(12, 7)), np.eye(4)[:, rng.integers(4, size=7)], 7
    normal = BatchNormalization(rng.normal(size=(8, 1)), rng.normal(size=(8, 1)))
    layers = [Affine(rng.normal(size=(8, 12)), rng.normal(size=(8, 1))), normal]
    layers.append(Affine(rng.normal(size=(4, 8)), rng.normal(size=(4, 1))))
    mean = np.ones((B, 1)) / B

    def program(p):
        z = p[0, "W"] @ X + p[0, "b"]
        centred = z - z @ mean
        inverse = TAPE.exp(-0.5 * TAPE.log((centred * centred) @ mean + normal.epsilon))
        n = p[1, "gamma"] * (centred * inverse) + p[1, "beta"]
        return cross_entropy_on(TAPE, p[2, "W"] @ n + p[2, "b"], Y)

    assert_agrees(Network(layers), X, Y, SoftmaxCrossEntropy(), program)


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
    "the factors of a product exchanged": ("(a, lambda u: u @ C.T), (c, lambda u: A.T @ u)",
                                           "(a, lambda u: u @ C), (c, lambda u: A @ u)"),
    "a slope at the output": ("u * (1 - n**2)", "u * (1 - np.tanh(n) ** 2)"),
    "a sign": ("(c, lambda u: -u)", "(c, lambda u: u)"),
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


@pytest.mark.parametrize("B", [1, 3])
def test_the_bench_times_the_same_gradients(B):
    params, X, Y = bench.drawn((2, 4, 3), B)
    grads = bench.tape(params, X, Y)()
    _, truth = bench.plain(params, X, Y)()
    on_the_tape = next(iter(grads)).tape[: 2 * len(params)]
    for k, (on_W, on_b) in enumerate(reversed(truth)):
        np.testing.assert_allclose(grads[on_the_tape[2 * k]], on_W, rtol=0, atol=1e-13)
        np.testing.assert_allclose(grads[on_the_tape[2 * k + 1]], on_b, rtol=0, atol=1e-13)


# --- the picture -----------------------------------------------------------------------------------------------


def variables(**values):
    tape = []
    return [TAPE.Node(tape, np.array([[value]]), name) for name, value in values.items()]


def twice():
    w, x = variables(w=3.0, x=2.0)
    return ((w * x + x) * w).tape


def neuron():
    w, x, b, y = variables(w=0.8, x=1.5, b=-0.5, y=1.0)
    r = TAPE.tanh(w * x + b) - y
    return (r * r).tape


def layers():
    w, x = variables(w=1.5, x=0.6)
    return TAPE.tanh(w * TAPE.tanh(w * x)).tape


# For each program the values and the gradients of all its lines, written out once more, by calculus on paper.
def expected():
    n = np.tanh(0.7)
    below = 2 * (n - 1) * (1 - n**2)
    inner = np.tanh(0.9)
    outer = np.tanh(1.5 * inner)
    c, a = 1 - outer**2, (1 - outer**2) * 1.5 * (1 - inner**2)
    return {
        "twice": (twice, [3, 2, 6, 8, 24], [14, 12, 3, 3, 1]),
        "neuron": (
            neuron,
            [0.8, 1.5, -0.5, 1, 1.2, 0.7, n, n - 1, (n - 1) ** 2],
            [1.5 * below, 0.8 * below, below, -2 * (n - 1), below, below, 2 * (n - 1), 2 * (n - 1), 1],
        ),
        "layers": (
            layers,
            [1.5, 0.6, 0.9, inner, 1.5 * inner, outer],
            [c * inner + a * 0.6, a * 1.5, a, c * 1.5, c, 1],
        ),
    }


PROGRAMS = expected()


def table(picture):
    """[(value, gradient)] of the lines of the tape as they are drawn, None for a dash; and which line is marked."""
    rows = {}
    for text in within(picture.figure, Text):
        if found := re.fullmatch(r"line (\d+)", str(text.get_label())):
            rows[int(found[1])] = text.get_text()
    ends = [row.split()[-2:] for _, row in sorted(rows.items())]
    marks = [k for k, row in rows.items() if row.startswith("▸")]
    return [tuple(None if end == "–" else float(plain(end)) for end in pair) for pair in ends], marks


@pytest.mark.parametrize("program", PROGRAMS)
def test_each_step_shows_one_line_more(program):
    make, values, grads = PROGRAMS[program]
    tape = make()
    operations = [k for k, node in enumerate(tape) if node.rules]
    K = len(operations)
    for step in range(2 * K + 2):
        picture = draw_walk(tape, step)
        drawn, marks = table(picture)
        done = operations[:step]
        for k, (value, _) in enumerate(drawn):
            known = k < operations[0] or k in done
            assert (value is None) != known
            assert value is None or value == pytest.approx(values[k], abs=0.0051)
        walked = operations[::-1][: max(0, step - K - 1)]
        users = {k: [j for j in operations if any(a is tape[k] for a, _ in tape[j].rules)] for k in range(len(tape))}
        for k, (_, grad) in enumerate(drawn):
            reached = (k == len(tape) - 1 and step > K) or any(j in walked for j in users[k])
            assert (grad is None) != reached
            if k != len(tape) - 1 and reached and all(j in walked for j in users[k]):  # nothing can come any more
                assert grad == pytest.approx(grads[k], abs=0.0051)
        busy = [done[-1]] if 0 < step <= K else walked[-1:]
        assert marks == busy
        assert picture.title == f"Step {step} of {2 * K + 1}: {'the walk back' if step > K else 'forward'}"
        assert_legible(picture)


@pytest.mark.parametrize("program", PROGRAMS)
def test_beyond_the_end_nothing_changes(program):
    tape = PROGRAMS[program][0]()
    last = 2 * sum(bool(node.rules) for node in tape) + 1
    assert draw_walk(tape, last + 3).svg() == draw_walk(tape, last).svg()
    assert "The walk is done." in draw_walk(tape, last).description
    assert "The walk is done." not in draw_walk(tape, last - 1).description


def test_values_and_shares_stand_beside_their_edges():
    """In (wx + x) w, at the end: on which side of the middle of its arrow each number stands."""
    picture = draw_walk(twice(), 7)
    edges = {(0, 2): (3, 6), (1, 2): (2, 9), (2, 3): (6, 3), (1, 3): (2, 3), (3, 4): (8, 3), (0, 4): (3, 8)}
    written = [(t.get_position(), plain(t.get_text())) for t in within(picture.figure, Text)]
    for (a, k), (value, share) in edges.items():
        which = [place for place, _ in enumerate(twice()[k].rules) if arrows(picture, f"edge {a} {k} {place}")]
        [[(start, end)]] = [arrows(picture, f"edge {a} {k} {place}") for place in which]
        middle = np.add(start, end) / 2
        near = {text: at for at, text in written if np.hypot(*np.subtract(at, middle)) < 12}
        assert set(near) == {str(value), str(share)}
        along = np.subtract(end, start) * (1 if end[0] > start[0] else -1)
        sides = {text: along[0] * (at[1] - middle[1]) - along[1] * (at[0] - middle[0]) for text, at in near.items()}
        if value != share:
            assert sides[str(value)] < 0 < sides[str(share)]  # y points down: the value is over the edge


def test_variables_and_the_loss_tell_their_value_and_their_gradient():
    written = texts(draw_walk(twice(), 7))
    for name, value, grad in (("w", 3, 14), ("x", 2, 12), ("L", 24, 1)):
        assert written.count(f"{name} = {value}") == written.count(f"∇ {grad}") == 1
    assert not [text for text in texts(draw_walk(twice(), 3)) if "∇" in text]


def test_a_square_has_two_edges_with_a_share_each():
    picture = draw_walk(neuron(), 11)
    for which in (0, 1):
        [(start, end)] = arrows(picture, f"edge 7 8 {which}")
        assert start[0] < end[0]
    shares = [text for text in texts(picture) if plain(text) == "-0.4"]
    assert len(shares) == 5  # over and under either edge, and from w to x


def test_the_description_tells_what_the_step_has_done():
    assert draw_walk(twice(), 0).description.startswith("Only the variables have values.")
    assert "Line 2 has been computed and recorded: a = w ⊙ x." in draw_walk(twice(), 1).description
    assert "u = 1 for L" in draw_walk(twice(), 4).description
    first = draw_walk(twice(), 5).description.split(" The tape: ")[0]
    assert first == "Back at line 4, L = b ⊙ w, with u = 1: its rules send 3 to b, 8 to w."
    told = draw_walk(twice(), 7).description.split(" The tape: ")[1]
    assert numbers(told) == [3, 14, 2, 12, 6, 3, 8, 3, 24, 1]


def test_the_line_at_work_is_framed():
    for step, k in ((2, 3), (6, 3), (7, 2)):
        circles = [c for c in draw_walk(twice(), step).figure.findobj(Circle)]
        thick = [n for n, circle in enumerate(circles) if circle.get_linewidth() > 2]
        assert thick == [k]


# --- the references of the exercises, and what the lesson says of them ------------------------------------------


def test_the_tape_by_hand_is_measured():
    def L(x, y):
        a = x * y
        return a * (a + y) - x

    def slope(f, at):
        return np.imag(f(at + 1e-20j)) / 1e-20

    found = AValueUsedTwice().solution()
    assert found["x"] == pytest.approx(slope(lambda x: L(x, 3), 2))
    assert found["y"] == pytest.approx(slope(lambda y: L(2, y), 3))
    assert found["a"] == pytest.approx(slope(lambda a: a * (a + 3) - 2, 6))
    assert found["b"] == pytest.approx(slope(lambda b: 6 * b - 2, 9))
    assert found["c"] == 1


def test_the_rule_of_running_sums_is_measured():
    rng = np.random.default_rng(2)
    A, u = rng.normal(size=(4, 3)), rng.normal(size=(4, 3))

    def weighted(A):
        return (u * np.array([[sum(A[i, b] for i in range(k + 1)) for b in range(3)] for k in range(4)])).sum()

    np.testing.assert_allclose(RuleOfRunningSums().solution(u), complex_step(weighted, A), atol=1e-12)


def test_two_slopes_are_measured():
    for inputs in TwoSlopesOnTheirWay().cases(np.random.default_rng(3)):
        W, dW, x, dx, y = inputs.values()
        h = 1e-20j
        L = ((np.tanh((W + h * dW) @ (x + h * dx)) - y) ** 2).sum()
        assert TwoSlopesOnTheirWay().solution(*inputs.values()) == pytest.approx((L.real, L.imag / 1e-20))


def of_numbers(inputs, steps):
    """The gradients of the last value, by the complex step."""
    found = []
    for k in range(len(inputs)):
        values = [value + (1e-20j if i == k else 0) for i, value in enumerate(inputs)]
        for name, *places in steps:
            v = [values[p] for p in places]
            values.append(v[0] + v[1] if name == "+" else v[0] * v[1] if name == "*" else np.tanh(v[0]))
        found.append(values[-1].imag / 1e-20)
    return found


def printed():
    """The faulty tape as the lesson prints it."""
    cells = json.loads(notebook(20).read_text(encoding="utf-8"))["cells"]
    [text] = ["".join(cell["source"]) for cell in cells if "### Exercise 20.4" in "".join(cell["source"])]
    names = {"np": np}
    exec(re.search(r"```python\n(.*?)```", text, re.DOTALL)[1], names)
    return names["faulty"]


@pytest.mark.parametrize("steps", [[("+", 0, 1)], [("*", 0, 1)], [("tanh", 0)]])
def test_the_faulty_tape_is_right_on_every_operation_by_itself(steps):
    inputs = [0.7, -1.2][: 2 if len(steps[0]) == 3 else 1]
    assert printed()(inputs, steps) == pytest.approx(of_numbers(inputs, steps))


@pytest.mark.parametrize("steps", [[("+", 0, 0)], [("*", 0, 1), ("*", 3, 2)], [("tanh", 0), ("tanh", 3)]])
def test_each_of_its_faults_shows_in_a_short_tape(steps):
    inputs = [0.7, -1.2, 0.4]
    assert printed()(inputs, steps) != pytest.approx(of_numbers(inputs, steps))
    assert FindTheFaultInATape().solution(inputs, steps) == pytest.approx(of_numbers(inputs, steps))


def test_the_repaired_tape_is_measured():
    for inputs in FindTheFaultInATape().cases(np.random.default_rng(4)):
        assert FindTheFaultInATape().solution(**inputs) == pytest.approx(of_numbers(**inputs))
