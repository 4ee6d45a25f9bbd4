"""A sheet to draw diagrams on: matrices, boxes and arrows, placed in pixels of the page, with y downwards."""

from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyArrowPatch, Rectangle

# Sizes of text below the 10 of the style: beside a picture, in it, and where it is full.
NOTE, LABEL, TINY = 9.5, 9, 8.5
HAIRLINE, GRID = "#D8D8D8", "#E4E4E4"  # lines that hold nothing: around a pixel, behind curves
# Light fills to write on. A fill is always joined by a frame, a word or a place that says the same.
BLUE, ORANGE, GREEN, PURPLE, PALE = "#D9EAF6", "#FFE3B8", "#D4EFE6", "#F3DFEB", "#F0F0F0"
MIDDLE = {"ha": "center", "va": "center_baseline"}  # of a text that stands in the middle of its place


def sheet(width, height, title):
    """A figure of width × height pixels with a title, and axes over all of it: (0, 0) is its upper left corner."""
    figure = Figure(figsize=(width / 100, height / 100), dpi=100)
    figure.suptitle(title, y=1 - 14 / height, va="center_baseline")
    ax = figure.add_axes((0, 0, 1, 1), xlim=(0, width), ylim=(height, 0))
    ax.set_axis_off()
    return figure, ax


def box(ax, left, top, width, height, text="", fill="white", color="C4", **style):
    """A rectangle with a text in its middle; `style` goes to the text."""
    ax.add_artist(Rectangle((left, top), width, height, fc=fill, ec=color, lw=1.2))
    if text:
        ax.text(left + width / 2, top + height / 2, text, **MIDDLE, **style)


def arrow(ax, start, end, color="C4", width=1.5, **more):
    """An arrow from start to end, pairs (x, y); `more` goes to FancyArrowPatch: ls, connectionstyle, zorder, label."""
    style = {"arrowstyle": "-|>", "color": color, "lw": width, "shrinkA": 0, "shrinkB": 0, "mutation_scale": 12}
    return ax.add_artist(FancyArrowPatch(start, end, **style | more))


def node(ax, at, text, radius, fill="white", color="C4", width=1.5, **style):
    """A node of a graph, above its edges: a circle around `at`, a pair (x, y); `style` goes to the text."""
    ax.add_artist(Circle(at, radius, fc=fill, ec=color, lw=width, zorder=3))
    ax.text(*at, text, zorder=4, **MIDDLE, **style)


def edge(ax, start, end, forward="", backward="", reach=0.0, bow=0.0, place=0.5, color="C5", width=1.5, label=None):
    """An arrow of a graph, with the value that flows forward over it and what flows back under it.

    start, end: the middles of two nodes.   reach: how far from them the arrow ends.   bow: how far it is bent.
    place: where the texts stand on a straight arrow, from 0 at its start to 1. Where the arrow is steep, the value
    stands on the side that looks up, and the other text across from it.
    """
    (x0, y0), (x1, y1) = start, end
    length = ((x1 - x0) ** 2 + (y1 - y0) ** 2) ** 0.5
    along = (x1 - x0) / length, (y1 - y0) / length
    ends = (x0 + reach * along[0], y0 + reach * along[1]), (x1 - reach * along[0], y1 - reach * along[1])
    arrow(ax, *ends, color, width, connectionstyle=f"arc3,rad={bow}", label=label)
    up = (along[1], -along[0]) if along[0] > 0 else (-along[1], along[0])  # the side that looks up
    rise = 0.5 * bow * (length - 2 * reach)  # of a bowed arrow's middle
    middle = x0 + place * (x1 - x0) - rise * along[1], y0 + place * (y1 - y0) + rise * along[0]
    for text, side, ink in ((forward, 1, "C0"), (backward, -1, "C1")):
        if text:
            x, y = middle[0] + side * 8 * up[0], middle[1] + side * 8 * up[1]
            lean = side * up[0]
            ha = "left" if lean > 0.35 else "right" if lean < -0.35 else "center"
            va = "bottom" if side * up[1] < -0.35 else "top"
            ax.text(x, y, text, ha=ha, va=va, color=ink, weight="bold", size=NOTE)
