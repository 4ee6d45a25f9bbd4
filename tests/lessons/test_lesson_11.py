"""Lesson 11: the graph, its paths and their terms against a network written out and measured."""

import itertools
import re

import numpy as np
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.patches import Circle, Rectangle
from matplotlib.text import Text
from reading import arrows, assert_legible, cells, numbers, plain, shown, texts, values, within

from helpers.activations import Tanh
from helpers.digits import digit_network, some_digits
from helpers.layers import Dense
from helpers.lessons.lesson_11.exercises import ASkipOverTwoLayers, RepairTheProduct, TheEmptyProduct, TiedWeights
from helpers.lessons.lesson_11.paths import arrows as arrows_of
from helpers.lessons.lesson_11.paths import gradient, paths
from helpers.lessons.lesson_11.pictures import NODES, draw_graph, draw_paths, draw_slopes
from helpers.losses import SoftmaxCrossEntropy, SquaredLoss
from helpers.numerical import numerical_jacobian

WIDTHS = [4, 3, 3, 3, 2]
CHANGES = list(itertools.product((False, True), repeat=2))  # tie, skip
Y = np.array([[1.0], [-1.0]])
BY = [by for _, by in NODES]


@pytest.fixture
def network():
    rng = np.random.default_rng(10)
    sizes = zip(WIDTHS[1:], WIDTHS[:-1], strict=True)
    layers = [Dense(rng.normal(size=(M, N)), rng.normal(size=(M, 1)), Tanh()) for M, N in sizes]
    return layers, rng.normal(size=(4, 1))


def loss_of(layers, x, by, value, tie, skip):
    """L with the node `by` at another value; what lies below it no longer matters."""
    letter = by[0]
    parameters = {("W", i): layer.W for i, layer in enumerate(layers)}
    parameters |= {("b", i): layer.b for i, layer in enumerate(layers)}
    if letter != "n":
        parameters[by] = value
    kept = n = value if by == ("n", -1) else x
    for i in range(4):
        own = 1 if tie and i == 2 else i
        n = np.tanh(parameters["W", own] @ n + parameters["b", own]) + (kept if skip and i == 2 else 0)
        n = value if by == ("n", i) else n
        kept = n if i == 1 else kept
    return ((n - Y) ** 2).sum()


def measured(layers, x, by, tie, skip):
    """The gradient in the shape of the node, by the complex step."""
    by = (by[0], 1) if tie and by[1] == 2 and by[0] in "Wb" else by
    letter, i = by
    if letter == "n":
        start = x if i < 0 else np.zeros((WIDTHS[i + 1], 1))
        n = x
        for j in range(i + 1):
            layer = layers[1] if tie and j == 2 else layers[j]
            below, n = n, np.tanh(layer.W @ n + layer.b)
            n = n + below if skip and j == 2 else n
            start = n
    else:
        start = getattr(layers[i], letter)
    column = start.reshape(-1, 1)
    row = numerical_jacobian(lambda v: loss_of(layers, x, by, v.reshape(start.shape), tie, skip), column)
    return row.reshape(start.shape)


def expected_paths(by, tie, skip):
    """How many there are, by hand: a skip doubles what goes through n⁽¹⁾, a tie adds the use in layer 2."""
    letter, i = by
    if letter != "n" and tie and i in (1, 2):
        return 1 + skip + 1
    below_the_skip = i <= 1
    return 2 if skip and below_the_skip else 1


@pytest.mark.parametrize(("tie", "skip"), CHANGES)
@pytest.mark.parametrize("by", BY)
def test_the_terms_of_all_paths_add_up_to_what_is_measured(network, by, tie, skip):
    layers, x = network
    shared = (by[0], 1) if tie and by[1] == 2 and by[0] in "Wb" else by
    found = paths(arrows_of(layers, x, Y, SquaredLoss(), tie, skip), shared)
    assert len(found) == expected_paths(by, tie, skip)
    total = sum(gradient(path) for path in found)
    np.testing.assert_allclose(total, measured(layers, x, by, tie, skip), rtol=0, atol=1e-12)


@pytest.mark.parametrize(("tie", "skip"), CHANGES)
@pytest.mark.parametrize("by", [("n", -1), ("n", 1), ("W", 0), ("W", 1), ("W", 2), ("b", 3)])
def test_the_terms_that_are_drawn_add_up_to_what_is_measured(network, by, tie, skip):
    layers, x = network
    picture = draw_paths(layers, x, Y, SquaredLoss(), by, tie=tie, skip=skip)
    truth, count = measured(layers, x, by, tie, skip), expected_paths(by, tie, skip)
    drawn = [values(cells(picture, f"term {t + 1}")) for t in range(count)]
    np.testing.assert_allclose(sum(drawn), truth, rtol=0, atol=0.0051 * count)
    if count > 1:
        np.testing.assert_allclose(values(cells(picture, "sum")), truth, rtol=0, atol=0.0051)
    else:
        with pytest.raises(LookupError):
            cells(picture, "sum")
    assert f"{count} path" in picture.title and picture.description.startswith(f"{count} path")
    said = re.split("; the largest", re.split("Transposed, (?:it|the sum) is ", picture.description)[1])[0]
    np.testing.assert_allclose(numbers(said), truth.ravel(), rtol=0, atol=0.0051)
    assert_legible(picture)


def line(picture, label):
    """The line of a formula under that label, split where two factors stand apart."""
    [text] = [t.get_text() for t in within(picture.figure, Text) if t.get_label() == label]
    return re.split(r"\s{2,}", text.strip())


@pytest.mark.parametrize(
    ("by", "tie", "skip", "terms"),
    [
        (("n", 3), False, False, ["dL/dn⁽³⁾ = | dL/dn⁽³⁾"]),
        (("n", -1), False, False, ["dL/dx = | dL/dn⁽³⁾ · | D⁽³⁾W⁽³⁾ · | D⁽²⁾W⁽²⁾ · | D⁽¹⁾W⁽¹⁾ · | D⁽⁰⁾W⁽⁰⁾"]),
        (("b", 2), False, True, ["dL/db⁽²⁾ = | dL/dn⁽³⁾ · | D⁽³⁾W⁽³⁾ · | dn⁽²⁾/db⁽²⁾"]),
        (("n", 1), True, True, ["dL/dn⁽¹⁾ = | dL/dn⁽³⁾ · | D⁽³⁾W⁽³⁾ · | D⁽²⁾W⁽¹⁾", "+ | dL/dn⁽³⁾ · | D⁽³⁾W⁽³⁾ · | I"]),
        (("W", 1), True, False, ["dL/dW⁽¹⁾ = | dL/dn⁽³⁾ · | D⁽³⁾W⁽³⁾ · | D⁽²⁾W⁽¹⁾ · | dn⁽¹⁾/dW⁽¹⁾",
                                 "+ | dL/dn⁽³⁾ · | D⁽³⁾W⁽³⁾ · | dn⁽²⁾/dW⁽¹⁾"]),
    ],
)  # fmt: skip
def test_the_formula_has_a_line_for_each_path_and_a_factor_for_each_arrow(network, by, tie, skip, terms):
    layers, x = network
    picture = draw_paths(layers, x, Y, SquaredLoss(), by, tie=tie, skip=skip)
    assert [" | ".join(line(picture, f"term {t + 1}")) for t in range(len(terms))] == terms
    assert not [t for t in within(picture.figure, Text) if t.get_label() == f"term {len(terms) + 1}"]


@pytest.mark.parametrize(("by", "shapes"), [(("W", 0), "4 × (3, 3)"), (("W", 3), "3 × (2, 2)"), (("b", 3), "(2, 2)")])
def test_the_factors_have_their_shapes_under_them(network, by, shapes):
    layers, x = network
    picture = draw_paths(layers, x, Y, SquaredLoss(), by)
    chain = ["(1, 2)", "(2, 3)", "(3, 3)", "(3, 3)"][: 4 - by[1]]
    assert line(picture, "shapes 1") == [*chain, shapes]


def node_at(picture, text):
    [place] = [t.get_position() for t in picture.figure.axes[0].texts if t.get_text() == text]
    return place


def leads(arrow, start, end):
    """Whether an arrow lies on the way from one node to another and points along it."""
    (x0, y0), (x1, y1) = arrow
    way, done = np.subtract(end, start), np.subtract((x1, y1), (x0, y0))
    near = all(np.hypot(*np.subtract(p, q)) < 32 for p, q in (((x0, y0), start), ((x1, y1), end)))
    return near and way @ done > 0


@pytest.mark.parametrize(("tie", "skip"), CHANGES)
def test_the_arrows_of_the_paths_are_marked(network, tie, skip):
    layers, x = network
    picture = draw_paths(layers, x, Y, SquaredLoss(), ("W", 1), tie=tie, skip=skip)
    lit, rest = arrows(picture, "marked"), arrows(picture, "arrow")
    at = {text: node_at(picture, text) for text in ("W⁽¹⁾", "n⁽¹⁾", "n⁽²⁾", "n⁽³⁾", "L", "x", "n⁽⁰⁾", "y")}
    chain = [("W⁽¹⁾", "n⁽¹⁾"), ("n⁽¹⁾", "n⁽²⁾"), ("n⁽²⁾", "n⁽³⁾"), ("n⁽³⁾", "L"), *[("W⁽¹⁾", "n⁽²⁾")] * tie]
    for tail, head in chain:
        assert any(leads(arrow, at[tail], at[head]) for arrow in lit), (tail, head)
    assert len(lit) == len(chain) + skip
    for tail, head in (("x", "n⁽⁰⁾"), ("n⁽⁰⁾", "n⁽¹⁾"), ("y", "L")):
        assert any(leads(arrow, at[tail], at[head]) for arrow in rest), (tail, head)
    # x and y have an arrow each, each layer but 0 one from below, each θ one, and the loss one.
    assert len(lit) + len(rest) == 4 + 4 + 2 + skip


def test_with_a_tie_layer_2_has_no_parameters_of_its_own(network):
    layers, x = network
    second, first = (draw_paths(layers, x, Y, SquaredLoss(), ("W", i), tie=True) for i in (2, 1))
    assert second.alt == first.alt and "W⁽²⁾" not in "".join(texts(second))


@pytest.mark.parametrize(
    ("widths", "change"),
    [([64, 32, 10], {}), (WIDTHS, {}), (WIDTHS, {"skip": True}), (WIDTHS, {"tie": True}), ([2, 5], {})],
)
def test_figure_1_names_every_node_and_what_the_arrows_carry(widths, change):
    picture, k = draw_graph(widths, **change), len(widths) - 2
    written = texts(picture)
    up = dict(zip(range(k + 1), ("⁽⁰⁾", "⁽¹⁾", "⁽²⁾", "⁽³⁾"), strict=False))
    assert f"x\n({widths[0]}, 1)" in written and "L" in written and "y" in written
    for i in range(k + 1):
        M, N = widths[i + 1], widths[i]
        assert f"n{up[i]}\n({M}, 1)" in written and f"({M}, {N})" in written
        assert (f"θ{up[i]}" in written) == (not (change.get("tie") and i == 2))
        below = f"n{up[i - 1]}" if i else "x"
        carried = f"D{up[i]}W{up[i]}" if change.get("skip") and i == 2 else f"dn{up[i]}/d{below}"
        assert carried in written
    assert f"dL/dn{up[k]}" in written and f"(1, {widths[-1]})" in written
    assert len(arrows(picture, "arrow")) + len(arrows(picture, "marked")) == 2 * (k + 1) + 2 + bool(change.get("skip"))
    assert len(arrows(picture, "marked")) == {"skip": 1, "tie": 2}.get(next(iter(change), ""), 0)
    node = {"x": node_at(picture, f"x\n({widths[0]}, 1)"), "L": node_at(picture, "L"), "y": node_at(picture, "y")}
    node |= {i: node_at(picture, f"n{up[i]}\n({widths[i + 1]}, 1)") for i in range(k + 1)}
    ways = [("x", 0), *((i, i + 1) for i in range(k)), (k, "L"), ("y", "L")]
    for i in range(k + 1):
        own = 1 if change.get("tie") and i == 2 else i
        node["θ", own] = node_at(picture, f"θ{up[own]}")
        ways.append((("θ", own), i))
    drawn = arrows(picture, "arrow") + arrows(picture, "marked")
    for tail, head in ways:
        assert any(leads(arrow, node[tail], node[head]) for arrow in drawn), (tail, head)
    assert numbers(picture.description)[0] == widths[0] and f"(1, {widths[-1]})" in picture.description
    assert_legible(picture)
    assert_in_its_circle(picture)


def assert_in_its_circle(picture):
    """The lowest line of every node's text, which is its widest, ends on both sides before the circle does."""
    canvas = FigureCanvasAgg(picture.figure)
    canvas.draw()
    boxes = {text.get_position(): text.get_window_extent(canvas.get_renderer()) for text in shown(picture)}
    for circle in within(picture.figure, Circle):
        box, around = boxes[tuple(circle.center)], circle.get_window_extent(canvas.get_renderer())
        down = (box.y1 - box.y0) / 2 - 3  # from the middle to the line's letters, without what hangs below them
        assert (box.width / 2) ** 2 + down**2 < (around.width / 2 - 1) ** 2, picture.title


def test_the_slopes_of_the_digit_are_measured_ones():
    net, (X, labels), loss = digit_network(), some_digits(), SoftmaxCrossEntropy()
    x, y = X[:, [19]], labels[:, [19]]
    assert net(x).argmax() == 5 and y.argmax() == 9
    row = loss.d(net(x), y) @ net.d(x)
    picture = draw_slopes(x, row)
    slopes = values(cells(picture, "dL/dx, row by row"))
    h = 1e-6
    for pixel in (0, 21, 27, 43, 63):
        e = h * np.eye(64)[:, [pixel]]
        assert slopes.flat[pixel] == pytest.approx((loss(net(x + e), y) - loss(net(x - e), y)) / (2 * h), abs=0.051)
    ink = cells(picture, "ink, in sixteenths")
    assert [int(plain(text) or 0) for text in ink.ravel()] == (16 * x.ravel()).tolist()
    assert numbers(picture.description)[-4:] == [3, 6, 5, -6.2]
    frames = [r for r in within(picture.figure, Rectangle) if str(r.get_label()).endswith("steepest")]
    assert len(frames) == 2
    for frame in frames:
        title = frame.get_label().removesuffix(": steepest")
        [text] = [t for t in within(picture.figure, Text) if t.get_label() == f"{title}[2,5]"]
        left, top = frame.get_xy()
        assert left < text.get_position()[0] < left + 40 and top < text.get_position()[1] < top + 40
    assert_legible(picture)


def chain(W, b, x, y):
    for W_i, b_i in zip(W, b, strict=True):
        x = np.tanh(W_i @ x + b_i)
    return ((x - y) ** 2).sum()


def block(r, W0, b0, W1, b1, x):
    return r @ (x + W1 @ np.tanh(W0 @ x + b0) + b1)


def there_and_back(W, x):
    return ((W.T @ np.tanh(W @ x) - x) ** 2).sum()


@pytest.mark.parametrize(
    ("exercise", "L", "names"),
    [
        (RepairTheProduct(), chain, {"x": None}),
        (ASkipOverTwoLayers(), block, {"x": "x", "b0": "b0", "b1": "b1"}),
        (TiedWeights(), there_and_back, {"W": "W", "x": "x"}),
    ],
)
def test_the_references_of_the_exercises_are_what_is_measured(exercise, L, names):
    for case in exercise.cases(np.random.default_rng(1)):
        found = exercise.solution(**case)
        for name, key in names.items():
            at = case[name]
            varied = lambda v, case=case, name=name, at=at: L(**case | {name: v.reshape(at.shape)})
            row = numerical_jacobian(varied, at.reshape(-1, 1))
            given = found if key is None else found[key]
            assert given.shape in (row.shape, at.shape)
            np.testing.assert_allclose(given.reshape(-1), row.reshape(-1), rtol=0, atol=1e-11)


def test_the_reference_of_the_empty_product_is_what_is_measured(network):
    layers, x = network
    n, J, D = x, [], []
    for layer in layers:
        J.append(layer.d(n))
        D.append(layer.sigma.d(layer.W @ n + layer.b))
        n = layer(n)
    for i in range(4):
        row = TheEmptyProduct().solution(i, 2 * (n - Y).T, J, D)
        np.testing.assert_allclose(row.T, measured(layers, x, ("b", i), False, False), atol=1e-12)
