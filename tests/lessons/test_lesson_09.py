"""Lesson 09: its pictures against loops and measurements, at their controls' ends and middle."""

import itertools
import math
import re

import numpy as np
import pytest
from reading import arrows, assert_legible, cells, marked, numbers, plain, points, texts, values

from helpers.activations import Softmax, Tanh
from helpers.gradcheck import check_gradients
from helpers.layers import Dense
from helpers.lessons.lesson_09.exercises import CountTheZeros, UseTheDiagonal
from helpers.lessons.lesson_09.pictures import (
    INPUTS,
    SLOPES,
    UPSTREAM,
    draw_items,
    draw_layer,
    draw_scaled_rows,
    draw_two_layers,
    draw_zeros,
)

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


@pytest.mark.parametrize("i", [1, 2, 3])
@pytest.mark.parametrize("j", [1, 2])
def test_the_path_from_an_input_to_an_output(i, j):
    picture = draw_layer(W, b, x, i, j)
    h = 1e-6
    raised = x + h * (np.arange(2) == j - 1).reshape(-1, 1)
    measured = (np.tanh(W @ raised + b) - np.tanh(W @ x + b))[i - 1, 0] / h
    weight, _, sigma, _, _, total = numbers(plain(picture.description).split(f"passes W{i}{j} = ")[1])
    assert [weight, sigma, total] == pytest.approx([W[i - 1, j - 1], slope(i - 1), measured], abs=0.0051)
    first, second = arrows(picture, "path")
    inputs, sums, outputs = (places(picture, letter) for letter in "xzn")
    assert first[0][1] == inputs[j - 1][1] and first[1][1] == sums[i - 1][1]
    assert second[0][1] == second[1][1] == outputs[i - 1][1]  # the second goes straight on
    assert inputs[0][0] < first[0][0] < first[1][0] < sums[0][0] < second[0][0] < second[1][0] < outputs[0][0]
    assert len(arrows(picture, "edge")) == 6 + 3 - 2
    assert numbers(picture.description)[:3] == [6, 2, 3]
    assert_legible(picture)


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
    slopes = np.empty((3, 3, 2))  # [i, k, j], by the complex step
    for k, j in np.ndindex(3, 2):
        raised = W.astype(complex)
        raised[k, j] += 1e-20j
        slopes[:, k, j] = sigma(raised @ x + b).imag.ravel() / 1e-20
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


def squares(picture, name):
    """The places (i, j) of the squares that stand out in the axes of that name."""
    [patch] = [p for ax in picture.figure.axes for p in ax.patches if p.get_label() == name]
    corners = patch.get_path().vertices.reshape(-1, 5, 2)
    return {(int(square[0][1]), int(square[0][0])) for square in corners}


@pytest.mark.parametrize(("M", "N"), SIZES)
def test_the_zeros_are_counted_one_by_one(M, N):
    picture = draw_zeros(M, N)
    wide = np.hstack([x_j * np.diag(SLOPES[:M]) for x_j in INPUTS[:N]])
    gradient = np.array([[u * s * x_j for x_j in INPUTS[:N]] for u, s in zip(UPSTREAM[:M], SLOPES, strict=False)])
    explicit, closed, _ = picture.figure.axes
    names = explicit.get_title(), closed.get_title()
    assert names == (f"dn/dW: {N} block{'s' * (N > 1)} ({M}, {M})", f"gradient ({M}, {N})")
    for name, ax, truth in zip(names, (explicit, closed), (wide, gradient), strict=True):
        assert squares(picture, name) == {(int(i), int(j)) for i, j in np.argwhere(truth)}
        assert (*ax.get_xlim(), *ax.get_ylim()) == (0, truth.shape[1], truth.shape[0], 0)
    if (M, N) == (3, 2):
        np.testing.assert_allclose(values(cells(picture, names[0])), wide, atol=0.0051)
        np.testing.assert_allclose(values(cells(picture, names[1])), gradient, atol=0.0051)
    stored, needed = wide.size, np.count_nonzero(wide)
    said = numbers(picture.description)
    assert said[:6] == [N, M, M, stored, needed, stored - needed]
    assert said[7:11] == [2 * stored, 8 * (stored + needed), M + M * N, 8 * (M + M * N)]
    assert said[13:] == [25690112, 100480]
    assert_legible(picture)


@pytest.mark.parametrize(("M", "N"), [(1, 1), (3, 2), (12, 12)])
def test_the_bars_are_the_costs_of_both_ways(M, N):
    picture = draw_zeros(M, N)
    bars = [bar.get_width() for bar in picture.figure.axes[2].patches]
    assert bars == [2 * M * M * N, M + M * N, 8 * (M * M * N + M * N), 8 * (M + M * N)]
    assert picture.figure.axes[2].get_xscale() == "log"
    assert {f"{bar:,}" for bar in bars} <= set(texts(picture))
    large = [2 * 128 * 128 * 784, 128 + 128 * 784, 8 * (128 * 128 * 784 + 128 * 784), 8 * (128 + 128 * 784)]
    assert points(picture, "_(128, 784)")[0].tolist() == large


def test_the_reference_of_the_exercises_is_the_layer():
    def backward(u, W, b, x):
        return UseTheDiagonal().solution(u, W, b, x)

    shapes = {"W": ("M", "N"), "b": ("M", 1), "x": ("N", 1)}
    assert "agree" in check_gradients(lambda W, b, x: np.tanh(W @ x + b), backward, shapes)

    rng = np.random.default_rng(0)
    for M, N in ((3, 2), (2, 5)):
        W, b, x = rng.normal(size=(M, N)), rng.normal(size=(M, 1)), rng.normal(size=(N, 1))
        found = []
        for sigma in (Tanh(), Softmax()):
            dW, db = Dense(W, b, sigma).d_params(x)
            found.append((dW.size, sum(np.count_nonzero(item) for item in dW), np.count_nonzero(db)))
        (stored, by_tanh, bias), (_, by_softmax, _) = found
        assert list(CountTheZeros().solution(M, N).values()) == [stored, by_tanh, bias, by_softmax]
