"""Pictures of lesson 09: a layer as a graph, walked forward and back, D times W, two layers, the zeros of dn/dW."""

from itertools import pairwise

import numpy as np
from matplotlib.patches import Rectangle

from helpers.drawing.matrices import draw_matrix, draw_squares, entries, entry
from helpers.drawing.picture import Picture
from helpers.drawing.powers import powers
from helpers.drawing.scripts import lowered, raised
from helpers.drawing.sheet import BLUE, LABEL, NOTE, ORANGE, TINY, arrow, node, sheet
from helpers.matrix_derivatives import costs

INPUTS = (2.0, -1.0, 0.5, 3.0, -2.0, 1.5, -0.5, 1.0, 2.5, -1.5, 0.8, -3.0)  # x_1, x_2, … of the exploration
SLOPES = (0.42, 1.0, 0.0707, 0.79, 0.2, 0.96, 0.1, 0.64, 0.36, 0.84, 0.51, 0.15)  # σ'(z_1), σ'(z_2), …, each above 0
UPSTREAM = (2.0, -1.0, 4.0, 0.5, -3.0, 1.0, 2.5, -2.0, 1.5, -0.5, 3.0, -1.5)  # u_1, u_2, …
LARGE = (128, 784)  # (M, N) of the layer that reads a picture of 28 × 28 pixels
WIDTH, HEIGHT, MARGIN, GAP = 840, 490, 36, 24  # of draw_zeros, in pixels, as are the next
TOP, ROOM = 86, 208  # where its matrices begin, and how high they may be


def draw_walk(W, b, x, u=None):
    """The layer n = tanh(Wx + b) and L = uᵀn behind it as a graph: W (M, N), b and u (M, 1), x (N, 1).

    The value of each node stands over it. With u the walk back is drawn as well: on every arrow its local slope, under
    every node the slope of L in it, and under each weight the slope of L in the weight.
    """
    M, N = W.shape
    z = W @ x + b
    n, slopes = np.tanh(z), 1 - np.tanh(z) ** 2
    back = u is not None
    delta = slopes * u if back else None
    radius, pitch = 20, 124
    title = "The walk back: upstream times local slope" if back else "The walk forward: values over the nodes"
    figure, ax = sheet(840 if back else 660, 48 + pitch * max(M, N), title)
    middle = 44 + pitch * max(M, N) / 2

    def places(left, count, apart=pitch):
        return [(left, middle + apart * (k - (count - 1) / 2)) for k in range(count)]

    apart = pitch * (M - 1) / (N - 1) if 1 < N < M else pitch  # few inputs stand as far apart as the units
    inputs, sums, outputs, end = places(60, N, apart), places(390, M), places(590, M), (780, middle)
    over = {"fc": "white", "ec": "none", "pad": 1.0}  # so that no arrow runs through a word
    style = {"ha": "center", "size": NOTE, "zorder": 2, "bbox": over}

    def between(start, stop, label):
        arrow(ax, (start[0] + radius, start[1]), (stop[0] - radius, stop[1]), "C5", 1, label=label, zorder=1)

    for i, j in np.ndindex(M, N):
        between(inputs[j], sums[i], f"W[{i},{j}]")
        x0, x1 = inputs[j][0] + radius, sums[i][0] - radius
        at = 0.3
        left, top = x0 + at * (x1 - x0), inputs[j][1] + at * (sums[i][1] - inputs[j][1])
        ax.text(left, top - (1 if back else 0), f"W{lowered(f'{i + 1}{j + 1}')} = {entry(W[i, j])}", va="bottom" if
                back else "center_baseline", label=f"weight[{i},{j}]", **style)  # fmt: skip
        if back:
            ax.text(left, top + 1, entry(delta[i, 0] * x[j, 0]), va="top", color="C1", weight="bold",
                    label=f"grad_W[{i},{j}]", **style)  # fmt: skip
    for i in range(M):
        between(sums[i], outputs[i], f"σ[{i}]")
        if back:
            between(outputs[i], end, f"u[{i}]")
            y = sums[i][1]
            ax.text(490, y - 8, f"σ′(z{lowered(i + 1)}) = {entry(slopes[i, 0])}", label=f"slope[{i}]", **style)
            at = outputs[i][0] + 0.42 * (end[0] - outputs[i][0]), y + 0.42 * (end[1] - y)
            ax.text(*at, entry(u[i, 0]), va="center_baseline", label=f"u[{i}]", **style)
    groups = [("x", inputs, x, W.T @ delta if back else None), ("z", sums, z, delta), ("n", outputs, n, u)]
    if back:
        groups.append(("L", [end], u.T @ n, np.ones((1, 1))))
    for letter, spots, values, gradients in groups:
        for k, spot in enumerate(spots):
            name = letter if letter == "L" else f"{letter}{lowered(k + 1)}"
            node(ax, spot, name, radius)
            ax.text(spot[0], spot[1] - 27, entry(values[k, 0]), ha="center", zorder=4, bbox=over, label=f"{name} value")
            if back:
                ax.text(spot[0], spot[1] + 27, entry(gradients[k, 0]), ha="center", va="top", color="C1", weight="bold",
                        zorder=4, bbox=over, label=f"{name} gradient")  # fmt: skip
    told = f"Over the nodes: x = ({entries(x)}), z = ({entries(z)}), n = ({entries(n)})."
    if back:
        table = "), (".join(entries(row) for row in delta @ x.T)
        told = (
            f"L = {entry((u.T @ n).item())}. On the arrows into L stand the slopes {entries(u)}, on those into n the "
            f"slopes {entries(slopes)}. Under the nodes the slopes of L: in n {entries(u)}, in z {entries(delta)}, "
            f"in x {entries(W.T @ delta)}. Under the weights, row by row of W: ({table})."
        )
    return Picture(figure, told)


def draw_scaled_rows(slopes, W, i):
    """D = diag(slopes), W (M, N) and their product DW, with row i (from 1) marked; slopes is a column (M, 1)."""
    M, N = W.shape
    D, cell = np.diag(slopes.ravel()), 54
    width = max(640, (M + 2 * N) * cell + 260)
    figure, ax = sheet(width, 110 + M * cell, f"D times W: row {i} of W, times σ′(z{lowered(i)})")
    left, middle = (width - (M + 2 * N) * cell - 150) / 2, 86 + M * cell / 2
    own = {(i - 1, j): ORANGE for j in range(N)}
    for A, name, marks, sign in (
        (D, f"D ({M}, {M})", {(i - 1, i - 1): ORANGE}, "·"),
        (W, f"W ({M}, {N})", own, "="),
        (D @ W, f"DW ({M}, {N})", own, ""),
    ):
        draw_matrix(ax, A, left, 86, name=name, cell=cell, fills=marks)
        left += A.shape[1] * cell + 75
        ax.text(left - 41, middle, sign, size=15, ha="center", va="center_baseline")
    factors = entries(slopes)
    row, result = (entries(A[i - 1]) for A in (W, D @ W))
    return Picture(
        figure,
        f"The diagonal of D holds {factors}; off it all entries are 0. Row {i} of W, ({row}), is multiplied by "
        f"{entry(slopes[i - 1, 0])} and becomes row {i} of DW, ({result}); every row has its own factor.",
    )


def draw_items(D, x):
    """The tuple [x_1 D, …, x_N D] above and the same numbers glued, xᵀ ⊗ D, below: D (M, M), x (N, 1)."""
    M, N, cell = len(D), len(x), 52
    items = [x_j * D for x_j in x.ravel()]
    wide, gap = np.hstack(items), 90
    width = max(640, N * M * cell + gap * N + 80)
    figure, ax = sheet(width, 198 + 2 * M * cell, f"dn/dW: {N} items, then glued")
    left, sign = (width - N * M * cell - gap * (N - 1)) / 2, {"size": 16, "ha": "center", "va": "center_baseline"}
    for j, item in enumerate(items):
        at = left + j * (M * cell + gap)
        name = f"x{lowered(j + 1)}D,  x{lowered(j + 1)} = {entry(x[j, 0])}"
        draw_matrix(ax, item, at, 86, name=name, cell=cell)
        ax.text(at - 34, 86 + M * cell / 2, "[" if j == 0 else ",", **sign)
    ax.text(at + M * cell + 22, 86 + M * cell / 2, "]", **sign)
    left, top = (width - N * M * cell) / 2, 174 + M * cell
    labels = [f"{k + 1}{j + 1}" for j in range(N) for k in range(M)]
    draw_matrix(ax, wide, left, top, name=f"xᵀ ⊗ D  ({M}, {N * M})", cell=cell, column_labels=labels)
    ax.text(left - 10, top - 6, "weight", size=TINY, color="C5", ha="right")
    seams = [left + j * M * cell for j in range(1, N)]
    ax.vlines(seams, top - 4, top + M * cell + 4, color="C4", lw=2.5)
    return Picture(
        figure,
        f"{N} items of shape ({M}, {M}), D times {', '.join(entry(v) for v in x.ravel())}. Glued side by side they are "
        f"a matrix of shape ({M}, {N * M}) with one column for each weight. {np.count_nonzero(wide)} of its "
        f"{wide.size} numbers are not zero.",
    )


def draw_two_layers(widths):
    """Layers 0 and 1 of a network, with what belongs to each; widths are those of x, n⁽⁰⁾ and n⁽¹⁾."""
    figure, ax = sheet(840, 252, "Two layers: everything in a layer's box carries the layer's number")
    for layer, left in enumerate((170, 510)):
        up, below = raised(f"({layer})"), raised(f"({layer - 1})")
        to = "x" if layer == 0 else f"n{below}"
        ax.add_artist(Rectangle((left, 62), 168, 118, fc=BLUE, ec="C0", lw=1.5))
        ax.text(left + 84, 84, f"layer {layer}", ha="center", weight="bold")
        for line, text in enumerate((
            f"W{up} ({widths[layer + 1]}, {widths[layer]}),  b{up}",
            f"z{up} = W{up} n{below} + b{up}",
            f"D{up} = diag σ′(z{up})",
            f"n{up} = σ(z{up})",
        )):  # fmt: skip
            ax.text(left + 84, 107 + 21 * line, text, ha="center")
        ax.text(left + 84, 208, f"dn{up}/d{to} = D{up}W{up}", ha="center")
        ax.text(left + 84, 234, f"dn{up}/db{up} = D{up}", ha="center")
        arrow(ax, (left - 44, 121), (left - 3, 121), width=2)
        arrow(ax, (left + 168, 121), (left + 209, 121), width=2)
    for text, at, width in zip(("x = n⁽⁻¹⁾", "n⁽⁰⁾", "n⁽¹⁾"), (84, 424, 764), widths, strict=True):
        ax.text(at, 118, text, ha="center", weight="bold")
        ax.text(at, 140, f"({width}, 1)", ha="center")
    shapes = [f"({b}, {a})" for a, b in pairwise(widths)]
    verdict = "the same, so that a product with the wrong one still fits" if len(set(shapes)) == 1 else "different"
    return Picture(
        figure,
        f"Layer 0 turns x, also called n of layer −1, into n of layer 0; layer 1 turns that into n of layer 1. The "
        f"derivative of each layer is its own D times its own W, and what it calls x is the output of the layer below. "
        f"The shapes of the two W are {shapes[0]} and {shapes[1]}: {verdict}.",
    )


def draw_zeros(M, N):
    """The blocks x_1 D, …, x_N D of dn/dW for a diagonal D (M, M), the gradient, and what the two ways cost."""
    stored, needed = M * M * N, M * N
    title = f"dn/dW for M = {M}, N = {N}: {needed:,} of {_numbers(stored)} not zero"
    figure, page = sheet(WIDTH, HEIGHT, title)
    # Blocks and gradient have cells of one size, so that their areas tell how many numbers they hold.
    cell, per_row = _largest_cells(M, N)
    page.text(MARGIN, 54, f"dn/dW: {N} block{'s' * (N > 1)} ({M}, {M})", weight="bold")
    corners = []
    for j in range(N):
        row, column = divmod(j, per_row)
        left, top = MARGIN + column * (M * cell + GAP), TOP + row * (M * cell + GAP)
        corners.append((left, top))
        page.text(left + M * cell / 2, top - 5, f"x{lowered(j + 1)}D", size=LABEL, ha="center")
    blocks = [x_j * np.diag(SLOPES[:M]) for x_j in INPUTS[:N]]
    _draw_entries(page, blocks, corners, cell, "block")

    page.text(WIDTH - MARGIN, 54, f"gradient ({M}, {N})", weight="bold", ha="right")
    gradient = np.outer(np.multiply(SLOPES, UPSTREAM)[:M], INPUTS[:N])
    _draw_entries(page, [gradient], [(WIDTH - MARGIN - N * cell, TOP)], cell, "gradient")

    ours, large = costs(M, N), costs(*LARGE)
    names = [f"{way}, {unit}" for unit in ("multiplications", "bytes") for way in ("dn/dW written down", "closed form")]
    values, reference = (
        [cost[form][unit] for unit in (0, 1) for form in ("kronecker", "closed form")] for cost in (ours, large)
    )
    rows = [0, 1, 2.4, 3.4]
    prices = figure.add_axes((0.3, 0.09, 0.65, 0.28))
    prices.barh(rows, values, 0.8, color=["C1", "C0"] * 2)
    prices.plot(reference, rows, "D", mfc="white", mec="C4", label=f"_{LARGE}")
    for row, value in zip(rows, values, strict=True):
        prices.text(1.2 * value, row, f"{value:,}", size=LABEL, va="center_baseline")
    prices.text(1.8 * reference[0], 0, f"a layer {LARGE[1]} → {LARGE[0]}", size=LABEL, va="center_baseline")
    prices.set(xlim=(0.8, 1e10), ylim=(4, -0.6), yticks=rows, yticklabels=names)
    powers(prices, "x", 0, 8, 2)
    prices.grid(axis="y", visible=False)
    (many, held), (few, kept) = ours["kronecker"], ours["closed form"]
    return Picture(
        figure,
        f"{N} block{'s' * (N > 1)} of shape ({M}, {M}), together {_numbers(stored)}: {needed:,} on the diagonals and "
        f"{stored - needed:,} zeros. The gradient has {_numbers(needed)}. Through the blocks it takes {many:,} "
        f"multiplications and {held:,} bytes; by the closed form {few:,} and {kept:,}. For {LARGE[1]} inputs and "
        f"{LARGE[0]} outputs it is {large['kronecker'][0]:,} against {large['closed form'][0]:,} multiplications.",
    )


def _largest_cells(M, N):
    """The largest cells with which N blocks and the gradient have room, and how many blocks then stand in a row."""
    fits = []
    for rows in (1, 2, 3):
        per_row = -(-N // rows)
        across = (WIDTH - 2 * MARGIN - GAP * (per_row + 1)) / (per_row * M + N)
        down = (ROOM - GAP * (rows - 1)) / (rows * M)
        fits.append((min(46, across, down), per_row))
    return max(fits)


def _draw_entries(page, matrices, corners, cell, name):
    """Matrices of one shape with these upper left corners: entries that are not zero stand out on grey.

    Where the cells are large enough, entry (i, j) of matrix k is written down, with the label "name k[i,j]".
    """
    M, N = matrices[0].shape
    places = [
        (k, i, j, left + j * cell, top + i * cell) for k, (left, top) in enumerate(corners) for i, j in np.ndindex(M, N)
    ]
    for left, top in corners:
        page.add_artist(Rectangle((left, top), N * cell, M * cell, fc="#DADADA", ec="C4", lw=0.8, label=name))
    filled = [(x, y) for k, i, j, x, y in places if matrices[k][i, j] != 0]
    draw_squares(page, filled, cell, fc=ORANGE, ec="C4", lw=0.5, label=f"{name}: not zero")
    if cell >= 42:
        for k, i, j, x, y in places:
            text = entry(matrices[k][i, j])
            middle = x + cell / 2, y + cell / 2
            page.text(*middle, text, ha="center", va="center_baseline", size=TINY, label=f"{name} {k}[{i},{j}]")


def _numbers(count):
    return f"{count:,} number{'s' * (count > 1)}"
