"""Lesson 04: its pictures and references against computations that do not use them."""

import math
import re

import numpy as np
import pytest
from complex_step import complex_step
from matplotlib.colors import same_color
from matplotlib.patches import Rectangle
from reading import arrows, assert_legible, cells, marked, numbers, points, shown, texts

from helpers.lessons.lesson_04.exercises import ChoiceAtZero, LogOfAProbability, OffTheDiagonal, SlopeFromValue
from helpers.lessons.lesson_04.pictures import (
    ELEMENTWISE,
    draw_one_input,
    draw_softmax_raised,
    draw_three_slopes,
    draw_wiring,
)

SCALAR = {
    "sigmoid": (lambda z: 1 / (1 + math.exp(-z)), lambda z: math.exp(-z) / (1 + math.exp(-z)) ** 2),
    "tanh": (math.tanh, lambda z: 1 / math.cosh(z) ** 2),
    "ReLU": (lambda z: max(0.0, z), lambda z: float(z >= 0)),
}


def jacobian(picture):
    """The entries of the 4 x 4 matrix of draw_one_input, as they stand in the picture."""
    return np.vectorize(lambda text: numbers(text)[0])(cells(picture, "Jacobian J (4, 4)"))


def line(ax, label):
    """The data (2, K) of the line of that label in these axes."""
    [found] = [line for line in ax.lines if line.get_label() == label]
    return np.array(found.get_data(), float)


def test_values_and_slopes_of_the_three_activations():
    picture = draw_three_slopes()
    left, right = picture.figure.axes
    for name, (value, slope) in SCALAR.items():
        found = re.search(rf"{name} is (\S+) with slope ([\d.]*\d)", picture.description)
        assert numbers(found[1] + " " + found[2]) == pytest.approx([value(1.0), slope(1.0)], abs=5.1e-4)
        for ax, f, near, gaps in ((left, value, 1e-12, 0), (right, slope, 1e-8, 1)):
            x, y = line(ax, name)
            drawn = np.isfinite(y)
            assert y[drawn] == pytest.approx([f(s) for s in x[drawn]], abs=near)
            assert (x[0], x[-1], x[len(x) // 2]) == (-4, 4, pytest.approx(0, abs=1e-12))
            assert np.flatnonzero(~drawn).tolist() == [len(x) // 2] * gaps  # at the jump no slope is drawn
    [jump] = [line for line in right.lines if line.get_marker() == "o"]
    assert np.array(jump.get_data()).tolist() == [[0, 0], [0, 1]]
    assert_legible(picture)


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "ReLU"])
@pytest.mark.parametrize("z1", [-4.0, -0.1, 0.0, 0.5, 4.0])
def test_an_elementwise_activation_keeps_its_jacobian_diagonal(activation, z1):
    value, slope = SCALAR[activation]
    figure = draw_one_input(activation, z1)
    expected = np.diag([slope(z) for z in (z1, -1.0, 0.5, 1.5)])
    np.testing.assert_allclose(jacobian(figure), expected, atol=5.1e-5)
    assert marked(figure, "Jacobian J (4, 4)") == {tuple(map(int, at)) for at in np.argwhere(expected)}
    assert_legible(figure)
    assert f"first output is {value(z1):.3f}".rstrip("0").rstrip(".") in figure.description.replace("−", "-")
    assert f"{np.count_nonzero(expected)} of the 4 on the diagonal" in figure.description
    assert ("a choice" in figure.description) == (activation == "ReLU" and z1 == 0)


@pytest.mark.parametrize("z1", [-4.0, 0.0, 0.5, 4.0])
def test_softmax_fills_its_jacobian(z1):
    weights = [math.exp(z) for z in (z1, -1.0, 0.5, 1.5)]
    p = [w / sum(weights) for w in weights]
    expected = [[p[i] * (1 - p[i]) if i == j else -p[i] * p[j] for j in range(4)] for i in range(4)]
    figure = draw_one_input("softmax", z1)
    np.testing.assert_allclose(jacobian(figure), expected, atol=5.1e-5)
    assert np.count_nonzero(jacobian(figure)) == 16
    assert_legible(figure)
    assert "All 16 entries" in figure.description


@pytest.mark.parametrize("activation", ["sigmoid", "tanh", "ReLU", "softmax"])
@pytest.mark.parametrize("z1", [-2.0, -0.3, 0.7, 2.5])
def test_the_tangent_has_the_slope_of_its_curve(activation, z1):
    picture = draw_one_input(activation, z1)
    (x0, x1), (y0, y1) = points(picture, "tangent")
    others = sum(math.exp(z) for z in (-1.0, 0.5, 1.5))
    curve = SCALAR[activation][0] if activation in SCALAR else lambda z: math.exp(z) / (math.exp(z) + others)
    measured = (curve(z1 + 1e-5) - curve(z1 - 1e-5)) / 2e-5
    assert (y1 - y0) / (x1 - x0) == pytest.approx(measured, abs=1e-8)
    assert ((x0 + x1) / 2, (y0 + y1) / 2) == pytest.approx((z1, curve(z1)), abs=1e-12)
    x, y = points(picture, "p₁" if activation == "softmax" else f"{activation}(z₁)")
    assert y == pytest.approx([curve(z) for z in x], abs=1e-12)
    [title] = [text for text in texts(picture) if text.startswith("black, dashed: the tangent")]
    assert numbers(title) == pytest.approx([measured], abs=5.1e-4)


@pytest.mark.parametrize("z1", [-4.0, 0.0, 4.0])
def test_the_other_outputs_of_softmax(z1):
    picture = draw_one_input("softmax", z1)
    for label, score in (("p₂", -1.0), ("p₃", 0.5), ("p₄", 1.5)):
        x, y = points(picture, label)
        others = sum(math.exp(z) for z in (-1.0, 0.5, 1.5))
        assert y == pytest.approx([math.exp(score) / (math.exp(z) + others) for z in x], abs=1e-12)
    for label in ("p₁", "p₂", "p₃", "p₄"):
        [name] = [text for text in shown(picture) if text.get_text() == label]
        x, y = name.get_position()
        assert 0 < y - np.interp(x, *points(picture, label)) < 0.12  # it stands over its curve
        [line] = [line for line in picture.figure.axes[-1].lines if line.get_label() == label]
        assert same_color(name.get_color(), line.get_color())


def test_the_line_through_the_corner_is_no_tangent():
    picture = draw_one_input("ReLU", 0.0)
    (x0, x1), (y0, y1) = points(picture, "chosen slope")
    assert (y0, y1) == pytest.approx((x0, x1), abs=1e-12)
    assert "black, dashed: slope 1, a choice (no tangent)" in texts(picture)


def test_a_slider_step_that_is_nearly_zero_is_zero():
    assert draw_one_input("ReLU", 1e-16).svg() == draw_one_input("ReLU", 0.0).svg()


@pytest.mark.parametrize("N", [2, 4, 6])
def test_the_wiring_has_an_arrow_for_each_entry(N):
    picture = draw_wiring(N)
    assert len(arrows(picture, "straight")) == 2 * N  # in both halves
    assert len(arrows(picture, "across")) == N * N - N
    assert numbers(picture.description) == [N, N * N, N, N * N - N]
    assert_legible(picture)


@pytest.mark.parametrize(("j", "delta"), [(1, 0.5), (3, -2.0), (2, 4.0)])
def test_softmax_changes_add_up_to_nothing(j, delta):
    f = [2.0, 1.0, 0.0]
    before = [math.exp(v) / sum(map(math.exp, f)) for v in f]
    f[j - 1] += delta
    after = [math.exp(v) / sum(map(math.exp, f)) for v in f]
    picture = draw_softmax_raised([2.0, 1.0, 0.0], j, delta)
    changes = [numbers(text)[0] for text in re.findall(r"p[₁₂₃] by (\S+\d)", picture.description)]
    assert changes == pytest.approx([q - p for p, q in zip(before, after, strict=True)], abs=5.1e-4)
    assert picture.description.endswith("add up to 0.")
    bars = [p.get_height() for p in picture.figure.axes[0].patches if isinstance(p, Rectangle)]
    assert bars == pytest.approx([*before, *after], abs=1e-12)
    assert [f"{p:.3f}" for p in (*before, *after)] == [
        text for text in texts(picture) if re.fullmatch(r"0\.\d{3}", text)
    ]
    assert_legible(picture)


def test_the_library_used_for_the_curves_is_the_mathematics():
    for name, (value, slope) in SCALAR.items():
        for z in (-3.0, -0.2, 0.4, 2.0):
            column = np.array([[z]])
            assert ELEMENTWISE[name](column).item() == pytest.approx(value(z), abs=1e-14)
            assert ELEMENTWISE[name].slope(column).item() == pytest.approx(slope(z), abs=1e-14)


# --- the references of the exercises ---------------------------------------------------------------------------


@pytest.mark.parametrize(("low", "high"), [(0.0, 1.0), (-2.0, 3.0), (0.5, 0.6)])
def test_the_slope_from_the_value_is_measured(low, high):
    z = np.array([[-3.0], [0.2], [1.1]])
    y = low + (high - low) / (1 + np.exp(-z))
    measured = complex_step(lambda z: (low + (high - low) / (1 + np.exp(-z))).sum(), z)
    np.testing.assert_allclose(SlopeFromValue().solution(y, low, high), measured, atol=1e-12)


def columns(f, x):
    """The Jacobian of f at x, column by column from one output after the other."""
    return np.vstack([complex_step(lambda x, i=i: f(x)[i, 0], x).T for i in range(len(x))])


def test_the_jacobian_of_the_logarithms_is_measured():
    f = np.random.default_rng(4).normal(size=(5, 1))
    measured = columns(lambda f: f - np.log(np.exp(f).sum()), f)
    np.testing.assert_allclose(LogOfAProbability().solution(f), measured, atol=1e-12)
    assert np.abs(measured - measured.T).max() > 0.1  # which softmax's own is not


def test_the_counts_off_the_diagonal_are_counted():
    x = np.array([[0.7], [-1.3], [2.0], [0.4]])
    for source, expected in OffTheDiagonal().solution().items():
        if "maximum" in source:
            J = np.diag((x > 0).ravel().astype(float))
        else:
            J = columns(lambda x, source=source: eval(source, {"np": np, "x": x}), x)
        assert np.count_nonzero(J - np.diag(np.diag(J))) == expected, source


@pytest.mark.parametrize("s", [0.0, 0.5, 1.0])
def test_the_slopes_at_zero_are_those_of_a_program(s):
    """Numbers with a slope: value and derivative, through relu with the choice s."""

    def relu(pair):
        value, slope = pair
        return (value, slope) if value > 0 else (0.0, s * slope if value == 0 else 0.0)

    x, minus_x = (0.0, 1.0), (-0.0, -1.0)
    f = relu(x)[1] - relu(minus_x)[1]
    g = relu(relu(x))[1] - relu(minus_x)[1]
    assert ChoiceAtZero().solution(s) == (f, g)
