"""Pictures of lesson 16: a digit moved, weights that are tied, the uses of a tap, edges, and overlapping windows."""

import numpy as np
from matplotlib.patches import Rectangle

from helpers.activations import Softmax
from helpers.convolution import windows
from helpers.drawing.matrices import BLUES, GREYS, ORANGES, ZERO, draw_squares, entries, entry
from helpers.drawing.picture import Picture
from helpers.drawing.scripts import lowered
from helpers.drawing.sheet import BLUE, GREEN, HAIRLINE, MIDDLE, NOTE, ORANGE, PURPLE, TINY, arrow, sheet
from helpers.drawing.table import write_line
from helpers.drawing.template import template

# A row of the digit 5 and a white pixel, and what comes from above at the places of a kernel of three taps.
PIXELS = (0.0, 0.5, 0.9, 0.8, 0.9, 0.4, 0.0, 0.0, 0.0)
DELTA = {1: (0.6, -0.4, 0.2, 0.5, -0.3, 0.8, -0.1), 2: (0.6, 0.2, -0.3, -0.1)}
TAPS = 3
CELL = 5 * 0.60205 * 9.5 * 100 / 72  # five letters of a table
FILLS = (BLUE, GREEN, PURPLE)


def _draw_image(ax, image, left, top, cell, largest, label, colours=None):
    """A matrix of numbers as squares in a frame, the darker the larger in size: orange above 0 and blue below."""
    H, W = image.shape
    shades = np.rint(8 * np.abs(image) / largest).astype(int)
    for sign, palette in ((1, colours or ORANGES), (-1, colours or BLUES)):
        for k, colour in enumerate(palette):
            at = np.argwhere((shades == k) & ((image >= 0) == (sign > 0)))
            corners = [(left + j * cell, top + i * cell) for i, j in at]
            draw_squares(ax, corners, cell, ec=HAIRLINE, lw=0.5, fc=colour, label=f"{label}: {sign * k}")
    ax.add_artist(Rectangle((left, top), W * cell, H * cell, fill=False, ec="C4", lw=1))


def draw_moved(net, x, moved, label):
    """A digit x (64, 1) and the same digit moved, and what the network reads in each."""
    figure, ax = sheet(640, 282, "One pixel to the right")
    told = []
    for k, (name, picture) in enumerate((("as it is", x), ("moved", moved))):
        p, left = Softmax()(net(picture)).ravel(), 60 + 310 * k
        said = int(p.argmax())
        _draw_image(ax, picture.reshape(8, 8), left, 44, 24, 1.0, name, GREYS)
        ax.text(left + 96, 256, f"{name}: read as a {said}, p = {p[said]:.2f}", ha="center", weight="bold")
        told.append(f"{name}, it is read as a {said} with probability {p[said]:.2f}")
    arrow(ax, (268, 140), (352, 140), width=2)
    return Picture(figure, f"A {label} in 8 × 8 pixels, twice: {told[0]}; {told[1]}.")


def _tied(n, stride):
    """[(row, column, tap)] of the entries of W that are weights."""
    seen = windows((n,), (TAPS,), stride)
    return [(t, int(seen[r, t]), r) for t in range(seen.shape[1]) for r in range(TAPS)]


def _write_row(ax, left, top, cells, label="", **style):
    """One text for a row of cells of the size CELL, which are five letters wide."""
    write_line(ax, left, top + CELL / 2, cells, ["^5"] * len(cells), label=label, **style)


def _draw_weights(ax, left, top, n, stride):
    """W (T, n) of a convolution with three taps as κ₀, κ₁, κ₂ on grey cells, which are zeros; returns T."""
    weights = _tied(n, stride)
    T = weights[-1][0] + 1
    corners = {(t, j): (left + j * CELL, top + t * CELL) for t, j in np.ndindex(T, n)}
    draw_squares(ax, [corners[at] for at in corners if at not in {(t, j) for t, j, _ in weights}], CELL, fc=ZERO)
    draw_squares(ax, [corners[t, j] for t, j, _ in weights], CELL, fc="white")
    for t in range(T):
        row = {j: f"κ{lowered(r)}" for at, j, r in weights if at == t}
        # Two letters in the middle of five stand half a letter too far to the left.
        _write_row(ax, left + CELL / 10, top + t * CELL, [row.get(j, "") for j in range(n)], f"W[{t}]", zorder=3)
        ax.text(left - 8, top + (t + 0.5) * CELL, str(t), ha="right", va="center_baseline", color="C5", size=TINY)
    return T


def draw_tied(n=9, stride=1):
    """W (T, n) of a convolution with three taps: every tap has its own fill and stands in every row."""
    cell, left, top = CELL, 46, 70
    figure, ax = sheet(left + n * cell + 220, top + 7 * cell + 34, "Three weights, used at every place")
    _write_row(ax, left, top - 28, range(n), color="C5")
    T = _draw_weights(ax, left, top, n, stride)
    for r in range(TAPS):
        corners = [(left + j * cell, top + t * cell) for t, j, tap in _tied(n, stride) if tap == r]
        draw_squares(ax, corners, cell, fc=FILLS[r], ec="C4", lw=1.2, label=f"tap {r}")
        x, y = left + n * cell + 36, top + 30 + 44 * r
        draw_squares(ax, [(x, y - 11)], 22, fc=FILLS[r], ec="C4", lw=1.2)
        ax.text(x + 34, y, f"κ{lowered(r)}, the ones of S{lowered(r)}", va="center_baseline", size=NOTE)
    ax.text(left + n * cell / 2, top + T * cell + 20, f"W  ({T}, {n}), grey cells are 0", ha="center", weight="bold")
    return Picture(
        figure,
        f"The matrix W has {T} rows, one for each place of the kernel, and {n} columns, one for each pixel. Row 0 "
        f"holds κ₀, κ₁, κ₂ in the columns 0, 1, 2; every row below holds the same three weights, moved by {stride} to "
        f"the right. All other entries are 0: each weight stands {T} times in W.",
    )


LEFT, TOP, GAP = 50, 136, 484  # of W, and of δxᵀ beside it
HEIGHT = TOP + 7 * CELL + 74


@template
def _uses_page(stride):
    """What no place and no tap changes: the pixels, the grids, the weights in W, δ."""
    n, right = len(PIXELS), LEFT + GAP
    figure, ax = sheet(right + n * CELL + 22, HEIGHT, "The uses of one weight")
    T = _draw_weights(ax, LEFT, TOP, n, stride)
    draw_squares(ax, [(right + j * CELL, TOP + t * CELL) for t, j in np.ndindex(T, n)], CELL, fc=ZERO)
    draw_squares(ax, [(right - CELL - 12, TOP + t * CELL) for t in range(T)], CELL, fc="white")
    for t, number in enumerate(DELTA[stride]):
        ax.text(right - CELL / 2 - 12, TOP + (t + 0.5) * CELL, entry(number), size=NOTE, label=f"δ[{t}]", **MIDDLE)
    for left, name in ((LEFT, "W"), (right, "δxᵀ")):
        ax.text(left + n * CELL / 2, TOP + T * CELL + 20, f"{name}  ({T}, {n})", ha="center", weight="bold")
        draw_squares(ax, [(left + j * CELL, 62) for j in range(n)], CELL, fc="white")
        _write_row(ax, left, 62, [entry(pixel) for pixel in PIXELS], "x")
        _write_row(ax, left, 32, range(n), color="C5")
        ax.text(left - 12, 62 + CELL / 2, "x", ha="right", va="center_baseline", weight="bold")
    ax.text(right - CELL / 2 - 12, TOP - 8, "δ", ha="center", weight="bold")
    return figure


def draw_uses(tap, place, stride):
    """The kernel at a place of the line, and what the uses of one tap at the places so far add to ∂L/∂κ."""
    delta, right = DELTA[stride], LEFT + GAP
    t, name = min(place, len(delta) - 1), f"κ{lowered(tap)}"
    used = [(row, j) for row, j, r in _tied(len(PIXELS), stride) if r == tap]
    sums = [delta[row] * PIXELS[j] for row, j in used[: t + 1]]
    figure = _uses_page(stride)
    figure.suptitle(f"The uses of {name}, stride {stride}, up to place {t}", y=1 - 14 / HEIGHT, va="center_baseline")
    [ax] = figure.axes
    draw_squares(ax, [(LEFT + j * CELL, TOP + row * CELL) for row, j in used], CELL, fc=ORANGE, label="tied")
    for left, label in ((LEFT, "used"), (right, "added")):
        corners = [(left + j * CELL + 1, TOP + row * CELL + 1) for row, j in used[: t + 1]]
        draw_squares(ax, corners, CELL - 2, fc=ORANGE, ec="C4", lw=2, label=label)
        at = left + t * stride * CELL, 62
        ax.add_artist(Rectangle(at, TAPS * CELL, CELL, fill=False, ec="C0", lw=3, label="window"))
    for number, (row, j) in zip(sums, used, strict=False):
        at = right + (j + 0.5) * CELL, TOP + (row + 0.5) * CELL
        ax.text(*at, entry(number), size=8, label=f"δxᵀ[{row},{j}]", **MIDDLE)
    so_far = "" if t == len(delta) - 1 else ", so far"
    terms = " + ".join(f"({entry(s)})" if s < 0 else entry(s) for s in sums)
    total = f"{terms} = {entry(sum(sums))}" if t else entry(sum(sums))
    ax.text(LEFT, HEIGHT - 18, f"∂L/∂{name}{so_far}:   {total}", weight="bold")
    added = f"At place 0 it stands in column {used[0][1]}, and the entry of δxᵀ there is"
    if t:
        columns = ", ".join(str(j) for _, j in used[: t + 1])
        added = f"At the places 0 to {t} it stands in the columns {columns}; the entries of δxᵀ there are "
        added += f"{entries(sums)}, and add up to"
    return Picture(
        figure,
        f"The kernel stands at place {t} and sees {', '.join(f'x{lowered(t * stride + r)}' for r in range(TAPS))}. "
        f"With stride {stride} the weight {name} stands in {len(delta)} cells of W, one in each row. {added} "
        f"{entry(sum(sums))}: that is ∂L/∂{name}{so_far}.",
    )


def draw_edges(layer, x, moved):
    """A digit and the digit moved, each with the outputs of a convolution of one channel (6 × 6) below it."""
    figure, ax = sheet(640, 470, "The digit moves, and its edges move along")
    outputs = [layer(picture).reshape(6, 6) for picture in (x, moved)]
    largest = max(np.abs(z).max() for z in outputs)
    for k, (name, picture, z) in enumerate(zip(("as it is", "moved"), (x, moved), outputs, strict=True)):
        left = 76 + 300 * k
        _draw_image(ax, picture.reshape(8, 8), left, 44, 22, 1.0, name, GREYS)
        _draw_image(ax, z, left + 22, 262, 22, largest, f"{name}, z")
        ax.text(left + 88, 240, f"{name}: x (8 × 8), below it z (6 × 6)", ha="center", size=NOTE)
    ax.text(
        320,
        430,
        "orange: above 0, more ink at the right than at the left · blue: below 0, less",
        ha="center",
        size=NOTE,
    )
    same = np.allclose(outputs[1][:, 1:], outputs[0][:, :-1], rtol=0, atol=1e-12)
    kept = "are those of the digit as it is, one column further to the right" if same else "are others"
    return Picture(
        figure,
        f"Above, a digit and the same digit one pixel further to the right. Below, the 36 outputs of the kernel for "
        f"each, the largest in size {entry(largest)}. Apart from the first column, the outputs for the moved digit "
        f"{kept}.",
    )


def draw_pooling(x, u, window, stride):
    """Max-pooling of a line: which pixel wins in each window, and the gradients that come back to the pixels."""
    x, u = np.ravel(x), np.ravel(u)
    seen = windows((len(x),), (window,), stride)
    won = [int(seen[x[seen[:, t]].argmax(), t]) for t in range(seen.shape[1])]
    below = [sum(u[t] for t in range(len(u)) if won[t] == j) for j in range(len(x))]
    cell, left = 52, 150
    figure, ax = sheet(left + len(x) * 76 + 30, 300, "The winner takes the gradient of every window that it won")
    centre = lambda j: left + j * 76 + cell / 2
    middle = lambda t: centre(t * stride + (window - 1) / 2)
    rows = (("y", x[won], middle, 58), ("x", x, centre, 178))
    for name, values, at, top in rows:
        ax.text(left - 24, top + cell / 2, name, ha="right", va="center_baseline", weight="bold")
        for k, value in enumerate(values):
            filled = {"fc": ORANGE if name == "x" and k in won else "white", "ec": "C4"}
            ax.add_artist(Rectangle((at(k) - cell / 2, top), cell, cell, lw=1.2, **filled))
            ax.text(at(k), top + cell / 2, entry(value), label=f"{name}[{k},0]", **MIDDLE)
    for t, j in enumerate(won):
        arrow(ax, (centre(j), 176), (middle(t), 112), width=2, label="won")
        ax.text(middle(t), 50, f"u = {entry(u[t])}", ha="center", color="C1", weight="bold")
    ax.text(left - 24, 256, "gradient", ha="right", color="C1", weight="bold")
    for j, number in enumerate(below):
        ax.text(centre(j), 256, entry(number), ha="center", color="C1", weight="bold", label=f"gradient[{j},0]")
    winners = "; ".join(f"{entry(x[j])} at pixel {j} in window {t}, with u = {entry(u[t])}" for t, j in enumerate(won))
    return Picture(
        figure,
        f"Windows of {window} on the line x = ({entries(x)}), stride {stride}. The largest in each: {winners}. So the "
        f"gradient with respect to x is ({entries(below)}).",
    )
