"""Lesson 12: its pictures against loops and measurements, at their controls' ends and middle, and its references."""

import json
import math
import re
from itertools import pairwise

import numpy as np
import pytest
from complex_step import complex_step
from matplotlib.patches import PathPatch, Rectangle
from reading import arrows, assert_legible, cells, marked, numbers, shades, shown, texts, values, within

from helpers.digits import digit_network, some_digits
from helpers.lessons.lesson_12.exercises import ADeltaOfShares, AllLayers, BackIntoShape, ThreeFaults
from helpers.lessons.lesson_12.pictures import (
    ENTRIES,
    START,
    draw_backward,
    draw_gradient_rows,
    draw_outer,
    draw_reading,
    draw_transpose,
)
from helpers.lessons.syllabus import notebook
from helpers.tuples import Tuple

STARTS = {name: START[letter][k] for name, (letter, k) in ENTRIES.items()}


@pytest.mark.parametrize("column", [3, 13, 19])
def test_the_reading_shows_the_pixels_and_the_shares(column):
    net, (X, Y) = digit_network(), some_digits()
    x, y = X[:, [column]], Y[:, [column]]
    scores = [s.item() for s in net(x)]
    p = [math.exp(s) / sum(map(math.exp, scores)) for s in scores]
    picture = draw_reading(x, net(x), y)
    bars = {b.get_label(): b.get_width() for b in within(picture.figure, Rectangle) if "p[" in str(b.get_label())}
    assert [bars[f"p[{k}]"] / 200 for k in range(10)] == pytest.approx(p)
    said, meant = p.index(max(p)), column // 2
    assert picture.title == f"A {meant} that is read as a {said}"
    assert numbers(picture.description)[-4:] == pytest.approx([p[said], said, p[meant], meant], abs=0.005)
    assert shades(picture, "x") == [[round(8 * x[8 * i + j, 0]) for j in range(8)] for i in range(8)]
    assert {f"{p[meant]:.2f}, what it should be", f"{p[said]:.2f}, its answer"} <= set(texts(picture))
    assert_legible(picture)


@pytest.mark.parametrize(("M", "N"), [(2, 3), (3, 2), (4, 2), (2, 2)])
def test_each_item_is_transposed_in_its_place(M, N):
    rng = np.random.default_rng(M)
    rows = Tuple(rng.normal(size=(1, M)) for _ in range(N))
    picture = draw_transpose(rows)
    for j in range(N):
        for name, shape in ((f"row {j + 1}", (1, M)), (f"column {j + 1}", (M, 1))):
            drawn = values(cells(picture, name))
            assert drawn.shape == shape
            assert drawn.ravel() == pytest.approx([rows[j][0, m] for m in range(M)], abs=0.0051)
    matrix = values(cells(picture, "matrix"))
    assert matrix.shape == (M, N)
    for m, j in np.ndindex(M, N):
        assert matrix[m, j] == pytest.approx(rows[j][0, m], abs=0.0051)
    assert {f"{N} rows (1, {M})", f"{N} columns ({M}, 1)", f"one matrix ({M}, {N})"} <= set(texts(picture))
    rights = {name: max(t.get_position()[0] for t in shown(picture) if name in str(t.get_label()))
              for name in ("row 1", f"column {N}", "matrix")}  # fmt: skip
    assert rights["row 1"] < rights[f"column {N}"] < rights["matrix"]
    assert_legible(picture)


@pytest.mark.parametrize(("M", "N"), [(2, 3), (32, 64)])
def test_values_run_forward_and_gradients_back(M, N):
    picture = draw_backward(M, N)
    for label in ("affine", "activation", "above"):
        [(start, end)], [(other_start, other_end)] = arrows(picture, label), arrows(picture, f"{label}, back")
        assert start[0] < end[0] and other_start[0] > other_end[0]
        assert start[1] < other_start[1]  # y points down: the gradients run under the values
    written = set(texts(picture))
    assert {f"δ = d_σ ⊙ u  ({M}, 1)", f"u  ({M}, 1)", f"Wᵀδ  ({N}, 1)"} <= written
    assert {f"gradient for b:  δ  ({M}, 1)", f"gradient for W:  δ n⁽ⁱ⁻¹⁾ᵀ  ({M}, {N})"} <= written
    assert f"({M}, {N})" in picture.description
    assert_legible(picture)


def by_loops(which, value):
    """What draw_outer should show, with cosh for the slope and no array product."""
    u, z, x = ([*START[letter]] for letter in "uzx")
    letter, k = ENTRIES[which]
    {"u": u, "z": z, "x": x}[letter][k] = value
    slopes = [1 / math.cosh(number) ** 2 for number in z]
    delta = [s * number for s, number in zip(slopes, u, strict=True)]
    return {"u": u, "z": z, "xᵀ": x, "d_σ": slopes, "δ": delta, "δxᵀ": [[d * number for number in x] for d in delta]}


@pytest.mark.parametrize("which", ENTRIES)
@pytest.mark.parametrize("value", [-3.0, 0.0, 1.9, 3.0])
def test_the_outer_product_forms_beside_its_measurement(which, value):
    picture, truth = draw_outer(which, value), by_loops(which, value)
    for name in ("u", "z", "xᵀ", "d_σ", "δ"):
        assert values(cells(picture, name)).ravel() == pytest.approx(truth[name], abs=0.00051)
    for name in ("δxᵀ", "measured"):
        np.testing.assert_allclose(values(cells(picture, name)), truth["δxᵀ"], atol=0.00051)
    rows = re.search(r"the rows \((.*?)\) and \((.*?)\);", picture.description).groups()
    assert [numbers(row) for row in rows] == [pytest.approx(row, abs=0.00051) for row in truth["δxᵀ"]]
    assert picture.title.startswith(f"{which} = ") and picture.description.startswith(f"With {which} = ")
    assert "below 1e-12" in picture.description
    assert_legible(picture)


@pytest.mark.parametrize("which", ENTRIES)
def test_what_is_marked_is_what_moves(which):
    here, there = by_loops(which, STARTS[which]), by_loops(which, STARTS[which] + 0.4)
    picture = draw_outer(which, STARTS[which])
    for name in ("u", "z", "d_σ", "δ"):
        moved = {(k, 0) for k in range(2) if here[name][k] != there[name][k]}
        assert marked(picture, name) == moved
    assert marked(picture, "xᵀ") == {(0, k) for k in range(3) if here["xᵀ"][k] != there["xᵀ"][k]}
    changed = {(i, j) for i in range(2) for j in range(3) if here["δxᵀ"][i][j] != there["δxᵀ"][i][j]}
    assert marked(picture, "δxᵀ") == marked(picture, "measured") == changed
    line, number = re.search(r"(row|column) (\d) depends on", picture.description).groups()
    assert {place[0 if line == "row" else 1] for place in changed} == {int(number) - 1}


def test_the_rows_of_the_gradient_are_the_picture_times_a_number():
    x = some_digits()[0][:, [19]]
    delta = np.array([[1.2], [-0.3], [0.0], [-2.4]])
    picture = draw_gradient_rows(delta, x, units=(1, 2, 3, 4))
    for k, factor in enumerate(delta.ravel(), start=1):
        expected = [[round(8 * abs(factor) / 2.4 * x[8 * i + j, 0]) for j in range(8)] for i in range(8)]
        assert shades(picture, f"unit {k}") == expected
        assert f"unit {k}: x times {f'{factor:g}'.replace('-', '−')}" in texts(picture)
    colours = {k: {p.get_facecolor() for p in within(picture.figure, PathPatch)
                   if re.fullmatch(rf"unit {k}: shade [1-8]", str(p.get_label()))} for k in (1, 2, 4)}  # fmt: skip
    assert not colours[1] & (colours[2] | colours[4])
    assert numbers(picture.description.split("unit: ")[1])[:8] == [1.2, 1, -0.3, 2, 0, 3, -2.4, 4]
    assert_legible(picture)


# --- the references of the exercises ---------------------------------------------------------------------------


def test_the_delta_of_shares_is_measured():
    rng = np.random.default_rng(1)
    for M in (2, 4):
        u, z = rng.normal(size=(M, 1)), rng.uniform(0.5, 2, size=(M, 1))
        measured = complex_step(lambda z, u=u: (u * z / z.sum()).sum(), z)
        np.testing.assert_allclose(ADeltaOfShares().solution(u, z / z.sum(), z.sum()), measured, atol=1e-12)


def test_the_gradients_are_in_the_shape_of_the_parameters():
    rng = np.random.default_rng(2)
    W, b, x, u = rng.normal(size=(2, 3)), rng.normal(size=(2, 1)), rng.normal(size=(3, 1)), rng.normal(size=(2, 1))
    on_W = complex_step(lambda W: (u * np.tanh(W @ x + b)).sum(), W)
    on_b = complex_step(lambda b: (u * np.tanh(W @ x + b)).sum(), b)
    dL = Tuple([Tuple(on_W[:, [j]].T for j in range(3)), on_b.T])
    found = BackIntoShape().solution(dL)
    assert np.array_equal(found["W"], on_W) and np.array_equal(found["b"], on_b)


@pytest.mark.parametrize("widths", [(3, 5, 4, 6, 2), (3, 3, 3, 3, 3)])
def test_all_layers_against_the_complex_step(widths):
    rng = np.random.default_rng(4)
    W, b = [rng.normal(size=(m, n)) for n, m in pairwise(widths)], [rng.normal(size=(m, 1)) for m in widths[1:]]
    x, y = rng.normal(size=(widths[0], 1)), rng.normal(size=(widths[-1], 1))

    def loss(W, b):
        n = x
        for A, c in zip(W, b, strict=True):
            n = np.tanh(A @ n + c)
        return ((n - y) ** 2).sum()

    found = AllLayers().solution(W, b, x, y)
    assert set(found) == {(i, name) for i in range(4) for name in "Wb"}
    for i in range(4):
        on_W = complex_step(lambda A, i=i: loss([*W[:i], A, *W[i + 1 :]], b), W[i])
        on_b = complex_step(lambda c, i=i: loss(W, [*b[:i], c, *b[i + 1 :]]), b[i])
        np.testing.assert_allclose(found[i, "W"], on_W, atol=1e-12)
        np.testing.assert_allclose(found[i, "b"], on_b, atol=1e-12)


def test_the_faulty_program_runs_where_widths_are_equal_and_its_step_lowers_the_loss():
    stored = json.loads(notebook(12).read_text(encoding="utf-8"))["cells"]
    [text] = ["".join(cell["source"]) for cell in stored if "### Exercise 12.3" in "".join(cell["source"])]
    names = {"np": np}
    exec(re.search(r"```python\n(.*?)```", text, re.DOTALL)[1], names)

    def drawn(*widths):
        rng, (N, H, M) = np.random.default_rng(5), widths
        return [rng.normal(size=shape) for shape in ((H, N), (H, 1), (M, H), (M, 1), (N, 1))]

    W0, b0, W1, b1, x = drawn(3, 3, 3)
    y = np.array([[0.5], [-0.5], [0.0]])

    def out(W0):
        return np.tanh(W1 @ np.tanh(W0 @ x + b0) + b1)

    def loss(W0):
        return ((out(W0) - y) ** 2).sum()

    faulty = names["faulty"](W0, b0, W1, b1, x, 2 * (out(W0) - y))
    right = ThreeFaults().solution(W0, b0, W1, b1, x, 2 * (out(W0) - y))
    np.testing.assert_allclose(right, complex_step(loss, W0), atol=1e-12)
    assert np.abs(faulty - right).max() > 0.1
    assert loss(W0 - 0.01 * faulty) < loss(W0)
    *network, x = drawn(4, 2, 3)
    assert names["faulty"](*network, x, np.ones((3, 1))).shape != network[0].shape  # one fault shows in the shape
