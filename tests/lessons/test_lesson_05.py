"""Lesson 05's pictures: what is drawn and said against computations that do not use them; its exercises measured."""

import itertools
import math
import re

import numpy as np
import pytest
from matplotlib.lines import AxLine
from matplotlib.patches import Rectangle
from reading import arrows, assert_legible, cells, numbers, points, texts

from helpers.lessons.lesson_05.exercises import PartialAndTotal, PathContributions, RepairedSlope, Velocity
from helpers.lessons.lesson_05.pictures import END, EXAMPLES, draw_contributions, draw_paths, draw_several_outputs
from helpers.numerical import numerical_jacobian

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


def bars(picture):
    """(start, end) of each path's bar."""
    found = [p for p in picture.figure.findobj(Rectangle) if str(p.get_label()).startswith("path")]
    return [(p.get_y(), p.get_y() + p.get_height()) for p in found]


@pytest.mark.parametrize(("which", "t"), STATES)
def test_the_contributions_told_are_those_measured_with_one_path_at_a_time(which, t):
    told = draw_contributions(which, t).description
    expected = measured(which, t)
    contributions = re.search(r"contribute (.*?)\. Each", told)[1]
    assert numbers(contributions) == pytest.approx(expected, abs=0.0051)
    slope = re.search(r"ends at (\S+),", told)[1]
    assert numbers(slope) == pytest.approx([sum(expected)], abs=0.0051)
    assert numbers(told.split("f is ")[1]) == pytest.approx([RESULTS[which](t, t, t)], abs=0.0051)


@pytest.mark.parametrize(("which", "t"), STATES)
def test_the_bars_stand_end_to_end_and_reach_the_rise_of_the_tangent(which, t):
    picture, expected = draw_contributions(which, t), measured(which, t)
    drawn = bars(picture)
    assert [end - start for start, end in drawn] == pytest.approx(expected, abs=1e-8)
    assert drawn[0][0] == 0
    for (_, end), (start, _) in itertools.pairwise(drawn):
        assert start == pytest.approx(end, abs=1e-12)
    slope = sum(expected)
    [tangent] = picture.figure.findobj(AxLine)
    assert tangent.get_slope() == pytest.approx(slope, abs=1e-8)
    assert tangent.get_xy1() == pytest.approx((t, RESULTS[which](t, t, t)))
    [(start, end)], [(foot, top)] = arrows(picture, "_sum"), arrows(picture, "_rise")
    assert (start[1], end[1]) == pytest.approx((0, slope), abs=1e-8)
    assert top[1] - foot[1] == pytest.approx(slope, abs=1e-8)
    # The two arrows are as long on the page: both panels show as many units on the same height.
    curve, stack = picture.figure.axes
    assert np.ptp(curve.get_ylim()) == pytest.approx(np.ptp(stack.get_ylim()))
    assert curve.get_position().height == stack.get_position().height
    low, high = stack.get_ylim()
    assert all(low < level < high for bar in drawn for level in bar)
    assert_legible(picture)


@pytest.mark.parametrize("which", EXAMPLES)
def test_the_curve_is_the_composed_function(which):
    t, heights = points(draw_contributions(which, 1.0), "_f")
    assert (t[0], t[-1]) == (0, END)
    assert heights == pytest.approx([RESULTS[which](s, s, s) for s in t], abs=1e-12)


def test_the_paths_carry_their_factors_and_products():
    picture = draw_paths(["v₁", "t"], inner=[0.5, 1.0], outer=[-3.0, 0.25], end="g")
    on_edges = {
        text.get_label(): text.get_text() for text in picture.figure.axes[0].texts if "->" in str(text.get_label())
    }
    assert list(on_edges.values()) == ["0.5", "−3", "1", "0.25"]  # from t to v₁ and on to g, then the direct path
    for text in ("−3 · 0.5 = −1.5", "0.25 · 1 = 0.25", "sum: dg/dt = −1.25"):
        assert text in texts(picture)
    assert len(arrows(picture, "path 1")) == len(arrows(picture, "path 2")) == 2
    assert "through v₁ −3 times 0.5 is −1.5; directly 0.25 times 1 is 0.25" in picture.description
    assert picture.description.endswith("Their sum, −1.25, is the slope dg/dt.")
    assert_legible(picture)


@pytest.mark.parametrize(("M", "N"), [(2, 3), (3, 2), (1, 3)])
def test_several_outputs_have_an_edge_for_each_entry_that_is_not_0(M, N):
    rng = np.random.default_rng(5)
    J, dv = rng.integers(1, 9, size=(M, N)).astype(float), rng.integers(1, 9, size=(N, 1)).astype(float)
    J[0, N - 1] = 0.0
    picture = draw_several_outputs(J, dv)
    edges = [len(arrows(picture, f"path {j + 1}")) for j in range(N)]
    assert edges == [1 + np.count_nonzero(J[:, j]) for j in range(N)]
    for name, A in ((f"J ({M}, {N})", J), (f"dv/dt ({N}, 1)", dv), (f"df/dt ({M}, 1)", J @ dv)):
        assert np.array_equal(np.vectorize(float)(cells(picture, name)), A)
    assert f"Of the {M * N} possible paths {M * N - 1} exist" in picture.description
    for i, row in enumerate(J):
        assert re.search(rf"f{'₁₂₃'[i]} has the slope .* = {row @ dv.ravel():.0f}\b", picture.description)
    assert_legible(picture)


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
