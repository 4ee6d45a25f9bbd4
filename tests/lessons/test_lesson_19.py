"""Lesson 19: a number in another layout stands where its own program has it, and the exercises' references."""

import re

import nbformat
import numpy as np
import pytest
from reading import assert_legible, cells, marked, texts

from helpers.drawing.matrices import entry
from helpers.lessons.lesson_19 import pictures
from helpers.lessons.lesson_19.exercises import ALayerFromPyTorch, OneUnit
from helpers.lessons.lesson_19.pictures import ARRAYS, COURSE, EFFECTS, NOTATIONS, NUMBERS, W, X, Z, b, draw_layout
from helpers.lessons.syllabus import notebook


def slopes(f, A):
    """Exact for a function that is quadratic in each entry."""
    G = np.zeros(A.shape)
    for at in np.ndindex(A.shape):
        e = np.zeros(A.shape)
        e[at] = 1
        G[at] = (f(A + e) - f(A - e)) / 2
    return G


def loss(Z):
    return (Z**2).sum() / 2


LAYERS = {  # each notation's own program, on its own arrays
    COURSE: lambda W, b, X: W @ X + b,
    "Dillon": lambda W, b, X: np.hstack([W @ x + b for x in X]),
    "Neoh": lambda W, b, X: np.einsum("sj,ji->si", X, W) + b,
    "PyTorch": lambda W, b, X: X @ W.T + b,
    "Parr & Howard": lambda W, b, X: np.array([[(w * x).sum() + c for x in X] for w, c in zip(W, b, strict=True)]),
    "lecture notes": lambda W, b, X: X @ W + b,
}


def laid_out(notation, key):
    return NOTATIONS[notation][1][key][1](ARRAYS[key])


def one_array(pieces):
    return np.array(pieces) if isinstance(pieces, list) else pieces


@pytest.mark.parametrize("notation", NOTATIONS)
@pytest.mark.parametrize("key", ["W", "b", "X"])
def test_the_slopes_of_a_notation_are_those_of_its_own_program(notation, key):
    own = {name: one_array(laid_out(notation, name)) for name in ("W", "b", "X")}
    layer = LAYERS[notation]
    measured = slopes(lambda A: loss(layer(**own | {key: A})), own[key])
    written = one_array(laid_out(notation, f"d{key}"))
    if notation == "Dillon":  # for a column, the derivative is a row: one for each column of W
        measured = np.array([measured[:, [j]].T for j in range(3)]) if key == "W" else measured.swapaxes(-1, -2)
    if notation == "Parr & Howard" and key != "b":
        measured = measured.swapaxes(-1, -2)
    assert written.shape == measured.shape and np.array_equal(written, measured)


def test_the_slopes_of_the_outputs_for_the_inputs():
    J = np.array([slopes(lambda x, i=i: (W @ x + b)[i, 0], X[:, [0]]).ravel() for i in range(2)])
    assert all(np.array_equal(laid_out(notation, "J"), J) for notation in NOTATIONS)
    assert np.array_equal(Z, LAYERS[COURSE](W, b, X))


def test_a_fault_in_a_layout_is_seen(monkeypatch):
    broken = {"W": ("W", pictures.TURNED)}
    monkeypatch.setitem(NOTATIONS, "PyTorch", (NOTATIONS["PyTorch"][0], NOTATIONS["PyTorch"][1] | broken))
    with pytest.raises(ValueError):
        test_the_slopes_of_a_notation_are_those_of_its_own_program("PyTorch", "W")


@pytest.fixture(scope="module", params=[(number, notation) for number in NUMBERS for notation in list(NOTATIONS)[1:]])
def layout(request):
    number, notation = request.param
    return number, notation, draw_layout(number, notation)


def addresses(picture):
    """The two addresses of the description, as (name, [index, ...])."""
    found = re.findall(r"it is ([\w.]+)((?:\[[\d, ]+\])+),", picture.description)
    return [(name, [tuple(map(int, i.split(","))) for i in re.findall(r"\[([\d, ]+)\]", rest)]) for name, rest in found]


def test_the_pieces_drawn_are_those_of_the_notation_and_one_cell_stands_out(layout):
    number, notation, picture = layout
    key, i, j = NUMBERS[number]
    value = ARRAYS[key][i, j]
    assert np.sum(ARRAYS[key] == value) == 1, "a number that can be told from the others"
    for side, which in (("here", COURSE), ("there", notation)):
        pieces = laid_out(which, key)
        pieces = pieces if isinstance(pieces, list) else [pieces]
        for k, A in enumerate(pieces):
            drawn = cells(picture, f"{side} {k}")
            assert drawn.tolist() == np.vectorize(entry)(np.atleast_2d(A)).tolist()
            assert [drawn[at] for at in marked(picture, f"{side} {k}")] == [entry(value)] * int(np.sum(A == value))
        with pytest.raises(LookupError):
            cells(picture, f"{side} {len(pieces)}")
    assert f" is {value:g}. In this course".replace("-", "−") in picture.description


def test_the_addresses_lead_to_the_number(layout):
    number, notation, picture = layout
    key, i, j = NUMBERS[number]
    found = addresses(picture)
    assert len(found) == 2
    for (name, indices), which in zip(found, (COURSE, notation), strict=True):
        assert name == NOTATIONS[which][1][key][0]
        assert name + "".join(f"[{', '.join(map(str, index))}]" for index in indices) in texts(picture)
        place = laid_out(which, key)
        shape = f"shape {place.shape}" if isinstance(place, np.ndarray) else f"in a list of {len(place)} "
        assert shape in picture.description and any(text.startswith(shape) for text in texts(picture))
        for index in indices:
            place = place[index[0]] if isinstance(place, list) else place[index]
        assert float(place) == ARRAYS[key][i, j]
        assert {which, NOTATIONS[which][0]} <= set(texts(picture))


def test_the_sentence_says_what_became_of_the_array(layout):
    number, notation, picture = layout
    key = NUMBERS[number][0]
    here, there = ARRAYS[key], laid_out(notation, key)
    [said] = [effect for effect in EFFECTS.values() if effect in texts(picture)]
    assert said in picture.description
    (_, [place]), (_, places) = addresses(picture)
    if isinstance(there, np.ndarray):
        if np.array_equal(here, there):
            assert "laid out as here" in said and places == [place]
        elif there.ndim == 1:
            assert "lost its second axis" in said and places == [place[:1]]
        else:
            assert "is transposed: row and column change places" in said and places == [place[::-1]]
    elif there[0].ndim == 0:
        assert "no array, but a number for each output" in said and len(there) == 2
    else:
        one, which, line = ("column", 1, here[:, [0]]) if len(there) == here.shape[1] else ("row", 0, here[[0]])
        assert f"Every {one} is an array" in said and places[0] == (place[which],)
        assert ("transposed" in said) == (there[0].shape != line.shape) and np.array_equal(
            there[0].ravel(), line.ravel()
        )


def test_a_layout_is_legible(layout):
    assert_legible(layout[2])


def test_the_lesson_has_the_numbers_of_the_pictures():
    source = "\n".join(cell.source for cell in nbformat.read(notebook(19), as_version=4).cells)
    names = {"np": np}
    exec(re.search(r"^W = np\.array.*?\n\n", source, re.DOTALL | re.MULTILINE)[0], names)
    assert all(np.array_equal(names[name], getattr(pictures, name)) for name in ("W", "b", "X"))


# --- the exercises' references against measurements ---------------------------------------------------------------


def each_case(exercise, seed=5):
    return list(exercise.cases(np.random.default_rng(seed)))


def test_the_gradients_of_one_unit_are_the_measured_ones():
    for case in each_case(OneUnit()):
        w, b, X, y = (case[name] for name in ("w", "b", "X", "y"))

        def C(w, b, X=X, y=y):
            samples = range(X.shape[1])
            return sum((y[0, s] - max(0.0, (w[:, 0] * X[:, s]).sum() + b)) ** 2 for s in samples) / len(samples)

        z = w.T @ X + b
        assert (z > 0).any() and (z < 0).any() and np.abs(z).min() > 1e-3
        found, h = OneUnit().solution(**case), 1e-6
        steps = [h * e.reshape(-1, 1) for e in np.eye(len(w))]
        assert found["w"] == pytest.approx(np.array([[(C(w + s, b) - C(w - s, b)) / (2 * h)] for s in steps]), abs=1e-7)
        assert found["b"] == pytest.approx((C(w, b + h) - C(w, b - h)) / (2 * h), abs=1e-7)


def test_the_gradients_of_the_layer_are_those_of_a_loss_with_these_slopes():
    for case in each_case(ALayerFromPyTorch()):
        x, weight, grad_output = case.values()

        def L(x, weight, bias, g=grad_output):  # its slopes with respect to the outputs are g
            places = np.ndindex(g.shape)
            return sum(g[s, m] * ((x[s] * weight[m]).sum() + bias[m]) for s, m in places)

        found, given = ALayerFromPyTorch().solution(**case), (x, weight, np.zeros(len(weight)))
        for k, name in enumerate(("input", "weight", "bias")):
            alone = lambda A, k=k, given=given, L=L: L(*given[:k], A, *given[k + 1 :])
            assert found[name].shape == given[k].shape
            assert found[name] == pytest.approx(slopes(alone, given[k]))


def test_the_three_faults_show_only_where_sizes_differ():
    source = "\n".join(cell.source for cell in nbformat.read(notebook(19), as_version=4).cells)
    names = {}
    exec(re.search(r"^def faulty\(.*?\n\n*```", source, re.DOTALL | re.MULTILINE)[0].rstrip("`\n"), names)
    square, other = each_case(ALayerFromPyTorch())[:2]
    right = ALayerFromPyTorch().solution(**square)
    shapes = {key: value.shape for key, value in right.items()}
    wrong = names["faulty"](**square)
    assert {key: value.shape for key, value in wrong.items()} == shapes
    assert all(np.abs(wrong[key] - right[key]).max() > 0.1 for key in right)
    with pytest.raises(ValueError):
        names["faulty"](**other)
