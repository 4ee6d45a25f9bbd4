"""Lesson 05's pictures: what is drawn and said against computations that do not use them; its exercises measured."""

import itertools
import math
import re

import numpy as np
import pytest
from matplotlib.lines import AxLine
from matplotlib.patches import Circle, Rectangle
from matplotlib.text import Text
from reading import arrows, assert_legible, numbers, points, shades, texts, within

from helpers.digits import digit_network, some_digits
from helpers.lessons.lesson_05.exercises import PartialAndTotal, PathContributions, RepairedSlope, Velocity
from helpers.lessons.lesson_05.pictures import END, EXAMPLES, draw_contributions, draw_paths, draw_unit_paths
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


def factors(which, t, h=1e-5):
    """(outer slope, inner slope) of each path, measured."""
    example = EXAMPLES[which]
    values = np.array(example.v(t))
    for j, step in enumerate(h * np.eye(len(values))):
        outer = (example.f(*(values + step)) - example.f(*(values - step))) / (2 * h)
        yield outer, (example.v(t + h)[j] - example.v(t - h)[j]) / (2 * h)


def bars(picture):
    """(start, end) of each path's bar."""
    found = [p for p in within(picture.figure, Rectangle) if str(p.get_label()).startswith("path")]
    return [(p.get_y(), p.get_y() + p.get_height()) for p in found]


def nodes(picture):
    """The centre of each node, by the name that is written in it; a name that stands twice has two."""
    found = {}
    written = {text.get_position(): text.get_text() for text in picture.figure.axes[0].texts}
    for circle in within(picture.figure, Circle):
        found.setdefault(written[circle.center], []).append(np.array(circle.center))
    return found


def joins(edge, start, stop):
    """Whether that arrow runs straight from one node towards the other, over most of the way."""
    (tail, tip), way = np.array(edge), stop - start
    along = [(point - start) @ way / (way @ way) for point in (tail, tip)]
    aside = [np.linalg.norm(point - start - a * way) for point, a in zip((tail, tip), along, strict=True)]
    return 0 < along[0] < 0.5 < along[1] < 1 and max(aside) < 1e-6


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
def test_the_lines_under_the_panels_give_the_factors_of_each_path(which, t):
    picture, expected = draw_contributions(which, t), measured(which, t)
    lines = [text for text in texts(picture) if text.startswith(("through", "directly"))]
    assert len(lines) == len(expected)
    for name, line, pair, term in zip(EXAMPLES[which].between, lines, factors(which, t), expected, strict=True):
        head, product = line.split(":")
        assert head == ("directly" if name == "t" else f"through {name}")
        assert numbers(product) == pytest.approx([*pair, term], abs=0.0051)
    for head, value in (("value f", RESULTS[which](t, t, t)), ("slope df/dt", sum(expected))):
        [line] = [text for text in texts(picture) if text.startswith(head)]
        assert numbers(line) == pytest.approx([value], abs=0.0051)


@pytest.mark.parametrize(("which", "t"), STATES)
def test_the_bars_stand_end_to_end_and_reach_the_rise_of_the_tangent(which, t):
    picture, expected = draw_contributions(which, t), measured(which, t)
    drawn = bars(picture)
    assert [end - start for start, end in drawn] == pytest.approx(expected, abs=1e-8)
    assert drawn[0][0] == 0
    for (_, end), (start, _) in itertools.pairwise(drawn):
        assert start == pytest.approx(end, abs=1e-12)
    slope = sum(expected)
    [tangent] = within(picture.figure, AxLine)
    assert tangent.get_slope() == pytest.approx(slope, abs=1e-8)
    assert tangent.get_xy1() == pytest.approx((t, RESULTS[which](t, t, t)))
    curve, stack = picture.figure.axes
    sums, rises = arrows(picture, "_sum"), arrows(picture, "_rise")
    if abs(slope) > 0.01 * np.ptp(stack.get_ylim()):  # else there is no arrow to see
        [(start, end)], [(foot, top)] = sums, rises
        assert (start[1], end[1]) == pytest.approx((0, slope), abs=1e-8)
        assert top[1] - foot[1] == pytest.approx(slope, abs=1e-8)
    named = ["direct" if name == "t" else name for name in EXAMPLES[which].between]
    assert [label.get_text() for label in stack.get_xticklabels()] == [*named, "sum"]
    over_bars = [float(entry.get_text().replace("\N{MINUS SIGN}", "-")) for entry in stack.texts]
    assert over_bars == pytest.approx([*expected, slope], abs=0.0051)
    one, rise = (text.get_text() for text in curve.texts)
    assert one == "1"
    assert numbers(rise) == pytest.approx([slope], abs=0.0051)
    # The two arrows are as long on the page: both panels show as many units on the same height.
    assert np.ptp(curve.get_ylim()) == pytest.approx(np.ptp(stack.get_ylim()))
    assert curve.get_position().height == stack.get_position().height
    low, high = stack.get_ylim()
    assert all(low < level < high for bar in drawn for level in bar)
    assert_legible(picture)
    picture.figure.draw_without_rendering()
    zero = stack.transData.transform((0, 0))[1]
    for number in stack.texts:  # "—1.5—" would read as -1.5
        extent = Text.get_window_extent(number)
        assert not extent.y0 + 3 < zero < extent.y1 - 3, number.get_text()


@pytest.mark.parametrize("which", EXAMPLES)
def test_the_curve_is_the_composed_function(which):
    t, heights = points(draw_contributions(which, 1.0), "_f")
    assert (t[0], t[-1]) == (0, END)
    assert heights == pytest.approx([RESULTS[which](s, s, s) for s in t], abs=1e-12)


@pytest.mark.parametrize(
    ("between", "inner", "outer", "told"),
    [
        (["v₁", "t"], [0.5, 1.0], [-3.0, 0.25], ["−3 · 0.5 = −1.5", "0.25 · 1 = 0.25", "sum: dg/dt = −1.25"]),
        (
            ["v₁", "v₂", "v₃"],
            [0.4, 4.0, -6.0],
            [-6.5, 0.2, 0.25],
            ["−6.5 · 0.4 = −2.6", "0.2 · 4 = 0.8", "0.25 · (−6) = −1.5", "sum: dg/dt = −3.3"],
        ),
    ],
)
def test_the_paths_carry_their_factors_and_products(between, inner, outer, told):
    picture = draw_paths(between, inner=inner, outer=outer, end="g")
    places = nodes(picture)
    [result] = places["g"]
    first = places["t"][-1]  # where the paths start; a copy of t in between was drawn before it
    assert first[0] == min(place[0] for places_of in places.values() for place in places_of)
    on_edges = {text.get_position(): text.get_text() for text in picture.figure.axes[0].texts}
    for j, name in enumerate(between):
        middle = places[name][0]
        for start, stop, factor in ((first, middle, inner[j]), (middle, result, outer[j])):
            assert sum(joins(edge, start, stop) for edge in arrows(picture, f"path {j + 1}")) == 1
            assert numbers(on_edges[tuple((start + stop) / 2)]) == pytest.approx([factor])
    for text in told:
        assert text in texts(picture)
    words = picture.description
    assert words.startswith(f"{len(between)} paths lead from t to g: ")
    for name, a, b in zip(between, outer, inner, strict=True):
        [clause] = re.findall(rf"{'directly' if name == 't' else f'through {name}'}, (.*?)(?:;|\. Their)", words)
        assert numbers(clause) == pytest.approx([a, b, a * b])
    assert numbers(words.split("Their sum")[1]) == pytest.approx(
        [sum(a * b for a, b in zip(outer, inner, strict=True))]
    )
    assert_legible(picture)


@pytest.mark.parametrize(("pixel", "column", "digits"), [(21, 19, (9, 5)), (0, 6, (3,)), (63, 11, (0, 7))])
def test_the_paths_of_a_pixel_are_bars_that_add_up_to_the_slope_of_the_score(pixel, column, digits):
    net, x = digit_network(), some_digits()[0][:, [column]]
    (W0, b0), (W1, _) = ((layer.W, layer.b) for layer in net.layers)
    z = W0 @ x + b0
    parts = W1 * (np.cosh(z) ** -2.0 * W0[:, [pixel]]).T
    picture = draw_unit_paths(x, pixel, parts, digits)
    measured = numerical_jacobian(lambda t: net(np.where(np.arange(64).reshape(-1, 1) == pixel, t, x)), x[[pixel]])
    told = picture.description.split(": ", 1)[1].split("; ")
    panels = picture.figure.axes[1:]
    assert len(told) == len(panels) == len(digits)
    for clause, ax, digit in zip(told, panels, digits, strict=True):
        drawn = {round(p.get_x() + p.get_width() / 2): p for p in ax.patches}
        assert sorted(drawn) == list(range(1, 33))
        heights = [drawn[j].get_height() for j in range(1, 33)]
        assert heights == pytest.approx([parts[digit, j] for j in range(32)])
        assert sum(heights) == pytest.approx(measured[digit, 0])
        colours = {
            up: {p.get_edgecolor() for p in drawn.values() if (p.get_height() > 0) == up} for up in (True, False)
        }
        assert len(colours[True]) == len(colours[False]) == 1 and colours[True] != colours[False]
        rising = sum(height > 0 for height in heights)
        largest = max(heights, key=abs)
        assert numbers(clause) == pytest.approx([rising, 32, digit, largest, sum(heights)], abs=0.0051)
        assert numbers(ax.get_title()) == pytest.approx([digit, rising, 32 - rising, sum(heights)], abs=0.0051)
        low, high = ax.get_ylim()
        assert all(low < height < high for height in heights)
    [frame] = [p for p in within(picture.figure, Rectangle) if p.get_label() == "t"]
    assert frame.get_x() == 30 + 20 * (pixel % 8)
    assert shades(picture, "x") == [[round(8 * x[8 * i + j, 0]) for j in range(8)] for i in range(8)]
    where = f"row {pixel // 8 + 1}, column {pixel % 8 + 1}"
    assert any(text.startswith(f"{where}: t = ") for text in texts(picture))
    assert where.replace(", ", " and ") in picture.description
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
