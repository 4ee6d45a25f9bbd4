"""The drawings of lesson 00: the map of the course and the card of conventions. `layouts` has its exploration."""

from pathlib import Path
from typing import NamedTuple

import numpy as np

from helpers.figures.canvas import Figure
from helpers.figures.matrices import draw_matrix


class Lesson(NamedTuple):
    """Its title, the lessons it builds on, and its place on the map: column 0, 1, 2 and row."""

    title: str
    needs: tuple
    column: float
    row: int


LESSONS = {
    0: Lesson("Start here", (), 1, 0),
    1: Lesson("Measuring derivatives", (0,), 0.5, 1),
    2: Lesson("Vectors, matrices, tuples", (0,), 1.5, 1),
    3: Lesson("Derivatives and Jacobians", (1, 2), 1, 2),
    4: Lesson("Activation functions", (3,), 0, 3),
    5: Lesson("The chain rule along a path", (3,), 1, 3),
    6: Lesson("The chain rule of a composition", (4, 5), 1, 4),
    7: Lesson("The perceptron", (6,), 0, 5),
    8: Lesson("Derivatives by matrices", (6,), 1, 5),
    9: Lesson("The dense layer", (7, 8), 1, 6),
    10: Lesson("Losses and descent", (7,), 0, 6),
    11: Lesson("The network as a graph", (9, 10), 0.5, 7),
    12: Lesson("Parameter gradients", (11,), 1, 8),
    13: Lesson("Backpropagation", (12,), 1, 9),
    14: Lesson("Index notation", (6,), 2, 5),
    15: Lesson("Two layers by index", (12, 14), 2, 9),
    16: Lesson("Batches, channels, convolution", (13,), 1, 10),
    17: Lesson("Training", (16,), 0.5, 11),
    18: Lesson("Bug hunt", (16,), 1.5, 11),
}
NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
READY = {number for number in LESSONS if any(NOTEBOOKS.glob(f"{number:02d}_*.ipynb"))}


def draw_map(ready=None):
    """The nineteen lessons, with an arrow from each to those that build on it.

    ready: numbers of the lessons that are there (without it, those in notebooks/); the others are marked "to come".
    """
    ready = READY if ready is None else ready
    figure = Figure(780, 816, "The map: an arrow leads from a lesson to one that builds on it")
    width, height = 232, 40

    def top_middle(lesson):
        return 146 + 244 * lesson.column, 46 + 65 * lesson.row

    for lesson in LESSONS.values():
        for other in lesson.needs:
            (x0, y0), (x1, y1) = top_middle(LESSONS[other]), top_middle(lesson)
            lean = 0.33 * (x1 - x0)  # leave and arrive off the middle, so that the arrow is steep
            figure.arrow((x0 + lean, y0 + height), (x1 - lean, y1 - 2), "grey", 2)
    for number, lesson in LESSONS.items():
        (x, y), there = top_middle(lesson), number in ready
        left, right, bottom = x - width / 2, x + width / 2, y + height
        corners = [(left, y), (right, y), (right, bottom), (left, bottom)]
        if there:
            figure.line(corners, "blue", 2, close=True, fill="#E8F1F8")
        else:
            figure.line(corners, "grey", 1.5, "5 4", close=True)
        head = f"{number:02d}" if there else f"{number:02d} · to come"
        figure.text(x, y + 16, head, size=13, anchor="middle", bold=there, color="black" if there else "grey")
        figure.text(x, y + 33, lesson.title, anchor="middle")
    needs = "; ".join(f"{n:02d} needs {_and(lesson.needs)}" for n, lesson in LESSONS.items() if lesson.needs)
    return figure.describe(
        f"{len(LESSONS)} lessons. Written so far: {_and(sorted(ready))}; those to come have dashed frames. {needs}."
    )


def _and(numbers):
    *most, last = (f"{number:02d}" for number in numbers)
    return f"{', '.join(most)} and {last}" if most else last


def draw_conventions():
    """The eight conventions of the course, each with its drawing, for N = 3, M = 2 and B = 4."""
    figure = Figure(850, 520, "The conventions, for N = 3 inputs, M = 2 outputs and B = 4 samples")
    panels = (_point, _jacobian, _gradient, _batch, _layers, _circles, _axes, _order)
    for k, panel in enumerate(panels):
        left, top = 12 + 208 * (k % 4), 40 + 238 * (k // 4)
        figure.rect(left, top, 202, 230, color="light", radius=5)
        for line, text in enumerate(panel(figure, left, top)):
            figure.text(left + 10, top + 22 + 180 * (line > 0) + 18 * (line > 1), text, size=13, bold=line == 0)
    return figure.describe(
        "A point is a column (3, 1), a Jacobian is (2, 3) with a row for each output, a gradient has the shape of its "
        "parameter while the derivative of a number is a row, and a batch (3, 4) holds one sample in each column. "
        "Layers are numbered 0 to k, ∘ composes and ⊙ multiplies entry by entry, axes are counted as in (2, 3, 4), and "
        "a product such as (4, 2)(2, 3) keeps its written order."
    )


def _cells(figure, texts, left, top, cell=38, marked=()):
    texts = np.array(texts, dtype=object)
    colors = {at: "#F6E3B8" for at in marked}
    blank = {"row_labels": [" "] * texts.shape[0], "column_labels": [" "] * texts.shape[1]}
    return draw_matrix(figure, texts, left, top, cell=cell, colors=colors, **blank)


def _point(figure, left, top):
    _cells(figure, [["x_1"], ["x_2"], ["x_3"]], left + 82, top + 55)
    return "A vector is a column", "x: (N, 1) = (3, 1)", "two axes, never one"


def _jacobian(figure, left, top):
    _cells(figure, np.full((2, 3), ""), left + 14, top + 62, cell=58, marked=[(0, 0), (0, 1), (0, 2)])
    for i, j in np.ndindex(2, 3):
        figure.text(left + 43 + 58 * j, top + 96 + 58 * i, f"∂f_{i + 1}/∂x_{j + 1}", size=12, anchor="middle")
    return "A Jacobian: row = output", "df/dx: (M, N) = (2, 3)", "a column for each input"


def _gradient(figure, left, top):
    parts = (("W and ∇_{W}L", (2, 3), 16, 66), ("x and ∇_{x}L", (3, 1), 116, 66), ("dL/dx", (1, 3), 16, 150))
    for name, shape, x, y in parts:
        figure.text(left + x, top + y - 10, name, size=13)
        _cells(figure, np.full(shape, ""), left + x, top + y, cell=26)
    return "A gradient: as its parameter", "∇_{W}L is (M, N), ∇_{x}L is (N, 1);", "the derivative dL/dx is a row"


def _batch(figure, left, top):
    _cells(figure, np.full((3, 4), ""), left + 35, top + 62, cell=33, marked=[(0, 1), (1, 1), (2, 1)])
    figure.text(left + 84, top + 53, "sample 2", size=13, anchor="middle")
    return "A batch: a sample a column", "X: (N, B) = (3, 4)", "one bias, added to each"


def _layers(figure, left, top):
    names = ("x", "0", "1", "…", "k", "L")
    for k, name in enumerate(names):
        x, y = left + 20 + 32 * k, top + 105
        if k:
            figure.arrow((x - 22, y), (x - 11, y), "grey", 2, head=6)
        if name in "01k":
            figure.rect(x - 11, y - 17, 22, 34, fill="#E8F1F8", color="blue", width=2, radius=3)
        figure.text(x, y + 5, name, anchor="middle")
    figure.text(left + 101, top + 70, "z^{(i)} = W^{(i)}n^{(i−1)} + b^{(i)}", size=13, anchor="middle")
    figure.text(left + 101, top + 155, "n^{(i)} = σ^{(i)}(z^{(i)})", size=13, anchor="middle")
    return "Layers 0, 1, …, k", "k + 1 layers, from 0 to k", "and n^{(−1)} is the input x"


def _circles(figure, left, top):
    figure.text(left + 101, top + 68, "(f ∘ g)(x) = f(g(x))", anchor="middle")
    for k, (texts, sign) in enumerate(((["2", "3"], "⊙"), (["4", "5"], "="), (["8", "15"], ""))):
        _cells(figure, [[text] for text in texts], left + 18 + 66 * k, top + 96, cell=34)
        figure.text(left + 68 + 66 * k, top + 135, sign, size=18, anchor="middle")
    return "∘ is not ⊙", "∘ composes: g acts first", "⊙ multiplies entry by entry"


def _axes(figure, left, top):
    for k, (shape, count) in enumerate(
        (("()", "0 axes"), ("(3,)", "1 axis"), ("(3, 1)", "2 axes"), ("(2, 3, 4)", "3 axes"))
    ):
        figure.text(left + 28, top + 70 + 26 * k, shape)
        figure.text(left + 116, top + 70 + 26 * k, count)
    return "The number of axes", "is the length of the shape;", "rank means something else"


def _order(figure, left, top):
    for k, (rows, columns, name) in enumerate(((4, 2, "C (4, 2)"), (2, 3, "A (2, 3)"))):
        _cells(figure, np.full((rows, columns), ""), left + 30 + 78 * k, top + 62, cell=24)
        figure.text(left + 54 + 90 * k, top + 178, name, size=13, anchor="middle")
    return "Products keep their order", "CA is (4, 3), AC does not fit;", "if both fit, they may differ"
