"""Pictures of lesson 02: a batch of digits, axes, products by columns, and which cells combine."""

import ast

import numpy as np
from matplotlib.patches import PathPatch, Rectangle
from matplotlib.path import Path

from helpers.drawing.matrices import GREYS, draw_matrix, draw_pixels, draw_squares, entries, entry
from helpers.drawing.picture import Picture
from helpers.drawing.scripts import lowered
from helpers.drawing.sheet import HAIRLINE, MIDDLE, TINY, arrow, box, sheet
from helpers.drawing.sheet import ORANGE as MARK

SHAPES = ("()", "(3,)", "(4,)", "(3, 1)", "(4, 1)", "(1, 4)", "(3, 4)", "(4, 3)", "(4, 4)")
OPERATIONS = ("+", "⊙", "@")
VERDICTS = {"fits": "C2", "silent": "C1", "error": "C3"}
CELL = 40


def draw_batch(X, s):
    """Sample s (from 1) of a batch X (64, B) of digits as a picture, and the batch with its column s marked."""
    x, (rows, B), wide, high = X[:, s - 1], X.shape, 15, 5
    left, top = 350, 66
    figure, ax = sheet(700, 110 + rows * high, f"A batch of {B} digits is a tuple of {B} columns")
    shades = np.rint(8 * X).astype(int)
    ax.text(150, 96, f"sample {s}, as 8 × 8 pixels", ha="center", weight="bold")
    draw_pixels(ax, shades[:, s - 1], 50, 110, 25, GREYS, "x: shade")
    ax.text(150, 332, "read row by row, it is", ha="center")
    ax.text(150, 350, f"the column x{lowered(s)}, shape {(rows, 1)}", ha="center")
    ax.text(left + B * wide / 2, top - 24, f"X {X.shape}", ha="center", weight="bold")
    outline = np.array([(0, 0), (wide, 0), (wide, high), (0, high), (0, 0)])
    for k, shade in enumerate(GREYS):
        if len(places := np.argwhere(shades == k)):
            corners = [np.array((left + j * wide, top + i * high)) for i, j in places]
            cells = (Path(outline + corner, closed=True) for corner in corners)
            path = Path.make_compound_path(*cells)
            ax.add_artist(PathPatch(path, fc=shade, ec=HAIRLINE, lw=0.3, label=f"X: shade {k}"))
    for j in sorted({0, s - 1, B - 1}):
        ax.text(
            left + (j + 0.5) * wide, top - 6, str(j + 1), size=TINY, ha="center", color="C1" if j == s - 1 else "C5"
        )
    frame = (left + (s - 1) * wide, top), wide, rows * high
    ax.add_artist(Rectangle(*frame, fill=False, ec="C1", lw=2.5, label="sample"))
    arrow(ax, (262, 210), (340, 210), width=2)
    below = "a row for each pixel, a column for each sample"
    ax.text(left + B * wide / 2, top + rows * high + 22, below, ha="center")
    return Picture(
        figure,
        f"Sample {s} as a picture of 8 × 8 pixels, {np.count_nonzero(x)} of them not white, and the matrix X of shape "
        f"{X.shape}: read row by row the picture is a column of {rows} numbers, and it stands in X as column {s}.",
    )


def draw_stack(T, k, m, n):
    """The K matrices of T (K, M, N) side by side, the entry with the indices k, m, n (from 1) marked."""
    T = np.asarray(T)
    K, M, N = T.shape
    width = max(640, 50 + (N * CELL + 50) * K)
    figure, ax = sheet(width, 144 + CELL * M, f"T {T.shape} is a tuple of {K} matrices {(M, N)}")
    for index in range(K):
        marked = {(m - 1, n - 1): MARK} if index == k - 1 else {}
        left = 50 + (N * CELL + 50) * index
        draw_matrix(ax, T[index], left, 84, name=f"k = {index + 1}", cell=CELL, fills=marked)
    value = entry(T[k - 1, m - 1, n - 1])
    sentence = f"matrix k = {k}, row m = {m}, column n = {n}: the entry T{lowered(f'{k}{m}{n}')} is {value}"
    ax.text(width / 2, 116 + CELL * M, sentence, **MIDDLE)
    return Picture(
        figure,
        f"{K} matrices with {M} rows and {N} columns. The marked entry is in matrix {k}, row {m}, column {n}, "
        f"and its value is {value}: three indices, one for each axis.",
    )


def draw_column_sum(W, x):
    """The product of W (M, N) and x (N, 1) as the sum of W's columns, each times its entry of x."""
    W, x = np.asarray(W), np.asarray(x)
    M, N = W.shape
    width = max(640, 190 + 128 * N)
    figure, ax = sheet(width, 110 + 44 * max(M, N), "Wx is a sum of the columns of W")
    draw_matrix(ax, W, 50, 84, name="W", title=f"W {W.shape}")
    draw_matrix(ax, x, 50 + 44 * N + 34, 84, name="x", title=f"x {x.shape}")
    left, middle = 50 + 44 * N + 118, 84 + 22 * M
    terms = [(f"w{lowered(j + 1)}x{lowered(j + 1)}", W[:, [j]] * x[j, 0]) for j in range(N)]
    for j, (name, column) in enumerate([*terms, ("Wx", W @ x)]):
        at = left + 84 * j
        ax.text(at - 20, middle, "=" if j in (0, N) else "+", size=14, **MIDDLE)
        marks = {(i, 0): MARK for i in range(M)} if j == N else {}
        draw_matrix(ax, column, at, 84, name=name, row_labels=[""] * M, fills=marks)
    parts = "), (".join(entries(column) for _, column in terms)
    return Picture(
        figure,
        f"The {N} columns of W, times {entries(x)}, are ({parts}); their sum is Wx = ({entries(W @ x)}).",
    )


def draw_comparisons(answers, labels):
    """All B x B comparisons that numpy makes of B answers with one axis and a column of B labels."""
    read, true = np.ravel(answers), np.ravel(labels)
    B, cell, left, top = len(read), 16, 80, 84
    equal = true[:, None] == read[None, :]
    figure, ax = sheet(760, 100 + B * cell, f"answers {(B,)} == labels {(B, 1)} is {(B, B)}")
    corners = {(i, j): (left + j * cell, top + i * cell) for i, j in np.ndindex(B, B)}
    draw_squares(ax, [corners[at] for at in corners if not equal[at]], cell, fc="white", label="different")
    draw_squares(ax, [corners[at] for at in corners if equal[at]], cell, fc="C0", label="equal")
    meant = [(x + 2, y + 2) for x, y in (corners[i, i] for i in range(B))]
    draw_squares(ax, meant, cell - 4, ec="C1", lw=2, fill=False, label="meant")
    ax.text(left + B * cell / 2, top - 26, "the network's answers", ha="center", weight="bold")
    ax.text(34, top + B * cell / 2, "labels", ha="center", weight="bold", rotation=90, va="center")
    for k in range(B):
        ax.text(left + (k + 0.5) * cell, top - 6, str(read[k]), size=TINY, ha="center", color="C5")
        ax.text(left - 7, top + (k + 0.5) * cell, str(true[k]), size=TINY, ha="right", va="center_baseline", color="C5")
    right, all_equal = int(np.trace(equal)), int(equal.sum())
    beside, middle = left + B * cell + 30, top + B * cell / 2
    ax.text(beside, middle - 50, "filled: answer and label are equal")
    ax.text(beside, middle - 16, f"framed: {B} comparisons that are meant,")
    ax.text(beside, middle + 4, f"{right} of them equal, {entry(right / B)}")
    ax.text(beside, middle + 38, f"all {B * B}: {all_equal} equal, {entry(all_equal / B**2)}", weight="bold")
    return Picture(
        figure,
        f"A table of {B * B} comparisons. The {B} on the diagonal are meant, and {right} of them are equal: "
        f"{entry(right / B)}. The others pair an answer with another sample's label. In all, {all_equal} of {B * B} "
        f"are equal: {entry(all_equal / B**2)}.",
    )


def draw_differences(predicted, labels):
    """All N x N differences that numpy forms from a column (N, 1) and a 1-D array or a row of N labels."""
    p, y = np.ravel(predicted), np.ravel(labels)
    N, D, cell = len(p), p[:, None] - y[None, :], 50
    figure, ax = sheet(660, 100 + cell * N, f"predicted {(N, 1)} minus labels {(N,)} is {(N, N)}")
    draw_matrix(
        ax,
        np.array([[entry(v) for v in row] for row in D]),  # as texts: a difference of zero is no empty place
        110,
        74,
        name="differences",
        title="",
        cell=cell,
        row_labels=[f"p{lowered(i + 1)} = {entry(v)}" for i, v in enumerate(p)],
        column_labels=[f"y{lowered(j + 1)} = {entry(v)}" for j, v in enumerate(y)],
        fills={(i, i): MARK for i in range(N)},
    )
    meant, made = np.mean((p - y) ** 2), np.mean(D**2)
    left, top = 140 + cell * N, 74 + cell * N / 2
    ax.text(left, top - 40, f"framed: {N} differences that are meant,")
    ax.text(left, top - 20, f"mean square {entry(meant)}")
    ax.text(left, top + 14, f"unframed: {N * N - N} differences between a")
    ax.text(left, top + 34, "prediction and another sample's label")
    ax.text(left, top + 68, f"mean square of all {N * N}: {entry(made)}", weight="bold")
    return Picture(
        figure,
        f"A table of {N * N} differences. The {N} on the diagonal are meant; their mean square is {entry(meant)}. "
        f"The other {N * N - N} pair a prediction with another sample's label. "
        f"The mean square of all {N * N} is {entry(made)}.",
    )


def draw_combination(a, operation, b, i, j):
    """Which cells of a and b make the cell (i, j) of the result, counted from 1; the shapes are texts of SHAPES.

    a holds 1, 2, 3, ... and b 10, 20, 30, ...; an index beyond the result's last row or column means the last.
    """
    s, t = ast.literal_eval(a), ast.literal_eval(b)
    verdict, reason = judge_product(s, t) if operation == "@" else judge_sum(s, operation, t)
    refused = verdict == "error"
    A, B = np.arange(1.0, np.prod(s) + 1).reshape(s), 10 * np.arange(1.0, np.prod(t) + 1).reshape(t)
    table_a, table_b = np.atleast_2d(A), np.atleast_2d(B)
    if operation == "@" and B.ndim == 1:
        table_b = B.reshape(-1, 1)  # numpy reads a 1-D array as a column at the right of @
    if operation == "@":
        rows, columns = len(table_a), table_b.shape[1]
    else:
        rows, columns = (max(sizes) for sizes in zip(table_a.shape, table_b.shape, strict=True))
    i, j = min(i, rows) - 1, min(j, columns) - 1
    from_a, from_b = {(i, j)}, {(i, j)}
    if operation == "@":
        from_a, from_b = {(i, n) for n in range(table_a.shape[1])}, {(n, j) for n in range(len(table_b))}
    if refused:
        from_a, from_b = set(), set()

    figure, ax = sheet(760, 350, f"a {a} {operation} b {b}")
    drawn = (rows, columns) if operation != "@" and not refused else None
    middle = 84 + CELL * max(len(table_a), len(table_b), 0 if refused else rows) / 2
    _draw_operand(ax, table_a, 60, "a", A.shape, from_a, drawn)
    ax.text(252, middle, operation, size=16, **MIDDLE)
    _draw_operand(ax, table_b, 300, "b", B.shape, from_b, drawn)
    ax.text(494, middle, "=", size=16, **MIDDLE)
    formula, shape = "", "no result"
    if refused:
        ax.text(540, middle, "no result", size=12, va="center_baseline")
    else:
        C = {"+": np.add, "⊙": np.multiply, "@": np.matmul}[operation](A, B)
        table_c, shape = C.reshape(rows, columns), f"the result has shape {C.shape}"
        _draw_operand(ax, table_c, 540, "result", C.shape, {(i, j)})
        if operation == "@":
            formula = _sum_of_products(table_a, table_b, i, j)
        else:
            formula = _one_cell(table_a, A.ndim, operation, table_b, B.ndim, i, j)
        formula += f" = {entry(table_c[i, j])}"
        ax.text(60, 292, formula)
    if not (operation == "@" and () in (s, t)):
        ax.text(60, 270, f"numpy reads a as {table_a.shape} and b as {table_b.shape}")
    box(ax, 60, 308, 76, 26, verdict.upper(), color=VERDICTS[verdict], weight="bold")
    ax.text(148, 321, reason, va="center_baseline")
    spoken = f"{formula[:1].upper()}{formula[1:]}. " if formula else ""
    return Picture(
        figure, f"a of shape {a} {operation} b of shape {b}: {shape}. {spoken}{verdict.capitalize()}: {reason}."
    )


def judge_sum(s, operation, t):
    """("fits" | "silent" | "error", why) of a + b or a ⊙ b for arrays of the shapes s and t."""
    axes = max(len(s), len(t))
    aligned = [(1,) * (axes - len(shape)) + shape for shape in (s, t)]
    for place, (p, q) in enumerate(reversed(list(zip(*aligned, strict=True)))):
        if p != q and 1 not in (p, q):
            return "error", f"in the {('last', 'second-to-last')[place]} axis {p} meets {q}, and neither is 1"
    if s == t:
        return "fits", "equal shapes, nothing is stretched"
    if () in (s, t):
        return "fits", f"a number {'multiplies' if operation == '⊙' else 'is added to'} every cell, if that is meant"
    if operation == "+" and len(s) == len(t) == 2 and s[0] == t[0]:
        return "fits", "a column is added to every sample: the one broadcast of the course"
    result = tuple(max(pair) for pair in zip(*aligned, strict=True))
    names = [name for name, shape in zip("ab", aligned, strict=True) if shape != result]
    if not names:
        return "silent", f"numpy gives {'a' if len(s) < axes else 'b'} a second axis, without a warning"
    counts = f"{np.prod(result)} cells from {np.prod(s, dtype=int)} and {np.prod(t, dtype=int)}"
    return "silent", f"numpy stretches {' and '.join(names)} without a warning: {counts}"


def judge_product(s, t):
    """("fits" | "silent" | "error", why) of a @ b for arrays of the shapes s and t, of at most two axes."""
    if () in (s, t):
        return "error", "a number has neither rows nor columns"
    if s[-1] != t[0]:
        return "error", f"the inner sizes {s[-1]} and {t[0]} differ, and @ stretches nothing"
    if len(s) == len(t) == 1:
        return "silent", "both axes are dropped from the result, which is a number"
    if len(s) == 1:
        return "silent", "numpy turns a into a row, and drops that axis from the result"
    if len(t) == 1:
        return "silent", "numpy turns b into a column, and drops that axis from the result"
    return "fits", f"the inner sizes agree, and each cell sums {s[1]} product{'s' * (s[1] > 1)}"


def _draw_operand(ax, table, left, name, shape, marked, drawn=None):
    """The array as a table, framed where `marked`, and the copies, dashed, that stretch it to the shape `drawn`.

    An array with fewer than two axes gets index labels for the axis it has, and none for the one it lacks.
    """
    rows, columns = drawn or table.shape
    top, axes = 84, len(shape)
    ax.text(left + columns * CELL / 2, top - 26, f"{name} {shape}", ha="center", weight="bold")
    down, across = (
        [str(n + 1) if axes == 2 or (axes == 1 and size > 1) else "" for n in range(size)] for size in table.shape
    )
    own = set(np.ndindex(table.shape))
    fills = dict.fromkeys(marked & own, MARK)
    draw_matrix(
        ax, table, left, top, name=name, title="", cell=CELL, fills=fills, row_labels=down, column_labels=across
    )
    corners = {(i, j): (left + j * CELL + 2, top + i * CELL + 2) for i, j in np.ndindex(rows, columns)}
    copies = [at for at in corners if at not in own]
    faint = [corners[at] for at in copies if at not in marked]
    draw_squares(ax, faint, CELL - 4, fc="#F4F4F4", ec="C5", ls="--", label=f"{name}, copies")
    for at in marked.intersection(copies):
        draw_squares(ax, [corners[at]], CELL - 4, fc=MARK, ec="C4", lw=1.5, ls="--", label=f"{name}[{at[0]},{at[1]}]")
    for i, j in copies:
        x, y = corners[i, j]
        value = table[_kept((i, j), table.shape)]
        color = "C4" if (i, j) in marked else "C5"
        ax.text(x + CELL / 2 - 2, y + CELL / 2 - 2, entry(value), color=color, label=f"{name}[{i},{j}]", **MIDDLE)


def _kept(at, shape):
    """Where the number in the cell `at` is kept: an axis of size 1 has one place only."""
    return tuple(min(place, size - 1) for place, size in zip(at, shape, strict=True))


def _sum_of_products(A, B, i, j):
    terms = " + ".join(f"{entry(A[i, n])}·{entry(B[n, j])}" for n in range(A.shape[1]))
    return f"row {i + 1} of a with column {j + 1} of b: {terms}"


def _one_cell(A, a_axes, operation, B, b_axes, i, j):
    p, q, sign = _kept((i, j), A.shape), _kept((i, j), B.shape), "+" if operation == "+" else "·"
    left, right = _symbol("a", p, a_axes), _symbol("b", q, b_axes)
    return f"cell ({i + 1}, {j + 1}): {left} {sign} {right} = {entry(A[p])} {sign} {entry(B[q])}"


def _symbol(name, at, axes):
    return name + lowered("".join(str(k + 1) for k in at[2 - axes :]))
