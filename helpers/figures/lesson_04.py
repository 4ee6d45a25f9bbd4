"""Pictures of lesson 04: activations and their slopes, the kink, the flat step, and which Jacobians fill."""

import numpy as np

from helpers.activations import ReLU, Sigmoid, Softmax, Tanh
from helpers.figures.axes import Axes, plot
from helpers.figures.canvas import Figure
from helpers.figures.matrices import draw_matrix, entry

ELEMENTWISE = {"sigmoid": Sigmoid(), "tanh": Tanh(), "ReLU": ReLU()}
STYLES = {"sigmoid": ("blue", None), "tanh": ("orange", "8 4"), "ReLU": ("green", "2 3"), "step": ("purple", "8 4")}
OTHERS = (-1.0, 0.5, 1.5)  # z_2, z_3, z_4 of the exploration


def draw_activations(z=1.0):
    """Sigmoid, tanh and ReLU beside their slopes, marked at the number z (not 0)."""
    figure = Figure(840, 370, "Three activations and their slopes")
    left = Axes(figure, (70, 60, 320, 250), (-4, 4), (-1.5, 4), "z", "σ(z)", "value")
    right = Axes(figure, (490, 60, 320, 250), (-4, 4), (-0.5, 1.5), "z", "σ'(z)", "slope")
    grid = np.linspace(-4, 4, 161)
    said = []
    for name, sigma in ELEMENTWISE.items():
        color, dash = STYLES[name]
        # A gap at 0, where the slope of ReLU jumps.
        slopes = np.where((name == "ReLU") & (np.abs(grid) < 1e-9), np.nan, sigma.slope(grid))
        value, slope = (float(f(np.array([[z]]))[0, 0]) for f in (sigma, sigma.slope))
        left.curve(grid, sigma(grid.reshape(1, -1)).ravel(), color, dash=dash, label=name)
        right.curve(grid, slopes, color, dash=dash, label=name)
        left.point(z, value, color, 5)
        right.point(z, slope, color, 5)
        said.append(f"{name} is {entry(value, 3)} with slope {entry(slope, 3)}")
    for at_zero in (0.0, 1.0):
        px, py = right.at(0, at_zero)
        figure.circle(px, py, 4, "white", "green")
    left.legend("nw")
    right.legend("nw")
    return figure.describe(
        f"At z = {entry(z)} {', '.join(said[:-1])} and {said[-1]}. "
        "The slope of the sigmoid is largest at 0, where it is 0.25; tanh has slope 1 there; "
        "the slope of ReLU jumps from 0 to 1, and is undefined at the jump."
    )


def draw_wiring(N=4):
    """Which input reaches which output: an elementwise map beside one that mixes its inputs."""
    figure = Figure(700, 90 + 52 * N, f"Which of {N} inputs reaches which output")
    counts = []
    for left, title, mixes in ((90, "elementwise", False), (430, "every output uses every input", True)):
        figure.text(left + 90, 54, title, anchor="middle")
        lines = [(i, j) for i in range(N) for j in range(N) if mixes or i == j]
        counts.append(len(lines))
        for i, j in lines:
            figure.arrow(
                (left + 13, 88 + 52 * j),
                (left + 165, 88 + 52 * i),
                "blue" if i == j else "orange",
                2,
                dash=None if i == j else "5 4",
            )
        for k in range(N):
            for x, label in ((left, f"x_{k + 1}"), (left + 180, f"y_{k + 1}")):
                figure.circle(x, 88 + 52 * k, 14)
                figure.text(x, 93 + 52 * k, label, anchor="middle")
    return figure.describe(
        f"Left: {counts[0]} arrows, from each input x_j to the output y_j alone. "
        f"Right: {counts[1]} arrows, from each input to all {N} outputs; {counts[1] - N} of them, dashed, go across."
    )


def draw_kink(alpha=1.0, choices=(0.0, 0.5, 1.0)):
    """α max(0, z) near 0 with lines of several slopes through the corner; choices are multiples of alpha."""
    top = 1.1 * alpha
    figure, ax = plot("No tangent at the corner", (-1, 1), (-top, top), "z", "α max(0, z)", 640, 380)
    ax.curve([-1, 0, 1], [0, 0, alpha], "black", 4, label=f"ReLU, α = {entry(alpha)}")
    for s, color, dash in zip(choices, ("blue", "orange", "green"), ("8 4", "2 3", "12 3 3 3"), strict=True):
        ax.curve([-1, 1], [-s * alpha, s * alpha], color, 2, dash, f"slope {entry(s * alpha)}")
    ax.point(0, 0, "black", 5)
    ax.legend("nw")
    gaps = [min(ReLU(alpha)(np.array([[z]]))[0, 0] - s * alpha * z for z in (-1.0, 1.0)) for s in choices]
    return figure.describe(
        f"The graph comes in from the left with slope 0 and leaves to the right with slope {entry(alpha)}. "
        f"Lines of slope {', '.join(entry(s * alpha) for s in choices)} through the corner "
        + ("all stay on or below the graph: none is more the tangent than another."
           if min(gaps) >= -1e-12 else "do not all stay below the graph.")
    )  # fmt: skip


def draw_landscape(t, losses, paths):
    """Loss against a threshold t for several activations, each with the way that descent took.

    t: (n,) increasing. losses: {name: (n,)}. paths: {name: (thresholds, losses)}, one entry for each step.
    """
    figure, ax = plot("Descent on one threshold", (t[0], t[-1]), (0, 0.8), "threshold t", "loss L(t)", 700, 400)
    said = []
    for name, loss in losses.items():
        color, dash = STYLES[name]
        ax.curve(t, loss, color, 2, dash, name)
        ts, ls = np.asarray(paths[name][0]), np.asarray(paths[name][1])
        for k in range(0, len(ts) - 1, 4):
            px, py = ax.at(ts[k], ls[k])
            figure.circle(px, py, 3, "white", color, 1.5)
        ax.point(ts[-1], ls[-1], color, 6)
        t0, t1, loss0, loss1 = entry(ts[0]), entry(ts[-1]), entry(ls[0], 3), entry(ls[-1], 3)
        moved = f"goes from t = {t0} to {t1} and from loss {loss0} to {loss1}"
        said.append(f"{name} " + (moved if ts[-1] != ts[0] else f"stays at t = {t0} with loss {loss0}"))
    ax.legend("ne")
    return figure.describe(f"In {len(ts) - 1} steps of descent: {'; '.join(said)}.")


def draw_softmax_raised(z, j=1, dz=0.5):
    """Softmax of the numbers z as bars, before and after z_j is raised by dz (j counts from 1)."""
    z = np.asarray(z, float).reshape(-1, 1)
    raised = z.copy()
    raised[j - 1] += dz
    before, after = Softmax()(z).ravel(), Softmax()(raised).ravel()
    figure = Figure(640, 330, f"Softmax before and after z_{j} is raised by {entry(dz)}")
    floor, height, pitch = 280, 210, 560 / len(z)
    for i, (p, q) in enumerate(zip(before, after, strict=True)):
        x = 40 + i * pitch
        for shift, value, fill, color in ((0.1, p, "sky", "blue"), (0.5, q, "white", "orange")):
            top = floor - height * value
            figure.rect(x + shift * pitch, top, 0.36 * pitch, height * value, fill, color, 2)
            figure.text(x + (shift + 0.18) * pitch, top - 6, f"{value:.3f}", 13, anchor="middle")
        figure.text(x + 0.48 * pitch, floor + 20, f"p_{i + 1}", anchor="middle")
        figure.text(x + 0.48 * pitch, floor + 38, f"change {_signed(q - p)}", 12, anchor="middle")
    figure.line([(40, floor), (600, floor)], "black", 1.5)
    changes = ", ".join(f"p_{i + 1} by {_signed(q - p)}" for i, (p, q) in enumerate(zip(before, after, strict=True)))
    return figure.describe(
        f"Filled: before; outlined: after. One input moves and all {len(z)} outputs move: {changes}. "
        f"The changes add up to {entry(float(sum(after - before)), 3)}."
    )


def draw_one_input(activation="softmax", z1=0.5):
    """The curve of one output against z_1 with its tangent, and the 4 x 4 Jacobian at (z_1, -1, 0.5, 1.5).

    activation: "sigmoid", "tanh", "ReLU" or "softmax". At z_1 = 0 the slope of ReLU is the choice 1, Eq. (13).
    """
    z1 = round(float(z1), 6) + 0.0
    column = np.array([[z1], *([other] for other in OTHERS)])
    sigma = ELEMENTWISE.get(activation) or Softmax()
    J, value = sigma.d(column), float(sigma(column)[0, 0])
    low, high = {"sigmoid": (-0.2, 1.5), "softmax": (-0.2, 1.5), "tanh": (-1.5, 2), "ReLU": (-1, 4.5)}[activation]
    corner = activation == "ReLU" and z1 == 0

    figure = Figure(860, 420, f"{activation} and its Jacobian at z_1 = {entry(z1)}")
    ax = Axes(figure, (70, 70, 370, 280), (-4, 4), (low, high), "z_1", "output")
    grid = np.linspace(-4, 4, 121)
    curves = sigma(np.vstack([grid, *(np.full(121, other) for other in OTHERS)]))
    ax.curve(grid, curves[0], "blue", 3, None, "p_1" if activation == "softmax" else f"{activation}(z_1)")
    if activation == "softmax":
        for i, (color, dash) in enumerate((("purple", "2 3"), ("orange", "12 3 3 3"), ("green", "8 4")), start=1):
            ax.curve(grid, curves[i], color, 1.5, dash, f"p_{i + 1}")
    ends = np.array([-1.2, 1.2])
    ax.curve(z1 + ends, value + ends * J[0, 0], "black", 2, "6 3", "chosen slope" if corner else "tangent")
    ax.point(z1, value, "black", 6)
    ax.legend("nw")
    figure.text(255, 60, f"slope {entry(J[0, 0], 3)}" + (" (a choice: no tangent at the corner)" if corner else ""),
                anchor="middle")  # fmt: skip

    filled = int(np.count_nonzero(J))
    colors = {(i, j): _shade(J[i, j]) for i in range(4) for j in range(4) if J[i, j] != 0}
    draw_matrix(figure, J, 540, 110, name="Jacobian J (4, 4)", cell=64, digits=4, colors=colors)
    figure.text(668, 390, f"{filled} of 16 entries are not 0", anchor="middle")
    return figure.describe(
        f"With z_2, z_3, z_4 = {', '.join(map(entry, OTHERS))} held fixed, the first output is {entry(value, 3)} "
        f"at z_1 = {entry(z1)}, and its slope {entry(J[0, 0], 3)} is the entry J_11"
        + (", a choice, because the corner has no tangent. " if corner else ". ")
        + (f"The Jacobian is diagonal: its 12 other entries are 0, and {filled} of the 4 on the diagonal are not."
           if activation != "softmax" else
           f"All {filled} entries of the Jacobian are filled; row 1 is {', '.join(entry(v, 4) for v in J[0])}.")
    )  # fmt: skip


def _shade(value):
    """Orange for negative, blue for positive entries, darker with size; light enough for black text."""
    share = min(1.0, abs(value)) ** 0.5
    target = (86, 180, 233) if value > 0 else (240, 150, 80)
    return "#" + "".join(f"{round(255 + share * (channel - 255)):02X}" for channel in target)


def _signed(value):
    text = entry(value, 3)
    return text if value < 0 or text == "0" else f"+{text}"
