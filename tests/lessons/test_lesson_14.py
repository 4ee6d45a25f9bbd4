"""Lesson 14: its wires against einsum and loops, what it refuses, and the references of its exercises against loops."""

import re
from itertools import product

import numpy as np
import pytest
from reading import assert_legible, cells, marked, numbers, texts, values

from helpers.lessons.lesson_14.exercises import OrderedPairs, SixExpressions, TheLeftSideRepaired, WhatComesOut
from helpers.lessons.lesson_14.pictures import ARRAYS, draw_index, draw_products, draw_wires

MATRIX_VECTOR, MATRICES, SAME, SQUARE, THREE = ARRAYS
STRINGS = [
    (MATRIX_VECTOR, "ik,k->i"), (MATRIX_VECTOR, "ik,k->"), (MATRIX_VECTOR, "ik,k->ki"), (MATRIX_VECTOR, "ij,k->jki"),
    (MATRICES, "ik,kj->ij"), (MATRICES, "ij,ji->"), (MATRICES, "ij,ji->ji"), (SAME, "ij,ij->ij"), (SAME, "ik,jk->ij"),
    (SQUARE, "ii->"), (SQUARE, "ii->i"), (SQUARE, "ij->j"), (THREE, "ijk,jl->ilk"), (THREE, "ijk,jl->"),
    (THREE, "abc,de->edcba"), (THREE, "jik,ij->"), (MATRIX_VECTOR, " ik , k -> i "),
]  # fmt: skip
REFUSED = [
    (MATRIX_VECTOR, "ik,k", "there is no -> in the string"),
    (MATRIX_VECTOR, "", "there is no -> in the string"),
    (MATRIX_VECTOR, "ik->i", "2 arrays need 2 groups of letters"),
    (SQUARE, "ij,j->i", "one array needs one group of letters"),
    (MATRIX_VECTOR, "ki,k->i", "the index k has length 2 in A_ki and 3 in b_k"),
    (MATRIX_VECTOR, "ik,k->j", "the output index j does not occur"),
    (MATRIX_VECTOR, "ik,k->ii", "the output index i stands twice"),
    (MATRIX_VECTOR, "ikj,k->i", "A has 2 axes, got 3 letters"),
    (MATRIX_VECTOR, "i1,k->i", "expected letters for the axes of A"),
    (MATRIX_VECTOR, "$i$,$k$->" * 9, "expected letters"),
]


def wires(picture):
    """{letter: (the number of wires, solid or not, where they end)}."""
    found = {}
    for line in (line for ax in picture.figure.axes for line in ax.lines):
        number, _, ends = found.get(line.get_label(), (0, None, set()))
        end = (line.get_xdata()[1], line.get_ydata()[1])
        found[line.get_label()] = number + 1, line.get_linestyle() == "-", ends | {end}
    return found


def length(letter, groups, shapes):
    return {n for group, shape in zip(groups, shapes, strict=True) for a, n in zip(group, shape, strict=True)
            if a == letter}.pop()  # fmt: skip


@pytest.mark.parametrize(("arrays", "string"), STRINGS)
def test_wires_lead_from_every_axis_to_a_sum_or_to_the_result(arrays, string):
    shapes = [shape for _, shape in ARRAYS[arrays]]
    picture, plain = draw_index(string, arrays), string.replace(" ", "")
    left, output = plain.split("->")
    found = wires(picture)
    assert {letter: number for letter, (number, _, _) in found.items()} == {
        letter: left.count(letter) for letter in set(left) - {","}
    }
    assert {letter for letter, (_, solid, _) in found.items() if solid} == set(output)
    assert all(len(ends) == 1 for _, _, ends in found.values())  # axes with one letter meet
    assert len({end for _, _, ends in found.values() for end in ends}) == len(found)
    assert {text.removeprefix("sum ") for text in texts(picture) if text.startswith("sum ")} == set(left) - {
        ",",
        *output,
    }
    across = [found[letter][2].copy().pop()[0] for letter in output]
    assert across == sorted(across)  # the axes of the result stand in the order of the letters
    for (name, shape), letters in zip(ARRAYS[arrays], left.split(","), strict=True):
        told = f"{'axis' if len(letters) == 1 else 'axes'} {' '.join(letters)}"
        assert f"{name} {shape} with the {told}" in picture.description
    shape = np.einsum(plain, *(np.ones(shape) for shape in shapes)).shape
    assert shape == tuple(length(letter, left.split(","), shapes) for letter in output)
    if shape:
        [told] = [text for text in texts(picture) if text.startswith("result")]
        assert tuple(map(int, numbers(told))) == shape
        assert f"The result has the shape {told.removeprefix('result ')}" in picture.description
    else:
        assert "result: one number" in texts(picture) and "one number is left" in picture.description
    assert_legible(picture)


@pytest.mark.parametrize(("arrays", "string", "reason"), REFUSED)
def test_a_string_that_means_nothing_is_refused_with_the_reason(arrays, string, reason):
    picture = draw_index(string, arrays)
    assert "This string is refused" in texts(picture) and reason in picture.description
    assert reason in " ".join(texts(picture))
    assert not wires(picture)
    assert_legible(picture)


@pytest.mark.parametrize("arrays", ARRAYS)
def test_every_choice_of_arrays_has_a_picture_for_the_first_string(arrays):
    picture = draw_index("ik,k->i", arrays)
    assert bool(wires(picture)) == (arrays == MATRIX_VECTOR)
    assert picture.svg()


def test_the_wires_of_the_lesson_join_the_pairs_that_meet():
    picture = draw_wires([("P", "alk", (2, 5, 3)), ("Q", "klb", (3, 5, 4))], "ab")
    found = wires(picture)
    assert {letter: solid for letter, (_, solid, _) in found.items()} == {"a": True, "b": True, "l": False, "k": False}
    assert "result (2, 4)" in texts(picture)
    assert_legible(picture)


@pytest.mark.parametrize(("A", "b"), [([[1, 2, 0], [3, -1, 1]], [2, 1, -1]), ([[1.5, -2], [0, 4], [1, 1]], [-1, 3])])
def test_four_outputs_come_from_one_table(A, b):
    picture = draw_products(np.array(A, float), np.array(b, float))
    table = [[entry * factor for entry, factor in zip(row, b, strict=True)] for row in A]
    np.testing.assert_allclose(values(cells(picture, "products")), table, atol=0.006)
    np.testing.assert_allclose(values(cells(picture, "i")), [[sum(row)] for row in table], atol=0.006)
    np.testing.assert_allclose(values(cells(picture, "k")), [[sum(column) for column in zip(*table, strict=True)]])
    assert values(cells(picture, "none")) == sum(map(sum, table))
    assert len(marked(picture, "i")) == len(A) and len(marked(picture, "k")) == len(b)
    assert numbers(re.search(r"the sum of all, (\S+)\. ", picture.description)[1]) == [sum(map(sum, table))]
    assert_legible(picture)


# --- the references of the exercises ---------------------------------------------------------------------------


def test_the_six_expressions_by_loops():
    rng = np.random.default_rng(1)
    M, N, K = 2, 3, 4
    A, B, C = rng.normal(size=(M, N)), rng.normal(size=(N, K)), rng.normal(size=(M, N))
    u, v = rng.normal(size=M), rng.normal(size=N)
    truth = {"a": np.zeros((M, K)), "b": np.zeros((K, M)), "c": 0.0, "d": np.zeros(M), "e": np.zeros((M, N)),
             "f": np.zeros((M, N))}  # fmt: skip
    for i, j in product(range(M), range(N)):
        for k in range(K):
            truth["a"][i, k] += A[i, j] * B[j, k]
            truth["b"][k, i] += A[i, j] * B[j, k]
        truth["c"] += u[i] * A[i, j] * v[j]
        truth["d"][i] += A[i, j] * C[i, j]
        truth["e"][i, j], truth["f"][i, j] = u[i] * v[j], A[i, j] * v[j]
    found = SixExpressions().solution(A, B, C, u, v)
    assert found.keys() == truth.keys() and type(found["c"]) is float
    for key, expected in truth.items():
        assert np.shape(found[key]) == np.shape(expected)
        np.testing.assert_allclose(found[key], expected, atol=1e-14)


@pytest.mark.parametrize("seed", range(3))
def test_a_contraction_by_loops(seed):
    rng = np.random.default_rng(seed)
    for case in OrderedPairs().cases(rng):
        A, B, pairs = case["A"], case["B"], case["pairs"]
        rest_A = [p for p in range(A.ndim) if p not in [p for p, _ in pairs]]
        rest_B = [q for q in range(B.ndim) if q not in [q for _, q in pairs]]
        truth = np.zeros([A.shape[p] for p in rest_A] + [B.shape[q] for q in rest_B])
        for at, of in product(np.ndindex(A.shape), np.ndindex(B.shape)):
            if all(at[p] == of[q] for p, q in pairs):
                truth[tuple([at[p] for p in rest_A] + [of[q] for q in rest_B])] += A[at] * B[of]
        found = OrderedPairs().solution(**case)
        assert found.shape == truth.shape and found.ndim == A.ndim + B.ndim - 2 * len(pairs)
        np.testing.assert_allclose(found, truth, atol=1e-13)


def test_the_repaired_chain_by_the_complex_step():
    rng = np.random.default_rng(2)
    B0, x = rng.normal(size=(2, 3, 4)), rng.normal(size=4)

    def W(x):
        return np.sin(B0 @ x)

    measured = [((W(x + 1e-20j * step) ** 3).sum().imag / 1e-20) for step in np.eye(4)]
    dW_dx = np.cos(B0 @ x)[:, :, None] * B0
    np.testing.assert_allclose(TheLeftSideRepaired().solution(3 * W(x) ** 2, dW_dx), measured, atol=1e-13)


def test_the_shapes_that_come_out_are_those_of_einsum():
    arrays = {"A": np.ones((2, 3)), "B": np.ones((3, 4)), "C": np.ones((2, 3))}
    for text, told in WhatComesOut().solution().items():
        factors, output = text.split("->")
        names, letters = zip(*(factor.split("_") for factor in factors.split()), strict=True)
        string = f"{','.join(letters)}->{output.strip()}"
        try:
            found = np.einsum(string, *(arrays[name] for name in names)).shape
        except ValueError:
            found = "error"
        assert told == found, text
