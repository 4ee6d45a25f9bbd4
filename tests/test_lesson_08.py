"""Lesson 08: its pictures against slopes that are measured, and its exercises against the complex step."""

import html
import itertools
import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest
from drawn import assert_texts_inside

from helpers.exercises.lesson_08 import CHAIN, CHANGE, Products, Rearranged, RepairTheGradient, UnlikeThings
from helpers.figures import lesson_08
from helpers.figures.lesson_08 import (
    LAYER_W,
    LAYER_X,
    READINGS,
    draw_glueing,
    draw_one_weight,
    draw_three_forms,
    draw_tuple,
)
from helpers.numerical import numerical_jacobian
from helpers.tuples import Tuple

SVG = "{http://www.w3.org/2000/svg}"
MARKED = {"#F0E442": "full", "#FBF7CC": "pale"}
STATES = list(itertools.product((1, 2), (1, 2, 3), READINGS))
WIDE_W = np.array([[1.0, 0.0, -2.0, 0.5], [0.0, 3.0, 1.0, 1.0], [2.0, -1.0, 0.0, 4.0]])
WIDE_X = np.array([[2.0], [-1.0], [0.5], [3.0]])


def number(text):
    return float(text.replace("\N{MINUS SIGN}", "-"))


def framed(figure):
    """(fill, number, x, y) of every marked cell, in drawing order."""
    found, elements = [], list(ET.fromstring(figure.svg()))
    for element, after in itertools.pairwise(e for e in elements if e.get("fill") != "none"):
        if element.tag == f"{SVG}rect" and element.get("fill") in MARKED:
            place = float(element.get("x")), float(element.get("y"))
            found.append((MARKED[element.get("fill")], number(after.text), *place))
    return found


def measured_slopes(W, x):
    """[i, k, j]: how output i of Wx answers when the weight W_kj alone moves."""
    slopes = np.empty((len(W), *W.shape))
    for k, j in np.ndindex(W.shape):
        raised = W.astype(complex)
        raised[k, j] += 1e-20j
        slopes[:, k, j] = (raised @ x).imag.ravel() / 1e-20
    return slopes


def wide_matrix(W, x, reading):
    """The Jacobian of Wx with respect to all weights as one long column, in the order of the reading."""
    if reading == READINGS[0]:
        return numerical_jacobian(lambda w: w.reshape(W.T.shape).T @ x, W.T.reshape(-1, 1))
    return numerical_jacobian(lambda w: w.reshape(W.shape) @ x, W.reshape(-1, 1))


@pytest.mark.parametrize(("k", "j", "reading"), STATES)
def test_the_framed_cells_are_the_measured_slopes(k, j, reading):
    """W's own cell, the entry of x, then both slopes in the tuple, in the array and in the wide matrix."""
    marks = framed(draw_three_forms(k, j, reading))
    slopes = measured_slopes(LAYER_W, LAYER_X)[:, k - 1, j - 1]
    assert [value for _, value, *_ in marks[:2]] == [LAYER_W[k - 1, j - 1], LAYER_X[j - 1, 0]]
    assert [value for _, value, *_ in marks[2:]] == pytest.approx(np.tile(slopes, 3), abs=1e-12)
    assert [fill for fill, *_ in marks[2:]] == ["full" if slope else "pale" for slope in slopes] * 3


@pytest.mark.parametrize(("k", "j", "reading"), STATES)
def test_the_places_that_are_told_hold_the_slopes(k, j, reading):
    figure, slopes = draw_three_forms(k, j, reading), measured_slopes(LAYER_W, LAYER_X)
    column, item, row, same, place = map(
        int,
        re.search(
            r"column (\d) of item (\d) of 3; .* in row (\d), column (\d) of both .* column (\d) of 6",
            figure.description,
        ).groups(),
    )
    items = [slopes[:, :, n] for n in range(3)]
    truth = slopes[:, k - 1, j - 1]
    np.testing.assert_array_equal(items[item - 1][:, column - 1], truth)
    np.testing.assert_array_equal(slopes[:, row - 1, same - 1], truth)
    np.testing.assert_allclose(wide_matrix(LAYER_W, LAYER_X, reading)[:, place - 1], truth, atol=1e-12)
    # The framed cells of the wide matrix stand where the sentence says.
    assert {round((x - 500) / 40) + 1 for _, _, x, y in framed(figure) if x >= 500 and y >= 320} == {place}


@pytest.mark.parametrize("reading", READINGS)
def test_the_wide_matrix_is_the_jacobian_of_the_long_column(reading):
    texts = [
        (float(e.get("y")), float(e.get("x")), number(e.text))
        for e in ET.fromstring(draw_three_forms(1, 2, reading).svg()).iter(f"{SVG}text")
        if float(e.get("x")) > 500 and 325 < float(e.get("y")) < 400
    ]
    drawn = np.array([value for *_, value in sorted(texts)]).reshape(2, 6)
    np.testing.assert_allclose(drawn, wide_matrix(LAYER_W, LAYER_X, reading), atol=1e-12)


def test_a_frame_at_another_weight_would_be_found(monkeypatch):
    planted = lambda figure, A, left, top, colors, **others: honest(
        figure, A, left, top, colors={at[::-1]: c for at, c in colors.items() if max(at) < min(A.shape)}, **others
    )
    honest = lesson_08.draw_matrix
    monkeypatch.setattr(lesson_08, "draw_matrix", planted)
    with pytest.raises(AssertionError):
        test_the_framed_cells_are_the_measured_slopes(1, 2, READINGS[0])


@pytest.mark.parametrize(("W", "x"), [(LAYER_W, LAYER_X), (WIDE_W, WIDE_X), (WIDE_W.T, WIDE_X[:3])])
def test_one_arrow_for_each_weight_and_one_slope_for_each_output(W, x):
    M, N = W.shape
    slopes = measured_slopes(W, x)
    for k, j in ((1, 1), (M, N), (1, N)):
        figure = draw_one_weight(W, x, k, j)
        shafts = [e for e in ET.fromstring(figure.svg()).iter(f"{SVG}polyline")]
        assert len(shafts) == M * N == int(figure.description.split()[0])
        assert sum(e.get("stroke") == "#D55E00" for e in shafts) == 1
        drawn = [
            html.unescape(re.sub(r"<[^>]*>|&#8203;", "", t))
            for t in re.findall(r">(slope in .*?)</text>", figure.svg())
        ]
        told = [number(re.search(r"(?:= |: )(\N{MINUS SIGN}?[\d.]+)(?:, no path)?$", text)[1]) for text in drawn]
        assert told == pytest.approx(slopes[:, k - 1, j - 1], abs=1e-12)


@pytest.mark.parametrize(("W", "x"), [(LAYER_W, LAYER_X), (WIDE_W, WIDE_X)])
def test_the_tuple_is_drawn_item_by_item(W, x):
    M, N = W.shape
    figure = draw_tuple(W, x)
    marks = framed(figure)
    assert [value for _, value, *_ in marks] == [x[j, 0] for j in range(N) for _ in range(M)]
    assert f"{N} items of shape {(M, M)}" in figure.description
    total = re.search(r"Wx = \((.*?)\)", figure.description)[1]
    assert [number(part) for part in total.split(", ")] == pytest.approx((W @ x).ravel(), abs=0.005)


@pytest.mark.parametrize("M", [1, 2, 3])
def test_the_glued_columns_are_the_measured_gradient(M):
    W, x, u = WIDE_W[:M], WIDE_X, np.array([[2.0], [-1.0], [0.5]])[:M]
    gradient = np.einsum("i,ikj->kj", u.ravel(), measured_slopes(W, x))
    figure = draw_glueing(u, x)
    lines = re.search(r"with the rows \((.*?)\), column", figure.description)[1].split("), (")
    assert [[number(v) for v in line.split(", ")] for line in lines] == [pytest.approx(row) for row in gradient]
    # The framed item, as a row, as a column, and in the matrix.
    assert [value for _, value, *_ in framed(figure)] == pytest.approx(np.tile(gradient[:, 1], 3))


def test_every_text_lies_inside_its_figure():
    figures = [draw_three_forms(*state) for state in STATES]
    figures += [draw_one_weight(WIDE_W, WIDE_X, 1, 4), draw_one_weight(LAYER_W, LAYER_X, 2, 3)]
    figures += [draw_tuple(LAYER_W, LAYER_X), draw_tuple(WIDE_W, WIDE_X), draw_glueing(LAYER_X, WIDE_X)]
    for figure in figures:
        assert_texts_inside(figure)


# --- the exercises ------------------------------------------------------------------------------------------


def test_each_entry_of_the_tuple_of_unlike_things_is_measured():
    f = lambda p, A, c: c * c * (A @ p)
    for case in UnlikeThings().cases(np.random.default_rng(5)):
        p, A, c = case["p"], case["A"], case["c"]
        d_p, d_A, d_c = UnlikeThings().solution(**case)
        np.testing.assert_allclose(d_p, numerical_jacobian(lambda q, A=A, c=c: f(q, A, c), p), atol=1e-12)
        np.testing.assert_allclose(d_c, f(p, A, c + 1e-20j).imag / 1e-20, atol=1e-12)
        assert len(d_A) == A.shape[1]
        for k, j in np.ndindex(A.shape):
            raised = A.astype(complex)
            raised[k, j] += 1e-20j
            np.testing.assert_allclose(d_A[j][:, [k]], f(p, raised, c).imag / 1e-20, atol=1e-12)


def test_what_comes_out_is_what_tuple_computes():
    rng = np.random.default_rng(5)
    W, x, J, u, y, K = (rng.normal(size=s) for s in ((2, 5), (5, 1), (4, 2), (2, 1), (5, 1), (2, 2)))
    T, S = Tuple(x_j * np.eye(2) for x_j in x.ravel()), Tuple.of_columns(rng.normal(size=(2, 5)))
    expected = Products().solution()
    for written, answer in expected.items():
        if written in (CHAIN, CHANGE):
            continue
        if answer == "error":
            with pytest.raises(ValueError):
                eval(written, {"T": T, "K": K})
            continue
        got = eval(written, {"T": T, "J": J, "u": u, "y": y, "S": S})
        assert answer == ((len(got), got.shapes[0]) if isinstance(got, Tuple) else got.shape), written
    moved = (W + S.columns()) @ x - W @ x
    np.testing.assert_allclose(eval(expected[CHANGE], {"T": T, "S": S}), moved, atol=1e-12)
    inside = measured_slopes(W, x)
    np.testing.assert_allclose(np.stack(list(eval(expected[CHAIN], {"T": T, "J": J})), 2), np.tensordot(J, inside, 1))


def test_the_repaired_gradient_is_measured_and_its_authors_test_is_blind():
    for case in RepairTheGradient().cases(np.random.default_rng(5)):
        W, x, u = case["W"], case["x"], case["u"]
        truth = np.einsum("i,ikj->kj", u.ravel(), measured_slopes(W, x))
        np.testing.assert_allclose(RepairTheGradient().solution(**case), truth, atol=1e-12)
    as_printed = RepairTheGradient.mistakes[0].function
    W, ones = np.arange(9.0).reshape(3, 3), np.ones((3, 1))
    np.testing.assert_array_equal(as_printed(W, ones, ones), RepairTheGradient().solution(W, ones, ones))


def test_the_rearranged_array_is_indexed_as_the_statement_says():
    for case in Rearranged().cases(np.random.default_rng(5)):
        items = case["items"]
        (K, M), N = items[0].shape, len(items)
        array, wide = Rearranged().solution(items)
        for i, k, j in np.ndindex(K, M, N):
            assert array[i, k, j] == items[j][i, k] == wide[i, j * M + k]
    x = np.array([[2.0], [-1.0], [4.0]])
    _, wide = Rearranged().solution([x_j * np.eye(2) for x_j in x.ravel()])
    np.testing.assert_array_equal(wide, np.kron(x.T, np.eye(2)))
