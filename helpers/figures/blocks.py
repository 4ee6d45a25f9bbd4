"""Jacobians as blocks of a puzzle: outputs are tabs at the left, inputs are sockets at the right."""

import numpy as np

from helpers.figures.matrices import draw_matrix

TAB, HALF = 10, 8  # how far a tab reaches out of its block, and half its height


def draw_blocks(figure, factors, names, fills, notes, middle, cell):
    """Matrices (M, N) as blocks: M tabs at the left, N sockets at the right; returns the joints k | k+1 that clash.

    notes: two lines of text below each block.
    """
    shapes = [np.shape(factor) for factor in factors]
    clashes = [k for k in range(len(shapes) - 1) if shapes[k][1] != shapes[k + 1][0]]
    widths = [max(2, columns) * cell + 38 for _, columns in shapes]
    gap, tallest = 54, max(max(shape) for shape in shapes) * cell + 14
    left = (figure.width - sum(widths) - gap * len(clashes)) / 2
    for k, (factor, (rows, columns)) in enumerate(zip(factors, shapes, strict=True)):
        clash, right, height = k in clashes, left + widths[k], max(rows, columns) * cell + 14
        outline = _outline(left, right, middle, height, rows, columns, cell)
        figure.line(outline, "black", 2, close=True, fill=fills[k])
        centre = left + 14 + max(2, columns) * cell / 2
        blank = {"row_labels": [" "] * rows, "column_labels": [" "] * columns}
        draw_matrix(figure, factor, centre - columns * cell / 2, middle - rows * cell / 2, cell=cell, **blank)
        figure.text(centre, middle - tallest / 2 - 12, f"{names[k]} ({rows}, {columns})", anchor="middle", bold=True)
        for line, text in enumerate(notes[k]):
            stands_out = "clash" in text
            figure.text(centre, middle + tallest / 2 + 22 + 19 * line, text, size=13, anchor="middle",
                        color="orange" if stands_out else "black", bold=stands_out)  # fmt: skip
        if k < len(shapes) - 1:
            joint = right + (gap / 2 - 3 if clash else 0)
            if clash:
                for rise in (-1, 1):
                    figure.line([(joint - 9, middle - 9 * rise), (joint + 9, middle + 9 * rise)], "orange", 4)
            figure.text(joint, middle - tallest / 2 - 38, meets(factors, k), size=13, anchor="middle",
                        color="orange" if clash else "black", bold=clash)  # fmt: skip
        left = right + (gap if clash else 0)
    return clashes


def meets(factors, k):
    """The sizes that meet between the factors k and k + 1: "4 = 4" where they fit, "4 ≠ 3" where they clash."""
    inner, outer = np.shape(factors[k])[1], np.shape(factors[k + 1])[0]
    return f"{inner} {'=' if inner == outer else '≠'} {outer}"


def _outline(left, right, middle, height, rows, columns, pitch):
    """A rectangle with `columns` sockets in its right edge and `rows` tabs on its left one."""
    top, bottom = middle - height / 2, middle + height / 2
    points = [(left, top), (right, top)]
    for k in range(columns):
        y = middle + (k - (columns - 1) / 2) * pitch
        points += [(right, y - HALF), (right - TAB, y - HALF), (right - TAB, y + HALF), (right, y + HALF)]
    points += [(right, bottom), (left, bottom)]
    for k in reversed(range(rows)):
        y = middle + (k - (rows - 1) / 2) * pitch
        points += [(left, y + HALF), (left - TAB, y + HALF), (left - TAB, y - HALF), (left, y - HALF)]
    return points
