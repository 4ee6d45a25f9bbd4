"""Lesson 03: its pictures show what they say, at their controls' ends and middle; its exercises tell maps apart."""

import itertools
import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from helpers.exercises.lesson_03 import IsDerivative, JacobianByHand, _jacobian
from helpers.figures.lesson_03 import MAPS, WINDOW, draw_linear_map, draw_residuals, draw_rows_and_columns
from helpers.numerical import numerical_jacobian

ENDS = (-1.2, 0.0, 1.2)  # of x1 and x2, with the middle
STATES = list(itertools.product(ENDS, ENDS, (0, 125, 360), (0.02, 0.5)))
LEFT, TOP, SIZE = 70, 72, 310  # the left frame, in pixels


def value(which):
    """The map of columns, written out once more."""
    return {
        "bowl": lambda x: np.vstack([x[0] ** 2 / 2 + x[1] ** 2, x[1] - x[0] ** 2 / 2]),
        "waves": lambda x: np.vstack([x[1] + np.sin(2 * x[0]), x[0] - x[1] ** 2 / 2]),
    }[which]


def numbers(text):
    return [float(n) for n in re.findall(r"-?\d+(?:\.\d+)?", text.replace("\N{MINUS SIGN}", "-"))]


def shapes(figure, kind):
    """The points of every line or polygon, with its colour."""
    found = ET.fromstring(figure.svg()).iter(f"{{http://www.w3.org/2000/svg}}{kind}")
    return [(e.get("stroke"), np.array([p.split(",") for p in e.get("points").split()], float)) for e in found]


@pytest.mark.parametrize("which", MAPS)
def test_the_description_tells_the_measured_jacobian_and_residual(which):
    f = value(which)
    for a, b, angle, h in STATES:
        x, e = np.array([[a], [b]]), np.array([[np.cos(np.radians(angle))], [np.sin(np.radians(angle))]])
        J = numerical_jacobian(f, x)
        told = draw_linear_map(which, a, b, angle, h).description
        assert numbers(told.split("the gradient of f_1, (")[1].split(")")[0]) == pytest.approx(J[0], abs=0.0051)
        assert numbers(told.split("°, is ")[1].split(". J")[0]) == pytest.approx((J @ e)[0], abs=0.00051)
        first, second = re.search(r"columns, \((.*?)\) and \((.*?)\)", told).groups()
        assert numbers(first) == pytest.approx(J[:, 0], abs=0.0051)
        assert numbers(second) == pytest.approx(J[:, 1], abs=0.0051)
        sizes = [np.linalg.norm(f(x + s * e) - f(x) - s * J @ e) for s in (h, h / 4)]
        length, quarter = re.search(r"length (\S+) for h = .*? and (\S+) for h/4", told).groups()
        assert [float(length), float(quarter)] == pytest.approx(sizes, rel=0.0051)
        stays = numbers(told.split("divided by the step squared, ")[1])
        assert stays == pytest.approx([sizes[0] / h**2, 16 * sizes[1] / h**2], abs=0.0006)


@pytest.mark.parametrize("which", MAPS)
def test_a_contour_keeps_the_value_of_the_first_output(which):
    lines = [xy for color, xy in shapes(draw_linear_map(which, 1.0, 0.5, 120, 0.4), "polyline") if color == "#56B4E9"]
    assert len(lines) >= len(MAPS[which].levels)
    levels = set()
    for xy in lines:
        inside = xy[1:-1]  # a cut end lies on a chord, not on the contour
        x = WINDOW * (2 * (inside[:, 0] - LEFT) / SIZE - 1)
        y = WINDOW * (1 - 2 * (inside[:, 1] - TOP) / SIZE)
        heights = value(which)(np.vstack([x, y]))[0]
        assert np.ptp(heights) < 0.012 if len(heights) else True
        levels |= set(np.round(heights, 1))
    assert len(levels) >= 6


@pytest.mark.parametrize("which", MAPS)
def test_the_sides_of_the_parallelogram_are_the_columns(which):
    figure = draw_linear_map(which, 0.7, -0.4, 30, 0.2)
    [flat] = [xy for color, xy in shapes(figure, "polygon") if color == "#0072B2"]
    sides = (flat[1] - flat[0], flat[3] - flat[0])
    columns = numerical_jacobian(value(which), np.array([[0.7], [-0.4]])).T
    scale = np.linalg.norm(sides[0]) / np.linalg.norm(columns[0])
    for side, column in zip(sides, columns, strict=True):
        assert side * [1, -1] / scale == pytest.approx(column, abs=0.01)


def test_the_image_by_f_approaches_the_image_by_j():
    def gap(h):
        polygons = shapes(draw_linear_map("waves", 0.3, 0.8, 120, h), "polygon")
        [by_f] = [xy for _, xy in polygons if len(xy) == 36]
        [by_J] = [xy for color, xy in polygons if color == "#0072B2"]
        return np.abs(by_f[[0, 9, 18, 27]] - by_J).max()  # at the four corners

    assert gap(0.4) > 5 * gap(0.04) > 0


def test_the_residual_of_j_falls_twice_as_steeply():
    box = lambda x: np.array([x[0] * x[1] * x[2], 2 * (x[0] * x[1] + x[1] * x[2] + x[2] * x[0])])
    x, e = np.array([[2.0], [3.0], [1.0]]), np.array([[1.0], [2.0], [2.0]]) / 3
    figure = draw_residuals(box, numerical_jacobian(box, x), x, e)
    falls = {c: xy[8, 1] - xy[0, 1] for c, xy in shapes(figure, "polyline") if len(xy) == 33}  # one decade of h
    assert falls["#0072B2"] == pytest.approx(2 * falls["#6B6B6B"], rel=0.01)
    assert falls["#D55E00"] == pytest.approx(falls["#6B6B6B"], rel=0.1)
    assert "the factor 100;" in figure.description
    # by hand: 16/9 for the volume and 16/9 for the surface
    told = float(re.search(r"At h = 0.0001 J leaves ([\d.e-]+),", figure.description)[1])
    assert told == pytest.approx(1e-8 * np.sqrt(2) * 16 / 9, rel=0.02)


def test_rows_and_columns_are_read_from_the_matrix():
    J = np.array([[3.0, 2.0, 6.0], [8.0, 6.0, 10.0]])
    figure = draw_rows_and_columns(J, 2, 1, ["V", "S"], ["x_1", "x_2", "x_3"])
    assert "Row 2, (8, 6, 10)" in figure.description
    assert "Column 1, (3, 8)" in figure.description
    marked = [
        e for e in ET.fromstring(figure.svg()).iter("{http://www.w3.org/2000/svg}rect") if e.get("fill") == "#F0E442"
    ]
    assert len(marked) == 3 + 2


def test_the_reference_of_3_1_is_the_measured_jacobian():
    f = lambda x: np.vstack([x[:1] * x[1:2] - x[2:] ** 2, x[1:2] * np.sin(x[:1])])
    for case in JacobianByHand().cases(np.random.default_rng(5)):
        np.testing.assert_allclose(JacobianByHand().solution(**case), numerical_jacobian(f, case["x"]), atol=1e-13)


def test_a_wrong_matrix_of_3_5_is_off_by_what_the_statement_says():
    cases = list(IsDerivative().cases(np.random.default_rng(5)))
    gaps = [np.abs(case["A"] - _jacobian(case["f"], case["x"])).max() for case in cases]
    right = [IsDerivative().solution(**case) for case in cases]
    assert {True, False} == set(right)
    assert all(gap < 1e-12 if ok else gap > 0.0199 for gap, ok in zip(gaps, right, strict=True))
