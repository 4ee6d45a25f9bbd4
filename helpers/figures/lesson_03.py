"""Pictures of lesson 03: the Jacobian by rows and by columns, what it leaves over, and a small square under it."""

import math
from typing import NamedTuple

import numpy as np

from helpers.figures.axes import Axes, plot
from helpers.figures.canvas import Figure
from helpers.figures.matrices import draw_matrix, entry

MARK = "#F0E442"


def draw_rows_and_columns(J, row, column, outputs, inputs):
    """The Jacobian J (M, N) twice: with one row marked, and with one column marked (both counted from 1).

    outputs, inputs: the names of the M outputs and the N inputs.
    """
    M, N = J.shape
    cell, top = 54, 112
    width, height = 2 * (N * cell + 190), top + M * cell + 66
    figure = Figure(width, height, f"One Jacobian, ({M}, {N}), read in two ways")
    rows = {(row - 1, j): MARK for j in range(N)}
    columns = {(i, column - 1): MARK for i in range(M)}
    readings = (
        (110, rows, f"row {row}: one output", f"how {outputs[row - 1]} answers to each input"),
        (width / 2 + 90, columns, f"column {column}: one input", f"how each output answers to {inputs[column - 1]}"),
    )
    for left, marked, name, meaning in readings:
        draw_matrix(figure, J, left, top, name=name, cell=cell, colors=marked,
                    row_labels=outputs, column_labels=inputs)  # fmt: skip
        figure.text(left + N * cell / 2, top + M * cell + 32, meaning, anchor="middle")
    across, down = _list(J[row - 1]), _list(J[:, column - 1])
    return figure.describe(
        f"Row {row}, {across}, holds the slopes of the output {outputs[row - 1]} in the {N} inputs. "
        f"Column {column}, {down}, holds the slopes of the {M} outputs in the input {inputs[column - 1]}. "
        f"They meet in {entry(J[row - 1, column - 1])}."
    )


def draw_residuals(f, J, x, e, error=0.05):
    """The size of f(x + he) - f(x) - hAe against h, for A = J, for J with one entry too small, and for A = 0.

    f: a map of columns; J: its Jacobian (M, N) at x (N, 1); e: a direction (N, 1); error: taken off J[0, 0].
    """
    changed = J.copy()
    changed[0, 0] -= error
    steps = np.logspace(-4, 0, 33)
    left_over = [[_residual(f, A, x, e, h) for h in steps] for A in (0 * J, changed, J)]
    figure, ax = plot("What is left over after the linear part", (1e-4, 1), (1e-8, 1e2), "step h",
                      "‖f(x + he) − f(x) − hAe‖", width=700, height=430, logx=True, logy=True)  # fmt: skip
    ax.curve(steps, left_over[0], "grey", dash="2 4", label="A = 0: no linear part")
    ax.curve(steps, left_over[1], "orange", dash="8 4", label=f"A = J, but one entry off by {entry(error)}")
    ax.curve(steps, left_over[2], "blue", label="A = J")
    ax.legend("nw")
    shrunk = [ys[0] / ys[8] for ys in left_over]  # from h = 1e-3 down to 1e-4
    return figure.describe(
        f"From h = 0.001 to h = 0.0001 the residual of J shrinks by the factor {1 / shrunk[2]:.0f}; with one entry "
        f"off by {entry(error)} it shrinks by {1 / shrunk[1]:.0f}, and without a linear part by {1 / shrunk[0]:.0f}. "
        f"At h = 0.0001 J leaves {left_over[2][0]:.1e}, the changed matrix {left_over[1][0]:.1e}."
    )


class Plane(NamedTuple):
    """A map of the plane: its value and Jacobian at (a, b), and the contours of its first output."""

    value: object  # (a, b) -> (f_1, f_2)
    jacobian: object  # (a, b) -> ((J_11, J_12), (J_21, J_22))
    levels: tuple
    contour: object  # level -> (the list of x_1, the list of x_2), in closed form
    formula: str


WINDOW = 3  # the inputs shown: -WINDOW to WINDOW on both axes
ROUND = [2 * math.pi * k / 60 for k in range(61)]
ALONG = [-WINDOW + 2 * WINDOW * k / 60 for k in range(61)]
MAPS = {
    "bowl": Plane(
        lambda a, b: (a * a / 2 + b * b, b - a * a / 2),
        lambda a, b: ((a, 2 * b), (-a, 1.0)),
        tuple(0.75 * k for k in range(1, 18)),
        lambda c: ([math.sqrt(2 * c) * math.cos(s) for s in ROUND], [math.sqrt(c) * math.sin(s) for s in ROUND]),
        "f = (x_1^2/2 + x_2^2,  x_2 − x_1^2/2)",
    ),
    "waves": Plane(
        lambda a, b: (b + math.sin(2 * a), a - b * b / 2),
        lambda a, b: ((2 * math.cos(2 * a), 1.0), (1.0, -b)),
        tuple(0.75 * k for k in range(-5, 6)),
        lambda c: (ALONG, [c - math.sin(2 * a) for a in ALONG]),
        "f = (x_2 + sin 2x_1,  x_1 − x_2^2/2)",
    ),
}


def draw_linear_map(which, x1, x2, angle, h):
    """A map of the plane near the point (x1, x2): contours and gradient of its first output, and a small square.

    which: a key of MAPS; angle: of the direction e, in degrees; h: the side of the square and the step along e.
    """
    plane = MAPS[which]
    e = (math.cos(math.radians(angle)), math.sin(math.radians(angle)))
    J = plane.jacobian(x1, x2)
    figure = Figure(820, 600, plane.formula)
    _draw_inputs(figure, plane, (x1, x2), e, J[0], h)
    _draw_outputs(figure, plane, (x1, x2), e, J, h)
    residuals = [(s, math.hypot(*_difference(plane, (x1, x2), e, J, s))) for s in (h, h / 2, h / 4)]
    slope = _times(J, e)[0]
    _draw_numbers(figure, J, slope, residuals)
    stands = "is no arrow at" if math.hypot(*J[0]) < 1e-9 else "stands across"
    return figure.describe(
        f"At x = {_list((x1, x2))} the gradient of f_1, {_list(J[0])}, {stands} the contour f_1 = "
        f"{entry(plane.value(x1, x2)[0])}, and the slope along e, at {angle}°, is {entry(slope, 3)}. J makes of the "
        f"square a parallelogram with its columns, {_list((J[0][0], J[1][0]))} and {_list((J[0][1], J[1][1]))}, as "
        f"sides. The residual f(x + he) − f(x) − hJe has the length {residuals[0][1]:.3g} for h = {entry(h, 4)} and "
        f"{residuals[2][1]:.3g} for h/4; divided by the step squared, {residuals[0][1] / h**2:.3f} and "
        f"{residuals[2][1] / (h / 4) ** 2:.3f}."
    )


def _draw_inputs(figure, plane, x, e, gradient, h):
    shown = (-WINDOW, WINDOW)
    ax = Axes(figure, (70, 72, 310, 310), shown, shown, "x_1", "x_2", "inputs: contours of f_1", grid=False)
    for level in plane.levels:
        ax.curve(*plane.contour(level), color="sky", width=1)
    ax.curve(*plane.contour(plane.value(*x)[0]), color="blue", width=2.5)
    a, b = x
    ax.polygon([(a, b), (a + h, b), (a + h, b + h), (a, b + h)], color="black", width=1.5)
    ax.arrow(x, (a + e[0], b + e[1]), "green", dash="6 4")
    ax.arrow(x, (a + gradient[0] / 2, b + gradient[1] / 2), "orange")
    figure.circle(*ax.at(*x), 4, fill="black")
    side = 1 if e[1] * gradient[0] >= e[0] * gradient[1] else -1  # on which side of the gradient e lies
    _label(ax, x, e, "e", "green", side)
    if math.hypot(*gradient) > 0.05:
        _label(ax, x, (gradient[0] / 2, gradient[1] / 2), "½∇f_1", "orange", -side)


def _draw_outputs(figure, plane, x, e, J, h):
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
    ax = Axes(figure, (480, 72, 310, 310), (-reach, reach), (-reach, reach),
              "change of f_1, divided by h", "change of f_2, divided by h",
              "outputs: the square, by f and by J")  # fmt: skip
    ax.polygon(flat, "blue", fill="sky", opacity=0.25, width=2, dash="7 4")
    ax.polygon(curved, "black", width=2)
    ax.arrow((0, 0), by_J, "green", dash="6 4")
    ax.curve([by_J[0], by_f[0]], [by_J[1], by_f[1]], "purple", 4)
    ax.point(*by_f, "purple", r=4)
    figure.circle(*ax.at(0, 0), 4, fill="black")
    ax.curve([], [], "black", label="by f")
    ax.curve([], [], "blue", dash="7 4", label="by J")
    ax.curve([], [], "green", dash="6 4", label="Je")
    ax.curve([], [], "purple", label="residual")
    # The emptiest corner: the one whose nearest point of the picture is farthest away.
    corners = {"nw": (-1, 1), "ne": (1, 1), "sw": (-1, -1), "se": (1, -1)}
    drawn = [(p[0] / reach, p[1] / reach) for p in [*curved, *flat, by_f, by_J]]
    ax.legend(max(corners, key=lambda c: min(math.dist(p, corners[c]) for p in drawn)))


def _draw_numbers(figure, J, slope, residuals):
    top = 484
    figure.text(60, top - 30, "J at x", bold=True)
    draw_matrix(figure, np.array(J), 60, top, cell=46, row_labels=["f_1", "f_2"], column_labels=["x_1", "x_2"])
    figure.text(180, top + 26, f"row 1 times e: the slope {entry(slope, 3)}")
    figure.text(180, top + 58, "the columns: the sides by J")
    for right, title in ((520, "step"), (640, "residual"), (790, "residual / step^2")):
        figure.text(right, top - 10, title, anchor="end", bold=True)
    for line, (name, (step, size)) in enumerate(zip(("h", "h/2", "h/4"), residuals, strict=True)):
        texts = (520, f"{name} = {entry(step, 4)}"), (640, f"{size:.3g}"), (790, f"{size / step**2:.3f}")
        for right, text in texts:
            figure.text(right, top + 20 + 30 * line, text, anchor="end")


def _label(ax, start, arrow, text, color, side):
    """Beside the tip of an arrow, turned away from it to the left (side = 1) or to the right (-1)."""
    turn = math.atan2(arrow[1], arrow[0]) + side * math.radians(50)
    right, up = math.cos(turn), math.sin(turn)
    anchor = "middle" if abs(right) < 0.4 else "start" if right > 0 else "end"
    ax.text(start[0] + arrow[0], start[1] + arrow[1], text, dx=11 * right, dy=5 - 15 * up,
            color=color, anchor=anchor, bold=True)  # fmt: skip


def _difference(plane, x, e, J, h):
    start, end, along = plane.value(*x), plane.value(x[0] + h * e[0], x[1] + h * e[1]), _times(J, e)
    return end[0] - start[0] - h * along[0], end[1] - start[1] - h * along[1]


def _residual(f, A, x, e, h):
    return float(np.linalg.norm(f(x + h * e) - f(x) - h * A @ e))


def _times(J, u):
    return J[0][0] * u[0] + J[0][1] * u[1], J[1][0] * u[0] + J[1][1] * u[1]


def _list(values):
    return f"({', '.join(entry(v) for v in values)})"
