"""Lesson 02: the pictures show what numpy computes, and their sentences say it with the right numbers."""

import ast
import itertools
import re

import numpy as np
import pytest
from matplotlib.patches import PathPatch, Rectangle
from reading import assert_legible, drawn, marked, plain, shades, texts, within

from helpers.digits import some_digits
from helpers.lessons.lesson_02 import pictures
from helpers.lessons.lesson_02.pictures import (
    OPERATIONS,
    SHAPES,
    draw_batch,
    draw_column_sum,
    draw_combination,
    draw_comparisons,
    draw_differences,
    draw_stack,
)

SYMBOLS = {"+": np.add, "⊙": np.multiply, "@": np.matmul}
PLACES = [(1, 2), (3, 1), (4, 4)]
INDEX = "₁₂₃₄"
A = np.array([[1.0, 2.0, -1.0], [0.0, 3.0, 5.0]])
TALL = np.array([[0.5, -2.0], [4.0, 0.0], [-1.5, 1.0]])


def written(picture):
    return {text.get_text() for text in picture.figure.axes[0].texts}


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


def tables(a, operation, b):
    """The two operands and the result as they are to be drawn: two axes each, stretched where numpy stretches."""
    A, B = operands(a, b)
    result = by_numpy(a, operation, b)
    standing = operation == "@" and B.ndim == 1  # a column at the right of @
    A, B = np.atleast_2d(A), B.reshape(-1, 1) if standing else np.atleast_2d(B)
    if result is None:
        return A, B, None
    result = result.reshape(-1, 1) if standing else np.atleast_2d(result)
    return *(np.broadcast_arrays(A, B) if operation != "@" else (A, B)), result


def dashed(picture):
    """How many squares have a dashed frame."""
    frames = [patch for patch in within(picture.figure, PathPatch) if patch.get_linestyle() == "--"]
    return sum(np.count_nonzero(patch.get_path().codes == patch.get_path().MOVETO) for patch in frames)


EVERY = list(itertools.product(SHAPES, OPERATIONS, SHAPES))


def combinations(operation):
    """Every pair of shapes, drawn: [((a, operation, b, i, j), picture)], each shape of b at each of the places."""
    pairs = enumerate(itertools.product(SHAPES, SHAPES))
    states = [(a, operation, b, *PLACES[(n + n // len(SHAPES)) % 3]) for n, (a, b) in pairs]
    return [(state, draw_combination(*state)) for state in states]


@pytest.fixture(scope="module", params=OPERATIONS)
def drawings(request):
    return combinations(request.param)


def with_result(drawings):
    """Those that numpy does not refuse: (picture, the result's table, the chosen row and column from 0)."""
    for state, picture in drawings:
        *_, result = tables(*state[:3])
        if result is not None:
            yield picture, result, min(state[3], len(result)) - 1, min(state[4], result.shape[1]) - 1


def test_the_exploration_says_which_shape_comes_out_or_that_none_does(drawings):
    for state, picture in drawings:
        result, said = by_numpy(*state[:3]), picture.description
        if result is None:
            assert "no result" in said and "Error: " in said, said
        else:
            assert f"the result has shape {result.shape}" in said and "Error: " not in said, said
        verdict, reason = re.search(r"(Fits|Silent|Error): (.*)\.$", said).groups()
        assert {verdict.upper(), reason} <= written(picture)


def test_the_operands_and_the_result_are_drawn_cell_by_cell(drawings):
    for state, picture in drawings:
        of_a, of_b, result = tables(*state[:3])
        np.testing.assert_array_equal(drawn(picture, "a"), of_a)
        np.testing.assert_array_equal(drawn(picture, "b"), of_b)
        kept = sum(array.size for array in operands(state[0], state[2]))
        assert dashed(picture) == of_a.size + of_b.size - kept, state
        assert {f"a {state[0]}", f"b {state[2]}"} <= written(picture)
        if result is None:
            assert not marked(picture, "a") | marked(picture, "b") and "no result" in written(picture)
        else:
            np.testing.assert_array_equal(drawn(picture, "result"), result)
            assert f"result {by_numpy(*state[:3]).shape}" in written(picture)


def test_the_framed_cells_combine_to_the_framed_result(drawings):
    operation = drawings[0][0][1]
    for picture, result, i, j in with_result(drawings):
        assert marked(picture, "result") == {(i, j)}
        of_a, of_b = (sorted(marked(picture, name)) for name in "ab")
        if operation == "@":
            assert {row for row, _ in of_a} == {i} and {column for _, column in of_b} == {j}
        else:
            assert of_a == of_b == [(i, j)]
        combine = np.add if operation == "+" else np.multiply
        numbers = (drawn(picture, "a")[at] for at in of_a), (drawn(picture, "b")[at] for at in of_b)
        assert sum(map(combine, *numbers)) == result[i, j], picture.alt


def test_the_formula_computes_the_chosen_cell(drawings):
    for picture, result, i, j in with_result(drawings):
        said = picture.description
        where, formula = re.search(r"(Cell|Row) ([^:]*: .*?)\. (?:Fits|Silent)", said).groups()
        assert f"{where.lower()} {formula}" in written(picture)
        place = f"{i + 1} of a with column {j + 1} of b: " if where == "Row" else f"({i + 1}, {j + 1}): "
        assert formula.startswith(place), said
        *_, numbers, value = formula.removeprefix(place).split(" = ")
        assert float(value) == result[i, j], said
        terms = numbers.replace("·", "*").replace(" ", "").split("+")
        assert sum(np.prod([float(f) for f in term.split("*")]) for term in terms) == result[i, j], said


def test_the_formula_names_the_entries_where_they_are_kept():
    """b₂ has one index because b has one axis; the copies in the rows below it are read from there."""
    assert "a₃₁ + b₂ = 3 + 20 = 23" in draw_combination("(4, 1)", "+", "(4,)", 3, 2).description
    assert "a₃₁ · b₁₂ = 3 · 20 = 60" in draw_combination("(4, 1)", "⊙", "(1, 4)", 3, 2).description
    assert "a · b₃₂ = 1 · 80 = 80" in draw_combination("()", "⊙", "(4, 3)", 3, 2).description


def test_only_one_kind_of_broadcast_is_called_fitting():
    """Entry by entry, what fits is: equal shapes, a number with an array, a column added to every sample."""
    for a, operation, b in EVERY:
        s, t = ast.literal_eval(a), ast.literal_eval(b)
        judged = pictures.judge_product(s, t) if operation == "@" else pictures.judge_sum(s, operation, t)
        fits = judged[0] == "fits"
        if operation == "@":
            assert fits == (len(s) == len(t) == 2 and s[1] == t[0]), (a, b)
        else:
            bias = operation == "+" and len(s) == len(t) == 2 and s[0] == t[0] and 1 in (s[1], t[1])
            assert fits == (s == t or bias or () in (s, t)), (a, operation, b)


def test_the_warning_counts_the_cells():
    said = draw_combination("(4, 1)", "⊙", "(1, 4)", 1, 1).description
    assert "numpy stretches a and b without a warning: 16 cells from 4 and 4" in said
    said = draw_combination("(4, 4)", "+", "(4,)", 1, 1).description
    assert "numpy stretches b without a warning: 16 cells from 16 and 4" in said
    assert "gives b a second axis" in draw_combination("(1, 4)", "+", "(4,)", 1, 1).description
    assert "in the last axis 4 meets 3" in draw_combination("(3, 4)", "+", "(3,)", 1, 1).description
    assert "in the second-to-last axis 3 meets 4" in draw_combination("(3, 4)", "+", "(4, 4)", 1, 1).description
    assert "the inner sizes 1 and 4 differ" in draw_combination("(4, 1)", "@", "(4, 3)", 1, 1).description


def test_a_wrong_rule_would_be_found(monkeypatch):
    """A fault in the picture's own rule (shapes aligned at the left) contradicts numpy."""

    def at_the_left(s, operation, t):
        clash = any(p != q and 1 not in (p, q) for p, q in zip(s, t, strict=False))
        return ("error" if clash else "silent"), "planted"

    monkeypatch.setattr(pictures, "judge_sum", at_the_left)
    with pytest.raises((AssertionError, ValueError)):
        test_the_exploration_says_which_shape_comes_out_or_that_none_does(combinations("+"))


@pytest.mark.parametrize("predicted", [[2, 4, 6, 8], [5, 5, 5, 5], [1, -2, 0.5, 3]])
def test_the_differences_are_counted_and_averaged(predicted):
    labels = [2.0, 4.0, 6.0, 8.0]
    picture = draw_differences(np.reshape(predicted, (4, 1)), np.array(labels))
    np.testing.assert_array_equal(drawn(picture, "differences"), [[p - y for y in labels] for p in predicted])
    assert marked(picture, "differences") == {(0, 0), (1, 1), (2, 2), (3, 3)}
    assert {"p₂ = " + f"{predicted[1]}".replace("-", "\N{MINUS SIGN}"), "y₃ = 6"} <= set(texts(picture))
    every = [(p - y) ** 2 for p in predicted for y in labels]
    meant, made = re.search(r"their mean square is ([\d.]+)\. .* of all 16 is ([\d.]+)\.", picture.description).groups()
    assert "The 4 on the diagonal" in picture.description and "The other 12 pair" in picture.description
    assert float(meant) == pytest.approx(
        sum((p - y) ** 2 for p, y in zip(predicted, labels, strict=True)) / 4, abs=0.005
    )
    assert float(made) == pytest.approx(sum(every) / 16, abs=0.005)
    assert {f"mean square {meant}", f"mean square of all 16: {made}"} <= set(texts(picture))
    assert_legible(picture)


@pytest.mark.parametrize("sample", [1, 7, 20])
def test_a_batch_holds_each_picture_as_a_column(sample):
    X = some_digits()[0]
    picture = draw_batch(X, sample)
    drawn = shades(picture, "X")
    assert drawn == [[round(8 * X[i, j]) for j in range(20)] for i in range(64)]
    by_rows = [shade for row in shades(picture, "x") for shade in row]
    assert by_rows == [row[sample - 1] for row in drawn]
    [frame] = [patch for patch in within(picture.figure, Rectangle) if patch.get_label() == "sample"]
    corners = sorted({x for x, _ in frame.get_path().vertices @ np.diag([frame.get_width(), 1]) + frame.get_xy()})
    column = [[X[i, j] for i in range(64)] for j in range(20) if corners[0] <= 350 + 15 * j < corners[-1]]
    assert column == [X[:, sample - 1].tolist()]
    used = sum(value > 0 for value in X[:, sample - 1])
    assert f"Sample {sample} as a picture of 8 × 8 pixels, {used} of them not white" in picture.description
    assert "shape (64, 20)" in picture.description and f"as column {sample}." in picture.description
    assert {f"sample {sample}, as 8 × 8 pixels", "X (64, 20)"} <= set(texts(picture))
    assert_legible(picture)


@pytest.mark.parametrize("answers", [[1, 0, 2, 2, 3, 5, 4, 4], [2] * 8, [0, 1, 1, 2, 3, 3, 4, 5]])
def test_every_answer_is_compared_with_every_label(answers):
    labels = [0, 1, 1, 2, 3, 3, 4, 5]
    picture = draw_comparisons(np.array(answers), np.reshape(labels, (8, 1)))

    def squares(label, margin=0):
        patches = [p for p in within(picture.figure, PathPatch) if p.get_label() == label]
        corners = [o.min(axis=0) - margin for p in patches for o in p.get_path().vertices.reshape(-1, 5, 2)]
        return {(round((y - 84) / 16), round((x - 80) / 16)) for x, y in corners}

    equal = {(i, j) for i in range(8) for j in range(8) if labels[i] == answers[j]}
    assert squares("equal") == equal
    assert squares("different") == set(itertools.product(range(8), repeat=2)) - equal
    assert squares("meant", margin=2) == {(k, k) for k in range(8)}
    right = sum(i == j for i, j in equal)
    one, every = re.search(
        rf"{right} of them .* equal: (.*)\. The .* {len(equal)} of 64 .* equal: (.*)\.", picture.description
    ).groups()
    assert [float(one), float(every)] == pytest.approx([right / 8, len(equal) / 64], abs=0.0051)
    assert {f"{right} of them equal, {one}", f"all 64: {len(equal)} equal, {every}"} <= set(texts(picture))
    assert_legible(picture)


@pytest.mark.parametrize("place", list(itertools.product((1, 4), (1, 2), (1, 3))))
def test_the_stack_marks_the_entry_that_spells_its_indices(place):
    T = [[[100 * k + 10 * m + n for n in (1, 2, 3)] for m in (1, 2)] for k in (1, 2, 3, 4)]
    k, m, n = place
    picture = draw_stack(T, *place)
    for matrix in (1, 2, 3, 4):
        spelled = [[matrix * 100 + row * 10 + column for column in (1, 2, 3)] for row in (1, 2)]
        np.testing.assert_array_equal(drawn(picture, f"k = {matrix}"), spelled)
        assert marked(picture, f"k = {matrix}") == ({(m - 1, n - 1)} if matrix == k else set())
    assert f"in matrix {k}, row {m}, column {n}, and its value is {k}{m}{n}:" in picture.description
    sentence = f"T{INDEX[k - 1]}{INDEX[m - 1]}{INDEX[n - 1]} is {k}{m}{n}"
    assert any(text.endswith(sentence) for text in texts(picture))
    assert_legible(picture)


@pytest.mark.parametrize(("W", "x"), [(A, [[3.0], [-1.0], [2.0]]), (TALL, [[-2.0], [0.5]])])
def test_the_scaled_columns_add_up(W, x):
    picture, N = draw_column_sum(W, x), len(x)
    np.testing.assert_array_equal(drawn(picture, "W"), W)
    np.testing.assert_array_equal(drawn(picture, "x"), x)
    terms = [[[row[j] * x[j][0]] for row in W] for j in range(N)]
    for j in range(N):
        np.testing.assert_array_equal(drawn(picture, f"w{INDEX[j]}x{INDEX[j]}"), terms[j])
    np.testing.assert_array_equal(drawn(picture, "Wx"), np.sum(terms, axis=0))
    assert marked(picture, "Wx") == {(i, 0) for i in range(len(W))}
    assert (texts(picture).count("+"), texts(picture).count("=")) == (N - 1, 2)
    scales, parts, total = re.search(r"times (.*), are \((.*)\); .* = \((.*)\)\.", picture.description).groups()
    assert [float(plain(v)) for v in scales.split(", ")] == np.ravel(x).tolist()
    assert [[[float(plain(v))] for v in part.split(", ")] for part in parts.split("), (")] == terms
    assert [float(plain(v)) for v in total.split(", ")] == np.sum(terms, axis=0).ravel().tolist()
    assert_legible(picture)


def test_every_kind_of_combination_is_legible():
    """At the last cell, whose formula is the longest; every seventh combination meets all shapes and operations."""
    for combination in EVERY[::7]:
        assert_legible(draw_combination(*combination, 4, 4))
