"""Matrices drawn as matrices: one cell an entry, zeros greyed, rows and columns labelled by index."""

import numpy as np


def draw_matrix(figure, A, left, top, *, name="", cell=44, digits=2, colors=None, row_labels=None, column_labels=None):
    """Draw the 2-D array A with its first cell at (left, top); returns (width, height) in pixels.

    name:    written above, with the shape.
    colors:  {(i, j): fill} for cells to stand out; those also get a thick frame, never colour alone.
    labels:  one for each row or column; without them the indices 1, 2, …, as in the mathematics.
    """
    A = np.asarray(A)
    if A.ndim != 2:
        raise ValueError(f"expected a matrix (M, N), got shape {A.shape}; a column is (N, 1)")
    M, N = A.shape
    rows = row_labels or [str(i + 1) for i in range(M)]
    columns = column_labels or [str(j + 1) for j in range(N)]
    if name:
        figure.text(left + N * cell / 2, top - 26, name, anchor="middle", bold=True)
    for j, label in enumerate(columns):
        figure.text(left + (j + 0.5) * cell, top - 7, label, size=12, color="grey", anchor="middle")
    for i in range(M):
        figure.text(left - 7, top + (i + 0.5) * cell + 4, rows[i], size=12, color="grey", anchor="end")
        for j in range(N):
            x, y, value = left + j * cell, top + i * cell, A[i, j]
            zero = not isinstance(value, str) and value == 0
            marked = (colors or {}).get((i, j))
            figure.rect(x, y, cell, cell, fill=marked or ("#F4F4F4" if zero else "white"), color="#B0B0B0")
            if marked:
                figure.rect(x + 1.5, y + 1.5, cell - 3, cell - 3, color="black", width=2)
            text = entry(value, digits)
            size = min(14, 1.7 * cell / max(len(text), 1))
            figure.text(
                x + cell / 2,
                y + cell / 2 + size / 3,
                text,
                size,
                "#767676" if zero and not marked else "black",
                "middle",
            )
    return N * cell, M * cell


def entry(value, digits=2):
    """A number as it stands in a cell: at most `digits` decimals, a true minus sign, no negative zero."""
    if isinstance(value, str):
        return value
    text = f"{float(value) + 1e-9:.{digits}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text.replace("-", "\N{MINUS SIGN}")
