"""Lesson 09: its pictures against loops and measurements, at their controls' ends and middle."""

import itertools
import math
import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from helpers.activations import Softmax, Tanh
from helpers.exercises.lesson_09 import CountTheZeros, UseTheDiagonal
from helpers.figures.lesson_09 import (
    INPUTS,
    SLOPES,
    UPSTREAM,
    draw_items,
    draw_layer,
    draw_scaled_rows,
    draw_two_layers,
    draw_zeros,
)
from helpers.gradcheck import check_gradients
from helpers.layers import Dense

SVG = "{http://www.w3.org/2000/svg}"
W = np.array([[1.0, 1.0], [0.5, 2.0], [-1.0, 1.0]])
b, x = np.array([[0.0], [1.0], [1.0]]), np.array([[2.0], [-1.0]])
SIZES = list(itertools.product((1, 3, 6, 12), (1, 2, 6, 12)))


def elements(figure, kind, **wanted):
    found = ET.fromstring(figure.svg()).iter(f"{SVG}{kind}")
    return [e for e in found if all(e.get(name.replace("_", "-")) == value for name, value in wanted.items())]


def numbers(text):
    return [float(n) for n in re.findall(r"-?\d+(?:\.\d+)?", text.replace("\N{MINUS SIGN}", "-").replace(",", ""))]


def texts(figure):
    return ["".join(e.itertext()).replace("\u200b", "") for e in elements(figure, "text")]


def slope(i):
    z = sum(W[i, j] * x[j, 0] for j in range(2)) + b[i, 0]
    return 1 / math.cosh(z) ** 2


@pytest.mark.parametrize("i", [1, 2, 3])
@pytest.mark.parametrize("j", [1, 2])
def test_the_path_from_an_input_to_an_output(i, j):
    figure = draw_layer(W, b, x, i, j)
    h = 1e-6
    raised = x + h * (np.arange(2) == j - 1).reshape(-1, 1)
    measured = (np.tanh(W @ raised + b) - np.tanh(W @ x + b))[i - 1, 0] / h
    said = figure.description.split(f"passes W_{i}{j} = ")[1]
    weight, _, sigma, _, _, total = numbers(said)
    assert [weight, sigma, total] == pytest.approx([W[i - 1, j - 1], slope(i - 1), measured], abs=0.0051)
    thick = elements(figure, "polyline", stroke_width="4")
    ends = [[tuple(map(float, p.split(","))) for p in e.get("points").split()] for e in thick]
    assert len(ends) == 2  # one arrow of each stage
    (x0, y0), (x1, y1) = ends[0]
    start, end = (float(e.get("cy")) for e in elements(figure, "circle", fill="#F0E442"))
    assert y0 == start and y0 + (379 - x0) * (y1 - y0) / (x1 - x0) == pytest.approx(end, abs=0.5)
    assert ends[1][0][1] == ends[1][1][1] == end  # the second goes straight on
    inputs, outputs = ([float(e.get("cy")) for e in elements(figure, "circle", cx=cx)] for cx in ("120", "600"))
    assert (inputs[j - 1], outputs[i - 1]) == (start, end)
    assert len(elements(figure, "polyline")) == 6 + 3
    assert numbers(figure.description)[:3] == [6, 2, 3]


@pytest.mark.parametrize("i", [1, 2, 3])
def test_each_row_has_its_own_factor(i):
    slopes = np.array([[slope(k)] for k in range(3)])
    figure = draw_scaled_rows(slopes, W, i)
    row, result = re.search(r"of W, \((.*?)\), .* of DW, \((.*?)\);", figure.description).groups()
    assert numbers(row) == W[i - 1].tolist()
    assert numbers(result) == pytest.approx([slope(i - 1) * w for w in W[i - 1]], abs=0.0051)
    assert len(elements(figure, "rect", fill="#F0E442")) == 1 + 2 + 2
    drawn = [numbers(e.text)[0] for e in elements(figure, "text") if e.get("fill") in ("#222222", "#767676") and e.text
             and re.fullmatch(r"−?[\d.]+", e.text)]  # fmt: skip
    by_loop = [slope(k) * w for k in range(3) for w in W[k]]
    assert drawn == pytest.approx([*np.diag(slopes.ravel()).ravel(), *W.ravel(), *by_loop], abs=0.0051)


@pytest.mark.parametrize(("sigma", "nonzero"), [(Tanh(), 6), (Softmax(), 18)])
def test_the_items_and_their_glued_form_hold_the_measured_slopes(sigma, nonzero):
    figure = draw_items(sigma.d(W @ x + b), x)
    cells = [t for t in texts(figure) if re.fullmatch(r"−?\d+(\.\d+)?", t)]
    slopes = np.empty((3, 3, 2))  # [i, k, j], by the complex step
    for k, j in np.ndindex(3, 2):
        raised = W.astype(complex)
        raised[k, j] += 1e-20j
        slopes[:, k, j] = sigma(raised @ x + b).imag.ravel() / 1e-20
    label = {str(n) for n in (1, 2, 3)} | {"11", "21", "31", "12", "22", "32"}
    wide = np.hstack([slopes[:, :, 0], slopes[:, :, 1]])
    top = min(float(e.get("y")) for e in elements(figure, "text") if e.text == "weight")
    below = [
        numbers(e.text)[0]
        for e in elements(figure, "text")
        if float(e.get("y")) > top + 10 and e.get("fill") in ("#222222", "#767676") and e.text in cells
    ]
    assert below == pytest.approx(wide.ravel(), abs=0.0051)
    assert label <= set(texts(figure))
    assert numbers(figure.description)[-2:] == [nonzero, 18]
    assert numbers(figure.description.split("D times ")[1])[:2] == [2, -1]


@pytest.mark.parametrize("widths", [(2, 2, 2), (4, 3, 2)])
def test_the_two_layers_name_their_own_shapes(widths):
    figure = draw_two_layers(widths)
    a, m, k = widths
    assert f"({m}, {a}) and ({k}, {m})" in figure.description
    assert ("still fits" in figure.description) == (len(set(widths)) == 1)
    written = texts(figure)
    for layer in (0, 1):
        assert f"D({layer}) = diag σ'(z({layer}))" in written
    assert "dn(1)/dn(0) = D(1)W(1)" in written and "dn(0)/dx = D(0)W(0)" in written


@pytest.mark.parametrize(("M", "N"), SIZES)
def test_the_zeros_are_counted_one_by_one(M, N):
    figure = draw_zeros(M, N)
    blocks = [x_j * np.diag(SLOPES[:M]) for x_j in INPUTS[:N]]
    stored, needed = sum(block.size for block in blocks), sum(int((block != 0).sum()) for block in blocks)
    gradient = np.array([[u * s * x_j for x_j in INPUTS[:N]] for u, s in zip(UPSTREAM[:M], SLOPES, strict=False)])
    light = elements(figure, "rect", fill="#FFF6A8")
    assert len(light) == needed + gradient.size
    grey = elements(figure, "rect", fill="#DADADA")
    cell = float(light[0].get("width"))
    areas = [float(e.get("width")) * float(e.get("height")) / cell**2 for e in grey]
    assert sum(areas[:-1]) == pytest.approx(stored, rel=0.05) and areas[-1] == pytest.approx(M * N, rel=0.05)
    for e in light:  # inside the card, above the bars
        assert 0 < float(e.get("x")) and float(e.get("x")) + cell <= 821 and float(e.get("y")) + cell < 300
    if cell >= 34:
        values = [
            numbers(e.text)[0]
            for e in elements(figure, "text", font_size="12", fill="#222222")
            if float(e.get("y")) < 300 and re.fullmatch(r"−?[\d.]+", e.text)
        ]
        assert values[-gradient.size :] == pytest.approx(gradient.ravel(), abs=0.0051)
    said = numbers(figure.description)
    assert said[:6] == [N, M, M, stored, needed, stored - needed]
    assert said[7:11] == [2 * stored, 8 * (stored + needed), M + M * N, 8 * (M + M * N)]
    assert said[13:] == [25690112, 100480]


@pytest.mark.parametrize(("M", "N"), SIZES)
def test_no_block_covers_another(M, N):
    boxes = [
        [float(e.get(name)) for name in ("x", "y", "width", "height")]
        for e in elements(draw_zeros(M, N), "rect", fill="#DADADA")
    ]
    assert len(boxes) == N + 1
    for (x0, y0, w0, h0), (x1, y1, w1, h1) in itertools.combinations(boxes, 2):
        assert x0 + w0 <= x1 or x1 + w1 <= x0 or y0 + h0 <= y1 or y1 + h1 <= y0


@pytest.mark.parametrize(("M", "N"), [(1, 1), (3, 2), (12, 12)])
def test_the_bars_are_logarithmic(M, N):
    bars = [e for color in ("#D55E00", "#0072B2") for e in elements(draw_zeros(M, N), "rect", fill=color)]
    lengths = [float(e.get("width")) for e in bars]
    values = [2 * M * M * N, 8 * (M * M * N + M * N), M + M * N, 8 * (M + M * N)]
    assert lengths == pytest.approx([500 / 9 * math.log10(v) for v in values], abs=0.06)


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
