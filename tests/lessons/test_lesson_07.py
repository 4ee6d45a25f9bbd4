"""Lesson 07: its pictures' numbers and lines, and its reference answers, against computations that do not use them."""

import itertools
import math
import re

import numpy as np
import pytest
from matplotlib.colors import to_hex
from matplotlib.lines import AxLine
from matplotlib.patches import PathPatch
from matplotlib.path import Path
from matplotlib.text import Annotation
from reading import arrows, assert_legible, numbers, points, texts, within

from helpers.digits import digit_network, some_digits
from helpers.drawing.matrices import BLUES
from helpers.lessons import library
from helpers.lessons.lesson_07.exercises import hurried_step
from helpers.lessons.lesson_07.pictures import (
    CELL,
    HIGH,
    LABELS,
    LOW,
    POINTS,
    SHARES,
    STEEPNESS,
    draw_descent,
    draw_plane,
    draw_slopes,
    draw_training,
    draw_unit,
)
from helpers.numerical import numerical_jacobian

UNIT = digit_network().layers[0]  # of which the lesson takes unit 11, with the hard nine
W, B, X = UNIT.W[[10]].T, UNIT.b[[10]], some_digits()[0][:, [19]]
STATES = list(itertools.product((-4.0, 0.0, 2.0, 4.0), (-4.0, -0.5, 4.0), (-4.0, 0.5, 4.0), (0, 20, 40)))


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def boundary(picture, label):
    """Two points of the boundary of that label."""
    [line] = [line for line in within(picture.figure, AxLine) if line.get_label() == label]
    return np.array([line.get_xy1(), line.get_xy2()])


def arrow(picture, label):
    """The arrow of that label as a vector, or None."""
    found = arrows(picture, label)
    return np.subtract(*found[0][::-1]) if found else None


def strips(picture):
    """{label: corners} of the shaded strips."""
    patches = [p for ax in picture.figure.axes for p in ax.patches if str(p.get_label()).startswith("slope above")]
    return {patch.get_label(): patch.get_xy()[:-1] for patch in patches}


def trained(labels, k, theta, steps):
    """Descent with a measured gradient, theta (3, 1); and the losses."""
    y = np.array([LABELS[labels]], float)

    def loss(theta):
        return np.mean((sigmoid(k * (theta[:2].T @ POINTS + theta[2:])) - y) ** 2)

    losses = [loss(theta)]
    for _ in range(steps):
        theta = theta - 4.0 * numerical_jacobian(loss, theta).T
        losses.append(loss(theta))
    return theta, losses, numerical_jacobian(loss, theta).ravel()


def signed(picture, label, largest):
    """The 64 numbers of a picture in 8 × 8 squares, read from its shades and bars, each to within a sixteenth."""
    drawn = np.full(64, np.nan)
    for patch in within(picture.figure, PathPatch):
        if str(patch.get_label()).startswith(f"{label}: shade"):
            negative = to_hex(patch.get_facecolor()).upper() in BLUES[1:]
            for left, top in corners(patch):
                k = int(patch.get_label().split()[-1])
                drawn[place(picture, label, left, top)] = (-k if negative else k) * largest / 8
    return drawn


def corners(patch):
    """The upper left corner of each square of a compound path."""
    return [tuple(vertex) for vertex, code in patch.get_path().iter_segments(simplify=False) if code == Path.MOVETO]


def place(picture, label, left, top):
    """The number of a square from its corner: its place among the corners of that picture."""
    found = [corner for patch in within(picture.figure, PathPatch) if str(patch.get_label()).startswith(f"{label}: sh")
             for corner in corners(patch)]  # fmt: skip
    columns, rows = sorted({x for x, _ in found}), sorted({y for _, y in found})
    return 8 * rows.index(top) + columns.index(left)


def bars(picture, label):
    """The numbers of the squares with a bar, which says that they are negative."""
    shaded = [p for p in within(picture.figure, PathPatch) if str(p.get_label()).startswith(f"{label}: shade")]
    x0, y0 = np.min([corner for patch in shaded for corner in corners(patch)], axis=0)
    ends = [
        end for p in within(picture.figure, PathPatch) if p.get_label() == f"{label}: negative" for end in corners(p)
    ]
    return {8 * int((y - y0) / CELL) + int((x - x0) / CELL) for x, y in ends}


def test_the_unit_shows_its_pixels_weights_and_products():
    picture, products = draw_unit(W, X, B), [w * x for w, x in zip(W.ravel(), X.ravel(), strict=True)]
    phi = sum(products) + B.item()
    for label, expected, largest in (("x", X, X.max()), ("w", W, abs(W).max()), ("wx", products, abs(W).max())):
        expected = np.ravel(expected)
        assert signed(picture, label, largest) == pytest.approx(expected, abs=largest / 16 + 1e-9)
        assert bars(picture, label) == {k for k in range(64) if round(8 * expected[k] / largest) < 0}
    told = numbers(picture.description.split("of which")[1])
    assert told == pytest.approx(
        [np.count_nonzero(X), 64, W.min(), W.max(), min(products), max(products), sum(products), B.item(), phi,
         math.tanh(phi), numerical_jacobian(np.tanh, np.array([[phi]])).item()], abs=5.1e-3
    )  # fmt: skip
    assert {
        f"f = tanh φ = {math.tanh(phi):.2f},  slope σ′(φ) = {1 - math.tanh(phi) ** 2:.2f}".replace("-", "−")
    } <= set(texts(picture))
    assert_legible(picture)


def test_the_slopes_are_the_measured_ones_and_one_is_framed():
    by_x = numerical_jacobian(lambda x: np.tanh(W.T @ x + B), X)
    by_w = numerical_jacobian(lambda w: np.tanh(w.T @ X + B), W)
    picture, largest = draw_slopes(by_x, by_w, 29), max(abs(by_x).max(), abs(by_w).max())
    for label, row in (("df/dx", by_x), ("df/dw", by_w)):
        assert signed(picture, label, largest) == pytest.approx(row.ravel(), abs=largest / 16 + 1e-9)
        [frame] = [p for p in within(picture.figure, PathPatch) if p.get_label() == f"{label}: frame"]
        assert place(picture, label, *corners(frame)[0]) == 28
    told = re.findall(r"from (\S+) to (\S+), ∂f/∂.₂₉ = (\S+)\.", picture.description)
    expected = [(row.min(), row.max(), row[0, 28]) for row in (by_x, by_w)]
    assert [numbers(" ".join(found)) for found in told] == [pytest.approx(e, abs=5.1e-3) for e in expected]
    assert_legible(picture)


def test_the_unit_does_what_the_lesson_says():
    net, (images, _) = digit_network(), some_digits()
    assert net.layers[1].W[9, 10] == pytest.approx(1.04, abs=0.005)  # the unit's answer in the score of the 9
    assert images[28, 18] > 0.9 and images[28, 19] == 0 and W[28, 0] == pytest.approx(0.43, abs=0.005)
    products = (W * X).reshape(8, 8)
    assert products[:2].sum() > 0.5 and products[2:4, 1:4].sum() < -0.5 and products[5:].sum() < -0.5


def test_the_hurried_step_lets_the_loss_fall_as_the_exercise_says():
    w, x, b = np.array([[1.0], [-0.5], [2.0], [0.5]]), np.array([[2.0], [3.0], [-0.5], [1.5]]), np.array([[0.75]])
    losses = []
    for _ in range(5):
        losses.append(np.mean(sigmoid(w.T @ x + b) ** 2))
        w, b = hurried_step(w, b, x, 0.0, 0.5)
    assert losses[0] == pytest.approx(0.53, abs=0.005) and losses[4] == pytest.approx(0.16, abs=0.005)


def test_the_exploration_shows_what_its_answers_say():
    def answers(theta, steps):
        theta, _, _ = trained("OR", 1, np.reshape(theta, (3, 1)), steps)
        phi = (theta[:2].T @ POINTS + theta[2:]).ravel()
        return phi, (phi >= 0) == np.array(LABELS["OR"])

    assert [answers((2.0, -2.0, 0.5), n)[1].tolist() for n in (11, 12)] == [[False, *[True] * 3], [True] * 4]
    for n in (10, 40):
        phi, right = answers((-4.0, -4.0, 4.0), n)
        assert right.tolist() == [False, True, True, True] and sigmoid(phi[0]) == pytest.approx(0.998, abs=0.0006)
    phi, _ = answers((-4.0, -4.0, 4.0), 10)
    slope = sigmoid(phi[0]) * (1 - sigmoid(phi[0]))
    assert phi[0] == pytest.approx(6.19, abs=0.005)
    assert [slope, 2 * sigmoid(phi[0]) * slope] == pytest.approx([0.002, 0.004], abs=5e-4)


@pytest.mark.parametrize("theta", [(2.0, -2.0, 0.5), (-4.0, 0.5, 1.0), (3.0, 3.0, -2.0)])
def test_the_boundary_is_where_phi_is_0_and_w_at_a_right_angle(theta):
    picture = draw_plane(*theta, "OR")
    ends = boundary(picture, "_boundary")
    assert ends @ theta[:2] + theta[2] == pytest.approx([0, 0], abs=1e-12)
    along, w = ends[1] - ends[0], arrow(picture, "_w")
    assert w @ along == pytest.approx(0, abs=1e-12) and w @ theta[:2] > 0
    answers = [sigmoid(np.dot(theta[:2], p) + theta[2]) for p in POINTS.T]
    right = sum((f >= 0.5) == (label == 1) for f, label in zip(answers, LABELS["OR"], strict=True))
    told = numbers(picture.description.split("four points are")[1])
    assert told == pytest.approx([*answers, right, 4], abs=0.0051)
    for point, f in zip(POINTS.T, answers, strict=True):
        [text] = [t.get_text() for t in within(picture.figure, Annotation) if t.xy == tuple(point)]
        assert numbers(text) == pytest.approx([f], abs=0.0051)
    assert_legible(picture)


@pytest.mark.parametrize("activation", ["sigmoid", "sigmoid, 10 times steeper"])
@pytest.mark.parametrize("theta", [(2.0, -2.0, 0.5), (-1.0, 0.5, 0.5), (0.0, 0.0, 1.0), (4.0, 4.0, -4.0)])
def test_a_strip_ends_where_the_slope_has_its_value(activation, theta):
    k = STEEPNESS[activation]
    shaded = strips(draw_descent("OR", activation, *theta, 0))
    for share in SHARES:
        [corners] = [
            c for label, c in shaded.items() if numbers(label)[0] == pytest.approx(share * k / 4, abs=0.0051)
        ] or [None]
        for p in itertools.product(np.linspace(LOW, HIGH, 7), repeat=2):
            z = k * (np.dot(theta[:2], p) + theta[2])
            slope = k * sigmoid(z) * (1 - sigmoid(z))
            if abs(slope / (share * k / 4) - 1) > 1e-6:
                assert (corners is not None and contains(corners, p)) == (slope > share * k / 4)


def contains(polygon, p):
    """Whether p lies in a convex polygon, whichever way round it goes."""
    nxt = np.roll(polygon, -1, axis=0)
    side = (nxt[:, 0] - polygon[:, 0]) * (p[1] - polygon[:, 1]) - (nxt[:, 1] - polygon[:, 1]) * (p[0] - polygon[:, 0])
    return bool((side >= -1e-9).all() or (side <= 1e-9).all())


@pytest.mark.parametrize("labels", LABELS)
def test_descent_follows_the_measured_gradient(labels):
    for w1, w2, b, steps in STATES[:: len(STATES) // 9]:
        theta, losses, gradient = trained(labels, 1, np.array([[w1], [w2], [b]]), steps)
        told = draw_descent(labels, "sigmoid", w1, w2, b, steps).description
        weights, bias = re.search(r"weights are \((.*?)\) and the bias is (\S+);", told).groups()
        assert numbers(weights) + numbers(bias) == pytest.approx(theta.ravel(), abs=0.0051)
        assert numbers(re.search(r"went from (.*?)\. The", told)[1]) == pytest.approx(
            [losses[0], losses[-1]], abs=5.1e-4
        )
        in_w, length, in_b = re.search(r"in w is \((.*?)\), of length (\S+); in b it is (\S+)\.$", told).groups()
        expected = [*gradient[:2], math.hypot(*gradient[:2]), gradient[2]]
        assert numbers(in_w) + numbers(length) + numbers(in_b) == pytest.approx(expected, abs=5.1e-5)
        phi = theta[:2].T @ POINTS + theta[2:]
        right = ((phi >= 0) == (np.array([LABELS[labels]]) > 0)).sum()
        picture = draw_descent(labels, "sigmoid", w1, w2, b, steps)
        assert f"; {right} of the 4 points are right" in picture.description
        assert points(picture, "_loss")[1] == pytest.approx(losses, abs=1e-10)
        assert points(picture, "_path")[:, 0].tolist() == [w1, w2]
        assert points(picture, "_path")[:, -1] == pytest.approx(theta[:2].ravel(), abs=1e-10)
        lines = [text.get_text() for text in picture.figure.texts if str(text.get_label()).startswith("point")]
        told = np.array([numbers(line) for line in lines]).T  # x1, x2, y, φ, f, slope, pull, pull times xᵀ
        f = sigmoid(phi).ravel()
        pull = 2 * (f - np.array(LABELS[labels])) * f * (1 - f)
        assert told[:2].tolist() == POINTS.tolist() and told[2].tolist() == list(LABELS[labels])
        assert told[3] == pytest.approx(phi.ravel(), abs=5.1e-3)
        assert told[4] == pytest.approx(f, abs=5.1e-4)
        assert told[5:] == pytest.approx(np.array([f * (1 - f), pull, *(POINTS * pull)]), abs=5.1e-5)
        [total] = [text for text in texts(picture) if text.startswith("mean of")]
        assert numbers(total) == pytest.approx(gradient, abs=5.1e-5)
        assert_legible(picture)


@pytest.mark.parametrize("activation", STEEPNESS)
@pytest.mark.parametrize("labels", LABELS)
def test_each_point_stands_beside_its_answer_and_is_called_wrong_where_it_is(labels, activation):
    theta = np.array([2.0, -2.0, 0.5])
    picture = draw_descent(labels, activation, *theta, 0)
    phi, y = theta[:2] @ POINTS + theta[2], np.array(LABELS[labels])
    f = 1.0 * (phi >= 0) if activation == "step" else sigmoid(STEEPNESS[activation] * phi)
    for point, expected, right in zip(POINTS.T, f, (phi >= 0) == (y == 1), strict=True):
        [text] = [t.get_text() for t in within(picture.figure, Annotation) if t.xy == tuple(point)]
        assert numbers(text) == pytest.approx([expected], abs=0.0051) and ("wrong" in text) == (not right)
    for label in (0, 1):
        assert points(picture, f"label {label}").T.tolist() == POINTS[:, y == label].T.tolist()


def test_both_boundaries_of_a_descent_belong_to_their_weights():
    start = np.array([[2.0], [-2.0], [0.5]])
    picture = draw_descent("OR", "sigmoid", *start.ravel(), 40)
    for label, theta in (("_start", start), ("_boundary", trained("OR", 1, start, 40)[0])):
        assert boundary(picture, label) @ theta[:2] + theta[2] == pytest.approx(np.zeros((2, 1)), abs=1e-9)


@pytest.mark.parametrize("theta", list(itertools.product((-4.0, 0.0, 4.0), repeat=3)))
def test_every_corner_of_the_controls_is_legible(theta):
    assert_legible(draw_descent("XOR", "sigmoid, 10 times steeper", *theta, 40))


def test_a_steep_sigmoid_descends_by_its_own_gradient():
    theta, losses, _ = trained("OR", 10, np.array([[2.0], [-2.0], [0.5]]), 3)
    told = draw_descent("OR", "sigmoid, 10 times steeper", 2.0, -2.0, 0.5, 3).description
    assert numbers(re.search(r"weights are \((.*?)\)", told)[1]) == pytest.approx(theta[:2].ravel(), abs=0.0051)
    assert f"to {losses[-1]:.3f}" in told


@pytest.mark.parametrize("labels", LABELS)
@pytest.mark.parametrize("theta", [(2.0, -2.0, 0.5), (4.0, -4.0, 0.0), (0.0, 0.0, -1.0)])
def test_a_step_never_moves(labels, theta):
    first, last = (draw_descent(labels, "step", *theta, n) for n in (0, 40))
    assert first.description.removeprefix("After 0") == last.description.removeprefix("After 40")
    assert not strips(last) and arrow(last, "_next step") is None
    assert_legible(last)
    slopes = re.search(r"four answers are (.*?)\.", last.description)[1].split(", ")
    phi = np.array(theta[:2]) @ POINTS + theta[2]
    assert slopes == ["none" if value == 0 else "0" for value in phi]


def test_the_arrow_points_against_the_measured_gradient():
    for theta in ((2.0, -2.0, 0.5), (-4.0, -4.0, 4.0), (1.0, -3.0, 1.0), (0.0, 0.0, 1.0)):
        _, _, gradient = trained("AND", 1, np.array(theta).reshape(3, 1), 0)
        next_step = arrow(draw_descent("AND", "sigmoid", *theta, 0), "_next step")
        assert next_step == pytest.approx(-20 * gradient[:2], abs=1e-10)


def test_no_line_separates_exclusive_or():
    settings = itertools.product(np.arange(-4, 4.1, 0.5), repeat=3)
    best = max((((np.array(s[:2]) @ POINTS + s[2] >= 0) == (np.array(LABELS["XOR"]) > 0)).sum()) for s in settings)
    assert best == 3


def test_the_training_picture_tells_its_losses_and_draws_its_lines():
    thetas = [trained("OR", 1, np.array([[2.0], [-2.0], [0.5]]), n)[0] for n in range(41)]
    losses = trained("OR", 1, thetas[0], 40)[1]
    path = [(theta[:2], theta[2:]) for theta in thetas]
    picture = draw_training(path, losses, "OR")
    told = numbers(picture.description.removeprefix("The mean loss is "))
    assert told == pytest.approx(
        [v for n, right in ((0, 2), (2, 2), (5, 3), (10, 3), (40, 4)) for v in (losses[n], n, right, 4)], abs=5.1e-4
    )
    for n in (0, 2, 5, 10, 40):
        w, b = path[n]
        assert boundary(picture, f"n = {n}") @ w + b == pytest.approx(np.zeros((2, 1)), abs=1e-9)
        assert points(picture, f"_n = {n}").ravel().tolist() == [n, losses[n]]
    assert points(picture, "_loss")[1].tolist() == losses
    assert points(picture, "label 1").T.tolist() == [[0, 1], [1, 0], [1, 1]]
    assert_legible(picture)


def test_the_reference_answers_are_the_measured_derivatives():
    rng = np.random.default_rng(7)
    bank = library.bank("07")
    for case in bank["7.1"].cases(rng):
        w, x, b = case["w"], case["x"], case["b"]
        measured = (
            numerical_jacobian(lambda x, w=w, b=b: np.tanh(b - (x - w).T @ (x - w) / 2), x),
            numerical_jacobian(lambda w, x=x, b=b: np.tanh(b - (x - w).T @ (x - w) / 2), w),
            numerical_jacobian(lambda b, w=w, x=x: np.tanh(b - (x - w).T @ (x - w) / 2), b),
        )
        for ours, truth in zip(bank["7.1"].solution(**case), measured, strict=True):
            np.testing.assert_allclose(ours, truth, atol=1e-13)
    for case in bank["7.2"].cases(rng):
        x, b, v, c = (case[name] for name in "xbvc")
        g = lambda w, x=x, b=b, v=v, c=c: sigmoid(v * sigmoid(w.T @ x + b) + c)
        np.testing.assert_allclose(bank["7.2"].solution(**case), numerical_jacobian(g, case["w"]), atol=1e-13)
    for case in bank["7.4"].cases(rng):
        x, b, k = (case[name] for name in "xbk")
        f = lambda w, x=x, b=b, k=k: sigmoid(k * (w.T @ x + b))
        np.testing.assert_allclose(bank["7.4"].solution(**case), numerical_jacobian(f, case["w"]), atol=1e-13)


def test_the_repaired_step_goes_against_the_measured_gradient():
    for case in library.bank("07")["7.3"].cases(np.random.default_rng(7)):
        w, b, x, y, mu = (case[name] for name in ("w", "b", "x", "y", "mu"))
        loss = lambda theta, x=x, y=y: (sigmoid(theta[:-1].T @ x + theta[-1:]) - y) ** 2
        theta = np.vstack([w, b])
        expected = theta - mu * numerical_jacobian(loss, theta).T
        np.testing.assert_allclose(np.vstack(library.bank("07")["7.3"].solution(**case)), expected, atol=1e-13)
