"""Lesson 17: its pictures against loops over the data, the recorded gradients, and the references of its exercises."""

import json
import math
import re
from itertools import pairwise

import numpy as np
import pytest
from complex_step import complex_step
from matplotlib.patches import Rectangle
from reading import assert_legible, cells, marked, numbers, points, shades, texts, values, within

from helpers import datasets
from helpers.activations import Tanh
from helpers.calculus import elementwise
from helpers.digits import digit_network, some_digits
from helpers.layers import Affine, Dense
from helpers.lessons.lesson_17.exercises import ALossThatFalls, FindTheRate, TheConfusionMatrix, WeightDecay
from helpers.lessons.lesson_17.pictures import (
    BATCHES,
    EPOCHS,
    MOMENTA,
    RATES,
    draw_confusion,
    draw_digits,
    draw_small_run,
    small_run,
)
from helpers.lessons.recorded_by_pytorch import gradients_of_the_loss
from helpers.lessons.syllabus import notebook
from helpers.losses import LogisticLoss, SoftmaxCrossEntropy, SquaredLoss
from helpers.network import Network
from helpers.training import Descent, train


@pytest.mark.parametrize("columns", [range(20), (3, 18, 19), (18,)])
def test_digits_are_drawn_with_what_is_read(columns):
    X, Y = (A[:, list(columns)] for A in some_digits())
    F = digit_network()(X)
    picture = draw_digits(X, F, Y, "Twenty")
    frames = {r.get_label(): r.get_linewidth() for r in within(picture.figure, Rectangle) if "frame" in r.get_label()}
    wrongly = []
    for b, column in enumerate(columns):
        assert shades(picture, f"digit {b}") == [[round(8 * X[8 * i + j, b]) for j in range(8)] for i in range(8)]
        meant, read = column // 2, max(range(10), key=lambda k, b=b: F[k, b])
        assert (f"{meant}, read {read}" if meant != read else f"{meant}") in texts(picture)
        assert (frames[f"frame {b}"] > 2) == (meant != read)
        wrongly += [f"{'an' if meant == 8 else 'a'} {meant} as {read}"] if meant != read else []
    told = f"{len(wrongly)} are misread: {', '.join(wrongly)}." if wrongly else "All are read correctly."
    assert picture.description.endswith(told) and picture.title == "Twenty"
    assert_legible(picture)


@pytest.mark.parametrize("seed", [0, 1, None])
def test_the_table_counts_every_digit(seed):
    rng = np.random.default_rng(seed or 0)
    labels = rng.integers(10, size=80)
    Y = np.eye(10)[:, labels]
    F = Y if seed is None else rng.normal(size=(10, 80)) + 2 * Y
    picture = draw_confusion(F, Y)
    table = values(cells(picture, "C"))
    counts = [[0] * 10 for _ in range(10)]
    for b in range(80):
        counts[labels[b]][max(range(10), key=lambda k, b=b: F[k, b])] += 1
    assert table.tolist() == counts
    assert marked(picture, "C") == {(i, j) for i in range(10) for j in range(10) if counts[i][j]}
    right = sum(counts[i][i] for i in range(10))
    said = numbers(picture.description)
    assert said[2:5] == [right, 80, 80 - right]
    if seed is not None:
        largest = max(counts[i][j] for i in range(10) for j in range(10) if i != j)
        assert counts[int(said[5])][int(said[6])] == said[7] == largest
        assert min(said[10::3], default=2) > 1  # what has happened once is not said to be frequent
    assert_legible(picture)


@pytest.mark.parametrize(
    ("rate", "batch", "momentum"),
    [
        *((rate, BATCHES[1], MOMENTA[0]) for rate in (RATES[0], 0.1, 1.0, RATES[-1])),
        *((0.3, batch, momentum) for batch in BATCHES for momentum in (MOMENTA[0], MOMENTA[-1])),
    ],
)
def test_the_exploration_draws_its_run(rate, batch, momentum):
    run, picture = small_run(rate, batch, momentum), draw_small_run(rate, batch, momentum)
    assert run.steps == EPOCHS * 300 // batch and not run.stopped
    for label, curve in (("training part", run.loss), ("test part", run.test_loss)):
        np.testing.assert_allclose(points(picture, label), [range(EPOCHS + 1), curve])
    grey = points(picture, "each mini-batch, before its step")
    np.testing.assert_allclose(grey, [np.arange(run.steps) * batch / 300, run.batch_loss])
    share = f"{100 * run.test_accuracy[-1]:.0f} %"
    assert picture.title == f"μ = {rate:g}, batch {batch}, β = {momentum:g}: {share} of the test part read correctly"
    said = numbers(picture.description)
    assert said[0] == run.steps and said[2:6] == pytest.approx(
        [run.loss[0], run.loss[-1], run.test_loss[0], run.test_loss[-1]], abs=0.0051
    )
    assert ("lies above the picture" in picture.description) == (max(run.loss) > 3.5)
    if max(run.batch_loss) < 2.5:  # a run that only learns is not covered by the names of its lines
        picture.figure.draw_without_rendering()
        [ax] = picture.figure.axes
        names = ax.get_legend().get_window_extent().transformed(ax.transData.inverted())
        assert names.y0 > max(*run.batch_loss, *run.loss, *run.test_loss)
    jumps = [abs(b - a) for a, b in pairwise(run.batch_loss)]
    assert said[-1] == pytest.approx(sum(jumps) / len(jumps), abs=0.0051)
    assert_legible(picture)


def test_the_first_epoch_of_the_exploration_by_plain_numpy():
    X, Y, *_ = datasets.digits()
    X, Y = X[:, :300], Y[:, :300]
    rng = np.random.default_rng(2)
    W, b, V, c = rng.normal(size=(16, 64)) / 8, np.zeros((16, 1)), rng.normal(size=(10, 16)) / 4, np.zeros((10, 1))

    def parts():
        n = np.tanh(W @ X + b)
        E = np.exp(V @ n + c)
        return n, E / E.sum(axis=0)

    for value in small_run(0.3, 300, 0.0).loss:
        n, P = parts()
        assert value == pytest.approx(-(np.log(P) * Y).sum() / 300)
        delta = (P - Y) / 300
        lower = (1 - n**2) * (V.T @ delta)
        V, c = V - 0.3 * delta @ n.T, c - 0.3 * delta.sum(axis=1, keepdims=True)
        W, b = W - 0.3 * lower @ X.T, b - 0.3 * lower.sum(axis=1, keepdims=True)


def test_what_the_answers_below_the_exploration_say():
    ends = {rate: small_run(rate, 50, 0.0) for rate in RATES}
    learnt = {rate: run.test_accuracy[-1] for rate, run in ends.items()}
    assert learnt[0.01] < 0.25 and learnt[0.3] > 0.8 and max(learnt, key=learnt.get) == 1.0
    assert max(ends[3.0].loss) > 3 * ends[3.0].loss[0] and learnt[3.0] < 0.25
    assert [small_run(0.1, batch, 0.0).steps for batch in (300, 50, 10)] == [8, 48, 240]
    rough = [np.std(np.diff(small_run(0.1, batch, 0.0).batch_loss)) for batch in (300, 50, 10)]
    assert rough[0] < rough[1] < rough[2]
    small = {rate: small_run(rate, 10, 0.0).loss[-1] for rate in RATES}
    assert small[3.0] > 3  # with batch 10 this rate fails as it does with 50
    rolling = small_run(0.1, 50, 0.9).loss[-1]
    assert min(RATES, key=lambda rate: abs(small_run(rate, 50, 0.0).loss[-1] - rolling)) == 1.0


def test_pytorch_s_gradients_are_measured_and_are_ours():
    net, (X, Y), loss = digit_network(), some_digits(), SoftmaxCrossEntropy()
    value, ours = net.gradients(X, Y, loss)
    their_value, theirs = gradients_of_the_loss()
    assert value == pytest.approx(their_value, abs=1e-13) and ours.keys() == theirs.keys()
    for key in ours:
        assert ours[key].shape == theirs[key].shape
        np.testing.assert_allclose(ours[key], theirs[key], rtol=0, atol=1e-13)
    rng, h = np.random.default_rng(0), 1e-6
    for key, param in net.params.items():
        for at in rng.integers(param.shape, size=(5, 2)):
            kept, around = param[tuple(at)], []
            for side in (h, -h):
                param[tuple(at)] = kept + side
                around.append(loss(net(X), Y))
            param[tuple(at)] = kept
            assert theirs[key][tuple(at)] == pytest.approx((around[0] - around[1]) / (2 * h), abs=1e-8)


def deep(hidden, sigma):
    """The lesson's network, 64 → 32 → … → 32 → 10, with its first weights."""
    rng, widths = np.random.default_rng(0), [64] + hidden * [32] + [10]
    layers = []
    for n, m in pairwise(widths):
        W, b = rng.normal(size=(m, n)) / np.sqrt(n), np.zeros((m, 1))
        layers.append(Dense(W, b, sigma) if m == 32 else Affine(W, b))
    return Network(layers)


def test_a_forgotten_slope_costs_nothing_in_one_layer_and_most_in_eight():
    """With eight the accuracy leaps from epoch to epoch, and on another processor elsewhere: a mean is compared."""
    X, Y, *test = datasets.digits()
    forgetful = elementwise(np.tanh, np.ones_like)
    read = {}
    for hidden, rate, epochs in ((1, 0.3, 30), (8, 0.1, 10)):
        for sigma in (Tanh(), forgetful):
            net = deep(hidden, sigma)
            run = train(net, SoftmaxCrossEntropy(), X, Y, Descent(rate), epochs=epochs, test=tuple(test))
            read[hidden, sigma is forgetful] = np.mean(run.test_accuracy[-5:])
    assert read[1, True] == pytest.approx(read[1, False], abs=0.01) and read[1, False] > 0.97
    assert read[8, False] > 0.85 and read[8, True] < 0.5


def test_what_the_lesson_says_of_the_forgotten_slopes_in_batches():
    """About one term in twelve is negative, they weigh about a hundredth, and the sum is positive in every batch."""
    X, Y, *_ = datasets.digits()
    sloppy, loss = deep(1, elementwise(np.tanh, np.ones_like)), SoftmaxCrossEntropy()
    train(sloppy, loss, X, Y, Descent(0.3), epochs=3)
    right, negative = deep(1, Tanh()), []
    for key, param in right.params.items():
        param[...] = sloppy.params[key]
    for k in range(0, 1200, 50):
        part = X[:, k : k + 50], Y[:, k : k + 50], loss
        terms = np.concatenate(
            [
                (grad * truth).ravel()
                for grad, truth in zip(
                    sloppy.gradients(*part)[1].values(), right.gradients(*part)[1].values(), strict=True
                )
            ]
        )
        assert terms.sum() > 0
        negative.append(((terms < 0).mean(), -terms[terms < 0].sum() / terms.sum()))
    share, weight = np.mean(negative, axis=0)
    assert 1 / 16 < share < 1 / 10 and weight < 0.02


def test_the_special_methods_and_descent_on_the_two_other_sets():
    linear_model = pytest.importorskip("sklearn.linear_model")
    A, y, A_test, y_test = datasets.breast_cancer()
    line = Affine(np.zeros((1, 30)), np.zeros((1, 1)))
    train(line, LogisticLoss(), A, y, Descent(0.5), epochs=50, batch=50)
    theirs = linear_model.LogisticRegression().fit(A.T, y.ravel()).predict(A_test.T)
    assert (np.sign(line(A_test)) != theirs).sum() == 2
    A, y, A_test, y_test = datasets.diabetes()
    line = Affine(np.zeros((1, 10)), np.zeros((1, 1)))
    train(line, SquaredLoss(), A, y, Descent(0.2), epochs=200, batch=300)
    theirs = linear_model.LinearRegression().fit(A.T, y.ravel()).predict(A.T)
    losses = (((line(A) - y) ** 2).mean(), ((theirs - y) ** 2).mean(), ((y.mean() - y_test) ** 2).mean())
    assert [round(float(value), 4) for value in losses[:2]] == [0.4417, 0.4416]
    assert round(float(losses[2]), 2) == 0.84


# --- the references of the exercises -----------------------------------------------------------------------------


def test_the_best_rate_by_loops_over_numbers():
    for case in FindTheRate().cases(np.random.default_rng(7)):
        X, y, steps = case["X"].tolist(), case["y"].ravel().tolist(), case["steps"]
        N, B = case["X"].shape

        def mean_loss(w, X=X, y=y, N=N, B=B):
            return sum((sum(w[i] * X[i][b] for i in range(N)) - y[b]) ** 2 for b in range(B)) / B

        ends = {}
        for rate in case["rates"]:
            w = [0.0] * N
            for _ in range(steps):
                r = [sum(w[i] * X[i][b] for i in range(N)) - y[b] for b in range(B)]
                w = [w[i] - rate * sum(2 * r[b] * X[i][b] for b in range(B)) / B for i in range(N)]
            ends[rate] = mean_loss(w)
        found = FindTheRate().solution(**case)
        assert found["rate"] == min(ends, key=ends.get) and found["loss"] == pytest.approx(min(ends.values()))
        assert max(ends.values()) > mean_loss([0.0] * N)  # a rate that is too large is among them


def test_the_confusion_matrix_counts():
    F = np.array([[3.0, 0.0, 1.0, 2.0], [1.0, 2.0, 5.0, 2.5], [0.0, 1.0, 0.0, 0.0]])
    Y = np.eye(3)[:, [0, 2, 0, 0]]
    assert TheConfusionMatrix().solution(F, Y).tolist() == [[1, 2, 0], [0, 0, 0], [0, 1, 0]]


def test_weight_decay_is_measured_and_halves():
    rng = np.random.default_rng(3)
    W, b, G, g = (rng.normal(size=shape) for shape in ((2, 3), (2, 1), (2, 3), (2, 1)))
    lam, mu = 0.4, 0.2
    penalised = lambda W, b: (G * W).sum() + (g * b).sum() + lam / 2 * (W**2).sum()  # L is linear here
    found = WeightDecay().solution(G, g, W, b, lam, mu)
    np.testing.assert_allclose(found["W"], complex_step(lambda W: penalised(W, b), W), atol=1e-12)
    np.testing.assert_allclose(found["b"], complex_step(lambda b: penalised(W, b), b), atol=1e-12)
    w, steps = 1.0, 0
    while w > 0.5:
        w, steps = w - mu * lam * w, steps + 1
    assert steps == math.ceil(found["halved"]) and steps - 1 < found["halved"]


def test_the_repaired_gradients_are_measured():
    rng = np.random.default_rng(4)
    *params, X = (rng.normal(size=shape) for shape in ((5, 4), (5, 1), (3, 5), (3, 1), (4, 6)))
    Y = np.eye(3)[:, rng.integers(3, size=6)]

    def mean_loss(W0, b0, W1, b1):
        E = np.exp(W1 @ np.tanh(W0 @ X + b0) + b1)
        return -(np.log(E / E.sum(axis=0)) * Y).sum() / 6

    found = ALossThatFalls().solution(*params, X, Y)
    for k, name in enumerate(("W0", "b0", "W1", "b1")):
        truth = complex_step(lambda A, k=k: mean_loss(*params[:k], A, *params[k + 1 :]), params[k])
        np.testing.assert_allclose(found[name], truth, atol=1e-12)


def test_the_loss_of_the_faulty_program_falls():
    stored = json.loads(notebook(17).read_text(encoding="utf-8"))["cells"]
    [text] = ["".join(cell["source"]) for cell in stored if "### Exercise 17.4" in "".join(cell["source"])]
    names = {"np": np}
    exec(re.search(r"```python\n(.*?)```", text, re.DOTALL)[1], names)
    X, Y, X_test, Y_test = datasets.digits()
    net = deep(1, Tanh())
    params = [net.params[key] for key in ((0, "W"), (0, "b"), (1, "W"), (1, "b"))]
    loss, order, losses = SoftmaxCrossEntropy(), ("W0", "b0", "W1", "b1"), []
    for e in range(30):
        losses.append(loss(net(X), Y))
        for S in np.split(np.random.default_rng([0, e]).permutation(1200), 24):
            grads = names["faulty"](*params, X[:, S], Y[:, S])
            for name, param in zip(order, params, strict=True):
                assert grads[name].shape == param.shape
                param -= 0.3 * grads[name]
    assert f"from {losses[0]:.2f} to {loss(net(X), Y):.2f}" in text and "nine digits in ten" in text
    assert (net(X_test).argmax(axis=0) == Y_test.argmax(axis=0)).mean() == pytest.approx(0.9, abs=0.01)
    right = ALossThatFalls().solution(*params, X, Y)
    wrong = names["faulty"](*params, X, Y)
    assert [name for name in right if np.abs(right[name] - wrong[name]).max() > 1e-6] == ["W0", "b0", "b1"]
