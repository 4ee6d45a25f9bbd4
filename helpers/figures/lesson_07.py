"""Pictures of lesson 07: one neuron, its three rows and its boundary, steep sigmoids, descent on four points."""

import math

import numpy as np

from helpers.figures.axes import Axes, plot
from helpers.figures.canvas import Figure
from helpers.figures.matrices import draw_matrix, entry
from helpers.figures.neuron_plane import (
    HIGH,
    LOW,
    SIGMA,
    answer,
    draw_boundary,
    draw_points,
    draw_shades,
    shaded_plane,
    slope_of_answer,
)

POINTS = np.array([[0.0, 0.0, 1.0, 1.0], [0.0, 1.0, 0.0, 1.0]])  # (2, 4), a point in each column
LABELS = {"OR": (0, 1, 1, 1), "AND": (0, 0, 0, 1), "XOR": (0, 1, 1, 0)}
STEEPNESS = {"sigmoid": 1, "sigmoid, 10 times steeper": 10, "step": math.inf}
MU = 4.0


def draw_neuron(w, x, b):
    """A sigmoid neuron as a wiring diagram with its numbers: w and x are (N, 1), b is (1, 1)."""
    N, phi = len(w), w.T @ x + b
    f, slope = SIGMA(phi).item(), SIGMA.slope(phi).item()
    figure = Figure(740, 106 + 52 * N, "One neuron: weighted inputs, one sum, one activation")
    middle = 66 + 26 * N
    pairs = [(f"x_{j + 1} = {entry(x[j, 0])}", f"w_{j + 1} = {entry(w[j, 0])}") for j in range(N)]
    for j, (source, weight) in enumerate([*pairs, ("1", f"b = {entry(b.item())}")]):
        y, color = 66 + 52 * j, "blue" if j < N else "grey"
        figure.rect(30, y - 17, 92, 34, "#E8F1F8" if j < N else "white", color, 2, 4)
        figure.text(76, y + 5, source, anchor="middle")
        end = middle + 8 * (j - N / 2)
        figure.arrow((122, y), (328, end), color, 2)
        # Above the arrow at both ends of the text, 0.15 and 0.4 of the way along.
        figure.text(152, y + min(0.15 * (end - y), 0.4 * (end - y)) - 9, weight, size=13, halo=True)
    for left, width, name, value in ((330, 140, "φ = w^{T}x + b", phi.item()), (530, 96, "σ(φ)", f)):
        figure.rect(left, middle - 30, width, 60, "#FFF6DF", "black", 2, 8)
        figure.text(left + width / 2, middle - 6, name, anchor="middle")
        figure.text(left + width / 2, middle + 18, f"= {entry(value, 4)}", anchor="middle")
    figure.arrow((470, middle), (528, middle), "black", 2)
    figure.arrow((626, middle), (684, middle), "black", 2)
    figure.text(694, middle + 5, "f", bold=True)
    figure.text(578, middle + 52, f"slope σ'(φ) = {entry(slope, 4)}", size=13, anchor="middle")
    return figure.describe(
        f"{N} inputs, each times its weight, and the bias add up to φ = {entry(phi.item(), 4)}. The activation makes "
        f"f = {entry(f, 4)} of it, and its slope at that φ is {entry(slope, 4)}."
    )


def draw_rows(slope, w, x):
    """The three derivatives in cells: the slope (1, 1) times wᵀ (1, N), xᵀ (1, N) and 1 (1, 1)."""
    N, cell = len(w), 60
    figure = Figure(80 + (2 * N + 3) * cell, 396, "Three derivatives: the slope times a row")
    told = []
    for k, (by, other, row) in enumerate((("x", "w", w.T), ("w", "x", x.T), ("b", "", np.ones((1, 1))))):
        top, left, n = 92 + 116 * k, 40, row.shape[1]
        figure.text(left, top - 30, f"df/d{by},  (1, 1)(1, {n}) = (1, {n})", bold=True)
        inner = [f"{other}_{j + 1}" for j in range(n)] if other else ["dφ/db"]
        outer = [f"∂f/∂{by}_{j + 1}" for j in range(n)] if other else ["∂f/∂b"]
        for A, names, sign in (([[slope]], ["σ'(φ)"], "·"), (row, inner, "="), (slope * row, outer, "")):
            width, _ = draw_matrix(figure, A, left, top, cell=cell, digits=4, row_labels=[" "] * 9, column_labels=names)
            figure.text(left + width + cell / 2, top + cell / 2 + 6, sign, size=20, anchor="middle")
            left += width + cell
        told.append(", ".join(entry(v, 4) for v in (slope * row).ravel()))
    return figure.describe(
        f"The slope {entry(slope, 4)} times the weights is df/dx = ({told[0]}); times the inputs it is "
        f"df/dw = ({told[1]}); times 1 it is df/db = {told[2]}."
    )


def draw_plane(w1, w2, b):
    """The inputs of a sigmoid neuron: its boundary, its weights as an arrow, shaded by its slope."""
    figure = Figure(640, 450, f"The boundary {_equation(w1, w2, b)}")
    ax = shaded_plane(figure, (70, 60, 330, 330), (w1, w2, b), title="the plane of the inputs")
    draw_boundary(ax, (w1, w2, b))
    figure.text(440, 84, "Shade: the slope σ'(φ)", bold=True)
    draw_shades(figure, 440, 98)
    for row, text in enumerate(("On the line: φ = 0, f = ½", "Where w points: φ > 0, f > ½", "Behind: φ < 0, f < ½")):
        figure.text(440, 276 + 26 * row, text)
    return figure.describe(
        f"The weights ({entry(w1)}, {entry(w2)}) stand at a right angle to the line where f = 0.5, and point to the "
        f"side where f is larger. The slope is 0.25 on the line and falls to both sides; at the distance "
        f"{entry(math.log(19) / math.hypot(w1, w2))}, where f is 0.95 or 0.05, it is {entry(0.95 * 0.05, 4)}."
    )


def draw_training(path, losses, labels, shown=(0, 2, 5, 10, 40)):
    """The boundaries after some steps of descent, and the loss before the first step and after each.

    path: [(w, b), …], w (2, 1) and b (1, 1), one more than there are steps. labels: a key of LABELS.
    """
    figure = Figure(860, 430, f"{len(path) - 1} steps of descent on four points")
    ax = Axes(figure, (70, 64, 300, 300), (LOW, HIGH), (LOW, HIGH), "x_1", "x_2", "boundary after n steps", grid=False)
    right = Axes(figure, (560, 64, 270, 300), (0, len(path) - 1), (0, 0.35), "steps n", "mean loss L", "loss")
    right.curve(range(len(losses)), losses, "black", 2)
    styles = (("grey", "2 4"), ("purple", "5 4"), ("orange", "12 4"), ("blue", "12 3 3 3"), ("black", None))
    told = []
    for row, (n, (color, dash)) in enumerate(zip(shown, styles, strict=True)):
        w, b = path[n]
        draw_boundary(ax, (*w.ravel(), b.item()), color, dash, arrow=n == shown[-1])
        right.point(n, losses[n], color, 5)
        figure.line([(384, 90 + 28 * row), (420, 90 + 28 * row)], color, 2.5, dash)
        figure.text(428, 94 + 28 * row, f"n = {n}", size=13)
        sides = (w.T @ POINTS + b >= 0) == (np.array([LABELS[labels]]) > 0)
        told.append(f"{losses[n]:.3f} after {n} steps, with {sides.sum()} of the 4 points right")
    draw_points(ax, POINTS, LABELS[labels])
    figure.circle(402, 250, 7, "black", "white")
    figure.text(428, 255, "label 1", size=13)
    figure.rect(395, 271, 14, 14, "white", "black", 2.5)
    figure.text(428, 283, "label 0", size=13)
    return figure.describe(f"The mean loss is {'; '.join(told)}.")


def draw_steep(ks=(1, 4, 16)):
    """The slope kσ'(kφ) of ever steeper sigmoids σ(kφ), against φ."""
    figure, ax = plot(
        "Steeper and steeper: the slope of σ(kφ)", (-3, 3), (0, 1.1 * max(ks) / 4), "φ", "slope in φ", 680
    )
    grid = np.linspace(-3, 3, 601).reshape(1, -1)
    for k, color, dash in zip(ks, ("blue", "orange", "purple"), ("8 4", "12 3 3 3", None), strict=True):
        ax.curve(grid.ravel(), slope_of_answer(grid, k).ravel(), color, dash=dash, label=f"k = {k}")
    ax.legend("ne")
    heights = ", ".join(f"{entry(k / 4)} for k = {k}" for k in ks)
    at_1 = ", ".join(entry(slope_of_answer(np.ones((1, 1)), k).item(), 6) for k in ks)
    return figure.describe(
        f"At φ = 0 the slope is k/4: {heights}. At φ = 1 it is {at_1}. As the tower grows it gets narrower, "
        "and the area under it stays 1."
    )


def descent(labels, activation, start, steps):
    """[(w1, w2, b), …] and the mean losses of `steps` steps w ← w − μ∇L from `start`, on the four points."""
    y, k = np.array([LABELS[labels]], float), STEEPNESS[activation]
    path, losses = [tuple(float(v) for v in start)], []
    for n in range(steps + 1):
        phi = np.array([path[-1][:2]]) @ POINTS + path[-1][2]
        gap = answer(phi, k) - y
        losses.append(float(np.mean(gap**2)))
        pull = 2 * gap * slope_of_answer(phi, k) / 4  # dL/dφ, one for each point
        gradient = (*(POINTS @ pull.T).ravel(), pull.sum())
        if n < steps:
            path.append(tuple(v - MU * float(g) for v, g in zip(path[-1], gradient, strict=True)))
    return path, losses, phi, pull, gradient


def draw_descent(labels, activation, w1, w2, b, steps):
    """A neuron on the four points after some steps of descent from the weights w1, w2 and the bias b.

    labels: a key of LABELS; activation: a key of STEEPNESS.
    """
    path, losses, phi, pull, gradient = descent(labels, activation, (w1, w2, b), steps)
    y, k, now = np.array(LABELS[labels]), STEEPNESS[activation], path[-1]
    f, slopes = answer(phi, k).ravel(), [entry(s, 4) for s in slope_of_answer(phi, k).ravel()]
    if k == math.inf:
        slopes = ["none" if v == 0 else "0" for v in phi.ravel()]
    good = (phi.ravel() >= 0) == (y > 0)
    figure = Figure(850, 626, f"{labels}, {activation}: loss {losses[-1]:.3f} after {steps} steps")
    ax = shaded_plane(figure, (70, 72, 350, 350), now, k, "inputs: ● label 1, □ label 0, shaded by the slope")
    draw_boundary(ax, path[0], "grey", "6 5", arrow=False)
    draw_boundary(ax, now)
    draw_points(ax, POINTS, y, [f"{v:.2f}" + ("" if ok else " wrong") for v, ok in zip(f, good, strict=True)])
    _draw_weights(figure, path, gradient)
    curve = Axes(figure, (500, 346, 320, 76), (0, 40), (0, 1), "steps n", "L")
    curve.curve(range(len(losses)), losses, "blue")
    curve.point(steps, losses[-1], "blue", 5)
    _draw_table(figure, y, phi.ravel(), f, slopes, pull.ravel(), gradient)
    g1, g2, g3 = gradient
    return figure.describe(
        f"After {steps} steps the weights are ({entry(now[0])}, {entry(now[1])}) and the bias is {entry(now[2])}; "
        f"{good.sum()} of the 4 points are right. The mean loss went from {losses[0]:.3f} to {losses[-1]:.3f}. The "
        f"slopes of the four answers are {', '.join(slopes)}. The gradient in w is "
        f"({entry(g1, 3)}, {entry(g2, 3)}), of length {entry(math.hypot(g1, g2), 3)}; in b it is {entry(g3, 3)}."
    )


def _draw_weights(figure, path, gradient):
    """The plane of the weights: the way that descent took, and the direction of the next step as an arrow."""
    ax = Axes(figure, (500, 72, 320, 200), (-8, 8), (-5, 5), "w_1", "w_2", "weights: the path so far, and −20∇_{w}L")
    ax.curve([p[0] for p in path], [p[1] for p in path], "grey", 2, "3 3")
    ax.point(*path[0][:2], "grey", 4)
    here = path[-1][:2]
    if abs(here[0]) < 8 and abs(here[1]) < 5:
        move = [-20 * g for g in gradient[:2]]
        # The part of the arrow that lies in the frame.
        share = min(
            [1.0, *((edge - p * np.sign(m)) / abs(m) for p, m, edge in zip(here, move, (8, 5), strict=True) if m)]
        )
        if math.hypot(*move) > 0.02:
            ax.arrow(here, tuple(p + share * m for p, m in zip(here, move, strict=True)), "orange", 3)
    ax.point(*here, "black", 5)


def _draw_table(figure, y, phi, f, slopes, pull, gradient):
    """One line for each point: its label, φ, answer, slope, and what it adds to the gradient."""
    heads = ("point x", "label y", "φ", "answer f", "slope in φ", "∂L/∂φ", "adds to ∇_{w}L")
    places = (100, 190, 280, 380, 490, 600, 745)
    top = 494
    for x, head in zip(places, heads, strict=True):
        figure.text(x, top, head, bold=True, anchor="middle")
    figure.line([(60, top + 8), (820, top + 8)], "light", 2)
    for j, (x1, x2) in enumerate(POINTS.T):
        adds = (entry(pull[j], 4), f"({entry(x1 * pull[j], 4)}, {entry(x2 * pull[j], 4)})")
        adds = ("none", "nothing") if slopes[j] == "none" else adds
        row = (f"({x1:.0f}, {x2:.0f})", f"{y[j]}", entry(phi[j]), f"{f[j]:.3f}", slopes[j], *adds)
        for x, text in zip(places, row, strict=True):
            figure.text(x, top + 28 + 22 * j, text, anchor="middle")
    figure.text(820, top + 122, f"sum: ∇_{{w}}L = ({entry(gradient[0], 4)}, {entry(gradient[1], 4)}),  "
                f"∇_{{b}}L = {entry(gradient[2], 4)}", anchor="end", bold=True)  # fmt: skip


def _equation(w1, w2, b):
    text = f"{entry(w1)} x_1 + {entry(w2)} x_2 + {entry(b)} = 0"
    return text.replace("+ \N{MINUS SIGN}", "\N{MINUS SIGN} ")
