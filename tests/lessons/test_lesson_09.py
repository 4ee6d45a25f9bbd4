"""Lesson 09: its pictures against loops and measurements, at their controls' ends and middle."""

import itertools
import math
import re

import numpy as np
import pytest
from complex_step import complex_step
from matplotlib.patches import PathPatch, Rectangle
from reading import arrows, assert_legible, cells, marked, numbers, plain, points, shown, texts, values, within

from helpers.activations import Softmax, Tanh
from helpers.digits import digit_network, some_digits
from helpers.drawing.scripts import lowered
from helpers.gradcheck import check_gradients
from helpers.layers import Dense
from helpers.lessons.lesson_09.exercises import AddedToItsInput, ByTheSquares, CountTheZeros, UseTheDiagonal
from helpers.lessons.lesson_09.pictures import (
    INPUTS,
    SLOPES,
    UPSTREAM,
    draw_items,
    draw_scaled_rows,
    draw_two_layers,
    draw_walk,
    draw_zeros,
)
from helpers.lessons.recorded_by_pytorch import gradients_of_the_lead
from helpers.numerical import numerical_jacobian

W = np.array([[1.0, 1.0], [0.5, 2.0], [-1.0, 1.0]])
b, x = np.array([[0.0], [1.0], [1.0]]), np.array([[2.0], [-1.0]])
SIZES = list(itertools.product((1, 3, 6, 12), (1, 2, 6, 12)))


def places(picture, letter):
    """Where the nodes x₁, x₂, … of a letter stand."""
    found = [t for t in picture.figure.axes[0].texts if re.fullmatch(f"{letter}[₁-₉]", t.get_text())]
    return [text.get_position() for text in sorted(found, key=lambda text: text.get_text())]


def slope(i):
    z = sum(W[i, j] * x[j, 0] for j in range(2)) + b[i, 0]
    return 1 / math.cosh(z) ** 2


def written(picture):
    """The numbers of the walk by their labels: {"W[0,1]": …, "z₁ value": …}; "W₁₁ = 2" counts as 2."""
    labelled = [t for t in picture.figure.axes[0].texts if t.get_label() and t.get_label()[0] != "_"]
    return {t.get_label(): float(plain(t.get_text()).split(" = ")[-1]) for t in labelled}


WALKS = [(W, b, x, np.array([[2.0], [-1.0], [4.0]])), (W.T, x, b, x), (W[:, :1], b, x[:1], b + 2.0)]


@pytest.mark.parametrize(("W", "b", "x", "u"), WALKS)
def test_the_walk_back_shows_the_measured_slopes(W, b, x, u):
    L = lambda W, b, x: (u * np.tanh(W @ x + b)).sum()
    z = W @ x + b
    truth = {"L value": L(W, b, x), "L gradient": 1.0}
    on_W, on_x = complex_step(lambda W: L(W, b, x), W), complex_step(lambda x: L(W, b, x), x)
    on_b = complex_step(lambda b: L(W, b, x), b)
    for (i, j), slope in np.ndenumerate(on_W):
        truth |= {f"weight[{i},{j}]": W[i, j], f"grad_W[{i},{j}]": slope}
    for i in range(len(W)):
        at = lowered(i + 1)
        truth |= {f"z{at} value": z[i, 0], f"z{at} gradient": on_b[i, 0], f"n{at} value": math.tanh(z[i, 0])}
        truth |= {f"n{at} gradient": u[i, 0], f"u[{i}]": u[i, 0], f"slope[{i}]": 1 / math.cosh(z[i, 0]) ** 2}
    for j in range(len(x)):
        truth |= {f"x{lowered(j + 1)} value": x[j, 0], f"x{lowered(j + 1)} gradient": on_x[j, 0]}
    picture = draw_walk(W, b, x, u)
    assert written(picture) == pytest.approx(truth, abs=0.0051)
    told = [float(v) for v in re.findall(r"-?[0-9.]*[0-9]", plain(picture.description.split("Under the nodes")[1]))]
    expected = np.concatenate([u, on_b, on_x, on_W.reshape(-1, 1)]).ravel()
    assert told == pytest.approx(expected.tolist(), abs=0.0051)
    assert_legible(picture)

    forward = draw_walk(W, b, x)
    kept = {name: v for name, v in truth.items() if "weight" in name or ("value" in name and "L" not in name)}
    assert written(forward) == pytest.approx(kept, abs=0.0051)
    assert_legible(forward)


@pytest.mark.parametrize(("W", "b", "x", "u"), WALKS)
def test_every_arrow_of_the_walk_joins_its_two_nodes(W, b, x, u):
    picture = draw_walk(W, b, x, u)
    spots = {letter: places(picture, letter) for letter in "xzn"}
    joined = [(f"W[{i},{j}]", spots["x"][j], spots["z"][i]) for i, j in np.ndindex(W.shape)]
    joined += [(f"σ[{i}]", spots["z"][i], spots["n"][i]) for i in range(len(W))]
    for label, (left, upper), (right, lower) in joined:
        [((a, y), (c, v))] = arrows(picture, label)
        assert left < a < c < right and (y, v) == pytest.approx((upper, lower))
    assert all(len(arrows(picture, f"u[{i}]")) == 1 for i in range(len(W)))


@pytest.mark.parametrize("i", [1, 2, 3])
def test_each_row_has_its_own_factor(i):
    slopes = np.array([[slope(k)] for k in range(3)])
    picture = draw_scaled_rows(slopes, W, i)
    row, result = re.search(r"of W, \((.*?)\), .* of DW, \((.*?)\);", picture.description).groups()
    assert numbers(row) == W[i - 1].tolist()
    assert numbers(result) == pytest.approx([slope(i - 1) * w for w in W[i - 1]], abs=0.0051)
    by_loop = np.array([[slope(k) * w for w in W[k]] for k in range(3)])
    for name, truth in (("D (3, 3)", np.diag(slopes.ravel())), ("W (3, 2)", W), ("DW (3, 2)", by_loop)):
        np.testing.assert_allclose(values(cells(picture, name)), truth, atol=0.0051)
    assert marked(picture, "D (3, 3)") == {(i - 1, i - 1)}
    assert marked(picture, "W (3, 2)") == marked(picture, "DW (3, 2)") == {(i - 1, 0), (i - 1, 1)}
    assert_legible(picture)


@pytest.mark.parametrize(("sigma", "nonzero"), [(Tanh(), 6), (Softmax(), 18)])
def test_the_items_and_their_glued_form_hold_the_measured_slopes(sigma, nonzero):
    picture = draw_items(sigma.d(W @ x + b), x)
    slopes = complex_step(lambda W: sigma(W @ x + b).ravel(), W)  # [i, k, j]
    for j, name in enumerate(("x₁D,  x₁ = 2", "x₂D,  x₂ = −1")):
        np.testing.assert_allclose(values(cells(picture, name)), slopes[:, :, j], atol=0.0051)
    wide = np.hstack([slopes[:, :, 0], slopes[:, :, 1]])
    np.testing.assert_allclose(values(cells(picture, "xᵀ ⊗ D  (3, 6)")), wide, atol=0.0051)
    assert {"11", "21", "31", "12", "22", "32"} <= set(texts(picture))
    assert numbers(picture.description)[-2:] == [nonzero, 18]
    assert numbers(picture.description.split("D times ")[1])[:2] == [2, -1]
    assert_legible(picture)


@pytest.mark.parametrize("widths", [(2, 2, 2), (4, 3, 2)])
def test_the_two_layers_name_their_own_shapes(widths):
    picture = draw_two_layers(widths)
    a, m, k = widths
    assert f"({m}, {a}) and ({k}, {m})" in picture.description
    assert ("still fits" in picture.description) == (len(set(widths)) == 1)
    written = texts(picture)
    assert "D⁽⁰⁾ = diag σ′(z⁽⁰⁾)" in written and "D⁽¹⁾ = diag σ′(z⁽¹⁾)" in written
    assert "dn⁽¹⁾/dn⁽⁰⁾ = D⁽¹⁾W⁽¹⁾" in written and "dn⁽⁰⁾/dx = D⁽⁰⁾W⁽⁰⁾" in written
    assert f"W⁽⁰⁾ ({m}, {a}),  b⁽⁰⁾" in written and f"W⁽¹⁾ ({k}, {m}),  b⁽¹⁾" in written
    assert_legible(picture)


def matrices(picture, name):
    """(left, top, width, height) of each matrix of that name, and of each of its squares that stand out."""
    grounds = [g for g in within(picture.figure, Rectangle) if g.get_label() == name]
    [patch] = [p for p in within(picture.figure, PathPatch) if p.get_label() == f"{name}: not zero"]
    outlines = patch.get_path().vertices.reshape(-1, 5, 2)
    squares = [(*outline.min(axis=0), *np.ptp(outline, axis=0)) for outline in outlines]
    return [(*g.get_xy(), g.get_width(), g.get_height()) for g in grounds], squares


def standing_out(ground, squares, cell):
    """The places (i, j) of the squares that lie on this matrix."""
    left, top, width, height = ground
    inside = [
        (x - left, y - top) for x, y, _, _ in squares if left - 1 < x < left + width and top - 1 < y < top + height
    ]
    return {(round(y / cell), round(x / cell)) for x, y in inside}


@pytest.mark.parametrize(("M", "N"), SIZES)
def test_the_zeros_are_counted_one_by_one(M, N):
    picture = draw_zeros(M, N)
    by_column = [x_j * np.diag(SLOPES[:M]) for x_j in INPUTS[:N]]
    wide = np.hstack(by_column)
    gradient = np.array([[u * s * x_j for x_j in INPUTS[:N]] for u, s in zip(UPSTREAM[:M], SLOPES, strict=False)])
    assert {f"dn/dW: {N} block{'s' * (N > 1)} ({M}, {M})", f"gradient ({M}, {N})"} <= set(texts(picture))
    cell = matrices(picture, "gradient")[0][0][2] / N
    for name, truths in (("block", by_column), ("gradient", [gradient])):
        grounds, squares = matrices(picture, name)
        assert np.array(squares)[:, 2:] == pytest.approx(cell)  # in both of one size
        assert len(squares) == sum(np.count_nonzero(truth) for truth in truths)
        for k, (ground, truth) in enumerate(zip(grounds, truths, strict=True)):
            assert ground[2:] == pytest.approx((truth.shape[1] * cell, truth.shape[0] * cell))
            assert standing_out(ground, squares, cell) == {(int(i), int(j)) for i, j in np.argwhere(truth)}
            if (M, N) in ((1, 1), (3, 2), (1, 6)):
                np.testing.assert_allclose(values(cells(picture, f"{name} {k}")), truth, atol=0.0051)
    page, prices = picture.figure.axes
    beside, below = matrices(picture, "gradient")[0][0][0], (1 - prices.get_position().y1) * page.get_ylim()[0]
    for j, (left, top, width, height) in enumerate(matrices(picture, "block")[0]):
        [label] = [text for text in shown(picture) if text.get_text() == f"x{lowered(j + 1)}D"]
        x, y = label.get_position()
        assert left < x < left + width < beside and 0 < top - y < 24 and top + height < below
    stored, needed = wide.size, np.count_nonzero(wide)
    said = numbers(picture.description)
    assert said[:6] == [N, M, M, stored, needed, stored - needed]
    assert said[7:11] == [2 * stored, 8 * (stored + needed), M + M * N, 8 * (M + M * N)]
    assert said[13:] == [25690112, 100480]
    assert_legible(picture)


@pytest.mark.parametrize(("M", "N"), [(1, 1), (3, 2), (12, 12)])
def test_the_bars_are_the_costs_of_both_ways(M, N):
    picture = draw_zeros(M, N)
    prices = picture.figure.axes[1]
    bars = [bar.get_width() for bar in prices.patches]
    assert bars == [2 * M * M * N, M + M * N, 8 * (M * M * N + M * N), 8 * (M + M * N)]
    assert prices.get_xscale() == "log"
    assert {f"{bar:,}" for bar in bars} <= set(texts(picture))
    large = [2 * 128 * 128 * 784, 128 + 128 * 784, 8 * (128 * 128 * 784 + 128 * 784), 8 * (128 + 128 * 784)]
    assert points(picture, "_(128, 784)")[0].tolist() == large


def test_the_reference_of_the_exercises_is_the_layer():
    def backward(u, W, b, x, g):
        return UseTheDiagonal().solution(u, W, b, x, g)

    shapes = {"W": ("M", "N"), "b": ("M", 1), "x": ("N", 1), "g": ("M", 1)}
    assert "agree" in check_gradients(lambda W, b, x, g: g * np.tanh(W @ x + b), backward, shapes)

    rng = np.random.default_rng(0)
    for M, N in ((3, 2), (2, 5)):
        W, b, x = rng.normal(size=(M, N)), rng.normal(size=(M, 1)), rng.normal(size=(N, 1))
        found = []
        for sigma in (Tanh(), Softmax()):
            dW, db = Dense(W, b, sigma).d_params(x)
            found.append((dW.size, sum(np.count_nonzero(item) for item in dW), np.count_nonzero(db)))
        (stored, by_tanh, bias), (_, by_softmax, _) = found
        assert list(CountTheZeros().solution(M, N).values()) == [stored, by_tanh, bias, by_softmax]


def test_the_layer_that_is_added_and_the_squared_weights_are_measured():
    rng = np.random.default_rng(1)
    for case in AddedToItsInput().cases(rng):
        W, b, x = case["W"], case["b"], case["x"]
        whole = numerical_jacobian(lambda x, W=W, b=b: x + 1 / (1 + np.exp(-(W @ x + b))), x)
        np.testing.assert_allclose(AddedToItsInput().solution(W, b, x), whole, atol=1e-12)
    for case in ByTheSquares().cases(rng):
        W, b, x = case["W"], case["b"], case["x"]
        items, wide = ByTheSquares().solution(W, b, x)
        slopes = complex_step(lambda W, b=b, x=x: np.tanh(W**2 @ x + b).ravel(), W)
        for j, item in zip(range(W.shape[1]), items, strict=True):
            np.testing.assert_allclose(item, slopes[:, :, j], atol=1e-12)
        np.testing.assert_allclose(wide, slopes.reshape(len(W), -1, order="F"), atol=1e-12)


def test_pytorch_s_gradients_of_the_first_layer_are_measured():
    net, (X, _) = digit_network(), some_digits()
    (bottom, top), x = net.layers, X[:, [19]]

    def lead(W, b, x):
        scores = top.W @ np.tanh(W @ x + b) + top.b
        return (scores[5] - scores[9]).sum()

    theirs = gradients_of_the_lead()
    assert {name: grad.shape for name, grad in theirs.items()} == {"W": (32, 64), "b": (32, 1), "x": (64, 1)}
    on_W = complex_step(lambda W: lead(W, bottom.b, x), bottom.W)
    np.testing.assert_allclose(theirs["W"], on_W, rtol=0, atol=1e-13)
    np.testing.assert_allclose(theirs["b"], complex_step(lambda b: lead(bottom.W, b, x), bottom.b), rtol=0, atol=1e-13)
    np.testing.assert_allclose(theirs["x"], complex_step(lambda x: lead(bottom.W, bottom.b, x), x), rtol=0, atol=1e-13)
