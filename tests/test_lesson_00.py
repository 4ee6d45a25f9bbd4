"""The drawings of lesson 00: the map agrees with the lessons, the card with numpy, and a layout with its program."""

import json
import re
from pathlib import Path

import numpy as np
import pytest

from helpers.figures import layouts
from helpers.figures.layouts import ARRAYS, COURSE, NOTATIONS, NUMBERS, W, X, Z, b, draw_layout
from helpers.figures.lesson_00 import LESSONS, READY, draw_conventions, draw_map

NOTEBOOKS = {int(path.name[:2]): path for path in (Path(__file__).parents[1] / "notebooks").glob("[0-9][0-9]_*.ipynb")}


def first_cell(number):
    return "".join(json.loads(NOTEBOOKS[number].read_text(encoding="utf-8"))["cells"][0]["source"])


def everything_before(number):
    needs = LESSONS[number].needs
    return set(needs).union(*map(everything_before, needs))


# --- the map ----------------------------------------------------------------------------------------------------


def test_the_lessons_that_are_there_are_those_with_a_notebook():
    assert set(NOTEBOOKS) == READY
    assert draw_map().svg() == draw_map(set(NOTEBOOKS)).svg() != draw_map(set(NOTEBOOKS) - {0}).svg()


@pytest.mark.parametrize("number", sorted(NOTEBOOKS))
def test_the_map_says_what_the_lesson_says(number):
    text = first_cell(number)
    assert re.match(r"# (\d+) · (.*)", text).groups() == (str(number), LESSONS[number].title)
    stated = re.search(r"· needs (.*?) ·", text)[1]
    stated = {int(n) for n in re.findall(r"\d\d", stated)}
    assert set(LESSONS[number].needs) <= stated | {0}
    assert stated <= everything_before(number)


def test_an_arrow_leads_down_and_no_two_lessons_share_a_place():
    assert len({(lesson.column, lesson.row) for lesson in LESSONS.values()}) == len(LESSONS) == 19
    for number, lesson in LESSONS.items():
        assert all(LESSONS[other].row < lesson.row for other in lesson.needs)
        implied = set().union(*map(everything_before, lesson.needs))
        assert not implied & set(lesson.needs), f"{number} shows an arrow that follows from the others"


@pytest.mark.parametrize("ready", [{0}, {0, 1, 2, 3, 4}, set(LESSONS)])
def test_the_lessons_to_come_are_marked(ready):
    figure = draw_map(ready)
    svg = figure.svg()
    assert svg.count("to come") == svg.count("stroke-dasharray") == 19 - len(ready)
    assert svg.count("#0072B2") == len(ready)
    for lesson in LESSONS.values():
        assert f">{lesson.title}<" in svg
    assert "11 needs 09 and 10" in figure.description
    assert f"{max(ready):02d}; those to come" in figure.description


def test_no_arrow_crosses_a_lesson():
    figure = draw_map()
    boxes = [
        [tuple(map(float, corner.split(","))) for corner in points.split()]
        for points in re.findall(r"<polygon points='([^']*)' fill='(?:#E8F1F8|none)'", figure.svg())
    ]
    assert len(boxes) == 19
    lines = re.findall(r"<polyline points='([^']*)'", figure.svg())
    assert len(lines) == sum(len(lesson.needs) for lesson in LESSONS.values())
    for line in lines:
        (x0, y0), (x1, y1) = (tuple(map(float, point.split(","))) for point in line.split())
        for t in np.linspace(0.05, 0.95, 40):
            x, y = x0 + t * (x1 - x0), y0 + t * (y1 - y0)
            assert not any(box[0][0] < x < box[2][0] and box[0][1] < y < box[2][1] for box in boxes)


# --- the card ---------------------------------------------------------------------------------------------------


def test_the_card_draws_the_shapes_it_states():
    figure = draw_conventions()
    C, A = np.zeros((4, 2)), np.zeros((2, 3))
    assert f"CA is {(C @ A).shape}" in figure.svg()
    with pytest.raises(ValueError):
        A @ C
    assert np.array_equal(np.array([2, 3]) * np.array([4, 5]), [8, 15])
    cells = re.findall(
        r"<rect x='[\d.]+' y='[\d.]+' width='([\d.]+)' height='\1' rx='0' fill='[^']*' stroke='#B0B0B0'", figure.svg()
    )
    # x, the Jacobian, the gradients for W and x, the derivative, the batch, three columns of 2, C and A
    assert len(cells) == 3 + 6 + 6 + 3 + 3 + 12 + 6 + 8 + 6


@pytest.mark.parametrize("figure", [draw_map(), draw_conventions(), draw_layout(next(iter(NUMBERS)), "PyTorch")])
def test_no_text_is_too_small_or_outside(figure):
    for x, y, size in re.findall(r"<text x='([\d.]+)' y='([\d.]+)' font-size='([\d.]+)'", figure.svg()):
        assert float(size) >= 12
        assert 0 < float(x) < figure.width and 0 < float(y) < figure.height


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
    shown = one_array(laid_out(notation, f"d{key}"))
    if notation == "row derivatives (Dillon)":  # for a column, the derivative is a row: one for each column of W
        measured = np.array([measured[:, [j]].T for j in range(3)]) if key == "W" else measured.swapaxes(-1, -2)
    if notation == "Parr & Howard" and key != "b":
        measured = measured.swapaxes(-1, -2)
    assert shown.shape == measured.shape and np.array_equal(shown, measured)


def test_the_slopes_of_the_outputs_for_the_inputs():
    J = np.array([slopes(lambda x, i=i: (W @ x + b)[i, 0], X[:, [0]]).ravel() for i in range(2)])
    assert all(np.array_equal(laid_out(notation, "J"), J) for notation in NOTATIONS)
    assert np.array_equal(Z, LAYERS[COURSE](W, b, X))


@pytest.mark.parametrize("notation", NOTATIONS)
@pytest.mark.parametrize("number", NUMBERS)
def test_the_addresses_lead_to_the_number(number, notation):
    figure = draw_layout(number, notation)
    key, i, j = NUMBERS[number]
    value = ARRAYS[key][i, j]
    assert np.sum(ARRAYS[key] == value) == 1, "a number that can be told from the others"
    assert f" is {value:g}. In this course" in figure.description
    for which, intro in ((COURSE, "In this course it is"), (notation, "In the notation of")):
        name = NOTATIONS[which][1][key][0]
        address = re.search(rf"(?i){re.escape(intro)}.*?{re.escape(name)}((?:\[[\d, ]+\])+),", figure.description)[1]
        found = laid_out(which, key)
        for index in re.findall(r"\[([\d, ]+)\]", address):
            at = tuple(map(int, index.split(",")))
            found = found[at[0]] if isinstance(found, list) else found[at]
        assert float(found) == value
    assert figure.svg().count("#F6E3B8") == 2


def test_a_fault_in_a_layout_is_seen(monkeypatch):
    broken = {"W": ("W", layouts.TURNED)}
    monkeypatch.setitem(NOTATIONS, "PyTorch", (NOTATIONS["PyTorch"][0], NOTATIONS["PyTorch"][1] | broken))
    with pytest.raises(ValueError):
        test_the_slopes_of_a_notation_are_those_of_its_own_program("PyTorch", "W")


def test_the_lesson_has_the_numbers_of_the_pictures():
    source = "\n".join(
        "".join(cell["source"]) for cell in json.loads(NOTEBOOKS[0].read_text(encoding="utf-8"))["cells"]
    )
    names = {"np": np}
    exec(re.search(r"^W = np\.array.*?\n\n", source, re.DOTALL | re.MULTILINE)[0], names)
    assert all(np.array_equal(names[name], getattr(layouts, name)) for name in ("W", "b", "X"))
