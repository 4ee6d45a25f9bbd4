"""The pictures of lesson 19: one number of a layer, in the layout of the course and in another."""

import numpy as np
from matplotlib.patches import Rectangle

from helpers.drawing.matrices import draw_matrix, entry
from helpers.drawing.picture import Picture
from helpers.drawing.sheet import HAIRLINE, LABEL, ORANGE, arrow, sheet

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
# From the course's array to the array, or the list of arrays, that another notation writes; and what that does.
SAME = lambda A: A
TURNED = lambda A: A.T
FLAT = lambda A: A.ravel()
COLUMNS = lambda A: [A[:, [j]] for j in range(A.shape[1])]
COLUMNS_AS_ROWS = lambda A: [A[:, [j]].T for j in range(A.shape[1])]
ROWS = lambda A: [A[[i]] for i in range(A.shape[0])]
ROWS_AS_COLUMNS = lambda A: [A[[i]].T for i in range(A.shape[0])]
SINGLE_NUMBERS = lambda A: list(A.ravel())
EFFECTS = {
    SAME: "The array is laid out as here, and the number stands at the same place.",
    TURNED: "The array is transposed: row and column change places in the address.",
    FLAT: "The column has lost its second axis, and the address its second number.",
    COLUMNS: "Every column is an array of its own: the address first says which.",
    COLUMNS_AS_ROWS: "Every column is an array of its own, transposed to a row: the address first says which.",
    ROWS: "Every row is an array of its own: the address first says which.",
    ROWS_AS_COLUMNS: "Every row is an array of its own, transposed to a column: the address first says which.",
    SINGLE_NUMBERS: "There is no array, but a number for each output: the address says which.",
}
COURSE = "this course"
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
    "Dillon": (
        "z = W @ x + b, one sample at a time",
        {"X": ("x", COLUMNS), "W": ("W", SAME), "b": ("b", SAME), "J": ("dz_dx", SAME)}
        | {"dW": ("dL_dW", COLUMNS_AS_ROWS), "db": ("dL_db", TURNED), "dX": ("dL_dx", COLUMNS_AS_ROWS)},
    ),
    "Neoh": (
        'Y = einsum("sj,ji->si", X, W) + b',
        {"X": ("X", TURNED), "W": ("W", TURNED), "b": ("b", FLAT), "J": ("dy_dx", SAME)}
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
    effect = EFFECTS[NOTATIONS[notation][1][key][1]]
    figure, ax = sheet(800, 470, f"{_capital(number)}: one number, two layouts")
    arrays = {which: NOTATIONS[which][1][key][1](ARRAYS[key]) for which in (COURSE, notation)}
    widths, heights = zip(*map(_extent, arrays.values()), strict=True)
    cell = min(72, 300 / max(widths), 220 / max(heights))
    places = []
    for middle, which, side in ((190, COURSE, "here"), (610, notation, "there")):
        layer, names = NOTATIONS[which]
        name, layout = names[key]
        address, shape = _address(name, arrays[which], layout(there))
        places.append(f"{address}, {shape}")
        ax.add_artist(Rectangle((middle - 174, 38), 348, 384, fc="none", ec=HAIRLINE))
        ax.text(middle, 64, which, weight="bold", ha="center")
        ax.text(middle, 88, layer, family="monospace", ha="center")
        _draw_pieces(ax, side, arrays[which], layout(there), middle, 238, cell)
        ax.text(middle, 384, address, family="monospace", size=12, ha="center")
        ax.text(middle, 408, shape, ha="center")
    arrow(ax, (370, 238), (430, 238), "C1", 2.5)
    ax.text(400, 222, "the same\nnumber", size=LABEL, ha="center")
    ax.text(400, 450, effect, ha="center")
    text = "the lecture notes" if notation == "lecture notes" else notation
    return Picture(
        figure,
        f"{_capital(number)} is {entry(ARRAYS[key][i, j])}. In this course it is {places[0]}; "
        f"in the notation of {text} it is {places[1]}. {effect} "
        "Code counts from 0, the labels from 1.",
    )


def _address(name, pieces, marks):
    """Where the marked entry stands, as code writes it, and the shape of what holds it."""
    if isinstance(pieces, list):
        k = next(k for k, mark in enumerate(marks) if mark.any())
        address, shape = _address(f"{name}[{k}]", pieces[k], marks[k])
        return address, f"in a list of {len(pieces)} " + (f"arrays of {shape}" if pieces[k].ndim else "numbers")
    at = np.argwhere(marks)[0]
    return name + (f"[{', '.join(map(str, at))}]" if len(at) else ""), f"shape {pieces.shape}"


GAP = 0.2  # between the arrays of a list, in cells


def _matrices(pieces):
    """The matrices to draw for an array or a list of arrays, and whether they stand side by side."""
    matrices = [np.atleast_2d(A) for A in (pieces if isinstance(pieces, list) else [pieces])]
    return matrices, len(matrices[0]) > 1


def _extent(pieces):
    """(width, height) of what is drawn for an array or a list of arrays, in cells."""
    matrices, beside = _matrices(pieces)
    (rows, columns), more = matrices[0].shape, (len(matrices) - 1) * (1 + GAP)
    return (columns + more, rows) if beside else (columns, rows + more)


def _draw_pieces(ax, side, pieces, marks, x, y, cell):
    """An array or a list of arrays around (x, y): columns side by side, rows below one another."""
    (matrices, beside), (masks, _) = _matrices(pieces), _matrices(marks)
    width, height = _extent(pieces)
    for k, (A, mask) in enumerate(zip(matrices, masks, strict=True)):
        shift = k * (1 + GAP)
        across, down = (shift, 0) if beside else (0, shift)
        if isinstance(pieces, list):  # of columns or rows, which are counted; what counts along them stands once
            which, along = [str(k + 1)], None if k == 0 and A.size > 1 else [""] * A.size
            rows, columns = (along, which) if beside else (which, along)
        else:
            rows, columns = [""] if pieces.ndim == 1 else None, None
        draw_matrix(
            ax,
            A,
            x + (across - width / 2) * cell,
            y + (down - height / 2) * cell,
            name=f"{side} {k}",
            title="",
            cell=cell,
            fills=dict.fromkeys(map(tuple, np.argwhere(mask).tolist()), ORANGE),
            row_labels=rows,
            column_labels=columns,
        )


def _capital(text):
    return text[:1].upper() + text[1:]
