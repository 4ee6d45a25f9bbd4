"""Pictures of lesson 10: digits with their scores, two losses and their slopes, moves of scores, and descent."""

from functools import cache

import numpy as np
from matplotlib.figure import Figure

from helpers.activations import Sigmoid, Softmax, Tanh
from helpers.drawing.matrices import draw_pixels, entries, entry
from helpers.drawing.picture import Picture
from helpers.drawing.sheet import LABEL, arrow
from helpers.drawing.template import template
from helpers.layers import Affine, Dense
from helpers.network import Network

SIGMA = Sigmoid()
MU, STEPS = 1.0, 60  # of the training run in the exploration


def draw_digits(X, Y, F, columns):
    """Two digits of 8 × 8 pixels and their ten scores: X (64, B), labels Y (10, B), scores F (10, B)."""
    figure = Figure(figsize=(8.6, 3.4))
    figure.suptitle("Two nines, and the ten scores that the network gives to each")
    told = []
    for k, column in enumerate(columns):
        f, label = F[:, column], int(Y[:, column].argmax())
        read = int(f.argmax())
        pixels = figure.add_axes((0.02 + 0.5 * k, 0.3, 0.14, 0.42), xlim=(0, 8), ylim=(8, 0), aspect="equal")
        pixels.set_axis_off()
        levels = np.round(16 * X[:, column])
        draw_pixels(pixels, levels, 0, 0, 1, [str(1 - k / 16) for k in range(17)], "level", ec="#D0D0D0", lw=0.4)
        figure.text(0.09 + 0.5 * k, 0.2, f"column {column}", ha="center", size=LABEL)
        bars = figure.add_axes((0.205 + 0.5 * k, 0.16, 0.28, 0.66), xlim=(-0.6, 9.8), ylim=(-9, 13))
        bars.set(xticks=range(10), yticks=(-5, 0, 5, 10), xlabel="class", title=f"scores f, column {column}")
        bars.grid(axis="x", visible=False)
        bars.axhline(0, color="C5", lw=0.8)
        bars.bar(range(10), f, 0.7, color=["C1" if i == label else "C0" for i in range(10)], label=f"_f {column}")
        names = {label: "label", read: "read"} if label != read else {label: "label, read"}
        for i, name in names.items():
            at, side = (9.6, "right") if i == 9 else (i, "center")
            bars.text(at, max(f[max(i - 1, 0) : i + 2]) + 0.4, name, ha=side, size=LABEL, weight="bold")
        own, largest = entry(f[label], 1), entry(f[read], 1)
        scores = f"its own score is {own}, the largest is {largest}, that of the {read}"
        told.append(
            f"Column {column} shows a {label}: {scores if label != read else f'the largest score, {own}, is its own'}."
        )
    return Picture(figure, " ".join(told))


def draw_pulls():
    """A sigmoid neuron with the label +1: the squared and the logistic loss against φ, and the slopes of both."""
    phi = np.linspace(-8, 8, 161)
    f = SIGMA(phi.reshape(1, -1)).ravel()
    curves = {
        "squared": ((f - 1) ** 2, 2 * (f - 1) * f * (1 - f), "C1", "--"),
        "logistic": (np.logaddexp(0, -phi), f - 1, "C0", "-"),
    }
    figure = Figure(figsize=(8.6, 3.4))
    figure.suptitle("One neuron, label +1: two losses and their slopes in φ")
    loss, slope = figure.add_axes((0.07, 0.16, 0.4, 0.66)), figure.add_axes((0.57, 0.16, 0.4, 0.66))
    for name, (values, slopes, color, style) in curves.items():
        loss.plot(phi, values, style, color=color, label=name)
        slope.plot(phi, slopes, style, color=color, label=f"{name} slope")
    ticks = (-8, -4, 0, 4, 8)
    loss.set(xlim=(-8, 8), ylim=(-0.3, 8.5), xticks=ticks, xlabel="φ", title="loss L")
    slope.set(xlim=(-8, 8), ylim=(-1.08, 0.08), xticks=ticks, xlabel="φ", title="slope dL/dφ")
    loss.legend()
    slope.legend(loc="lower right")
    at = [0, 40, 80]  # φ = −8, −4, 0
    squared, logistic = (entries(curves[name][1][at], 4) for name in curves)
    return Picture(
        figure,
        f"At φ = −8, −4 and 0 the slope of the squared loss is {squared}; that of the logistic loss is {logistic}. "
        f"At φ = −8 the squared loss is {entry(curves['squared'][0][0], 3)}, and it never reaches 1; the logistic "
        f"loss is {entry(curves['logistic'][0][0])} and goes on rising.",
    )


def draw_moves(f, y):
    """Ten scores f (10, 1) and, as arrows, the way −dL/df = (y − p)ᵀ in which the cross-entropy wants them to move."""
    p = Softmax()(f)
    f, move = f.ravel(), (y - p).ravel()
    figure = Figure(figsize=(7.4, 4.2))
    figure.suptitle("Which way the scores have to move")
    ax = figure.add_axes((0.1, 0.24, 0.86, 0.64), xlim=(-0.6, 9.6), ylim=(-8, 8))
    ax.set(xticks=range(10), yticks=(-5, 0, 5), ylabel="score f")
    ax.grid(axis="x", visible=False)
    ax.plot(range(10), f, "o", color="C4", label="_f")
    large = [int(i) for i in np.argsort(move) if abs(move[i]) > 0.1]
    for i in range(10):
        if i in large:
            arrow(ax, (i, f[i]), (i, f[i] + 4 * move[i]), "C1", 3, label="move", zorder=3)
        text = "0.00" if abs(move[i]) < 0.005 else f"{move[i]:+.2f}".replace("-", "\N{MINUS SIGN}")
        ax.text(i, -12.3, text, ha="center", size=LABEL)
    figure.text(0.53, 0.13, "class", ha="center")
    ax.text(-0.9, -12.3, "y − p", ha="center", size=LABEL)
    *down, up = large
    said = ", ".join(f"that of the {i} by {-move[i]:.2f}" for i in down)
    rest = max(abs(move[i]) for i in range(10) if i not in large)
    return Picture(
        figure,
        f"Going by y − p, which is downhill, the score of the {up} rises by {move[up]:.2f}. Those that fall most: "
        f"{said}. The others move by {rest:.2f} at most and have no arrow. Unrounded, the ten moves add up to "
        f"{entry(move.sum())}. The arrows are four times as long as the moves.",
    )


# --- the exploration ----------------------------------------------------------------------------------------


def _ours(m):
    return np.logaddexp(0, -m)


# Each form of the logistic loss: the loss of a margin m = yf, and the slope in f that it comes with.
FORMS = {
    "as in this lesson": (_ours, lambda f, y: -y * SIGMA(-y * f)),
    "(48) as printed, with its own slope": (lambda m: np.logaddexp(0, m), lambda f, y: y * SIGMA(y * f)),
    "our loss, with (49) as printed": (_ours, lambda f, y: SIGMA(-y * f)),
}
TASKS = ("two clouds, one neuron", "XOR, two layers")


@cache
def points(task):
    """The points (2, 40) of a task and their labels (1, 40)."""
    rng = np.random.default_rng(10)
    if task == TASKS[0]:
        y = np.where(np.arange(40) < 22, 1.0, -1.0).reshape(1, -1)
        return rng.normal(scale=0.4, size=(2, 40)) + 2 + 1.2 * y, y
    corners = np.repeat([[-1.0, -1.0, 1.0, 1.0], [-1.0, 1.0, -1.0, 1.0]], 10, axis=1)
    return corners + rng.normal(scale=0.2, size=(2, 40)), -np.sign(corners[:1] * corners[1:])


@cache
def trained(form, task):
    """The shares of right signs before a run of descent with this form's slope and after each step: STEPS + 1."""
    X, y = points(task)
    rng = np.random.default_rng(3)
    if task == TASKS[0]:
        net = Network([Affine(rng.normal(size=(1, 2)), np.zeros((1, 1)))])
    else:
        hidden = Dense(rng.normal(size=(8, 2)), np.zeros((8, 1)), Tanh())
        net = Network([hidden, Affine(rng.normal(size=(1, 8)), np.zeros((1, 1)))])
    shares = []
    for _ in range(STEPS + 1):
        f, cache_ = net.forward(X)
        shares.append(float(np.mean(f * y > 0)))
        _, grads = net.backward(FORMS[form][1](f, y) / y.size, cache_)
        for param, grad in net.params_and_grads(grads):
            param -= MU * grad
    return tuple(shares)


def draw_loss(form, task, y, f):
    """The loss of one score f for the label y in one of the FORMS with its slope, and a training run by that slope."""
    loss, slope = FORMS[form]
    value, steep = float(loss(y * f)), slope(np.array([[float(f)]]), y).item()
    shares = trained(form, task)
    figure = _loss_axes()
    label = "+1" if y > 0 else entry(y)
    figure.suptitle(f"{form}: f = {entry(f)}, y = {label}")
    left, right = figure.axes
    scores = np.linspace(-6, 6, 61)
    left.plot(scores, loss(y * scores), label="_loss")
    left.plot([f - 1.5, f + 1.5], [value - 1.5 * steep, value + 1.5 * steep], "C1--", label="_slope")
    left.plot(f, value, "o", color="C4", ms=8, label="_here")
    if abs(steep) > 0.02:
        arrow(left, (f, -0.9), (f - 2 * steep, -0.9), "C1", 3, label="step")
    right.plot(shares, label="_shares")
    right.text(STEPS - 1, shares[-1] + (0.04 if shares[-1] < 0.9 else -0.04), f"{shares[-1]:.2f}", ha="right",
               va="bottom" if shares[-1] < 0.9 else "top", weight="bold")  # fmt: skip
    side = "towards" if steep * y < 0 else "away from"
    way = "the score hardly moves" if abs(steep) <= 0.02 else f"the score moves {side} the side of its label"
    return Picture(
        figure,
        f"For the score {entry(f)} and the label {label} the loss is {entry(value, 3)} and the slope that descent is "
        f"given is {entry(steep, 3)}: {way}. In the training run ({task}) {entry(100 * shares[0], 0)}% of "
        f"40 points are on the right side before the first step and {entry(100 * shares[-1], 0)}% after {STEPS}.",
    )


@template
def _loss_axes():
    figure = Figure(figsize=(8.4, 4))
    left = figure.add_axes((0.07, 0.14, 0.44, 0.7), xlim=(-7.6, 7.6), ylim=(-1.8, 7.2))
    left.set(xlabel="score f", title="the loss, its slope (dashed), and where a step goes")
    left.set(xticks=(-6, -3, 0, 3, 6), yticks=(0, 2, 4, 6))
    right = figure.add_axes((0.6, 0.14, 0.37, 0.7), xlim=(0, STEPS), ylim=(-0.06, 1.06), xlabel="steps of descent")
    right.set(title="share of points on the right side", xticks=(0, 30, 60), yticks=(0, 0.5, 1))
    return figure
