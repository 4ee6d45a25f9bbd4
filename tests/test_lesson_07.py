"""Lesson 07: its pictures' numbers and lines, and its reference answers, against computations that do not use them."""

import itertools
import math
import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest

from helpers.exercises import library
from helpers.figures.lesson_07 import (
    LABELS,
    POINTS,
    STEEPNESS,
    draw_descent,
    draw_neuron,
    draw_plane,
    draw_rows,
    draw_steep,
    draw_training,
)
from helpers.figures.neuron_plane import HIGH, LOW, SHADES, SHARES
from helpers.numerical import numerical_jacobian

SVG = "{http://www.w3.org/2000/svg}"
W, X, B = np.array([[1.0], [-0.5], [2.0], [0.5]]), np.array([[2.0], [3.0], [-0.5], [1.5]]), np.array([[0.75]])
STATES = list(itertools.product((-4.0, 0.0, 2.0, 4.0), (-4.0, -0.5, 4.0), (-4.0, 0.5, 4.0), (0, 20, 40)))
LEFT, TOP, SIZE = 70, 72, 350  # the plane of the exploration, in pixels


def sigmoid(z):
    return 1 / (1 + np.exp(-z))


def numbers(text):
    return [float(n) for n in re.findall(r"-?\d+(?:\.\d+)?(?:e-?\d+)?", text.replace("\N{MINUS SIGN}", "-"))]


def drawn(figure, kind, **attributes):
    """The points of every line or polygon that has these attributes, in pixels."""
    found = ET.fromstring(figure.svg()).iter(f"{SVG}{kind}")
    wanted = {name.replace("_", "-"): value for name, value in attributes.items()}
    return [
        np.array([p.split(",") for p in e.get("points").split()], float)
        for e in found
        if all(e.get(name) == value for name, value in wanted.items())
    ]


def in_plane(pixels, left=LEFT, top=TOP, size=SIZE):
    """Pixels (n, 2) as points of the plane of the inputs."""
    return np.column_stack(
        [LOW + (HIGH - LOW) * (pixels[:, 0] - left) / size, HIGH - (HIGH - LOW) * (pixels[:, 1] - top) / size]
    )


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
    told = draw_rows(slope, W, X).description
    by_x, by_w = re.findall(r"\((.*?)\)", told)
    assert numbers(by_x) == pytest.approx(numerical_jacobian(lambda x: sigmoid(W.T @ x + B), X)[0], abs=5.1e-5)
    assert numbers(by_w) == pytest.approx(numerical_jacobian(lambda w: sigmoid(w.T @ X + B), W)[0], abs=5.1e-5)
    assert numbers(told.split("df/db = ")[1]) == pytest.approx([slope], abs=5.1e-5)


@pytest.mark.parametrize("theta", [(2.0, -2.0, 0.5), (-4.0, 0.5, 1.0), (3.0, 3.0, -2.0)])
def test_the_boundary_is_where_phi_is_0_and_w_at_a_right_angle(theta):
    figure = draw_plane(*theta)
    [line] = drawn(figure, "polyline", stroke="#222222", stroke_width="2.5")
    ends = in_plane(line, 70, 60, 330)
    assert ends @ theta[:2] + theta[2] == pytest.approx([0, 0], abs=0.01)
    assert np.isclose(ends, [LOW, LOW], atol=0.01).any() or np.isclose(ends, [HIGH, HIGH], atol=0.01).any()
    [shaft] = drawn(figure, "polyline", stroke="#222222", stroke_width="2")
    arrow = (shaft[1] - shaft[0]) * [1, -1]
    along = (line[1] - line[0]) * [1, -1]
    assert arrow @ along / np.linalg.norm(arrow) / np.linalg.norm(along) == pytest.approx(0, abs=0.01)
    assert arrow @ theta[:2] > 0


@pytest.mark.parametrize("activation", ["sigmoid", "sigmoid, 10 times steeper"])
@pytest.mark.parametrize("theta", [(2.0, -2.0, 0.5), (-1.0, 0.5, 0.5), (0.0, 0.0, 1.0), (4.0, 4.0, -4.0)])
def test_a_strip_ends_where_the_slope_has_its_value(activation, theta):
    k = STEEPNESS[activation]
    figure = draw_descent("OR", activation, *theta, 0)
    inside = [p for p in itertools.product(np.linspace(LOW + 0.1, HIGH - 0.1, 7), repeat=2)]
    for share, shade in zip(SHARES, SHADES, strict=True):
        strips = drawn(figure, "polygon", fill=shade)
        for p in inside:
            z = k * (np.dot(theta[:2], p) + theta[2])
            slope = k * sigmoid(z) * (1 - sigmoid(z))
            if abs(slope / (share * k / 4) - 1) > 0.08:
                assert any(contains(in_plane(s), p) for s in strips) == (slope > share * k / 4)


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
        assert f"; {right} of the 4 points are right" in told


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
    assert not any(drawn(last, "polygon", fill=shade) for shade in SHADES)
    assert not drawn(last, "polyline", stroke="#D55E00")  # no arrow
    slopes = re.search(r"four answers are (.*?)\.", last.description)[1].split(", ")
    phi = np.array(theta[:2]) @ POINTS + theta[2]
    assert slopes == ["none" if value == 0 else "0" for value in phi]


def test_the_arrow_points_against_the_measured_gradient():
    for theta in ((2.0, -2.0, 0.5), (-4.0, -4.0, 4.0), (1.0, -3.0, 1.0), (0.0, 0.0, 1.0)):
        _, _, gradient = trained("AND", 1, np.array(theta).reshape(3, 1), 0)
        [shaft] = drawn(draw_descent("AND", "sigmoid", *theta, 0), "polyline", stroke="#D55E00")
        arrow = (shaft[1] - shaft[0]) * [1, -1]
        cosine = -(arrow @ gradient[:2]) / np.linalg.norm(arrow) / np.linalg.norm(gradient[:2])
        assert cosine == pytest.approx(1, abs=0.02)


def test_no_line_separates_exclusive_or():
    settings = itertools.product(np.arange(-4, 4.1, 0.5), repeat=3)
    best = max((((np.array(s[:2]) @ POINTS + s[2] >= 0) == (np.array(LABELS["XOR"]) > 0)).sum()) for s in settings)
    assert best == 3


def test_the_training_picture_tells_its_losses_and_draws_its_lines():
    thetas = [trained("OR", 1, np.array([[2.0], [-2.0], [0.5]]), n)[0] for n in range(41)]
    losses = trained("OR", 1, thetas[0], 40)[1]
    path = [(theta[:2], theta[2:]) for theta in thetas]
    figure = draw_training(path, losses, "OR")
    told = numbers(figure.description.removeprefix("The mean loss is "))
    assert told == pytest.approx(
        [v for n, right in ((0, 2), (2, 2), (5, 3), (10, 3), (40, 4)) for v in (losses[n], n, right, 4)], abs=5.1e-4
    )
    [line] = [
        p for p in drawn(figure, "polyline", stroke="#D55E00", stroke_dasharray="12 4") if np.ptp(p, axis=0)[1] > 5
    ]
    w, b = path[5]
    assert in_plane(line, 70, 64, 300) @ w + b == pytest.approx(np.zeros((2, 1)), abs=0.02)


def test_the_towers_have_their_height_and_area():
    figure = draw_steep((1, 4, 16))
    assert numbers(figure.description.split(". At φ = 1 it is ")[1])[:3] == pytest.approx(
        [k * sigmoid(k) * (1 - sigmoid(k)) for k in (1.0, 4.0, 16.0)], abs=5.1e-7
    )
    [tower] = [p for p in drawn(figure, "polyline", stroke="#A3457D") if len(p) > 100]
    wide, high = 585 / 6, 305 / 4.4  # pixels for one unit
    assert (tower[:, 1].max() - tower[:, 1].min()) / high == pytest.approx(4, abs=0.01)
    area = np.trapezoid(tower[:, 1].max() - tower[:, 1], tower[:, 0]) / wide / high
    assert area == pytest.approx(1, abs=0.01)


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
