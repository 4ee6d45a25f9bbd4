"""Two SVGs show the same where only the layout of their text moved; every other difference is found and told."""

import functools
import re

import matplotlib
import pytest
from matplotlib.figure import Figure

from helpers.classroom.svg import PIXEL, difference
from helpers.drawing.picture import Picture


@functools.cache
def drawn(slope=3, color="C0", label="loss", style="-", lines=2, title="t", size=10):
    figure = Figure(figsize=(4, 3))
    figure.suptitle(title)
    ax = figure.subplots()
    for k in range(lines):
        ax.plot([0, 1, 2], [0, slope + k, 2 * slope], style, color=color, label=f"{label} {k}")
    ax.text(1, 1, "W", size=size)
    ax.set(xlim=(0, 2), ylim=(0, 8))
    ax.legend(loc="upper left")
    return Picture(figure, "d").svg()


def moved(svg, by):
    """The SVG with every text moved to the right."""
    pattern = r"translate\((\d+\.\d+) "
    return re.sub(pattern, lambda found: found[0].replace(found[1], str(float(found[1]) + by)), svg)


def test_a_picture_is_like_itself():
    assert difference(drawn(), drawn()) == ""


def test_text_laid_out_a_little_differently_is_the_same():
    assert difference(drawn(), moved(drawn(), 0.9 * PIXEL)) == ""
    assert difference(drawn(), moved(drawn(), 1.1 * PIXEL)).startswith("transform in <g>: stored")


VERSIONS = pytest.mark.parametrize(("version", "within"), [("3.11.2", 1), ("3.11.0", 1), ("3.10.0", 4), ("3.12.0", 4)])


@VERSIONS
def test_a_legend_drawn_by_another_version_may_move_by_a_few_pixels(version, within, monkeypatch):
    monkeypatch.setattr(matplotlib, "__version__", version)
    start, title = drawn().index('<g id="legend_1">'), drawn().rindex('<g id="text_')
    legend = drawn()[start:title]
    for by in (0.9, 0.9 * within, 1.1 * within):
        other = drawn().replace(legend, moved(legend, by * PIXEL))
        assert other != drawn() and (difference(drawn(), other) == "") == (by < within)


@VERSIONS
def test_so_may_a_text_of_several_lines_and_one_of_one_line_may_not(version, within, monkeypatch):
    monkeypatch.setattr(matplotlib, "__version__", version)
    for text, same in (("one\ntwo", within == 4), ("one two", False)):
        figure = Figure(figsize=(4, 3))
        figure.suptitle("t")
        figure.text(0.3, 0.5, text)
        svg = Picture(figure, "d").svg()
        start = svg.index('<g id="text_2">')  # after the title
        assert (difference(svg, svg[:start] + moved(svg[start:], 3 * PIXEL)) == "") == same


def test_other_glyphs_for_the_same_words_are_the_same_and_other_words_or_fonts_are_not():
    named = drawn()
    other = re.sub(r"DejaVuSans-([0-9a-f]+)", lambda found: f"DejaVuSans-{int(found[1], 16) + 7:x}", named)
    assert other != named and difference(named, other) == ""
    assert "name in <font>" in difference(named, named.replace("DejaVuSans-", "DejaVuSansMono-"))
    assert "text in <comment>" in difference(named, named.replace("<!-- W -->", "<!-- V -->"))


def test_a_mark_is_compared_by_what_it_looks_like():
    def marked(marker):
        figure = Figure(figsize=(4, 3))
        figure.suptitle("t")
        figure.subplots().plot([0, 1], [0, 1], marker)
        return Picture(figure, "d").svg()

    names = re.compile(r"\bm[0-9a-f]{10}\b")
    renamed = names.sub(lambda found: "m" + found[0][:0:-1], marked("o"))
    assert names.findall(renamed) != names.findall(marked("o")) and difference(marked("o"), renamed) == ""
    assert difference(marked("o"), marked("s"))


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"slope": 3.2}, "d in <path>"),
        ({"color": "C1"}, "style in <path>"),
        ({"style": "--"}, "style in <path>"),
        ({"label": "lass"}, "text in <comment>"),
        ({"title": "u"}, "text in <comment>"),
        ({"lines": 3}, "in <"),
        ({"lines": 1}, "in <"),
        ({"size": 11}, "transform in <g>"),
    ],
)
def test_every_change_is_told(change, says):
    assert says in difference(drawn(), drawn(**change))


def test_a_blank_picture_is_not_the_same():
    blank = Figure(figsize=(4, 3))
    blank.suptitle("t")
    assert difference(drawn(), Picture(blank, "d").svg())
    assert difference(Picture(blank, "d").svg(), drawn())


def test_a_point_more_or_less_is_told():
    figure = Figure(figsize=(4, 3))
    figure.suptitle("t")
    ax = figure.subplots()
    ax.plot([0, 0.5, 1], [0, 0.5, 1])
    more = Picture(figure, "d").svg()
    ax.lines[0].set_data([0, 1], [0, 1])
    assert difference(more, Picture(figure, "d").svg()).startswith("d in <path>")
