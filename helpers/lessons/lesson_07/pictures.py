"""Pictures of lesson 07: a neuron that sees a digit, its slopes, its boundary in the plane, descent on four points.

theta = (w1, w2, b); φ = w1 x_1 + w2 x_2 + b; the answer is σ(kφ) with a steepness k, infinite for a step.
"""

import math

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from helpers.activations import Sigmoid
from helpers.drawing.matrices import BLUES, ORANGES, draw_pixels, draw_squares, entries, entry
from helpers.drawing.picture import Picture
from helpers.drawing.scripts import lowered
from helpers.drawing.sheet import HAIRLINE, LABEL, NOTE, arrow, sheet
from helpers.drawing.table import write_line
from helpers.drawing.template import template

SIGMA = Sigmoid()
CELL = 22  # the side of a pixel in a picture of 8 × 8
KEY = "the darker, the larger in size; orange: positive · blue with a bar: negative"
POINTS = np.array([[0.0, 0.0, 1.0, 1.0], [0.0, 1.0, 0.0, 1.0]])  # (2, 4), a point in each column
LABELS = {"OR": (0, 1, 1, 1), "AND": (0, 0, 0, 1), "XOR": (0, 1, 1, 0)}
STEEPNESS = {"sigmoid": 1, "sigmoid, 10 times steeper": 10, "step": math.inf}
MU = 4.0
LOW, HIGH = -0.75, 1.75  # what is shown of the inputs, on both axes
TINY = 1e-12  # weights below it are rounding: they have no direction
SHARES = (0.04, 0.2, 0.4, 0.6, 0.8, 0.96)  # of the largest slope, k/4: the edges of the shaded strips
SHADES = ("#EEF5FA", "#D9E9F4", "#BFDAED", "#A2C9E4", "#84B8DB", "#62A4D0")


def _draw_signed(ax, values, left, top, largest, label, frame=None):
    """64 numbers, row by row, as 8 × 8 squares: orange, or blue with a bar if negative; the darker, the larger."""
    flat, shades = values.ravel(), np.rint(8 * np.abs(values.ravel()) / largest)
    for side, colours in ((flat >= 0, ORANGES), (flat < 0, BLUES)):
        draw_pixels(ax, np.where(side, shades, -1), left, top, CELL, colours, f"{label}: shade", ec=HAIRLINE, lw=0.5)
    below = (flat < 0) & (shades > 0)
    for pale, color in ((shades <= 4, "C4"), (shades > 4, "white")):
        bars = [(left + (k % 8 + 0.25) * CELL, top + (k // 8 + 0.5) * CELL) for k in np.flatnonzero(below & pale)]
        path = [Path([bar, (bar[0] + CELL / 2, bar[1])]) for bar in bars]
        if path:
            ax.add_artist(PathPatch(Path.make_compound_path(*path), ec=color, lw=1.2, label=f"{label}: negative"))
    ax.add_artist(Rectangle((left, top), 8 * CELL, 8 * CELL, fill=False, ec="C4", lw=1))
    if frame is not None:
        draw_squares(ax, [(left + frame % 8 * CELL, top + frame // 8 * CELL)], CELL, "C4", 2.5, fill=False,
                     label=f"{label}: frame")  # fmt: skip


def draw_unit(w, x, b):
    """A tanh neuron that sees 8 × 8 pixels: x, w and their products, each (64, 1), and what it answers; b is (1, 1)."""
    products, phi = w * x, (w.T @ x + b).item()
    f, total = math.tanh(phi), products.sum()
    figure, ax = sheet(780, 344, "One neuron: pixels, weights, and what they add up to")
    for left, name, text, sign in ((40, "x", "pixels x", "⊙"), (300, "w", "weights w", "="), (560, "wx", "", "")):
        values = {"x": x, "w": w, "wx": products}[name]
        _draw_signed(ax, values, left, 76, max(np.abs(x if name == "x" else w).max(), 1e-9), name)
        ax.text(left + 4 * CELL, 64, text or "products wⱼxⱼ", ha="center", weight="bold")
        ax.text(left + 4 * CELL + 130, 76 + 4 * CELL, sign, size=15, ha="center", va="center_baseline")
    ax.text(390, 288, f"sum of the products {entry(total)}, plus b = {entry(b.item())}:  φ = {entry(phi)}", ha="center")
    ax.text(390, 311, f"f = tanh φ = {entry(f)},  slope σ′(φ) = {entry(1 - f**2)}", ha="center", weight="bold")
    ax.text(390, 334, KEY, size=NOTE, ha="center")
    ink = np.flatnonzero(x.ravel())
    return Picture(
        figure,
        f"8 × 8 pixels x, of which {len(ink)} are not white, the 64 weights w from {entry(w.min())} to "
        f"{entry(w.max())}, and their products from {entry(products.min())} to {entry(products.max())}. These add up "
        f"to {entry(total)}; with the bias {entry(b.item())} it is φ = {entry(phi)}, and f = tanh φ = {entry(f)}. The "
        f"slope of tanh there is {entry(1 - f**2)}.",
    )


def draw_slopes(df_dx, df_dw, j):
    """Two rows (1, 64) as 8 × 8 squares, the slopes with respect to pixels and to weights; number j (from 1) framed."""
    figure, ax = sheet(640, 330, "One number for each pixel, and one for each weight")
    largest, told = max(np.abs(df_dx).max(), np.abs(df_dw).max()), []
    for left, by, row, title in (
        (60, "x", df_dx, "df/dx = σ′(φ) wᵀ"), (380, "w", df_dw, "df/dw = σ′(φ) xᵀ"),
    ):  # fmt: skip
        _draw_signed(ax, row, left, 76, largest, f"df/d{by}", frame=j - 1)
        ax.text(left + 4 * CELL, 64, title, ha="center", weight="bold")
        framed = f"∂f/∂{by}{lowered(j)} = {entry(row[0, j - 1])}"
        ax.text(left + 4 * CELL, 282, f"in the frame: {framed}", ha="center")
        told.append(f"from {entry(row.min())} to {entry(row.max())}, {framed}")
    ax.text(320, 314, KEY, size=NOTE, ha="center")
    return Picture(
        figure,
        f"Two rows of 64 slopes, laid out as 8 × 8 pixels. With respect to the pixels they look like the weights: "
        f"{told[0]}. With respect to the weights they look like the picture: {told[1]}.",
    )


# --- the plane of the inputs ----------------------------------------------------------------------------------


def answer(phi, k):
    """σ(kφ) for an array (1, B) of φ."""
    return np.where(phi >= 0, 1.0, 0.0) if k == math.inf else SIGMA(k * phi)


def slope_of_answer(phi, k):
    """Its slope in φ, kσ'(kφ). A step has slope 0, and none at φ = 0, where 0 stands for it."""
    return np.zeros_like(phi) if k == math.inf else k * SIGMA.slope(k * phi)


def _plane(ax, title):
    ax.set(xlim=(LOW, HIGH), ylim=(LOW, HIGH), xlabel="x₁", ylabel="x₂", title=title, aspect="equal")
    ax.set(xticks=(0, 1), yticks=(0, 1))  # each tick costs as much time as a text
    ax.grid(visible=False)


def _draw_shades(ax, theta, k=1):
    """A strip along the boundary for each share of the largest slope; returns the strips."""
    w, b = np.array(theta[:2]), theta[2]
    length = math.hypot(*w)
    strips = []
    for share, shade in zip(SHARES, SHADES, strict=True):
        value = (1 + math.sqrt(1 - share)) / 2  # σ where σ(1 − σ) = share/4
        reach = math.log(value / (1 - value)) / k  # |φ| at the edges
        if length > TINY:
            across, foot = w / length**2, -b * w / length**2
            along = 10 * np.array([-w[1], w[0]]) / length  # longer than the frame, which cuts it off
            edges = [foot + side * reach * across + end * along
                     for side, end in ((1, 1), (1, -1), (-1, -1), (-1, 1))]  # fmt: skip
        else:
            edges = [(-9, -9), (9, -9), (9, 9), (-9, 9)]
        if reach > 0 and (length > TINY or abs(b) < reach):
            strips += ax.fill(
                *np.transpose(edges), fc=shade, ec="C5", lw=0, label=f"slope above {entry(share * k / 4)}"
            )
    return strips


def _draw_boundary(ax, theta, color="C4", style="-", label="_boundary", with_w=True):
    """The line φ = 0, and an arrow of fixed length in the direction of w, near the middle of the plane."""
    length, middle = math.hypot(*theta[:2]), np.full(2, (LOW + HIGH) / 2)
    if length < TINY:
        return
    unit = np.array(theta[:2]) / length
    along = np.array([-unit[1], unit[0]])
    foot = middle - (unit @ middle + theta[2] / length) * unit
    ax.axline(foot, foot + along, color=color, ls=style, label=label)
    for shift in (0, 0.3, -0.3, 0.6, -0.6) if with_w else ():
        start = foot + shift * along
        tip = start + 0.3 * unit
        across, up = tip[:, None] - POINTS
        crowded = (-0.2 < across) & (across < 0.7) & (-0.25 < up) & (up < 0.1)  # a point, or the text at its right
        if LOW < min(*start, *tip) and max(*start, *tip) < HIGH - 0.15 and not crowded.any():
            arrow(ax, start, tip, color, 2, label="_w")
            ax.annotate("w", tip, (4, 4), textcoords="offset points", weight="bold")
            return


def _draw_points(ax, labels, texts=("",) * 4):
    """The four points: a filled circle for the label 1, a white square for 0, with a text beside each."""
    ones = np.array(labels) > 0
    ax.plot(*POINTS[:, ones], "o", color="C4", mec="white", ms=11, ls="none", label="label 1", zorder=3)
    ax.plot(*POINTS[:, ~ones], "s", color="white", mec="C4", mew=2, ms=11, ls="none", label="label 0", zorder=3)
    over = {"fc": "white", "ec": "none", "alpha": 0.75, "pad": 1}
    for point, text in zip(POINTS.T, texts, strict=True):
        if text:
            ax.annotate(text, point, (10, 0), textcoords="offset points", va="center_baseline", size=LABEL, bbox=over)


def draw_plane(w1, w2, b, labels):
    """The inputs of a sigmoid neuron: its boundary, its weights as an arrow, its slope as shades, and four points.

    labels: a key of LABELS.
    """
    figure = Figure(figsize=(6.4, 4.4))
    figure.suptitle(f"The boundary {_equation(w1, w2, b)}")
    ax = figure.add_axes((0.11, 0.13, 0.5, 0.72))
    _plane(ax, "the plane of the inputs")
    strips = _draw_shades(ax, (w1, w2, b))
    _draw_boundary(ax, (w1, w2, b))
    y, f = np.array(LABELS[labels]), SIGMA(np.array([[w1, w2]]) @ POINTS + b).ravel()
    good = (f >= 0.5) == (y > 0)
    _draw_points(ax, y, _answers(f, good))
    legend = ax.legend(
        handles=strips, title="shade: the slope σ′(φ)", loc="upper left", bbox_to_anchor=(1.04, 1), frameon=False
    )
    for patch in legend.get_patches():  # the lightest shade is seen by its frame
        patch.set_linewidth(0.8)
    for row, text in enumerate((
        "On the line: φ = 0, f = ½", "Where w points: φ > 0, f > ½", "Behind: φ < 0, f < ½",
        "● label 1   □ label 0",
    )):  # fmt: skip
        figure.text(0.65, 0.34 - 0.065 * row, text, size=NOTE)
    return Picture(
        figure,
        f"The weights ({entry(w1)}, {entry(w2)}) stand at a right angle to the line where f = 0.5, and point to the "
        f"side where f is larger. The slope is 0.25 on the line and falls to both sides; at the distance "
        f"{entry(math.log(19) / math.hypot(w1, w2))}, where f is 0.95 or 0.05, it is {entry(0.95 * 0.05, 4)}. "
        f"The answers at the four points are {entries(f)}; {good.sum()} of the 4 are right.",
    )


def _answers(f, good):
    return [f"{v:.2f}" + ("" if ok else " wrong") for v, ok in zip(f, good, strict=True)]


def draw_training(path, losses, labels, shown=(0, 2, 5, 10, 40)):
    """The boundaries after some steps of descent, and the loss before the first step and after each.

    path: [(w, b), …], w (2, 1) and b (1, 1), one more than there are steps. labels: a key of LABELS.
    """
    figure = Figure(figsize=(8.6, 4.3))
    figure.suptitle(f"{len(path) - 1} steps of descent on four points")
    plane, right = figure.add_axes((0.07, 0.13, 0.36, 0.72)), figure.add_axes((0.66, 0.13, 0.31, 0.72))
    _plane(plane, "boundary after n steps")
    right.plot(losses, "C4", label="_loss")
    right.set(xlim=(-1, len(path)), ylim=(0, 0.35), xlabel="steps n", ylabel="mean loss L", title="loss")
    styles = (("C5", ":", "v"), ("C3", (0, (3, 2)), "s"), ("C1", (0, (9, 3)), "D"), ("C0", "-.", "^"), ("C4", "-", "o"))
    told = []
    for n, (color, style, marker) in zip(shown, styles, strict=True):
        w, b = path[n]
        _draw_boundary(plane, (*w.ravel(), b.item()), color, style, f"n = {n}", with_w=n == shown[-1])
        right.plot(n, losses[n], marker, color=color, label=f"_n = {n}")
        sides = (w.T @ POINTS + b >= 0) == (np.array([LABELS[labels]]) > 0)
        told.append(f"{losses[n]:.3f} after {n} steps, with {sides.sum()} of the 4 points right")
    _draw_points(plane, LABELS[labels])
    plane.legend(loc="upper left", bbox_to_anchor=(1.02, 1), frameon=False, handlelength=3.5)
    return Picture(figure, f"The mean loss is {'; '.join(told)}.")


# --- the exploration ------------------------------------------------------------------------------------------


def descent(labels, activation, start, steps):
    """[(w1, w2, b), …] and the mean losses of `steps` steps w ← w − μ∇L from `start`, on the four points."""
    y, k = np.array([LABELS[labels]], float), STEEPNESS[activation]
    path, losses = [tuple(float(v) for v in start)], []
    for n in range(steps + 1):
        phi = np.array([path[-1][:2]]) @ POINTS + path[-1][2]
        gap = answer(phi, k) - y
        losses.append(float(np.mean(gap**2)))
        pull = 2 * gap * slope_of_answer(phi, k)  # dL/dφ of each point's own loss
        gradient = (*(POINTS @ pull.T / 4).ravel(), pull.mean())
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
    figure = _descent_axes()
    figure.suptitle(f"{labels}, {activation}: loss {losses[-1]:.3f} after {steps} steps")
    inputs, weights, loss = figure.axes
    if k != math.inf:
        _draw_shades(inputs, now, k)
    _draw_boundary(inputs, path[0], "C5", "--", "_start", with_w=False)
    _draw_boundary(inputs, now)
    _draw_points(inputs, y, _answers(f, good))
    _draw_weights(weights, path, gradient)
    loss.plot(losses, label="_loss")
    loss.plot(steps, losses[-1], "o", color="C0")
    _draw_table(figure, y, phi.ravel(), f, slopes, pull.ravel(), gradient)
    g1, g2, g3 = gradient
    return Picture(
        figure,
        f"After {steps} steps the weights are ({entry(now[0])}, {entry(now[1])}) and the bias is {entry(now[2])}; "
        f"{good.sum()} of the 4 points are right. The mean loss went from {losses[0]:.3f} to {losses[-1]:.3f}. The "
        f"slopes of the four answers are {', '.join(slopes)}. The gradient in w is "
        f"({entry(g1, 4)}, {entry(g2, 4)}), of length {entry(math.hypot(g1, g2), 4)}; in b it is {entry(g3, 4)}.",
    )


COLUMNS = ("^11", "^11", "^11", "^12", "^14", "^12", "^20")  # of the table: one line for each point


@template
def _descent_axes():
    """The planes of the inputs and of the weights, the loss, and the heads of the table under them."""
    figure = Figure(figsize=(8.5, 6.2))
    inputs, weights, loss = (
        figure.add_axes(place)
        for place in ((0.08, 0.33, 0.41, 0.56), (0.59, 0.57, 0.37, 0.32), (0.59, 0.33, 0.37, 0.13))
    )
    _plane(inputs, "inputs: ● label 1, □ label 0, shaded by the slope")
    weights.set(xlim=(-8, 8), ylim=(-5, 5), xlabel="w₁", ylabel="w₂", title="weights: the path so far, and −20 ∇L")
    weights.set(xticks=(-8, 0, 8), yticks=(-4, 0, 4))
    weights.yaxis.set_label_coords(-0.1, 0.5)  # else versions of matplotlib place it a pixel apart
    loss.set(xlim=(-1, 41), ylim=(0, 1), xticks=(0, 20, 40), yticks=(0, 1), xlabel="steps n", ylabel="L")
    heads = ("point x", "label y", "φ", "answer f", "slope in φ", "pull", "pull · xᵀ")
    write_line(figure, 0.5, 0.22, heads, COLUMNS, ha="center", label="head", weight="bold")
    return figure


def _draw_weights(ax, path, gradient):
    """The plane of the weights: the way that descent took, and the direction of the next step as an arrow."""
    ax.plot([p[0] for p in path], [p[1] for p in path], ":", color="C5", label="_path")
    ax.plot(*path[0][:2], "o", color="C5", ms=5)
    here, move = np.array(path[-1][:2]), -20 * np.array(gradient[:2])
    if math.hypot(*move) > 0.02:
        arrow(ax, here, here + move, "C1", 2.5, label="_next step", clip_on=True, zorder=3)
    ax.plot(*here, "o", color="C4")


def _draw_table(figure, y, phi, f, slopes, pull, gradient):
    """One line for each point: its label, φ, answer, slope, and its own gradient; then the mean of the four."""
    for j, (x1, x2) in enumerate(POINTS.T):
        own = (entry(pull[j], 4), f"({entry(x1 * pull[j], 4)}, {entry(x2 * pull[j], 4)})")
        own = ("none", "none") if slopes[j] == "none" else own
        cells = (f"({x1:.0f}, {x2:.0f})", f"{y[j]}", entry(phi[j]), f"{f[j]:.3f}", slopes[j], *own)
        write_line(figure, 0.5, 0.184 - 0.036 * j, cells, COLUMNS, ha="center", label=f"point {j}")
    total = (
        f"mean of the four: ∇L = ({entry(gradient[0], 4)}, {entry(gradient[1], 4)}) in w, {entry(gradient[2], 4)} in b"
    )
    figure.text(0.96, 0.02, total, ha="right", weight="bold")


def _equation(w1, w2, b):
    text = f"{entry(w1)} x₁ + {entry(w2)} x₂ + {entry(b)} = 0"
    return text.replace("+ \N{MINUS SIGN}", "\N{MINUS SIGN} ")
