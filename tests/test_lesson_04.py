"""Lesson 04's pictures: their numbers and their lines against computations that do not use them."""

import math
import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from helpers.figures.axes import Axes
from helpers.figures.lesson_04 import (
    ELEMENTWISE,
    draw_activations,
    draw_kink,
    draw_landscape,
    draw_one_input,
    draw_softmax_raised,
    draw_wiring,
)

SVG = "{http://www.w3.org/2000/svg}"
SCALAR = {
    "sigmoid": (lambda z: 1 / (1 + math.exp(-z)), lambda z: math.exp(-z) / (1 + math.exp(-z)) ** 2),
    "tanh": (math.tanh, lambda z: 1 / math.cosh(z) ** 2),
    "ReLU": (lambda z: max(0.0, z), lambda z: float(z >= 0)),
}


def numbers(text):
    return [float(n) for n in re.findall(r"-?\d+(?:\.\d+)?", text.replace("\N{MINUS SIGN}", "-"))]


def lines(figure, dash=None, width=None):
    """The drawn polylines with that dash and width, as lists of pixels."""
    found = []
    for e in ET.fromstring(figure.svg()).iter(f"{SVG}polyline"):
        if e.get("stroke-dasharray") == dash and (width is None or e.get("stroke-width") == width):
            found.append([tuple(map(float, p.split(","))) for p in e.get("points").split()])
    return found


def cells(figure):
    """The entries of the 4 x 4 matrix of draw_one_input, as they stand in the picture."""
    texts = [
        (float(e.get("y")), float(e.get("x")), e.text)
        for e in ET.fromstring(figure.svg()).iter(f"{SVG}text")
        if float(e.get("x")) > 545 and 115 < float(e.get("y")) < 370
    ]
    assert len(texts) == 16
    rows = sorted({round(y / 64) for y, _, _ in texts})
    return np.array(
        [[numbers(t)[0] for _, t in sorted((x, t) for y, x, t in texts if round(y / 64) == r)] for r in rows]
    )


@pytest.fixture
def axes(monkeypatch):
    """The axes that a draw function makes, in order."""
    made = []
    old = Axes.__init__
    monkeypatch.setattr(Axes, "__init__", lambda self, *a, **k: (made.append(self), old(self, *a, **k))[1])
    return made


@pytest.mark.parametrize("z", [-4.0, -1.0, 1.0, 4.0])
def test_values_and_slopes_of_the_three_activations(z):
    said = draw_activations(z).description
    for name, (value, slope) in SCALAR.items():
        found = re.search(rf"{name} is (\S+) with slope ([−\d.]*\d)", said)
        assert numbers(found[1] + " " + found[2]) == pytest.approx([value(z), slope(z)], abs=5.1e-4)


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "ReLU"])
@pytest.mark.parametrize("z1", [-4.0, -0.1, 0.0, 0.5, 4.0])
def test_an_elementwise_activation_keeps_its_jacobian_diagonal(activation, z1):
    value, slope = SCALAR[activation]
    figure = draw_one_input(activation, z1)
    expected = np.diag([slope(z) for z in (z1, -1.0, 0.5, 1.5)])
    np.testing.assert_allclose(cells(figure), expected, atol=5.1e-5)
    assert f"first output is {value(z1):.3f}".rstrip("0").rstrip(".") in figure.description.replace("−", "-")
    assert f"{np.count_nonzero(expected)} of the 4 on the diagonal" in figure.description
    assert ("a choice" in figure.description) == (activation == "ReLU" and z1 == 0)


@pytest.mark.parametrize("z1", [-4.0, 0.0, 0.5, 4.0])
def test_softmax_fills_its_jacobian(z1):
    weights = [math.exp(z) for z in (z1, -1.0, 0.5, 1.5)]
    p = [w / sum(weights) for w in weights]
    expected = [[p[i] * (1 - p[i]) if i == j else -p[i] * p[j] for j in range(4)] for i in range(4)]
    figure = draw_one_input("softmax", z1)
    np.testing.assert_allclose(cells(figure), expected, atol=5.1e-5)
    assert np.count_nonzero(cells(figure)) == 16
    assert "All 16 entries" in figure.description


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "ReLU", "softmax"])
@pytest.mark.parametrize("z1", [-2.0, -0.3, 0.7, 2.5])
def test_the_tangent_has_the_slope_of_its_curve(activation, z1, axes):
    figure = draw_one_input(activation, z1)
    width, height = axes[0].box[2:]
    x_range, y_range = axes[0].x, axes[0].y
    [tangent] = [run for run in lines(figure, "6 3") if run[-1][0] - run[0][0] > 30]  # not the legend's sample
    (x0, y0), (x1, y1) = tangent[0], tangent[-1]
    drawn = -(y1 - y0) / height * (y_range[1] - y_range[0]) / ((x1 - x0) / width * (x_range[1] - x_range[0]))

    others = sum(math.exp(z) for z in (-1.0, 0.5, 1.5))
    curve = SCALAR[activation][0] if activation in SCALAR else lambda z: math.exp(z) / (math.exp(z) + others)
    measured = (curve(z1 + 1e-5) - curve(z1 - 1e-5)) / 2e-5
    assert drawn == pytest.approx(measured, abs=0.01)


def test_a_slider_step_that_is_nearly_zero_is_zero():
    assert draw_one_input("ReLU", 1e-16).svg() == draw_one_input("ReLU", 0.0).svg()


@pytest.mark.parametrize("alpha", [0.1, 0.8, 3.0])
def test_lines_through_the_corner(alpha, axes):
    figure = draw_kink(alpha)
    width, height = axes[0].box[2:]
    scale = (axes[0].y[1] - axes[0].y[0]) / height * width / (axes[0].x[1] - axes[0].x[0])
    for share, dash in ((0.0, "8 4"), (0.5, "2 3"), (1.0, "12 3 3 3")):
        [run] = [run for run in lines(figure, dash) if run[-1][0] - run[0][0] > 30]
        (x0, y0), (x1, y1) = run[0], run[-1]
        assert -(y1 - y0) / (x1 - x0) * scale == pytest.approx(share * alpha, abs=2e-3 * alpha)
    assert "all stay on or below the graph" in figure.description
    assert numbers(figure.description)[:2] == [0, alpha]
    assert "do not all stay below" in draw_kink(alpha, (0.0, 0.5, 1.2)).description


@pytest.mark.parametrize("N", [2, 4, 6])
def test_the_wiring_has_an_arrow_for_each_entry(N):
    figure = draw_wiring(N)
    assert len(lines(figure)) == 2 * N  # straight ones, in both halves
    assert len(lines(figure, "5 4")) == N * N - N
    assert numbers(figure.description.replace("x_j", "").replace("y_j", "")) == [N, N * N, N, N * N - N]


@pytest.mark.parametrize(("j", "dz"), [(1, 0.5), (3, -2.0), (2, 4.0)])
def test_softmax_changes_add_up_to_nothing(j, dz):
    z = [2.0, 1.0, 0.0]
    before = [math.exp(v) / sum(map(math.exp, z)) for v in z]
    z[j - 1] += dz
    after = [math.exp(v) / sum(map(math.exp, z)) for v in z]
    said = draw_softmax_raised([2.0, 1.0, 0.0], j, dz).description
    changes = [numbers(text)[0] for text in re.findall(r"p_\d by (\S+\d)", said)]
    assert changes == pytest.approx([q - p for p, q in zip(before, after, strict=True)], abs=5.1e-4)
    assert said.endswith("add up to 0.")


def test_the_landscape_says_who_moved():
    t = np.linspace(-3, 3, 61)
    paths = {"step": ([1.5, 1.5, 1.5], [0.25, 0.25, 0.25]), "sigmoid": ([1.5, 1.0, 0.25], [0.6, 0.4, 0.125])}
    said = draw_landscape(t, {"step": np.full(61, 0.25), "sigmoid": t**2 / 4}, paths).description
    assert said == (
        "In 2 steps of descent: step stays at t = 1.5 with loss 0.25; "
        "sigmoid goes from t = 1.5 to 0.25 and from loss 0.6 to 0.125."
    )


def test_the_library_used_for_the_curves_is_the_mathematics():
    for name, (value, slope) in SCALAR.items():
        for z in (-3.0, -0.2, 0.4, 2.0):
            column = np.array([[z]])
            assert ELEMENTWISE[name](column).item() == pytest.approx(value(z), abs=1e-14)
            assert ELEMENTWISE[name].slope(column).item() == pytest.approx(slope(z), abs=1e-14)
