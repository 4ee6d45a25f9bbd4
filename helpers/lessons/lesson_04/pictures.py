"""Pictures of lesson 04: three curves and their slopes, a corner, which Jacobians fill, descent on a threshold."""

import numpy as np
from matplotlib.figure import Figure

from helpers.activations import ReLU, Sigmoid, Softmax, Tanh
from helpers.drawing.matrices import draw_matrix, entry
from helpers.drawing.picture import Picture
from helpers.drawing.scripts import lowered
from helpers.drawing.sheet import BLUE, LABEL, arrow, node, sheet

ELEMENTWISE = {"sigmoid": Sigmoid(), "tanh": Tanh(), "ReLU": ReLU()}
OTHERS = (-1.0, 0.5, 1.5)  # z_2, z_3, z_4 of the exploration


def draw_three_slopes():
    """Sigmoid, tanh and ReLU: their values, and their slopes as measured by central differences."""
    z, h = np.linspace(-4, 4, 401), 1e-6
    figure = Figure(figsize=(8.4, 3.7))
    figure.suptitle("Three activations and their slopes")
    left, right = figure.subplots(1, 2)
    said = []
    for (name, sigma), style in zip(ELEMENTWISE.items(), ("C0-", "C1--", "C2:"), strict=True):
        value, above, below = (sigma(row[None])[0] for row in (z, z + h, z - h))
        slope = (above - below) / (2 * h)
        slope[200] = np.nan  # z = 0 is left out: ReLU has a corner there
        left.plot(z, value, style, label=name)
        right.plot(z, slope, style, label=name)
        said.append(f"{name} is {value[250]:.3f} with slope {slope[250]:.3f}")
    right.plot([0, 0], [0, 1], "C2o", mfc="white")
    left.set(xlabel="z", ylabel="value σ(z)")
    right.set(xlabel="z", ylabel="slope σ′(z)")
    left.legend(loc="upper left")
    return Picture(
        figure,
        f"At z = {z[250]:.0f} {', '.join(said)}. The slopes of sigmoid and tanh are largest at 0; the slope of ReLU "
        "jumps from 0 to 1, and is undefined at the jump.",
    )


def draw_wiring(N=4):
    """Which input reaches which output: an elementwise map beside one that mixes its inputs."""
    figure, ax = sheet(700, 90 + 52 * N, f"Which of {N} inputs reaches which output")
    counts = []
    for left, title, mixes in ((90, "elementwise", False), (430, "every output uses every input", True)):
        ax.text(left + 90, 56, title, ha="center")
        pairs = [(i, j) for i in range(N) for j in range(N) if mixes or i == j]
        counts.append(len(pairs))
        for i, j in pairs:
            style = {"color": "C0", "label": "straight"} if i == j else {"color": "C1", "ls": "--", "label": "across"}
            arrow(ax, (left + 14, 88 + 52 * j), (left + 165, 88 + 52 * i), **style)
        for k in range(N):
            for x, letter in ((left, "z"), (left + 180, "n")):
                node(ax, (x, 88 + 52 * k), f"{letter}{lowered(k + 1)}", 14)
    return Picture(
        figure,
        f"Left: {counts[0]} arrows, from each input zⱼ to the output nⱼ alone. "
        f"Right: {counts[1]} arrows, from each input to all {N} outputs; {counts[1] - N} of them, dashed, go across.",
    )


def draw_softmax_raised(scores, j=1, delta=0.5):
    """Softmax of the scores as bars, before and after f_j is raised by delta (j counts from 1)."""
    f = np.asarray(scores, float).reshape(-1, 1)
    raised = f.copy()
    raised[j - 1] += delta
    before, after = Softmax()(f).ravel(), Softmax()(raised).ravel()
    changes = [(f"p{lowered(i + 1)}", _signed(change)) for i, change in enumerate(after - before)]
    figure = Figure(figsize=(6.4, 3.5))
    figure.suptitle(f"Softmax before and after f{lowered(j)} is raised by {entry(delta)}")
    ax = figure.subplots()
    for shift, bars, label, style in (
        (-0.2, before, "before", {"fc": BLUE, "ec": "C0"}), (0.2, after, "after", {"fc": "white", "ec": "C1"}),
    ):  # fmt: skip
        drawn = ax.bar(np.arange(len(f)) + shift, bars, 0.36, lw=1.5, label=label, **style)
        ax.bar_label(drawn, [f"{value:.3f}" for value in bars], padding=2, size=LABEL)
    names = [f"{name}, change {change}" for name, change in changes]
    ax.set(ylim=(0, 1), xticks=range(len(f)), xticklabels=names, ylabel="probability")
    ax.grid(axis="x", visible=False)
    ax.legend(loc="upper right")
    told = ", ".join(f"{name} by {change}" for name, change in changes)
    return Picture(
        figure,
        f"Filled: before; outlined: after. One score moves and all {len(f)} probabilities move: {told}. "
        f"The changes add up to {entry(float(sum(after - before)), 3)}.",
    )


def draw_one_input(activation="softmax", z1=0.5):
    """The curve of one output against z_1 with its tangent, and the 4 x 4 Jacobian at (z_1, -1, 0.5, 1.5).

    activation: "sigmoid", "tanh", "ReLU" or "softmax". At z_1 = 0 the slope of ReLU is the choice 1, Eq. (13).
    """
    z1 = round(float(z1), 6) + 0.0
    column = np.array([[z1], *([other] for other in OTHERS)])
    sigma = ELEMENTWISE.get(activation) or Softmax()
    J, value = sigma.d(column), float(sigma(column)[0, 0])
    ticks, margin = {"tanh": ((-1, 0, 1), 0.2), "ReLU": ((0, 2, 4), 1)}.get(activation, ((0, 0.5, 1), 0.1))
    corner = activation == "ReLU" and z1 == 0

    figure, page = sheet(860, 420, f"{activation} and its Jacobian at z₁ = {entry(z1)}")
    ax = figure.add_axes((0.08, 0.15, 0.42, 0.67))
    grid = np.linspace(-4, 4, 121)
    curves = sigma(np.vstack([grid, *(np.full(121, other) for other in OTHERS)]))
    ax.plot(grid, curves[0], "C0", lw=2.5, label="p₁" if activation == "softmax" else f"{activation}(z₁)")
    if activation == "softmax":
        # Names beside the curves: a legend takes longer to draw than all of them.
        ax.text(3.9, 1.0, "p₁", color="C0", ha="right", va="center_baseline")
        for i, (color, style) in enumerate((("C3", ":"), ("C1", "-."), ("C2", "--")), start=1):
            name = f"p{lowered(i + 1)}"
            ax.plot(grid, curves[i], color, ls=style, lw=1.2, label=name)
            ax.text(-3.9, curves[i, 0] + 0.025, name, color=color)
    ends = np.array([-1.2, 1.2])
    ax.plot(z1 + ends, value + ends * J[0, 0], "C4--", label="chosen slope" if corner else "tangent")
    ax.plot(z1, value, "C4o")
    output = "outputs" if activation == "softmax" else f"{activation}(z₁)"
    ax.set(xlim=(-4, 4), xlabel="z₁", xticks=(-4, -2, 0, 2, 4))
    ax.set(ylim=(ticks[0] - margin, ticks[-1] + margin), ylabel=output, yticks=ticks)
    line = f"slope {entry(J[0, 0], 3)}, a choice (no tangent)" if corner else f"the tangent, slope {entry(J[0, 0], 3)}"
    ax.set_title(f"black, dashed: {line}")

    filled = int(np.count_nonzero(J))
    fills = {(i, j): _shade(J[i, j]) for i, j in np.ndindex(4, 4) if J[i, j] != 0}
    draw_matrix(page, J, 536, 110, name="Jacobian J (4, 4)", cell=70, digits=4, fills=fills)
    page.text(676, 406, f"{filled} of 16 entries are not 0", ha="center")
    return Picture(
        figure,
        f"With z₂, z₃, z₄ = {', '.join(map(entry, OTHERS))} held fixed, the first output is {entry(value, 3)} "
        f"at z₁ = {entry(z1)}, and its slope {entry(J[0, 0], 3)} is the entry J₁₁"
        + (", a choice, because the corner has no tangent. " if corner else ". ")
        + (f"The Jacobian is diagonal: its 12 other entries are 0, and {filled} of the 4 on the diagonal are not."
           if activation != "softmax" else
           f"All {filled} entries of the Jacobian are filled; row 1 is {', '.join(entry(v, 4) for v in J[0])}."),
    )  # fmt: skip


def _shade(value):
    """Orange for negative, blue for positive entries, darker with size; light enough for black text."""
    share = min(1.0, abs(value)) ** 0.5
    target = (86, 180, 233) if value > 0 else (240, 150, 80)
    return "#" + "".join(f"{round(255 + share * (channel - 255)):02X}" for channel in target)


def _signed(value):
    text = entry(value, 3)
    return text if value < 0 or text == "0" else f"+{text}"
