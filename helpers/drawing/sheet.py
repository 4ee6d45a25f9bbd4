"""A sheet to draw diagrams on: matrices, boxes and arrows, placed in pixels of the page, with y downwards."""

from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyArrowPatch, Rectangle

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


def edge(ax, start, end, forward="", backward="", color="C4", back_color="C1", **more):
    """An arrow of a graph, with the value that flows forward over it and the gradient that flows back under it."""
    arrow(ax, start, end, color, **more)
    x, y = (start[0] + end[0]) / 2, (start[1] + end[1]) / 2
    if forward:
        ax.text(x, y - 6, forward, ha="center", va="bottom", color=color)
    if backward:
        ax.text(x, y + 6, backward, ha="center", va="top", color=back_color)
