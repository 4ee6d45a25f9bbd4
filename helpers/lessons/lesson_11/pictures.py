"""Pictures of lesson 11: the graph of a network, a digit with its slopes, and the paths from a node to the loss."""

from itertools import pairwise

import numpy as np
from matplotlib.patches import Rectangle

from helpers.drawing.matrices import draw_matrix, entries, entry
from helpers.drawing.picture import Picture
from helpers.drawing.scripts import raised
from helpers.drawing.sheet import BLUE, LABEL, MIDDLE, ORANGE, PALE, TINY, edge, node, sheet
from helpers.drawing.table import write_line
from helpers.lessons.lesson_11.paths import arrows, gradient, name, paths

WIDTH, AXIS, BELOW = 840, 132, 228  # of a graph: its width, and where the nodes and the parameters stand
RADIUS, ROUND = 24, 26  # of a node, and how far from its middle an arrow ends
MARKED, PLAIN = {"color": "C1", "width": 3.5, "label": "marked"}, {"color": "C5", "label": "arrow"}
NODES = [(name(by), by) for by in (*(("n", i) for i in range(-1, 4)), *((P, i) for i in range(4) for P in "Wb"))]


def draw_graph(widths, tie=False, skip=False):
    """Figure 1 of the note: x → n⁽⁰⁾ → … → n⁽ᵏ⁾ → L; widths are those of x and of the k + 1 layers.

    tie:   the layers 1 and 2 share their parameters.   skip:   n⁽¹⁾ is added to the output of layer 2.
    """
    k = len(widths) - 2
    change = "layer 1 used twice" if tie else "a skip connection" if skip else f"k = {k}"
    figure, ax = sheet(WIDTH, 288, f"The graph of a network {' → '.join(map(str, widths))}: {change}")
    places = _places(k, tie)
    left, right = places["n", 0][0] - 52, places["n", k][0] + 52
    ax.add_artist(Rectangle((left, 40), right - left, 238, fc=PALE, ec="none", label="network"))
    ax.text(left + 8, 56, "the network", size=LABEL, color="C5")
    for i, (N, M) in enumerate(pairwise(widths)):
        up, to = raised(f"({i})"), name(("n", i - 1))
        carried = f"D{up}W{up}" if skip and i == 2 else f"dn{up}/d{to}"
        _arrow(ax, places["n", i - 1], places["n", i], carried, f"({M}, {N})")
        _arrow(ax, places["θ", i], places["n", i], marked=tie and i in (1, 2))
    _arrow(ax, places["n", k], places["L", 0], f"dL/dn{raised(f'({k})')}", f"(1, {widths[-1]})")
    _arrow(ax, places["y", 0], places["L", 0])
    if skip:
        _bow(ax, places, marked=True, shape=f"({widths[2]}, {widths[2]})")
    for (letter, i), place in places.items():
        if tie and (letter, i) == ("θ", 2):
            continue
        text = letter if letter in "yL" else "x" if i < 0 else letter + raised(f"({i})")
        size = f"\n({widths[i + 1]}, 1)" if letter == "n" else ""
        small = 8 if len(size) > 7 else 8.8 if size else 10  # a shape such as (64, 1) has to fit into the circle
        node(ax, place, text + size, RADIUS, BLUE if letter == "n" and i >= 0 else "white", size=small)
        if letter == "θ":
            ax.text(place[0], place[1] + 42, f"W{raised(f'({i})')}, b{raised(f'({i})')}", size=LABEL, ha="center")
    chain = ", ".join(f"n of layer {i} with {width} numbers" for i, width in enumerate(widths[1:]))
    parameters = "The parameters θ of each layer have an arrow into that layer"
    if tie:
        parameters = "The parameters of layer 1 have two arrows, into layers 1 and 2; those of another layer have one"
    more = ""
    if skip:
        more = f" A second arrow leads from n of layer 1 to n of layer 2; it carries I, ({widths[2]}, {widths[2]})."
    return Picture(
        figure,
        f"A chain of arrows leads from x with {widths[0]} numbers to {chain}, and to the loss L. {parameters}, and the "
        f"label y has one into L. The derivatives on the chain have the shapes "
        f"{', '.join(f'({M}, {N})' for N, M in pairwise(widths))} and (1, {widths[-1]}).{more}",
    )


def draw_slopes(x, row):
    """A digit x (64, 1), its pixels from 0 to 1, beside dL/dx (1, 64): the slope of the loss in every pixel."""
    figure, ax = sheet(WIDTH, 412, "The digit, and how the loss changes with each of its pixels")
    ink, slopes, cell = np.round(16 * x.reshape(8, 8)), row.reshape(8, 8), 40
    steepest = i, j = np.unravel_index(np.abs(slopes).argmax(), slopes.shape)
    for A, left, title, digits in ((ink, 60, "ink, in sixteenths", 0), (slopes, 460, "dL/dx, row by row", 1)):
        ax.text(left + 4 * cell, 50, title, ha="center", weight="bold")
        for k in range(8):
            ax.text(left + (k + 0.5) * cell, 66, str(k + 1), size=8, color="C5", **MIDDLE)
            ax.text(left - 10, 74 + (k + 0.5) * cell, str(k + 1), size=8, color="C5", **MIDDLE)
        for at in np.ndindex(8, 8):
            corner = left + at[1] * cell, 74 + at[0] * cell
            strength = abs(A[at]) / np.abs(A).max()
            colour = "#6B6B6B" if A is ink else "#0072B2" if A[at] < 0 else "#B84F00"
            ax.add_artist(Rectangle(corner, cell, cell, fc=colour, alpha=0.55 * strength, ec="none"))
            text = entry(A[at], digits) if A[at] or A is slopes else ""
            middle = corner[0] + cell / 2, corner[1] + cell / 2
            ax.text(*middle, text, size=LABEL, label=f"{title}[{at[0]},{at[1]}]", **MIDDLE)
        ax.add_artist(Rectangle((left, 74), 8 * cell, 8 * cell, fill=False, ec="C5", lw=0.8))
        corner = left + j * cell, 74 + i * cell
        ax.add_artist(Rectangle(corner, cell, cell, fill=False, ec="C4", lw=2.5, label=f"{title}: steepest"))
    return Picture(
        figure,
        f"Left the ink of 8 × 8 pixels, in sixteenths; right the slope of the loss in each of them, from "
        f"{entry(slopes.min(), 1)} to {entry(slopes.max(), 1)}. The steepest is framed: the pixel in row {i + 1}, "
        f"column {j + 1} has {entry(ink[steepest])} sixteenths of ink and the slope {entry(slopes[steepest], 1)}.",
    )


def draw_paths(layers, x, y, loss, by, tie=False, skip=False):
    """The paths from a node to the loss, marked in the graph, and under it their terms, factor by factor.

    layers:  four, the middle two from R³ to R³; x, y columns.   by:  a node, such as ("W", 1); see `paths`.
    tie, skip:  see `draw_graph`. With a tie, layer 2 has no parameters of its own: those of layer 1 are taken.
    """
    by = (by[0], 1) if tie and by in (("W", 2), ("b", 2)) else by
    graph = arrows(layers, x, y, loss, tie, skip)
    found = paths(graph, by)
    lit = {arrow[:3] for path in found for arrow in path}
    terms = [gradient(path) for path in found]
    count = f"{len(found)} path{'s' * (len(found) > 1)}"
    figure, ax = sheet(WIDTH, 656, f"dL/d{name(by)}: {count} back from L")

    k = len(layers) - 1
    places = _places(k, tie)
    for step in graph:
        marked = step[:3] in lit
        if step.name == "I":
            _bow(ax, places, marked, step.shape)
        elif step.tail[0] in "Wb":
            if step.tail[0] == (by[0] if by[0] in "Wb" else "W"):
                tail = places["θ", step.tail[1]]
                _arrow(ax, tail, places[step.head], marked=marked)
        else:
            _arrow(ax, places[step.tail], places[step.head], step.name, step.shape, marked)
    _arrow(ax, places["y", 0], places["L", 0])
    for (letter, i), place in places.items():
        if tie and (letter, i) == ("θ", 2):
            continue
        chosen = by == (letter, i) or (letter == "θ" and by[0] in "Wb" and by[1] == i)
        text = letter if letter in "yL" else name(by if chosen else (letter, i))
        node(ax, place, text, RADIUS, ORANGE if chosen else "white", width=3 if chosen else 1.5)

    for t, path in enumerate(found):
        first = f"dL/d{name(by)} =" if t == 0 else "+"
        columns = ["<12", *["^15"] * len(path)]
        names = [step.name + (" ·" if step is not path[-1] else "") for step in path]
        write_line(ax, 20, 284 + 42 * t, [first, *names], columns, weight="bold", label=f"term {t + 1}")
        write_line(ax, 20, 301 + 42 * t, ["", *(step.shape for step in path)], columns, label=f"shapes {t + 1}")

    total, cell = sum(terms), 44
    M, N = total.shape
    parts = [(f"term {t + 1}", term) for t, term in enumerate(terms)] if len(terms) > 1 else []
    left = 48
    which = "Each term" if parts else "The term"
    ax.text(20, 424, f"{which}, transposed, in the shape ({M}, {N}) of {name(by)}:", weight="bold")
    for title, A in [*parts, ("sum" if parts else "term 1", total)]:
        # The rows are numbered once: every further text costs a millisecond.
        draw_matrix(ax, A, left, 470, name=title, cell=cell, row_labels=[""] * M if left > 48 else None)
        left += N * cell
        if title != "sum" and parts:
            ax.text(left + 24, 470 + M * cell / 2, "=" if title == parts[-1][0] else "+", size=14, **MIDDLE)
        left += 48
    factors = "; ".join(" · ".join(f"{step.name} {step.shape}" for step in path) for path in found)
    numbers = f"Transposed, it is {_rows(total)}."
    if parts:
        sizes = ", ".join(entry(np.abs(term).max()) for term in terms)
        numbers = f"Transposed, the sum is {_rows(total)}; the largest entries of the terms have the size {sizes}."
    return Picture(
        figure,
        f"{count.capitalize()} lead{'s' * (len(found) == 1)} back from L to {name(by)}: {factors}. {numbers}",
    )


def _places(k, tie):
    """Where the nodes stand: ("n", i) with -1 for x, ("θ", i), ("y", 0) and ("L", 0)."""
    step = (WIDTH - 2 * 56) / (k + 2)
    across = {("n", i): 56 + step * (i + 1) for i in range(-1, k + 1)}
    places = {node: (at, AXIS) for node, at in across.items()}
    shared = (across["n", 1] + across["n", 2]) / 2 if tie else None
    for i in range(k + 1):
        places["θ", i] = (shared if tie and i in (1, 2) else across["n", i], BELOW)
    return places | {("L", 0): (WIDTH - 56, AXIS), ("y", 0): (WIDTH - 56, BELOW)}


def _arrow(ax, tail, head, above="", under="", marked=False):
    """An arrow between two nodes, with what it carries above it and the shape of that under it."""
    edge(ax, tail, head, reach=ROUND, **(MARKED if marked else PLAIN))
    x, y = (tail[0] + head[0]) / 2, (tail[1] + head[1]) / 2
    weight = "bold" if marked else "normal"
    ax.text(x, y - 8, above, size=LABEL, ha="center", va="bottom", weight=weight)
    ax.text(x, y + 9, under, size=TINY, ha="center", va="top", color="C5")


def _bow(ax, places, marked, shape):
    """The skip: an arrow in a bow from n⁽¹⁾ over to n⁽²⁾, with its factor I."""
    (x, y), (to, _) = places["n", 1], places["n", 2]
    edge(ax, (x + 16, y - 20), (to - 16, y - 20), bow=-0.45, **(MARKED if marked else PLAIN))
    ax.text(
        (x + to) / 2, y - 62, f"I {shape}", size=LABEL, ha="center", va="bottom", weight="bold" if marked else "normal"
    )


def _rows(A):
    return "; ".join(f"({entries(row)})" for row in A)
