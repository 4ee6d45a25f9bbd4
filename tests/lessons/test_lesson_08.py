"""Lesson 08: its pictures against slopes that are measured, and its exercises against the complex step."""

import itertools
import re

import numpy as np
import pytest
from complex_step import complex_step
from reading import arrows, assert_legible, drawn, marked, plain, texts

from helpers.lessons.lesson_08 import pictures
from helpers.lessons.lesson_08.exercises import (
    CHAIN,
    CHANGE,
    Products,
    Rearranged,
    RepairTheGradient,
    TupleOfTranspose,
    UnlikeThings,
)
from helpers.lessons.lesson_08.pictures import (
    LAYER_U,
    LAYER_W,
    LAYER_X,
    READINGS,
    draw_followed,
    draw_glueing,
    draw_one_weight,
    draw_three_forms,
    draw_tuple,
)
from helpers.numerical import numerical_jacobian
from helpers.tuples import Tuple

WEIGHTS = list(itertools.product((1, 2), (1, 2, 3)))
STATES = list(itertools.product((1, 2), (1, 2, 3), READINGS))
WIDE_W = np.array([[1.0, 0.0, -2.0, 0.5], [0.0, 3.0, 1.0, 1.0], [2.0, -1.0, 0.0, 4.0]])
WIDE_X = np.array([[2.0], [-1.0], [0.5], [3.0]])
ITEMS, SLABS = ("j = 1", "j = 2", "j = 3"), ("i = 1", "i = 2")
WIDE = dict(zip(READINGS, ("xᵀ ⊗ I", "I ⊗ xᵀ"), strict=True))
INDEX = "₁₂₃₄"


def minus(value):
    """−0.5 for -0.5, as a picture writes it."""
    return f"{value:g}".replace("-", "\N{MINUS SIGN}")


def measured_slopes(W, x):
    """[i, k, j]: how output i of Wx answers when the weight W_kj alone moves."""
    return complex_step(lambda W: (W @ x).ravel(), W)


def wide_matrix(W, x, reading):
    """The Jacobian of Wx with respect to all weights as one long column, in the order of the reading."""
    if reading == READINGS[0]:
        return numerical_jacobian(lambda w: w.reshape(W.T.shape).T @ x, W.T.reshape(-1, 1))
    return numerical_jacobian(lambda w: w.reshape(W.shape) @ x, W.reshape(-1, 1))


@pytest.mark.parametrize(("k", "j", "reading"), STATES)
def test_the_framed_cells_are_the_measured_slopes(k, j, reading):
    """W's own cell, the entry of x, then both slopes in the tuple, in the array and in the wide matrix."""
    picture = draw_three_forms(k, j, reading)
    slopes = measured_slopes(LAYER_W, LAYER_X)
    own = slopes[:, k - 1, j - 1]
    assert marked(picture, "W (2, 3)") == {(k - 1, j - 1)} and marked(picture, "x (3, 1)") == {(j - 1, 0)}
    for n, name in enumerate(ITEMS):
        np.testing.assert_allclose(drawn(picture, name), slopes[:, :, n], atol=1e-12)
        assert marked(picture, name) == ({(0, k - 1), (1, k - 1)} if n == j - 1 else set())
    for i, name in enumerate(SLABS):
        np.testing.assert_allclose(drawn(picture, name), slopes[i], atol=1e-12)
        assert marked(picture, name) == {(k - 1, j - 1)}
    wide = drawn(picture, WIDE[reading])
    np.testing.assert_allclose(wide, wide_matrix(LAYER_W, LAYER_X, reading), atol=1e-12)
    [column] = {column for _, column in marked(picture, WIDE[reading])}
    assert len(marked(picture, WIDE[reading])) == 2
    np.testing.assert_allclose(wide[:, column], own, atol=1e-12)
    read = texts(picture)
    places = {f"item {j}, column {k}", f"row {k}, column {j} of every matrix"}
    assert places | {f"column {column + 1}: that of the weight {k}{j}"} <= set(read)
    told = [float(plain(re.split(" = |: ", text)[-1])) for text in sorted(read) if text.startswith(("z₁: ", "z₂: "))]
    assert told == pytest.approx(own, abs=1e-12)


@pytest.mark.parametrize(("k", "j"), WEIGHTS)
def test_a_weight_is_followed_to_its_measured_slope_of_the_loss(k, j):
    """Its own cell, the entries of x and u that it meets, its slopes in the tuple, and the gradient of uᵀWx."""
    picture, slopes = draw_followed(k, j), measured_slopes(LAYER_W, LAYER_X)
    gradient = complex_step(lambda W: (LAYER_U.T @ W @ LAYER_X).ravel(), LAYER_W)[0]
    assert marked(picture, "W (2, 3)") == marked(picture, "u xᵀ") == {(k - 1, j - 1)}
    assert marked(picture, "x (3, 1)") == {(j - 1, 0)} and marked(picture, "u (2, 1)") == {(k - 1, 0)}
    np.testing.assert_array_equal(drawn(picture, "u (2, 1)"), LAYER_U)
    np.testing.assert_allclose(drawn(picture, "u xᵀ"), gradient, atol=1e-12)
    for n, name in enumerate(ITEMS):
        np.testing.assert_allclose(drawn(picture, name), slopes[:, :, n], atol=1e-12)
        assert marked(picture, name) == ({(0, k - 1), (1, k - 1)} if n == j - 1 else set())
    own = gradient[k - 1, j - 1]
    [product] = [text for text in texts(picture) if text.startswith(f"row {k}, column {j}: ")]
    told = f"column {k} of item {j} of 3. .* row {k}, column {j} of the gradient is .* = {minus(own)}[.]$"
    assert product.endswith(f" = {minus(own)}") and re.search(told, picture.description)


def test_the_loss_of_the_lesson_has_the_upstream_that_is_drawn():
    b, t = np.array([[-1.0], [2.0]]), np.array([[3.0], [4.0]])
    slopes = numerical_jacobian(lambda z: 0.5 * np.sum((z - t) ** 2, keepdims=True), LAYER_W @ LAYER_X + b)
    np.testing.assert_allclose(slopes, LAYER_U.T, atol=1e-12)


@pytest.mark.parametrize("reading", READINGS)
def test_the_columns_of_the_wide_matrix_bear_the_names_of_their_weights(reading):
    """An array whose entries spell their indices, read as the heading says, gives the labels from left to right."""
    read = texts(draw_three_forms(1, 2, reading))
    spelled = np.array([[11, 12, 13], [21, 22, 23]]).ravel("F" if reading == "column by column" else "C")
    assert [text for text in read if re.fullmatch(r"\d\d", text)] == [str(weight) for weight in spelled]
    assert f"wide matrix (2, 6), W read {reading}" in read


@pytest.mark.parametrize(("k", "j", "reading"), STATES)
def test_the_places_that_are_told_hold_the_slopes(k, j, reading):
    picture, slopes = draw_three_forms(k, j, reading), measured_slopes(LAYER_W, LAYER_X)
    column, item, row, same, place = map(
        int,
        re.search(
            r"column (\d) of item (\d) of 3; .* in row (\d), column (\d) of both .* column (\d) of 6",
            picture.description,
        ).groups(),
    )
    truth = slopes[:, k - 1, j - 1]
    np.testing.assert_array_equal(slopes[:, :, item - 1][:, column - 1], truth)
    np.testing.assert_array_equal(slopes[:, row - 1, same - 1], truth)
    np.testing.assert_allclose(wide_matrix(LAYER_W, LAYER_X, reading)[:, place - 1], truth, atol=1e-12)


def test_a_frame_at_another_weight_would_be_found(monkeypatch):
    honest = pictures.draw_matrix

    def planted(ax, A, left, top, fills, **others):
        swapped = {at[::-1]: fill for at, fill in fills.items() if max(at) < min(A.shape)}
        return honest(ax, A, left, top, fills=swapped, **others)

    monkeypatch.setattr(pictures, "draw_matrix", planted)
    with pytest.raises(AssertionError):
        test_the_framed_cells_are_the_measured_slopes(1, 2, READINGS[0])


@pytest.mark.parametrize(("W", "x"), [(LAYER_W, LAYER_X), (WIDE_W, WIDE_X), (WIDE_W.T, WIDE_X[:3])])
def test_one_arrow_for_each_weight_and_one_slope_for_each_output(W, x):
    M, N = W.shape
    slopes = measured_slopes(W, x)
    for k, j in ((1, 1), (M, N), (1, N)):
        picture = draw_one_weight(W, x, k, j)
        assert len(arrows(picture, "edge")) == M * N - 1 == int(picture.description.split()[0]) - 1
        [((_, start), (_, end))] = arrows(picture, "path")
        written = {text.get_text(): text.get_position()[1] for text in picture.figure.axes[0].texts}
        beside = [(text.get_text(), text.get_position()[1]) for text in picture.figure.axes[0].texts]
        for n in range(N):
            assert (minus(x[n, 0]), written[f"x{INDEX[n]}"]) in beside
        assert start == written["x" + INDEX[j - 1]] and end == written["z" + INDEX[k - 1]]
        told = [text.split(": ")[1] for text in texts(picture) if text.startswith("slope in")]
        numbers = [float(plain(text.split(" = ")[-1].removesuffix(", no path"))) for text in told]
        assert numbers == pytest.approx(slopes[:, k - 1, j - 1], abs=1e-12)
        assert_legible(picture)


@pytest.mark.parametrize(("W", "x"), [(LAYER_W, LAYER_X), (WIDE_W, WIDE_X)])
def test_the_tuple_is_drawn_item_by_item(W, x):
    M, N = W.shape
    picture, slopes = draw_tuple(W, x), measured_slopes(W, x)
    for j in range(N):
        index = INDEX[j]
        value = minus(x[j, 0])
        np.testing.assert_array_equal(drawn(picture, f"w{index}"), W[:, [j]])
        np.testing.assert_allclose(drawn(picture, f"x{index}I,  x{index} = {value}"), slopes[:, :, j], atol=1e-12)
        assert marked(picture, f"x{index}I,  x{index} = {value}") == {(i, i) for i in range(M)}
    factors = [f"· ({minus(v)})" if v < 0 else f"· {minus(v)}" for v in x.ravel()]
    assert [text for text in texts(picture) if text.startswith("·")] == factors
    assert f"{N} items of shape {(M, M)}" in picture.description
    total = re.search(r"Wx = \((.*?)\)", picture.description)[1]
    assert [float(plain(part)) for part in total.split(", ")] == pytest.approx((W @ x).ravel(), abs=0.005)


@pytest.mark.parametrize("M", [1, 2, 3])
def test_the_glued_columns_are_the_measured_gradient(M):
    W, x, u = WIDE_W[:M], WIDE_X, np.array([[2.0], [-1.0], [0.5]])[:M]
    gradient = np.einsum("i,ikj->kj", u.ravel(), measured_slopes(W, x))
    picture = draw_glueing(u, x)
    lines = re.search(r"with the rows \((.*?)\), column", picture.description)[1].split("), (")
    assert [[float(plain(v)) for v in line.split(", ")] for line in lines] == [pytest.approx(row) for row in gradient]
    np.testing.assert_allclose(drawn(picture, f"({M}, 4), as W"), gradient, atol=0.0051)
    for j in range(4):
        np.testing.assert_allclose(drawn(picture, f"row {j + 1}"), gradient[:, [j]].T, atol=0.0051)
        np.testing.assert_allclose(drawn(picture, f"column {j + 1}"), gradient[:, [j]], atol=0.0051)
        # One item is followed: as a row, as a column, and in the matrix.
        assert bool(marked(picture, f"row {j + 1}")) == bool(marked(picture, f"column {j + 1}")) == (j == 1)
    assert marked(picture, f"({M}, 4), as W") == {(i, 1) for i in range(M)}
    products = [text for text in texts(picture) if text.startswith("x")]
    assert products == [f"x{j}uᵀ" for j in INDEX] + [f"x{j}u" for j in INDEX]


def test_every_picture_is_legible():
    for state in STATES:
        assert_legible(draw_three_forms(*state))
    for weight in WEIGHTS:
        assert_legible(draw_followed(*weight))
    for picture in (draw_tuple(LAYER_W, LAYER_X), draw_tuple(WIDE_W, WIDE_X), draw_glueing(LAYER_X, WIDE_X)):
        assert_legible(picture)


# --- the exercises ------------------------------------------------------------------------------------------


def test_the_tuple_for_the_transpose_is_measured():
    for case in TupleOfTranspose().cases(np.random.default_rng(5)):
        W, y = case["W"], case["y"]
        items = TupleOfTranspose().solution(W, y)
        slopes = complex_step(lambda W, y=y: (W.T @ y).ravel(), W)  # [i, k, j]: of output i for W_kj
        for j, item in zip(range(W.shape[1]), items, strict=True):
            np.testing.assert_allclose(item, slopes[:, :, j], atol=1e-12)


def test_each_entry_of_the_tuple_of_unlike_things_is_measured():
    f = lambda p, A, c: c * c * (A @ p)
    for case in UnlikeThings().cases(np.random.default_rng(5)):
        p, A, c = case["p"], case["A"], case["c"]
        d_p, d_A, d_c = UnlikeThings().solution(**case)
        np.testing.assert_allclose(d_p, numerical_jacobian(lambda q, A=A, c=c: f(q, A, c), p), atol=1e-12)
        np.testing.assert_allclose(d_c, f(p, A, c + 1e-20j).imag / 1e-20, atol=1e-12)
        slopes = complex_step(lambda A, p=p, c=c: f(p, A, c).ravel(), A)
        for j, item in zip(range(A.shape[1]), d_A, strict=True):
            np.testing.assert_allclose(item, slopes[:, :, j], atol=1e-12)


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
        W, x, g, u = case["W"], case["x"], case["g"], case["u"]
        truth = complex_step(lambda W, x=x, g=g, u=u: (u * g * (W @ x)).sum(), W)
        np.testing.assert_allclose(RepairTheGradient().solution(**case), truth, atol=1e-12)
    as_printed = RepairTheGradient.mistakes[0].function
    W, ones = np.arange(9.0).reshape(3, 3), np.ones((3, 1))
    np.testing.assert_array_equal(as_printed(W, ones, ones, ones), RepairTheGradient().solution(W, ones, ones, ones))


def test_the_rearranged_array_is_indexed_as_the_statement_says():
    for case in Rearranged().cases(np.random.default_rng(5)):
        items = case["items"]
        (K, M), N = items[0].shape, len(items)
        array, wide = Rearranged().solution(items)
        for i, k, j in np.ndindex(K, M, N):
            assert array[i, k, j] == items[j][i, k] == wide[i, k * N + j]
    x = np.array([[2.0], [-1.0], [4.0]])
    _, wide = Rearranged().solution([x_j * np.eye(2) for x_j in x.ravel()])
    np.testing.assert_array_equal(wide, np.kron(np.eye(2), x.T))
