"""Pictures of lesson 09: a dense layer as a graph, D times W, two layers by name, and the zeros of dn/dW."""

import math
from itertools import pairwise

import numpy as np

from helpers.figures.canvas import COLORS, Figure
from helpers.figures.matrices import draw_matrix, entry
from helpers.matrix_derivatives import costs

MARK = COLORS["yellow"]
INPUTS = (2.0, -1.0, 0.5, 3.0, -2.0, 1.5, -0.5, 1.0, 2.5, -1.5, 0.8, -3.0)  # x_1, x_2, … of the exploration
SLOPES = (0.42, 1.0, 0.0707, 0.79, 0.2, 0.96, 0.1, 0.64, 0.36, 0.84, 0.51, 0.15)  # σ'(z_1), σ'(z_2), …, each above 0
UPSTREAM = (2.0, -1.0, 4.0, 0.5, -3.0, 1.0, 2.5, -2.0, 1.5, -0.5, 3.0, -1.5)  # u_1, u_2, …
GAP = 18  # between blocks
LARGE = (128, 784)  # (M, N) of the layer that reads a picture of 28 × 28 pixels


def draw_layer(W, b, x, i, j):
    """The layer n = tanh(Wx + b) as a graph, W (M, N), b (M, 1), x (N, 1), with the path from x_j to n_i marked."""
    M, N = W.shape
    z = W @ x + b
    n, slopes = np.tanh(z), 1 - np.tanh(z) ** 2
    rows, pitch = max(M, N), 84
    figure = Figure(760, 96 + pitch * rows, f"From x_{j} to n_{i}: two factors, one after the other")
    columns, middle = (120, 400, 600), 92 + pitch * rows / 2
    inputs = [middle + pitch * (k - (N - 1) / 2) for k in range(N)]
    outputs = [middle + pitch * (k - (M - 1) / 2) for k in range(M)]
    for left, right, text in ((0, 1, "W and b: every input meets every z"), (1, 2, "σ: each z on its own")):
        figure.text((columns[left] + columns[right]) / 2, 62, text, size=13, anchor="middle", color="grey")
    crossing = [((columns[0] + 20, p), (columns[1] - 21, q)) for q in outputs for p in inputs]
    straight = [((columns[1] + 20, q), (columns[2] - 21, q)) for q in outputs]
    path = (crossing[(i - 1) * N + j - 1], straight[i - 1])
    for start, end in [*crossing, *straight]:
        if (start, end) not in path:
            figure.arrow(start, end, "#9A9A9A", 1.5)
    for start, end in path:
        figure.arrow(start, end, "orange", 4, head=13)
    (x0, y0), (x1, y1) = path[0]
    weight, slope = entry(W[i - 1, j - 1]), entry(slopes[i - 1, 0])
    figure.text(x0 + 0.32 * (x1 - x0), y0 + 0.32 * (y1 - y0) - 9, f"W_{{{i}{j}}} = {weight}",
                bold=True, anchor="middle", halo=True)  # fmt: skip
    figure.text((columns[1] + columns[2]) / 2, outputs[i - 1] - 10, f"σ'(z_{i}) = {slope}",
                bold=True, anchor="middle", halo=True)  # fmt: skip
    for column, ys, letter, values, on in (
        (columns[0], inputs, "x", x, j), (columns[1], outputs, "z", z, None), (columns[2], outputs, "n", n, i),
    ):  # fmt: skip
        for k, y in enumerate(ys):
            marked = k + 1 == on
            figure.circle(column, y, 20, fill=MARK if marked else "white", width=3 if marked else 2)
            figure.text(column, y + 5, f"{letter}_{k + 1}", anchor="middle")
            if letter == "z":
                figure.text(column, y - 27, entry(values[k, 0]), anchor="middle", halo=True)
            else:
                side, anchor = (-30, "end") if letter == "x" else (30, "start")
                figure.text(column + side, y + 5, entry(values[k, 0]), anchor=anchor)
    product = entry(slopes[i - 1, 0] * W[i - 1, j - 1])
    return figure.describe(
        f"{M * N} arrows lead from {N} inputs to {M} numbers z, one for each weight; from there {M} arrows lead "
        f"straight on to the {M} outputs. The path from x_{j} to n_{i} passes W_{i}{j} = {weight} and the slope "
        f"σ'(z_{i}) = {slope}, so that the slope of n_{i} in x_{j} is their product, {product}."
    )


def draw_scaled_rows(slopes, W, i):
    """D = diag(slopes), W (M, N) and their product DW, with row i (from 1) marked; slopes is a column (M, 1)."""
    M, N = W.shape
    D, cell = np.diag(slopes.ravel()), 48
    figure = Figure(max(640, (M + 2 * N) * cell + 260), 110 + M * cell, f"D times W: row {i} of W, times σ'(z_{i})")
    left, middle = (figure.width - (M + 2 * N) * cell - 150) / 2, 86 + M * cell / 2
    own = {(i - 1, j): MARK for j in range(N)}
    for A, name, marks, sign in (
        (D, f"D ({M}, {M})", {(i - 1, i - 1): MARK}, "·"),
        (W, f"W ({M}, {N})", own, "="),
        (D @ W, f"DW ({M}, {N})", own, ""),
    ):
        draw_matrix(figure, A, left, 86, name=name, cell=cell, colors=marks)
        left += A.shape[1] * cell + 75
        figure.text(left - 41, middle + 5, sign, size=20, anchor="middle")
    factors = ", ".join(entry(s) for s in slopes.ravel())
    row, result = (", ".join(entry(v) for v in A[i - 1]) for A in (W, D @ W))
    return figure.describe(
        f"The diagonal of D holds {factors}; off it all entries are 0. Row {i} of W, ({row}), is multiplied by "
        f"{entry(slopes[i - 1, 0])} and becomes row {i} of DW, ({result}); every row has its own factor."
    )


def draw_items(D, x):
    """The tuple [x_1 D, …, x_N D] above and the same numbers glued, xᵀ ⊗ D, below: D (M, M), x (N, 1)."""
    M, N, cell = len(D), len(x), 46
    items = [x_j * D for x_j in x.ravel()]
    wide, gap = np.hstack(items), 90
    figure = Figure(max(640, N * M * cell + gap * N + 80), 198 + 2 * M * cell, f"dn/dW: {N} items, then glued")
    left = (figure.width - N * M * cell - gap * (N - 1)) / 2
    for j, item in enumerate(items):
        at = left + j * (M * cell + gap)
        name = f"x_{j + 1} D,  x_{j + 1} = {entry(x[j, 0])}"
        draw_matrix(figure, item, at, 86, name=name, cell=cell)
        figure.text(at - 34, 96 + M * cell / 2, "[" if j == 0 else ",", size=22, anchor="middle")
    figure.text(at + M * cell + 22, 96 + M * cell / 2, "]", size=22, anchor="middle")
    left, top = (figure.width - N * M * cell) / 2, 174 + M * cell
    labels = [f"{k + 1}{j + 1}" for j in range(N) for k in range(M)]
    draw_matrix(figure, wide, left, top, name=f"x^T ⊗ D  ({M}, {N * M})", cell=cell, column_labels=labels)
    figure.text(left - 10, top - 7, "weight", size=12, color="grey", anchor="end")
    for j in range(1, N):
        figure.line([(left + j * M * cell, top - 4), (left + j * M * cell, top + M * cell + 4)], "black", 2.5)
    nonzero = np.count_nonzero(wide)
    return figure.describe(
        f"{N} items of shape ({M}, {M}), D times {', '.join(entry(v) for v in x.ravel())}. Glued side by side they are "
        f"a matrix of shape ({M}, {N * M}) with one column for each weight. {nonzero} of its {wide.size} numbers are "
        f"not zero."
    )


def draw_two_layers(widths):
    """Layers 0 and 1 of a network, with what belongs to each; widths are those of x, n⁽⁰⁾ and n⁽¹⁾."""
    figure = Figure(840, 252, "Two layers: everything in a layer's box carries the layer's number")
    boxes, nodes = (170, 510), (("x = n^{(−1)}", 84), ("n^{(0)}", 424), ("n^{(1)}", 764))
    for layer, left in enumerate(boxes):
        up, below = f"^{{({layer})}}", f"^{{({'−1' if layer == 0 else 0})}}"
        size = f"({widths[layer + 1]}, {widths[layer]})"
        figure.rect(left, 62, 168, 118, fill="#E8F1F8", color="blue", width=2, radius=6)
        figure.text(left + 84, 84, f"layer {layer}", anchor="middle", bold=True)
        for line, text in enumerate((
            f"W{up} {size},  b{up}", f"z{up} = W{up} n{below} + b{up}", f"D{up} = diag σ'(z{up})", f"n{up} = σ(z{up})",
        )):  # fmt: skip
            figure.text(left + 84, 107 + 21 * line, text, size=13, anchor="middle")
        to = "x" if layer == 0 else "n^{(0)}"
        figure.text(left + 84, 208, f"dn{up}/d{to} = D{up}W{up}", anchor="middle")
        figure.text(left + 84, 234, f"dn{up}/db{up} = D{up}", anchor="middle")
        figure.arrow((left - 44, 121), (left - 3, 121), "black", 2.5)
        figure.arrow((left + 168, 121), (left + 209, 121), "black", 2.5)
    for (text, at), width in zip(nodes, widths, strict=True):
        figure.text(at, 118, text, anchor="middle", bold=True)
        figure.text(at, 140, f"({width}, 1)", size=13, anchor="middle")
    shapes = [f"({b}, {a})" for a, b in pairwise(widths)]
    verdict = "the same, so that a product with the wrong one still fits" if len(set(shapes)) == 1 else "different"
    return figure.describe(
        f"Layer 0 turns x, also called n of layer −1, into n of layer 0; layer 1 turns that into n of layer 1. The "
        f"derivative of each layer is its own D times its own W, and what it calls x is the output of the layer below. "
        f"The shapes of the two W are {shapes[0]} and {shapes[1]}: {verdict}."
    )


def draw_zeros(M, N):
    """The blocks x_1 D, …, x_N D of dn/dW for a diagonal D (M, M), the gradient, and what the two ways cost."""
    stored, needed = M * M * N, M * N
    figure = Figure(860, 452, f"dn/dW for M = {M}, N = {N}: {needed:,} of {_numbers(stored)} not zero")
    figure.text(40, 54, f"dn/dW: {N} block{'s' * (N > 1)} ({M}, {M})", bold=True)
    figure.text(820, 54, f"gradient ({M}, {N})", bold=True, anchor="end")
    cell, per_row = max((_cell(M, N, -(-N // rows), rows), -(-N // rows)) for rows in (1, 2, 3))
    for j in range(N):
        left, top = 40 + (j % per_row) * (M * cell + GAP), 86 + (j // per_row) * (M * cell + GAP + 8)
        _draw_block(figure, INPUTS[j] * np.diag(SLOPES[:M]), left, top, cell)
        figure.text(left + M * cell / 2, top - 8, f"x_{{{j + 1}}}D", size=12, anchor="middle")
    _draw_block(figure, np.outer(np.multiply(SLOPES, UPSTREAM)[:M], INPUTS[:N]), 820 - N * cell, 86, cell)

    for power in range(0, 10, 2):
        px = _log_at(10**power)
        figure.line([(px, 304), (px, 418)], "light", 1)
        figure.text(px, 434, f"10^{power}" if power else "1", size=12, anchor="middle")
    prices, large = costs(M, N), costs(*LARGE)
    for row, (name, unit) in enumerate((("multiplications", 0), ("bytes", 1))):
        y = 308 + 58 * row
        figure.text(40, y + 26, name, bold=True)
        for line, (label, form, color) in enumerate((
            ("dn/dW written down", "kronecker", "orange"), ("closed form", "closed form", "blue"),
        )):  # fmt: skip
            _draw_bar(figure, y + 24 * line, label, prices[form][unit], large[form][unit], color)
    figure.line([(40, 431), (47, 424), (54, 431), (47, 438)], "black", 1.5, close=True, fill="white")
    figure.text(62, 435, f"a layer {LARGE[1]} → {LARGE[0]}", size=12)
    (many, held), (few, kept) = prices["kronecker"], prices["closed form"]
    return figure.describe(
        f"{N} block{'s' * (N > 1)} of shape ({M}, {M}), together {_numbers(stored)}: {needed:,} on the diagonals and "
        f"{stored - needed:,} zeros. The gradient has {_numbers(needed)}. Written down, dn/dW takes {many:,} "
        f"multiplications and {held:,} bytes; the closed form takes {few:,} and {kept:,}. For {LARGE[1]} inputs and "
        f"{LARGE[0]} outputs it is {large['kronecker'][0]:,} against {large['closed form'][0]:,} multiplications."
    )


def _cell(M, N, per_row, rows):
    """The largest cell, up to 40 pixels, with which `per_row` blocks in each of `rows` rows fit beside the gradient."""
    across = (780 - GAP * (per_row + 1)) / (per_row * M + N)
    return min(40, across, (204 - (GAP + 8) * (rows - 1)) / (rows * M))


def _numbers(count):
    return f"{count:,} number{'s' * (count > 1)}"


def _draw_block(figure, A, left, top, cell):
    """A matrix as a patch: zeros grey, other entries light, with their values where there is room."""
    M, N = A.shape
    figure.rect(left, top, N * cell, M * cell, fill="#DADADA")
    for k, j in np.argwhere(A != 0):
        figure.rect(left + j * cell, top + k * cell, cell, cell, fill="#FFF6A8", color="black", width=0.75)
    figure.rect(left, top, N * cell, M * cell, color="black")
    if cell >= 34:
        for k, j in np.ndindex(M, N):
            color = "black" if A[k, j] else "#5C5C5C"
            figure.text(left + (j + 0.5) * cell, top + (k + 0.5) * cell + 4, entry(A[k, j]), 12, color, "middle")


def _draw_bar(figure, y, label, value, reference, color):
    start, end = _log_at(1), _log_at(value)
    figure.text(start - 10, y + 14, label, size=13, anchor="end")
    figure.rect(start, y, max(end - start, 1), 18, fill=color)
    figure.text(max(end, start) + 8, y + 14, f"{value:,}", size=13, halo=True)
    px = _log_at(reference)
    figure.line([(px - 7, y + 9), (px, y + 2), (px + 7, y + 9), (px, y + 16)], "black", 1.5, close=True, fill="white")


def _log_at(value):
    """Pixels of a count on the axis from 1 to 10⁹."""
    return 320 + 500 * math.log10(value) / 9
