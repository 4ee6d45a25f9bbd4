"""Pictures of lesson 05: paths with their factors, the paths of a pixel, and contributions that add up."""

import math
from typing import NamedTuple

import numpy as np
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from helpers.drawing.matrices import GREYS, draw_pixels, entry
from helpers.drawing.picture import Picture
from helpers.drawing.sheet import BLUE, GREEN, NOTE, ORANGE, arrow, node, sheet

STYLES = (("C0", "-"), ("C1", "--"), ("C2", ":"))  # of the paths, in their order
TINTS = (BLUE, ORANGE, GREEN)
END = 3.0  # the exploration shows 0 <= t <= END
RADIUS = 21  # of a node


def draw_paths(between, inner, outer, end="f"):
    """The graph t -> v_1, ..., v_N -> f with a factor on each edge, the product along each path and their sum.

    between: the names of the N quantities in between; "t" itself is the direct path.
    inner:   the N slopes dv_j/dt.   outer: the N slopes ∂f/∂v_j.   end: the name of the result.
    """
    rows = [112 + 84 * j for j in range(len(between))]
    figure, ax = sheet(820, rows[-1] + 84, f"From t to {end}: multiply along a path, add the paths")
    t, result = (60, sum(rows) / len(rows)), (500, sum(rows) / len(rows))
    for x, head in ((170, "slope in t"), (390, f"slope of {end}"), (690, "product along the path")):
        ax.text(x, 62, head, size=NOTE, color="C5", ha="center")
    products = [a * b for a, b in zip(outer, inner, strict=True)]
    for j, (name, y) in enumerate(zip(between, rows, strict=True)):
        color = STYLES[j % len(STYLES)][0]
        for start, stop, factor in ((t, (280, y), inner[j]), ((280, y), result, outer[j])):
            _edge(ax, start, stop, j)
            middle = (start[0] + stop[0]) / 2, (start[1] + stop[1]) / 2
            ax.text(
                *middle,
                entry(factor),
                ha="center",
                va="center_baseline",
                bbox={"fc": "white", "ec": color, "lw": 0.8, "boxstyle": "round,pad=0.35"},
            )
        _node(ax, (280, y), name, color)
        ax.text(780, y, f"{_times(outer[j], inner[j])} = {entry(products[j])}", ha="right", va="center_baseline")
    _node(ax, t, "t")
    _node(ax, result, end)
    total = sum(products)
    ax.plot([590, 784], [rows[-1] + 34] * 2, "C4", lw=1.2)
    ax.text(780, rows[-1] + 60, f"sum: d{end}/dt = {entry(total)}", ha="right", weight="bold")
    told = "; ".join(
        f"{'directly' if name == 't' else f'through {name}'}, {entry(outer[j])} times {entry(inner[j])} is "
        f"{entry(products[j])}"
        for j, name in enumerate(between)
    )
    return Picture(
        figure,
        f"{len(between)} paths lead from t to {end}: {told}. Their sum, {entry(total)}, is the slope d{end}/dt.",
    )


def draw_unit_paths(x, pixel, parts, digits):
    """A digit x (64, 1) with a pixel (from 0) framed, and what each unit brings from it to the scores of some digits.

    parts: (10, N), part (k, j) is what the path through unit j + 1 contributes to the slope of score k.
    """
    N, row, column = parts.shape[1], pixel // 8 + 1, pixel % 8 + 1
    figure, ax = sheet(860, 70 + 185 * len(digits), f"From one pixel to a score: {N} paths")
    shades, top = np.rint(8 * x.ravel()).astype(int), 70 + 92 * (len(digits) - 1)
    draw_pixels(ax, shades, 30, top, 20, GREYS, "x: shade", lw=0.5)
    ax.add_artist(Rectangle((30 + 20 * column - 20, top + 20 * row - 20), 20, 20, fill=False, ec="C1", lw=3, label="t"))
    ax.text(110, top - 14, f"row {row}, column {column}: t = {entry(x[pixel, 0])}", ha="center", color="C1")
    reach, said, height = 1.25 * np.abs(parts[list(digits)]).max(), [], 70 + 185 * len(digits)
    for panel, digit in enumerate(digits):
        contributions, total = parts[digit], parts[digit].sum()
        bars = figure.add_axes((0.31, 1 - (190 + 185 * panel) / height, 0.66, 125 / height))
        for up, color, fill in ((True, "C0", BLUE), (False, "C1", ORANGE)):
            places = [j for j in range(N) if (contributions[j] > 0) == up]
            bars.bar([j + 1 for j in places], contributions[places], 0.8, fc=fill, ec=color, lw=1.2, label=f"_{digit}")
        bars.axhline(0, color="C4", lw=1)
        rising = int((contributions > 0).sum())
        largest = contributions[np.abs(contributions).argmax()]
        title = f"score of the {digit}: {rising} paths raise it, {N - rising} lower it; sum {entry(total)}"
        bars.set(xlim=(0.2, N + 0.8), ylim=(-reach, reach), ylabel="∂f/∂v · dv/dt", title=title)
        bars.set_xticks([1, *range(4, N + 1, 4)])
        said.append(
            f"{rising} of {N} paths raise the score of the {digit}, the largest part in size is {entry(largest)}, "
            f"and the sum is {entry(total)}"
        )
    bars.set_xlabel("unit j")
    return Picture(
        figure,
        f"The picture, with the pixel in row {row} and column {column} framed, and a bar for each unit that the pixel "
        f"reaches: {'; '.join(said)}.",
    )


def _edge(ax, start, stop, path):
    """An arrow of the path of that number from the edge of one node to the edge of another."""
    color, style = STYLES[path % len(STYLES)]
    share = (RADIUS + 2) / math.dist(start, stop)
    tail, neck, tip = (
        tuple(a + s * (b - a) for a, b in zip(start, stop, strict=True)) for s in (share, 1 - 1.5 * share, 1 - share)
    )
    arrow(ax, tail, tip, color, 2, ls=style, arrowstyle="-", label=f"path {path + 1}")
    arrow(ax, neck, tip, color, 2)  # by itself, because a dash would tear the head


def _node(ax, at, name, color="C4"):
    node(ax, at, name, RADIUS, color=color, width=2, size=11)


# --- the exploration ------------------------------------------------------------------------------------------


class Example(NamedTuple):
    """A result that t reaches by several paths: values and slopes of what lies in between, and the slopes of f."""

    formula: str
    between: tuple  # names; "t" is the direct path
    v: object  # t -> values
    dv: object  # t -> slopes in t
    f: object  # values -> number
    df: object  # values -> slopes in each


EXAMPLES = {
    "thermometer": Example(
        "f = 8 − 6.5 v₁ + 0.2 v₃ + v₂v₃/180",
        ("v₁", "v₂", "v₃"),
        lambda t: (0.2 + 0.1 * t * t, 5 * t - t * t / 4, 20 + 10 * t - t * t),
        lambda t: (0.2 * t, 5 - t / 2, 10 - 2 * t),
        lambda a, b, c: 8 - 6.5 * a + 0.2 * c + b * c / 180,
        lambda a, b, c: (-6.5, c / 180, 0.2 + b / 180),
    ),
    "t · v": Example(
        "f = t · v with v = t²",
        ("t", "v"),
        lambda t: (t, t * t),
        lambda t: (1.0, 2 * t),
        lambda t, v: t * v,
        lambda t, v: (v, t),
    ),
    "circle": Example(
        "f = v₁² + v₂² with v = (2 cos t, 2 sin t)",
        ("v₁", "v₂"),
        lambda t: (2 * math.cos(t), 2 * math.sin(t)),
        lambda t: (-2 * math.sin(t), 2 * math.cos(t)),
        lambda a, b: a * a + b * b,
        lambda a, b: (2 * a, 2 * b),
    ),
    "three factors": Example(
        "f = v₁v₂v₃ with v = (sin t, cos t, 1 + t/2)",
        ("v₁", "v₂", "v₃"),
        lambda t: (math.sin(t), math.cos(t), 1 + t / 2),
        lambda t: (math.cos(t), -math.sin(t), 0.5),
        lambda a, b, c: a * b * c,
        lambda a, b, c: (b * c, a * c, a * b),
    ),
}
WHITE = {"fc": "white", "ec": "none", "pad": 0.5}  # behind a number, so that no line runs through it
GRID = [END * k / 60 for k in range(61)]


def draw_contributions(which, t):
    """The curve f(v(t)) with its tangent, and beside it the paths' contributions stacked up to the slope.

    which: a key of EXAMPLES.   t: a number in [0, END]. Both panels have the same vertical scale.
    """
    example = EXAMPLES[which]
    outer, inner = example.df(*example.v(t)), example.dv(t)
    terms, value = [a * b for a, b in zip(outer, inner, strict=True)], example.f(*example.v(t))
    heights = [example.f(*example.v(s)) for s in GRID]
    levels = [level for s in GRID for level in _levels(example, s)]
    reach = 1.24 * max(max(heights) - min(heights), max(levels) - min(levels))
    figure = Figure(figsize=(8.6, 5))
    figure.suptitle(f"{example.formula},  at t = {entry(t)}")
    curve, stack = figure.add_axes((0.08, 0.27, 0.39, 0.58)), figure.add_axes((0.57, 0.27, 0.39, 0.58))
    _draw_curve(curve, heights, t, value, sum(terms), reach)
    _draw_stack(stack, example.between, terms, reach)
    for ax, middle in ((curve, (max(heights) + min(heights)) / 2), (stack, (max(levels) + min(levels)) / 2)):
        ax.set_ylim(middle - reach / 2, middle + reach / 2)
    figure.text(0.08, 0.12, f"value f = {entry(value)}")
    figure.text(0.08, 0.07, f"slope df/dt = {entry(sum(terms))}", weight="bold")
    for line, (name, a, b, term) in enumerate(zip(example.between, outer, inner, terms, strict=True)):
        where = "directly" if name == "t" else f"through {name}"
        figure.text(0.57, 0.12 - 0.045 * line, f"{where}:  {_times(a, b)} = {entry(term)}")
    told = [
        f"{entry(s)} {'directly' if name == 't' else f'through {name}'}"
        for name, s in zip(example.between, terms, strict=True)
    ]
    return Picture(
        figure,
        f"At t = {entry(t)} the paths contribute {', '.join(told[:-1])} and {told[-1]}. Each bar starts where "
        f"the one before ends, and the last one ends at {entry(sum(terms))}, the slope of the tangent. "
        f"f is {entry(value)}.",
    )


def _levels(example, t):
    """0 and the running sums of the contributions; the last one is the slope."""
    levels = [0.0]
    for outer, inner in zip(example.df(*example.v(t)), example.dv(t), strict=True):
        levels.append(levels[-1] + outer * inner)
    return levels


def _draw_curve(ax, heights, t, value, slope, reach):
    ax.plot(GRID, heights, "C0", lw=2.2, label="_f")
    ax.axline((t, value), slope=slope, color="C4", ls="--", label="_tangent")
    # A step of 1 towards the middle, so that it stays in the frame; its rise is the slope.
    run = 1 if t < END / 2 else -1
    foot, top = (t + run, value), (t + run, value + run * slope)
    ax.plot([t, t + run], [value, value], "C5", lw=1.2)
    _draw_upright(ax, *((foot, top) if run > 0 else (top, foot)), reach, width=3, label="_rise")
    up = run * slope >= 0  # from the level of the point to the tangent; the 1 stands on the other side of that level
    style = {"textcoords": "offset points", "bbox": WHITE, "zorder": 4}
    ax.annotate("1", (t + run / 2, value), (0, -3 if up else 3), ha="center", va="top" if up else "bottom", **style)
    if abs(slope) < 0.1 * reach:  # too short to have its number beside it
        style |= {"xytext": (0, 5 if up else -5), "ha": "center", "va": "bottom" if up else "top"}
        ax.annotate(entry(slope), top, weight="bold", **style)
    else:
        style |= {"xytext": (8 * run, 0), "ha": "left" if run > 0 else "right", "va": "center_baseline"}
        ax.annotate(entry(slope), (t + run, value + run * slope / 2), weight="bold", **style)
    ax.plot(t, value, "C0o")
    ax.set(xlim=(0, END), xticks=(0, 1, 2, 3), xlabel="t", ylabel="f(v(t))", title="the curve and its tangent")
    ax.locator_params("y", nbins=6)


def _draw_stack(ax, between, terms, reach):
    """Bars that start where the one before ends, and the sum from 0."""
    ax.axhline(0, color="C4", lw=1.2)
    level = 0.0
    for j, term in enumerate(terms):
        color, style = STYLES[j]
        ax.add_artist(
            Rectangle((j - 0.3, level), 0.6, term, fc=TINTS[j], ec=color, ls=style, lw=1.5, label=f"path {j + 1}")
        )
        _draw_bar_arrow(ax, j, level, term, reach, color)
        level += term
        ax.plot([j, j + 1.3], [level, level], ":", color="C5", lw=1)  # on to where the next one starts
    _draw_bar_arrow(ax, len(terms), 0.0, level, reach, width=3, label="_sum", weight="bold")
    names = [*("direct" if name == "t" else name for name in between), "sum"]
    ax.set(xlim=(-0.6, len(terms) + 0.6), xticks=range(len(names)), xticklabels=names, yticks=(0,), ylabel="df/dt")
    ax.set_title("contributions, end to end, same scale")
    ax.grid(visible=False)


def _draw_bar_arrow(ax, x, start, term, reach, color="C4", width=1.5, label="_path", weight="normal"):
    """The arrow of one term and, beyond its tip, its number: beyond the line at 0 too where it would stand on that."""
    _draw_upright(ax, (x, start), (x, start + term), reach, color, width, label)
    tip = start + term
    on_the_line = tip * term < 0 and abs(tip) < 0.1 * reach
    ax.annotate(
        entry(term),
        (x, 0 if on_the_line else tip),
        (0, 4 if term >= 0 else -4),
        textcoords="offset points",
        ha="center",
        va="bottom" if term >= 0 else "top",
        weight=weight,
        bbox=WHITE,
        zorder=4,
    )


def _draw_upright(ax, start, end, reach, color="C4", width=1.5, label=None):
    """An upright arrow in axes `reach` high. The head of a short one shrinks: else it would start before its start."""
    length = 200 * abs(end[1] - start[1]) / reach  # in points, nearly
    if length > 1:
        arrow(ax, start, end, color, min(width, length / 4), mutation_scale=min(12, 1.2 * length), label=label)


def _times(a, b):
    """A product as it is written: 0.2 · 4, −6.5 · (−1)."""
    second = entry(b)
    return f"{entry(a)} · ({second})" if second.startswith("\N{MINUS SIGN}") else f"{entry(a)} · {second}"
