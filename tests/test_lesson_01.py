"""Lesson 01's pictures: what they draw and say, against exact fractions and hand-computed numbers."""

import re
import xml.etree.ElementTree as ET
from fractions import Fraction
from itertools import product

import numpy as np
import pytest

from helpers.figures import lesson_01 as pictures
from helpers.figures.lesson_01 import FUNCTIONS, PRECISIONS, STEPS, draw_error_curves, measure

RATIONAL, OFFSET, PEAK, LINE = FUNCTIONS
SLOPES = {RATIONAL: 0.48, OFFSET: 1.0, PEAK: -(5000 / 64) / (1 + 2500 / 4096) ** 2, LINE: 3.0}
# f, f', f''/2, f'''/6 of x/(1+x²) at 1/2, by hand.
TAYLOR = (0.4, 0.48, -0.704, 0.1792)


def exactly(name, h):
    """Forward and central difference without any rounding, for h as a decimal text."""
    P, Q, x = FUNCTIONS[name]
    x, h = Fraction(x), Fraction(h)

    def f(t):
        return sum(c * t**k for k, c in enumerate(P)) / sum(c * t**k for k, c in enumerate(Q))

    return (f(x + h) - f(x)) / h, (f(x + h) - f(x - h)) / (2 * h)


def elements(figure, tag):
    return list(ET.fromstring(figure.svg()).iter(f"{{http://www.w3.org/2000/svg}}{tag}"))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_differences_with_a_large_step_are_those_of_exact_arithmetic(name):
    for h in ("0.1", "0.01"):
        D = measure(name, "float64", np.array([float(h)]))
        forward, central = exactly(name, h)
        assert D["forward"][0] == pytest.approx(float(forward), rel=1e-9)
        assert D["central"][0] == pytest.approx(float(central), rel=1e-9)


@pytest.mark.parametrize("name", FUNCTIONS)
def test_the_complex_step_finds_the_slope_and_agrees_with_complex_numbers(name):
    P, Q, x = FUNCTIONS[name]
    assert measure(name, "float64", np.array([1e-20]))["complex step"][0] == pytest.approx(SLOPES[name], rel=1e-14)
    z = x + 0.01j
    value = sum(c * z**k for k, c in enumerate(P)) / sum(c * z**k for k, c in enumerate(Q))
    assert measure(name, "float64", np.array([0.01]))["complex step"][0] == pytest.approx(value.imag / 0.01, rel=1e-12)


def test_single_precision_is_kept_throughout():
    for name in FUNCTIONS:
        assert {D.dtype for D in measure(name, "float32", STEPS).values()} == {np.dtype(np.float32)}


@pytest.mark.parametrize(("name", "precision"), list(product(FUNCTIONS, PRECISIONS)))
def test_no_measurement_lies_far_above_its_line(name, precision):
    eps = float(np.finfo(PRECISIONS[precision]).eps)
    # The peak is a hundredth wide: its Taylor series says nothing about steps of that size.
    largest = 1e-3 if name == PEAK else 0.1
    steps = np.array([h for h in STEPS if h <= largest])
    taylor = pictures._taylor(*FUNCTIONS[name])
    for method, D in measure(name, precision, steps).items():
        errors = np.abs(D.astype(float) - SLOPES[name])
        assert (errors <= 4 * pictures.predicted(method, taylor, steps, eps)).all(), method


def test_the_series_and_the_best_steps():
    assert pictures._taylor(*FUNCTIONS[RATIONAL]) == pytest.approx(TAYLOR, rel=1e-14)
    for method in ("forward", "central"):
        best = pictures.best_step(method, TAYLOR, 2.0**-52)
        at = pictures.predicted(method, TAYLOR, np.array([best / 1.2, best, best * 1.2]), 2.0**-52)
        assert at[1] < min(at[0], at[2])
    assert pictures.best_step("forward", (3.5, 3.0, 0.0, 0.0), 2.0**-52) == float("inf")
    assert pictures.best_step("complex step", TAYLOR, 2.0**-52) == 0


@pytest.mark.parametrize("power", (-20, -10, 0))
@pytest.mark.parametrize(("name", "precision"), list(product(FUNCTIONS, PRECISIONS)))
def test_every_state_is_drawn_inside_the_picture_and_described(power, name, precision):
    figure = draw_error_curves(power, name, precision)
    assert len(figure.description) > 80 and "nan" not in figure.alt
    for mark in elements(figure, "circle"):
        assert 70 <= float(mark.get("cx")) <= 740 and 40 <= float(mark.get("cy")) <= 550
    for text in elements(figure, "text"):
        assert float(text.get("font-size")) >= 12


def test_the_description_says_the_errors_at_the_readers_step():
    # 1e-3: errors of exact arithmetic, -0.704 h and 0.1792 h² over 0.48; the complex step errs as the central one.
    said = draw_error_curves(-3).description
    forward, central = (abs(float(D) / 0.48 - 1) for D in exactly(RATIONAL, "0.001"))
    assert (f"{forward:.0e}", f"{central:.0e}") == ("1e-03", "4e-07")
    assert "At h = 1e-3 the relative errors are 1e-3 (forward), 4e-7 (central), 4e-7 (complex step)" in said
    assert "lowest at h = 2e-8 (forward) and h = 6e-6 (central)" in said
    # 1e-17 is lost in 1/2 + h: both differences are 0, an error of 100 %.
    assert "errors are 1 (forward), 1 (central), below 9e-16 (complex step)" in draw_error_curves(-17).description


def test_the_forward_line_is_a_v_and_the_readers_mark_lies_on_its_error():
    figure = draw_error_curves(-3)
    [line] = [
        e for e in elements(figure, "polyline") if len(e.get("points").split()) > 20 and not e.get("stroke-dasharray")
    ]
    x, y = np.array([p.split(",") for p in line.get("points").split()], float).T
    decade_x, decade_y = 650 / np.log10(2.5 / 4e-21), 340 / 20
    # Pixels have one decimal, so slopes over several decades.
    for k, n, slope in ((2, 22, 1), (-12, -2, -1)):
        assert (y[n] - y[k]) / decade_y == pytest.approx(slope * (x[n] - x[k]) / decade_x, rel=0.02)
    [mark] = [c for c in elements(figure, "circle") if c.get("r") == "9" and float(c.get("cy")) < 400]
    error = float(mark.get("cy"))
    assert 2 - (error - 50) / decade_y == pytest.approx(np.log10(0.704e-3 / 0.48), abs=0.02)


def test_the_chords_have_the_slopes_of_exact_arithmetic():
    forward, central = exactly(RATIONAL, "0.4")
    said = pictures.draw_chords(0.4).description
    assert f"{float(forward):.3f}" in said and f"{float(central):.3f}" in said and "0.480" in said
    assert "x − h" not in pictures.draw_chords(0.4, central=False).description


def test_cancellation_counts_the_digits_that_are_left():
    figure = pictures.draw_cancellation()
    for p, left, D in ((4, 12, "0.4799"), (8, 8, "0.4800"), (12, 4, "0.4799")):
        assert f"h = 1e-{p} leaves {left} and D = {D}" in figure.description
    # The digits drawn are those of the exact value, up to the last stored one.
    digits = [
        t.text
        for t in elements(figure, "text")
        if t.text and re.fullmatch(r"\d", t.text) and t.get("font-size") == "15"
    ]
    for row, p in enumerate((4, 8, 12)):
        x = Fraction(1, 2) + Fraction(1, 10**p)
        drawn = Fraction(int("".join(digits[16 * row : 16 * row + 16])), 10**16)
        assert abs(drawn - x / (1 + x * x)) < Fraction(2, 10**16)


def test_the_step_sideways_rises_only_through_an_analytic_function():
    said = pictures.draw_sideways(h=0.3).description  # Im (0.5+0.3i)/(1.16+0.3i) = 0.198/1.4356 = 0.138, 0.460 h
    assert "height of 0.138" in said and "this is 0.460" in said
    said = pictures.draw_sideways("|z|²", h=0.4).description
    assert "height of 0.000" in said and "slope f'(x) is 1.6" in said and "not left the real axis" in said
