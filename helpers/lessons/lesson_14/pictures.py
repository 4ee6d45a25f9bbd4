"""Pictures of lesson 14: all products in one table, and index strings as wires from axes to sums and to the result."""

from math import prod
from textwrap import wrap

import numpy as np
from matplotlib.patches import Rectangle
from matplotlib.text import Text

from helpers.checking.describe import listed
from helpers.drawing.matrices import draw_matrix, entries
from helpers.drawing.picture import Picture
from helpers.drawing.sheet import BLUE, GREEN, MIDDLE, NOTE, ORANGE, node, sheet
from helpers.index_notation import Array

# The arrays of the exploration: {what the control shows: [(name, shape), …]}.
ARRAYS = {
    "A (2, 3) and b (3)": [("A", (2, 3)), ("b", (3,))],
    "A (2, 3) and B (3, 2)": [("A", (2, 3)), ("B", (3, 2))],
    "A (2, 3) and C (2, 3)": [("A", (2, 3)), ("C", (2, 3))],
    "S (3, 3) alone": [("S", (3, 3))],
    "T (2, 3, 4) and B (3, 2)": [("T", (2, 3, 4)), ("B", (3, 2))],
}
STEP, GAP = 60, 44  # between the axes of an array, and between two arrays


def draw_products(A, b):
    """The table of all products A_ik b_k, and what each choice of the output makes of it: A (M, N), b (N,)."""
    M, N = A.shape
    P, cell = A * b, 54
    figure, ax = sheet(660, 190 + (M + 1) * cell, "One table of products, four outputs")
    left, top = 250, 96
    draw_matrix(ax, A, 44, top, name="A", cell=cell * 0.8, row_labels=[""] * M, column_labels=[""] * N)
    ax.text(44 + N * cell * 0.4, top + M * cell * 0.8 + 26, f"b = ({entries(b)})", ha="center", size=NOTE)
    table = {
        "row_labels": [f"i = {i + 1}" for i in range(M)],
        "column_labels": [f"k = {k + 1}" for k in range(N)],
        "cell": cell,
    }
    draw_matrix(ax, P, left, top, name="products", title='"ik": all products', **table)
    right, bottom = left + N * cell + 76, top + M * cell + 22
    rows, columns, whole = P.sum(axis=1).reshape(M, 1), P.sum(axis=0).reshape(1, N), P.sum().reshape(1, 1)
    for name, S, x, y, fill, said, at in (
        ("i", rows, right, top, BLUE, '"i": k is summed', top - 26),
        ("k", columns, left, bottom, ORANGE, '"k": i is summed', bottom + cell + 20),
        ("none", whole, right, bottom, GREEN, '"": both are summed', bottom + cell + 20),
    ):
        bare = {"row_labels": [""] * len(S), "column_labels": [""] * S.shape[1], "cell": cell, "title": ""}
        draw_matrix(ax, S, x, y, name=name, fills=dict.fromkeys(np.ndindex(S.shape), fill), **bare)
        ax.text(x + S.shape[1] * cell / 2, at, said, ha="center", weight="bold")
    return Picture(
        figure,
        "The products of A and b fill a table with the rows "
        + " and ".join(f"({entries(row)})" for row in P)
        + f". Output i: the sum of each row, ({entries(rows)}). Output k: that of each column, ({entries(columns)}). "
        f"No output letter: the sum of all, {entries(whole)}. Output ik: the table itself.",
    )


def draw_wires(factors, output, told=""):
    """Arrays with a letter for each axis, wired to the sums and to the result.

    factors: [(name, letters, shape), …], whose lengths fit; output: the letters of the result; told: a line below.
    """
    lengths = {letter: n for _, letters, shape in factors for letter, n in zip(letters, shape, strict=True)}
    wide = [max(len(letters), 1) * STEP for _, letters, _ in factors]
    width = max(640, sum(wide) + GAP * (len(factors) - 1) + 80)
    string = f"{','.join(letters for _, letters, _ in factors)}->{output}"
    figure, ax = sheet(width, 400 if told else 372, f'"{string}"')
    places, left = {}, (width - sum(wide) - GAP * (len(factors) - 1)) / 2
    for (name, letters, shape), own in zip(factors, wide, strict=True):
        _block(ax, left, 44, own, name, [left + STEP * (a + 0.5) for a in range(len(letters))], shape, 90)
        for a, letter in enumerate(letters):
            places.setdefault(letter, []).append((left + STEP * (a + 0.5), 126))
        left += own + GAP
    summed = [letter for letter in lengths if letter not in output]
    ends = _spread({letter: sum(x for x, _ in places[letter]) / len(places[letter]) for letter in summed}, width)
    start = (width - max(len(output), 1) * STEP) / 2
    targets = {letter: (start + STEP * (a + 0.5), 264) for a, letter in enumerate(output)}
    for letter, starts in places.items():
        stays = letter in output
        for x, y in starts:
            end = targets[letter] if stays else (ends[letter], 188)
            style = {"color": "C0", "lw": 2} if stays else {"color": "C1", "lw": 2, "ls": "--"}
            ax.plot([x, end[0]], [y, end[1]], label=letter, zorder=2, **style)
            node(ax, (x, y), letter, 14, BLUE if stays else ORANGE, "C0" if stays else "C1", weight="bold")
    for letter, x in ends.items():
        ax.add_artist(Rectangle((x - 27, 175), 54, 26, fc=ORANGE, ec="C1", lw=1.5, zorder=3))
        ax.text(x, 188, f"sum {letter}", zorder=4, size=NOTE, **MIDDLE)
    for letter, at in targets.items():
        node(ax, at, letter, 14, BLUE, "C0", weight="bold")
    shape = tuple(lengths[letter] for letter in output)
    what = f"result {shape}" if shape else "result: one number"
    _block(ax, start - 60, 288, max(len(output), 1) * STEP + 120, what, [x for x, _ in targets.values()], shape, 304)
    if told:
        ax.text(width / 2, 384, told, size=NOTE, **MIDDLE)
    arrays = ", ".join(
        f"{name} {own} with the {'axis' if len(letters) == 1 else 'axes'} {' '.join(letters)}"
        for name, letters, own in factors
    )
    return Picture(
        figure,
        f"{arrays}. Solid wires lead from {_axes(output)} to the result, broken wires end in a sum over "
        f"{_axes(summed)}. The result has the shape {shape}."
        if shape
        else f"{arrays}. Broken wires lead from every axis to a sum, over {_axes(summed)}: one number is left.",
    )


def draw_index(string, arrays):
    """The wires of an index string such as "ik,k->i" for some arrays, a key of ARRAYS; or why it is none."""
    names = ARRAYS[arrays]
    try:
        letters, output = _parsed(string, names)
        entries_of = [Array(name, np.ones(shape))[own] for (name, shape), own in zip(names, letters, strict=True)]
        told = prod(entries_of[1:], start=entries_of[0]).explain(output)
    except ValueError as error:
        return _draw_refused(string, arrays, str(error))
    told = told[0].upper() + told[1:]
    factors = [(name, own, shape) for (name, shape), own in zip(names, letters, strict=True)]
    picture = draw_wires(factors, output, told)
    return Picture(picture.figure, f"{picture.description} {told}")


def _parsed(string, names):
    left, arrow, output = string.replace(" ", "").partition("->")
    if not arrow:
        raise ValueError("there is no -> in the string; behind it stand the letters of the result")
    letters = left.split(",")
    if len(letters) != len(names):
        expected = (
            "one array needs one group of letters before the ->, without a comma"
            if len(names) == 1
            else f"{len(names)} arrays need {len(names)} groups of letters before the ->, with commas between them"
        )
        raise ValueError(f"{expected}; got {len(letters)}")
    return letters, output


def _draw_refused(string, arrays, reason):
    string = string if len(string) <= 30 else f"{string[:29]}…"
    figure, ax = sheet(640, 400, f'"{string}" for {arrays}')
    ax.text(320, 110, "This string is refused", weight="bold", **MIDDLE)
    for k, line in enumerate(wrap(reason, 71, break_long_words=False, break_on_hyphens=False)):
        ax.text(320, 150 + 24 * k, line, **MIDDLE)
    for text in figure.findobj(Text):
        text.set_parse_math(False)  # a dollar sign is a letter that was typed
    return Picture(figure, f"No result: {reason}.")


def _block(ax, left, top, width, name, columns, lengths, row):
    """An array as a box with its name, and the length of each axis beside the axis."""
    ax.add_artist(Rectangle((left, top), width, 60, fc="white", ec="C4", lw=1.2))
    ax.text(left + width / 2, top + (18 if row < 200 else 44), name, weight="bold", **MIDDLE)
    for x, length in zip(columns, lengths, strict=True):
        ax.text(x, row, str(length), size=NOTE, **MIDDLE)


def _spread(wanted, width):
    """The same places, moved so that the boxes of two sums do not touch."""
    found, last = {}, -1e9
    for letter, x in sorted(wanted.items(), key=lambda item: item[1]):
        found[letter] = last = max(x, last + 62)
    over = max([0, last + 40 - width])
    return {letter: x - over for letter, x in found.items()}


def _axes(letters):
    return listed(letters) if letters else "no axis"
