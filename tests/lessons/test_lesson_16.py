"""Lesson 16: its pictures against loops, at their controls' ends and middle, and its references against measurement."""

import json
import re

import numpy as np
import pytest
from complex_step import complex_step
from matplotlib.patches import PathPatch, Rectangle
from reading import arrows, assert_legible, numbers, plain, shown, texts, within

from helpers.convolution import Convolution
from helpers.digits import digit_network, some_digits
from helpers.lessons.lesson_16.exercises import (
    AnyStride,
    NormalizationBackward,
    OneMatrixForEveryChannel,
    SamplesThatCountMore,
    TwoNamesExchanged,
)
from helpers.lessons.lesson_16.pictures import (
    CELL,
    DELTA,
    GAP,
    LEFT,
    PIXELS,
    TOP,
    draw_edges,
    draw_moved,
    draw_pooling,
    draw_tied,
    draw_uses,
)
from helpers.lessons.syllabus import notebook


def moved(x):
    image = x.reshape(8, 8)
    return np.hstack([np.zeros((8, 1)), image[:, :-1]]).reshape(64, 1)


def corners(picture, label):
    """The upper left corners of the squares under that label."""
    found = [p for p in within(picture.figure, PathPatch) if p.get_label() == label]
    return sorted(tuple(o.min(axis=0)) for p in found for o in p.get_path().vertices.reshape(-1, 5, 2))


def places(picture, label, left, top):
    """The cells (row, column) of those squares in a grid whose first cell is at (left, top)."""
    return {(round((y - top - 1) / CELL), round((x - left - 1) / CELL)) for x, y in corners(picture, label)}


def labelled(picture, label):
    return [text.get_text() for text in shown(picture) if text.get_label() == label]


@pytest.mark.parametrize("column", [0, 2, 18])
def test_what_the_network_reads_in_a_digit_and_in_the_digit_moved(column):
    net, (X, _) = digit_network(), some_digits()
    x = X[:, [column]]
    picture = draw_moved(net, x, moved(x), column // 2)
    for name, each in (("as it is", x), ("moved", moved(x))):
        p = np.exp(net(each)) / np.exp(net(each)).sum()
        assert f"{name}: read as a {p.argmax()}, p = {p.max():.2f}" in texts(picture)
        assert f"{name}, it is read as a {p.argmax()} with probability {p.max():.2f}" in picture.description
        pixels = each.reshape(8, 8)
        dark = corners(picture, f"{name}: 8")
        assert len(dark) == sum(round(8 * v) == 8 for v in pixels.ravel())
    shift = {
        x1 - x0 for (x0, _), (x1, _) in zip(corners(picture, "as it is: 8"), corners(picture, "moved: 8"), strict=True)
    }
    assert shift == {310 + 24}  # the second picture stands 310 to the right, and is moved by a cell of 24
    assert_legible(picture)


@pytest.mark.parametrize("stride", [1, 2])
def test_the_tied_weights_stand_at_their_places(stride):
    picture = draw_tied(9, stride)
    T = (9 - 3) // stride + 1
    for r in range(3):
        assert places(picture, f"tap {r}", 46, 70) == {(t, stride * t + r) for t in range(T)}
    for t in range(T):
        [row] = labelled(picture, f"W[{t}]")
        assert [(row.index(f"κ{k}") // 5) for k in "₀₁₂"] == [stride * t + r for r in range(3)]
    assert f"{T} rows" in picture.description and f"each weight stands {T} times" in picture.description
    assert_legible(picture)


@pytest.mark.parametrize("tap", [0, 1, 2])
@pytest.mark.parametrize("place", [0, 3, 6])
@pytest.mark.parametrize("stride", [1, 2])
def test_the_uses_of_a_weight_are_added_up(tap, place, stride):
    picture, delta = draw_uses(tap, place, stride), DELTA[stride]
    T = (len(PIXELS) - 3) // stride + 1
    t = min(place, T - 1)
    assert len(delta) == T
    used = {(row, stride * row + tap) for row in range(T)}
    done = {(row, stride * row + tap) for row in range(t + 1)}
    assert places(picture, "tied", LEFT - 1, TOP - 1) == used
    assert places(picture, "used", LEFT, TOP) == places(picture, "added", LEFT + GAP, TOP) == done
    total = 0.0
    for row, j in done:
        [text] = labelled(picture, f"δxᵀ[{row},{j}]")
        assert float(plain(text)) == pytest.approx(delta[row] * PIXELS[j], abs=0.0051)
        total += delta[row] * PIXELS[j]
    [sums] = [text for text in texts(picture) if text.startswith("∂L/∂κ")]
    assert numbers(plain(sums.split(":")[1]))[-1] == pytest.approx(total, abs=0.0051)
    assert ("so far" in sums) == (t < T - 1)
    said = "add up to" if t else "the entry of δxᵀ there is"
    assert f"{said} {plain(sums).split()[-1]}: that is" in plain(picture.description)
    windows = [p.get_x() for p in within(picture.figure, Rectangle) if p.get_label() == "window"]
    assert windows == pytest.approx([LEFT + t * stride * CELL, LEFT + GAP + t * stride * CELL])
    assert f"sees x{stride * t}, x{stride * t + 1}, x{stride * t + 2}." in plain(picture.description)
    assert_legible(picture)


def test_the_edges_move_along():
    x = some_digits()[0][:, [0]]
    edges = Convolution(np.array([[[[-1.0, 0, 1]] * 3]]), np.zeros((1, 1)), (8, 8))
    picture = draw_edges(edges, x, moved(x))
    image = x.reshape(8, 8)
    z = np.array([[(image[i : i + 3, j + 2] - image[i : i + 3, j]).sum() for j in range(6)] for i in range(6)])
    largest = max(np.abs(z).max(), np.abs(edges(moved(x))).max())
    for sign in (8, -8):
        strong = {(i, j) for i, j in np.ndindex(6, 6) if round(8 * z[i, j] / largest) == sign}
        drawn = {(round((y - 262) / 22), round((x - 98) / 22)) for x, y in corners(picture, f"as it is, z: {sign}")}
        assert drawn == strong
    assert "one column further to the right" in picture.description
    turned = draw_edges(edges, x, x[::-1].copy())
    assert "one column further" not in turned.description.split("Apart")[1]
    assert_legible(picture)


@pytest.mark.parametrize(("window", "stride"), [(3, 1), (2, 1), (1, 2), (5, 1)])
def test_the_winners_take_the_gradients(window, stride):
    x = [1.0, 3.0, 2.0, 0.0, 3.0]
    T = (5 - window) // stride + 1
    u = [10.0, 1.0, 5.0, -2.0][:T]
    picture = draw_pooling(np.array(x), np.array(u), window, stride)
    below, won = [0.0] * 5, []
    for t in range(T):
        seen = range(t * stride, t * stride + window)
        won.append(max(seen, key=lambda j: (x[j], -j)))
        below[won[-1]] += u[t]
    assert [float(plain(labelled(picture, f"gradient[{j},0]")[0])) for j in range(5)] == below
    assert [float(labelled(picture, f"y[{t},0]")[0]) for t in range(T)] == [x[j] for j in won]
    assert [round((start[0] - 176) / 76) for start, _ in arrows(picture, "won")] == won
    assert numbers(picture.description)[-5:] == below
    assert_legible(picture)


# --- the references of the exercises ---------------------------------------------------------------------------


def test_samples_that_count_more_are_measured():
    rng = np.random.default_rng(1)
    W, b, X, Y = (rng.normal(size=s) for s in ((3, 2), (3, 1), (2, 4), (3, 4)))
    c = rng.uniform(0.5, 2, size=(1, 4))

    def loss(W, b, X):
        return sum(c[0, s] * ((np.tanh(W @ X[:, [s]] + b) - Y[:, [s]]) ** 2).sum() for s in range(4)) / c.sum()

    found = SamplesThatCountMore().solution(W, b, X, Y, c)
    np.testing.assert_allclose(found["W"], complex_step(lambda W: loss(W, b, X), W), atol=1e-12)
    np.testing.assert_allclose(found["b"], complex_step(lambda b: loss(W, b, X), b), atol=1e-12)
    np.testing.assert_allclose(found["X"], complex_step(lambda X: loss(W, b, X), X), atol=1e-12)


def test_one_matrix_for_every_channel_is_measured():
    rng, C = np.random.default_rng(2), 3
    W, b, x, delta = (rng.normal(size=s) for s in ((2, 4), (2, 1), (12, 1), (6, 1)))

    def loss(W, b, x):
        z = np.vstack([W @ x[4 * c : 4 * c + 4] + b for c in range(C)])
        return (delta * z).sum()

    found = OneMatrixForEveryChannel().solution(W, b, x, delta, C)
    np.testing.assert_allclose(found["block"] @ x, np.vstack([W @ x[4 * c : 4 * c + 4] for c in range(C)]), atol=1e-13)
    np.testing.assert_allclose(found["W"], complex_step(lambda W: loss(W, b, x), W), atol=1e-12)
    np.testing.assert_allclose(found["b"], complex_step(lambda b: loss(W, b, x), b), atol=1e-12)
    np.testing.assert_allclose(found["x"], complex_step(lambda x: loss(W, b, x), x), atol=1e-12)


@pytest.mark.parametrize(("R", "T", "q"), [(3, 7, 1), (3, 4, 2), (2, 3, 4)])
def test_any_stride_is_measured(R, T, q):
    rng = np.random.default_rng(q)
    kappa, x, delta = (rng.normal(size=(n, 1)) for n in (R, R + q * (T - 1), T))

    def loss(kappa, x):
        return sum(delta[t, 0] * kappa[r, 0] * x[q * t + r, 0] for t in range(T) for r in range(R))

    found = AnyStride().solution(kappa, x, delta, q)
    np.testing.assert_allclose((delta * (found["W"] @ x)).sum(), loss(kappa, x), atol=1e-12)
    np.testing.assert_allclose(found["W"].T @ delta, found["x"], atol=1e-12)
    np.testing.assert_allclose(found["kappa"], complex_step(lambda kappa: loss(kappa, x), kappa), atol=1e-12)
    np.testing.assert_allclose(found["x"], complex_step(lambda x: loss(kappa, x), x), atol=1e-12)
    if q == 1:
        again = TwoNamesExchanged().solution(kappa, x, delta)
        for key in ("kappa", "x"):
            np.testing.assert_allclose(again[key], found[key], atol=1e-12)


def test_the_faulty_program_is_right_for_what_is_symmetric_and_each_fault_shows_alone():
    stored = json.loads(notebook(16).read_text(encoding="utf-8"))["cells"]
    [text] = ["".join(cell["source"]) for cell in stored if "### Exercise 16.4" in "".join(cell["source"])]
    names = {"np": np}
    exec(re.search(r"```python\n(.*?)```", text, re.DOTALL)[1], names)
    x = np.arange(9.0).reshape(-1, 1) ** 2
    symmetric, ones, skew = np.array([[1.0], [2.0], [1.0]]), np.ones((7, 1)), np.arange(7.0).reshape(-1, 1)
    for kappa, delta, right in (
        (symmetric, ones, {"kappa", "x"}), (np.array([[1.0], [0], [3]]), ones, {"kappa"}), (symmetric, skew, {"x"}),
    ):  # fmt: skip
        found, truth = names["faulty"](kappa, x, delta), TwoNamesExchanged().solution(kappa, x, delta)
        assert {key for key in truth if np.allclose(found[key], truth[key])} == right


def test_the_normalization_is_measured():
    rng = np.random.default_rng(3)
    G, X = rng.normal(size=(2, 5)), rng.normal(size=(2, 5)) + 3

    def loss(X):
        c = X - X.sum(axis=1, keepdims=True) / 5
        return (G * c / np.sqrt((c**2).sum(axis=1, keepdims=True) / 5)).sum()

    np.testing.assert_allclose(NormalizationBackward().solution(G, X), complex_step(loss, X), atol=1e-12)
