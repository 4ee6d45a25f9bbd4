"""Matrices, sheets and powers: every entry in its place, as in print."""

import numpy as np
import pytest
from matplotlib.figure import Figure
from matplotlib.patches import Circle
from reading import arrows, assert_legible, cells, marked, texts, within

from helpers.drawing.matrices import draw_matrix, entries, entry
from helpers.drawing.picture import Picture
from helpers.drawing.powers import powers, ten_to
from helpers.drawing.sheet import arrow, box, edge, node, sheet


@pytest.mark.parametrize(
    ("value", "text"),
    [(1.0, "1"), (-2.25, "−2.25"), (0.125, "0.13"), (-1e-17, "0"), (0, "0"), ("δ", "δ"), (1e3, "1000")],
)
def test_entries_of_a_matrix_are_written_as_in_print(value, text):
    assert entry(value) == text


def test_a_sentence_lists_the_entries_row_by_row():
    assert entries(np.array([[1.0, -2.25], [0.125, 0.0]])) == "1, −2.25, 0.13, 0"
    assert entries((0.12345, 2), 4) == "0.1235, 2"


def test_a_matrix_shows_every_entry_in_its_row():
    figure, ax = sheet(400, 300, "t")
    A = np.array([[1.0, 0.0, 3.0], [4.0, -5.5, 6.0]])
    assert draw_matrix(ax, A, 50, 90, name="A", cell=40, fills={(1, 2): "#FFE3B8"}) == (120, 80)
    picture = Picture(figure, "A matrix.")
    assert cells(picture, "A").tolist() == [["1", "0", "3"], ["4", "−5.5", "6"]]
    assert marked(picture, "A") == {(1, 2)}
    by_row = sorted((t.get_position()[1], t.get_position()[0], t.get_text()) for t in ax.texts if "[" in t.get_label())
    assert [text for *_, text in by_row] == ["1", "0", "3", "4", "−5.5", "6"]
    assert_legible(picture)
    with pytest.raises(ValueError, match=r"expected a matrix \(M, N\), got shape \(3,\)"):
        draw_matrix(ax, np.ones(3), 0, 0)


def test_legibility_is_tried():
    for left in (-60, 395):
        figure, ax = sheet(400, 200, "t")
        ax.text(left, 60, "outside")
        with pytest.raises(AssertionError, match="leaves the picture"):
            assert_legible(Picture(figure, "d"))
    figure, ax = sheet(400, 200, "t")
    ax.text(100, 100, "one")
    ax.text(104, 102, "two")
    with pytest.raises(AssertionError, match=r"'one' covers 'two'"):
        assert_legible(Picture(figure, "d"))


def test_powers_of_ten_are_plain_text_at_their_places():
    figure = Figure()
    figure.suptitle("t")
    ax = figure.subplots()
    ax.set(xlim=(1e-21, 1), ylim=(1, 10))
    powers(ax, "x", -20, 0, 5)
    assert ten_to(-20) == "10⁻²⁰"
    picture = Picture(figure, "d")
    assert [t for t in texts(picture) if t.startswith("10")][:5] == ["10⁻²⁰", "10⁻¹⁵", "10⁻¹⁰", "10⁻⁵", "10⁰"]
    assert ax.get_xticks().tolist() == [1e-20, 1e-15, 1e-10, 1e-5, 1.0] and ax.get_xscale() == "log"


def test_an_edge_carries_its_value_over_it_and_its_gradient_under_it():
    figure, ax = sheet(400, 200, "t")
    edge(ax, (50, 100), (250, 100), "n = 2", "dL/dn = 3")
    box(ax, 250, 80, 60, 40, "σ")
    arrow(ax, (310, 100), (380, 100))
    heights = {t.get_text(): t.get_position()[1] for t in ax.texts}
    assert heights["n = 2"] < 100 < heights["dL/dn = 3"]
    assert_legible(Picture(figure, "d"))


@pytest.mark.parametrize("end", [(250, 160), (250, 40), (120, 190)])
@pytest.mark.parametrize("place", [0.3, 0.5])
def test_the_texts_of_a_steep_edge_stand_on_its_two_sides_where_they_are_wanted(end, place):
    figure, ax = sheet(400, 200, "t")
    start = np.array([50, 100])
    edge(ax, tuple(start), end, "6", "5", reach=20, place=place, label="e")
    [(tail, head)] = arrows(Picture(figure, "d"), "e")
    along = (end - start) / np.hypot(*(end - start))
    np.testing.assert_allclose([tail, head], [start + 20 * along, end - 20 * along])
    over, under = (np.array(t.get_position()) for t in ax.texts)
    np.testing.assert_allclose((over + under) / 2, start + place * (end - start))
    assert over[1] < under[1] and np.dot(over - under, along) == pytest.approx(0, abs=1e-9)


def test_a_node_stands_above_its_edges_with_its_name_in_its_middle():
    figure, ax = sheet(400, 200, "t")
    node(ax, (100, 100), "x₁", 20, "white")
    line = arrow(ax, (100, 100), (300, 100), zorder=2)
    [name] = ax.texts
    [circle] = within(figure, Circle)
    assert name.get_position() == circle.get_center() == (100, 100)
    assert line.zorder < circle.zorder < name.zorder
    assert_legible(Picture(figure, "d"))
