"""Lesson 01's pictures: what they draw and say, against exact fractions and hand-computed numbers."""

import re
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from matplotlib.colors import same_color
from matplotlib.text import Annotation
from reading import assert_legible, cells, points, shown, texts

from helpers.lessons.lesson_01 import pictures
from helpers.lessons.lesson_01.pictures import FUNCTIONS, METHODS, PRECISIONS, STEPS, draw_error_curves, measure

RATIONAL, OFFSET, PEAK, LINE = FUNCTIONS
A, U = 2500, 1 + 2500 / 64**2  # the peak is 1/(1 + A x²), and U = 1 + A x² at its point 1/64
# f, f′, f″/2, f‴/6 at the point, by hand.
TAYLOR = {
    RATIONAL: (0.4, 0.48, -0.704, 0.1792),
    OFFSET: (1000.25, 1.0, 1.0, 0.0),
    PEAK: (1 / U, -2 * A / 64 / U**2, A * (3 * (U - 1) - 1) / U**3, 4 * A**2 / 64 * (2 - U) / U**4),
    LINE: (3.5, 3.0, 0.0, 0.0),
}
POWERS = (-20, -10, -6, 0)
STATES = list(product(POWERS, FUNCTIONS, PRECISIONS))


def exactly(name, h):
    """{method: what it measures without any rounding}, for h as a fraction or a decimal text."""
    P, Q, x = FUNCTIONS[name]
    x, h = Fraction(x), Fraction(h)

    def f(re, im=0):
        (a, b), (c, d) = (polynomial(C, re, im) for C in (P, Q))
        return (a * c + b * d) / (c * c + d * d), (b * c - a * d) / (c * c + d * d)

    def polynomial(C, re, im):
        value = (0, 0)
        for c in reversed(C):
            value = value[0] * re - value[1] * im + c, value[0] * im + value[1] * re
        return value

    return {
        "forward": (f(x + h)[0] - f(x)[0]) / h,
        "central": (f(x + h)[0] - f(x - h)[0]) / (2 * h),
        "complex step": f(x, h)[1] / h,
    }


@pytest.mark.parametrize("name", FUNCTIONS)
def test_measurements_are_those_of_exact_arithmetic(name):
    for h in ("0.1", "0.01"):
        D = measure(name, "float64", np.array([float(h)]))
        for method, exact in exactly(name, h).items():
            assert D[method][0] == pytest.approx(float(exact), rel=1e-9)
    slope = measure(name, "float64", np.array([1e-20]))["complex step"][0]
    assert slope == pytest.approx(TAYLOR[name][1], rel=1e-14)


def test_single_precision_is_kept_throughout():
    for name in FUNCTIONS:
        assert {D.dtype for D in measure(name, "float32", STEPS).values()} == {np.dtype(np.float32)}


@pytest.mark.parametrize(("name", "precision"), list(product(FUNCTIONS, PRECISIONS)))
def test_no_measurement_lies_far_above_its_line(name, precision):
    picture = draw_error_curves(-6, name, precision)
    # The peak is a hundredth wide: its Taylor series says nothing about steps of that size.
    near = STEPS <= (1e-3 if name == PEAK else 0.1)
    for method in METHODS:
        (steps, line), (same, dots) = (points(picture, f"{method}, {kind}") for kind in ("formula", "measured"))
        assert (steps == STEPS).all() and (same == STEPS).all()
        assert (dots[near] <= 4 * line[near]).all(), method


@pytest.mark.parametrize(("name", "precision"), list(product(FUNCTIONS, PRECISIONS)))
def test_the_lines_are_the_formulas_of_the_lesson(name, precision):
    picture = draw_error_curves(-6, name, precision)
    eps, h = {"float64": 2.0**-52, "float32": 2.0**-23}[precision], STEPS
    f, slope, half_f2, sixth_f3 = map(abs, TAYLOR[name])
    E = {
        "forward": half_f2 * h + 2 * eps * f / h,
        "central": sixth_f3 * h**2 + eps * f / h,
        "complex step": sixth_f3 * h**2 + eps * slope,
    }
    for method, expected in E.items():
        np.testing.assert_allclose(points(picture, f"{method}, formula")[1], expected / slope, rtol=1e-9)


def test_the_best_steps_are_where_the_formulas_are_lowest():
    series = TAYLOR[RATIONAL]
    for method in ("forward", "central"):
        best = pictures.best_step(method, series, 2.0**-52)
        at = pictures.predicted(method, series, np.array([best / 1.2, best, best * 1.2]), 2.0**-52)
        assert at[1] < min(at[0], at[2])
    assert pictures.best_step("forward", TAYLOR[LINE], 2.0**-52) == float("inf")
    assert pictures.best_step("complex step", series, 2.0**-52) == 0


@pytest.mark.parametrize(("power", "name", "precision"), STATES)
def test_every_state_is_legible_marks_the_readers_errors_and_says_them(power, name, precision):
    picture = draw_error_curves(power, name, precision)
    assert_legible(picture)
    assert picture.title == f"f(x) = {name}, in {precision}"
    h, eps, x = float(f"1e{power}"), float(np.finfo(PRECISIONS[precision]).eps), FUNCTIONS[name][2]
    f, slope = map(abs, TAYLOR[name][:2])
    said = re.findall(r"(below )?([\de.-]+) \((forward|central|complex step)\)", picture.description)
    for method, D in exactly(name, Fraction(10) ** power).items():
        [step], [error] = points(picture, f"{method}, your h")
        assert step == h
        steps, errors = points(picture, f"{method}, measured")
        assert error == errors[list(steps).index(h)]
        # Both values and both points of a difference are rounded; the complex step subtracts nothing.
        rounding = 4 * eps * (slope + abs(float(D))) + (method != "complex step") * 4 * eps * (f + x * slope) / h
        assert abs(error * slope - abs(float(D) - TAYLOR[name][1])) <= rounding
        below, number, _ = next(words for words in said if words[2] == method)
        if below:
            assert error < 4 * eps and float(number) == pytest.approx(4 * eps, rel=0.1)
        else:
            assert float(f"{error:.0e}") == float(number)


def beside(picture, name):
    """The cells of the table's line of that name, and the line that stands there as its key."""
    [line] = [text for text in shown(picture) if text.get_text().startswith(f"{name}  ")]
    [key] = [key for key in picture.figure.artists if key.get_ydata()[0] == line.get_position()[1]]
    return re.split(r"\s{2,}", line.get_text().strip()), key


@pytest.mark.parametrize("power", (-6, -3, 0))
def test_the_table_shows_the_measurements_and_is_the_legend(power):
    picture = draw_error_curves(power)
    lines = {line.get_label(): line for line in picture.figure.axes[0].lines}
    for method, exact in exactly(RATIONAL, Fraction(10) ** power).items():
        (_, D, error), key = beside(picture, method)
        assert len(re.sub("^−?0[.]0*", "", D)) == 12
        assert float(D.replace("−", "-")) == pytest.approx(float(exact), abs=1e-9)
        mantissa, _, exponent = error.partition("·10")
        exponent = int(exponent.translate(str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")) or 0)
        [drawn] = points(picture, f"{method}, your h")[1]
        assert float(f"{mantissa}e{exponent}") == float(f"{drawn:.0e}")
        formula, small, large = (lines[f"{method}, {kind}"] for kind in ("formula", "measured", "your h"))
        assert key.get_linestyle() == formula.get_linestyle()
        assert key.get_marker() == small.get_marker() == large.get_marker()
        assert all(same_color(key.get_color(), line.get_color()) for line in (formula, small, large))


def test_the_table_shows_small_slopes_and_single_precision():
    steep = exactly(PEAK, 1)["complex step"]  # a steep peak and a step far beyond it: about −1.25·10⁻⁵
    assert beside(draw_error_curves(0, PEAK), "complex step")[0][1] == f"−{-float(steep) * 1e5:.11f}·10⁻⁵"
    assert beside(draw_error_curves(0, LINE, "float32"), "forward")[0][1:] == ["3.000000", "below 5·10⁻⁷"]


def test_the_description_says_the_errors_at_the_readers_step():
    # 1e-3: errors of exact arithmetic, -0.704 h and 0.1792 h² over 0.48; the complex step errs as the central one.
    said = draw_error_curves(-3).description
    exact = exactly(RATIONAL, "0.001")
    assert [f"{abs(float(exact[m]) / 0.48 - 1):.0e}" for m in ("forward", "central")] == ["1e-03", "4e-07"]
    assert "At h = 1e-3 the relative errors are 1e-3 (forward), 4e-7 (central), 4e-7 (complex step)" in said
    assert "lowest at h = 2e-8 (forward) and h = 6e-6 (central)" in said
    # 1e-17 is lost in 1/2 + h: both differences are 0, an error of 100 %.
    lost = draw_error_curves(-17)
    assert "errors are 1 (forward), 1 (central), below 9e-16 (complex step)" in lost.description
    assert "lowest" not in draw_error_curves(-6, LINE).description


def test_cancellation_shows_the_decimals_and_how_many_are_left():
    picture = pictures.draw_cancellation()
    assert_legible(picture)
    decimals = cells(picture, "decimals")
    bold = np.zeros(decimals.shape, bool)
    for text in shown(picture):
        if (place := re.fullmatch(r"decimals\[(\d+),(\d+)\]", text.get_label())) and text.get_weight() == "bold":
            bold[int(place[1]), int(place[2])] = True
    quotients = [text for text in texts(picture) if re.fullmatch(r"0\.\d{8}", text)]
    for row, p in enumerate((4, 8, 12, 16)):
        # The decimals drawn are those of the exact value, up to the last stored one.
        x = Fraction(1, 2) + Fraction(1, 10**p)
        assert abs(Fraction(int("".join(decimals[row])), 10**16) - x / (1 + x * x)) < Fraction(2, 10**16)
        # f(1/2) is 0.4 exactly.
        left = len("".join(decimals[row]).removeprefix("4").lstrip("0"))
        assert bold[row].tolist() == [False] * (16 - left) + [True] * left
        assert left == {4: 12, 8: 8, 12: 4, 16: 1}[p]
        # Two roundings of values near 0.4, which are stored 2⁻⁵⁴ apart, and one of x + h.
        exact = exactly(RATIONAL, Fraction(1, 10**p))["forward"]
        assert abs(float(quotients[row]) - float(exact)) < 2.0**-52 * 10**p + 1e-8
        assert f"h = 1e-{p} leaves {left} and D = {float(quotients[row]):.4f}" in picture.description
        assert {{4: "10⁻⁴", 8: "10⁻⁸", 12: "10⁻¹²", 16: "10⁻¹⁶"}[p], str(left)} <= set(texts(picture))


@pytest.mark.parametrize("h", (0.1, 0.3, 0.7))
@pytest.mark.parametrize(("name", "x", "slope"), (("z / (1 + z²)", 0.5, 0.48), ("|z|²", 0.8, 1.6)))
def test_the_step_sideways_rises_only_through_an_analytic_function(name, x, slope, h):
    picture = pictures.draw_sideways(name, h)
    assert_legible(picture)
    z = complex(x, h)
    start, end = (x / (1 + x * x), z / (1 + z * z)) if slope == 0.48 else (x * x, complex(x * x + h * h))
    arrows = [text for ax in picture.figure.axes for text in ax.texts if isinstance(text, Annotation)]
    ends = [[*arrow.xyann, *arrow.xy] for arrow in arrows]
    np.testing.assert_allclose(ends, [[x, 0, x, h], [start, 0, end.real, end.imag]], atol=1e-12)
    np.testing.assert_allclose([points(picture, at).ravel() for at in ("x", "f(x)")], [[x, 0], [start, 0]])
    assert f"height / h = {end.imag / h:.3f}, true slope {slope}" in texts(picture)
    assert f"height of {end.imag:.3f}" in picture.description and f"f'(x) is {slope}." in picture.description
    assert ("not left the real axis" in picture.description) == (end.imag == 0)
