"""Lesson 10: its pictures against loops and measurements, at their controls' ends and middle; its exercises' truths."""

import itertools
import math

import numpy as np
import pytest
from matplotlib.patches import PathPatch
from reading import arrows, assert_legible, numbers, points, shown, texts, within

from helpers.digits import digit_network, some_digits
from helpers.lessons.lesson_10.exercises import AnyWeights, LossAtAThousand, RatioOfAStep, TwoFaultsInPrint
from helpers.lessons.lesson_10.pictures import (
    FORMS,
    MU,
    STEPS,
    TASKS,
    draw_digits,
    draw_loss,
    draw_moves,
    draw_pulls,
    trained,
)
from helpers.lessons.lesson_10.pictures import points as points_of
from helpers.losses import LogisticLoss, SoftmaxCrossEntropy
from helpers.numerical import numerical_jacobian

NET, (X, Y) = digit_network(), some_digits()
F = NET(X)
OURS, PRINTED_LOSS, PRINTED_SLOPE = FORMS


def probabilities(f):
    total = sum(math.exp(v) for v in f.ravel())
    return [math.exp(v) / total for v in f.ravel()]


# --- the digits ---------------------------------------------------------------------------------------------


def test_the_digits_and_their_scores():
    picture = draw_digits(X, Y, F, (18, 19))
    left, right = (ax for ax in picture.figure.axes if len(ax.patches) == 10 and ax.get_xlabel() == "class")
    for ax, column in ((left, 18), (right, 19)):
        assert [bar.get_height() for bar in ax.patches] == F[:, column].tolist()
        assert [round(bar.get_x() + bar.get_width() / 2) for bar in ax.patches] == list(range(10))
        highest = max(range(10), key=lambda i, column=column: F[i, column])
        for text in (t for t in ax.texts if "read" in t.get_text()):
            assert round(text.get_position()[0]) in (highest, highest + 1)
    assert {"label", "read", "label, read"} <= set(texts(picture))
    assert numbers(picture.description) == [18, 9, 10.5, 19, 9, 1.6, 4.7, 5]
    assert sorted(F[:, 19], reverse=True).index(F[9, 19]) == 4  # "the score of the 9 comes only fifth"
    assert_legible(picture)


def test_the_pixels_are_as_dark_as_the_numbers():
    picture = draw_digits(X, Y, F, (18, 19))
    for ax, column in zip((a for a in picture.figure.axes if not a.axison), (18, 19), strict=True):
        seen = np.full(64, np.nan)
        for patch in within(ax, PathPatch):
            level = int(patch.get_label().removeprefix("level "))
            assert patch.get_facecolor()[0] == pytest.approx(1 - level / 16, abs=1 / 255)
            for outline in patch.get_path().vertices.reshape(-1, 5, 2):
                j, i = outline.min(axis=0).astype(int)
                seen[8 * i + j] = level / 16
        np.testing.assert_array_equal(seen, X[:, column])


def test_each_score_moves_by_what_its_probability_lacks():
    f, y = F[:, [19]], Y[:, [19]]
    picture = draw_moves(f, y)
    moves = [label - p for label, p in zip(y.ravel(), probabilities(f), strict=True)]
    drawn = {round(start[0]): end[1] - start[1] for start, end in arrows(picture, "move")}
    assert drawn == {i: pytest.approx(4 * moves[i]) for i in (1, 5, 9)}
    assert max(abs(moves[i]) for i in range(10) if i not in drawn) < 0.1 < min(abs(moves[i]) for i in drawn)
    np.testing.assert_array_equal(points(picture, "_f"), [range(10), f.ravel()])
    written = {round(t.get_position()[0]): t.get_text() for t in picture.figure.axes[0].texts if "." in t.get_text()}
    for i, move in enumerate(moves):
        assert numbers(written[i].replace("+", ""))[0] == pytest.approx(move, abs=0.0051)
    assert numbers(picture.description) == [9, 0.97, 5, 0.70, 1, 0.15, 0.06, 0]
    assert_legible(picture)


# --- two losses of one neuron -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "loss"),
    [
        ("squared", lambda phi: (1 / (1 + math.exp(-phi)) - 1) ** 2),
        ("logistic", lambda phi: math.log(1 + math.exp(-phi))),
    ],
)
def test_the_slopes_are_those_of_the_losses(name, loss):
    picture = draw_pulls()
    phi, values = points(picture, name)
    same, slopes = points(picture, f"{name} slope")
    assert phi[0] == same[0] == -8 and phi[-1] == same[-1] == 8
    np.testing.assert_allclose(values, [loss(v) for v in phi], atol=1e-12)
    np.testing.assert_allclose(slopes, [(loss(v + 1e-5) - loss(v - 1e-5)) / 2e-5 for v in phi], atol=1e-9)
    assert_legible(picture)


def test_the_words_on_the_slopes():
    said = numbers(draw_pulls().description)
    slope = {phi: -1 / (1 + math.exp(phi)) for phi in (-8, -4, 0)}  # of log(1 + e^(-φ))
    squared = {phi: 2 * s * s * (-1 - s) for phi, s in slope.items()}  # 2(p - 1) p (1 - p) with p - 1 = s
    assert said[3:9] == pytest.approx([*squared.values(), *slope.values()], abs=5.1e-5)
    assert squared[0] / squared[-8] == pytest.approx(370, rel=0.01)  # as lesson 07 says
    assert said[10] == pytest.approx(slope[-8] ** 2, abs=5.1e-4) and said[10] < 1


# --- the exploration ----------------------------------------------------------------------------------------


def value_of(form, y, f):
    return math.log(1 + math.exp(y * f if form == PRINTED_LOSS else -y * f))


def slope_of(form, y, f):
    if form == PRINTED_SLOPE:
        return 1 / (1 + math.exp(y * f))
    return (value_of(form, y, f + 1e-5) - value_of(form, y, f - 1e-5)) / 2e-5


@pytest.mark.parametrize(("form", "task"), [*itertools.product(FORMS, TASKS)])
@pytest.mark.parametrize(("y", "f"), [(1, -6.0), (-1, 0.0), (1, 6.0), (-1, -2.0), (-1, 6.0)])
def test_the_loss_its_slope_and_the_step(form, task, y, f):
    picture = draw_loss(form, task, y, f)
    scores, curve = points(picture, "_loss")
    np.testing.assert_allclose(curve, [value_of(form, y, v) for v in scores], atol=1e-12)
    assert (scores[0], scores[-1]) == (-6, 6)
    value, slope = value_of(form, y, f), slope_of(form, y, f)
    assert points(picture, "_here").ravel().tolist() == pytest.approx([f, value])
    (x0, x1), (y0, y1) = points(picture, "_slope")
    assert (y1 - y0) / (x1 - x0) == pytest.approx(slope, abs=1e-8) and (y0 + y1) / 2 == pytest.approx(value)
    step = arrows(picture, "step")
    assert len(step) == (abs(slope) > 0.02)
    if step:
        [((start, _), (end, _))] = step
        assert start == f and end - start == pytest.approx(-2 * slope, abs=1e-8)
        assert ("moves towards" in picture.description) == ((end - start) * y > 0)
        assert ("moves away from" in picture.description) == ((end - start) * y < 0)
    else:
        assert "hardly moves" in picture.description
    said = numbers(picture.description.replace("+", ""))
    assert said[:4] == pytest.approx([f, y, value, slope], abs=0.00051)
    shares = trained(form, task)
    assert said[4:] == pytest.approx([100 * shares[0], 40, 100 * shares[-1], STEPS], abs=0.51)
    np.testing.assert_array_equal(points(picture, "_shares"), [range(STEPS + 1), shares])
    assert f"{shares[-1]:.2f}" in [t.get_text() for t in shown(picture)]
    assert_legible(picture)


def test_the_printed_slope_touches_the_curve_for_one_label_only():
    for f in (-6.0, -0.5, 3.0):
        truth = {y: LogisticLoss().d(np.array([[f]]), np.array([[float(y)]])).item() for y in (1, -1)}
        (x0, x1), (y0, y1) = points(draw_loss(PRINTED_SLOPE, TASKS[0], -1, f), "_slope")
        assert (y1 - y0) / (x1 - x0) == pytest.approx(truth[-1])
        (x0, x1), (y0, y1) = points(draw_loss(PRINTED_SLOPE, TASKS[0], 1, f), "_slope")
        assert (y1 - y0) / (x1 - x0) == pytest.approx(-truth[1]) != truth[1]


@pytest.mark.parametrize(("form", "task"), [*itertools.product(FORMS, TASKS)])
def test_the_training_run_is_descent_with_that_slope(form, task):
    """The same run with a measured Jacobian of the 40 scores, in all parameters at once."""
    points_, y = points_of(task)
    assert points_.shape == (2, 40) and set(y.ravel()) == {1.0, -1.0}
    rng = np.random.default_rng(3)
    if task == TASKS[0]:
        theta = np.vstack([rng.normal(size=(1, 2)).reshape(-1, 1), [[0.0]]])

        def scores(theta):
            return (theta[:2].T @ points_ + theta[2:]).T
    else:
        W = rng.normal(size=(8, 2))
        theta = np.vstack([W.reshape(-1, 1), np.zeros((8, 1)), rng.normal(size=(8, 1)), [[0.0]]])

        def scores(theta):
            hidden = np.tanh(theta[:16].reshape(8, 2) @ points_ + theta[16:24])
            return (theta[24:32].T @ hidden + theta[32:]).T

    shares = []
    for _ in range(STEPS + 1):
        f = scores(theta)
        shares.append(np.mean(f * y.T > 0))
        slopes = np.array([[slope_of(form, label, score)] for label, score in zip(y.ravel(), f.ravel(), strict=True)])
        columns = [scores(theta + 1e-20j * e.reshape(-1, 1)).imag / 1e-20 for e in np.eye(len(theta))]
        theta = theta - MU * np.hstack(columns).T @ slopes / 40
    np.testing.assert_allclose(trained(form, task), shares, atol=1e-12)


def test_where_the_runs_end():
    ends = {form: [trained(form, task)[-1] for task in TASKS] for form in FORMS}
    assert ends == {OURS: [1.0, 1.0], PRINTED_LOSS: [0.0, 0.0], PRINTED_SLOPE: [0.45, 0.5]}
    assert [np.mean(points_of(task)[1] < 0) for task in TASKS] == [0.45, 0.5]  # all are read as −1


# --- the exercises ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("f", "y"), [*itertools.product((-1.3, 0.4, 2.0), (1, -1))])
def test_the_errors_of_the_print(f, y):
    found = TwoFaultsInPrint().solution(f, y)
    printed, ours = (lambda s: math.log(1 + math.exp(y * s))), (lambda s: math.log(1 + math.exp(-y * s)))
    slopes = [(loss(f + 1e-5) - loss(f - 1e-5)) / 2e-5 for loss in (printed, ours)]
    assert found["loss"] == pytest.approx(printed(f) - ours(f))
    assert found["own"] == pytest.approx(1 / (1 + math.exp(y * f)) - slopes[0], abs=1e-8)
    assert found["slope"] == pytest.approx(1 / (1 + math.exp(y * f)) - slopes[1], abs=1e-8)
    assert (found["slope"] == 0) == (y == found["blind"])


def test_the_loss_is_stable_and_that_of_the_helper():
    solution = LossAtAThousand().solution
    f, y = np.array([[1000.0, -1000.0, 30.0, -2.5]]), np.array([[1.0, 1.0, 1.0, -1.0]])
    each = [LogisticLoss()(f[:, [b]], y[:, [b]]) for b in range(4)]
    np.testing.assert_allclose(solution(f, y)[0], each, rtol=1e-14)
    assert solution(f, y)[0, :3].tolist() == [0.0, 1000.0, pytest.approx(math.exp(-30), rel=1e-12)]


def test_the_slope_for_any_weights():
    rng = np.random.default_rng(1)
    f, y = rng.normal(size=(6, 1)), rng.uniform(size=(6, 1))
    row = AnyWeights().solution(f, y)
    measured = numerical_jacobian(lambda f: -(y * np.log(np.exp(f) / np.exp(f).sum())).sum(keepdims=True), f)
    np.testing.assert_allclose(row, measured, atol=1e-12)
    np.testing.assert_allclose(row, SoftmaxCrossEntropy().d(f, y), atol=1e-12)
    assert row.sum() == pytest.approx(0, abs=1e-12)


def test_the_ratio_goes_to_1():
    rng = np.random.default_rng(2)
    inputs = rng.normal(size=(3, 1)), rng.normal(size=(3, 5)), np.array([[1.0, -1.0, -1.0, 1.0, 1.0]])
    gaps = [1 - RatioOfAStep().solution(*inputs, mu) for mu in (1e-1, 1e-2, 1e-3)]
    assert RatioOfAStep().solution(*inputs, 30.0) < 0  # across the valley
    assert gaps[0] / gaps[1] == pytest.approx(10, rel=0.1) and gaps[1] / gaps[2] == pytest.approx(10, rel=0.01)
