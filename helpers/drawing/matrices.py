"""Matrices drawn as matrices: one cell an entry, zeros greyed, rows and columns labelled by index."""

import numpy as np
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from .sheet import TINY

GREY, EDGE, ZERO = "C5", "#B0B0B0", "#F4F4F4"


def draw_matrix(
    ax, A, left, top, *, name="", title=None, cell=44, digits=2, fills=None, row_labels=None, column_labels=None
):
    """Draw the 2-D array A on a sheet, with its first cell at (left, top); returns (width, height) in its units.

    ax:      axes whose y axis points down, as those of `sheet`.
    A:       numbers or texts, (M, N).
    name:    written above, or `title` in its place; the artists of entry (i, j) have the label "name[i,j]", by which
             a test finds them.
    fills:   {(i, j): colour} for cells to stand out; those also get a thick frame, never colour alone.
    labels:  one for each row or column; without them the indices 1, 2, …, as in the mathematics.

    Raises ValueError for an array that is no matrix.
    """
    A = np.asarray(A)
    if A.ndim != 2:
        raise ValueError(f"expected a matrix (M, N), got shape {A.shape}; a column is (N, 1)")
    M, N = A.shape
    fills = fills or {}
    rows = row_labels or [str(i + 1) for i in range(M)]
    columns = column_labels or [str(j + 1) for j in range(N)]
    corners = {(i, j): (left + j * cell, top + i * cell) for i, j in np.ndindex(M, N)}
    zeros = {at for at in corners if not isinstance(A[at], str) and A[at] == 0}
    if title := name if title is None else title:
        ax.text(left + N * cell / 2, top - (26 if any(columns) else 10), title, ha="center", weight="bold")
    for j, label in enumerate(columns):
        ax.text(left + (j + 0.5) * cell, top - 6, label, size=TINY, color=GREY, ha="center")
    for i, label in enumerate(rows):
        ax.text(left - 7, top + (i + 0.5) * cell, label, size=TINY, color=GREY, ha="right", va="center_baseline")
    for fill, places in (("white", corners.keys() - zeros), (ZERO, zeros)):
        draw_squares(ax, [corners[at] for at in corners if at in places and at not in fills], cell, fc=fill)
    for at, fill in fills.items():
        draw_squares(ax, [corners[at]], cell, fc=fill)
        inner = corners[at][0] + 1.5, corners[at][1] + 1.5
        draw_squares(ax, [inner], cell - 3, fill=False, ec="C4", lw=1.5, label=f"{name}[{at[0]},{at[1]}]")
    for (i, j), (x, y) in corners.items():
        text = entry(A[i, j], digits)
        ax.text(
            x + cell / 2,
            y + cell / 2,
            text,
            size=min(10, 1.05 * cell / max(len(text), 1)),
            color=GREY if (i, j) in zeros and (i, j) not in fills else "C4",
            ha="center",
            va="center_baseline",
            label=f"{name}[{i},{j}]",
        )
    return N * cell, M * cell


def draw_squares(ax, corners, size, ec=EDGE, lw=0.8, **style):
    """Squares of one style with these upper left corners, as one artist: a picture has hundreds."""
    if corners:
        outline = np.array([(0, 0), (size, 0), (size, size), (0, size), (0, 0)])
        path = Path.make_compound_path(*(Path(outline + corner, closed=True) for corner in corners))
        ax.add_artist(PathPatch(path, ec=ec, lw=lw, **style))


def _shades(*full):
    """Nine colours from white to a colour (red, green, blue), each from 0 to 255."""
    return [f"#{''.join(f'{round(255 + (end - 255) * k / 8):02X}' for end in full)}" for k in range(9)]


GREYS, BLUES, ORANGES = _shades(0x22, 0x22, 0x22), _shades(0x00, 0x72, 0xB2), _shades(0xB8, 0x4F, 0x00)


def draw_pixels(ax, shades, left, top, cell, colours, label, **style):
    """64 whole numbers, row by row, as 8 × 8 squares: number k in colours[k], one artist for each, "label k"."""
    corners = [(left + j * cell, top + i * cell) for i, j in np.ndindex(8, 8)]
    for k, colour in enumerate(colours):
        places = [corner for corner, shade in zip(corners, shades, strict=True) if shade == k]
        draw_squares(ax, places, cell, fc=colour, label=f"{label} {k}", **style)


def entry(value, digits=2):
    """A number as it stands in a cell: at most `digits` decimals, a true minus sign, no negative zero."""
    if isinstance(value, str):
        return value
    text = f"{float(value) + 1e-9:.{digits}f}"
    if "." in text:
        text = text.rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text.replace("-", "\N{MINUS SIGN}")


def entries(values, digits=2):
    """The numbers of an array as a sentence lists them: 1, −2, 0.5."""
    return ", ".join(entry(v, digits) for v in np.ravel(values))
