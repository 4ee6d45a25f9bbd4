"""Pictures of lesson 12: a digit read wrongly, a tuple transposed, one layer backwards, δ and its outer product."""

import numpy as np
from matplotlib.patches import Rectangle

from helpers.activations import Softmax
from helpers.drawing.matrices import BLUES, GREYS, ORANGES, draw_matrix, draw_pixels, entries, entry
from helpers.drawing.picture import Picture
from helpers.drawing.scripts import lowered
from helpers.drawing.sheet import BLUE, GREEN, GRID, HAIRLINE, NOTE, ORANGE, arrow, node, sheet
from helpers.drawing.template import template
from helpers.index_notation import derivative_array

# Where the exploration starts: layer 1 of the lesson's small network, rounded. Its bias is whatever gives this z.
START = {"u": (1.9, -0.6), "z": (0.7, -1.4), "x": (0.2, 1.0, -0.8)}
ENTRIES = {f"{letter}{lowered(k + 1)}": (letter, k) for letter, start in START.items() for k in range(len(start))}


def _draw_framed(ax, pixels, left, top, cell, colours, largest=1.0, label=""):
    """64 numbers, row by row, as 8 × 8 squares in a frame: the darker, the larger in size."""
    shades = np.rint(8 * np.abs(pixels.ravel()) / largest)
    draw_pixels(ax, shades, left, top, cell, colours, f"{label}: shade", ec=HAIRLINE, lw=0.5)
    ax.add_artist(Rectangle((left, top), 8 * cell, 8 * cell, fill=False, ec="C4", lw=1))


def draw_reading(x, scores, y):
    """A digit x (64, 1), and the probabilities of the ten digits by scores (10, 1); y (10, 1) marks the right one."""
    p = Softmax()(scores).ravel()
    said, meant = int(p.argmax()), int(y.argmax())
    figure, ax = sheet(760, 300, f"A {meant} that is read as a {said}")
    _draw_framed(ax, x, 60, 62, 25, GREYS, label="x")
    ax.text(160, 286, "x: 8 × 8 pixels, (64, 1)", ha="center", size=NOTE)
    ax.text(540, 52, "p, from the ten scores", ha="center", weight="bold")
    for digit, share in enumerate(p):
        top = 64 + 22 * digit
        answers = {said: f"{share:.2f}, its answer", meant: f"{share:.2f}, what it should be"}
        fill, edge = {said: (ORANGE, "C1"), meant: (GREEN, "C2")}.get(digit, (GRID, "C5"))
        ax.text(380, top + 8, str(digit), ha="right", va="center_baseline", size=NOTE)
        bar = Rectangle((390, top), 200 * share, 16, fc=fill, ec=edge, lw=1, label=f"p[{digit}]")
        ax.add_artist(bar)
        ax.text(398 + 200 * share, top + 8, answers.get(digit, f"{share:.2f}"), va="center_baseline", size=NOTE)
    return Picture(
        figure,
        f"The picture of a {meant} in 8 × 8 pixels, and how the network divides its belief among the ten digits: "
        f"{p[said]:.2f} for {said}, {p[meant]:.2f} for {meant}.",
    )


def draw_transpose(rows):
    """A tuple of N rows (1, M), its transpose leaf by leaf, and the matrix (M, N) that the columns make."""
    N, M, cell = len(rows), rows[0].shape[1], 48
    width, middle = 306 + M * 48 + N * 114, 76 + 36 * max(N, M)
    figure, ax = sheet(width, 96 + 72 * max(N, M), "Each item is transposed, and keeps its place")
    sign = {"size": 15, "ha": "center", "va": "center_baseline"}
    blank = {"row_labels": [""] * M, "column_labels": [""] * M, "cell": cell}

    ax.text(52 + M * cell / 2, 52, f"{N} rows (1, {M})", ha="center", weight="bold")
    for j, row in enumerate(rows):
        top = middle - 36 * N + 72 * j + 12
        draw_matrix(ax, row, 52, top, name=f"row {j + 1}", title="", **blank)
        ax.text(30, top + cell / 2, f"w{lowered(j + 1)}", ha="center", va="center_baseline", color="C0", weight="bold")
    arrow(ax, (70 + M * cell, middle), (130 + M * cell, middle), width=2)
    ax.text(100 + M * cell, middle - 10, "transposed", ha="center", size=NOTE)

    left = 160 + M * cell
    ax.text(left + N * 66 / 2 - 9, 52, f"{N} columns ({M}, 1)", ha="center", weight="bold")
    for j, row in enumerate(rows):
        at = left + 66 * j
        draw_matrix(ax, row.T, at, middle - M * cell / 2, name=f"column {j + 1}", title="", **blank)
        ax.text(at + cell / 2, middle + M * cell / 2 + 22, f"w{lowered(j + 1)}", ha="center", color="C0", weight="bold")
    ax.text(left + 66 * N + 12, middle, "=", **sign)

    at = left + 66 * N + 62
    A = np.hstack([row.T for row in rows])
    ax.text(at + N * cell / 2, 52, f"one matrix ({M}, {N})", ha="center", weight="bold")
    draw_matrix(ax, A, at, middle - M * cell / 2, name="matrix", title="", cell=cell)
    return Picture(
        figure,
        f"A tuple of {N} rows becomes a tuple of {N} columns: the row of w{lowered(1)}, ({entries(rows[0])}), becomes "
        f"the column of w{lowered(1)}, and so on; none changes its place. Side by side the columns are a matrix "
        f"({M}, {N}), with the rows " + " and ".join(f"({entries(row)})" for row in A) + ".",
    )


def draw_backward(M, N):
    """One layer of N inputs and M units as a graph: values run forward over its edges, gradients back under them."""
    figure, ax = sheet(800, 286, "One layer: values forward, gradients back")
    places = {"n⁽ⁱ⁻¹⁾": (90, 120), "z": (330, 120), "n": (560, 120), "L": (730, 120)}
    for name, at in places.items():
        node(ax, at, name, 30, BLUE if name != "L" else "white", "C0" if name != "L" else "C4", weight="bold")
    (x0, y), (x1, _), (x2, _), (x3, _) = places.values()
    for start, end, forward, label in (
        (x0, x1, f"W · + b,  W ({M}, {N})", "affine"), (x1, x2, "σ, entry by entry", "activation"),
        (x2, x3, "the layers above", "above"),
    ):  # fmt: skip
        dotted = {"ls": ":"} if label == "above" else {}
        arrow(ax, (start + 32, y - 9), (end - 32, y - 9), width=1.8, label=label, **dotted)
        arrow(ax, (end - 32, y + 9), (start + 32, y + 9), "C1", 1.8, label=f"{label}, back", **dotted)
        ax.text((start + end) / 2, y - 46 if label == "above" else y - 20, forward, ha="center", size=NOTE)
    for at, text in ((x0, f"Wᵀδ  ({N}, 1)"), (x1, f"δ = d_σ ⊙ u  ({M}, 1)"), (x2, f"u  ({M}, 1)")):
        ax.text(at, y + 54, text, ha="center", color="C1", weight="bold")
    arrow(ax, (x1, y + 64), (x1, y + 100), "C1", 1.8, label="parameters")
    ax.text(x1, y + 122, f"gradient for b:  δ  ({M}, 1)", ha="center", color="C1", weight="bold")
    ax.text(x1, y + 146, f"gradient for W:  δ n⁽ⁱ⁻¹⁾ᵀ  ({M}, {N})", ha="center", color="C1", weight="bold")
    return Picture(
        figure,
        f"Forward, over the arrows: the {N} inputs become {M} numbers z, these become the {M} outputs n, and the "
        f"layers above make the loss L of them. Back, under the arrows: u of shape ({M}, 1) comes from above, times "
        f"the slopes it is δ, and Wᵀδ of shape ({N}, 1) goes on to the layer below. From δ come the gradient for b, "
        f"which is δ, and that for W, δ times the row of the inputs, ({M}, {N}).",
    )


@template
def _outer_page():
    """What no entry changes: the signs between the matrices, and what stands under them."""
    figure, ax = sheet(800, 354, "δ and the gradient for W")
    for at, sign in ((111, "→"), (201, "⊙"), (291, "="), (384, "·")):
        ax.text(at, 236, sign, size=15, ha="center", va="center_baseline")
    for at, name in ((500, "δxᵀ"), (698, "measured")):
        ax.text(at, 318, name, ha="center", weight="bold")
    ax.text(36, 342, "orange: chosen · blue: what depends on it", size=NOTE)
    return figure


def draw_outer(which, value):
    """δ = d_σ ⊙ u and δxᵀ of a tanh layer 3 → 2, with one entry, such as "u₁", set to a value; beside it, measured."""
    letter, k = ENTRIES[which]
    numbers = {name: np.array(start).reshape(-1, 1) for name, start in START.items()}
    numbers[letter][k] = value
    u, z, x = numbers.values()
    d_sigma = 1 - np.tanh(z) ** 2
    delta = d_sigma * u
    product = delta @ x.T
    W = np.array([[0.5, -1.0, 0.3], [1.2, 0.4, -0.7]])
    b = z - W @ x
    measured = derivative_array(lambda W: (u * np.tanh(W @ x + b)).sum(), W)

    figure = _outer_page()
    figure.suptitle(f"{which} = {entry(value)}: δ and the gradient for W", y=1 - 14 / 354, va="center_baseline")
    [ax], cell, top = figure.axes, 60, 176
    chosen, depends = {(k, 0): ORANGE}, {(k, 0): BLUE} if letter != "x" else {}
    for name, column, left, fills in (
        ("z", z, 36, chosen if letter == "z" else {}),
        ("d_σ", d_sigma, 126, depends if letter == "z" else {}),
        ("u", u, 216, chosen if letter == "u" else {}),
        ("δ", delta, 306, depends),
    ):
        labels = {"column_labels": [""], "row_labels": None if name == "z" else ["", ""]}
        draw_matrix(ax, column, left, top, name=name, cell=cell, digits=3, fills=fills, **labels)
    row = {(0, k): ORANGE} if letter == "x" else {}
    draw_matrix(ax, x.T, 410, 78, name="xᵀ", cell=cell, fills=row, row_labels=[""])
    cells = {(i, j): BLUE for i, j in np.ndindex(2, 3) if (j if letter == "x" else i) == k}
    for name, table, left in (("δxᵀ", product, 410), ("measured", measured, 608)):
        blank = {"title": "", "column_labels": [""] * 3, "row_labels": ["", ""]}
        draw_matrix(ax, table, left, top, name=name, cell=cell, digits=3, fills=cells, **blank)
    gap = np.abs(product - measured).max()
    verdict = "below 1e-12" if gap < 1e-12 else f"{gap:.1e}"
    ax.text(599, top + 2 * cell + 46, f"largest difference {verdict}", ha="center", size=NOTE)
    part = f"column {k + 1}" if letter == "x" else f"row {k + 1}"
    return Picture(
        figure,
        f"With {which} = {entry(value)}: z = ({entries(z)}), the slopes d_σ = ({entries(d_sigma, 3)}), "
        f"u = ({entries(u)}), so that δ = ({entries(delta, 3)}). Times xᵀ = ({entries(x)}) this gives the rows "
        f"({entries(product[0], 3)}) and ({entries(product[1], 3)}); {part} depends on {which}. Measured weight by "
        f"weight the gradient is the same, largest difference {verdict}.",
    )


def draw_gradient_rows(delta, x, units):
    """Rows of the gradient δxᵀ of a layer that sees x (64, 1), each as 8 × 8 pixels, for some units (from 1)."""
    figure, ax = sheet(820, 226, "Rows of the gradient: one picture, times a number for each unit")
    largest, cell, told = np.abs(delta[[m - 1 for m in units]]).max() * np.abs(x).max(), 15, []
    for k, (name, factor, row, shades) in enumerate((
        ("x", None, x.ravel(), GREYS),
        *((f"unit {m}", delta[m - 1, 0], delta[m - 1, 0] * x.ravel(), BLUES if delta[m - 1, 0] < 0 else ORANGES)
          for m in units),
    )):  # fmt: skip
        left = 30 + k * 158
        _draw_framed(ax, row, left, 70, cell, shades, np.abs(x).max() if factor is None else largest, label=name)
        title = "the picture x" if factor is None else f"{name}: x times {entry(factor)}"
        ax.text(left + 4 * cell, 60, title, ha="center", size=NOTE, weight="bold" if factor is None else "normal")
        if factor is not None:
            told.append(f"{entry(factor)} for unit {name.removeprefix('unit ')}")
    ax.text(30, 212, "the darker, the larger in size; blue: every slope in the row is negative or 0, "
                     "orange: positive or 0", size=NOTE)  # fmt: skip
    return Picture(
        figure,
        f"The picture x and {len(units)} rows of the gradient for the weights of layer 0, as 8 × 8 pixels. Each row is "
        f"x times the δ of its unit: {', '.join(told)}. Where a pixel is 0, the slope is 0 in every row.",
    )
