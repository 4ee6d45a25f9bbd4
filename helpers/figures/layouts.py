"""One number of a layer in six notations: which array holds it, in which shape, and where."""

import numpy as np

from helpers.figures.canvas import Figure
from helpers.figures.matrices import draw_matrix

X = np.array([[1.0, 2, 0, -1], [3, 1, -2, 0], [0, -3, 1, 2]])  # (N, B), a sample a column
W = np.array([[1.0, -2, 3], [0, 4, -1]])  # (M, N)
b = np.array([[5.0], [-3]])  # (M, 1)
Z = W @ X + b  # (M, B); the loss is L = ½ Σ Z², so that dL/dZ = Z
ARRAYS = {"X": X, "W": W, "b": b, "dW": Z @ X.T, "db": Z.sum(axis=1, keepdims=True), "dX": W.T @ Z, "J": W.copy()}
NUMBERS = {  # what is followed: its array, and its row and column there, counted from 0
    "input 3 of sample 2": ("X", 2, 1),
    "the weight from input 3 to output 1": ("W", 0, 2),
    "the bias of output 2": ("b", 1, 0),
    "the slope of L for the weight from 3 to 1": ("dW", 0, 2),
    "the slope of L for the bias of output 2": ("db", 1, 0),
    "the slope of L for input 3 of sample 2": ("dX", 2, 1),
    "the slope of output 1 for input 3": ("J", 0, 2),
}
# From the course's array to the array, or the list of arrays, that another notation writes.
SAME = lambda A: A
TURNED = lambda A: A.T
FLAT = lambda A: A.ravel()
COLUMNS = lambda A: [A[:, [j]] for j in range(A.shape[1])]
COLUMNS_AS_ROWS = lambda A: [A[:, [j]].T for j in range(A.shape[1])]
ROWS = lambda A: [A[[i]] for i in range(A.shape[0])]
ROWS_AS_COLUMNS = lambda A: [A[[i]].T for i in range(A.shape[0])]
SINGLE_NUMBERS = lambda A: list(A.ravel())
COURSE = "gradients (this course)"
NOTATIONS = {  # the layer of each notation, then for each array the name there and the way there
    COURSE: (
        "Z = W @ X + b",
        {"X": ("X", SAME), "W": ("W", SAME), "b": ("b", SAME), "J": ("dz_dx", SAME)}
        | {"dW": ("grad_W", SAME), "db": ("grad_b", SAME), "dX": ("grad_X", SAME)},
    ),
    "lecture notes": (
        "Z = X @ W + b",
        {"X": ("X", TURNED), "W": ("W", TURNED), "b": ("b", FLAT), "J": ("dz_dx", SAME)}
        | {"dW": ("dW", TURNED), "db": ("db", FLAT), "dX": ("dX", TURNED)},
    ),
    "row derivatives (Dillon)": (
        "z = W @ x + b, one sample at a time",
        {"X": ("x", COLUMNS), "W": ("W", SAME), "b": ("b", SAME), "J": ("dz_dx", SAME)}
        | {"dW": ("dL_dW", COLUMNS_AS_ROWS), "db": ("dL_db", TURNED), "dX": ("dL_dx", COLUMNS_AS_ROWS)},
    ),
    "indices (Neoh)": (
        'Y = einsum("sj,ji->si", X, W) + b',
        {"X": ("X", TURNED), "W": ("W", TURNED), "b": ("b", FLAT), "J": ("dY_dX", SAME)}
        | {"dW": ("dE_dW", TURNED), "db": ("dE_db", FLAT), "dX": ("dE_dX", TURNED)},
    ),
    "PyTorch": (
        "output = input @ weight.T + bias",
        {"X": ("input", TURNED), "W": ("weight", SAME), "b": ("bias", FLAT), "J": ("jacobian", SAME)}
        | {"dW": ("weight.grad", SAME), "db": ("bias.grad", FLAT), "dX": ("input.grad", TURNED)},
    ),
    "Parr & Howard": (
        "z = w · x + b, one unit at a time",
        {"X": ("x", COLUMNS), "W": ("w", ROWS_AS_COLUMNS), "b": ("b", SINGLE_NUMBERS), "J": ("dz_dx", SAME)}
        | {"dW": ("dL_dw", ROWS), "db": ("dL_db", SINGLE_NUMBERS), "dX": ("dL_dx", COLUMNS_AS_ROWS)},
    ),
}


def draw_layout(number, notation):
    """One number of a layer in this course's layout and in another: the same number in another place.

    number:   a key of NUMBERS.   notation: a key of NOTATIONS.
    """
    key, i, j = NUMBERS[number]
    there = np.zeros(ARRAYS[key].shape, bool)
    there[i, j] = True
    figure = Figure(760, 344, f"{_capital(number)}: one number, two layouts")
    places = []
    for left, which in ((50, COURSE), (420, notation)):
        layer, names = NOTATIONS[which]
        name, layout = names[key]
        address, shape = _address(name, layout(ARRAYS[key]), layout(there))
        places.append(f"{address}, {shape}")
        figure.text(left, 58, which, bold=True)
        _draw_pieces(figure, layout(ARRAYS[key]), layout(there), left + 20, 98)
        figure.text(left, 304, f"{_literal(address)},  {shape}")
        figure.text(left, 328, f"layer: {layer}", size=13, color="grey")
    figure.arrow((290, 150), (380, 150), "orange", 2.5)
    figure.text(335, 140, "same number", size=13, anchor="middle")
    return figure.describe(
        f"{_capital(number)} is {ARRAYS[key][i, j]:g}. In this course it is {places[0]}; "
        f"in the notation of {notation.split(' (')[0]} it is {places[1]}. Code counts from 0, the labels from 1."
    )


def _address(name, pieces, marks):
    """Where the marked entry stands, as code writes it, and the shape of what holds it."""
    if isinstance(pieces, list):
        k = next(k for k, mark in enumerate(marks) if mark.any())
        inner, shape = _address(f"{name}[{k}]", pieces[k], marks[k])
        return inner, f"in a list of {len(pieces)}, each of {shape}"
    at = np.argwhere(marks)[0]
    return name + (f"[{', '.join(map(str, at))}]" if len(at) else ""), f"shape {pieces.shape}"


def _draw_pieces(figure, pieces, marks, left, top, cell=40, gap=8):
    """An array, or a list of arrays with gaps between them: columns side by side, rows below one another."""
    many = isinstance(pieces, list)
    for k, (A, mark) in enumerate(zip(pieces, marks, strict=True) if many else [(pieces, marks)]):
        one_axis, A, mark = A.ndim == 1, np.atleast_2d(A), np.atleast_2d(mark)
        side_by_side = A.shape[0] > 1
        rows = columns = None
        if many:
            rows = [" "] * len(A) if side_by_side and k else None if side_by_side else [str(k + 1)]
            columns = [str(k + 1)] if side_by_side else [" "] * A.shape[1] if k or A.size == 1 else None
        colors = {(int(i), int(j)): "#F6E3B8" for i, j in np.argwhere(mark)}
        rows = [" "] if one_axis else rows
        draw_matrix(figure, A, left, top, cell=cell, colors=colors, row_labels=rows, column_labels=columns)
        left, top = (left + cell + gap, top) if side_by_side else (left, top + cell + gap)


def _literal(code):
    return code.replace("_", "_\u200b")  # the canvas lowers what follows an underscore; here it is part of a name


def _capital(text):
    return text[:1].upper() + text[1:]
