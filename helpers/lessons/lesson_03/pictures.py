"""Pictures of lesson 03: the Jacobian by rows and by columns, and what it makes of a small square."""

import math
from typing import NamedTuple

import numpy as np

from helpers.drawing.matrices import BLUES, GREYS, ORANGES, draw_matrix, draw_pixels, entries, entry
from helpers.drawing.picture import Picture
from helpers.drawing.sheet import BLUE, GRID, HAIRLINE, LABEL, ORANGE, arrow, sheet
from helpers.drawing.table import write_line


def draw_rows_and_columns(J, row, column, outputs, inputs):
    """The Jacobian J (M, N) twice: with one row marked, and with one column marked (both counted from 1).

    outputs, inputs: the names of the M outputs and the N inputs.
    """
    M, N = J.shape
    cell, top = 54, 96
    width, height = 2 * (N * cell + 190), top + M * cell + 66
    figure, ax = sheet(width, height, f"One Jacobian, ({M}, {N}), read in two ways")
    rows = {(row - 1, j): ORANGE for j in range(N)}
    columns = {(i, column - 1): ORANGE for i in range(M)}
    readings = (
        (110, rows, f"row {row}: one output", f"how {outputs[row - 1]} changes with each input"),
        (width / 2 + 90, columns, f"column {column}: one input", f"how each output changes with {inputs[column - 1]}"),
    )
    for left, marked, name, meaning in readings:
        draw_matrix(ax, J, left, top, name=name, cell=cell, fills=marked, row_labels=outputs, column_labels=inputs)
        ax.text(left + N * cell / 2, top + M * cell + 32, meaning, ha="center")
    across, down = entries(J[row - 1]), entries(J[:, column - 1])
    return Picture(
        figure,
        f"Row {row}, ({across}), holds the slopes of the output {outputs[row - 1]} in the {N} inputs. "
        f"Column {column}, ({down}), holds the slopes of the {M} outputs in the input {inputs[column - 1]}. "
        f"They meet in {entry(J[row - 1, column - 1])}.",
    )


def draw_slopes(x, slopes):
    """A digit x (64, 1), and beside it the slopes (1, 64) of a scalar function in its pixels, by sign and size."""
    figure, ax = sheet(680, 330, "The slope of the lead of the 9 in every pixel")
    cell, top, row = 28, 56, slopes.ravel()
    largest = np.abs(row).max()
    shades = np.rint(8 * np.abs(row) / largest)
    draw_pixels(ax, np.rint(8 * x.ravel()), 60, top, cell, GREYS, "pixel: shade", ec=HAIRLINE, lw=0.5)
    for name, palette, chosen in (("down", BLUES, row < 0), ("up", ORANGES, row >= 0)):
        shown = np.where(chosen, shades, -1)
        draw_pixels(ax, shown, 390, top, cell, palette, f"{name}: shade", ec=HAIRLINE, lw=0.5)
    for k in np.flatnonzero(shades > 0):
        i, j = divmod(int(k), 8)
        dark = {"color": "white"} if shades[k] > 4 else {}
        sign, at = "+" if row[k] > 0 else "−", (390 + cell * (j + 0.5), top + cell * (i + 0.5))
        ax.text(*at, sign, ha="center", va="center_baseline", size=LABEL, **dark)
    ax.text(60 + 4 * cell, 306, "the nine, x", ha="center")
    ax.text(390 + 4 * cell, 306, "+ darker helps, − lighter helps", ha="center")
    k = int(np.abs(row).argmax())
    line, column = k // 8 + 1, k % 8 + 1
    return Picture(
        figure,
        f"The nine in 8 × 8 pixels, and beside it the {row.size} slopes. {np.sum(row > 0)} are positive: more ink "
        f"helps there; {np.sum(row < 0)} are negative. The largest in size, {entry(row[k])}, belongs to pixel "
        f"{k + 1}, in row {line} and column {column}, where the picture has {entry(x.ravel()[k])}.",
    )


# --- the exploration ------------------------------------------------------------------------------------------


class Plane(NamedTuple):
    """A map of the plane: its value and Jacobian at (a, b), and the contours of its first output."""

    value: object  # (a, b) -> (f_1, f_2)
    jacobian: object  # (a, b) -> ((J_11, J_12), (J_21, J_22))
    levels: tuple
    contour: object  # level -> (the list of x_1, the list of x_2), in closed form
    formula: str


WINDOW = 3  # the inputs shown: -WINDOW to WINDOW on both axes
ROUND = [2 * math.pi * k / 40 for k in range(41)]
ALONG = [-WINDOW + 2 * WINDOW * k / 48 for k in range(49)]
MAPS = {
    "bowl": Plane(
        lambda a, b: (a * a / 2 + b * b, b - a * a / 2),
        lambda a, b: ((a, 2 * b), (-a, 1.0)),
        tuple(0.75 * k for k in range(1, 18)),
        lambda c: ([math.sqrt(2 * c) * math.cos(s) for s in ROUND], [math.sqrt(c) * math.sin(s) for s in ROUND]),
        "f = (x₁²/2 + x₂²,  x₂ − x₁²/2)",
    ),
    "waves": Plane(
        lambda a, b: (b + math.sin(2 * a), a - b * b / 2),
        lambda a, b: ((2 * math.cos(2 * a), 1.0), (1.0, -b)),
        tuple(0.75 * k for k in range(-5, 6)),
        lambda c: (ALONG, [c - math.sin(2 * a) for a in ALONG]),
        "f = (x₂ + sin 2x₁,  x₁ − x₂²/2)",
    ),
}


def draw_linear_map(which, x1, x2, angle, h):
    """A map of the plane near the point (x1, x2): contours and gradient of its first output, and a small square.

    which: a key of MAPS; angle: of the direction e, in degrees; h: the side of the square and the step along e.
    """
    plane = MAPS[which]
    e = (math.cos(math.radians(angle)), math.sin(math.radians(angle)))
    J = plane.jacobian(x1, x2)
    figure, page = sheet(820, 600, plane.formula)
    _draw_inputs(figure.add_axes((0.08, 0.36, 0.38, 0.52)), plane, (x1, x2), e, J[0], h)
    _draw_outputs(figure.add_axes((0.58, 0.36, 0.38, 0.52)), plane, (x1, x2), e, J, h)
    residuals = [(s, math.hypot(*_difference(plane, (x1, x2), e, J, s))) for s in (h, h / 2, h / 4)]
    slope = _times(J, e)[0]
    # Four texts in place of a legend, which takes as long as all of its curves.
    for left, text, color in (
        (470, "━━ by f", "C4"),
        (556, "╍╍ by J", "C0"),
        (636, "→ Je", "C2"),
        (700, "━● residual", "C3"),
    ):
        page.text(left, 451, text, color=color)
    _draw_numbers(page, J, slope, residuals)
    stands = "is no arrow at" if math.hypot(*J[0]) < 1e-9 else "is at a right angle to"
    return Picture(
        figure,
        f"At x = ({entries((x1, x2))}) the gradient of f₁, ({entries(J[0])}), {stands} the contour f₁ = "
        f"{entry(plane.value(x1, x2)[0])}, and the slope along e, at {angle}°, is {entry(slope, 3)}. J makes of the "
        f"square a parallelogram with its columns, ({entries((J[0][0], J[1][0]))}) and "
        f"({entries((J[0][1], J[1][1]))}), as sides. The residual f(x + he) − f(x) − hJe has the length "
        f"{residuals[0][1]:.3g} for h = {entry(h, 4)} and "
        f"{residuals[2][1]:.3g} for h/4; divided by the step squared, {residuals[0][1] / h**2:.3f} and "
        f"{residuals[2][1] / (h / 4) ** 2:.3f}.",
    )


def _draw_inputs(ax, plane, x, e, gradient, h):
    lines = [np.array(plane.contour(level), float) for level in plane.levels]
    gap = np.full((2, 1), np.nan)  # one artist for all contours
    ax.plot(*np.hstack([part for line in lines for part in (line, gap)]), "C0", lw=0.6, label="_contours")
    ax.plot(*plane.contour(plane.value(*x)[0]), "C0", lw=2.2, label="_contour through x")
    a, b = x
    ax.plot([a, a + h, a + h, a, a], [b, b, b + h, b + h, b], "C4", lw=1.2, label="_square")
    half = gradient[0] / 2, gradient[1] / 2
    side = 1 if e[1] * half[0] >= e[0] * half[1] else -1  # on which side of the gradient e lies
    _draw_vector(ax, x, e, "C2", label="_e")
    _label(ax, x, e, "e", "C2", side)
    if _draw_vector(ax, x, half, "C1", label="_gradient"):
        _label(ax, x, half, "½∇f₁", "C1", -side)
    ax.plot(a, b, "C4o", ms=5, zorder=4)
    shown, ticks = (-WINDOW, WINDOW), (-2, 0, 2)
    ax.set(xlim=shown, ylim=shown, xticks=ticks, yticks=ticks, xlabel="x₁", ylabel="x₂", title="inputs: contours of f₁")
    ax.grid(visible=False)


def _draw_outputs(ax, plane, x, e, J, h):
    edge = [k / 8 for k in range(9)]
    square = [(s, 0) for s in edge] + [(1, s) for s in edge] + [(1 - s, 1) for s in edge] + [(0, 1 - s) for s in edge]
    start = plane.value(*x)

    def moved(u):  # what f does to the step h u, divided by h
        end = plane.value(x[0] + h * u[0], x[1] + h * u[1])
        return (end[0] - start[0]) / h, (end[1] - start[1]) / h

    curved, flat = [moved(u) for u in square], [_times(J, u) for u in ((0, 0), (1, 0), (1, 1), (0, 1))]
    by_f, by_J = moved(e), _times(J, e)
    reach = max(abs(v) for point in [*curved, *flat, by_f, by_J] for v in point)
    reach = next(r for r in (2, 3, 4, 6, 8, 12) if reach < 0.92 * r)
    shown, ticks, units = (-reach, reach), (-reach, 0, reach), range(1 - reach, reach)
    # Lines at whole numbers, so that the columns of J can be read off; a tick for each would take too long.
    ax.hlines(units, *shown, color=GRID, lw=0.8, zorder=0)
    ax.vlines(units, *shown, color=GRID, lw=0.8, zorder=0)
    ax.fill(*zip(*flat, strict=True), fc=BLUE, ec="C0", ls="--", lw=1.5, label="by J")
    ax.plot(*zip(*curved, strict=True), "C4", lw=1.5, label="by f")
    _draw_vector(ax, (0, 0), by_J, "C2", label="Je")
    ax.plot([by_J[0], by_f[0]], [by_J[1], by_f[1]], "C3o-", lw=3, ms=5, markevery=[1], zorder=4, label="residual")
    ax.plot(0, 0, "C4o", ms=5, zorder=4)
    ax.set(xlim=shown, ylim=shown, xticks=ticks, yticks=ticks, title="outputs: the square, by f and by J")
    ax.set(xlabel="change of f₁, divided by h", ylabel="change of f₂, divided by h")


def _draw_numbers(page, J, slope, residuals):
    left, top, cell = 60, 488, 52
    names = {"row_labels": ["f₁", "f₂"], "column_labels": ["x₁", "x₂"]}
    draw_matrix(page, np.array(J), left, top, name="J at x", cell=cell, **names)
    page.text(190, top + cell / 2, f"row 1 times e: the slope {entry(slope, 3)}", va="center_baseline")
    page.text(190, top + 1.5 * cell, "the columns: the sides by J", va="center_baseline")
    columns = (">11", ">11", ">19")
    write_line(page, 787, top, ("step", "residual", "residual / step²"), columns, ha="right", weight="bold")
    for k, (step, size) in enumerate(residuals):
        cells = f"{('h', 'h/2', 'h/4')[k]} = {entry(step, 4)}", f"{size:.3g}", f"{size / step**2:.3f}"
        write_line(page, 787, top + 28 * (k + 1), cells, columns, ha="right")


def _draw_vector(ax, start, vector, color, label):
    """An arrow over all lines; returns False, and draws none, where it would be shorter than its head."""
    seen = math.hypot(*vector) > 0.05
    if seen:
        end = start[0] + vector[0], start[1] + vector[1]
        arrow(ax, start, end, color, 2.2, zorder=3, label=label)
    return seen


def _label(ax, start, arrow, text, color, side):
    """Beside the tip of an arrow, turned away from it to the left (side = 1) or to the right (-1)."""
    turn = math.atan2(arrow[1], arrow[0]) + side * math.radians(50)
    right, up = math.cos(turn), math.sin(turn)
    anchor = "center" if abs(right) < 0.4 else "left" if right > 0 else "right"
    tip = start[0] + arrow[0], start[1] + arrow[1]
    over = {"fc": "white", "ec": "none", "alpha": 0.8, "pad": 0.5}
    style = {"color": color, "weight": "bold", "ha": anchor, "va": "center_baseline", "bbox": over}
    ax.annotate(text, tip, (8 * right, 9 * up), textcoords="offset points", **style)


def _difference(plane, x, e, J, h):
    start, end, along = plane.value(*x), plane.value(x[0] + h * e[0], x[1] + h * e[1]), _times(J, e)
    return end[0] - start[0] - h * along[0], end[1] - start[1] - h * along[1]


def _times(J, u):
    return J[0][0] * u[0] + J[0][1] * u[1], J[1][0] * u[0] + J[1][1] * u[1]
