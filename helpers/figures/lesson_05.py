"""Pictures of lesson 05: the paths from t to f with their factors, several outputs, and contributions that add up."""

import math
from typing import NamedTuple

import numpy as np

from helpers.figures.axes import Axes
from helpers.figures.canvas import Figure
from helpers.figures.matrices import draw_matrix, entry

STYLES = (("blue", None), ("orange", "8 4"), ("green", "2 3"))  # of the paths, in their order
END = 3.0  # the exploration shows 0 <= t <= END


def draw_paths(between, inner, outer, end="f"):
    """The graph t -> v_1, ..., v_N -> f with a factor on each edge, the product along each path and their sum.

    between: the names of the N quantities in between; "t" itself is the direct path.
    inner:   the N slopes dv_j/dt.   outer: the N slopes ∂f/∂v_j.   end: the name of the result.
    """
    rows = [112 + 84 * j for j in range(len(between))]
    middle = sum(rows) / len(rows)
    figure = Figure(820, rows[-1] + 84, f"From t to {end}: multiply along a path, add the paths")
    t, result = (60, middle), (500, middle)
    for x, head in ((170, "slope in t"), (390, f"slope of {end}"), (690, "product along the path")):
        figure.text(x, 62, head, 13, "grey", "middle")
    products = [a * b for a, b in zip(outer, inner, strict=True)]
    for j, (name, y) in enumerate(zip(between, rows, strict=True)):
        color, dash = STYLES[j % len(STYLES)]
        for start, stop, factor in ((t, (280, y), inner[j]), ((280, y), result, outer[j])):
            figure.arrow(_toward(start, stop, 22), _toward(stop, start, 24), color, 2.5, dash=dash)
            label = ((start[0] + stop[0]) / 2, (start[1] + stop[1]) / 2)
            width = 14 + 8 * len(entry(factor))
            figure.rect(label[0] - width / 2, label[1] - 12, width, 24, "white", color, 1, radius=5)
            figure.text(label[0], label[1] + 5, entry(factor), anchor="middle")
        _node(figure, (280, y), name, color)
        figure.text(780, y + 5, f"{_times(outer[j], inner[j])} = {entry(products[j])}", 15, anchor="end")
    _node(figure, t, "t")
    _node(figure, result, end)
    total = sum(products)
    figure.line([(590, rows[-1] + 34), (784, rows[-1] + 34)], "black", 1.5)
    figure.text(780, rows[-1] + 60, f"sum: d{end}/dt = {entry(total)}", 15, anchor="end", bold=True)
    told = "; ".join(
        f"{'directly' if name == 't' else f'through {name}'} {entry(outer[j])} times {entry(inner[j])} is "
        f"{entry(products[j])}"
        for j, name in enumerate(between)
    )
    return figure.describe(
        f"{len(between)} paths lead from t to {end}: {told}. Their sum, {entry(total)}, is the slope d{end}/dt."
    )


def draw_several_outputs(J, dv):
    """The graph t -> v_1, ..., v_N -> f_1, ..., f_M without the edges of slope 0, and the product J dv beside it.

    J: the Jacobian (M, N).   dv: the slopes (N, 1) of what lies in between.
    """
    M, N = J.shape
    left = [112 + 80 * j for j in range(N)]
    right = [112 + 80 * (N - 1) * (i + 0.5) / M for i in range(M)]
    figure = Figure(850, left[-1] + 110, f"{M} outputs: J has a row for each, and a column for each v_j")
    t = (46, sum(left) / N)
    for j, y in enumerate(left):
        color, dash = STYLES[j % len(STYLES)]
        figure.arrow(_toward(t, (170, y), 22), _toward((170, y), t, 24), color, 2.5, dash=dash)
        for i, end in enumerate(right):
            if J[i, j] != 0:
                a, b = (170, y), (310, end)
                figure.arrow(_toward(a, b, 22), _toward(b, a, 24), color, 2.5, dash=dash)
        _node(figure, (170, y), f"v_{j + 1}", color)
    for i, y in enumerate(right):
        _node(figure, (310, y), f"f_{i + 1}")
    _node(figure, t, "t")
    cell = 62
    top = t[1] - cell / 2 * max(M, N)
    blank, slopes = [" "] * N, J @ dv
    at = {"J": 396, "dv": 396 + N * cell + 46, "df": 396 + (N + 1) * cell + 104}
    matrix_top = top + cell * (N - M) / 2
    names = [f"f_{i + 1}" for i in range(M)], [f"v_{j + 1}" for j in range(N)]
    draw_matrix(figure, J, at["J"], matrix_top, name=f"J ({M}, {N})", cell=cell,
                row_labels=names[0], column_labels=names[1])  # fmt: skip
    draw_matrix(figure, dv, at["dv"], top, name=f"dv/dt ({N}, 1)", cell=cell, row_labels=blank, column_labels=[" "])
    draw_matrix(figure, slopes, at["df"], matrix_top, name=f"df/dt ({M}, 1)", cell=cell,
                row_labels=[" "] * M, column_labels=[" "])  # fmt: skip
    figure.text(at["df"] - 28, t[1] + 6, "=", 20, anchor="middle")
    figure.text(at["dv"] - 22, t[1] + 6, "·", 24, anchor="middle")
    said = []
    for i in range(M):
        terms = [J[i, j] * dv[j, 0] for j in range(N)]
        text = " ".join([entry(terms[0]), *(_added(term) for term in terms[1:])])
        figure.text(400, left[-1] + 62 + 26 * i, f"f_{i + 1}: {text} = {entry(slopes[i, 0])}")
        said.append(f"f_{i + 1} has the slope {text} = {entry(slopes[i, 0])}")
    edges = int(np.count_nonzero(J))
    return figure.describe(
        f"{'; '.join(said)}. Of the {M * N} possible paths {edges} exist; the other entries of J are 0."
    )


class Example(NamedTuple):
    """A result that t reaches by several paths: values and slopes of what lies in between, and the slopes of f."""

    formula: str
    between: tuple  # names; "t" is the direct path
    v: object  # t -> values
    dv: object  # t -> slopes in t
    f: object  # values -> number
    df: object  # values -> slopes in each


EXAMPLES = {
    "thermometer": Example(
        "f = 8 − 6.5v_1 + 0.2v_3 + v_2v_3/180",
        ("v_1", "v_2", "v_3"),
        lambda t: (0.2 + 0.1 * t * t, 5 * t - t * t / 4, 20 + 10 * t - t * t),
        lambda t: (0.2 * t, 5 - t / 2, 10 - 2 * t),
        lambda a, b, c: 8 - 6.5 * a + 0.2 * c + b * c / 180,
        lambda a, b, c: (-6.5, c / 180, 0.2 + b / 180),
    ),
    "t · v": Example(
        "f = t · v with v = t^2",
        ("t", "v"),
        lambda t: (t, t * t),
        lambda t: (1.0, 2 * t),
        lambda t, v: t * v,
        lambda t, v: (v, t),
    ),
    "circle": Example(
        "f = v_1^2 + v_2^2 with v = (2 cos t, 2 sin t)",
        ("v_1", "v_2"),
        lambda t: (2 * math.cos(t), 2 * math.sin(t)),
        lambda t: (-2 * math.sin(t), 2 * math.cos(t)),
        lambda a, b: a * a + b * b,
        lambda a, b: (2 * a, 2 * b),
    ),
    "three factors": Example(
        "f = v_1v_2v_3 with v = (sin t, cos t, 1 + t/2)",
        ("v_1", "v_2", "v_3"),
        lambda t: (math.sin(t), math.cos(t), 1 + t / 2),
        lambda t: (math.cos(t), -math.sin(t), 0.5),
        lambda a, b, c: a * b * c,
        lambda a, b, c: (b * c, a * c, a * b),
    ),
}
TINTS = {"blue": "#CFE3F1", "orange": "#F8DCCB", "green": "#CDE6DF"}
GRID = [END * k / 60 for k in range(61)]


def draw_contributions(which, t):
    """The curve f(v(t)) with its tangent, and beside it the paths' contributions stacked up to the slope.

    which: a key of EXAMPLES.   t: a number in [0, END]. Both panels have the same vertical scale.
    """
    example = EXAMPLES[which]
    heights = [example.f(*example.v(s)) for s in GRID]
    levels = [level for s in GRID for level in _levels(example, s)]
    reach = 1.16 * max(max(heights) - min(heights), max(levels) - min(levels))
    figure = Figure(860, 500, f"{example.formula},  at t = {entry(t)}")
    slope, value = _levels(example, t)[-1], example.f(*example.v(t))
    _draw_curve(figure, heights, reach, t, value, slope)
    terms = [a * b for a, b in zip(example.df(*example.v(t)), example.dv(t), strict=True)]
    _draw_stack(figure, example.between, terms, max(levels) + min(levels), reach)
    figure.text(76, 438, f"value f = {entry(value)}")
    figure.text(76, 460, f"slope df/dt = {entry(slope)}")
    factors = zip(example.between, example.df(*example.v(t)), example.dv(t), terms, strict=True)
    for line, (name, outer, inner, term) in enumerate(factors):
        where = "directly:" if name == "t" else f"through {name}:"
        figure.text(500, 438 + 22 * line, where)
        figure.text(800, 438 + 22 * line, f"{_times(outer, inner)} = {entry(term)}", anchor="end")
    told = [f"{entry(s)} {'directly' if name == 't' else f'through {name}'}"
            for name, s in zip(example.between, terms, strict=True)]  # fmt: skip
    return figure.describe(
        f"At t = {entry(t)} the paths contribute {', '.join(told[:-1])} and {told[-1]}. Each starts where the one "
        f"before ends, and the last one ends at {entry(slope)}, the slope of the tangent. f is {entry(value)}."
    )


def _levels(example, t):
    """0 and the running sums of the contributions; the last one is the slope."""
    levels = [0.0]
    for outer, inner in zip(example.df(*example.v(t)), example.dv(t), strict=True):
        levels.append(levels[-1] + outer * inner)
    return levels


def _draw_curve(figure, heights, reach, t, value, slope):
    middle = (max(heights) + min(heights)) / 2
    ax = Axes(figure, (76, 72, 330, 300), (0, END), (middle - reach / 2, middle + reach / 2), "t", "f(v(t))",
              "the curve and its tangent")  # fmt: skip
    ax.curve(GRID, heights, "blue", 3)
    ax.curve([t - END, t + END], [value - END * slope, value + END * slope], "black", 2, "7 4")
    # A step of 1 towards the middle, so that it stays in the frame; its rise is the slope.
    run = 1 if t < END / 2 else -1
    ax.curve([t, t + run], [value, value], "grey", 1.5)
    foot, top = (t + run, value), (t + run, value + run * slope)
    ax.arrow(*((foot, top) if run > 0 else (top, foot)), color="black", width=4)
    ax.text(t + run / 2, value, "1", dy=17 if run * slope >= 0 else -7, anchor="middle")
    ax.text(t + run, value + run * slope / 2, entry(slope), dx=9 * run, dy=5, bold=True,
            anchor="start" if run > 0 else "end")  # fmt: skip
    ax.point(t, value, "blue", 5)


def _draw_stack(figure, between, terms, center, reach):
    """Bars that start where the one before ends, and the sum from 0."""
    left, top, width, height = 480, 72, 330, 300
    at = lambda level: top + height / 2 - (level - center / 2) / reach * height
    figure.text(left + width / 2, top - 8, "contributions, end to end, on the same scale", anchor="middle")
    figure.rect(left, top, width, height, color="grey")
    figure.line([(left, at(0)), (left + width, at(0))], "black", 1.5)
    figure.text(left - 8, at(0) + 4, "0", 13, anchor="end")
    figure.text(left - 30, top + height / 2, "df/dt", anchor="middle", turn=-90)
    pitch, level = width / (len(terms) + 1), 0.0
    for j, term in enumerate([*terms, sum(terms)]):
        last = j == len(terms)
        x, start = left + (j + 0.5) * pitch, 0.0 if last else level
        color, dash = ("black", None) if last else STYLES[j]
        if j:  # where the one before ends
            figure.line([(x - pitch, at(level)), (x + 24, at(level))], "grey", 1, "3 3")
        y0, y1 = at(start), at(start + term)
        if not last:
            corners = [(x - 22, y0), (x + 22, y0), (x + 22, y1), (x - 22, y1)]
            figure.line(corners, color, 2, dash, close=True, fill=TINTS[color])
        figure.arrow((x, y0), (x, y1), color, 4 if last else 2)
        beyond = y1 - 8 if term >= 0 else y1 + 18
        if abs(beyond - 5 - at(0)) < 11:  # the number would lie on the zero line
            beyond = at(0) + (-6 if term >= 0 else 17)
        figure.text(x, min(max(beyond, top + 14), top + height - 6), entry(term), anchor="middle", bold=last, halo=True)
        name = "sum" if last else "direct" if between[j] == "t" else between[j]
        figure.text(x, top + height + 20, name, anchor="middle", bold=last)
        level = level if last else level + term


def _node(figure, at, name, color="black"):
    figure.circle(*at, 21, fill="white", color=color, width=2.5)
    figure.text(at[0], at[1] + 5, name, 16, anchor="middle")


def _toward(start, stop, distance):
    """The point that lies `distance` pixels from start on the way to stop."""
    length = math.dist(start, stop)
    return tuple(a + (b - a) * distance / length for a, b in zip(start, stop, strict=True))


def _times(a, b):
    """A product as it is written: 0.2 · 4, −6.5 · (−1)."""
    second = entry(b)
    return f"{entry(a)} · ({second})" if second.startswith("\N{MINUS SIGN}") else f"{entry(a)} · {second}"


def _added(value):
    text = entry(value)
    return f"− {text[1:]}" if text.startswith("\N{MINUS SIGN}") else f"+ {text}"
