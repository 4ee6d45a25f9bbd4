"""The pictures of lesson 00: the map agrees with the syllabus, the card with numpy, and a layout with its program."""

import re
from itertools import combinations

import nbformat
import numpy as np
import pytest
from matplotlib.patches import FancyArrowPatch, Rectangle
from reading import assert_legible, cells, marked, shown, texts

from helpers.drawing.matrices import entry
from helpers.lessons.lesson_00 import pictures
from helpers.lessons.lesson_00.pictures import (
    ARRAYS,
    COURSE,
    EFFECTS,
    NOTATIONS,
    NUMBERS,
    W,
    X,
    Z,
    b,
    draw_conventions,
    draw_layout,
    draw_map,
)
from helpers.lessons.syllabus import SYLLABUS, notebook, written
from helpers.numerical import numerical_jacobian

# --- the map ----------------------------------------------------------------------------------------------------


def frames(picture):
    """{number: the frame of a lesson}."""
    found = {frame.get_label(): frame for frame in picture.figure.findobj(Rectangle)}
    return {number: found[f"{number:02}"] for number in SYLLABUS}


def arrows(picture):
    """{(from, to): (start, tip)} of the arrows; all of them point down."""
    found = {}
    for arrow in picture.figure.findobj(FancyArrowPatch):
        path = arrow.get_path()
        line = path.vertices[path.codes != path.CLOSEPOLY]
        found[tuple(map(int, arrow.get_label().split(" → ")))] = line[0], line[line[:, 1].argmax()]
    return found


def inside(frame, x, y, margin=0):
    (left, top), (right, bottom) = frame.get_xy(), np.add(frame.get_xy(), (frame.get_width(), frame.get_height()))
    return left - margin < x < right + margin and top - margin < y < bottom + margin


def test_the_map_shows_every_lesson_with_its_number_and_title():
    picture = draw_map()
    for number, frame in frames(picture).items():
        within = {t.get_text().replace("\n", " ") for t in shown(picture) if inside(frame, *t.get_position())}
        assert within == {f"{number:02}", SYLLABUS[number].title}
    assert f"{len(SYLLABUS)} lessons. " in picture.description
    assert_legible(picture)


def test_the_arrows_are_the_needs_and_join_their_lessons():
    picture = draw_map()
    boxes, found = frames(picture), arrows(picture)
    assert set(found) == {(other, number) for number, lesson in SYLLABUS.items() for other in lesson.needs}
    for (other, number), (start, tip) in found.items():
        assert inside(boxes[other], *start, margin=3) and inside(boxes[number], *tip, margin=3)
        assert start[1] < tip[1], "an arrow leads down"
        needs = re.search(rf"{number:02} needs ([^;.]*)", picture.description)[1]
        assert f"{other:02}" in needs and len(re.findall(r"\d\d", needs)) == len(SYLLABUS[number].needs)


def test_no_arrow_crosses_a_lesson_and_no_two_lessons_overlap():
    picture = draw_map()
    boxes = frames(picture)
    for start, tip in arrows(picture).values():
        for t in np.linspace(0.05, 0.95, 40):
            assert not any(inside(frame, *(start + t * (tip - start))) for frame in boxes.values())
    for one, other in combinations(boxes.values(), 2):
        assert not one.get_bbox().padded(8).overlaps(other.get_bbox())


@pytest.mark.parametrize("ready", [{0}, {0, 1, 2, 3, 4}, set(SYLLABUS) - {7}, set(SYLLABUS)])
def test_the_lessons_to_come_are_marked(ready):
    picture = draw_map(ready)
    assert {number for number, frame in frames(picture).items() if frame.get_linestyle() == "solid"} == ready
    assert ("still to come" in texts(picture)) == ("dashed" in picture.description) == (ready != set(SYLLABUS))
    if ready != set(SYLLABUS):
        said = re.search(r"Written so far: (.*?);", picture.description)[1]
        assert {int(n) for n in re.findall(r"\d\d", said)} == ready
    assert_legible(picture)


def test_the_lessons_that_are_there_are_those_with_a_notebook():
    assert draw_map().alt == draw_map(written()).alt and draw_map().svg() == draw_map(written()).svg()


# --- the card ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def card():
    return draw_conventions()


def test_the_card_is_legible(card):
    assert_legible(card)


def test_the_card_draws_the_shapes_that_numpy_has(card):
    N, M, B = map(int, re.findall(r"= (\d)", card.title))
    rng = np.random.default_rng(0)
    A, x, batch, bias = (rng.normal(size=shape) for shape in ((M, N), (N, 1), (N, B), (M, 1)))
    C = rng.normal(size=(4, 2))
    assert cells(card, "x").shape == cells(card, "x and ∇L for x").shape == x.shape
    assert cells(card, "df/dx").shape == numerical_jacobian(lambda x: A @ x + bias, x).shape
    assert cells(card, "dL/dx").shape == numerical_jacobian(lambda x: ((A @ x) ** 2).sum(keepdims=True), x).shape
    assert cells(card, "W and ∇L for W").shape == A.shape
    assert cells(card, "X").shape == batch.shape and (A @ batch + bias).shape == (M, B)
    shapes = {name: cells(card, name).shape for name in ("C", "A", "CA")}
    assert shapes == {"C": C.shape, "A": A.shape, "CA": (C @ A).shape}
    assert {f"{name} {shape}" for name, shape in shapes.items()} <= set(texts(card))
    with pytest.raises(ValueError):
        A @ C
    said = " ".join(texts(card))
    assert f"x: (N, 1) = {x.shape}" in said and f"df/dx: (M, N) = {A.shape}" in said
    assert f"X: (N, B) = {batch.shape}" in said


def test_a_row_of_the_jacobian_is_an_output_and_a_column_of_the_batch_a_sample(card):
    assert cells(card, "df/dx").tolist() == [["∂f₁/∂x₁", "∂f₁/∂x₂", "∂f₁/∂x₃"], ["∂f₂/∂x₁", "∂f₂/∂x₂", "∂f₂/∂x₃"]]
    assert marked(card, "df/dx") == {(0, 0), (0, 1), (0, 2)}
    assert marked(card, "X") == {(0, 1), (1, 1), (2, 1)} and "sample 2" in texts(card)


def test_the_card_multiplies_entry_by_entry_and_counts_axes(card):
    left, right, product = (cells(card, f"factor {k}").astype(int) for k in range(3))
    assert np.array_equal(left * right, product)
    heights = {t.get_text(): t.get_position()[1] for t in shown(card)}
    for shape in ((), (3,), (3, 1), (2, 3, 4)):
        count = np.zeros(shape).ndim
        assert heights[f"{count} ax{'i' if count == 1 else 'e'}s"] == heights[str(shape)]


def test_every_letter_on_the_card_is_explained_on_it(card):
    used = {
        token for text in [card.title, *texts(card)] for token in re.findall(r"[A-Za-zσ]+", text) if len(token) == 1
    }
    in_the_list = {letter for text in ("x, X", "W, b", "z", "σ", "n", "L", "f, g") for letter in text.split(", ")}
    assert {"x, X", "W, b", "z", "σ", "n", "L", "f, g"} <= set(texts(card))
    in_the_title, with_the_layers, drawn_with_their_shapes = set("NMB"), set("ki"), set("CA")
    assert "k + 1 layers, numbered i = 0 to k" in " ".join(texts(card))
    assert used - {"a"} <= in_the_list | in_the_title | with_the_layers | drawn_with_their_shapes


# --- one number in six layouts ------------------------------------------------------------------------------------


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
    "row derivatives (Dillon)": lambda W, b, X: np.hstack([W @ x + b for x in X]),
    "indices (Neoh)": lambda W, b, X: np.einsum("sj,ji->si", X, W) + b,
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
    if notation == "row derivatives (Dillon)":  # for a column, the derivative is a row: one for each column of W
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
    assert f" is {value:g}. In this course" in picture.description


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
    source = "\n".join(cell.source for cell in nbformat.read(notebook(0), as_version=4).cells)
    names = {"np": np}
    exec(re.search(r"^W = np\.array.*?\n\n", source, re.DOTALL | re.MULTILINE)[0], names)
    assert all(np.array_equal(names[name], getattr(pictures, name)) for name in ("W", "b", "X"))
