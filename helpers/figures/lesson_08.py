"""Pictures of lesson 08: one weight's path, the tuple over the columns of W, the gradient glued, three arrangements."""

import numpy as np

from helpers.figures.canvas import COLORS, Figure
from helpers.figures.matrices import draw_matrix, entry

MARK, PALE = COLORS["yellow"], "#FBF7CC"
CELL = 40
LAYER_W = np.array([[1.0, -2.0, 0.5], [0.0, 3.0, 1.0]])  # the layer of the lesson, (M, N)
LAYER_X = np.array([[2.0], [-1.0], [4.0]])  # (N, 1)
READINGS = ("column by column", "row by row")


def draw_one_weight(W, x, k, j):
    """The M·N paths from the inputs x (N, 1) to the outputs, with that of the weight W_kj (counted from 1) marked."""
    M, N = W.shape
    figure = Figure(760, 66 + 76 * max(M, N), f"The one path through W_{{{k}{j}}}")
    left, right, middle = 150, 440, 86 + 38 * (max(M, N) - 1)
    inputs = [middle + 76 * (n - (N - 1) / 2) for n in range(N)]
    outputs = [middle + 76 * (m - (M - 1) / 2) for m in range(M)]
    for n in range(N):
        for m in range(M):
            if (m, n) != (k - 1, j - 1):
                figure.arrow((left + 18, inputs[n]), (right - 20, outputs[m]), "#9A9A9A", 1.5)
    figure.arrow((left + 18, inputs[j - 1]), (right - 20, outputs[k - 1]), "orange", 4, head=13)
    at = 0.3  # along the path, where it is still apart from the others
    figure.text(left + 18 + at * (right - left - 38), inputs[j - 1] + at * (outputs[k - 1] - inputs[j - 1]) - 8,
                f"W_{{{k}{j}}} = {entry(W[k - 1, j - 1])}", bold=True, anchor="middle", halo=True)  # fmt: skip
    for n in range(N):
        figure.circle(left, inputs[n], 18, fill=MARK if n == j - 1 else "white", width=3 if n == j - 1 else 2)
        figure.text(left, inputs[n] + 5, f"x_{n + 1}", anchor="middle")
        figure.text(left - 28, inputs[n] + 5, entry(x[n, 0]), anchor="end")
    for m in range(M):
        figure.circle(right, outputs[m], 18, width=3 if m == k - 1 else 2)
        figure.text(right, outputs[m] + 5, f"z_{m + 1}", anchor="middle")
        slope = f"slope in W_{{{k}{j}}}: " + (f"x_{j} = {entry(x[j - 1, 0])}" if m == k - 1 else "0, no path")
        figure.text(right + 30, outputs[m] + 5, slope, bold=m == k - 1)
    others = [f"z_{m + 1}" for m in range(M) if m != k - 1]
    return figure.describe(
        f"{M * N} arrows lead from {N} inputs to {M} outputs, one for each weight. W_{k}{j} carries x_{j} to z_{k} and "
        f"nothing else: the slope of z_{k} in W_{k}{j} is x_{j} = {entry(x[j - 1, 0])}"
        + (f", and that of {' and '.join(others)} is 0." if others else ".")
    )


def draw_tuple(W, x):
    """The columns of W (M, N), the entry of x (N, 1) that each one meets, and under each its item x_j I (M, M)."""
    M, N = W.shape
    pitch, start = M * CELL + 84, 128
    figure = Figure(max(640, start + pitch * N + 20), 218 + 2 * M * CELL, f"N = {N} columns of W, N = {N} items")
    low = 84 + M * CELL + 84
    figure.text(start - 28, 76 + M * CELL / 2 + 5, "Wx  =", anchor="end")
    figure.text(start - 28, low + M * CELL / 2 + 5, "dWx/dW  =", anchor="end")
    figure.text(start - 16, low + M * CELL / 2 + 5, "[", size=20, anchor="middle")
    for j in range(N):
        left, value = start + pitch * j, entry(x[j, 0])
        middle = left + M * CELL / 2
        figure.text(middle - 12, 56, f"w_{j + 1}", bold=True, anchor="middle")
        draw_matrix(figure, W[:, [j]], middle - 12 - CELL / 2, 76, cell=CELL, row_labels=[""] * M, column_labels=[""])
        figure.text(middle + 14, 76 + M * CELL / 2 + 5, f"· {_bracketed(value)}")
        if j < N - 1:
            figure.text(left + pitch - 36, 76 + M * CELL / 2 + 5, "+", size=18, anchor="middle")
        figure.arrow((middle - 12, 84 + M * CELL), (middle - 12, low - 34), "grey", 2)
        figure.text(middle, low - 14, f"x_{j + 1} I,  x_{j + 1} = {value}", bold=True, anchor="middle")
        marks = {(i, i): MARK for i in range(M)}
        draw_matrix(figure, x[j, 0] * np.eye(M), left, low, cell=CELL, colors=marks,
                    row_labels=[""] * M, column_labels=[""] * M)  # fmt: skip
        figure.text(left + M * CELL + 18, low + M * CELL / 2 + 5, "," if j < N - 1 else "]", size=20, anchor="middle")
    meaning = f"each item ({M}, {M}): how {M} outputs answer to {M} entries of one column"
    figure.text(start, low + M * CELL + 34, meaning)
    total = ", ".join(entry(v) for v in (W @ x).ravel())
    diagonals = ", ".join(entry(v) for v in x.ravel())
    return figure.describe(
        f"The {N} columns of W, times {diagonals}, add up to Wx = ({total}). Under each column stands the derivative "
        f"with respect to it: {N} items of shape ({M}, {M}), with {diagonals} on their diagonals and 0 elsewhere."
    )


def draw_glueing(u, x):
    """From the tuple of rows x_j uᵀ to the gradient: u (M, 1), x (N, 1), the gradient (M, N)."""
    M, N = len(u), len(x)
    G = u @ x.T
    names, cell, top = [f"x_{j + 1}u^T" for j in range(N)], 40, 92
    widths = (M * cell, N * (cell + 26), N * cell)
    figure = Figure(sum(widths) + 400, top + max(N * (cell + 14), M * cell) + 16, "Transpose every item, then glue")
    left, middle = 100, top + max(N * (cell + 14), M * cell) / 2
    figure.text(left + widths[0] / 2, 64, f"tuple of {N} rows", anchor="middle", bold=True)
    for j in range(N):
        y = top + j * (cell + 14)
        figure.text(left - 14, y + cell / 2 + 5, names[j], anchor="end")
        draw_matrix(figure, G[:, [j]].T, left, y, cell=cell, row_labels=[""], column_labels=[""] * M,
                    colors=_marks(j == 1, 1, M))  # fmt: skip
    left += widths[0] + 20
    figure.arrow((left, middle), (left + 70, middle), "orange", 2.5)
    figure.text(left + 35, middle - 12, "transpose", size=13, anchor="middle")
    left, y = left + 100, middle - M * cell / 2
    figure.text(left + widths[1] / 2 - 13, 64, f"{N} columns, same order", anchor="middle", bold=True)
    for j in range(N):
        at = left + j * (cell + 26)
        figure.text(at + cell / 2, y - 10, f"x_{j + 1}u", anchor="middle")
        draw_matrix(figure, G[:, [j]], at, y, cell=cell, row_labels=[""] * M, column_labels=[""],
                    colors=_marks(j == 1, M, 1))  # fmt: skip
    left += widths[1] - 6
    figure.arrow((left, middle), (left + 70, middle), "orange", 2.5)
    figure.text(left + 35, middle - 12, "glue", size=13, anchor="middle")
    left += 100
    figure.text(left + widths[2] / 2, 64, f"({M}, {N}), as W", anchor="middle", bold=True)
    colors = {(i, 1): MARK for i in range(M)} if N > 1 else None
    draw_matrix(figure, G, left, y, cell=cell, colors=colors)
    rows = "), (".join(", ".join(entry(v) for v in G[:, j]) for j in range(N))
    lines = "), (".join(", ".join(entry(v) for v in row) for row in G)
    return figure.describe(
        f"The items are the rows ({rows}). Each is turned into a column and keeps its place; side by side they make "
        f"the matrix of shape ({M}, {N}) with the rows ({lines}), column j being x_j times u. Item 2 is framed."
    )


def draw_three_forms(k, j, reading):
    """Where the slopes in the weight W_kj (from 1) stand in the tuple, the array and the wide matrix of the layer.

    reading: how the wide matrix reads W, one of READINGS; column by column makes it xᵀ ⊗ I, row by row I ⊗ xᵀ.
    """
    W, x = LAYER_W, LAYER_X
    (M, N), value = W.shape, entry(x[j - 1, 0])
    figure = Figure(860, 452, f"The slopes of z_1 and z_2 in W_{{{k}{j}}}")
    own = {(i, k - 1): MARK if i == k - 1 else PALE for i in range(M)}  # column k of an item: all outputs, one weight

    _heading(figure, 40, 62, "the layer z = Wx + b")
    draw_matrix(figure, W, 60, 112, cell=CELL, colors={(k - 1, j - 1): MARK}, name=f"W {W.shape}")
    draw_matrix(figure, x, 236, 112, cell=CELL, colors={(j - 1, 0): MARK}, name=f"x {x.shape}", column_labels=[""])
    figure.text(304, 130, "framed: how each", size=13)
    figure.text(304, 148, f"output answers to W_{{{k}{j}}}", size=13)
    for i in range(M):
        text = f"z_{i + 1}: x_{j} = {value}" if i == k - 1 else f"z_{i + 1}: 0"
        figure.text(304, 176 + 20 * i, text, bold=i == k - 1)

    _heading(figure, 40, 268, f"tuple: {N} items ({M}, {M}), one for each column of W")
    for n in range(N):
        left = 60 + n * (M * CELL + 44)
        draw_matrix(
            figure, x[n, 0] * np.eye(M), left, 320, cell=CELL, colors=own if n == j - 1 else {}, name=f"j = {n + 1}"
        )
    figure.text(40, 434, f"item {j}, column {k}", size=13)

    _heading(figure, 480, 62, f"array ({M}, {M}, {N}): a matrix for each output z_i")
    for i in range(M):
        slab = np.zeros((M, N))
        slab[i] = x.ravel()
        colors = {(k - 1, j - 1): MARK if i == k - 1 else PALE}
        draw_matrix(figure, slab, 500 + i * (N * CELL + 50), 112, cell=CELL, colors=colors, name=f"i = {i + 1}")
    figure.text(480, 226, f"row {k}, column {j} of every matrix", size=13)

    by_columns = reading == READINGS[0]
    place = (j - 1) * M + k if by_columns else (k - 1) * N + j
    wide = np.kron(x.T, np.eye(M)) if by_columns else np.kron(np.eye(M), x.T)
    pairs = [(a, b) for b in range(N) for a in range(M)] if by_columns else list(np.ndindex(M, N))
    name = "x^T ⊗ I" if by_columns else "I ⊗ x^T"
    _heading(figure, 480, 268, f"wide matrix ({M}, {M * N}), W read {reading}")
    colors = {(i, place - 1): MARK if i == k - 1 else PALE for i in range(M)}
    labels = [f"{a + 1}{b + 1}" for a, b in pairs]
    draw_matrix(figure, wide, 500, 320, cell=CELL, colors=colors, name=name, column_labels=labels)
    figure.text(494, 313, "kj", size=12, color="grey", anchor="end")
    figure.text(480, 434, f"column {place}: that of the weight {k}{j}", size=13)
    return figure.describe(
        f"Raising W_{k}{j} moves z_{k} with the slope x_{j} = {value} and z_{3 - k} with the slope 0. In the tuple the "
        f"two slopes are column {k} of item {j} of {N}; in the array they stand in row {k}, column {j} of both "
        f"matrices; in the wide matrix, {'xᵀ ⊗ I' if by_columns else 'I ⊗ xᵀ'} with W read {reading}, they are "
        f"column {place} of {M * N}."
    )


def _heading(figure, left, y, text):
    figure.text(left, y, text, bold=True)


def _marks(on, rows, columns):
    return {at: MARK for at in np.ndindex(rows, columns)} if on else None


def _bracketed(value):
    return f"({value})" if value.startswith("\N{MINUS SIGN}") else value
