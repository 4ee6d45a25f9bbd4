"""Lesson 07: its pictures' numbers and lines, and its reference answers, against computations that do not use them."""

import itertools
import math
import re

import numpy as np
import pytest
from matplotlib.lines import AxLine
from matplotlib.text import Annotation
from reading import arrows, assert_legible, cells, numbers, points, texts, values

from helpers.lessons import library
from helpers.lessons.lesson_07.pictures import (
    HIGH,
    LABELS,
    LOW,
    POINTS,
    SHARES,
    STEEPNESS,
    draw_descent,
    draw_neuron,
    draw_plane,
    draw_rows,
    draw_training,
)
from helpers.numerical import numerical_jacobian

W, X, B = np.array([[1.0], [-0.5], [2.0], [0.5]]), np.array([[2.0], [3.0], [-0.5], [1.5]]), np.array([[0.75]])
STATES = list(itertools.product((-4.0, 0.0, 2.0, 4.0), (-4.0, -0.5, 4.0), (-4.0, 0.5, 4.0), (0, 20, 40)))


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def boundary(picture, label):
    """Two points of the boundary of that label."""
    [line] = [line for line in picture.figure.findobj(AxLine) if line.get_label() == label]
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


def test_the_neuron_and_its_rows_tell_the_measured_numbers():
    phi = (W.T @ X + B).item()
    assert numbers(draw_neuron(W, X, B).description)[1:] == pytest.approx(
        [phi, sigmoid(phi), numerical_jacobian(sigmoid, np.array([[phi]])).item()], abs=5.1e-5
    )
    slope = numerical_jacobian(sigmoid, np.array([[phi]])).item()
    picture = draw_rows(slope, W, X)
    by_x, by_w = re.findall(r"\((.*?)\)", picture.description)
    in_x = numerical_jacobian(lambda x: sigmoid(W.T @ x + B), X)[0]
    in_w = numerical_jacobian(lambda w: sigmoid(w.T @ X + B), W)[0]
    assert numbers(by_x) == values(cells(picture, "df/dx"))[0].tolist() == pytest.approx(in_x, abs=5.1e-5)
    assert numbers(by_w) == values(cells(picture, "df/dw"))[0].tolist() == pytest.approx(in_w, abs=5.1e-5)
    assert numbers(picture.description.split("df/db = ")[1]) == pytest.approx([slope], abs=5.1e-5)
    assert values(cells(picture, "inner x")).tolist() == W.T.tolist()
    assert values(cells(picture, "inner w")).tolist() == X.T.tolist()
    assert_legible(picture)


def test_the_neuron_shows_its_inputs_weights_and_bias():
    picture = draw_neuron(W, X, B)
    written = texts(picture)
    for letter, column in (("x", X), ("w", W)):
        shown = [numbers(text.split("=")[1]) for text in written if re.match(f"{letter}[₁₂₃₄] =", text)]
        assert shown == column.tolist()
    assert f"b = {B.item()}" in written
    assert_legible(picture)


@pytest.mark.parametrize("theta", [(2.0, -2.0, 0.5), (-4.0, 0.5, 1.0), (3.0, 3.0, -2.0)])
def test_the_boundary_is_where_phi_is_0_and_w_at_a_right_angle(theta):
    picture = draw_plane(*theta)
    ends = boundary(picture, "_boundary")
    assert ends @ theta[:2] + theta[2] == pytest.approx([0, 0], abs=1e-12)
    along, w = ends[1] - ends[0], arrow(picture, "_w")
    assert w @ along == pytest.approx(0, abs=1e-12) and w @ theta[:2] > 0
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
        assert numbers(in_w) + numbers(length) + numbers(in_b) == pytest.approx(expected, abs=5.1e-4)
        phi = theta[:2].T @ POINTS + theta[2:]
        right = ((phi >= 0) == (np.array([LABELS[labels]]) > 0)).sum()
        picture = draw_descent(labels, "sigmoid", w1, w2, b, steps)
        assert f"; {right} of the 4 points are right" in picture.description
        assert points(picture, "_loss")[1] == pytest.approx(losses, abs=1e-10)
        assert points(picture, "_path")[:, 0].tolist() == [w1, w2]
        assert points(picture, "_path")[:, -1] == pytest.approx(theta[:2].ravel(), abs=1e-10)
        lines = [text.get_text() for text in picture.figure.texts if str(text.get_label()).startswith("point")]
        told = np.array([numbers(line) for line in lines]).T  # x1, x2, y, φ, f, slope, ∂L/∂φ, what it adds to ∇L
        f = sigmoid(phi).ravel()
        pull = (f - np.array(LABELS[labels])) * f * (1 - f) / 2
        assert told[:2].tolist() == POINTS.tolist() and told[2].tolist() == list(LABELS[labels])
        assert told[3] == pytest.approx(phi.ravel(), abs=5.1e-3)
        assert told[4] == pytest.approx(f, abs=5.1e-4)
        assert told[5:] == pytest.approx(np.array([f * (1 - f), pull, *(POINTS * pull)]), abs=5.1e-5)
        [total] = [text for text in texts(picture) if text.startswith("sum")]
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
        [text] = [t.get_text() for t in picture.figure.findobj(Annotation) if t.xy == tuple(point)]
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
            numerical_jacobian(lambda x, w=w, b=b: np.tanh(w.T @ x + b), x),
            numerical_jacobian(lambda w, x=x, b=b: np.tanh(w.T @ x + b), w),
            numerical_jacobian(lambda b, w=w, x=x: np.tanh(w.T @ x + b), b),
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
