"""Lesson 13: the five ways against measurement and against their own counts, and its pictures by their data."""

import functools
import itertools
import json
import re

import numpy as np
import pytest
from matplotlib.patches import PathPatch
from reading import arrows, assert_legible, cells, marked, numbers, plain, points, shades, texts, values, within

from helpers.activations import Tanh
from helpers.digits import digit_network, some_digits
from helpers.layers import Dense
from helpers.lessons import syllabus
from helpers.lessons.lesson_13.exercises import FaultyStep, PassDown, WhereItLoses, WithoutTheCache
from helpers.lessons.lesson_13.five_ways import WAYS, Counter, Kept, cost, forward_cost, work
from helpers.lessons.lesson_13.pictures import draw_costs, draw_passes
from helpers.losses import SquaredLoss
from helpers.network import Network
from helpers.numerical import numerical_jacobian

TABLE = {  # of both notes' catalogue: 784-128-64-10, and 50 layers of 100
    "cached": (118218, 995000),
    "afresh": (118942, 12877500),
    "product first": (202058, 1177485000),
    "dn/dW explicit": (26760394, 100494900),
    "right to left": (906028160, 122600490000),
}
THREE, FIFTY = [784, 128, 64, 10], [100] * 51
SMALL = [[1, 1], [1, 4], [3, 1], [3, 2], [2, 3, 4], [1, 1, 1, 1], [3, 1, 2, 1, 3], [1, 5, 1], [5, 4, 6, 3, 2]]
DRAWN = [np.random.default_rng(seed).integers(1, 7, size=2 + seed % 6).tolist() for seed in range(40)]


def network(widths, seed=0):
    """A network of tanh layers, a sample and its label."""
    rng = np.random.default_rng(seed)
    layers = [Dense(rng.normal(size=(m, n)), rng.normal(size=(m, 1)), Tanh()) for n, m in itertools.pairwise(widths)]
    return Network(layers), rng.normal(size=(widths[0], 1)), rng.normal(size=(widths[-1], 1))


def passed_up(net, x, y):
    """What the pass up keeps, and the upstream of the squared loss."""
    kept = []
    for layer in net.layers:
        n = np.tanh(layer.W @ x + layer.b)
        kept.append(Kept(layer.W, x, 1 - n**2))
        x = n
    return kept, 2 * (x - y)


class OneByOne(Counter):
    """Multiplies by loops and counts each multiplication when it is done."""

    def product(self, A, B):
        C = np.zeros((len(A), B.shape[1]))
        for i, j, k in np.ndindex(len(A), B.shape[1], A.shape[1]):
            C[i, j] += A[i, k] * B[k, j]
            self.total += 1
        return C

    def times(self, a, b):
        a, b = np.broadcast_arrays(a, b)
        C = np.zeros(a.shape)
        for at in np.ndindex(a.shape):
            C[at] = a[at] * b[at]
            self.total += 1
        return C


@pytest.mark.parametrize("widths", SMALL + DRAWN, ids=str)
def test_the_ways_agree_with_the_network_and_with_their_counts(widths):
    net, x, y = network(widths)
    kept, u = passed_up(net, x, y)
    _, truth = net.gradients(x, y, SquaredLoss())
    for name, way in WAYS.items():
        count = Counter()
        for i, grad in enumerate(way(kept, u, count)):
            assert grad.shape == truth[i, "W"].shape
            np.testing.assert_allclose(grad, truth[i, "W"], rtol=0, atol=1e-12 * max(1, np.abs(truth[i, "W"]).max()))
        assert count.total == cost(name, widths) == sum(work(name, widths))


@pytest.mark.parametrize("widths", SMALL, ids=str)
def test_the_counter_counts_what_is_multiplied(widths):
    kept, u = passed_up(*network(widths))
    for way in WAYS.values():
        count, each = Counter(), OneByOne()
        for a, b in zip(way(kept, u, count), way(kept, u, each), strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-12, atol=1e-12)
        assert count.total == each.total


def test_the_ways_agree_with_a_measurement():
    net, x, y = network([3, 4, 2])
    kept, u = passed_up(net, x, y)
    W, b = net.layers[0].W, net.layers[0].b

    def loss(w):
        r = np.tanh(net.layers[1].W @ np.tanh(w.reshape(W.shape) @ x + b) + net.layers[1].b) - y
        return (r**2).sum()

    measured = numerical_jacobian(loss, W.reshape(-1, 1)).reshape(W.shape)
    for way in WAYS.values():
        np.testing.assert_allclose(way(kept, u, Counter())[0], measured, atol=1e-12)


@pytest.mark.parametrize(("name", "in_seconds"), [(name, name != "right to left") for name in WAYS])
def test_the_numbers_of_the_table(name, in_seconds):
    assert (cost(name, THREE), cost(name, FIFTY)) == TABLE[name]
    for widths, expected in zip((THREE, FIFTY), TABLE[name], strict=True):
        if widths == THREE or in_seconds:  # from right to left the deep network takes 1.2e11 multiply-adds
            rng = np.random.default_rng(1)
            kept = [
                Kept(rng.normal(size=(m, n)) / n**0.5, rng.normal(size=(n, 1)), rng.uniform(size=(m, 1)))
                for n, m in itertools.pairwise(widths)
            ]
            u, count, reference = rng.normal(size=(widths[-1], 1)), Counter(), Counter()
            found, truth = WAYS[name](kept, u, count), WAYS["cached"](kept, u, reference)
            assert count.total == expected
            assert all(np.allclose(a, b, rtol=0, atol=1e-12) for a, b in zip(found, truth, strict=True))


def test_what_the_lesson_says_about_the_counts():
    assert forward_cost(THREE) == 109184 and forward_cost(FIFTY) == 500000
    assert 1 - cost("cached", THREE) / cost("afresh", THREE) == pytest.approx(0.006, abs=0.0005)
    assert cost("afresh", FIFTY) / cost("cached", FIFTY) == pytest.approx(13, abs=0.1)
    assert 2 * 2410 * 2368 / cost("cached", [64, 32, 10]) == pytest.approx(4181, abs=1)
    ratios = {
        depth: cost("afresh", [100] * (depth + 1)) / cost("cached", [100] * (depth + 1)) for depth in range(1, 51)
    }
    assert min(depth for depth, ratio in ratios.items() if ratio > 2) == 7
    for way, factor in (("cached", 4), ("dn/dW explicit", 8)):
        for width in (10, 20):
            assert cost(way, [2 * width] * 51) / cost(way, [width] * 51) == pytest.approx(factor, rel=0.03)


@functools.cache
def cheapest(dims):
    """The fewest multiply-adds for a product (dims[0], dims[1])(dims[1], dims[2])… over all its bracketings."""
    if len(dims) < 3:
        return 0
    return min(
        cheapest(dims[: k + 1]) + cheapest(dims[k:]) + dims[0] * dims[k] * dims[-1] for k in range(1, len(dims) - 1)
    )


def from_the_loss(dims):
    """The row first: (1, d)(d, e)… from the left."""
    return sum(a * b for a, b in itertools.pairwise(dims[1:]))


def test_the_narrow_end_loses_with_a_width_of_1_only():
    chains = [(1, *widths) for length in range(2, 7) for widths in itertools.product(range(2, 6), repeat=length)]
    assert len(chains) == 5456
    assert all(from_the_loss(dims) == cheapest(dims) for dims in chains)
    assert (from_the_loss((1, 2, 10, 1)), cheapest((1, 2, 10, 1))) == (30, 22)
    assert (from_the_loss((1, 1, 3, 2)), cheapest((1, 1, 3, 2))) == (9, 8)


# --- the references of the exercises ------------------------------------------------------------------------


@pytest.mark.parametrize("widths", [[2, 3], [4, 3, 2], [3, 1, 2, 4]], ids=str)
def test_the_references_are_the_network(widths):
    net, x, y = network(widths)
    kept, u = passed_up(net, x, y)
    given = {"Ws": [k.W for k in kept], "inputs": [k.x for k in kept], "slopes": [k.slopes for k in kept], "u": u}
    _, grads = net.gradients(x, y, SquaredLoss())
    found = PassDown().solution(**given)
    stepped = FaultyStep().solution(**given, mu=0.25)
    for i, W in enumerate(given["Ws"]):
        np.testing.assert_allclose(found["W"][i], grads[i, "W"], atol=1e-12)
        np.testing.assert_allclose(found["b"][i], grads[i, "b"], atol=1e-12)
        np.testing.assert_allclose(stepped[i], W - 0.25 * grads[i, "W"], atol=1e-12)
    assert found["count"] == by_running(widths, "cached")


def by_running(widths, name):
    """A count by running."""
    count = Counter()
    WAYS[name](*passed_up(*network(widths)), count)
    return count.total


def no_cache(net, x, u, count):
    """u handed down; what each layer took in and its slopes come from a pass up of its own, from x."""
    grads = []
    for i in reversed(range(len(net.layers))):
        n = x
        for layer in net.layers[: i + 1]:
            into, n = n, np.tanh(count.product(layer.W, n) + layer.b)
        delta = count.times(1 - n**2, u)
        grads.insert(0, count.product(delta, into.T))
        if i > 0:
            u = count.product(net.layers[i].W.T, delta)
    return grads


def product_shared(kept, u, count):
    """The Jacobians multiplied from the left, once for all layers; dL meets the product wherever it has got to."""
    *below, last = kept
    jacobians = [count.times(layer.slopes, layer.W) for layer in kept[1:]]
    grads, product, row = [count.product(count.times(last.slopes, u), last.x.T)], None, u.T
    for layer, jacobian in zip(reversed(below), reversed(jacobians), strict=True):
        product = jacobian if product is None else count.product(product, jacobian)
        delta = count.times(layer.slopes, count.product(row, product).T)
        grads.insert(0, count.product(delta, layer.x.T))
    return grads


@pytest.mark.parametrize("widths", SMALL + DRAWN, ids=str)
def test_two_more_ways_are_right_and_take_what_their_exercise_says(widths):
    net, x, y = network(widths)
    kept, u = passed_up(net, x, y)
    truth, counts, one_by_one = WAYS["cached"](kept, u, Counter()), [Counter(), Counter()], [OneByOne(), OneByOne()]
    for forgetting, sharing in (counts, one_by_one):
        for found in (no_cache(net, x, u, forgetting), product_shared(kept, u, sharing)):
            for grad, right in zip(found, truth, strict=True):
                np.testing.assert_allclose(grad, right, rtol=0, atol=1e-12 * max(1, np.abs(right).max()))
    expected = WithoutTheCache().solution(widths)
    assert [*expected] == ["no cache", "product shared"]
    assert [*expected.values()] == [count.total for count in counts] == [count.total for count in one_by_one]


def test_the_numbers_in_the_statement_of_the_two_more_ways():
    lesson = json.loads(syllabus.notebook(13).read_text(encoding="utf-8"))
    [statement] = [text for cell in lesson["cells"] if "### Exercise 13.4" in (text := "".join(cell["source"]))]
    given = re.findall(r"`\[([\d, ]+)\]` [a-z ]+ (\d+) and (\d+)", statement)
    assert len(given) == 2
    for widths, *counts in given:
        solved = WithoutTheCache().solution([int(width) for width in widths.split(", ")])
        assert [*solved.values()] == [int(count) for count in counts]


def test_without_the_cache_1275_layers_are_passed_up():
    assert WithoutTheCache().solution(FIFTY)["no cache"] - cost("cached", FIFTY) == 12750000 == 1275 * 100**2


@pytest.mark.parametrize("limit", [3, 5, 9])
def test_the_worst_case_is_the_only_one(limit):
    def saved(d0, d1, d2):
        return from_the_loss((1, d2, d1, d0)) - cheapest((1, d2, d1, d0))

    chains = list(itertools.product(range(1, limit + 1), repeat=3))
    most = max(saved(*chain) for chain in chains)
    [worst] = [chain for chain in chains if saved(*chain) == most]
    d0, d1, d2 = worst
    assert WhereItLoses().solution(limit) == {
        "widths": [*worst],
        "from the loss": from_the_loss((1, d2, d1, d0)),
        "from the input": cheapest((1, d2, d1, d0)),
    }


# --- the pictures -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("sample", "digits"), [(7, (2, 3, 5, 9)), (1, (0, 4, 8, 9))])
def test_the_picture_of_both_passes(sample, digits):
    net, units = digit_network(), (11, 13, 16, 21)
    X, Y = some_digits()
    x, y = X[:, [sample]], Y[:, [sample]]
    picture = draw_passes(net, x, y, units, digits)
    lower, upper = net.layers
    rows, scores = [k - 1 for k in units], list(digits)

    def loss(f):
        return np.log(np.exp(f).sum(axis=0, keepdims=True)) - (y * f).sum(axis=0, keepdims=True)

    z0 = lower.W @ x + lower.b
    f = net(x)
    truth = {  # the gradients by measurement
        "z0": z0[rows],
        "n0": np.tanh(z0)[rows],
        "z1": f[scores],
        "p": (np.exp(f) / np.exp(f).sum())[scores],
        "y": y[scores],
        "delta1": numerical_jacobian(loss, f).T[scores],
        "u0": numerical_jacobian(lambda n: loss(upper.W @ n + upper.b), np.tanh(z0)).T[rows],
        "delta0": numerical_jacobian(lambda z: loss(upper.W @ np.tanh(z) + upper.b), z0).T[rows],
    }
    for name, column in truth.items():
        np.testing.assert_allclose(values(cells(picture, name)), column, atol=0.0051)
    meant, read = scores.index(int(y.argmax())), scores.index(int(f.argmax()))
    for name in ("z1", "p", "y", "delta1"):
        assert marked(picture, name) == {(meant, 0), (read, 0)}
    written = texts(picture)
    for shape in ("(64, 1)", "(32, 1)", "(10, 1)", "(32, 64)", "(10, 32)"):
        assert any(shape in text for text in written)
    gradients = [text for text in written if text.startswith("largest entry")]
    below = np.abs(numerical_jacobian(lambda z: loss(upper.W @ np.tanh(z) + upper.b), z0)).max() * x.max()
    above = np.abs(numerical_jacobian(loss, f)).max() * np.abs(np.tanh(z0)).max()
    assert [numbers(text)[0] for text in gradients] == pytest.approx([below, above], abs=0.0051)
    np.testing.assert_array_equal(shades(picture, "x"), np.rint(8 * x).reshape(8, 8))
    assert all(end[0] > start[0] for start, end in arrows(picture, "forward"))
    assert all(end[0] < start[0] or end[1] > start[1] for start, end in arrows(picture, "backward"))
    assert len(arrows(picture, "forward")) == 4 and len(arrows(picture, "kept")) == 3
    said = plain(picture.description)
    assert numbers(said.split("the loss is ")[1])[0] == pytest.approx(loss(f).item(), abs=0.0051)
    assert_legible(picture)


STATES = [  # the start, and each control at its ends and middle
    *((100, 50, way, 75) for way in WAYS),
    *((width, 50, "afresh", 75) for width in (1, 51)),
    *((100, depth, "right to left", 75) for depth in (1, 2, 26)),
    *((100, 50, "cached", progress) for progress in (0, 50, 100)),
    (1, 1, "product first", 100),
]


@pytest.mark.parametrize(("width", "depth", "way", "progress"), STATES)
def test_the_costs_are_those_that_are_counted(width, depth, way, progress):
    picture = draw_costs(width, depth, way, progress)
    widths = [width] * (depth + 1)
    _, bars, layers = picture.figure.axes
    totals = [forward_cost(widths), *(cost(name, widths) for name in WAYS)]
    assert [bar.get_width() for bar in bars.patches] == totals
    assert bars.get_xscale() == layers.get_yscale() == "log"
    assert [bar.get_linewidth() > 1 for bar in bars.patches][1:] == [name == way for name in WAYS]
    assert f"▸ {way}" in texts(picture)
    assert [n for n in numbers(picture.description) if n in totals][: len(totals)] == totals
    up = min(depth, round(2 * depth * progress / 100))
    down = round(2 * depth * progress / 100) - up
    held = [p for p in within(picture.figure, PathPatch) if p.get_label() == "held"]
    assert sum(len(p.get_path().vertices) // 5 for p in held) == up - down
    assert f"The cache: {up - down} of {depth} layer" in picture.description
    done, to_come = points(picture, "done"), points(picture, "to come")
    assert done[0].tolist() == list(range(depth - down, depth)) and to_come[0].tolist() == list(range(depth - down))
    assert [*to_come[1], *done[1]] == work(way, widths)
    assert layers.get_ylim()[0] < min(work(way, widths)) and max(work(way, widths)) < layers.get_ylim()[1]
    assert_legible(picture)
    assert re.search(r"\d of \d+ gradients? done", picture.description)
    assert numbers(picture.description.split("The cache: ")[1])[2] == 2 * width * (
        depth - abs(depth - round(2 * depth * progress / 100))
    )
