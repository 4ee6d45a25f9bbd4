"""Lesson 05's pictures: what is drawn and said against computations that do not use them; its exercises measured."""

import itertools
import math
import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from helpers.exercises.lesson_05 import PartialAndTotal, PathContributions, RepairedSlope, Velocity
from helpers.figures.lesson_05 import END, EXAMPLES, draw_contributions, draw_paths, draw_several_outputs
from helpers.numerical import numerical_jacobian

SVG = "{http://www.w3.org/2000/svg}"
FRAME = (76, 72, 330, 300)  # of the curve, in pixels
COLORS = ("#0072B2", "#D55E00", "#007A5A")
STATES = list(itertools.product(EXAMPLES, (0.0, 0.7, 1.4, 1.5, 2.0, END)))
# Written out once more: (the value at t, the value with entry j of v at another time).
RESULTS = {
    "thermometer": lambda a, b, c: (
        8 - 6.5 * (0.2 + 0.1 * a**2) + 0.2 * (20 + 10 * c - c**2) + (5 * b - b**2 / 4) * (20 + 10 * c - c**2) / 180
    ),
    "t · v": lambda a, b, _: a * b**2,
    "circle": lambda a, b, _: 4 * math.cos(a) ** 2 + 4 * math.sin(b) ** 2,
    "three factors": lambda a, b, c: math.sin(a) * math.cos(b) * (1 + c / 2),
}


def measured(which, t, h=1e-5):
    """The contribution of each path: only one of the three clocks runs."""
    at = lambda j, s: RESULTS[which](*(s if k == j else t for k in range(3)))
    return [(at(j, t + h) - at(j, t - h)) / (2 * h) for j in range(len(EXAMPLES[which].between))]


def numbers(text):
    return [float(n) for n in re.findall(r"-?\d+(?:\.\d+)?", text.replace("\N{MINUS SIGN}", "-"))]


def elements(figure, kind, **attributes):
    """The points of the lines or polygons with these attributes."""
    found = ET.fromstring(figure.svg()).iter(f"{SVG}{kind}")
    return [
        np.array([p.split(",") for p in e.get("points").split()], float)
        for e in found
        if all(e.get(name.replace("_", "-")) == value for name, value in attributes.items())
    ]


def texts(figure):
    return ["".join(e.itertext()).replace("\u200b", "") for e in ET.fromstring(figure.svg()).iter(f"{SVG}text")]


def bars(figure):
    """(start, end) in pixels, upwards from the zero line, of each path's bar and of the sum."""
    boxes = [xy for color in COLORS for xy in elements(figure, "polygon", stroke=color) if len(xy) == 4]
    [zero] = [xy for xy in elements(figure, "polyline", stroke="#222222", stroke_width="1.5") if xy[0, 0] == 480]
    return [(zero[0, 1] - box[0, 1], zero[0, 1] - box[2, 1]) for box in boxes]


@pytest.mark.parametrize(("which", "t"), STATES)
def test_the_contributions_told_are_those_measured_with_one_path_at_a_time(which, t):
    told = draw_contributions(which, t).description
    expected = measured(which, t)
    contributions = re.search(r"contribute (.*?)\. Each", told)[1]
    assert numbers(re.sub(r"v_\d", "", contributions)) == pytest.approx(expected, abs=0.0051)
    slope = re.search(r"ends at (\S+),", told)[1]
    assert numbers(slope) == pytest.approx([sum(expected)], abs=0.0051)
    assert numbers(told.split("f is ")[1]) == pytest.approx([RESULTS[which](t, t, t)], abs=0.0051)


@pytest.mark.parametrize(("which", "t"), STATES)
def test_the_bars_stand_end_to_end_and_reach_the_rise_of_the_tangent(which, t):
    figure, expected = draw_contributions(which, t), measured(which, t)
    drawn = bars(figure)
    assert len(drawn) == len(expected)
    assert drawn[0][0] == pytest.approx(0, abs=0.11)
    for (_, end), (start, _) in itertools.pairwise(drawn):
        assert start == end
    [tangent] = elements(figure, "polyline", stroke="#222222", stroke_dasharray="7 4")
    (x0, y0), (x1, y1) = tangent[0], tangent[-1]
    rise = -(y1 - y0) / (x1 - x0) * FRAME[2] / END  # over a step of 1 in t
    # A tangent that leaves the frame early is short, and its ends are rounded to a tenth of a pixel.
    assert drawn[-1][1] == pytest.approx(rise, abs=0.3 + 0.2 * FRAME[2] / END / abs(x1 - x0) * (1 + abs(rise) / 30))
    pixels = FRAME[3] / _shown(figure)
    for (start, end), term in zip(drawn, expected, strict=True):
        assert (end - start) / pixels == pytest.approx(term, abs=0.3 / pixels)


def _shown(figure):
    """How many units the vertical axis shows, from two of its ticks."""
    ticks = [e for e in ET.fromstring(figure.svg()).iter(f"{SVG}text")
             if e.get("text-anchor") == "end" and float(e.get("x")) == FRAME[0] - 6]  # fmt: skip
    (y0, v0), (y1, v1) = ((float(e.get("y")), numbers(e.text)[0]) for e in (ticks[0], ticks[-1]))
    return FRAME[3] * (v1 - v0) / (y0 - y1)


@pytest.mark.parametrize(("which", "t"), STATES)
def test_all_that_is_drawn_stays_in_the_picture(which, t):
    figure = draw_contributions(which, t)
    for kind in ("polyline", "polygon"):
        for xy in elements(figure, kind):
            assert xy.min() >= 0 and xy[:, 0].max() <= figure.width and xy[:, 1].max() <= figure.height
    for start, end in bars(figure):
        [zero] = [xy for xy in elements(figure, "polyline", stroke="#222222", stroke_width="1.5") if xy[0, 0] == 480]
        assert all(FRAME[1] <= zero[0, 1] - level <= FRAME[1] + FRAME[3] for level in (start, end))


def test_the_curve_is_the_composed_function():
    [curve] = elements(draw_contributions("thermometer", 1.0), "polyline", stroke="#0072B2", stroke_width="3")
    t = (curve[:, 0] - FRAME[0]) / FRAME[2] * END
    heights = np.array([RESULTS["thermometer"](s, s, s) for s in t])
    slope = np.polyfit(heights, curve[:, 1], 1)  # pixels are an affine function of the values
    assert np.abs(np.polyval(slope, heights) - curve[:, 1]).max() < 0.2
    assert slope[0] < 0


def test_the_paths_carry_their_factors_and_products():
    figure = draw_paths(["v_1", "t"], inner=[0.5, 1.0], outer=[-3.0, 0.25], end="g")
    shown = texts(figure)
    for text in ("0.5", "−3", "1", "0.25", "−3 · 0.5 = −1.5", "0.25 · 1 = 0.25", "sum: dg/dt = −1.25"):
        assert text in shown
    assert "through v_1 −3 times 0.5 is −1.5; directly 0.25 times 1 is 0.25" in figure.description
    assert figure.description.endswith("Their sum, −1.25, is the slope dg/dt.")


@pytest.mark.parametrize(("M", "N"), [(2, 3), (3, 2), (1, 3)])
def test_several_outputs_have_an_edge_for_each_entry_that_is_not_0(M, N):
    rng = np.random.default_rng(5)
    J, dv = rng.integers(1, 9, size=(M, N)).astype(float), rng.integers(1, 9, size=(N, 1)).astype(float)
    J[0, N - 1] = 0.0
    figure = draw_several_outputs(J, dv)
    tips = [xy for color in COLORS for xy in elements(figure, "polygon", fill=color)]
    assert len(tips) == N + M * N - 1
    assert f"Of the {M * N} possible paths {M * N - 1} exist" in figure.description
    for i, row in enumerate(J):
        assert re.search(rf"f_{i + 1} has the slope .* = {row @ dv.ravel():.0f}\b", figure.description)


def test_the_references_of_the_exercises_are_measured_slopes():
    three = lambda t: np.vstack([t**2, np.sin(t), np.exp(-t)])
    marble = lambda t: np.vstack([t**2 * np.cos(3 * t), t**2 * np.sin(3 * t), t**4])
    for t in (0.3, 1.0, 2.2):
        column = np.array([[t]])
        for j, part in enumerate(PathContributions().solution(t)):
            only = lambda s, j=j, at=column: np.where(np.arange(3).reshape(-1, 1) == j, three(s), three(at))
            f = lambda s, only=only: only(s)[[0]] * only(s)[[1]] + only(s)[[1]] * only(s)[[2]] ** 2
            assert part == pytest.approx(numerical_jacobian(f, column).item(), abs=1e-12)
        np.testing.assert_allclose(Velocity().solution(t), numerical_jacobian(marble, column), atol=1e-12)
        slope = numerical_jacobian(lambda t: t**4 * np.sin(t) + t * np.sin(t), column).item()
        assert RepairedSlope().solution(t) == pytest.approx(slope, abs=1e-12)


def test_partial_and_total_of_t_times_v_are_those_of_lesson_03():
    g = lambda x: x[:1] * x[1:]
    assert PartialAndTotal().solution(g, lambda t: t**2, 1.3) == pytest.approx((1.69, 5.07), abs=1e-8)
