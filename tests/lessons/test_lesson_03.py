"""Lesson 03: its pictures show what they say, at their controls' ends and middle; its exercises tell maps apart."""

import itertools
import re

import numpy as np
import pytest
from matplotlib.patches import Polygon
from reading import arrows, assert_legible, cells, marked, numbers, points, shown, texts, values, within

from helpers.digits import digit_network, some_digits
from helpers.lessons.lesson_03.exercises import IsDerivative, JacobianByHand, _jacobian
from helpers.lessons.lesson_03.pictures import MAPS, draw_linear_map, draw_rows_and_columns, draw_slopes
from helpers.numerical import numerical_jacobian

ENDS = (-1.2, 0.0, 1.2)  # of x1 and x2, with the middle
STATES = list(itertools.product(ENDS, ENDS, (0, 125, 360), (0.02, 0.5)))[::5]  # every value, not every combination


def value(which):
    """The map of columns, written out once more."""
    return {
        "bowl": lambda x: np.vstack([x[0] ** 2 / 2 + x[1] ** 2, x[1] - x[0] ** 2 / 2]),
        "waves": lambda x: np.vstack([x[1] + np.sin(2 * x[0]), x[0] - x[1] ** 2 / 2]),
    }[which]


def parallelogram(picture):
    """The corners of what J makes of the square, (4, 2)."""
    [found] = [p for p in within(picture.figure, Polygon) if p.get_label() == "by J"]
    return found.get_xy()[:4]


def vector(picture, label):
    """What the arrow of that label adds to its start; zero where none is drawn."""
    for start, end in arrows(picture, label):
        return np.subtract(end, start)
    return np.zeros(2)


@pytest.mark.parametrize("which", MAPS)
def test_the_description_tells_the_measured_jacobian_and_residual(which):
    f = value(which)
    for a, b, angle, h in STATES:
        x, e = np.array([[a], [b]]), np.array([[np.cos(np.radians(angle))], [np.sin(np.radians(angle))]])
        J = numerical_jacobian(f, x)
        picture = draw_linear_map(which, a, b, angle, h)
        told = picture.description
        start, end = arrows(picture, "_e")[0]
        assert start == pytest.approx((a, b)) and end == pytest.approx((a + e[0, 0], b + e[1, 0]))
        assert vector(picture, "_gradient") == pytest.approx(J[0] / 2, abs=1e-9)
        by_J, by_f = (J @ e).ravel(), ((f(x + h * e) - f(x)) / h).ravel()
        assert vector(picture, "Je") == pytest.approx(by_J, abs=1e-9)
        assert points(picture, "residual").T == pytest.approx(np.array([by_J, by_f]), abs=1e-9)
        assert_legible(picture)
        assert numbers(told.split("the gradient of f₁, (")[1].split(")")[0]) == pytest.approx(J[0], abs=0.0051)
        assert numbers(told.split("°, is ")[1].split(". J")[0]) == pytest.approx((J @ e)[0], abs=0.00051)
        first, second = re.search(r"columns, \((.*?)\) and \((.*?)\)", told).groups()
        assert numbers(first) == pytest.approx(J[:, 0], abs=0.0051)
        assert numbers(second) == pytest.approx(J[:, 1], abs=0.0051)
        sizes = [np.linalg.norm(f(x + s * e) - f(x) - s * J @ e) for s in (h, h / 4)]
        length, quarter = re.search(r"length (\S+) for h = .*? and (\S+) for h/4", told).groups()
        assert [float(length), float(quarter)] == pytest.approx(sizes, rel=0.0051)
        stays = numbers(told.split("divided by the step squared, ")[1])
        assert stays == pytest.approx([sizes[0] / h**2, 16 * sizes[1] / h**2], abs=0.0006)
        for name, s in (("h", h), ("h/2", h / 2), ("h/4", h / 4)):
            size = np.linalg.norm(f(x + s * e) - f(x) - s * J @ e)
            [line] = [text for text in texts(picture) if text.strip().startswith(f"{name} = ")]
            step, told_size, share = numbers(line.split("=")[1])
            assert (step, share) == pytest.approx((s, size / s**2), abs=0.00051)
            assert told_size == pytest.approx(size, rel=0.0051)


@pytest.mark.parametrize("which", MAPS)
def test_a_contour_keeps_the_value_of_the_first_output(which):
    picture = draw_linear_map(which, 1.0, 0.5, 120, 0.4)
    x = points(picture, "_contours")
    ends = np.flatnonzero(np.isnan(x[0]))
    lines = np.split(x, ends + 1, axis=1)[:-1]
    assert len(lines) == len(MAPS[which].levels)
    for line, level in zip(lines, MAPS[which].levels, strict=True):
        assert value(which)(line[:, :-1])[0] == pytest.approx(np.full(line.shape[1] - 1, level), abs=1e-12)
    own = points(picture, "_contour through x")
    here = value(which)(np.array([[1.0], [0.5]]))[0, 0]
    assert value(which)(own)[0] == pytest.approx(np.full(own.shape[1], here), abs=1e-12)


@pytest.mark.parametrize("which", MAPS)
def test_the_sides_of_the_parallelogram_are_the_columns(which):
    picture = draw_linear_map(which, 0.7, -0.4, 30, 0.2)
    J = numerical_jacobian(value(which), np.array([[0.7], [-0.4]]))
    origin, first, _, second = parallelogram(picture)
    assert np.array([first - origin, second - origin]).T == pytest.approx(J, abs=1e-9)
    assert values(cells(picture, "J at x")) == pytest.approx(J, abs=0.0051)


def test_the_image_by_f_approaches_the_image_by_j():
    def gap(h):
        picture = draw_linear_map("waves", 0.3, 0.8, 120, h)
        by_f = points(picture, "by f").T[[0, 9, 18, 27]]  # the four corners
        return np.abs(by_f - parallelogram(picture)).max()

    assert gap(0.4) > 5 * gap(0.04) > 0


def test_the_labels_stand_at_the_tips_of_their_arrows():
    for which, angle in itertools.product(MAPS, (0, 125, 360)):
        picture = draw_linear_map(which, 1.2, -0.7, angle, 0.4)
        for name, label in (("e", "_e"), ("½∇f₁", "_gradient")):
            [text] = [text for text in shown(picture) if text.get_text() == name]
            assert text.xy == pytest.approx(arrows(picture, label)[0][1], abs=1e-12)


def test_no_arrow_is_drawn_where_the_gradient_is_zero():
    picture = draw_linear_map("bowl", 0.0, 0.0, 0, 0.4)  # J is zero but for one entry, and e is its other input
    assert arrows(picture, "_gradient") == arrows(picture, "Je") == []
    assert "is no arrow at the contour" in picture.description and "½∇f₁" not in texts(picture)


def test_the_slopes_are_told_and_shaded_by_sign_and_size():
    net, x = digit_network(), some_digits()[0][:, [19]]
    slopes = numerical_jacobian(lambda x: net(x)[[9]] - net(x)[[5]], x)
    picture = draw_slopes(x, slopes)
    assert_legible(picture)
    k = int(np.abs(slopes).argmax())
    assert f"{(slopes > 0).sum()} are positive" in picture.description
    place = f"pixel {k + 1}, in row {k // 8 + 1} and column {k % 8 + 1},"
    assert f"{slopes[0, k]:.2f}, belongs to {place}" in picture.description
    shades = np.rint(8 * np.abs(slopes[0]) / np.abs(slopes).max())
    assert texts(picture).count("+") == (shades[slopes[0] > 0] > 0).sum()
    assert texts(picture).count("−") == (shades[slopes[0] < 0] > 0).sum()
    # To first order each pixel does what its sign says: moved alone, it moves the lead that way.
    lead = lambda x: (net(x)[9] - net(x)[5]).item()
    step = 1e-3 * np.eye(64)[:, [k]]
    assert np.sign(lead(x + step) - lead(x)) == np.sign(slopes[0, k])


def test_rows_and_columns_are_read_from_the_matrix():
    J = np.array([[3.0, 2.0, 6.0], [8.0, 6.0, 10.0]])
    picture = draw_rows_and_columns(J, 2, 1, ["V", "S"], ["x₁", "x₂", "x₃"])
    assert "Row 2, (8, 6, 10)" in picture.description
    assert "Column 1, (3, 8)" in picture.description
    assert marked(picture, "row 2: one output") == {(1, 0), (1, 1), (1, 2)}
    assert marked(picture, "column 1: one input") == {(0, 0), (1, 0)}
    for name in ("row 2: one output", "column 1: one input"):
        assert np.vectorize(float)(cells(picture, name)).tolist() == J.tolist()
    assert_legible(picture)


def test_the_reference_of_3_1_is_the_measured_jacobian():
    f = lambda x: np.vstack([x[:1] * x[1:2] - x[2:] ** 2, x[1:2] * np.sin(x[:1])])
    for case in JacobianByHand().cases(np.random.default_rng(5)):
        np.testing.assert_allclose(JacobianByHand().solution(**case), numerical_jacobian(f, case["x"]), atol=1e-13)


def test_a_wrong_matrix_of_3_5_is_off_by_what_the_statement_says():
    cases = list(IsDerivative().cases(np.random.default_rng(5)))
    gaps = [np.abs(case["A"] - _jacobian(case["f"], case["x"])).max() for case in cases]
    right = [IsDerivative().solution(**case) for case in cases]
    assert {True, False} == set(right)
    assert all(1e-12 < gap < 1e-8 if ok else gap > 0.0199 for gap, ok in zip(gaps, right, strict=True))
