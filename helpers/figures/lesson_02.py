"""Pictures of lesson 02: tuples of columns, axes, products by columns, and which cells combine."""

import ast

import numpy as np

from helpers.figures.canvas import COLORS, Figure
from helpers.figures.matrices import draw_matrix, entry

SHAPES = ("()", "(3,)", "(4,)", "(3, 1)", "(4, 1)", "(1, 4)", "(3, 4)", "(4, 3)", "(4, 4)")
OPERATIONS = ("+", "⊙", "@")
VERDICTS = {"fits": "green", "silent": "orange", "error": "purple"}
CELL = 40


def draw_columns(A):
    """A matrix A (M, N) beside the tuple of its N columns, each (M, 1)."""
    A = np.asarray(A)
    M, N = A.shape
    figure = Figure(max(640, 130 + 130 * N), 110 + 44 * M, f"A matrix is a tuple of {N} columns")
    names, start = [f"a_{j + 1}" for j in range(N)], figure.width / 2 - 64 * N - 20
    draw_matrix(figure, A, start, 84, name=f"A {A.shape}", column_labels=names)
    middle, left = 84 + 22 * M + 5, start + 44 * N
    figure.text(left + 34, middle, "= [", size=20, anchor="middle")
    for j in range(N):
        at = left + 74 + 84 * j
        draw_matrix(figure, A[:, [j]], at, 84, name=f"{names[j]} {(M, 1)}", column_labels=[""])
        figure.text(at + 56, middle, "]" if j == N - 1 else ",", size=20, anchor="middle")
    read = "; ".join(f"a{j + 1} = ({', '.join(entry(v) for v in A[:, j])})" for j in range(N))
    return figure.describe(f"A has shape {A.shape}. Its columns, each of shape {(M, 1)}, are {read}.")


def draw_stack(T, k, m, n):
    """The K matrices of T (K, M, N) side by side, the entry with the indices k, m, n (from 1) marked."""
    T = np.asarray(T)
    K, M, N = T.shape
    title = f"T {T.shape} is a tuple of {K} matrices {(M, N)}"
    figure = Figure(max(640, 50 + (N * CELL + 50) * K), 144 + CELL * M, title)
    for index in range(K):
        marked = {(m - 1, n - 1): COLORS["yellow"]} if index == k - 1 else None
        left = 50 + (N * CELL + 50) * index
        draw_matrix(figure, T[index], left, 84, name=f"k = {index + 1}", cell=CELL, colors=marked)
    value = entry(T[k - 1, m - 1, n - 1])
    sentence = f"matrix k = {k}, row m = {m}, column n = {n}: the entry T_{{{k}{m}{n}}} is {value}"
    figure.text(figure.width / 2, 120 + CELL * M, sentence, anchor="middle")
    return figure.describe(
        f"{K} matrices with {M} rows and {N} columns. The marked entry is in matrix {k}, row {m}, column {n}, "
        f"and its value is {value}: three indices, one for each axis."
    )


def draw_column_sum(W, x):
    """The product of W (M, N) and x (N, 1) as the sum of W's columns, each times its entry of x."""
    W, x = np.asarray(W), np.asarray(x)
    M, N = W.shape
    figure = Figure(max(640, 190 + 128 * N), 110 + 44 * max(M, N), "Wx is a sum of the columns of W")
    draw_matrix(figure, W, 50, 84, name=f"W {W.shape}")
    draw_matrix(figure, x, 50 + 44 * N + 34, 84, name=f"x {x.shape}", column_labels=[""])
    left, middle = 50 + 44 * N + 78, 84 + 22 * M + 5
    for j in range(N + 1):
        at = left + 40 + 84 * j
        figure.text(at - 20, middle, "=" if j in (0, N) else "+", size=20, anchor="middle")
        column, name = (W[:, [j]] * x[j, 0], f"w_{j + 1}x_{j + 1}") if j < N else (W @ x, "Wx")
        marks = {(i, 0): COLORS["yellow"] for i in range(M)} if j == N else None
        draw_matrix(figure, column, at, 84, name=name, column_labels=[""], row_labels=[""] * M, colors=marks)
    parts = [", ".join(entry(v) for v in W[:, j] * x[j, 0]) for j in range(N)]
    total = ", ".join(entry(v) for v in (W @ x).ravel())
    return figure.describe(
        f"The {N} columns of W, times {', '.join(entry(v) for v in x.ravel())}, are ({'), ('.join(parts)}); "
        f"their sum is Wx = ({total})."
    )


def draw_differences(predicted, labels):
    """All N x N differences that numpy forms from a column (N, 1) and a 1-D array or a row of N labels."""
    p, y = np.ravel(predicted), np.ravel(labels)
    N, D = len(p), p[:, None] - y[None, :]
    figure = Figure(640, 110 + 44 * N, f"predicted {(N, 1)} minus labels {(N,)} is {(N, N)}")
    rows, columns = [f"p_{i + 1} = {entry(v)}" for i, v in enumerate(p)], [f"y_{j + 1}" for j in range(N)]
    marked = {(i, i): COLORS["yellow"] for i in range(N)}
    cells = np.array([[entry(v) for v in row] for row in D])
    draw_matrix(figure, cells, 100, 74, row_labels=rows, column_labels=columns, colors=marked)
    meant, made = np.mean((p - y) ** 2), np.mean(D**2)
    left, top = 130 + 44 * N, 74 + 22 * N
    figure.text(left, top - 40, f"framed: {N} differences that are meant,")
    figure.text(left, top - 20, f"mean square {entry(meant)}")
    figure.text(left, top + 14, f"unframed: {N * N - N} differences between a")
    figure.text(left, top + 34, "prediction and another sample's label")
    figure.text(left, top + 68, f"mean square of all {N * N}: {entry(made)}", bold=True)
    return figure.describe(
        f"A table of {N * N} differences. The {N} on the diagonal are meant; their mean square is {entry(meant)}. "
        f"The other {N * N - N} pair a prediction with another sample's label. "
        f"The mean square of all {N * N} is {entry(made)}."
    )


def draw_combination(a, operation, b, i, j):
    """Which cells of a and b make the cell (i, j) of the result, counted from 1; the shapes are texts of SHAPES.

    a holds 1, 2, 3, ... and b 10, 20, 30, ...; an index beyond the result's last row or column means the last.
    """
    s, t = ast.literal_eval(a), ast.literal_eval(b)
    verdict, reason = judge_product(s, t) if operation == "@" else judge_sum(s, operation, t)
    A, B = np.arange(1.0, np.prod(s) + 1).reshape(s), 10 * np.arange(1.0, np.prod(t) + 1).reshape(t)
    refused = verdict == "error"
    C = None if refused else {"+": np.add, "⊙": np.multiply, "@": np.matmul}[operation](A, B)
    lying_a, lying_b = np.atleast_2d(A), np.atleast_2d(B)
    if operation == "@" and B.ndim == 1:
        lying_b = B.reshape(-1, 1)  # numpy reads a 1-D array as a column at the right of @
    rows, columns = _plane(lying_a, lying_b, operation)
    i, j = min(i, rows) - 1, min(j, columns) - 1

    figure = Figure(760, 350, f"a {a} {operation} b {b}")
    stretched = (rows, columns) if operation != "@" and not refused else None
    row_of_a = [(i, n) for n in range(lying_a.shape[1])] if operation == "@" else [(i, j)]
    column_of_b = [(n, j) for n in range(lying_b.shape[0])] if operation == "@" else [(i, j)]
    _cells(figure, lying_a, 60, f"a {a}", A.ndim, stretched, [] if refused else row_of_a)
    figure.text(252, 168, operation, size=22, anchor="middle")
    _cells(figure, lying_b, 300, f"b {b}", B.ndim, stretched, [] if refused else column_of_b)
    figure.text(494, 168, "=", size=22, anchor="middle")
    formula = ""
    if refused:
        figure.text(540, 168, "no result", size=16)
    else:
        lying_c = np.reshape(C, (rows, columns))
        _cells(figure, lying_c, 540, f"result {C.shape}", C.ndim, None, [(i, j)])
        formula = _formula(lying_a, A.ndim, operation, lying_b, B.ndim, lying_c, i, j)
        figure.text(60, 292, formula)
    if not (operation == "@" and () in (s, t)):
        figure.text(60, 270, f"numpy reads a as {lying_a.shape} and b as {lying_b.shape}")
    figure.rect(61, 308, 74, 26, color=VERDICTS[verdict], width=3, radius=4)
    figure.text(98, 326, verdict.upper(), anchor="middle", bold=True)
    figure.text(146, 326, reason)
    shape = "no result" if refused else f"the result has shape {C.shape}"
    spoken = formula.replace("_{", "_").replace("}", "") + ". " if formula else ""
    return figure.describe(
        f"a of shape {a} {operation} b of shape {b}: {shape}. {spoken[:1].upper()}{spoken[1:]}"
        f"{verdict.capitalize()}: {reason}."
    )


def judge_sum(s, operation, t):
    """("fits" | "silent" | "error", why) of a + b or a ⊙ b for arrays of the shapes s and t."""
    axes = max(len(s), len(t))
    aligned = [(1,) * (axes - len(shape)) + shape for shape in (s, t)]
    for place, (p, q) in enumerate(reversed(list(zip(*aligned, strict=True)))):
        if p != q and 1 not in (p, q):
            return "error", f"in the {('last', 'second last')[place]} axis {p} meets {q}, and neither is 1"
    if s == t:
        return "fits", "equal shapes, nothing is stretched"
    if operation == "⊙" and () in (s, t):
        return "fits", "a number multiplies every cell"
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


def _plane(A, B, operation):
    """Rows and columns of the result, drawn with two axes."""
    return (A.shape[0], B.shape[1]) if operation == "@" else tuple(np.maximum(A.shape, B.shape).tolist())


def _cells(figure, A, left, name, axes, stretched, marked):
    """The array, and dashed around it the copies that stretching makes; `marked` cells are framed.

    An array with fewer than two axes gets index labels for the axis it has, and none for the one it lacks.
    """
    rows, columns = stretched or A.shape
    top, yellow = 84, COLORS["yellow"]
    own = {at: yellow for at in marked if at[0] < A.shape[0] and at[1] < A.shape[1]}
    figure.text(left + columns * CELL / 2, top - 28, name, anchor="middle", bold=True)
    down, across = (
        [str(n + 1) if axes == 2 or (axes == 1 and size > 1) else "" for n in range(size)] for size in A.shape
    )
    draw_matrix(figure, A, left, top, cell=CELL, colors=own, row_labels=down, column_labels=across)
    for i, j in np.ndindex(rows, columns):
        if i < A.shape[0] and j < A.shape[1]:
            continue
        x, y = left + j * CELL + 2, top + i * CELL + 2
        corners = [(x, y), (x + CELL - 4, y), (x + CELL - 4, y + CELL - 4), (x, y + CELL - 4)]
        chosen = (i, j) in marked
        fill, color = (yellow, "black") if chosen else ("#F4F4F4", "#9A9A9A")
        figure.line(corners, color, 2 if chosen else 1, "3 3", close=True, fill=fill)
        text = entry(A[min(i, A.shape[0] - 1), min(j, A.shape[1] - 1)])
        figure.text(x + CELL / 2 - 2, y + CELL / 2 + 3, text, color="black" if chosen else "grey", anchor="middle")


def _formula(A, a_axes, operation, B, b_axes, C, i, j):
    if operation == "@":
        sums = " + ".join(f"{entry(A[i, n])}·{entry(B[n, j])}" for n in range(A.shape[1]))
        return f"row {i + 1} of a with column {j + 1} of b: {sums} = {entry(C[i, j])}"
    p, q = (min(i, A.shape[0] - 1), min(j, A.shape[1] - 1)), (min(i, B.shape[0] - 1), min(j, B.shape[1] - 1))
    sign = "+" if operation == "+" else "·"
    left, right = _symbol("a", p, a_axes), _symbol("b", q, b_axes)
    return f"cell ({i + 1}, {j + 1}): {left} {sign} {right} = {entry(A[p])} {sign} {entry(B[q])} = {entry(C[i, j])}"


def _symbol(name, at, axes):
    return name if axes == 0 else f"{name}_{{{''.join(str(k + 1) for k in at[-axes:])}}}"
