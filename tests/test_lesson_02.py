"""Lesson 02: the pictures show what numpy computes, and their sentences say it with the right numbers."""

import ast
import html
import itertools
import re

import numpy as np
import pytest
from drawn import assert_texts_inside

from helpers.figures import lesson_02
from helpers.figures.lesson_02 import (
    OPERATIONS,
    SHAPES,
    draw_column_sum,
    draw_columns,
    draw_combination,
    draw_differences,
    draw_stack,
)

SYMBOLS = {"+": np.add, "⊙": np.multiply, "@": np.matmul}


def texts(figure):
    """The texts of a figure in drawing order, subscripts inline."""
    return [
        html.unescape(re.sub(r"<[^>]*>|&#8203;", "", t)) for t in re.findall(r"<text[^>]*>(.*?)</text>", figure.svg())
    ]


def operands(a, b):
    """What the lesson promises: a holds 1, 2, 3, ... and b holds 10, 20, 30, ..."""
    s, t = ast.literal_eval(a), ast.literal_eval(b)
    A = np.array(list(range(1, int(np.prod(s)) + 1)), float).reshape(s)
    B = np.array([10.0 * n for n in range(1, int(np.prod(t)) + 1)]).reshape(t)
    return A, B


def by_numpy(a, operation, b):
    A, B = operands(a, b)
    try:
        return SYMBOLS[operation](A, B)
    except ValueError:
        return None


EVERY = list(itertools.product(SHAPES, OPERATIONS, SHAPES))


@pytest.mark.parametrize("operation", OPERATIONS)
def test_the_exploration_says_which_shape_comes_out_or_that_none_does(operation):
    for a, b in itertools.product(SHAPES, SHAPES):
        result, said = by_numpy(a, operation, b), draw_combination(a, operation, b, 1, 1).description
        if result is None:
            assert "no result" in said and "Error: " in said, said
        else:
            assert f"the result has shape {result.shape}" in said and "Error: " not in said, said


@pytest.mark.parametrize("operation", OPERATIONS)
def test_the_chosen_cell_holds_the_number_that_numpy_computes(operation):
    for a, b, (i, j) in itertools.product(SHAPES, SHAPES, ((1, 2), (3, 1), (4, 4))):
        result = by_numpy(a, operation, b)
        if result is None:
            continue
        standing = operation == "@" and result.ndim == 1 and len(ast.literal_eval(b)) == 1
        table = result.reshape(-1, 1) if standing else np.atleast_2d(result)
        expected = table[min(i, table.shape[0]) - 1, min(j, table.shape[1]) - 1]
        said = draw_combination(a, operation, b, i, j).description
        formula = re.search(r"(?:Cell|Row) [^:]*: (.*?)\. (?:Fits|Silent)", said)[1]
        *_, numbers, value = formula.split(" = ")
        numbers = numbers.split(": ")[-1].replace("·", "*").replace(" ", "")
        assert float(value) == expected, said
        assert sum(np.prod([float(f) for f in term.split("*")]) for term in numbers.split("+")) == expected, said


def framed(figure):
    """The numbers in the framed cells, in drawing order: those of a, those of b, the result's."""
    return [float(n) for n in re.findall(r"fill='#F0E442'[^>]*/>(?:<rect[^>]*>)?<text[^>]*>([\d.]+)<", figure.svg())]


@pytest.mark.parametrize("operation", OPERATIONS)
def test_the_framed_cells_combine_to_the_framed_result(operation):
    for a, b, (i, j) in itertools.product(SHAPES, SHAPES, ((1, 2), (3, 1), (4, 4))):
        if by_numpy(a, operation, b) is None:
            continue
        *numbers, result = framed(draw_combination(a, operation, b, i, j))
        of_a, of_b = numbers[: len(numbers) // 2], numbers[len(numbers) // 2 :]
        assert np.sum(SYMBOLS["+" if operation == "+" else "⊙"](of_a, of_b)) == result, (a, operation, b, i, j)
        table = operands(a, b)[1]
        assert set(of_b) <= set(table.ravel()) and len(of_b) == (len(of_a) if operation == "@" else 1)


def test_the_result_is_drawn_cell_by_cell():
    drawn = texts(draw_combination("(4, 1)", "+", "(4,)", 3, 2))
    table = [str(a + b) for a in (1, 2, 3, 4) for b in (10, 20, 30, 40)]
    at = drawn.index("result (4, 4)")
    assert [t for t in drawn[at:] if t in table][:16] == table


def test_only_one_kind_of_broadcast_is_called_fitting():
    """Entry by entry, what fits is: equal shapes, a number times an array, a column added to every sample."""
    for a, operation, b in EVERY:
        s, t = ast.literal_eval(a), ast.literal_eval(b)
        fits = "Fits: " in draw_combination(a, operation, b, 1, 1).description
        if operation == "@":
            assert fits == (len(s) == len(t) == 2 and s[1] == t[0]), (a, b)
        else:
            bias = operation == "+" and len(s) == len(t) == 2 and s[0] == t[0] and 1 in (s[1], t[1])
            scaled = operation == "⊙" and () in (s, t)
            assert fits == (s == t or bias or scaled), (a, operation, b)


def test_the_warning_counts_the_cells():
    said = draw_combination("(4, 1)", "⊙", "(1, 4)", 1, 1).description
    assert "numpy stretches a and b without a warning: 16 cells from 4 and 4" in said
    said = draw_combination("(4, 4)", "+", "(4,)", 1, 1).description
    assert "numpy stretches b without a warning: 16 cells from 16 and 4" in said
    assert "gives b a second axis" in draw_combination("(1, 4)", "+", "(4,)", 1, 1).description
    assert "in the last axis 4 meets 3" in draw_combination("(3, 4)", "+", "(3,)", 1, 1).description
    assert "in the second last axis 3 meets 4" in draw_combination("(3, 4)", "+", "(4, 4)", 1, 1).description
    assert "the inner sizes 1 and 4 differ" in draw_combination("(4, 1)", "@", "(4, 3)", 1, 1).description


def test_a_wrong_rule_would_be_found(monkeypatch):
    """A fault in the picture's own rule (shapes aligned at the left) contradicts numpy."""

    def at_the_left(s, operation, t):
        clash = any(p != q and 1 not in (p, q) for p, q in zip(s, t, strict=False))
        return ("error" if clash else "silent"), "planted"

    monkeypatch.setattr(lesson_02, "judge_sum", at_the_left)
    with pytest.raises((AssertionError, ValueError)):
        test_the_exploration_says_which_shape_comes_out_or_that_none_does("+")


def test_the_differences_are_counted_and_averaged():
    predicted, labels = np.array([[2.0], [4.0], [6.0], [8.0]]), np.array([2.0, 4.0, 6.0, 8.0])
    said = draw_differences(predicted, labels).description
    every = [(p - y) ** 2 for p in (2, 4, 6, 8) for y in (2, 4, 6, 8)]
    assert sum(every) / 16 == 10 and said.endswith("The mean square of all 16 is 10.")
    assert "The 4 on the diagonal are meant; their mean square is 0." in said
    said = draw_differences(np.full((4, 1), 5.0), labels).description
    assert "meant; their mean square is 5." in said and said.endswith("all 16 is 5.")


def test_a_matrix_is_drawn_as_its_columns():
    figure = draw_columns([[1.0, 2.0, -1.0], [0.0, 3.0, 5.0]])
    assert "a1 = (1, 0); a2 = (2, 3); a3 = (−1, 5)" in figure.description
    entries = re.findall(r"font-size='14' fill='[^']*' text-anchor='middle'>(−?\d)<", figure.svg())
    assert entries == ["1", "2", "−1", "0", "3", "5", "1", "0", "2", "3", "−1", "5"]


@pytest.mark.parametrize("place", list(itertools.product((1, 4), (1, 2), (1, 3))))
def test_the_stack_marks_the_entry_that_spells_its_indices(place):
    T = [[[100 * k + 10 * m + n for n in (1, 2, 3)] for m in (1, 2)] for k in (1, 2, 3, 4)]
    k, m, n = place
    assert f"its value is {k}{m}{n}:" in draw_stack(T, *place).description
    assert f"the entry T{k}{m}{n} is {k}{m}{n}" in texts(draw_stack(T, *place))[-1]


def test_the_scaled_columns_add_up():
    figure = draw_column_sum([[1.0, 2.0, -1.0], [0.0, 3.0, 5.0]], [[3.0], [-1.0], [2.0]])
    entries = re.findall(r"font-size='14' fill='[^']*' text-anchor='middle'>(−?\d+)<", figure.svg())
    assert entries[-8:] == ["3", "0", "−2", "−3", "−2", "10", "−1", "7"]
    said = "The 3 columns of W, times 3, −1, 2, are (3, 0), (−2, −3), (−2, 10); their sum is Wx = (−1, 7)."
    assert figure.description == said


def test_every_text_lies_inside_its_figure():
    figures = [draw_combination(a, operation, b, 4, 4) for a, operation, b in EVERY]
    figures += [draw_columns(np.eye(2, 3)), draw_stack(np.ones((4, 2, 3)), 1, 1, 1)]
    for figure in figures:
        assert_texts_inside(figure)
