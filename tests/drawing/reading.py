"""What a picture shows, read from its figure's data: texts, cells of matrices, points of lines. No pixels."""

import re
from itertools import combinations

import numpy as np
from matplotlib.axis import Axis
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.patches import FancyArrowPatch, PathPatch
from matplotlib.text import Text


def within(artist, kind):
    """The artists of a kind in a figure or in a part of one, but for axis labels and ticks.

    matplotlib's own `findobj` makes every tick, also of axes that show none, which takes longer than to draw them.
    """
    if isinstance(artist, kind):
        yield artist
    for child in artist.get_children():
        if not isinstance(child, Axis):
            yield from within(child, kind)


def shown(picture):
    """The Text artists that are seen, with something to read in them."""
    found = [*within(picture.figure, Text)]
    for ax in picture.figure.axes:
        if not (ax.axison and ax.get_visible()):
            continue
        ax.apply_aspect()
        for axis in (ax.xaxis, ax.yaxis):
            axis.get_ticklabels()  # they get their texts, as when they are drawn
            low, high = sorted(axis.get_view_interval())
            beyond = [tick for tick in axis.get_major_ticks() if not low <= tick.get_loc() <= high]
            unseen = {id(label) for tick in beyond for label in (tick.label1, tick.label2)}
            found += [text for text in axis.findobj(Text) if id(text) not in unseen]
    return [text for text in found if text.get_text().strip() and text.get_visible()]


def texts(picture):
    """All that is to be read in the picture, as texts."""
    return [text.get_text() for text in shown(picture)]


def cells(picture, name=""):
    """The entries of the matrix drawn under that name, as texts, (M, N)."""
    found = {place: text.get_text() for text in within(picture.figure, Text) if (place := _place(text, name))}
    if not found:
        raise LookupError(f"no matrix {name!r} in {picture.title!r}")
    M, N = (max(place[k] for place in found) + 1 for k in (0, 1))
    return np.array([[found[i, j] for j in range(N)] for i in range(M)])


def marked(picture, name=""):
    """The places (i, j) of the cells of that matrix that stand out."""
    return {place for cell in within(picture.figure, PathPatch) if (place := _place(cell, name))}


def shades(picture, label):
    """The shades, 0 to 8, of the squares of the picture that is drawn under that label, row by row."""
    drawn = {}
    for patch in within(picture.figure, PathPatch):
        if match := re.fullmatch(re.escape(label) + r": shade (\d)", str(patch.get_label())):
            outlines = patch.get_path().vertices.reshape(-1, 5, 2)
            drawn |= {tuple(outline.min(axis=0)): int(match[1]) for outline in outlines}
    rows = sorted({y for _, y in drawn})
    return [[drawn[corner] for corner in sorted(drawn) if corner[1] == y] for y in rows]


def _place(artist, name):
    found = re.fullmatch(re.escape(name) + r"\[(\d+),(\d+)\]", str(artist.get_label()))
    return (int(found[1]), int(found[2])) if found else None


def points(picture, label):
    """The data (2, K) of the one line of that label, in whichever axes."""
    lines = [line for ax in picture.figure.axes for line in ax.lines if line.get_label() == label]
    if len(lines) != 1:
        raise LookupError(f"{len(lines)} lines {label!r} in {picture.title!r}; there are {_labels(picture)}")
    return np.array(lines[0].get_data(), float)


def arrows(picture, label):
    """(start, end), pairs (x, y) in data coordinates, of the arrows of that label, in drawing order."""
    found = [arrow for arrow in within(picture.figure, FancyArrowPatch) if arrow.get_label() == label]
    return [tuple(map(tuple, arrow._posA_posB)) for arrow in found]  # matplotlib has no public name for them


def plain(text):
    """A text with its true minus signs and its indices in ASCII: "x₁ = −2" becomes "x1 = -2"."""
    return text.translate(str.maketrans("₀₁₂₃₄₅₆₇₈₉−", "0123456789-"))


def numbers(text):
    """The numbers in a text. Indices are none; to read them too, make the text plain first."""
    text = re.sub(r"(?<=\d),(?=\d{3}\b)", "", text.replace("\N{MINUS SIGN}", "-"))
    return [float(n) for n in re.findall(r"-?\d+(?:\.\d+)?(?:e-?\d+)?", text)]


def values(entries):
    """The entries of a matrix, (M, N) texts, as numbers."""
    return np.vectorize(lambda text: float(plain(text)))(entries)


def drawn(picture, name):
    """A drawn matrix as numbers, (M, N)."""
    return values(cells(picture, name))


def _labels(picture):
    return sorted(str(line.get_label()) for ax in picture.figure.axes for line in ax.lines)


def assert_legible(picture, smallest=8):
    """Every text lies inside the figure, is at least `smallest` points high, and covers no other text."""
    canvas = FigureCanvasAgg(picture.figure)
    picture.figure.draw_without_rendering()  # everything gets its place
    width, height = canvas.get_width_height()
    boxes = [(text, text.get_window_extent(canvas.get_renderer())) for text in shown(picture)]
    for text, box in boxes:
        assert text.get_size() >= smallest, f"{text.get_text()!r} is {text.get_size():.1f} points high"
        inside = box.x0 >= 0 and box.x1 <= width and box.y0 >= 0 and box.y1 <= height
        assert inside, f"{text.get_text()!r} leaves the picture: {box.extents.round()} in {width, height}"
    for (a, box), (b, other) in combinations(boxes, 2):
        across = min(box.x1, other.x1) - max(box.x0, other.x0)
        down = min(box.y1, other.y1) - max(box.y0, other.y0)
        assert across < 2 or down < 3, f"{a.get_text()!r} covers {b.get_text()!r} in {picture.title!r}"
