"""The pictures of lesson 00: the map agrees with the syllabus, the card with numpy, the network with a slow one."""

import math
import re
from itertools import combinations, pairwise

import nbformat
import numpy as np
import pytest
from matplotlib.lines import Line2D
from matplotlib.patches import FancyArrowPatch, Rectangle
from reading import assert_legible, cells, marked, shades, shown, texts, values, within

from helpers.digits import digit_network, some_digits
from helpers.drawing.matrices import entry
from helpers.lessons.lesson_00.pictures import (
    LONG,
    WEIGHTS,
    draw_conventions,
    draw_digit_network,
    draw_map,
    draw_one_weight,
)
from helpers.lessons.syllabus import SYLLABUS, notebook, written
from helpers.numerical import numerical_jacobian

# --- the map ----------------------------------------------------------------------------------------------------


def frames(picture):
    """{number: the frame of a lesson}."""
    found = {frame.get_label(): frame for frame in within(picture.figure, Rectangle)}
    return {number: found[f"{number:02}"] for number in SYLLABUS}


def arrows(picture):
    """{(from, to): (start, tip)} of the arrows; all of them point down."""
    found = {}
    for arrow in within(picture.figure, FancyArrowPatch):
        path = arrow.get_path()
        line = path.vertices[path.codes != path.CLOSEPOLY]
        found[tuple(map(int, arrow.get_label().split(" → ")))] = line[0], line[line[:, 1].argmax()]
    return found


def inside(frame, x, y, margin=0):
    (left, top), (right, bottom) = frame.get_xy(), np.add(frame.get_xy(), (frame.get_width(), frame.get_height()))
    return left - margin < x < right + margin and top - margin < y < bottom + margin


def test_the_map_shows_every_lesson_with_its_number_and_title():
    picture = draw_map()
    for number, frame in frames(picture).items():
        within = {t.get_text().replace("\n", " ") for t in shown(picture) if inside(frame, *t.get_position())}
        assert within == {f"{number:02}", SYLLABUS[number].title}
    assert f"{len(SYLLABUS)} lessons. " in picture.description
    assert_legible(picture)


def test_the_arrows_are_the_needs_and_join_their_lessons():
    picture = draw_map()
    boxes, found = frames(picture), arrows(picture)
    assert set(found) == {(other, number) for number, lesson in SYLLABUS.items() for other in lesson.needs}
    for (other, number), (start, tip) in found.items():
        assert inside(boxes[other], *start, margin=3) and inside(boxes[number], *tip, margin=3)
        assert start[1] < tip[1], "an arrow leads down"
        needs = re.search(rf"{number:02} needs ([^;.]*)", picture.description)[1]
        assert f"{other:02}" in needs and len(re.findall(r"\d\d", needs)) == len(SYLLABUS[number].needs)


def test_no_arrow_crosses_a_lesson_and_no_two_lessons_overlap():
    picture = draw_map()
    boxes = frames(picture)
    for start, tip in arrows(picture).values():
        for t in np.linspace(0.05, 0.95, 40):
            assert not any(inside(frame, *(start + t * (tip - start))) for frame in boxes.values())
    for one, other in combinations(boxes.values(), 2):
        assert not one.get_bbox().padded(8).overlaps(other.get_bbox())


@pytest.mark.parametrize("ready", [{0}, {0, 1, 2, 3, 4}, set(SYLLABUS) - {7}, set(SYLLABUS)])
def test_the_lessons_to_come_are_marked(ready):
    picture = draw_map(ready)
    assert {number for number, frame in frames(picture).items() if frame.get_linestyle() == "solid"} == ready
    assert ("still to come" in texts(picture)) == ("dashed" in picture.description) == (ready != set(SYLLABUS))
    if ready != set(SYLLABUS):
        said = re.search(r"Written so far: (.*?);", picture.description)[1]
        assert {int(n) for n in re.findall(r"\d\d", said)} == ready
    assert_legible(picture)


def test_the_lessons_that_are_there_are_those_with_a_notebook():
    assert draw_map().alt == draw_map(written()).alt and draw_map().svg() == draw_map(written()).svg()


# --- the card ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def card():
    return draw_conventions()


def test_the_card_is_legible(card):
    assert_legible(card)


def test_the_card_draws_the_shapes_that_numpy_has(card):
    N, M, B = map(int, re.findall(r"= (\d)", card.title))
    rng = np.random.default_rng(0)
    A, x, batch, bias = (rng.normal(size=shape) for shape in ((M, N), (N, 1), (N, B), (M, 1)))
    C = rng.normal(size=(4, 2))
    assert cells(card, "x").shape == cells(card, "x and ∇L for x").shape == x.shape
    assert cells(card, "dz/dx").shape == numerical_jacobian(lambda x: A @ x + bias, x).shape
    assert cells(card, "dL/dx").shape == numerical_jacobian(lambda x: ((A @ x) ** 2).sum(keepdims=True), x).shape
    assert cells(card, "W and ∇L for W").shape == A.shape
    assert cells(card, "X").shape == batch.shape and (A @ batch + bias).shape == (M, B)
    shapes = {name: cells(card, name).shape for name in ("C", "A", "CA")}
    assert shapes == {"C": C.shape, "A": A.shape, "CA": (C @ A).shape}
    assert {f"{name} {shape}" for name, shape in shapes.items()} <= set(texts(card))
    with pytest.raises(ValueError):
        A @ C
    said = " ".join(texts(card))
    assert f"x: (N, 1) = {x.shape}" in said and f"dz/dx: (M, N) = {A.shape}" in said
    assert f"X: (N, B) = {batch.shape}" in said


def test_a_row_of_the_jacobian_is_an_output_and_a_column_of_the_batch_a_sample(card):
    assert cells(card, "dz/dx").tolist() == [["∂z₁/∂x₁", "∂z₁/∂x₂", "∂z₁/∂x₃"], ["∂z₂/∂x₁", "∂z₂/∂x₂", "∂z₂/∂x₃"]]
    assert marked(card, "dz/dx") == {(0, 0), (0, 1), (0, 2)}
    assert marked(card, "X") == {(0, 1), (1, 1), (2, 1)} and "sample 2" in texts(card)


def test_the_card_multiplies_entry_by_entry_and_counts_axes(card):
    left, right, product = (cells(card, f"factor {k}").astype(int) for k in range(3))
    assert np.array_equal(left * right, product)
    heights = {t.get_text(): t.get_position()[1] for t in shown(card)}
    for shape in ((), (3,), (3, 1), (2, 3, 4)):
        count = np.zeros(shape).ndim
        assert heights[f"{count} ax{'i' if count == 1 else 'e'}s"] == heights[str(shape)]


def test_every_letter_on_the_card_is_explained_on_it(card):
    used = {
        token for text in [card.title, *texts(card)] for token in re.findall(r"[A-Za-zσ]+", text) if len(token) == 1
    }
    in_the_list = {letter for text in ("x, X", "W, b", "z", "σ", "n", "L", "f, g") for letter in text.split(", ")}
    assert {"x, X", "W, b", "z", "σ", "n", "L", "f, g"} <= set(texts(card))
    in_the_title, with_the_layers, drawn_with_their_shapes = set("NMB"), set("ki"), set("CA")
    assert "k + 1 layers, numbered i = 0 to k" in " ".join(texts(card))
    assert used - {"a"} <= in_the_list | in_the_title | with_the_layers | drawn_with_their_shapes


# --- the network and one weight of it -----------------------------------------------------------------------------


def reading(net, x):
    """(units, scores, shares) of one digit, number by number."""
    (W0, b0), (W1, b1) = ((layer.W, layer.b) for layer in net.layers)
    n = [math.tanh(sum(w * v for w, v in zip(row, x, strict=True)) + b) for row, b in zip(W0, b0.ravel(), strict=True)]
    f = [sum(w * v for w, v in zip(row, n, strict=True)) + b for row, b in zip(W1, b1.ravel(), strict=True)]
    return n, f, [math.exp(s) / sum(map(math.exp, f)) for s in f]


@pytest.mark.parametrize(("column", "unit", "pixel"), [(19, 12, 5), (3, 1, 64), (13, 32, 30)])
def test_a_digit_goes_through_the_network(column, unit, pixel):
    net, (X, Y) = digit_network(), some_digits()
    picture = draw_digit_network(net, X[:, [column]], Y[:, [column]], unit, pixel)
    n, f, p = reading(net, X[:, column])
    meant, said = column // 2, p.index(max(p))
    assert shades(picture, "x") == [[round(8 * X[8 * i + j, column]) for j in range(8)] for i in range(8)]
    bars = {r.get_label(): r for r in within(picture.figure, Rectangle) if str(r.get_label()).startswith("n[")}
    assert [bars[f"n[{k}]"].get_width() / LONG for k in range(32)] == pytest.approx(n)
    assert len({r.get_x() for r in bars.values()}) == 1, "all bars begin at 0"
    assert values(cells(picture, "f")).ravel() == pytest.approx(f, abs=0.051)
    assert values(cells(picture, "p")).ravel() == pytest.approx(p, abs=0.0051)
    assert marked(picture, "f") == marked(picture, "p") == {(meant, 0), (said, 0)}
    assert any(text.endswith(f"= {-math.log(p[meant]):.2f}") for text in texts(picture))
    assert f"the loss is {-math.log(p[meant]):.2f}" in picture.description
    assert f"one weight: {entry(net.layers[0].W[unit - 1, pixel - 1])}" in texts(picture)
    ends = [
        tuple(np.array(line.get_data())[:, 0])
        for line in within(picture.figure, Line2D)
        if line.get_label() == "weight"
    ]
    assert len(ends) == 64 + 32
    [frame] = [r for r in within(picture.figure, Rectangle) if r.get_label() == "pixel"]
    assert ends[pixel - 1] == pytest.approx(frame.get_center())
    assert_legible(picture)


@pytest.mark.parametrize("weight", WEIGHTS)
@pytest.mark.parametrize("change", [-3.0, -0.4, 0.0, 3.0])
def test_one_weight_is_changed_and_nothing_else(weight, change):
    net, (X, _) = digit_network(), some_digits()
    layer, row, column = WEIGHTS[weight]

    def after(change):
        changed = digit_network()
        changed.layers[layer].W = changed.layers[layer].W.copy()
        changed.layers[layer].W[row, column] += change
        return reading(changed, X[:, 19])

    picture = draw_one_weight(weight, change)
    n, f, p = after(change)
    bars = {b.get_label(): b.get_width() for b in within(picture.figure, Rectangle) if "p[" in str(b.get_label())}
    assert [bars[f"p[{k}]"] / 230 for k in range(10)] == pytest.approx(p)
    lines = {line.get_label(): line.get_xydata() for line in picture.figure.axes[1].lines}
    for at, loss in lines["loss"][::20]:
        assert loss == pytest.approx(-math.log(after(at)[2][9]))
    [(at, loss)] = lines["here"]
    assert at == change and loss == pytest.approx(-math.log(p[9]))
    (x0, y0), (x1, y1) = lines["slope"]
    slope = (-math.log(after(change + 1e-5)[2][9]) + math.log(after(change - 1e-5)[2][9])) / 2e-5
    assert (y1 - y0) / (x1 - x0) == pytest.approx(slope, abs=1e-6)
    trained = net.layers[layer].W[row, column]
    name, old, new = (
        (f"the output of unit {row + 1}", after(0)[0][row], n[row])
        if layer == 0
        else (f"the score of the {row}", after(0)[1][row], f[row])
    )
    assert f"{name}: {entry(old)} → {entry(new)}" in texts(picture)
    assert f"the weight: {entry(trained)} → {entry(trained + change)}" in texts(picture)
    assert f"here: L = {loss:.2f}, slope {entry(slope)}" in texts(picture)
    assert (f"The answer is {p.index(max(p))}, ") in picture.description
    assert_legible(picture)


def test_the_names_of_the_weights_say_where_they_are():
    _, (X, _) = digit_network(), some_digits()
    for name, (layer, row, column) in WEIGHTS.items():
        start, end = (int(number) for number in re.findall(r"\d+", name))
        assert (start, end) == (column + 1, row + 1 if layer == 0 else row)
        assert ("white" in name) == (layer == 0 and X[column, 19] == 0)


def test_the_lesson_counts_as_the_network_is():
    source = "\n".join(cell.source for cell in nbformat.read(notebook(0), as_version=4).cells)
    net = digit_network()
    assert sum(layer.W.size + layer.b.size for layer in net.layers) == 2410 and "2,410 parameters" in source
    widths = [784, 128, 64, 10]
    weights = [a * b for a, b in pairwise(widths)]
    parameters = sum(weights) + sum(widths[1:])
    for number in (parameters, parameters * sum(weights), 2 * sum(weights) - weights[0] + sum(widths[1:])):
        assert f"{number:,}" in source
