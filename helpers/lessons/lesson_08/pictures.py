"""Pictures of lesson 08: one weight's path, the tuple over the columns of W, the gradient glued, one weight followed
from the layer to the gradient, and three arrangements of the slopes."""

import numpy as np

from helpers.drawing.matrices import draw_matrix, entries, entry
from helpers.drawing.picture import Picture
from helpers.drawing.scripts import lowered
from helpers.drawing.sheet import MIDDLE, NOTE, ORANGE, TINY, arrow, node, sheet

MARK, PALE = ORANGE, "#FFF6E5"  # the slope that is not zero, and the zeros that belong to it
CELL = 40
LAYER_W = np.array([[1.0, -2.0, 0.5], [0.0, 3.0, 1.0]])  # the layer of the lesson, (M, N)
LAYER_X = np.array([[2.0], [-1.0], [4.0]])  # (N, 1)
LAYER_U = np.array([[2.0], [-1.0]])  # the upstream gradient of the lesson's loss, (M, 1)
READINGS = ("column by column", "row by row")


def draw_one_weight(W, x, k, j):
    """The M·N paths from the inputs x (N, 1) to the outputs, with that of the weight W_kj (counted from 1) marked."""
    M, N = W.shape
    weight = f"W{lowered(f'{k}{j}')}"
    figure, ax = sheet(760, 66 + 76 * max(M, N), f"The one path through {weight}")
    middle, radius = 86 + 38 * (max(M, N) - 1), 18
    inputs = [(150, middle + 76 * (n - (N - 1) / 2)) for n in range(N)]
    outputs = [(440, middle + 76 * (m - (M - 1) / 2)) for m in range(M)]
    for n, m in np.ndindex(N, M):
        marked = (m, n) == (k - 1, j - 1)
        start, end = (inputs[n][0] + radius, inputs[n][1]), (outputs[m][0] - radius, outputs[m][1])
        style = {"color": "C1", "width": 3.5, "zorder": 2} if marked else {"color": "C5", "width": 1, "zorder": 1}
        arrow(ax, start, end, label="path" if marked else "edge", **style)
    at = 0.3  # along the path, where it is still apart from the others
    place = [a + at * (b - a) for a, b in zip(inputs[j - 1], outputs[k - 1], strict=True)]
    ax.text(place[0], place[1] - 10, f"{weight} = {entry(W[k - 1, j - 1])}", ha="center", weight="bold", zorder=4,
            bbox={"fc": "white", "ec": "none", "pad": 1.5})  # fmt: skip
    for n in range(N):
        marked = n == j - 1
        node(ax, inputs[n], f"x{lowered(n + 1)}", radius, MARK if marked else "white", width=2.5 if marked else 1.5)
        ax.text(inputs[n][0] - 28, inputs[n][1], entry(x[n, 0]), ha="right", va="center_baseline")
    for m in range(M):
        marked = m == k - 1
        node(ax, outputs[m], f"z{lowered(m + 1)}", radius, width=2.5 if marked else 1.5)
        slope = f"x{lowered(j)} = {entry(x[j - 1, 0])}" if marked else "0, no path"
        ax.text(outputs[m][0] + 30, outputs[m][1], f"slope in {weight}: {slope}", va="center_baseline",
                weight="bold" if marked else "normal")  # fmt: skip
    others = [f"z{lowered(m + 1)}" for m in range(M) if m != k - 1]
    return Picture(
        figure,
        f"{M * N} arrows lead from {N} inputs to {M} outputs, one for each weight. {weight} carries x{lowered(j)} to "
        f"z{lowered(k)} and nothing else: the slope of z{lowered(k)} in {weight} is x{lowered(j)} = "
        f"{entry(x[j - 1, 0])}" + (f", and that of {' and '.join(others)} is 0." if others else "."),
    )


def draw_tuple(W, x):
    """The columns of W (M, N), the entry of x (N, 1) that each one meets, and under each its item x_j I (M, M)."""
    M, N = W.shape
    pitch, start = M * CELL + 84, 128
    low, width = 168 + M * CELL, max(640, start + pitch * N + 20)
    figure, ax = sheet(width, 218 + 2 * M * CELL, f"N = {N} columns of W, N = {N} items")
    upper, lower = 76 + M * CELL / 2, low + M * CELL / 2
    ax.text(start - 28, upper, "Wx  =", ha="right", va="center_baseline")
    ax.text(start - 28, lower, "dWx/dW  =", ha="right", va="center_baseline")
    ax.text(start - 16, lower, "[", size=15, **MIDDLE)
    blank = {"row_labels": [""] * M, "cell": CELL}
    for j in range(N):
        left, value, index = start + pitch * j, entry(x[j, 0]), lowered(j + 1)
        middle = left + M * CELL / 2
        draw_matrix(ax, W[:, [j]], middle - 12 - CELL / 2, 76, name=f"w{index}", column_labels=[""], **blank)
        ax.text(middle + 14, upper, f"· {_bracketed(value)}", va="center_baseline")
        if j < N - 1:
            ax.text(left + pitch - 36, upper, "+", size=14, **MIDDLE)
        arrow(ax, (middle - 12, 84 + M * CELL), (middle - 12, low - 40), color="C5")
        draw_matrix(ax, x[j, 0] * np.eye(M), left, low, name=f"x{index}I,  x{index} = {value}",
                    fills={(i, i): MARK for i in range(M)}, column_labels=[""] * M, **blank)  # fmt: skip
        ax.text(left + M * CELL + 18, lower, "," if j < N - 1 else "]", size=15, **MIDDLE)
    caption = f"each item ({M}, {M}): how {M} outputs change with the {M} entries of one column"
    ax.text(width / 2, low + M * CELL + 30, caption, ha="center")
    total = entries(W @ x)
    diagonals = entries(x)
    return Picture(
        figure,
        f"The {N} columns of W, times {diagonals}, add up to Wx = ({total}). Under each column stands the derivative "
        f"with respect to it: {N} items of shape ({M}, {M}), with {diagonals} on their diagonals and 0 elsewhere.",
    )


def draw_glueing(u, x):
    """From the tuple of rows x_j uᵀ to the gradient: u (M, 1), x (N, 1), the gradient (M, N)."""
    M, N = len(u), len(x)
    G, cell, top = u @ x.T, CELL, 92
    widths = (M * cell, N * (cell + 26), N * cell)
    height = max(N * (cell + 14), M * cell)
    figure, ax = sheet(sum(widths) + 400, top + height + 16, "Transpose every item, then glue")
    left, middle = 100, top + height / 2
    second = [1] if N > 1 else []  # the item that is followed through all three
    ax.text(left + widths[0] / 2, 64, f"tuple of {N} rows", ha="center", weight="bold")
    for j in range(N):
        y = top + j * (cell + 14)
        ax.text(left - 14, y + cell / 2, f"x{lowered(j + 1)}uᵀ", ha="right", va="center_baseline")
        _draw_unnamed(ax, G[:, [j]].T, left, y, f"row {j + 1}", j in second)
    left += widths[0] + 20
    arrow(ax, (left, middle), (left + 70, middle), "C1", 2)
    ax.text(left + 35, middle - 12, "transpose", size=NOTE, ha="center")
    left, y = left + 100, middle - M * cell / 2
    ax.text(left + widths[1] / 2 - 13, 64, f"{N} columns, same order", ha="center", weight="bold")
    for j in range(N):
        at = left + j * (cell + 26)
        ax.text(at + cell / 2, y - 10, f"x{lowered(j + 1)}u", ha="center")
        _draw_unnamed(ax, G[:, [j]], at, y, f"column {j + 1}", j in second)
    left += widths[1] - 6
    arrow(ax, (left, middle), (left + 70, middle), "C1", 2)
    ax.text(left + 35, middle - 12, "glue", size=NOTE, ha="center")
    left += 100
    ax.text(left + widths[2] / 2, 64, f"({M}, {N}), as W", ha="center", weight="bold")
    fills = {(i, j): MARK for i in range(M) for j in second}
    draw_matrix(ax, G, left, y, name=f"({M}, {N}), as W", title="", cell=cell, fills=fills)
    rows = "), (".join(entries(G[:, j]) for j in range(N))
    lines = "), (".join(entries(row) for row in G)
    framed = " Item 2 is framed." if second else ""
    return Picture(
        figure,
        f"The items are the rows ({rows}). Each is turned into a column and keeps its place; side by side they make "
        f"the matrix of shape ({M}, {N}) with the rows ({lines}), column j being xⱼ times u.{framed}",
    )


def draw_followed(k, j):
    """The weight W_kj (from 1) in the layer, its two slopes in the tuple, and its place in the gradient u xᵀ."""
    W, x, u = LAYER_W, LAYER_X, LAYER_U
    value, factor, product = (entry(v) for v in (x[j - 1, 0], u[k - 1, 0], u[k - 1, 0] * x[j - 1, 0]))
    weight = f"W{lowered(f'{k}{j}')}"
    figure, ax = sheet(820, 452, f"{weight}: from the layer to the gradient")
    _draw_layer_and_tuple(ax, k, j)
    _heading(ax, 500, 62, "upstream gradient")
    draw_matrix(ax, u, 540, 112, cell=CELL, fills={(k - 1, 0): MARK}, name=f"u {u.shape}")
    _heading(ax, 500, 268, f"gradient {W.shape}, as W")
    draw_matrix(ax, u @ x.T, 540, 320, cell=CELL, fills={(k - 1, j - 1): MARK}, name="u xᵀ")
    times = f"{factor} · {_bracketed(value)} = {product}"
    ax.text(500, 434, f"row {k}, column {j}: u{lowered(k)}x{lowered(j)} = {times}", size=NOTE)
    return Picture(
        figure,
        f"Raising {weight} moves z{lowered(k)} with the slope x{lowered(j)} = {value} and z{lowered(3 - k)} with the "
        f"slope 0. In the tuple the two slopes are column {k} of item {j} of {len(x)}. The upstream gradient is "
        f"u{lowered(k)} = {factor}, so row {k}, column {j} of the gradient is {times}.",
    )


def draw_three_forms(k, j, reading):
    """Where the slopes in the weight W_kj (from 1) stand in the tuple, the array and the wide matrix of the layer.

    reading: how the wide matrix reads W, one of READINGS; column by column makes it xᵀ ⊗ I, row by row I ⊗ xᵀ.
    """
    W, x = LAYER_W, LAYER_X
    (M, N), value = W.shape, entry(x[j - 1, 0])
    weight = f"W{lowered(f'{k}{j}')}"
    figure, ax = sheet(860, 452, f"Framed: the slopes of z₁ and z₂ in {weight}")
    _draw_layer_and_tuple(ax, k, j)

    _heading(ax, 480, 62, f"array ({M}, {M}, {N}): a matrix for each output")
    for i in range(M):
        slab = np.zeros((M, N))
        slab[i] = x.ravel()
        fills = {(k - 1, j - 1): MARK if i == k - 1 else PALE}
        draw_matrix(ax, slab, 500 + i * (N * CELL + 50), 112, cell=CELL, fills=fills, name=f"i = {i + 1}")
    ax.text(480, 226, f"row {k}, column {j} of every matrix", size=NOTE)

    by_columns = reading == READINGS[0]
    place = (j - 1) * M + k if by_columns else (k - 1) * N + j
    wide = np.kron(x.T, np.eye(M)) if by_columns else np.kron(np.eye(M), x.T)
    pairs = [(a, b) for b in range(N) for a in range(M)] if by_columns else list(np.ndindex(M, N))
    name = "xᵀ ⊗ I" if by_columns else "I ⊗ xᵀ"
    _heading(ax, 480, 268, f"wide matrix ({M}, {M * N}), W read {reading}")
    fills = {(i, place - 1): MARK if i == k - 1 else PALE for i in range(M)}
    labels = [f"{a + 1}{b + 1}" for a, b in pairs]
    draw_matrix(ax, wide, 500, 320, cell=CELL, fills=fills, name=name, column_labels=labels)
    ax.text(494, 314, "kj", size=TINY, color="C5", ha="right")
    ax.text(480, 434, f"column {place}: that of the weight {k}{j}", size=NOTE)
    return Picture(
        figure,
        f"Raising {weight} moves z{lowered(k)} with the slope x{lowered(j)} = {value} and z{lowered(3 - k)} with the "
        f"slope 0. In the tuple the two slopes are column {k} of item {j} of {N}; in the array they stand in row {k}, "
        f"column {j} of both matrices; in the wide matrix, {name} with W read {reading}, they are column {place} of "
        f"{M * N}.",
    )


def _heading(ax, left, y, text):
    ax.text(left, y, text, weight="bold", color="C0")


def _draw_layer_and_tuple(ax, k, j):
    """The left half of a picture: W, x and the two slopes in W_kj; below them the tuple, these slopes framed."""
    W, x = LAYER_W, LAYER_X
    M, N = W.shape
    _heading(ax, 40, 62, "the layer z = Wx + b")
    draw_matrix(ax, W, 60, 112, cell=CELL, fills={(k - 1, j - 1): MARK}, name=f"W {W.shape}")
    draw_matrix(ax, x, 236, 112, cell=CELL, fills={(j - 1, 0): MARK}, name=f"x {x.shape}")
    for i in range(M):
        text = f"z{lowered(i + 1)}: " + (f"x{lowered(j)} = {entry(x[j - 1, 0])}" if i == k - 1 else "0")
        ax.text(304, 136 + 40 * i, text, weight="bold" if i == k - 1 else "normal")

    _heading(ax, 40, 268, f"tuple: {N} items ({M}, {M}), one for each column of W")
    own = {(i, k - 1): MARK if i == k - 1 else PALE for i in range(M)}  # column k of an item: all outputs, one weight
    for n in range(N):
        left = 60 + n * (M * CELL + 44)
        fills = own if n == j - 1 else {}
        draw_matrix(ax, x[n, 0] * np.eye(M), left, 320, cell=CELL, fills=fills, name=f"j = {n + 1}")
    ax.text(40, 434, f"item {j}, column {k}", size=NOTE)


def _draw_unnamed(ax, A, left, top, label, framed):
    """A matrix whose name is not written, because it stands beside another text."""
    M, N = A.shape
    fills = {at: MARK for at in np.ndindex(M, N)} if framed else {}
    blank = {"row_labels": [""] * M, "column_labels": [""] * N}
    draw_matrix(ax, A, left, top, name=label, title="", cell=CELL, fills=fills, **blank)


def _bracketed(value):
    return f"({value})" if value.startswith("\N{MINUS SIGN}") else value
