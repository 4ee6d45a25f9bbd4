"""Drawing: coordinates land where they should, curves stay in their frame, nothing goes undescribed."""

import base64
import importlib
import inspect
import pkgutil
import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import helpers.figures
from helpers.figures.axes import _clip, plot
from helpers.figures.canvas import Figure, number
from helpers.figures.matrices import draw_matrix, entry

finite = st.floats(-1e4, 1e4)


def described(figure):
    return figure.describe("A test.")


def points(svg, name="polyline"):
    return [
        [tuple(map(float, p.split(","))) for p in e.get("points").split()]
        for e in ET.fromstring(svg).iter(f"{{http://www.w3.org/2000/svg}}{name}")
    ]


def test_a_curve_goes_through_its_data():
    figure, ax = plot("t", (0, 10), (-1, 1), "x", "y", grid=False)
    ax.curve([0, 5, 10], [-1, 0, 1])
    left, top, width, height = ax.box
    assert points(figure.svg())[-1] == [
        (left, top + height),
        (left + width / 2, top + height / 2),
        (left + width, top),
    ]


def test_logarithmic_scales():
    _, ax = plot("t", (1e-4, 1.0), (1e-8, 1.0), "x", "y", logx=True, logy=True)
    left, top, width, height = ax.box
    assert ax.at(1e-2, 1e-2) == pytest.approx((left + width / 2, top + height / 4))


def test_a_curve_breaks_at_a_gap_and_is_cut_off_at_the_frame():
    figure, ax = plot("t", (0, 4), (0, 1), "x", "y", grid=False)
    before = len(points(figure.svg()))
    ax.curve([0, 1, 2, 3, 4], [0.5, np.nan, 0.5, 3.0, 0.5])
    runs = points(figure.svg())[before:]
    left, top, width, height = ax.box
    assert len(runs) == 2
    for run in runs:
        for x, y in run:
            assert left <= x <= left + width
            assert top <= y <= top + height


@given(finite, finite, finite, finite)
def test_a_clipped_segment_lies_in_the_box_and_on_the_segment(x0, y0, x1, y1):
    box = (10, 20, 100, 50)
    piece = _clip((x0, y0), (x1, y1), box)
    samples = [(x0 + t * (x1 - x0), y0 + t * (y1 - y0)) for t in np.linspace(0, 1, 41)]
    within = [10 <= x <= 110 and 20 <= y <= 70 for x, y in samples]
    if piece is None:
        assert not any(within)
    else:
        for x, y in piece:
            assert 10 - 1e-6 <= x <= 110 + 1e-6 and 20 - 1e-6 <= y <= 70 + 1e-6
            cross = (x - x0) * (y1 - y0) - (y - y0) * (x1 - x0)
            assert abs(cross) <= 1e-6 * (1 + abs(x1 - x0) + abs(y1 - y0)) * 1e4


@pytest.mark.parametrize(
    ("value", "text"), [(12.0, "12"), (12.34, "12.3"), (-0.01, "0"), (0.25, "0.3"), (-3.56, "-3.6")]
)
def test_coordinates_are_written_short(value, text):
    assert number(value) == text


@given(finite.filter(lambda v: abs(v) > 1))
def test_the_last_bit_of_a_coordinate_does_not_show(value):
    assert number(value) == number(np.nextafter(value, 0)) or abs((value * 10) % 1 - 0.5) < 1e-3


@pytest.mark.parametrize(
    ("value", "text"),
    [(1.0, "1"), (-2.25, "−2.25"), (0.125, "0.13"), (-1e-17, "0"), (0, "0"), ("δ", "δ"), (1e3, "1000")],
)
def test_entries_of_a_matrix_are_written_as_in_print(value, text):
    assert entry(value) == text


def test_a_matrix_shows_every_entry_in_its_row():
    figure = Figure(400, 300, "t")
    size = draw_matrix(figure, np.array([[1.0, 0.0, 3.0], [4.0, 5.0, 6.0]]), 50, 60, cell=40)
    assert size == (120, 80)
    entries = re.findall(r"<text x='(\d+)' y='([\d.]+)' font-size='14'[^>]*>(\d)<", figure.svg())
    by_row = {
        y: "".join(v for _, yy, v in sorted(entries, key=lambda e: float(e[0])) if yy == y) for _, y, _ in entries
    }
    assert [by_row[y] for y in sorted(by_row, key=float)] == ["103", "456"]
    with pytest.raises(ValueError, match=r"expected a matrix \(M, N\), got shape \(3,\)"):
        draw_matrix(figure, np.ones(3), 0, 0)


def test_a_figure_without_a_description_is_refused():
    figure = Figure(100, 80, "t")
    for use in (figure.image, figure.inline, figure._repr_mimebundle_):
        with pytest.raises(ValueError, match="no description"):
            use()


def test_the_description_is_in_every_form_and_safely_written():
    figure = Figure(100, 80, "W_{12} < 1").describe('x > 0 & "quoted"')
    stored, live = figure.image(), figure.inline()
    assert 'alt="W_12 &lt; 1. x &gt; 0 &amp; &quot;quoted&quot;"' in stored
    assert "role='img' aria-label=\"W_12 &lt; 1. x &gt; 0 &amp; &quot;quoted&quot;\"" in live
    assert figure._repr_mimebundle_()["text/plain"] == 'W_12 < 1. x > 0 & "quoted"'
    data = re.search(r"base64,([^\"]+)", stored)[1]
    ET.fromstring(base64.b64decode(data))  # well-formed


def modules():
    return [
        importlib.import_module(f"helpers.figures.{m.name}")
        for m in pkgutil.iter_modules(helpers.figures.__path__)
        if m.name.startswith("lesson_")
    ]


@pytest.mark.parametrize("module", modules(), ids=lambda m: m.__name__)
def test_lessons_draw_with_functions_that_are_documented(module):
    drawers = [f for name, f in vars(module).items() if name.startswith("draw_") and f.__module__ == module.__name__]
    assert drawers
    assert all(inspect.getdoc(f) for f in drawers)
