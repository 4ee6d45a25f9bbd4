"""The pictures of lesson 00: the map of the course, the card of conventions, and one number in six layouts."""

import numpy as np
from matplotlib.patches import Rectangle

from helpers.drawing.matrices import draw_matrix
from helpers.drawing.picture import Picture
from helpers.drawing.sheet import BLUE, ORANGE, arrow, box, sheet
from helpers.lessons.syllabus import SYLLABUS, written

# --- the map ----------------------------------------------------------------------------------------------------

# A lesson's row follows from what it needs. Its column, from 0 to 2, is chosen so that no arrow crosses a lesson.
ACROSS = {0: 1, 1: 0.5, 2: 1.5, 3: 1, 4: 0, 5: 1, 6: 1, 7: 0, 8: 1, 9: 1, 10: 0, 11: 0.5, 12: 1, 13: 1, 14: 2, 15: 2}
ACROSS |= {16: 1, 17: 0, 18: 1, 19: 2, 20: 2}
WIDTH, HEIGHT = 196, 42  # of a lesson's box


def draw_map(ready=None):
    """The lessons of the course, with an arrow from each to those that build on it.

    ready: numbers of the lessons that are there (without it, those with a notebook); the others have dashed frames.
    """
    ready = set(written() if ready is None else ready)
    figure, ax = sheet(760, 824, "The map: an arrow leads from a lesson to one that builds on it")
    for number, lesson in SYLLABUS.items():
        for other in lesson.needs:
            (x0, y0), (x1, y1) = _place(other), _place(number)
            lean = 0.33 * (x1 - x0)  # leave and arrive off the middle, so that the arrow is steep
            start, end = (x0 + lean, y0 + HEIGHT / 2), (x1 - lean, y1 - HEIGHT / 2 - 1)
            arrow(ax, start, end, "C5", label=f"{other:02} → {number:02}")
    for number, lesson in SYLLABUS.items():
        (x, y), there = _place(number), number in ready
        left = x - WIDTH / 2
        _frame(ax, left, y - HEIGHT / 2, WIDTH, HEIGHT, there, label=f"{number:02}")
        ax.text(left + 10, y, f"{number:02}", weight="bold" if there else "normal", va="center_baseline")
        ax.text(left + 38, y, _in_two_lines(lesson.title), va="center")
    described = f"{len(SYLLABUS)} lessons"
    if ready < set(SYLLABUS):
        described += f". Written so far: {_and(sorted(ready))}; those to come have dashed frames"
        for y, there, meaning in ((58, True, "written"), (84, False, "still to come")):
            _frame(ax, 32, y - 8, 32, 16, there)
            ax.text(74, y, meaning, va="center_baseline")
    needs = "; ".join(f"{n:02} needs {_and(lesson.needs)}" for n, lesson in SYLLABUS.items() if lesson.needs)
    return Picture(figure, f"{described}. {needs}.")


def _row(number):
    """One below the lowest of the lessons that it needs."""
    return max((_row(other) + 1 for other in SYLLABUS[number].needs), default=0)


def _place(number):
    """The middle of a lesson's box."""
    return 130 + 250 * ACROSS[number], 62 + 66 * _row(number)


def _frame(ax, left, top, width, height, there, **label):
    look = {"fc": BLUE, "ec": "C0", "lw": 1.5} if there else {"fc": "white", "ec": "C5", "lw": 1.2, "ls": "--"}
    ax.add_artist(Rectangle((left, top), width, height, **look, **label))


def _in_two_lines(title):
    """A long title broken at the space that leaves the shorter lines."""
    broken = [title[:k] + "\n" + title[k + 1 :] for k in range(len(title)) if title[k] == " "]
    return min(broken, key=lambda text: max(map(len, text.split("\n")))) if len(title) > 18 else title


def _and(numbers):
    *most, last = (f"{number:02}" for number in numbers)
    return f"{', '.join(most)} and {last}" if most else last


# --- the card ---------------------------------------------------------------------------------------------------


def draw_conventions():
    """The eight conventions of the course, each with its drawing, for N = 3, M = 2 and B = 4; first their letters."""
    figure, ax = sheet(846, 656, "The conventions, for N = 3 inputs, M = 2 outputs and B = 4 samples")
    panels = (
        (_letters, "The letters", ""),
        (_point, "A vector is a column", "x: (N, 1) = (3, 1)\ntwo axes, never one"),
        (
            _jacobian,
            "A Jacobian: row = output",
            "df/dx: (M, N) = (2, 3); ∂f₁/∂x₂ is\nthe slope of output 1 for input 2",
        ),
        (
            _gradient,
            "A gradient: as its parameter",
            "∇L for W is (M, N), for x it is (N, 1);\na derivative dL/dx is a row",
        ),
        (_batch, "A batch: column = sample", "X: (N, B) = (3, 4)\none bias b, added to each column"),
        (_layers, "Layers 0, 1, …, k", "k + 1 layers, numbered i = 0 to k;\nn⁽⁻¹⁾ is the input x of the network"),
        (_circles, "∘ is not ⊙", "∘ composes functions: g acts first;\n⊙ multiplies entry by entry"),
        (_axes, "The number of axes", "is the length of the shape;\nrank means something else"),
        (_order, "Products keep their order", "Here AC does not fit; where both\norders fit, the results may differ"),
    )
    for k, (draw, title, sentence) in enumerate(panels):
        left, top = 12 + 276 * (k % 3), 38 + 205 * (k // 3)
        ax.add_artist(Rectangle((left, top), 270, 199, fc="none", ec="#D8D8D8"))
        ax.text(left + 12, top + 24, title, weight="bold")
        ax.text(left + 12, top + 190, sentence, size=9, va="bottom")
        draw(ax, left, top)
    return Picture(
        figure,
        "A layer turns inputs x into z = Wx + b, and its activation σ turns z into n; L is the loss. "
        "A point is a column (3, 1), a Jacobian is (2, 3) with a row for each output, a gradient has the shape of its "
        "parameter while the derivative of a number is a row, and a batch (3, 4) holds one sample in each column. "
        "Layers are numbered 0 to k, ∘ composes and ⊙ multiplies entry by entry, axes are counted as in (2, 3, 4), and "
        "a product such as (4, 2)(2, 3) keeps its written order.",
    )


def _grid(ax, name, texts, left, top, cell=38, **style):
    """A matrix without indices at its sides; `texts` are its entries, or its shape where they do not matter."""
    entries = np.full(texts, "") if isinstance(texts, tuple) else np.array(texts)
    rows, columns = entries.shape
    blank = {"title": "", "row_labels": [""] * rows, "column_labels": [""] * columns}
    draw_matrix(ax, entries, left, top, name=name, cell=cell, **blank | style)


def _letters(ax, left, top):
    meanings = {
        "x, X": "inputs; those of a batch",
        "W, b": "weights, biases of a layer",
        "z": "Wx + b",
        "σ": "activation, a function of z",
        "n": "σ(z), outputs of the layer",
        "L": "the loss, one number",
        "f, g": "any functions",
    }
    for k, (letter, meaning) in enumerate(meanings.items()):
        ax.text(left + 12, top + 50 + 22 * k, letter)
        ax.text(left + 56, top + 50 + 22 * k, meaning, size=9)


def _point(ax, left, top):
    _grid(ax, "x", [["x₁"], ["x₂"], ["x₃"]], left + 116, top + 38)


def _jacobian(ax, left, top):
    slopes = [[f"∂f{i}/∂x{j}" for j in "₁₂₃"] for i in "₁₂"]
    row = dict.fromkeys([(0, 0), (0, 1), (0, 2)], ORANGE)
    _grid(ax, "df/dx", slopes, left + 45, top + 36, cell=60, fills=row)


def _gradient(ax, left, top):
    parts = ((12, 50, "W and ∇L for W", (2, 3)), (142, 50, "x and ∇L for x", (3, 1)), (12, 122, "dL/dx", (1, 3)))
    for x, y, name, shape in parts:
        ax.text(left + x, top + y, name, size=9)
        _grid(ax, name, shape, left + x, top + y + 6, cell=22)


def _batch(ax, left, top):
    sample = dict.fromkeys([(0, 1), (1, 1), (2, 1)], ORANGE)
    _grid(ax, "X", (3, 4), left + 71, top + 56, cell=32, fills=sample)
    ax.text(left + 119, top + 50, "sample 2", size=9, ha="center")


def _layers(ax, left, top):
    ax.text(left + 135, top + 60, "z⁽ⁱ⁾ = W⁽ⁱ⁾ n⁽ⁱ⁻¹⁾ + b⁽ⁱ⁾", ha="center")
    for k, name in enumerate(("x", "0", "1", "…", "k", "L")):
        x, y = left + 25 + 44 * k, top + 92
        if k:
            arrow(ax, (x - 30, y), (x - 14, y), "C5", mutation_scale=9)
        if name in "01k":
            box(ax, x - 13, y - 18, 26, 36, name, BLUE, "C0")
        else:
            ax.text(x, y, name, ha="center", va="center_baseline")
    ax.text(left + 135, top + 136, "n⁽ⁱ⁾ = σ⁽ⁱ⁾(z⁽ⁱ⁾)", ha="center")


def _circles(ax, left, top):
    ax.text(left + 135, top + 56, "(f ∘ g)(x) = f(g(x))", ha="center")
    for k, (column, sign) in enumerate((([["2"], ["3"]], "⊙"), ([["4"], ["5"]], "="), ([["8"], ["15"]], ""))):
        _grid(ax, f"factor {k}", column, left + 47 + 70 * k, top + 74, cell=36)
        ax.text(left + 100 + 70 * k, top + 110, sign, size=14, ha="center", va="center_baseline")


def _axes(ax, left, top):
    for k, shape in enumerate(((), (3,), (3, 1), (2, 3, 4))):
        ax.text(left + 40, top + 56 + 26 * k, str(shape))
        ax.text(left + 150, top + 56 + 26 * k, f"{len(shape)} ax{'i' if len(shape) == 1 else 'e'}s")


def _order(ax, left, top):
    for x, name, shape, sign in ((20, "C", (4, 2), "·"), (96, "A", (2, 3), "="), (194, "CA", (4, 3), "")):
        _grid(ax, name, shape, left + x, top + 56, cell=22)
        ax.text(left + x + 11 * shape[1], top + 50, f"{name} {shape}", size=9, ha="center")
        ax.text(left + x + 22 * shape[1] + 16, top + 82, sign, size=14, ha="center", va="center_baseline")


# --- one number in six layouts ------------------------------------------------------------------------------------

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
        ax.add_artist(Rectangle((middle - 174, 38), 348, 384, fc="none", ec="#D8D8D8"))
        ax.text(middle, 64, which, weight="bold", ha="center")
        ax.text(middle, 88, layer, family="monospace", ha="center")
        _draw_pieces(ax, side, arrays[which], layout(there), middle, 238, cell)
        ax.text(middle, 384, address, family="monospace", size=12, ha="center")
        ax.text(middle, 408, shape, ha="center")
    arrow(ax, (370, 238), (430, 238), "C1", 2.5)
    ax.text(400, 222, "the same\nnumber", size=9, ha="center")
    ax.text(400, 450, effect, ha="center")
    return Picture(
        figure,
        f"{_capital(number)} is {ARRAYS[key][i, j]:g}. In this course it is {places[0]}; "
        f"in the notation of {notation.split(' (')[0]} it is {places[1]}. {effect} "
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
