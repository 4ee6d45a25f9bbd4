"""Pictures of lesson 06: a graph of five numbers, a digit, Jacobians that lock or clash, the cost of a bracketing."""

import math
from typing import NamedTuple

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Polygon

from helpers.drawing.matrices import BLUES, GREYS, ORANGES, draw_matrix, draw_pixels, entry
from helpers.drawing.picture import Picture
from helpers.drawing.scripts import lowered
from helpers.drawing.sheet import BLUE, GREEN, MIDDLE, NOTE, ORANGE, edge, node, sheet
from helpers.numerical import numerical_jacobian

AT = {"x₁": (116, 110), "x₂": (116, 290), "v₁": (440, 110), "v₂": (440, 290), "f": (664, 200)}  # of the five numbers
FORMULAS = {"v₁": "x₁x₂", "v₂": "x₁ + x₂", "f": "v₁v₂"}
FILLS = (BLUE, ORANGE, GREEN)  # of the blocks; each also carries its name
CELL = 42
MARKED = {"color": "C1", "weight": "bold"}
TAB, HALF = 10, 8  # how far a tab reaches out of its block, and half its height


def draw_five_numbers(x1, x2):
    """The graph of v₁ = x₁x₂, v₂ = x₁ + x₂ and f = v₁v₂, walked forward and back.

    Over an arrow stands the value that goes forward, under it the local slope times the upstream of the arrow's head:
    the share that comes back. Beside a node stands its upstream u, the sum of the shares that have arrived.
    """
    v1, v2 = x1 * x2, x1 + x2
    value = {"x₁": x1, "x₂": x2, "v₁": v1, "v₂": v2, "f": v1 * v2}
    slopes = {("v₁", "f"): v2, ("v₂", "f"): v1, ("x₁", "v₁"): x2, ("x₂", "v₁"): x1, ("x₁", "v₂"): 1, ("x₂", "v₂"): 1}
    u, sums = {"f": 1}, {"f": "1"}
    for name in ("v₁", "v₂", "x₁", "x₂"):
        shares = [slope * u[head] for (tail, head), slope in slopes.items() if tail == name]
        u[name], sums[name] = sum(shares), entry(sum(shares))
        if len(shares) > 1:
            sums[name] = f"{' + '.join(map(_bracketed, shares))} = {sums[name]}"

    figure, ax = sheet(800, 390, "Five numbers: the values go forward, the shares come back")
    ax.text(20, 368, "over an arrow: the value", color="C0", va="center_baseline")
    ax.text(210, 368, "under it: local slope · u = share", color="C1", va="center_baseline")
    ax.text(470, 368, "u: the upstream, the sum of the shares", weight="bold", va="center_baseline")
    for (tail, head), slope in slopes.items():
        share = f"{entry(slope)} · {_bracketed(u[head])} = {entry(slope * u[head])}"
        place = 0.5 if head == "f" else 0.6 if tail[1] == head[1] else 0.26  # two arrows cross in their middles
        edge(ax, AT[tail], AT[head], entry(value[tail]), share, 32, place=place, label=f"{tail} to {head}")
    for name, (x, y) in AT.items():
        node(ax, (x, y), f"{name}\n{FORMULAS[name]}" if name in FORMULAS else name, 30, BLUE, size=NOTE)
        over = name in ("x₁", "v₁", "f")
        end = f"{name} = {entry(value[name])},  " if name in ("x₁", "x₂", "f") else ""
        ax.text(x, y - 44 if over else y + 44, f"{end}u = {sums[name]}", weight="bold", ha="center",
                va="center_baseline", label=f"u of {name}")  # fmt: skip
    values = ", ".join(f"{name} = {entry(number)}" for name, number in value.items())
    sent = "; ".join(
        f"{head} sends {entry(slope)} times {entry(u[head])} to {tail}" for (tail, head), slope in slopes.items()
    )
    total = ", ".join(f"{sums[name]} at {name}" for name in ("x₁", "x₂"))
    return Picture(figure, f"Forward: {values}. Back, from u = 1 at f: {sent}. The shares add up to u: {total}.")


def _bracketed(number):
    """A number as a factor or a later term: a negative one in brackets."""
    return f"({entry(number)})" if number < 0 else entry(number)


def draw_ink(digit, row, moved):
    """A digit (64, 1), the slopes of a probability in its pixels (1, 64), and the digit after a step along them."""
    figure, ax = sheet(800, 296, "Which pixels should get more ink, and which less")
    slopes, cell, largest = row.ravel(), 25, np.abs(row).max()
    sized = np.round(8 * np.abs(slopes) / largest).astype(int)
    for left, title, ink in ((30, "the digit", digit), (570, "after the step", moved)):
        ax.text(left + 4 * cell, 54, title, ha="center", weight="bold")
        draw_pixels(ax, np.round(8 * ink.ravel()).astype(int), left, 66, cell, GREYS, f"{title}: shade")
    ax.text(300 + 4 * cell, 54, "the slopes", ha="center", weight="bold")
    for colours, chosen, name in ((ORANGES, slopes >= 0, "more"), (BLUES, slopes < 0, "less")):
        draw_pixels(ax, np.where(chosen, sized, -1), 300, 66, cell, colours, f"{name}: shade")
    for k in np.flatnonzero(sized >= 3):  # never colour alone
        at = 300 + (k % 8 + 0.5) * cell, 66 + (k // 8 + 0.5) * cell
        ax.text(*at, "+" if slopes[k] > 0 else "\N{MINUS SIGN}", weight="bold", label=f"sign {k}",
                color="white" if sized[k] > 5 else "C4", **MIDDLE)  # fmt: skip
    ax.text(300 + 4 * cell, 284, "+ orange: more ink, − blue: less ink", size=NOTE, ha="center")
    up, down = int(slopes.argmax()), int(slopes.argmin())
    return Picture(
        figure,
        f"Three times 8 × 8 pixels. In the middle the slopes, darker where they are larger: the steepest rise is "
        f"{entry(slopes[up])}, in row {up // 8 + 1}, column {up % 8 + 1}, and the steepest fall {entry(slopes[down])}, "
        f"in row {down // 8 + 1}, column {down % 8 + 1}. The largest move of a pixel in the "
        f"step is {entry(np.abs(moved - digit).max())}.",
    )


def _draw_blocks(ax, factors, names, fills, notes, middle):
    """Matrices (M, N) as blocks: M tabs at the left, N sockets at the right; returns the joints k | k + 1 that clash.

    notes: lines of text below each block; middle: the height on the sheet of the blocks' middles.
    """
    shapes = [np.shape(factor) for factor in factors]
    clashes = [k for k in range(len(shapes) - 1) if shapes[k][1] != shapes[k + 1][0]]
    widths = [max(2, columns) * CELL + 38 for _, columns in shapes]
    gap, tallest = 40, max(max(shape) for shape in shapes) * CELL + 14
    left = (ax.get_xlim()[1] - sum(widths) - gap * len(clashes)) / 2
    crosses = []
    for k, (factor, (rows, columns)) in enumerate(zip(factors, shapes, strict=True)):
        right, height = left + widths[k], max(rows, columns) * CELL + 14
        outline = _outline(left, right, middle, height, rows, columns)
        ax.add_patch(Polygon(outline, fc=fills[k], ec="C4", lw=1.6, label=names[k]))
        centre = left + 14 + max(2, columns) * CELL / 2
        draw_matrix(ax, factor, centre - columns * CELL / 2, middle - rows * CELL / 2, name=names[k], title="",
                    cell=CELL, row_labels=[""] * rows, column_labels=[""] * columns)  # fmt: skip
        ax.text(centre, middle - tallest / 2 - 12, f"{names[k]} ({rows}, {columns})", ha="center", weight="bold")
        for line, text in enumerate(notes[k]):
            style = MARKED if "clash" in text else {}
            ax.text(centre, middle + tallest / 2 + 22 + 19 * line, text, size=NOTE, ha="center", **style)
        if k < len(shapes) - 1:
            joint, style = (right + (gap - TAB) / 2, MARKED) if k in clashes else (right, {})
            ax.text(joint, middle - tallest / 2 - 38, _meets(factors, k), size=NOTE, ha="center", **style)
            if k in clashes:
                crosses.append(joint)
        left = right + (gap if k in clashes else 0)
    ax.plot(crosses, [middle] * len(crosses), "x", color="C1", ms=13, mew=3, label="clash")
    return clashes


def _meets(factors, k):
    """The sizes that meet between the factors k and k + 1: "4 = 4" where they fit, "4 ≠ 3" where they clash."""
    inner, outer = np.shape(factors[k])[1], np.shape(factors[k + 1])[0]
    return f"{inner} {'=' if inner == outer else '≠'} {outer}"


def _outline(left, right, middle, height, rows, columns):
    """The corners of a rectangle with `columns` sockets in its right edge and `rows` tabs on its left one."""
    top, bottom = middle - height / 2, middle + height / 2
    corners = [(left, top), (right, top)]
    for k in range(columns):
        y = middle + (k - (columns - 1) / 2) * CELL
        corners += [(right, y - HALF), (right - TAB, y - HALF), (right - TAB, y + HALF), (right, y + HALF)]
    corners += [(right, bottom), (left, bottom)]
    for k in reversed(range(rows)):
        y = middle + (k - (rows - 1) / 2) * CELL
        corners += [(left, y + HALF), (left - TAB, y + HALF), (left - TAB, y - HALF), (left, y - HALF)]
    return corners


class Chain(NamedTuple):
    """Three maps a, b, c of y = a(b(c(x))): for each its value and its Jacobian at a column; and the point x."""

    x: np.ndarray
    maps: dict


CHAINS = {
    "3 → 2 → 4 → 2": Chain(
        np.array([[1.0], [-0.5], [0.8]]),
        {
            "a": (
                lambda w: np.vstack([w[0] * w[3], w[1] + w[2] ** 2]),
                lambda w: np.array([[w[3], 0, 0, w[0]], [0, 1, 2 * w[2], 0]]),
            ),
            "b": (
                lambda u: np.vstack([u[0] ** 2, u[0] * u[1], np.sin(u[1]), u[0]]),
                lambda u: np.array([[2 * u[0], 0], [u[1], u[0]], [0, math.cos(u[1])], [1, 0]]),
            ),
            "c": (
                lambda x: np.vstack([x[0] * x[1], x[1] + x[2] ** 2]),
                lambda x: np.array([[x[1], x[0], 0], [0, 1, 2 * x[2]]]),
            ),
        },
    ),
    "2 → 2 → 2 → 2": Chain(
        np.array([[1.0], [-0.5]]),
        {
            "a": (
                lambda w: np.vstack([w[0] * w[1], w[1] - w[0] ** 2]),
                lambda w: np.array([[w[1], w[0]], [-2 * w[0], 1]]),
            ),
            "b": (
                lambda u: np.vstack([u[0] + u[1] ** 2, np.sin(u[0])]),
                lambda u: np.array([[1, 2 * u[1]], [math.cos(u[0]), 0]]),
            ),
            "c": (
                lambda x: np.vstack([x[0] * x[1], x[0] + x[1]]),
                lambda x: np.array([[x[1], x[0]], [1, 1]]),
            ),
        },
    ),
}
ORDERS = ("dc db da", "dc da db", "db dc da", "db da dc", "da dc db", "da db dc")
POINTS = ("x", "c(x)", "b(c(x))")


def draw_product(widths, order, at_a, at_b, at_c):
    """Three Jacobian blocks in a chosen order and at chosen points: what locks, what clashes, how far off it is.

    widths: a key of CHAINS; order: one of ORDERS; at_a, at_b, at_c: where da, db and dc are taken, of POINTS.
    """
    x, maps = CHAINS[widths]
    u = maps["c"][0](x)
    values = dict(zip(POINTS, (x, u, maps["b"][0](u)), strict=True))
    takes = {"a": len(values["b(c(x))"]), "b": len(u), "c": len(x)}
    gives = {"a": len(maps["a"][0](values["b(c(x))"])), "b": takes["a"], "c": takes["b"]}
    chosen, factors, notes, fills, misfits = {"a": at_a, "b": at_b, "c": at_c}, [], [], [], []
    names = order.split()
    for _, letter in names:
        point, size = chosen[letter], len(values[chosen[letter]])
        if fits := size == takes[letter]:
            factors.append(maps[letter][1](values[point].ravel()))
        else:
            factors.append(np.full((gives[letter], takes[letter]), "?", dtype=object))
            misfits.append(f"{letter} takes {takes[letter]} numbers and {point} has {size}")
        verdict = f"takes {takes[letter]}: fits" if fits else f"takes {takes[letter]}: clash"
        notes.append((f"at {point}", f"{size} numbers", verdict))
        fills.append(FILLS["abc".index(letter)])
    figure, ax = sheet(840, 520, f"The factors {order}, for the widths {widths}")
    clashes = _draw_blocks(ax, factors, names, fills, notes, 184)
    truth = numerical_jacobian(lambda x: maps["a"][0](maps["b"][0](maps["c"][0](x))), x)
    said = [f"{names[k]} meets {names[k + 1]} with {_meets(factors, k)}" for k in clashes] + misfits
    product = None if said else factors[0] @ factors[1] @ factors[2]
    verdict = _draw_verdict(ax, product, truth, len(clashes), len(misfits))
    placed = ", ".join(f"d{letter} at {point}" for letter, point in chosen.items())
    problems = f"What clashes: {'; '.join(said)}." if said else "All shapes fit."
    return Picture(figure, f"The order {order}, with {placed}. {problems} {verdict}")


def _draw_verdict(ax, product, truth, clashes, misfits):
    """The product beside the measured Jacobian, and the distance between them, also as a sentence."""
    style = {"cell": 52, "row_labels": ["", ""], "column_labels": [""] * truth.shape[1]}
    draw_matrix(ax, truth, 330, 396, name="measured", title=f"measured {truth.shape}", **style)
    if product is None:
        lines = [f"{clashes} of 2 joints clash", f"{misfits} of 3 points clash", "no product"]
        verdict = "There is no product."
    else:
        draw_matrix(ax, product, 90, 396, name="product", title=f"product {product.shape}", **style)
        gap = float(np.abs(product - truth).max())
        right = gap < 1e-12
        lines = ["all shapes fit", "largest difference:", "0: it is the derivative" if right else f"{gap:.2f}"]
        verdict = "It is the derivative." if right else f"The product is off by {gap:.2f} in its worst entry."
    for k, line in enumerate(lines):
        ax.text(560, 424 + 28 * k, line, size=11.5, weight="bold" if k == 2 else "normal", va="center_baseline")
    return verdict


def draw_bracketings(widths):
    """Every way to bracket the product Jₖ … J₀, as bars of its multiplications.

    widths: n₀, …, nₖ₊₁, from the input to the output; Jᵢ has the shape (nᵢ₊₁, nᵢ).
    """
    costs = sorted(bracketings(widths, len(widths) - 2, 0), key=lambda pair: pair[1])
    texts, counts = zip(*costs, strict=True)
    height = 0.9 + 0.42 * len(costs)
    figure = Figure(figsize=(8, height))
    figure.suptitle(f"{len(costs)} bracketings for the widths {' → '.join(map(str, widths))}", y=1 - 0.15 / height)
    ax = figure.add_axes((0.22, 0.5 / height, 0.74, 1 - 0.9 / height), xlim=(0, 1.25 * counts[-1]))
    bars = ax.barh(texts, counts, height=0.65, color=["C2"] + ["C0"] * (len(costs) - 1))
    words = ax.bar_label(bars, [f"{counts[0]:,}, the least", *(f"{count:,}" for count in counts[1:])], padding=6)
    words[0].set_weight("bold")
    ax.set(xlabel="multiplications", ylim=(len(costs) - 0.4, -0.6))  # the least on top
    ax.xaxis.set_major_formatter("{x:,.0f}")
    ax.tick_params(axis="y", labelsize=10, length=0)
    ax.grid(visible=False, axis="y")
    listed = ", ".join(f"{text} takes {count:,}" for text, count in costs)
    return Picture(figure, f"{listed}. The last is {counts[-1] / counts[0]:.0f} times the first.")


def bracketings(widths, last, first):
    """[(text, multiplications)] of every way to multiply J_last … J_first; (m, n)(n, p) takes m·n·p."""
    if last == first:
        return [(f"J{lowered(first)}", 0)]
    found = []
    for cut in range(first, last):
        own = widths[last + 1] * widths[cut + 1] * widths[first]
        for left, left_cost in bracketings(widths, last, cut + 1):
            for right, right_cost in bracketings(widths, cut, first):
                parts = [f"({part})" if " " in part else part for part in (left, right)]
                found.append((" ".join(parts), left_cost + right_cost + own))
    return found
